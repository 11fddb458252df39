//! When each session wants to be woken.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Instant;

use crate::PeerId;
use crate::ids::PeerMap;

/// One deadline for each session, found without looking at all sessions.
///
/// A session's deadline moves with every packet, mostly to later. Only moves to an earlier time are put on the heap;
/// a later one is noticed when the earlier one comes up.
#[derive(Debug, Default)]
pub(super) struct Timers {
    heap: BinaryHeap<Reverse<(Instant, PeerId)>>,
    /// The earliest entry of each peer on the heap; all its others are stale.
    armed: PeerMap<Instant>,
}

impl Timers {
    /// Wakes `peer` at `at` or, if it is armed for an earlier time, already then.
    pub(super) fn arm(&mut self, peer: PeerId, at: Instant) {
        let armed = self.armed.get(&peer);
        if armed.is_none_or(|armed| at < *armed) {
            self.armed.insert(peer, at);
            self.heap.push(Reverse((at, peer)));
        }
    }

    pub(super) fn forget(&mut self, peer: PeerId) {
        self.armed.remove(&peer);
    }

    /// The next time at which [`pop`](Self::pop) may have somebody.
    pub(super) fn next(&self) -> Option<Instant> {
        self.heap.peek().map(|Reverse((at, _))| *at)
    }

    /// Somebody whose time has come; it must be armed again. Each is given once.
    pub(super) fn pop(&mut self, now: Instant) -> Option<PeerId> {
        loop {
            let Reverse((at, peer)) = self.heap.peek().filter(|Reverse((at, _))| *at <= now).copied()?;
            self.heap.pop();
            if self.armed.get(&peer) == Some(&at) {
                self.armed.remove(&peer);
                return Some(peer);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_earliest_deadline_of_each_peer_counts_once() {
        let start = Instant::now();
        let ms = |ms| start + Duration::from_millis(ms);
        let mut timers = Timers::default();
        timers.arm(PeerId(1), ms(30));
        timers.arm(PeerId(1), ms(10));
        timers.arm(PeerId(1), ms(50));
        timers.arm(PeerId(2), ms(20));
        assert_eq!(timers.next(), Some(ms(10)));
        assert_eq!(timers.pop(ms(9)), None);
        assert_eq!(timers.pop(ms(40)), Some(PeerId(1)));
        assert_eq!(timers.pop(ms(40)), Some(PeerId(2)));
        assert_eq!(timers.pop(ms(40)), None, "the entry for 30 ms is stale");
    }

    #[test]
    fn a_forgotten_peer_is_not_woken() {
        let start = Instant::now();
        let mut timers = Timers::default();
        timers.arm(PeerId(1), start);
        timers.forget(PeerId(1));
        assert_eq!(timers.pop(start), None);
        assert_eq!(timers.next(), None);
    }
}
