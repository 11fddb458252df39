//! From the store to a switchboard.

use super::keep::Kept;
use crate::{config::SessionsConfig, store::Opened};
use jackfield_exchange::{
    BodyRow, Exchange, TenantConfig,
    switchboard::{Entry, Settings, Switchboard},
};
use serde::de::DeserializeOwned;

/// Whether the store still holds what older gateways wrote, names and all: a snapshot replaces it.
pub(super) fn is_outdated(opened: &Opened) -> bool {
    match &opened.snapshot {
        Some(snapshot) => super::keep::is_outdated(&snapshot.state),
        None => !opened.lines.is_empty(),
    }
}

/// A switchboard as the store has it, and what is kept beside it. It is not started yet.
///
/// # Errors
/// A sentence: a line or the snapshot can't be read, so it was written by another version, or the disk is damaged.
pub(super) fn restore(
    config: &TenantConfig,
    sessions: &SessionsConfig,
    opened: &Opened,
) -> Result<(Switchboard, Kept), String> {
    let settings = settings(sessions, opened.epoch);
    let (mut board, mut kept) = match &opened.snapshot {
        Some(snapshot) => {
            let (saved, records) = super::keep::read(&snapshot.state)
                .map_err(|error| format!("the snapshot of {} can't be read: {error}", config.tenant_id))?;
            (Switchboard::restore(config.clone(), settings, saved), records)
        }
        None => (Switchboard::new(Exchange::new(config.clone()), settings), Kept::default()),
    };
    let first = opened.position - opened.lines.len() as u64 + 1;
    for (position, line) in (first..).zip(&opened.lines) {
        let entry: Entry = serde_json::from_str(&line.entry).map_err(|error| {
            format!("line {position} of the journal of {} can't be read: {error}", config.tenant_id)
        })?;
        board.replay(&entry);
        kept.note(&entry);
    }
    board.furnish(bodies(&opened.conversations)?.into_iter().map(BodyRow::Conversation));
    board.furnish(bodies(&opened.sessions)?.into_iter().map(BodyRow::Session));
    Ok((board, kept))
}

fn bodies<T: DeserializeOwned>(texts: &[String]) -> Result<Vec<T>, String> {
    let bodies: Result<_, serde_json::Error> = texts.iter().map(|text| serde_json::from_str(text)).collect();
    bodies.map_err(|error| format!("who is behind a conversation or session can't be read: {error}"))
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
