//! Hello, welcome, resume.

use super::desk::{Desk, identity, say};
use crate::switchboard::{Input, Settings};
use jackfield_wire::{ClientFrame, Code, Command, Outcome, Resumed, Role, ServerEvent, ServerFrame, Signal};

#[test]
fn a_new_session_gets_a_snapshot_and_nothing_before_it() {
    let mut desk = Desk::new();
    let mina = desk.enter("mina", Role::Agent);
    assert_eq!(mina.resumed, Resumed::New);
    let snapshot = mina.snapshot.clone().unwrap();
    assert_eq!(snapshot.user.user_id.as_str(), "mina");
    assert_eq!(snapshot.queues.len(), 1);
    assert!(matches!(desk.frames_of(mina.connection)[..], [ServerFrame::Welcome { .. }]));
}

#[test]
fn who_may_not_enter_is_told_why_and_closed() {
    let mut desk = Desk::new();
    for (who, role) in [("nobody", Role::Agent), ("mina", Role::Supervisor)] {
        let connection = desk.hello(who, role, None);
        let errors = desk.errors(connection);
        assert_eq!(errors.len(), 1, "{who}");
        assert_eq!(desk.closed.get(&connection), errors.first());
        assert!(matches!(errors[0], Code::UserUnknown | Code::RoleRejected), "{errors:?}");
    }
    let late = desk.hello_until("mina", Role::Agent, None, desk.now);
    assert_eq!(desk.closed.get(&late), Some(&Code::TokenExpired));
}

#[test]
fn a_resume_replays_exactly_what_was_missed() {
    let mut desk = Desk::new();
    let (mina, kim, chat) = desk.chat();
    desk.done(&kim, "m1", say(&chat, "one"));
    let seq = desk.last_seq(&mina);
    desk.give(Input::Disconnected { connection: mina.connection });
    desk.done(&kim, "m2", say(&chat, "two"));
    desk.done(&kim, "m3", say(&chat, "three"));
    let again = desk.back("mina", Role::Agent, &mina, Some(seq));
    assert_eq!((again.resumed, again.seq, again.snapshot.is_none()), (Resumed::Replay, seq, true));
    let texts: Vec<_> = desk
        .events(again.connection)
        .into_iter()
        .filter_map(|(seq, event)| match event {
            ServerEvent::MessageAdded { message, .. } => Some((seq, message.text)),
            _ => None,
        })
        .collect();
    assert_eq!(texts, [(seq + 1, "two".to_owned()), (seq + 2, "three".to_owned())]);
}

#[test]
fn a_reload_gets_a_snapshot_with_the_messages() {
    let mut desk = Desk::new();
    let (mina, kim, chat) = desk.chat();
    desk.done(&kim, "m1", say(&chat, "one"));
    let again = desk.back("mina", Role::Agent, &mina, None);
    assert_eq!(again.resumed, Resumed::Snapshot);
    let snapshot = again.snapshot.unwrap();
    assert_eq!(snapshot.conversations.len(), 1);
    assert_eq!(snapshot.conversations[0].messages[0].text, "one");
    assert_eq!(desk.closed.get(&mina.connection), Some(&Code::SessionReplaced), "the old tab is told");
    desk.done(&kim, "m2", say(&chat, "two"));
    assert_eq!(desk.events(again.connection)[0].0, again.seq + 1, "numbers go on from the snapshot");
}

#[test]
fn what_the_ring_no_longer_has_is_told_by_a_snapshot() {
    let mut desk = Desk::with(Settings { ring_events: 4, ..Settings::default() });
    let (mina, kim, chat) = desk.chat();
    let seq = desk.last_seq(&mina);
    desk.give(Input::Disconnected { connection: mina.connection });
    for n in 0..6 {
        desk.done(&kim, &format!("m{n}"), say(&chat, "more"));
    }
    assert_eq!(desk.back("mina", Role::Agent, &mina, Some(seq)).resumed, Resumed::Snapshot);
}

#[test]
fn a_stranger_to_the_session_gets_a_new_one() {
    let mut desk = Desk::new();
    let mina = desk.enter("mina", Role::Agent);
    let mut forged = mina.clone();
    forged.key = jackfield_wire::Secret::new("guessed");
    for (who, role, with) in [("mina", Role::Agent, &forged), ("joon", Role::Agent, &mina)] {
        let other = desk.back(who, role, with, Some(0));
        assert_eq!(other.resumed, Resumed::New, "{who}");
        assert_ne!(other.session, mina.session);
        assert_eq!(desk.errors(other.connection), [Code::SessionUnknown]);
    }
    assert!(!desk.closed.contains_key(&mina.connection), "the session itself is not disturbed");
}

#[test]
fn a_lost_welcome_does_not_lose_the_session() {
    let mut desk = Desk::new();
    let first = desk.enter("mina", Role::Agent);
    let lost = desk.back("mina", Role::Agent, &first, Some(first.seq));
    assert_eq!(lost.resumed, Resumed::Replay);
    let again = desk.back("mina", Role::Agent, &first, Some(first.seq));
    assert_eq!(again.session, first.session, "the old key is good until the new one is known to have come");
    desk.frames(again.connection, vec![ClientFrame::Pong { n: 1 }]);
    assert_eq!(desk.back("mina", Role::Agent, &first, Some(0)).resumed, Resumed::New, "then it is void");
    assert_eq!(desk.back("mina", Role::Agent, &lost, Some(0)).resumed, Resumed::New, "so is the lost one");
    assert_eq!(desk.back("mina", Role::Agent, &again, Some(0)).session, first.session);
}

#[test]
fn after_a_restart_the_session_goes_on_by_snapshot_in_a_higher_epoch() {
    let mut desk = Desk::new();
    let (mina, kim, chat) = desk.chat();
    desk.done(&kim, "m1", say(&chat, "one"));
    desk.restart();
    let again = desk.back("mina", Role::Agent, &mina, Some(desk.last_seq(&mina)));
    assert_eq!((&again.session, again.resumed), (&mina.session, Resumed::Snapshot));
    assert!(again.epoch > mina.epoch);
    let conversation = again.snapshot.unwrap().conversations.remove(0);
    assert_eq!(conversation.messages.len(), 1, "its messages are read from the store");
    assert_eq!(conversation.messages[0].text, "one");
    let kim = desk.back("kim", Role::Customer, &kim, None);
    assert_eq!(desk.done(&kim, "m1", say(&chat, "one")), desk.done(&kim, "m1", say(&chat, "one")));
    assert_eq!(desk.messages.len(), 1, "a command sent again after the restart is done once");
}

#[test]
fn what_is_written_while_a_welcome_waits_for_the_store_is_in_it_once() {
    let mut desk = Desk::new();
    let (mina, kim, chat) = desk.chat();
    desk.done(&kim, "m1", say(&chat, "one"));
    desk.restart();
    desk.slow_reads = true;
    let connection = desk.hello("mina", Role::Agent, Some((&mina, None)));
    assert!(desk.frames_of(connection).is_empty(), "it waits for the messages");
    desk.frames(
        connection,
        vec![ClientFrame::Command { id: super::desk::id("early"), command: say(&chat, "two") }],
    );
    let kim_connection = desk.hello("kim", Role::Customer, Some((&kim, None)));
    assert_eq!(desk.reads.len(), 1, "one question for all who wait");
    desk.read_waiting();
    let again = desk.welcomed(connection);
    let messages = again.snapshot.unwrap().conversations.remove(0).messages;
    assert_eq!(messages.iter().map(|m| m.text.as_str()).collect::<Vec<_>>(), ["one"]);
    let events = desk.events(connection);
    let added = events.iter().filter(|(_, event)| matches!(event, ServerEvent::MessageAdded { .. })).count();
    assert_eq!(added, 1, "what came before the welcome is done after it");
    assert_eq!(desk.welcomed(kim_connection).resumed, Resumed::Snapshot);
}

#[test]
fn a_session_that_comes_back_to_a_call_hears_that_its_voice_is_gone() {
    let mut desk = Desk::new();
    let (mina, _, _) = desk.call();
    desk.restart();
    let again = desk.back("mina", Role::Agent, &mina, None);
    let told = ServerFrame::Signal { signal: Signal::Media { connected: false } };
    assert!(desk.frames_of(again.connection).contains(&told));
}

#[test]
fn signing_out_is_answered_and_ends_the_connection() {
    let mut desk = Desk::new();
    let mina = desk.enter("mina", Role::Agent);
    assert_eq!(desk.done(&mina, "out", Command::SignOut), Outcome::Done);
    assert_eq!(desk.closed.get(&mina.connection), Some(&Code::SignedOut));
    let last = desk.events(mina.connection).pop().unwrap().1;
    assert!(matches!(last, ServerEvent::SignedOut { .. }), "{last:?}");
    assert_eq!(desk.back("mina", Role::Agent, &mina, None).resumed, Resumed::New);
    assert_eq!(desk.board.gauges().sessions, 1);
}

#[test]
fn a_user_has_no_more_sessions_than_it_may() {
    let mut desk = Desk::with(Settings { max_sessions_per_user: 2, ..Settings::default() });
    let first = desk.enter("mina", Role::Agent);
    desk.enter("mina", Role::Agent);
    let third = desk.hello("mina", Role::Agent, None);
    assert_eq!(desk.closed.get(&third), Some(&Code::TooManySessions));
    desk.frames(first.connection, vec![ClientFrame::Bye { keep: false }]);
    assert_eq!(desk.closed.get(&first.connection), Some(&Code::SignedOut));
    desk.enter("mina", Role::Agent);
}

#[test]
fn a_reloading_page_keeps_its_session() {
    let mut desk = Desk::new();
    let mina = desk.enter("mina", Role::Agent);
    desk.frames(mina.connection, vec![ClientFrame::Bye { keep: true }]);
    assert_eq!(desk.closed.get(&mina.connection), Some(&Code::Closed));
    assert_eq!(desk.back("mina", Role::Agent, &mina, None).session, mina.session);
}

#[test]
fn a_new_token_must_be_for_the_same_user() {
    let mut desk = Desk::new();
    let mina = desk.enter("mina", Role::Agent);
    let connection = mina.connection;
    let token_expires_at = desk.now + 100_000;
    desk.give(Input::Renewed { connection, identity: identity("mina", Role::Agent), token_expires_at });
    assert!(desk.frames_of(connection).contains(&ServerFrame::AuthAccepted { token_expires_at }));
    desk.give(Input::Renewed { connection, identity: identity("joon", Role::Agent), token_expires_at });
    assert_eq!(desk.closed.get(&connection), Some(&Code::SubjectMismatch));
}
