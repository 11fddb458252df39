//! Several agents with one customer: advice, conference, and who goes.

use super::{Centre, conversation, participant, user};
use jackfield_wire::{
    Channel, Code, Command, ConversationState, LeaveReason, Part, ServerEvent, Side, Target,
};

fn consult(name: &str) -> Command {
    Command::Consult { conversation_id: conversation(1), target: Target::Agent { user_id: user(name) } }
}

fn invite(name: &str) -> Command {
    Command::Invite { conversation_id: conversation(1), target: Target::Agent { user_id: user(name) } }
}

/// Carla (p1) talks with mina (p2); otto (p3) is consulted.
fn consulting(channel: Channel) -> Centre {
    let mut centre = talking(channel);
    centre.done("mina1", consult("otto"));
    centre.accept("otto1");
    centre
}

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

/// Who is on a side; those who are held in brackets.
fn side(centre: &Centre, side: Side) -> String {
    let legs = centre.exchange.legs(&conversation(1), side);
    let named =
        legs.iter().map(|leg| if leg.held { format!("({})", leg.session) } else { leg.session.to_string() });
    named.collect::<Vec<_>>().join(" ")
}

fn sides(centre: &Centre) -> (String, String) {
    (side(centre, Side::Main), side(centre, Side::Consult))
}

fn parties(centre: &Centre, id: &str) -> Vec<String> {
    let seen = centre.seen(id, 1).map(|c| c.participants).unwrap_or_default();
    seen.iter().map(|p| format!("{}{}", p.user_id, if p.owner { "*" } else { "" })).collect()
}

fn here(command: fn(jackfield_wire::ConversationId) -> Command) -> Command {
    command(conversation(1))
}

fn complete() -> Command {
    here(|conversation_id| Command::CompleteConsult { conversation_id })
}

fn cancel() -> Command {
    here(|conversation_id| Command::CancelConsult { conversation_id })
}

fn swap() -> Command {
    here(|conversation_id| Command::Swap { conversation_id })
}

fn conference() -> Command {
    here(|conversation_id| Command::Conference { conversation_id })
}

fn hang_up() -> Command {
    here(|conversation_id| Command::HangUp { conversation_id })
}

#[test]
fn both_talk_apart_while_the_customer_is_held_and_knows_nothing_of_it() {
    let mut centre = talking(Channel::Voice);
    centre.done("mina1", consult("otto"));
    assert_eq!(side(&centre, Side::Main), "carla1 mina1", "until the colleague comes, all goes on");
    centre.accept("otto1");
    assert_eq!(sides(&centre), ("(carla1)".into(), "mina1 otto1".into()));
    assert_eq!(parties(&centre, "carla1"), ["carla", "mina*"]);
    assert_eq!(parties(&centre, "otto1"), ["carla", "mina*", "otto"]);
    let told = serde_json::to_string(&centre.told("carla1")).unwrap();
    assert!(!told.contains("otto") && !told.contains("consult\""), "{told}");
    centre.done("mina1", swap());
    assert_eq!(sides(&centre), ("carla1 mina1".into(), "(otto1)".into()));
    centre.done("mina1", swap());
    assert_eq!(sides(&centre), ("(carla1)".into(), "mina1 otto1".into()));
}

#[test]
fn it_is_completed_taken_back_or_turned_into_a_conference() {
    let mut centre = consulting(Channel::Voice);
    centre.done("mina1", complete());
    assert_eq!(sides(&centre), ("carla1 otto1".into(), String::new()));
    assert_eq!(parties(&centre, "carla1"), ["carla", "otto*"]);
    assert_eq!(centre.seen("mina1", 1).unwrap().state, ConversationState::WrapUp);

    let mut centre = consulting(Channel::Voice);
    centre.done("mina1", cancel());
    assert_eq!(sides(&centre), ("carla1 mina1".into(), String::new()));
    assert_eq!(centre.seen("otto1", 1), None);

    let mut centre = consulting(Channel::Voice);
    centre.done("mina1", conference());
    assert_eq!(sides(&centre), ("carla1 mina1 otto1".into(), String::new()));
    assert_eq!(parties(&centre, "carla1"), ["carla", "mina*", "otto"]);
    centre.refused("mina1", swap(), Code::WrongState);
}

#[test]
fn the_consulted_who_hangs_up_or_is_lost_leaves_the_owner_with_the_customer() {
    let mut centre = consulting(Channel::Voice);
    centre.done("otto1", hang_up());
    assert_eq!(sides(&centre), ("carla1 mina1".into(), String::new()));
    let mut centre = consulting(Channel::Voice);
    centre.close("otto1", jackfield_wire::SignOutReason::Lost);
    assert_eq!(sides(&centre), ("carla1 mina1".into(), String::new()));
    // And where the owner is lost, the one it consulted has the customer, heard again.
    let mut centre = consulting(Channel::Voice);
    centre.close("mina1", jackfield_wire::SignOutReason::Lost);
    assert_eq!(sides(&centre), ("carla1 otto1".into(), String::new()));
    assert_eq!(parties(&centre, "carla1"), ["carla", "otto*"]);
    // Unless that one gives no sign of life either: the customer is in line.
    let mut centre = consulting(Channel::Voice);
    centre.away("zoe1");
    centre.away("otto1");
    centre.close("mina1", jackfield_wire::SignOutReason::Lost);
    assert_eq!(sides(&centre), ("carla1".into(), String::new()));
    assert_eq!(parties(&centre, "carla1"), ["carla"]);
    assert!(centre.exchange.state.conversations[&conversation(1)].consulted().is_none());
}

#[test]
fn a_consulted_agent_writes_to_colleagues_only() {
    let mut centre = consulting(Channel::Chat);
    let say =
        |visibility| Command::SendMessage { conversation_id: conversation(1), text: "hm".into(), visibility };
    centre.refused("otto1", say(jackfield_wire::Visibility::Everyone), Code::NotAllowed);
    assert!(centre.ask("otto1", say(jackfield_wire::Visibility::Internal)).is_ok());
    assert_eq!(centre.seen("carla1", 1).unwrap().last_message, 0);
    centre.done("mina1", complete());
    assert!(centre.ask("otto1", say(jackfield_wire::Visibility::Everyone)).is_ok());
}

#[test]
fn a_conference_goes_on_when_its_owner_leaves() {
    let mut centre = talking(Channel::Voice);
    centre.done("mina1", invite("otto"));
    centre.accept("otto1");
    assert_eq!(parties(&centre, "carla1"), ["carla", "mina*", "otto"]);
    centre.done("otto1", invite("zoe"));
    centre.accept("zoe1");
    assert_eq!(side(&centre, Side::Main), "carla1 mina1 otto1 zoe1");
    centre.done("mina1", hang_up());
    assert_eq!(side(&centre, Side::Main), "carla1 otto1 zoe1");
    assert_eq!(parties(&centre, "carla1"), ["carla", "otto*", "zoe"], "who joined first owns it");
    assert_eq!(centre.seen("mina1", 1).unwrap().state, ConversationState::WrapUp);
    centre.close("otto1", jackfield_wire::SignOutReason::Lost);
    assert_eq!(parties(&centre, "carla1"), ["carla", "zoe*"]);
    centre.done("carla1", hang_up());
    assert_eq!(centre.seen("zoe1", 1).unwrap().wrap_up.map(|w| w.until), Some(centre.now + 30_000));
    centre.pass(60_000);
    assert!(centre.exchange.state.conversations.is_empty());
}

#[test]
fn each_is_held_and_muted_for_itself() {
    let mut centre = talking(Channel::Voice);
    centre.done("mina1", invite("otto"));
    centre.accept("otto1");
    let hold = |n| Command::Hold { conversation_id: conversation(1), participant_id: Some(participant(n)) };
    centre.done("mina1", hold(3));
    assert_eq!(side(&centre, Side::Main), "carla1 mina1 (otto1)");
    centre.done("otto1", hold(1));
    assert_eq!(side(&centre, Side::Main), "(carla1) mina1 (otto1)");
    centre.done("mina1", Command::Resume { conversation_id: conversation(1), participant_id: None });
    assert_eq!(side(&centre, Side::Main), "carla1 mina1 otto1");
    let mute = |n| Command::SetMuted {
        conversation_id: conversation(1),
        participant_id: Some(participant(n)),
        muted: true,
    };
    centre.done("mina1", mute(3));
    centre.refused("carla1", mute(2), Code::NotAllowed);
    let muted: Vec<_> =
        centre.exchange.legs(&conversation(1), Side::Main).iter().map(|leg| leg.muted).collect();
    assert_eq!(muted, [false, false, true]);
}

#[test]
fn the_owner_takes_others_out() {
    let mut centre = talking(Channel::Voice);
    centre.done("mina1", invite("otto"));
    centre.accept("otto1");
    let remove =
        |n| Command::RemoveParticipant { conversation_id: conversation(1), participant_id: participant(n) };
    centre.refused("otto1", remove(2), Code::NotAllowed);
    centre.refused("mina1", remove(2), Code::InvalidField);
    centre.refused("mina1", remove(9), Code::NotFound);
    centre.done("mina1", remove(3));
    assert_eq!(side(&centre, Side::Main), "carla1 mina1");
    assert_eq!(centre.seen("otto1", 1).unwrap().state, ConversationState::WrapUp);
    centre.told("mina1");
    centre.done("mina1", remove(1));
    assert_eq!(centre.seen("carla1", 1), None);
    let told = centre.told("mina1");
    let removed =
        |e: &ServerEvent| matches!(e, ServerEvent::ParticipantLeft { reason: LeaveReason::Removed, .. });
    assert!(told.iter().any(removed), "{told:?}");
}

#[test]
fn who_goes_to_the_work_after_its_part_is_told_that_what_is_asked_there_is_nothing_to_it() {
    let knows_all = |centre: &Centre| {
        let seen = super::follower::Follower::new(centre.snapshot("otto1"));
        assert_eq!(centre.followers[&super::session("otto1")], seen);
    };
    let mut centre = talking(Channel::Voice);
    centre.done("mina1", invite("otto"));
    centre.accept("otto1");
    centre.done("mina1", invite("zoe"));
    assert!(centre.seen("otto1", 1).unwrap().pending.is_some());
    centre.done("otto1", hang_up());
    assert!(centre.offer_to("zoe1").is_some(), "the others go on asking");
    knows_all(&centre);

    let mut centre = talking(Channel::Chat);
    centre.done("mina1", invite("otto"));
    centre.accept("otto1");
    centre.done("carla1", here(|conversation_id| Command::StartVoice { conversation_id }));
    assert!(centre.seen("otto1", 1).unwrap().voice_requested);
    let (conversation_id, participant_id) = (conversation(1), participant(3));
    centre.done("mina1", Command::RemoveParticipant { conversation_id, participant_id });
    assert!(centre.offer_to("mina1").is_some(), "the others go on asking");
    knows_all(&centre);
}

#[test]
fn advice_comes_from_a_queue_as_well() {
    let mut centre = talking(Channel::Voice);
    let target = Target::Queue { queue_id: super::queue("vip") };
    centre.done("mina1", Command::Consult { conversation_id: conversation(1), target });
    assert_eq!(centre.offer_to("otto1"), None);
    centre.accept("zoe1");
    let seen = centre.seen("zoe1", 1).unwrap();
    assert_eq!(seen.participants[2].part, Part::Consulted);
}

#[test]
fn agents_of_a_chat_come_into_its_call_one_by_one() {
    let mut centre = talking(Channel::Chat);
    centre.done("mina1", invite("otto"));
    centre.accept("otto1");
    let start = || Command::StartVoice { conversation_id: conversation(1) };
    centre.refused("otto1", start(), Code::NotAllowed);
    centre.done("carla1", start());
    centre.accept("mina1");
    assert_eq!(side(&centre, Side::Main), "carla1 mina1");
    centre.done("otto1", start());
    assert_eq!(side(&centre, Side::Main), "carla1 mina1 otto1");
    centre.done("mina1", hang_up());
    assert_eq!(side(&centre, Side::Main), "carla1 otto1");
    centre.done("otto1", hang_up());
    assert_eq!(side(&centre, Side::Main), "");
    assert_eq!(centre.seen("carla1", 1).unwrap().state, ConversationState::Active);
}
