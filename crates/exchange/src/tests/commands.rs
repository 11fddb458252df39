//! Every command of an agent in every state of a conversation: it changes the state as drawn, or is refused with its code.

use super::{Centre, conversation, participant, user};
use jackfield_wire::{Channel, Code, Command, ConversationId, Target};

/// How a conversation comes to stand somewhere; mina is its agent throughout.
fn states() -> Vec<(&'static str, Centre)> {
    let mut all = Vec::new();
    let ask = |centre: &mut Centre, command: fn(ConversationId, Target) -> Command| {
        centre.done("mina1", command(conversation(1), Target::Agent { user_id: user("otto") }));
    };
    let transfer = |conversation_id, target| Command::Transfer { conversation_id, target };
    let consult = |conversation_id, target| Command::Consult { conversation_id, target };
    let invite = |conversation_id, target| Command::Invite { conversation_id, target };
    for name in
        ["active", "transferring", "asking", "consulting", "conference", "parked", "wrapUp", "handedOver"]
    {
        let mut centre = Centre::new();
        centre.agent("mina1");
        centre.caller("carla1", "help", Channel::Voice);
        centre.accept("mina1");
        centre.agent("otto1");
        match name {
            "transferring" => ask(&mut centre, transfer),
            "asking" => ask(&mut centre, consult),
            "consulting" | "conference" | "handedOver" => {
                let command = match name {
                    "consulting" => consult,
                    "conference" => invite,
                    _ => transfer,
                };
                ask(&mut centre, command);
                centre.accept("otto1");
            }
            "parked" => centre.done("mina1", Command::Park { conversation_id: conversation(1) }),
            "wrapUp" => centre.done("carla1", Command::HangUp { conversation_id: conversation(1) }),
            _ => {}
        }
        all.push((name, centre));
    }
    all
}

fn commands() -> Vec<(&'static str, Command)> {
    let id = || conversation(1);
    let target = || Target::Agent { user_id: user("otto") };
    vec![
        ("transfer", Command::Transfer { conversation_id: id(), target: target() }),
        (
            "toQueue",
            Command::Transfer {
                conversation_id: id(),
                target: Target::Queue { queue_id: super::queue("vip") },
            },
        ),
        ("consult", Command::Consult { conversation_id: id(), target: target() }),
        ("completeConsult", Command::CompleteConsult { conversation_id: id() }),
        ("cancelConsult", Command::CancelConsult { conversation_id: id() }),
        ("swap", Command::Swap { conversation_id: id() }),
        ("conference", Command::Conference { conversation_id: id() }),
        ("invite", Command::Invite { conversation_id: id(), target: target() }),
        (
            "removeColleague",
            Command::RemoveParticipant { conversation_id: id(), participant_id: participant(3) },
        ),
        ("park", Command::Park { conversation_id: id() }),
        ("pickUp", Command::PickUp { conversation_id: id() }),
        ("hold", Command::Hold { conversation_id: id(), participant_id: None }),
        ("resume", Command::Resume { conversation_id: id(), participant_id: None }),
        ("hangUp", Command::HangUp { conversation_id: id() }),
        ("endConversation", Command::EndConversation { conversation_id: id() }),
        ("extendWrapUp", Command::ExtendWrapUp { conversation_id: id() }),
    ]
}

/// What is done (`.`) and what is refused: `s` wrongState, `f` notFound. One column for each command, in the order of `commands()`.
const TABLE: &[(&str, &str)] = &[
    //                transfer toQueue consult complete cancel swap conference invite remove park pickUp hold resume hangUp end extend
    ("active", ". . . s s s s . f . s . . . . s"),
    ("transferring", "s s s s . s s s f s s . . s . s"),
    ("asking", "s s s s . s s s f s s . . s . s"),
    ("consulting", "s s s . . . . s . s s . . s . s"),
    ("conference", "s s s s s s s s . s s . . . . s"),
    ("parked", "s s s s s s s s f s . s s s . s"),
    ("wrapUp", "s s s s s s s s s s s s s s s ."),
    ("handedOver", "s s s s s s s s s s s s s s s ."),
];

#[test]
fn every_command_in_every_state_is_done_as_drawn_or_refused_with_its_code() {
    let states = states();
    assert_eq!(states.len(), TABLE.len());
    for ((state, centre), (row, expected)) in states.into_iter().zip(TABLE) {
        assert_eq!(state, *row);
        let expected: Vec<_> = expected.split(' ').collect();
        let mut found = Vec::new();
        for (name, command) in commands() {
            let mut centre = centre.clone();
            let before = centre.exchange.state().clone();
            let answer = centre.ask("mina1", command);
            let sign = match &answer {
                Ok(_) => ".",
                Err(error) if error.code == Code::WrongState => "s",
                Err(error) if error.code == Code::NotFound => "f",
                Err(error) => panic!("{state} {name}: {error}"),
            };
            if let Err(error) = &answer {
                assert_eq!(
                    centre.exchange.state(),
                    &before,
                    "{state} {name}: what is refused changes nothing"
                );
                assert!(error.message.contains(';') || error.message.len() > 20, "{state} {name}: {error}");
            }
            assert_eq!(centre.exchange.index, centre.exchange.build_index(), "{state} {name}");
            found.push(sign);
        }
        assert_eq!(
            found,
            expected,
            "{state}: of {:?}",
            commands().into_iter().map(|(n, _)| n).collect::<Vec<_>>()
        );
    }
}
