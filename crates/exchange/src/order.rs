//! What is decided on, and what comes of it.

use crate::Event;
use jackfield_wire::{Attributes, Command, CommandId, Outcome, Role, SessionId, SignOutReason, UserId};
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
}

/// What an order comes to.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// The facts, in order; to be applied all or not at all.
    pub events: Vec<Event>,
    /// What is answered.
    pub outcome: Outcome,
}
