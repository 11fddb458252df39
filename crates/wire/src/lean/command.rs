//! A command as a client hands it on.

use super::{Json, Members};
use crate::declare::lean;
use crate::json::Reader;
use crate::{Code, ConversationId, WireError, limits};

/// Bytes of a frame that are not the command's: the envelope, with the longest id.
const ENVELOPE_BYTES: usize = 128;
/// The batch and the envelope that a command goes in.
const ENVELOPE_DEPTH: usize = 2;

/// A command: any JSON object with a `type`. What its fields may be is the gateway's to say ([`crate::Command`]); it names the one that is wrong.
#[derive(Debug, Clone, PartialEq)]
pub struct Command {
    kind: String,
    conversation_id: Option<ConversationId>,
    members: Members,
}

impl Command {
    /// Takes a command as JSON.
    ///
    /// # Errors
    /// `invalidField` where it is no JSON object with a `type`, its `conversationId` is no id, or it is larger or deeper than a frame can hold.
    ///
    /// ```
    /// use jackfield_wire::{Code, lean::Command};
    /// assert_eq!(Command::parse(r#"{"type":"park","conversationId":"c1"}"#)?.kind(), "park");
    /// let wrong = Command::parse(r#"{"type":"park","conversationId":7}"#).unwrap_err();
    /// assert_eq!(wrong.code, Code::InvalidField);
    /// assert!(wrong.message.starts_with("`conversationId` must be a text"));
    /// # Ok::<(), jackfield_wire::WireError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, WireError> {
        let most = limits::FRAME_BYTES - ENVELOPE_BYTES;
        if text.len() > most {
            let message = format!("the command has {} bytes; at most {most} are taken", text.len());
            return Err(WireError::new(Code::InvalidField, message));
        }
        let mut from = Reader::inside(text, ENVELOPE_DEPTH);
        let read = Self::read(&mut from).and_then(|command| from.end().map(|()| command));
        read.map_err(|wrong| WireError::new(Code::InvalidField, wrong.to_string()))
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, crate::json::Wrong> {
        let kind = from.tag()?.into_owned();
        lean!(@members from, members, [] keep conversation_id: Option<ConversationId>);
        Ok(Self { kind, conversation_id, members })
    }

    /// A command of the engine's own making.
    pub fn make(kind: &str, conversation_id: Option<&ConversationId>, more: impl FnOnce(&mut Json)) -> Self {
        let mut json = Json::of(kind);
        if let Some(id) = conversation_id {
            json.text("conversationId", id.as_str());
        }
        more(&mut json);
        let members = Members::of(&json.end()).unwrap_or_default();
        Self { kind: kind.to_owned(), conversation_id: conversation_id.cloned(), members }
    }

    /// Its `type`.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// The conversation that it names.
    pub fn conversation_id(&self) -> Option<&ConversationId> {
        self.conversation_id.as_ref()
    }

    /// All of it, `type` and `conversationId` among them.
    pub fn members(&self) -> &Members {
        &self.members
    }

    /// Its JSON.
    pub fn json(&self) -> String {
        self.members.object()
    }
}

impl From<&crate::Command> for Command {
    /// For those who have whole commands: tests, and clients in Rust.
    fn from(command: &crate::Command) -> Self {
        let text = serde_json::to_string(command).unwrap_or_default();
        let mut from = Reader::new(&text);
        Self::read(&mut from).unwrap_or_else(|_| Self::make("", None, |_| {}))
    }
}
