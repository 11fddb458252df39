//! Audio on its way through: who speaks, who hears it in which slot, and under which numbers.

use std::sync::Arc;
use std::time::Instant;

use str0m::Input;
use str0m::media::{ExtensionValues, Pt};
use str0m::rtp::RtpWrite;

use super::Engine;
use crate::ids::PeerMap;
use crate::plane::MediaEvent;
use crate::plane::peer::{Audio, Link};
use crate::plane::track::declare;
use crate::rebase::{Origin, Stamp};
use crate::{PeerId, Rank, SLOTS, Voice};

/// Longest Opus packet of a silent frame (RFC 6716, 3.1 and RFC 7587, 3.1.3).
const SILENT_PAYLOAD: usize = 3;

impl Engine {
    /// Gives a listener's slots to its present sources.
    pub(super) fn reassign(&mut self, now: Instant, listener: PeerId) {
        let Some(peer) = self.peers.get_mut(&listener) else { return };
        let sources: Vec<PeerId> = self.patch.sources_of(listener).collect();
        let before = peer.slots.assignment();
        if peer.slots.assign(now, &sources, |source| rank(&self.voices, source)) {
            self.tell_slots(listener, before);
        }
    }

    /// Ends the streams of slots that changed hands, and tells about it.
    fn tell_slots(&mut self, listener: PeerId, before: [Option<PeerId>; SLOTS]) {
        let Some(peer) = self.peers.get_mut(&listener) else { return };
        let slots = peer.slots.assignment();
        for (track, _) in peer.tracks.iter_mut().zip(0..).filter(|(_, slot)| before[*slot] != slots[*slot]) {
            track.rebase.cut();
        }
        self.events.push(MediaEvent::Slots { peer: listener, slots });
    }

    pub(super) fn forward_all(&mut self, now: Instant) {
        while let Some((source, audio)) = self.inbound.pop_front() {
            self.hear(now, source, &audio);
            // The patch does not change while audio is forwarded, so counting is safe; borrowing is not.
            let mut at = 0;
            while let Some(listener) = self.patch.listeners_of(source).get(at).copied() {
                self.forward(now, source, listener, &audio);
                at += 1;
            }
        }
    }

    /// Takes note of who speaks.
    fn hear(&mut self, now: Instant, source: PeerId, audio: &Audio) {
        // A client without RFC 6464 is taken to speak whenever it sends more than a silent frame.
        let unknown = if audio.payload.len() > SILENT_PAYLOAD { -30 } else { -127 };
        let level = audio.level.unwrap_or(unknown);
        let voice = self.voices.entry(source).or_default();
        if let Some(active) = voice.heard(now, level, audio.voice) {
            self.events.push(MediaEvent::Voice { peer: source, active });
            self.arm(source);
        }
    }

    fn forward(&mut self, now: Instant, source: PeerId, listener: PeerId, audio: &Audio) {
        let Some(slot) = self.slot(now, source, listener) else { return };
        let Some(peer) = self.peers.get_mut(&listener).filter(|peer| peer.link != Link::Connecting) else {
            return;
        };
        let track = &mut peer.tracks[slot];
        let origin = Origin { peer: source, ssrc: audio.ssrc };
        let stamp = track.rebase.stamp(now, origin, audio.seq, audio.time);
        let (Some(stamp), Some(mid)) = (stamp, track.mid) else { return };
        let write = write(stamp, peer.opus, audio);
        if let Some(ssrc) = track.first_use() {
            self.drive(now, listener, |rtc| {
                declare(rtc, mid, ssrc);
                Ok(())
            });
        }
        self.stats.forwarded += 1;
        self.drive(now, listener, |rtc| {
            if let Some(stream) = rtc.direct_api().stream_tx_by_mid(mid, None) {
                stream.write_rtp(write);
            }
            // A written packet leaves only when the clock moves. To poll in between, as between any two changes, would
            // bring nothing but the wish to move it (there is a test), for a sixth of what a forward costs. The stack
            // itself moves the clock in the same step when it takes in a packet.
            rtc.handle_input(Input::Timeout(now))
        });
    }

    /// The slot in which a listener hears a source, which may have to win it first.
    fn slot(&mut self, now: Instant, source: PeerId, listener: PeerId) -> Option<usize> {
        let peer = self.peers.get_mut(&listener)?;
        if let Some(slot) = peer.slots.slot_of(source) {
            return Some(slot);
        }
        let before = peer.slots.assignment();
        if !peer.slots.contend(now, source, |source| rank(&self.voices, source)) {
            return None;
        }
        self.tell_slots(listener, before);
        self.peers.get(&listener)?.slots.slot_of(source)
    }
}

fn rank(voices: &PeerMap<Voice>, source: PeerId) -> Rank {
    voices.get(&source).map(Voice::rank).unwrap_or_default()
}

/// The outgoing packet: the source's payload as it is, under the numbers of the slot. The marker tells the jitter
/// buffer that it may adapt here (RFC 3551, 4.1), which is right where another source begins.
fn write(stamp: Stamp, opus: Pt, audio: &Audio) -> RtpWrite {
    let values = ExtensionValues {
        audio_level: audio.level,
        voice_activity: audio.voice,
        ..ExtensionValues::default()
    };
    RtpWrite::new(opus, stamp.seq.into(), stamp.time, audio.at, Arc::clone(&audio.payload))
        .marker(stamp.first || audio.marker)
        .ext_vals(values)
}
