//! What it costs to forward an audio packet: CPU time of the media thread (receive, decrypt, encrypt, send, and all
//! timers) for each packet that it sends on. Beside it, in the same run and under the same load, the floor: a thread
//! that does nothing but receive, open, seal and send.
//!
//! Twice: with clients that all send at the same moments, which is kind to a thread that takes what has come, and with
//! clients out of step, as they are in life, of which only a few packets come together.
//!
//! `cargo run --release -p jackfield-media --example forward -- [CALLS] [SECONDS] [RUNS]` has that many calls of two
//! native clients over the loopback (40), measures each in turns for so many seconds (3) so many times (5), and prints
//! the medians, one JSON object a line. Linux only: it reads the scheduler's account of the threads.
#![allow(clippy::unwrap_used, reason = "a measurement that goes wrong should stop")]

#[path = "../../tests/support/client.rs"]
#[allow(dead_code, reason = "the tests use more of it")]
mod client;
mod echo;
mod plane;

use std::time::{Duration, Instant};

use echo::Echo;
use plane::Plane;

/// Before each measurement, so that nothing of the other one is still under way.
const SETTLE: Duration = Duration::from_millis(500);
/// Length of a frame of audio: each client sends a packet in this time.
const FRAME: Duration = Duration::from_millis(20);

/// When clients send.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Load {
    /// All at once.
    InStep,
    /// Each at its own moment.
    Spread,
}

fn main() {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse().unwrap());
    let mut argument = |default: u64| arguments.next().unwrap_or(default);
    let (calls, time, runs) = (argument(40), Duration::from_secs(argument(3)), argument(5));
    let (mut plane, mut echo) = (Plane::start(calls), Echo::start(calls));
    for (name, load) in
        [("forward_us_per_packet", Load::InStep), ("forward_spread_us_per_packet", Load::Spread)]
    {
        let (mut ours, mut floor) = (Vec::new(), Vec::new());
        for _ in 0..runs {
            ours.push(plane.measure(load, time).report("plane", time));
            floor.push(echo.measure(load, time).report("floor", time));
        }
        let (ours, floor) = (median(ours), median(floor));
        println!(
            r#"{{"name":"{name}","value":{ours:.2},"unit":"us","runs":{runs},"peer":{{"name":"bare UDP echo with AES-256-GCM open and seal","value":{floor:.2}}}}}"#
        );
    }
}

impl Load {
    /// How often clients look what there is to do. Coarse, to leave the machine to the thread that is measured.
    fn step(self) -> Duration {
        match self {
            Self::InStep => Duration::from_millis(5),
            Self::Spread => Duration::from_millis(1),
        }
    }

    /// How long the first of `clients` speaks before the next one begins.
    fn stagger(self, clients: usize) -> Duration {
        match self {
            Self::InStep => Duration::ZERO,
            Self::Spread => FRAME / clients as u32,
        }
    }
}

/// What a thread has done so far, or between two looks.
#[derive(Clone, Copy)]
struct Work {
    packets: u64,
    cpu: Duration,
}

impl Work {
    /// Adds what `thread` has used by now.
    fn of(thread: &str, packets: u64) -> Self {
        Self { packets, cpu: cpu_of(thread) }
    }

    fn since(self, before: Self) -> Self {
        Self { packets: self.packets - before.packets, cpu: self.cpu - before.cpu }
    }

    /// Microseconds for each packet, told on stderr as well.
    fn report(self, what: &str, time: Duration) -> f64 {
        let cost = self.cpu.as_secs_f64() * 1e6 / self.packets as f64;
        let share = 100.0 * self.cpu.as_secs_f64() / time.as_secs_f64();
        eprintln!("{what}: {} packets in {time:?}, {share:.1} % of a core, {cost:.2} us each", self.packets);
        cost
    }
}

/// Has all clients do what there is to do, again and again for so long.
fn run(load: Load, time: Duration, mut step: impl FnMut(Instant)) {
    let end = Instant::now() + time;
    while Instant::now() < end {
        let now = Instant::now();
        step(now);
        std::thread::sleep(load.step().saturating_sub(now.elapsed()));
    }
}

/// CPU time of this process's thread of that name (proc_pid_schedstat: the first number, in nanoseconds).
fn cpu_of(name: &str) -> Duration {
    let threads = std::fs::read_dir("/proc/self/task").unwrap().map(|entry| entry.unwrap().path());
    let mut found = threads.filter(|path| std::fs::read_to_string(path.join("comm")).unwrap().trim() == name);
    let account = std::fs::read_to_string(found.next().unwrap().join("schedstat")).unwrap();
    Duration::from_nanos(account.split_whitespace().next().unwrap().parse().unwrap())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
