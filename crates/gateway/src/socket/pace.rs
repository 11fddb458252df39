//! How fast one connection is read. Who sends more waits, as its bytes stay in the network: nothing is dropped and nobody else is slower.

use std::time::{Duration, Instant};

/// Messages that may come at once, and how often one more may.
const BURST: u32 = 400;
const EVERY: Duration = Duration::from_millis(5);
/// Messages that can't be read, at once, and how often one more may come.
const MISTAKES: u32 = 20;
const MISTAKE_EVERY: Duration = Duration::from_secs(1);

/// Allowances of one connection.
#[derive(Debug)]
pub(super) struct Pace {
    messages: Allowance,
    mistakes: Allowance,
}

impl Pace {
    pub(super) fn new(now: Instant) -> Self {
        Self { messages: Allowance { full_at: now }, mistakes: Allowance { full_at: now } }
    }

    /// A message came. Gives until when no other is read, if it was too fast.
    pub(super) fn message(&mut self, now: Instant) -> Option<Instant> {
        self.messages.take(now, EVERY, BURST)
    }

    /// A message could not be read. Gives whether that was once too often.
    pub(super) fn mistake(&mut self, now: Instant) -> bool {
        self.mistakes.take(now, MISTAKE_EVERY, MISTAKES).is_some()
    }
}

#[derive(Debug)]
struct Allowance {
    full_at: Instant,
}

impl Allowance {
    /// Takes one. Gives when the allowance is no longer overdrawn, if it is.
    fn take(&mut self, now: Instant, every: Duration, burst: u32) -> Option<Instant> {
        self.full_at = self.full_at.max(now) + every;
        let free_at = self.full_at.checked_sub(every * burst)?;
        (free_at > now).then_some(free_at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_a_flood_waits() {
        let now = Instant::now();
        let mut pace = Pace::new(now);
        assert!((0..BURST).all(|_| pace.message(now).is_none()));
        assert_eq!(pace.message(now), Some(now + EVERY));
        assert_eq!(pace.message(now + Duration::from_secs(60)), None);
        assert!((0..MISTAKES).all(|_| !pace.mistake(now)));
        assert!(pace.mistake(now));
    }
}
