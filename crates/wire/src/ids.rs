//! Ids as types, so that a queue can't be passed for a conversation, checked where they enter.

use crate::json::{Reader, Wrong};
use crate::limits;
use crate::read::Read;
use serde::{Deserialize, Deserializer, Serialize, de};
use smol_str::{SmolStr, format_smolstr};
use std::{borrow::Borrow, fmt};

/// Why a text is no id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidId;

impl fmt::Display for InvalidId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an id is 1 to {} ASCII letters, digits or `_ . : @ -`", limits::ID_BYTES)
    }
}

impl std::error::Error for InvalidId {}

fn is_id(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= limits::ID_BYTES
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b':' | b'@' | b'-'))
}

const WRONG: &str = "must be an id: 1 to 64 ASCII letters, digits or `_ . : @ -`";

/// Takes a text as it lies in what is read: `String::deserialize` would copy it first.
struct IdVisitor<T>(fn(&str) -> Result<T, InvalidId>);

impl<T> de::Visitor<'_> for IdVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        (self.0)(text).map_err(E::custom)
    }
}

macro_rules! id {
    ($(#[$doc:meta] $name:ident;)*) => {$(
        #[$doc]
        ///
        /// Cheap to clone and to compare: up to 23 bytes stand in the id itself, a longer text is shared.
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(transparent)]
        pub struct $name(#[cfg_attr(feature = "schema", schemars(with = "String", length(min = 1, max = 64), regex(pattern = r"^[A-Za-z0-9_.:@-]+$")))] SmolStr);

        impl $name {
            /// Takes a text as an id.
            ///
            /// # Errors
            /// [`InvalidId`](crate::WireError) where the text is empty, too long or has another character than ids may have.
            pub fn parse(text: &str) -> Result<Self, InvalidId> {
                if is_id(text) { Ok(Self(SmolStr::new(text))) } else { Err(InvalidId) }
            }

            /// An id made of a letter and a number, as the exchange makes them.
            pub fn numbered(letter: char, number: u64) -> Self {
                Self(format_smolstr!("{letter}{number}"))
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;

            fn try_from(text: String) -> Result<Self, InvalidId> {
                Self::parse(&text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl Read for $name {
            fn read(from: &mut Reader<'_>) -> Result<Self, Wrong> {
                Self::parse(&from.text()?).map_err(|_| from.wrong(WRONG))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                from.deserialize_str(IdVisitor(Self::parse))
            }
        }
    )*};
}

id! {
    /// One customer organisation of the provider.
    TenantId;
    /// One person (or bot) of a tenant; the `sub` of its token.
    UserId;
    /// One connected client (a tab) of one user.
    SessionId;
    /// One interaction with a customer, over any mix of channels.
    ConversationId;
    /// One party in one conversation.
    ParticipantId;
    /// A conversation proposed to one agent.
    OfferId;
    /// Where conversations wait.
    QueueId;
    /// A command, named by the client that sends it, so that sending it twice does it once.
    CommandId;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_what_ids_are_made_of_and_nothing_else() {
        for good in ["a", "c12", "mina@contoso.example", "A_b.c:d-9", &"x".repeat(64)] {
            assert!(UserId::parse(good).is_ok(), "{good}");
        }
        for bad in ["", " ", "a b", "a/b", "ü", "a\n", "<b>", &"x".repeat(65)] {
            assert_eq!(UserId::parse(bad), Err(InvalidId), "{bad}");
        }
    }

    #[test]
    fn reads_an_escaped_text_too() {
        let id: UserId = serde_json::from_str(r#""a\u0062c""#).unwrap();
        assert_eq!(id.as_str(), "abc");
        assert!(
            serde_json::from_str::<UserId>(r#""a b""#).unwrap_err().to_string().contains("an id is 1 to 64")
        );
    }
}
