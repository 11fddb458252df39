//! How loud it is, as packets and meters say it.

use std::fmt;

/// An audio level in -dBov, as RFC 6464 sends it: 0 is the overload point, 127 is silence.
///
/// 0 dBov is the RMS of a square wave between the largest sample values. A sine of full scale is 3.01 dB below it, and so
/// has level 3. The value is rounded to whole decibels as in RFC 6465, appendix A.
///
/// ```
/// use jackfield_audio::Level;
///
/// assert_eq!(Level::of(&[1.0, -1.0, 1.0, -1.0]).minus_dbov(), 0);
/// assert_eq!(Level::of(&[0.1; 480]).minus_dbov(), 20);
/// assert_eq!(Level::of(&[]), Level::SILENCE);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Level(u8);

impl Level {
    /// Nothing at all, or less than any number here can say.
    pub const SILENCE: Self = Self(127);

    /// The level of samples between -1 and 1. Those that are no numbers count as silence, those beyond as the limit.
    pub fn of(samples: &[f32]) -> Self {
        let mut power = Power::default();
        power.add(samples);
        power.level()
    }

    /// The decibels below the overload point, 0 to 127.
    pub fn minus_dbov(self) -> u8 {
        self.0
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "-{} dBov", self.0)
    }
}

/// The power of samples that come bit by bit: the level of a time longer than a frame is no mean of its frames' levels.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Power {
    squares: f64,
    samples: u64,
}

impl Power {
    /// Adds samples, as [`Level::of`] takes them.
    pub fn add(&mut self, samples: &[f32]) {
        let square = |sample: &f32| f64::from(sane(*sample)).powi(2);
        self.squares += samples.iter().map(square).sum::<f64>();
        self.samples += samples.len() as u64;
    }

    /// The level of all that was added.
    pub fn level(&self) -> Level {
        if self.samples == 0 || self.squares <= 0.0 {
            return Level::SILENCE;
        }
        let dbov = 10.0 * (self.squares / self.samples as f64).log10();
        Level((-dbov).round().clamp(0.0, 127.0) as u8)
    }

    /// The level, and begins anew.
    pub fn take(&mut self) -> Level {
        std::mem::take(self).level()
    }
}

/// A sample that can be reckoned with: one NaN would stay in every filter's memory for good.
pub(crate) fn sane(sample: f32) -> f32 {
    if sample.is_nan() { 0.0 } else { sample.clamp(-1.0, 1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::TAU;

    fn sine(amplitude: f64) -> Vec<f32> {
        // 1 kHz: whole periods in a frame.
        (0..480).map(|i| (amplitude * (TAU * f64::from(i) / 48.0).sin()) as f32).collect()
    }

    #[test]
    fn sines_have_the_levels_that_the_rfc_gives_them() {
        // 20·log10(amplitude) - 3.01 dB.
        for (amplitude, level) in
            [(1.0, 3), (0.5, 9), (0.1, 23), (0.01, 43), (0.001, 63), (1e-6, 123), (1e-7, 127), (0.0, 127)]
        {
            assert_eq!(Level::of(&sine(amplitude)).minus_dbov(), level, "{amplitude}");
        }
    }

    #[test]
    fn the_overload_point_is_a_full_square_wave_and_nothing_is_above_it() {
        assert_eq!(Level::of(&[1.0, -1.0]).minus_dbov(), 0);
        assert_eq!(Level::of(&[8.0, f32::NEG_INFINITY]).minus_dbov(), 0);
        assert_eq!(Level::of(&[f32::NAN; 480]), Level::SILENCE);
    }

    #[test]
    fn a_longer_time_has_the_level_of_its_power() {
        let mut power = Power::default();
        power.add(&[0.0; 480]);
        power.add(&[1.0; 480]);
        assert_eq!(power.level().minus_dbov(), 3);
        assert_eq!(power.take().minus_dbov(), 3);
        assert_eq!(power.take(), Level::SILENCE);
    }
}
