//! Every frame, id and error code that crosses Jackfield's socket; nothing else.
//!
//! A client speaks JSON text frames over a WebSocket (RFC 6455) opened with the sub-protocol [`PROTOCOL`]. A text message holds one
//! frame, or an array of 1 to [`limits::BATCH`] frames. The whole description, with examples, is `docs/wire.md`;
//! the JSON Schema beside it is generated from these types.
//!
//! - [`ClientFrame`]: what a client sends. The first must be [`ClientFrame::Hello`].
//! - [`ServerFrame`]: what the gateway sends. The first is [`ServerFrame::Welcome`], or [`ServerFrame::Error`] and the end.
//! - [`Code`]: the one table of errors, with number, cause and remedy.
//! - [`decode_client`], [`decode_server`], [`encode`]: the only way in and out. They hold the limits.
//!
//! Times are milliseconds since the Unix epoch ([`Millis`]); all numbers stay below 2⁵³, so JavaScript reads them exactly.
//!
//! ```
//! use jackfield_wire::{ClientFrame, decode_client};
//! let frames = decode_client(r#"{"type":"ack","seq":7}"#)?;
//! assert_eq!(frames, vec![ClientFrame::Ack { seq: 7 }]);
//! # Ok::<(), jackfield_wire::WireError>(())
//! ```

mod attributes;
mod client;
mod code;
mod codec;
mod command;
mod context;
mod declare;
mod event;
mod explain;
mod floor;
mod ids;
mod json;
pub mod lean;
pub mod limits;
mod read;
#[cfg(feature = "schema")]
pub mod schema;
mod secret;
mod server;
mod view;

pub use attributes::{AttributeValue, Attributes, Number, check_attributes};
pub use client::{ClientFrame, ClientInfo, Resume};
pub use code::{Code, CodeInfo, WireError};
pub use codec::{decode_client, decode_resume, decode_server, encode, encode_batch};
pub use command::*;
pub use context::*;
pub use event::*;
pub use explain::*;
pub use floor::*;
pub use ids::{
    CommandId, ConversationId, InvalidId, OfferId, ParticipantId, QueueId, SessionId, TenantId, UserId,
};
pub use secret::Secret;
pub use server::*;
pub use view::*;

/// The WebSocket sub-protocol that names this version of the wire. A later version gets a new name; this one keeps its meaning.
pub const PROTOCOL: &str = "jackfield.v1";

/// Every sub-protocol this crate can speak, newest first.
pub const PROTOCOLS: [&str; 1] = [PROTOCOL];

/// Milliseconds since the Unix epoch.
pub type Millis = u64;
