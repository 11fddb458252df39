//! One outgoing RTP stream made of many incoming ones.
//!
//! A slot is one RTP stream to the client for as long as the session lives, but its source changes: calls are swapped,
//! a fifth party speaks. Forwarding the sources' own numbers would make sequence numbers and timestamps jump, which a
//! jitter buffer hears as loss, and SRTP as an attack once a jump exceeds half its window (RFC 3711, 3.3.1).
//! So each change of source is rebased: the sequence goes on by one, the timestamp by the time that passed.

use std::time::{Duration, Instant};

/// RTP clock of Opus in Hz (RFC 7587, 4.1).
const CLOCK: u64 = 48_000;
/// Timestamp step of one 20 ms frame: the least by which a new source follows the old one.
const FRAME: u32 = 960;

/// One incoming RTP stream: who sends it, and its SSRC, which changes when the sender starts a new stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) peer: crate::PeerId,
    pub(crate) ssrc: u32,
}

/// The numbers of one outgoing packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    /// Extended sequence number: the roll-overs are counted in the upper bits.
    pub(crate) seq: u64,
    /// RTP timestamp, 48 kHz.
    pub(crate) time: u32,
    /// First packet after a change of source.
    pub(crate) first: bool,
}

/// Keeps one outgoing stream continuous over changes of its source.
#[derive(Debug, Default)]
pub(crate) struct Rebase {
    segment: Option<Segment>,
    last: Option<Last>,
}

/// The present source and what to add to its numbers.
#[derive(Debug)]
struct Segment {
    origin: Origin,
    first_seq: u64,
    seq_base: u64,
    time_offset: u32,
}

/// The furthest packet sent so far.
#[derive(Clone, Copy, Debug)]
struct Last {
    seq: u64,
    time: u32,
    at: Instant,
}

impl Rebase {
    /// Ends the present segment, so that the next packet starts a new one even if it is from the same source. To be
    /// called whenever packets of the source were or will be left out (mute, hold, another source).
    pub(crate) fn cut(&mut self) {
        self.segment = None;
    }

    /// The outgoing numbers of an incoming packet. `None` if the packet is from before the segment began: its number
    /// was given to somebody else.
    pub(crate) fn stamp(&mut self, now: Instant, origin: Origin, seq: u64, time: u32) -> Option<Stamp> {
        let same = self.segment.as_ref().is_some_and(|segment| segment.origin == origin);
        if !same {
            self.segment = Some(self.begin(now, origin, seq, time));
        }
        let segment = self.segment.as_ref()?;
        let stamp = Stamp {
            seq: segment.seq_base + seq.checked_sub(segment.first_seq)?,
            time: time.wrapping_add(segment.time_offset),
            first: !same,
        };
        if self.last.is_none_or(|last| stamp.seq > last.seq) {
            self.last = Some(Last { seq: stamp.seq, time: stamp.time, at: now });
        }
        Some(stamp)
    }

    fn begin(&self, now: Instant, origin: Origin, seq: u64, time: u32) -> Segment {
        // Without signalling, the first sequence number must be below 2^16: receivers start at roll-over count 0.
        let (seq_base, first_time) = self.last.map_or((1, 0), |last| {
            let passed = ticks(now.saturating_duration_since(last.at));
            (last.seq + 1, last.time.wrapping_add(passed.max(FRAME)))
        });
        Segment { origin, first_seq: seq, seq_base, time_offset: first_time.wrapping_sub(time) }
    }
}

/// A duration in ticks of the RTP clock, modulo 2^32 as timestamps are.
fn ticks(duration: Duration) -> u32 {
    (duration.as_micros() as u64).wrapping_mul(CLOCK).wrapping_div(1_000_000) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PeerId;

    const A: Origin = Origin { peer: PeerId(1), ssrc: 11 };
    const B: Origin = Origin { peer: PeerId(2), ssrc: 22 };

    fn ms(start: Instant, ms: u64) -> Instant {
        start + Duration::from_millis(ms)
    }

    #[test]
    fn one_source_keeps_its_distances_its_gaps_and_its_order() {
        let start = Instant::now();
        let mut rebase = Rebase::default();
        let mut stamp =
            |at, seq, time| rebase.stamp(ms(start, at), A, seq, time).map(|s| (s.seq, s.time, s.first));
        assert_eq!(stamp(0, 500, 7_000), Some((1, 0, true)));
        assert_eq!(stamp(20, 501, 7_960), Some((2, 960, false)));
        assert_eq!(stamp(80, 504, 10_840), Some((5, 3_840, false)), "two lost packets stay visible as a gap");
        assert_eq!(stamp(81, 503, 9_880), Some((4, 2_880, false)), "a late packet goes into the gap");
        assert_eq!(stamp(100, 505, 11_800), Some((6, 4_800, false)));
        assert_eq!(stamp(101, 499, 6_040), None, "from before the slot began");
    }

    #[test]
    fn another_source_goes_on_where_the_last_one_stopped() {
        let start = Instant::now();
        let mut rebase = Rebase::default();
        rebase.stamp(start, A, 65_535, u32::MAX - 100);
        let stamp = rebase.stamp(ms(start, 250), B, 9, 123).unwrap();
        assert_eq!((stamp.seq, stamp.time, stamp.first), (2, 12_000, true), "250 ms are 12000 ticks");
        let back = rebase.stamp(ms(start, 251), A, 65_548, 1).unwrap();
        assert_eq!((back.seq, back.time), (3, 12_960), "never less than a frame");
    }

    #[test]
    fn after_a_cut_the_same_source_leaves_no_gap_for_what_was_left_out() {
        let start = Instant::now();
        let mut rebase = Rebase::default();
        rebase.stamp(start, A, 10, 0);
        rebase.cut();
        // Ten minutes on hold: 30000 packets were not forwarded.
        let stamp = rebase.stamp(ms(start, 600_000), A, 30_010, 28_800_000).unwrap();
        assert_eq!((stamp.seq, stamp.time), (2, 28_800_000));
    }

    #[test]
    fn a_new_stream_of_the_same_peer_is_a_new_segment() {
        let start = Instant::now();
        let mut rebase = Rebase::default();
        rebase.stamp(start, A, 10, 0);
        let stamp = rebase.stamp(ms(start, 20), Origin { ssrc: 12, ..A }, 1, 77).unwrap();
        assert_eq!((stamp.seq, stamp.time, stamp.first), (2, 960, true));
    }

    #[test]
    fn sequence_numbers_count_on_past_their_sixteen_bits() {
        let start = Instant::now();
        let mut rebase = Rebase::default();
        rebase.stamp(start, A, 0, 0);
        assert_eq!(rebase.stamp(start, A, 70_000, 0).map(|stamp| stamp.seq), Some(70_001));
    }
}
