//! Messages, and who may read them.

use super::{Centre, conversation, participant, session};
use jackfield_wire::{Channel, Code, Command, Outcome, ServerEvent, Visibility};

fn chat() -> Centre {
    let mut centre = Centre::new();
    centre.agent("mina1");
    centre.caller("carla1", "help", Channel::Chat);
    centre.accept("mina1");
    centre
}

fn say(text: &str, visibility: Visibility) -> Command {
    Command::SendMessage { conversation_id: conversation(1), text: text.into(), visibility }
}

fn mark(delivered: Option<u64>, read: Option<u64>) -> Command {
    Command::MarkMessages { conversation_id: conversation(1), delivered, read }
}

fn texts(told: &[ServerEvent]) -> Vec<(u64, String)> {
    let message = |e: &ServerEvent| match e {
        ServerEvent::MessageAdded { message, .. } => Some((message.number, message.text.clone())),
        _ => None,
    };
    told.iter().filter_map(message).collect()
}

#[test]
fn messages_are_numbered_and_internal_ones_stay_inside() {
    let mut centre = chat();
    assert!(matches!(
        centre.ask("carla1", say("hello", Visibility::Everyone)),
        Ok(Outcome::MessageSent { number: 1, .. })
    ));
    centre.ask("mina1", say("rude one", Visibility::Internal)).unwrap();
    centre.ask("mina1", say("hello!", Visibility::Everyone)).unwrap();
    let all = [(1, "hello".into()), (2, "rude one".into()), (3, "hello!".into())];
    assert_eq!(texts(&centre.told("mina1")), all);
    assert_eq!(texts(&centre.told("carla1")), [all[0].clone(), all[2].clone()]);
    centre.refused("carla1", say("psst", Visibility::Internal), Code::NotAllowed);
}

#[test]
fn a_customer_can_write_while_it_waits() {
    let mut centre = Centre::new();
    centre.caller("carla1", "help", Channel::Chat);
    centre.ask("carla1", say("anyone?", Visibility::Everyone)).unwrap();
    assert_eq!(centre.seen("carla1", 1).unwrap().last_message, 1);
}

#[test]
fn texts_have_bounds() {
    let mut centre = chat();
    for (text, ok) in [("", false), (" \n", false), ("x", true)] {
        assert_eq!(centre.ask("mina1", say(text, Visibility::Everyone)).is_ok(), ok, "{text:?}");
    }
    let long = "x".repeat(jackfield_wire::limits::TEXT_BYTES + 1);
    centre.refused("mina1", say(&long, Visibility::Everyone), Code::InvalidField);
}

#[test]
fn marks_only_grow_and_read_is_delivered() {
    let mut centre = chat();
    for text in ["one", "two", "three"] {
        centre.ask("carla1", say(text, Visibility::Everyone)).unwrap();
    }
    let cases = [
        (mark(Some(1), None), (1, 0)),
        (mark(None, Some(2)), (2, 2)),
        (mark(Some(1), Some(1)), (2, 2)),
        (mark(Some(3), None), (3, 2)),
        (mark(None, None), (3, 2)),
    ];
    for (command, expected) in cases {
        centre.done("mina1", command.clone());
        let seen = centre.seen("carla1", 1).unwrap();
        let agent = seen.participants.iter().find(|p| p.participant_id == participant(2)).unwrap();
        assert_eq!((agent.delivered, agent.read), expected, "{command:?}");
    }
    centre.refused("mina1", mark(Some(4), None), Code::OutOfOrder);
    centre.refused("mina1", mark(None, Some(4)), Code::OutOfOrder);
}

#[test]
fn a_customer_is_not_told_of_marks_on_internal_notes() {
    let mut centre = chat();
    centre.ask("carla1", say("hello", Visibility::Everyone)).unwrap();
    centre.ask("mina1", say("note", Visibility::Internal)).unwrap();
    centre.done("mina1", mark(None, Some(2)));
    let marked = |told: Vec<ServerEvent>| {
        told.into_iter().find_map(|e| match e {
            ServerEvent::MessagesMarked { read, .. } => Some(read),
            _ => None,
        })
    };
    assert_eq!(marked(centre.told("carla1")), Some(1));
    assert_eq!(marked(centre.told("mina1")), Some(2));
    centre.refused("carla1", mark(None, Some(2)), Code::OutOfOrder);
}

#[test]
fn only_participants_may_read() {
    let mut centre = chat();
    centre.ask("mina1", say("note", Visibility::Internal)).unwrap();
    centre.agent("otto1");
    centre.customer("dora1");
    let access = |id: &str, n| centre.exchange.may_read(&centre.viewers[&session(id)], &conversation(n));
    let own = access("mina1", 1).unwrap();
    assert!(own.see_internal && own.last_message == 1);
    let customer = access("carla1", 1).unwrap();
    assert!(!customer.see_internal && customer.last_message == 0);
    assert_eq!(access("dora1", 1), access("dora1", 99), "foreign and absent are the same");
    assert_eq!(access("otto1", 1).unwrap_err().code, Code::NotFound);
}

#[test]
fn the_text_is_not_in_the_journal() {
    let mut centre = chat();
    centre.ask("carla1", say("my card is 4111", Visibility::Everyone)).unwrap();
    let journal = serde_json::to_string(&centre.journal).unwrap();
    assert!(!journal.contains("4111"));
    assert!(!format!("{:?}", centre.journal).contains("4111"));
}
