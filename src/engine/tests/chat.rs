//! Messages: echo, answer, event, marks, typing, the outbox.

use super::*;
use crate::engine::MessageState;

fn states(desk: &Desk) -> Vec<(u64, MessageState)> {
    let conversation = desk.engine.view().unwrap().conversation(&c1()).unwrap();
    conversation.thread.messages().iter().map(|m| (m.number, m.state)).collect()
}

fn own(number: u64, id: &CommandId) -> MessageView {
    MessageView {
        command_id: id.clone(),
        participant_id: p("p1"),
        name: "Mina".into(),
        role: Role::Agent,
        text: "hi".into(),
        ..message(number)
    }
}

#[test]
fn a_message_goes_from_echo_to_read_whichever_comes_first() {
    for event_first in [true, false] {
        let mut desk = Desk::open(snapshot(vec![conversation(vec![message(1)])]));
        let request = desk.request(hello("hi"));
        assert_eq!(states(&desk), [(1, MessageState::Received), (0, MessageState::Pending)]);
        let (id, _) = desk.commands().pop().unwrap();
        let added = ServerEvent::MessageAdded { conversation_id: c1(), message: own(2, &id) };
        if event_first {
            desk.event(added.clone());
        }
        desk.answer(&id, sent(2));
        if !event_first {
            desk.event(added);
        }
        assert_eq!(states(&desk)[1], (2, MessageState::Sent));
        for (delivered, read, state) in [(2, 0, MessageState::Delivered), (2, 2, MessageState::Read)] {
            desk.event(ServerEvent::MessagesMarked {
                conversation_id: c1(),
                participant_id: p("p2"),
                delivered,
                read,
            });
            assert_eq!(states(&desk)[1], (2, state));
        }
        assert!(matches!(&desk.answers[..], [(r, Ok(Reply::Message(m)))] if *r == request && m.number == 2));
        let seen: Vec<_> = desk
            .take_events()
            .into_iter()
            .filter_map(|e| match e {
                Event::MessageAdded { message, .. } | Event::MessageChanged { message, .. } => {
                    Some(message.state)
                }
                _ => None,
            })
            .collect();
        use MessageState::{Delivered, Pending, Read, Sent};
        assert_eq!(seen, [Pending, Sent, Delivered, Read], "event first: {event_first}");
    }
}

#[test]
fn a_colleagues_reading_says_nothing_about_the_customer() {
    let mut desk = Desk::open(snapshot(vec![conversation(vec![])]));
    desk.event(ServerEvent::ParticipantJoined {
        conversation_id: c1(),
        participant: participant("p3", "olga", Role::Agent),
    });
    desk.request(hello("hi"));
    let (id, _) = desk.commands().pop().unwrap();
    desk.answer(&id, sent(1));
    desk.event(ServerEvent::MessagesMarked {
        conversation_id: c1(),
        participant_id: p("p3"),
        delivered: 1,
        read: 1,
    });
    assert_eq!(states(&desk), [(1, MessageState::Sent)]);
}

#[test]
fn who_is_made_known_late_stands_where_it_joined() {
    let mut desk = Desk::open(snapshot(vec![conversation(vec![])]));
    for id in ["p10", "p9"] {
        let participant = participant(id, "olga", Role::Agent);
        desk.event(ServerEvent::ParticipantJoined { conversation_id: c1(), participant });
    }
    let shown = &desk.engine.view().unwrap().conversation(&c1()).unwrap().participants;
    let ids: Vec<_> = shown.iter().map(|p| p.participant_id.as_str()).collect();
    assert_eq!(ids, ["p1", "p2", "p9", "p10"]);
}

#[test]
fn a_refused_message_stays_as_failed() {
    let mut desk = Desk::open(snapshot(vec![conversation(vec![])]));
    let request = desk.request(hello("hi"));
    let (id, _) = desk.commands().pop().unwrap();
    desk.answer(&id, refusal(Code::WrongState));
    assert_eq!(states(&desk), [(0, MessageState::Failed)]);
    assert_eq!(desk.answers, [(request, Err(Code::WrongState.into()))]);
}

#[test]
fn a_message_written_offline_is_sent_once_the_connection_is_back() {
    let mut desk = Desk::open(snapshot(vec![conversation(vec![])]));
    desk.input(Input::SocketClosed { link: 1, code: 1006 });
    desk.frames.clear();
    desk.request(hello("one"));
    desk.request(hello("two"));
    assert_eq!(desk.frames, []);
    desk.pass(1_000);
    desk.greet();
    desk.welcome(Resumed::Replay, None);
    let first = desk.commands();
    assert_eq!(first.iter().map(|(_, c)| c.clone()).collect::<Vec<_>>(), [hello("one")]);
    desk.cut();
    desk.welcome(Resumed::Replay, None);
    assert_eq!(desk.commands(), first, "under the same id");
    desk.answer(&first[0].0, sent(1));
    assert_eq!(desk.commands().pop().map(|(_, c)| c), Some(hello("two")), "after the one before it");
}

#[test]
fn the_outbox_has_an_end() {
    let mut desk = Desk::open(snapshot(vec![conversation(vec![])]));
    desk.input(Input::SocketClosed { link: 1, code: 1006 });
    for _ in 0..256 {
        desk.request(hello("x"));
    }
    assert_eq!(desk.answers, []);
    let request = desk.request(hello("x"));
    assert_eq!(desk.answers, [(request, Err(Code::OutboxFull.into()))]);
    assert_eq!(states(&desk).len(), 256);
    desk.pass(1_000);
    desk.greet();
    desk.frames.clear();
    desk.welcome(Resumed::Replay, None);
    for n in 1..=256 {
        let sent_now = desk.commands();
        assert_eq!(sent_now.len(), 1);
        desk.answer(&sent_now[0].0, sent(n));
    }
    assert_eq!((desk.commands(), desk.answers.len()), (vec![], 257));
}

#[test]
fn many_commands_go_in_batches_that_the_gateway_takes() {
    let mut desk = Desk::open(snapshot(vec![conversation(vec![])]));
    desk.input(Input::SocketClosed { link: 1, code: 1006 });
    let hold = Command::Hold { conversation_id: c1(), participant_id: None };
    for _ in 0..200 {
        desk.request(hold.clone());
    }
    desk.pass(1_000);
    desk.greet();
    desk.frames.clear();
    desk.welcome(Resumed::Replay, None);
    assert_eq!(desk.commands().len(), 200);
}

#[test]
fn text_that_no_gateway_takes_is_refused_here() {
    let mut desk = Desk::open(snapshot(vec![conversation(vec![])]));
    for (text, word) in [(String::new(), "empty"), ("x".repeat(16 * 1024 + 1), "16385 bytes")] {
        desk.request(hello(&text));
        let (_, answer) = desk.answers.pop().unwrap();
        let error = answer.unwrap_err();
        assert_eq!(error.code, Code::InvalidField);
        assert!(error.message.contains(word), "{error}");
    }
    assert_eq!(states(&desk), []);
}

#[test]
fn a_request_that_nobody_waits_for_is_not_sent_later() {
    let mut desk = Desk::open(snapshot(vec![conversation(vec![])]));
    desk.input(Input::SocketClosed { link: 1, code: 1006 });
    let request = desk.request(hello("x"));
    desk.input(Input::Cancel { request });
    desk.input(Input::Cancel { request });
    assert_eq!(desk.answers, [(request, Err(Code::Aborted.into()))]);
    assert_eq!(states(&desk), [(0, MessageState::Failed)]);
    desk.pass(1_000);
    desk.greet();
    desk.frames.clear();
    desk.welcome(Resumed::Replay, None);
    assert_eq!(desk.commands(), []);
}

#[test]
fn arrived_messages_are_confirmed_together() {
    let mut desk = Desk::open(snapshot(vec![conversation(vec![message(1)])]));
    desk.frames.clear();
    for n in 2..10 {
        desk.event(ServerEvent::MessageAdded { conversation_id: c1(), message: message(n) });
    }
    desk.pass(200);
    let marks: Vec<_> = desk.commands().into_iter().map(|(_, c)| c).collect();
    assert_eq!(marks, [Command::MarkMessages { conversation_id: c1(), delivered: Some(9), read: None }]);
    let conversation = desk.engine.view().unwrap().conversation(&c1()).unwrap();
    assert_eq!(conversation.thread.unread(), 9);
    desk.request(Command::MarkMessages { conversation_id: c1(), delivered: None, read: Some(7) });
    let conversation = desk.engine.view().unwrap().conversation(&c1()).unwrap();
    assert_eq!(conversation.thread.unread(), 2, "shown before the gateway answers");
}

#[test]
fn typing_is_said_sparingly_and_forgotten() {
    let mut desk = Desk::open(snapshot(vec![conversation(vec![])]));
    desk.frames.clear();
    for _ in 0..50 {
        desk.input(Input::Typing { conversation_id: c1(), typing: true });
        desk.pass(100);
    }
    desk.input(Input::Typing { conversation_id: c1(), typing: false });
    desk.input(Input::Typing { conversation_id: c1(), typing: false });
    let said: Vec<bool> = desk
        .commands()
        .into_iter()
        .map(|(_, c)| matches!(c, Command::SetTyping { typing: true, .. }))
        .collect();
    assert_eq!(said, [true, true, false]);

    let signal = |typing| ServerFrame::Signal {
        signal: jackfield_wire::Signal::Typing { conversation_id: c1(), participant_id: p("p2"), typing },
    };
    desk.say(&signal(true));
    desk.pass(3_000);
    desk.say(&signal(true));
    desk.pass(5_900);
    assert_eq!(desk.events.len(), 1);
    desk.pass(200);
    let nobody = Event::TypingChanged { conversation_id: c1(), participant_ids: vec![] };
    assert_eq!(desk.events.last(), Some(&nobody));
}

#[test]
fn older_messages_come_without_being_news() {
    let mut desk = Desk::open(snapshot(vec![conversation(vec![message(51), message(52)])]));
    let fetch = Command::FetchHistory { conversation_id: c1(), before: Some(51), limit: Some(2) };
    desk.request(fetch);
    let (id, _) = desk.commands().pop().unwrap();
    desk.take_events();
    let messages = vec![message(49), message(50)];
    desk.answer(&id, Answer::Ok(Outcome::History { messages, more: true }));
    assert_eq!(desk.numbers(), [49, 50, 51, 52]);
    assert_eq!(desk.take_events(), []);
}

#[test]
fn a_very_long_thread_is_held_in_part() {
    let mut desk = Desk::open(snapshot(vec![conversation(vec![])]));
    for n in 1..=5_000 {
        desk.event(ServerEvent::MessageAdded { conversation_id: c1(), message: message(n) });
    }
    let numbers = desk.numbers();
    assert!(numbers.len() <= 2_000, "{}", numbers.len());
    assert_eq!(numbers.last(), Some(&5_000));
}

#[test]
fn a_page_that_does_not_join_what_is_at_hand_is_given_but_not_shown() {
    let mut desk = Desk::open(snapshot(vec![conversation(vec![message(51), message(52)])]));
    let fetch = |desk: &mut Desk, before, page: std::ops::RangeInclusive<u64>| {
        let request = desk.request(Command::FetchHistory { conversation_id: c1(), before, limit: None });
        let (id, _) = desk.commands().pop().unwrap();
        let messages: Vec<_> = page.map(message).collect();
        let outcome = Outcome::History { messages, more: true };
        desk.answer(&id, Answer::Ok(outcome.clone()));
        assert_eq!(desk.answers.pop(), Some((request, Ok(Reply::Outcome((&outcome).into())))));
        desk.numbers()
    };
    assert_eq!(fetch(&mut desk, Some(20), 18..=19), [51, 52], "20 to 50 would be missing");
    assert_eq!(fetch(&mut desk, None, 50..=52), [50, 51, 52]);
    assert_eq!(fetch(&mut desk, Some(50), 48..=49), [48, 49, 50, 51, 52]);
}

#[test]
fn a_page_asked_for_below_what_was_let_go_meanwhile_leaves_no_hole() {
    let mut desk = Desk::open(snapshot(vec![conversation(vec![message(10)])]));
    desk.request(Command::FetchHistory { conversation_id: c1(), before: Some(10), limit: None });
    let (id, _) = desk.commands().pop().unwrap();
    for n in 11..=3_000 {
        desk.event(ServerEvent::MessageAdded { conversation_id: c1(), message: message(n) });
    }
    let messages = (1..10).map(message).collect();
    desk.answer(&id, Answer::Ok(Outcome::History { messages, more: false }));
    let numbers = desk.numbers();
    assert!(numbers.windows(2).all(|pair| pair[0] + 1 == pair[1]), "{:?} …", &numbers[..12]);
}

#[test]
fn a_message_turned_away_for_a_moment_is_sent_again_in_its_place_and_once() {
    for code in [Code::RateLimited, Code::Overloaded] {
        let mut desk = Desk::open(snapshot(vec![conversation(vec![])]));
        desk.frames.clear();
        let requests: Vec<_> = ["one", "two", "three"].map(|text| desk.request(hello(text))).into();
        let first = desk.commands();
        assert_eq!(first.len(), 1, "the others wait for it, or they could overtake it");
        let turned_away = Answer::Error(WireError::from(code).retry_after(700));
        desk.answer(&first[0].0, turned_away.clone());
        desk.pass(600);
        assert_eq!((desk.commands(), desk.answers.len()), (vec![], 0));
        desk.pass(200);
        assert_eq!(desk.commands(), first, "under the same id");
        desk.answer(&first[0].0, turned_away);
        desk.pass(800);
        assert_eq!(desk.commands(), first, "as often as it takes");
        for (n, text) in (1..).zip(["one", "two", "three"]) {
            let (id, command) = if n == 1 { first[0].clone() } else { desk.commands().pop().unwrap() };
            assert_eq!(command, hello(text));
            desk.answer(&id, sent(n));
        }
        desk.pass(10_000);
        assert_eq!(desk.commands(), []);
        assert_eq!(desk.answers.iter().map(|(request, _)| *request).collect::<Vec<_>>(), requests);
        assert!(desk.answers.iter().all(|(_, answer)| answer.is_ok()));
    }
}

#[test]
fn what_ends_a_conversation_waits_for_its_messages_and_nothing_else_does() {
    let mut desk = Desk::open(snapshot(vec![conversation(vec![])]));
    desk.frames.clear();
    let end = Command::EndConversation { conversation_id: c1() };
    let mute = Command::SetMuted { conversation_id: c1(), participant_id: None, muted: true };
    let other = ConversationId::parse("c2").unwrap();
    let elsewhere =
        Command::SendMessage { conversation_id: other, text: "x".into(), visibility: Visibility::Everyone };
    for command in [hello("one"), hello("two"), end.clone(), mute.clone(), elsewhere.clone()] {
        desk.request(command);
    }
    let sent_now = desk.commands();
    let commands: Vec<_> = sent_now.iter().map(|(_, command)| command.clone()).collect();
    assert_eq!(commands, [hello("one"), mute, elsewhere]);
    desk.answer(&sent_now[0].0, sent(1));
    let (two, command) = desk.commands().pop().unwrap();
    assert_eq!(command, hello("two"));
    desk.answer(&two, refusal(Code::WrongState));
    assert_eq!(desk.commands().pop().map(|(_, command)| command), Some(end), "a refusal is an answer");
}

#[test]
fn a_page_that_goes_leaves_no_message_behind() {
    let mut desk = Desk::open(snapshot(vec![conversation(vec![])]));
    desk.frames.clear();
    desk.request(hello("one"));
    desk.request(hello("two"));
    desk.input(Input::Suspend);
    let texts = desk.commands().into_iter().map(|(_, command)| command).collect::<Vec<_>>();
    assert_eq!(texts, [hello("one"), hello("two")]);
}
