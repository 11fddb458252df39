//! What is decided on, and what comes of it.

use crate::Event;
use jackfield_wire::{Command, CommandId, Outcome, Role, SessionId, SignOutReason, UserId};
use serde::{Deserialize, Serialize};

/// Who is behind a session, as its token said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Identity {
    /// The user.
    pub user_id: UserId,
    /// The name to show.
    pub name: String,
    /// What the user is in this session.
    pub role: Role,
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
