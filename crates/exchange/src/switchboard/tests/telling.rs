//! Who is told what, and how often it is written.

use super::desk::{Desk, id, report, say};
use crate::switchboard::{Input, Output};
use jackfield_wire::{
    Answer, Availability, ClientFrame, Code, Command, Outcome, Role, ServerEvent, ServerFrame, Signal,
    UserId, Visibility,
};

#[test]
fn those_who_watch_are_told_and_share_one_text() {
    let mut desk = Desk::new();
    let mina = desk.enter("mina", Role::Agent);
    let watchers: Vec<_> = (0..4).map(|_| desk.enter("joon", Role::Agent)).collect();
    let user_ids = vec![UserId::parse("mina").unwrap()];
    for (n, watcher) in watchers.iter().enumerate() {
        let watch = Command::WatchPresence { user_ids: user_ids.clone() };
        let outcome = desk.done(watcher, &format!("w{n}"), watch);
        assert!(matches!(outcome, Outcome::Presence { presence } if presence.len() == 1));
    }
    desk.done(&mina, "busy", Command::presence(Availability::Busy));
    let slots: Vec<_> = watchers.iter().map(|w| desk.board.sessions.slot(&w.session).unwrap()).collect();
    let bodies: Vec<_> = slots
        .iter()
        .map(|slot| {
            let ring = &desk.board.sessions.get(*slot).unwrap().ring;
            ring.after(ring.last() - 1).unwrap().next().unwrap().1.body.clone()
        })
        .collect();
    assert!(bodies.windows(2).all(|pair| std::sync::Arc::ptr_eq(&pair[0], &pair[1])));
    let event = desk.events(watchers[0].connection).pop().unwrap().1;
    assert!(
        matches!(event, ServerEvent::PresenceChanged { presence } if presence.availability == Availability::Busy)
    );
}

#[test]
fn nobody_watches_whom_it_may_not() {
    let mut desk = Desk::new();
    let kim = desk.enter("kim", Role::Customer);
    let mina = desk.enter("mina", Role::Agent);
    let code = |answer: Answer| match answer {
        Answer::Error(error) => error.code,
        Answer::Ok(outcome) => panic!("{outcome:?}"),
    };
    let watch = |who: &str| Command::WatchPresence { user_ids: vec![UserId::parse(who).unwrap()] };
    assert_eq!(code(desk.ask(&kim, "1", watch("mina"))), Code::NotAllowed);
    assert_eq!(
        code(desk.ask(&kim, "2", Command::WatchFloor { on: true, queue_ids: None, agent_ids: None })),
        Code::NotAllowed
    );
    let joon = Some(vec![UserId::parse("joon").unwrap()]);
    let others = Command::WatchFloor { on: true, queue_ids: None, agent_ids: joon };
    assert_eq!(code(desk.ask(&mina, "3", others)), Code::NotFound, "agents watch themselves");
    assert_eq!(code(desk.ask(&mina, "4", watch("nobody"))), Code::NotFound);
}

#[test]
fn typing_is_told_to_the_others_and_taken_back() {
    let mut desk = Desk::new();
    let (mina, kim, chat) = desk.chat();
    let bystander = desk.enter("joon", Role::Agent);
    let signals = |desk: &Desk, on: &super::desk::Welcomed| -> Vec<bool> {
        let typing = |frame: &ServerFrame| match frame {
            ServerFrame::Signal { signal: Signal::Typing { typing, .. } } => Some(*typing),
            _ => None,
        };
        desk.frames_of(on.connection).iter().filter_map(typing).collect()
    };
    desk.done(&kim, "t1", Command::SetTyping { conversation_id: chat.clone(), typing: true });
    assert_eq!(signals(&desk, &mina), [true]);
    desk.pass_alive(5_000, &[mina.connection, kim.connection]);
    desk.done(&kim, "t2", Command::SetTyping { conversation_id: chat, typing: true });
    desk.pass_alive(5_000, &[mina.connection, kim.connection]);
    assert_eq!(signals(&desk, &mina), [true, true], "repeated in time");
    desk.pass_alive(2_000, &[mina.connection, kim.connection]);
    assert_eq!(signals(&desk, &mina), [true, true, false]);
    assert!(signals(&desk, &kim).is_empty() && signals(&desk, &bystander).is_empty());
}

#[test]
fn history_comes_from_memory_or_the_store_and_never_shows_a_note_to_a_customer() {
    let mut desk = Desk::new();
    let (mina, kim, chat) = desk.chat();
    for n in 1..=6 {
        let mut command = say(&chat, &n.to_string());
        if let Command::SendMessage { visibility, .. } = &mut command
            && n % 3 == 0
        {
            *visibility = Visibility::Internal;
        }
        desk.done(&mina, &format!("m{n}"), command);
    }
    desk.slow_reads = true;
    for restarted in [false, true] {
        let (mina, kim) = match restarted {
            false => (mina.clone(), kim.clone()),
            true => {
                desk.slow_reads = false;
                desk.restart();
                (desk.back("mina", Role::Agent, &mina, None), desk.back("kim", Role::Customer, &kim, None))
            }
        };
        let mut page = |on: &super::desk::Welcomed, id: &str, before, limit| {
            let fetch = Command::FetchHistory { conversation_id: chat.clone(), before, limit: Some(limit) };
            let Outcome::History { messages, more } = desk.done(on, id, fetch) else { panic!() };
            (messages.iter().map(|m| m.number).collect::<Vec<_>>(), more)
        };
        assert_eq!(page(&mina, "h1", None, 4), (vec![3, 4, 5, 6], true));
        assert_eq!(page(&mina, "h2", Some(3), 4), (vec![1, 2], false));
        assert_eq!(page(&kim, "h3", None, 3), (vec![2, 4, 5], true));
        assert_eq!(page(&kim, "h4", Some(4), 3), (vec![1, 2], false));
    }
}

#[test]
fn who_joins_a_chat_is_shown_what_was_written() {
    let mut desk = Desk::new();
    let kim = desk.enter("kim", Role::Customer);
    let outcome = desk.done(&kim, "start", super::desk::start(jackfield_wire::Channel::Chat));
    let Outcome::ConversationStarted { conversation_id } = outcome else { panic!() };
    desk.done(&kim, "m1", say(&conversation_id, "is anybody there?"));
    let mina = desk.enter("mina", Role::Agent);
    desk.done(&mina, "ready", Command::presence(Availability::Available));
    let offer_id = desk
        .events(mina.connection)
        .into_iter()
        .find_map(|(_, event)| match event {
            ServerEvent::OfferMade { offer } => Some(offer.offer_id),
            _ => None,
        })
        .unwrap();
    desk.done(&mina, "accept", Command::AcceptOffer { offer_id });
    let added = desk.events(mina.connection).into_iter().find_map(|(_, event)| match event {
        ServerEvent::ConversationAdded { conversation } => Some(conversation),
        _ => None,
    });
    assert_eq!(added.unwrap().messages[0].text, "is anybody there?");
}

#[test]
fn pages_put_out_of_memory_are_read_again() {
    let settings = crate::switchboard::Settings { cached_conversations: 2, ..Default::default() };
    let mut desk = Desk::with(settings);
    let chats: Vec<_> = ["kim", "lee", "park", "choi"]
        .into_iter()
        .map(|who| {
            let customer = desk.enter(who, Role::Customer);
            let outcome = desk.done(&customer, "start", super::desk::start(jackfield_wire::Channel::Chat));
            let Outcome::ConversationStarted { conversation_id } = outcome else { panic!() };
            desk.done(&customer, "m1", say(&conversation_id, who));
            (who, customer)
        })
        .collect();
    assert!(desk.board.gauges().cached_conversations <= 2);
    for (who, customer) in &chats {
        let again = desk.back(who, Role::Customer, customer, None);
        assert_eq!(again.snapshot.unwrap().conversations[0].messages[0].text, *who);
    }
}

#[test]
fn slots_are_told_in_terms_of_the_call() {
    let mut desk = Desk::new();
    let (mina, kim, call) = desk.call();
    let slots = vec![Some(kim.session.clone()), None, Some(mina.session.clone())];
    desk.give(Input::MediaSlots { session: mina.session.clone(), slots });
    let last = desk.frames_of(mina.connection).last().cloned();
    let Some(ServerFrame::Signal { signal: Signal::Slots { slots } }) = last else { panic!("{last:?}") };
    let heard = slots[0].as_ref().unwrap();
    assert_eq!(heard.conversation_id, call);
    assert!(slots[1].is_none());
    let again = desk.back("mina", Role::Agent, &mina, None);
    let again = desk.frames_of(again.connection).iter().any(|frame| {
        matches!(frame, ServerFrame::Signal { signal: Signal::Slots { slots } } if slots[0].as_ref() == Some(heard))
    });
    assert!(again, "told again after a reload");
}

#[test]
fn a_quality_report_goes_to_the_host() {
    let mut desk = Desk::new();
    let (mina, _, call) = desk.call();
    let (report, sample) = report(&call);
    assert_eq!(desk.done(&mina, "q", report), Outcome::Done);
    assert!(matches!(desk.asked.last(), Some(Output::Quality { sample: told, .. }) if *told == sample));
}

#[test]
fn frames_out_of_place_are_refused_and_the_session_goes_on() {
    let mut desk = Desk::new();
    let mina = desk.enter("mina", Role::Agent);
    let token = jackfield_wire::Secret::new("t");
    let hello = ClientFrame::Hello { token, resume: None, client: None };
    desk.frames(mina.connection, vec![hello, ClientFrame::Ack { seq: 99 }]);
    assert_eq!(desk.errors(mina.connection), [Code::HelloRepeated, Code::OutOfOrder]);
    let busy = Command::presence(Availability::Busy);
    desk.frames(mina.connection, vec![ClientFrame::Command { id: id("b"), command: busy }]);
    assert_eq!(desk.answers(mina.connection, "b"), [Answer::Ok(Outcome::Done)]);
}
