//! Threads that read. SQLite's log lets them go on while the writer writes.

use super::{JournalLine, Messages, Opened, Page, Read, Snapshot, StoreError, writer};
use jackfield_wire::{ConversationId, TenantId};
use rusqlite::{Connection, OptionalExtension as _, params};
use std::sync::{Mutex, PoisonError, mpsc::Receiver};

/// Something to read.
pub(super) enum Query {
    Load(TenantId, Read<Opened>),
    Messages(Page, Read<Messages>),
    Record(TenantId, ConversationId, Read<Option<String>>),
}

impl Query {
    pub(super) fn refuse(self, error: StoreError) {
        match self {
            Self::Load(_, done) => done(Err(error)),
            Self::Messages(_, done) => done(Err(error)),
            Self::Record(_, _, done) => done(Err(error)),
        }
    }
}

/// Reads until nobody can ask any more.
pub(super) fn run(connection: &Connection, queries: &Mutex<Receiver<Query>>) {
    loop {
        // The lock is held while waiting: the next reader in line waits for the lock instead, which comes to the same.
        let next = queries.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match next {
            Ok(Query::Load(tenant, done)) => done(load(connection, &tenant)),
            Ok(Query::Messages(page, done)) => done(messages(connection, &page)),
            Ok(Query::Record(tenant, conversation, done)) => {
                done(record(connection, &tenant, &conversation));
            }
            Err(_) => return,
        }
    }
}

fn messages(connection: &Connection, page: &Page) -> Result<Messages, StoreError> {
    let sql = "SELECT message FROM messages
               WHERE tenant = ?1 AND conversation = ?2 AND number < ?3 AND internal <= ?4
               ORDER BY number DESC LIMIT ?5";
    let before = page.before.unwrap_or(i64::MAX as u64).min(i64::MAX as u64);
    // One more than asked for, to see whether there are older ones.
    let limit = u64::from(page.limit) + 1;
    let mut found: Vec<String> = connection
        .prepare_cached(sql)?
        .query_map(
            params![page.tenant.as_str(), page.conversation.as_str(), before, page.internal, limit],
            |row| row.get(0),
        )?
        .collect::<Result<_, _>>()?;
    let more = found.len() > page.limit as usize;
    found.truncate(page.limit as usize);
    found.reverse();
    Ok(Messages { messages: found, more })
}

fn record(
    connection: &Connection,
    tenant: &TenantId,
    conversation: &ConversationId,
) -> Result<Option<String>, StoreError> {
    let sql = "SELECT record FROM records WHERE tenant = ?1 AND conversation = ?2";
    let mut query = connection.prepare_cached(sql)?;
    Ok(query.query_row([tenant.as_str(), conversation.as_str()], |row| row.get(0)).optional()?)
}

fn load(connection: &Connection, tenant: &TenantId) -> Result<Opened, StoreError> {
    // Within one transaction: else the writer could replace lines by a snapshot between two of these reads.
    let transaction = connection.unchecked_transaction()?;
    let sql = "SELECT epoch FROM leases WHERE tenant = ?1";
    let epoch = transaction.query_row(sql, [tenant.as_str()], |row| row.get(0)).optional()?;
    opened(&transaction, tenant, epoch.unwrap_or(0))
}

/// A tenant as it stands, within a transaction.
pub(super) fn opened(at: &Connection, tenant: &TenantId, epoch: u64) -> Result<Opened, StoreError> {
    let snapshot = snapshot(at, tenant, epoch)?;
    let lines = lines(at, tenant, snapshot.as_ref().map_or(0, |snapshot| snapshot.position))?;
    Ok(Opened {
        epoch,
        snapshot,
        lines,
        position: writer::last_position(at, tenant.as_str())?,
        conversations: bodies(
            at,
            tenant,
            "SELECT body FROM conversations INDEXED BY open_conversations WHERE tenant = ?1 AND over = 0",
        )?,
        sessions: bodies(at, tenant, "SELECT body FROM sessions WHERE tenant = ?1")?,
    })
}

fn bodies(at: &Connection, tenant: &TenantId, sql: &str) -> Result<Vec<String>, StoreError> {
    let mut query = at.prepare(sql)?;
    let rows = query.query_map([tenant.as_str()], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn snapshot(at: &Connection, tenant: &TenantId, epoch: u64) -> Result<Option<Snapshot>, StoreError> {
    let sql = "SELECT position, state FROM snapshots WHERE tenant = ?1";
    let read = |row: &rusqlite::Row<'_>| {
        Ok(Snapshot { tenant: tenant.clone(), epoch, position: row.get(0)?, state: row.get(1)? })
    };
    Ok(at.query_row(sql, [tenant.as_str()], read).optional()?)
}

fn lines(at: &Connection, tenant: &TenantId, after: u64) -> Result<Vec<JournalLine>, StoreError> {
    let sql = "SELECT at, entry FROM journal WHERE tenant = ?1 AND position > ?2 ORDER BY position";
    let mut query = at.prepare(sql)?;
    let rows = query.query_map(params![tenant.as_str(), after], |row| {
        Ok(JournalLine { at: row.get(0)?, entry: row.get(1)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
