//! The events of a session that its client may not have got.

use jackfield_wire::Millis;
use std::{collections::VecDeque, sync::Arc};

/// An event as it goes over the wire: its text is shared by all sessions that are told the same.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    /// When it happened.
    pub(super) at: Millis,
    /// The event, as JSON.
    pub(super) body: Arc<str>,
    /// The batch it rests on.
    pub(super) batch: u64,
}

/// The newest events of a session, numbered without a gap. Empty, it holds no memory: most sessions are idle.
#[derive(Debug, Default)]
pub(super) struct Ring {
    events: VecDeque<Kept>,
    bytes: usize,
    /// The number of the newest event ever put in.
    last: u64,
    /// The newest batch of those events that were put out for want of room.
    lost_batch: u64,
}

impl Ring {
    /// The number of the newest event.
    pub(super) fn last(&self) -> u64 {
        self.last
    }

    /// How many events are kept.
    pub(super) fn len(&self) -> usize {
        self.events.len()
    }

    /// Puts an event in, and the oldest out where there are too many. Gives its number.
    pub(super) fn push(&mut self, event: Kept, most: usize, most_bytes: usize) -> u64 {
        self.bytes += event.body.len();
        self.events.push_back(event);
        self.last += 1;
        while self.events.len() > most || self.bytes > most_bytes {
            self.lost_batch = self.events.front().map_or(self.lost_batch, |event| event.batch);
            self.drop_oldest();
        }
        self.last
    }

    /// Forgets the events up to this number: they arrived.
    ///
    /// # Errors
    /// Where the number runs ahead of what was ever put in.
    pub(super) fn acknowledge(&mut self, seq: u64) -> Result<(), ()> {
        if seq > self.last {
            return Err(());
        }
        while !self.events.is_empty() && self.first() <= seq {
            self.drop_oldest();
        }
        if self.events.is_empty() {
            self.events = VecDeque::new();
        }
        Ok(())
    }

    /// The events after this number with their numbers, if all of them are still here.
    pub(super) fn after(&self, seq: u64) -> Option<impl Iterator<Item = (u64, &Kept)>> {
        let first = self.first();
        (seq <= self.last && seq + 1 >= first).then(|| {
            let skip = usize::try_from(seq + 1 - first).unwrap_or(usize::MAX);
            (first..).zip(&self.events).skip(skip)
        })
    }

    /// Takes back the events of batches after this one: they never were, and nobody was told. Their numbers are given again. Gives `false`
    /// where one of them is no longer here; then nothing is kept, no number comes twice, and the session must be told everything anew.
    pub(super) fn take_back(&mut self, committed: u64) -> bool {
        if self.lost_batch > committed {
            self.clear();
            self.lost_batch = 0;
            return false;
        }
        while let Some(event) = self.events.pop_back_if(|event| event.batch > committed) {
            self.bytes -= event.body.len();
            self.last -= 1;
        }
        true
    }

    /// Forgets all events; the numbers go on.
    pub(super) fn clear(&mut self) {
        self.events = VecDeque::new();
        self.bytes = 0;
    }

    /// The number of the oldest event kept, or of the next one to come.
    fn first(&self) -> u64 {
        self.last + 1 - self.events.len() as u64
    }

    fn drop_oldest(&mut self) {
        if let Some(event) = self.events.pop_front() {
            self.bytes -= event.body.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(count: usize) -> Ring {
        let mut ring = Ring::default();
        for n in 0..count {
            ring.push(Kept { at: n as Millis, body: "12345".into(), batch: n as u64 }, 4, 1000);
        }
        ring
    }

    fn numbers(ring: &Ring, after: u64) -> Option<Vec<u64>> {
        ring.after(after).map(|events| events.map(|(seq, _)| seq).collect())
    }

    #[test]
    fn replays_exactly_what_was_missed_or_says_that_it_can_not() {
        let ring = filled(10);
        assert_eq!(numbers(&ring, 10), Some(vec![]));
        assert_eq!(numbers(&ring, 8), Some(vec![9, 10]));
        assert_eq!(numbers(&ring, 6), Some(vec![7, 8, 9, 10]));
        assert_eq!(numbers(&ring, 5), None, "6 is gone");
        assert_eq!(numbers(&ring, 11), None, "it never came to that");
    }

    #[test]
    fn forgets_what_arrived() {
        let mut ring = filled(10);
        assert_eq!(ring.acknowledge(11), Err(()));
        assert_eq!(ring.acknowledge(2), Ok(()));
        assert_eq!(ring.len(), 4);
        assert_eq!(ring.acknowledge(9), Ok(()));
        assert_eq!(numbers(&ring, 9), Some(vec![10]));
        assert_eq!(ring.acknowledge(10), Ok(()));
        assert_eq!((ring.len(), ring.bytes, ring.last()), (0, 0, 10));
        assert_eq!(numbers(&ring, 10), Some(vec![]));
        assert_eq!(numbers(&ring, 9), None);
    }

    #[test]
    fn takes_back_what_never_was() {
        let mut ring = filled(10);
        assert!(ring.take_back(7), "the batches 8 and 9 failed");
        assert_eq!((ring.last(), numbers(&ring, 6)), (8, Some(vec![7, 8])));
        let mut ring = filled(10);
        assert!(!ring.take_back(4), "the event of batch 5 is no longer here");
        assert_eq!((ring.last(), numbers(&ring, 9)), (10, None));
    }

    #[test]
    fn holds_no_more_bytes_than_it_may() {
        let mut ring = Ring::default();
        for _ in 0..10 {
            ring.push(Kept { at: 0, body: "1234567890".into(), batch: 0 }, 100, 35);
        }
        assert_eq!((ring.len(), ring.bytes), (3, 30));
    }
}
