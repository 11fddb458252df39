//! What the gateway sends.

use crate::declare::{fields, shape, tagged, words};
use crate::json::{Reader, Wrong};
use crate::{
    AgentTarget, CommandId, ConversationId, Explanation, FloorView, MessageView, Millis, OfferId,
    ParticipantId, PastConversation, PresenceView, QueueTarget, Secret, ServerEvent, SessionId, SnapshotView,
    TenantId, WaitingView, WireError,
};
use serde::{Deserialize, Serialize};

tagged! {
    /// What the gateway sends.
    #[derive(Debug, Clone, PartialEq)]
    #[allow(clippy::large_enum_variant, reason = "most frames are events; a frame is taken apart at once, and never kept")]
    pub enum ServerFrame {
        /// The session is open.
        Welcome = "welcome" {
            /// The tenant.
            tenant_id: TenantId,
            /// The session.
            session_id: SessionId,
            /// What `hello` resumes the session with next time; each welcome gives a new one, and the one before is then void.
            resume_key: Secret,
            /// Numbers of events count within an epoch. Another epoch: count anew, from `seq`.
            epoch: u64,
            /// The number of the last event before this frame; where `resumed` is `replay`, of the last one the client had.
            seq: u64,
            /// How the session came to be.
            resumed: Resumed,
            /// All that the session sees. Left out where `resumed` is `replay`: the missed events follow instead.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            snapshot: Option<Box<SnapshotView>>,
            /// The gateway's time now.
            now: Millis,
            /// When the token's time is over; a new one is due a minute before.
            token_expires_at: Millis,
            /// How often `ping` comes, in milliseconds. After three times as long without a frame, the connection is dead.
            ping_every_ms: u32,
            /// How long a session without a connection keeps its conversations, in milliseconds.
            grace_ms: u32,
        },
        /// A fact. Numbers grow by one.
        Event = "event" {
            /// The event's number.
            seq: u64,
            /// When it happened.
            at: Millis,
            /// What happened.
            event: ServerEvent,
        },
        /// Something of the moment. Has no number and is not repeated.
        Signal = "signal" {
            /// What.
            signal: Signal,
        },
        /// The answer to a command.
        Result = "result" by read_result {
            /// The command's id.
            id: CommandId,
            /// What it gave, or why it was refused.
            #[serde(flatten)]
            answer: Answer,
        },
        /// The new token holds.
        AuthAccepted = "authAccepted" {
            /// When its time is over.
            token_expires_at: Millis,
        },
        /// The token's time is over soon: send `auth`.
        AuthExpiring = "authExpiring" {
            /// When.
            token_expires_at: Millis,
        },
        /// A sign of life; answer with `pong`.
        Ping = "ping" {
            /// Its number.
            n: u64,
        },
        /// A frame could not be taken, or the connection ends; a fatal code is the last frame.
        Error = "error" {
            /// What and why.
            error: WireError,
        },
        /// The gateway goes down. Come back after the given time, spread at random between the two.
        Restarting = "restarting" {
            /// Not before, in milliseconds.
            after_ms: u32,
            /// Not all at once: up to this, in milliseconds.
            within_ms: u32,
        },
    }
    else
    /// A frame of a newer gateway, passed over.
    Unknown
}

/// How a command ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Answer {
    /// It was done; this is what it gave.
    Ok(Outcome),
    /// It was refused; nothing was changed.
    Error(WireError),
}

/// The answer's own name (`ok`, `error`) stands among the frame's fields.
fn read_result(from: &mut Reader<'_>) -> Result<ServerFrame, Wrong> {
    fields!(from, ["type"] id: CommandId, ok: Option<Outcome>, error: Option<WireError>);
    match (ok, error) {
        (Some(outcome), None) => Ok(ServerFrame::Result { id, answer: Answer::Ok(outcome) }),
        (None, Some(error)) => Ok(ServerFrame::Result { id, answer: Answer::Error(error) }),
        _ => Err(from.wrong("must have either `ok` or `error`")),
    }
}

impl From<Result<Outcome, WireError>> for Answer {
    fn from(result: Result<Outcome, WireError>) -> Self {
        result.map_or_else(Self::Error, Self::Ok)
    }
}

impl From<Answer> for Result<Outcome, WireError> {
    fn from(answer: Answer) -> Self {
        match answer {
            Answer::Ok(outcome) => Ok(outcome),
            Answer::Error(error) => Err(error),
        }
    }
}

words! {
    /// How a session came to be open.
    Resumed {
        /// It is new.
        New,
        /// It goes on, and the missed events follow.
        Replay,
        /// It goes on, and the snapshot says how things stand: what was missed can't be told one by one.
        Snapshot,
    }
}

tagged! {
    /// What a command gave.
    #[derive(Debug, Clone, PartialEq)]
    pub enum Outcome {
        /// It is done.
        Done = "done",
        /// The conversation was opened.
        ConversationStarted = "conversationStarted" {
            /// Its id.
            conversation_id: ConversationId,
        },
        /// The offer was taken.
        OfferAccepted = "offerAccepted" {
            /// The offer.
            offer_id: OfferId,
            /// Its conversation.
            conversation_id: ConversationId,
        },
        /// The message is kept.
        MessageSent = "messageSent" {
            /// Its number.
            number: u64,
            /// When.
            at: Millis,
        },
        /// A page of messages, oldest first.
        History = "history" {
            /// The messages.
            messages: Vec<MessageView>,
            /// Whether older ones are there.
            more: bool,
        },
        /// A customer's conversations that are over, newest first.
        CustomerHistory = "customerHistory" {
            /// The conversations.
            entries: Vec<PastConversation>,
            /// Whether older ones are there.
            more: bool,
        },
        /// The floor, whole.
        Floor = "floor" {
            /// Queues and agents.
            floor: FloorView,
        },
        /// The watched presences.
        Presence = "presence" {
            /// One each.
            presence: Vec<PresenceView>,
        },
        /// Where a conversation can go.
        Targets = "targets" {
            /// Colleagues who serve customers, those who are available first, then by name.
            agents: Vec<AgentTarget>,
            /// Queues, by name.
            queues: Vec<QueueTarget>,
        },
        /// Who waits in a queue.
        Waiting = "waiting" {
            /// Whoever is next first.
            conversations: Vec<WaitingView>,
            /// Whether others wait behind them.
            #[serde(default, skip_serializing_if = "std::ops::Not::not")]
            more: bool = false,
        },
        /// Why a conversation waits, or to whom it went.
        Explanation = "explanation" {
            /// The reasons.
            explanation: Box<Explanation>,
        },
        /// The answer to the session's media offer.
        MediaAnswer = "mediaAnswer" {
            /// The session description.
            sdp: String,
        },
    }
}

tagged! {
    /// Something of the moment.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum Signal {
        /// A participant is typing, or not any more.
        Typing = "typing" {
            /// Where.
            conversation_id: ConversationId,
            /// Who.
            participant_id: ParticipantId,
            /// Whether.
            typing: bool,
        },
        /// Whose audio comes in which of the session's four slots.
        Slots = "slots" {
            /// By slot: conversation and participant, or nothing.
            slots: Vec<Option<Slot>>,
        },
        /// The session's voice connection at the gateway: up, or lost (the client restarts ICE or negotiates anew).
        Media = "media" {
            /// Whether it is up.
            connected: bool,
        },
    }
    else
    /// A signal of a newer gateway, passed over.
    Unknown
}

shape! {
    /// Whose audio a slot carries.
    #[derive(Eq)]
    Slot {
        /// The conversation.
        conversation_id: ConversationId,
        /// The participant.
        participant_id: ParticipantId,
    }
}
