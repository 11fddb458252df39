//! Which source a listener hears in which of its slots.
//!
//! A client has [`SLOTS`] audio tracks down, negotiated once. With no more sources than slots each source keeps its
//! slot for as long as it is audible. With more, the slots belong to those who speak.

use std::time::{Duration, Instant};

use crate::{PeerId, voice::Rank};

/// Audio tracks from the gateway to each client.
pub const SLOTS: usize = 4;

/// A speaker who took a slot keeps it at least this long against a louder one: a syllable must not be cut.
const HOLD: Duration = Duration::from_secs(1);
/// When all slots speak, a newcomer must be this much louder than the quietest of them, in dB.
const MARGIN: f32 = 6.0;

/// The slots of one listener. Pure: the time and the ranks of the sources come in as arguments.
///
/// ```
/// use std::time::Instant;
/// use jackfield_media::{PeerId, Rank, Slots};
///
/// let mut slots = Slots::new(4);
/// let sources = [PeerId(2), PeerId(3)];
/// assert!(slots.assign(Instant::now(), &sources, |_| Rank::default()));
/// assert_eq!(slots.slot_of(PeerId(3)), Some(1));
/// ```
#[derive(Debug, Default)]
pub struct Slots {
    holders: [Option<Holder>; SLOTS],
    capacity: usize,
}

#[derive(Clone, Copy, Debug)]
struct Holder {
    source: PeerId,
    since: Instant,
}

impl Slots {
    /// Slots for a client that negotiated `capacity` tracks down; more than [`SLOTS`] are not used.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self { holders: [None; SLOTS], capacity: capacity.min(SLOTS) }
    }

    /// Takes the listener's present sources. Who is no longer audible loses its slot; free slots go to the sources
    /// that deserve them most, lowest slot first; everyone else stays where it is. Returns whether anything changed.
    pub fn assign(&mut self, now: Instant, sources: &[PeerId], rank: impl Fn(PeerId) -> Rank) -> bool {
        let before = self.assignment();
        for holder in &mut self.holders {
            *holder = holder.filter(|holder| sources.contains(&holder.source));
        }
        let mut waiting: Vec<PeerId> = sources.to_vec();
        waiting.retain(|source| self.slot_of(*source).is_none());
        // A stable sort: of those who never spoke, who became audible first comes first.
        waiting.sort_by_key(|source| {
            let rank = rank(*source);
            (std::cmp::Reverse(rank.active), std::cmp::Reverse(rank.last_voice))
        });
        let free = self.holders[..self.capacity].iter_mut().filter(|holder| holder.is_none());
        for (holder, source) in free.zip(waiting) {
            *holder = Some(Holder { source, since: now });
        }
        self.assignment() != before
    }

    /// Lets a source without a slot ask for one, on each of its packets. It gets the slot of whoever has been silent
    /// longest or, when all of them speak, of the quietest if it is clearly louder. Returns whether anything changed.
    pub fn contend(&mut self, now: Instant, source: PeerId, rank: impl Fn(PeerId) -> Rank) -> bool {
        let challenger = rank(source);
        if !challenger.active || self.slot_of(source).is_some() {
            return false;
        }
        let Some(slot) = self.victim(now, challenger, rank) else { return false };
        self.holders[slot] = Some(Holder { source, since: now });
        true
    }

    /// The slot in which `source` is heard.
    #[must_use]
    pub fn slot_of(&self, source: PeerId) -> Option<usize> {
        self.holders.iter().position(|holder| holder.is_some_and(|holder| holder.source == source))
    }

    /// Who is heard in each slot.
    #[must_use]
    pub fn assignment(&self) -> [Option<PeerId>; SLOTS] {
        self.holders.map(|holder| holder.map(|holder| holder.source))
    }

    fn victim(&self, now: Instant, challenger: Rank, rank: impl Fn(PeerId) -> Rank) -> Option<usize> {
        let slots = &self.holders[..self.capacity];
        if let Some(free) = slots.iter().position(Option::is_none) {
            return Some(free);
        }
        let held =
            || slots.iter().flatten().enumerate().map(|(slot, holder)| (slot, holder, rank(holder.source)));
        let silent = held().filter(|(_, _, rank)| !rank.active).min_by_key(|(_, _, rank)| rank.last_voice);
        if let Some((slot, ..)) = silent {
            return Some(slot);
        }
        let settled = held().filter(|(_, holder, _)| now.saturating_duration_since(holder.since) >= HOLD);
        let quietest = settled.min_by(|a, b| a.2.level.total_cmp(&b.2.level))?;
        (challenger.level >= quietest.2.level + MARGIN).then_some(quietest.0)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    /// Ranks by peer number: time of last voice (ms since start) and level; active when listed in `speaking`.
    struct Floor {
        start: Instant,
        ranks: HashMap<u64, Rank>,
    }

    impl Floor {
        fn new() -> Self {
            Self { start: Instant::now(), ranks: HashMap::new() }
        }

        fn at(&self, ms: u64) -> Instant {
            self.start + Duration::from_millis(ms)
        }

        fn set(&mut self, peer: u64, active: bool, last_voice_ms: u64, level: f32) {
            let last_voice = Some(self.at(last_voice_ms));
            self.ranks.insert(peer, Rank { active, last_voice, level });
        }

        fn rank(&self) -> impl Fn(PeerId) -> Rank + '_ {
            |peer| self.ranks.get(&peer.0).copied().unwrap_or_default()
        }
    }

    fn peers<const N: usize>(numbers: [u64; N]) -> [PeerId; N] {
        numbers.map(PeerId)
    }

    fn numbers(slots: &Slots) -> [u64; SLOTS] {
        slots.assignment().map(|peer| peer.map_or(0, |peer| peer.0))
    }

    #[test]
    fn up_to_four_sources_keep_their_slots_whoever_comes_and_goes() {
        let floor = Floor::new();
        let mut slots = Slots::new(4);
        assert!(slots.assign(floor.start, &peers([1, 2]), floor.rank()));
        assert_eq!(numbers(&slots), [1, 2, 0, 0]);
        assert!(
            !slots.assign(floor.start, &peers([2, 1]), floor.rank()),
            "the order of sources is no change"
        );
        assert!(slots.assign(floor.start, &peers([2, 3, 4]), floor.rank()));
        assert_eq!(numbers(&slots), [3, 2, 4, 0]);
        assert!(slots.assign(floor.start, &peers([1, 2, 3, 4]), floor.rank()));
        assert_eq!(numbers(&slots), [3, 2, 4, 1]);
        assert!(slots.assign(floor.start, &[], floor.rank()));
        assert_eq!(numbers(&slots), [0; 4]);
    }

    #[test]
    fn the_fifth_speaker_takes_the_slot_that_was_silent_longest() {
        let mut floor = Floor::new();
        let mut slots = Slots::new(4);
        slots.assign(floor.start, &peers([1, 2, 3, 4, 5]), floor.rank());
        assert_eq!(numbers(&slots), [1, 2, 3, 4], "nobody has spoken: first come, first served");
        for (peer, last) in [(1, 900), (2, 400), (3, 700), (4, 800)] {
            floor.set(peer, false, last, -30.0);
        }
        assert!(!slots.contend(floor.at(1000), PeerId(5), floor.rank()), "silence takes no slot");
        floor.set(5, true, 1000, -40.0);
        assert!(slots.contend(floor.at(1000), PeerId(5), floor.rank()));
        assert_eq!(numbers(&slots), [1, 5, 3, 4]);
        assert!(!slots.contend(floor.at(1020), PeerId(5), floor.rank()), "it has a slot");
    }

    #[test]
    fn when_all_speak_only_a_clearly_louder_newcomer_gets_in_and_not_at_once() {
        let mut floor = Floor::new();
        let mut slots = Slots::new(4);
        slots.assign(floor.start, &peers([1, 2, 3, 4, 5]), floor.rank());
        for (peer, level) in [(1, -20.0), (2, -25.0), (3, -35.0), (4, -30.0), (5, -30.0)] {
            floor.set(peer, true, 500, level);
        }
        assert!(!slots.contend(floor.at(1500), PeerId(5), floor.rank()), "5 dB louder is not clearly louder");
        floor.set(5, true, 500, -29.0);
        assert!(!slots.contend(floor.at(999), PeerId(5), floor.rank()), "the slot is not a second old");
        assert!(slots.contend(floor.at(1000), PeerId(5), floor.rank()));
        assert_eq!(numbers(&slots), [1, 2, 5, 4]);
        assert!(!slots.contend(floor.at(1020), PeerId(3), floor.rank()), "no flutter back");
    }

    #[test]
    fn a_slot_that_falls_free_goes_to_the_waiting_source_that_spoke_last() {
        let mut floor = Floor::new();
        let mut slots = Slots::new(4);
        slots.assign(floor.start, &peers([1, 2, 3, 4, 5, 6]), floor.rank());
        floor.set(6, false, 100, -30.0);
        assert!(slots.assign(floor.at(200), &peers([1, 3, 4, 5, 6]), floor.rank()));
        assert_eq!(numbers(&slots), [1, 6, 3, 4]);
    }

    #[test]
    fn a_client_with_fewer_tracks_has_fewer_slots() {
        let mut floor = Floor::new();
        let mut slots = Slots::new(1);
        slots.assign(floor.start, &peers([1, 2]), floor.rank());
        assert_eq!(numbers(&slots), [1, 0, 0, 0]);
        floor.set(2, true, 10, -20.0);
        assert!(slots.contend(floor.at(20), PeerId(2), floor.rank()));
        assert_eq!(numbers(&slots), [2, 0, 0, 0]);
        let mut none = Slots::new(0);
        assert!(!none.assign(floor.start, &peers([1]), floor.rank()));
        assert!(!none.contend(floor.at(20), PeerId(2), floor.rank()));
    }
}
