//! What a session and a delivery cost in the switchboard alone, without socket and disk. Prints one JSON object a line.
//!
//! `cargo run --release -p jackfield-exchange --example fanout`

use jackfield_exchange::switchboard::{ConnectionId, Fresh, Input, Output, Settings, Switchboard};
use jackfield_exchange::{Exchange, Identity, TenantConfig, UserConfig};
use jackfield_wire::{
    Availability, ClientFrame, Command, CommandId, InvalidId, Role, Secret, SessionId, UserId,
};
use std::time::Instant;

const NOW: u64 = 1_000_000;
const WATCHERS: u64 = 1_000;
const IDLE: u64 = 10_000;
const ROUNDS: u64 = 200;
const RUNS: usize = 9;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut micros = Vec::new();
    for _ in 0..RUNS {
        micros.push(fanout()?);
    }
    micros.sort_by(f64::total_cmp);
    print("switchboard_fanout_us_per_delivery", micros[RUNS / 2], "us", RUNS);
    print("switchboard_fanout_us_per_delivery_best", micros[0], "us", RUNS);
    print("switchboard_idle_session_bytes", idle()?, "B", 1);
    Ok(())
}

fn print(name: &str, value: f64, unit: &str, runs: usize) {
    println!(r#"{{"name":"{name}","value":{value:.3},"unit":"{unit}","runs":{runs}}}"#);
}

/// One agent changes its presence; a thousand sessions watch it.
fn fanout() -> Result<f64, Box<dyn std::error::Error>> {
    let mut board = board(WATCHERS + 1)?;
    for number in 0..=WATCHERS {
        enter(&mut board, number)?;
    }
    for number in 1..=WATCHERS {
        let user_ids = vec![user(0)?];
        ask(&mut board, number, 1, Command::WatchPresence { user_ids })?;
    }
    drain(&mut board);
    let mut delivered = 0;
    let began = Instant::now();
    for round in 0..ROUNDS {
        let availability = if round % 2 == 0 { Availability::Available } else { Availability::Busy };
        ask(&mut board, 0, round + 2, Command::presence(availability))?;
        delivered += drain(&mut board);
        acknowledge(&mut board, round);
    }
    let took = began.elapsed();
    if delivered < ROUNDS * WATCHERS {
        return Err(format!("only {delivered} deliveries").into());
    }
    Ok(took.as_secs_f64() * 1e6 / delivered as f64)
}

/// What the memory of the process grows by with each session that does nothing.
fn idle() -> Result<f64, Box<dyn std::error::Error>> {
    let mut board = board(IDLE)?;
    let before = resident()?;
    for number in 0..IDLE {
        enter(&mut board, number)?;
    }
    drain(&mut board);
    Ok((resident()? - before) / IDLE as f64)
}

/// Clients acknowledge now and then, as they do; one in eight at a time.
fn acknowledge(board: &mut Switchboard, round: u64) {
    for number in (1..=WATCHERS).filter(|number| number % 8 == round % 8) {
        let connection = ConnectionId(number + 1);
        board.handle(NOW, Input::Frames { connection, frames: vec![ClientFrame::Ack { seq: round }] });
    }
}

fn board(users: u64) -> Result<Switchboard, Box<dyn std::error::Error>> {
    let mut config: TenantConfig = serde_json::from_str(r#"{"tenant_id": "t", "name": "T"}"#)?;
    for number in 0..users {
        let text = format!(r#"{{"user_id": "u{number}", "name": "User {number}"}}"#);
        config.users.push(serde_json::from_str::<UserConfig>(&text)?);
    }
    let mut board =
        Switchboard::new(Exchange::new(config), Settings { command_burst: 1 << 20, ..Settings::default() });
    board.start(NOW);
    Ok(board)
}

fn user(number: u64) -> Result<UserId, InvalidId> {
    UserId::parse(&format!("u{number}"))
}

fn enter(board: &mut Switchboard, number: u64) -> Result<(), InvalidId> {
    let mut key_digest = [1; 32];
    key_digest[..8].copy_from_slice(&number.to_le_bytes());
    let session_id = SessionId::parse(&format!("s{number}"))?;
    let fresh = Fresh { session_id, key: Secret::new(format!("key {number}")), key_digest };
    let identity = Identity::new(user(number)?, format!("User {number}"), Role::Agent);
    let connection = ConnectionId(number + 1);
    board.handle(NOW, Input::Hello { connection, identity, token_expires_at: u64::MAX, resume: None, fresh });
    drain(board);
    Ok(())
}

fn ask(board: &mut Switchboard, number: u64, id: u64, command: Command) -> Result<(), InvalidId> {
    let id = CommandId::parse(&format!("k{id}"))?;
    let connection = ConnectionId(number + 1);
    board.handle(NOW, Input::Frames { connection, frames: vec![ClientFrame::Command { id, command }] });
    Ok(())
}

/// Writes everything to a disk that takes no time, and throws what is sent away. Gives how many messages were sent.
fn drain(board: &mut Switchboard) -> u64 {
    let mut sent = 0;
    board.flush(NOW);
    while let Some(output) = board.poll() {
        match output {
            Output::Send { .. } => sent += 1,
            Output::Commit(batch) => board.handle(NOW, Input::Committed { batch: batch.number }),
            _ => {}
        }
    }
    sent
}

/// The process's resident memory, in bytes (Linux).
fn resident() -> Result<f64, Box<dyn std::error::Error>> {
    let text = std::fs::read_to_string("/proc/self/status")?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").trim().parse::<f64>()? * 1024.0)
}
