//! Opening hours: the civil time of a place, with its holidays and its summer time.

use super::config::{AtClose, Day, HoursConfig};
use jackfield_wire::Millis;
use jiff::{
    Timestamp,
    civil::{Date, DateTime, Weekday},
    tz::{TimeZone, TimeZoneDatabase},
};
use std::collections::BTreeMap;

const DAY_MINUTES: u16 = 24 * 60;
/// How far ahead an opening or a closing is looked for: a year, and what a leap year has more.
const DAYS_AHEAD: usize = 367;

/// The hours of a queue, ready to be asked.
#[derive(Debug, Clone)]
pub(crate) struct Hours {
    zone: TimeZone,
    weekly: [Vec<Span>; 7],
    holidays: BTreeMap<Date, Vec<Span>>,
    pub(crate) at_close: AtClose,
}

/// Minutes after midnight; up to two days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    from: u16,
    to: u16,
}

/// A stretch of time in which a queue is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Open {
    from: Millis,
    to: Millis,
}

impl Hours {
    /// Hours as they were configured. What can't be read, which [`TenantConfig::check`](crate::TenantConfig::check) refuses, is left out.
    pub(crate) fn new(config: &HoursConfig, tenant_zone: &TimeZone) -> Self {
        let zone = config.time_zone.as_deref().and_then(zone).unwrap_or_else(|| tenant_zone.clone());
        let mut weekly: [Vec<Span>; 7] = Default::default();
        for hours in &config.weekly {
            let Some(span) = Span::parse(&hours.from, &hours.to) else { continue };
            hours.days.iter().for_each(|day| weekly[*day as usize].push(span));
        }
        let mut holidays: BTreeMap<Date, Vec<Span>> = BTreeMap::new();
        for holiday in &config.holidays {
            let Some(date) = date(&holiday.date) else { continue };
            let span = holiday.from.as_deref().zip(holiday.to.as_deref());
            let span = span.and_then(|(from, to)| Span::parse(from, to));
            holidays.entry(date).or_default().extend(span);
        }
        Self { zone, weekly, holidays, at_close: config.at_close }
    }

    pub(crate) fn zone(&self) -> &TimeZone {
        &self.zone
    }

    pub(crate) fn is_open(&self, now: Millis) -> bool {
        self.around(now, 1).any(|open| open.contains(now))
    }

    /// When it opens next; `None` where it does not within a year.
    pub(crate) fn opens_after(&self, now: Millis) -> Option<Millis> {
        // In the order of the days. Hours of one day may begin in any order, and those of the next day no earlier than its midnight.
        let date = date_at(&self.zone, now)?;
        let days = std::iter::successors(date.yesterday().ok(), |day| day.tomorrow().ok());
        let next = |day| self.of(day).map(|open| open.from).filter(|from| *from > now).min();
        days.take(DAYS_AHEAD).find_map(next)
    }

    /// When it closes, where it is open; `None` where it does not within a year. Hours that follow upon each other, or overlap, are one.
    pub(crate) fn closes_after(&self, now: Millis) -> Option<Millis> {
        let mut end = now;
        for _ in 0..DAYS_AHEAD {
            let later = self.around(end, 1).filter(|open| open.contains(end)).map(|open| open.to).max();
            match later {
                Some(later) => end = later,
                None => return Some(end).filter(|end| *end > now),
            }
        }
        None
    }

    /// The hours that begin on the day of a moment, or on days before that may still go on.
    fn around(&self, now: Millis, days_back: usize) -> impl Iterator<Item = Open> {
        let day = date_at(&self.zone, now);
        std::iter::successors(day, |day| day.yesterday().ok())
            .take(1 + days_back)
            .flat_map(|day| self.of(day))
    }

    fn of(&self, date: Date) -> impl Iterator<Item = Open> {
        let weekly = &self.weekly[date.weekday().to_monday_zero_offset().unsigned_abs() as usize % 7];
        let spans = self.holidays.get(&date).unwrap_or(weekly);
        spans.iter().filter_map(move |span| {
            let (from, to) = (moment(&self.zone, date, span.from)?, moment(&self.zone, date, span.to)?);
            Some(Open { from, to })
        })
    }
}

impl Open {
    fn contains(&self, now: Millis) -> bool {
        (self.from..self.to).contains(&now)
    }
}

impl Span {
    /// `None` where a time can't be read, or the end is not after the beginning.
    pub(crate) fn parse(from: &str, to: &str) -> Option<Self> {
        let span = Self { from: minutes(from)?, to: minutes(to)? };
        (span.from < span.to && span.from < DAY_MINUTES).then_some(span)
    }
}

/// `HH:MM`, up to `48:00`, in minutes after midnight.
pub(crate) fn minutes(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':').filter(|(h, m)| h.len() == 2 && m.len() == 2)?;
    let digits = hours.bytes().chain(minutes.bytes()).all(|b| b.is_ascii_digit());
    let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
    let total = hours * 60 + minutes;
    (digits && minutes < 60 && total <= 2 * DAY_MINUTES).then_some(total)
}

/// `YYYY-MM-DD`.
pub(crate) fn date(text: &str) -> Option<Date> {
    text.parse().ok().filter(|_| text.len() == 10)
}

/// The zone of a name, from the database inside: what the machine has would make the same configuration mean different things.
pub(crate) fn zone(name: &str) -> Option<TimeZone> {
    TimeZoneDatabase::bundled().get(name).ok()
}

/// A moment as the clocks of a place show it.
pub(crate) fn clock(zone: &TimeZone, now: Millis) -> Option<DateTime> {
    let at = Timestamp::from_millisecond(i64::try_from(now).ok()?).ok()?;
    Some(zone.to_datetime(at))
}

/// The date that the calendars of a place show at a moment.
pub(crate) fn date_at(zone: &TimeZone, now: Millis) -> Option<Date> {
    clock(zone, now).map(|time| time.date())
}

/// A time of the clock (minutes after the midnight that a date begins with, up to two days), as a moment. A time in a gap is the one as far after it; of a time that
/// comes twice, the first is meant.
pub(crate) fn moment(zone: &TimeZone, date: Date, minutes: u16) -> Option<Millis> {
    let date = (0..minutes / DAY_MINUTES).try_fold(date, |day, _| day.tomorrow().ok())?;
    let minutes = minutes % DAY_MINUTES;
    let time = DateTime::from_parts(
        date,
        jiff::civil::Time::new((minutes / 60) as i8, (minutes % 60) as i8, 0, 0).ok()?,
    );
    let at = zone.to_ambiguous_timestamp(time).compatible().ok()?;
    u64::try_from(at.as_millisecond()).ok()
}

/// The short name of a day of the week.
pub(crate) fn day_name(day: Weekday) -> &'static str {
    ["mon", "tue", "wed", "thu", "fri", "sat", "sun"][day.to_monday_zero_offset().unsigned_abs() as usize % 7]
}

/// A moment in words, as in `2026-11-23 09:00 (Europe/Berlin)`.
pub(crate) fn in_words(zone: &TimeZone, at: Millis) -> String {
    let time = clock(zone, at).map(|t| {
        format!("{:04}-{:02}-{:02} {:02}:{:02}", t.year(), t.month(), t.day(), t.hour(), t.minute())
    });
    let name = zone.iana_name().unwrap_or("UTC");
    time.map_or_else(String::new, |time| format!("{time} ({name})"))
}

impl Day {
    #[cfg(test)]
    const ALL: [Self; 7] = [Self::Mon, Self::Tue, Self::Wed, Self::Thu, Self::Fri, Self::Sat, Self::Sun];
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn hours(config: Value) -> Hours {
        let config: HoursConfig = serde_json::from_value(config).unwrap();
        Hours::new(&config, &TimeZone::UTC)
    }

    /// A moment in UTC, `2026-11-23T09:00Z`.
    fn at(text: &str) -> Millis {
        u64::try_from(text.parse::<Timestamp>().unwrap().as_millisecond()).unwrap()
    }

    fn told(at: Option<Millis>) -> String {
        at.map_or("never".to_owned(), |at| {
            Timestamp::from_millisecond(i64::try_from(at).unwrap()).unwrap().to_string()
        })
    }

    fn check(hours: &Hours, table: &[(&str, bool, &str, &str)]) {
        for (moment, open, opens, closes) in table {
            let now = at(moment);
            assert_eq!(hours.is_open(now), *open, "{moment} open");
            assert_eq!(told(hours.opens_after(now)), *opens, "{moment} opens");
            assert_eq!(told(hours.closes_after(now)), *closes, "{moment} closes");
        }
    }

    #[test]
    fn a_week_with_holidays() {
        // Berlin is one hour ahead of UTC in winter. 2026-12-25 is a Friday.
        let berlin = hours(json!({
            "time_zone": "Europe/Berlin",
            "weekly": [{ "days": ["mon", "tue", "wed", "thu", "fri"], "from": "09:00", "to": "17:30" }],
            "holidays": [
                { "date": "2026-12-24", "from": "10:00", "to": "12:00" },
                { "date": "2026-12-25", "name": "Christmas" },
            ],
        }));
        check(
            &berlin,
            &[
                ("2026-11-23T07:59:59.999Z", false, "2026-11-23T08:00:00Z", "never"),
                ("2026-11-23T08:00:00Z", true, "2026-11-24T08:00:00Z", "2026-11-23T16:30:00Z"),
                ("2026-11-23T16:29:59.999Z", true, "2026-11-24T08:00:00Z", "2026-11-23T16:30:00Z"),
                ("2026-11-23T16:30:00Z", false, "2026-11-24T08:00:00Z", "never"),
                ("2026-11-21T12:00:00Z", false, "2026-11-23T08:00:00Z", "never"),
                ("2026-12-24T08:30:00Z", false, "2026-12-24T09:00:00Z", "never"),
                ("2026-12-24T10:30:00Z", true, "2026-12-28T08:00:00Z", "2026-12-24T11:00:00Z"),
                ("2026-12-25T10:30:00Z", false, "2026-12-28T08:00:00Z", "never"),
            ],
        );
    }

    #[test]
    fn when_summer_time_begins() {
        // In Berlin, 2026-03-29 02:00 becomes 03:00: 02:30 is never shown, so what begins then begins at 03:30 (01:30 UTC).
        let night = hours(json!({
            "time_zone": "Europe/Berlin",
            "weekly": [{ "days": ["sun"], "from": "02:30", "to": "04:00" }],
        }));
        check(
            &night,
            &[
                ("2026-03-29T00:59:59Z", false, "2026-03-29T01:30:00Z", "never"),
                ("2026-03-29T01:29:59Z", false, "2026-03-29T01:30:00Z", "never"),
                ("2026-03-29T01:30:00Z", true, "2026-04-05T00:30:00Z", "2026-03-29T02:00:00Z"),
            ],
        );
        // A night shift across it is an hour shorter: from Saturday 22:00 (21:00 UTC) to Sunday 06:00 (04:00 UTC).
        let shift = hours(json!({
            "time_zone": "Europe/Berlin",
            "weekly": [{ "days": ["sat"], "from": "22:00", "to": "30:00" }],
        }));
        check(
            &shift,
            &[
                ("2026-03-28T20:59:59Z", false, "2026-03-28T21:00:00Z", "never"),
                ("2026-03-28T23:30:00Z", true, "2026-04-04T20:00:00Z", "2026-03-29T04:00:00Z"),
                ("2026-03-29T03:59:59Z", true, "2026-04-04T20:00:00Z", "2026-03-29T04:00:00Z"),
                ("2026-03-29T04:00:00Z", false, "2026-04-04T20:00:00Z", "never"),
            ],
        );
    }

    #[test]
    fn when_summer_time_ends() {
        // In New York, 2026-11-01 02:00 becomes 01:00: 01:30 comes twice (05:30 and 06:30 UTC), and the first is meant.
        let night = hours(json!({
            "time_zone": "America/New_York",
            "weekly": [{ "days": ["sun"], "from": "01:30", "to": "03:00" }],
        }));
        check(
            &night,
            &[
                ("2026-11-01T05:29:59Z", false, "2026-11-01T05:30:00Z", "never"),
                ("2026-11-01T05:30:00Z", true, "2026-11-08T06:30:00Z", "2026-11-01T08:00:00Z"),
                ("2026-11-01T07:59:59Z", true, "2026-11-08T06:30:00Z", "2026-11-01T08:00:00Z"),
            ],
        );
    }

    #[test]
    fn a_night_across_midnight_and_a_holiday_in_it() {
        let nights = hours(json!({
            "weekly": [{ "days": ["mon", "tue"], "from": "22:00", "to": "26:00" }],
            "holidays": [{ "date": "2026-11-24" }],
        }));
        // Tuesday, the 24th, is a holiday: Monday's night goes on into it, its own does not begin.
        check(
            &nights,
            &[
                ("2026-11-24T01:59:59Z", true, "2026-11-30T22:00:00Z", "2026-11-24T02:00:00Z"),
                ("2026-11-24T02:00:00Z", false, "2026-11-30T22:00:00Z", "never"),
                ("2026-11-24T23:00:00Z", false, "2026-11-30T22:00:00Z", "never"),
            ],
        );
    }

    #[test]
    fn hours_that_follow_upon_each_other_are_one() {
        let always = hours(json!({ "weekly": [{ "days": Day::ALL, "from": "00:00", "to": "24:00" }] }));
        assert!(always.is_open(at("2026-02-28T23:59:59.999Z")) && always.is_open(at("2026-03-01T00:00:00Z")));
        assert_eq!(always.closes_after(at("2026-02-28T12:00:00Z")), None);
        let two = hours(json!({ "weekly": [
            { "days": ["mon"], "from": "12:00", "to": "14:00" }, { "days": ["mon"], "from": "09:00", "to": "12:30" },
        ] }));
        check(&two, &[("2026-11-23T09:00:00Z", true, "2026-11-23T12:00:00Z", "2026-11-23T14:00:00Z")]);
        let never = hours(json!({ "weekly": [] }));
        check(&never, &[("2026-11-23T09:00:00Z", false, "never", "never")]);
    }

    #[test]
    fn times_of_the_clock_are_read_strictly() {
        for (text, expected) in [
            ("00:00", Some(0)),
            ("09:30", Some(570)),
            ("24:00", Some(1440)),
            ("30:00", Some(1800)),
            ("48:00", Some(2880)),
            ("48:01", None),
            ("9:30", None),
            ("09:60", None),
            ("+9:00", None),
            ("09:30:00", None),
            ("", None),
        ] {
            assert_eq!(minutes(text), expected, "{text}");
        }
        assert_eq!(Span::parse("17:30", "09:00"), None);
        assert_eq!(Span::parse("24:00", "25:00"), None);
        assert!(zone("Europe/Berlin").is_some() && zone("Europe/Berlim").is_none());
        assert!(
            date("2026-02-29").is_none() && date("2028-02-29").is_some() && date("2028-02-29T00").is_none()
        );
    }
}
