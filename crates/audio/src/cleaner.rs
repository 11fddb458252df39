//! One voice, frame by frame.

use crate::level::sane;
use crate::suppress::Suppressor;
use crate::{FRAME, Level, Refusal, SAMPLE_RATE, VoiceDetector, VoiceSettings};

/// What a frame was like.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Report {
    /// The level of what came in.
    pub input: Level,
    /// The level of what went out: the frame before, cleaned.
    pub output: Level,
    /// How likely it is that the frame that came in holds voice, 0 to 1.
    pub probability: f32,
    /// Whether somebody speaks, by [`VoiceDetector`].
    pub speaking: bool,
}

/// Noise suppression, levels and voice activity of one voice at 48 kHz.
///
/// ```
/// use jackfield_audio::{Cleaner, Refusal, VoiceSettings};
///
/// assert_eq!(Cleaner::new(44_100, VoiceSettings::default()).err(), Some(Refusal::SampleRate(44_100)));
/// ```
pub struct Cleaner {
    suppressor: Suppressor,
    voice: VoiceDetector,
    /// The frame before, as it came: what is given out where noise stays.
    before: [f32; FRAME],
    suppress: bool,
    /// Whether the last frame was suppressed: a change is faded over one frame.
    suppressed: bool,
}

impl Cleaner {
    /// How many samples later a sound comes out: the windows of the noise suppression overlap by this much. The same with
    /// suppression off, so that turning it on or off is no jump in time.
    pub const DELAY: usize = FRAME;

    /// A cleaner for samples at this rate, in hertz, with suppression on.
    ///
    /// # Errors
    /// [`Refusal::SampleRate`] for any but 48,000; [`Refusal::Thresholds`].
    pub fn new(sample_rate: u32, voice: VoiceSettings) -> Result<Self, Refusal> {
        if sample_rate != SAMPLE_RATE {
            return Err(Refusal::SampleRate(sample_rate));
        }
        let voice = VoiceDetector::new(voice)?;
        let suppressor = Suppressor::new();
        Ok(Self { suppressor, voice, before: [0.0; FRAME], suppress: true, suppressed: true })
    }

    /// Turns noise suppression on or off, without a click. Levels and voice activity go on.
    pub fn set_suppress(&mut self, on: bool) {
        self.suppress = on;
    }

    /// Puts the cleaned frame before in the place of this one. Samples are between -1 and 1: what is beyond is cut, and what is
    /// no number is silence.
    pub fn process(&mut self, frame: &mut [f32; FRAME]) -> Report {
        for sample in frame.iter_mut() {
            *sample = sane(*sample);
        }
        let input = Level::of(frame);
        let (cleaned, probability) = self.suppressor.process(frame);
        let before = std::mem::replace(&mut self.before, *frame);
        let (from, to) = (share(self.suppressed), share(self.suppress));
        for (at, sample) in frame.iter_mut().enumerate() {
            let share = from + (to - from) * (at + 1) as f32 / FRAME as f32;
            *sample = before[at] + share * (cleaned[at] - before[at]);
        }
        self.suppressed = self.suppress;
        let speaking = self.voice.update(probability);
        Report { input, output: Level::of(frame), probability, speaking }
    }
}

fn share(suppressed: bool) -> f32 {
    if suppressed { 1.0 } else { 0.0 }
}
