//! Counting tests by what their runners print.

use std::fmt;

/// How many tests passed, failed and were skipped.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Tests that passed.
    pub(crate) passed: u64,
    /// Tests that failed, and runners that ended badly without naming a test.
    pub(crate) failed: u64,
    /// Tests that were left out.
    pub(crate) skipped: u64,
}

impl Tally {
    /// One failure that no runner counted.
    pub(crate) const FAILURE: Self = Self { passed: 0, failed: 1, skipped: 0 };

    /// Adds another count.
    pub(crate) fn add(&mut self, other: &Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }

    /// Whether not a single test ran.
    pub(crate) fn is_empty(&self) -> bool {
        self.passed + self.failed == 0
    }

    /// Counts a line of `cargo test`: `test result: ok. 3 passed; 0 failed; 1 ignored; …`.
    pub(crate) fn read_cargo(&mut self, line: &str) {
        let Some(counts) = line.strip_prefix("test result: ") else { return };
        let counts = counts.split_once(". ").map_or(counts, |(_, counts)| counts);
        for part in counts.split(';') {
            self.count(part.trim().split_once(' ').map(|(number, word)| (word, number)));
        }
    }

    /// Counts a line of `node --test` (spec or TAP): `ℹ pass 3` or `# pass 3`.
    pub(crate) fn read_node(&mut self, line: &str) {
        let text = line.strip_prefix("ℹ ").or_else(|| line.strip_prefix("# "));
        self.count(text.and_then(|text| text.trim().split_once(' ')));
    }

    fn count(&mut self, found: Option<(&str, &str)>) {
        let Some((word, Ok(number))) = found.map(|(word, number)| (word, number.parse::<u64>())) else {
            return;
        };
        match word {
            "passed" | "pass" => self.passed += number,
            "failed" | "fail" | "cancelled" => self.failed += number,
            "ignored" | "skipped" | "todo" => self.skipped += number,
            _ => {}
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(out, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(passed: u64, failed: u64, skipped: u64) -> Tally {
        Tally { passed, failed, skipped }
    }

    #[test]
    fn reads_cargo() {
        let mut counted = Tally::default();
        for line in [
            "running 3 tests",
            "test one ... ok",
            "test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 4 filtered out; finished in 0.00s",
            "test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s",
        ] {
            counted.read_cargo(line);
        }
        assert_eq!(counted, tally(3, 2, 1));
    }

    #[test]
    fn reads_node_in_both_reporters() {
        let lines = [
            "tests 7",
            "suites 0",
            "pass 3",
            "fail 1",
            "cancelled 1",
            "skipped 2",
            "todo 0",
            "duration_ms 9.5",
        ];
        for mark in ["ℹ", "#"] {
            let mut counted = Tally::default();
            lines.iter().for_each(|line| counted.read_node(&format!("{mark} {line}")));
            assert_eq!(counted, tally(3, 2, 2), "{mark}");
        }
    }

    #[test]
    fn shows_skipped_tests_only_if_there_are_any() {
        assert_eq!(tally(3, 0, 0).to_string(), "3 passed, 0 failed");
        assert_eq!(tally(3, 1, 2).to_string(), "3 passed, 1 failed, 2 skipped");
    }
}
