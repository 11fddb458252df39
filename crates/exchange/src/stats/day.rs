//! The tenant's days: from a time of its clock to the same time on the next, which is 23 or 25 hours later where summer time begins or ends.

use crate::{
    config::StatisticsConfig,
    rules::{date_at, moment},
};
use jackfield_wire::Millis;
use jiff::{civil::Date, tz::TimeZone};

/// A day: from a moment up to another, which is not part of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Day {
    pub(crate) from: Millis,
    pub(crate) to: Millis,
}

impl Day {
    pub(crate) fn contains(self, at: Millis) -> bool {
        (self.from..self.to).contains(&at)
    }
}

/// When a tenant's days begin.
#[derive(Debug, Clone)]
pub(crate) struct Days {
    zone: TimeZone,
    /// Minutes after midnight.
    starts: u16,
}

impl Days {
    pub(crate) fn new(zone: &TimeZone, settings: &StatisticsConfig) -> Self {
        Self { zone: zone.clone(), starts: settings.day_starts.minutes() }
    }

    /// The day in which a moment is. The first begins with the epoch.
    ///
    /// The date alone does not say which: where a day begins at 06:00, 05:00 is of the day before; and a date that a place skipped begins with the next.
    pub(crate) fn of(&self, at: Millis) -> Day {
        let before = date_at(&self.zone, at).and_then(|date| date.yesterday().ok());
        let dates = std::iter::successors(before, |date| date.tomorrow().ok());
        let starts: Vec<_> =
            dates.take(4).filter_map(|date: Date| moment(&self.zone, date, self.starts)).collect();
        Day {
            from: starts.iter().copied().filter(|start| *start <= at).max().unwrap_or_default(),
            to: starts.iter().copied().filter(|start| *start > at).min().unwrap_or(Millis::MAX),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;
    use proptest::prelude::*;

    const MINUTE_MS: Millis = 60_000;
    const HOUR_MS: Millis = 60 * MINUTE_MS;

    fn days(zone: &str, starts: &str) -> Days {
        let settings = serde_json::json!({ "day_starts": starts });
        Days::new(&crate::rules::zone(zone).unwrap(), &serde_json::from_value(settings).unwrap())
    }

    fn at(text: &str) -> Millis {
        text.parse::<Timestamp>().unwrap().as_millisecond().unsigned_abs()
    }

    #[test]
    fn days_begin_when_the_tenants_clock_says() {
        for (zone, starts, now, from, hours) in [
            ("UTC", "00:00", "2026-01-05T12:00:00Z", "2026-01-05T00:00:00Z", 24),
            ("UTC", "12:01", "2026-01-05T12:00:00Z", "2026-01-04T12:01:00Z", 24),
            ("Asia/Seoul", "00:00", "2026-01-05T12:00:00Z", "2026-01-04T15:00:00Z", 24),
            ("Asia/Seoul", "06:00", "2026-01-05T20:59:59Z", "2026-01-04T21:00:00Z", 24),
            // Summer time begins on 29 March 2026 at 02:00 in Berlin, and ends on 25 October.
            ("Europe/Berlin", "00:00", "2026-03-29T12:00:00Z", "2026-03-28T23:00:00Z", 23),
            ("Europe/Berlin", "00:00", "2026-03-30T12:00:00Z", "2026-03-29T22:00:00Z", 24),
            ("Europe/Berlin", "00:00", "2026-10-25T12:00:00Z", "2026-10-24T22:00:00Z", 25),
            // A time that is not there on that day is as far after the gap; of one that is there twice, the first counts.
            ("Europe/Berlin", "02:30", "2026-03-29T12:00:00Z", "2026-03-29T01:30:00Z", 23),
            ("Europe/Berlin", "02:30", "2026-10-25T01:00:00Z", "2026-10-25T00:30:00Z", 25),
            // Samoa had no 30 December 2011.
            ("Pacific/Apia", "00:00", "2011-12-31T12:00:00Z", "2011-12-31T10:00:00Z", 24),
            ("Pacific/Apia", "00:00", "2011-12-30T09:59:59Z", "2011-12-29T10:00:00Z", 24),
        ] {
            let day = days(zone, starts).of(at(now));
            assert_eq!(day.from, at(from), "{zone} {starts} {now}");
            assert_eq!(day.to - day.from, hours * HOUR_MS, "{zone} {starts} {now}");
        }
    }

    #[test]
    fn before_the_first_day_there_is_one_from_the_epoch() {
        assert_eq!(days("Asia/Seoul", "12:00").of(5).from, 0);
    }

    /// The clock of a place, looked at minute by minute: the day begins where it first shows the time or a later one of a date that it has not begun yet.
    fn naive(zone: &TimeZone, starts: u16, at: Millis) -> Millis {
        let shown = |at: Millis| {
            let time = crate::rules::clock(zone, at).unwrap();
            let minutes =
                u16::from(time.hour().unsigned_abs()) * 60 + u16::from(time.minute().unsigned_abs());
            if minutes >= starts { time.date() } else { time.date().yesterday().unwrap() }
        };
        let (mut newest, mut began) = (shown(at - 72 * HOUR_MS), 0);
        for minute in (at - 72 * HOUR_MS) / MINUTE_MS..=at / MINUTE_MS {
            let date = shown(minute * MINUTE_MS);
            if date > newest {
                (newest, began) = (date, minute * MINUTE_MS);
            }
        }
        began
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn days_are_what_the_clock_shows(
            zone in proptest::sample::select(vec![
                "Europe/Berlin", "America/New_York", "Asia/Seoul", "Australia/Lord_Howe", "America/St_Johns", "Africa/Casablanca",
            ]),
            hour in 3..24u16,
            day in 0..365u64,
            minute in 0..1_440u64,
        ) {
            // Times before 03:00 may lie in a gap, of which the clock shows nothing: those are in the table.
            let (starts, now) = (hour * 60, at("2026-01-04T00:00:00Z") + (day * 1_440 + minute) * MINUTE_MS);
            let text = format!("{hour:02}:00");
            let days = days(zone, &text);
            let found = days.of(now);
            prop_assert_eq!(found.from, naive(&days.zone, starts, now), "{} {}", zone, now);
            prop_assert!(found.contains(now));
            prop_assert_eq!(days.of(found.to).from, found.to, "the next begins where it ends");
            prop_assert_eq!(days.of(found.to - 1), found);
        }
    }
}
