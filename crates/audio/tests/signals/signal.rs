//! Signals with a voice and with noise in them, the same in every run.

use std::f64::consts::TAU;

/// Samples a second.
pub(crate) const RATE: usize = 48_000;
/// Partials of the voice: enough for 3 kHz at its lowest pitch.
const PARTIALS: u32 = 28;

/// Somebody who says vowels without end: a pitch of 105 to 155 Hz with its partials, three moving formants, four syllables a
/// second. About -24 dBov.
pub(crate) fn voice(seconds: f64) -> Vec<f32> {
    let mut turns = 0.0;
    let sample = |i: usize| {
        let t = i as f64 / RATE as f64;
        let wave = |hertz: f64| (TAU * hertz * t).sin();
        let pitch = 130.0 + 25.0 * wave(0.9) + 4.0 * wave(5.3);
        turns += pitch / RATE as f64;
        let formants = [
            (1.0, 500.0 + 250.0 * wave(1.7), 80.0),
            (0.5, 1_500.0 + 500.0 * wave(1.1), 110.0),
            (0.25, 2_600.0, 160.0),
        ];
        let partial = |number: u32| {
            let hertz = f64::from(number) * pitch;
            let gain =
                |(gain, centre, width): (f64, f64, f64)| gain / (1.0 + ((hertz - centre) / width).powi(2));
            formants.map(gain).iter().sum::<f64>() * (TAU * f64::from(number) * turns).sin()
        };
        let syllable = (wave(4.0).max(-0.2) + 0.2).min(1.0);
        (0.12 * syllable * (1..PARTIALS).map(partial).sum::<f64>()) as f32
    };
    (0..samples(seconds)).map(sample).collect()
}

/// White noise between -`amplitude` and `amplitude`, by Marsaglia's xorshift.
pub(crate) fn noise(seconds: f64, amplitude: f64) -> Vec<f32> {
    let mut state = 88_172_645_463_325_252_u64;
    let next = |_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (amplitude * ((state >> 11) as f64 / (1_u64 << 52) as f64 - 1.0)) as f32
    };
    (0..samples(seconds)).map(next).collect()
}

pub(crate) fn silence(seconds: f64) -> Vec<f32> {
    vec![0.0; samples(seconds)]
}

pub(crate) fn sum(a: &[f32], b: &[f32]) -> Vec<f32> {
    a.iter().zip(b).map(|(a, b)| a + b).collect()
}

/// What is left of `a` without `b`.
pub(crate) fn difference(a: &[f32], b: &[f32]) -> Vec<f32> {
    a.iter().zip(b).map(|(a, b)| a - b).collect()
}

/// RMS in dB of full scale, finer than a level.
pub(crate) fn decibels(signal: &[f32]) -> f64 {
    let squares: f64 = signal.iter().map(|sample| f64::from(*sample).powi(2)).sum();
    10.0 * (squares / signal.len() as f64).log10()
}

pub(crate) fn samples(seconds: f64) -> usize {
    (seconds * RATE as f64) as usize
}
