//! The media plane as its owner uses it: the async handle, real sockets on the loopback, real time.
//!
//! Whole sessions in virtual time, with all states and time-outs, are tested beside the engine.
#![allow(clippy::unwrap_used, reason = "clippy takes helpers of tests for code of ours")]

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::{Duration, Instant};

use jackfield_media::{
    Leg, LostReason, MediaConfig, MediaError, MediaEvent, MediaEvents, MediaPlane, PeerId, RoomId,
};
use tokio::net::UdpSocket;
use tokio::time::{sleep_until, timeout_at};

#[path = "support/client.rs"]
#[allow(dead_code, reason = "the measurement staggers its clients")]
mod client;

use client::Client;

const ROOM: RoomId = RoomId(1);
/// Nothing here takes a second; a machine that is busy may be slow.
const PATIENCE: Duration = Duration::from_secs(20);

/// A client with its socket.
struct Page {
    client: Client,
    socket: UdpSocket,
}

impl Page {
    async fn open(number: u8, ip: IpAddr) -> Self {
        let socket = UdpSocket::bind((ip, 0)).await.unwrap();
        let client = Client::new(number, socket.local_addr().unwrap(), Instant::now());
        Self { client, socket }
    }

    async fn join(number: u8, plane: &MediaPlane) -> Self {
        let mut page = Self::open(number, plane.local_addrs()[0].ip()).await;
        let offer = page.client.offer();
        page.negotiate(plane, offer).await;
        page
    }

    async fn negotiate(&mut self, plane: &MediaPlane, offer: String) {
        let peer = PeerId(u64::from(self.client.number));
        let answer = plane.negotiate(peer, offer).await.unwrap();
        self.client.accept(&answer);
    }

    fn heard(&self, from: u8) -> usize {
        self.client.heard_of(from).count()
    }

    /// Says what is due and sends what waits.
    async fn flush(&mut self) {
        self.client.tick(Instant::now());
        for transmit in self.client.take_out() {
            self.socket.send_to(&transmit.contents, transmit.destination).await.unwrap();
        }
    }

    /// Waits for a datagram or the next deadline. May be dropped at any time.
    async fn turn(&mut self) {
        let mut buffer = [0; 2048];
        tokio::select! {
            received = self.socket.recv_from(&mut buffer) => {
                // A closed port answers with an error, which is none of ours.
                if let Ok((length, source)) = received {
                    self.client.receive(Instant::now(), source, &buffer[..length]);
                }
            }
            () = sleep_until(self.client.deadline().into()) => {}
        }
    }
}

/// Lets all pages live until `done`, or fails saying what did not happen.
async fn until<const N: usize>(pages: [&mut Page; N], what: &str, mut done: impl FnMut([&Page; N]) -> bool) {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    let mut pages = pages;
    while !done(pages.each_ref().map(|page| &**page)) {
        for page in &mut pages {
            page.flush().await;
        }
        let mut turns: Vec<_> = pages.iter_mut().map(|page| Box::pin(page.turn())).collect();
        let any = std::future::poll_fn(|context| {
            let ready = turns.iter_mut().any(|turn| turn.as_mut().poll(context).is_ready());
            if ready { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
        });
        assert!(timeout_at(deadline, any).await.is_ok(), "{what} did not happen in time");
        assert!(tokio::time::Instant::now() < deadline, "{what} did not happen in time");
    }
}

/// The next event that `wanted` picks.
async fn event<T>(events: &mut MediaEvents, what: &str, wanted: impl Fn(&MediaEvent) -> Option<T>) -> T {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        match timeout_at(deadline, events.recv()).await {
            Ok(Some(event)) => match wanted(&event) {
                Some(found) => return found,
                None => continue,
            },
            Ok(None) => panic!("the plane stopped before {what}"),
            Err(_) => panic!("no {what} in time"),
        }
    }
}

fn start(ip: impl Into<IpAddr>) -> (MediaPlane, MediaEvents) {
    MediaPlane::start(MediaConfig::new([SocketAddr::new(ip.into(), 0)])).unwrap()
}

fn talkers<const N: usize>(numbers: [u64; N]) -> Vec<Leg> {
    numbers.map(|number| Leg::talker(PeerId(number))).to_vec()
}

/// Two pages connect, hear each other, and stop hearing each other.
async fn call(ip: IpAddr) {
    let (plane, mut events) = start(ip);
    let mut one = Page::join(1, &plane).await;
    let mut two = Page::join(2, &plane).await;
    until([&mut one, &mut two], "the connection", |pages| pages.iter().all(|page| page.client.connected))
        .await;
    for _ in 0..2 {
        event(&mut events, "PeerConnected", |event| {
            matches!(event, MediaEvent::PeerConnected { .. }).then_some(())
        })
        .await;
    }

    plane.set_room(ROOM, talkers([1, 2])).await.unwrap();
    (one.client.talk, two.client.talk) = (Some(-20), Some(-20));
    until([&mut one, &mut two], "audio both ways", |[one, two]| one.heard(2) >= 10 && two.heard(1) >= 10)
        .await;
    assert_eq!((one.heard(1), two.heard(2)), (0, 0), "nobody hears itself");

    let muted = Leg { muted: true, ..Leg::talker(PeerId(1)) };
    plane.set_room(ROOM, vec![muted, Leg::talker(PeerId(2))]).await.unwrap();
    // What was under way may still arrive, but nothing that was said from now on.
    let (said, heard) = (one.client.sent, one.heard(2));
    until([&mut one, &mut two], "one direction", |[one, _]| one.heard(2) >= heard + 20).await;
    assert!(one.client.sent >= said + 10, "the muted one does speak");
    let latest = two.client.heard_of(1).map(|heard| heard.count).max().unwrap();
    assert!(latest <= said, "packet {latest} was heard after the mute at {said}");

    plane.clear_room(ROOM).await.unwrap();
    let stats = plane.stats().await.unwrap();
    assert_eq!((stats.peers, stats.connected, stats.panics), (2, 2, 0));
    assert!(stats.forwarded >= 40 && stats.packets_out > stats.forwarded);
    plane.shutdown().await;
    until([&mut one, &mut two], "the end", |pages| pages.iter().all(|page| page.client.closed)).await;
}

#[tokio::test]
async fn a_call_over_ipv4() {
    call(Ipv4Addr::LOCALHOST.into()).await;
}

#[tokio::test]
async fn a_call_over_ipv6() {
    if UdpSocket::bind((Ipv6Addr::LOCALHOST, 0)).await.is_err() {
        eprintln!("skipped: this machine has no ::1");
        return;
    }
    call(Ipv6Addr::LOCALHOST.into()).await;
}

#[tokio::test]
async fn one_plane_on_all_addresses_serves_both_families_and_tells_only_what_it_is_told() {
    if UdpSocket::bind((Ipv6Addr::LOCALHOST, 0)).await.is_err() {
        eprintln!("skipped: this machine has no ::1");
        return;
    }
    let mut config = MediaConfig::new(["0.0.0.0:0".parse().unwrap(), "[::]:0".parse().unwrap()]);
    config.advertise = vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
    let (plane, _events) = MediaPlane::start(config).unwrap();
    let [four, six] = plane.local_addrs() else { panic!("two sockets") };
    let told: Vec<String> = plane.advertised_addrs().iter().map(ToString::to_string).collect();
    assert_eq!(told, [format!("127.0.0.1:{}", four.port()), format!("[::1]:{}", six.port())]);

    let mut one = Page::open(1, Ipv4Addr::LOCALHOST.into()).await;
    let mut two = Page::open(2, Ipv6Addr::LOCALHOST.into()).await;
    for page in [&mut one, &mut two] {
        let offer = page.client.offer();
        let answer = plane.negotiate(PeerId(u64::from(page.client.number)), offer).await.unwrap();
        let candidates: Vec<&str> = answer.lines().filter(|line| line.starts_with("a=candidate:")).collect();
        assert_eq!(candidates.len(), 2, "{candidates:?}");
        assert!(candidates.iter().all(|line| line.contains(" 127.0.0.1 ") || line.contains(" ::1 ")));
        page.client.accept(&answer);
    }
    plane.set_room(ROOM, talkers([1, 2])).await.unwrap();
    (one.client.talk, two.client.talk) = (Some(-20), Some(-20));
    until([&mut one, &mut two], "audio across families", |[one, two]| {
        one.heard(2) >= 10 && two.heard(1) >= 10
    })
    .await;
}

#[tokio::test]
async fn a_reload_an_ice_restart_and_a_hang_up_over_real_sockets() {
    let (plane, mut events) = start(Ipv4Addr::LOCALHOST);
    plane.set_room(ROOM, talkers([1, 2])).await.unwrap();
    let mut one = Page::join(1, &plane).await;
    let mut two = Page::join(2, &plane).await;
    (one.client.talk, two.client.talk) = (Some(-20), Some(-20));
    until([&mut one, &mut two], "audio", |[one, two]| one.heard(2) >= 5 && two.heard(1) >= 5).await;

    let mut reloaded = Page::join(1, &plane).await;
    reloaded.client.talk = Some(-20);
    until([&mut reloaded, &mut two], "audio after the reload", |[one, _]| one.heard(2) >= 5).await;

    let moved = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    reloaded.client.move_to(moved.local_addr().unwrap());
    reloaded.socket = moved;
    let offer = reloaded.client.restart();
    reloaded.negotiate(&plane, offer).await;
    let (here, there) = (reloaded.heard(2), two.heard(1));
    until([&mut reloaded, &mut two], "audio after the restart", |[one, two]| {
        one.heard(2) >= here + 20 && two.heard(1) >= there + 20
    })
    .await;

    two.client.close();
    two.flush().await;
    let reason = event(&mut events, "PeerLost", |event| match event {
        MediaEvent::PeerLost { peer: PeerId(2), reason } => Some(reason.clone()),
        _ => None,
    });
    assert_eq!(reason.await, LostReason::Closed);
}

#[tokio::test]
async fn a_flood_from_strangers_is_counted_and_hurts_nobody() {
    let (plane, _events) = start(Ipv4Addr::LOCALHOST);
    plane.set_room(ROOM, talkers([1, 2])).await.unwrap();
    let mut one = Page::join(1, &plane).await;
    let mut two = Page::join(2, &plane).await;
    (one.client.talk, two.client.talk) = (Some(-20), Some(-20));
    until([&mut one, &mut two], "audio", |[one, two]| one.heard(2) >= 5 && two.heard(1) >= 5).await;
    let before = plane.stats().await.unwrap();

    let stranger = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    for round in 0..2000_u32 {
        let mut datagram = vec![(round % 256) as u8; 20 + (round % 1200) as usize];
        datagram[4..8].copy_from_slice(&[0x21, 0x12, 0xa4, 0x42]);
        stranger.send_to(&datagram, plane.local_addrs()[0]).await.unwrap();
    }
    stranger.send_to(&[], plane.local_addrs()[0]).await.unwrap();
    let (here, there) = (one.heard(2), two.heard(1));
    until([&mut one, &mut two], "audio under fire", |[one, two]| {
        one.heard(2) >= here + 20 && two.heard(1) >= there + 20
    })
    .await;
    let after = plane.stats().await.unwrap();
    // The kernel drops what does not fit in its buffer, so not all of them need arrive.
    assert!(after.dropped_stranger > before.dropped_stranger);
    assert_eq!((after.peers, after.connected, after.panics), (2, 2, 0));
    let answered = stranger.try_recv_from(&mut [0; 2048]);
    assert!(answered.is_err(), "a stranger got an answer");
}

#[tokio::test]
async fn bad_settings_offers_and_rooms_are_named() {
    let taken = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = taken.local_addr().unwrap();
    let refusal = MediaPlane::start(MediaConfig::new([address])).unwrap_err();
    assert!(matches!(refusal, MediaError::Bind { addr, .. } if addr == address), "{refusal}");

    let (plane, _events) = start(Ipv4Addr::LOCALHOST);
    let refusal = plane.negotiate(PeerId(1), "hello".to_owned()).await.unwrap_err();
    assert_eq!(refusal.to_string(), "offer: not a session description: it does not begin with v=0");
    let refusal = plane.set_room(ROOM, talkers([1, 1])).await.unwrap_err();
    assert!(refusal.to_string().starts_with("legs: peer 1 is listed twice"), "{refusal}");
}

#[tokio::test]
async fn after_the_shutdown_every_call_says_so_and_the_events_end() {
    let (plane, mut events) = start(Ipv4Addr::LOCALHOST);
    let other = plane.clone();
    plane.shutdown().await;
    plane.shutdown().await;
    assert!(matches!(other.stats().await, Err(MediaError::Stopped)));
    assert!(matches!(other.close(PeerId(1)).await, Err(MediaError::Stopped)));
    assert!(events.recv().await.is_none());
}

#[tokio::test]
async fn the_thread_ends_when_the_last_handle_is_dropped() {
    let (plane, mut events) = start(Ipv4Addr::LOCALHOST);
    drop(plane);
    assert!(events.recv().await.is_none());
}
