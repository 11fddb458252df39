//! What a command gave.

use super::{Floor, Members, Message, Presence};
use crate::json::{Reader, Wrong};
use crate::read::Read;
use crate::{ConversationId, Millis};

/// What a command gave: any JSON object with a `type`, read as far as somebody asks.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome(Members);

impl Read for Outcome {
    fn read(from: &mut Reader<'_>) -> Result<Self, Wrong> {
        let mut members = Members::default();
        from.keeping(&[], (0, &mut members), &mut |from, _| from.skip())?;
        Ok(Self(members))
    }
}

impl Outcome {
    /// All of it.
    pub fn members(&self) -> &Members {
        &self.0
    }

    /// The conversation that it names.
    pub fn conversation_id(&self) -> Option<ConversationId> {
        self.0.read("conversationId")
    }

    /// Of `messageSent`: the message's number and time.
    pub fn sent(&self) -> Option<(u64, Millis)> {
        self.0.whole("number").zip(self.0.whole("at"))
    }

    /// Of `history`: the messages, and whether older ones are there.
    pub fn history(&self) -> Option<(Vec<Message>, bool)> {
        Some((self.0.read("messages")?, self.0.flag("more")))
    }

    /// Of `presence`: one each.
    pub fn presence(&self) -> Option<Vec<Presence>> {
        self.0.read("presence")
    }

    /// Of `floor`: queues and agents.
    pub fn floor(&self) -> Option<Floor> {
        self.0.read("floor")
    }

    /// Of `mediaAnswer`: the session description.
    pub fn sdp(&self) -> Option<String> {
        self.0.read("sdp")
    }
}

impl From<&crate::Outcome> for Outcome {
    /// For those who have whole outcomes: tests, and gateways in Rust.
    fn from(outcome: &crate::Outcome) -> Self {
        let text = serde_json::to_string(outcome).unwrap_or_default();
        Self(Members::of(&text).unwrap_or_default())
    }
}
