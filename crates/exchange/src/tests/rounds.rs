//! Offers to several agents at once: one round, of which the first who accepts has the conversation.

use super::{Centre, centre::config, conversation, offer, session, user};
use jackfield_wire::{
    Availability, Channel, Code, Command, ConversationState, OfferEndReason, OfferOutcome, ServerEvent,
};
use serde_json::Value;

fn at_once(most: u8) -> Value {
    let mut config = config();
    config["queues"][0]["offer_to"] = most.into();
    config
}

/// mina, otto and sue, of whom the first two are asked for anna.
fn two_of_three() -> Centre {
    let mut centre = Centre::with(at_once(2));
    for agent in ["mina1", "otto1", "sue1"] {
        centre.agent(agent);
        centre.pass(10);
    }
    centre.caller("anna1", "help", Channel::Voice);
    centre
}

fn rings(centre: &Centre) -> Vec<&'static str> {
    let here = ["mina1", "otto1", "sue1"].into_iter().filter(|id| centre.viewers.contains_key(&session(id)));
    here.filter(|agent| centre.offer_to(agent).is_some()).collect()
}

fn ended(told: &[ServerEvent]) -> Vec<(OfferOutcome, Option<OfferEndReason>)> {
    let ends = told.iter().filter_map(|event| match event {
        ServerEvent::OfferEnded { outcome, reason, .. } => Some((*outcome, *reason)),
        _ => None,
    });
    ends.collect()
}

#[test]
fn the_first_of_the_queues_order_are_asked_and_no_more_than_it_says() {
    assert_eq!(rings(&two_of_three()), ["mina1", "otto1"]);
    let mut few = Centre::with(at_once(10));
    few.agent("mina1");
    few.caller("anna1", "help", Channel::Chat);
    assert_eq!(rings(&few), ["mina1"], "nobody else is there");
    few.agent("otto1");
    assert_eq!(rings(&few), ["mina1"], "who becomes ready meanwhile waits for the next round");
}

#[test]
fn the_first_who_accepts_has_it_and_the_others_are_told_why() {
    let mut centre = two_of_three();
    let offers = ["mina1", "otto1"].map(|agent| centre.offer_to(agent).unwrap());
    centre.told.clear();
    centre.accept("otto1");
    let why = Some(OfferEndReason::TakenByColleague);
    assert_eq!(ended(&centre.told("mina1")), [(OfferOutcome::Rescinded, why)]);
    assert_eq!(ended(&centre.told("otto1")), [(OfferOutcome::Accepted, None)]);
    let states = centre.told("anna1").into_iter().filter_map(|event| match event {
        ServerEvent::ConversationStateChanged { state, .. } => Some(state),
        _ => None,
    });
    assert_eq!(states.collect::<Vec<_>>(), [ConversationState::Active], "anna is never back in line");
    let late = centre.ask("mina1", Command::AcceptOffer { offer_id: offers[0].clone() }).unwrap_err();
    assert_eq!(late.code, Code::OfferGone);
    assert!(late.message.contains("a colleague has taken it"), "{late}");
    assert_eq!(centre.seen("anna1", 1).unwrap().participants.len(), 2);
    assert_eq!(centre.snapshot("mina1").presence.availability, Availability::Available);
}

#[test]
fn the_customer_is_told_once_that_it_rings() {
    let mut centre = two_of_three();
    let offered = |e: &ServerEvent| {
        matches!(e, ServerEvent::ConversationStateChanged { state: ConversationState::Offered, .. })
    };
    assert_eq!(centre.told("anna1").into_iter().filter(offered).count(), 1);
}

#[test]
fn a_refusal_leaves_the_others_open_and_the_last_one_gives_it_back_its_place() {
    let mut centre = two_of_three();
    centre.pass(1_000);
    centre.caller("bert1", "help", Channel::Voice);
    assert_eq!(rings(&centre), ["mina1", "otto1", "sue1"], "bert's round is sue alone");
    centre.done("mina1", Command::RejectOffer { offer_id: offer(1), reason: None });
    assert_eq!(rings(&centre), ["otto1", "sue1"], "no second round while one is open");
    assert_eq!(centre.seen("anna1", 1).unwrap().state, ConversationState::Offered);
    centre.done("otto1", Command::presence(Availability::Away));
    let anna = centre.seen("anna1", 1).unwrap();
    assert_eq!((anna.state, anna.position), (ConversationState::Queued, Some(1)));
    centre.pass(15_000);
    assert_eq!(centre.snapshot("mina1").offers[0].conversation_id, conversation(1), "after her pause");
}

#[test]
fn all_who_do_not_answer_are_put_away() {
    let mut centre = two_of_three();
    centre.pass(20_000);
    assert_eq!(rings(&centre), ["sue1"], "the next round");
    for (agent, availability) in
        [("mina1", Availability::Away), ("otto1", Availability::Away), ("sue1", Availability::Available)]
    {
        assert_eq!(centre.snapshot(agent).presence.availability, availability, "{agent}");
    }
}

#[test]
fn who_is_lost_stops_ringing_alone() {
    let mut centre = two_of_three();
    centre.away("mina1");
    assert_eq!(ended(&centre.told("mina1")), [(OfferOutcome::Rescinded, Some(OfferEndReason::AgentAway))]);
    assert_eq!(rings(&centre), ["otto1"]);
    centre.accept("otto1");
    assert_eq!(centre.seen("anna1", 1).unwrap().state, ConversationState::Active);
}

#[test]
fn a_customer_who_gives_up_ends_all_of_them_and_is_counted_once() {
    let mut centre = two_of_three();
    centre.pass(10_000);
    centre.done("anna1", Command::HangUp { conversation_id: conversation(1) });
    let why = Some(OfferEndReason::ConversationOver);
    for agent in ["mina1", "otto1"] {
        assert_eq!(ended(&centre.told(agent)), [(OfferOutcome::Canceled, why)], "{agent}");
    }
    assert!(centre.exchange.state.offers.is_empty());
    let figures = centre.exchange.queue_today(&super::queue("help"), centre.now);
    assert_eq!((figures.entered, figures.abandoned, figures.answered), (1, 1, 0));
}

#[test]
fn each_agent_of_a_round_has_its_hands_full_by_it() {
    let mut centre = two_of_three();
    assert_eq!(centre.exchange.load(&user("otto")).voice, 1);
    centre.accept("mina1");
    assert_eq!(centre.exchange.load(&user("otto")).voice, 0);
    centre.caller("bert1", "help", Channel::Voice);
    assert_eq!(rings(&centre), ["otto1", "sue1"]);
}

#[test]
fn a_queue_has_a_time_of_its_own_for_its_offers() {
    let mut config = config();
    config["queues"][0]["offer_timeout_ms"] = 5_000.into();
    let mut centre = Centre::with(config);
    centre.agent("mina1");
    centre.caller("anna1", "help", Channel::Chat);
    centre.pass(4_999);
    assert_eq!(rings(&centre), ["mina1"]);
    centre.pass(1);
    assert_eq!(rings(&centre), [""; 0]);
    centre.agent("zoe1");
    centre.caller("bert1", "vip", Channel::Chat);
    let open = &centre.snapshot("zoe1").offers[0];
    assert_eq!(open.expires_at - open.offered_at, 20_000, "another queue has the tenant's");
}
