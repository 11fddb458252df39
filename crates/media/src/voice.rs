//! Who is speaking: voice activity of one source, from the audio level that its packets carry (RFC 6464).

use std::time::{Duration, Instant};

/// Levels at or above this are voice; a quiet voice on a headset is around -45 dBov, a room around -65.
const VOICE_DBOV: i8 = -50;
/// This much voice in a row makes a source active: a click or a key stroke is shorter.
const ATTACK: Duration = Duration::from_millis(60);
/// An active source stays active this long after its last voice: the pause between two words is shorter.
const RELEASE: Duration = Duration::from_millis(600);
/// Voice packets further apart than this are not "in a row". A packet is 20 ms, and one may be lost.
const GAP: Duration = Duration::from_millis(100);

/// Voice activity of one source, with hysteresis: quick to start, slow to stop.
///
/// ```text
/// silent --voice for 60 ms--> active --no voice for 600 ms--> silent
/// ```
///
/// Packets may simply stop (muted microphone, discontinuous transmission), so the end is found by the clock:
/// call [`expire`](Self::expire) at [`deadline`](Self::deadline).
#[derive(Debug, Default)]
pub struct Voice {
    active: bool,
    /// Start of the present run of voice packets.
    run: Option<Instant>,
    last_voice: Option<Instant>,
    level: f32,
}

/// How much a source deserves a slot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rank {
    /// Whether the source speaks now.
    pub active: bool,
    /// When it last spoke.
    pub last_voice: Option<Instant>,
    /// Loudness of its recent voice in dBov (0 is the loudest possible, -127 silence), smoothed.
    pub level: f32,
}

impl Default for Rank {
    fn default() -> Self {
        Self { active: false, last_voice: None, level: -127.0 }
    }
}

impl Voice {
    /// Takes note of a packet's level in dBov (-127 to 0) and the sender's own opinion, if it gave one. Returns
    /// `Some(true)` when the source becomes active.
    ///
    /// Both must agree: the flag alone is set by some senders on every packet, the level alone by a fan.
    pub fn heard(&mut self, now: Instant, dbov: i8, flag: Option<bool>) -> Option<bool> {
        if dbov < VOICE_DBOV || flag == Some(false) {
            return None;
        }
        let in_a_row = self.last_voice.is_some_and(|last| now.saturating_duration_since(last) <= GAP);
        let run = self.run.filter(|_| in_a_row).unwrap_or(now);
        self.run = Some(run);
        self.level = if in_a_row { 0.8 * self.level + 0.2 * f32::from(dbov) } else { f32::from(dbov) };
        self.last_voice = Some(now);
        let starts = !self.active && now.saturating_duration_since(run) >= ATTACK;
        self.active |= starts;
        starts.then_some(true)
    }

    /// When [`expire`](Self::expire) has something to do. `None` while silent.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        self.last_voice.filter(|_| self.active).map(|last| last + RELEASE)
    }

    /// Returns `Some(false)` when an active source has fallen silent.
    pub fn expire(&mut self, now: Instant) -> Option<bool> {
        let over = self.deadline().is_some_and(|deadline| now >= deadline);
        self.active &= !over;
        over.then_some(false)
    }

    /// How much the source deserves a slot.
    #[must_use]
    pub fn rank(&self) -> Rank {
        match self.last_voice {
            None => Rank::default(),
            last_voice => Rank { active: self.active, last_voice, level: self.level },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Duration = Duration::from_millis(20);

    /// Sends frames of one level; returns how long it took to become active.
    fn speak(
        voice: &mut Voice,
        start: Instant,
        frames: u32,
        dbov: i8,
        flag: Option<bool>,
    ) -> Option<Duration> {
        (0..frames).map(|n| FRAME * n).find(|at| voice.heard(start + *at, dbov, flag) == Some(true))
    }

    #[test]
    fn voice_starts_after_the_attack_and_ends_after_the_release() {
        let start = Instant::now();
        let mut voice = Voice::default();
        assert_eq!(speak(&mut voice, start, 50, -30, None), Some(ATTACK));
        let last = start + ATTACK;
        assert_eq!(voice.deadline(), Some(last + RELEASE));
        assert_eq!(voice.expire(last + RELEASE - FRAME), None);
        assert_eq!(voice.expire(last + RELEASE), Some(false));
        assert_eq!(voice.deadline(), None);
        assert!(!voice.rank().active);
    }

    #[test]
    fn a_click_noise_and_an_unvoiced_packet_do_not_start_it() {
        let start = Instant::now();
        assert_eq!(speak(&mut Voice::default(), start, 3, -10, Some(true)), None, "60 ms are not over");
        assert_eq!(speak(&mut Voice::default(), start, 500, -51, Some(true)), None, "too quiet");
        assert_eq!(speak(&mut Voice::default(), start, 500, -10, Some(false)), None, "the sender says no");
    }

    #[test]
    fn clicks_far_apart_do_not_add_up() {
        let start = Instant::now();
        let mut voice = Voice::default();
        for n in 0..20 {
            assert_eq!(voice.heard(start + 2 * GAP * n, -10, None), None);
        }
    }

    #[test]
    fn a_pause_between_words_keeps_it_active() {
        let start = Instant::now();
        let mut voice = Voice::default();
        speak(&mut voice, start, 10, -30, None);
        let again = start + Duration::from_millis(400);
        assert_eq!(voice.expire(again), None);
        assert_eq!(speak(&mut voice, again, 10, -30, None), None, "it is active already");
        assert!(voice.rank().active);
    }

    #[test]
    fn the_level_follows_the_voice() {
        let start = Instant::now();
        let mut voice = Voice::default();
        assert_eq!(voice.rank(), Rank::default());
        for n in 0..100 {
            voice.heard(start + FRAME * n, -20, Some(true));
        }
        assert!((voice.rank().level - -20.0).abs() < 0.5);
    }
}
