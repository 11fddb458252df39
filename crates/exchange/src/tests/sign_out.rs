//! A supervisor signs an agent out, and takes agents out of conversations.

use super::{Centre, conversation, recount::check_statistics, session, user};
use crate::Event;
use jackfield_wire::{
    Availability, Channel, Code, Command, ConversationState, LeaveReason, MonitorMode, ParticipantId, Role,
    ServerEvent, SignOutReason, SupervisorOrder, Target,
};

fn sign_out(who: &str) -> Command {
    Command::SignOutAgent { user_id: user(who) }
}

/// Mina serves anna in a chat and bert in another, carla rings for her by voice; bea supervises.
fn busy() -> Centre {
    let mut centre = Centre::new();
    centre.sign_in("bea1", Role::Supervisor);
    centre.agent("mina1");
    centre.sign_in("mina2", Role::Agent);
    for id in ["anna1", "bert1"] {
        centre.caller(id, "help", Channel::Chat);
        centre.accept("mina1");
    }
    centre.caller("carla1", "help", Channel::Voice);
    for id in ["anna1", "mina1", "mina2", "carla1"] {
        centre.told(id);
    }
    centre
}

#[test]
fn all_sessions_end_at_once_and_the_conversations_go_on() {
    let mut centre = busy();
    assert!(centre.offer_to("mina2").is_some());
    centre.done("bea1", sign_out("mina"));
    for id in ["mina1", "mina2"] {
        let told = centre.told(id);
        let order = told.iter().position(|event| {
            matches!(event, ServerEvent::Supervised { order: SupervisorOrder::SignOut, .. })
        });
        assert!(order.is_some(), "{told:?}");
        assert_eq!(told.last(), Some(&ServerEvent::SignedOut { reason: SignOutReason::Supervisor }));
        assert!(!centre.viewers.contains_key(&session(id)));
    }
    for (id, n) in [("anna1", 1), ("bert1", 2), ("carla1", 3)] {
        assert_eq!(centre.seen(id, n).unwrap().state, ConversationState::Queued, "{id}");
        assert!(!centre.told(id).iter().any(|event| matches!(event, ServerEvent::Supervised { .. })));
    }
    let entry: Vec<_> =
        centre.journal.iter().filter(|(_, e)| matches!(e, Event::SessionClosed { .. })).collect();
    assert_eq!(entry.len(), 2);
    let presence = centre.exchange.presence_view(&user("mina"));
    assert_eq!(presence.availability, Availability::Offline);
    // Another takes them all.
    centre.agent("otto1");
    centre.accept("otto1");
    assert_eq!(centre.exchange.index, centre.exchange.build_index());
    check_statistics(&centre.exchange, &centre.journal);
    // She may come back, and is rung again once she says so.
    centre.sign_in("mina3", Role::Agent);
    assert_eq!(centre.offer_to("mina3"), None);
}

#[test]
fn a_wrap_up_and_a_silent_session_end_with_it() {
    let mut centre = busy();
    centre.done("mina1", Command::EndConversation { conversation_id: conversation(1) });
    centre.away("mina2");
    centre.done("bea1", sign_out("mina"));
    assert!(!centre.exchange.state.conversations.contains_key(&conversation(1)), "its record is written");
    assert!(centre.exchange.state.users[&user("mina")].sessions.is_empty());
    centre.pass(120_000);
    check_statistics(&centre.exchange, &centre.journal);
}

#[test]
fn who_is_not_signed_in_no_agent_or_oneself_is_refused() {
    let mut centre = busy();
    let before = centre.exchange.state().clone();
    for (who, code) in [
        ("otto", Code::WrongState),
        ("bea", Code::NotFound),
        ("anna", Code::NotFound),
        ("nobody", Code::NotFound),
    ] {
        centre.refused("bea1", sign_out(who), code);
    }
    for id in ["mina1", "anna1"] {
        centre.refused(id, sign_out("mina"), Code::NotAllowed);
    }
    assert_eq!(centre.exchange.state(), &before);
    centre.sign_in("sue1", Role::Supervisor);
    centre.refused("sue1", sign_out("sue"), Code::InvalidField);
}

fn remove(participant_id: ParticipantId) -> Command {
    Command::RemoveParticipant { conversation_id: conversation(1), participant_id }
}

/// Mina serves anna by voice with otto beside her; bea supervises.
fn conference() -> Centre {
    let mut centre = Centre::new();
    centre.sign_in("bea1", Role::Supervisor);
    centre.agent("mina1");
    centre.caller("anna1", "help", Channel::Voice);
    centre.accept("mina1");
    centre.agent("otto1");
    let target = Target::Agent { user_id: user("otto") };
    centre.done("mina1", Command::Invite { conversation_id: conversation(1), target });
    centre.accept("otto1");
    for id in ["anna1", "mina1", "otto1"] {
        centre.told(id);
    }
    centre
}

fn party(centre: &Centre, who: &str) -> ParticipantId {
    let parties = &centre.exchange.state.conversations[&conversation(1)].participants;
    parties.iter().find(|p| p.user_id == user(who)).unwrap().participant_id.clone()
}

#[test]
fn a_supervisor_takes_agents_out_as_long_as_one_is_left() {
    for first in ["mina", "otto"] {
        let mut centre = conference();
        let (id, other) = (format!("{first}1"), if first == "mina" { "otto" } else { "mina" });
        centre.done("bea1", remove(party(&centre, first)));
        let told = centre.told(&id);
        let supervised = |event: &ServerEvent| matches!(event, ServerEvent::Supervised { order: SupervisorOrder::Remove, by, .. } if *by == user("bea"));
        assert!(told.iter().any(supervised), "{told:?}");
        assert_eq!(centre.seen(&id, 1).unwrap().state, ConversationState::WrapUp);
        assert_eq!(
            centre.exchange.state.conversations[&conversation(1)].owner().unwrap().user_id,
            user(other)
        );
        assert!(!centre.told("anna1").iter().any(supervised));
        centre.refused("bea1", remove(party(&centre, first)), Code::WrongState);
        centre.refused("bea1", remove(party(&centre, other)), Code::WrongState);
        assert_eq!(centre.exchange.index, centre.exchange.build_index());
        check_statistics(&centre.exchange, &centre.journal);
    }
}

#[test]
fn a_consulted_colleague_is_taken_out_and_the_customer_is_back_from_hold() {
    let mut centre = Centre::new();
    centre.sign_in("bea1", Role::Supervisor);
    centre.agent("mina1");
    centre.caller("anna1", "help", Channel::Voice);
    centre.accept("mina1");
    centre.agent("otto1");
    let target = Target::Agent { user_id: user("otto") };
    centre.done("mina1", Command::Consult { conversation_id: conversation(1), target });
    centre.accept("otto1");
    centre.told("otto1");
    centre.done("bea1", remove(party(&centre, "otto")));
    let gone = centre.told("otto1");
    assert!(gone.iter().any(|event| matches!(event, ServerEvent::ConversationRemoved { .. })), "{gone:?}");
    let legs = centre.exchange.legs(&conversation(1), jackfield_wire::Side::Main);
    assert_eq!(legs.iter().map(|leg| leg.held).collect::<Vec<_>>(), [false, false]);
    assert_eq!(centre.exchange.index, centre.exchange.build_index());
}

#[test]
fn a_supervisor_removes_neither_the_customer_nor_another_supervisor() {
    let mut centre = conference();
    let command =
        Command::Monitor { conversation_id: conversation(1), mode: MonitorMode::Barge, user_id: None };
    centre.done("bea1", command);
    centre.refused("bea1", remove(party(&centre, "anna")), Code::NotAllowed);
    centre.refused("bea1", remove(party(&centre, "bea")), Code::NotAllowed);
    centre.sign_in("sue1", Role::Supervisor);
    centre.refused("sue1", remove(party(&centre, "bea")), Code::NotAllowed);
    centre.refused("sue1", remove(ParticipantId::numbered('p', 99)), Code::NotFound);
    // Who took the conversation over is its owner, and may do what owners do.
    centre.done("bea1", Command::TakeOver { conversation_id: conversation(1) });
    centre.done("bea1", remove(party(&centre, "anna")));
    let told = centre.told("anna1");
    let left = told.iter().any(|event| matches!(event, ServerEvent::ConversationRemoved { .. }));
    assert!(left, "{told:?}");
    let reason = centre.journal.iter().rev().find_map(|(_, event)| match event {
        Event::ParticipantLeft { user_id, reason, .. } if *user_id == user("anna") => Some(*reason),
        _ => None,
    });
    assert_eq!(reason, Some(LeaveReason::Removed));
}
