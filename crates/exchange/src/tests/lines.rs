//! Waiting lines: places, fullness, queues that vanish.

use super::{Centre, conversation, queue};
use crate::index::PLACES_TOLD;
use jackfield_wire::{Channel, Code, Command, ServerEvent};

fn start() -> Command {
    Command::StartConversation {
        queue_id: Some(queue("help")),
        channel: Channel::Chat,
        subject: None,
        attributes: Default::default(),
    }
}

#[test]
fn all_behind_are_told_when_one_leaves() {
    let mut centre = Centre::new();
    for n in 0..PLACES_TOLD as usize + 5 {
        centre.caller(
            &format!("c{}x1", char::from(b'a' + (n % 26) as u8).to_string().repeat(n / 26 + 1)),
            "help",
            Channel::Chat,
        );
    }
    let ids: Vec<_> = centre.viewers.keys().cloned().collect();
    let place = |centre: &Centre, n: u64| centre.exchange.state.conversations[&conversation(n)].place_told;
    assert_eq!(place(&centre, 55), Some(55));
    let third = centre.exchange.state.conversations[&conversation(3)].participants[0].user_id.clone();
    let leaver = ids.iter().find(|id| id.as_str().starts_with(&format!("{third}1"))).unwrap().to_string();
    centre.told.clear();
    centre.done(&leaver, Command::EndConversation { conversation_id: conversation(3) });
    assert_eq!(place(&centre, 2), Some(2));
    assert_eq!(place(&centre, 4), Some(3));
    assert_eq!(place(&centre, 51), Some(50), "now near enough to be told");
    assert_eq!(place(&centre, 52), Some(52), "too far back to be told each step");
    let told = centre.told.values().flatten().filter(|e| matches!(e, ServerEvent::PositionChanged { .. }));
    assert_eq!(told.count(), PLACES_TOLD as usize - 2);
}

#[test]
fn who_comes_back_into_line_is_told_its_place_with_those_behind() {
    let mut centre = Centre::new();
    centre.agent("mina1");
    centre.caller("a1", "help", Channel::Chat);
    centre.accept("mina1");
    for customer in ["v1", "w1", "b1"] {
        centre.caller(customer, "help", if customer == "b1" { Channel::Chat } else { Channel::Voice });
    }
    // The call she is offered keeps b waiting in the line of chats.
    assert_eq!(centre.seen("b1", 4).unwrap().position, Some(1));
    centre.told.clear();
    centre.done("mina1", Command::SignOut);
    let told = |centre: &mut Centre, id: &str| {
        let position = |e: &ServerEvent| match e {
            ServerEvent::PositionChanged { position, .. } => Some(*position),
            _ => None,
        };
        centre.told(id).iter().filter_map(position).collect::<Vec<_>>()
    };
    assert_eq!(told(&mut centre, "a1"), [1], "it came first");
    assert_eq!(told(&mut centre, "b1"), [2]);
}

#[test]
fn each_channel_has_its_own_line() {
    let mut centre = Centre::new();
    centre.caller("a1", "help", Channel::Chat);
    centre.caller("b1", "help", Channel::Voice);
    assert_eq!(centre.seen("b1", 2).unwrap().position, Some(1));
}

#[test]
fn a_queue_may_be_full_or_not_take_the_channel() {
    let mut config = super::centre::config();
    config["queues"][0]["max_waiting"] = 2.into();
    config["queues"][0]["channels"] = serde_json::json!(["chat"]);
    let mut centre = Centre::with(config);
    centre.caller("a1", "help", Channel::Chat);
    centre.caller("b1", "help", Channel::Chat);
    centre.customer("c1");
    centre.refused("c1", start(), Code::QueueFull);
    let voice = Command::StartConversation {
        queue_id: Some(queue("help")),
        channel: Channel::Voice,
        subject: None,
        attributes: Default::default(),
    };
    centre.refused("c1", voice, Code::QueueClosed);
    centre.done("a1", Command::EndConversation { conversation_id: conversation(1) });
    assert!(centre.ask("c1", start()).is_ok());
}

#[test]
fn who_waits_in_a_queue_that_is_removed_is_let_go() {
    let mut centre = Centre::new();
    centre.agent("otto1");
    centre.caller("a1", "help", Channel::Chat);
    centre.caller("b1", "vip", Channel::Chat);
    let mut config = centre.exchange.config().clone();
    config.queues.remove(0);
    config.users.iter_mut().for_each(|u| u.queues.clear());
    centre.exchange.reconfigure(config);
    centre.settle();
    assert_eq!(centre.seen("a1", 1), None);
    assert_eq!(centre.offer_to("otto1"), None, "the offer went with it");
    assert!(centre.seen("b1", 2).is_some());
}
