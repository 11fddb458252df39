//! The work after a conversation.

use super::{Centre, conversation};
use crate::Event;
use jackfield_wire::{Activity, Availability, Channel, Code, Command, ConversationState, Visibility};

fn after(channel: Channel) -> Centre {
    let mut centre = Centre::new();
    centre.agent("mina1");
    centre.caller("carla1", "help", channel);
    centre.accept("mina1");
    centre.done("carla1", Command::EndConversation { conversation_id: conversation(1) });
    centre
}

fn finish(disposition: Option<&str>, note: Option<&str>) -> Command {
    let (disposition, note) = (disposition.map(str::to_owned), note.map(str::to_owned));
    Command::FinishWrapUp { conversation_id: conversation(1), disposition, note }
}

fn extend() -> Command {
    Command::ExtendWrapUp { conversation_id: conversation(1) }
}

#[test]
fn it_asks_for_one_of_the_queues_dispositions() {
    let mut centre = after(Channel::Voice);
    let wrap_up = centre.seen("mina1", 1).unwrap().wrap_up.unwrap();
    assert_eq!((wrap_up.since, wrap_up.until), (centre.now, centre.now + 30_000));
    for wrong in [None, Some("won"), Some("")] {
        centre.refused("mina1", finish(wrong, None), Code::InvalidField);
    }
    centre.done("mina1", finish(Some("solved"), None));
    assert_eq!(centre.seen("mina1", 1), None);
    let last = centre.journal.iter().rev().find(|(_, e)| matches!(e, Event::ConversationClosed { .. }));
    let closed =
        Event::ConversationClosed { conversation_id: conversation(1), disposition: Some("solved".into()) };
    assert_eq!(last.map(|(_, e)| e), Some(&closed));
}

#[test]
fn a_note_becomes_an_internal_message() {
    let mut centre = after(Channel::Chat);
    centre.done("mina1", finish(Some("solved"), Some("calls back on Monday")));
    let notes: Vec<_> = centre.journal.iter().filter_map(|(_, e)| e.message()).collect();
    assert_eq!(notes.len(), 1);
    assert_eq!((notes[0].text.as_str(), notes[0].visibility), ("calls back on Monday", Visibility::Internal));
}

#[test]
fn its_time_runs_out_and_can_be_extended() {
    let mut centre = after(Channel::Voice);
    for n in 1..=3 {
        centre.done("mina1", extend());
        let until = centre.seen("mina1", 1).unwrap().wrap_up.unwrap().until;
        assert_eq!(until, centre.now + 30_000 * (n + 1));
    }
    centre.refused("mina1", extend(), Code::WrongState);
    centre.pass(119_999);
    assert_eq!(centre.seen("mina1", 1).unwrap().state, ConversationState::WrapUp);
    centre.pass(1);
    assert_eq!(centre.seen("mina1", 1), None);
    assert_eq!(centre.snapshot("mina1").presence.activity, Activity::Available);
}

#[test]
fn nothing_is_offered_after_a_call_until_it_is_finished() {
    let mut centre = after(Channel::Voice);
    let presence = centre.snapshot("mina1").presence;
    assert_eq!((presence.availability, presence.activity), (Availability::Busy, Activity::WrapUp));
    centre.caller("dora1", "help", Channel::Chat);
    assert_eq!(centre.offer_to("mina1"), None);
    centre.done("mina1", finish(Some("solved"), None));
    assert!(centre.offer_to("mina1").is_some());
}

#[test]
fn after_a_chat_only_its_own_room_is_taken() {
    let mut centre = after(Channel::Chat);
    let presence = centre.snapshot("mina1").presence;
    assert_eq!((presence.availability, presence.activity), (Availability::Available, Activity::WrapUp));
    for customer in ["b1", "c1"] {
        centre.caller(customer, "help", Channel::Chat);
        centre.accept("mina1");
    }
    centre.caller("d1", "help", Channel::Chat);
    assert_eq!(centre.offer_to("mina1"), None);
}

#[test]
fn only_notes_can_be_written_and_only_by_the_agent() {
    let mut centre = after(Channel::Chat);
    let say = |visibility| Command::SendMessage {
        conversation_id: conversation(1),
        text: "hello?".into(),
        visibility,
    };
    centre.refused("mina1", say(Visibility::Everyone), Code::WrongState);
    assert!(centre.ask("mina1", say(Visibility::Internal)).is_ok());
    centre.refused("carla1", say(Visibility::Everyone), Code::NotFound);
    centre.refused("carla1", finish(Some("solved"), None), Code::NotFound);
}

#[test]
fn a_queue_without_wrap_up_lets_go_at_once() {
    let mut config = super::centre::config();
    config["queues"][1]["wrap_up_ms"] = 0.into();
    let mut centre = Centre::with(config);
    centre.agent("mina1");
    let conversation_id = centre.caller("carla1", "vip", Channel::Voice);
    centre.accept("mina1");
    centre.done("mina1", Command::HangUp { conversation_id });
    assert!(centre.exchange.state.conversations.is_empty());
    assert_eq!(centre.snapshot("mina1").presence.activity, Activity::Available);
}
