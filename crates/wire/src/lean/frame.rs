//! What the gateway sends, as far as a client works with it.

use super::{Conversation, Members, Message, Offer, Outcome, Participant, Presence, Snapshot};
use crate::declare::{fields, lean};
use crate::json::{Reader, Wrong};
use crate::read::Read;
use crate::{
    CommandId, ConversationId, Millis, ParticipantId, Resumed, Secret, SessionId, WireError, codec, limits,
};

/// Reads what the gateway sent: one frame, or an array of frames. What is of a newer gateway comes out as it is.
///
/// # Errors
/// As [`crate::decode_server`].
pub fn decode_server(text: &str) -> Result<Vec<ServerFrame>, WireError> {
    codec::decode(text, limits::SERVER_FRAME_BYTES)
}

/// What the gateway sends; see [`crate::ServerFrame`].
#[derive(Debug, Clone, PartialEq)]
pub enum ServerFrame {
    /// The session is open.
    Welcome(Box<Welcome>),
    /// A fact. Numbers grow by one.
    Event {
        /// The event's number.
        seq: u64,
        /// What happened.
        event: Event,
    },
    /// Something of the moment.
    Signal(Signal),
    /// The answer to a command.
    Result {
        /// The command's id.
        id: CommandId,
        /// What it gave, or why it was refused.
        answer: Result<Outcome, WireError>,
    },
    /// The new token holds.
    AuthAccepted {
        /// When its time is over.
        token_expires_at: Millis,
    },
    /// The token's time is over soon.
    AuthExpiring,
    /// A sign of life.
    Ping {
        /// Its number.
        n: u64,
    },
    /// A frame could not be taken, or the connection ends.
    Error {
        /// What and why.
        error: WireError,
    },
    /// The gateway goes down.
    Restarting {
        /// Come back not before, in milliseconds.
        after_ms: u32,
        /// Not all at once: up to this, in milliseconds.
        within_ms: u32,
    },
    /// A frame of a newer gateway, passed over.
    Unknown,
}

/// The session is open.
#[derive(Debug, Clone, PartialEq)]
pub struct Welcome {
    /// The session.
    pub session_id: SessionId,
    /// What resumes it next time.
    pub resume_key: Secret,
    /// Numbers of events count within an epoch.
    pub epoch: u64,
    /// The number of the last event before this frame.
    pub seq: u64,
    /// How the session came to be.
    pub resumed: Resumed,
    /// All that the session sees.
    pub snapshot: Option<Snapshot>,
    /// The gateway's time now.
    pub now: Millis,
    /// When the token's time is over.
    pub token_expires_at: Millis,
    /// How often `ping` comes, in milliseconds.
    pub ping_every_ms: u32,
}

impl Read for Welcome {
    fn read(from: &mut Reader<'_>) -> Result<Self, Wrong> {
        fields!(from, ["type"] session_id: SessionId, resume_key: Secret, epoch: u64, seq: u64, resumed: Resumed,
            snapshot: Option<Snapshot>, now: Millis, token_expires_at: Millis, ping_every_ms: u32);
        Ok(Self {
            session_id,
            resume_key,
            epoch,
            seq,
            resumed,
            snapshot,
            now,
            token_expires_at,
            ping_every_ms,
        })
    }
}

impl Read for ServerFrame {
    fn read(from: &mut Reader<'_>) -> Result<Self, Wrong> {
        Ok(match from.tag()?.as_ref() {
            "event" => {
                fields!(from, ["type"] seq: u64, event: Event);
                Self::Event { seq, event }
            }
            "result" => {
                fields!(from, ["type"] id: CommandId, ok: Option<Outcome>, error: Option<WireError>);
                let answer = match (ok, error) {
                    (Some(outcome), None) => Ok(outcome),
                    (None, Some(error)) => Err(error),
                    _ => return Err(from.wrong("must have either `ok` or `error`")),
                };
                Self::Result { id, answer }
            }
            "signal" => {
                fields!(from, ["type"] signal: Signal);
                Self::Signal(signal)
            }
            "welcome" => Self::Welcome(Box::new(Welcome::read(from)?)),
            "authExpiring" => from.pass().map(|()| Self::AuthExpiring)?,
            "error" => {
                fields!(from, ["type"] error: WireError);
                Self::Error { error }
            }
            kind => Self::small(kind, from)?,
        })
    }
}

impl ServerFrame {
    /// Frames that are nothing but a number or two.
    fn small(kind: &str, from: &mut Reader<'_>) -> Result<Self, Wrong> {
        lean!(@members from, rest, ["type"]);
        let due = |key: &str| rest.whole(key).ok_or_else(|| from.missing(key));
        let short = |key: &str| due(key).map(|ms| u32::try_from(ms).unwrap_or(u32::MAX));
        Ok(match kind {
            "ping" => Self::Ping { n: due("n")? },
            "authAccepted" => Self::AuthAccepted { token_expires_at: due("tokenExpiresAt")? },
            "restarting" => Self::Restarting { after_ms: short("afterMs")?, within_ms: short("withinMs")? },
            _ => Self::Unknown,
        })
    }
}

/// What a session is told; see [`crate::ServerEvent`].
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// Somebody's presence is another now.
    PresenceChanged {
        /// The presence.
        presence: Presence,
    },
    /// A conversation is proposed to this agent.
    OfferMade {
        /// The offer.
        offer: Offer,
    },
    /// The viewer takes part in this conversation from now on.
    ConversationAdded {
        /// The conversation, whole.
        conversation: Conversation,
    },
    /// Somebody came in.
    ParticipantJoined {
        /// Which conversation.
        conversation_id: ConversationId,
        /// Who.
        participant: Participant,
    },
    /// Something about a participant is another.
    ParticipantChanged {
        /// Which conversation.
        conversation_id: ConversationId,
        /// The participant, whole.
        participant: Participant,
    },
    /// Somebody wrote.
    MessageAdded {
        /// Which conversation.
        conversation_id: ConversationId,
        /// The message.
        message: Message,
    },
    /// One that is known by its `type`, but not as it stands there. What else came with it counts all the same.
    Unread {
        /// What is wrong, naming the field.
        error: WireError,
    },
    /// Any other: the client takes of it what it knows, and hands it on.
    Other {
        /// Its `type`.
        kind: String,
        /// The conversation that it names.
        conversation_id: Option<ConversationId>,
        /// All but these two.
        rest: Members,
    },
}

impl Read for Event {
    fn read(from: &mut Reader<'_>) -> Result<Self, Wrong> {
        let mut ahead = from.ahead();
        match Self::known(&mut ahead) {
            Ok(event) => {
                *from = ahead;
                Ok(event)
            }
            Err(wrong) => {
                // Were the whole message refused, the client would come back for it, be sent it again, and so on for ever. What is not even JSON, or nests too
                // deep, is the message's own fault: passing over it says so.
                from.skip()?;
                Ok(Self::Unread { error: codec::refuse(wrong) })
            }
        }
    }
}

impl Event {
    fn known(from: &mut Reader<'_>) -> Result<Self, Wrong> {
        let kind = from.tag()?;
        Ok(match kind.as_ref() {
            "presenceChanged" => {
                fields!(from, ["type"] presence: Presence);
                Self::PresenceChanged { presence }
            }
            "messageAdded" => {
                fields!(from, ["type"] conversation_id: ConversationId, message: Message);
                Self::MessageAdded { conversation_id, message }
            }
            "participantJoined" | "participantChanged" => {
                fields!(from, ["type"] conversation_id: ConversationId, participant: Participant);
                match kind.as_ref() {
                    "participantJoined" => Self::ParticipantJoined { conversation_id, participant },
                    _ => Self::ParticipantChanged { conversation_id, participant },
                }
            }
            "conversationAdded" => {
                fields!(from, ["type"] conversation: Conversation);
                Self::ConversationAdded { conversation }
            }
            "offerMade" => {
                fields!(from, ["type"] offer: Offer);
                Self::OfferMade { offer }
            }
            kind => {
                lean!(@members from, rest, ["type"] take conversation_id: Option<ConversationId>);
                Self::Other { kind: kind.to_owned(), conversation_id, rest }
            }
        })
    }
}

/// Something of the moment; see [`crate::Signal`].
#[derive(Debug, Clone, PartialEq)]
pub enum Signal {
    /// A participant is typing, or not any more.
    Typing {
        /// Where.
        conversation_id: ConversationId,
        /// Who.
        participant_id: ParticipantId,
        /// Whether.
        typing: bool,
    },
    /// The session's voice connection at the gateway.
    Media {
        /// Whether it is up.
        connected: bool,
    },
    /// Any other, passed over.
    Unknown,
}

impl Read for Signal {
    fn read(from: &mut Reader<'_>) -> Result<Self, Wrong> {
        Ok(match from.tag()?.as_ref() {
            "typing" => {
                fields!(from, ["type"] conversation_id: ConversationId, participant_id: ParticipantId, typing: bool);
                Self::Typing { conversation_id, participant_id, typing }
            }
            "media" => {
                fields!(from, ["type"] connected: bool);
                Self::Media { connected }
            }
            _ => from.pass().map(|()| Self::Unknown)?,
        })
    }
}
