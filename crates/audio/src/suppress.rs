//! Noise suppression by RNNoise.

use crate::FRAME;
use crate::level::sane;
use nnnoiseless::DenoiseState;

/// RNNoise speaks of 16-bit samples in floating point.
const SCALE: f32 = 32_768.0;

/// The recurrent network of RNNoise (J.-M. Valin, 2018), by the crate `nnnoiseless`. Its output is one frame late.
pub(crate) struct Suppressor {
    state: Box<DenoiseState<'static>>,
    scaled: [f32; FRAME],
    cleaned: [f32; FRAME],
}

impl Suppressor {
    pub(crate) fn new() -> Self {
        Self { state: DenoiseState::new(), scaled: [0.0; FRAME], cleaned: [0.0; FRAME] }
    }

    /// Takes a frame of samples between -1 and 1, and gives the one before without its noise, and the probability that this
    /// one holds voice.
    pub(crate) fn process(&mut self, frame: &[f32; FRAME]) -> (&[f32; FRAME], f32) {
        for (scaled, sample) in self.scaled.iter_mut().zip(frame) {
            *scaled = sample * SCALE;
        }
        let probability = self.state.process_frame(&mut self.cleaned, &self.scaled);
        for sample in &mut self.cleaned {
            // The overlapping windows may reach beyond the limit by a little, and a sound card wraps what is beyond.
            *sample = sane(*sample / SCALE);
        }
        (&self.cleaned, probability.clamp(0.0, 1.0))
    }
}
