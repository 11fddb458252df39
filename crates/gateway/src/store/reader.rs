//! Threads that read. SQLite's log lets them go on while the writer writes.

use super::{
    JournalLine, Lines, Messages, Opened, Page, PastPage, PastRow, PastRows, Read, Snapshot, StoreError,
    lines::{CHUNK, Chunk},
    writer,
};
use jackfield_wire::{ConversationId, TenantId, UserId};
use rusqlite::{Connection, OptionalExtension as _, params};
use std::sync::{
    Mutex, PoisonError,
    mpsc::{Receiver, SyncSender},
};

/// Something to read.
pub(super) enum Query {
    Messages(Page, Read<Messages>),
    Past(PastPage, Read<PastRows>),
    Record(TenantId, ConversationId, Read<Option<String>>),
}

impl Query {
    pub(super) fn refuse(self, error: StoreError) {
        match self {
            Self::Messages(_, done) => done(Err(error)),
            Self::Past(_, done) => done(Err(error)),
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
            Ok(Query::Messages(page, done)) => done(messages(connection, &page)),
            Ok(Query::Past(page, done)) => done(past(connection, &page)),
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
                 AND (?6 IS NULL OR EXISTS (SELECT 1 FROM conversations AS c
                      WHERE c.tenant = ?1 AND c.conversation = ?2 AND c.customer = ?6 AND c.over = 1))
               ORDER BY number DESC LIMIT ?5";
    let before = page.before.unwrap_or(i64::MAX as u64).min(i64::MAX as u64);
    // One more than asked for, to see whether there are older ones.
    let limit = u64::from(page.limit) + 1;
    let mut found: Vec<String> = connection
        .prepare_cached(sql)?
        .query_map(
            params![
                page.tenant.as_str(),
                page.conversation.as_str(),
                before,
                page.internal,
                limit,
                page.past_of.as_ref().map(UserId::as_str)
            ],
            |row| row.get(0),
        )?
        .collect::<Result<_, _>>()?;
    let more = found.len() > page.limit as usize;
    found.truncate(page.limit as usize);
    found.reverse();
    Ok(Messages { messages: found, more })
}

fn past(connection: &Connection, page: &PastPage) -> Result<PastRows, StoreError> {
    let sql = "SELECT c.conversation, r.record, c.body,
                      (SELECT m.message FROM messages AS m
                       WHERE m.tenant = c.tenant AND m.conversation = c.conversation AND m.internal = 0
                       ORDER BY m.number DESC LIMIT 1)
               FROM conversations AS c JOIN records AS r ON r.tenant = c.tenant AND r.conversation = c.conversation
               WHERE c.tenant = ?1 AND c.customer = ?2 AND c.ended_at IS NOT NULL
                 AND (?3 IS NULL OR (c.ended_at, c.conversation) <
                     (SELECT b.ended_at, b.conversation FROM conversations AS b WHERE b.tenant = ?1 AND b.conversation = ?3))
               ORDER BY c.ended_at DESC, c.conversation DESC LIMIT ?4";
    let before = page.before.as_ref().map(ConversationId::as_str);
    // One more than asked for, to see whether there are older ones.
    let limit = u64::from(page.limit) + 1;
    let mut query = connection.prepare_cached(sql)?;
    let found = query
        .query_map(params![page.tenant.as_str(), page.customer.as_str(), before, limit], |row| {
            Ok((row.get::<_, String>(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })?;
    let mut rows = Vec::new();
    for row in found {
        let (id, record, body, last) = row?;
        let conversation = ConversationId::parse(&id)
            .map_err(|error| StoreError::Unavailable(format!("a conversation of the store: {error}")))?;
        rows.push(PastRow { conversation, record, body, last });
    }
    let more = rows.len() > page.limit as usize;
    rows.truncate(page.limit as usize);
    Ok(PastRows { rows, more })
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

/// Reads a tenant as it stands: tells at once what is not a line, and then hands the lines over until all are, or nobody wants them any more.
///
/// All of it within one transaction: else the writer could replace lines by a snapshot between two of these reads.
pub(super) fn load(connection: &Connection, tenant: &TenantId, done: Read<Opened>) {
    let read = || {
        let transaction = connection.unchecked_transaction()?;
        let (opened, sender) = opened(&transaction, tenant)?;
        Ok((transaction, opened, sender))
    };
    match read() {
        Err(error) => done(Err(error)),
        Ok((transaction, opened, sender)) => {
            let after = opened.snapshot.as_ref().map_or(0, |snapshot| snapshot.position);
            done(Ok(opened));
            if let Err(error) = lines(&transaction, tenant, after, &sender) {
                let _ = sender.send(Err(error));
            }
        }
    }
}

fn opened(at: &Connection, tenant: &TenantId) -> Result<(Opened, SyncSender<Chunk>), StoreError> {
    let sql = "SELECT epoch FROM leases WHERE tenant = ?1";
    let epoch = at.query_row(sql, [tenant.as_str()], |row| row.get(0)).optional()?.unwrap_or(0);
    let snapshot = snapshot(at, tenant, epoch)?;
    let position = writer::last_position(at, tenant.as_str())?;
    let (lines, sender) = Lines::new(position - snapshot.as_ref().map_or(0, |snapshot| snapshot.position));
    let open_conversations =
        "SELECT body FROM conversations INDEXED BY open_conversations WHERE tenant = ?1 AND over = 0";
    let conversations = bodies(at, tenant, open_conversations)?;
    let sessions = bodies(at, tenant, "SELECT body FROM sessions WHERE tenant = ?1")?;
    let statuses = bodies(at, tenant, "SELECT body FROM status_messages WHERE tenant = ?1")?;
    Ok((Opened { epoch, snapshot, lines, position, conversations, sessions, statuses }, sender))
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

fn lines(
    at: &Connection,
    tenant: &TenantId,
    after: u64,
    sender: &SyncSender<Chunk>,
) -> Result<(), StoreError> {
    let sql = "SELECT at, entry FROM journal WHERE tenant = ?1 AND position > ?2 ORDER BY position";
    let mut query = at.prepare(sql)?;
    let mut rows = query.query(params![tenant.as_str(), after])?;
    let mut chunk = Vec::with_capacity(CHUNK);
    while let Some(row) = rows.next()? {
        chunk.push(JournalLine { at: row.get(0)?, entry: row.get(1)? });
        if chunk.len() == CHUNK
            && sender.send(Ok(std::mem::replace(&mut chunk, Vec::with_capacity(CHUNK)))).is_err()
        {
            return Ok(());
        }
    }
    let _ = sender.send(Ok(chunk));
    Ok(())
}
