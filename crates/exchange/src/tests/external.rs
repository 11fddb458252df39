//! Telephone numbers as parties of a conversation.

use super::{Centre, centre, centre::outcome, conversation, participant, queue, session, user};
use crate::{ExternalNews, Order, TenantConfig};
use jackfield_wire::{
    Activity, Channel, Code, Command, ConversationState, EndReason, LeaveReason, OfferOutcome, Part, Role,
    ServerEvent, Side, SignOutReason, Target,
};

const NUMBER: &str = "+4930123456";

fn target() -> Target {
    Target::Number { number: "+49 (30) 12-34.56".into() }
}

fn transfer() -> Command {
    Command::Transfer { conversation_id: conversation(1), target: target() }
}

fn consult() -> Command {
    Command::Consult { conversation_id: conversation(1), target: target() }
}

fn invite() -> Command {
    Command::Invite { conversation_id: conversation(1), target: target() }
}

/// Carla talks with mina, whose tenant has a trunk; otto is ready. The number will be the third party.
fn talking(channel: Channel) -> Centre {
    let mut config = centre::config();
    config["trunk"] = serde_json::json!({ "numbers": ["+49*"] });
    let mut centre = Centre::with(config);
    centre.agent("mina1");
    centre.caller("carla1", "help", channel);
    centre.accept("mina1");
    centre.agent("otto1");
    centre.told("carla1");
    centre.told("mina1");
    centre
}

fn news(centre: &mut Centre, news: ExternalNews) {
    let (conversation, participant) = (conversation(1), participant(3));
    centre.order(&Order::External { conversation, participant, news }).unwrap();
}

/// Who is on a side of the call, and whether held.
fn on(centre: &Centre, side: Side) -> Vec<(String, bool)> {
    let legs = centre.exchange.legs(&conversation(1), side);
    legs.into_iter().map(|leg| (leg.session.to_string(), leg.held)).collect()
}

fn legs(list: &[(&str, bool)]) -> Vec<(String, bool)> {
    list.iter().map(|(session, held)| ((*session).to_owned(), *held)).collect()
}

/// How the number went, as a session was told.
fn how_it_went(told: &[ServerEvent]) -> Option<LeaveReason> {
    told.iter().find_map(|event| match event {
        ServerEvent::ParticipantLeft { participant_id, reason, .. } if *participant_id == participant(3) => {
            Some(*reason)
        }
        _ => None,
    })
}

#[test]
fn a_blind_transfer_leaves_customer_and_number_alone() {
    let mut centre = talking(Channel::Voice);
    centre.done("mina1", transfer());
    assert_eq!(on(&centre, Side::Main), legs(&[("carla1", true), ("mina1", false)]));
    let seen = centre.seen("mina1", 1).unwrap();
    let number = seen.participants.iter().find(|p| p.part == Part::External).unwrap();
    assert_eq!((number.name.as_str(), number.dialing, &number.voice), (NUMBER, true, &None));
    assert_eq!(seen.pending.unwrap().target, Some(Target::Number { number: NUMBER.into() }));
    let carla = centre.seen("carla1", 1).unwrap();
    assert_eq!(carla.participants.len(), 2, "the customer knows of nobody before somebody answers");
    let told = carla.pending.unwrap();
    assert_eq!((told.target, told.expires_at), (None, None));

    news(&mut centre, ExternalNews::Answered);
    assert_eq!(on(&centre, Side::Main), legs(&[("carla1", false), ("external:p3", false)]));
    assert_eq!(outcome(&centre.told("carla1")), Some(OfferOutcome::Accepted));
    let carla = centre.seen("carla1", 1).unwrap();
    let others: Vec<_> = carla.participants.iter().map(|p| (p.part, p.name.as_str())).collect();
    assert_eq!(others, [(Part::Customer, "carla"), (Part::External, "")], "not the number");
    assert_eq!(carla.state, ConversationState::Active);
    assert_eq!(centre.seen("mina1", 1).unwrap().state, ConversationState::WrapUp);
    assert_eq!(centre.snapshot("mina1").presence.activity, Activity::WrapUp);
    let figures = centre.exchange.queue_today(&queue("help"), centre.now);
    assert_eq!((figures.answered, figures.transferred), (1, 1));
}

#[test]
fn it_is_over_when_either_hangs_up() {
    for customer in [true, false] {
        let mut centre = talking(Channel::Voice);
        centre.done("mina1", transfer());
        news(&mut centre, ExternalNews::Answered);
        centre.pass(40_000);
        assert_eq!(centre.seen("mina1", 1), None, "her work after it is done");
        let expected = if customer {
            centre.done("carla1", Command::HangUp { conversation_id: conversation(1) });
            EndReason::CustomerLeft
        } else {
            news(&mut centre, ExternalNews::HungUp);
            EndReason::ExternalLeft
        };
        let ended = centre.told("carla1").into_iter().any(|event| {
            matches!(event, ServerEvent::ConversationStateChanged { state: ConversationState::Ended, reason, .. } if reason == Some(expected))
        });
        assert!(ended && centre.exchange.state.conversations.is_empty());
        assert_eq!(on(&centre, Side::Main), []);
    }
}

#[test]
fn a_supervisor_takes_over_what_was_given_outside() {
    let mut centre = talking(Channel::Voice);
    centre.sign_in("bea1", Role::Supervisor);
    centre.done("mina1", transfer());
    let take_over = || Command::TakeOver { conversation_id: conversation(1) };
    news(&mut centre, ExternalNews::Answered);
    centre.refused("mina1", take_over(), Code::NotAllowed);
    centre.told("carla1");
    centre.done("bea1", take_over());
    assert_eq!(on(&centre, Side::Main), legs(&[("carla1", false), ("external:p3", false), ("bea1", false)]));
    let seen = centre.seen("bea1", 1).unwrap();
    let owner = seen.participants.iter().find(|p| p.owner).map(|p| p.user_id.clone());
    assert_eq!((owner, seen.state), (Some(user("bea")), ConversationState::Active));
    let told = centre.told("carla1");
    assert!(matches!(&told[..], [ServerEvent::ParticipantJoined { .. }]), "a colleague came in: {told:?}");
    news(&mut centre, ExternalNews::HungUp);
    assert_eq!(on(&centre, Side::Main), legs(&[("carla1", false), ("bea1", false)]));
    centre.done("carla1", Command::HangUp { conversation_id: conversation(1) });
    assert_eq!(centre.seen("bea1", 1).unwrap().state, ConversationState::WrapUp);
    assert_eq!(centre.exchange.index, centre.exchange.build_index());
    super::recount::check_statistics(&centre.exchange, &centre.journal);
}

#[test]
fn whatever_does_not_answer_leaves_all_as_it_was() {
    let ends = [
        (Some(ExternalNews::Busy), LeaveReason::Busy, OfferOutcome::Rejected),
        (Some(ExternalNews::Rejected), LeaveReason::Rejected, OfferOutcome::Rejected),
        (Some(ExternalNews::NoAnswer), LeaveReason::NoAnswer, OfferOutcome::TimedOut),
        (Some(ExternalNews::Unreachable), LeaveReason::Unreachable, OfferOutcome::Canceled),
        (None, LeaveReason::NoAnswer, OfferOutcome::TimedOut),
    ];
    for (said, how, as_outcome) in ends {
        for command in [transfer(), consult(), invite()] {
            let mut centre = talking(Channel::Voice);
            centre.done("mina1", command.clone());
            match said {
                Some(said) => news(&mut centre, said),
                // The tenant's own time.
                None => centre.pass(45_000),
            }
            let told = centre.told("mina1");
            assert_eq!((how_it_went(&told), outcome(&told)), (Some(how), Some(as_outcome)), "{command:?}");
            assert_eq!(on(&centre, Side::Main), legs(&[("carla1", false), ("mina1", false)]));
            assert_eq!(how_it_went(&centre.told("carla1")), None);
            assert_eq!(centre.seen("mina1", 1).unwrap().pending, None);
            // News that comes too late is none.
            news(&mut centre, ExternalNews::Answered);
            assert_eq!(centre.seen("mina1", 1).unwrap().participants.len(), 2);
        }
    }
}

#[test]
fn who_asked_takes_it_back() {
    let mut centre = talking(Channel::Voice);
    centre.done("mina1", transfer());
    centre.refused("mina1", consult(), Code::WrongState);
    centre.refused("mina1", Command::HangUp { conversation_id: conversation(1) }, Code::WrongState);
    centre.done("mina1", Command::CancelConsult { conversation_id: conversation(1) });
    assert_eq!(how_it_went(&centre.told("mina1")), Some(LeaveReason::Removed));
    assert_eq!(on(&centre, Side::Main), legs(&[("carla1", false), ("mina1", false)]));
    centre.done("mina1", invite());
    let remove =
        Command::RemoveParticipant { conversation_id: conversation(1), participant_id: participant(4) };
    centre.done("mina1", remove);
    assert_eq!(centre.seen("mina1", 1).unwrap().pending, None);
}

#[test]
fn a_number_is_consulted_as_a_colleague_is() {
    let id = || conversation(1);
    let mut centre = talking(Channel::Voice);
    centre.done("mina1", consult());
    assert_eq!(
        on(&centre, Side::Main),
        legs(&[("carla1", false), ("mina1", false)]),
        "she goes on meanwhile"
    );
    news(&mut centre, ExternalNews::Answered);
    assert_eq!(on(&centre, Side::Main), legs(&[("carla1", true)]));
    assert_eq!(on(&centre, Side::Consult), legs(&[("mina1", false), ("external:p3", false)]));
    assert_eq!(centre.seen("carla1", 1).unwrap().participants.len(), 2, "never the consult side");
    centre.done("mina1", Command::Swap { conversation_id: id() });
    assert_eq!(on(&centre, Side::Main), legs(&[("carla1", false), ("mina1", false)]));
    assert_eq!(on(&centre, Side::Consult), legs(&[("external:p3", true)]));
    centre.done("mina1", Command::Swap { conversation_id: id() });
    let told = centre.told("carla1");
    let names_it = |event: &ServerEvent| serde_json::to_string(event).unwrap().contains("p3");
    assert!(!told.iter().any(names_it), "{told:?}");

    let mut completed = centre.clone();
    completed.done("mina1", Command::CompleteConsult { conversation_id: id() });
    assert_eq!(on(&completed, Side::Main), legs(&[("carla1", false), ("external:p3", false)]));
    assert_eq!(completed.seen("mina1", 1).unwrap().state, ConversationState::WrapUp);

    let mut conference = centre.clone();
    conference.done("mina1", Command::Conference { conversation_id: id() });
    let all = legs(&[("carla1", false), ("mina1", false), ("external:p3", false)]);
    assert_eq!(on(&conference, Side::Main), all);
    assert_eq!(conference.seen("carla1", 1).unwrap().participants.len(), 3);

    let mut hung_up = centre.clone();
    news(&mut hung_up, ExternalNews::HungUp);
    centre.done("mina1", Command::CancelConsult { conversation_id: id() });
    for after in [centre, hung_up] {
        assert_eq!(on(&after, Side::Main), legs(&[("carla1", false), ("mina1", false)]));
        assert_eq!(on(&after, Side::Consult), []);
    }
}

#[test]
fn a_number_in_a_conference_is_held_muted_and_removed() {
    let number = || Some(participant(3));
    let mut centre = talking(Channel::Voice);
    centre.done("mina1", invite());
    news(&mut centre, ExternalNews::Answered);
    let all = legs(&[("carla1", false), ("mina1", false), ("external:p3", false)]);
    assert_eq!(on(&centre, Side::Main), all);
    assert!(!centre.seen("mina1", 1).unwrap().participants[2].away, "it has no session that could be silent");
    centre.done("mina1", Command::Hold { conversation_id: conversation(1), participant_id: number() });
    assert_eq!(on(&centre, Side::Main)[2], ("external:p3".to_owned(), true));
    centre.done("mina1", Command::Resume { conversation_id: conversation(1), participant_id: number() });
    let mute = Command::SetMuted { conversation_id: conversation(1), participant_id: number(), muted: true };
    centre.done("mina1", mute);
    assert!(centre.exchange.legs(&conversation(1), Side::Main)[2].muted);
    centre.refused("mina1", Command::Park { conversation_id: conversation(1) }, Code::WrongState);
    let remove =
        Command::RemoveParticipant { conversation_id: conversation(1), participant_id: participant(3) };
    centre.refused("carla1", remove.clone(), Code::NotAllowed);
    centre.done("mina1", remove);
    assert_eq!(how_it_went(&centre.told("carla1")), Some(LeaveReason::Removed));
    assert_eq!(on(&centre, Side::Main), legs(&[("carla1", false), ("mina1", false)]));
}

#[test]
fn in_a_conference_of_agents_another_of_them_is_the_owner_then() {
    let mut centre = talking(Channel::Voice);
    let otto = Target::Agent { user_id: user("otto") };
    centre.done("mina1", Command::Invite { conversation_id: conversation(1), target: otto });
    centre.accept("otto1");
    centre.done("mina1", transfer());
    let (conversation, participant) = (conversation(1), participant(4));
    centre.order(&Order::External { conversation, participant, news: ExternalNews::Answered }).unwrap();
    let seen = centre.seen("otto1", 1).unwrap();
    assert!(seen.participants.iter().any(|p| p.owner && p.user_id == user("otto")));
    assert_eq!(on(&centre, Side::Main), legs(&[("carla1", false), ("otto1", false), ("external:p4", false)]));
}

#[test]
fn when_the_agent_is_lost_the_number_goes_and_the_customer_is_in_line_again() {
    for answered in [true, false] {
        for command in [transfer(), consult(), invite()] {
            let mut centre = talking(Channel::Voice);
            centre.close("otto1", SignOutReason::Asked);
            centre.done("mina1", command.clone());
            if answered && !matches!(command, Command::Transfer { .. }) {
                news(&mut centre, ExternalNews::Answered);
            }
            centre.close("mina1", SignOutReason::Lost);
            let seen = centre.seen("carla1", 1).unwrap();
            assert_eq!((seen.state, seen.pending), (ConversationState::Queued, None), "{command:?}");
            assert_eq!(on(&centre, Side::Main), legs(&[("carla1", false)]));
            assert_eq!(on(&centre, Side::Consult), []);
            assert_eq!(centre.exchange.numbers(), []);
        }
    }
}

#[test]
fn in_a_chat_a_number_comes_into_its_call_only() {
    let mut centre = talking(Channel::Chat);
    centre.refused("mina1", invite(), Code::WrongState);
    centre.done("carla1", Command::StartVoice { conversation_id: conversation(1) });
    centre.accept("mina1");
    centre.refused("mina1", transfer(), Code::WrongState);
    centre.done("mina1", consult());
    news(&mut centre, ExternalNews::Answered);
    centre.refused("mina1", Command::CompleteConsult { conversation_id: conversation(1) }, Code::WrongState);
    centre.done("mina1", Command::Conference { conversation_id: conversation(1) });
    // Nobody is left for it to talk to.
    centre.done("mina1", Command::HangUp { conversation_id: conversation(1) });
    centre.done("carla1", Command::HangUp { conversation_id: conversation(1) });
    assert_eq!(centre.exchange.numbers(), []);
    assert_eq!(centre.seen("mina1", 1).unwrap().state, ConversationState::Active, "the chat goes on");
}

#[test]
fn a_supervisor_gives_a_call_outside_and_ends_what_it_sees_there() {
    let mut centre = talking(Channel::Voice);
    centre.sign_in("bea1", Role::Supervisor);
    let reassign = Command::Reassign { conversation_id: conversation(1), target: target() };
    centre.done("bea1", reassign);
    centre.refused("mina1", Command::CancelConsult { conversation_id: conversation(1) }, Code::NotAllowed);
    news(&mut centre, ExternalNews::Answered);
    let remove =
        Command::RemoveParticipant { conversation_id: conversation(1), participant_id: participant(3) };
    centre.done("bea1", remove);
    assert_eq!(centre.seen("carla1", 1), None);
}

#[test]
fn a_supervisor_who_gives_it_to_another_number_ends_the_first_call() {
    let mut centre = talking(Channel::Voice);
    centre.sign_in("bea1", Role::Supervisor);
    centre.done("mina1", consult());
    centre.done("bea1", Command::Reassign { conversation_id: conversation(1), target: target() });
    assert_eq!(centre.exchange.numbers(), [(conversation(1), participant(4))]);
    assert_eq!(how_it_went(&centre.told("mina1")), Some(LeaveReason::Removed));
}

#[test]
fn where_the_tenant_says_so_a_number_in_vain_puts_the_customer_in_line() {
    let mut centre = talking(Channel::Voice);
    let mut config = centre.exchange.config().clone();
    config.on_failed_transfer = crate::FailedTransfer::Queue;
    centre.exchange.reconfigure(config);
    centre.close("otto1", SignOutReason::Asked);
    centre.done("mina1", transfer());
    news(&mut centre, ExternalNews::Busy);
    assert_eq!(centre.seen("carla1", 1).unwrap().state, ConversationState::Queued);
    assert_eq!(centre.seen("mina1", 1).unwrap().state, ConversationState::WrapUp);
    assert_eq!(on(&centre, Side::Main), legs(&[("carla1", false)]));
}

#[test]
fn which_numbers_may_be_dialled() {
    let mut centre = talking(Channel::Voice);
    let to = |number: &str| Command::Transfer {
        conversation_id: conversation(1),
        target: Target::Number { number: number.into() },
    };
    for wrong in ["", "030 123456", "+49 30 12", "+49 30 123456 ext 7", "+1234567890123456"] {
        let error = centre.ask("mina1", to(wrong)).unwrap_err();
        assert_eq!(error.code, Code::InvalidField, "{wrong}");
        assert!(error.message.contains("target.number"), "{error}");
    }
    centre.refused("mina1", to("+442079460001"), Code::NumberNotAllowed);
    let mut config = centre.exchange.config().clone();
    config.trunk = None;
    centre.exchange.reconfigure(config);
    centre.refused("mina1", transfer(), Code::NoTrunk);
    centre.refused("mina1", to("nonsense"), Code::NoTrunk);
}

#[test]
fn what_a_trunk_may_be() {
    let mut config = centre::config();
    config["trunk"] = serde_json::json!({ "numbers": ["0049*", "+49*", "+", "*", "+4 9*", "+442079460001"], "dial_timeout_ms": 1 });
    config["users"][0]["user_id"] = "external:mina".into();
    let config: TenantConfig = serde_json::from_value(config).unwrap();
    let fields: Vec<_> = config.check().unwrap_err().into_iter().map(|problem| problem.field).collect();
    let expected = [
        "users[0].user_id",
        "trunk.dial_timeout_ms",
        "trunk.numbers[0]",
        "trunk.numbers[2]",
        "trunk.numbers[3]",
        "trunk.numbers[4]",
    ];
    assert_eq!(fields, expected);
}

#[test]
fn nobody_signs_in_as_a_number() {
    let mut centre = talking(Channel::Voice);
    let who = crate::Identity::new(user("external:p3"), "Eve", Role::Customer);
    let order = Order::OpenSession { session: session("eve1"), who };
    assert_eq!(centre.order(&order).unwrap_err().code, Code::RoleRejected);
}
