//! What the AudioWorklet's JavaScript sees. Numbers only.
//!
//! The global scope of an AudioWorklet has no TextDecoder, and wasm-bindgen's glue makes one as soon as a text may cross: an
//! exported class, or a `Result`, can throw an error with a text. So lines are named by numbers here, and samples lie in memory
//! that JavaScript looks into.

use crate::{Line, News, Refusal, VoiceSettings};
use std::cell::RefCell;
use wasm_bindgen::prelude::*;

/// The voice began or ceased, or 100 ms are over: `input()` and the others are new.
const NEWS: u32 = 1;

/// One voice, with the memory that its samples cross by.
struct Port {
    line: Line,
    samples: Box<[f32]>,
    news: News,
}

thread_local! {
    /// By handle minus one; closed ones leave their place to the next.
    static PORTS: RefCell<Vec<Option<Box<Port>>>> = const { RefCell::new(Vec::new()) };
}

/// Opens a line for blocks of `block` samples. Returns its handle; 0 where rate or length can't be taken.
#[wasm_bindgen]
pub fn open(sample_rate: u32, block: usize, attack_frames: u32, hangover_frames: u32) -> u32 {
    let settings = VoiceSettings { attack_frames, hangover_frames, ..VoiceSettings::default() };
    let Ok(port) = Port::new(sample_rate, block, settings) else { return 0 };
    PORTS.with_borrow_mut(|ports| {
        let free = ports.iter().position(Option::is_none).unwrap_or(ports.len());
        if free == ports.len() {
            ports.push(None);
        }
        ports[free] = Some(Box::new(port));
        free as u32 + 1
    })
}

/// Closes a line.
#[wasm_bindgen]
pub fn close(handle: u32) {
    PORTS.with_borrow_mut(|ports| {
        if let Some(place) = ports.get_mut((handle as usize).wrapping_sub(1)) {
            *place = None;
        }
    });
}

/// Where a line's samples lie, as an index into the memory in bytes; 0 for none.
#[wasm_bindgen]
pub fn samples(handle: u32) -> *mut f32 {
    with(handle, |port| port.samples.as_mut_ptr()).unwrap_or(std::ptr::null_mut())
}

/// Cleans the samples that lie there. Returns 1 where there is news, else 0.
#[wasm_bindgen]
pub fn process(handle: u32) -> u32 {
    with(handle, |port| match port.line.process(&mut port.samples) {
        Some(news) => {
            port.news = news;
            NEWS
        }
        None => 0,
    })
    .unwrap_or(0)
}

/// Turns noise suppression on or off.
#[wasm_bindgen]
pub fn suppress(handle: u32, on: bool) {
    with(handle, |port| port.line.set_suppress(on));
}

/// The level of what came in since the news before, in -dBov.
#[wasm_bindgen]
pub fn input(handle: u32) -> u8 {
    with(handle, |port| port.news.input.minus_dbov()).unwrap_or(127)
}

/// The level of what went out, in -dBov.
#[wasm_bindgen]
pub fn output(handle: u32) -> u8 {
    with(handle, |port| port.news.output.minus_dbov()).unwrap_or(127)
}

/// The highest probability of voice, 0 to 1.
#[wasm_bindgen]
pub fn probability(handle: u32) -> f32 {
    with(handle, |port| port.news.probability).unwrap_or(0.0)
}

/// Whether somebody speaks.
#[wasm_bindgen]
pub fn speaking(handle: u32) -> bool {
    with(handle, |port| port.news.speaking).unwrap_or(false)
}

impl Port {
    fn new(sample_rate: u32, block: usize, settings: VoiceSettings) -> Result<Self, Refusal> {
        let line = Line::new(sample_rate, block, settings)?;
        let silence = crate::Level::SILENCE;
        let news = News { input: silence, output: silence, probability: 0.0, speaking: false };
        Ok(Self { line, samples: vec![0.0; block].into(), news })
    }
}

fn with<R>(handle: u32, ask: impl FnOnce(&mut Port) -> R) -> Option<R> {
    PORTS.with_borrow_mut(|ports| {
        let port = ports.get_mut((handle as usize).wrapping_sub(1)).and_then(Option::as_deref_mut);
        port.map(ask)
    })
}
