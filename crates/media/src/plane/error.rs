//! What can go wrong, each with what to do about it.

use std::net::SocketAddr;

use crate::{PatchError, PeerId, SLOTS};

/// Longest session description that is read, in bytes.
pub const MAX_SDP: usize = 64 * 1024;

/// Why the media plane refused something.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MediaError {
    /// A setting is wrong.
    #[error("{field}: {problem}")]
    Config {
        /// The field of [`MediaConfig`](super::MediaConfig).
        field: &'static str,
        /// What is wrong with it, and the remedy.
        problem: String,
    },
    /// An address cannot be bound.
    #[error("bind: cannot open UDP {addr}: {source}; choose a free port and an address of this machine")]
    Bind {
        /// The address that was asked for.
        addr: SocketAddr,
        /// What the system says.
        source: std::io::Error,
    },
    /// The media thread could not be started.
    #[error("cannot start the media thread: {0}")]
    Thread(std::io::Error),
    /// The session description cannot be used. Sessions are as they were.
    #[error("offer: {0}")]
    Offer(#[from] OfferError),
    /// The legs of a room cannot be used.
    #[error(transparent)]
    Patch(#[from] PatchError),
    /// All places are taken.
    #[error("the gateway has its {max} voice sessions; try again later or on another node")]
    Full {
        /// The limit, [`MediaConfig::max_peers`](super::MediaConfig::max_peers).
        max: usize,
    },
    /// The offer continues a session that was closed or lost; its keys are gone.
    #[error("the voice session of {0} is over; make a new RTCPeerConnection and offer that")]
    SessionOver(PeerId),
    /// The WebRTC stack failed on this offer. The session, if there was one, is lost.
    #[error("the voice session of {0} failed inside; make a new RTCPeerConnection and offer that")]
    Panicked(PeerId),
    /// The plane has been shut down.
    #[error("the media plane has stopped")]
    Stopped,
}

/// What is wrong with a session description (SDP, RFC 8866).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OfferError {
    /// Longer than [`MAX_SDP`].
    #[error("{0} bytes are more than {MAX_SDP}; offer the audio lines only")]
    TooLong(usize),
    /// Not SDP at all, or broken; the reason as the parser gives it.
    #[error("not a session description: {0}")]
    NotSdp(String),
    /// No `m=` line.
    #[error("no m= line; add one sendonly and {SLOTS} recvonly audio transceivers")]
    NoMedia,
    /// An `m=` line that is not audio over DTLS-SRTP.
    #[error("m= line {line} is not audio over UDP/TLS/RTP/SAVPF; offer audio transceivers only")]
    NotAudio {
        /// Number of the `m=` line, from 1.
        line: usize,
    },
    /// An attribute that every audio line needs is missing.
    #[error("m= line {line} has no a={attribute}; offer what RTCPeerConnection makes, unchanged")]
    Missing {
        /// Number of the `m=` line, from 1.
        line: usize,
        /// Name of the attribute.
        attribute: &'static str,
    },
    /// A `mid` that is too long, has odd characters, or is used twice.
    #[error("a=mid:{0} is used twice or is not 1 to 16 letters and digits")]
    BadMid(String),
    /// The lines are not all in one BUNDLE group.
    #[error("a=mid:{0} is not in a=group:BUNDLE; set bundlePolicy to \"max-bundle\"")]
    NotBundled(String),
    /// Keys in clear text.
    #[error("m= line {line} carries keys in a=crypto; offer DTLS only")]
    Crypto {
        /// Number of the `m=` line, from 1.
        line: usize,
    },
    /// No fingerprint with SHA-256.
    #[error("no a=fingerprint:sha-256; the session could not be verified")]
    NoFingerprint,
    /// A line that cannot carry Opus.
    #[error("m= line {line} has no opus/48000/2; keep Opus among the codecs")]
    NoOpus {
        /// Number of the `m=` line, from 1.
        line: usize,
    },
    /// More than one line on which the client sends.
    #[error("more than one line sends; the client has one audio track up")]
    TwoUps,
    /// More than [`SLOTS`] lines on which the client receives.
    #[error("{0} recvonly lines are more than {SLOTS}")]
    TooManySlots(usize),
    /// A later offer of the same session moved or dropped lines.
    #[error("the m= lines of this session were {was:?} and must stay the first ones, in this order")]
    Reordered {
        /// The mids of the session so far.
        was: Vec<String>,
    },
    /// The WebRTC stack refused it, in its words.
    #[error("refused: {0}")]
    Refused(String),
}
