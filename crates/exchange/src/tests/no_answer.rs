//! What becomes of an agent who does not answer, by the rule of the queue.

use super::{Centre, centre::config, conversation, offer};
use jackfield_wire::{
    AgentState, Availability, Channel, Command, ConversationId, ConversationState, OfferId, OfferOutcome,
    Role, ServerEvent, Target,
};

fn by_rule(rule: &str) -> Centre {
    let mut config = config();
    config["queues"][0]["on_no_answer"] = rule.into();
    config["no_answer_pause_ms"] = 40_000.into();
    let mut centre = Centre::with(config);
    centre.agent("mina1");
    centre.caller("anna1", "help", Channel::Chat);
    centre
}

/// What mina is set aside for.
fn unanswered(centre: &Centre) -> Option<(OfferId, ConversationId, u64)> {
    let unanswered = centre.snapshot("mina1").presence.unanswered;
    unanswered.map(|one| (one.offer_id, one.conversation_id, one.at))
}

fn waits(centre: &Centre) -> (ConversationState, Option<u32>) {
    let anna = centre.seen("anna1", 1).unwrap();
    (anna.state, anna.position)
}

#[test]
fn by_each_rule_the_customer_keeps_its_place_and_goes_to_the_next() {
    for rule in ["away", "pause", "keep"] {
        let mut centre = by_rule(rule);
        centre.pass(5_000);
        centre.caller("bert1", "help", Channel::Voice);
        centre.pass(15_000);
        let next = centre.offer_to("mina1");
        assert_eq!(waits(&centre), (ConversationState::Queued, Some(1)), "{rule}");
        assert_eq!(next.is_some(), rule == "keep", "{rule}: bert is another matter");
        centre.agent("otto1");
        assert_eq!(centre.snapshot("otto1").offers[0].conversation_id, conversation(1), "{rule}");
    }
}

#[test]
fn away_is_away_until_it_says_otherwise() {
    let mut centre = by_rule("away");
    centre.pass(20_000);
    let why = Some((offer(1), conversation(1), centre.now));
    centre.pass(3_600_000);
    assert_eq!(centre.snapshot("mina1").presence.availability, Availability::Away);
    assert_eq!(unanswered(&centre), why);
    centre.done("mina1", Command::presence(Availability::Available));
    assert_eq!(unanswered(&centre), None);
    assert!(centre.offer_to("mina1").is_some());
}

#[test]
fn why_an_agent_is_set_aside_is_told_and_gone_with_whatever_it_chooses_next() {
    let mut centre = by_rule("away");
    centre.told("mina1");
    centre.pass(20_000);
    let presence = centre.snapshot("mina1").presence;
    assert_eq!(presence.unanswered.as_ref().map(|one| one.queue_id.as_str()), Some("help"));
    assert!(centre.told("mina1").contains(&ServerEvent::PresenceChanged { presence }));
    // The same presence by its own choice is another matter.
    centre.done("mina1", Command::presence(Availability::Away));
    let presence = centre.snapshot("mina1").presence;
    assert_eq!((presence.availability, &presence.unanswered), (Availability::Away, &None));
    assert!(centre.told("mina1").contains(&ServerEvent::PresenceChanged { presence }));
}

#[test]
fn why_an_agent_is_away_outlives_its_page() {
    let mut centre = by_rule("away");
    centre.pass(20_000);
    let why = unanswered(&centre);
    centre.close("mina1", jackfield_wire::SignOutReason::Asked);
    let presence = centre.exchange.presence_view(&super::user("mina"));
    assert_eq!((presence.preferred, presence.unanswered), (None, None), "who is not there is just not there");
    centre.sign_in("mina1", Role::Agent);
    assert_eq!(unanswered(&centre), why);
    assert!(why.is_some());
}

#[test]
fn pause_ends_by_itself_and_the_presence_stays() {
    let mut centre = by_rule("pause");
    centre.told("mina1");
    centre.pass(20_000);
    let presence = centre.snapshot("mina1").presence;
    let until = centre.now + 40_000;
    assert_eq!((presence.availability, presence.offers_paused_until), (Availability::Available, Some(until)));
    assert_eq!(unanswered(&centre), Some((offer(1), conversation(1), centre.now)));
    let told = centre.told("mina1");
    assert!(told.contains(&ServerEvent::PresenceChanged { presence }), "{told:?}");
    assert_eq!(
        centre.exchange.agent_state(&super::user("mina")),
        AgentState::Away,
        "its time is not counted as ready"
    );
    centre.pass(39_999);
    assert_eq!(waits(&centre), (ConversationState::Queued, Some(1)));
    centre.pass(1);
    assert_eq!(
        (centre.offer_to("mina1"), centre.snapshot("mina1").presence.offers_paused_until),
        (Some(offer(2)), None)
    );
    assert_eq!(unanswered(&centre), None);
}

#[test]
fn pause_ends_with_whatever_the_agent_prefers_or_takes_part_in_next() {
    for availability in [Availability::Available, Availability::Busy] {
        let mut centre = by_rule("pause");
        centre.pass(20_000);
        centre.done("mina1", Command::presence(availability));
        assert_eq!(centre.snapshot("mina1").presence.offers_paused_until, None);
        assert_eq!(centre.offer_to("mina1").is_some(), availability == Availability::Available);
    }
    let mut centre = by_rule("pause");
    centre.pass(20_000);
    centre.agent("otto1");
    centre.accept("otto1");
    let target = Target::Agent { user_id: super::user("mina") };
    centre.done("otto1", Command::Consult { conversation_id: conversation(1), target });
    centre.accept("mina1");
    assert_eq!(centre.snapshot("mina1").presence.offers_paused_until, None);
    centre.caller("bert1", "help", Channel::Chat);
    assert!(centre.offer_to("mina1").is_some());
}

#[test]
fn pause_does_not_outlive_the_last_session() {
    let mut centre = by_rule("pause");
    centre.pass(20_000);
    centre.close("mina1", jackfield_wire::SignOutReason::Asked);
    assert_eq!(centre.exchange.deadline(), None, "nothing is due for who is gone");
    centre.agent("mina1");
    assert!(centre.offer_to("mina1").is_some());
}

#[test]
fn keep_passes_only_this_conversation_over_for_a_while() {
    let mut centre = by_rule("keep");
    centre.pass(20_000);
    assert_eq!(centre.snapshot("mina1").presence.availability, Availability::Available);
    assert_eq!(centre.offer_to("mina1"), None);
    centre.pass(15_000);
    assert_eq!(centre.offer_to("mina1"), Some(offer(2)), "as after a refusal");
}

#[test]
fn who_is_asked_by_name_is_asked_once() {
    for answers in [true, false] {
        let mut config = config();
        config["queues"][0]["on_no_answer"] = "keep".into();
        config["queues"][0]["rings"] = serde_json::json!([{ "after_ms": 100_000, "agents": ["zoe"] }]);
        config["rules"] = serde_json::json!([{ "id": "own", "agent": "mina", "agent_fallback_ms": 90_000, "continue": true }]);
        let mut centre = Centre::with(config);
        centre.agent("mina1");
        centre.agent("otto1");
        centre.caller("anna1", "help", Channel::Chat);
        assert_eq!(centre.offer_to("otto1"), None);
        let offer_id = centre.offer_to("mina1").unwrap();
        if answers {
            centre.done("mina1", Command::RejectOffer { offer_id, reason: None });
        } else {
            centre.pass(20_000);
        }
        assert_eq!(centre.offer_to("otto1"), Some(offer(2)), "the others need not wait for the fallback");
        centre.done("otto1", Command::RejectOffer { offer_id: offer(2), reason: None });
        let waits = centre.exchange.state.conversations[&conversation(1)].clone();
        assert!(waits.needs.is_none() && waits.plan.is_some(), "its rule's plan goes on");
        assert_eq!(
            (waits.ring, waits.queued_at()),
            (0, waits.created_at),
            "the queue's rings come in their time"
        );
        centre.close("mina1", jackfield_wire::SignOutReason::Asked);
        centre.close("otto1", jackfield_wire::SignOutReason::Asked);
        centre.pass(100_000);
        assert_eq!(centre.exchange.state.conversations[&conversation(1)].ring, 1);
        assert_eq!(centre.exchange.index, centre.exchange.build_index());
    }
}

#[test]
fn what_a_colleague_asks_for_sets_nobody_aside() {
    for rule in ["away", "pause", "keep"] {
        let mut centre = by_rule(rule);
        centre.accept("mina1");
        centre.agent("otto1");
        let target = Target::Agent { user_id: super::user("otto") };
        centre.done("mina1", Command::Transfer { conversation_id: conversation(1), target });
        centre.told("otto1");
        centre.pass(20_000);
        let timed_out =
            |e: &ServerEvent| matches!(e, ServerEvent::OfferEnded { outcome: OfferOutcome::TimedOut, .. });
        assert!(centre.told("otto1").iter().any(timed_out));
        let presence = centre.snapshot("otto1").presence;
        assert_eq!(
            (presence.availability, presence.offers_paused_until),
            (Availability::Available, None),
            "{rule}"
        );
    }
}
