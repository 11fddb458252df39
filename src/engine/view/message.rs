//! A chat message as its reader sees it.

use jackfield_wire::lean::{self, Json, Members};
use jackfield_wire::{CommandId, Millis, ParticipantId};

/// How far a message came.
///
/// ```text
/// own:     pending → sent → delivered → read
///             └────→ failed
/// others': received
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MessageState {
    /// Waits for the gateway's answer.
    Pending,
    /// The gateway refused it, or the session ended first. It was not kept.
    Failed,
    /// The gateway has it on disk.
    Sent,
    /// It reached the other side.
    Delivered,
    /// The other side has read it.
    Read,
    /// Somebody else wrote it.
    Received,
}

impl MessageState {
    /// Its name in the package's types.
    pub fn name(self) -> &'static str {
        ["pending", "failed", "sent", "delivered", "read", "received"][self as usize]
    }
}

/// A chat message, with what the viewer makes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its place in the conversation; 0 while pending.
    pub number: u64,
    /// The command that sent it; the same from local echo to read.
    pub command_id: CommandId,
    /// Who wrote it.
    pub participant_id: ParticipantId,
    /// The writer's name.
    pub name: String,
    /// The writer's role.
    pub role: String,
    /// When the gateway took it; while pending, when it was written.
    pub at: Millis,
    /// Who may read it.
    pub visibility: String,
    /// What it says.
    pub text: String,
    /// Whether the viewer wrote it.
    pub own: bool,
    /// How far it came.
    pub state: MessageState,
    /// What else the gateway says of it.
    pub rest: Members,
    /// Another for every change of this message, unlike any other message's.
    pub stamp: u64,
}

impl Message {
    pub(super) fn new(view: lean::Message, own: bool, state: MessageState, stamp: u64) -> Self {
        let lean::Message { number, command_id, participant_id, name, role, at, visibility, text, rest } =
            view;
        Self { number, command_id, participant_id, name, role, at, visibility, text, own, state, rest, stamp }
    }

    /// Writes its members.
    pub fn write(&self, json: &mut Json) {
        json.whole("number", self.number).text("commandId", self.command_id.as_str());
        json.text("participantId", self.participant_id.as_str()).text("name", &self.name);
        json.text("role", &self.role).whole("at", self.at).text("visibility", &self.visibility);
        json.text("text", &self.text).flag("own", self.own).text("state", self.state.name());
        json.members(&self.rest);
    }

    /// All of it.
    pub fn json(&self) -> String {
        let mut json = Json::new();
        self.write(&mut json);
        json.end()
    }

    /// Pending and failed messages have no number and stand after all others.
    pub(super) fn is_numbered(&self) -> bool {
        self.number > 0
    }
}
