//! What a client must understand of the wire, and no more: the ids and figures it works with. All else it hands on as the JSON that it is.
//!
//! The SDK is made of these types. A command, an answer, an event or a field that is new at the gateway costs it no code: it comes out of [`Members`] as it went in.
//! The gateway and all tests have the whole types ([`crate::Command`], [`crate::ServerFrame`]), and a test holds both against each other.
//!
//! ```
//! use jackfield_wire::lean::{Event, ServerFrame, decode_server};
//! let text = r#"{"type":"event","seq":1,"at":2,"event":{"type":"contextChanged","conversationId":"c1","tags":["vip"]}}"#;
//! let frames = decode_server(text)?;
//! let [ServerFrame::Event { event: Event::Other { kind, rest, .. }, .. }] = &frames[..] else { panic!() };
//! assert_eq!((kind.as_str(), rest.get("tags")), ("contextChanged", Some(r#"["vip"]"#)));
//! # Ok::<(), jackfield_wire::WireError>(())
//! ```

mod command;
mod frame;
mod members;
mod outcome;
#[cfg(test)]
mod tests;
mod view;
mod write;

pub use command::Command;
pub use frame::{Event, ServerFrame, Signal, Welcome, decode_server};
pub use members::Members;
pub use outcome::Outcome;
pub use view::{Conversation, Floor, Leg, Message, Offer, Participant, Presence, Row, Snapshot, User};
pub use write::{Json, ack, auth, bye, command, hello, pong};
