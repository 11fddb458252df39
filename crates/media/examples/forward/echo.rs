//! The floor: what it costs to receive a datagram, open it, seal it for somebody else and send it, with no WebRTC around
//! it: one blocking socket, one system call for each datagram in and one for each out.
//!
//! The ciphers are those that the plane's sessions agree on (AEAD_AES_256_GCM, RFC 7714), from the same provider, each
//! client with keys of its own. Replay windows, rebasing, RTCP and timers are left out.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use str0m::crypto::{AeadAes256GcmCipher, CryptoProvider, from_feature_flags};

use super::{FRAME, Load, SETTLE, Work, run};

/// A header with its extension (RFC 8285, one byte form: the audio level), as the plane's clients send it.
const HEADER: [u8; 20] = [0x90, 111, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xbe, 0xde, 0, 1, 0x10, 20, 0, 0];
const PAYLOAD: [u8; 40] = [7; 40];
const TAG: usize = 16;

/// An echo thread and its clients.
pub(super) struct Echo {
    pages: Vec<Page>,
    forwarded: Arc<AtomicU64>,
    to: SocketAddr,
}

struct Page {
    socket: UdpSocket,
    up: Box<dyn AeadAes256GcmCipher>,
    down: Box<dyn AeadAes256GcmCipher>,
    sent: u16,
    heard: u64,
    next: Instant,
}

/// One client, as the echo thread knows it.
struct Leg {
    up: Box<dyn AeadAes256GcmCipher>,
    /// Sealing for the other one of the call.
    down: Box<dyn AeadAes256GcmCipher>,
    other: SocketAddr,
}

impl Echo {
    pub(super) fn start(calls: u64) -> Self {
        let crypto = from_feature_flags();
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let to = socket.local_addr().unwrap();
        let pages: Vec<Page> = (0..2 * calls).map(|number| Page::open(number as u8, &crypto)).collect();
        let address = |at: usize| pages[at].socket.local_addr().unwrap();
        let legs = (0..pages.len()).map(|at| {
            let [up, down] = [(at, 0), (at ^ 1, 1)].map(|(at, way)| (key(at as u8, way), way == 1));
            let leg = Leg { up: cipher(&crypto, up), down: cipher(&crypto, down), other: address(at ^ 1) };
            (address(at), leg)
        });
        let forwarded = Arc::new(AtomicU64::new(0));
        let (legs, count) = (legs.collect(), Arc::clone(&forwarded));
        std::thread::Builder::new().name("echo".into()).spawn(move || echo(&socket, legs, &count)).unwrap();
        Self { pages, forwarded, to }
    }

    /// Has everyone talk for so long.
    pub(super) fn measure(&mut self, load: Load, time: Duration) -> Work {
        let start = Instant::now();
        let stagger = load.stagger(self.pages.len());
        (0..).zip(&mut self.pages).for_each(|(at, page)| page.next = start + stagger * at);
        self.run(load, SETTLE);
        let before = self.work();
        self.run(load, time);
        let done = self.work().since(before);
        assert!(self.pages.iter().all(|page| page.heard > 0), "everyone hears the other");
        done
    }

    fn work(&self) -> Work {
        Work::of("echo", self.forwarded.load(Ordering::Relaxed))
    }

    fn run(&mut self, load: Load, time: Duration) {
        run(load, time, |now| self.pages.iter_mut().for_each(|page| page.step(now, self.to)));
    }
}

impl Page {
    fn open(number: u8, crypto: &CryptoProvider) -> Self {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        socket.set_nonblocking(true).unwrap();
        let [up, down] = [(0, true), (1, false)].map(|(way, seal)| cipher(crypto, (key(number, way), seal)));
        Self { socket, up, down, sent: 0, heard: 0, next: Instant::now() }
    }

    fn step(&mut self, now: Instant, to: SocketAddr) {
        let mut buffer = [0; 2048];
        while let Ok(length) = self.socket.recv(&mut buffer) {
            let (header, sealed) = buffer[..length].split_at(HEADER.len());
            let mut payload = [0; PAYLOAD.len()];
            self.down.decrypt(&nonce(header), &[header], sealed, &mut payload).unwrap();
            assert_eq!(payload, PAYLOAD);
            self.heard += 1;
        }
        if self.next <= now {
            self.next = (self.next + FRAME).max(now);
            self.sent = self.sent.wrapping_add(1);
            let mut packet = [0; HEADER.len() + PAYLOAD.len() + TAG];
            packet[..HEADER.len()].copy_from_slice(&HEADER);
            packet[2..4].copy_from_slice(&self.sent.to_be_bytes());
            let (header, sealed) = packet.split_at_mut(HEADER.len());
            self.up.encrypt(&nonce(header), header, &PAYLOAD, sealed).unwrap();
            self.socket.send_to(&packet, to).unwrap();
        }
    }
}

/// The thread that is measured. It ends with the process.
fn echo(socket: &UdpSocket, mut legs: HashMap<SocketAddr, Leg>, forwarded: &AtomicU64) {
    let (mut packet, mut payload) = ([0; 2048], [0; 2048]);
    while let Ok((length, source)) = socket.recv_from(&mut packet) {
        let Some(leg) = legs.get_mut(&source) else { continue };
        let (header, sealed) = packet[..length].split_at_mut(HEADER.len());
        let nonce = nonce(header);
        let Ok(opened) = leg.up.decrypt(&nonce, &[header], sealed, &mut payload) else { continue };
        leg.down.encrypt(&nonce, header, &payload[..opened], sealed).unwrap();
        if socket.send_to(&packet[..length], leg.other).is_ok() {
            forwarded.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// The key of a client for one way, 0 up and 1 down. No secret: nothing but a benchmark is protected by it.
fn key(number: u8, way: u8) -> [u8; 32] {
    let mut key = [way; 32];
    key[0] = number;
    key
}

fn cipher(crypto: &CryptoProvider, (key, seal): ([u8; 32], bool)) -> Box<dyn AeadAes256GcmCipher> {
    crypto.srtp_provider.aead_aes_256_gcm().create_cipher(key, seal)
}

/// SSRC, roll-over count and sequence number (RFC 7714, 8.1), with a salt of zero.
fn nonce(header: &[u8]) -> [u8; 12] {
    let mut nonce = [0; 12];
    nonce[2..6].copy_from_slice(&header[8..12]);
    nonce[10..12].copy_from_slice(&header[2..4]);
    nonce
}
