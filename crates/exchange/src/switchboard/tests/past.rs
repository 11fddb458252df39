//! A customer's conversations that are over, read by who serves it now.

use super::desk::{Desk, Welcomed, say, start};
use jackfield_wire::{
    Answer, Channel, Code, Command, ConversationId, EndReason, Outcome, PastConversation, Role, ServerEvent,
    Visibility,
};

fn history(conversation_id: &ConversationId, before: Option<&ConversationId>, limit: Option<u32>) -> Command {
    Command::FetchCustomerHistory { conversation_id: conversation_id.clone(), before: before.cloned(), limit }
}

fn past_messages(conversation_id: &ConversationId, past: &ConversationId) -> Command {
    let (conversation_id, past) = (conversation_id.clone(), past.clone());
    Command::FetchPastMessages { conversation_id, past, before: None, limit: None }
}

fn entries(outcome: Outcome) -> (Vec<PastConversation>, bool) {
    match outcome {
        Outcome::CustomerHistory { entries, more } => (entries, more),
        other => panic!("{other:?}"),
    }
}

fn code(answer: Answer) -> Code {
    match answer {
        Answer::Error(error) => error.code,
        Answer::Ok(outcome) => panic!("{outcome:?}"),
    }
}

/// Kim's chat is over, with a note, a tag and a word of farewell; then Kim comes again and mina serves.
fn twice(desk: &mut Desk) -> (Welcomed, Welcomed, ConversationId, ConversationId) {
    let (mina, kim, first) = desk.chat();
    desk.done(&kim, "m1", say(&first, "Where is it?"));
    desk.done(&mina, "n1", Command::AddNote { conversation_id: first.clone(), text: "calls back".into() });
    let tags =
        Command::SetTags { conversation_id: first.clone(), add: vec!["refund".into()], remove: vec![] };
    desk.done(&mina, "t1", tags);
    desk.done(&mina, "m2", say(&first, &"감사합니다 ".repeat(40)));
    desk.now += 1_000;
    desk.done(&mina, "e1", Command::EndConversation { conversation_id: first.clone() });
    let finish =
        Command::FinishWrapUp { conversation_id: first.clone(), disposition: None, note: Some("n2".into()) };
    desk.done(&mina, "w1", finish);
    let second = again(desk, &mina, &kim, 2);
    (mina, kim, first, second)
}

fn again(desk: &mut Desk, mina: &Welcomed, kim: &Welcomed, n: u32) -> ConversationId {
    let outcome = desk.done(kim, &format!("s{n}"), start(Channel::Chat));
    let Outcome::ConversationStarted { conversation_id } = outcome else { panic!("{outcome:?}") };
    let offers = desk.events(mina.connection).into_iter().filter_map(|(_, event)| match event {
        ServerEvent::OfferMade { offer } => Some(offer.offer_id),
        _ => None,
    });
    let offer_id = offers.last().expect("an offer");
    desk.done(mina, &format!("a{n}"), Command::AcceptOffer { offer_id });
    conversation_id
}

#[test]
fn who_serves_a_customer_sees_what_was_before() {
    let mut desk = Desk::new();
    let (mina, _, first, second) = twice(&mut desk);
    let (entries, more) = entries(desk.done(&mina, "h", history(&second, None, None)));
    assert!(!more);
    let [entry] = &entries[..] else { panic!("{entries:?}") };
    assert_eq!(entry.conversation_id, first, "not the one that goes on");
    assert_eq!((entry.notes, entry.tags.clone()), (2, vec!["refund".to_owned()]));
    assert_eq!((entry.end_reason, entry.subject.as_deref()), (Some(EndReason::AgentLeft), Some("My parcel")));
    assert_eq!(entry.agents.len(), 1);
    assert_eq!((entry.agents[0].user_id.as_str(), entry.agents[0].name.as_str()), ("mina", "Mina"));
    let last = entry.last_message.as_deref().unwrap();
    assert!(last.starts_with("감사합니다") && last.ends_with('…') && last.len() < 210, "{last}");
    assert!(entry.ended_at > entry.started_at);
    let Outcome::History { messages, more: false } = desk.done(&mina, "p", past_messages(&second, &first))
    else {
        panic!("no history")
    };
    assert_eq!(messages.len(), 4);
    assert!(messages.iter().filter(|m| m.note).all(|m| m.visibility == Visibility::Internal));
    assert_eq!(messages.iter().filter(|m| m.note).count(), 2);
}

#[test]
fn it_comes_in_pages_and_is_there_after_a_restart() {
    let mut desk = Desk::new();
    let (mina, kim, first, second) = twice(&mut desk);
    let mut all = vec![first, second];
    for n in 3..6 {
        let last = all.last().cloned().unwrap();
        desk.now += 10;
        desk.done(&mina, &format!("e{n}"), Command::EndConversation { conversation_id: last.clone() });
        let finish = Command::FinishWrapUp { conversation_id: last, disposition: None, note: None };
        desk.done(&mina, &format!("f{n}"), finish);
        all.push(again(&mut desk, &mina, &kim, n));
    }
    desk.restart();
    let mina = desk.back("mina", Role::Agent, &mina, None);
    let now = all.pop().unwrap();
    let ids = |entries: &[PastConversation]| -> Vec<_> {
        entries.iter().map(|entry| entry.conversation_id.clone()).collect()
    };
    let (page, more) = entries(desk.done(&mina, "h1", history(&now, None, Some(3))));
    all.reverse();
    assert_eq!((ids(&page), more), (all[..3].to_vec(), true));
    let (page, more) = entries(desk.done(&mina, "h2", history(&now, Some(&all[2]), Some(3))));
    assert_eq!((ids(&page), more), (all[3..].to_vec(), false));
}

#[test]
fn nobody_else_reads_it() {
    let mut desk = Desk::new();
    let (mina, kim, first, second) = twice(&mut desk);
    let joon = desk.enter("joon", Role::Agent);
    let sam = desk.enter("sam", Role::Supervisor);
    assert_eq!(code(desk.ask(&joon, "1", history(&second, None, None))), Code::NotFound);
    assert_eq!(code(desk.ask(&joon, "2", past_messages(&second, &first))), Code::NotFound);
    assert_eq!(code(desk.ask(&kim, "3", history(&second, None, None))), Code::NotAllowed);
    assert_eq!(code(desk.ask(&kim, "4", past_messages(&second, &first))), Code::NotAllowed);
    assert_eq!(code(desk.ask(&mina, "5", history(&first, None, None))), Code::NotFound, "it is over");
    assert_eq!(code(desk.ask(&mina, "6", past_messages(&second, &second))), Code::NotFound, "it goes on");
    for limit in [0, 51] {
        let answer = desk.ask(&mina, &format!("l{limit}"), history(&second, None, Some(limit)));
        assert_eq!(code(answer), Code::InvalidField);
    }
    assert_eq!(entries(desk.done(&sam, "7", history(&second, None, None))).0.len(), 1);
    // Of another customer there is nothing, in the same words as of one that never was.
    let eve = desk.enter("eve", Role::Customer);
    let third = again(&mut desk, &mina, &eve, 9);
    for (n, past) in [&first, &ConversationId::numbered('c', 99)].into_iter().enumerate() {
        let none = desk.done(&mina, &format!("none{n}"), past_messages(&third, past));
        assert_eq!(none, Outcome::History { messages: Vec::new(), more: false });
    }
    assert_eq!(entries(desk.done(&mina, "8", history(&third, None, None))).0, []);
}

#[test]
fn who_waits_for_the_store_is_answered_when_the_journal_fails() {
    let mut desk = Desk::new();
    let (mina, _, first, second) = twice(&mut desk);
    desk.slow_reads = true;
    desk.send(&mina, "h", history(&second, None, None));
    desk.send(&mina, "p", past_messages(&second, &first));
    assert_eq!((desk.reads.len(), desk.board.gauges().requests), (2, 2));
    desk.give(crate::switchboard::Input::CommitFailed { batch: u64::MAX });
    let stored = desk.stored();
    desk.board.recover(desk.now, stored);
    desk.give(crate::switchboard::Input::Time);
    for id in ["h", "p"] {
        assert_eq!(code(desk.answers(mina.connection, id).pop().unwrap()), Code::StorageUnavailable);
    }
    assert_eq!(desk.board.gauges().requests, 0);
}
