//! A cleaner for audio that comes in blocks, with news worth telling.

use crate::{Blocks, Cleaner, FRAME, Level, Power, Refusal, VoiceSettings};

/// Frames between two pieces of news, if nothing happens: 100 ms.
const NEWS_FRAMES: u32 = 10;

/// How it sounded since the last news.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct News {
    /// The level of what came in.
    pub input: Level,
    /// The level of what went out.
    pub output: Level,
    /// The highest probability of voice, 0 to 1.
    pub probability: f32,
    /// Whether somebody speaks now.
    pub speaking: bool,
}

/// One voice from block to block.
///
/// ```
/// use jackfield_audio::{Line, VoiceSettings};
///
/// let mut line = Line::new(48_000, 128, VoiceSettings::default())?;
/// let news = (0..38).find_map(|_| line.process(&mut [0.0; 128])).unwrap();
/// assert_eq!(news.input.minus_dbov(), 127);
/// # Ok::<(), jackfield_audio::Refusal>(())
/// ```
pub struct Line {
    blocks: Blocks,
    cleaner: Cleaner,
    gathered: Gathered,
}

/// What is gathered for the next news.
#[derive(Default)]
struct Gathered {
    input: Power,
    output: Power,
    probability: f32,
    speaking: bool,
    frames: u32,
    /// Whether somebody began or ceased to speak.
    changed: bool,
}

impl Line {
    /// For blocks of so many samples at this rate in hertz.
    ///
    /// # Errors
    /// [`Refusal`], as [`Blocks::new`] and [`Cleaner::new`].
    pub fn new(sample_rate: u32, block: usize, voice: VoiceSettings) -> Result<Self, Refusal> {
        let cleaner = Cleaner::new(sample_rate, voice)?;
        Ok(Self { blocks: Blocks::new(block)?, cleaner, gathered: Gathered::default() })
    }

    /// How many samples later a sound comes out.
    pub fn delay(&self) -> usize {
        self.blocks.delay() + Cleaner::DELAY
    }

    /// As [`Cleaner::set_suppress`].
    pub fn set_suppress(&mut self, on: bool) {
        self.cleaner.set_suppress(on);
    }

    /// Puts cleaned samples in the place of these. Gives news once in 100 ms, and at once when somebody begins or ceases to speak.
    pub fn process(&mut self, block: &mut [f32]) -> Option<News> {
        let Self { blocks, cleaner, gathered } = self;
        blocks.pass(block, |frame| gathered.frame(cleaner, frame));
        (gathered.changed || gathered.frames >= NEWS_FRAMES).then(|| gathered.take())
    }
}

impl Gathered {
    fn frame(&mut self, cleaner: &mut Cleaner, frame: &mut [f32; FRAME]) {
        self.input.add(frame);
        let report = cleaner.process(frame);
        self.output.add(frame);
        self.probability = self.probability.max(report.probability);
        self.changed |= report.speaking != self.speaking;
        self.speaking = report.speaking;
        self.frames += 1;
    }

    fn take(&mut self) -> News {
        let speaking = self.speaking;
        let Self { input, output, probability, .. } =
            std::mem::replace(self, Self { speaking, ..Self::default() });
        News { input: input.level(), output: output.level(), probability, speaking }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_the_delay_of_all_its_parts() {
        let line = |block| Line::new(48_000, block, VoiceSettings::default()).unwrap().delay();
        assert_eq!([128, 480].map(line), [928, 480]);
    }

    #[test]
    fn news_come_every_ten_frames() {
        let mut line = Line::new(48_000, 480, VoiceSettings::default()).unwrap();
        let came: Vec<bool> = (0..40).map(|_| line.process(&mut [0.0; 480]).is_some()).collect();
        let at: Vec<usize> = (1..=40).filter(|at| came[at - 1]).collect();
        assert_eq!(at, [10, 20, 30, 40]);
    }

    #[test]
    fn what_can_not_be_done_is_refused() {
        let refusal = |rate, block| Line::new(rate, block, VoiceSettings::default()).err();
        assert_eq!(refusal(44_100, 128), Some(Refusal::SampleRate(44_100)));
        assert_eq!(refusal(48_000, 0), Some(Refusal::BlockLength(0)));
        assert_eq!(refusal(48_000, 128), None);
    }
}
