//! How the wire's types are declared: each with serde's own readers and writers, as the journal and the documentation use them, and with the reader of
//! [`crate::json`], by which frames come in.
//!
//! That serde's reader and this one take the same texts for the same values is tested on every fixture and its mutations.

/// A word in JSON: `InACall` is `inACall`. Made when the crate is compiled.
macro_rules! camel {
    ($name:ident $(, $before:literal, $after:literal)?) => {{
        const NAME: &str = stringify!($name);
        const AROUND: [&str; 2] = {
            #[allow(unused_variables, reason = "the other way to give them")]
            let around = ["", ""];
            $(let around = [$before, $after];)?
            around
        };
        const BYTES: [u8; $crate::declare::camel_len(NAME) + AROUND[0].len() + AROUND[1].len()] =
            $crate::declare::camel_case(NAME, AROUND);
        const TEXT: &str = match std::str::from_utf8(&BYTES) {
            Ok(text) => text,
            Err(_) => panic!("identifiers are ASCII here"),
        };
        TEXT
    }};
}
pub(crate) use camel;

/// A field's name as it stands in JSON: `offer_id` is `"offerId":`, so that the reader compares once and has the quotes and the colon behind it.
macro_rules! field {
    ($name:ident) => {
        crate::declare::camel!($name, "\"", "\":")
    };
}
pub(crate) use field;

pub(crate) const fn camel_len(name: &str) -> usize {
    let (bytes, mut at, mut len) = (name.as_bytes(), 0, 0);
    while at < bytes.len() {
        len += (bytes[at] != b'_') as usize;
        at += 1;
    }
    len
}

pub(crate) const fn camel_case<const N: usize>(name: &str, [before, after]: [&str; 2]) -> [u8; N] {
    let mut made = [0; N];
    let mut to = put(&mut made, 0, before);
    let (bytes, mut at) = (name.as_bytes(), 0);
    while at < bytes.len() {
        if bytes[at] != b'_' {
            // Variants begin large, and words within a field's name.
            made[to] = match at {
                0 => bytes[at].to_ascii_lowercase(),
                _ if bytes[at - 1] == b'_' => bytes[at].to_ascii_uppercase(),
                _ => bytes[at],
            };
            to += 1;
        }
        at += 1;
    }
    put(&mut made, to, after);
    made
}

const fn put(made: &mut [u8], at: usize, text: &str) -> usize {
    let mut done = 0;
    while done < text.len() {
        made[at + done] = text.as_bytes()[done];
        done += 1;
    }
    at + done
}

/// Declares an enum of plain words: `InACall` is `inACall`.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(rename_all = "camelCase")]
        pub enum $name { $($(#[$vdoc])* $variant),* }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [$name] = &[$($name::$variant),*];

            /// The word, as it stands in JSON.
            pub const fn name(self) -> &'static str {
                match self { $($name::$variant => crate::declare::camel!($variant)),* }
            }
        }

        impl crate::read::Read for $name {
            fn read(from: &mut crate::json::Reader<'_>) -> Result<Self, crate::json::Wrong> {
                from.word(&[$(crate::declare::camel!($variant)),*]).map(|place| Self::ALL[place])
            }
        }
    };
}
pub(crate) use words;

/// Declares a struct that is an object. `= value` after a field's type is what it is where it is left out.
macro_rules! shape {
    ($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $field:ident : $type:ty $(= $default:expr)?),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(rename_all = "camelCase")]
        pub struct $name { $($(#[$fdoc])* pub $field: $type),* }

        impl crate::read::Read for $name {
            fn read(from: &mut crate::json::Reader<'_>) -> Result<Self, crate::json::Wrong> {
                crate::declare::fields!(from, [] $($field: $type $(= $default)?),*);
                Ok(Self { $($field),* })
            }
        }
    };
}
pub(crate) use shape;

/// Declares an enum that is an object told apart by its `type`. `Variant = "name"` names it; `by function` reads a variant by hand; `else Variant` takes what is
/// unknown; `besides Variant` is what reading by hand may make of others, and is never written.
macro_rules! tagged {
    (
        $(#[$doc:meta])* pub enum $Enum:ident {
            $($(#[$vdoc:meta])* $Variant:ident = $tag:literal $(by $read:ident)? $({ $($(#[$fattr:meta])* $field:ident : $type:ty $(= $default:expr)?),* $(,)? })?,)*
        }
        $(else $(#[$odoc:meta])* $Other:ident)?
        $(besides $(#[$bdoc:meta])* $Besides:ident { $($(#[$bfdoc:meta])* $bfield:ident : $btype:ty),* $(,)? })?
    ) => {
        $(#[$doc])*
        #[derive(serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(tag = "type", rename_all_fields = "camelCase")]
        pub enum $Enum {
            $($(#[$vdoc])* #[serde(rename = $tag)] $Variant $({ $($(#[$fattr])* $field: $type),* })?,)*
            $($(#[$odoc])* #[serde(rename = "unknown", other)] $Other,)?
            $($(#[$bdoc])* #[serde(skip)] $Besides { $($(#[$bfdoc])* $bfield: $btype),* },)?
        }

        impl crate::read::Read for $Enum {
            fn read(from: &mut crate::json::Reader<'_>) -> Result<Self, crate::json::Wrong> {
                match from.tag()?.as_ref() {
                    $($tag => crate::declare::tagged!(@read from $Variant $(by $read)? $({ $($field: $type $(= $default)?),* })?),)*
                    other => crate::declare::tagged!(@other from other $($Other)?),
                }
            }
        }
    };
    (@read $from:ident $Variant:ident by $read:ident $fields:tt) => {
        $read($from)
    };
    (@read $from:ident $Variant:ident) => {
        $from.pass().map(|()| Self::$Variant)
    };
    (@read $from:ident $Variant:ident { $($field:ident : $type:ty $(= $default:expr)?),* }) => {{
        crate::declare::fields!($from, ["type"] $($field: $type $(= $default)?),*);
        Ok(Self::$Variant { $($field),* })
    }};
    (@other $from:ident $tag:ident) => {
        Err($from.unknown($tag))
    };
    (@other $from:ident $tag:ident $Other:ident) => {{
        let _ = $tag;
        $from.pass().map(|()| Self::$Other)
    }};
}
pub(crate) use tagged;

/// Declares a struct that takes of an object only what its reader works with; the rest stays JSON, as `rest`. A field to `keep` is in there too, a field to `take`
/// is not.
macro_rules! lean {
    ($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $how:ident $field:ident : $type:ty $(= $default:expr)?),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq)]
        pub struct $name {
            $($(#[$fdoc])* pub $field: $type,)*
            /// All its members, but for those that are only fields here.
            pub rest: crate::lean::Members,
        }

        impl crate::read::Read for $name {
            fn read(from: &mut crate::json::Reader<'_>) -> Result<Self, crate::json::Wrong> {
                crate::declare::lean!(@members from, rest, [] $($how $field: $type $(= $default)?),*);
                Ok(Self { $($field,)* rest })
            }
        }
    };
    (@members $from:ident, $rest:ident, [$($passed:literal)?] $($how:ident $field:ident : $type:ty $(= $default:expr)?),*) => {
        const NAMES: &[&str] = &[$(concat!("\"", $passed, "\":"),)? $(crate::declare::field!($field)),*];
        #[allow(non_camel_case_types, dead_code, reason = "named as the fields are, to count them")]
        enum Place { $($field),* }
        const FIRST: usize = <[&str]>::len(&[$($passed)?]);
        const TAKEN: u64 = ((1 << FIRST) - 1) $(| (crate::declare::lean!(@$how) << (FIRST + Place::$field as usize)))*;
        let mut $rest = crate::lean::Members::default();
        $(let mut $field: Option<$type> = None;)*
        $from.keeping(NAMES, (TAKEN, &mut $rest), &mut |inner, place| {
            let _ = place;
            $(if place == FIRST + Place::$field as usize {
                $field = Some(crate::read::Read::read(inner)?);
                return Ok(());
            })*
            inner.skip()
        })?;
        $(let $field = crate::declare::fields!(@take $from $field $type $(= $default)?);)*
    };
    (@take) => { 1 };
    (@keep) => { 0 };
}
pub(crate) use lean;

/// Reads an object's fields into variables of their names. The names in brackets are passed over; they may stand there once, as the others.
macro_rules! fields {
    ($from:ident, [$($passed:literal)?] $($field:ident : $type:ty $(= $default:expr)?),*) => {
        const NAMES: &[&str] = &[$(concat!("\"", $passed, "\":"),)? $(crate::declare::field!($field)),*];
        $(let mut $field: Option<$type> = None;)*
        $from.object(NAMES, &mut |inner, place| {
            #[allow(non_camel_case_types, dead_code, reason = "named as the fields are, to count them")]
            enum Place { $($field),* }
            const FIRST: usize = <[&str]>::len(&[$($passed)?]);
            $(if place == FIRST + Place::$field as usize {
                $field = Some(crate::read::Read::read(inner)?);
                return Ok(());
            })*
            inner.skip()
        })?;
        $(let $field = crate::declare::fields!(@take $from $field $type $(= $default)?);)*
    };
    (@take $from:ident $field:ident $type:ty = $default:expr) => {
        $field.unwrap_or_else(|| $default)
    };
    (@take $from:ident $field:ident $type:ty) => {
        match $field.or_else(<$type as crate::read::Read>::absent) {
            Some(value) => value,
            None => return Err($from.missing(crate::declare::field!($field))),
        }
    };
}
pub(crate) use fields;

#[cfg(test)]
mod tests {
    use crate::json::Reader;
    use crate::read::Read;
    use crate::{Activity, ClientFrame, Command, QueueInfo, decode_client};

    fn read<T: Read>(text: &str) -> Result<T, String> {
        T::read(&mut Reader::new(text)).map_err(|wrong| wrong.to_string())
    }

    #[test]
    fn the_type_may_stand_anywhere_and_be_escaped() {
        let last: ClientFrame = read(r#" { "seq" : 7 , "type" : "ack" } "#).unwrap();
        assert_eq!(last, ClientFrame::Ack { seq: 7 });
        let escaped: ClientFrame = read(r#"{"type":"\u0061ck","seq":7}"#).unwrap();
        assert_eq!(escaped, ClientFrame::Ack { seq: 7 });
    }

    #[test]
    fn what_has_no_type_says_so() {
        assert_eq!(read::<ClientFrame>(r#"{"seq":7}"#).unwrap_err(), "`type` is missing, at byte 0");
        assert_eq!(read::<ClientFrame>(r#"{"type":7}"#).unwrap_err(), "`type` must be a text, at byte 8");
        for text in ["7", "null", "[]", r#""ack""#, ""] {
            let wrong = read::<ClientFrame>(text).unwrap_err();
            assert!(wrong.starts_with("must be an object"), "{text}: {wrong}");
        }
    }

    #[test]
    fn a_field_that_is_wrong_is_named_with_the_way_to_it() {
        let wrong = |text: &str| decode_client(text).unwrap_err().message;
        assert_eq!(
            wrong(r#"[{"type":"ack","seq":1},{"type":"hello","token":"t","client":{"version":"1"}}]"#),
            "`[1].client.name` is missing, at byte 76"
        );
        assert_eq!(
            wrong(r#"{"type":"ack","seq":1.5}"#),
            "`seq` must be a whole number from 0 to 2⁶⁴ - 1, at byte 23"
        );
        assert_eq!(wrong(r#"{"type":"ack","seq":1,"seq":1}"#), "`seq` stands there twice, at byte 28");
        assert_eq!(wrong(r#"{"type":"pong","n":1}x"#), "the text goes on after its end, at byte 21");
    }

    #[test]
    fn other_variants_fields_do_no_harm() {
        assert_eq!(read(r#"{"type":"signOut","offerId":["o1",{}]}"#), Ok(Command::SignOut));
    }

    #[test]
    fn every_word_is_read_as_it_is_written() {
        for &word in Activity::ALL {
            assert_eq!(read(&serde_json::to_string(&word).unwrap()), Ok(word));
        }
        for wrong in [r#""InACall""#, r#""incall""#, r#""""#] {
            let refused = read::<Activity>(wrong).unwrap_err();
            assert!(refused.contains("inACall"), "{refused}");
        }
        assert!(read::<Activity>("1").unwrap_err().starts_with("must be a text"));
    }

    #[test]
    fn a_struct_is_an_object() {
        let queue = read::<QueueInfo>(r#"{"queueId":"q1","name":"Sales","channels":["chat"],"new":[1]}"#);
        assert_eq!(queue.unwrap().name, "Sales");
        assert!(read::<QueueInfo>(r#"["q1","Sales",["chat"],[]]"#).is_err());
        assert!(read::<QueueInfo>(r#"{"queueId":"q1"}"#).unwrap_err().starts_with("`name` is missing"));
    }
}
