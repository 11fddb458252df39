//! A client of the media plane, as a browser would be: one audio line up, four slots down. Told the time and given
//! datagrams like the plane's own engine, so that it runs over real sockets as well as in virtual time.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use str0m::change::{SdpAnswer, SdpPendingOffer};
use str0m::media::{Direction, ExtensionValues, MediaKind, Mid};
use str0m::net::{Protocol, Receive, Transmit};
use str0m::rtp::RtpWrite;
use str0m::{Candidate, Event, Input, Output, Rtc};

/// Length of a frame of audio.
pub(crate) const FRAME: Duration = Duration::from_millis(20);

/// A packet that arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Heard {
    pub(crate) slot: usize,
    pub(crate) seq: u64,
    pub(crate) time: u32,
    pub(crate) at: Instant,
    /// Who sent it and the how-manieth it was, as written into the payload.
    pub(crate) from: u8,
    pub(crate) count: u32,
}

pub(crate) struct Client {
    pub(crate) number: u8,
    pub(crate) rtc: Rtc,
    pub(crate) address: SocketAddr,
    pub(crate) connected: bool,
    pub(crate) closed: bool,
    pub(crate) heard: Vec<Heard>,
    pub(crate) sent: u32,
    /// Loudness of what it says in dBov; silent if `None`.
    pub(crate) talk: Option<i8>,
    up: Option<Mid>,
    slots: Vec<Mid>,
    pending: Option<SdpPendingOffer>,
    out: Vec<Transmit>,
    wake: Instant,
    next_frame: Instant,
}

impl Client {
    pub(crate) fn new(number: u8, address: SocketAddr, now: Instant) -> Self {
        let mut rtc = Rtc::builder().set_rtp_mode(true).build(now);
        rtc.add_local_candidate(Candidate::host(address, "udp").unwrap());
        Self {
            number,
            rtc,
            address,
            connected: false,
            closed: false,
            heard: Vec::new(),
            sent: 0,
            talk: None,
            up: None,
            slots: Vec::new(),
            pending: None,
            out: Vec::new(),
            wake: now,
            next_frame: now,
        }
    }

    /// The first offer: a warm session.
    pub(crate) fn offer(&mut self) -> String {
        let mut api = self.rtc.sdp_api();
        self.up = Some(api.add_media(MediaKind::Audio, Direction::SendOnly, None, None, None));
        self.slots =
            (0..4).map(|_| api.add_media(MediaKind::Audio, Direction::RecvOnly, None, None, None)).collect();
        let (offer, pending) = api.apply().unwrap();
        self.pending = Some(pending);
        offer.to_sdp_string()
    }

    /// An offer that restarts ICE.
    pub(crate) fn restart(&mut self) -> String {
        let mut api = self.rtc.sdp_api();
        api.ice_restart(true);
        let (offer, pending) = api.apply().unwrap();
        self.pending = Some(pending);
        offer.to_sdp_string()
    }

    pub(crate) fn accept(&mut self, answer: &str) {
        let answer = SdpAnswer::from_sdp_string(answer).unwrap();
        let pending = self.pending.take().unwrap();
        self.rtc.sdp_api().accept_answer(pending, answer).unwrap();
        self.drain();
    }

    /// Moves to another address, as a client does whose network changed.
    pub(crate) fn move_to(&mut self, address: SocketAddr) {
        let old = Candidate::host(self.address, "udp").unwrap();
        self.rtc.direct_api().invalidate_candidate(&old);
        self.rtc.add_local_candidate(Candidate::host(address, "udp").unwrap());
        self.address = address;
        self.drain();
    }

    pub(crate) fn close(&mut self) {
        self.rtc.close().unwrap();
        self.drain();
    }

    pub(crate) fn receive(&mut self, now: Instant, source: SocketAddr, datagram: &[u8]) {
        let Ok(receive) = Receive::new(Protocol::Udp, source, self.address, datagram) else { return };
        let input = Input::Receive(now, receive);
        if self.rtc.accepts(&input) {
            let _ = self.rtc.handle_input(input);
            self.drain();
        }
    }

    /// Does what is due at `now`, which includes saying something.
    pub(crate) fn tick(&mut self, now: Instant) {
        if self.wake <= now {
            self.rtc.handle_input(Input::Timeout(now)).unwrap();
            self.drain();
        }
        while self.talk.is_some() && self.next_frame <= now {
            self.next_frame = (self.next_frame + FRAME).max(now);
            self.speak(now);
        }
        if self.talk.is_none() {
            self.next_frame = now;
        }
    }

    /// Has it speak from then on, which may be later, to the frame.
    pub(crate) fn talk_from(&mut self, at: Instant) {
        (self.talk, self.next_frame) = (Some(-20), at);
    }

    pub(crate) fn deadline(&self) -> Instant {
        if self.talk.is_some() { self.wake.min(self.next_frame) } else { self.wake }
    }

    pub(crate) fn take_out(&mut self) -> Vec<Transmit> {
        std::mem::take(&mut self.out)
    }

    /// What was heard of `from`.
    pub(crate) fn heard_of(&self, from: u8) -> impl Iterator<Item = &Heard> {
        self.heard.iter().filter(move |heard| heard.from == from)
    }

    fn speak(&mut self, now: Instant) {
        let (Some(mid), Some(level), true) = (self.up, self.talk, self.connected) else { return };
        let opus = self.rtc.codec_config().params().iter().find(|params| params.spec().codec.is_audio());
        let opus = opus.unwrap().pt();
        self.sent += 1;
        let mut payload = vec![self.number; 40];
        payload[1..5].copy_from_slice(&self.sent.to_be_bytes());
        let values = ExtensionValues {
            audio_level: Some(level),
            voice_activity: Some(level > -60),
            ..ExtensionValues::default()
        };
        // The numbers of each client start elsewhere, so that a plane that forwards them as they are is found out; but
        // below 2^16, as receivers expect.
        let start = 1000 * u64::from(self.number % 60);
        let time = (start as u32).wrapping_mul(77_777).wrapping_add(self.sent * 960);
        let write =
            RtpWrite::new(opus, (start + u64::from(self.sent)).into(), time, now, payload).ext_vals(values);
        self.rtc.direct_api().stream_tx_by_mid(mid, None).unwrap().write_rtp(write);
        self.drain();
        self.rtc.handle_input(Input::Timeout(now)).unwrap();
        self.drain();
    }

    fn drain(&mut self) {
        loop {
            match self.rtc.poll_output() {
                Ok(Output::Timeout(at)) => {
                    self.wake = at;
                    return;
                }
                Ok(Output::Transmit(transmit)) => self.out.push(transmit),
                Ok(Output::Event(event)) => self.note(event),
                Err(_) => {
                    self.closed = true;
                    self.rtc.disconnect();
                }
            }
        }
    }

    fn note(&mut self, event: Event) {
        match event {
            Event::Connected => self.connected = true,
            Event::Closed => self.closed = true,
            Event::RtpPacket(packet) => {
                let mid = self.rtc.direct_api().stream_rx(&packet.header.ssrc).map(|stream| stream.mid());
                let slot = self.slots.iter().position(|slot| Some(*slot) == mid).unwrap();
                let count = packet.payload[1..5].try_into().unwrap();
                self.heard.push(Heard {
                    slot,
                    seq: *packet.seq_no,
                    time: packet.header.timestamp,
                    at: packet.timestamp,
                    from: packet.payload[0],
                    count: u32::from_be_bytes(count),
                });
            }
            _ => {}
        }
    }
}
