//! All sessions, the patch and the slots; told the time and given datagrams, it never touches a socket or a clock.
//!
//! Every change of a session is followed by taking out all that it causes, before anything else happens to it; and only
//! sessions that a datagram concerns are looked at.

mod forward;

use std::collections::VecDeque;
use std::net::{IpAddr, SocketAddr};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use str0m::net::{Protocol, Receive, Transmit};
use str0m::{Input, Rtc, RtcError};

use super::departed::Departed;
use super::peer::{Audio, Broken, Drained, Link, Peer, Signal, Stack};
use super::routes::{Route, Routes, is_stun};
use super::sdp::Offer;
use super::timers::Timers;
use super::{LostReason, MediaConfig, MediaError, MediaEvent, PlaneStats};
use crate::ids::PeerMap;
use crate::{Leg, Patch, PatchError, PeerId, RoomId, SLOTS, Voice};

pub(super) struct Engine {
    config: MediaConfig,
    stack: Stack,
    /// The address by which each socket is known to all sessions, in order of sockets.
    endpoints: Vec<SocketAddr>,
    peers: PeerMap<Peer>,
    departed: Departed,
    routes: Routes,
    timers: Timers,
    patch: Patch,
    voices: PeerMap<Voice>,
    stats: PlaneStats,
    /// Audio that came in and is not forwarded yet.
    inbound: VecDeque<(PeerId, Audio)>,
    outgoing: Vec<Transmit>,
    events: Vec<MediaEvent>,
    scratch: Drained,
}

impl Engine {
    /// An engine for sockets that are known to clients by these addresses: for each socket at least one, best first.
    pub(super) fn new(config: MediaConfig, sockets: &[Vec<SocketAddr>]) -> Result<Self, MediaError> {
        let endpoints = sockets.iter().filter_map(|candidates| candidates.first().copied()).collect();
        let stack = Stack::new(sockets.concat(), config.dtx)?;
        Ok(Self {
            config,
            stack,
            endpoints,
            peers: PeerMap::default(),
            departed: Departed::default(),
            routes: Routes::default(),
            timers: Timers::default(),
            patch: Patch::default(),
            voices: PeerMap::default(),
            stats: PlaneStats::default(),
            inbound: VecDeque::new(),
            outgoing: Vec::new(),
            events: Vec::new(),
            scratch: Drained::default(),
        })
    }

    /// Answers an offer: of a new session, of a session that restarts or changes, or of a new session of a known peer,
    /// which replaces the old one.
    pub(super) fn negotiate(&mut self, now: Instant, id: PeerId, offer: &str) -> Result<String, MediaError> {
        let offer = Offer::parse(offer)?;
        if self.peers.get(&id).is_some_and(|peer| peer.session == offer.session) {
            return self.renegotiate(now, id, &offer);
        }
        if self.departed.contains(id, &offer.session) {
            return Err(MediaError::SessionOver(id));
        }
        if !self.peers.contains_key(&id) && self.peers.len() >= self.config.max_peers {
            return Err(MediaError::Full { max: self.config.max_peers });
        }
        let give_up = now + self.config.connect_timeout;
        let made = Peer::accept(id, &self.stack, &offer, now, give_up);
        self.stats.panics += u64::from(matches!(made, Err(MediaError::Panicked(_))));
        let (peer, answer, drained) = made?;
        self.close(now, id);
        self.peers.insert(id, peer);
        self.name(id);
        self.absorb(now, id, drained, Ok(()));
        self.reassign(now, id);
        Ok(answer)
    }

    /// Ends a session; the client is told. An unknown peer is no error.
    pub(super) fn close(&mut self, now: Instant, id: PeerId) {
        self.drive(now, id, Rtc::close);
        self.remove(id);
    }

    /// Ends all sessions.
    pub(super) fn close_all(&mut self, now: Instant) {
        let all: Vec<PeerId> = self.peers.keys().copied().collect();
        all.into_iter().for_each(|id| self.close(now, id));
    }

    pub(super) fn set_room(&mut self, now: Instant, room: RoomId, legs: &[Leg]) -> Result<(), PatchError> {
        let changed = self.patch.set_room(room, legs)?;
        changed.into_iter().for_each(|listener| self.reassign(now, listener));
        Ok(())
    }

    /// Takes in a datagram that arrived on a socket from `source`, at the local address `local` if that is known.
    pub(super) fn receive(
        &mut self,
        now: Instant,
        socket: usize,
        source: SocketAddr,
        local: Option<IpAddr>,
        datagram: &[u8],
    ) {
        self.stats.packets_in += 1;
        self.stats.bytes_in += datagram.len() as u64;
        let Some(id) = self.routes.find(source, datagram) else {
            self.stats.dropped_stranger += 1;
            return;
        };
        let destination = self.endpoints.get(socket).copied();
        let received = destination.and_then(|to| Receive::new(Protocol::Udp, source, to, datagram).ok());
        let Some(input) = received.map(|received| Input::Receive(now, received)) else {
            self.stats.dropped_forged += 1;
            return;
        };
        // `handle_input` does not look at the sender. Without this check anyone could start the DTLS handshake of
        // somebody else's session (CVE-2023-51443) or feed it packets.
        if !self.peers.get(&id).is_some_and(|peer| peer.rtc.accepts(&input)) {
            self.stats.dropped_forged += 1;
            return;
        }
        if is_stun(datagram) {
            self.routes.learn(id, source, local);
        }
        self.drive(now, id, |rtc| rtc.handle_input(input));
        self.forward_all(now);
    }

    /// Does what is due.
    pub(super) fn tick(&mut self, now: Instant) {
        while let Some(id) = self.timers.pop(now) {
            self.wake(now, id);
        }
        self.forward_all(now);
    }

    /// When [`tick`](Self::tick) is due next.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.timers.next()
    }

    /// Sends all datagrams that wait: the socket, its local address to send from, and the datagram. `send` returns
    /// whether the system took it.
    pub(super) fn flush(&mut self, mut send: impl FnMut(usize, Option<IpAddr>, &Transmit) -> bool) {
        for transmit in self.outgoing.drain(..) {
            let socket = self.endpoints.iter().position(|endpoint| *endpoint == transmit.source);
            let local = self.routes.route_to(transmit.destination).and_then(|route: Route| route.local);
            if socket.is_some_and(|socket| send(socket, local, &transmit)) {
                self.stats.packets_out += 1;
                self.stats.bytes_out += transmit.contents.len() as u64;
            } else {
                self.stats.dropped_send += 1;
            }
        }
    }

    /// What happened since the last call.
    pub(super) fn events(&mut self) -> impl Iterator<Item = MediaEvent> + '_ {
        self.events.drain(..)
    }

    pub(super) fn stats(&self) -> PlaneStats {
        let connected = self.peers.values().filter(|peer| peer.link == Link::Up).count();
        PlaneStats { peers: self.peers.len(), connected, ..self.stats }
    }

    fn renegotiate(&mut self, now: Instant, id: PeerId, offer: &Offer) -> Result<String, MediaError> {
        let mut out = std::mem::take(&mut self.scratch);
        let Some(peer) = self.peers.get_mut(&id) else { return Err(MediaError::SessionOver(id)) };
        offer.check_order(&peer.mids).map_err(MediaError::from)?;
        let ufrag = peer.ufrag();
        let answer = match peer.renegotiate(offer, now, &mut out) {
            Ok(answer) => answer.map_err(MediaError::from),
            Err(broken) => {
                let refusal = broken.refusal(id);
                self.absorb(now, id, out, Err(broken));
                return Err(refusal);
            }
        };
        let restarted = peer.ufrag() != ufrag;
        if restarted {
            peer.give_up = Some(now + self.config.connect_timeout);
            peer.link = if peer.link == Link::Up { Link::Down } else { peer.link };
        }
        self.name(id);
        self.absorb(now, id, out, Ok(()));
        self.reassign(now, id);
        answer
    }

    /// Makes one change to a session and deals with all that it causes, but for the audio, which waits in `inbound`.
    fn drive(&mut self, now: Instant, id: PeerId, change: impl FnOnce(&mut Rtc) -> Result<(), RtcError>) {
        let Some(peer) = self.peers.get_mut(&id) else { return };
        let mut out = std::mem::take(&mut self.scratch);
        let result = peer.drive(now, &mut out, change);
        self.absorb(now, id, out, result);
    }

    fn absorb(&mut self, now: Instant, id: PeerId, mut out: Drained, result: Result<(), Broken>) {
        self.outgoing.append(&mut out.transmits);
        self.inbound.extend(out.audio.drain(..).map(|audio| (id, audio)));
        for signal in out.signals.drain(..) {
            self.note(now, id, signal);
        }
        self.scratch = out;
        match result {
            Ok(()) => self.arm(id),
            Err(Broken::Failed(error)) => self.lose(id, LostReason::Failed(error.to_string())),
            Err(Broken::Panicked) => {
                self.stats.panics += 1;
                self.lose(id, LostReason::Panicked);
            }
        }
    }

    fn note(&mut self, now: Instant, id: PeerId, signal: Signal) {
        let Some(peer) = self.peers.get_mut(&id) else { return };
        match (signal, peer.link) {
            (Signal::Connected, _) => {
                (peer.link, peer.give_up) = (Link::Up, None);
                let slots = peer.slots.assignment();
                self.events.push(MediaEvent::PeerConnected { peer: id });
                if slots != [None; SLOTS] {
                    self.events.push(MediaEvent::Slots { peer: id, slots });
                }
            }
            (Signal::Reachable, Link::Down) => (peer.link, peer.give_up) = (Link::Up, None),
            (Signal::Unreachable, Link::Up) => {
                (peer.link, peer.give_up) = (Link::Down, Some(now + self.config.reconnect_grace));
            }
            (Signal::Closed, _) => self.lose(id, LostReason::Closed),
            // While it connects or restarts, `give_up` is set already.
            (Signal::Reachable | Signal::Unreachable, _) => {}
        }
    }

    fn wake(&mut self, now: Instant, id: PeerId) {
        if let Some(active) = self.voices.get_mut(&id).and_then(|voice| voice.expire(now)) {
            self.events.push(MediaEvent::Voice { peer: id, active });
        }
        let Some(peer) = self.peers.get(&id) else { return };
        if peer.give_up.is_some_and(|give_up| give_up <= now) {
            let never = peer.link == Link::Connecting;
            self.lose(id, if never { LostReason::NeverConnected } else { LostReason::Unreachable });
        } else if peer.wake <= now {
            self.drive(now, id, |rtc| rtc.handle_input(Input::Timeout(now)));
        } else {
            self.arm(id);
        }
    }

    fn arm(&mut self, id: PeerId) {
        let Some(peer) = self.peers.get(&id) else { return };
        let silence = self.voices.get(&id).and_then(Voice::deadline);
        let at = [peer.give_up, silence].into_iter().flatten().fold(peer.wake, Instant::min);
        self.timers.arm(id, at);
    }

    fn name(&mut self, id: PeerId) {
        if let Some(peer) = self.peers.get_mut(&id) {
            self.routes.name(id, &peer.ufrag());
        }
    }

    fn lose(&mut self, id: PeerId, reason: LostReason) {
        if self.remove(id) {
            self.events.push(MediaEvent::PeerLost { peer: id, reason });
        }
    }

    fn remove(&mut self, id: PeerId) -> bool {
        let Some(peer) = self.peers.remove(&id) else { return false };
        self.routes.forget(id);
        self.timers.forget(id);
        if self.voices.remove(&id).is_some_and(|voice| voice.rank().active) {
            self.events.push(MediaEvent::Voice { peer: id, active: false });
        }
        self.departed.add(id, peer.session.clone());
        // A stack that has panicked may panic once more when it is dropped.
        if catch_unwind(AssertUnwindSafe(|| drop(peer))).is_err() {
            self.stats.panics += 1;
        }
        true
    }
}

#[cfg(test)]
mod tests;
