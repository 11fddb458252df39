//! Names the caller gives to the things the media plane connects.

use std::collections::HashMap;
use std::fmt;
use std::hash::{BuildHasherDefault, Hasher};

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

/// A table by peer. A packet is looked up a dozen times, and the numbers come from the gateway and not from strangers, so
/// the standard library's protection against chosen keys would cost much for nothing.
pub(crate) type PeerMap<V> = HashMap<PeerId, V, BuildHasherDefault<PeerHasher>>;

/// Spreads a number over all bits: the table takes the bucket from the lower ones and a tag from the upper ones.
#[derive(Debug, Default)]
pub(crate) struct PeerHasher(u64);

impl Hasher for PeerHasher {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    fn write_u64(&mut self, number: u64) {
        // The fractional part of the golden ratio (Knuth, The Art of Computer Programming, 6.4).
        let mixed = (self.0 ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ (mixed >> 32);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
