//! How loud it is, for level meters.

use super::peer::ignore;
use std::cell::RefCell;
use wasm_bindgen::prelude::*;
use web_sys::{AnalyserNode, AudioContext, MediaStream};

/// Samples looked at: 21 ms at 48 kHz.
const WINDOW: usize = 1_024;
/// Speech at arm's length has an RMS of some hundredths: the root makes the meter move where people talk.
const CURVE: f64 = 0.5;

/// Measures the microphone and the remote side. Closed when dropped.
pub(super) struct Meter {
    context: AudioContext,
    microphone: AnalyserNode,
    remote: AnalyserNode,
    samples: RefCell<Vec<f32>>,
}

impl Meter {
    pub(super) fn new(microphone: Option<&MediaStream>, remote: Vec<MediaStream>) -> Result<Self, JsValue> {
        let context = AudioContext::new()?;
        if let Ok(resumed) = context.resume() {
            ignore(&resumed);
        }
        let meter = Self {
            microphone: analyser(&context)?,
            remote: analyser(&context)?,
            context,
            samples: RefCell::new(vec![0.0; WINDOW]),
        };
        if let Some(stream) = microphone {
            meter.context.create_media_stream_source(stream)?.connect_with_audio_node(&meter.microphone)?;
        }
        for stream in remote {
            meter.context.create_media_stream_source(&stream)?.connect_with_audio_node(&meter.remote)?;
        }
        Ok(meter)
    }

    /// Loudness now, 0 to 1: the microphone's and the remote side's.
    pub(super) fn levels(&self) -> (f64, f64) {
        (self.level(&self.microphone), self.level(&self.remote))
    }

    fn level(&self, analyser: &AnalyserNode) -> f64 {
        let mut samples = self.samples.borrow_mut();
        analyser.get_float_time_domain_data(&mut samples);
        let power = samples.iter().map(|s| f64::from(s * s)).sum::<f64>() / WINDOW as f64;
        power.sqrt().powf(CURVE).clamp(0.0, 1.0)
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        if let Ok(closed) = self.context.close() {
            ignore(&closed);
        }
    }
}

fn analyser(context: &AudioContext) -> Result<AnalyserNode, JsValue> {
    let analyser = context.create_analyser()?;
    analyser.set_fft_size(WINDOW as u32);
    Ok(analyser)
}
