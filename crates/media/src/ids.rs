//! Names the caller gives to the things the media plane connects.

use std::fmt;

/// One connected client: the far end of one WebRTC session.
///
/// The caller chooses the number and keeps it for as long as the client is the same, across ICE restarts and page
/// reloads. The plane never makes one up.
///
/// ```
/// use jackfield_media::PeerId;
///
/// assert_eq!(PeerId(7).to_string(), "peer 7");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PeerId(pub u64);

/// One group of legs that may hear each other. A peer may be in several rooms at once: held in one, talking in another.
///
/// ```
/// use jackfield_media::RoomId;
///
/// assert_eq!(RoomId(3).to_string(), "room 3");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoomId(pub u64);

impl fmt::Display for PeerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "peer {}", self.0)
    }
}

impl fmt::Display for RoomId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "room {}", self.0)
    }
}
