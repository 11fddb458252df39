//! The embedded store: the rules of every store, and what only files can do.

use crate::common::Scratch;
use jackfield_gateway::store::{Append, JournalLine, Sqlite, Store, StoreError, conformance};
use jackfield_wire::TenantId;
use std::sync::mpsc;

fn contoso() -> TenantId {
    TenantId::parse("contoso").unwrap()
}

fn append(store: &Sqlite, epoch: u64, expected: u64, entry: &str) -> Result<(), StoreError> {
    let (tell, answer) = mpsc::channel();
    let lines = vec![JournalLine { at: 1, entry: entry.to_owned() }];
    let append = Append::new(contoso(), epoch, expected, lines);
    store.append(append, Box::new(move |result| tell.send(result).unwrap()));
    answer.recv().unwrap()
}

#[test]
fn keeps_the_rules_of_every_store() {
    let mut kept = Vec::new();
    conformance::all(|| {
        let scratch = Scratch::new();
        let store = Sqlite::open(scratch.path()).unwrap();
        kept.push(scratch);
        store
    });
}

#[test]
fn one_directory_has_one_gateway() {
    let scratch = Scratch::new();
    let first = Sqlite::open(scratch.path()).unwrap();
    let second = Sqlite::open(scratch.path()).unwrap_err();
    assert!(matches!(second, StoreError::InUse { .. }), "{second}");
    assert!(second.to_string().contains("give this one another data directory"), "{second}");
    drop(first);
    Sqlite::open(scratch.path()).unwrap();
}

#[test]
fn goes_on_where_it_was() {
    let scratch = Scratch::new();
    let store = Sqlite::open(scratch.path()).unwrap();
    let epoch = store.open(&contoso()).unwrap().epoch;
    append(&store, epoch, 0, "said").unwrap();
    drop(store);
    let opened = Sqlite::open(scratch.path()).unwrap().open(&contoso()).unwrap();
    assert_eq!((opened.epoch, opened.position, opened.lines.left()), (epoch + 1, 1, 1));
}

#[test]
fn many_writers_of_one_group_get_their_own_answers() {
    let scratch = Scratch::new();
    let store = Sqlite::open(scratch.path()).unwrap();
    let epoch = store.open(&contoso()).unwrap().epoch;
    let (tell, answers) = mpsc::channel();
    for n in 0..500_u64 {
        let lines = vec![JournalLine { at: n, entry: n.to_string() }];
        // Each tenth append comes from a writer that lost its lease.
        let epoch = if n % 10 == 9 { epoch - 1 } else { epoch };
        let append = Append::new(contoso(), epoch, n - n / 10, lines);
        let tell = tell.clone();
        store.append(append, Box::new(move |result| tell.send((n, result)).unwrap()));
    }
    drop(tell);
    for (n, result) in answers {
        assert_eq!(result.is_err(), n % 10 == 9, "{n}: {result:?}");
    }
    let opened = store.open(&contoso()).unwrap();
    assert_eq!(opened.lines.left(), 450);
    assert_eq!(opened.lines.last().unwrap().unwrap().entry, "498");
}
