//! What comes to a switchboard.

use crate::{ExternalNews, Identity};
use jackfield_wire::{
    ClientFrame, ConversationId, MessageView, Millis, ParticipantId, PastConversation, Secret, SessionId,
    UserId, WireError,
};

/// A connection of the gateway: one socket, from its opening to its end. Never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConnectionId(pub u64);

/// The SHA-256 (FIPS 180-4) of a resume key: what is kept of it, so that a stolen disk resumes nobody's session.
pub type KeyDigest = [u8; 32];

/// What comes to a switchboard.
#[derive(Debug, Clone)]
pub enum Input {
    /// A connection said hello, and its token was found good.
    Hello {
        /// Which.
        connection: ConnectionId,
        /// Who, by the token.
        identity: Identity,
        /// When the token's time is over, by the machine's clock.
        token_expires_at: Millis,
        /// The session it wants to go on with.
        resume: Option<ResumeRequest>,
        /// Random numbers, as a switchboard has none of its own.
        fresh: Fresh,
    },
    /// A connection sent frames. `auth` does not come this way but as [`Input::Renewed`].
    Frames {
        /// Which.
        connection: ConnectionId,
        /// In the order sent.
        frames: Vec<ClientFrame>,
    },
    /// A connection sent `auth`, and its token was found good.
    Renewed {
        /// Which.
        connection: ConnectionId,
        /// Who, by the new token.
        identity: Identity,
        /// When the new token's time is over.
        token_expires_at: Millis,
    },
    /// A connection is gone.
    Disconnected {
        /// Which.
        connection: ConnectionId,
    },
    /// A user was removed or disabled: all its sessions end now (W4).
    RevokeUser {
        /// Who.
        user_id: UserId,
    },
    /// The gateway goes down: everybody is told when to come back. Sessions stay.
    Shutdown {
        /// Not before, in milliseconds.
        after_ms: u32,
        /// Spread over this time, in milliseconds.
        within_ms: u32,
    },
    /// A batch, and all before it, is on disk.
    Committed {
        /// Its number.
        batch: u64,
    },
    /// A batch, and all after it, is not on disk and never will be. [`Switchboard::recover`](super::Switchboard::recover) must follow.
    CommitFailed {
        /// Its number.
        batch: u64,
    },
    /// The answer to [`Output::FetchMessages`](super::Output::FetchMessages).
    Messages {
        /// The request's number.
        request: u64,
        /// Its conversation.
        conversation: ConversationId,
        /// The messages, oldest first; or why they can't be read.
        messages: Result<Vec<MessageView>, WireError>,
        /// Whether older ones are there.
        more: bool,
    },
    /// The answer to [`Output::FetchPast`](super::Output::FetchPast).
    Past {
        /// The request's number.
        request: u64,
        /// The conversations, newest first; or why they can't be read.
        entries: Result<Vec<PastConversation>, WireError>,
        /// Whether older ones are there.
        more: bool,
    },
    /// The answer to [`Output::NegotiateMedia`](super::Output::NegotiateMedia).
    MediaAnswer {
        /// The request's number.
        request: u64,
        /// The session description that answers the offer, or why there is none.
        result: Result<String, WireError>,
    },
    /// Whose audio comes in which slot of a session is another now.
    MediaSlots {
        /// Whose slots.
        session: SessionId,
        /// By slot: the session heard, or nobody.
        slots: Vec<Option<SessionId>>,
    },
    /// A session's voice connection came up or is lost.
    MediaState {
        /// Whose.
        session: SessionId,
        /// Whether it is up.
        connected: bool,
    },
    /// The telephone network says how a call stands that [`Output::Dial`](super::Output::Dial) asked for. Of a call that is no more nothing follows.
    External {
        /// In which conversation.
        conversation: ConversationId,
        /// Whose call.
        participant: ParticipantId,
        /// How it stands.
        news: ExternalNews,
    },
    /// Nothing but time: [`Switchboard::deadline`](super::Switchboard::deadline) has come.
    Time,
}

/// The session a `hello` wants to go on with; the key as its digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResumeRequest {
    /// Which.
    pub session_id: SessionId,
    /// SHA-256 of the resume key sent.
    pub key_digest: KeyDigest,
    /// The epoch of its last welcome.
    pub epoch: u64,
    /// The number of the last event that arrived; `None` where the client wants a snapshot.
    pub seq: Option<u64>,
}

/// What must be random, made outside: a switchboard is deterministic.
#[derive(Debug, Clone)]
pub struct Fresh {
    /// The id of the session, if a new one is opened.
    pub session_id: SessionId,
    /// The next resume key: 128 random bits or more.
    pub key: Secret,
    /// Its SHA-256.
    pub key_digest: KeyDigest,
}
