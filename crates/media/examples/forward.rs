//! What it costs to forward an audio packet: CPU time of the media thread (receive, decrypt, encrypt, send, and all
//! timers) for each packet that it sends on.
//!
//! `cargo run --release -p jackfield-media --example forward -- [CALLS] [SECONDS]` runs that many calls of two native
//! clients over the loopback and prints one JSON object. Linux only: it reads the scheduler's account of the thread.
#![allow(clippy::unwrap_used, reason = "a measurement that goes wrong should stop")]

use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use jackfield_media::{Leg, MediaConfig, MediaPlane, PeerId, RoomId};

#[path = "../tests/support/client.rs"]
#[allow(dead_code, reason = "the tests use more of it")]
mod client;

use client::Client;

/// How often a client looks for packets. Coarse, to leave the machine to the plane.
const STEP: Duration = Duration::from_millis(5);

fn main() {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse().unwrap());
    let (calls, seconds) = (arguments.next().unwrap_or(20), arguments.next().unwrap_or(10));
    let (plane, _events) = MediaPlane::start(MediaConfig::new([(Ipv4Addr::LOCALHOST, 0).into()])).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut pages: Vec<Page> = (0..2 * calls).map(|number| Page::join(number, &plane, &runtime)).collect();
    run(&mut pages, Duration::from_secs(3));
    assert!(pages.iter().all(|page| page.client.connected), "all clients connect");
    for call in 0..calls {
        let legs = vec![Leg::talker(PeerId(2 * call)), Leg::talker(PeerId(2 * call + 1))];
        runtime.block_on(plane.set_room(RoomId(call), legs)).unwrap();
    }
    pages.iter_mut().for_each(|page| page.client.talk = Some(-20));
    run(&mut pages, Duration::from_secs(1));

    let (before, cpu) = (runtime.block_on(plane.stats()).unwrap(), media_cpu());
    run(&mut pages, Duration::from_secs(seconds));
    let (after, cpu) = (runtime.block_on(plane.stats()).unwrap(), media_cpu() - cpu);
    let forwarded = after.forwarded - before.forwarded;
    let cost = cpu.as_secs_f64() * 1e6 / forwarded as f64;
    eprintln!(
        "{calls} calls, {forwarded} packets in {seconds} s, {:.1} % of a core, {} not sent",
        100.0 * cpu.as_secs_f64() / seconds as f64,
        after.dropped_send - before.dropped_send
    );
    println!(r#"{{"name":"media_forward_us","value":{cost:.2},"unit":"us","runs":{forwarded}}}"#);
}

struct Page {
    client: Client,
    socket: UdpSocket,
}

impl Page {
    fn join(number: u64, plane: &MediaPlane, runtime: &tokio::runtime::Runtime) -> Self {
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

fn run(pages: &mut [Page], time: Duration) {
    let end = Instant::now() + time;
    while Instant::now() < end {
        let now = Instant::now();
        pages.iter_mut().for_each(|page| page.step(now));
        std::thread::sleep(STEP.saturating_sub(now.elapsed()));
    }
}

/// CPU time of the thread that is named `media` (proc_pid_schedstat: the first number, in nanoseconds).
fn media_cpu() -> Duration {
    let threads = std::fs::read_dir("/proc/self/task").unwrap().map(|entry| entry.unwrap().path());
    let mut media =
        threads.filter(|path| std::fs::read_to_string(path.join("comm")).unwrap().trim() == "media");
    let account = std::fs::read_to_string(media.next().unwrap().join("schedstat")).unwrap();
    Duration::from_nanos(account.split_whitespace().next().unwrap().parse().unwrap())
}
