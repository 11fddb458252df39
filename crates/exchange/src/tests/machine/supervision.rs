//! The machine with a supervisor who gives orders at any time.
//!
//! Who takes a conversation over may have more than it takes itself: what is checked of capacity is checked of the others.

use super::super::{Centre, centre, participant, presence_recount, queue, recount::check_statistics, user};
use super::{
    CUSTOMERS, STAFF,
    invariants::{
        check_explained, check_journal, check_legs, check_nobody_waits_in_vain, check_offers, check_told,
        check_users,
    },
    steps::{Step, any_step, any_target, take},
};
use crate::{
    Event,
    state::{Conversation, Participant},
    tests::follower::Follower,
};
use jackfield_wire::{
    AgentCapacity, Availability, Command, ConversationId, MonitorMode, Part, ParticipantId, ServerEvent,
    SupervisorOrder, Target, UserId,
};
use proptest::{
    prelude::*,
    sample::{Index, select},
    strategy::ValueTree,
    test_runner::TestRunner,
};
use std::collections::BTreeMap;

/// What is ordered, by which of sue's sessions, of which conversation.
#[derive(Debug, Clone)]
struct Given {
    session: u8,
    conversation: Index,
    verb: Verb,
}

#[derive(Debug, Clone)]
enum Verb {
    Monitor(MonitorMode, Option<UserId>),
    Stop,
    TakeOver,
    Reassign(Target),
    Prioritize(Option<u8>, Option<u32>),
    Remove(Index),
    SetPresence(UserId, Availability),
    SignOut(UserId),
    Withdraw,
    /// The level of French, the queues on its list, and how much it takes, never more than is configured; or all as it is configured.
    SetAgent(UserId, Option<Change>),
    /// Not hers: the owner asks a colleague in, who comes. Left to chance, there is hardly ever anybody to remove.
    Company(UserId),
}

/// What is changed about an agent.
#[derive(Debug, Clone)]
struct Change {
    level: Option<u8>,
    queues: Option<Vec<&'static str>>,
    takes: Option<(u32, u32)>,
}

fn any_change() -> impl Strategy<Value = Option<Change>> {
    let lists = vec![vec![], vec!["help"], vec!["vip"], vec!["help", "vip"]];
    let change = (
        proptest::option::weighted(0.6, 1..=10u8),
        proptest::option::weighted(0.3, select(lists)),
        proptest::option::weighted(0.3, (0..=1u32, 0..=3u32)),
    );
    proptest::option::weighted(0.8, change.prop_map(|(level, queues, takes)| Change { level, queues, takes }))
}

fn set_agent(user_id: UserId, change: Option<Change>) -> Command {
    let reset = change.is_none();
    let Change { level, queues, takes } = change.unwrap_or(Change { level: None, queues: None, takes: None });
    Command::SetAgentSkills {
        user_id,
        skills: level.map(|level| BTreeMap::from([("french".to_owned(), level)])),
        queues: queues.map(|ids| ids.into_iter().map(queue).collect()),
        capacity: takes.map(|(voice, chat)| AgentCapacity { voice, chat }),
        reset,
    }
}

#[derive(Debug, Clone)]
enum Move {
    Any(Step),
    Order(Given),
}

fn any_agent() -> impl Strategy<Value = UserId> {
    select(STAFF.to_vec()).prop_map(user)
}

fn any_verb() -> impl Strategy<Value = Verb> {
    let whom = proptest::option::weighted(0.2, any_agent());
    prop_oneof![
        6 => (select(MonitorMode::ALL.to_vec()), whom).prop_map(|(mode, whom)| Verb::Monitor(mode, whom)),
        2 => Just(Verb::Stop),
        2 => Just(Verb::TakeOver),
        8 => any_target().prop_map(Verb::Reassign),
        3 => (any::<Option<u8>>(), proptest::option::of(0..=90_000_000u32)).prop_map(|(level, ms)| Verb::Prioritize(level, ms)),
        4 => any::<Index>().prop_map(Verb::Remove),
        2 => (any_agent(), select(Availability::ALL.to_vec())).prop_map(|(who, to)| Verb::SetPresence(who, to)),
        1 => any_agent().prop_map(Verb::SignOut),
        1 => Just(Verb::Withdraw),
        4 => any_agent().prop_map(Verb::Company),
        4 => (any_agent(), any_change()).prop_map(|(who, change)| Verb::SetAgent(who, change)),
    ]
}

fn any_move() -> impl Strategy<Value = Move> {
    let order = (1..=2u8, any::<Index>(), any_verb());
    prop_oneof![
        5 => any_step().prop_map(Move::Any),
        2 => order.prop_map(|(session, conversation, verb)| Move::Order(Given { session, conversation, verb })),
    ]
}

/// The owner invites, and whom it invites takes the offer, if both can.
fn bring(centre: &mut Centre, owner: &UserId, user_id: UserId, conversation_id: &ConversationId) {
    let session_of = |centre: &Centre, who: &UserId| {
        let mut own = centre.viewers.values().filter(|viewer| viewer.user_id == *who);
        own.next().map(|viewer| viewer.session.to_string())
    };
    let (Some(from), Some(to)) = (session_of(centre, owner), session_of(centre, &user_id)) else { return };
    let (conversation_id, target) = (conversation_id.clone(), Target::Agent { user_id });
    if centre.ask(&from, Command::Invite { conversation_id, target }).is_ok()
        && let Some(offer_id) = centre.offer_to(&to)
    {
        drop(centre.ask(&to, Command::AcceptOffer { offer_id }));
    }
}

/// Who must be in a conversation, or an order hardly ever fits.
fn wanted(verb: &Verb) -> Option<Part> {
    match verb {
        Verb::Stop => Some(Part::Monitor),
        Verb::Remove(_) => Some(Part::Agent),
        _ => None,
    }
}

/// Of agents there must be one beside the owner.
fn has(conversation: &Conversation, part: Part) -> bool {
    let second = |p: &Participant| part != Part::Agent || !p.seat.owner && !p.is_wrapping();
    conversation.participants.iter().any(|p| p.seat.part == part && second(p))
}

fn give(centre: &mut Centre, Given { session, conversation, verb }: Given) {
    let mut all: Vec<_> = centre.exchange.state.conversations.values().cloned().collect();
    if let Some(part) = wanted(&verb)
        && all.iter().any(|c| has(c, part))
    {
        all.retain(|c| has(c, part));
    }
    let Some(conversation) = (!all.is_empty()).then(|| conversation.get(&all).clone()) else { return };
    let colleagues = conversation.participants.iter().filter(|p| !p.seat.owner && !p.is_customer());
    let mut parties: Vec<ParticipantId> = colleagues.map(|p| p.participant_id.clone()).collect();
    parties.extend(conversation.participants.iter().map(|p| p.participant_id.clone()));
    // On a queue's list nobody is in it yet.
    parties.extend(conversation.participants.is_empty().then(|| participant(99)));
    let conversation_id: ConversationId = conversation.conversation_id;
    let command = match verb {
        Verb::Monitor(mode, user_id) => Command::Monitor { conversation_id, mode, user_id },
        Verb::Stop => Command::StopMonitoring { conversation_id },
        Verb::TakeOver => Command::TakeOver { conversation_id },
        Verb::Prioritize(priority, head_start_ms) => {
            Command::Prioritize { conversation_id, priority, head_start_ms }
        }
        Verb::Reassign(target) => Command::Reassign { conversation_id, target },
        Verb::Remove(pick) => {
            Command::RemoveParticipant { conversation_id, participant_id: pick.get(&parties).clone() }
        }
        Verb::SetPresence(user_id, availability) => {
            Command::SetAgentPresence { user_id, availability, reason: None }
        }
        Verb::Withdraw => Command::Skip { conversation_id, reason: None },
        Verb::SignOut(user_id) => Command::SignOutAgent { user_id },
        Verb::SetAgent(user_id, change) => set_agent(user_id, change),
        Verb::Company(user_id) => {
            let owner = conversation.participants.iter().find(|p| p.seat.owner).map(|p| p.user_id.clone());
            return owner
                .into_iter()
                .for_each(|owner| bring(centre, &owner, user_id.clone(), &conversation_id));
        }
    };
    // An order that is refused changes nothing.
    let before = centre.exchange.state().clone();
    if centre.ask(&format!("sue{session}"), command).is_err() {
        assert_eq!(centre.exchange.state(), &before);
    }
}

fn run(moves: Vec<Move>) -> Centre {
    let mut centre = Centre::with(centre::config());
    for user in STAFF.iter().chain(&CUSTOMERS) {
        take(&mut centre, Step::Open(format!("{user}1")));
    }
    for one in moves {
        match one {
            Move::Any(step) => take(&mut centre, step),
            Move::Order(given) => give(&mut centre, given),
        }
        centre.settle();
        check(&centre);
    }
    check_told(&centre);
    check_nothing_of_orders(&centre);
    presence_recount::check_journal(&centre.journal);
    check_journal(&centre);
    check_statistics(&centre.exchange, &centre.journal);
    centre
}

fn check(centre: &Centre) {
    let exchange = &centre.exchange;
    assert_eq!(exchange.index, exchange.build_index(), "what is derived is what it is when built anew");
    check_offers(exchange);
    check_legs(exchange);
    check_users(exchange);
    check_nobody_waits_in_vain(exchange);
    presence_recount::check(exchange);
    for config in exchange.config().users.iter().filter(|config| config.user_id != user("sue")) {
        // What it has goes on over a lowered capacity.
        let load = exchange.load(&config.user_id);
        let most = exchange.tenant.configured(&config.user_id).unwrap().capacity;
        assert!(load.voice <= most.voice && load.chat <= most.chat, "{load:?}");
    }
    check_explained(centre);
    for (id, viewer) in &centre.viewers {
        let seen = Follower::new(exchange.snapshot(viewer, centre.now));
        assert_eq!(centre.followers[id], seen, "{id} knows what a snapshot says");
    }
}

/// Customers are told of no order, and of nobody who listens or whispers.
fn check_nothing_of_orders(centre: &Centre) {
    for (id, told) in &centre.told {
        let name = id.as_str().trim_end_matches(char::is_numeric);
        if CUSTOMERS.contains(&name) {
            let text = serde_json::to_string(told).unwrap();
            assert!(!told.iter().any(|event| matches!(event, ServerEvent::Supervised { .. })), "{id}");
            assert!(!text.contains("\"monitor\"") && !text.contains("orderedBy"), "{id}: {text}");
        }
    }
}

#[test]
fn the_machine_gives_every_order() {
    let mut runner = TestRunner::deterministic();
    let moves = proptest::collection::vec(any_move(), 120);
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let rare = |seen: &BTreeMap<String, usize>| -> Vec<SupervisorOrder> {
        let often = |order: &SupervisorOrder| seen.get(&format!("{order:?}")).is_some_and(|n| *n >= 2);
        SupervisorOrder::ALL.iter().copied().filter(|order| !often(order)).collect()
    };
    for _ in 0..200 {
        for (_, event) in run(moves.new_tree(&mut runner).unwrap().current()).journal {
            if let Event::Supervised { order, .. } = event {
                *seen.entry(format!("{order:?}")).or_default() += 1;
            }
        }
        if rare(&seen).is_empty() {
            return;
        }
    }
    panic!("hardly ever given: {:?} of {seen:?}", rare(&seen));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(96) })]

    #[test]
    fn whatever_a_supervisor_orders_the_invariants_hold(moves in proptest::collection::vec(any_move(), 1..120)) {
        run(moves);
    }
}
