//! Sessions that go away, come back, or do not.

use super::{Centre, conversation, session, user};
use crate::{Identity, Order};
use jackfield_wire::{
    Activity, Availability, Channel, Code, Command, ConversationState, EndReason, LeaveReason, Role,
    ServerEvent, SignOutReason,
};

fn talk(channel: Channel) -> Centre {
    let mut centre = Centre::new();
    centre.agent("mina1");
    centre.caller("carla1", "help", channel);
    centre.accept("mina1");
    centre
}

#[test]
fn who_may_open_a_session() {
    let centre = Centre::new();
    let cases = [
        ("mina", Role::Agent, None),
        ("mina", Role::Supervisor, Some(Code::RoleRejected)),
        ("mina", Role::Customer, Some(Code::RoleRejected)),
        ("sue", Role::Supervisor, None),
        ("carla", Role::Customer, None),
        ("carla", Role::Agent, Some(Code::UserUnknown)),
    ];
    for (id, role, code) in cases {
        let who = Identity::new(user(id), id, role);
        let decision = centre.exchange.decide(&Order::OpenSession { session: session("s"), who }, 0);
        assert_eq!(decision.err().map(|e| e.code), code, "{id} {role:?}");
    }
}

#[test]
fn a_call_goes_on_while_a_session_is_away_and_after_it_is_back() {
    let mut centre = talk(Channel::Voice);
    let away = |centre: &Centre, who| {
        let seen = centre.seen(who, 1).unwrap();
        seen.participants.iter().map(|p| p.away).collect::<Vec<_>>()
    };
    centre.away("mina1");
    assert_eq!(away(&centre, "carla1"), [false, true]);
    assert_eq!(centre.snapshot("carla1").conversations[0].state, ConversationState::Active);
    assert_eq!(centre.snapshot("mina1").presence.activity, Activity::Away);
    centre.pass(59_999);
    centre.back("mina1");
    centre.pass(600_000);
    assert_eq!(away(&centre, "carla1"), [false, false]);
    assert_eq!(centre.snapshot("mina1").presence.activity, Activity::InACall);
}

#[test]
fn an_agent_who_is_lost_gives_the_customer_back_to_its_place() {
    for channel in [Channel::Voice, Channel::Chat] {
        let mut centre = talk(channel);
        centre.pass(1_000);
        centre.caller("dora1", "help", channel);
        if channel == Channel::Voice {
            centre.done("mina1", Command::Hold { conversation_id: conversation(1), participant_id: None });
        }
        centre.away("mina1");
        centre.told("carla1");
        centre.pass(60_000);
        let seen = centre.seen("carla1", 1).unwrap();
        assert_eq!((seen.state, seen.position), (ConversationState::Queued, Some(1)), "{channel:?}");
        assert_eq!(centre.seen("dora1", 2).unwrap().position, Some(2));
        assert_eq!(seen.participants.len(), 1);
        let leg = seen.participants[0].voice.clone();
        assert_eq!(
            leg.map(|l| l.held),
            (channel == Channel::Voice).then_some(false),
            "the leg waits, not held"
        );
        let told = centre.told("carla1");
        let lost =
            |e: &ServerEvent| matches!(e, ServerEvent::ParticipantLeft { reason: LeaveReason::Lost, .. });
        assert!(told.iter().any(lost), "{told:?}");
        assert!(!centre.exchange.state.sessions.contains_key(&session("mina1")));
        centre.agent("otto1");
        centre.accept("otto1");
        assert_eq!(centre.seen("carla1", 1).unwrap().state, ConversationState::Active);
    }
}

#[test]
fn a_customer_who_is_lost_ends_the_conversation() {
    for (accepted, reason) in [(true, EndReason::CustomerLost), (false, EndReason::CustomerLost)] {
        let mut centre = Centre::new();
        if accepted {
            centre.agent("mina1");
        }
        centre.caller("carla1", "help", Channel::Voice);
        if accepted {
            centre.accept("mina1");
        }
        centre.away("carla1");
        centre.pass(60_000);
        let ended = centre.journal.iter().find_map(|(_, e)| match e {
            crate::Event::StateChanged { reason: Some(reason), .. } => Some(*reason),
            _ => None,
        });
        assert_eq!(ended, Some(reason));
        let wraps_up = centre.exchange.state.conversations.values().any(|c| c.wrap_ups().next().is_some());
        assert_eq!(wraps_up, accepted);
        assert!(!centre.exchange.state.users.contains_key(&user("carla")), "nothing is left of the customer");
    }
}

#[test]
fn an_agent_who_goes_away_stops_ringing_unless_another_session_rings() {
    for (sessions, rings) in [(1, false), (2, true)] {
        let mut centre = Centre::new();
        centre.agent("mina1");
        if sessions == 2 {
            centre.sign_in("mina2", Role::Agent);
        }
        centre.caller("carla1", "help", Channel::Chat);
        centre.away("mina1");
        assert_eq!(centre.offer_to("mina1").is_some(), rings);
        centre.back("mina1");
        assert!(centre.offer_to("mina1").is_some(), "back, and still available by wish");
    }
}

#[test]
fn signing_out_leaves_conversations_and_forgets_the_wish() {
    let mut centre = talk(Channel::Chat);
    centre.done("mina1", Command::SignOut);
    assert_eq!(centre.seen("carla1", 1).unwrap().state, ConversationState::Queued);
    assert!(matches!(
        centre.told("mina1").last(),
        Some(ServerEvent::SignedOut { reason: SignOutReason::Asked })
    ));
    centre.sign_in("mina1", Role::Agent);
    assert_eq!(centre.snapshot("mina1").presence.availability, Availability::Away);
    assert_eq!(centre.offer_to("mina1"), None);
    centre.done("carla1", Command::SignOut);
    assert!(centre.exchange.state.conversations.is_empty());
}

#[test]
fn a_second_session_keeps_the_chat_but_not_the_call() {
    let cases = [
        (Channel::Chat, ConversationState::Active, "the chat goes on in the other tab"),
        (Channel::Voice, ConversationState::Queued, "nobody hears the customer any more"),
    ];
    for (channel, state, why) in cases {
        let mut centre = talk(channel);
        centre.sign_in("mina2", Role::Agent);
        centre.done("mina2", Command::presence(Availability::Away));
        centre.close("mina1", SignOutReason::Lost);
        assert_eq!(centre.seen("carla1", 1).unwrap().state, state, "{why}");
    }
}

/// Found by the machine: the one that closes gave the last sign of life, and what is told of it must be told after its end.
#[test]
fn when_only_silent_sessions_are_left_the_others_are_told() {
    let mut centre = talk(Channel::Chat);
    centre.sign_in("mina2", Role::Agent);
    centre.away("mina2");
    centre.told("carla1");
    centre.close("mina1", SignOutReason::Asked);
    let told = centre.told("carla1");
    let away = |e: &ServerEvent| matches!(e, ServerEvent::ParticipantChanged { participant, .. } if participant.away);
    assert!(told.iter().any(away), "{told:?}");
    centre.back("mina2");
    assert!(!centre.seen("carla1", 1).unwrap().participants[1].away);
}

#[test]
fn a_chats_voice_ends_with_the_session_that_had_it() {
    let mut centre = talk(Channel::Chat);
    centre.customer("carla2");
    centre.done("carla1", Command::StartVoice { conversation_id: conversation(1) });
    centre.accept("mina1");
    centre.close("carla1", SignOutReason::Asked);
    assert_eq!(centre.exchange.legs(&conversation(1), jackfield_wire::Side::Main), []);
    assert_eq!(centre.seen("carla2", 1).unwrap().state, ConversationState::Active);
}

#[test]
fn an_agent_lost_in_wrap_up_ends_it() {
    let mut centre = talk(Channel::Voice);
    centre.done("carla1", Command::HangUp { conversation_id: conversation(1) });
    centre.done("mina1", Command::SignOut);
    assert!(centre.exchange.state.conversations.is_empty());
}

#[test]
fn commands_of_no_session_are_refused() {
    let mut centre = Centre::new();
    centre.refused("nobody", Command::SignOut, Code::SessionUnknown);
    for order in [Order::SessionAway { session: session("x") }, Order::SessionBack { session: session("x") }]
    {
        assert_eq!(centre.order(&order).unwrap_err().code, Code::SessionUnknown);
    }
}
