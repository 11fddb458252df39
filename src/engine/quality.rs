//! How good the voice is: from counters to figures, and to a mean opinion score.

use jackfield_wire::lean::Json;

/// Counters of the voice connection, as `getStats` has them (W3C WebRTC statistics): sums since the connection began.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct VoiceCounters {
    /// Packets that arrived.
    pub packets_received: u64,
    /// Packets that did not.
    pub packets_lost: u64,
    /// Samples played.
    pub samples: u64,
    /// Samples played that were made up.
    pub concealed: u64,
    /// Round trip of the active candidate pair, milliseconds.
    pub round_trip_ms: f64,
    /// Jitter of the worst slot, milliseconds (RFC 3550).
    pub jitter_ms: f64,
    /// Mean time in the jitter buffer, milliseconds.
    pub buffer_ms: f64,
}

/// How the voice was in the last second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quality {
    /// Round trip, milliseconds.
    pub rtt_ms: f64,
    /// Jitter, milliseconds.
    pub jitter_ms: f64,
    /// Share of packets lost, 0 to 1.
    pub loss: f64,
    /// Share of samples made up, 0 to 1.
    pub concealed: f64,
    /// Mean opinion score by the E-model (ITU-T G.107), 1 to 4.5.
    pub mos: f64,
}

impl Quality {
    /// The figures between two readings.
    pub(super) fn between(before: &VoiceCounters, now: &VoiceCounters) -> Self {
        let lost = now.packets_lost.saturating_sub(before.packets_lost) as f64;
        let received = now.packets_received.saturating_sub(before.packets_received) as f64;
        let concealed = now.concealed.saturating_sub(before.concealed) as f64;
        let samples = now.samples.saturating_sub(before.samples) as f64;
        let loss = share(lost, lost + received);
        let delay = now.round_trip_ms / 2.0 + now.buffer_ms + CODEC_MS;
        Self {
            rtt_ms: now.round_trip_ms,
            jitter_ms: now.jitter_ms,
            loss,
            concealed: share(concealed, samples),
            mos: mean_opinion_score(delay, loss),
        }
    }

    /// The figures as JSON, as `reportQuality` and the package's event have them.
    pub fn json(&self) -> String {
        let mut json = Json::new();
        json.figure("rttMs", self.rtt_ms).figure("jitterMs", self.jitter_ms).figure("loss", self.loss);
        json.figure("concealed", self.concealed).figure("mos", self.mos).end()
    }
}

/// One Opus frame and its look-ahead (RFC 6716), milliseconds.
const CODEC_MS: f64 = 26.5;

fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { (part / whole).clamp(0.0, 1.0) } else { 0.0 }
}

/// The E-model (ITU-T G.107) with its default values, from the mouth-to-ear delay in milliseconds and the share of packets lost.
///
/// R = 93.2 − Id − Ie,eff. The delay's impairment is the usual two straight lines through the curve of the standard. Opus has no
/// entry in G.113: as others do, Ie = 0 and a robustness of 10 (in-band error correction) are taken.
fn mean_opinion_score(delay_ms: f64, loss: f64) -> f64 {
    let percent = loss * 100.0;
    let delay_impairment = 0.024 * delay_ms + 0.11 * (delay_ms - 177.3).max(0.0);
    let loss_impairment = 95.0 * percent / (percent + 10.0);
    let r = (93.2 - delay_impairment - loss_impairment).clamp(0.0, 100.0);
    (1.0 + 0.035 * r + r * (r - 60.0) * (100.0 - r) * 7e-6).clamp(1.0, 4.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_score_falls_with_delay_and_loss() {
        let table = [
            (30.0, 0.0, 4.35..=4.5),
            (150.0, 0.0, 4.2..=4.4),
            (400.0, 0.0, 2.9..=3.5),
            (50.0, 0.03, 3.4..=3.9),
            (50.0, 0.2, 1.0..=2.0),
            (5_000.0, 1.0, 1.0..=1.0),
        ];
        for (delay, loss, range) in table {
            let score = mean_opinion_score(delay, loss);
            assert!(range.contains(&score), "{delay} ms, {loss}: {score}");
        }
    }

    #[test]
    fn figures_are_of_the_time_between_two_readings() {
        let before = VoiceCounters { packets_received: 1_000, packets_lost: 900, ..Default::default() };
        let now = VoiceCounters {
            packets_received: 1_049,
            packets_lost: 901,
            samples: 48_000,
            concealed: 480,
            round_trip_ms: 20.0,
            ..before
        };
        let quality = Quality::between(&before, &now);
        assert_eq!((quality.loss, quality.concealed), (0.02, 0.01));
        // A restarted peer connection counts from nothing again: no figure may go wild.
        assert_eq!(Quality::between(&now, &VoiceCounters::default()).loss, 0.0);
    }
}
