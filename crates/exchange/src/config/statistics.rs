//! What statistics are judged by.

use serde::{Deserialize, Serialize};

/// What statistics are judged by.
///
/// ```
/// # use jackfield_exchange::StatisticsConfig;
/// let statistics: StatisticsConfig = serde_json::from_str(r#"{ "service_level_ms": 30000, "day_starts": "22:00" }"#)?;
/// assert_eq!((statistics.service_level_ms, statistics.day_starts.minutes()), (30_000, 22 * 60));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StatisticsConfig {
    /// How long a conversation may wait to be answered in time, in milliseconds; a queue may have another. Default: 20 seconds.
    pub service_level_ms: u32,
    /// Who gives up before this did not really wait: it counts apart, and not against the service level. Milliseconds. Default: 5 seconds.
    pub short_abandon_ms: u32,
    /// When a day of the statistics begins by the clocks of the tenant's `time_zone`, as `HH:MM`. Default: `00:00`.
    pub day_starts: TimeOfDay,
    /// Whether agents who watch the floor see the figures of the queues they serve, besides their own. Default: no.
    pub agents_see_queues: bool,
}

impl Default for StatisticsConfig {
    fn default() -> Self {
        Self {
            service_level_ms: 20_000,
            short_abandon_ms: 5_000,
            day_starts: TimeOfDay::default(),
            agents_see_queues: false,
        }
    }
}

/// A time of day, `HH:MM`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TimeOfDay(u16);

impl TimeOfDay {
    /// Minutes since midnight.
    pub fn minutes(self) -> u16 {
        self.0
    }
}

impl TryFrom<String> for TimeOfDay {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let two_digits = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        let digits = |part: &str| part.parse::<u16>().ok().filter(|_| two_digits(part));
        let parts = text.split_once(':').and_then(|(hours, minutes)| digits(hours).zip(digits(minutes)));
        match parts {
            Some((hours, minutes)) if hours < 24 && minutes < 60 => Ok(Self(hours * 60 + minutes)),
            _ => Err(format!("{text:?} is no time of day; write it as HH:MM, from 00:00 to 23:59")),
        }
    }
}

impl From<TimeOfDay> for String {
    fn from(TimeOfDay(minutes): TimeOfDay) -> Self {
        format!("{:02}:{:02}", minutes / 60, minutes % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_day_is_read_as_it_is_written() {
        for text in ["00:00", "09:05", "23:59"] {
            let time = TimeOfDay::try_from(text.to_owned()).unwrap();
            assert_eq!(String::from(time), text);
        }
        for text in ["24:00", "9:05", "09:60", "0905", "", "ab:cd", "+1:00", "09:05:00"] {
            let refused = TimeOfDay::try_from(text.to_owned()).unwrap_err();
            assert!(refused.contains("HH:MM"), "{refused}");
        }
    }
}
