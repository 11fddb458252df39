//! The tables, as an ordered list of steps. A step that was released is never changed; a change is a new step.

use super::StoreError;
use aws_lc_rs::digest;
use rusqlite::{Connection, OptionalExtension as _, params};

const STEPS: &[&str] = &[
    include_str!("sql/0001_journal.sql"),
    include_str!("sql/0002_people.sql"),
    include_str!("sql/0003_status_messages.sql"),
    include_str!("sql/0004_history.sql"),
];

/// Brings the tables to what this build knows, each step in a transaction of its own.
///
/// # Errors
/// [`StoreError::TooNew`], [`StoreError::MigrationChanged`], or what SQLite says.
pub(super) fn run(connection: &mut Connection) -> Result<(), StoreError> {
    run_steps(connection, STEPS)
}

fn run_steps(connection: &mut Connection, steps: &[&str]) -> Result<(), StoreError> {
    connection.execute_batch(
        "CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY, digest BLOB NOT NULL) STRICT",
    )?;
    let known = steps.len() as u32;
    let newest: Option<u32> =
        connection.query_row("SELECT max(number) FROM migrations", [], |row| row.get(0))?;
    if let Some(found) = newest.filter(|found| *found > known) {
        return Err(StoreError::TooNew { found, known });
    }
    (1..).zip(steps).try_for_each(|(number, sql)| step(connection, number, sql))
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
    use jackfield_exchange::{ConversationBody, SessionBody};

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

    /// A tenant as the first gateways left it: an open conversation in the snapshot, and after it in the journal one that came and one that
    /// is over; a customer who came, and one who came and went.
    #[test]
    fn who_is_here_is_taken_over_from_older_snapshots_and_journals() {
        let mut connection = Connection::open_in_memory().unwrap();
        run_steps(&mut connection, &STEPS[..1]).unwrap();
        let state = r#"{"format":1,"switchboard":{"at":5,"exchange":{
            "conversations":{"c1":{"conversationId":"c1","subject":"My parcel","attributes":{"order":"A-17"},"participants":[
                {"participantId":"p1","userId":"kim","name":"Kim","role":"customer"},
                {"participantId":"p2","userId":"mina","name":"Mina","role":"agent"}]}},
            "sessions":{"s1":{"who":{"userId":"kim","name":"Kim","role":"customer"}},
                        "s2":{"who":{"userId":"mina","name":"Mina","role":"agent"}}}}}}"#;
        let started = |n: u32, name: &str| {
            format!(
                r#"{{"at":6,"events":[{{"type":"sessionOpened","session":"s{n}","who":{{"userId":"u{n}","name":"{name}","role":"customer"}}}},
                {{"type":"conversationStarted","conversationId":"c{n}","who":{{"userId":"u{n}","name":"{name}","role":"customer"}}}}]}}"#
            )
        };
        connection.execute("INSERT INTO snapshots VALUES ('t', 1, ?1)", [state]).unwrap();
        let gone =
            r#"{"at":7,"events":[{"type":"sessionClosed","session":"s4","userId":"u4","reason":"asked"}]}"#;
        for (position, entry) in (2..).zip([&started(3, "Lee"), &started(4, "Ada"), gone]) {
            let row = params![position, entry];
            connection.execute("INSERT INTO journal VALUES ('t', ?1, 1, ?2)", row).unwrap();
        }
        connection.execute("INSERT INTO records VALUES ('t', 'c4', 7, '{}')", []).unwrap();
        run(&mut connection).unwrap();

        let read = |sql: &str| -> Vec<String> {
            let mut query = connection.prepare(sql).unwrap();
            let rows = query.query_map([], |row| row.get(0)).unwrap();
            rows.collect::<Result<_, _>>().unwrap()
        };
        let open = read("SELECT body FROM conversations WHERE over = 0 ORDER BY conversation");
        let open: Vec<ConversationBody> =
            open.iter().map(|text| serde_json::from_str(text).unwrap()).collect();
        let named: Vec<_> =
            open.iter().map(|body| (body.conversation_id.as_str(), body.name.as_str())).collect();
        assert_eq!(named, [("c1", "Kim"), ("c3", "Lee")]);
        assert_eq!(
            (open[0].subject.as_deref(), open[0].attributes["order"].as_text()),
            (Some("My parcel"), Some("A-17"))
        );
        assert_eq!((open[1].subject.as_deref(), open[1].attributes.len()), (None, 0));
        let sessions = read("SELECT body FROM sessions ORDER BY session");
        let sessions: Vec<SessionBody> =
            sessions.iter().map(|text| serde_json::from_str(text).unwrap()).collect();
        let named: Vec<_> = sessions.iter().map(|body| (body.session.as_str(), body.name.as_str())).collect();
        assert_eq!(named, [("s1", "Kim"), ("s3", "Lee")]);
    }
}
