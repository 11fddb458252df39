//! The server's side of a WebSocket (RFC 6455), written for many idle connections and strict readers.
//!
//! An idle connection owns no buffer at all: bytes are read into a scratch area of the thread, and only an incomplete frame is
//! kept. Every bound of the wire (message size, fragments, control frames) is held here, before a byte reaches the decoder,
//! and each breach has its own close code. The libraries at hand keep 8 KiB a connection or cannot count fragments.

mod frame;
mod handshake;
mod inbound;
mod stream;

pub(crate) use handshake::{accept_key, requested};
pub(crate) use inbound::{Breach, Item};
pub(crate) use stream::{Gone, WebSocket};

/// Close codes of RFC 6455, section 7.4.1, that this side sends by itself.
pub(crate) mod close {
    /// A frame that the protocol does not allow.
    pub(crate) const PROTOCOL: u16 = 1002;
    /// A binary message.
    pub(crate) const UNSUPPORTED: u16 = 1003;
    /// A text that is not UTF-8.
    pub(crate) const INVALID_TEXT: u16 = 1007;
    /// Within the protocol, but not within what is decent: ping floods, endless fragments.
    pub(crate) const POLICY: u16 = 1008;
    /// A message that is too large.
    pub(crate) const TOO_BIG: u16 = 1009;
}
