//! What it takes to have a tenant's year back: from its journal alone, and from a snapshot and the lines after it. Prints one JSON object a line.
//!
//! `cargo xtask bench replay`, or `cargo run --release -p jackfield-gateway --example replay -- [EVENTS]`
//!
//! The year is made once, by a switchboard in virtual time (`year.rs`), and kept in `$JACKFIELD_BENCH_DIR` (default: `target/bench/replay`), each in a store of the gateway's own kind:
//! `year` as a tenant that was never able to write a snapshot, `day` as it is usually left: the last day, with snapshots as they fall due, stopped where the next
//! one was almost due. Read by the code that the gateway starts with.
//!
//! On a machine that has other work, the time of the processor says more than the clock: both are printed.

mod desk;
mod random;
mod world;
mod year;

use jackfield_gateway::{
    recovery::{Keeper, SNAPSHOT_EVERY_LINES},
    store::Sqlite,
};
use serde::{Deserialize, Serialize};
use std::{
    error::Error,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Instant,
};

const EVENTS: u64 = 10_000_000;
const RUNS: usize = 9;
/// Raise it with anything that makes another year.
const VERSION: u32 = 2;

/// What was made, so that it need not be made again.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
struct Made {
    version: u32,
    asked: u64,
    events: u64,
    lines: u64,
    journal_bytes: u64,
    days: u64,
    conversations: u64,
    digest: String,
}

fn main() -> Result<(), Box<dyn Error>> {
    let (events, directory) = arguments()?;
    let made = match kept(&directory, events) {
        Some(made) => made,
        None => make(&directory, events)?,
    };
    eprintln!(
        "{} days, {} conversations, {} events in {} lines",
        made.days, made.conversations, made.events, made.lines
    );
    print("journal_events", made.events as f64, "", 1);
    print("journal_bytes_per_event", made.journal_bytes as f64 / made.events as f64, "B", 1);
    replay(&directory, &made)?;
    restart(&directory, &made)
}

/// How many events, and where they are kept.
fn arguments() -> Result<(u64, PathBuf), Box<dyn Error>> {
    let events = std::env::args().nth(1).map_or(Ok(EVENTS), |text| text.parse())?;
    let directory = std::env::var_os("JACKFIELD_BENCH_DIR").unwrap_or_else(|| "target/bench/replay".into());
    Ok((events, directory.into()))
}

fn kept(directory: &Path, asked: u64) -> Option<Made> {
    let text = fs::read_to_string(directory.join("made.json")).ok()?;
    let made: Made = serde_json::from_str(&text).ok()?;
    (made.version == VERSION && made.asked == asked).then_some(made)
}

fn make(directory: &Path, asked: u64) -> Result<Made, Box<dyn Error>> {
    match fs::remove_dir_all(directory) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    fs::create_dir_all(directory)?;
    let began = Instant::now();
    let made = year::make(directory, asked)?;
    let took = began.elapsed().as_secs_f64();
    eprintln!("made in {took:.0} s, {:.0} events a second", made.events as f64 / took);
    fs::write(directory.join("made.json"), serde_json::to_string(&made)?)?;
    Ok(made)
}

/// From an empty state, through the whole journal.
fn replay(directory: &Path, made: &Made) -> Result<(), Box<dyn Error>> {
    let store = Arc::new(Sqlite::open(&directory.join("year"))?);
    let (began, cpu) = (Instant::now(), processor()?);
    let (keeper, board) = Keeper::open(store, &year::config()?)?;
    let (took, cpu) = (began.elapsed().as_secs_f64(), processor()? - cpu);
    let digest = year::digest(&board)?;
    if digest != made.digest {
        return Err(format!("the replayed state is {digest}, it was {}", made.digest).into());
    }
    drop(keeper);
    print("replay_seconds", took, "s", 1);
    print("replay_cpu_seconds", cpu, "s", 1);
    print("replay_events_per_second", made.events as f64 / took, "1/s", 1);
    print("replay_peak_bytes", peak()?, "B", 1);
    Ok(())
}

/// From a snapshot and the lines after it; and a snapshot written. On a copy, so that the next run finds the day as it was left.
fn restart(directory: &Path, made: &Made) -> Result<(), Box<dyn Error>> {
    let copy = directory.join("copy");
    copy_files(&directory.join("day"), &copy)?;
    let store = Arc::new(Sqlite::open(&copy)?);
    let config = year::config()?;
    let mut restarts = Vec::new();
    let mut snapshots = Vec::new();
    let mut bytes = 0;
    for _ in 0..RUNS {
        let began = Instant::now();
        let opened = Keeper::open(store.clone(), &config)?;
        restarts.push(began.elapsed().as_secs_f64() * 1e3);
        drop(opened);
    }
    let (mut keeper, board) = Keeper::open(store.clone(), &config)?;
    if year::digest(&board)? != made.digest {
        return Err("the state from the snapshot is another than from the whole journal".into());
    }
    for _ in 0..RUNS {
        let began = Instant::now();
        bytes = keeper.snapshot(&board)?;
        snapshots.push(began.elapsed().as_secs_f64() * 1e3);
    }
    print("restart_ms", median(restarts), "ms", RUNS);
    print("snapshot_bytes", bytes as f64, "B", 1);
    print("snapshot_write_ms", median(snapshots), "ms", RUNS);
    let events_per_line = made.events as f64 / made.lines as f64;
    print("snapshot_every_events", SNAPSHOT_EVERY_LINES as f64 * events_per_line, "", 1);
    drop((keeper, store));
    Ok(fs::remove_dir_all(&copy)?)
}

fn copy_files(from: &Path, to: &Path) -> Result<(), Box<dyn Error>> {
    if to.exists() {
        fs::remove_dir_all(to)?;
    }
    fs::create_dir_all(to)?;
    for file in fs::read_dir(from)? {
        let file = file?;
        fs::copy(file.path(), to.join(file.file_name()))?;
    }
    Ok(())
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// The processor's time that the process has taken so far, in seconds (Linux: 100 ticks a second).
fn processor() -> Result<f64, Box<dyn Error>> {
    let text = fs::read_to_string("/proc/self/stat")?;
    let after_name = text.rsplit_once(") ").ok_or("no name in /proc/self/stat")?.1;
    let ticks: Result<Vec<f64>, _> = after_name.split(' ').skip(11).take(2).map(str::parse).collect();
    Ok(ticks?.iter().sum::<f64>() / 100.0)
}

/// The most memory that the process has had, in bytes (Linux).
fn peak() -> Result<f64, Box<dyn Error>> {
    let text = fs::read_to_string("/proc/self/status")?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    Ok(line.trim().trim_end_matches(" kB").trim().parse::<f64>()? * 1024.0)
}

fn print(name: &str, value: f64, unit: &str, runs: usize) {
    println!(r#"{{"name":"{name}","value":{value:.3},"unit":"{unit}","runs":{runs}}}"#);
}
