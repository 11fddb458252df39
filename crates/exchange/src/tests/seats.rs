//! Who knows of whom, and on which side everybody is heard.

use super::{Centre, conversation, participant, session, user};
use crate::{Event, Identity, Monitor, PatchRole, Seat};
use jackfield_wire::{Channel, MonitorMode, Part, Role, ServerEvent, Side};

/// Carla (p1) talks with mina (p2, the owner).
fn call() -> Centre {
    let mut centre = Centre::new();
    centre.agent("mina1");
    centre.caller("carla1", "help", Channel::Voice);
    centre.accept("mina1");
    centre.sign_in("zoe1", Role::Agent);
    centre.sign_in("bea1", Role::Supervisor);
    centre.told("carla1");
    centre
}

fn seat(part: Part, side: Side) -> Seat {
    Seat { part, side, owner: false, monitor: None }
}

fn monitor(mode: MonitorMode) -> Seat {
    let monitor = Some(Monitor { mode, whom: participant(2) });
    Seat { monitor, ..seat(Part::Monitor, Side::Main) }
}

fn join(centre: &mut Centre, name: &str, role: Role, seat: Seat) {
    let voice = Some(session(&format!("{name}1")));
    let (conversation_id, participant_id) =
        (conversation(1), centre.exchange.state.counters.next_participant());
    let who = Identity::new(user(name), name, role);
    centre.fact(&Event::ParticipantJoined { conversation_id, participant_id, who, voice, seat });
}

fn change(centre: &mut Centre, n: u64, seat: Seat) {
    let conversation = &centre.exchange.state.conversations[&conversation(1)];
    let was = conversation.participant(&participant(n)).unwrap().seat.clone();
    let (conversation_id, participant_id) = (conversation.conversation_id.clone(), participant(n));
    centre.fact(&Event::SeatChanged { conversation_id, participant_id, was, seat });
}

/// Whom a session sees: participant, part, side.
fn sees(centre: &Centre, id: &str) -> Vec<(String, Part, Side)> {
    let seen = centre.seen(id, 1).unwrap();
    let told = &centre.followers[&session(id)];
    assert_eq!(*told, super::follower::Follower::new(centre.snapshot(id)), "{id} was told all of it");
    seen.participants.iter().map(|p| (p.participant_id.to_string(), p.part, p.side)).collect()
}

#[test]
fn a_consulted_colleague_comes_into_the_customers_sight_with_the_conference() {
    let mut centre = call();
    join(&mut centre, "zoe", Role::Agent, seat(Part::Consulted, Side::Consult));
    change(&mut centre, 2, Seat { side: Side::Consult, ..Seat::default() });
    let pair = [("p1".to_owned(), Part::Customer, Side::Main), ("p2".into(), Part::Agent, Side::Main)];
    assert_eq!(
        sees(&centre, "carla1"),
        pair,
        "to the customer there are no sides, and its agent is still there"
    );
    assert_eq!(sees(&centre, "zoe1").len(), 3);
    change(&mut centre, 3, seat(Part::Consulted, Side::Main));
    assert_eq!(sees(&centre, "carla1")[2], ("p3".to_owned(), Part::Agent, Side::Main));
    change(&mut centre, 3, seat(Part::Consulted, Side::Consult));
    assert_eq!(sees(&centre, "carla1"), pair);
    let told = centre.told("carla1");
    let kinds: Vec<_> = told.iter().map(|e| serde_json::to_value(e).unwrap()["type"].clone()).collect();
    assert_eq!(kinds, ["participantChanged", "participantJoined", "participantLeft"]);
}

#[test]
fn who_listens_is_known_to_nobody_who_whispers_to_colleagues_who_barges_in_to_all() {
    let mut centre = call();
    join(&mut centre, "bea", Role::Supervisor, monitor(MonitorMode::Listen));
    assert_eq!((sees(&centre, "carla1").len(), sees(&centre, "mina1").len()), (2, 2));
    assert_eq!(sees(&centre, "bea1").len(), 3);
    change(&mut centre, 3, monitor(MonitorMode::Whisper));
    assert_eq!((sees(&centre, "carla1").len(), sees(&centre, "mina1").len()), (2, 3));
    assert_eq!(centre.told("carla1"), [], "nothing of it comes to the customer");
    change(&mut centre, 3, monitor(MonitorMode::Barge));
    assert_eq!(sees(&centre, "carla1")[2], ("p3".to_owned(), Part::Agent, Side::Main));
    assert_eq!(sees(&centre, "mina1")[2].1, Part::Monitor);
}

#[test]
fn each_side_is_a_room_and_a_monitor_follows_its_agent() {
    let mut centre = call();
    join(&mut centre, "zoe", Role::Agent, seat(Part::Consulted, Side::Consult));
    join(&mut centre, "bea", Role::Supervisor, monitor(MonitorMode::Whisper));
    let room = |centre: &Centre, side| -> Vec<(String, PatchRole)> {
        let legs = centre.exchange.legs(&conversation(1), side);
        legs.into_iter().map(|leg| (leg.session.to_string(), leg.role)).collect()
    };
    let whisper = PatchRole::Whisper { to: session("mina1") };
    let talker = |id: &str| (id.to_owned(), PatchRole::Talker);
    assert_eq!(
        room(&centre, Side::Main),
        [talker("carla1"), talker("mina1"), ("bea1".into(), whisper.clone())]
    );
    assert_eq!(room(&centre, Side::Consult), [talker("zoe1")]);
    change(&mut centre, 2, Seat { side: Side::Consult, ..Seat::default() });
    assert_eq!(room(&centre, Side::Main), [talker("carla1")]);
    assert_eq!(room(&centre, Side::Consult), [talker("mina1"), talker("zoe1"), ("bea1".into(), whisper)]);
}

#[test]
fn who_goes_to_its_wrap_up_sees_nobody_any_more_and_nothing_that_is_written_later() {
    let mut centre = call();
    join(&mut centre, "zoe", Role::Agent, seat(Part::Agent, Side::Main));
    change(&mut centre, 3, Seat::default());
    let last_message = Some(centre.exchange.state.conversations[&conversation(1)].last_message);
    let (conversation_id, participant_id) = (conversation(1), participant(2));
    centre.fact(&Event::VoiceLeft { conversation_id, participant_id });
    let (conversation_id, participant_id, until) = (conversation(1), participant(2), centre.now + 30_000);
    centre.fact(&Event::WrapUpBegan { conversation_id, participant_id, until, reason: None, last_message });
    let names = |centre: &Centre, id| sees(centre, id).into_iter().map(|(id, ..)| id).collect::<Vec<_>>();
    assert_eq!(names(&centre, "mina1"), ["p2"]);
    assert_eq!(names(&centre, "carla1"), ["p1", "p3"]);
    assert_eq!(names(&centre, "zoe1"), ["p1", "p2", "p3"], "colleagues may know who is at work for it still");
    let seen = centre.seen("mina1", 1).unwrap();
    assert_eq!(
        (seen.state, seen.wrap_up.map(|w| w.until)),
        (jackfield_wire::ConversationState::WrapUp, Some(until))
    );
    centre.told("mina1");
    let say = jackfield_wire::Command::SendMessage {
        conversation_id: conversation(1),
        text: "are you there?".into(),
        visibility: jackfield_wire::Visibility::Everyone,
    };
    assert!(centre.ask("carla1", say).is_ok());
    assert!(!centre.told("mina1").iter().any(|e| matches!(e, ServerEvent::MessageAdded { .. })));
    assert_eq!(centre.seen("mina1", 1).unwrap().last_message, 0);
    centre.pass(30_000);
    assert_eq!(centre.seen("mina1", 1), None);
    assert_eq!(names(&centre, "zoe1"), ["p1", "p3"]);
    assert_eq!(centre.exchange.index, centre.exchange.build_index());
}
