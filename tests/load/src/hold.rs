//! Sessions that do nothing but stay.

use crate::tell;
use futures::stream::{self, StreamExt};
use jackfield_load::{Client, Door, LoadError};
use serde_json::json;
use tokio::io::{AsyncBufReadExt, BufReader, stdin};
use tokio::task::JoinSet;

/// So many are on their way in at a time: fewer than a gateway lets in unauthenticated from one address.
const AT_ONCE: usize = 32;

/// Opens one session a token, says so, and keeps them until stdin ends.
pub(crate) async fn run(door: &Door, tokens: &[String]) -> Result<(), LoadError> {
    let mut sessions = open_all(door, tokens).await?;
    tell(&json!({ "open": sessions.len() }));
    let mut input = BufReader::new(stdin()).lines();
    loop {
        tokio::select! {
            line = input.next_line() => if line?.is_none() { return Ok(()) },
            Some(Ok(error)) = sessions.join_next() => return Err(error),
        }
    }
}

/// Opens a session a token and keeps each on a task that answers pings; a task that ends says why.
async fn open_all(door: &Door, tokens: &[String]) -> Result<JoinSet<LoadError>, LoadError> {
    let mut opening =
        stream::iter(tokens).map(|token| Client::open(door, token, None)).buffer_unordered(AT_ONCE);
    let mut sessions = JoinSet::new();
    while let Some(client) = opening.next().await {
        let mut client = client?;
        sessions.spawn(async move {
            loop {
                if let Err(error) = client.read().await {
                    return error;
                }
                // Pings only: nothing to remember.
                client.frames = Vec::new();
            }
        });
    }
    Ok(sessions)
}
