//! Minutes.

use jackfield_wire::Millis;

/// A minute, the grain of the sliding window.
pub(crate) const MINUTE_MS: Millis = 60_000;

/// How many minutes the sliding window has, the present one among them.
pub(crate) const WINDOW_MINUTES: u64 = 30;

/// When the sliding window begins at a time.
pub(super) fn window_start(at: Millis) -> Millis {
    (at / MINUTE_MS).saturating_sub(WINDOW_MINUTES - 1) * MINUTE_MS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_is_thirty_minutes_of_the_clock() {
        assert_eq!(window_start(100 * MINUTE_MS), 71 * MINUTE_MS);
        assert_eq!(window_start(101 * MINUTE_MS - 1), 71 * MINUTE_MS);
        assert_eq!(window_start(5), 0);
    }
}
