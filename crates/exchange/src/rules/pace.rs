//! How fast a line is served, and what that makes of the wait of who stands in it.

use jackfield_wire::Millis;
use serde::{Deserialize, Serialize};

/// Each conversation served counts an eighth: some twenty are remembered.
const WEIGHT: i64 = 8;

/// How fast a line was served of late.
///
/// What counts is how long conversations stood at the head of the line. The time from one service to the next would say more of when customers come: at night, with one
/// an hour, it would promise the next one an hour of waiting.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Pace {
    /// How long who is next waits, in milliseconds: an exponentially weighted mean.
    head_ms: u64,
    /// How many were served.
    served: u64,
    /// When the last one was.
    last: Millis,
}

impl Pace {
    /// Takes in that an agent took a conversation that came into the line at a time.
    pub(crate) fn serve(&mut self, came: Millis, at: Millis) {
        let stood = at.saturating_sub(came.max(self.last));
        let change = i64::try_from(stood).unwrap_or(i64::MAX).saturating_sub_unsigned(self.head_ms);
        self.head_ms = match self.served {
            0 => stood,
            _ => self.head_ms.saturating_add_signed(change / WEIGHT),
        };
        self.served += 1;
        self.last = at;
    }

    /// How long who has a place in the line (1 being next) may expect to wait from now on; `None` while nobody was served.
    pub(crate) fn wait(&self, place: u64) -> Option<u64> {
        (self.served > 0).then(|| self.head_ms.saturating_mul(place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_follows_how_long_conversations_stand_at_the_head() {
        let mut pace = Pace::default();
        assert_eq!(pace.wait(1), None);
        pace.serve(0, 8_000);
        assert_eq!((pace.wait(1), pace.wait(3)), (Some(8_000), Some(24_000)));
        // Came while the one before was at the head: stood there from its service on.
        pace.serve(1_000, 16_000);
        assert_eq!(pace.wait(1), Some(8_000));
        // Came into an empty line at a quiet hour and was served at once.
        pace.serve(3_600_000, 3_600_000);
        assert_eq!(pace.wait(1), Some(7_000));
        // A clock set back gives no wait below nothing.
        pace.serve(10, 5);
        assert_eq!(pace.wait(1), Some(6_125));
        pace.serve(0, Millis::MAX);
        assert!(pace.wait(u64::MAX).is_some());
    }
}
