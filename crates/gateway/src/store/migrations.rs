//! The tables, as an ordered list of steps. A step that was released is never changed; a change is a new step.

use super::StoreError;
use aws_lc_rs::digest;
use rusqlite::{Connection, OptionalExtension as _, params};

const STEPS: &[&str] = &[include_str!("sql/0001_journal.sql")];

/// Brings the tables to what this build knows, each step in a transaction of its own.
///
/// # Errors
/// [`StoreError::TooNew`], [`StoreError::MigrationChanged`], or what SQLite says.
pub(super) fn run(connection: &mut Connection) -> Result<(), StoreError> {
    connection.execute_batch(
        "CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY, digest BLOB NOT NULL) STRICT",
    )?;
    let known = STEPS.len() as u32;
    let newest: Option<u32> =
        connection.query_row("SELECT max(number) FROM migrations", [], |row| row.get(0))?;
    if let Some(found) = newest.filter(|found| *found > known) {
        return Err(StoreError::TooNew { found, known });
    }
    (1..).zip(STEPS).try_for_each(|(number, sql)| step(connection, number, sql))
}

fn step(connection: &mut Connection, number: u32, sql: &str) -> Result<(), StoreError> {
    let digest = digest::digest(&digest::SHA256, sql.as_bytes());
    let transaction = connection.transaction()?;
    let applied: Option<Vec<u8>> = transaction
        .query_row("SELECT digest FROM migrations WHERE number = ?1", [number], |row| row.get(0))
        .optional()?;
    match applied {
        Some(before) if before == digest.as_ref() => return Ok(()),
        Some(_) => return Err(StoreError::MigrationChanged { number }),
        None => {}
    }
    transaction.execute_batch(sql)?;
    transaction.execute("INSERT INTO migrations VALUES (?1, ?2)", params![number, digest.as_ref()])?;
    Ok(transaction.commit()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_once_and_refuses_what_it_does_not_know() {
        let mut connection = Connection::open_in_memory().unwrap();
        run(&mut connection).unwrap();
        run(&mut connection).unwrap();
        connection.execute("INSERT INTO migrations VALUES (999, x'00')", []).unwrap();
        assert_eq!(run(&mut connection), Err(StoreError::TooNew { found: 999, known: STEPS.len() as u32 }));
        connection.execute_batch("DELETE FROM migrations; INSERT INTO migrations VALUES (1, x'00')").unwrap();
        assert_eq!(run(&mut connection), Err(StoreError::MigrationChanged { number: 1 }));
    }
}
