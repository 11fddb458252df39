//! What stands in the journal.

use super::KeyDigest;
use crate::Event;
use jackfield_wire::{CommandId, ConversationId, Millis, Outcome, QualitySample, QueueId, SessionId, UserId};
use serde::{Deserialize, Serialize};

/// One step of the tenant: what happened, and what was answered to whom. Replaying all entries in order gives the state, and every answer that was given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// When, in steady time.
    pub at: Millis,
    /// The command behind it, if it was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<Asked>,
    /// What the command gave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// What changed in the switchboard's own care of sessions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<SessionFact>,
    /// What happened in the contact centre.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<Event>,
}

/// Which command was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Who asked.
    pub session: SessionId,
    /// Under which id.
    pub id: CommandId,
    /// What it said, as a number: another command under the same id is refused.
    pub digest: u64,
}

/// A change in the switchboard's own care of a session, or what a session reports.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase")]
pub enum SessionFact {
    /// It was welcomed with a new resume key.
    Key {
        /// Which session.
        session: SessionId,
        /// The new key's digest.
        #[serde(with = "hex")]
        digest: KeyDigest,
        /// The digest of the key it came with: good still, as the welcome may be lost.
        #[serde(default, with = "hex_option", skip_serializing_if = "Option::is_none")]
        previous: Option<KeyDigest>,
    },
    /// It said how its voice was.
    Quality {
        /// Which session.
        session: SessionId,
        /// Whose.
        user: UserId,
        /// In which conversation.
        conversation: ConversationId,
        /// The figures.
        sample: QualitySample,
    },
    /// It watches other things from now on.
    Watch {
        /// Which session.
        session: SessionId,
        /// Whether it watches the floor.
        floor: bool,
        /// Only these queues of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        queues: Option<Vec<QueueId>>,
        /// Only these agents of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        agents: Option<Vec<UserId>>,
        /// Whose presence it watches.
        users: Vec<UserId>,
    },
}

crate::tagged::tagged!(SessionFact, "fact");

/// Digests as hexadecimal text: a journal is read by people too, and an array of 32 numbers is three times as long.
pub(super) mod hex {
    use super::KeyDigest;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};
    use std::fmt::Write;

    pub(in super::super) fn serialize<S: Serializer>(digest: &KeyDigest, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&text(digest))
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<KeyDigest, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
        parse(&text).ok_or_else(|| D::Error::custom("a digest is 64 hexadecimal digits"))
    }

    pub(super) fn text(digest: &KeyDigest) -> String {
        digest.iter().fold(String::with_capacity(64), |mut text, byte| {
            // Writing to a String can't fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
    }

    pub(super) fn parse(text: &str) -> Option<KeyDigest> {
        let mut digest = [0; 32];
        if text.len() != 64 || !text.is_ascii() {
            return None;
        }
        for (n, byte) in digest.iter_mut().enumerate() {
            *byte = u8::from_str_radix(text.get(2 * n..2 * n + 2)?, 16).ok()?;
        }
        Some(digest)
    }
}

/// The same for a digest that may be absent.
pub(super) mod hex_option {
    use super::{KeyDigest, hex};
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(in super::super) fn serialize<S: Serializer>(
        digest: &Option<KeyDigest>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        match digest {
            Some(digest) => to.serialize_some(&hex::text(digest)),
            None => to.serialize_none(),
        }
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<KeyDigest>, D::Error> {
        let text = Option::<String>::deserialize(from)?;
        text.map(|text| {
            hex::parse(&text).ok_or_else(|| D::Error::custom("a digest is 64 hexadecimal digits"))
        })
        .transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_back_what_it_wrote() {
        let session = SessionId::parse("s1").unwrap();
        let mut digest = [7; 32];
        digest[31] = 255;
        for fact in [
            SessionFact::Key { session: session.clone(), digest, previous: None },
            SessionFact::Key { session: session.clone(), digest, previous: Some([1; 32]) },
            SessionFact::Watch {
                session: session.clone(),
                floor: true,
                queues: None,
                agents: None,
                users: vec![UserId::parse("mina").unwrap()],
            },
            SessionFact::Watch {
                session,
                floor: true,
                queues: Some(vec![QueueId::parse("help").unwrap()]),
                agents: Some(Vec::new()),
                users: Vec::new(),
            },
        ] {
            let text = serde_json::to_string(&fact).unwrap();
            assert_eq!(serde_json::from_str::<SessionFact>(&text).unwrap(), fact, "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_digest() {
        for text in ["", "07", &"g".repeat(64), &"é".repeat(32)] {
            assert_eq!(hex::parse(text), None, "{text}");
        }
    }
}
