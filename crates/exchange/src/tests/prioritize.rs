//! A supervisor gives what waits another place in its line.

use super::{Centre, conversation, follower::Follower, user};
use crate::Event;
use jackfield_wire::{Channel, Code, Command, ConversationState, Role, ServerEvent, SupervisorOrder};

fn prioritize(n: u64, priority: Option<u8>, head_start_ms: Option<u32>) -> Command {
    Command::Prioritize { conversation_id: conversation(n), priority, head_start_ms }
}

/// Anna, bert and carla wait, a minute apart; bea supervises.
fn waiting() -> Centre {
    let mut centre = Centre::new();
    centre.sign_in("bea1", Role::Supervisor);
    for customer in ["anna1", "bert1", "carla1"] {
        centre.caller(customer, "help", Channel::Chat);
        centre.pass(60_000);
    }
    centre
}

/// The places that the three were told last, or see in a snapshot.
fn places(centre: &Centre) -> [Option<u32>; 3] {
    ["anna1", "bert1", "carla1"].map(|id| {
        let seen = centre.snapshot(id);
        assert_eq!(
            centre.followers[&super::session(id)],
            Follower::new(seen.clone()),
            "{id} was told all of it"
        );
        seen.conversations[0].position
    })
}

#[test]
fn all_in_line_are_told_and_nobody_by_whom() {
    let mut centre = waiting();
    assert_eq!(places(&centre), [Some(1), Some(2), Some(3)]);
    centre.done("bea1", prioritize(3, Some(9), None));
    assert_eq!(places(&centre), [Some(2), Some(3), Some(1)]);
    for id in ["anna1", "bert1", "carla1"] {
        assert!(!centre.told(id).iter().any(|event| matches!(event, ServerEvent::Supervised { .. })));
    }
    let ordered = |(_, event): &(_, Event)| {
        matches!(event, Event::Supervised { order: SupervisorOrder::Prioritize, by, user_id, .. }
            if *by == user("bea") && *user_id == user("carla"))
    };
    assert_eq!(centre.journal.iter().filter(|entry| ordered(entry)).count(), 1);
}

#[test]
fn a_head_start_counts_from_the_arrival_and_is_taken_back_with_none() {
    let mut centre = waiting();
    for _ in 0..2 {
        centre.done("bea1", prioritize(3, None, Some(90_000)));
        assert_eq!(places(&centre), [Some(1), Some(3), Some(2)], "given twice it is the same as given once");
    }
    centre.done("bea1", prioritize(3, None, Some(0)));
    assert_eq!(places(&centre), [Some(1), Some(2), Some(3)]);
}

#[test]
fn an_open_offer_stays_and_the_place_counts_when_it_ends() {
    let mut centre = waiting();
    centre.agent("mina1");
    let offered = centre.offer_to("mina1");
    assert!(offered.is_some());
    centre.done("bea1", prioritize(1, None, Some(0)));
    centre.done("bea1", prioritize(1, Some(1), None));
    assert_eq!(centre.offer_to("mina1"), offered);
    let before = centre.journal.len();
    centre.done("bea1", prioritize(1, Some(1), None));
    assert_eq!(centre.journal.len(), before, "what is so already is no fact");
}

#[test]
fn only_what_waits_has_a_place_and_a_day_is_the_most() {
    let mut centre = waiting();
    centre.refused("bea1", prioritize(3, None, None), Code::InvalidField);
    centre.refused("bea1", prioritize(3, None, Some(86_400_001)), Code::InvalidField);
    centre.refused("bea1", prioritize(77, Some(1), None), Code::NotFound);
    centre.refused("anna1", prioritize(1, Some(1), None), Code::NotAllowed);
    centre.agent("mina1");
    centre.refused("mina1", prioritize(1, Some(1), None), Code::NotAllowed);
    centre.accept("mina1");
    let state = centre.exchange.state.conversations[&conversation(1)].state;
    assert_eq!(state, ConversationState::Active);
    centre.refused("bea1", prioritize(1, Some(1), None), Code::WrongState);
}
