//! The one thread that writes. What waits is written in one transaction (group commit), so a disk that needs 4 ms for a flush
//! still takes thousands of lines a second; nothing that awaits ever waits for the disk itself.

use super::{Append, Done, Snapshot, StoreError};
use jackfield_wire::TenantId;
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};
use std::sync::mpsc::Receiver;

/// Most jobs in one transaction: a bound for how long the first of them waits.
const GROUP: usize = 256;

/// Something to write.
pub(super) enum Job {
    Append(Append, Done),
    Snapshot(Snapshot, Done),
    Probe(Done),
}

impl Job {
    pub(super) fn into_done(self) -> Done {
        match self {
            Self::Append(_, done) | Self::Snapshot(_, done) | Self::Probe(done) => done,
        }
    }
}

/// Writes until nobody can send any more.
pub(super) fn run(mut connection: Connection, jobs: &Receiver<Job>) {
    while let Ok(first) = jobs.recv() {
        let group: Vec<Job> = std::iter::once(first).chain(jobs.try_iter().take(GROUP - 1)).collect();
        write(&mut connection, group);
    }
    // Leaves one file behind instead of three; the log would be read at the next start just as well.
    let _ = connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)");
}

fn write(connection: &mut Connection, group: Vec<Job>) {
    match try_write(connection, &group) {
        Ok(results) => {
            for (job, result) in group.into_iter().zip(results) {
                job.into_done()(result);
            }
        }
        Err(error) if group.len() == 1 => {
            group.into_iter().for_each(|job| job.into_done()(Err(error.clone())))
        }
        // A large snapshot that no longer fits must not take small appends with it.
        Err(_) => group.into_iter().for_each(|job| write(connection, vec![job])),
    }
}

/// One transaction; within it, a savepoint for each job, so that a writer that was refused doesn't take the others with it.
fn try_write(connection: &mut Connection, group: &[Job]) -> Result<Vec<Result<(), StoreError>>, StoreError> {
    let mut transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let mut results = Vec::with_capacity(group.len());
    for job in group {
        let savepoint = transaction.savepoint()?;
        let result = one(&savepoint, job);
        match &result {
            Ok(()) => savepoint.commit()?,
            // The disk, and not one writer's mistake: nothing of the group can be trusted to be written.
            Err(StoreError::Unavailable(_)) => return Err(result.err().unwrap_or(StoreError::Busy)),
            Err(_) => drop(savepoint),
        }
        results.push(result);
    }
    transaction.commit()?;
    Ok(results)
}

fn one(at: &Connection, job: &Job) -> Result<(), StoreError> {
    match job {
        Job::Append(append, _) => {
            check_epoch(at, &append.tenant, append.epoch)?;
            write_append(at, append)
        }
        Job::Snapshot(snapshot, _) => {
            check_epoch(at, &snapshot.tenant, snapshot.epoch)?;
            write_snapshot(at, snapshot)
        }
        Job::Probe(_) => {
            let sql = "INSERT INTO probe VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET n = n + 1";
            at.prepare_cached(sql)?.execute([])?;
            Ok(())
        }
    }
}

fn check_epoch(at: &Connection, tenant: &TenantId, epoch: u64) -> Result<(), StoreError> {
    let current: Option<u64> = at
        .prepare_cached("SELECT epoch FROM leases WHERE tenant = ?1")?
        .query_row([tenant.as_str()], |row| row.get(0))
        .optional()?;
    if current == Some(epoch) {
        return Ok(());
    }
    Err(StoreError::Fenced { tenant: tenant.clone(), current: current.unwrap_or(0), given: epoch })
}

fn write_append(at: &Connection, append: &Append) -> Result<(), StoreError> {
    let tenant = append.tenant.as_str();
    let (found, expected) = (last_position(at, tenant)?, append.expected);
    if found != expected {
        return Err(StoreError::OutOfPlace { tenant: append.tenant.clone(), found, expected });
    }
    let mut insert = at.prepare_cached("INSERT INTO journal VALUES (?1, ?2, ?3, ?4)")?;
    for (position, line) in (append.expected + 1..).zip(&append.lines) {
        insert.execute(params![tenant, position, line.at, line.entry])?;
    }
    let mut insert = at.prepare_cached("INSERT INTO messages VALUES (?1, ?2, ?3, ?4, ?5)")?;
    for row in &append.messages {
        insert.execute(params![tenant, row.conversation.as_str(), row.number, row.internal, row.message])?;
    }
    write_people(at, append)?;
    let mut insert = at.prepare_cached("INSERT OR REPLACE INTO records VALUES (?1, ?2, ?3, ?4)")?;
    let mut over = at.prepare_cached(
        "UPDATE conversations SET over = 1, ended_at = ?3 WHERE tenant = ?1 AND conversation = ?2",
    )?;
    for row in &append.records {
        insert.execute(params![tenant, row.conversation.as_str(), row.ended_at, row.record])?;
        over.execute(params![tenant, row.conversation.as_str(), row.ended_at])?;
    }
    Ok(())
}

fn write_people(at: &Connection, append: &Append) -> Result<(), StoreError> {
    let tenant = append.tenant.as_str();
    let sql = "INSERT INTO conversations (tenant, conversation, customer, body) VALUES (?1, ?2, ?3, ?4)
               ON CONFLICT (tenant, conversation) DO UPDATE SET body = excluded.body";
    let mut insert = at.prepare_cached(sql)?;
    for row in &append.conversations {
        insert.execute(params![tenant, row.conversation.as_str(), row.customer.as_str(), row.body])?;
    }
    let mut insert = at.prepare_cached("INSERT INTO sessions VALUES (?1, ?2, ?3, ?4)")?;
    for row in &append.sessions {
        insert.execute(params![tenant, row.session.as_str(), row.user.as_str(), row.body])?;
    }
    let mut delete = at.prepare_cached("DELETE FROM sessions WHERE tenant = ?1 AND session = ?2")?;
    for session in &append.closed_sessions {
        delete.execute([tenant, session.as_str()])?;
    }
    let mut insert = at.prepare_cached("INSERT OR REPLACE INTO status_messages VALUES (?1, ?2, ?3)")?;
    let mut delete = at.prepare_cached("DELETE FROM status_messages WHERE tenant = ?1 AND user = ?2")?;
    for row in &append.statuses {
        match &row.body {
            Some(body) => insert.execute([tenant, row.user.as_str(), body])?,
            None => delete.execute([tenant, row.user.as_str()])?,
        };
    }
    Ok(())
}

fn write_snapshot(at: &Connection, snapshot: &Snapshot) -> Result<(), StoreError> {
    let tenant = snapshot.tenant.as_str();
    let (found, expected) = (last_position(at, tenant)?, snapshot.position);
    if found < expected {
        return Err(StoreError::OutOfPlace { tenant: snapshot.tenant.clone(), found, expected });
    }
    at.prepare_cached("INSERT OR REPLACE INTO snapshots VALUES (?1, ?2, ?3)")?.execute(params![
        tenant,
        snapshot.position,
        snapshot.state
    ])?;
    at.prepare_cached("DELETE FROM journal WHERE tenant = ?1 AND position <= ?2")?
        .execute(params![tenant, snapshot.position])?;
    Ok(())
}

/// The position of the newest line: in the journal, or in the snapshot that replaced it.
pub(super) fn last_position(at: &Connection, tenant: &str) -> Result<u64, StoreError> {
    let sql = "SELECT max(coalesce((SELECT max(position) FROM journal WHERE tenant = ?1), 0),
                          coalesce((SELECT position FROM snapshots WHERE tenant = ?1), 0))";
    Ok(at.prepare_cached(sql)?.query_row([tenant], |row| row.get(0))?)
}

/// Raises the tenant's epoch.
pub(super) fn take_over(transaction: &Transaction<'_>, tenant: &str) -> Result<u64, StoreError> {
    let sql = "INSERT INTO leases VALUES (?1, 1)
               ON CONFLICT (tenant) DO UPDATE SET epoch = epoch + 1 RETURNING epoch";
    Ok(transaction.query_row(sql, [tenant], |row| row.get(0))?)
}
