//! What they are made of.

use super::*;
use std::collections::BTreeMap;

pub fn presence() -> PresenceView {
    PresenceView::new(user_id(), Availability::Busy, Activity::InACall, 1_795_000_000_000)
}

/// A presence with all that can be said about it.
pub fn whole_presence() -> PresenceView {
    PresenceView {
        reason: Some("training".into()),
        preferred: Some(chosen(Availability::Available, Activity::Available, None)),
        next: Some(chosen(Availability::Away, Activity::Away, Some("lunch"))),
        status_message: Some(StatusMessage { text: "Back at 2".into(), until: Some(1_795_003_600_000) }),
        capacity: Some(CapacityView {
            voice: ChannelLoad { used: 1, of: 1 },
            chat: ChannelLoad { used: 2, of: 3 },
        }),
        wrap_ups: 1,
        ..presence()
    }
}

pub fn reasons() -> Vec<PresenceReason> {
    vec![PresenceReason {
        id: "lunch".into(),
        name: "Lunch".into(),
        availability: Availability::Away,
        activity: Activity::Away,
        max_ms: Some(3_600_000),
    }]
}

pub fn chosen(availability: Availability, activity: Activity, reason: Option<&str>) -> ChosenPresence {
    let reason = reason.map(str::to_owned);
    ChosenPresence { availability, activity, reason, until: Some(1_795_086_400_000) }
}

pub fn participant() -> ParticipantView {
    ParticipantView {
        participant_id: participant_id(),
        user_id: user_id(),
        name: "Mina Park".into(),
        role: Role::Agent,
        joined_at: 1_795_000_000_100,
        voice: Some(Leg { session_id: session_id(), since: 1_795_000_000_200, held: false, muted: true }),
        away: false,
        delivered: 3,
        read: 2,
        part: Part::Agent,
        side: Side::Main,
        owner: false,
        monitor: None,
        wrap_up: None,
        dialing: false,
    }
}

pub fn message() -> MessageView {
    MessageView {
        number: 3,
        command_id: command_id(),
        participant_id: participant_id(),
        name: "Mina Park".into(),
        role: Role::Agent,
        at: 1_795_000_000_300,
        visibility: Visibility::Everyone,
        note: false,
        text: "안녕하세요, \"Contoso\" <b>here</b>".into(),
    }
}

pub fn attributes() -> Attributes {
    let half = Number::new(2.5).expect("a number");
    let parcels = ["A-17".to_owned(), "A-18".to_owned()];
    let one = |name: &str, value| (name.to_owned(), value);
    Attributes::from([
        one("order", "A-17".into()),
        one("orders", 4.into()),
        one("rating", AttributeValue::Number(half)),
        one("returning", true.into()),
        one("parcels", parcels.to_vec().into()),
    ])
}

pub fn links() -> Vec<Link> {
    let url = "https://crm.example/customers/mina%40contoso.example".to_owned();
    let set = Link { name: "Order A-17".into(), url: "https://shop.example/a-17".into(), fixed: false };
    vec![Link { name: "Account".into(), url, fixed: true }, set]
}

pub fn past() -> PastConversation {
    PastConversation {
        conversation_id: conversation_id(),
        queue_id: queue_id(),
        channel: Channel::Chat,
        started_at: 1_794_000_000_000,
        ended_at: 1_794_000_500_000,
        end_reason: Some(EndReason::CustomerLeft),
        agents: vec![AgentName { user_id: user_id(), name: "Mina Park".into() }],
        disposition: Some("solved".into()),
        tags: vec!["refund".into()],
        subject: Some("My parcel".into()),
        notes: 1,
        last_message: Some("감사합니다".into()),
    }
}

pub fn wrap_up() -> WrapUpView {
    WrapUpView { user_id: user_id(), since: 1_795_000_000_400, until: 1_795_000_030_400 }
}

pub fn conversation() -> ConversationView {
    ConversationView {
        conversation_id: conversation_id(),
        queue_id: queue_id(),
        channel: Channel::Voice,
        state: ConversationState::WrapUp,
        state_since: 1_795_000_000_400,
        created_at: 1_795_000_000_000,
        subject: Some("My parcel".into()),
        attributes: [("order".to_owned(), "A-17".into())].into(),
        tags: Vec::new(),
        links: Vec::new(),
        participants: vec![participant()],
        voice_requested: false,
        position: Some(1),
        estimated_wait_ms: None,
        last_message: 3,
        messages: vec![message()],
        wrap_up: Some(wrap_up()),
        pending: None,
        callback: None,
        outbound: None,
    }
}

pub fn outbound() -> OutboundView {
    OutboundView {
        target: Target::Customer { user_id: UserId::parse("carla").unwrap() },
        name: Some("Carla".into()),
        by: UserId::parse("mina").unwrap(),
        stage: OutboundStage::Preview,
        expires_at: Some(1_795_000_060_000),
        attempts: 0,
        at: None,
    }
}

pub fn offer() -> OfferView {
    OfferView {
        offer_id: offer_id(),
        conversation_id: conversation_id(),
        kind: OfferKind::Conversation,
        channel: Channel::Voice,
        queue_id: queue_id(),
        customer_name: "Jo".into(),
        subject: Some("My parcel".into()),
        offered_at: 1_795_000_000_000,
        expires_at: 1_795_000_020_000,
        reason: OfferReason {
            order: "longestIdle".into(),
            skills: [("billing".to_owned(), 3)].into(),
            candidates: 2,
            waited_ms: 1200,
            ..OfferReason::default()
        },
    }
}

pub fn floor() -> FloorView {
    FloorView {
        queues: vec![QueueStats {
            queue_id: queue_id(),
            name: "Support".into(),
            waiting: 2,
            longest_since: Some(1_795_000_000_000),
            active: 1,
            agents_ready: 0,
            waiting_voice: 0,
            waiting_chat: 0,
            offered: 0,
            callbacks: 0,
            agents_online: 0,
            agents_busy: 0,
            service_level_ms: 0,
            today: None,
            window: None,
        }],
        agents: vec![AgentStats {
            user_id: user_id(),
            name: "Mina Park".into(),
            availability: Availability::Busy,
            activity: Activity::InACall,
            since: 1_795_000_000_200,
            voice: 1,
            chats: 0,
            state: None,
            state_since: None,
            reason: None,
            conversations: Vec::new(),
            today: None,
            skills: BTreeMap::new(),
            queues: Vec::new(),
        }],
    }
}

/// The floor with all that is counted.
pub fn statistics() -> FloorView {
    let today = QueueFigures {
        since: 1_794_960_000_000,
        entered: 12,
        answered: 9,
        answered_in_time: 7,
        abandoned: 1,
        short_abandoned: 1,
        overflowed: 1,
        transferred: 2,
        dropped: 1,
        outbound: 0,
        reached: 0,
        handled: 8,
        wait_ms: 90_000,
        longest_wait_ms: 41_000,
        talk_ms: 900_000,
        hold_ms: 30_000,
        wrap_up_ms: 120_000,
    };
    let mut floor = floor();
    floor.queues[0] = QueueStats {
        waiting_voice: 1,
        waiting_chat: 1,
        offered: 1,
        agents_online: 3,
        agents_busy: 2,
        service_level_ms: 20_000,
        window: Some(QueueFigures { since: 1_794_998_240_000, entered: 2, ..QueueFigures::default() }),
        today: Some(today),
        ..floor.queues[0].clone()
    };
    floor.agents[0] = AgentStats {
        state: Some(AgentState::Handling),
        state_since: Some(1_795_000_000_200),
        reason: Some("lunch".into()),
        conversations: vec![AgentConversation {
            conversation_id: conversation_id(),
            queue_id: queue_id(),
            channel: Channel::Voice,
            state: ConversationState::Active,
            since: 1_795_000_000_200,
            customer_name: Some("Jo".into()),
            stage: None,
        }],
        today: Some(AgentFigures {
            since: 1_794_960_000_000,
            calls: 4,
            chats: 2,
            consults: 1,
            talk_ms: 400_000,
            hold_ms: 10_000,
            wrap_up_ms: 60_000,
            consult_ms: 20_000,
            away_ms: 600_000,
            busy_ms: 60_000,
            ready_ms: 300_000,
            handling_ms: 430_000,
            wrapping_up_ms: 50_000,
            reasons: [("lunch".to_owned(), 540_000)].into(),
        }),
        ..floor.agents[0].clone()
    };
    floor
}

pub fn floor_with_callbacks() -> FloorView {
    let mut floor = floor();
    floor.queues[0].callbacks = 1;
    floor
}

/// Figures of a queue whose agents call customers.
pub fn called() -> QueueStats {
    let today = QueueFigures { outbound: 5, reached: 3, handled: 5, ..QueueFigures::default() };
    QueueStats { today: Some(today), ..floor().queues[0].clone() }
}

/// An agent who calls a customer, and has not reached it yet.
pub fn at_stage(stage: OutboundStage) -> AgentStats {
    let mut agent = statistics().agents[0].clone();
    agent.conversations[0].stage = Some(stage);
    agent
}

pub fn snapshot() -> SnapshotView {
    SnapshotView {
        user: UserView { user_id: user_id(), name: "Mina Park".into(), role: Role::Agent },
        presence: presence(),
        queues: vec![QueueInfo {
            queue_id: queue_id(),
            name: "Support".into(),
            channels: vec![Channel::Voice, Channel::Chat],
            dispositions: vec![Disposition { id: "solved".into(), name: "Solved".into() }],
            callbacks: false,
        }],
        offers: vec![offer()],
        conversations: vec![conversation()],
        watched: vec![presence()],
        floor: Some(floor()),
        reasons: Vec::new(),
        reason_required: false,
        trunk: false,
        attributes: Vec::new(),
        tags: Vec::new(),
    }
}

pub fn snapshot_with_reasons() -> SnapshotView {
    SnapshotView { reasons: reasons(), reason_required: true, ..snapshot() }
}

pub fn snapshot_with_trunk() -> SnapshotView {
    SnapshotView { trunk: true, ..snapshot() }
}

pub fn snapshot_with_callback() -> SnapshotView {
    let mut snapshot = snapshot();
    snapshot.user.role = Role::Customer;
    snapshot.queues[0].callbacks = true;
    snapshot.conversations[0].callback = Some(CallbackView::default());
    snapshot
}

pub fn snapshot_with_declarations() -> SnapshotView {
    let tier = AttributeInfo {
        name: "tier".into(),
        label: "Customer tier".into(),
        kind: AttributeKind::Text,
        values: vec!["gold".into(), "silver".into()],
        read_only: true,
    };
    let vip = AttributeInfo {
        name: "vip".into(),
        label: "vip".into(),
        kind: AttributeKind::Boolean,
        values: Vec::new(),
        read_only: false,
    };
    let tags = vec![TagInfo { id: "complaint".into(), name: "Complaint".into() }];
    SnapshotView { attributes: vec![tier, vip], tags, ..snapshot() }
}
