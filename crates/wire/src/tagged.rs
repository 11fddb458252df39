//! Enums that are JSON objects told apart by their `type`.
//!
//! serde's own way of reading these (`#[serde(tag = "type")]`) first copies the object into a tree of its own and reads every type within it a second time from there. In
//! the browser that was two thirds of the WebAssembly, and half of the time of an event. Here the text is looked at twice instead: once for `type`, once for the
//! fields that it asks for. It works only on text that is at hand, which is all that [`crate::decode_client`] and [`crate::decode_server`] have.

use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::value::RawValue;
use std::borrow::Cow;

/// The object's text, and its `type`.
///
/// # Errors
/// Where it is no object, or has no `type`.
pub(crate) fn split<'de, D: Deserializer<'de>>(from: D) -> Result<(&'de str, Cow<'de, str>), D::Error> {
    let text = <&RawValue>::deserialize(from)?.get();
    match first_tag(text) {
        Some(tag) => Ok((text, Cow::Borrowed(tag))),
        None => serde_json::from_str::<Tag<'de>>(text)
            .map(|tag| (text, tag.name))
            .map_err(serde::de::Error::custom),
    }
}

/// The variant's fields.
///
/// # Errors
/// What is wrong with them, by serde's words.
pub(crate) fn fields<T: DeserializeOwned, E: serde::de::Error>(text: &str) -> Result<T, E> {
    serde_json::from_str(text).map_err(E::custom)
}

/// The `type` where it comes first and is plain, as every encoder of ours writes it.
fn first_tag(text: &str) -> Option<&str> {
    let rest = text.strip_prefix("{\"type\":\"")?;
    let end = rest.bytes().position(|b| matches!(b, b'"' | b'\\'))?;
    (rest.as_bytes().get(end) == Some(&b'"')).then(|| rest.get(..end)).flatten()
}

#[derive(Deserialize)]
struct Tag<'a> {
    #[serde(rename = "type", borrow)]
    name: Cow<'a, str>,
}

/// Declares such an enum, and how it is read. `Variant = "name"` names its `type`; `by function` reads a variant by hand; `else Variant` takes what is unknown.
macro_rules! tagged {
    (
        $(#[$doc:meta])* pub enum $Enum:ident {
            $($(#[$vdoc:meta])* $Variant:ident = $tag:literal $(by $read:path)? $({ $($(#[$fattr:meta])* $field:ident : $type:ty),* $(,)? })?,)*
        }
        $(else $(#[$odoc:meta])* $Other:ident)?
    ) => {
        $(#[$doc])*
        #[derive(serde::Serialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(tag = "type", rename_all_fields = "camelCase")]
        pub enum $Enum {
            $($(#[$vdoc])* #[serde(rename = $tag)] $Variant $({ $($(#[$fattr])* $field: $type),* })?,)*
            $($(#[$odoc])* #[serde(rename = "unknown")] $Other,)?
        }

        impl<'de> serde::Deserialize<'de> for $Enum {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let (text, tag) = crate::tagged::split(from)?;
                match tag.as_ref() {
                    $($tag => crate::tagged::tagged!(@read text $Variant $(by $read)? $({ $($(#[$fattr])* $field: $type),* })?),)*
                    other => crate::tagged::tagged!(@other other $($Other)?),
                }
            }
        }
    };
    (@read $text:ident $Variant:ident by $read:path { $($rest:tt)* }) => { $read($text) };
    (@read $text:ident $Variant:ident) => { Ok(Self::$Variant) };
    (@read $text:ident $Variant:ident { $($(#[$fattr:meta])* $field:ident : $type:ty),* }) => {{
        #[derive(serde::Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Fields { $($(#[$fattr])* $field: $type),* }
        let Fields { $($field),* } = crate::tagged::fields($text)?;
        Ok(Self::$Variant { $($field),* })
    }};
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
    use super::*;
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
    fn a_type_twice_is_refused_or_read_as_the_first() {
        let twice = serde_json::from_str::<Command>(r#"{"type":"signOut","type":"fly"}"#);
        assert_eq!(twice.unwrap(), Command::SignOut);
    }

    #[test]
    fn only_a_plain_type_in_front_is_taken_quickly() {
        assert_eq!(first_tag(r#"{"type":"ack","seq":7}"#), Some("ack"));
        for text in [r#"{ "type":"ack"}"#, r#"{"type":"a\"ck"}"#, r#"{"type":"ack"#, r#"{"type":7}"#] {
            assert_eq!(first_tag(text), None, "{text}");
        }
    }
}
