//! Sockets up to their hello: what a gateway's connection does before the switchboard hears of it.

use crate::{random::Random, token};
use jackfield_exchange::switchboard::{ConnectionId, Fresh, Input, KeyDigest, ResumeRequest};
use jackfield_wire::{ClientFrame, Code, Secret, SessionId, WireError, decode_client};
use std::collections::BTreeMap;

/// The open sockets; of each, whether it has said hello.
#[derive(Debug, Default)]
pub(crate) struct Door {
    greeted: BTreeMap<ConnectionId, bool>,
}

/// What a message comes to.
type Read = Result<Input, WireError>;

impl Door {
    /// A socket opens.
    pub(crate) fn open(&mut self, connection: ConnectionId) {
        self.greeted.insert(connection, false);
    }

    /// A socket closes. Gives whether it was open.
    pub(crate) fn close(&mut self, connection: ConnectionId) -> bool {
        self.greeted.remove(&connection).is_some()
    }

    /// All sockets close.
    pub(crate) fn close_all(&mut self) -> Vec<ConnectionId> {
        std::mem::take(&mut self.greeted).into_keys().collect()
    }

    /// Reads a message, in its order, up to the first frame that ends the socket.
    pub(crate) fn read(&mut self, connection: ConnectionId, text: &str, random: &mut Random) -> Vec<Read> {
        if !self.greeted.contains_key(&connection) {
            return Vec::new();
        }
        let frames = match decode_client(text) {
            Ok(frames) => frames,
            Err(error) => return vec![Err(error)],
        };
        let mut reads = Vec::new();
        for frame in frames {
            let read = self.frame(connection, frame, random);
            let ends = read.as_ref().is_err_and(|error| error.code.info().fatal);
            reads.push(read);
            if ends {
                break;
            }
        }
        reads
    }

    fn frame(&mut self, connection: ConnectionId, frame: ClientFrame, random: &mut Random) -> Read {
        let greeted =
            self.greeted.get_mut(&connection).is_some_and(|greeted| std::mem::replace(greeted, true));
        match frame {
            ClientFrame::Hello { token, resume, .. } if !greeted => {
                let (identity, token_expires_at) = token::read(&token)?;
                let resume = resume.map(|resume| ResumeRequest {
                    session_id: resume.session_id,
                    key_digest: digest(&resume.key),
                    epoch: resume.epoch,
                    seq: resume.seq,
                });
                let fresh = fresh(random)?;
                Ok(Input::Hello { connection, identity, token_expires_at, resume, fresh })
            }
            _ if !greeted => Err(Code::HelloExpected.into()),
            ClientFrame::Auth { token } => {
                let (identity, token_expires_at) = token::read(&token)?;
                Ok(Input::Renewed { connection, identity, token_expires_at })
            }
            frame => Ok(Input::Frames { connection, frames: vec![frame] }),
        }
    }
}

fn fresh(random: &mut Random) -> Result<Fresh, WireError> {
    let (one, other) = (random.next(), random.next());
    let key = Secret::new(format!("{one:016x}{other:016x}"));
    let session_id = SessionId::parse(&format!("s{:016x}", random.next()))
        .map_err(|e| WireError::new(Code::Internal, e.to_string()))?;
    Ok(Fresh { session_id, key_digest: digest(&key), key })
}

/// The key itself: a digest guards a disk that may be stolen, and here there is none. What is not as long as a key is none.
fn digest(key: &Secret) -> KeyDigest {
    key.expose().as_bytes().try_into().unwrap_or([0xff; 32])
}
