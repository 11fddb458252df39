//! One sample of every frame, command, event, signal and outcome, used by the tests beside this file.
#![allow(dead_code, reason = "each test file uses its own part")]
#![allow(unreachable_pub, reason = "a module of tests")]

use jackfield_wire::*;
use std::collections::BTreeMap;

fn id<T>(parse: fn(&str) -> Result<T, InvalidId>, text: &str) -> T {
    parse(text).expect("a sample's id is an id")
}

pub fn conversation_id() -> ConversationId {
    id(ConversationId::parse, "c7")
}
fn offer_id() -> OfferId {
    id(OfferId::parse, "o9")
}
fn queue_id() -> QueueId {
    id(QueueId::parse, "support")
}
fn session_id() -> SessionId {
    id(SessionId::parse, "s-2f1c")
}
fn user_id() -> UserId {
    id(UserId::parse, "mina@contoso.example")
}
fn participant_id() -> ParticipantId {
    id(ParticipantId::parse, "p2")
}
fn command_id() -> CommandId {
    id(CommandId::parse, "k1-5")
}

fn presence() -> PresenceView {
    PresenceView::new(user_id(), Availability::Busy, Activity::InACall, 1_795_000_000_000)
}

/// A presence with all that can be said about it.
fn whole_presence() -> PresenceView {
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

fn reasons() -> Vec<PresenceReason> {
    vec![PresenceReason {
        id: "lunch".into(),
        name: "Lunch".into(),
        availability: Availability::Away,
        activity: Activity::Away,
        max_ms: Some(3_600_000),
    }]
}

fn chosen(availability: Availability, activity: Activity, reason: Option<&str>) -> ChosenPresence {
    let reason = reason.map(str::to_owned);
    ChosenPresence { availability, activity, reason, until: Some(1_795_086_400_000) }
}

fn participant() -> ParticipantView {
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

fn message() -> MessageView {
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

fn attributes() -> Attributes {
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

fn links() -> Vec<Link> {
    let url = "https://crm.example/customers/mina%40contoso.example".to_owned();
    let set = Link { name: "Order A-17".into(), url: "https://shop.example/a-17".into(), fixed: false };
    vec![Link { name: "Account".into(), url, fixed: true }, set]
}

fn past() -> PastConversation {
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

fn wrap_up() -> WrapUpView {
    WrapUpView { user_id: user_id(), since: 1_795_000_000_400, until: 1_795_000_030_400 }
}

fn conversation() -> ConversationView {
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
    }
}

fn offer() -> OfferView {
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

fn floor() -> FloorView {
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
fn statistics() -> FloorView {
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

fn snapshot() -> SnapshotView {
    SnapshotView {
        user: UserView { user_id: user_id(), name: "Mina Park".into(), role: Role::Agent },
        presence: presence(),
        queues: vec![QueueInfo {
            queue_id: queue_id(),
            name: "Support".into(),
            channels: vec![Channel::Voice, Channel::Chat],
            dispositions: vec![Disposition { id: "solved".into(), name: "Solved".into() }],
        }],
        offers: vec![offer()],
        conversations: vec![conversation()],
        watched: vec![presence()],
        floor: Some(floor()),
        reasons: Vec::new(),
        reason_required: false,
        attributes: Vec::new(),
        tags: Vec::new(),
    }
}

fn snapshot_with_reasons() -> SnapshotView {
    SnapshotView { reasons: reasons(), reason_required: true, ..snapshot() }
}

fn snapshot_with_declarations() -> SnapshotView {
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

/// Each with the name of its fixture.
pub fn client_frames() -> Vec<(String, ClientFrame)> {
    let token = Secret::new("eyJhbGciOiJIUzI1NiJ9.e30.c2ln");
    let mut all = vec![
        (
            "hello".to_owned(),
            ClientFrame::Hello {
                token: token.clone(),
                resume: Some(Resume {
                    session_id: session_id(),
                    key: Secret::new("k-123"),
                    epoch: 4,
                    seq: Some(17),
                }),
                client: Some(ClientInfo { name: "jackfield".into(), version: "0.1.0".into() }),
            },
        ),
        ("auth".to_owned(), ClientFrame::Auth { token }),
        ("ack".to_owned(), ClientFrame::Ack { seq: 17 }),
        ("pong".to_owned(), ClientFrame::Pong { n: 3 }),
        ("bye".to_owned(), ClientFrame::Bye { keep: true }),
    ];
    let commands = commands().into_iter();
    all.extend(
        commands.map(|(name, c)| {
            (format!("command.{name}"), ClientFrame::Command { id: command_id(), command: c })
        }),
    );
    all
}

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
            "pendingChanged.over",
            ServerEvent::PendingChanged {
                conversation_id: conversation_id.clone(),
                pending: None,
                outcome: Some(OfferOutcome::Accepted),
            },
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
        ("explanation", Outcome::Explanation { explanation: Box::new(explanation()) }),
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
                    offered_to: vec![user_id()],
                }],
                more: true,
            },
        ),
        ("presence", Outcome::Presence { presence: vec![presence()] }),
        ("mediaAnswer", Outcome::MediaAnswer { sdp: "v=0\r\n".into() }),
    ]
}

fn signals() -> Vec<(&'static str, Signal)> {
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

fn welcome(resumed: Resumed, snapshot: Option<Box<SnapshotView>>) -> ServerFrame {
    ServerFrame::Welcome {
        tenant_id: TenantId::parse("contoso").expect("an id"),
        session_id: session_id(),
        resume_key: Secret::new("k-124"),
        epoch: 4,
        seq: 17,
        resumed,
        snapshot,
        now: 1_795_000_000_500,
        token_expires_at: 1_795_000_600_000,
        ping_every_ms: 5000,
        grace_ms: 60_000,
    }
}

/// Each with the name of its fixture.
pub fn server_frames() -> Vec<(String, ServerFrame)> {
    let refused = WireError::new(Code::RateLimited, "41 messages in a second; 20 are taken").retry_after(500);
    let mut all = vec![
        ("welcome.new".to_owned(), welcome(Resumed::New, Some(Box::new(snapshot())))),
        ("welcome.reasons".to_owned(), welcome(Resumed::Snapshot, Some(Box::new(snapshot_with_reasons())))),
        (
            "welcome.declared".to_owned(),
            welcome(Resumed::Snapshot, Some(Box::new(snapshot_with_declarations()))),
        ),
        ("welcome.replay".to_owned(), welcome(Resumed::Replay, None)),
        ("authAccepted".to_owned(), ServerFrame::AuthAccepted { token_expires_at: 1_795_000_600_000 }),
        ("authExpiring".to_owned(), ServerFrame::AuthExpiring { token_expires_at: 1_795_000_600_000 }),
        ("ping".to_owned(), ServerFrame::Ping { n: 3 }),
        ("error".to_owned(), ServerFrame::Error { error: Code::TokenExpired.into() }),
        ("restarting".to_owned(), ServerFrame::Restarting { after_ms: 500, within_ms: 5000 }),
        (
            "result.refused".to_owned(),
            ServerFrame::Result { id: command_id(), answer: Answer::Error(refused) },
        ),
    ];
    let at = 1_795_000_000_600;
    all.extend(
        events()
            .into_iter()
            .map(|(n, event)| (format!("event.{n}"), ServerFrame::Event { seq: 18, at, event })),
    );
    all.extend(
        signals().into_iter().map(|(n, signal)| (format!("signal.{n}"), ServerFrame::Signal { signal })),
    );
    all.extend(outcomes().into_iter().map(|(n, outcome)| {
        (format!("result.{n}"), ServerFrame::Result { id: command_id(), answer: Answer::Ok(outcome) })
    }));
    all
}
