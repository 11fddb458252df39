//! What the machine does: anything anybody may try.

use super::{
    super::{Centre, conversation, offer, participant, presence_recount, queue, session, user},
    CUSTOMERS, NUMBER, SECRET, STAFF,
    configs::changed,
};
use crate::{ExternalNews, Identity, Order, TenantConfig};
use jackfield_wire::{Availability, Channel, Command, Link, Role, SignOutReason, Target, Visibility};
use proptest::prelude::*;
use std::collections::BTreeMap;

#[derive(Debug, Clone)]
pub(super) enum Step {
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
    /// Another configuration, of those in `configs`.
    Reload(u8),
    /// The clock goes back a little.
    Slip(u64),
}

pub(super) fn any_session() -> impl Strategy<Value = String> {
    let users: Vec<_> = STAFF.iter().chain(&CUSTOMERS).copied().collect();
    (proptest::sample::select(users), 1..=2u8).prop_map(|(user, n)| format!("{user}{n}"))
}

pub(super) fn staff_session() -> impl Strategy<Value = String> {
    (proptest::sample::select(STAFF.to_vec()), 1..=2u8).prop_map(|(user, n)| format!("{user}{n}"))
}

pub(super) fn any_customer() -> impl Strategy<Value = String> {
    (proptest::sample::select(CUSTOMERS.to_vec()), 1..=2u8).prop_map(|(user, n)| format!("{user}{n}"))
}

pub(super) fn any_start() -> impl Strategy<Value = Command> {
    let queues = proptest::sample::select(vec!["help", "help", "help", "vip", "vip", "gone"]);
    (queues, proptest::sample::select(Channel::ALL.to_vec())).prop_map(|(id, channel)| {
        let attributes = BTreeMap::new();
        Command::StartConversation { queue_id: Some(queue(id)), channel, subject: None, attributes }
    })
}

/// Whom agents call: customers in their page, and a number.
pub(super) fn any_outbound() -> impl Strategy<Value = Command> {
    let customers = proptest::sample::select(CUSTOMERS.to_vec());
    let targets = prop_oneof![
        3 => customers.prop_map(|name| Target::Customer { user_id: user(name) }),
        1 => Just(Target::Number { number: NUMBER.into() }),
    ];
    let queues = proptest::sample::select(vec!["help", "help", "vip"]);
    let channels = proptest::sample::select(vec![Channel::Voice, Channel::Voice, Channel::Chat]);
    (queues, targets, channels, any::<bool>()).prop_map(|(id, target, channel, preview)| {
        Command::StartOutbound {
            queue_id: queue(id),
            target,
            channel,
            preview,
            name: None,
            subject: None,
            attributes: BTreeMap::from([("account".to_owned(), SECRET.into())]),
        }
    })
}

/// What the telephone network says, and what agents ask of it.
pub(super) fn any_call() -> impl Strategy<Value = Step> {
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

pub(super) fn any_command() -> impl Strategy<Value = Command> {
    let id = || (1..12u64).prop_map(conversation);
    let part = || proptest::option::weighted(0.3, (1..20u64).prop_map(participant));
    prop_oneof![
        3 => proptest::sample::select(Availability::ALL.to_vec()).prop_map(Command::presence),
        2 => any_start(),
        9 => (1..20u64).prop_map(|n| Command::AcceptOffer { offer_id: offer(n) }),
        2 => (1..20u64).prop_map(|n| Command::RejectOffer { offer_id: offer(n), reason: None }),
        6 => id().prop_map(|conversation_id| Command::StartVoice { conversation_id }),
        4 => (id(), proptest::option::weighted(0.3, 1_000_000..1_400_000u64)).prop_map(
            |(conversation_id, at)| Command::RequestCallback { conversation_id, number: None, at }
        ),
        2 => id().prop_map(|conversation_id| Command::Dial { conversation_id }),
        1 => id().prop_map(|conversation_id| Command::Skip { conversation_id, reason: None }),
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

pub(super) fn any_target() -> impl Strategy<Value = Target> {
    prop_oneof![
        6 => proptest::sample::select(STAFF.to_vec()).prop_map(|name| Target::Agent { user_id: user(name) }),
        3 => proptest::sample::select(vec!["help", "vip", "gone"])
            .prop_map(|id| Target::Queue { queue_id: queue(id) }),
        1 => Just(Target::Number { number: NUMBER.into() }),
    ]
}

/// Handing over, asking for advice, being several.
pub(super) fn among_colleagues() -> impl Strategy<Value = Command> {
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
pub(super) enum Context {
    Attribute(&'static str, Option<&'static str>),
    Tags(Vec<String>, Vec<String>),
    Link(&'static str),
    Note,
}

/// What colleagues set around a conversation, all of it secret to customers.
pub(super) fn any_context() -> impl Strategy<Value = Context> {
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
pub(super) fn any_setting() -> impl Strategy<Value = Step> {
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

pub(super) fn any_step() -> impl Strategy<Value = Step> {
    let reasons = vec![SignOutReason::Asked, SignOutReason::Lost, SignOutReason::Removed];
    let available = Command::presence(Availability::Available);
    prop_oneof![
        8 => any_session().prop_map(Step::Open),
        2 => any_session().prop_map(Step::Away),
        3 => any_session().prop_map(Step::Back),
        1 => (any_session(), proptest::sample::select(reasons)).prop_map(|(s, r)| Step::Close(s, r)),
        6 => staff_session().prop_map(move |s| Step::Ask(s, available.clone())),
        6 => (staff_session(), presence_recount::any_presence()).prop_map(|(s, command)| Step::Ask(s, command)),
        4 => (staff_session(), any_outbound()).prop_map(|(s, command)| Step::Ask(s, command)),
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
pub(super) fn aim(centre: &Centre, pick: prop::sample::Index, command: Command) -> Option<(String, Command)> {
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

pub(super) fn take(centre: &mut Centre, step: Step) {
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
        Step::Reload(n) => {
            let config: TenantConfig = serde_json::from_value(changed(n)).unwrap();
            assert_eq!(config.check(), Ok(()));
            centre.exchange.reconfigure(config);
        }
        Step::Slip(ms) => centre.now -= ms,
    }
}
