//! Every event, at least once.

use super::*;

/// Each with the name of its fixture.
pub fn events() -> Vec<(&'static str, ServerEvent)> {
    let conversation_id = conversation_id();
    vec![
        ("presenceChanged", ServerEvent::PresenceChanged { presence: presence() }),
        ("presenceChanged.whole", ServerEvent::PresenceChanged { presence: whole_presence() }),
        (
            "presenceChanged.paused",
            ServerEvent::PresenceChanged {
                presence: PresenceView { offers_paused_until: Some(1_795_003_660_000), ..presence() },
            },
        ),
        (
            "presenceChanged.unanswered",
            ServerEvent::PresenceChanged {
                presence: PresenceView {
                    offers_paused_until: Some(1_795_003_660_000),
                    unanswered: Some(Unanswered {
                        offer_id: offer_id(),
                        conversation_id: conversation_id.clone(),
                        queue_id: queue_id(),
                        at: 1_795_003_600_000,
                    }),
                    ..presence()
                },
            },
        ),
        (
            "participantJoined.dialing",
            ServerEvent::ParticipantJoined {
                conversation_id: conversation_id.clone(),
                participant: ParticipantView { dialing: true, ..participant() },
            },
        ),
        ("offerMade", ServerEvent::OfferMade { offer: offer() }),
        (
            "offerEnded",
            ServerEvent::OfferEnded {
                offer_id: offer_id(),
                conversation_id: conversation_id.clone(),
                outcome: OfferOutcome::TimedOut,
                reason: None,
            },
        ),
        (
            "offerEnded.whole",
            ServerEvent::OfferEnded {
                offer_id: offer_id(),
                conversation_id: conversation_id.clone(),
                outcome: OfferOutcome::Rescinded,
                reason: Some(OfferEndReason::TakenByColleague),
            },
        ),
        ("conversationAdded", ServerEvent::ConversationAdded { conversation: conversation() }),
        (
            "conversationStateChanged",
            ServerEvent::ConversationStateChanged {
                conversation_id: conversation_id.clone(),
                state: ConversationState::WrapUp,
                since: 1_795_000_000_400,
                wrap_up: Some(wrap_up()),
                reason: Some(EndReason::CustomerLeft),
            },
        ),
        (
            "conversationRemoved",
            ServerEvent::ConversationRemoved { conversation_id: conversation_id.clone() },
        ),
        (
            "queueChanged",
            ServerEvent::QueueChanged { conversation_id: conversation_id.clone(), queue_id: queue_id() },
        ),
        (
            "positionChanged",
            ServerEvent::PositionChanged {
                conversation_id: conversation_id.clone(),
                position: 2,
                estimated_wait_ms: None,
            },
        ),
        (
            "positionChanged.estimated",
            ServerEvent::PositionChanged {
                conversation_id: conversation_id.clone(),
                position: 2,
                estimated_wait_ms: Some(90_000),
            },
        ),
        (
            "pendingChanged",
            ServerEvent::PendingChanged {
                conversation_id: conversation_id.clone(),
                pending: Some(PendingView {
                    kind: PendingKind::Transfer,
                    target: Some(Target::Number { number: "+4930123456".into() }),
                    by: Some(participant_id()),
                    ordered_by: None,
                    since: 1_795_000_000_000,
                    expires_at: None,
                }),
                outcome: None,
            },
        ),
        (
            "pendingChanged.ordered",
            ServerEvent::PendingChanged {
                conversation_id: conversation_id.clone(),
                pending: Some(PendingView {
                    kind: PendingKind::Transfer,
                    target: Some(Target::Number { number: "+4930123456".into() }),
                    by: Some(participant_id()),
                    ordered_by: Some(user_id()),
                    since: 1_795_000_000_000,
                    expires_at: None,
                }),
                outcome: None,
            },
        ),
        (
            "pendingChanged.asked",
            ServerEvent::PendingChanged {
                conversation_id: conversation_id.clone(),
                pending: Some(PendingView {
                    kind: PendingKind::Voice,
                    target: None,
                    by: None,
                    ordered_by: None,
                    since: 1_795_000_000_000,
                    expires_at: Some(1_795_000_020_000),
                }),
                outcome: None,
            },
        ),
        (
            "pendingChanged.outbound",
            ServerEvent::PendingChanged {
                conversation_id: conversation_id.clone(),
                pending: Some(PendingView {
                    kind: PendingKind::Outbound,
                    target: None,
                    by: None,
                    ordered_by: None,
                    since: 1_795_000_000_000,
                    expires_at: Some(1_795_000_020_000),
                }),
                outcome: None,
            },
        ),
        (
            "outboundChanged.waiting",
            ServerEvent::OutboundChanged {
                conversation_id: conversation_id.clone(),
                outbound: OutboundView {
                    stage: OutboundStage::Waiting,
                    expires_at: None,
                    attempts: 1,
                    at: Some(1_795_000_600_000),
                    ..outbound()
                },
            },
        ),
        (
            "offerMade.preview",
            ServerEvent::OfferMade { offer: OfferView { kind: OfferKind::Preview, ..offer() } },
        ),
        (
            "outboundChanged",
            ServerEvent::OutboundChanged {
                conversation_id: conversation_id.clone(),
                outbound: OutboundView { stage: OutboundStage::Calling, expires_at: None, ..outbound() },
            },
        ),
        (
            "conversationAdded.preview",
            ServerEvent::ConversationAdded {
                conversation: ConversationView { outbound: Some(outbound().into()), ..conversation() },
            },
        ),
        (
            "pendingChanged.over",
            ServerEvent::PendingChanged {
                conversation_id: conversation_id.clone(),
                pending: None,
                outcome: Some(OfferOutcome::Accepted),
            },
        ),
        (
            "callbackChanged",
            ServerEvent::CallbackChanged {
                conversation_id: conversation_id.clone(),
                callback: Some(CallbackView {
                    at: Some(1_795_000_600_000),
                    away_since: Some(1_795_000_000_000),
                    attempts: 1,
                }),
            },
        ),
        (
            "callbackChanged.over",
            ServerEvent::CallbackChanged { conversation_id: conversation_id.clone(), callback: None },
        ),
        (
            "voiceRequested",
            ServerEvent::VoiceRequested {
                conversation_id: conversation_id.clone(),
                requested: false,
                outcome: Some(OfferOutcome::Rejected),
            },
        ),
        (
            "participantJoined",
            ServerEvent::ParticipantJoined {
                conversation_id: conversation_id.clone(),
                participant: participant(),
            },
        ),
        (
            "participantChanged",
            ServerEvent::ParticipantChanged {
                conversation_id: conversation_id.clone(),
                participant: participant(),
            },
        ),
        (
            "participantChanged.seat",
            ServerEvent::ParticipantChanged {
                conversation_id: conversation_id.clone(),
                participant: ParticipantView {
                    part: Part::Monitor,
                    side: Side::Consult,
                    owner: true,
                    monitor: Some(MonitorMode::Whisper),
                    wrap_up: Some(wrap_up()),
                    ..participant()
                },
            },
        ),
        (
            "participantLeft",
            ServerEvent::ParticipantLeft {
                conversation_id: conversation_id.clone(),
                participant_id: participant_id(),
                reason: LeaveReason::Left,
            },
        ),
        (
            "messageAdded",
            ServerEvent::MessageAdded { conversation_id: conversation_id.clone(), message: message() },
        ),
        (
            "messagesMarked",
            ServerEvent::MessagesMarked {
                conversation_id,
                participant_id: participant_id(),
                delivered: 3,
                read: 3,
            },
        ),
        ("floorChanged", ServerEvent::FloorChanged { queues: floor().queues, agents: floor().agents }),
        (
            "floorChanged.statistics",
            ServerEvent::FloorChanged { queues: statistics().queues, agents: statistics().agents },
        ),
        (
            "floorChanged.stage",
            ServerEvent::FloorChanged { queues: Vec::new(), agents: vec![at_stage(OutboundStage::Preview)] },
        ),
        ("floorChanged.outbound", ServerEvent::FloorChanged { queues: vec![called()], agents: Vec::new() }),
        (
            "supervised",
            ServerEvent::Supervised {
                by: user_id(),
                name: "Mina Park".into(),
                order: SupervisorOrder::Whisper,
                conversation_id: Some(crate::common::conversation_id()),
            },
        ),
        (
            "supervised.reassign",
            ServerEvent::Supervised {
                by: user_id(),
                name: "Mina Park".into(),
                order: SupervisorOrder::Reassign,
                conversation_id: Some(crate::common::conversation_id()),
            },
        ),
        (
            "contextChanged",
            ServerEvent::ContextChanged {
                conversation_id: self::conversation_id(),
                attributes: Some(attributes()),
                tags: Some(vec!["refund".into()]),
                links: Some(links()),
            },
        ),
        (
            "conversationAdded.context",
            ServerEvent::ConversationAdded {
                conversation: ConversationView {
                    tags: vec!["refund".into()],
                    links: links(),
                    messages: vec![MessageView { visibility: Visibility::Internal, note: true, ..message() }],
                    ..conversation()
                },
            },
        ),
        ("signedOut", ServerEvent::SignedOut { reason: SignOutReason::Asked }),
        ("signedOut.supervisor", ServerEvent::SignedOut { reason: SignOutReason::Supervisor }),
    ]
}
