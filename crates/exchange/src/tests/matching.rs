//! Matching, held against looking at everything: whoever is offered what, the plain way would have come to the same.

mod steps;

use super::{offer, queue, session, user};
use crate::{
    AgentOrder, AgentSettings, Capacity, DirectAgent, Event, Exchange, Identity, Needs, Order, QueueOrder,
    RingConfig, Routing, TenantConfig, UserConfig,
    demand::{self, Demand},
    standing::slot,
    state::Conversation,
};
use jackfield_wire::{
    Availability, Channel, Command, CommandId, ConversationId, ConversationState, Millis, Role, UserId,
};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use steps::{any_config, any_step};

const AGENTS: usize = 7;
const QUEUES: usize = 4;
const CUSTOMERS: usize = 12;
const SKILLS: [&str; 3] = ["french", "tax", "cars"];

#[derive(Debug, Clone)]
enum Step {
    Availability(usize, Availability),
    Start(usize, usize, Channel),
    Route(usize, Box<Routing>),
    Accept(u64),
    Reject(u64),
    End(usize),
    Reconfigure(Box<TenantConfig>),
    /// A supervisor changes what an agent can do.
    Agent(usize, AgentSettings),
    Pass(u64),
}

struct Hall {
    exchange: Exchange,
    now: Millis,
    commands: u64,
    made: usize,
    /// How many of these went to several agents at once.
    rounds: usize,
    interrupted: usize,
}

impl Hall {
    fn new(config: TenantConfig) -> Self {
        let mut hall = Self {
            exchange: Exchange::new(config),
            now: 1_000_000,
            commands: 0,
            made: 0,
            rounds: 0,
            interrupted: 0,
        };
        let agents = (0..AGENTS).map(|n| (format!("a{n}"), Role::Agent));
        let customers = (0..CUSTOMERS).map(|n| (format!("k{n}"), Role::Customer));
        for (id, role) in agents.chain(customers).collect::<Vec<_>>() {
            let who = Identity::new(user(&id), id.clone(), role);
            hall.order(&Order::OpenSession { session: session(&id), who });
        }
        hall
    }

    fn order(&mut self, order: &Order) {
        if let Ok(decision) = self.exchange.decide(order, self.now) {
            decision.events.iter().for_each(|event| self.exchange.apply(event, self.now));
        }
        self.settle();
    }

    fn ask(&mut self, id: &str, command: Command) {
        self.commands += 1;
        let id = (session(id), CommandId::numbered('k', self.commands));
        self.order(&Order::Do { session: id.0, id: id.1, command });
    }

    /// Settles; each offer made, and each that is not, must be what looking at everything gives.
    fn settle(&mut self) {
        for _ in 0..1_000 {
            let expected = plainly(&self.exchange);
            let events = self.exchange.advance(self.now);
            match events.first() {
                None => assert_eq!(expected, None, "nothing is left to match"),
                Some(Event::OfferMade(made)) => {
                    self.made += 1;
                    self.rounds += usize::from(events.len() > 1);
                    let got = (made.conversation_id.clone(), events.iter().map(asked).collect());
                    assert_eq!(Some(got), expected);
                    assert!(events.iter().all(|event| event.conversation() == Some(&made.conversation_id)));
                    events.iter().for_each(|event| self.check_interruption(&asked(event), made.channel));
                }
                Some(_) => {}
            }
            if events.is_empty() {
                let (index, again) = (&self.exchange.index, self.exchange.build_index());
                assert_eq!(*index, again, "what is derived is what it is when built anew");
                self.check_explanations();
                return;
            }
            events.iter().for_each(|event| self.exchange.apply(event, self.now));
        }
        panic!("it never settles");
    }

    /// What rings interrupts only what it may.
    fn check_interruption(&mut self, agent: &UserId, by: Channel) {
        let config = self.exchange.config();
        let own = config.user(agent).unwrap().interrupted_by.as_ref();
        let rule = own.unwrap_or(&config.interrupted_by);
        for work in self.exchange.state.conversations_of(agent).filter(|c| c.channel != by) {
            assert!(rule.allows(work.channel, by), "{agent} is interrupted at {:?}", work.channel);
            self.interrupted += 1;
        }
    }

    /// What is told of why each waits, counted anew.
    fn check_explanations(&self) {
        let exchange = &self.exchange;
        let waiting = exchange.state.conversations.values().filter(|c| c.state == ConversationState::Queued);
        for conversation in waiting {
            let told = exchange.explain(&conversation.conversation_id, self.now).unwrap();
            let n = exchange.tenant.queue_index(&conversation.queue_id).unwrap();
            let demand = demand::current(&exchange.tenant, n, conversation).demand;
            let users = exchange.config().users.iter();
            let fitting: Vec<_> = users.filter(|u| fits(u, conversation, &demand)).collect();
            let available = fitting
                .iter()
                .filter(|u| exchange.chosen_availability(&u.user_id) == Availability::Available);
            let agents = told.agents.unwrap();
            assert_eq!(agents.fitting as usize, fitting.len());
            assert_eq!(agents.available as usize, available.count());
            assert_eq!(agents.ready as usize, ready(exchange, conversation, &demand).len());
            let steps = [
                agents.serving,
                agents.fitting,
                agents.signed_in,
                agents.available,
                agents.with_room,
                agents.ready,
            ];
            assert!(steps.is_sorted_by(|more, less| more >= less), "{agents:?}");
        }
    }

    fn pass(&mut self, ms: u64) {
        let until = self.now + ms;
        while let Some(at) = self.exchange.deadline().filter(|at| *at <= until) {
            self.now = self.now.max(at);
            self.settle();
        }
        self.now = until;
        self.settle();
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Availability(n, availability) => {
                let command = json!({ "type": "setPresence", "availability": availability });
                self.ask(&format!("a{n}"), serde_json::from_value(command).unwrap());
            }
            Step::Start(customer, q, channel) => {
                let queue_id = queue(&format!("q{q}"));
                let command = json!({ "type": "startConversation", "queueId": queue_id, "channel": channel });
                self.ask(&format!("k{customer}"), serde_json::from_value(command).unwrap());
            }
            Step::Route(customer, routing) => {
                let id = user(&format!("k{customer}"));
                let waits =
                    self.exchange.state.conversations_of(&id).find(|c| c.state == ConversationState::Queued);
                if let Some(conversation_id) = waits.map(|c| c.conversation_id.clone()) {
                    let routed = Event::Routed(Box::new(Routing { conversation_id, ..*routing }));
                    self.exchange.apply(&routed, self.now);
                    self.settle();
                }
            }
            Step::Accept(n) => self.answer(n, |offer_id| Command::AcceptOffer { offer_id }),
            Step::Reject(n) => self.answer(n, |offer_id| Command::RejectOffer { offer_id, reason: None }),
            Step::End(customer) => {
                let id = user(&format!("k{customer}"));
                let first =
                    self.exchange.state.conversations_of(&id).next().map(|c| c.conversation_id.clone());
                if let Some(conversation_id) = first {
                    self.ask(&format!("k{customer}"), Command::EndConversation { conversation_id });
                }
            }
            Step::Reconfigure(config) => {
                self.exchange.reconfigure(*config);
                self.settle();
            }
            Step::Agent(n, settings) => {
                let changed = Event::AgentChanged { user_id: user(&format!("a{n}")), settings };
                self.exchange.apply(&changed, self.now);
                self.settle();
                let unfit = self.exchange.state.offers.values().find(|offer| self.exchange.is_unfit(offer));
                assert_eq!(unfit, None, "who no longer fits keeps no offer");
            }
            Step::Pass(ms) => self.pass(ms),
        }
    }

    /// The n-th open offer, counted round.
    fn answer(&mut self, n: u64, command: impl FnOnce(jackfield_wire::OfferId) -> Command) {
        let open: Vec<_> = self.exchange.state.offers.values().map(|o| o.made.clone()).collect();
        if !open.is_empty() {
            let made = &open[n as usize % open.len()];
            self.ask(made.user_id.as_str(), command(made.offer_id.clone()));
        } else {
            self.ask("a0", command(offer(n)));
        }
    }
}

/// What goes first: its turn, what it demands, and who is ready for it.
type Found<'a> = ((i64, u64), &'a Conversation, Arc<Demand>, Vec<usize>);

/// What is matched next, found the plain way: everything is looked at.
fn plainly(exchange: &Exchange) -> Option<(ConversationId, Vec<UserId>)> {
    let mut lines: BTreeMap<(usize, Channel), Vec<&Conversation>> = BTreeMap::new();
    for conversation in exchange.state.conversations.values() {
        if conversation.state != ConversationState::Queued || !conversation.offers.is_empty() {
            continue;
        }
        let Some(n) = exchange.tenant.queue_index(&conversation.queue_id) else { continue };
        lines.entry((n, conversation.channel)).or_default().push(conversation);
    }
    let mut best: Option<Found<'_>> = None;
    for ((n, _), mut waiting) in lines {
        let queue = &exchange.config().queues[n];
        let level = match exchange.config().ageing_ms {
            0 => i64::MAX / 1_000_000,
            ms => i64::from(ms),
        };
        let worth = |c: &Conversation| level * (i64::from(queue.priority) + i64::from(c.priority));
        let turn = |c: &Conversation| (c.virtual_start() as i64 - worth(c), c.number);
        match queue.order {
            QueueOrder::FirstIn => waiting.sort_by_key(|c| turn(c)),
            QueueOrder::LastIn => {
                waiting.sort_by_key(|c| (Reverse(c.virtual_start() as i64 + worth(c)), Reverse(c.number)));
            }
        }
        let own = |agent: &usize| {
            let levels = exchange.config().users[*agent].queue_priorities.get(&queue.queue_id);
            level * i64::from(levels.copied().unwrap_or_default())
        };
        // Less what the queue is worth to whom it is worth most among those who are ready.
        let rank = |c: &Conversation, ready: &[usize]| {
            let (score, number) = turn(c);
            (score - ready.iter().map(own).max().unwrap_or_default(), number)
        };
        let asked = waiting.iter().map(|c| (*c, demand::current(&exchange.tenant, n, c).demand));
        let fit = asked.map(|(c, demand)| (c, ready(exchange, c, &demand), demand));
        let fit = fit.filter(|(_, ready, _)| !ready.is_empty());
        let first = match queue.order {
            QueueOrder::FirstIn => fit.min_by_key(|(c, ready, _)| rank(c, ready)),
            QueueOrder::LastIn => fit.into_iter().next(),
        };
        if let Some((conversation, ready, demand)) = first
            && best.as_ref().is_none_or(|(least, ..)| rank(conversation, &ready) < *least)
        {
            best = Some((rank(conversation, &ready), conversation, demand, ready));
        }
    }
    let (_, conversation, demand, ready) = best?;
    let queue = exchange.tenant.queue(&conversation.queue_id)?;
    let mut agents = ready;
    agents.sort_by_cached_key(|n| rank(exchange, queue.agent_order, &demand, *n));
    let first = agents.into_iter().take(usize::from(queue.offer_to));
    let asked = first.map(|n| exchange.config().users[n].user_id.clone());
    Some((conversation.conversation_id.clone(), asked.collect()))
}

fn asked(event: &Event) -> UserId {
    match event {
        Event::OfferMade(made) => made.user_id.clone(),
        other => panic!("in a round of offers: {other:?}"),
    }
}

fn ready(exchange: &Exchange, conversation: &Conversation, demand: &Demand) -> Vec<usize> {
    let users = exchange.config().users.iter().enumerate();
    let fits =
        users.filter(|(_, u)| fits(u, conversation, demand) && !conversation.is_paused_for(&u.user_id));
    let ready = fits
        .filter(|(_, u)| exchange.standing(&u.user_id).is_some_and(|s| s.ready[slot(conversation.channel)]));
    ready.map(|(n, _)| n).collect()
}

/// Whether an agent can serve a demand, by the names in the configuration.
pub(super) fn fits(agent: &UserConfig, conversation: &Conversation, demand: &Demand) -> bool {
    let named = demand.only.as_ref().is_none_or(|only| only.contains(&agent.user_id));
    let listed = agent.queues.is_empty() || agent.queues.contains(&conversation.queue_id);
    named && (demand.by_name || (listed && agent.has_skills(&demand.skills)))
}

fn rank(exchange: &Exchange, order: AgentOrder, demand: &Demand, n: usize) -> impl Ord {
    let agent = &exchange.config().users[n];
    let user = &exchange.state.users[&agent.user_id];
    let level = |skill: &String| agent.skills.get(skill).copied().unwrap_or_default();
    let met = demand.preferred.iter().filter(|(skill, least)| level(skill) >= **least).count();
    let named: BTreeSet<_> = demand.skills.keys().chain(demand.preferred.keys()).collect();
    let load = exchange.load(&agent.user_id);
    let by_order = match order {
        AgentOrder::LongestIdle => 0,
        AgentOrder::BestSkill => -i64::from(named.into_iter().map(|s| u32::from(level(s))).sum::<u32>()),
        AgentOrder::LeastLoaded => i64::from(load.voice + load.chat),
        AgentOrder::RoundRobin => user.last_offer as i64,
    };
    (Reverse(met), by_order, user.idle_since, n)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn matching_comes_to_what_looking_at_everything_comes_to(
        config in any_config(),
        steps in proptest::collection::vec(any_step(), 1..80),
    ) {
        let mut hall = Hall::new(config);
        steps.into_iter().for_each(|step| hall.take(step));
    }
}

/// A hall in which nothing is ever offered would prove nothing.
#[test]
fn the_hall_is_busy() {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};
    let mut runner = TestRunner::deterministic();
    let (mut made, mut rings, mut rounds, mut interrupted) = (0, 0, 0, 0);
    for _ in 0..40 {
        let config = any_config().new_tree(&mut runner).unwrap().current();
        let steps = proptest::collection::vec(any_step(), 80).new_tree(&mut runner).unwrap().current();
        let mut hall = Hall::new(config);
        for step in steps {
            hall.take(step);
            rings += hall.exchange.state.conversations.values().filter(|c| c.ring > 0).count();
        }
        (made, rounds, interrupted) =
            (made + hall.made, rounds + hall.rounds, interrupted + hall.interrupted);
    }
    assert!(made > 100 && rounds > 10, "{made} times somebody was asked, {rounds} times several at once");
    assert!(interrupted > 5, "interrupted {interrupted} times");
    assert!(rings > 300, "{rings} relaxed demands");
}

#[test]
fn who_serves_a_queue_before_others_takes_its_turns_there_whomever_they_ask_for() {
    let queues = json!([{ "queue_id": "q0", "name": "Q", "wrap_up_ms": 0 }]);
    let users: Vec<_> = (0..AGENTS)
        .map(|n| json!({ "user_id": format!("a{n}"), "name": "A", "queue_priorities": { "q0": 2 } }))
        .collect();
    let config = json!({ "tenant_id": "t", "name": "T", "queues": queues, "users": users });
    let mut hall = Hall::new(serde_json::from_value(config).unwrap());
    let needs = Needs { agents: Some(vec![user("a0"), user("a1")]), ..Needs::default() };
    let routing = Routing {
        conversation_id: ConversationId::numbered('c', 0),
        queue_id: queue("q0"),
        priority: 0,
        virtual_start: 990_000,
        needs,
        rule: None,
        stays: None,
        ordered: false,
    };
    for step in [
        // Who is for two agents by name has waited longer than who is for anybody.
        Step::Start(0, 0, Channel::Chat),
        Step::Route(0, Box::new(routing)),
        Step::Start(1, 0, Channel::Chat),
        Step::Availability(0, Availability::Available),
    ] {
        hall.take(step);
    }
    assert_eq!(hall.made, 1);
}

#[test]
fn where_the_last_is_served_first_an_agent_passed_over_by_the_head_takes_no_turn_before_it() {
    let queues: Vec<_> = (0..QUEUES)
        .map(|n| json!({ "queue_id": format!("q{n}"), "name": "Q", "wrap_up_ms": 0, "order": "last_in" }))
        .collect();
    let users: Vec<_> = (0..AGENTS)
        .map(|n| json!({ "user_id": format!("a{n}"), "name": "A", "capacity": { "chat": 2 } }))
        .collect();
    let config = json!({ "tenant_id": "t", "name": "T", "queues": queues, "users": users });
    let mut hall = Hall::new(serde_json::from_value(config).unwrap());
    for step in [
        Step::Availability(6, Availability::Available),
        Step::Start(2, 0, Channel::Chat),
        Step::Start(0, 0, Channel::Chat),
        Step::Start(1, 0, Channel::Chat),
        // The first is not for a6 just now, the last is with a6, the second is not for a5: it is for a6, and before the first.
        Step::Reject(1),
        Step::Availability(5, Availability::Available),
        Step::Accept(6),
        Step::Reject(1),
    ] {
        hall.take(step);
    }
    assert_eq!(hall.made, 5);
}
