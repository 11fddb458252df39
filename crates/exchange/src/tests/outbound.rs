//! Agents call customers, in their page or by their number.

mod list;

use super::{Centre, centre, centre::outcome, conversation, participant, queue, session, user};
use crate::{ExternalNews, Order};
use jackfield_wire::{
    Activity, Attributes, Channel, Code, Command, ConversationState, EndReason, OfferOutcome, OutboundStage,
    Outcome, Part, PendingKind, Role, ServerEvent, Side, SignOutReason, Target,
};
use serde_json::json;

const NUMBER: &str = "+4930123456";

fn carla() -> Target {
    Target::Customer { user_id: user("carla") }
}

fn number() -> Target {
    Target::Number { number: "+49 30 123456".into() }
}

fn start(target: Target, preview: bool) -> Command {
    on(Channel::Voice, target, preview)
}

fn on(channel: Channel, target: Target, preview: bool) -> Command {
    Command::StartOutbound {
        queue_id: queue("help"),
        target,
        channel,
        preview,
        name: None,
        subject: Some("Your order".into()),
        attributes: Attributes::from([("tier".to_owned(), "gold".into())]),
    }
}

fn dial() -> Command {
    Command::Dial { conversation_id: conversation(1) }
}

fn skip() -> Command {
    Command::Skip { conversation_id: conversation(1), reason: Some("has called already".into()) }
}

fn answer(accept: bool) -> Command {
    Command::AnswerRequest { conversation_id: conversation(1), accept }
}

fn hang_up() -> Command {
    Command::HangUp { conversation_id: conversation(1) }
}

/// mina is signed in, though away; carla has a page open. Nobody talks.
fn quiet() -> Centre {
    with(json!({}))
}

fn with(outbound: serde_json::Value) -> Centre {
    let mut config = centre::config();
    config["trunk"] = json!({ "numbers": ["+49*"], "dial_timeout_ms": 30_000 });
    config["queues"][0]["outbound"] = outbound;
    let mut centre = Centre::with(config);
    centre.sign_in("mina1", Role::Agent);
    centre.customer("carla1");
    centre
}

fn begin(centre: &mut Centre, command: Command) {
    let answer = centre.ask("mina1", command);
    assert_eq!(answer, Ok(Outcome::ConversationStarted { conversation_id: conversation(1) }));
}

fn news(centre: &mut Centre, news: ExternalNews) {
    let (conversation, participant) = centre.exchange.numbers().pop().unwrap();
    centre.order(&Order::External { conversation, participant, news }).unwrap();
}

fn stage(centre: &Centre) -> Option<OutboundStage> {
    Some(centre.seen("mina1", 1)?.outbound?.stage)
}

fn talkers(centre: &Centre) -> Vec<String> {
    let legs = centre.exchange.legs(&conversation(1), Side::Main);
    legs.into_iter().map(|leg| leg.session.to_string()).collect()
}

/// How the conversation ended, as a session was told.
fn ended(told: &[ServerEvent]) -> Option<EndReason> {
    told.iter().find_map(|event| match event {
        ServerEvent::ConversationStateChanged { reason, .. } => *reason,
        _ => None,
    })
}

#[test]
fn in_preview_the_agent_sees_the_customer_and_nobody_is_called() {
    let mut centre = quiet();
    begin(&mut centre, start(carla(), true));
    let seen = centre.seen("mina1", 1).unwrap();
    let outbound = seen.outbound.unwrap();
    assert_eq!(
        (outbound.stage, outbound.target, outbound.by),
        (OutboundStage::Preview, carla(), user("mina"))
    );
    assert_eq!((outbound.name.as_deref(), outbound.expires_at), (Some("carla"), Some(centre.now + 120_000)));
    assert_eq!(seen.attributes["tier"], "gold".into());
    assert_eq!((seen.state, seen.pending), (ConversationState::Active, None));
    assert!(talkers(&centre).is_empty());
    assert_eq!((centre.seen("carla1", 1), centre.told("carla1")), (None, Vec::new()));
    let history =
        Command::FetchCustomerHistory { conversation_id: conversation(1), before: None, limit: None };
    centre.done("mina1", history);
    assert_eq!(
        centre.exchange.customer_behind(&centre.viewers[&session("mina1")], &conversation(1)),
        Ok(user("carla"))
    );
}

#[test]
fn the_customer_sees_who_calls_and_answers() {
    for preview in [true, false] {
        let mut centre = quiet();
        begin(&mut centre, start(carla(), preview));
        if preview {
            centre.done("mina1", dial());
        }
        assert_eq!(
            (stage(&centre), talkers(&centre)),
            (Some(OutboundStage::Calling), vec!["mina1".to_owned()])
        );
        let told = centre.told("carla1");
        let Some(ServerEvent::ConversationAdded { conversation: seen }) = told.first() else {
            panic!("{told:?}")
        };
        let pending = seen.pending.clone().unwrap();
        assert_eq!((pending.kind, pending.target, pending.by), (PendingKind::Outbound, None, None));
        assert_eq!(pending.expires_at, Some(centre.now + 20_000));
        assert_eq!((seen.queue_id.clone(), seen.subject.as_deref()), (queue("help"), Some("Your order")));
        assert_eq!(
            (&seen.outbound, seen.attributes.len()),
            (&None, 0),
            "what the agent knows is not for the customer"
        );
        // The voice is that of the page in which the customer says yes.
        centre.customer("carla2");
        centre.done("carla2", answer(true));
        assert_eq!(
            (stage(&centre), talkers(&centre)),
            (Some(OutboundStage::Reached), vec!["mina1".to_owned(), "carla2".to_owned()])
        );
        assert_eq!(centre.seen("carla1", 1).unwrap().outbound, None);
        centre.done("mina1", hang_up());
        assert_eq!(centre.seen("mina1", 1).unwrap().state, ConversationState::WrapUp);
    }
}

#[test]
fn whatever_keeps_the_customer_from_answering_leads_to_the_wrap_up() {
    type End = fn(&mut Centre);
    let ways: [(End, OfferOutcome); 6] = [
        (|centre| centre.done("carla1", answer(false)), OfferOutcome::Rejected),
        (|centre| centre.pass(20_000), OfferOutcome::TimedOut),
        (|centre| centre.done("mina1", hang_up()), OfferOutcome::Rescinded),
        (
            |centre| centre.done("mina1", Command::CancelConsult { conversation_id: conversation(1) }),
            OfferOutcome::Rescinded,
        ),
        (|centre| centre.close("carla1", SignOutReason::Lost), OfferOutcome::Canceled),
        (
            |centre| centre.done("carla1", Command::EndConversation { conversation_id: conversation(1) }),
            OfferOutcome::Canceled,
        ),
    ];
    for (n, (end, how)) in ways.into_iter().enumerate() {
        let mut centre = quiet();
        begin(&mut centre, start(carla(), false));
        centre.told("mina1");
        end(&mut centre);
        let told = centre.told("mina1");
        assert_eq!((outcome(&told), ended(&told)), (Some(how), Some(EndReason::Unreached)), "{n}");
        assert_eq!(centre.seen("mina1", 1).unwrap().state, ConversationState::WrapUp);
        assert_eq!(centre.seen("mina1", 1).unwrap().participants.len(), 1);
        assert!(talkers(&centre).is_empty());
        // The codes of the queue say what it came to.
        let finish = |disposition: Option<&str>| Command::FinishWrapUp {
            conversation_id: conversation(1),
            disposition: disposition.map(str::to_owned),
            note: None,
        };
        centre.refused("mina1", finish(None), Code::InvalidField);
        centre.done("mina1", finish(Some("solved")));
        assert!(centre.exchange.state.conversations.is_empty());
    }
}

#[test]
fn what_is_skipped_is_over_and_nobody_was_called() {
    for command in [skip(), Command::EndConversation { conversation_id: conversation(1) }] {
        let mut centre = quiet();
        begin(&mut centre, start(carla(), true));
        centre.told("mina1");
        centre.done("mina1", command);
        assert_eq!(ended(&centre.told("mina1")), Some(EndReason::Skipped));
        assert!(centre.exchange.state.conversations.is_empty(), "there is nothing to wrap up");
        assert_eq!(centre.told("carla1"), []);
    }
}

#[test]
fn when_the_time_to_look_is_over_the_queue_says_what_follows() {
    let mut centre = with(json!({ "preview_ms": 30_000 }));
    begin(&mut centre, start(carla(), true));
    centre.pass(29_999);
    assert_eq!(stage(&centre), Some(OutboundStage::Preview));
    centre.told("mina1");
    centre.pass(1);
    assert_eq!(ended(&centre.told("mina1")), Some(EndReason::Skipped));

    let mut centre = with(json!({ "preview_ms": 30_000, "on_preview_end": "dial" }));
    begin(&mut centre, start(carla(), true));
    centre.pass(30_000);
    assert_eq!((stage(&centre), talkers(&centre)), (Some(OutboundStage::Calling), vec!["mina1".to_owned()]));

    let mut centre = with(json!({ "preview_ms": 30_000, "on_preview_end": "dial" }));
    begin(&mut centre, start(carla(), true));
    centre.close("carla1", SignOutReason::Asked);
    centre.told("mina1");
    centre.pass(30_000);
    assert_eq!(ended(&centre.told("mina1")), Some(EndReason::Unreached), "whom nobody can call");
}

#[test]
fn a_number_is_dialled_and_is_the_customer() {
    let mut centre = quiet();
    begin(&mut centre, start(number(), true));
    let outbound = centre.seen("mina1", 1).unwrap().outbound.unwrap();
    assert_eq!(outbound.target, Target::Number { number: NUMBER.into() });
    assert!(centre.exchange.numbers().is_empty());
    centre.done("mina1", dial());
    let seen = centre.seen("mina1", 1).unwrap();
    let party = seen.participants.iter().find(|p| p.part == Part::Customer).unwrap();
    assert_eq!((party.name.as_str(), party.dialing), (NUMBER, true));
    assert_eq!(talkers(&centre), ["mina1"]);
    news(&mut centre, ExternalNews::Answered);
    assert_eq!(
        (stage(&centre), talkers(&centre)),
        (Some(OutboundStage::Reached), vec!["mina1".into(), "external:p2".into()])
    );
    // From here on it is held and transferred as any customer is.
    centre.agent("otto1");
    centre.done("mina1", Command::Hold { conversation_id: conversation(1), participant_id: None });
    centre.done("mina1", Command::Resume { conversation_id: conversation(1), participant_id: None });
    let target = Target::Agent { user_id: user("otto") };
    centre.done("mina1", Command::Transfer { conversation_id: conversation(1), target });
    centre.accept("otto1");
    assert_eq!(talkers(&centre), ["external:p2", "otto1"]);
    centre.told("otto1");
    news(&mut centre, ExternalNews::HungUp);
    assert_eq!(ended(&centre.told("otto1")), Some(EndReason::CustomerLeft));
}

#[test]
fn a_number_that_does_not_answer_leads_to_the_wrap_up() {
    let all = [
        ExternalNews::Busy,
        ExternalNews::NoAnswer,
        ExternalNews::Rejected,
        ExternalNews::Unreachable,
        ExternalNews::HungUp,
    ];
    for how in all.map(Some).into_iter().chain([None]) {
        let mut centre = quiet();
        begin(&mut centre, start(number(), false));
        centre.told("mina1");
        match how {
            Some(how) => news(&mut centre, how),
            None => centre.pass(30_000),
        }
        assert_eq!(ended(&centre.told("mina1")), Some(EndReason::Unreached), "{how:?}");
        assert_eq!(centre.seen("mina1", 1).unwrap().state, ConversationState::WrapUp);
        assert!(centre.exchange.numbers().is_empty());
    }
}

#[test]
fn a_chat_begins_when_the_customer_says_yes() {
    let mut centre = quiet();
    begin(&mut centre, on(Channel::Chat, carla(), true));
    let say = |text: &str| Command::SendMessage {
        conversation_id: conversation(1),
        text: text.into(),
        visibility: jackfield_wire::Visibility::Everyone,
    };
    centre.refused("mina1", say("Hello"), Code::WrongState);
    centre.done("mina1", dial());
    centre.done("carla1", answer(true));
    assert_eq!((stage(&centre), talkers(&centre)), (Some(OutboundStage::Reached), Vec::new()));
    centre.ask("mina1", say("Hello")).unwrap();
    centre.ask("carla1", say("Hello")).unwrap();
}

#[test]
fn an_agent_that_is_gone_takes_the_call_with_it() {
    for (target, preview) in [(carla(), true), (carla(), false), (number(), true), (number(), false)] {
        let mut centre = quiet();
        begin(&mut centre, start(target, preview));
        centre.told("carla1");
        centre.close("mina1", SignOutReason::Lost);
        assert!(centre.exchange.state.conversations.is_empty());
        assert!(centre.snapshot("carla1").conversations.is_empty());
        assert!(centre.exchange.numbers().is_empty());
    }
}

#[test]
fn a_customer_who_was_reached_waits_when_its_agent_is_lost() {
    let mut centre = quiet();
    begin(&mut centre, start(number(), false));
    news(&mut centre, ExternalNews::Answered);
    centre.agent("otto1");
    centre.close("mina1", SignOutReason::Lost);
    centre.accept("otto1");
    assert_eq!(talkers(&centre), ["external:p2", "otto1"]);
    let figures = centre.exchange.queue_today(&queue("help"), centre.now);
    assert_eq!((figures.entered, figures.answered), (1, 1), "from then on it is a customer who waits");
}

#[test]
fn it_takes_room_as_any_conversation_and_shows_as_one() {
    let mut centre = quiet();
    begin(&mut centre, start(carla(), true));
    assert_eq!(centre.snapshot("mina1").presence.activity, Activity::InACall);
    centre.customer("dora1");
    let other = Target::Customer { user_id: user("dora") };
    centre.refused("mina1", start(other, true), Code::NoCapacity);
    centre.done("mina1", Command::presence(jackfield_wire::Availability::Available));
    centre.start("dora1", "help", Channel::Voice);
    assert_eq!(centre.offer_to("mina1"), None);
    centre.done("mina1", skip());
    assert!(centre.offer_to("mina1").is_some());
}

#[test]
fn it_counts_apart_from_the_line_and_its_time_with_the_other() {
    let mut centre = quiet();
    begin(&mut centre, start(carla(), true));
    centre.pass(10_000);
    centre.done("mina1", dial());
    centre.pass(5_000);
    centre.done("carla1", answer(true));
    centre.pass(60_000);
    centre.done("mina1", hang_up());
    centre.pass(30_000);
    let figures = centre.exchange.queue_today(&queue("help"), centre.now);
    assert_eq!((figures.entered, figures.answered, figures.abandoned), (0, 0, 0));
    assert_eq!((figures.outbound, figures.reached, figures.handled), (1, 1, 1));
    assert_eq!(
        (figures.talk_ms, figures.wrap_up_ms),
        (75_000, 30_000),
        "to look and to ring is handling, too"
    );
    let agent = centre.exchange.agent_today(&user("mina"), centre.now);
    assert_eq!((agent.calls, agent.handling_ms), (1, 75_000));
}

#[test]
fn who_can_not_be_called_is_said_at_once() {
    let mut centre = quiet();
    let dora = Target::Customer { user_id: user("dora") };
    centre.refused("mina1", start(dora.clone(), true), Code::CustomerUnreachable);
    centre.refused("mina1", start(Target::Customer { user_id: user("otto") }, true), Code::InvalidField);
    centre.refused("mina1", start(Target::Queue { queue_id: queue("help") }, true), Code::InvalidField);
    centre.refused("mina1", on(Channel::Chat, number(), true), Code::InvalidField);
    let abroad = Target::Number { number: "+821012345678".into() };
    centre.refused("mina1", start(abroad, true), Code::NumberNotAllowed);
    centre.refused("carla1", start(dora.clone(), true), Code::NotAllowed);
    centre.refused(
        "mina1",
        Command::StartOutbound {
            queue_id: queue("gone"),
            target: carla(),
            channel: Channel::Voice,
            preview: true,
            name: None,
            subject: None,
            attributes: Attributes::new(),
        },
        Code::NotFound,
    );
    // The customer is there, but in a call of another queue; or waits in this one.
    centre.start("carla1", "vip", Channel::Voice);
    centre.refused("mina1", start(carla(), true), Code::CustomerUnreachable);
    centre.caller("dora1", "help", Channel::Chat);
    centre.refused("mina1", start(dora, true), Code::WrongState);
    centre.sign_in("zoe1", Role::Agent);
    centre.refused("zoe1", start(number(), true), Code::NotAllowed);
    let mut config = centre::config();
    config["queues"][0]["channels"] = json!(["chat"]);
    let mut centre = Centre::with(config);
    centre.sign_in("mina1", Role::Agent);
    centre.refused("mina1", start(number(), true), Code::QueueClosed);
    let mut centre = Centre::new();
    centre.sign_in("mina1", Role::Agent);
    centre.refused("mina1", start(number(), true), Code::NoTrunk);
}

#[test]
fn who_is_gone_by_the_time_of_the_call_leaves_the_agent_in_preview() {
    let mut centre = quiet();
    begin(&mut centre, start(carla(), true));
    centre.close("carla1", SignOutReason::Asked);
    centre.refused("mina1", dial(), Code::CustomerUnreachable);
    assert_eq!(stage(&centre), Some(OutboundStage::Preview));
    centre.customer("carla1");
    centre.done("mina1", dial());
    centre.refused("mina1", dial(), Code::WrongState);
    centre.refused("mina1", skip(), Code::WrongState);
}

#[test]
fn nothing_is_handed_over_before_the_customer_is_there() {
    let mut centre = quiet();
    centre.agent("otto1");
    centre.sign_in("bea1", Role::Supervisor);
    begin(&mut centre, start(carla(), true));
    let id = || conversation(1);
    let target = || Target::Agent { user_id: user("otto") };
    for calling in [false, true] {
        if calling {
            centre.done("mina1", dial());
        }
        for command in [
            Command::Transfer { conversation_id: id(), target: target() },
            Command::Consult { conversation_id: id(), target: target() },
            Command::Invite { conversation_id: id(), target: target() },
            Command::Park { conversation_id: id() },
        ] {
            centre.refused("mina1", command, Code::WrongState);
        }
        centre.refused("bea1", Command::TakeOver { conversation_id: id() }, Code::WrongState);
        centre.refused(
            "bea1",
            Command::Reassign { conversation_id: id(), target: target() },
            Code::WrongState,
        );
    }
}

#[test]
fn of_two_who_call_a_customer_the_second_is_told_so() {
    let mut centre = quiet();
    centre.sign_in("otto1", Role::Agent);
    begin(&mut centre, start(carla(), true));
    centre.ask("otto1", start(carla(), true)).unwrap();
    centre.done("mina1", dial());
    let dial = Command::Dial { conversation_id: conversation(2) };
    centre.refused("otto1", dial, Code::WrongState);
}

#[test]
fn who_watches_the_floor_sees_and_asks_what_it_is() {
    let mut centre = quiet();
    centre.sign_in("bea1", Role::Supervisor);
    let says = |centre: &mut Centre| match centre
        .ask("bea1", Command::Explain { conversation_id: conversation(1) })
    {
        Ok(Outcome::Explanation { explanation }) => explanation.sentence,
        other => panic!("{other:?}"),
    };
    begin(&mut centre, start(carla(), true));
    assert_eq!(says(&mut centre), "mina has begun it, and looks at it before the call.");
    let floor = centre.exchange.floor();
    let mina = floor.agents.iter().find(|agent| agent.user_id == user("mina")).unwrap();
    assert_eq!(mina.conversations[0].customer_name.as_deref(), Some("carla"));
    assert_eq!(floor.queues[0].waiting, 0);
    centre.done("mina1", dial());
    assert_eq!(says(&mut centre), "mina has begun it, and calls the customer.");
    centre.done("carla1", answer(true));
    assert_eq!(says(&mut centre), "mina has begun it, reached the customer, and serves it.");
}

#[test]
fn who_watches_the_floor_is_told_how_far_an_agent_came_to_its_customer() {
    let mut centre = quiet();
    centre.sign_in("bea1", Role::Supervisor);
    centre.watch_floor("bea1", &[], &["mina"]);
    let told = |centre: &mut Centre| {
        let mina = centre.floor_changes("bea1").map(|delta| delta.agents[0].clone()).unwrap();
        mina.conversations.first().map(|one| (one.state, one.stage))
    };
    begin(&mut centre, start(carla(), true));
    let is = |stage| Some((ConversationState::Active, stage));
    assert_eq!(told(&mut centre), is(Some(OutboundStage::Preview)));
    centre.done("mina1", dial());
    assert_eq!(told(&mut centre), is(Some(OutboundStage::Calling)));
    centre.done("carla1", answer(true));
    assert_eq!(told(&mut centre), is(None), "from here on as any other");

    let mut centre = quiet();
    centre.sign_in("bea1", Role::Supervisor);
    centre.watch_floor("bea1", &[], &["mina"]);
    begin(&mut centre, start(number(), false));
    assert_eq!(told(&mut centre), is(Some(OutboundStage::Calling)));
    news(&mut centre, ExternalNews::Busy);
    assert_eq!(told(&mut centre), Some((ConversationState::WrapUp, None)));
}

#[test]
fn a_record_says_why_nobody_was_called_and_when_somebody_answered() {
    let record = |centre: &Centre| {
        let mut records = crate::Records::default();
        let entries = centre.journal.iter().map(|(at, event)| crate::switchboard::Entry {
            at: *at,
            asked: None,
            outcome: None,
            facts: Vec::new(),
            events: vec![event.clone()],
        });
        let finished: Vec<_> = entries.flat_map(|entry| records.note(&entry)).collect();
        serde_json::to_value(&finished[0].1).unwrap()
    };
    let mut centre = quiet();
    begin(&mut centre, start(carla(), true));
    centre.done("mina1", skip());
    let skipped = record(&centre);
    assert_eq!((&skipped["skipped"], &skipped["reason"]), (&json!("has called already"), &json!("skipped")));
    assert_eq!(skipped["parties"].as_array().unwrap().len(), 1, "the customer took no part");

    let mut centre = quiet();
    begin(&mut centre, start(carla(), false));
    centre.pass(3_000);
    centre.done("carla1", answer(true));
    centre.done("carla1", hang_up());
    centre.pass(30_000);
    let reached = record(&centre);
    assert_eq!((&reached["answeredAt"], &reached["reason"]), (&json!(1_003_000), &json!("customerLeft")));
}

/// The state is what the journal and the rows make of it.
fn restart(centre: &mut Centre) {
    let mut again = crate::Exchange::new(centre.exchange.config().clone());
    for (at, event) in &centre.journal {
        let written = serde_json::to_string(event).unwrap();
        assert!(!written.contains(NUMBER) && !written.contains("Your order"), "{written}");
        again.apply(&serde_json::from_str(&written).unwrap(), *at);
    }
    centre.journal.iter().filter_map(|(_, event)| event.body()).for_each(|row| again.furnish(&row));
    assert_eq!(again.state(), centre.exchange.state());
    centre.exchange = again;
}

#[test]
fn after_a_restart_the_number_is_known_and_its_call_is_over() {
    let mut centre = quiet();
    begin(&mut centre, start(number(), true));
    restart(&mut centre);
    centre.done("mina1", dial());
    assert_eq!(centre.exchange.numbers(), [(conversation(1), participant(2))]);
    news(&mut centre, ExternalNews::HungUp);
    assert_eq!(centre.seen("mina1", 1).unwrap().state, ConversationState::WrapUp);
}

#[test]
fn a_queue_that_an_agent_serves_in_a_ring_only_is_one_of_its_own() {
    let mut config = centre::config();
    config["queues"][0]["skills"] = json!({ "french": 9 });
    config["queues"][0]["rings"] = json!([{ "after_ms": 10_000, "skills": {} }]);
    config["trunk"] = json!({ "numbers": ["+49*"] });
    let mut centre = Centre::with(config);
    centre.sign_in("mina1", Role::Agent);
    begin(&mut centre, start(number(), true));
}
