//! Every command, at least once.

use super::*;
use std::collections::BTreeMap;

/// Each with the name of its fixture.
pub fn commands() -> Vec<(&'static str, Command)> {
    let conversation_id = conversation_id();
    vec![
        ("setPresence", Command::presence(Availability::Available)),
        (
            "setPresence.whole",
            Command::SetPresence {
                availability: Availability::Away,
                activity: Some(Activity::Away),
                reason: Some("lunch".into()),
                expires_in_ms: Some(1_800_000),
                after_work: true,
            },
        ),
        ("clearPresence", Command::ClearPresence),
        (
            "setStatusMessage",
            Command::SetStatusMessage { text: Some("Back at 2".into()), expires_in_ms: Some(3_600_000) },
        ),
        (
            "setSessionPresence",
            Command::SetSessionPresence {
                availability: Availability::Busy,
                activity: Activity::InAConferenceCall,
                expires_in_ms: Some(3_600_000),
            },
        ),
        (
            "startConversation",
            Command::StartConversation {
                queue_id: Some(queue_id()),
                channel: Channel::Chat,
                subject: Some("My parcel".into()),
                attributes: [("order".to_owned(), "A-17".into())].into(),
            },
        ),
        (
            "startConversation.typed",
            Command::StartConversation {
                queue_id: Some(queue_id()),
                channel: Channel::Voice,
                subject: None,
                attributes: attributes(),
            },
        ),
        (
            "startConversation.anywhere",
            Command::StartConversation {
                queue_id: None,
                channel: Channel::Chat,
                subject: None,
                attributes: Attributes::new(),
            },
        ),
        ("acceptOffer", Command::AcceptOffer { offer_id: offer_id() }),
        ("rejectOffer", Command::RejectOffer { offer_id: offer_id(), reason: Some("lunch".into()) }),
        ("startVoice", Command::StartVoice { conversation_id: conversation_id.clone() }),
        ("answerRequest", Command::AnswerRequest { conversation_id: conversation_id.clone(), accept: true }),
        (
            "requestCallback",
            Command::RequestCallback {
                conversation_id: conversation_id.clone(),
                number: None,
                at: Some(1_795_000_600_000),
            },
        ),
        (
            "startOutbound",
            Command::StartOutbound {
                queue_id: queue_id(),
                target: Target::Customer { user_id: user_id() },
                channel: Channel::Voice,
                preview: true,
                name: Some("Carla".into()),
                subject: Some("Your order".into()),
                attributes: attributes(),
            },
        ),
        (
            "startOutbound.number",
            Command::StartOutbound {
                queue_id: queue_id(),
                target: Target::Number { number: "+4930123456".into() },
                channel: Channel::Voice,
                preview: false,
                name: None,
                subject: None,
                attributes: Attributes::new(),
            },
        ),
        ("dial", Command::Dial { conversation_id: conversation_id.clone() }),
        (
            "skip",
            Command::Skip { conversation_id: conversation_id.clone(), reason: Some("called before".into()) },
        ),
        ("hangUp", Command::HangUp { conversation_id: conversation_id.clone() }),
        ("endConversation", Command::EndConversation { conversation_id: conversation_id.clone() }),
        ("hold", Command::Hold { conversation_id: conversation_id.clone(), participant_id: None }),
        (
            "resume",
            Command::Resume {
                conversation_id: conversation_id.clone(),
                participant_id: Some(participant_id()),
            },
        ),
        (
            "setMuted",
            Command::SetMuted { conversation_id: conversation_id.clone(), participant_id: None, muted: true },
        ),
        (
            "sendMessage",
            Command::SendMessage {
                conversation_id: conversation_id.clone(),
                text: "안녕".into(),
                visibility: Visibility::Everyone,
            },
        ),
        (
            "markMessages",
            Command::MarkMessages {
                conversation_id: conversation_id.clone(),
                delivered: Some(3),
                read: Some(2),
            },
        ),
        ("setTyping", Command::SetTyping { conversation_id: conversation_id.clone(), typing: true }),
        (
            "fetchHistory",
            Command::FetchHistory {
                conversation_id: conversation_id.clone(),
                before: Some(40),
                limit: Some(20),
            },
        ),
        (
            "finishWrapUp",
            Command::FinishWrapUp {
                conversation_id: conversation_id.clone(),
                disposition: Some("solved".into()),
                note: Some("Sent a new parcel".into()),
            },
        ),
        (
            "transfer",
            Command::Transfer {
                conversation_id: conversation_id.clone(),
                target: Target::Queue { queue_id: queue_id() },
            },
        ),
        (
            "consult",
            Command::Consult {
                conversation_id: conversation_id.clone(),
                target: Target::Agent { user_id: user_id() },
            },
        ),
        ("completeConsult", Command::CompleteConsult { conversation_id: conversation_id.clone() }),
        ("cancelConsult", Command::CancelConsult { conversation_id: conversation_id.clone() }),
        ("swap", Command::Swap { conversation_id: conversation_id.clone() }),
        ("conference", Command::Conference { conversation_id: conversation_id.clone() }),
        (
            "invite",
            Command::Invite {
                conversation_id: conversation_id.clone(),
                target: Target::Number { number: "+4930123456".into() },
            },
        ),
        (
            "removeParticipant",
            Command::RemoveParticipant {
                conversation_id: conversation_id.clone(),
                participant_id: participant_id(),
            },
        ),
        ("park", Command::Park { conversation_id: conversation_id.clone() }),
        ("pickUp", Command::PickUp { conversation_id: conversation_id.clone() }),
        ("extendWrapUp", Command::ExtendWrapUp { conversation_id: conversation_id.clone() }),
        ("watchFloor", Command::WatchFloor { on: true, queue_ids: None, agent_ids: None }),
        (
            "watchFloor.some",
            Command::WatchFloor {
                on: true,
                queue_ids: Some(vec![queue_id()]),
                agent_ids: Some(vec![user_id()]),
            },
        ),
        ("fetchWaiting", Command::FetchWaiting { queue_id: queue_id(), limit: Some(5) }),
        ("findTargets", Command::FindTargets { text: Some("mi".into()), limit: Some(5) }),
        (
            "monitor",
            Command::Monitor {
                conversation_id: conversation_id.clone(),
                mode: MonitorMode::Whisper,
                user_id: Some(user_id()),
            },
        ),
        ("stopMonitoring", Command::StopMonitoring { conversation_id: conversation_id.clone() }),
        ("takeOver", Command::TakeOver { conversation_id: conversation_id.clone() }),
        (
            "prioritize",
            Command::Prioritize {
                conversation_id: conversation_id.clone(),
                priority: Some(5),
                head_start_ms: Some(300_000),
            },
        ),
        (
            "reassign",
            Command::Reassign {
                conversation_id: conversation_id.clone(),
                target: Target::Agent { user_id: user_id() },
            },
        ),
        (
            "setAgentPresence",
            Command::SetAgentPresence {
                user_id: user_id(),
                availability: Availability::Busy,
                reason: Some("lunch".into()),
            },
        ),
        ("signOutAgent", Command::SignOutAgent { user_id: user_id() }),
        (
            "setAgentSkills",
            Command::SetAgentSkills {
                user_id: user_id(),
                skills: Some(BTreeMap::from([("french".into(), 5)])),
                queues: Some(vec![queue_id()]),
                capacity: Some(AgentCapacity { voice: 1, chat: 2 }),
                reset: true,
            },
        ),
        ("explain", Command::Explain { conversation_id: conversation_id.clone() }),
        ("watchPresence", Command::WatchPresence { user_ids: vec![user_id()] }),
        ("negotiateMedia", Command::NegotiateMedia { sdp: "v=0\r\n".into() }),
        (
            "reportQuality",
            Command::ReportQuality {
                conversation_id,
                sample: QualitySample { rtt_ms: 20.0, jitter_ms: 2.5, loss: 0.25, concealed: 0.0, mos: 4.25 },
            },
        ),
        (
            "setAttributes",
            Command::SetAttributes {
                conversation_id: self::conversation_id(),
                set: attributes(),
                remove: vec!["page".into()],
            },
        ),
        (
            "setTags",
            Command::SetTags {
                conversation_id: self::conversation_id(),
                add: vec!["refund".into()],
                remove: vec!["new".into()],
            },
        ),
        ("setLinks", Command::SetLinks { conversation_id: self::conversation_id(), links: links() }),
        (
            "addNote",
            Command::AddNote { conversation_id: self::conversation_id(), text: "Calls back at 5".into() },
        ),
        (
            "fetchCustomerHistory",
            Command::FetchCustomerHistory {
                conversation_id: self::conversation_id(),
                before: ConversationId::parse("c5").ok(),
                limit: Some(20),
            },
        ),
        (
            "fetchPastMessages",
            Command::FetchPastMessages {
                conversation_id: self::conversation_id(),
                past: id(ConversationId::parse, "c5"),
                before: Some(40),
                limit: Some(20),
            },
        ),
        ("signOut", Command::SignOut),
    ]
}
