//! The cleaner with signals as a microphone gives them: what stays, what goes, and by how much.
#![allow(clippy::unwrap_used, reason = "a test may stop where it stands")]

mod signal;

use jackfield_audio::{Cleaner, FRAME, Line, Report, VoiceSettings};
use signal::{decibels, difference, noise, samples, silence, sum, voice};

fn cleaner() -> Cleaner {
    Cleaner::new(48_000, VoiceSettings::default()).unwrap()
}

/// What comes out, moved back by the delay, and what each frame was like.
fn clean_by(cleaner: &mut Cleaner, signal: &[f32]) -> (Vec<f32>, Vec<Report>) {
    let (mut output, mut reports) = (Vec::new(), Vec::new());
    for frame in signal.chunks_exact(FRAME).chain([&[0.0; FRAME][..]]) {
        let mut frame: [f32; FRAME] = frame.try_into().unwrap();
        reports.push(cleaner.process(&mut frame));
        output.extend(frame);
    }
    (output.split_off(Cleaner::DELAY), reports)
}

fn clean(signal: &[f32]) -> (Vec<f32>, Vec<Report>) {
    clean_by(&mut cleaner(), signal)
}

/// The network needs a second or two to know the noise.
const SETTLED: f64 = 4.0;

#[test]
fn a_voice_stays_and_the_noise_around_it_goes() {
    let (voice, noise) = (voice(8.0), noise(8.0, 0.03));
    let (cleaned, _) = clean(&sum(&voice, &noise));
    let settled = samples(SETTLED)..;
    let (voice, noise, cleaned) = (&voice[settled.clone()], &noise[settled.clone()], &cleaned[settled]);
    let kept = decibels(cleaned) - decibels(voice);
    assert!(kept.abs() < 1.0, "the voice changed by {kept:.1} dB");
    let gone = decibels(noise) - decibels(&difference(cleaned, voice));
    assert!(gone > 5.0, "noise and distortion beside the voice are only {gone:.1} dB below the noise");
}

#[test]
fn noise_alone_goes_down_by_thirty_decibels_or_more() {
    for amplitude in [0.01, 0.03, 0.1] {
        let noise = noise(8.0, amplitude);
        let talk = [voice(SETTLED), silence(8.0 - SETTLED)].concat();
        let (cleaned, _) = clean(&sum(&talk, &noise));
        // A second after the voice.
        let pause = samples(SETTLED + 1.0)..;
        let gone = decibels(&noise[pause.clone()]) - decibels(&cleaned[pause]);
        assert!(gone > 30.0, "noise of {amplitude} went down by only {gone:.1} dB");
    }
}

#[test]
fn a_voice_without_noise_is_as_loud_as_before() {
    let voice = voice(4.0);
    let (cleaned, reports) = clean(&voice);
    let settled = samples(1.0)..;
    let changed = decibels(&cleaned[settled.clone()]) - decibels(&voice[settled]);
    assert!(changed.abs() < 0.5, "it changed by {changed:.2} dB");
    assert!(reports[100..400].iter().all(|report| report.speaking));
}

#[test]
fn silence_is_silent() {
    let (cleaned, reports) = clean(&silence(2.0));
    assert!(cleaned.iter().all(|sample| *sample == 0.0));
    let quiet = |r: &Report| (r.input.minus_dbov(), r.output.minus_dbov(), r.probability) == (127, 127, 0.0);
    assert!(reports.iter().all(|report| quiet(report) && !report.speaking));
}

#[test]
fn speaking_begins_with_the_voice_and_ends_after_the_hangover() {
    let (_, reports) = clean(&[silence(1.0), voice(2.0), silence(2.0)].concat());
    let frames: Vec<usize> = (0..reports.len()).filter(|at| reports[*at].speaking).collect();
    let (first, last) = (frames[0], frames[frames.len() - 1]);
    assert_eq!(frames.len(), last - first + 1, "no gap between syllables");
    // The voice is in frames 100 to 299; it swells up, and its last syllable fades.
    assert!((103..120).contains(&first), "began at frame {first}");
    assert!((315..340).contains(&last), "ended at frame {last}");
}

#[test]
fn noise_is_no_voice() {
    for amplitude in [0.003, 0.03, 0.1] {
        let (_, reports) = clean(&noise(6.0, amplitude));
        assert!(reports.iter().all(|report| !report.speaking), "noise of {amplitude}");
    }
}

#[test]
fn with_suppression_off_everything_comes_out_as_it_came() {
    let noisy = sum(&voice(2.0), &noise(2.0, 0.05));
    let mut cleaner = cleaner();
    cleaner.set_suppress(false);
    let (passed, reports) = clean_by(&mut cleaner, &noisy);
    // The first frame is faded over.
    assert_eq!(passed[FRAME..], noisy[FRAME..]);
    assert!(reports[190].speaking, "voice is looked for all the same");
}

#[test]
fn turning_suppression_on_and_off_does_not_click() {
    let voice = voice(4.0);
    let mut cleaner = cleaner();
    let mut output = Vec::new();
    for (at, frame) in voice.chunks_exact(FRAME).enumerate() {
        cleaner.set_suppress(at / 10 % 2 == 0);
        let mut frame: [f32; FRAME] = frame.try_into().unwrap();
        cleaner.process(&mut frame);
        output.extend(frame);
    }
    let steepest = |signal: &[f32]| signal.windows(2).map(|two| (two[1] - two[0]).abs()).fold(0.0, f32::max);
    let (before, after) = (steepest(&voice), steepest(&output));
    assert!(after < 1.2 * before, "a step of {after} in a signal with none above {before}");
}

#[test]
fn samples_that_are_no_numbers_harm_nothing_after_them() {
    let voice = voice(6.0);
    let mut broken = voice.clone();
    for (at, bad) in [(0, f32::NAN), (1, f32::INFINITY), (2, f32::NEG_INFINITY), (3, 1e30)] {
        broken[samples(1.0) + at] = bad;
    }
    let (cleaned, _) = clean(&broken);
    assert!(cleaned.iter().all(|sample| sample.abs() <= 1.0));
    let after = samples(2.0)..;
    let changed = decibels(&cleaned[after.clone()]) - decibels(&voice[after]);
    assert!(changed.abs() < 0.5, "it changed by {changed:.2} dB");
}

#[test]
fn a_line_gives_the_same_in_the_blocks_of_a_worklet() {
    let noisy = sum(&voice(2.0), &noise(2.0, 0.03));
    let (cleaned, _) = clean(&noisy);
    let mut line = Line::new(48_000, 128, VoiceSettings::default()).unwrap();
    let mut output = Vec::new();
    let mut told = 0;
    for block in noisy.chunks_exact(128) {
        let mut block = block.to_vec();
        told += usize::from(line.process(&mut block).is_some());
        output.extend(block);
    }
    assert_eq!(line.delay(), 928);
    assert_eq!(output[..448], [0.0; 448]);
    assert_eq!(output[928..], cleaned[..output.len() - 928]);
    // Once in 100 ms, and when the voice began.
    assert!((20..=22).contains(&told), "{told} pieces of news in 2 s");
}
