//! Who waits in a queue, as its supervisor sees it.

use super::{Centre, conversation, queue, user};
use jackfield_wire::{Availability, Channel, Code, Command, Outcome, Role, WaitingView};

fn fetch(queue_id: &str, limit: Option<u32>) -> Command {
    Command::FetchWaiting { queue_id: queue(queue_id), limit }
}

fn waiting(centre: &mut Centre, limit: Option<u32>) -> (Vec<WaitingView>, bool) {
    let Ok(Outcome::Waiting { conversations, more }) = centre.ask("bea1", fetch("help", limit)) else {
        panic!("nobody waits")
    };
    (conversations, more)
}

#[test]
fn whoever_is_next_comes_first_over_both_channels_and_offered_ones_are_among_them() {
    let mut centre = Centre::new();
    centre.sign_in("bea1", Role::Supervisor);
    assert_eq!(waiting(&mut centre, None), (Vec::new(), false));
    centre.caller("carla1", "help", Channel::Chat);
    centre.pass(1_000);
    centre.caller("dora1", "help", Channel::Voice);
    centre.pass(1_000);
    centre.caller("emil1", "help", Channel::Chat);
    centre.agent("mina1");
    let (all, more) = waiting(&mut centre, None);
    let places: Vec<_> = all.iter().map(|w| (w.conversation_id.clone(), w.channel, w.position)).collect();
    assert_eq!(
        places,
        [
            (conversation(1), Channel::Chat, 1),
            (conversation(2), Channel::Voice, 1),
            (conversation(3), Channel::Chat, 2)
        ]
    );
    assert!(!more);
    assert_eq!(all[0].customer_name.as_deref(), Some("carla"));
    assert!(all.windows(2).all(|two| two[0].since < two[1].since));
    let offered: Vec<_> = all.iter().filter(|w| w.offered_to == [user("mina")]).collect();
    assert_eq!(offered.len(), 1, "{all:?}");
    let (two, more) = waiting(&mut centre, Some(2));
    assert_eq!((two.as_slice(), more), (&all[..2], true));
}

#[test]
fn only_supervisors_ask_and_only_of_queues_there_are() {
    let mut centre = Centre::new();
    centre.sign_in("bea1", Role::Supervisor);
    centre.agent("mina1");
    centre.done("mina1", Command::presence(Availability::Away));
    centre.caller("carla1", "help", Channel::Chat);
    for who in ["mina1", "carla1"] {
        centre.refused(who, fetch("help", None), Code::NotAllowed);
    }
    centre.refused("bea1", fetch("nowhere", None), Code::NotFound);
    centre.refused("bea1", fetch("help", Some(0)), Code::InvalidField);
    centre.refused("bea1", fetch("help", Some(101)), Code::InvalidField);
}
