//! The plane and its clients.

use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use jackfield_media::{Leg, MediaConfig, MediaPlane, PeerId, RoomId};
use tokio::runtime::Runtime;

use super::client::Client;
use super::{Load, SETTLE, Work, run};

/// A plane with calls that are connected and silent.
pub(super) struct Plane {
    plane: MediaPlane,
    runtime: Runtime,
    pages: Vec<Page>,
}

struct Page {
    client: Client,
    socket: UdpSocket,
}

impl Plane {
    pub(super) fn start(calls: u64) -> Self {
        let (plane, _events) =
            MediaPlane::start(MediaConfig::new([(Ipv4Addr::LOCALHOST, 0).into()])).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let pages = (0..2 * calls).map(|number| Page::join(number, &plane, &runtime)).collect();
        let mut this = Self { plane, runtime, pages };
        this.run(Load::InStep, Duration::from_secs(3));
        assert!(this.pages.iter().all(|page| page.client.connected), "all clients connect");
        for call in 0..calls {
            let legs = vec![Leg::talker(PeerId(2 * call)), Leg::talker(PeerId(2 * call + 1))];
            this.runtime.block_on(this.plane.set_room(RoomId(call), legs)).unwrap();
        }
        this
    }

    /// Has everyone talk for so long.
    pub(super) fn measure(&mut self, load: Load, time: Duration) -> Work {
        let (start, stagger) = (Instant::now(), load.stagger(self.pages.len()));
        (0..).zip(&mut self.pages).for_each(|(at, page)| page.client.talk_from(start + stagger * at));
        self.run(load, SETTLE);
        let before = self.work();
        self.run(load, time);
        let done = self.work().since(before);
        self.pages.iter_mut().for_each(|page| page.client.talk = None);
        self.run(load, SETTLE);
        done
    }

    fn work(&self) -> Work {
        let stats = self.runtime.block_on(self.plane.stats()).unwrap();
        assert_eq!((stats.dropped_send, stats.panics), (0, 0), "nothing goes wrong");
        Work::of("media", stats.forwarded)
    }

    fn run(&mut self, load: Load, time: Duration) {
        run(load, time, |now| self.pages.iter_mut().for_each(|page| page.step(now)));
    }
}

impl Page {
    fn join(number: u64, plane: &MediaPlane, runtime: &Runtime) -> Self {
        let socket = UdpSocket::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).unwrap();
        socket.set_nonblocking(true).unwrap();
        let mut client = Client::new(number as u8, socket.local_addr().unwrap(), Instant::now());
        let offer = client.offer();
        let answer = runtime.block_on(plane.negotiate(PeerId(number), offer)).unwrap();
        client.accept(&answer);
        Self { client, socket }
    }

    fn step(&mut self, now: Instant) {
        let mut buffer = [0; 2048];
        while let Ok((length, source)) = self.socket.recv_from(&mut buffer) {
            self.client.receive(now, source, &buffer[..length]);
        }
        self.client.tick(now);
        for transmit in self.client.take_out() {
            let _ = self.socket.send_to(&transmit.contents, transmit.destination);
        }
        self.client.heard.clear();
    }
}
