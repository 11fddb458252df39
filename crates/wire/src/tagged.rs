//! Enums that are JSON objects told apart by their `type`.
//!
//! serde's own way of reading these (`#[serde(tag = "type")]`) first copies the object into a tree of its own, and compiles every type within it a second time to read it from
//! there. In the browser that was two thirds of the WebAssembly. Here an object is read in one pass into one struct of all the fields that any variant has, and the variant
//! takes its own from it. So a field's name has one type in all variants of an enum; where history has it otherwise, it is kept as [`RawValue`] until the variant is known.

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

/// How a variant's field is filled from what was read under its name.
pub(crate) trait Fill<From>: Sized {
    fn fill<E: serde::de::Error>(from: From, name: &'static str) -> Result<Self, E>;
}

/// A field that may be left out, or has a default.
impl<T> Fill<T> for T {
    fn fill<E: serde::de::Error>(from: T, _name: &'static str) -> Result<Self, E> {
        Ok(from)
    }
}

/// A field that must be there.
impl<T> Fill<Option<T>> for T {
    fn fill<E: serde::de::Error>(from: Option<T>, name: &'static str) -> Result<Self, E> {
        from.ok_or_else(|| E::missing_field(name))
    }
}

/// A field whose type is known only now.
///
/// # Errors
/// What is wrong with it, or that it is missing.
pub(crate) fn late<T: DeserializeOwned, E: serde::de::Error>(
    from: Option<&RawValue>,
    name: &'static str,
) -> Result<T, E> {
    let text = from.ok_or_else(|| E::missing_field(name))?.get();
    serde_json::from_str(text).map_err(|error| E::custom(format_args!("{name}: {error}")))
}

/// Declares such an enum, and how it is read. `Variant = "name"` names its `type`; `by function` fills a variant by hand; `else Variant` takes what is unknown; `from
/// { … }` lists the fields of all variants, each once.
macro_rules! tagged {
    (
        $(#[$doc:meta])* pub enum $Enum:ident {
            $($(#[$vdoc:meta])* $Variant:ident = $tag:literal $(by $read:ident($($arg:ident),*))? $({ $($(#[$fattr:meta])* $field:ident : $type:ty),* $(,)? })?,)*
        }
        $(else $(#[$odoc:meta])* $Other:ident)?
        from { $($(#[$rattr:meta])* $read_name:literal $read_field:ident : $read_type:ty),* $(,)? }
    ) => {
        $(#[$doc])*
        #[derive(serde::Serialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(tag = "type", rename_all_fields = "camelCase")]
        pub enum $Enum {
            $($(#[$vdoc])* #[serde(rename = $tag)] $Variant $({ $($(#[$fattr])* $field: $type),* })?,)*
            $($(#[$odoc])* #[serde(rename = "unknown")] $Other,)?
        }

        const _: () = {
            /// The fields of all variants.
            #[derive(serde::Deserialize)]
            struct Fields<'a> {
                #[serde(rename = "type", borrow)]
                tag: std::borrow::Cow<'a, str>,
                $($(#[$rattr])* #[serde(rename = $read_name)] $read_field: $read_type),*
            }

            /// Their names on the wire, for errors.
            #[allow(non_upper_case_globals, dead_code, reason = "named as the fields are; not all are named in errors")]
            mod name {
                $(pub(super) const $read_field: &str = $read_name;)*
            }

            impl<'de> serde::Deserialize<'de> for $Enum {
                fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                    let read = Fields::deserialize(crate::read::FromObject(from))?;
                    match read.tag.as_ref() {
                        $($tag => crate::tagged::tagged!(@read read $Variant $(by $read($($arg),*))? $({ $($field),* })?),)*
                        other => crate::tagged::tagged!(@other other $($Other)?),
                    }
                }
            }
        };
    };
    (@read $from:ident $Variant:ident by $read:ident($($arg:ident),*) { $($field:ident),* }) => {
        $read($($from.$arg),*)
    };
    (@read $from:ident $Variant:ident) => { Ok(Self::$Variant) };
    (@read $from:ident $Variant:ident { $($field:ident),* }) => {
        Ok(Self::$Variant { $($field: crate::tagged::Fill::fill($from.$field, name::$field)?),* })
    };
    (@other $tag:ident) => {
        Err(serde::de::Error::custom(format_args!("{}`{}`", crate::tagged::UNKNOWN, $tag)))
    };
    (@other $tag:ident $Other:ident) => {{
        let _ = $tag;
        Ok(Self::$Other)
    }};
}
pub(crate) use tagged;

/// How the refusal of an unknown `type` begins.
pub(crate) const UNKNOWN: &str = "unknown type ";

#[cfg(test)]
mod tests {
    use crate::{ClientFrame, Command};

    #[test]
    fn the_type_may_stand_anywhere_and_be_escaped() {
        let last: ClientFrame = serde_json::from_str(r#" { "seq" : 7 , "type" : "ack" } "#).unwrap();
        assert_eq!(last, ClientFrame::Ack { seq: 7 });
        let escaped: ClientFrame = serde_json::from_str(r#"{"type":"\u0061ck","seq":7}"#).unwrap();
        assert_eq!(escaped, ClientFrame::Ack { seq: 7 });
    }

    #[test]
    fn what_has_no_type_says_so() {
        for text in [r#"{"seq":7}"#, "{}", "7", "null", "[]", r#"{"type":7}"#] {
            let wrong = serde_json::from_str::<ClientFrame>(text).unwrap_err().to_string();
            assert!(wrong.contains("type") || wrong.contains("invalid"), "{text}: {wrong}");
        }
    }

    #[test]
    fn a_field_that_must_be_there_is_named_as_on_the_wire() {
        let wrong = serde_json::from_str::<Command>(r#"{"type":"acceptOffer","offerId":null}"#).unwrap_err();
        assert!(wrong.to_string().contains("missing field `offerId`"), "{wrong}");
    }

    #[test]
    fn other_variants_fields_do_no_harm() {
        let read = serde_json::from_str::<Command>(r#"{"type":"signOut","offerId":"o1"}"#);
        assert_eq!(read.unwrap(), Command::SignOut);
    }
}
