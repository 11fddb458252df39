//! What a browser does to a voice before it is sent: noise suppression, levels, voice activity.
//!
//! Sans-I/O: samples go in, samples come out, and the crate knows no browser. A [`Cleaner`] works on frames of 10 ms at
//! 48 kHz; a [`Line`] is a cleaner behind a buffer, for audio that comes in blocks of another length, as the 128 samples of an
//! AudioWorklet do. For wasm32 the crate is a file of its own, loaded by `jackfield/audio` of the npm package when an
//! application asks for it, and by nothing else.
//!
//! # Delay
//!
//! | part | samples | at 48 kHz |
//! |---|---|---|
//! | noise suppression: the overlap of its windows ([`Cleaner::DELAY`]) | 480 | 10 ms |
//! | blocks of 128 into frames of 480 ([`Blocks::delay`]) | 448 | 9.3 ms |
//!
//! Both are the least there is: the windows overlap by half, and of 128-sample blocks up to 448 samples (480 minus their common
//! divisor 32) lie incomplete at a time. Blocks of 480 samples would wait for nothing.
//!
//! # Example
//!
//! ```
//! use jackfield_audio::{Cleaner, FRAME, VoiceSettings};
//!
//! let mut cleaner = Cleaner::new(48_000, VoiceSettings::default())?;
//! let mut frame = [0.0; FRAME];
//! let report = cleaner.process(&mut frame);
//! assert_eq!(report.output.minus_dbov(), 127); // silence
//! assert!(!report.speaking);
//! # Ok::<(), jackfield_audio::Refusal>(())
//! ```

mod blocks;
mod cleaner;
mod level;
mod line;
mod suppress;
mod voice;
#[cfg(target_arch = "wasm32")]
pub mod worklet;

pub use blocks::Blocks;
pub use cleaner::{Cleaner, Report};
pub use level::{Level, Power};
pub use line::{Line, News};
pub use voice::{VoiceDetector, VoiceSettings};

/// Samples a second that everything here works at, in hertz. The model of the noise suppression knows no other.
pub const SAMPLE_RATE: u32 = 48_000;

/// Samples of a frame: 10 ms.
pub const FRAME: usize = 480;

/// Why something could not be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The samples come at another rate.
    #[error(
        "sample rate: {0} Hz can't be taken; resample to 48000 Hz, or open the AudioContext with sampleRate: 48000"
    )]
    SampleRate(u32),
    /// A block without samples, or a longer one than a second.
    #[error("block length: {0} samples can't be taken; give 1 to 48000, an AudioWorklet has 128")]
    BlockLength(usize),
    /// A threshold that is no probability, or two in the wrong order.
    #[error("voice thresholds: give 0 < release <= attack <= 1")]
    Thresholds,
}
