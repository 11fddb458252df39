//! Every outcome and signal, at least once.

use super::*;
use std::collections::BTreeMap;

/// Each with the name of its fixture.
fn explanation() -> Explanation {
    let french = || BTreeMap::from([("french".to_owned(), 5)]);
    let told = |ended: Option<OfferOutcome>| OfferTold {
        offer_id: offer_id(),
        user_id: user_id(),
        kind: OfferKind::Conversation,
        offered_at: 1_795_000_000_000,
        ended_at: ended.map(|_| 1_795_000_001_000),
        outcome: ended,
        reason: OfferReason {
            order: "longest idle".into(),
            skills: french(),
            candidates: 2,
            waited_ms: 5,
            preferred: french(),
            preferred_met: 1,
            ring: 1,
            rule: Some("vip".into()),
            direct: true,
        },
    };
    Explanation {
        conversation_id: conversation_id(),
        state: ConversationState::Queued,
        queue_id: queue_id(),
        channel: Channel::Chat,
        sentence: "It waits.".into(),
        age_ms: 9,
        priority: 1,
        head_start_ms: None,
        place: Some(2),
        waiting: 3,
        rule: Some("vip".into()),
        rule_failures: Some(1),
        next_queues: vec![queue_id()],
        next_at: Some(1_795_000_009_000),
        ring: 1,
        relaxes_at: Some(1_795_000_008_000),
        skills: french(),
        preferred: french(),
        only: vec![user_id()],
        callback: None,
        agents: Some(AgentFunnel {
            serving: 6,
            fitting: 5,
            signed_in: 4,
            available: 3,
            with_room: 2,
            ready: 1,
        }),
        offered: vec![told(None)],
        before: vec![told(Some(OfferOutcome::Rejected))],
        owner: Some(user_id()),
    }
}

pub fn outcomes() -> Vec<(&'static str, Outcome)> {
    vec![
        ("done", Outcome::Done),
        ("conversationStarted", Outcome::ConversationStarted { conversation_id: conversation_id() }),
        (
            "offerAccepted",
            Outcome::OfferAccepted { offer_id: offer_id(), conversation_id: conversation_id() },
        ),
        ("messageSent", Outcome::MessageSent { number: 3, at: 1_795_000_000_300 }),
        ("history", Outcome::History { messages: vec![message()], more: true }),
        ("customerHistory", Outcome::CustomerHistory { entries: vec![past()], more: true }),
        ("floor", Outcome::Floor { floor: floor() }),
        ("floor.callbacks", Outcome::Floor { floor: floor_with_callbacks() }),
        ("explanation", Outcome::Explanation { explanation: Box::new(explanation()) }),
        (
            "explanation.head_start",
            Outcome::Explanation {
                explanation: Box::new(Explanation { head_start_ms: Some(300_000), ..explanation() }),
            },
        ),
        (
            "explanation.callback",
            Outcome::Explanation {
                explanation: Box::new(Explanation {
                    callback: Some(CallbackView { at: Some(1_795_000_600_000), ..CallbackView::default() }),
                    ..explanation()
                }),
            },
        ),
        (
            "targets",
            Outcome::Targets {
                agents: vec![AgentTarget {
                    user_id: user_id(),
                    name: "Mina Park".into(),
                    presence: presence(),
                }],
                queues: vec![QueueTarget {
                    queue_id: queue_id(),
                    name: "Support".into(),
                    channels: vec![Channel::Voice],
                    waiting: 2,
                    agents_ready: 1,
                }],
            },
        ),
        (
            "waiting",
            Outcome::Waiting {
                conversations: vec![WaitingView {
                    conversation_id: conversation_id(),
                    channel: Channel::Chat,
                    since: 1_795_000_000_000,
                    position: 1,
                    priority: 5,
                    customer_name: Some("Jo".into()),
                    subject: Some("My parcel".into()),
                    callback: None,
                    outbound: false,
                    offered_to: vec![user_id()],
                }],
                more: true,
            },
        ),
        (
            "waiting.callback",
            Outcome::Waiting {
                conversations: vec![WaitingView {
                    conversation_id: conversation_id(),
                    channel: Channel::Voice,
                    since: 1_795_000_000_000,
                    position: 1,
                    priority: 0,
                    customer_name: None,
                    subject: None,
                    callback: Some(CallbackView::default()),
                    outbound: false,
                    offered_to: Vec::new(),
                }],
                more: false,
            },
        ),
        (
            "waiting.outbound",
            Outcome::Waiting {
                conversations: vec![WaitingView {
                    conversation_id: conversation_id(),
                    channel: Channel::Voice,
                    since: 1_795_000_000_000,
                    position: 1,
                    priority: 0,
                    customer_name: Some("Jo".into()),
                    subject: None,
                    callback: None,
                    outbound: true,
                    offered_to: Vec::new(),
                }],
                more: false,
            },
        ),
        ("presence", Outcome::Presence { presence: vec![presence()] }),
        ("mediaAnswer", Outcome::MediaAnswer { sdp: "v=0\r\n".into() }),
    ]
}

pub fn signals() -> Vec<(&'static str, Signal)> {
    let slot = Slot { conversation_id: conversation_id(), participant_id: participant_id() };
    vec![
        (
            "typing",
            Signal::Typing {
                conversation_id: conversation_id(),
                participant_id: participant_id(),
                typing: true,
            },
        ),
        ("slots", Signal::Slots { slots: vec![Some(slot), None, None, None] }),
        ("media", Signal::Media { connected: true }),
    ]
}
