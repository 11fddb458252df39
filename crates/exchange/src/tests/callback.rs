//! Customers who are called back instead of waiting on the line.

use super::{Centre, centre::config, conversation, queue, recount::check_statistics};
use jackfield_wire::{
    CallbackView, Channel, Code, Command, ConversationState, OfferKind, OfferOutcome, PendingKind, Role,
    ServerEvent, Side, SignOutReason,
};

const RETRY: u64 = 600_000;

fn call_me(n: u64, at: Option<u64>) -> Command {
    Command::RequestCallback { conversation_id: conversation(n), number: None, at }
}

fn answer(accept: bool) -> Command {
    Command::AnswerRequest { conversation_id: conversation(1), accept }
}

fn hang_up() -> Command {
    Command::HangUp { conversation_id: conversation(1) }
}

fn end(n: u64) -> Command {
    Command::EndConversation { conversation_id: conversation(n) }
}

/// Carla asked to be called back, and nobody is there yet.
fn asked() -> Centre {
    let mut centre = Centre::new();
    centre.caller("carla1", "help", Channel::Voice);
    centre.done("carla1", call_me(1, None));
    centre
}

/// Mina has accepted to call her, and it rings.
fn ringing() -> Centre {
    let mut centre = asked();
    centre.agent("mina1");
    centre.accept("mina1");
    centre
}

fn state(centre: &Centre, id: &str) -> ConversationState {
    centre.seen(id, 1).unwrap().state
}

fn talkers(centre: &Centre) -> Vec<String> {
    let legs = centre.exchange.legs(&conversation(1), Side::Main);
    legs.into_iter().map(|leg| leg.session.to_string()).collect()
}

fn callback(centre: &Centre, id: &str) -> Option<CallbackView> {
    centre.seen(id, 1).unwrap().callback
}

/// What is derived is what it is when built anew, and the statistics are those of a recount.
fn check(centre: &Centre) {
    assert_eq!(centre.exchange.index, centre.exchange.build_index());
    check_statistics(&centre.exchange, &centre.journal);
}

#[test]
fn who_is_called_back_keeps_its_place_and_has_no_line() {
    let mut centre = asked();
    centre.caller("dora1", "help", Channel::Voice);
    assert_eq!(talkers(&centre), [""; 0]);
    assert_eq!(callback(&centre, "carla1"), Some(CallbackView::default()));
    assert_eq!(centre.seen("carla1", 1).unwrap().position, Some(1));
    assert_eq!(centre.seen("dora1", 2).unwrap().position, Some(2));
    centre.agent("mina1");
    let offer = centre.snapshot("mina1").offers.remove(0);
    assert_eq!((offer.conversation_id, offer.kind), (conversation(1), OfferKind::Callback));
}

#[test]
fn the_customer_is_asked_when_an_agent_is_there() {
    let mut centre = ringing();
    assert_eq!(talkers(&centre), ["mina1"], "the agent waits on the line");
    for id in ["carla1", "mina1"] {
        let pending = centre.seen(id, 1).unwrap().pending.unwrap();
        assert_eq!((pending.kind, state(&centre, id)), (PendingKind::Callback, ConversationState::Active));
    }
    centre.done("carla1", answer(true));
    assert_eq!(talkers(&centre), ["carla1", "mina1"]);
    assert_eq!((callback(&centre, "carla1"), callback(&centre, "mina1")), (None, None));
    assert_eq!(centre.seen("carla1", 1).unwrap().pending, None);
    check(&centre);
}

#[test]
fn to_speak_up_is_to_answer() {
    let mut centre = ringing();
    centre.done("carla1", Command::StartVoice { conversation_id: conversation(1) });
    assert_eq!(talkers(&centre), ["carla1", "mina1"]);
}

#[test]
fn who_does_not_answer_is_called_again_later_and_then_no_more() {
    let mut centre = ringing();
    for attempts in 1..=2 {
        centre.pass(20_000);
        assert_eq!(state(&centre, "carla1"), ConversationState::Queued);
        let again = callback(&centre, "carla1").unwrap();
        assert_eq!((again.attempts, again.at), (attempts, Some(centre.now + RETRY)));
        assert_eq!((talkers(&centre), centre.seen("mina1", 1)), (Vec::new(), None));
        centre.pass(RETRY - 1);
        assert_eq!(centre.offer_to("mina1"), None);
        centre.pass(1);
        centre.accept("mina1");
        assert!(centre.seen("carla1", 1).unwrap().pending.is_some());
    }
    centre.told.clear();
    centre.pass(20_000);
    assert_eq!(centre.seen("carla1", 1), None);
    assert_eq!(state(&centre, "mina1"), ConversationState::WrapUp);
    centre.pass(4_000);
    let wrap_up = Command::FinishWrapUp {
        conversation_id: conversation(1),
        disposition: Some("solved".into()),
        note: None,
    };
    centre.done("mina1", wrap_up);
    let figures = centre.exchange.queue_today(&queue("help"), centre.now);
    assert_eq!((figures.entered, figures.dropped, figures.abandoned), (1, 1, 0));
    assert_eq!((figures.handled, figures.wrap_up_ms), (0, 4_000), "the work after it makes no contact of it");
    check(&centre);
}

#[test]
fn a_call_that_is_not_answered_counts_neither_as_answered_nor_as_handled() {
    let mut centre = ringing();
    centre.pass(20_000);
    let figures = |centre: &Centre| centre.exchange.queue_today(&queue("help"), centre.now);
    let missed = figures(&centre);
    assert_eq!((missed.entered, missed.answered, missed.handled), (1, 0, 0));
    assert_eq!((missed.talk_ms, missed.overflowed, missed.transferred), (0, 0, 0));
    let agent = centre.exchange.agent_today(&super::user("mina"), centre.now);
    assert_eq!((agent.calls, agent.consults, agent.handling_ms), (0, 0, 20_000), "it worked all the same");
    centre.pass(RETRY);
    centre.accept("mina1");
    centre.pass(3_000);
    centre.done("carla1", answer(true));
    centre.pass(30_000);
    centre.done("mina1", end(1));
    let wrap_up = Command::FinishWrapUp {
        conversation_id: conversation(1),
        disposition: Some("solved".into()),
        note: None,
    };
    centre.done("mina1", wrap_up);
    let reached = figures(&centre);
    assert_eq!((reached.entered, reached.answered, reached.handled), (1, 1, 1));
    assert_eq!(reached.talk_ms, 30_000, "from when the customer answered");
    assert_eq!(centre.exchange.agent_today(&super::user("mina"), centre.now).calls, 1);
    check(&centre);
}

#[test]
fn while_one_waits_to_be_called_again_others_are_served() {
    let mut centre = ringing();
    centre.pass(20_000);
    centre.caller("dora1", "help", Channel::Voice);
    assert_eq!(centre.seen("dora1", 2).unwrap().state, ConversationState::Offered);
    centre.accept("mina1");
    // Its time comes while the agent talks: the place is before all who came later.
    centre.pass(RETRY);
    centre.caller("emma1", "help", Channel::Voice);
    assert_eq!(centre.seen("carla1", 1).unwrap().position, Some(1));
    centre.done("mina1", end(2));
    centre.done(
        "mina1",
        Command::FinishWrapUp {
            conversation_id: conversation(2),
            disposition: Some("solved".into()),
            note: None,
        },
    );
    assert_eq!(centre.snapshot("mina1").offers[0].conversation_id, conversation(1));
}

#[test]
fn who_is_in_another_call_has_not_failed_to_answer() {
    let mut centre = asked();
    centre.agent("zoe1");
    centre.start("carla1", "vip", Channel::Voice);
    centre.accept("zoe1");
    centre.agent("mina1");
    for _ in 0..4 {
        centre.accept("mina1");
        centre.refused("carla1", answer(true), Code::WrongState);
        centre.pass(20_000);
        assert_eq!(callback(&centre, "carla1").map(|c| c.attempts), Some(0));
        centre.pass(RETRY);
    }
    centre.done("carla1", end(2));
    centre.accept("mina1");
    centre.done("carla1", answer(true));
    assert_eq!(talkers(&centre), ["carla1", "mina1"]);
    check(&centre);
}

#[test]
fn who_says_no_is_called_no_more() {
    let mut centre = ringing();
    centre.done("carla1", answer(false));
    assert_eq!(centre.seen("carla1", 1), None);
    assert_eq!(state(&centre, "mina1"), ConversationState::WrapUp);
    assert_eq!(centre.seen("mina1", 1).unwrap().callback, None);
    check(&centre);
}

#[test]
fn an_agent_who_hangs_up_before_the_answer_has_tried() {
    let mut centre = ringing();
    centre.done("mina1", hang_up());
    assert_eq!(callback(&centre, "carla1").map(|c| c.attempts), Some(1));
    assert_eq!((state(&centre, "carla1"), centre.seen("mina1", 1)), (ConversationState::Queued, None));
    centre.refused("carla1", answer(true), Code::WrongState);
}

#[test]
fn an_agent_who_is_lost_before_the_answer_has_not() {
    let mut centre = ringing();
    centre.close("mina1", SignOutReason::Lost);
    assert_eq!(callback(&centre, "carla1"), Some(CallbackView::default()));
    assert_eq!(state(&centre, "carla1"), ConversationState::Queued);
    centre.agent("otto1");
    assert!(centre.offer_to("otto1").is_some(), "the next one is asked at once");
    check(&centre);
}

#[test]
fn who_closes_the_page_keeps_the_place_and_is_offered_to_nobody_until_it_is_back() {
    let mut centre = asked();
    centre.caller("dora1", "help", Channel::Voice);
    centre.close("carla1", SignOutReason::Asked);
    centre.agent("mina1");
    assert_eq!(centre.snapshot("mina1").offers[0].conversation_id, conversation(2));
    centre.accept("mina1");
    centre.pass(3_600_000);
    centre.customer("carla2");
    let seen = centre.seen("carla2", 1).unwrap();
    assert_eq!((seen.state, seen.position), (ConversationState::Queued, Some(1)));
    centre.agent("otto1");
    centre.accept("otto1");
    centre.done("carla2", answer(true));
    assert_eq!(talkers(&centre), ["carla2", "otto1"]);
    check(&centre);
}

#[test]
fn an_offer_ends_when_its_customer_falls_silent() {
    let mut centre = asked();
    centre.agent("mina1");
    assert!(centre.offer_to("mina1").is_some());
    centre.away("carla1");
    assert_eq!((centre.offer_to("mina1"), state(&centre, "carla1")), (None, ConversationState::Queued));
    centre.back("carla1");
    assert!(centre.offer_to("mina1").is_some());
    check(&centre);
}

#[test]
fn who_closes_the_page_while_it_rings_has_not_answered() {
    let mut centre = ringing();
    centre.close("carla1", SignOutReason::Asked);
    assert_eq!(centre.seen("mina1", 1), None);
    centre.pass(RETRY);
    assert_eq!(centre.offer_to("mina1"), None, "nobody is there to be called");
    centre.customer("carla2");
    assert!(centre.offer_to("mina1").is_some());
    assert_eq!(callback(&centre, "carla2").map(|c| c.attempts), Some(1));
    check(&centre);
}

#[test]
fn a_customer_who_is_away_while_it_rings_may_come_back_to_answer() {
    let mut centre = ringing();
    centre.away("carla1");
    centre.pass(5_000);
    centre.back("carla1");
    centre.done("carla1", answer(true));
    assert_eq!(talkers(&centre), ["carla1", "mina1"]);
    check(&centre);
}

#[test]
fn the_place_of_who_never_comes_back_is_kept_for_a_time_only() {
    let mut given = config();
    given["queues"][0]["callbacks"] = serde_json::json!({ "keep_ms": 3_600_000 });
    let mut centre = Centre::with(given);
    centre.caller("carla1", "help", Channel::Voice);
    centre.done("carla1", call_me(1, Some(centre.now + 7_200_000)));
    centre.close("carla1", SignOutReason::Asked);
    // It is not expected before the time that it named.
    centre.pass(7_200_000 + 3_599_999);
    assert_eq!(centre.exchange.state.conversations.len(), 1);
    centre.pass(1);
    assert!(centre.exchange.state.conversations.is_empty() && centre.exchange.state.users.is_empty());
    let figures = centre.exchange.queue_today(&queue("help"), centre.now);
    assert_eq!((figures.entered, figures.dropped, figures.abandoned), (1, 1, 0));
    check(&centre);
}

#[test]
fn who_names_a_time_is_not_called_before() {
    let mut centre = Centre::new();
    centre.agent("mina1");
    centre.caller("carla1", "help", Channel::Voice);
    centre.pass(10_000);
    let at = centre.now + 60_000;
    centre.done("carla1", call_me(1, Some(at)));
    assert_eq!(centre.offer_to("mina1"), None, "the offer that rang is taken back");
    assert_eq!(callback(&centre, "carla1").unwrap().at, Some(at));
    let floor = centre.exchange.floor();
    let stats = &floor.queues[0];
    assert_eq!((stats.waiting, stats.offered, stats.callbacks), (1, 0, 1));
    assert_eq!(floor.queues[0].longest_since, None, "nobody lets it wait");
    centre.pass(59_999);
    assert_eq!(centre.offer_to("mina1"), None);
    centre.pass(1);
    assert!(centre.offer_to("mina1").is_some());
    // It had waited ten seconds, and that is what is counted.
    assert_eq!(centre.exchange.floor().queues[0].longest_since, Some(at - 10_000));
    centre.pass(5_000);
    centre.accept("mina1");
    centre.done("carla1", answer(true));
    let figures = centre.exchange.queue_today(&queue("help"), centre.now);
    assert_eq!((figures.answered, figures.wait_ms, figures.abandoned), (1, 15_000, 0));
    check(&centre);
}

#[test]
fn who_waits_on_the_line_again_has_waited_no_less() {
    let mut centre = Centre::new();
    centre.caller("carla1", "help", Channel::Voice);
    centre.pass(10_000);
    centre.caller("dora1", "help", Channel::Voice);
    centre.done("carla1", call_me(1, Some(centre.now + 60_000)));
    assert_eq!(centre.seen("dora1", 2).unwrap().position, Some(1));
    centre.pass(30_000);
    centre.done("carla1", Command::StartVoice { conversation_id: conversation(1) });
    assert_eq!((callback(&centre, "carla1"), talkers(&centre)), (None, vec!["carla1".to_owned()]));
    // Ten seconds before, and none while it did not wait.
    assert_eq!(centre.exchange.state.conversations[&conversation(1)].virtual_start(), centre.now - 10_000);
    assert_eq!(centre.seen("carla1", 1).unwrap().position, Some(2));
    check(&centre);
}

#[test]
fn another_time_may_be_asked_for() {
    let mut centre = asked();
    let later = centre.now + 600_000;
    centre.done("carla1", call_me(1, Some(later)));
    centre.agent("mina1");
    assert_eq!(centre.offer_to("mina1"), None);
    centre.done("carla1", call_me(1, None));
    assert!(centre.offer_to("mina1").is_some());
    assert_eq!(centre.exchange.state.conversations[&conversation(1)].virtual_start, None);
}

#[test]
fn the_customer_may_give_it_up() {
    for rings in [false, true] {
        let mut centre = if rings { ringing() } else { asked() };
        centre.pass(6_000);
        centre.done("carla1", end(1));
        assert_eq!(centre.seen("carla1", 1), None);
        assert_eq!(rings && centre.seen("mina1", 1).is_some(), rings);
        let abandoned = centre.exchange.queue_today(&queue("help"), centre.now).abandoned;
        assert_eq!(abandoned, u32::from(!rings));
        check(&centre);
    }
}

#[test]
fn nobody_takes_over_who_is_being_called() {
    let mut centre = ringing();
    centre.sign_in("sue1", Role::Supervisor);
    centre.agent("otto1");
    let id = conversation(1);
    let to_otto = jackfield_wire::Target::Agent { user_id: super::user("otto") };
    for (who, command) in [
        ("sue1", Command::TakeOver { conversation_id: id.clone() }),
        ("sue1", Command::Reassign { conversation_id: id.clone(), target: to_otto.clone() }),
        ("mina1", Command::Transfer { conversation_id: id.clone(), target: to_otto.clone() }),
        ("mina1", Command::Consult { conversation_id: id.clone(), target: to_otto.clone() }),
        ("mina1", Command::Invite { conversation_id: id.clone(), target: to_otto }),
        ("mina1", Command::CancelConsult { conversation_id: id.clone() }),
        ("mina1", Command::Park { conversation_id: id.clone() }),
        ("carla1", call_me(1, None)),
    ] {
        centre.refused(who, command, Code::WrongState);
    }
}

#[test]
fn not_everybody_is_called_back() {
    let mut given = config();
    given["queues"][1]["callbacks"] = serde_json::json!({ "enabled": false });
    let mut centre = Centre::with(given);
    let now = centre.now;
    centre.caller("carla1", "help", Channel::Voice);
    for at in [0, now, now + 7 * 86_400_000 + 1] {
        centre.refused("carla1", call_me(1, Some(at)), Code::InvalidField);
    }
    let number = Some("+4930123456".to_owned());
    let to_number = Command::RequestCallback { conversation_id: conversation(1), number, at: None };
    centre.refused("carla1", to_number.clone(), Code::NoTrunk);
    let mut connected = config();
    connected["trunk"] = serde_json::json!({ "numbers": ["+49*"] });
    let mut with_trunk = Centre::with(connected);
    with_trunk.caller("carla1", "help", Channel::Voice);
    with_trunk.refused("carla1", to_number, Code::InvalidField);
    centre.caller("dora1", "help", Channel::Chat);
    centre.refused("dora1", call_me(2, None), Code::WrongState);
    centre.refused("dora1", call_me(1, None), Code::NotFound);
    centre.caller("emma1", "vip", Channel::Voice);
    centre.refused("emma1", call_me(3, None), Code::NotAllowed);
    centre.agent("mina1");
    centre.accept("mina1");
    let served = centre.snapshot("mina1").conversations[0].conversation_id.clone();
    let again = Command::RequestCallback { conversation_id: served, number: None, at: None };
    centre.refused("mina1", again, Code::NotAllowed);
}

#[test]
fn the_settings_are_checked() {
    let mut given = config();
    given["queues"][0]["callbacks"] =
        serde_json::json!({ "attempts": 0, "retry_ms": 999, "keep_ms": 59_999 });
    let given: crate::TenantConfig = serde_json::from_value(given).unwrap();
    let problems = given.check().unwrap_err();
    let fields: Vec<_> = problems.iter().map(|problem| problem.field.as_str()).collect();
    let named = ["attempts", "retry_ms", "keep_ms"].map(|field| format!("queues[0].callbacks.{field}"));
    assert_eq!(fields, named);
}

#[test]
fn explain_says_why_nobody_is_called_yet() {
    let mut centre = asked();
    let sentence = |centre: &Centre| centre.exchange.explain(&conversation(1), centre.now).unwrap().sentence;
    assert!(sentence(&centre).starts_with("It has waited"), "{}", sentence(&centre));
    centre.close("carla1", SignOutReason::Asked);
    centre.pass(30_000);
    let away = "Its customer is to be called back from Help, 1 of 1: it has had no page open for 30 s.";
    assert_eq!(sentence(&centre), away);
    centre.customer("carla2");
    centre.done("carla2", call_me(1, Some(centre.now + 90_000)));
    let later = "Its customer is to be called back from Help, 1 of 1: not before 90 s from now.";
    assert_eq!(sentence(&centre), later);
    let mut centre = ringing();
    centre.pass(20_000);
    let again = "Its customer is to be called back from Help, 1 of 1: not before 600 s from now; it was called once and did not answer.";
    assert_eq!(sentence(&centre), again);
}

#[test]
fn both_are_told_how_the_asking_ended() {
    let mut centre = ringing();
    for id in ["carla1", "mina1"] {
        centre.told(id);
    }
    centre.pass(20_000);
    let outcomes = |told: Vec<ServerEvent>| {
        told.into_iter().find_map(|event| match event {
            ServerEvent::PendingChanged { outcome, .. } => outcome,
            _ => None,
        })
    };
    for id in ["carla1", "mina1"] {
        assert_eq!(outcomes(centre.told(id)), Some(OfferOutcome::TimedOut), "{id}");
    }
}
