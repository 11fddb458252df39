//! Offers: to whom, in which order, and how they end.

use super::{Centre, centre::config, conversation, offer, queue, user};
use jackfield_wire::{
    Activity, Availability, Channel, Code, Command, ConversationState, OfferKind, OfferOutcome, ServerEvent,
    Target,
};

#[test]
fn a_waiting_customer_is_offered_to_who_becomes_available() {
    let mut centre = Centre::new();
    centre.caller("carla1", "help", Channel::Chat);
    assert_eq!(centre.seen("carla1", 1).unwrap().position, Some(1));
    centre.agent("otto1");
    let open = centre.snapshot("otto1").offers;
    assert_eq!(open.len(), 1);
    assert_eq!((open[0].kind, open[0].channel), (OfferKind::Conversation, Channel::Chat));
    assert_eq!((open[0].reason.order.as_str(), open[0].reason.candidates), ("longest idle", 1));
    assert_eq!(centre.seen("carla1", 1).unwrap().state, ConversationState::Offered);
    centre.accept("otto1");
    let seen = centre.seen("carla1", 1).unwrap();
    assert_eq!((seen.state, seen.position, seen.participants.len()), (ConversationState::Active, None, 2));
}

#[test]
fn who_has_been_idle_longest_is_asked_and_skills_are_minded() {
    let mut centre = Centre::new();
    for agent in ["mina1", "otto1", "zoe1"] {
        centre.agent(agent);
        centre.pass(10);
    }
    let cases = [
        ("a1", "help", "mina1", 2, "first in, first rung"),
        ("b1", "vip", "zoe1", 1, "mina rings already, otto's French is too weak"),
        ("c1", "help", "otto1", 1, "zoe does not serve help"),
    ];
    for (customer, queue, agent, candidates, why) in cases {
        let id = centre.caller(customer, queue, Channel::Voice);
        let open = centre.snapshot(agent).offers;
        assert_eq!(
            open.first().map(|o| (&o.conversation_id, o.reason.candidates)),
            Some((&id, candidates)),
            "{why}"
        );
    }
}

#[test]
fn a_higher_priority_goes_first_and_then_who_came_first() {
    let mut centre = Centre::new();
    for (customer, queue) in [("a1", "help"), ("b1", "help"), ("c1", "vip")] {
        centre.caller(customer, queue, Channel::Voice);
        centre.pass(10);
    }
    centre.agent("mina1");
    let mut order = Vec::new();
    for _ in 0..3 {
        order.push(centre.snapshot("mina1").offers[0].conversation_id.clone());
        centre.accept("mina1");
        let conversation_id = order.last().cloned().unwrap();
        centre.done("mina1", Command::HangUp { conversation_id });
        centre.pass(30_000);
    }
    assert_eq!(order, [conversation(3), conversation(1), conversation(2)]);
}

#[test]
fn who_does_not_answer_is_put_away_and_the_customer_keeps_its_place() {
    let mut centre = Centre::new();
    centre.agent("mina1");
    centre.caller("a1", "help", Channel::Chat);
    centre.pass(5_000);
    centre.caller("b1", "help", Channel::Chat);
    centre.told("mina1");
    centre.pass(15_000);
    let told = centre.told("mina1");
    let ended = ServerEvent::OfferEnded {
        offer_id: offer(1),
        conversation_id: conversation(1),
        outcome: OfferOutcome::TimedOut,
        reason: None,
    };
    assert!(told.contains(&ended), "{told:?}");
    let presence = centre.snapshot("mina1").presence;
    assert_eq!((presence.availability, presence.activity), (Availability::Away, Activity::Away));
    let places = [centre.seen("a1", 1), centre.seen("b1", 2)].map(|seen| seen.unwrap().position);
    assert_eq!(places, [Some(1), Some(2)]);
    centre.agent("otto1");
    assert_eq!(centre.snapshot("otto1").offers[0].conversation_id, conversation(1));
}

#[test]
fn what_was_turned_down_goes_to_another_and_comes_back_after_a_pause() {
    let mut centre = Centre::new();
    centre.agent("mina1");
    centre.caller("a1", "help", Channel::Chat);
    centre.caller("b1", "help", Channel::Chat);
    centre.done("mina1", Command::RejectOffer { offer_id: offer(1), reason: Some("lunch".into()) });
    let next = centre.snapshot("mina1").offers[0].clone();
    assert_eq!(next.conversation_id, conversation(2), "the next in line, not the same again");
    centre.accept("mina1");
    assert_eq!(centre.offer_to("mina1"), None);
    centre.pass(15_000);
    assert_eq!(centre.snapshot("mina1").offers[0].conversation_id, conversation(1));
    centre.done("mina1", Command::RejectOffer { offer_id: offer(3), reason: None });
    centre.agent("otto1");
    assert_eq!(centre.snapshot("otto1").offers[0].conversation_id, conversation(1));
}

#[test]
fn accept_is_a_compare_and_set() {
    let mut centre = Centre::new();
    centre.agent("mina1");
    centre.agent("mina2");
    centre.agent("otto1");
    centre.caller("a1", "help", Channel::Voice);
    let take = |n| Command::AcceptOffer { offer_id: offer(n) };
    assert!(centre.offer_to("mina2").is_some(), "all sessions of the user ring");
    centre.refused("otto1", take(1), Code::OfferGone);
    centre.refused("otto1", take(77), Code::OfferGone);
    centre.accept("mina2");
    centre.refused("mina1", take(1), Code::OfferGone);
    let legs = centre.exchange.legs(&conversation(1), jackfield_wire::Side::Main);
    let sessions: Vec<_> = legs.iter().map(|leg| leg.session.as_str()).collect();
    assert_eq!(sessions, ["a1", "mina2"], "the accepting session has the voice");
}

#[test]
fn an_offer_can_not_be_accepted_at_its_last_moment() {
    let mut centre = Centre::new();
    centre.agent("mina1");
    centre.caller("a1", "help", Channel::Voice);
    // The clock has reached the deadline, but nobody has looked at it yet.
    centre.now += 20_000;
    centre.refused("mina1", Command::AcceptOffer { offer_id: offer(1) }, Code::OfferGone);
}

#[test]
fn a_customer_who_gives_up_takes_the_offer_back() {
    let mut centre = Centre::new();
    centre.agent("mina1");
    for (customer, channel) in [("a1", Channel::Voice), ("b1", Channel::Chat)] {
        let conversation_id = centre.caller(customer, "help", channel);
        centre.told("mina1");
        centre.done(customer, Command::EndConversation { conversation_id });
        let told = centre.told("mina1");
        let canceled =
            |e: &ServerEvent| matches!(e, ServerEvent::OfferEnded { outcome: OfferOutcome::Canceled, .. });
        assert_eq!(told.iter().filter(|e| canceled(e)).count(), 1, "{told:?}");
    }
    assert!(centre.exchange.state.conversations.is_empty());
}

#[test]
fn capacity_holds_by_channel_and_a_call_takes_all() {
    let mut centre = Centre::new();
    centre.agent("mina1");
    for customer in ["a1", "b1", "c1"] {
        centre.caller(customer, "help", Channel::Chat);
        centre.accept("mina1");
    }
    let load = centre.exchange.load(&user("mina"));
    assert_eq!((load.voice, load.chat), (0, 3));
    centre.caller("d1", "help", Channel::Chat);
    assert_eq!(centre.offer_to("mina1"), None, "three chats are all she takes");
    centre.caller("e1", "help", Channel::Voice);
    assert_eq!(centre.snapshot("mina1").offers[0].channel, Channel::Voice, "a call may interrupt them");
    centre.done("mina1", Command::presence(Availability::Busy));

    centre.agent("otto1");
    centre.accept("otto1");
    assert!(centre.offer_to("otto1").is_some(), "a chat leaves room for a call");
    centre.accept("otto1");
    centre.caller("f1", "help", Channel::Chat);
    assert_eq!(centre.offer_to("otto1"), None, "a call leaves room for nothing");
}

#[test]
fn a_lowered_capacity_refuses_what_was_offered_before() {
    let mut centre = Centre::new();
    centre.agent("mina1");
    centre.caller("a1", "help", Channel::Chat);
    let mut config = centre.exchange.config().clone();
    config.users[0].capacity.chat = 0;
    centre.exchange.reconfigure(config);
    centre.settle();
    centre.refused("mina1", Command::AcceptOffer { offer_id: offer(1) }, Code::NoCapacity);
}

#[test]
fn who_is_no_longer_available_stops_ringing() {
    for availability in [Availability::Away, Availability::Busy, Availability::Offline] {
        let mut centre = Centre::new();
        centre.agent("mina1");
        centre.caller("a1", "help", Channel::Chat);
        centre.done("mina1", Command::presence(availability));
        assert_eq!(centre.offer_to("mina1"), None);
        assert_eq!(centre.seen("a1", 1).unwrap().state, ConversationState::Queued);
        let told = centre.told("mina1");
        let rescinded =
            |e: &ServerEvent| matches!(e, ServerEvent::OfferEnded { outcome: OfferOutcome::Rescinded, .. });
        assert!(told.iter().any(rescinded), "{told:?}");
    }
}

#[test]
fn in_turn_who_was_asked_last_is_asked_last_again_though_idle_for_longest() {
    let mut config = config();
    config["queues"][0]["agent_order"] = "round_robin".into();
    let mut centre = Centre::with(config);
    for agent in ["mina1", "otto1"] {
        centre.agent(agent);
        centre.pass(10);
    }
    for (customer, agent) in [("a1", "mina1"), ("b1", "otto1"), ("c1", "mina1")] {
        let conversation_id = centre.caller(customer, "help", Channel::Chat);
        let asked = centre.snapshot(agent).offers.pop().map(|offer| offer.conversation_id);
        assert_eq!(asked.as_ref(), Some(&conversation_id), "{agent} is next");
        // The customer does not wait: nobody took anything, and mina has been idle for longest still.
        centre.done(customer, Command::EndConversation { conversation_id });
    }
}

#[test]
fn who_turned_it_down_may_be_asked_once_it_comes_back_from_a_colleague() {
    let mut centre = Centre::new();
    centre.agent("mina1");
    centre.caller("carla1", "help", Channel::Chat);
    let offer_id = centre.offer_to("mina1").unwrap();
    centre.done("mina1", Command::RejectOffer { offer_id, reason: None });
    assert_eq!(centre.offer_to("mina1"), None, "not for a while");
    centre.agent("otto1");
    centre.accept("otto1");
    let target = Target::Queue { queue_id: queue("help") };
    centre.done("otto1", Command::Transfer { conversation_id: conversation(1), target });
    assert!(centre.offer_to("mina1").is_some(), "it is another matter by now");
}
