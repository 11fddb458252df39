//! The bench of matching: one contact centre of a given size, native, one core; figures as JSON lines.
//!
//! Run by `cargo xtask bench routing`. Without an argument it starts itself once for each size, so that each has its memory to itself.

mod centre;

use centre::{Centre, Size};
use std::{
    process::Command,
    time::{Duration, Instant},
};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// The sizes: how often smaller than the whole, and what their figures' names end in.
const SIZES: [(usize, &str); 3] = [(1, ""), (10, "_tenth"), (100, "_hundredth")];
/// The other orders by which queues choose.
const ORDERS: [&str; 3] = ["best_skill", "least_loaded", "round_robin"];
const MATCHES: usize = 3_000;

fn main() -> Outcome<()> {
    match std::env::args().nth(1) {
        None => {
            for (part, _) in SIZES {
                let status = Command::new(std::env::current_exe()?).arg(part.to_string()).status()?;
                if !status.success() {
                    return Err(format!("the run at 1/{part} failed: {status}").into());
                }
            }
            Ok(())
        }
        Some(part) => {
            let known = SIZES.into_iter().find(|(known, _)| known.to_string() == part);
            let (part, suffix) = known.ok_or("the argument is 1, 10 or 100")?;
            measure(&Size::whole_by(part), suffix)
        }
    }
}

fn measure(size: &Size, suffix: &str) -> Outcome<()> {
    let show = |name: &str, value: f64, unit: &str, runs: usize| {
        println!("{{\"name\":\"{name}{suffix}\",\"value\":{value:.2},\"unit\":\"{unit}\",\"runs\":{runs}}}");
    };
    let arriving = arriving(size)?;
    for agent_order in ORDERS {
        let times = self::arriving(&Size { agent_order, ..*size })?;
        show(&format!("routing_match_{agent_order}_p99_us"), micros(&times, 99), "us", times.len());
    }
    let mut centre = Centre::new(size)?;
    let before = resident_bytes()?;
    let began = Instant::now();
    (0..size.items).try_for_each(|n| centre.customer_comes(n).map(|_| ()))?;
    let (filling, filled) = (began.elapsed(), resident_bytes()?);
    eprintln!("{} waiting after {filling:.1?}", size.items);
    let freed = freed(&mut centre, size)?;
    for (name, times) in [("freed", &freed), ("arriving", &arriving)] {
        show(&format!("routing_match_{name}_p50_us"), micros(times, 50), "us", times.len());
        show(&format!("routing_match_{name}_p99_us"), micros(times, 99), "us", times.len());
    }
    let changed = rerouted(&mut centre, size)?;
    show("routing_reroute_p50_us", micros(&changed, 50), "us", changed.len());
    show("routing_reroute_p99_us", micros(&changed, 99), "us", changed.len());
    let worse = |of: usize| micros(&freed, of).max(micros(&arriving, of));
    let runs = freed.len() + arriving.len();
    show("routing_match_p50_us", worse(50), "us", runs);
    show("routing_match_p99_us", worse(99), "us", runs);
    let bytes = filled.saturating_sub(before) as f64 / size.items as f64;
    show("routing_bytes_per_item", bytes, "bytes", size.items);
    let (events, took) = centre.a_day(size)?;
    show("exchange_events_per_second", events as f64 / took.as_secs_f64(), "events/s", events);
    Ok(())
}

/// Everybody waits; an agent becomes free: from its word to the offer.
fn freed(centre: &mut Centre, size: &Size) -> Outcome<Vec<Duration>> {
    let agents = MATCHES.min(size.agents / 2);
    let times = (0..agents).map(|n| centre.agent_is_free(n));
    times.collect::<Outcome<Vec<_>>>().map(sorted)
}

/// Everybody waits; a supervisor changes what a free agent can do: from its word to the offer.
fn rerouted(centre: &mut Centre, size: &Size) -> Outcome<Vec<Duration>> {
    let first = size.agents * 7 / 8;
    let times = (first..size.agents.min(first + MATCHES)).map(|n| centre.agent_changes(n));
    let times: Vec<_> = times.collect::<Outcome<_>>()?;
    Ok(sorted(times.into_iter().flatten().collect()))
}

/// Every agent is free; a customer comes: from its word to the offer.
fn arriving(size: &Size) -> Outcome<Vec<Duration>> {
    let mut centre = Centre::new(size)?;
    (0..size.agents).try_for_each(|n| centre.agent_is_free(n).map(|_| ()))?;
    let customers = MATCHES.min(size.agents / 4);
    let times = (0..customers).map(|n| centre.customer_comes(n));
    let times: Vec<_> = times.collect::<Outcome<_>>()?;
    Ok(sorted(times.into_iter().flatten().collect()))
}

fn sorted(mut times: Vec<Duration>) -> Vec<Duration> {
    times.sort_unstable();
    times
}

fn micros(sorted: &[Duration], of_hundred: usize) -> f64 {
    let n = (sorted.len() * of_hundred / 100).min(sorted.len().saturating_sub(1));
    sorted.get(n).map_or(0.0, |time| time.as_secs_f64() * 1e6)
}

/// What the kernel says this process holds in memory.
fn resident_bytes() -> Outcome<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line =
        status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("the kernel tells no VmRSS")?;
    let kib: u64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kib * 1024)
}
