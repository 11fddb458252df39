//! Jackfield's audio plane: the patch matrix and the WebRTC peers. Knows no agents or queues.

mod ids;
mod patch;
mod rebase;
mod slots;
mod voice;

pub use ids::{PeerId, RoomId};
pub use patch::{Leg, MAX_LEGS, Patch, PatchError, Role};
pub use slots::{SLOTS, Slots};
pub use voice::{Rank, Voice};
