//! The outgoing stream of a slot, as its session's stack sees it.

use std::time::Duration;

use str0m::Rtc;
use str0m::media::Mid;
use str0m::rtp::Ssrc;

use crate::rebase::Rebase;

/// The outgoing stream of one slot.
///
/// Most calls use one slot of four, and the stack looks at all of its streams each time anything happens. So a stream is
/// parked, that is taken out of the stack, until it has its first packet to send: a third of what a packet costs.
#[derive(Debug, Default)]
pub(super) struct Track {
    pub(super) mid: Option<Mid>,
    pub(super) rebase: Rebase,
    stream: Stream,
}

#[derive(Debug, Default)]
enum Stream {
    /// With the stack, as negotiation made it.
    #[default]
    Negotiated,
    /// With us: the client was told this SSRC, and no packet has been sent.
    Parked(Ssrc),
    /// With the stack for good: it counts what it sends, for the client's reports.
    Used,
}

impl Track {
    /// Takes a stream that has sent nothing out of the stack.
    pub(super) fn park(&mut self, rtc: &mut Rtc) {
        let (Some(mid), Stream::Negotiated) = (self.mid, &self.stream) else { return };
        let mut api = rtc.direct_api();
        if let Some(ssrc) = api.stream_tx_by_mid(mid, None).map(|stream| stream.ssrc()) {
            api.remove_stream_tx(ssrc);
            self.stream = Stream::Parked(ssrc);
        }
    }

    /// Gives a parked stream back, to be done before each negotiation: the stack would tell the client a new SSRC.
    pub(super) fn unpark(&mut self, rtc: &mut Rtc) {
        if let (Some(mid), Stream::Parked(ssrc)) = (self.mid, &self.stream) {
            declare(rtc, mid, *ssrc);
            self.stream = Stream::Negotiated;
        }
    }

    /// To be asked before each packet: the SSRC to [`declare`], if this is the first.
    pub(super) fn first_use(&mut self) -> Option<Ssrc> {
        match std::mem::replace(&mut self.stream, Stream::Used) {
            Stream::Parked(ssrc) => Some(ssrc),
            Stream::Negotiated | Stream::Used => None,
        }
    }
}

/// Gives the stack a stream, unless the line has gone.
pub(super) fn declare(rtc: &mut Rtc, mid: Mid, ssrc: Ssrc) {
    if rtc.media(mid).is_some() {
        // Audio is never sent again, so there is nothing to keep for it and no share of it to watch.
        rtc.direct_api().declare_stream_tx(ssrc, None, mid, None).set_rtx_cache(0, Duration::ZERO, None);
    }
}
