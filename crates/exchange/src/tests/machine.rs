//! Anything, in any order: after each step, what must always hold does hold.

mod supervision;

use super::{
    Centre, centre, conversation, follower::Follower, offer, participant, presence_recount, queue,
    recount::check_statistics, session, user,
};
use crate::{
    Event, Exchange, ExchangeState, ExternalNews, Identity, Order, TenantConfig, state::Conversation,
};
use jackfield_wire::{
    Availability, Channel, Command, CommandId, ConversationState, Link, OfferId, OfferKind, PendingKind,
    Role, ServerEvent, SessionId, Side, SignOutReason, Target, Visibility,
};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use std::collections::{BTreeMap, BTreeSet};

/// Everybody, each with two sessions.
const STAFF: [&str; 4] = ["mina", "otto", "zoe", "sue"];
const CUSTOMERS: [&str; 4] = ["anna", "bert", "carla", "dora"];
const SECRET: &str = "for colleagues only";
const NUMBER: &str = "+4930123456";

#[derive(Debug, Clone)]
enum Step {
    Open(String),
    Away(String),
    Back(String),
    Close(String, SignOutReason),
    /// A command as it comes: most name what is not there, or not theirs.
    Ask(String, Command),
    /// A command from a session that sees what it names.
    Aim(prop::sample::Index, Command),
    /// The telephone network says something of one of the numbers.
    News(prop::sample::Index, ExternalNews),
    Pass(u64),
    /// The clock goes back a little.
    Slip(u64),
}

fn any_session() -> impl Strategy<Value = String> {
    let users: Vec<_> = STAFF.iter().chain(&CUSTOMERS).copied().collect();
    (proptest::sample::select(users), 1..=2u8).prop_map(|(user, n)| format!("{user}{n}"))
}

fn staff_session() -> impl Strategy<Value = String> {
    (proptest::sample::select(STAFF.to_vec()), 1..=2u8).prop_map(|(user, n)| format!("{user}{n}"))
}

fn any_customer() -> impl Strategy<Value = String> {
    (proptest::sample::select(CUSTOMERS.to_vec()), 1..=2u8).prop_map(|(user, n)| format!("{user}{n}"))
}

fn any_start() -> impl Strategy<Value = Command> {
    let queues = proptest::sample::select(vec!["help", "help", "help", "vip", "vip", "gone"]);
    (queues, proptest::sample::select(Channel::ALL.to_vec())).prop_map(|(id, channel)| {
        let attributes = BTreeMap::new();
        Command::StartConversation { queue_id: Some(queue(id)), channel, subject: None, attributes }
    })
}

/// Rules, hours and overflow that let conversations go round all queues, with conditions that fail now and then.
fn ruled() -> serde_json::Value {
    let mut config = centre::config();
    config["rules"] = serde_json::json!([
        { "id": "calls", "when": "conversation.channel == 'voice'", "priority": 2, "preferred": { "french": 9 }, "continue": true },
        { "id": "own", "when": "customer.userId == 'carla'", "agent_from": "conversation.attributes.owner", "agent": "otto", "continue": true },
        { "id": "asked", "when": "has(conversation.queue) && conversation.queue == 'vip'", "targets": [
            { "queue": "vip", "timeout_ms": 15_000, "skip_if": "queue.agentsOnline == 0 || queue.estimatedWaitMs > 9000" },
            { "queue": "help", "timeout_ms": 5_000, "skills": { "french": 3 } },
            { "queue": "late" },
        ] },
        { "id": "chats", "when": "conversation.channel == 'chat'", "targets": [
            { "queue": "late", "timeout_ms": 3_000 },
            { "queue": "help", "agents_if": "agent.skills.french < 9", "skip_if": "queue.waiting > 1" },
        ] },
    ]);
    let minutes = ["16", "18", "20", "22"].map(|minute| {
        let (from, to) = (format!("00:{minute}"), format!("00:{:02}", minute.parse::<u8>().unwrap() + 1));
        serde_json::json!({ "days": ["thu"], "from": from, "to": to })
    });
    config["queues"].as_array_mut().unwrap().push(serde_json::json!({
        "queue_id": "late", "name": "Late", "max_waiting": 2, "overflow": { "queue": "vip", "after_ms": 20_000 },
        "hours": { "weekly": minutes, "at_close": "next_target" },
    }));
    config["on_failed_transfer"] = "queue".into();
    config["queues"][1]["on_failed_transfer"] = "owner".into();
    config["queues"][0]["overflow"] = serde_json::json!({ "queue": "vip", "after_ms": 7_000 });
    config["queues"][0]["max_waiting"] = serde_json::json!(3);
    config
}

/// Conversations that are offered to several agents at once; who does not answer is set aside for a while, or not at all.
fn several() -> serde_json::Value {
    let mut config = centre::config();
    (config["queues"][0]["offer_to"], config["queues"][1]["offer_to"]) = (2.into(), 10.into());
    config["queues"][0]["offer_timeout_ms"] = 4_000.into();
    (config["queues"][0]["on_no_answer"], config["queues"][1]["on_no_answer"]) =
        ("pause".into(), "keep".into());
    config["no_answer_pause_ms"] = 8_000.into();
    config["interrupted_by"] = serde_json::json!({ "voice": ["chat"], "chat": [] });
    config["users"][0]["interrupted_by"] = serde_json::json!({});
    config
}

/// A tenant with a way into the telephone network.
fn trunked() -> serde_json::Value {
    let mut config = centre::config();
    config["trunk"] = serde_json::json!({ "numbers": ["+49*"], "dial_timeout_ms": 9_000 });
    config
}

/// What the telephone network says, and what agents ask of it.
fn any_call() -> impl Strategy<Value = Step> {
    let all = vec![
        ExternalNews::Answered,
        ExternalNews::Answered,
        ExternalNews::Answered,
        ExternalNews::Answered,
        ExternalNews::Busy,
        ExternalNews::NoAnswer,
        ExternalNews::Rejected,
        ExternalNews::Unreachable,
        ExternalNews::HungUp,
    ];
    let news = (any::<prop::sample::Index>(), proptest::sample::select(all));
    let asking = ((1..12u64).prop_map(conversation), 0..3u8).prop_map(|(conversation_id, kind)| {
        let target = Target::Number { number: NUMBER.into() };
        match kind {
            0 => Command::Transfer { conversation_id, target },
            1 => Command::Consult { conversation_id, target },
            _ => Command::Invite { conversation_id, target },
        }
    });
    prop_oneof![
        1 => news.prop_map(|(pick, news)| Step::News(pick, news)),
        1 => (any::<prop::sample::Index>(), asking).prop_map(|(n, command)| Step::Aim(n, command)),
    ]
}

fn any_command() -> impl Strategy<Value = Command> {
    let id = || (1..12u64).prop_map(conversation);
    let part = || proptest::option::weighted(0.3, (1..20u64).prop_map(participant));
    prop_oneof![
        3 => proptest::sample::select(Availability::ALL.to_vec()).prop_map(Command::presence),
        2 => any_start(),
        9 => (1..20u64).prop_map(|n| Command::AcceptOffer { offer_id: offer(n) }),
        2 => (1..20u64).prop_map(|n| Command::RejectOffer { offer_id: offer(n), reason: None }),
        6 => id().prop_map(|conversation_id| Command::StartVoice { conversation_id }),
        2 => id().prop_map(|conversation_id| Command::HangUp { conversation_id }),
        4 => (id(), proptest::bool::weighted(0.7))
            .prop_map(|(conversation_id, accept)| Command::AnswerRequest { conversation_id, accept }),
        1 => id().prop_map(|conversation_id| Command::EndConversation { conversation_id }),
        2 => (id(), part())
            .prop_map(|(conversation_id, participant_id)| Command::Hold { conversation_id, participant_id }),
        2 => (id(), part())
            .prop_map(|(conversation_id, participant_id)| Command::Resume { conversation_id, participant_id }),
        2 => (id(), part(), any::<bool>()).prop_map(|(conversation_id, participant_id, muted)| {
            Command::SetMuted { conversation_id, participant_id, muted }
        }),
        3 => (id(), any::<bool>()).prop_map(|(conversation_id, internal)| {
            let visibility = if internal { Visibility::Internal } else { Visibility::Everyone };
            let text = if internal { SECRET } else { "hello" }.to_owned();
            Command::SendMessage { conversation_id, text, visibility }
        }),
        2 => (id(), proptest::option::of(0..4u64), proptest::option::of(0..4u64)).prop_map(
            |(conversation_id, delivered, read)| Command::MarkMessages { conversation_id, delivered, read }
        ),
        2 => (id(), any::<bool>()).prop_map(|(conversation_id, right)| {
            let disposition = right.then(|| "solved".to_owned());
            Command::FinishWrapUp { conversation_id, disposition, note: Some(SECRET.into()) }
        }),
        2 => id().prop_map(|conversation_id| Command::ExtendWrapUp { conversation_id }),
        1 => any::<bool>().prop_map(|on| Command::WatchFloor { on, queue_ids: None, agent_ids: None }),
        1 => Just(Command::SignOut),
    ]
}

fn any_target() -> impl Strategy<Value = Target> {
    prop_oneof![
        6 => proptest::sample::select(STAFF.to_vec()).prop_map(|name| Target::Agent { user_id: user(name) }),
        3 => proptest::sample::select(vec!["help", "vip", "gone"])
            .prop_map(|id| Target::Queue { queue_id: queue(id) }),
        1 => Just(Target::Number { number: NUMBER.into() }),
    ]
}

/// Handing over, asking for advice, being several.
fn among_colleagues() -> impl Strategy<Value = Command> {
    let id = || (1..12u64).prop_map(conversation);
    let asking = (id(), any_target(), 0..4u8).prop_map(|(conversation_id, target, kind)| match kind {
        0 => Command::Transfer { conversation_id, target },
        1 => Command::Invite { conversation_id, target },
        _ => Command::Consult { conversation_id, target },
    });
    let plain = (id(), 0..8u8).prop_map(|(conversation_id, kind)| match kind {
        0 => Command::CompleteConsult { conversation_id },
        1 => Command::CancelConsult { conversation_id },
        2 | 3 => Command::Swap { conversation_id },
        4 => Command::Conference { conversation_id },
        5 => Command::Park { conversation_id },
        _ => Command::PickUp { conversation_id },
    });
    let remove = (id(), (1..20u64).prop_map(participant)).prop_map(|(conversation_id, participant_id)| {
        Command::RemoveParticipant { conversation_id, participant_id }
    });
    prop_oneof![8 => asking, 6 => plain, 1 => remove]
}

#[derive(Debug, Clone)]
enum Context {
    Attribute(&'static str, Option<&'static str>),
    Tags(Vec<String>, Vec<String>),
    Link(&'static str),
    Note,
}

/// What colleagues set around a conversation, all of it secret to customers.
fn any_context() -> impl Strategy<Value = Context> {
    let names = proptest::sample::select(vec!["account", "tier", "canary"]);
    let values = proptest::option::weighted(0.7, proptest::sample::select(vec![SECRET, "other"]));
    let tags = || {
        let tag = proptest::sample::select(vec!["internal-a", "internal-b", "internal-c"]);
        proptest::collection::vec(tag.prop_map(str::to_owned), 0..3)
    };
    let urls = vec!["https://internal.example/1", "https://internal.example/2", "javascript:alert(1)"];
    prop_oneof![
        (names, values).prop_map(|(name, value)| Context::Attribute(name, value)),
        (tags(), tags()).prop_map(|(add, remove)| Context::Tags(add, remove)),
        proptest::sample::select(urls).prop_map(Context::Link),
        Just(Context::Note),
    ]
}

/// What is set around a conversation by who takes part in one.
fn any_setting() -> impl Strategy<Value = Step> {
    let command =
        ((1..12u64).prop_map(conversation), any_context()).prop_map(|(conversation_id, what)| match what {
            Context::Attribute(name, Some(value)) => {
                let set = BTreeMap::from([(name.to_owned(), value.into())]);
                Command::SetAttributes { conversation_id, set, remove: Vec::new() }
            }
            Context::Attribute(name, None) => Command::SetAttributes {
                conversation_id,
                set: BTreeMap::new(),
                remove: vec![name.to_owned()],
            },
            Context::Tags(add, remove) => Command::SetTags { conversation_id, add, remove },
            Context::Link(url) => {
                let links = vec![Link { name: SECRET.into(), url: url.to_owned(), fixed: false }];
                Command::SetLinks { conversation_id, links }
            }
            Context::Note => Command::AddNote { conversation_id, text: SECRET.into() },
        });
    (any::<prop::sample::Index>(), command).prop_map(|(n, command)| Step::Aim(n, command))
}

fn any_step() -> impl Strategy<Value = Step> {
    let reasons = vec![SignOutReason::Asked, SignOutReason::Lost, SignOutReason::Removed];
    let available = Command::presence(Availability::Available);
    prop_oneof![
        8 => any_session().prop_map(Step::Open),
        2 => any_session().prop_map(Step::Away),
        3 => any_session().prop_map(Step::Back),
        1 => (any_session(), proptest::sample::select(reasons)).prop_map(|(s, r)| Step::Close(s, r)),
        6 => staff_session().prop_map(move |s| Step::Ask(s, available.clone())),
        6 => (staff_session(), presence_recount::any_presence()).prop_map(|(s, command)| Step::Ask(s, command)),
        12 => (any_customer(), any_start()).prop_map(|(s, command)| Step::Ask(s, command)),
        8 => (any_session(), any_command()).prop_map(|(s, command)| Step::Ask(s, command)),
        40 => (any::<prop::sample::Index>(), any_command()).prop_map(|(n, command)| Step::Aim(n, command)),
        24 => (any::<prop::sample::Index>(), among_colleagues()).prop_map(|(n, command)| Step::Aim(n, command)),
        6 => (0..3_000u64).prop_map(Step::Pass),
        2 => (0..30_000u64).prop_map(Step::Pass),
        1 => (0..70_000u64).prop_map(Step::Pass),
        2 => (0..900_000u64).prop_map(Step::Pass),
        1 => (0..5_000u64).prop_map(Step::Slip),
    ]
}

/// Lets a command be given by a session that sees something like what it names, and name that.
fn aim(centre: &Centre, pick: prop::sample::Index, command: Command) -> Option<(String, Command)> {
    let mut value = serde_json::to_value(&command).unwrap();
    let mut chances = Vec::new();
    for id in centre.viewers.keys() {
        let seen = centre.snapshot(id.as_str());
        if value.get("offerId").is_some() {
            chances.extend(seen.offers.iter().map(|o| (id, "offerId", o.offer_id.to_string())));
        } else if value.get("conversationId").is_some() {
            let all = seen.conversations.iter();
            chances.extend(all.map(|c| (id, "conversationId", c.conversation_id.to_string())));
        }
    }
    if chances.is_empty() {
        return None;
    }
    let (id, field, named) = pick.get(&chances);
    value[*field] = named.as_str().into();
    Some((id.to_string(), serde_json::from_str(&value.to_string()).unwrap()))
}

fn take(centre: &mut Centre, step: Step) {
    match step {
        Step::Open(id) => {
            let name = id.trim_end_matches(char::is_numeric);
            let role = match name {
                "sue" => Role::Supervisor,
                name if STAFF.contains(&name) => Role::Agent,
                _ => Role::Customer,
            };
            if !centre.viewers.contains_key(&session(&id)) {
                centre.sign_in(&id, role);
            } else {
                let who = Identity::new(user(name), name, role);
                centre.order(&Order::OpenSession { session: session(&id), who }).unwrap_err();
            }
        }
        Step::Away(id) => drop(centre.order(&Order::SessionAway { session: session(&id) })),
        Step::Back(id) => drop(centre.order(&Order::SessionBack { session: session(&id) })),
        Step::Close(id, reason) => drop(centre.order(&Order::CloseSession { session: session(&id), reason })),
        Step::Ask(id, command) => drop(centre.ask(&id, command)),
        Step::Aim(pick, command) => {
            if let Some((id, command)) = aim(centre, pick, command) {
                drop(centre.ask(&id, command));
            }
        }
        Step::News(pick, news) => {
            let numbers = centre.exchange.numbers();
            if !numbers.is_empty() {
                let (conversation, participant) = pick.get(&numbers).clone();
                drop(centre.order(&Order::External { conversation, participant, news }));
            }
        }
        Step::Pass(ms) => centre.pass(ms),
        Step::Slip(ms) => centre.now -= ms,
    }
}

fn check(centre: &Centre) {
    let exchange = &centre.exchange;
    assert_eq!(exchange.index, exchange.build_index(), "what is derived is what it is when built anew");
    assert!(exchange.deadline().is_none_or(|at| at > centre.now), "nothing due is left undone");
    check_offers(exchange);
    check_capacity(exchange);
    check_legs(exchange);
    check_users(exchange);
    presence_recount::check(exchange);
    check_nobody_waits_in_vain(exchange);
    for (id, viewer) in &centre.viewers {
        let seen = Follower::new(exchange.snapshot(viewer, centre.now));
        assert_eq!(centre.followers[id], seen, "{id} knows what a snapshot says");
    }
}

/// I3: never a second round of offers of one conversation while one is open: those of a round were made together, to different agents, as many as the queue
/// asks at once. An offered conversation has its offers, and the other way round.
fn check_offers(exchange: &Exchange) {
    let state = &exchange.state;
    let mut offered: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (id, offer) in &state.offers {
        let made = &offer.made;
        offered.entry(&made.conversation_id).or_default().push(offer);
        let conversation = &state.conversations[&made.conversation_id];
        assert!(conversation.offers.contains(id));
        assert!(state.users[&made.user_id].offers.contains(id));
        let expected = match made.kind {
            OfferKind::Conversation => ConversationState::Offered,
            _ => ConversationState::Active,
        };
        assert_eq!(conversation.state, expected);
        assert_eq!(conversation.asking.is_some(), made.kind == OfferKind::Escalation);
        let pending = conversation.pending.as_ref().map(|p| p.kind);
        let expected = match made.kind {
            OfferKind::Conversation | OfferKind::Escalation => None,
            OfferKind::Transfer => Some(PendingKind::Transfer),
            OfferKind::Consult => Some(PendingKind::Consult),
            OfferKind::Invite => Some(PendingKind::Invite),
        };
        assert_eq!(pending, expected);
        assert!(state.is_live(&made.user_id), "an offer rings at a desk where somebody is");
    }
    for conversation in state.conversations.values() {
        let has_offer = !conversation.offers.is_empty();
        assert_eq!(has_offer, offered.contains_key(&conversation.conversation_id));
        assert!(has_offer || conversation.state != ConversationState::Offered);
        let asked =
            conversation.pending.as_ref().filter(|pending| pending.asks_customer() || pending.dials());
        assert!(has_offer || (conversation.asking.is_none() && conversation.pending.as_ref() == asked));
        if let Some(pending) = asked {
            assert!(!has_offer && conversation.state == ConversationState::Active);
            let by = conversation.participant(&pending.by).unwrap();
            assert_eq!(pending.dials(), conversation.dialing().is_some());
            if pending.dials() {
                assert!(by.leg.is_some() && by.is_agent());
                continue;
            }
            let owner = &state.sessions[pending.session.as_ref().unwrap()].who.user_id;
            assert!(by.seat.owner && by.user_id == *owner && conversation.customer().is_some());
        }
    }
    for user in state.users.values() {
        assert!(user.offers.iter().all(|id| state.offers.contains_key(id)));
        let rings = |id: &OfferId| state.offers[id].made.kind == OfferKind::Conversation;
        assert!(
            user.offers.iter().filter(|id| rings(id)).count() <= 1,
            "one conversation at a time rings for an agent"
        );
    }
    for (id, round) in offered {
        let agents: BTreeSet<_> = round.iter().map(|offer| &offer.made.user_id).collect();
        assert_eq!(agents.len(), round.len(), "{id} rings twice for one agent");
        let together =
            round.iter().all(|o| (o.offered_at, o.made.kind) == (round[0].offered_at, round[0].made.kind));
        assert!(together, "a second round of {id} is open: {round:?}");
        let queue = exchange.tenant.queue(&state.conversations[id].queue_id);
        let most = queue
            .filter(|_| round[0].made.kind == OfferKind::Conversation)
            .map_or(1, |q| usize::from(q.offer_to));
        assert!(round.len() <= most, "{id} is offered to {} at once, not to {most}", round.len());
    }
}

/// I4: nobody has more than it takes.
fn check_capacity(exchange: &Exchange) {
    for config in &exchange.config().users {
        let load = exchange.load(&config.user_id);
        assert!(load.voice <= config.capacity.voice, "{} has {load:?}", config.user_id);
        assert!(load.chat <= config.capacity.chat, "{} has {load:?}", config.user_id);
    }
}

/// No leg without its session; in one call at a time; nobody alone in an active call.
fn check_legs(exchange: &Exchange) {
    let mut seen = BTreeSet::new();
    for (id, conversation) in &exchange.state.conversations {
        let legs: Vec<_> = Side::ALL.iter().flat_map(|&side| exchange.legs(id, side)).collect();
        for leg in &legs {
            let number = conversation.participant(&leg.participant).filter(|p| p.is_external());
            let owner = match number {
                Some(number) => &number.user_id,
                None => &exchange.state.sessions[&leg.session].who.user_id,
            };
            assert_eq!(conversation.participant(&leg.participant).map(|p| &p.user_id), Some(owner));
            assert!(seen.insert(leg.session.clone()), "{} talks twice", leg.session);
        }
        let legs = legs.len();
        let fits = match (conversation.state, conversation.channel) {
            (ConversationState::Active, Channel::Voice) => legs >= 2,
            (ConversationState::Active, Channel::Chat) => legs != 1,
            (ConversationState::Ended | ConversationState::WrapUp, _) => legs == 0,
            // In line, and parked.
            (_, channel) => legs == usize::from(channel == Channel::Voice),
        };
        assert!(fits, "{id} has {legs} legs in {:?}", conversation.state);
        check_sides(conversation);
    }
}

/// The customer is on the main side; on the other side nobody is but the owner and the one it consults.
fn check_sides(conversation: &Conversation) {
    for participant in &conversation.participants {
        let consulted = participant.is_consulted();
        assert!(!participant.dialing || conversation.pending.as_ref().is_some_and(|p| p.dials()));
        assert!(!participant.is_external() || participant.dialing != participant.leg.is_some());
        assert!(!consulted || conversation.owner().is_some());
        let apart = participant.seat.side == Side::Consult;
        assert!(
            !apart
                || consulted
                || participant.dialing
                || (participant.seat.owner && conversation.consulted().is_some())
        );
        assert!(!participant.is_wrapping() || (participant.leg.is_none() && participant.is_agent()));
    }
}

/// Users and conversations name each other; who is in a conversation has a session.
fn check_users(exchange: &Exchange) {
    let state = &exchange.state;
    for (id, conversation) in &state.conversations {
        let customers = conversation.participants.iter().filter(|p| p.is_customer()).count();
        let wrapping = conversation.participants.iter().filter(|p| p.is_wrapping()).count();
        let owners = conversation.participants.iter().filter(|p| p.seat.owner).count();
        let (all, agents) = (conversation.participants.len(), conversation.agents().count());
        let fits = match conversation.state {
            ConversationState::Queued | ConversationState::Offered => all == 1 + wrapping && owners == 0,
            ConversationState::Active if conversation.is_outside() => owners == 0 && agents == 0,
            ConversationState::Active => owners == 1 && agents >= 1,
            ConversationState::Parked => owners == 1 && all == 2 + wrapping,
            _ => all == wrapping && wrapping > 0 && owners == 0,
        };
        assert!(fits, "{id}: {:?} {:?}", conversation.state, conversation.participants);
        assert_eq!(customers, usize::from(conversation.state != ConversationState::WrapUp), "{id}");
        let users: BTreeSet<_> = conversation.participants.iter().map(|p| &p.user_id).collect();
        assert_eq!(users.len(), all, "nobody is in {id} twice");
        for participant in conversation.participants.iter().filter(|p| !p.is_external()) {
            let user = &state.users[&participant.user_id];
            assert!(user.conversations.contains(id) && !user.sessions.is_empty());
        }
    }
    for (id, user) in &state.users {
        assert!(user.conversations.iter().all(|c| state.conversations[c].participant_of(id).is_some()));
        assert!(user.sessions.iter().all(|s| state.sessions[s].who.user_id == *id));
    }
}

/// I6: no conversation waits while an agent who fits is ready. Looked for the slow way, over everything.
fn check_nobody_waits_in_vain(exchange: &Exchange) {
    for conversation in exchange.state.conversations.values() {
        if conversation.state != ConversationState::Queued {
            continue;
        }
        let queue = exchange.tenant.queue_index(&conversation.queue_id).unwrap();
        let demand = crate::demand::current(&exchange.tenant, queue, conversation).demand;
        for agent in
            exchange.config().users.iter().filter(|u| super::matching::fits(u, conversation, &demand))
        {
            let ready = exchange.standing(&agent.user_id).map(|s| s.ready);
            let ready = ready.is_some_and(|r| r[crate::standing::slot(conversation.channel)]);
            let paused = conversation.is_paused_for(&agent.user_id);
            assert!(!ready || paused, "{} waits for {}", conversation.conversation_id, agent.user_id);
        }
    }
}

/// What customers were told holds nothing for colleagues, and nothing of other customers.
fn check_told(centre: &Centre) {
    for (id, told) in &centre.told {
        let name = id.as_str().trim_end_matches(char::is_numeric);
        if !CUSTOMERS.contains(&name) {
            continue;
        }
        for event in told {
            let text = serde_json::to_string(event).unwrap();
            assert!(!text.contains(SECRET) && !text.contains(NUMBER), "{id}: {text}");
            assert!(!text.contains("internal") && !text.contains("\"wrapUp\""), "{id}: {text}");
            assert!(!matches!(event, ServerEvent::OfferMade { .. } | ServerEvent::OfferEnded { .. }));
            let others = CUSTOMERS.iter().filter(|other| **other != name);
            assert!(!others.into_iter().any(|other| text.contains(other)), "{id}: {text}");
        }
    }
}

/// The journal, written and read back, gives the same state; each conversation that came in is there or was closed, its messages numbered.
fn check_journal(centre: &Centre) {
    let config = centre.exchange.config().clone();
    let mut again = Exchange::new(config.clone());
    let (mut open, mut last, mut rows) = (BTreeSet::new(), BTreeMap::new(), Vec::new());
    for (at, event) in &centre.journal {
        let written = serde_json::to_string(event).unwrap();
        assert!(!written.contains(NUMBER), "a number is in the journal: {written}");
        let read: Event = serde_json::from_str(&written).unwrap();
        again.apply(&read, *at);
        rows.extend(event.body());
        match event {
            Event::ConversationStarted(new) => drop(open.insert(new.conversation_id.clone())),
            Event::ConversationClosed { conversation_id, .. } => assert!(open.remove(conversation_id)),
            Event::MessageAdded { conversation_id, number, .. } => {
                let before = last.insert(conversation_id.clone(), *number).unwrap_or_default();
                assert_eq!(*number, before + 1);
            }
            _ => {}
        }
    }
    rows.iter().for_each(|row| again.furnish(row));
    assert_eq!(again.state(), centre.exchange.state());
    assert_eq!(again.index, centre.exchange.index);
    assert!(open.iter().eq(centre.exchange.state.conversations.keys()), "nothing is lost");

    let kept = serde_json::to_string(centre.exchange.state()).unwrap();
    assert!(!kept.contains(NUMBER));
    let kept: ExchangeState = serde_json::from_str(&kept).unwrap();
    let mut restored = Exchange::from_state(config, kept);
    rows.iter().for_each(|row| restored.furnish(row));
    assert_eq!(restored.state(), centre.exchange.state());
    assert_eq!(restored.index, centre.exchange.index);
}

fn run(config: serde_json::Value, steps: Vec<Step>) -> Centre {
    let mut centre = Centre::with(config);
    // A desk that is open already: from nothing, few runs would get as far as a call.
    let arrive = STAFF.iter().chain(&CUSTOMERS).map(|user| Step::Open(format!("{user}1")));
    for step in arrive.collect::<Vec<_>>().into_iter().chain(steps) {
        take(&mut centre, step);
        centre.settle();
        check(&centre);
    }
    check_told(&centre);
    presence_recount::check_told(&centre);
    presence_recount::check_journal(&centre.journal);
    check_journal(&centre);
    check_statistics(&centre.exchange, &centre.journal);
    centre
}

/// A machine that never gets anywhere would find nothing.
#[test]
fn the_machine_reaches_every_kind_of_fact() {
    let kinds = [
        "sessionOpened",
        "sessionAway",
        "sessionReturned",
        "sessionClosed",
        "presenceWished",
        "presenceQueued",
        "presenceCleared",
        "offersPaused",
        "offersResumed",
        "sessionPresenceSet",
        "sessionPresenceEnded",
        "statusMessageSet",
        "statusMessageCleared",
        "presenceChanged",
        "conversationStarted",
        "offerMade",
        "offerEnded/\"accepted\"",
        "offerEnded/\"rejected\"",
        "offerEnded/\"timedOut\"",
        "offerEnded/\"rescinded\"",
        "offerEnded/\"canceled\"",
        "pauseEnded",
        "stateChanged",
        "pendingChanged",
        "pendingChanged/\"accepted\"",
        "pendingChanged/\"rejected\"",
        "pendingChanged/\"timedOut\"",
        "seatChanged",
        "routed",
        "wrapUpBegan",
        "wrapUpEnded",
        "wrapUpExtended",
        "conversationClosed",
        "placesMoved",
        "voiceRequested",
        "voiceRequested/\"accepted\"",
        "voiceRequested/\"timedOut\"",
        "participantJoined",
        "voiceJoined",
        "voiceLeft",
        "heldChanged",
        "mutedChanged",
        "participantAway",
        "participantLeft",
        "messageAdded",
        "messagesMarked",
    ];
    let mut runner = TestRunner::deterministic();
    let steps = proptest::collection::vec(any_step(), 160);
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let rare = |seen: &BTreeMap<String, usize>| -> Vec<&str> {
        kinds.into_iter().filter(|kind| seen.get(*kind).is_none_or(|n| *n < 5)).collect()
    };
    for n in 0..400 {
        let steps = steps.new_tree(&mut runner).unwrap().current();
        let config = if n % 3 == 0 { several() } else { centre::config() };
        for (_, event) in run(config, steps).journal {
            let value = serde_json::to_value(&event).unwrap();
            let outcome = value.get("outcome").map(|o| format!("/{o}")).unwrap_or_default();
            *seen.entry(format!("{}{outcome}", value["type"].as_str().unwrap())).or_default() += 1;
        }
        if rare(&seen).is_empty() {
            return;
        }
    }
    panic!("hardly ever reached: {:?} of {seen:#?}", rare(&seen));
}

/// The numbers of the machine must get as far as a call that was given outside.
#[test]
fn the_machine_dials_and_is_answered() {
    let mut runner = TestRunner::deterministic();
    let steps = proptest::collection::vec(prop_oneof![3 => any_step(), 1 => any_call()], 160);
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let kinds = ["dialed", "busy", "noAnswer", "rejected", "unreachable", "externalLeft"];
    for _ in 0..200 {
        let steps = steps.new_tree(&mut runner).unwrap().current();
        for (_, event) in run(trunked(), steps).journal {
            let value = serde_json::to_value(&event).unwrap();
            let says = |kind: &&str| value["type"] == *kind || value["reason"] == *kind;
            kinds.into_iter().filter(says).for_each(|kind| *seen.entry(kind).or_default() += 1);
        }
        if seen.len() == kinds.len() {
            return;
        }
    }
    panic!("never reached: {seen:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_the_invariants_hold(steps in proptest::collection::vec(any_step(), 1..160)) {
        run(centre::config(), steps);
    }

    #[test]
    fn with_rules_the_invariants_hold_as_well(steps in proptest::collection::vec(any_step(), 1..160)) {
        let first = run(ruled(), steps.clone());
        prop_assert_eq!(first.journal, run(ruled(), steps).journal);
    }

    #[test]
    fn with_several_offers_at_once_the_invariants_hold_as_well(steps in proptest::collection::vec(any_step(), 1..160)) {
        let first = run(several(), steps.clone());
        prop_assert_eq!(first.journal, run(several(), steps).journal);
    }

    #[test]
    fn with_telephone_numbers_the_invariants_hold_as_well(
        steps in proptest::collection::vec(prop_oneof![3 => any_step(), 1 => any_call()], 1..160),
    ) {
        let first = run(trunked(), steps.clone());
        prop_assert_eq!(first.journal, run(trunked(), steps).journal);
    }

    #[test]
    fn rules_that_come_and_go_break_nothing(
        before in proptest::collection::vec(any_step(), 1..60),
        after in proptest::collection::vec(any_step(), 1..60),
        come in any::<bool>(),
    ) {
        let [first, then] = if come { [centre::config(), ruled()] } else { [ruled(), centre::config()] };
        let mut centre = run(first, before);
        centre.exchange.reconfigure(serde_json::from_value(then).unwrap());
        centre.settle();
        for step in after {
            take(&mut centre, step);
            centre.settle();
            check_offers(&centre.exchange);
            check_users(&centre.exchange);
            check_nobody_waits_in_vain(&centre.exchange);
            prop_assert_eq!(&centre.exchange.index, &centre.exchange.build_index());
        }
    }

    #[test]
    fn what_is_set_around_conversations_keeps_them_too(
        steps in proptest::collection::vec(prop_oneof![2 => any_step(), 1 => any_setting()], 1..160),
    ) {
        run(centre::config(), steps);
    }

    #[test]
    fn the_same_orders_give_the_same_facts(steps in proptest::collection::vec(any_step(), 1..60)) {
        let (first, second) = (run(centre::config(), steps.clone()), run(centre::config(), steps));
        prop_assert_eq!(first.journal, second.journal);
    }

    #[test]
    fn a_new_configuration_at_any_time_breaks_nothing(
        steps in proptest::collection::vec(any_step(), 1..60),
        after in proptest::collection::vec(any_step(), 1..60),
        (chats, keeps_vip, skill) in (0..3u32, any::<bool>(), 1..9u8),
    ) {
        let mut centre = run(centre::config(), steps);
        let mut config: TenantConfig = centre.exchange.config().clone();
        config.users.iter_mut().for_each(|u| u.capacity.chat = chats);
        config.queues[1].skills.insert("french".into(), skill);
        if !keeps_vip {
            config.users.iter_mut().for_each(|u| u.queues.retain(|q| *q != queue("vip")));
            config.queues.pop();
        }
        centre.exchange.reconfigure(config);
        centre.settle();
        for step in after {
            take(&mut centre, step);
            centre.settle();
            check_offers(&centre.exchange);
            check_legs(&centre.exchange);
            check_users(&centre.exchange);
            check_nobody_waits_in_vain(&centre.exchange);
            prop_assert_eq!(&centre.exchange.index, &centre.exchange.build_index());
        }
    }

    #[test]
    fn any_fact_at_any_time_is_taken_without_a_panic(
        steps in proptest::collection::vec(any_step(), 1..60),
        picks in proptest::collection::vec(any::<prop::sample::Index>(), 1..60),
    ) {
        // Facts out of their order are never applied in earnest; should a journal ever be damaged, the exchange must not take the gateway down.
        let centre = run(centre::config(), steps);
        let mut other = Exchange::new(centre.exchange.config().clone());
        if centre.journal.is_empty() {
            return Ok(());
        }
        for pick in picks {
            let (at, event) = pick.get(&centre.journal);
            other.apply(event, *at);
            for viewer in centre.viewers.values() {
                other.project(viewer, event);
                other.snapshot(viewer, *at);
            }
            other.audience(event);
            other.advance(*at);
        }
        let order = Order::Do {
            session: SessionId::numbered('x', 1),
            id: CommandId::numbered('k', 1),
            command: Command::SignOut,
        };
        prop_assert!(other.decide(&order, 0).is_err());
    }
}
