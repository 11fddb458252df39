//! Jackfield's audio plane: the patch matrix and the WebRTC peers. Knows no agents or queues.
//!
//! - [`Patch`] says who hears whom. Hold, mute, listen, whisper and barge are rows of it and nothing else.
//! - [`Slots`] says which source a listener hears in which of its four tracks, by [`Voice`] activity when there are more.
//! - [`MediaPlane`] runs the WebRTC sessions (ICE-lite, DTLS-SRTP, Opus) of all clients and forwards their packets
//!   accordingly, without transcoding.
//!
//! A session is negotiated once, warm: no call control needs another negotiation.

mod ids;
mod patch;
mod plane;
mod rebase;
mod slots;
mod voice;

pub use ids::{PeerId, RoomId};
pub use patch::{Leg, MAX_LEGS, Patch, PatchError, Role};
pub use plane::{
    LostReason, MAX_SDP, MediaConfig, MediaError, MediaEvent, MediaEvents, MediaPlane, OfferError, PlaneStats,
};
pub use slots::{SLOTS, Slots};
pub use voice::{Rank, Voice};
