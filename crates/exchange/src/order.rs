//! What is decided on, and what comes of it.

use crate::Event;
use jackfield_wire::{
    Attributes, Command, CommandId, ConversationId, Outcome, ParticipantId, Role, SessionId, SignOutReason,
    UserId,
};
use serde::{Deserialize, Serialize, Serializer, ser::SerializeStruct as _};

/// Who is behind a session, as its token said.
///
/// Written to the journal, it is without what only the store's own tables hold: a customer's name and the attributes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Identity {
    /// The user.
    pub user_id: UserId,
    /// The name to show.
    #[serde(default)]
    pub name: String,
    /// What the user is in this session.
    pub role: Role,
    /// Free facts about a customer, which go with the conversations that it starts.
    #[serde(skip_deserializing)]
    pub attributes: Attributes,
}

impl Identity {
    /// Somebody without attributes.
    pub fn new(user_id: UserId, name: impl Into<String>, role: Role) -> Self {
        Self { user_id, name: name.into(), role, attributes: Attributes::new() }
    }
}

impl Serialize for Identity {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let named = self.role != Role::Customer;
        let mut fields = to.serialize_struct("Identity", 2 + usize::from(named))?;
        fields.serialize_field("userId", &self.user_id)?;
        if named {
            fields.serialize_field("name", &self.name)?;
        }
        fields.serialize_field("role", &self.role)?;
        fields.end()
    }
}

/// What is decided on.
#[derive(Debug, Clone, PartialEq)]
pub enum Order {
    /// A session begins. Its id is new.
    OpenSession {
        /// The session.
        session: SessionId,
        /// Whose.
        who: Identity,
    },
    /// No sign of life comes from the session any more.
    SessionAway {
        /// Which.
        session: SessionId,
    },
    /// The session gives signs of life again.
    SessionBack {
        /// Which.
        session: SessionId,
    },
    /// The session is over.
    CloseSession {
        /// Which.
        session: SessionId,
        /// Why.
        reason: SignOutReason,
    },
    /// A session asks for something.
    Do {
        /// Which.
        session: SessionId,
        /// The command's id, made by the client.
        id: CommandId,
        /// What.
        command: Command,
    },
    /// The telephone network says how a call stands that was dialled.
    External {
        /// In which conversation.
        conversation: ConversationId,
        /// Whose call.
        participant: ParticipantId,
        /// How it stands.
        news: ExternalNews,
    },
}

/// How a call to a telephone number stands, as the network says.
///
/// ```text
///  dialled ──▶ answered ──▶ hung up
///     ├──▶ busy, no answer, rejected, unreachable
///     └──▶ hung up
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExternalNews {
    /// Somebody answered.
    Answered,
    /// The number is in another call (SIP 486, 600).
    Busy,
    /// Nobody answered in time (SIP 408, 480).
    NoAnswer,
    /// It was turned down (SIP 603).
    Rejected,
    /// There is no such number, or no way to it (SIP 404, 484, 5xx).
    Unreachable,
    /// The other end hung up, or the call broke off.
    HungUp,
}

/// What an order comes to.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// The facts, in order; to be applied all or not at all.
    pub events: Vec<Event>,
    /// What is answered.
    pub outcome: Outcome,
}
