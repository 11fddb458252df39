//! Refusals: foreign ids, wrong roles, texts that are too long.

use super::{Centre, centre::config, conversation, participant, queue, user};
use jackfield_wire::{
    Attributes, Availability, Channel, Code, Command, ConversationId, QualitySample, Target, Visibility,
    limits,
};
use serde_json::json;
use std::collections::BTreeMap;

fn about(conversation_id: ConversationId) -> Vec<Command> {
    let id = || conversation_id.clone();
    let sample = QualitySample { rtt_ms: 1.0, jitter_ms: 1.0, loss: 0.0, concealed: 0.0, mos: 4.4 };
    vec![
        Command::StartVoice { conversation_id: id() },
        Command::HangUp { conversation_id: id() },
        Command::EndConversation { conversation_id: id() },
        Command::Hold { conversation_id: id(), participant_id: None },
        Command::Resume { conversation_id: id(), participant_id: Some(participant(1)) },
        Command::SetMuted { conversation_id: id(), participant_id: None, muted: true },
        Command::SendMessage { conversation_id: id(), text: "x".into(), visibility: Visibility::Everyone },
        Command::MarkMessages { conversation_id: id(), delivered: Some(1), read: None },
        Command::SetTyping { conversation_id: id(), typing: true },
        Command::FetchHistory { conversation_id: id(), before: None, limit: None },
        Command::FinishWrapUp { conversation_id: id(), disposition: None, note: None },
        Command::ExtendWrapUp { conversation_id: id() },
        Command::ReportQuality { conversation_id: id(), sample },
    ]
}

#[test]
fn foreign_and_absent_conversations_are_refused_alike() {
    let mut centre = Centre::new();
    centre.agent("mina1");
    centre.caller("carla1", "help", Channel::Voice);
    centre.accept("mina1");
    centre.agent("otto1");
    centre.customer("dora1");
    for who in ["otto1", "dora1"] {
        for (foreign, absent) in about(conversation(1)).into_iter().zip(about(conversation(99))) {
            let answers = [centre.ask(who, foreign.clone()), centre.ask(who, absent)];
            assert_eq!(answers[0], answers[1], "{foreign:?}");
            assert_eq!(answers[0].as_ref().unwrap_err().code, Code::NotFound, "{foreign:?}");
        }
    }
}

#[test]
fn each_role_keeps_to_its_own() {
    let mut centre = Centre::new();
    centre.agent("mina1");
    centre.customer("carla1");
    let start = |queue_id| Command::StartConversation {
        queue_id: Some(queue_id),
        channel: Channel::Chat,
        subject: None,
        attributes: BTreeMap::new(),
    };
    centre.refused("mina1", start(queue("help")), Code::NotAllowed);
    centre.refused("carla1", start(queue("nowhere")), Code::NotFound);
    centre.refused("carla1", Command::AcceptOffer { offer_id: super::offer(1) }, Code::NotAllowed);
    centre.refused("carla1", Command::presence(Availability::Busy), Code::NotAllowed);
}

#[test]
fn texts_and_attributes_have_bounds() {
    let mut centre = Centre::new();
    centre.customer("carla1");
    let long = || "x".repeat(limits::SHORT_TEXT_BYTES + 1);
    let start = |subject, attributes| Command::StartConversation {
        queue_id: Some(queue("help")),
        channel: Channel::Chat,
        subject,
        attributes,
    };
    let many = (0..=limits::ATTRIBUTES).map(|n| (n.to_string(), "".into())).collect();
    let large = BTreeMap::from([("k".to_owned(), "x".repeat(limits::ATTRIBUTE_BYTES).into())]);
    centre.refused("carla1", start(Some(long()), BTreeMap::new()), Code::InvalidField);
    for wrong in [start(None, many), start(None, large)] {
        centre.refused("carla1", wrong, Code::AttributesTooLarge);
    }
    let sdp = "x".repeat(limits::SDP_BYTES + 1);
    centre.refused("carla1", Command::NegotiateMedia { sdp }, Code::InvalidField);
    centre.start("carla1", "help", Channel::Chat);
    for limit in [0, limits::HISTORY_PAGE + 1] {
        let fetch =
            Command::FetchHistory { conversation_id: conversation(1), before: None, limit: Some(limit) };
        centre.refused("carla1", fetch, Code::InvalidField);
    }
}

#[test]
fn nobody_begins_a_chat_for_which_it_has_no_room() {
    let mut config = config();
    config["users"][0]["capacity"] = json!({ "voice": 1, "chat": 1 });
    let mut centre = Centre::with(config);
    centre.agent("mina1");
    centre.caller("anna1", "help", Channel::Chat);
    centre.accept("mina1");
    centre.customer("carla1");
    let command = Command::StartOutbound {
        queue_id: queue("help"),
        target: Target::Customer { user_id: user("carla") },
        channel: Channel::Chat,
        preview: true,
        name: None,
        subject: None,
        attributes: Attributes::new(),
    };
    centre.refused("mina1", command.clone(), Code::NoCapacity);
    centre.done("mina1", Command::Park { conversation_id: conversation(1) });
    assert!(centre.ask("mina1", command).is_ok(), "what is parked is nobody's work");
}
