//! Whether somebody speaks, from the probability of each frame.

use crate::Refusal;

/// How quick the detector is.
///
/// ```text
/// silent --attack: so many frames in a row at `attack` or more--> speaking
/// speaking --hangover: so many frames in a row below `release`--> silent
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VoiceSettings {
    /// Probability at which a frame speaks for voice, above 0 to 1.
    pub attack: f32,
    /// Probability below which a frame speaks against it. Between the two nothing changes, so that a voice at the edge does not
    /// flicker.
    pub release: f32,
    /// Frames of 10 ms in a row that begin it. A key stroke is shorter than the default of 40 ms.
    pub attack_frames: u32,
    /// Frames of 10 ms in a row that end it. The pause between two words is shorter than the default of 300 ms.
    pub hangover_frames: u32,
}

impl Default for VoiceSettings {
    fn default() -> Self {
        Self { attack: 0.7, release: 0.4, attack_frames: 4, hangover_frames: 30 }
    }
}

/// Voice activity with attack, hysteresis and hangover.
///
/// ```
/// use jackfield_audio::{VoiceDetector, VoiceSettings};
///
/// let settings = VoiceSettings { attack_frames: 2, hangover_frames: 1, ..VoiceSettings::default() };
/// let mut voice = VoiceDetector::new(settings)?;
/// assert_eq!([0.9, 0.9, 0.1].map(|probability| voice.update(probability)), [false, true, false]);
/// # Ok::<(), jackfield_audio::Refusal>(())
/// ```
#[derive(Debug, Clone)]
pub struct VoiceDetector {
    settings: VoiceSettings,
    speaking: bool,
    /// Frames in a row that speak against the present state.
    against: u32,
}

impl VoiceDetector {
    /// A detector that hears nothing yet.
    ///
    /// # Errors
    /// [`Refusal::Thresholds`] unless 0 < release <= attack <= 1.
    pub fn new(settings: VoiceSettings) -> Result<Self, Refusal> {
        let VoiceSettings { attack, release, .. } = settings;
        let ordered = 0.0 < release && release <= attack && attack <= 1.0;
        if ordered { Ok(Self { settings, speaking: false, against: 0 }) } else { Err(Refusal::Thresholds) }
    }

    /// Takes the probability of the next frame, 0 to 1 (what is no number counts as 0). Returns whether somebody speaks.
    pub fn update(&mut self, probability: f32) -> bool {
        let VoiceSettings { attack, release, attack_frames, hangover_frames } = self.settings;
        let probability = if probability.is_nan() { 0.0 } else { probability };
        let (turns, frames) = if self.speaking {
            (probability < release, hangover_frames)
        } else {
            (probability >= attack, attack_frames)
        };
        self.against = if turns { self.against + 1 } else { 0 };
        if turns && self.against >= frames {
            self.speaking = !self.speaking;
            self.against = 0;
        }
        self.speaking
    }

    /// Whether somebody speaks.
    pub fn speaking(&self) -> bool {
        self.speaking
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn follow(probabilities: &[f32]) -> String {
        let settings = VoiceSettings { attack_frames: 2, hangover_frames: 3, ..VoiceSettings::default() };
        let mut voice = VoiceDetector::new(settings).unwrap();
        probabilities.iter().map(|p| if voice.update(*p) { 'X' } else { '.' }).collect()
    }

    #[test]
    fn attack_hysteresis_and_hangover() {
        for (name, probabilities, expected) in [
            ("one frame is a click", &[0.9, 0.1, 0.9, 0.1][..], "...."),
            ("two in a row are voice", &[0.9, 0.9, 0.9], ".XX"),
            ("the edge begins nothing", &[0.5, 0.6, 0.5, 0.6], "...."),
            ("the edge ends nothing", &[0.9, 0.9, 0.5, 0.5, 0.5, 0.5], ".XXXXX"),
            ("a pause is bridged", &[0.9, 0.9, 0.1, 0.1, 0.9, 0.1, 0.1], ".XXXXXX"),
            ("a longer one ends it", &[0.9, 0.9, 0.1, 0.1, 0.1, 0.9, 0.9], ".XXX..X"),
            ("no number is no voice", &[f32::NAN, 0.9, 0.9, f32::NAN, f32::NAN, f32::NAN], "..XXX."),
        ] {
            assert_eq!(follow(probabilities), expected, "{name}");
        }
    }

    #[test]
    fn thresholds_that_make_no_sense_are_refused() {
        for (attack, release) in [(0.4, 0.7), (1.1, 0.5), (0.5, 0.0), (f32::NAN, 0.1), (0.5, f32::NAN)] {
            let settings = VoiceSettings { attack, release, ..VoiceSettings::default() };
            assert_eq!(VoiceDetector::new(settings).err(), Some(Refusal::Thresholds), "{attack} {release}");
        }
    }
}
