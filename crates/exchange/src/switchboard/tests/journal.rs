//! Nobody is told anything that is not on disk.

use super::desk::{Desk, Welcomed, report, say, start};
use crate::switchboard::{Input, Output, SessionFact};
use jackfield_wire::{
    Answer, Availability, Channel, Code, Command, Outcome, Resumed, Role, ServerEvent, ServerFrame,
};

#[test]
fn batches_in_flight_are_told_in_order() {
    let mut desk = Desk::new();
    let (mina, kim, chat) = desk.chat();
    desk.slow_disk = true;
    let seq = desk.last_seq(&mina);
    for n in 1..=3 {
        desk.send(&kim, &format!("m{n}"), say(&chat, &n.to_string()));
    }
    assert_eq!(desk.waiting.len(), 3);
    assert_eq!(desk.last_seq(&mina), seq);
    let later = desk.waiting.split_off(1);
    desk.write_waiting();
    assert_eq!(desk.last_seq(&mina), seq + 1);
    desk.waiting = later;
    desk.write_waiting();
    assert_eq!(desk.last_seq(&mina), seq + 3);
}

#[test]
fn a_welcome_waits_for_its_key_and_pings_wait_for_nothing() {
    let mut desk = Desk::new();
    let mina = desk.enter("mina", Role::Agent);
    desk.slow_disk = true;
    let connection = desk.hello("joon", Role::Agent, None);
    assert!(desk.frames_of(connection).is_empty());
    desk.pass(6_000);
    let pings = desk.frames_of(mina.connection).iter().filter(|f| matches!(f, ServerFrame::Ping { .. }));
    assert_eq!(pings.count(), 1);
    desk.write_waiting();
    assert_eq!(desk.welcomed(connection).resumed, Resumed::New);
}

#[test]
fn a_resume_between_decision_and_disk_loses_nothing_and_doubles_nothing() {
    let mut desk = Desk::new();
    let (mina, kim, chat) = desk.chat();
    let seq = desk.last_seq(&mina);
    desk.slow_disk = true;
    desk.send(&kim, "m1", say(&chat, "one"));
    let connection = desk.hello("mina", Role::Agent, Some((&mina, Some(seq))));
    desk.send(&kim, "m2", say(&chat, "two"));
    assert!(desk.frames_of(connection).is_empty());
    desk.write_waiting();
    assert_eq!(desk.welcomed(connection).resumed, Resumed::Replay);
    let numbers: Vec<_> = desk.events(connection).iter().map(|(seq, _)| *seq).collect();
    assert_eq!(numbers, [seq + 1, seq + 2]);
    assert_eq!(desk.last_seq(&mina), seq, "the old connection is told nothing more");
}

#[test]
fn when_the_disk_refuses_nothing_was_changed_and_everybody_goes_on() {
    let mut desk = Desk::new();
    let (mina, kim, chat) = desk.chat();
    desk.done(&kim, "m1", say(&chat, "kept"));
    desk.slow_disk = true;
    desk.send(&kim, "m2", say(&chat, "lost"));
    desk.send(&kim, "m3", say(&chat, "lost too"));
    let newcomer = desk.hello("joon", Role::Agent, None);
    let failed = desk.waiting.remove(0).number;
    desk.waiting.clear();
    desk.give(Input::CommitFailed { batch: failed });
    for command in ["m2", "m3"] {
        let [Answer::Error(error)] = &desk.answers(kim.connection, command)[..] else { panic!() };
        assert_eq!((error.code, error.retry_after_ms), (Code::StorageUnavailable, Some(1_000)));
    }
    assert_eq!(desk.closed.get(&newcomer), Some(&Code::StorageUnavailable));
    let Answer::Error(error) = desk.ask(&kim, "m4", say(&chat, "too early")) else { panic!() };
    assert_eq!(error.code, Code::StorageUnavailable);
    let stored = desk.stored();
    desk.board.recover(desk.now, stored);
    desk.slow_disk = false;
    desk.give(Input::CommitFailed { batch: failed + 1 });
    after_recovery(&mut desk, &mina, &kim, &chat);
}

fn after_recovery(
    desk: &mut Desk,
    mina: &super::desk::Welcomed,
    kim: &super::desk::Welcomed,
    chat: &jackfield_wire::ConversationId,
) {
    let welcomes =
        desk.frames_of(mina.connection).iter().filter(|f| matches!(f, ServerFrame::Welcome { .. }));
    assert_eq!(welcomes.count(), 1, "what they were told before is true, so they go on with it");
    assert!(!desk.closed.contains_key(&mina.connection));
    let seq = desk.last_seq(mina);
    desk.pass(1_000);
    let done = desk.done(kim, "m2", say(chat, "lost"));
    assert!(matches!(done, Outcome::MessageSent { number: 2, .. }), "{done:?}");
    assert_eq!(desk.messages.len(), 2);
    let texts: Vec<_> = desk.events(mina.connection).into_iter().filter(|(n, _)| *n > seq).collect();
    let [(number, ServerEvent::MessageAdded { message, .. })] = &texts[..] else { panic!("{texts:?}") };
    assert_eq!((*number, message.text.as_str()), (seq + 1, "lost"), "no number is left out");
    let again = desk.back("mina", Role::Agent, mina, None);
    assert_eq!(again.snapshot.unwrap().conversations[0].messages.len(), 2);
}

#[test]
fn a_session_that_was_not_there_when_the_disk_refused_misses_nothing() {
    let mut desk = Desk::new();
    let (mina, kim, chat) = desk.chat();
    let seq = desk.last_seq(&mina);
    desk.give(Input::Disconnected { connection: mina.connection });
    desk.done(&kim, "m1", say(&chat, "kept"));
    desk.slow_disk = true;
    desk.send(&kim, "m2", say(&chat, "lost"));
    let failed = desk.waiting.remove(0).number;
    desk.give(Input::CommitFailed { batch: failed });
    let stored = desk.stored();
    desk.board.recover(desk.now, stored);
    desk.slow_disk = false;
    desk.pass(1_000);
    desk.done(&kim, "m3", say(&chat, "later"));
    let again = desk.back("mina", Role::Agent, &mina, Some(seq));
    assert_eq!(again.resumed, Resumed::Replay);
    let texts: Vec<_> = desk
        .events(again.connection)
        .into_iter()
        .filter_map(|(_, event)| match event {
            ServerEvent::MessageAdded { message, .. } => Some(message.text),
            _ => None,
        })
        .collect();
    assert_eq!(texts, ["kept", "later"]);
}

#[test]
fn audio_is_switched_when_the_journal_has_it() {
    let mut desk = Desk::new();
    let (mina, _, call) = desk.call();
    let rooms = |desk: &Desk| -> Vec<usize> {
        let legs = |output: &Output| match output {
            Output::SetRoom { legs, .. } => Some(legs.len()),
            _ => None,
        };
        desk.asked.iter().filter_map(legs).collect()
    };
    assert_eq!(rooms(&desk).last(), Some(&2));
    let before = rooms(&desk).len();
    desk.slow_disk = true;
    desk.send(&mina, "hold", Command::Hold { conversation_id: call.clone(), participant_id: None });
    assert_eq!(rooms(&desk).len(), before);
    desk.write_waiting();
    let Some(Output::SetRoom { legs, .. }) = desk.asked.last() else { panic!("{:?}", desk.asked) };
    assert_eq!(legs.iter().filter(|leg| leg.held).count(), 1);
    desk.slow_disk = false;
    desk.done(&mina, "bye", Command::HangUp { conversation_id: call.clone() });
    assert!(desk.asked.contains(&Output::ClearRoom { conversation: call, side: jackfield_wire::Side::Main }));
}

#[test]
fn a_snapshot_and_the_entries_after_it_give_the_same_as_all_entries() {
    let mut desk = Desk::new();
    let (mina, kim, chat) = desk.chat();
    let saved = desk.board.snapshot().expect("everything is flushed");
    let at = desk.journal.len();
    desk.done(&kim, "m1", say(&chat, "one"));
    desk.done(&mina, "busy", Command::presence(Availability::Busy));
    let text = serde_json::to_string(&saved).unwrap();
    let saved = serde_json::from_str(&text).unwrap();
    let mut short =
        crate::switchboard::Switchboard::restore(super::desk::config(), desk.settings.clone(), saved);
    desk.journal[at..].iter().for_each(|entry| short.replay(entry));
    short.furnish(desk.rows.clone());
    let long = desk.stored();
    assert_eq!(short.exchange().state(), long.exchange().state());
    assert_eq!(short.exchange().state(), desk.board.exchange().state());
    let (mut short, mut long) = (short.snapshot().unwrap(), long.snapshot().unwrap());
    (short.after_batch, long.after_batch) = (0, 0);
    assert_eq!(serde_json::to_value(&short).unwrap(), serde_json::to_value(&long).unwrap());
}

#[test]
fn what_people_are_called_and_wrote_is_whole_after_a_kill_and_in_no_journal() {
    let mut desk = Desk::new();
    let (mina, kim, chat) = desk.chat();
    desk.done(&kim, "m1", say(&chat, "Where is it?"));
    let before = desk.board.snapshot().expect("everything is flushed");
    let seen = |welcomed: &Welcomed| welcomed.snapshot.clone().unwrap();
    let (mina, kim) =
        (desk.back("mina", Role::Agent, &mina, None), desk.back("kim", Role::Customer, &kim, None));
    let kept = [serde_json::to_string(&desk.journal).unwrap(), serde_json::to_string(&before).unwrap()];
    for text in ["Name of kim", "My parcel", "A-17", "Where is it?"] {
        assert!(format!("{:?}", seen(&mina)).contains(text), "{text} is shown");
        assert!(kept.iter().all(|kept| !kept.contains(text)), "{text} is in the tables only");
    }
    desk.restart();
    let again = (desk.back("mina", Role::Agent, &mina, None), desk.back("kim", Role::Customer, &kim, None));
    for (before, again) in [(&mina, &again.0), (&kim, &again.1)] {
        let (mut before, again) = (seen(before), seen(again));
        before.presence.since = again.presence.since;
        assert_eq!(before.user, again.user);
        assert_eq!(before.conversations[0].subject, again.conversations[0].subject);
        assert_eq!(before.conversations[0].attributes, again.conversations[0].attributes);
        assert_eq!(before.conversations[0].messages, again.conversations[0].messages);
        let names = |view: &jackfield_wire::SnapshotView| {
            view.conversations[0].participants.iter().map(|p| p.name.clone()).collect::<Vec<_>>()
        };
        assert_eq!(names(&before), names(&again));
    }
}

#[test]
fn a_report_of_quality_is_in_the_journal_before_it_is_answered() {
    let mut desk = Desk::new();
    let (mina, _, call) = desk.call();
    let (report, sample) = report(&call);
    desk.slow_disk = true;
    desk.send(&mina, "q", report);
    assert_eq!(desk.answers(mina.connection, "q"), []);
    desk.write_waiting();
    assert_eq!(desk.answers(mina.connection, "q"), [Answer::Ok(Outcome::Done)]);
    let facts = desk.journal.iter().flat_map(|entry| &entry.facts);
    let last = facts.last().expect("a fact");
    assert!(matches!(last, SessionFact::Quality { sample: kept, .. } if *kept == sample), "{last:?}");
}

#[test]
fn after_a_kill_only_what_was_on_disk_is_there() {
    let mut desk = Desk::new();
    let (_, kim, chat) = desk.chat();
    desk.done(&kim, "m1", say(&chat, "kept"));
    desk.slow_disk = true;
    desk.send(&kim, "m2", say(&chat, "never acknowledged"));
    desk.restart();
    desk.slow_disk = false;
    let kim = desk.back("kim", Role::Customer, &kim, None);
    assert_eq!(kim.snapshot.as_ref().unwrap().conversations[0].messages.len(), 1);
    let done = desk.done(&kim, "m2", say(&chat, "never acknowledged"));
    assert!(matches!(done, Outcome::MessageSent { number: 2, .. }));
}

#[test]
fn watching_outlives_a_restart() {
    let mut desk = Desk::new();
    let sam = desk.enter("sam", Role::Supervisor);
    assert!(matches!(
        desk.done(&sam, "w", Command::WatchFloor { on: true, queue_ids: None, agent_ids: None }),
        Outcome::Floor { .. }
    ));
    desk.restart();
    let sam = desk.back("sam", Role::Supervisor, &sam, None);
    assert!(sam.snapshot.as_ref().unwrap().floor.is_some());
    let kim = desk.enter("kim", Role::Customer);
    desk.done(&kim, "start", start(Channel::Chat));
    desk.pass(250);
    let told = desk.events(sam.connection).iter().any(|(_, e)| matches!(e, ServerEvent::FloorChanged { .. }));
    assert!(told);
}
