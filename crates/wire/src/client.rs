//! What a client sends.

use crate::declare::{shape, tagged};
use crate::{Command, CommandId, Secret, SessionId};

tagged! {
    /// What a client sends. `hello` comes first, once; after it any of the others.
    #[derive(Debug, Clone, PartialEq)]
    pub enum ClientFrame {
        /// Who is there. Answer: `welcome`, or `error` and the end of the connection.
        Hello = "hello" {
            /// A JWT (RFC 7519) of the tenant's token service.
            token: Secret,
            /// The session to go on with, if there is one.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            resume: Option<Resume>,
            /// What client this is, for the operator's logs.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            client: Option<ClientInfo>,
        },
        /// A new token for the same user, before the old one's time is over. Answer: `authAccepted`, or `error` and the end.
        Auth = "auth" {
            /// The token.
            token: Secret,
        },
        /// Something asked for. Answer: `result` with the same id. Sent again under the same id it is answered again, and done once.
        Command = "command" {
            /// The command's id, made by the client, unique within its session.
            id: CommandId,
            /// What.
            command: Command,
        },
        /// Events up to this number arrived; the gateway may forget them.
        Ack = "ack" {
            /// The number.
            seq: u64,
        },
        /// The answer to `ping`.
        Pong = "pong" {
            /// The ping's number.
            n: u64,
        },
        /// The client goes; `keep: true` keeps the session for a resume (a page being reloaded), else it is signed out.
        Bye = "bye" {
            /// Whether the session shall wait.
            #[serde(default)]
            keep: bool = false,
        },
    }
}

shape! {
    /// How to go on with a session.
    #[derive(Eq)]
    Resume {
        /// Which.
        session_id: SessionId,
        /// The key of its last welcome.
        key: Secret,
        /// The epoch of its last welcome.
        epoch: u64,
        /// The number of the last event that arrived. `None` after a page reload: the client's view is gone and it wants a snapshot.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seq: Option<u64>,
    }
}

shape! {
    /// What client this is.
    #[derive(Eq)]
    ClientInfo {
        /// Its name.
        name: String,
        /// Its version.
        version: String,
    }
}
