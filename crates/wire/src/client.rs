//! What a client sends.

use crate::declare::{fields, shape, tagged};
use crate::json::{Kind, Reader, Wrong};
use crate::read::Read;
use crate::{Code, Command, CommandId, Secret, SessionId, WireError};

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
        Command = "command" by read_command {
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
    besides
    /// A command that can't be taken as it is: of an unknown type, or with a field that is missing or wrong. It is refused by its id, and what came with it goes on.
    Refused {
        /// The command's id.
        id: CommandId,
        /// What is wrong, naming the field: `invalidField` or `unknownFrame`.
        error: WireError,
    }
}

/// The envelope first: a command that is wrong must cost neither the batch that it came in nor the one who waits for its answer.
fn read_command(from: &mut Reader<'_>) -> Result<ClientFrame, Wrong> {
    fields!(from, ["type"] id: CommandId, command: Told);
    Ok(match command.0 {
        Ok(command) => ClientFrame::Command { id, command },
        Err(error) => ClientFrame::Refused { id, error },
    })
}

/// What was read of a command.
struct Told(Result<Command, WireError>);

impl Read for Told {
    fn read(from: &mut Reader<'_>) -> Result<Self, Wrong> {
        let mut ahead = from.ahead();
        match Command::read(&mut ahead) {
            Ok(command) => {
                *from = ahead;
                Ok(Self(Ok(command)))
            }
            Err(wrong) => {
                // What is not even JSON, or nests too deep, is the frame's own fault: passing over it says so.
                from.skip()?;
                let code = match wrong.kind() {
                    Kind::UnknownType => Code::UnknownFrame,
                    _ => Code::InvalidField,
                };
                Ok(Self(Err(WireError::new(code, wrong.to_string()))))
            }
        }
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
