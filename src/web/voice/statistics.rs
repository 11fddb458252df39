//! The voice connection's counters, from `getStats` (W3C WebRTC statistics).

use crate::engine::VoiceCounters;
use js_sys::{Map, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::RtcPeerConnection;

/// Reads the counters; `None` where the connection is closed.
pub(super) async fn read(connection: &RtcPeerConnection) -> Option<VoiceCounters> {
    let report = JsFuture::from(connection.get_stats()).await.ok()?;
    let mut sums = Sums::default();
    // A report is no Map, but has its `forEach`.
    report.unchecked_ref::<Map>().for_each(&mut |entry, _| sums.add(&entry));
    Some(sums.counters())
}

#[derive(Default)]
struct Sums {
    counters: VoiceCounters,
    /// Seconds in the jitter buffer, and samples that left it.
    buffered: (f64, f64),
}

impl Sums {
    fn add(&mut self, entry: &JsValue) {
        match text(entry, "type").as_deref() {
            Some("inbound-rtp") => self.add_slot(entry),
            Some("candidate-pair") if text(entry, "state").as_deref() == Some("succeeded") => {
                let seconds = number(entry, "currentRoundTripTime");
                self.counters.round_trip_ms = self.counters.round_trip_ms.max(seconds * 1_000.0);
            }
            _ => {}
        }
    }

    fn add_slot(&mut self, entry: &JsValue) {
        let counters = &mut self.counters;
        counters.packets_received += number(entry, "packetsReceived") as u64;
        // Duplicates make it negative (RFC 3550, A.3).
        counters.packets_lost += number(entry, "packetsLost").max(0.0) as u64;
        counters.samples += number(entry, "totalSamplesReceived") as u64;
        counters.concealed += number(entry, "concealedSamples") as u64
            - (number(entry, "silentConcealedSamples") as u64).min(number(entry, "concealedSamples") as u64);
        counters.jitter_ms = counters.jitter_ms.max(number(entry, "jitter") * 1_000.0);
        self.buffered.0 += number(entry, "jitterBufferDelay");
        self.buffered.1 += number(entry, "jitterBufferEmittedCount");
    }

    fn counters(self) -> VoiceCounters {
        let (seconds, samples) = self.buffered;
        let buffer_ms = if samples > 0.0 { seconds / samples * 1_000.0 } else { 0.0 };
        VoiceCounters { buffer_ms, ..self.counters }
    }
}

fn number(entry: &JsValue, key: &str) -> f64 {
    Reflect::get(entry, &key.into()).ok().and_then(|v| v.as_f64()).unwrap_or(0.0)
}

fn text(entry: &JsValue, key: &str) -> Option<String> {
    Reflect::get(entry, &key.into()).ok().and_then(|v| v.as_string())
}
