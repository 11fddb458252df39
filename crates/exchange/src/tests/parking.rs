//! Setting a conversation aside, and coming back to it.

use super::{Centre, conversation};
use jackfield_wire::{Channel, Code, Command, ConversationState, Side, Visibility};

fn park() -> Command {
    Command::Park { conversation_id: conversation(1) }
}

fn pick_up() -> Command {
    Command::PickUp { conversation_id: conversation(1) }
}

fn talking(channel: Channel) -> Centre {
    let mut centre = Centre::new();
    centre.agent("mina1");
    centre.caller("carla1", "help", channel);
    centre.accept("mina1");
    centre
}

fn talkers(centre: &Centre) -> Vec<(String, bool)> {
    let legs = centre.exchange.legs(&conversation(1), Side::Main);
    legs.into_iter().map(|leg| (leg.session.to_string(), leg.held)).collect()
}

#[test]
fn what_is_parked_waits_held_and_leaves_its_agent_free() {
    let mut centre = talking(Channel::Voice);
    centre.done("mina1", park());
    assert_eq!(talkers(&centre), [("carla1".into(), true)]);
    for id in ["carla1", "mina1"] {
        assert_eq!(centre.seen(id, 1).unwrap().state, ConversationState::Parked);
    }
    centre.caller("dora1", "help", Channel::Voice);
    centre.accept("mina1");
    centre.refused("mina1", pick_up(), Code::NoCapacity);
    centre.done("dora1", Command::HangUp { conversation_id: conversation(2) });
    centre.pass(30_000);
    centre.done("mina1", pick_up());
    assert_eq!(talkers(&centre), [("carla1".into(), false), ("mina1".into(), false)]);
    assert_eq!(centre.seen("carla1", 1).unwrap().state, ConversationState::Active);
    centre.refused("mina1", pick_up(), Code::WrongState);
}

#[test]
fn a_colleague_of_the_queue_may_pick_it_up() {
    let mut centre = talking(Channel::Voice);
    centre.agent("otto1");
    centre.refused("otto1", pick_up(), Code::NotFound);
    centre.done("mina1", park());
    centre.agent("zoe1");
    centre.refused("zoe1", pick_up(), Code::NotFound);
    centre.refused("carla1", pick_up(), Code::NotFound);
    centre.done("otto1", pick_up());
    assert_eq!(talkers(&centre), [("carla1".into(), false), ("otto1".into(), false)]);
    assert_eq!(centre.seen("mina1", 1), None);
}

#[test]
fn a_parked_chat_comes_back_when_its_customer_writes() {
    let mut centre = talking(Channel::Chat);
    centre.done("mina1", park());
    let say = Command::SendMessage {
        conversation_id: conversation(1),
        text: "are you there?".into(),
        visibility: Visibility::Everyone,
    };
    assert!(centre.ask("carla1", say).is_ok());
    assert_eq!(centre.seen("carla1", 1).unwrap().state, ConversationState::Offered);
    centre.accept("mina1");
    assert_eq!(centre.seen("mina1", 1).unwrap().last_message, 1);
}

#[test]
fn nothing_is_parked_for_ever() {
    let mut config = super::centre::config();
    config["queues"][0]["park_ms"] = 60_000.into();
    let mut centre = Centre::with(config);
    centre.agent("mina1");
    centre.caller("carla1", "help", Channel::Voice);
    centre.accept("mina1");
    centre.done("mina1", park());
    centre.pass(59_999);
    assert_eq!(centre.seen("carla1", 1).unwrap().state, ConversationState::Parked);
    centre.pass(1);
    assert_eq!(centre.seen("carla1", 1).unwrap().state, ConversationState::Offered);
    assert!(centre.offer_to("mina1").is_some(), "it comes back to who parked it");
    assert_eq!(talkers(&centre), [("carla1".into(), false)]);
}

#[test]
fn a_customer_who_gives_up_while_parked_ends_it() {
    let mut centre = talking(Channel::Voice);
    centre.done("mina1", park());
    centre.done("carla1", Command::HangUp { conversation_id: conversation(1) });
    assert!(centre.exchange.state.conversations.is_empty());
}
