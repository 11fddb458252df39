//! From the store to a switchboard.

use super::ledger::Ledger;
use crate::{
    config::SessionsConfig,
    store::{Lines, Opened},
};
use jackfield_exchange::{
    BodyRow, Exchange, Records, TenantConfig,
    switchboard::{Entry, Settings, Switchboard},
};
use serde::de::DeserializeOwned;
use std::{
    sync::mpsc::{Receiver, SyncSender, channel, sync_channel},
    thread,
};

/// Entries handed over at once between reading and taking in, and how many such chunks are read ahead.
const CHUNK: usize = 256;
const AHEAD: usize = 4;

/// Lines of one journal, so many that it pays to read them in a thread of their own.
const LONG: u64 = 256;

/// Whether the store still holds what older gateways wrote, names and all: a snapshot replaces it.
fn is_outdated(opened: &Opened) -> bool {
    match &opened.snapshot {
        Some(snapshot) => super::keep::is_outdated(&snapshot.state),
        None => opened.lines.left() > 0,
    }
}

/// A switchboard as the store has it, and where its journal stands. It is not started yet.
///
/// # Errors
/// A sentence: a line or the snapshot can't be read, so it was written by another version, or the disk is damaged.
pub(crate) fn restore(
    config: &TenantConfig,
    sessions: &SessionsConfig,
    opened: Opened,
) -> Result<(Switchboard, Ledger), String> {
    let settings = settings(sessions, opened.epoch);
    let unsaved = if is_outdated(&opened) {
        usize::MAX / 2
    } else {
        usize::try_from(opened.lines.left()).unwrap_or(usize::MAX / 2)
    };
    let (mut board, mut kept) = match &opened.snapshot {
        Some(snapshot) => {
            let (saved, records) = super::keep::read(&snapshot.state)
                .map_err(|error| format!("the snapshot of {} can't be read: {error}", config.tenant_id))?;
            (Switchboard::restore(config.clone(), settings, saved), records)
        }
        None => (Switchboard::new(Exchange::new(config.clone()), settings), Records::default()),
    };
    let first = opened.position - opened.lines.left() + 1;
    let take = |entry: &Entry| {
        board.replay(entry);
        kept.note(entry);
    };
    replay(first, opened.lines, take)
        .map_err(|error| format!("the journal of {} can't be read: {error}", config.tenant_id))?;
    board.furnish(bodies(&opened.conversations)?.into_iter().map(BodyRow::Conversation));
    board.furnish(bodies(&opened.sessions)?.into_iter().map(BodyRow::Session));
    board.furnish(bodies(&opened.statuses)?.into_iter().map(BodyRow::Status));
    let tenant = config.tenant_id.clone();
    Ok((board, Ledger::new(tenant, opened.epoch, opened.position, unsaved, kept)))
}

/// Hands over the entries of the lines, in order. Making entries of text takes as long as taking them in: a long journal is read in one thread and taken
/// in by another.
///
/// Entries go back to where they were made: the allocator keeps memory apart by threads, and where one frees what another has, both wait for each other, a
/// third of the time.
fn replay(first: u64, lines: Lines, mut take: impl FnMut(&Entry)) -> Result<(), String> {
    if lines.left() < LONG {
        return entries(first, lines).try_for_each(|entry| {
            take(&entry?);
            Ok(())
        });
    }
    thread::scope(|scope| {
        let (sender, chunks) = sync_channel(AHEAD);
        let (back, used) = channel();
        let reading = scope.spawn(move || read_ahead(first, lines, &sender, &used));
        for chunk in chunks {
            chunk.iter().for_each(&mut take);
            // Nobody is there to free them where the reading has ended: then they are freed here.
            let _ = back.send(chunk);
        }
        reading.join().unwrap_or_else(|_| Err("the thread that reads it panicked".to_owned()))
    })
}

fn read_ahead(
    first: u64,
    lines: Lines,
    to: &SyncSender<Vec<Entry>>,
    used: &Receiver<Vec<Entry>>,
) -> Result<(), String> {
    let mut chunk = Vec::with_capacity(CHUNK);
    for entry in entries(first, lines) {
        chunk.push(entry?);
        if chunk.len() == CHUNK {
            let mut next = used.try_recv().unwrap_or_else(|_| Vec::with_capacity(CHUNK));
            next.clear();
            to.send(std::mem::replace(&mut chunk, next)).map_err(|_| "nobody takes it in")?;
        }
    }
    to.send(chunk).map_err(|_| "nobody takes it in".to_owned())
}

fn entries(first: u64, lines: Lines) -> impl Iterator<Item = Result<Entry, String>> {
    (first..).zip(lines).map(|(position, line)| {
        let line = line.map_err(|error| error.to_string())?;
        serde_json::from_str(&line.entry).map_err(|error| format!("line {position}: {error}"))
    })
}

fn bodies<T: DeserializeOwned>(texts: &[String]) -> Result<Vec<T>, String> {
    let bodies: Result<_, serde_json::Error> = texts.iter().map(|text| serde_json::from_str(text)).collect();
    bodies.map_err(|error| {
        format!("who is behind a conversation or session, or its status message, can't be read: {error}")
    })
}

fn settings(sessions: &SessionsConfig, epoch: u64) -> Settings {
    Settings {
        epoch,
        ping_every_ms: sessions.ping_every_ms,
        away_after_ms: sessions.away_after_ms,
        max_sessions_per_user: sessions.max_per_user,
        commands_per_second: sessions.commands_per_second,
        command_burst: sessions.command_burst,
        ..Settings::default()
    }
}
