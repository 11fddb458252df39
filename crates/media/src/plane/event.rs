//! What the plane tells its owner.

use std::fmt;

use crate::{PeerId, SLOTS};

/// Something happened to a session.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MediaEvent {
    /// The session is up and audio can flow. Once for each new session; not again after an ICE restart.
    PeerConnected {
        /// Whose session.
        peer: PeerId,
    },
    /// The session ended without [`close`](super::MediaPlane::close) and is cleaned up. A session that is replaced by a
    /// new one of the same peer is not lost.
    PeerLost {
        /// Whose session.
        peer: PeerId,
        /// Why.
        reason: LostReason,
    },
    /// Who is heard in each of a peer's slots; when it changes, and after `PeerConnected` if anyone is. Slot `i` is the
    /// client's `i`-th recvonly line.
    Slots {
        /// Whose ears.
        peer: PeerId,
        /// The source of each slot.
        slots: [Option<PeerId>; SLOTS],
    },
    /// A peer started or stopped speaking.
    Voice {
        /// Who.
        peer: PeerId,
        /// Whether it speaks now.
        active: bool,
    },
}

/// Why a session was lost.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LostReason {
    /// It did not connect in time.
    NeverConnected,
    /// Nothing was heard from the client, and it did not come back in time.
    Unreachable,
    /// The client closed it.
    Closed,
    /// The client broke the protocol or is not who its offer said; in the words of the WebRTC stack.
    Failed(String),
    /// The WebRTC stack failed inside. Other sessions are not affected.
    Panicked,
}

impl fmt::Display for LostReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NeverConnected => f.write_str("it did not connect in time"),
            Self::Unreachable => f.write_str("the client is unreachable"),
            Self::Closed => f.write_str("the client closed it"),
            Self::Failed(problem) => write!(f, "it failed: {problem}"),
            Self::Panicked => f.write_str("the WebRTC stack failed inside"),
        }
    }
}

/// Counters since the start, and sizes now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PlaneStats {
    /// Sessions, connected or not.
    pub peers: usize,
    /// Sessions that are up.
    pub connected: usize,
    /// Datagrams received.
    pub packets_in: u64,
    /// Bytes received, without UDP and IP headers.
    pub bytes_in: u64,
    /// Datagrams sent.
    pub packets_out: u64,
    /// Bytes sent, without UDP and IP headers.
    pub bytes_out: u64,
    /// Audio packets forwarded: one for each listener.
    pub forwarded: u64,
    /// Datagrams dropped because they belong to no session: scans, floods, leftovers.
    pub dropped_stranger: u64,
    /// Datagrams dropped because the session they name does not accept them: forged, replayed address, malformed.
    pub dropped_forged: u64,
    /// Datagrams the system would not send, for example because its buffer was full.
    pub dropped_send: u64,
    /// Sessions ended because the WebRTC stack failed inside.
    pub panics: u64,
}
