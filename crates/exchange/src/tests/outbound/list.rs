//! A queue's list: customers who are called by whichever agent of the queue is ready.

use super::*;

/// A supervisor has a customer of the queue's list called; mina is ready, and sees it before anybody rings.
fn listed(target: Target) -> Centre {
    let mut centre = with(json!({ "preview_ms": 30_000, "attempts": 2, "retry_ms": 60_000 }));
    centre.sign_in("bea1", Role::Supervisor);
    let answer = centre.ask("bea1", start(target, false));
    assert_eq!(answer, Ok(Outcome::ConversationStarted { conversation_id: conversation(1) }));
    centre
}

#[test]
fn a_customer_of_the_list_is_offered_to_an_agent_who_looks_first() {
    let mut centre = listed(carla());
    let Ok(Outcome::Waiting { conversations, .. }) =
        centre.ask("bea1", Command::FetchWaiting { queue_id: queue("help"), limit: None })
    else {
        panic!()
    };
    assert!(conversations[0].outbound && conversations[0].customer_name.as_deref() == Some("carla"));
    assert_eq!(centre.exchange.waiting_in(&queue("help")), 0, "no customer waits");
    centre.done("mina1", Command::presence(jackfield_wire::Availability::Available));
    let offer = centre.snapshot("mina1").offers.remove(0);
    assert_eq!((offer.kind, offer.customer_name.as_str()), (jackfield_wire::OfferKind::Preview, "carla"));
    centre.accept("mina1");
    assert_eq!((stage(&centre), talkers(&centre)), (Some(OutboundStage::Preview), Vec::new()));
    centre.done("mina1", dial());
    centre.done("carla1", answer(true));
    assert_eq!(talkers(&centre), ["mina1", "carla1"]);
}

#[test]
fn who_is_skipped_or_not_reached_is_called_again_and_then_no_more() {
    let ways: [fn(&mut Centre); 3] = [
        |centre| centre.done("mina1", skip()),
        |centre| centre.pass(30_000),
        |centre| {
            centre.done("mina1", dial());
            news(centre, ExternalNews::NoAnswer);
            let disposition = Some("solved".to_owned());
            centre.done(
                "mina1",
                Command::FinishWrapUp { conversation_id: conversation(1), disposition, note: None },
            );
        },
    ];
    for way in ways {
        let mut centre = listed(number());
        centre.done("mina1", Command::presence(jackfield_wire::Availability::Available));
        for attempt in 1..=2 {
            centre.accept("mina1");
            way(&mut centre);
            assert_eq!(centre.offer_to("mina1"), None, "not at once");
            assert_eq!(centre.exchange.state.conversations.is_empty(), attempt == 2, "{attempt}");
            centre.pass(60_000);
        }
    }
}

#[test]
fn a_supervisor_withdraws_what_nobody_has() {
    let mut centre = listed(number());
    centre.done("bea1", skip());
    assert!(centre.exchange.state.conversations.is_empty());
    let mut centre = listed(number());
    centre.done("mina1", Command::presence(jackfield_wire::Availability::Available));
    centre.accept("mina1");
    centre.refused("bea1", skip(), Code::WrongState);
    centre.close("mina1", SignOutReason::Lost);
    centre.agent("otto1");
    assert!(centre.offer_to("otto1").is_some(), "the next agent has it at once");
}

#[test]
fn who_called_in_vain_sees_no_more_of_who_calls_next() {
    let mut centre = listed(number());
    centre.done("mina1", Command::presence(jackfield_wire::Availability::Available));
    centre.accept("mina1");
    centre.done("mina1", dial());
    news(&mut centre, ExternalNews::NoAnswer);
    let again = centre.now + 60_000;
    let left = |centre: &Centre| {
        let outbound = centre.seen("mina1", 1).unwrap().outbound.unwrap();
        (outbound.stage, outbound.attempts, outbound.at)
    };
    assert_eq!(left(&centre), (OutboundStage::Waiting, 1, Some(again)));
    centre.done("mina1", Command::ExtendWrapUp { conversation_id: conversation(1) });
    centre.agent("otto1");
    centre.pass(59_999);
    assert_eq!(centre.offer_to("otto1"), None);
    centre.done("mina1", Command::ExtendWrapUp { conversation_id: conversation(1) });
    centre.told("mina1");
    centre.pass(1);
    centre.accept("otto1");
    assert_eq!(centre.seen("otto1", 1).unwrap().outbound.unwrap().stage, OutboundStage::Preview);
    assert_eq!(left(&centre), (OutboundStage::Waiting, 1, Some(again)), "what she was told last");
    let of_calls =
        |told: Vec<ServerEvent>| told.into_iter().any(|e| matches!(e, ServerEvent::OutboundChanged { .. }));
    assert!(!of_calls(centre.told("mina1")));
}

#[test]
fn one_who_had_no_page_open_when_it_was_listed_keeps_its_name_over_a_restart() {
    let mut centre = with(json!({}));
    centre.sign_in("bea1", Role::Supervisor);
    let dora = Target::Customer { user_id: user("dora") };
    centre.ask("bea1", start(dora, false)).unwrap();
    centre.customer("dora1");
    centre.done("mina1", Command::presence(jackfield_wire::Availability::Available));
    centre.accept("mina1");
    centre.done("mina1", dial());
    restart(&mut centre);
    let name = |centre: &Centre| centre.seen("mina1", 1).unwrap().participants[1].name.clone();
    assert_eq!(name(&centre), "dora");
}

#[test]
fn who_is_listed_by_another_name_than_its_own_has_that_name_before_and_after_a_restart() {
    let mut centre = with(json!({}));
    centre.sign_in("bea1", Role::Supervisor);
    let Command::StartOutbound { queue_id, target, channel, preview, subject, attributes, .. } =
        start(carla(), false)
    else {
        unreachable!()
    };
    let name = Some("Ms Carla".to_owned());
    let listed = Command::StartOutbound { queue_id, target, channel, preview, name, subject, attributes };
    centre.ask("bea1", listed).unwrap();
    centre.done("mina1", Command::presence(jackfield_wire::Availability::Available));
    centre.accept("mina1");
    centre.done("mina1", dial());
    restart(&mut centre);
    assert_eq!(centre.seen("mina1", 1).unwrap().participants[1].name, "Ms Carla");
}
