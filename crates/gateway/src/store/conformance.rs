//! What every kind of store must do. Each backend's tests call [`all`] with a way to make an empty store.
//!
//! These are ordinary functions and not `#[test]`s, so that a backend elsewhere can run them as well. They panic where a rule is broken.

use super::{
    Append, ConversationRow, JournalLine, Lines, MessageRow, Messages, Page, PastPage, RecordRow, SessionRow,
    Snapshot, StatusRow, Store, StoreError, sqlite::wait,
};
use jackfield_wire::{ConversationId, SessionId, TenantId, UserId};

/// Runs every rule, each on a store of its own.
pub fn all<S: Store>(mut empty: impl FnMut() -> S) {
    keeps_lines_in_order(&empty());
    refuses_a_second_writer(&empty());
    refuses_a_wrong_position(&empty());
    reads_long_journals_in_order(&empty());
    fails_what_was_built_upon_a_failure(&empty());
    replaces_lines_by_a_snapshot(&empty());
    reads_messages_by_page(&empty());
    hides_internal_messages(&empty());
    keeps_tenants_apart(&empty());
    keeps_records(&empty());
    knows_who_is_here(&empty());
    keeps_what_is_known_last(&empty());
    reads_a_customers_past_by_page(&empty());
    assert_eq!(wait(|done| empty().probe(done)), Ok(()));
}

fn keeps_lines_in_order<S: Store>(store: &S) {
    let opened = open(store, "a");
    assert_eq!((opened.epoch, opened.position, opened.snapshot.is_some()), (1, 0, false));
    append(store, "a", 1, 0, &["one", "two"]).unwrap_or_else(fail);
    append(store, "a", 1, 2, &["three"]).unwrap_or_else(fail);
    let again = open(store, "a");
    assert_eq!((again.epoch, again.position), (2, 3));
    assert_eq!(texts(again.lines), ["one", "two", "three"]);
}

fn refuses_a_second_writer<S: Store>(store: &S) {
    let first = open(store, "a").epoch;
    let second = open(store, "a").epoch;
    assert!(second > first);
    let refused = append(store, "a", first, 0, &["old"]);
    assert!(matches!(refused, Err(StoreError::Fenced { .. })), "{refused:?}");
    append(store, "a", second, 0, &["new"]).unwrap_or_else(fail);
    assert_eq!(texts(open(store, "a").lines), ["new"]);
}

fn refuses_a_wrong_position<S: Store>(store: &S) {
    let epoch = open(store, "a").epoch;
    for wrong in [1, 7] {
        let refused = append(store, "a", epoch, wrong, &["x"]);
        assert!(matches!(refused, Err(StoreError::OutOfPlace { .. })), "{refused:?}");
    }
    append(store, "a", epoch, 0, &["x"]).unwrap_or_else(fail);
    assert!(append(store, "a", epoch, 0, &["x"]).is_err(), "the same position twice");
}

/// Whoever reads has the journal as it was, even where it is replaced by a snapshot meanwhile.
fn reads_long_journals_in_order<S: Store>(store: &S) {
    const LINES: u64 = 3_000;
    let epoch = open(store, "a").epoch;
    let entries: Vec<String> = (0..LINES).map(|n| format!("line {n}")).collect();
    let written: Vec<&str> = entries.iter().map(String::as_str).collect();
    append(store, "a", epoch, 0, &written).unwrap_or_else(fail);
    let reading = wait(|done| store.load(tenant("a"), done)).unwrap_or_else(fail);
    let snapshot = Snapshot { tenant: tenant("a"), epoch, position: LINES, state: "state".to_owned() };
    wait(|done| store.snapshot(snapshot, done)).unwrap_or_else(fail);
    assert_eq!(texts(reading.lines), entries);
    let unread = open(store, "a");
    assert_eq!((unread.lines.left(), unread.position), (0, LINES));
}

fn fails_what_was_built_upon_a_failure<S: Store>(store: &S) {
    let epoch = open(store, "a").epoch;
    assert!(append(store, "a", epoch, 5, &["lost"]).is_err());
    assert!(append(store, "a", epoch, 6, &["built on it"]).is_err());
    assert_eq!(open(store, "a").lines.left(), 0);
}

fn replaces_lines_by_a_snapshot<S: Store>(store: &S) {
    let epoch = open(store, "a").epoch;
    append(store, "a", epoch, 0, &["one", "two", "three"]).unwrap_or_else(fail);
    let snapshot = Snapshot { tenant: tenant("a"), epoch, position: 2, state: "state".to_owned() };
    wait(|done| store.snapshot(snapshot.clone(), done)).unwrap_or_else(fail);
    let ahead = Snapshot { position: 4, ..snapshot.clone() };
    let refused = wait(|done| store.snapshot(ahead, done));
    assert!(matches!(refused, Err(StoreError::OutOfPlace { .. })), "{refused:?}");
    let stale = Snapshot { epoch: epoch + 1, ..snapshot };
    assert!(wait(|done| store.snapshot(stale, done)).is_err(), "a snapshot is fenced too");
    let loaded = wait(|done| store.load(tenant("a"), done)).unwrap_or_else(fail);
    assert_eq!(
        (loaded.epoch, texts(loaded.lines)),
        (epoch, strings(&["three"])),
        "reading takes nothing over"
    );
    let again = open(store, "a");
    assert_eq!(again.snapshot.map(|s| (s.position, s.state)), Some((2, "state".to_owned())));
    assert_eq!((texts(again.lines), again.position), (strings(&["three"]), 3));
    append(store, "a", again.epoch, 3, &["four"]).unwrap_or_else(fail);
}

fn reads_messages_by_page<S: Store>(store: &S) {
    write_messages(store, "a", 7, |_| false);
    let newest = page(store, "a", None, 3, true);
    assert_eq!((newest.messages, newest.more), (strings(&["m5", "m6", "m7"]), true));
    let older = page(store, "a", Some(5), 10, true);
    assert_eq!((older.messages, older.more), (strings(&["m1", "m2", "m3", "m4"]), false));
    let exact = page(store, "a", None, 7, true);
    assert_eq!((exact.messages.len(), exact.more), (7, false));
    assert_eq!(page(store, "a", Some(1), 5, true), Messages::default());
}

fn hides_internal_messages<S: Store>(store: &S) {
    write_messages(store, "a", 6, |number| number % 2 == 0);
    let seen = page(store, "a", None, 2, false);
    assert_eq!((seen.messages, seen.more), (strings(&["m3", "m5"]), true));
    assert_eq!(page(store, "a", None, 10, true).messages.len(), 6);
}

fn keeps_tenants_apart<S: Store>(store: &S) {
    write_messages(store, "a", 2, |_| false);
    let opened = open(store, "b");
    assert_eq!((opened.epoch, opened.position, opened.lines.left()), (1, 0, 0));
    assert_eq!(page(store, "b", None, 10, true), Messages::default());
    append(store, "b", 1, 0, &["b's own"]).unwrap_or_else(fail);
    assert_eq!(texts(open(store, "b").lines), ["b's own"]);
}

fn keeps_records<S: Store>(store: &S) {
    let epoch = open(store, "a").epoch;
    let record = RecordRow { conversation: conversation(), ended_at: 5, record: "r".to_owned() };
    let entry = Append { records: vec![record], ..lines("a", epoch, 0, &["ended"]) };
    wait(|done| store.append(entry, done)).unwrap_or_else(fail);
    let read = |of: &str| wait(|done| store.record(tenant(of), conversation(), done));
    assert_eq!(read("a"), Ok(Some("r".to_owned())));
    assert_eq!(read("b"), Ok(None));
}

fn write_messages<S: Store>(store: &S, of: &str, count: u64, internal: impl Fn(u64) -> bool) {
    let epoch = open(store, of).epoch;
    let messages = (1..=count).map(|number| MessageRow {
        conversation: conversation(),
        number,
        internal: internal(number),
        message: format!("m{number}"),
    });
    let entry = Append { messages: messages.collect(), ..lines(of, epoch, 0, &["said"]) };
    wait(|done| store.append(entry, done)).unwrap_or_else(fail);
}

fn page<S: Store>(store: &S, of: &str, before: Option<u64>, limit: u32, internal: bool) -> Messages {
    let past_of = None;
    let page = Page { tenant: tenant(of), conversation: conversation(), before, limit, internal, past_of };
    wait(|done| store.messages(page, done)).unwrap_or_else(fail)
}

fn knows_who_is_here<S: Store>(store: &S) {
    let epoch = open(store, "a").epoch;
    let customer = UserId::numbered('u', 1);
    let row = |n: u64| ConversationRow {
        conversation: ConversationId::numbered('c', n),
        customer: customer.clone(),
        body: format!("conversation {n}"),
    };
    let session = |n: u64| SessionRow {
        session: SessionId::numbered('s', n),
        user: customer.clone(),
        body: format!("session {n}"),
    };
    let status = |n: u64, text: Option<&str>| StatusRow {
        user: UserId::numbered('m', n),
        body: text.map(str::to_owned),
    };
    let came = Append {
        conversations: vec![row(1), row(2)],
        sessions: vec![session(1), session(2)],
        statuses: vec![status(1, Some("lunch")), status(2, Some("home")), status(1, Some("back at 2"))],
        ..lines("a", epoch, 0, &["came"])
    };
    wait(|done| store.append(came, done)).unwrap_or_else(fail);
    let refused =
        Append { conversations: vec![row(3)], sessions: vec![session(3)], ..lines("a", epoch, 9, &["x"]) };
    assert!(wait(|done| store.append(refused, done)).is_err());
    let (conversation, record) = (ConversationId::numbered('c', 1), "record".to_owned());
    let went = Append {
        records: vec![RecordRow { conversation, ended_at: 2, record }],
        closed_sessions: vec![SessionId::numbered('s', 2)],
        statuses: vec![status(2, None)],
        ..lines("a", epoch, 1, &["went"])
    };
    wait(|done| store.append(went, done)).unwrap_or_else(fail);
    let loaded = wait(|done| store.load(tenant("a"), done)).unwrap_or_else(fail);
    let opened = open(store, "a");
    for found in [loaded, opened] {
        assert_eq!(found.conversations, ["conversation 2"], "what is over is not read again");
        assert_eq!(found.sessions, ["session 1"]);
        assert_eq!(found.statuses, ["back at 2"], "the last that each said, where it says anything");
    }
    let other = open(store, "b");
    assert!(
        other.conversations.is_empty() && other.sessions.is_empty() && other.statuses.is_empty(),
        "of another tenant"
    );
}

fn keeps_what_is_known_last<S: Store>(store: &S) {
    let epoch = open(store, "a").epoch;
    let row = |body: &str| ConversationRow {
        conversation: conversation(),
        customer: UserId::numbered('u', 1),
        body: body.to_owned(),
    };
    let came = Append { conversations: vec![row("first")], ..lines("a", epoch, 0, &["came"]) };
    wait(|done| store.append(came, done)).unwrap_or_else(fail);
    let known =
        Append { conversations: vec![row("second"), row("third")], ..lines("a", epoch, 1, &["known"]) };
    wait(|done| store.append(known, done)).unwrap_or_else(fail);
    assert_eq!(open(store, "a").conversations, ["third"]);
}

/// Five conversations, of which two end in the same millisecond; one goes on, one is another customer's.
fn reads_a_customers_past_by_page<S: Store>(store: &S) {
    let epoch = open(store, "a").epoch;
    let id = |n: u64| ConversationId::numbered('c', n);
    let customer = |n: u64| UserId::numbered('u', if n == 5 { 2 } else { 1 });
    let row =
        |n: u64| ConversationRow { conversation: id(n), customer: customer(n), body: format!("body {n}") };
    let record = |(n, ended_at): (u64, u64)| RecordRow {
        conversation: id(n),
        ended_at,
        record: format!("record {n}"),
    };
    let message = |number: u64, internal: bool| MessageRow {
        conversation: id(3),
        number,
        internal,
        message: format!("m{number}"),
    };
    let all = Append {
        conversations: (1..=5).map(row).collect(),
        records: [(1, 50), (2, 70), (3, 70), (5, 80)].map(record).into(),
        messages: vec![message(1, false), message(2, false), message(3, true)],
        ..lines("a", epoch, 0, &["all"])
    };
    wait(|done| store.append(all, done)).unwrap_or_else(fail);
    let read = |of: &str, n: u64, before: Option<u64>, limit: u32| {
        let (tenant, customer, before) = (tenant(of), UserId::numbered('u', n), before.map(id));
        let page = PastPage { tenant, customer, before, limit };
        let found = wait(|done| store.past(page, done)).unwrap_or_else(fail);
        (
            found.rows.iter().map(|row| row.conversation.to_string()).collect::<Vec<_>>().join(" "),
            found.more,
            found.rows,
        )
    };
    let (ids, more, rows) = read("a", 1, None, 2);
    assert_eq!((ids.as_str(), more), ("c3 c2", true), "newest first, what goes on is left out");
    assert_eq!((rows[0].record.as_str(), rows[0].body.as_str()), ("record 3", "body 3"));
    assert_eq!(
        (rows[0].last.as_deref(), rows[1].last.as_deref()),
        (Some("m2"), None),
        "the last for everybody"
    );
    assert_eq!(read("a", 1, Some(3), 1).0, "c2", "of one millisecond");
    let (ids, more, _) = read("a", 1, Some(2), 9);
    assert_eq!((ids.as_str(), more), ("c1", false));
    assert_eq!(read("a", 2, None, 9).0, "c5", "each customer's own");
    for (of, customer, before) in [("a", 3, None), ("b", 1, None), ("a", 1, Some(99))] {
        assert_eq!(read(of, customer, before, 9).0, "", "{of} {customer} {before:?}");
    }
    let messages = |of: &str, past_of: u64| {
        let (tenant, past_of) = (tenant(of), Some(UserId::numbered('u', past_of)));
        let page = Page { tenant, conversation: id(3), before: None, limit: 9, internal: true, past_of };
        wait(|done| store.messages(page, done)).unwrap_or_else(fail).messages
    };
    assert_eq!(messages("a", 1), strings(&["m1", "m2", "m3"]));
    assert_eq!(messages("a", 2), strings(&[]), "another customer's");
    assert_eq!(messages("b", 1), strings(&[]), "another tenant's");
}

fn append<S: Store>(store: &S, of: &str, epoch: u64, at: u64, texts: &[&str]) -> Result<(), StoreError> {
    wait(|done| store.append(lines(of, epoch, at, texts), done))
}

fn lines(of: &str, epoch: u64, expected: u64, texts: &[&str]) -> Append {
    let lines = texts.iter().map(|text| JournalLine { at: 1, entry: (*text).to_owned() }).collect();
    Append::new(tenant(of), epoch, expected, lines)
}

fn open<S: Store>(store: &S, of: &str) -> super::Opened {
    store.open(&tenant(of)).unwrap_or_else(fail)
}

fn tenant(id: &str) -> TenantId {
    TenantId::parse(id).unwrap_or_else(fail)
}

fn conversation() -> ConversationId {
    ConversationId::numbered('c', 1)
}

fn texts(lines: Lines) -> Vec<String> {
    lines.map(|line| line.unwrap_or_else(fail).entry).collect()
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn fail<T>(error: impl std::fmt::Display) -> T {
    panic!("{error}")
}
