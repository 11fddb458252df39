//! Which telephone numbers a tenant's agents can reach.

use super::check::Problems;
use serde::{Deserialize, Serialize};

/// The fewest and the most digits of a number (ITU-T E.164: at most 15).
const DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

/// A tenant's way into the telephone network.
///
/// ```
/// # use jackfield_exchange::TrunkConfig;
/// let trunk: TrunkConfig = serde_json::from_str(r#"{ "numbers": ["+82*", "+442079460000"] }"#)?;
/// assert!(trunk.allows("+82212345678") && trunk.allows("+442079460000"));
/// assert!(!trunk.allows("+442079460001"));
/// assert_eq!(trunk.dial_timeout_ms, 45_000);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrunkConfig {
    /// The numbers that may be dialled: `+` and digits, in full, or the beginning and `*`, as in `+82*`. At least one.
    pub numbers: Vec<String>,
    /// How long a number rings before the call is given up, in milliseconds. Default: 45 seconds.
    #[serde(default = "default_dial_timeout_ms")]
    pub dial_timeout_ms: u32,
}

fn default_dial_timeout_ms() -> u32 {
    45_000
}

impl TrunkConfig {
    /// Whether a number (E.164, as in `+4930123456`) may be dialled.
    pub fn allows(&self, number: &str) -> bool {
        self.numbers.iter().any(|pattern| match pattern.strip_suffix('*') {
            Some(beginning) => number.starts_with(beginning),
            None => number == pattern,
        })
    }
}

/// A number as it is dialled: without the spaces, dashes, dots, slashes and brackets with which people write it. `None` where it is no number in full (E.164).
pub(crate) fn dialable(written: &str) -> Option<String> {
    let number: String =
        written.chars().filter(|c| !matches!(c, ' ' | '-' | '.' | '/' | '(' | ')')).collect();
    let digits = number.strip_prefix('+')?;
    let fits = DIGITS.contains(&digits.len()) && is_number(digits);
    fits.then_some(number)
}

/// No country's code begins with 0.
fn is_number(digits: &str) -> bool {
    digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0')
}

pub(super) fn check(problems: &mut Problems, trunk: Option<&TrunkConfig>) {
    let Some(trunk) = trunk else { return };
    problems.range("trunk.dial_timeout_ms", trunk.dial_timeout_ms, 5_000, 180_000);
    if trunk.numbers.is_empty() {
        let remedy = "Name numbers or beginnings of numbers, as in +82*, or remove trunk";
        problems.add("trunk.numbers", "no number can be reached", remedy);
    }
    for (n, pattern) in trunk.numbers.iter().enumerate() {
        let digits = pattern.strip_prefix('+').unwrap_or_default();
        let fits = match digits.strip_suffix('*') {
            Some(beginning) => beginning.len() < *DIGITS.end() && is_number(beginning),
            None => dialable(pattern).as_ref() == Some(pattern),
        };
        if !fits || !pattern.starts_with('+') {
            let problem = format!("{pattern:?} is no number and no beginning of one");
            let remedy = "Write + and digits without spaces, as in +442079460000 or +82*";
            problems.add(format!("trunk.numbers[{n}]"), problem, remedy);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::dialable;

    #[test]
    fn takes_numbers_as_people_write_them_and_nothing_else() {
        for written in ["+4930123456", "+49 30 123456", "+49 (30) 12-34.56", "+49/30/123456"] {
            assert_eq!(dialable(written).as_deref(), Some("+4930123456"), "{written}");
        }
        let wrong = [
            "",
            "+",
            "4930123456",
            "030 123456",
            "+123456",
            "+1234567890123456",
            "+0301234567",
            "+49a30123456",
            "++4930123456",
            "+49٣٠123456",
        ];
        for written in wrong {
            assert_eq!(dialable(written), None, "{written}");
        }
    }
}
