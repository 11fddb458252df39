//! Days and minutes.

use crate::config::StatisticsConfig;
use jackfield_wire::Millis;

/// A minute, the grain of the sliding window.
pub(crate) const MINUTE_MS: Millis = 60_000;

/// A day.
pub(super) const DAY_MS: Millis = 86_400_000;

/// How many minutes the sliding window has, the present one among them.
pub(crate) const WINDOW_MINUTES: u64 = 30;

/// When the tenant's day began that it is at a time.
pub(crate) fn day_start(settings: &StatisticsConfig, at: Millis) -> Millis {
    let offset = settings.day_starts.minutes() * MINUTE_MS;
    match at.checked_sub(offset) {
        Some(since_first) => since_first / DAY_MS * DAY_MS + offset,
        None => 0,
    }
}

/// When the sliding window begins at a time.
pub(super) fn window_start(at: Millis) -> Millis {
    (at / MINUTE_MS).saturating_sub(WINDOW_MINUTES - 1) * MINUTE_MS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_begin_when_the_tenant_says() {
        let noon = 20_000 * DAY_MS + DAY_MS / 2;
        let table = [("00:00", 0), ("06:30", 390), ("12:00", 720), ("12:01", 721), ("23:59", 1439)];
        for (text, minutes) in table {
            let settings: StatisticsConfig =
                serde_json::from_value(serde_json::json!({ "day_starts": text })).unwrap();
            let began = day_start(&settings, noon);
            assert_eq!(began % DAY_MS, minutes * MINUTE_MS, "{text}");
            assert!(began <= noon && noon < began + DAY_MS, "{text}");
            assert_eq!(day_start(&settings, began), began);
            assert_eq!(day_start(&settings, began - 1), began - DAY_MS);
        }
    }

    #[test]
    fn the_window_is_thirty_minutes_of_the_clock() {
        assert_eq!(window_start(100 * MINUTE_MS), 71 * MINUTE_MS);
        assert_eq!(window_start(101 * MINUTE_MS - 1), 71 * MINUTE_MS);
        assert_eq!(window_start(5), 0);
    }
}
