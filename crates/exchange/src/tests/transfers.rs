//! Handing a conversation over.

use super::{Centre, conversation, participant, queue, session, user};
use jackfield_wire::{
    Activity, Channel, Code, Command, ConversationState, OfferKind, OfferOutcome, PendingKind, ServerEvent,
    Side, Target,
};

fn to(name: &str) -> Command {
    Command::Transfer { conversation_id: conversation(1), target: Target::Agent { user_id: user(name) } }
}

fn to_queue(id: &str) -> Command {
    Command::Transfer { conversation_id: conversation(1), target: Target::Queue { queue_id: queue(id) } }
}

/// Carla talks with mina; otto and zoe are ready.
fn talking(channel: Channel) -> Centre {
    let mut centre = Centre::new();
    centre.agent("mina1");
    centre.caller("carla1", "help", channel);
    centre.accept("mina1");
    centre.agent("otto1");
    centre.agent("zoe1");
    centre.told("carla1");
    centre
}

fn talkers(centre: &Centre) -> Vec<(String, bool)> {
    let legs = centre.exchange.legs(&conversation(1), Side::Main);
    legs.into_iter().map(|leg| (leg.session.to_string(), leg.held)).collect()
}

#[test]
fn the_customer_is_held_and_told_until_the_next_takes_it() {
    let mut centre = talking(Channel::Voice);
    centre.done("mina1", to("otto"));
    assert_eq!(talkers(&centre), [("carla1".into(), true), ("mina1".into(), false)]);
    let told = centre.seen("carla1", 1).unwrap().pending.unwrap();
    assert_eq!((told.kind, told.target, told.by), (PendingKind::Transfer, None, None), "not to whom");
    let own = centre.seen("mina1", 1).unwrap().pending.unwrap();
    assert_eq!(own.target, Some(Target::Agent { user_id: user("otto") }));
    assert_eq!(centre.snapshot("otto1").offers[0].kind, OfferKind::Transfer);
    centre.accept("otto1");
    assert_eq!(talkers(&centre), [("carla1".into(), false), ("otto1".into(), false)]);
    let seen = centre.seen("carla1", 1).unwrap();
    let parties: Vec<_> = seen.participants.iter().map(|p| (p.user_id.to_string(), p.owner)).collect();
    assert_eq!(parties, [("carla".to_owned(), false), ("otto".into(), true)]);
    assert_eq!((seen.state, seen.pending), (ConversationState::Active, None));
    // The first agent does its own work after it, and is gone with it; the conversation is not.
    assert_eq!(centre.seen("mina1", 1).unwrap().state, ConversationState::WrapUp);
    assert_eq!(centre.snapshot("mina1").presence.activity, Activity::WrapUp);
    let (conversation_id, disposition) = (conversation(1), Some("solved".to_owned()));
    centre.done("mina1", Command::FinishWrapUp { conversation_id, disposition, note: Some("parcel".into()) });
    assert_eq!(centre.seen("mina1", 1), None);
    assert_eq!(centre.seen("otto1", 1).unwrap().participants.len(), 2);
}

#[test]
fn an_offer_that_nobody_takes_leaves_all_as_it_was() {
    for end in 0..4 {
        let mut centre = talking(Channel::Voice);
        centre.done("mina1", to("otto"));
        centre.told("mina1");
        let offer_id = centre.offer_to("otto1").unwrap();
        let outcome = match end {
            0 => {
                centre.done("otto1", Command::RejectOffer { offer_id, reason: None });
                OfferOutcome::Rejected
            }
            1 => {
                centre.pass(20_000);
                OfferOutcome::TimedOut
            }
            2 => {
                centre.away("otto1");
                OfferOutcome::Rescinded
            }
            _ => {
                centre.done("mina1", Command::CancelConsult { conversation_id: conversation(1) });
                OfferOutcome::Rescinded
            }
        };
        assert_eq!(talkers(&centre), [("carla1".into(), false), ("mina1".into(), false)], "{outcome:?}");
        let told = centre.told("mina1");
        let over = ServerEvent::PendingChanged {
            conversation_id: conversation(1),
            pending: None,
            outcome: Some(outcome),
        };
        assert!(told.contains(&over), "{told:?}");
        assert!(
            centre
                .seen("mina1", 1)
                .unwrap()
                .participants
                .iter()
                .any(|p| p.owner && p.user_id == user("mina"))
        );
        assert_eq!(centre.seen("carla1", 1).unwrap().pending, None);
    }
}

#[test]
fn to_a_queue_it_goes_at_once_with_the_time_that_it_has_waited() {
    let mut centre = talking(Channel::Voice);
    centre.pass(60_000);
    // Somebody has waited in the other queue, but not as long.
    centre.away("zoe1");
    centre.caller("dora1", "vip", Channel::Voice);
    centre.done("mina1", to_queue("vip"));
    let seen = centre.seen("carla1", 1).unwrap();
    assert_eq!(
        (seen.queue_id, seen.state, seen.position),
        (queue("vip"), ConversationState::Queued, Some(1))
    );
    assert_eq!(talkers(&centre), [("carla1".into(), false)]);
    let wrapping = centre.seen("mina1", 1).unwrap();
    assert_eq!(
        (wrapping.state, wrapping.queue_id),
        (ConversationState::WrapUp, queue("help")),
        "its own queue's work"
    );
    centre.back("zoe1");
    assert_eq!(centre.snapshot("zoe1").offers[0].conversation_id, conversation(1));
    centre.accept("zoe1");
    assert_eq!(talkers(&centre), [("carla1".into(), false), ("zoe1".into(), false)]);
}

#[test]
fn an_agent_who_is_lost_meanwhile_leaves_the_customer_in_line() {
    let mut centre = talking(Channel::Voice);
    centre.done("mina1", to("otto"));
    centre.away("mina1");
    centre.pass(19_000);
    centre.close("mina1", jackfield_wire::SignOutReason::Lost);
    let seen = centre.seen("carla1", 1).unwrap();
    assert_eq!(seen.pending, None);
    assert_eq!(talkers(&centre), [("carla1".into(), false)]);
    assert!(matches!(seen.state, ConversationState::Queued | ConversationState::Offered));
    assert!(centre.snapshot("otto1").offers.iter().all(|offer| offer.kind == OfferKind::Conversation));
}

#[test]
fn whom_one_may_name() {
    let mut centre = talking(Channel::Voice);
    centre.refused("mina1", to("mina"), Code::InvalidField);
    centre.refused("mina1", to("nobody"), Code::NotFound);
    centre.refused("mina1", to("bea"), Code::NotFound);
    centre.refused("mina1", to("sue"), Code::NoCapacity);
    centre.refused("mina1", to_queue("gone"), Code::NotFound);
    let number = Target::Number { number: "+4930123456".into() };
    centre.refused(
        "mina1",
        Command::Transfer { conversation_id: conversation(1), target: number },
        Code::NoTrunk,
    );
    centre.refused("carla1", to("otto"), Code::NotAllowed);
    centre.refused("zoe1", to("otto"), Code::NotFound);
    centre.caller("dora1", "help", Channel::Voice);
    centre.accept("otto1");
    centre.refused("mina1", to("otto"), Code::NoCapacity);
}

#[test]
fn in_a_chat_the_next_reads_what_was_written_and_the_first_reads_no_further() {
    let mut centre = talking(Channel::Chat);
    let say = |text: &str| Command::SendMessage {
        conversation_id: conversation(1),
        text: text.into(),
        visibility: jackfield_wire::Visibility::Everyone,
    };
    assert!(centre.ask("carla1", say("my parcel")).is_ok());
    centre.done("mina1", to("otto"));
    centre.accept("otto1");
    assert!(centre.ask("otto1", say("hello")).is_ok());
    assert_eq!(centre.seen("otto1", 1).unwrap().last_message, 2);
    assert_eq!(centre.seen("mina1", 1).unwrap().last_message, 1);
    let viewer = centre.viewers[&session("mina1")].clone();
    assert_eq!(centre.exchange.may_read(&viewer, &conversation(1)).unwrap().last_message, 1);
    assert!(
        centre.exchange.state.conversations[&conversation(1)]
            .participant(&participant(2))
            .unwrap()
            .is_wrapping()
    );
}

#[test]
fn a_customer_with_two_in_one_line_is_told_both_places() {
    let mut centre = talking(Channel::Chat);
    for id in ["mina1", "zoe1"] {
        centre.away(id);
    }
    centre.start("carla1", "vip", Channel::Chat);
    centre.back("mina1");
    centre.pass(15_000);
    centre.done("mina1", to_queue("vip"));
    let places = |centre: &Centre| [1, 2].map(|n| centre.seen("carla1", n).and_then(|c| c.position));
    assert_eq!(places(&centre), [Some(1), Some(2)]);
    let told = &centre.followers[&session("carla1")];
    assert_eq!(*told, super::follower::Follower::new(centre.snapshot("carla1")));
}
