//! The agent of a chat asks its customer to talk.

use super::{Centre, conversation, session};
use jackfield_wire::{
    Channel, Code, Command, OfferOutcome, Part, PendingKind, ServerEvent, Side, SignOutReason, Target,
};

/// A way in which the asking ends.
type End = fn(&mut Centre);

fn start_voice() -> Command {
    Command::StartVoice { conversation_id: conversation(1) }
}

fn answer(accept: bool) -> Command {
    Command::AnswerRequest { conversation_id: conversation(1), accept }
}

/// Carla chats with mina, who asks her to talk.
fn asked() -> Centre {
    let mut centre = chatting();
    centre.done("mina1", start_voice());
    centre
}

fn chatting() -> Centre {
    let mut centre = Centre::new();
    centre.agent("mina1");
    centre.caller("carla1", "help", Channel::Chat);
    centre.accept("mina1");
    centre
}

fn talkers(centre: &Centre) -> Vec<String> {
    let legs = centre.exchange.legs(&conversation(1), Side::Main);
    legs.into_iter().map(|leg| leg.session.to_string()).collect()
}

#[test]
fn the_customer_is_told_that_it_is_asked_and_until_when() {
    let centre = asked();
    let told = centre.seen("carla1", 1).unwrap().pending.unwrap();
    assert_eq!((told.kind, told.target, told.by), (PendingKind::Voice, None, None));
    assert_eq!(told.expires_at, Some(centre.now + 20_000));
    let own = centre.seen("mina1", 1).unwrap().pending.unwrap();
    assert!(own.by.is_some() && matches!(own.target, Some(Target::Customer { .. })));
    assert!(talkers(&centre).is_empty(), "nobody is heard before a yes");
}

#[test]
fn both_talk_when_the_customer_says_yes_by_either_command() {
    for command in [answer(true), start_voice()] {
        let mut centre = asked();
        // The leg is in the session that answers.
        centre.customer("carla2");
        centre.done("carla2", command);
        assert_eq!(talkers(&centre), ["carla2", "mina1"]);
        assert_eq!(centre.seen("mina1", 1).unwrap().pending, None);
        centre.refused("carla1", answer(true), Code::WrongState);
    }
}

#[test]
fn a_no_a_time_out_and_taking_back_leave_the_chat_as_it_was() {
    let ends: [(End, OfferOutcome); 5] = [
        (|centre| centre.done("carla1", answer(false)), OfferOutcome::Rejected),
        (|centre| centre.pass(20_000), OfferOutcome::TimedOut),
        (
            |centre| centre.done("mina1", Command::HangUp { conversation_id: conversation(1) }),
            OfferOutcome::Rescinded,
        ),
        (
            |centre| centre.done("mina1", Command::CancelConsult { conversation_id: conversation(1) }),
            OfferOutcome::Rescinded,
        ),
        (
            |centre| {
                centre.agent("mina2");
                centre.close("mina1", SignOutReason::Asked);
            },
            OfferOutcome::Canceled,
        ),
    ];
    for (end, outcome) in ends {
        let mut centre = asked();
        centre.told("carla1");
        end(&mut centre);
        let over = ServerEvent::PendingChanged {
            conversation_id: conversation(1),
            pending: None,
            outcome: Some(outcome),
        };
        assert!(centre.told("carla1").contains(&over), "{outcome:?}");
        assert!(talkers(&centre).is_empty());
        assert_eq!(centre.seen("carla1", 1).unwrap().participants.len(), 2, "the chat goes on");
        centre.refused("carla1", answer(true), Code::WrongState);
    }
}

#[test]
fn the_agent_keeps_room_for_the_call_while_it_asks() {
    let mut centre = asked();
    centre.caller("dora1", "help", Channel::Voice);
    assert_eq!(centre.offer_to("mina1"), None, "no other call comes in between");
    centre.done("carla1", answer(false));
    assert!(centre.offer_to("mina1").is_some());
}

#[test]
fn whoever_takes_no_calls_any_more_does_not_ask_for_one() {
    let mut centre = asked();
    centre.sign_in("bea1", jackfield_wire::Role::Supervisor);
    let takes = |voice, chat| Command::SetAgentSkills {
        user_id: super::user("mina"),
        skills: None,
        queues: None,
        capacity: Some(jackfield_wire::AgentCapacity { voice, chat }),
        reset: false,
    };
    centre.done("bea1", takes(1, 5));
    assert!(centre.seen("carla1", 1).unwrap().pending.is_some(), "there is room yet");
    centre.told("carla1");
    centre.done("bea1", takes(0, 5));
    let told = centre.told("carla1");
    let over = |e: &ServerEvent| {
        matches!(e, ServerEvent::PendingChanged { pending: None, outcome: Some(OfferOutcome::Rescinded), .. })
    };
    assert!(told.iter().any(over), "{told:?}");
    centre.refused("carla1", answer(true), Code::WrongState);
    centre.refused("mina1", start_voice(), Code::NoCapacity);
    assert_eq!(centre.seen("carla1", 1).unwrap().pending, None);
    assert_eq!(centre.exchange.index, centre.exchange.build_index());
}

#[test]
fn who_may_ask_and_when() {
    // In a call already: no room.
    let mut centre = Centre::new();
    centre.agent("mina1");
    centre.caller("dora1", "help", Channel::Voice);
    centre.accept("mina1");
    centre.caller("carla1", "help", Channel::Chat);
    let busy = centre.offer_to("mina1");
    assert_eq!(busy, None, "who is in a call is not available");

    let mut centre = chatting();
    centre.away("carla1");
    centre.refused("mina1", start_voice(), Code::WrongState);
    centre.back("carla1");
    centre.done("mina1", start_voice());
    centre.refused("mina1", start_voice(), Code::WrongState);
    centre.refused("mina1", answer(true), Code::NotAllowed);
    centre.agent("otto1");
    let target = Target::Agent { user_id: super::user("otto") };
    let consult = Command::Consult { conversation_id: conversation(1), target };
    centre.refused("mina1", consult, Code::WrongState);
}

#[test]
fn it_ends_with_the_conversation_and_with_its_agent() {
    let mut centre = asked();
    centre.close("carla1", SignOutReason::Lost);
    assert!(centre.exchange.state.conversations[&conversation(1)].pending.is_none());

    let mut centre = asked();
    centre.agent("otto1");
    centre.close("mina1", SignOutReason::Lost);
    assert!(centre.offer_to("otto1").is_some(), "the customer is in line again");
    assert_eq!(centre.seen("carla1", 1).unwrap().pending, None);
}

/// Messages go both ways in a conversation that began by voice, to whoever is in it.
#[test]
fn one_writes_in_a_call() {
    let mut centre = Centre::new();
    centre.agent("mina1");
    centre.caller("carla1", "help", Channel::Voice);
    centre.accept("mina1");
    let said = |text: &str| Command::SendMessage {
        conversation_id: conversation(1),
        text: text.to_owned(),
        visibility: jackfield_wire::Visibility::Everyone,
    };
    centre.told("carla1");
    assert!(centre.ask("mina1", said("the link: https://contoso.example")).is_ok());
    assert!(centre.ask("carla1", said("thank you")).is_ok());
    let read = |told: Vec<ServerEvent>| {
        let texts = told.into_iter().filter_map(|event| match event {
            ServerEvent::MessageAdded { message, .. } => Some(message.text),
            _ => None,
        });
        texts.collect::<Vec<_>>()
    };
    assert_eq!(read(centre.told("carla1")), ["the link: https://contoso.example", "thank you"]);
    assert_eq!(read(centre.told("mina1")), ["the link: https://contoso.example", "thank you"]);
    assert_eq!(talkers(&centre), ["carla1", "mina1"]);
    assert_eq!(centre.viewers[&session("mina1")].user_id, super::user("mina"));
    let parts: Vec<_> = centre.seen("carla1", 1).unwrap().participants.iter().map(|p| p.part).collect();
    assert_eq!(parts, [Part::Customer, Part::Agent]);
}
