//! An engine and its clients in virtual time.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use super::client::Client;
use super::{ROOM, STEP};
use crate::plane::engine::Engine;
use crate::plane::{LostReason, MediaConfig, MediaEvent};
use crate::{Leg, PeerId, SLOTS};

/// An engine, its clients and a perfect network.
pub(super) struct World {
    pub(super) now: Instant,
    pub(super) engine: Engine,
    pub(super) clients: HashMap<u64, Client>,
    pub(super) events: Vec<MediaEvent>,
    /// Clients whose datagrams are lost in both directions.
    pub(super) cut: Vec<u64>,
    /// RTCP packets that the engine has sent.
    pub(super) reports: usize,
}

/// Told by the second byte (RFC 5761, 4).
pub(super) fn is_rtcp(datagram: &[u8]) -> bool {
    datagram[0] >> 6 == 2 && (192..=223).contains(&datagram[1])
}

impl World {
    pub(super) fn new() -> Self {
        Self::with(|_| {})
    }

    pub(super) fn with(change: impl FnOnce(&mut MediaConfig)) -> Self {
        let address: SocketAddr = ([192, 0, 2, 1], 4000).into();
        let mut config = MediaConfig::new([address]);
        change(&mut config);
        let engine = Engine::new(config, &[vec![address]]).unwrap();
        Self {
            now: Instant::now(),
            engine,
            clients: HashMap::new(),
            events: Vec::new(),
            cut: Vec::new(),
            reports: 0,
        }
    }

    pub(super) fn offer(&mut self, number: u64) -> String {
        let address = SocketAddr::from(([198, 51, 100, number as u8], 5000));
        let mut client = Client::new(number as u8, address, self.now);
        let offer = client.offer();
        self.clients.insert(number, client);
        offer
    }

    pub(super) fn answer(&mut self, number: u64, offer: &str) {
        let answer = self.engine.negotiate(self.now, PeerId(number), offer).unwrap();
        self.client(number).accept(&answer);
    }

    /// Connects clients with these numbers.
    pub(super) fn join(&mut self, numbers: impl IntoIterator<Item = u64>) {
        for number in numbers {
            let offer = self.offer(number);
            self.answer(number, &offer);
            self.run(Duration::from_millis(500));
            assert!(self.clients[&number].connected, "client {number} connects");
        }
    }

    pub(super) fn client(&mut self, number: u64) -> &mut Client {
        self.clients.get_mut(&number).unwrap()
    }

    pub(super) fn talk(&mut self, number: u64, level: i8) {
        self.client(number).talk = Some(level);
    }

    pub(super) fn room(&mut self, legs: &[Leg]) {
        self.engine.set_room(self.now, ROOM, legs).unwrap();
    }

    pub(super) fn run(&mut self, time: Duration) {
        let end = self.now + time;
        while self.now < end {
            self.now += STEP;
            self.engine.tick(self.now);
            self.clients.values_mut().for_each(|client| client.tick(self.now));
            while self.exchange() {}
        }
    }

    /// Hands over all datagrams that wait. Returns whether there were any.
    fn exchange(&mut self) -> bool {
        let mut down = Vec::new();
        self.engine.flush(|_, _, transmit| {
            down.push((transmit.source, transmit.destination, transmit.contents.to_vec()));
            true
        });
        self.reports += down.iter().filter(|(_, _, datagram)| is_rtcp(datagram)).count();
        self.events.extend(self.engine.events());
        let mut any = !down.is_empty();
        for (number, client) in &mut self.clients {
            let lost = self.cut.contains(number);
            let address = client.address;
            let mine = down.iter().filter(|(_, to, _)| *to == address && !lost);
            mine.for_each(|(from, _, datagram)| client.receive(self.now, *from, datagram));
            for transmit in client.take_out() {
                any = true;
                if !lost {
                    self.engine.receive(self.now, 0, transmit.source, None, &transmit.contents);
                }
            }
        }
        any
    }

    pub(super) fn lost(&self, number: u64) -> Option<&LostReason> {
        self.events.iter().find_map(|event| match event {
            MediaEvent::PeerLost { peer, reason } if peer.0 == number => Some(reason),
            _ => None,
        })
    }

    pub(super) fn slots(&self, number: u64) -> [u64; SLOTS] {
        let told = self.events.iter().rev().find_map(|event| match event {
            MediaEvent::Slots { peer, slots } if peer.0 == number => Some(*slots),
            _ => None,
        });
        told.unwrap_or_default().map(|source| source.map_or(0, |source| source.0))
    }

    pub(super) fn heard(&self, ear: u64, mouth: u64) -> usize {
        self.clients[&ear].heard_of(mouth as u8).count()
    }

    /// How many packets each of `ear`'s sources brings in the next second.
    pub(super) fn second(&mut self, ear: u64, mouth: u64) -> usize {
        let before = self.heard(ear, mouth);
        self.run(Duration::from_secs(1));
        self.heard(ear, mouth) - before
    }
}
