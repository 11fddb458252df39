//! Each command is done once and answered, whatever comes between (I1, I8).

use super::desk::{Desk, id, say, start};
use crate::switchboard::{Input, Output, Settings};
use jackfield_wire::{
    Answer, Availability, Channel, ClientFrame, Code, Command, ConversationId, Outcome, Role, WireError,
};

#[test]
fn a_command_sent_again_is_answered_and_not_done_again() {
    let mut desk = Desk::new();
    let (_, kim, chat) = desk.chat();
    let first = desk.done(&kim, "m1", say(&chat, "one"));
    assert_eq!(desk.done(&kim, "m1", say(&chat, "one")), first);
    assert_eq!(desk.messages.len(), 1);
    let Answer::Error(error) = desk.ask(&kim, "m1", say(&chat, "another")) else { panic!() };
    assert_eq!(error.code, Code::CommandIdReused);
    assert_eq!(desk.messages.len(), 1);
}

#[test]
fn a_refusal_is_remembered_too() {
    let mut desk = Desk::new();
    let kim = desk.enter("kim", Role::Customer);
    let nowhere = ConversationId::parse("c99").unwrap();
    let first = desk.ask(&kim, "x", Command::HangUp { conversation_id: nowhere.clone() });
    assert!(matches!(&first, Answer::Error(error) if error.code == Code::NotFound));
    assert_eq!(desk.ask(&kim, "x", Command::HangUp { conversation_id: nowhere }), first);
}

#[test]
fn sent_again_while_the_first_is_on_its_way_to_the_disk_it_is_answered_by_both_and_done_once() {
    let mut desk = Desk::new();
    let (_, kim, chat) = desk.chat();
    desk.slow_disk = true;
    desk.send(&kim, "m1", say(&chat, "one"));
    desk.send(&kim, "m1", say(&chat, "one"));
    assert!(desk.answers(kim.connection, "m1").is_empty(), "nobody is told before it is on disk");
    desk.write_waiting();
    assert_eq!(desk.answers(kim.connection, "m1").len(), 2);
    assert_eq!(desk.messages.len(), 1);
}

#[test]
fn the_answer_comes_on_the_connection_that_is_there_then() {
    let mut desk = Desk::new();
    let (mina, _, _) = desk.call();
    desk.asked.clear();
    desk.send(&mina, "media", Command::NegotiateMedia { sdp: "v=0".into() });
    let [Output::NegotiateMedia { request, session, .. }] = &desk.asked[..] else {
        panic!("{:?}", desk.asked)
    };
    assert_eq!(session, &mina.session);
    let request = *request;
    let again = desk.back("mina", Role::Agent, &mina, Some(desk.last_seq(&mina)));
    desk.send(&again, "media", Command::NegotiateMedia { sdp: "v=0".into() });
    assert_eq!(desk.asked.len(), 1, "it is asked once");
    desk.give(Input::MediaAnswer { request, result: Ok("answer".into()) });
    let answer = Answer::Ok(Outcome::MediaAnswer { sdp: "answer".into() });
    assert_eq!(desk.answers(again.connection, "media"), [answer]);
    desk.give(Input::MediaAnswer { request, result: Ok("twice".into()) });
    assert_eq!(desk.answers(again.connection, "media").len(), 1);
}

#[test]
fn what_passes_may_be_tried_again_under_the_same_id() {
    let mut desk = Desk::new();
    let mina = desk.enter("mina", Role::Agent);
    desk.send(&mina, "media", Command::NegotiateMedia { sdp: "v=0".into() });
    let Some(Output::NegotiateMedia { request, .. }) = desk.asked.pop() else { panic!() };
    desk.give(Input::MediaAnswer { request, result: Err(WireError::from(Code::MediaUnavailable)) });
    desk.send(&mina, "media", Command::NegotiateMedia { sdp: "v=0".into() });
    assert!(matches!(desk.asked.pop(), Some(Output::NegotiateMedia { .. })));
}

#[test]
fn too_many_commands_are_turned_away_with_the_time_to_wait() {
    let settings = Settings { commands_per_second: 2, command_burst: 3, ..Settings::default() };
    let mut desk = Desk::with(settings);
    let mina = desk.enter("mina", Role::Agent);
    let busy = |n: u32| ClientFrame::Command {
        id: id(&format!("p{n}")),
        command: Command::presence(if n.is_multiple_of(2) {
            Availability::Busy
        } else {
            Availability::Available
        }),
    };
    desk.frames(mina.connection, (0..5).map(busy).collect());
    let codes: Vec<_> = (0..5)
        .map(|n| match &desk.answers(mina.connection, &format!("p{n}"))[..] {
            [Answer::Ok(_)] => None,
            [Answer::Error(error)] => Some((error.code, error.retry_after_ms)),
            other => panic!("{other:?}"),
        })
        .collect();
    let limited = Some((Code::RateLimited, Some(500)));
    assert_eq!(codes, [None, None, None, limited, limited]);
    desk.pass(500);
    desk.frames(mina.connection, vec![busy(3)]);
    assert_eq!(desk.answers(mina.connection, "p3").last(), Some(&Answer::Ok(Outcome::Done)));
}

#[test]
fn what_waited_for_a_connection_is_taken_at_once() {
    let mut desk = Desk::new();
    let (_, kim, chat) = desk.chat();
    let waited =
        (0..256).map(|n| ClientFrame::Command { id: id(&format!("w{n}")), command: say(&chat, "x") });
    let frames: Vec<_> = waited.collect();
    for message in frames.chunks(64) {
        desk.frames(kim.connection, message.to_vec());
    }
    assert_eq!(desk.messages.len(), 256);
}

#[test]
fn absent_and_foreign_ids_are_refused_alike() {
    let mut desk = Desk::new();
    let (_, _, chat) = desk.chat();
    let lee = desk.enter("lee", Role::Customer);
    let absent = ConversationId::parse("c999").unwrap();
    let commands = |conversation: &ConversationId| {
        let conversation_id = conversation.clone();
        vec![
            say(conversation, "hello"),
            Command::FetchHistory { conversation_id: conversation_id.clone(), before: None, limit: None },
            Command::SetTyping { conversation_id: conversation_id.clone(), typing: true },
            Command::HangUp { conversation_id: conversation_id.clone() },
            Command::EndConversation { conversation_id: conversation_id.clone() },
            Command::MarkMessages { conversation_id, delivered: Some(1), read: None },
        ]
    };
    for (n, (foreign, missing)) in commands(&chat).into_iter().zip(commands(&absent)).enumerate() {
        let foreign = desk.ask(&lee, &format!("f{n}"), foreign);
        let missing = desk.ask(&lee, &format!("a{n}"), missing);
        let Answer::Error(error) = &foreign else { panic!("{foreign:?}") };
        assert_eq!(error.code, Code::NotFound);
        let plain =
            |answer: &Answer| format!("{answer:?}").replace(chat.as_str(), "ID").replace("c999", "ID");
        assert_eq!(plain(&foreign), plain(&missing));
    }
}

#[test]
fn only_the_newest_answers_are_remembered() {
    let mut desk = Desk::with(Settings { remembered_answers: 2, command_burst: 1000, ..Settings::default() });
    let (_, kim, chat) = desk.chat();
    for n in 0..4 {
        desk.done(&kim, &format!("m{n}"), say(&chat, "x"));
    }
    assert_eq!(desk.messages.len(), 4);
    assert!(matches!(desk.ask(&kim, "s", start(Channel::Chat)), Answer::Error(_)), "one is open already");
}
