//! How many commands a session may send (W9).

use jackfield_wire::Millis;

/// A token bucket: it holds up to a burst and fills at a steady rate. Counted in thousandths of a command, so that no rate is rounded away.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bucket {
    filled: u64,
    at: Millis,
}

impl Bucket {
    /// A full bucket.
    pub(super) fn full(burst: u32, now: Millis) -> Self {
        Self { filled: u64::from(burst) * 1000, at: now }
    }

    /// Takes one command out.
    ///
    /// # Errors
    /// The milliseconds after which there will be one.
    pub(super) fn take(&mut self, per_second: u32, burst: u32, now: Millis) -> Result<(), u32> {
        let rate = u64::from(per_second.max(1));
        let most = u64::from(burst.max(1)) * 1000;
        // A command a second is a thousandth of a command a millisecond.
        self.filled = self.filled.saturating_add(now.saturating_sub(self.at).saturating_mul(rate)).min(most);
        self.at = now;
        if self.filled >= 1000 {
            self.filled -= 1000;
            return Ok(());
        }
        Err(u32::try_from((1000 - self.filled).div_ceil(rate)).unwrap_or(u32::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_a_burst_and_then_the_rate() {
        let mut bucket = Bucket::full(3, 0);
        for _ in 0..3 {
            assert_eq!(bucket.take(10, 3, 0), Ok(()));
        }
        assert_eq!(bucket.take(10, 3, 0), Err(100));
        assert_eq!(bucket.take(10, 3, 40), Err(60));
        assert_eq!(bucket.take(10, 3, 100), Ok(()));
        assert_eq!(bucket.take(10, 3, 100), Err(100));
        assert_eq!(bucket.take(10, 3, 1_000_000), Ok(()), "it never holds more than the burst");
        assert_eq!(bucket.take(10, 3, 1_000_000), Ok(()));
        assert_eq!(bucket.take(10, 3, 1_000_000), Ok(()));
        assert!(bucket.take(10, 3, 1_000_000).is_err());
    }
}
