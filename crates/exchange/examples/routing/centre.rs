//! A contact centre of any size, its agents and its customers.

use crate::Outcome;
use jackfield_exchange::{Event, Exchange, Identity, Order};
use jackfield_wire::{Command, CommandId, ConversationId, OfferId, Role, SessionId, UserId};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const SKILLS: usize = 100;
/// The supervisor.
const BOSS: &str = "boss";

/// How large.
pub(crate) struct Size {
    /// By what the queues choose among agents.
    pub(crate) agent_order: &'static str,
    pub(crate) agents: usize,
    pub(crate) queues: usize,
    pub(crate) items: usize,
}

/// An offer that was made: which, to whom, of what.
type Made = (OfferId, UserId, ConversationId);

impl Size {
    /// The whole, or a part of it.
    pub(crate) fn whole_by(part: usize) -> Self {
        let agent_order = "longest_idle";
        Self { agent_order, agents: 15_000 / part, queues: 5_000 / part, items: 500_000 / part }
    }
}

/// The centre.
pub(crate) struct Centre {
    exchange: Exchange,
    now: u64,
    commands: u64,
    queues: usize,
    events: usize,
}

/// Numbers without a pattern that queues and skills could fall into step with; the same in each run.
fn scattered(n: usize, salt: u64) -> usize {
    let mut x = (n as u64).wrapping_add(salt.wrapping_mul(0x9E37_79B9_7F4A_7C15)).wrapping_add(1);
    for (shift, factor) in [(30, 0xBF58_476D_1CE4_E5B9), (27, 0x94D0_49BB_1331_11EB)] {
        x = (x ^ (x >> shift)).wrapping_mul(factor);
    }
    ((x ^ (x >> 31)) >> 8) as usize
}

/// As many skills as asked for, with levels from 1 up to a number.
fn skills(n: usize, salt: u64, count: usize, most: usize) -> Value {
    let pairs = (0..count).map(|k| {
        let x = scattered(n * 31 + k, salt);
        (format!("skill{}", x % SKILLS), json!(1 + x / SKILLS % most))
    });
    Value::Object(pairs.collect())
}

/// A hundred skills; queues that ask for one to three of them, agents who have five to ten, and one in twenty with a list of queues.
fn config(size: &Size) -> Value {
    let queues = (0..size.queues).map(|n| {
        json!({ "queue_id": format!("q{n}"), "name": "Q", "priority": scattered(n, 1) % 3, "wrap_up_ms": 0,
            "agent_order": size.agent_order, "skills": skills(n, 2, 1 + scattered(n, 3) % 3, 6) })
    });
    let agents = (0..size.agents).map(|n| {
        let listed = if n % 20 == 0 { (0..50).map(|k| scattered(n + k, 4) % size.queues).collect() } else { Vec::new() };
        let listed: Vec<_> = listed.into_iter().map(|q: usize| format!("q{q}")).collect();
        json!({ "user_id": format!("a{n}"), "name": "A", "skills": skills(n, 5, 5 + scattered(n, 6) % 6, 10), "queues": listed })
    });
    let (queues, mut agents): (Vec<_>, Vec<_>) = (queues.collect(), agents.collect());
    agents.push(json!({ "user_id": BOSS, "name": "B", "roles": ["supervisor"] }));
    json!({ "tenant_id": "large", "name": "Large", "queues": queues, "users": agents, "offer_timeout_ms": 600_000 })
}

impl Centre {
    pub(crate) fn new(size: &Size) -> Outcome<Self> {
        let exchange = Exchange::new(serde_json::from_value(config(size))?);
        let mut centre = Self { exchange, now: 1_000_000, commands: 0, queues: size.queues, events: 0 };
        for n in 0..size.agents {
            centre.open(&format!("a{n}"), Role::Agent)?;
        }
        centre.open(BOSS, Role::Supervisor)?;
        Ok(centre)
    }

    fn open(&mut self, id: &str, role: Role) -> Outcome<()> {
        let who = Identity::new(UserId::parse(id).map_err(|e| e.to_string())?, id, role);
        let session = SessionId::parse(id).map_err(|e| e.to_string())?;
        self.order(&Order::OpenSession { session, who }).map(|_| ())
    }

    /// Carries an order out and settles. Gives the offers made, and how long it took until the first was decided on.
    fn order(&mut self, order: &Order) -> Outcome<(Vec<Made>, Duration)> {
        let began = Instant::now();
        let (mut offers, mut first) = (Vec::new(), None);
        let mut events = self.exchange.decide(order, self.now)?.events;
        while !events.is_empty() {
            for event in &events {
                if let Event::OfferMade(made) = event {
                    first.get_or_insert_with(|| began.elapsed());
                    offers.push((made.offer_id.clone(), made.user_id.clone(), made.conversation_id.clone()));
                }
                self.exchange.apply(event, self.now);
            }
            self.events += events.len();
            events = self.exchange.advance(self.now);
        }
        Ok((offers, first.unwrap_or_else(|| began.elapsed())))
    }

    fn ask(&mut self, id: &str, command: Value) -> Outcome<(Vec<Made>, Duration)> {
        self.commands += 1;
        self.now += 1;
        let session = SessionId::parse(id).map_err(|e| e.to_string())?;
        let command: Command = serde_json::from_value(command)?;
        self.order(&Order::Do { session, id: CommandId::numbered('k', self.commands), command })
    }

    /// An agent becomes free.
    pub(crate) fn agent_is_free(&mut self, n: usize) -> Outcome<Duration> {
        Ok(self.ask(&format!("a{n}"), json!({ "type": "setPresence", "availability": "available" }))?.1)
    }

    /// An agent whom nothing fits gets the skills that it had before: the time until it is offered something, where it is.
    pub(crate) fn agent_changes(&mut self, n: usize) -> Outcome<Option<Duration>> {
        let change =
            |skills: Value| json!({ "type": "setAgentSkills", "userId": format!("a{n}"), "skills": skills });
        self.ask(BOSS, change(json!({})))?;
        self.agent_is_free(n)?;
        let (offers, took) = self.ask(BOSS, change(skills(n, 5, 5 + scattered(n, 6) % 6, 10)))?;
        Ok((!offers.is_empty()).then_some(took))
    }

    /// A customer comes in, on a queue of its own choice. The time, where it was offered to somebody.
    pub(crate) fn customer_comes(&mut self, n: usize) -> Outcome<Option<Duration>> {
        let id = format!("k{n}");
        self.open(&id, Role::Customer)?;
        let channel = if n.is_multiple_of(3) { "chat" } else { "voice" };
        let queue = format!("q{}", scattered(n, 7) % self.queues);
        let (offers, took) =
            self.ask(&id, json!({ "type": "startConversation", "queueId": queue, "channel": channel }))?;
        Ok((!offers.is_empty()).then_some(took))
    }

    /// A mixed day: agents become free, accept, talk and end; customers come in the meantime. Gives the events, and how long they took.
    pub(crate) fn a_day(&mut self, size: &Size) -> Outcome<(usize, Duration)> {
        let (began, before) = (Instant::now(), self.events);
        let mut next = size.items;
        for n in size.agents / 2..size.agents * 3 / 4 {
            let id = format!("a{n}");
            let (mut offers, _) =
                self.ask(&id, json!({ "type": "setPresence", "availability": "available" }))?;
            for _ in 0..3 {
                let Some((offer, _, conversation)) =
                    offers.iter().find(|(_, user, _)| user.as_str() == id).cloned()
                else {
                    break;
                };
                self.ask(&id, json!({ "type": "acceptOffer", "offerId": offer }))?;
                self.customer_comes(next)?;
                next += 1;
                offers =
                    self.ask(&id, json!({ "type": "endConversation", "conversationId": conversation }))?.0;
            }
        }
        Ok((self.events - before, began.elapsed()))
    }
}
