//! The patch: who hears whom.
//!
//! Every call control is a row of this matrix and nothing else. Hold, mute, listen, whisper and barge never touch a
//! WebRTC session; they change which packets are forwarded to whom. The module is pure: no clock, no socket.

use std::collections::HashMap;

use crate::ids::PeerMap;
use crate::{PeerId, RoomId};

/// The most legs one room may have. The matrix of a room grows with the square of its legs.
pub const MAX_LEGS: usize = 64;

/// What a leg may say and to whom. Every role hears all that is said in the room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// An ordinary party: heard by everyone in the room.
    Talker,
    /// A supervisor who listens in: hears the room, is heard by nobody.
    Listener,
    /// A supervisor who coaches: hears the room, is heard by one peer only.
    Whisper {
        /// The only peer that hears the whisper. If it is not in the room, nobody does.
        to: PeerId,
    },
    /// A supervisor who has joined in: heard by everyone in the room.
    Barge,
}

/// One party's place in a room.
///
/// ```
/// use jackfield_media::{Leg, PeerId};
///
/// let held = Leg { held: true, ..Leg::talker(PeerId(1)) };
/// assert!(!held.muted);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Leg {
    /// Whose leg it is.
    pub peer: PeerId,
    /// What the leg may say and to whom.
    pub role: Role,
    /// Nobody in the room hears this leg.
    pub muted: bool,
    /// The leg is cut off in both directions: it hears nobody and nobody hears it.
    pub held: bool,
}

impl Leg {
    /// A leg that talks and hears: neither muted nor held.
    #[must_use]
    pub fn talker(peer: PeerId) -> Self {
        Self::with_role(peer, Role::Talker)
    }

    /// A leg with this role, neither muted nor held.
    #[must_use]
    pub fn with_role(peer: PeerId, role: Role) -> Self {
        Self { peer, role, muted: false, held: false }
    }

    /// Whether `listener` hears this leg, both being in the same room. A leg never hears itself.
    #[must_use]
    pub fn reaches(&self, listener: &Leg) -> bool {
        let cut = self.muted || self.held || listener.held || self.peer == listener.peer;
        !cut && self.speaks_to(listener.peer)
    }

    fn speaks_to(&self, listener: PeerId) -> bool {
        match self.role {
            Role::Talker | Role::Barge => true,
            Role::Listener => false,
            Role::Whisper { to } => to == listener,
        }
    }
}

/// Why a room's legs were refused. The patch is then as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatchError {
    /// The same peer twice: which of its flags should count?
    #[error("legs: {peer} is listed twice in {room}; give each peer one leg per room")]
    DuplicatePeer {
        /// The room that was to be set.
        room: RoomId,
        /// The peer that is listed twice.
        peer: PeerId,
    },
    /// More legs than [`MAX_LEGS`].
    #[error("legs: {room} has {legs} legs, more than {MAX_LEGS}; split it into several rooms")]
    TooManyLegs {
        /// The room that was to be set.
        room: RoomId,
        /// How many legs were given.
        legs: usize,
    },
}

/// The matrix of all rooms. Setting a room costs the square of that room's legs and nothing for the other rooms.
///
/// ```
/// use jackfield_media::{Leg, Patch, PeerId, RoomId};
///
/// let (agent, customer) = (PeerId(1), PeerId(2));
/// let mut patch = Patch::default();
/// patch.set_room(RoomId(1), &[Leg::talker(agent), Leg::talker(customer)])?;
/// assert!(patch.hears(agent, customer));
///
/// let held = Leg { held: true, ..Leg::talker(customer) };
/// patch.set_room(RoomId(1), &[Leg::talker(agent), held])?;
/// assert!(!patch.hears(agent, customer) && !patch.hears(customer, agent));
/// # Ok::<(), jackfield_media::PatchError>(())
/// ```
#[derive(Debug, Default)]
pub struct Patch {
    rooms: HashMap<RoomId, Vec<Edge>>,
    rows: PeerMap<Row>,
}

/// One peer's part of the matrix, kept in both directions: forwarding asks for listeners, slots ask for sources.
#[derive(Debug, Default)]
struct Row {
    sources: Vec<Link>,
    listeners: Vec<PeerId>,
}

/// A source of a listener, and in how many rooms it reaches it. Leaving one room must not cut the other.
#[derive(Debug)]
struct Link {
    source: PeerId,
    rooms: usize,
}

#[derive(Clone, Copy, Debug)]
struct Edge {
    source: PeerId,
    listener: PeerId,
}

impl Patch {
    /// Replaces the legs of a room and returns the listeners whose sources changed, each once, in order of peer.
    ///
    /// An empty list of legs is the same as [`clear_room`](Self::clear_room).
    ///
    /// # Errors
    /// [`PatchError`] if a peer is listed twice or there are more than [`MAX_LEGS`] legs.
    pub fn set_room(&mut self, room: RoomId, legs: &[Leg]) -> Result<Vec<PeerId>, PatchError> {
        check(room, legs)?;
        let edges = edges(legs);
        let before = self.rooms.remove(&room).unwrap_or_default();
        let mut changed = Vec::new();
        // Connect before disconnecting, so that a link which stays never falls to zero in between and its slot
        // is not given away.
        for edge in &edges {
            self.connect(*edge, &mut changed);
        }
        for edge in &before {
            self.disconnect(*edge, &mut changed);
        }
        if !edges.is_empty() {
            self.rooms.insert(room, edges);
        }
        changed.sort_unstable();
        changed.dedup();
        Ok(changed)
    }

    /// Takes all legs out of a room and returns the listeners whose sources changed. An unknown room changes nothing.
    pub fn clear_room(&mut self, room: RoomId) -> Vec<PeerId> {
        self.set_room(room, &[]).unwrap_or_default()
    }

    /// Whether `listener` hears `source` in at least one room.
    #[must_use]
    pub fn hears(&self, listener: PeerId, source: PeerId) -> bool {
        self.rows.get(&listener).is_some_and(|row| row.sources.iter().any(|link| link.source == source))
    }

    /// Everyone `listener` hears, in the order in which they became audible.
    pub fn sources_of(&self, listener: PeerId) -> impl Iterator<Item = PeerId> + '_ {
        self.rows.get(&listener).into_iter().flat_map(|row| row.sources.iter().map(|link| link.source))
    }

    /// Everyone who hears `source`.
    #[must_use]
    pub fn listeners_of(&self, source: PeerId) -> &[PeerId] {
        self.rows.get(&source).map_or(&[], |row| &row.listeners)
    }

    fn connect(&mut self, Edge { source, listener }: Edge, changed: &mut Vec<PeerId>) {
        let sources = &mut self.rows.entry(listener).or_default().sources;
        if let Some(link) = sources.iter_mut().find(|link| link.source == source) {
            link.rooms += 1;
            return;
        }
        sources.push(Link { source, rooms: 1 });
        self.rows.entry(source).or_default().listeners.push(listener);
        changed.push(listener);
    }

    fn disconnect(&mut self, Edge { source, listener }: Edge, changed: &mut Vec<PeerId>) {
        let Some(row) = self.rows.get_mut(&listener) else { return };
        let Some(at) = row.sources.iter().position(|link| link.source == source) else { return };
        row.sources[at].rooms -= 1;
        if row.sources[at].rooms > 0 {
            return;
        }
        row.sources.remove(at);
        if let Some(row) = self.rows.get_mut(&source) {
            row.listeners.retain(|peer| *peer != listener);
        }
        self.forget_if_alone(listener);
        self.forget_if_alone(source);
        changed.push(listener);
    }

    /// Peers come and go for years; an empty row must not stay behind.
    fn forget_if_alone(&mut self, peer: PeerId) {
        if self.rows.get(&peer).is_some_and(|row| row.sources.is_empty() && row.listeners.is_empty()) {
            self.rows.remove(&peer);
        }
    }
}

fn check(room: RoomId, legs: &[Leg]) -> Result<(), PatchError> {
    if legs.len() > MAX_LEGS {
        return Err(PatchError::TooManyLegs { room, legs: legs.len() });
    }
    for (at, leg) in legs.iter().enumerate() {
        if legs[..at].iter().any(|other| other.peer == leg.peer) {
            return Err(PatchError::DuplicatePeer { room, peer: leg.peer });
        }
    }
    Ok(())
}

fn edges(legs: &[Leg]) -> Vec<Edge> {
    let pairs = legs.iter().flat_map(|source| legs.iter().map(move |listener| (source, listener)));
    pairs
        .filter(|(source, listener)| source.reaches(listener))
        .map(|(source, listener)| Edge { source: source.peer, listener: listener.peer })
        .collect()
}
