//! One session: a WebRTC stack of its own, driven under guard.

use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use str0m::change::SdpOffer;
use str0m::config::DtlsCert;
use str0m::crypto::CryptoProvider;
use str0m::format::{Codec, FormatParams};
use str0m::media::{Frequency, Mid, Pt};
use str0m::net::Transmit;
use str0m::rtp::{Extension, ExtensionMap};
use str0m::{Candidate, Event, IceConnectionState, Input, Output, Rtc, RtcConfig, RtcError};

use super::sdp::{Offer, SessionKey};
use super::track::Track;
use super::{MediaError, error::OfferError};
use crate::{PeerId, SLOTS, Slots};

/// A stack that asks to be woken at once more often than this in a row is made to wait a little.
const MAX_ROUNDS: usize = 16;

/// What all sessions have in common.
#[derive(Debug)]
pub(super) struct Stack {
    crypto: Arc<CryptoProvider>,
    /// One certificate for all: making one costs more than the rest of a negotiation.
    cert: DtlsCert,
    candidates: Vec<SocketAddr>,
    dtx: bool,
}

/// How far a session is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Link {
    /// Not connected yet.
    Connecting,
    /// Connected, as far as is known.
    Up,
    /// It was connected and is silent, or it restarts.
    Down,
}

pub(super) struct Peer {
    pub(super) rtc: Rtc,
    pub(super) session: SessionKey,
    pub(super) mids: Vec<String>,
    pub(super) link: Link,
    /// The session is given up then, unless it connects.
    pub(super) give_up: Option<Instant>,
    /// When the stack wants to be woken.
    pub(super) wake: Instant,
    pub(super) slots: Slots,
    pub(super) tracks: [Track; SLOTS],
    pub(super) opus: Pt,
}

/// What came out of a stack.
#[derive(Debug, Default)]
pub(super) struct Drained {
    pub(super) transmits: Vec<Transmit>,
    pub(super) audio: Vec<Audio>,
    pub(super) signals: Vec<Signal>,
}

/// An audio packet that came in: of all that its header says, what the plane needs. The stack's own packet is ten times
/// as large, and is moved often.
#[derive(Clone, Debug)]
pub(super) struct Audio {
    pub(super) ssrc: u32,
    /// Extended sequence number.
    pub(super) seq: u64,
    /// RTP timestamp, 48 kHz.
    pub(super) time: u32,
    pub(super) marker: bool,
    /// Loudness in dBov (RFC 6464), if the client says.
    pub(super) level: Option<i8>,
    pub(super) voice: Option<bool>,
    /// When it arrived.
    pub(super) at: Instant,
    pub(super) payload: Arc<[u8]>,
}

/// What a stack has to say about itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signal {
    Connected,
    Reachable,
    Unreachable,
    Closed,
}

/// Why a stack must be thrown away.
#[derive(Debug)]
pub(super) enum Broken {
    Panicked,
    Failed(RtcError),
}

impl Stack {
    pub(super) fn new(candidates: Vec<SocketAddr>, dtx: bool) -> Result<Self, MediaError> {
        let crypto = Arc::new(str0m::crypto::from_feature_flags());
        let cert = crypto.dtls_provider.generate_certificate().ok_or_else(|| {
            MediaError::Thread(std::io::Error::other("the crypto provider makes no DTLS certificate"))
        })?;
        Ok(Self { crypto, cert, candidates, dtx })
    }

    fn build(&self, now: Instant) -> Result<Rtc, RtcError> {
        let mut config = RtcConfig::new()
            .set_crypto_provider(Arc::clone(&self.crypto))
            .set_dtls_cert(self.cert.clone())
            .set_ice_lite(true)
            .set_rtp_mode(true)
            .set_stats_interval(None)
            .clear_codecs()
            .set_extension_map(extensions());
        config.codec_config().add_config(
            111.into(),
            None,
            Codec::Opus,
            Frequency::FORTY_EIGHT_KHZ,
            Some(2),
            FormatParams {
                min_p_time: Some(10),
                use_inband_fec: Some(true),
                use_dtx: self.dtx.then_some(true),
                ..FormatParams::default()
            },
        );
        let mut rtc = config.build(now);
        for address in &self.candidates {
            rtc.add_local_candidate(Candidate::host(*address, "udp").map_err(RtcError::Ice)?);
            while !matches!(rtc.poll_output()?, Output::Timeout(_)) {}
        }
        Ok(rtc)
    }
}

/// Only what audio needs: the level to find speakers, and the mid to find the line. Transport-wide congestion feedback
/// would cost a packet for every few of audio, and Opus at 32 kbit/s has nothing to adapt.
fn extensions() -> ExtensionMap {
    let mut extensions = ExtensionMap::empty();
    extensions.set(1, Extension::AudioLevel);
    extensions.set(2, Extension::RtpMid);
    extensions
}

impl Peer {
    /// Starts a session. Returns it with its answer and its first output.
    pub(super) fn accept(
        id: PeerId,
        stack: &Stack,
        offer: &Offer,
        now: Instant,
        give_up: Instant,
    ) -> Result<(Self, String, Drained), MediaError> {
        let mut drained = Drained::default();
        let made = guard(|| {
            let mut rtc = stack.build(now)?;
            let answer = answer(&mut rtc, offer)?;
            let wake = drain(&mut rtc, now, &mut drained)?;
            Ok((rtc, answer, wake))
        });
        let (rtc, answer, wake) = made.map_err(|broken| broken.refusal(id))?;
        let opus = opus(&rtc);
        let mut peer = Self {
            rtc,
            session: offer.session.clone(),
            mids: Vec::new(),
            link: Link::Connecting,
            give_up: Some(give_up),
            wake,
            slots: Slots::default(),
            tracks: Default::default(),
            opus,
        };
        peer.take_lines(offer);
        peer.park(now, &mut drained).map_err(|broken| broken.refusal(id))?;
        Ok((peer, answer, drained))
    }

    /// Takes a later offer of the same session. `Err` in `Err` is a refusal after which the session goes on.
    pub(super) fn renegotiate(
        &mut self,
        offer: &Offer,
        now: Instant,
        out: &mut Drained,
    ) -> Result<Answer, Broken> {
        let answer = guard(|| {
            self.tracks.iter_mut().for_each(|track| track.unpark(&mut self.rtc));
            drain(&mut self.rtc, now, out)?;
            let answer = match answer(&mut self.rtc, offer) {
                Err(error) if self.rtc.is_alive() => Err(OfferError::Refused(error.to_string())),
                result => Ok(result?),
            };
            self.wake = drain(&mut self.rtc, now, out)?;
            Ok(answer)
        })?;
        if answer.is_ok() {
            self.take_lines(offer);
            self.opus = opus(&self.rtc);
        }
        self.park(now, out)?;
        Ok(answer)
    }

    /// Takes the streams that have sent nothing out of the stack.
    fn park(&mut self, now: Instant, out: &mut Drained) -> Result<(), Broken> {
        guard(|| {
            self.tracks.iter_mut().for_each(|track| track.park(&mut self.rtc));
            self.wake = drain(&mut self.rtc, now, out)?;
            Ok(())
        })
    }

    /// Changes the stack in one way, and takes out all that this causes.
    pub(super) fn drive(
        &mut self,
        now: Instant,
        out: &mut Drained,
        change: impl FnOnce(&mut Rtc) -> Result<(), RtcError>,
    ) -> Result<(), Broken> {
        guard(|| {
            match change(&mut self.rtc) {
                // One bad packet is not the end; what it did to the stack is.
                Err(error) if self.rtc.is_alive() => tracing::debug!(%error, "session input refused"),
                result => result?,
            }
            self.wake = drain(&mut self.rtc, now, out)?;
            Ok(())
        })
    }

    /// The user fragment by which STUN requests name this session.
    pub(super) fn ufrag(&mut self) -> String {
        self.rtc.direct_api().local_ice_credentials().ufrag
    }

    fn take_lines(&mut self, offer: &Offer) {
        self.mids.clone_from(&offer.mids);
        let mids: Vec<Mid> = offer.slots.iter().map(|mid| Mid::from(mid.as_str())).collect();
        let unchanged = (0..SLOTS).all(|slot| self.tracks[slot].mid == mids.get(slot).copied());
        if unchanged {
            return;
        }
        // A line keeps its stream, and so the numbers of that stream, even if it is now another slot.
        let mut old = std::mem::take(&mut self.tracks);
        for (track, mid) in self.tracks.iter_mut().zip(&mids) {
            let kept = old.iter_mut().find(|old| old.mid == Some(*mid)).map(std::mem::take);
            *track = kept.unwrap_or_default();
            track.mid = Some(*mid);
            track.rebase.cut();
        }
        self.slots = Slots::new(mids.len());
    }
}

/// An answer, or why this offer was refused.
pub(super) type Answer = Result<String, OfferError>;

impl Broken {
    pub(super) fn refusal(&self, peer: PeerId) -> MediaError {
        match self {
            Self::Panicked => MediaError::Panicked(peer),
            Self::Failed(error) => MediaError::Offer(OfferError::Refused(error.to_string())),
        }
    }
}

fn answer(rtc: &mut Rtc, offer: &Offer) -> Result<String, RtcError> {
    let offer = SdpOffer::from_sdp_string(&offer.sdp).map_err(RtcError::Sdp)?;
    Ok(rtc.sdp_api().accept_offer(offer)?.to_sdp_string())
}

fn opus(rtc: &Rtc) -> Pt {
    let params = rtc.codec_config().params().iter().find(|params| params.spec().codec == Codec::Opus);
    params.map_or_else(|| 111.into(), |params| params.pt())
}

/// Takes everything out of a stack until it has nothing but a time to wait for, and returns that time.
///
/// A packet that was just written leaves only after the clock has moved, so a time that has come is served at once.
fn drain(rtc: &mut Rtc, now: Instant, out: &mut Drained) -> Result<Instant, RtcError> {
    for _ in 0..MAX_ROUNDS {
        let wake = poll(rtc, out)?;
        if wake > now {
            return Ok(wake);
        }
        rtc.handle_input(Input::Timeout(now))?;
    }
    poll(rtc, out)?;
    Ok(now + Duration::from_millis(1))
}

/// Takes out what there is. A packet is a large thing: it is taken apart where it comes out, not handed on whole.
fn poll(rtc: &mut Rtc, out: &mut Drained) -> Result<Instant, RtcError> {
    loop {
        match rtc.poll_output() {
            Ok(Output::Timeout(at)) => return Ok(at),
            Ok(Output::Transmit(transmit)) => out.transmits.push(transmit),
            Ok(Output::Event(Event::RtpPacket(packet))) => out.audio.push(Audio {
                ssrc: *packet.header.ssrc,
                seq: *packet.seq_no,
                time: packet.header.timestamp,
                marker: packet.header.marker,
                level: packet.header.ext_vals.audio_level,
                voice: packet.header.ext_vals.voice_activity,
                at: packet.timestamp,
                payload: packet.payload,
            }),
            Ok(Output::Event(event)) => out.signals.extend(signal(&event)),
            Err(error) => return Err(error),
        }
    }
}

fn signal(event: &Event) -> Option<Signal> {
    use IceConnectionState::{Completed, Connected, Disconnected};
    match event {
        Event::Connected => Some(Signal::Connected),
        Event::Closed => Some(Signal::Closed),
        Event::IceConnectionStateChange(Disconnected) => Some(Signal::Unreachable),
        Event::IceConnectionStateChange(Connected | Completed) => Some(Signal::Reachable),
        _ => None,
    }
}

/// The stack panics by policy when it finds itself inconsistent. That must end one session, not the plane: the stack
/// has no threads, locks or globals of its own, so nothing outside it is left half changed.
fn guard<T>(work: impl FnOnce() -> Result<T, RtcError>) -> Result<T, Broken> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(result) => result.map_err(Broken::Failed),
        Err(_) => Err(Broken::Panicked),
    }
}
