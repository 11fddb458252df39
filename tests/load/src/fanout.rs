//! One event to many: agents change their presence, and supervisors' sessions watch them.

use crate::tell;
use futures::stream::{self, StreamExt, TryStreamExt};
use jackfield_load::{Client, Door, LoadError, Socket};
use jackfield_wire::{Availability, ClientFrame, Command, UserId};
use serde_json::json;
use std::time::Instant;
use tokio::io::{AsyncBufReadExt, BufReader, stdin};
use tokio::sync::watch;
use tokio::task::JoinSet;

const AT_ONCE: usize = 32;
const EVENT: &str = r#""type":"event""#;

/// Opens all sessions, waits for a line on stdin, lets every mover change its presence `rounds` times, and says how much was delivered.
pub(crate) async fn run(
    door: &Door,
    watchers: &[String],
    movers: &[String],
    rounds: usize,
) -> Result<(), LoadError> {
    let mut movers = open_movers(door, movers).await?;
    let users: Vec<UserId> = movers.iter().filter_map(user_of).collect();
    let due = (movers.len() * rounds) as u64;
    let (start, started) = watch::channel(false);
    let mut watching = JoinSet::new();
    let mut opening =
        stream::iter(watchers).map(|token| open_watcher(door, token, &users)).buffer_unordered(AT_ONCE);
    while let Some(socket) = opening.next().await {
        watching.spawn(count(socket?, due, started.clone()));
    }
    tell(&json!({ "ready": watching.len() }));
    BufReader::new(stdin()).lines().next_line().await?;
    let _ = start.send(true);
    let begun = Instant::now();
    futures::future::try_join_all(movers.iter_mut().map(|mover| move_about(mover, rounds))).await?;
    let (mut deliveries, mut bytes) = (0, 0);
    while let Some(Ok(counted)) = watching.join_next().await {
        let counted = counted?;
        deliveries += counted.0;
        bytes += counted.1;
    }
    tell(&json!({ "deliveries": deliveries, "bytes": bytes, "seconds": begun.elapsed().as_secs_f64() }));
    Ok(())
}

async fn open_movers(door: &Door, tokens: &[String]) -> Result<Vec<Client>, LoadError> {
    stream::iter(tokens).map(|token| Client::open(door, token, None)).buffered(AT_ONCE).try_collect().await
}

fn user_of(client: &Client) -> Option<UserId> {
    client.snapshot.as_ref().map(|snapshot| snapshot.user.user_id.clone())
}

/// A session that watches. Its frames are not decoded: a thousand decoders would take the core that the gateway needs.
async fn open_watcher(door: &Door, token: &str, users: &[UserId]) -> Result<Socket, LoadError> {
    let mut client = Client::open(door, token, None).await?;
    client.ask(Command::WatchPresence { user_ids: users.to_vec() }).await?;
    Ok(client.into_socket())
}

/// Counts events until all that are due came. Events of before the start are not counted.
async fn count(
    mut socket: Socket,
    due: u64,
    mut started: watch::Receiver<bool>,
) -> Result<(u64, u64), LoadError> {
    let (mut events, mut bytes) = (0, 0);
    loop {
        tokio::select! {
            text = socket.text() => {
                let text = text?.ok_or(LoadError::Closed)?;
                answer_ping(&mut socket, text.as_str()).await?;
                if *started.borrow() {
                    events += text.as_str().matches(EVENT).count() as u64;
                    bytes += text.len() as u64;
                }
            }
            _ = started.changed(), if !*started.borrow() => {}
        }
        if events >= due {
            return Ok((events, bytes));
        }
    }
}

async fn answer_ping(socket: &mut Socket, text: &str) -> Result<(), LoadError> {
    const PING: &str = r#""type":"ping","n":"#;
    let Some(at) = text.find(PING) else { return Ok(()) };
    let digits = text[at + PING.len()..].split(|c: char| !c.is_ascii_digit()).next();
    let n = digits.and_then(|digits| digits.parse().ok()).unwrap_or(0);
    socket.send(&ClientFrame::Pong { n }).await
}

async fn move_about(mover: &mut Client, rounds: usize) -> Result<(), LoadError> {
    for round in 0..rounds {
        let availability = if round % 2 == 0 { Availability::Available } else { Availability::Busy };
        loop {
            match mover.ask(Command::presence(availability)).await {
                Err(LoadError::Wire(error)) if error.retry_after_ms.is_some() => {
                    let wait = error.retry_after_ms.unwrap_or(0).into();
                    tokio::time::sleep(std::time::Duration::from_millis(wait)).await;
                }
                other => break other.map(drop)?,
            }
        }
        mover.frames = Vec::new();
    }
    Ok(())
}
