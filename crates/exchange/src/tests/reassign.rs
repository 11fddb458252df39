//! A supervisor gives conversations to other agents and queues.

use super::{Centre, centre, conversation, queue, recount::check_statistics, user};
use crate::{Event, Order};
use jackfield_wire::{
    Availability, Channel, Code, Command, CommandId, ConversationState, OfferEndReason, OfferKind,
    OfferOutcome, PendingKind, Role, ServerEvent, Side, SupervisorOrder, Target,
};
use serde_json::json;

fn to(name: &str) -> Command {
    reassign(Target::Agent { user_id: user(name) })
}

fn to_queue(id: &str) -> Command {
    reassign(Target::Queue { queue_id: queue(id) })
}

fn reassign(target: Target) -> Command {
    Command::Reassign { conversation_id: conversation(1), target }
}

/// Mina, otto and zoe are ready, bea supervises.
fn staffed() -> Centre {
    let mut centre = Centre::new();
    centre.sign_in("bea1", Role::Supervisor);
    for id in ["mina1", "otto1", "zoe1"] {
        centre.agent(id);
    }
    centre
}

/// Mina serves anna.
fn served(channel: Channel) -> Centre {
    let mut centre = staffed();
    centre.caller("anna1", "help", channel);
    centre.accept("mina1");
    for id in ["anna1", "mina1", "otto1", "zoe1"] {
        centre.told(id);
    }
    centre
}

/// Whom it rings for.
fn rings(centre: &Centre) -> Vec<&'static str> {
    ["mina1", "otto1", "zoe1"].into_iter().filter(|id| centre.offer_to(id).is_some()).collect()
}

/// The orders that a session was told of, each with the conversation.
fn orders(centre: &mut Centre, id: &str) -> Vec<SupervisorOrder> {
    let told = centre.told(id).into_iter();
    told.filter_map(|event| match event {
        ServerEvent::Supervised { order, by, conversation_id, .. } => {
            assert_eq!((by, conversation_id), (user("bea"), Some(conversation(1))));
            Some(order)
        }
        _ => None,
    })
    .collect()
}

fn check(centre: &Centre) {
    assert_eq!(centre.exchange.index, centre.exchange.build_index());
    check_statistics(&centre.exchange, &centre.journal);
}

#[test]
fn what_is_offered_to_one_goes_to_another_and_both_are_told() {
    let mut centre = staffed();
    centre.caller("anna1", "help", Channel::Voice);
    assert_eq!(rings(&centre), ["mina1"]);
    for id in ["anna1", "mina1", "otto1"] {
        centre.told(id);
    }
    centre.done("bea1", to("otto"));
    assert_eq!(rings(&centre), ["otto1"]);
    let ended = centre.journal.iter().filter_map(|(_, event)| match event {
        Event::OfferEnded { outcome, why, .. } => Some((*outcome, *why)),
        _ => None,
    });
    assert_eq!(ended.collect::<Vec<_>>(), [(OfferOutcome::Rescinded, Some(OfferEndReason::Reassigned))]);
    assert_eq!(orders(&mut centre, "mina1"), [SupervisorOrder::Reassign]);
    assert_eq!(orders(&mut centre, "otto1"), [SupervisorOrder::Reassign]);
    assert_eq!(orders(&mut centre, "anna1"), []);
    let before = centre.exchange.state().clone();
    centre.refused("bea1", to("otto"), Code::WrongState);
    assert_eq!(centre.exchange.state(), &before);
    centre.accept("otto1");
    check(&centre);
}

#[test]
fn whom_a_supervisor_names_is_asked_first_and_then_all_who_fit() {
    let mut centre = staffed();
    centre.caller("anna1", "help", Channel::Chat);
    centre.done("bea1", to("otto"));
    let (offer_id, reason) = (centre.offer_to("otto1").unwrap(), None);
    centre.done("otto1", Command::RejectOffer { offer_id, reason });
    assert_eq!(rings(&centre), ["mina1"], "who turns it down is not asked again and again");
    // A second time, it is asked again at once.
    centre.done("bea1", to("otto"));
    assert_eq!(rings(&centre), ["otto1"]);
    centre.pass(20_000);
    assert_eq!(rings(&centre), ["mina1"]);
    check(&centre);
}

#[test]
fn what_waits_goes_to_another_queue_by_its_own_waiting_time() {
    let mut centre = Centre::new();
    centre.sign_in("bea1", Role::Supervisor);
    centre.caller("anna1", "help", Channel::Chat);
    centre.pass(5_000);
    centre.caller("bert1", "vip", Channel::Chat);
    centre.told("anna1");
    centre.done("bea1", to_queue("vip"));
    let anna = centre.seen("anna1", 1).unwrap();
    assert_eq!((anna.queue_id, anna.position), (queue("vip"), Some(1)));
    assert_eq!(centre.seen("bert1", 2).unwrap().position, Some(2));
    assert!(centre.told("anna1").iter().any(|event| matches!(event, ServerEvent::QueueChanged { .. })));
    centre.refused("bea1", to_queue("vip"), Code::WrongState);
    let overflowed = centre.exchange.queue_today(&queue("help"), centre.now).overflowed;
    assert_eq!(overflowed, 1);
    check(&centre);
}

#[test]
fn what_an_agent_has_goes_to_another_as_in_a_transfer() {
    let mut centre = served(Channel::Voice);
    centre.done("bea1", to("otto"));
    let seen = centre.seen("anna1", 1).unwrap().pending.unwrap();
    assert_eq!((seen.kind, seen.target, seen.by, seen.ordered_by), (PendingKind::Transfer, None, None, None));
    let own = centre.seen("mina1", 1).unwrap().pending.unwrap();
    assert_eq!(own.ordered_by, Some(user("bea")));
    assert_eq!(orders(&mut centre, "mina1"), [SupervisorOrder::Reassign]);
    let offer = &centre.snapshot("otto1").offers[0];
    assert_eq!((offer.kind, offer.reason.order.as_str()), (OfferKind::Transfer, "given by bea"));
    centre.refused("mina1", Command::CancelConsult { conversation_id: conversation(1) }, Code::NotAllowed);
    centre.accept("otto1");
    let seen = centre.seen("anna1", 1).unwrap();
    assert_eq!((seen.state, seen.participants.len()), (ConversationState::Active, 2));
    assert_eq!(centre.seen("mina1", 1).unwrap().state, ConversationState::WrapUp);
    check(&centre);
}

/// The customer learns what it learns when its agent transfers it, to the last byte.
#[test]
fn a_customer_is_told_the_same_as_in_a_transfer() {
    let story = |ordered: bool, target: Target| {
        let mut centre = served(Channel::Voice);
        let conversation_id = conversation(1);
        let (who, command) = match ordered {
            true => ("bea1", Command::Reassign { conversation_id, target }),
            false => ("mina1", Command::Transfer { conversation_id, target }),
        };
        centre
            .order(&Order::Do { session: super::session(who), id: CommandId::numbered('a', 1), command })
            .unwrap();
        centre.pass(500);
        if centre.offer_to("otto1").is_some() {
            centre.accept("otto1");
        }
        serde_json::to_string(&(centre.seen("anna1", 1), centre.told("anna1"))).unwrap()
    };
    for target in [Target::Agent { user_id: user("otto") }, Target::Queue { queue_id: queue("vip") }] {
        assert_eq!(story(true, target.clone()), story(false, target));
    }
}

#[test]
fn the_order_goes_before_what_the_agent_had_asked_for() {
    for command in [
        Command::Transfer {
            conversation_id: conversation(1),
            target: Target::Agent { user_id: user("zoe") },
        },
        Command::Consult { conversation_id: conversation(1), target: Target::Agent { user_id: user("zoe") } },
    ] {
        let mut centre = served(Channel::Voice);
        centre.done("mina1", command);
        assert_eq!(rings(&centre), ["zoe1"]);
        centre.done("bea1", to("otto"));
        assert_eq!(rings(&centre), ["otto1"]);
        let (offer_id, reason) = (centre.offer_to("otto1").unwrap(), None);
        centre.done("otto1", Command::RejectOffer { offer_id, reason });
        let held = |centre: &Centre| centre.exchange.legs(&conversation(1), Side::Main)[0].held;
        assert!(!held(&centre), "the customer is back with its agent");
        assert_eq!(centre.seen("mina1", 1).unwrap().pending, None);
        check(&centre);
    }
    let mut centre = served(Channel::Voice);
    let target = Target::Agent { user_id: user("zoe") };
    centre.done("mina1", Command::Consult { conversation_id: conversation(1), target });
    centre.accept("zoe1");
    centre.refused("bea1", to("otto"), Code::WrongState);
}

#[test]
fn what_an_agent_has_goes_to_a_queue_and_counts_as_transferred_once() {
    for channel in Channel::ALL {
        let mut centre = served(*channel);
        centre.done("bea1", to_queue("vip"));
        assert_eq!(centre.seen("mina1", 1).unwrap().state, ConversationState::WrapUp);
        assert_eq!(orders(&mut centre, "mina1"), [SupervisorOrder::Reassign]);
        assert_eq!(rings(&centre), ["zoe1"]);
        let help = centre.exchange.queue_today(&queue("help"), centre.now);
        assert_eq!((help.transferred, help.answered, help.overflowed), (1, 1, 0));
        assert_eq!(centre.exchange.queue_today(&queue("vip"), centre.now).entered, 1);
        check(&centre);
    }
}

#[test]
fn what_is_parked_goes_as_what_waits() {
    for target in [to("otto"), to_queue("vip")] {
        let mut centre = served(Channel::Chat);
        centre.done("mina1", Command::Park { conversation_id: conversation(1) });
        centre.refused("bea1", to("mina"), Code::WrongState);
        centre.told("mina1");
        centre.done("mina1", Command::presence(Availability::Busy));
        centre.done("bea1", target.clone());
        assert_eq!(rings(&centre), [if target == to("otto") { "otto1" } else { "zoe1" }]);
        assert_eq!(orders(&mut centre, "mina1"), [SupervisorOrder::Reassign]);
        assert_eq!(centre.seen("mina1", 1), None);
        check(&centre);
    }
}

#[test]
fn a_queue_that_takes_nobody_overflows_as_in_a_transfer() {
    let mut config = centre::config();
    config["queues"].as_array_mut().unwrap().extend([
        json!({ "queue_id": "small", "name": "Small", "max_waiting": 0, "overflow": { "queue": "vip" } }),
        json!({ "queue_id": "back", "name": "Back", "max_waiting": 0, "overflow": { "queue": "help" } }),
    ]);
    let mut waiting = Centre::with(config);
    waiting.sign_in("bea1", Role::Supervisor);
    waiting.agent("mina1");
    waiting.caller("anna1", "help", Channel::Chat);
    let mut served = waiting.clone();
    served.accept("mina1");
    let mut parked = served.clone();
    parked.done("mina1", Command::Park { conversation_id: conversation(1) });
    waiting.refused("bea1", to_queue("back"), Code::WrongState);
    for mut centre in [waiting, served, parked] {
        centre.done("bea1", to_queue("small"));
        assert_eq!(centre.seen("anna1", 1).unwrap().queue_id, queue("vip"));
        let plan = centre.exchange.state.conversations[&conversation(1)].plan.as_ref().unwrap();
        assert_eq!(plan.asked, Some(queue("small")), "explain can say how it came there");
        check(&centre);
    }
}

#[test]
fn whom_a_supervisor_names_has_the_time_that_its_queue_gives() {
    let mut config = centre::config();
    config["queues"][0]["offer_timeout_ms"] = 45_000.into();
    let mut centre = Centre::with(config);
    centre.sign_in("bea1", Role::Supervisor);
    centre.agent("mina1");
    centre.caller("anna1", "help", Channel::Chat);
    centre.agent("otto1");
    centre.done("bea1", to("otto"));
    centre.close("otto1", jackfield_wire::SignOutReason::Asked);
    centre.pass(44_999);
    assert_eq!(centre.offer_to("mina1"), None, "it is otto's yet, who may come back");
    centre.pass(1);
    assert!(centre.offer_to("mina1").is_some());
    check(&centre);
}

#[test]
fn what_can_not_be_is_refused_and_nothing_changes() {
    let mut config = centre::config();
    config["queues"].as_array_mut().unwrap().extend([
        json!({ "queue_id": "calls", "name": "Calls", "channels": ["voice"] }),
        json!({ "queue_id": "small", "name": "Small", "max_waiting": 0 }),
        json!({ "queue_id": "shut", "name": "Shut", "hours": { "weekly": [{ "days": ["thu"], "from": "12:00", "to": "13:00" }] } }),
    ]);
    let mut centre = Centre::with(config);
    centre.sign_in("bea1", Role::Supervisor);
    centre.agent("mina1");
    centre.caller("anna1", "help", Channel::Chat);
    centre.accept("mina1");
    centre.sign_in("otto1", Role::Agent);
    centre.caller("bert1", "vip", Channel::Chat);
    let second = |target| Command::Reassign { conversation_id: conversation(2), target };
    let before = centre.exchange.state().clone();
    for (target, code) in [
        (Target::Agent { user_id: user("nobody") }, Code::NotFound),
        (Target::Agent { user_id: user("anna") }, Code::NotFound),
        (Target::Agent { user_id: user("zoe") }, Code::NoCapacity),
        (Target::Queue { queue_id: queue("nowhere") }, Code::NotFound),
        (Target::Queue { queue_id: queue("calls") }, Code::QueueClosed),
        (Target::Queue { queue_id: queue("shut") }, Code::QueueClosed),
        (Target::Queue { queue_id: queue("small") }, Code::QueueFull),
        (Target::Number { number: "+4930123456".into() }, Code::NoTrunk),
    ] {
        centre.refused("bea1", reassign(target.clone()), code);
        centre.refused("bea1", second(target), code);
    }
    centre.refused("bea1", to("mina"), Code::WrongState);
    centre.refused("bea1", second(Target::Agent { user_id: user("otto") }), Code::NoCapacity);
    let unknown = Command::Reassign {
        conversation_id: conversation(9),
        target: Target::Queue { queue_id: queue("vip") },
    };
    centre.refused("bea1", unknown, Code::NotFound);
    for id in ["anna1", "mina1", "otto1"] {
        centre.refused(id, to_queue("vip"), Code::NotAllowed);
    }
    assert_eq!(centre.exchange.state(), &before);
    // An agent who is busy by its own choice can be sent a conversation only once it is available.
    centre.done("otto1", Command::presence(Availability::Busy));
    centre.refused("bea1", second(Target::Agent { user_id: user("otto") }), Code::NoCapacity);
    let command = Command::SetAgentPresence {
        user_id: user("otto"),
        availability: Availability::Available,
        reason: None,
    };
    centre.done("bea1", command);
    centre.done("bea1", second(Target::Agent { user_id: user("otto") }));
    assert!(
        centre.offer_to("otto1").is_some(),
        "though it has not the skill: it is the person that is wanted"
    );
    centre.done("mina1", Command::EndConversation { conversation_id: conversation(1) });
    centre.refused("bea1", to_queue("vip"), Code::WrongState);
}
