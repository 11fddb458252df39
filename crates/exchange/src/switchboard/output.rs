//! What a switchboard asks its host to do.

use super::Entry;
use crate::{BodyRow, PatchLeg};
use jackfield_wire::{Code, ConversationId, ParticipantId, QualitySample, SessionId, Side, UserId};

/// What a switchboard asks its host to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Output {
    /// Send this text message.
    Send {
        /// To which connection.
        connection: super::ConnectionId,
        /// One frame, or an array of frames, as JSON.
        text: String,
    },
    /// End this connection, after what was sent before.
    Close {
        /// Which.
        connection: super::ConnectionId,
        /// Why; [`close_number`] gives the WebSocket close code.
        code: Code,
    },
    /// Write this to the journal, all or nothing, after every batch before it. Answer: [`Input::Committed`](super::Input::Committed) or
    /// [`Input::CommitFailed`](super::Input::CommitFailed). What anyone is told about it waits for the answer.
    Commit(Batch),
    /// Read messages from the store. Answer: [`Input::Messages`](super::Input::Messages).
    FetchMessages {
        /// The request's number.
        request: u64,
        /// Of which conversation.
        conversation: ConversationId,
        /// Only those with a smaller number; the newest if `None`.
        before: Option<u64>,
        /// How many at most.
        limit: u32,
        /// Whether internal notes are among them.
        see_internal: bool,
        /// None at all are given, unless the conversation is this customer's and over.
        past_of: Option<UserId>,
    },
    /// Read a customer's conversations that are over. Answer: [`Input::Past`](super::Input::Past).
    FetchPast {
        /// The request's number.
        request: u64,
        /// Whose.
        customer: UserId,
        /// Only those before this one; the newest if `None`.
        before: Option<ConversationId>,
        /// How many at most.
        limit: u32,
    },
    /// Negotiate a session's voice connection. Answer: [`Input::MediaAnswer`](super::Input::MediaAnswer).
    NegotiateMedia {
        /// The request's number.
        request: u64,
        /// Whose.
        session: SessionId,
        /// The session's WebRTC offer (RFC 8866).
        sdp: String,
    },
    /// A session is over: its voice connection may go.
    CloseMedia {
        /// Whose.
        session: SessionId,
    },
    /// Who is on one side of the call of this conversation now, whole. Each side is a room of its own.
    SetRoom {
        /// Which.
        conversation: ConversationId,
        /// Which side of it.
        side: Side,
        /// Its voice legs.
        legs: Vec<PatchLeg>,
    },
    /// Nobody is on this side of the call of this conversation any more.
    ClearRoom {
        /// Which.
        conversation: ConversationId,
        /// Which side of it.
        side: Side,
    },
    /// Call a telephone number. Answers, one after the other: [`Input::External`](super::Input::External). When it has answered its audio is in the rooms
    /// under `leg`.
    Dial {
        /// For which conversation.
        conversation: ConversationId,
        /// Whose call it is: what the answers name.
        participant: ParticipantId,
        /// The session under which [`Output::SetRoom`] will have its leg.
        leg: SessionId,
        /// The number (E.164).
        number: String,
    },
    /// End the call to a telephone number, whether it rings or talks; one that has ended by itself is over already.
    EndCall {
        /// Of which conversation.
        conversation: ConversationId,
        /// Whose call.
        participant: ParticipantId,
    },
    /// A session says how its voice was: for the operator's figures. For the record it stands in the journal
    /// ([`SessionFact::Quality`](super::SessionFact::Quality)).
    Quality {
        /// The figures.
        sample: QualitySample,
    },
}

/// Journal entries to be written together.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    /// Counts up by one from 1, anew in every switchboard.
    pub number: u64,
    /// In order.
    pub entries: Vec<Entry>,
    /// What the entries do not hold, for the store's own tables, written in the same transaction.
    pub bodies: Vec<BodyRow>,
}

/// The WebSocket close code (RFC 6455, section 7.4) for a reason to close: the table's own, 1000 where the client itself went, else 1011.
///
/// ```
/// use jackfield_exchange::switchboard::close_number;
/// use jackfield_wire::Code;
/// assert_eq!(close_number(Code::TooSlow), 4202);
/// assert_eq!(close_number(Code::Closed), 1000);
/// assert_eq!(close_number(Code::StorageUnavailable), 1011);
/// ```
pub fn close_number(code: Code) -> u16 {
    match code {
        Code::Closed => 1000,
        other => other.info().close.unwrap_or(1011),
    }
}
