//! A plan: a centre of some size, who comes when, and what changes meanwhile.

use super::random::Random;
use jackfield_wire::Millis;
use serde_json::{Value, json};

/// When plans begin: Monday, 5 January 2026, 09:00 UTC.
pub(crate) const START: Millis = 1_767_603_600_000;

/// Something that the plan brings.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Step {
    SignsIn(usize),
    SignsOut(usize),
    /// No sign of life comes from an agent.
    Falls(usize),
    Returns(usize),
    Is(usize, &'static str),
    Comes(usize),
    /// The exchange is written as a snapshot and read again.
    Restart,
    /// Another configuration: the number says which.
    Reconfigure(u64),
}

#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) seed: u64,
    pub(crate) agents: usize,
    pub(crate) queues: usize,
    pub(crate) steps: Vec<(Millis, Step)>,
}

/// Numbers that belong to somebody and something, whatever else happened before.
pub(crate) fn dice(seed: u64, of: &str, n: u64) -> Random {
    let mixed = of.bytes().fold(seed ^ 0x51ed_270b, |mixed, byte| {
        (mixed ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    Random::new(mixed.wrapping_add(n.wrapping_mul(0x9e37_79b9)))
}

impl Plan {
    pub(crate) fn new(seed: u64) -> Self {
        // Of a dozen, one has thousands of agents, some have hundreds, and most are small: there, everything is looked at after each step.
        let (agents, customers, minutes) = match seed % 12 {
            11 => (2_000, 3_000, 4),
            3 | 7 => (300, 900, 40),
            n => (4 + 5 * n as usize, 150, 60),
        };
        let mut plan = Self { seed, agents, queues: 2 + agents / 12, steps: Vec::new() };
        let mut random = dice(seed, "plan", 0);
        let end = START + minutes * 60_000;
        for agent in 0..agents {
            plan.agent(agent, end, &mut random);
        }
        for customer in 0..customers {
            plan.steps.push((random.between(START, end), Step::Comes(customer)));
        }
        for n in 0..2 {
            plan.steps.push((random.between(START, end), Step::Restart));
            plan.steps.push((random.between(START, end), Step::Reconfigure(n)));
        }
        plan.steps.sort_by_key(|(at, _)| *at);
        plan
    }

    fn agent(&mut self, agent: usize, end: Millis, random: &mut Random) {
        let come = START + random.between(0, (end - START) / 4);
        self.steps.push((come, Step::SignsIn(agent)));
        for _ in 0..random.between(0, 4) {
            let at = random.between(come, end);
            let wish = *random.pick(&["away", "busy", "available", "available"]).unwrap();
            self.steps.push((at, Step::Is(agent, wish)));
            self.steps.push((at + random.between(10_000, 300_000), Step::Is(agent, "available")));
        }
        if random.chance(25) {
            let at = random.between(come, end);
            self.steps.push((at, Step::Falls(agent)));
            self.steps.push((at + random.between(1_000, 90_000), Step::Returns(agent)));
        }
        if random.chance(20) {
            let at = random.between(come, end);
            self.steps.push((at, Step::SignsOut(agent)));
            self.steps.push((at + random.between(1_000, 400_000), Step::SignsIn(agent)));
        }
    }

    /// The same plan with other steps.
    pub(crate) fn with(&self, steps: &[(Millis, Step)]) -> Self {
        Self { steps: steps.to_vec(), ..self.clone() }
    }

    /// A step as a line to read.
    pub(crate) fn line(&self, (at, step): &(Millis, Step)) -> String {
        let what = match step {
            Step::SignsIn(agent) => format!("{} signs in and is available", agent_name(*agent)),
            Step::SignsOut(agent) => format!("{} signs out", agent_name(*agent)),
            Step::Falls(agent) => format!("no sign of life comes from {}", agent_name(*agent)),
            Step::Returns(agent) => format!("{} is back", agent_name(*agent)),
            Step::Is(agent, wish) => format!("{} is {wish}", agent_name(*agent)),
            Step::Comes(customer) => format!("{} comes: {}", customer_name(*customer), self.start(*customer)),
            Step::Restart => "the exchange restarts from a snapshot".to_owned(),
            Step::Reconfigure(n) => format!("the configuration is number {n} now"),
        };
        format!("{:>10.3} s  {what}", at.saturating_sub(START) as f64 / 1e3)
    }

    /// What a customer comes with.
    pub(crate) fn start(&self, customer: usize) -> Value {
        let mut random = dice(self.seed, "customer", customer as u64);
        // Some queues are much fuller than others.
        let queue = random.between(0, self.queues as u64).min(random.between(0, self.queues as u64));
        let channel = if random.chance(50) { "voice" } else { "chat" };
        json!({ "type": "startConversation", "queueId": format!("q{queue}"), "channel": channel })
    }

    /// The configuration at first, or after a change. Capacities never change, so that nobody is ever over its own.
    pub(crate) fn config(&self, change: Option<u64>) -> Value {
        let n = change.map_or(0, |n| n + 1);
        let queues = (0..self.queues).map(|q| self.queue(q, n));
        let users = (0..self.agents)
            .map(|a| self.user(a, n))
            .chain([json!({ "user_id": "sue", "name": "Sue", "roles": ["supervisor"] }), self.expert()]);
        json!({
            "tenant_id": "large", "name": "Large", "refusal_pause_ms": 5_000 + 5_000 * (n % 3),
            "queues": queues.collect::<Vec<_>>(), "users": users.collect::<Vec<_>>(),
        })
    }

    /// Somebody who can everything and never comes: no queue may ask for a skill that nobody has.
    fn expert(&self) -> Value {
        let skills: Value = (0..8).map(|n| (format!("s{n}"), json!(10))).collect();
        json!({ "user_id": "expert", "name": "Expert", "skills": skills })
    }

    fn queue(&self, q: usize, change: u64) -> Value {
        let mut random = dice(self.seed, "queue", q as u64);
        let skill = format!("s{}", q % 8);
        // A change moves the levels and priorities of every third queue.
        let moved = if q.is_multiple_of(3) { change } else { 0 };
        let mut queue = json!({
            "queue_id": format!("q{q}"), "name": format!("Queue {q}"), "priority": (random.between(0, 4) + moved) % 5,
            "wrap_up_ms": 10_000 * (q % 3),
        });
        if random.chance(60) {
            queue["skills"] = json!({ skill: 1 + (random.between(0, 5) + moved) % 6 });
        }
        if random.chance(30) {
            queue["offer_to"] = random.between(2, 5).into();
        }
        if random.chance(60) {
            queue["on_no_answer"] = (*random.pick(&["pause", "keep"]).unwrap_or(&"away")).into();
        }
        if random.chance(30) {
            queue["offer_timeout_ms"] = random.between(5_000, 30_000).into();
        }
        queue
    }

    fn user(&self, a: usize, change: u64) -> Value {
        let mut random = dice(self.seed, "agent", a as u64);
        let moved = if a.is_multiple_of(5) { change } else { 0 };
        let mut skills = json!({});
        for _ in 0..random.between(1, 6) {
            skills[format!("s{}", random.between(0, 8))] = (1 + (random.between(0, 8) + moved) % 9).into();
        }
        let capacity = json!({ "voice": random.between(0, 8).min(1), "chat": random.between(0, 4) });
        let mut user = json!({
            "user_id": agent_name(a), "name": format!("Agent {a}"), "skills": skills, "capacity": capacity,
        });
        if random.chance(40) {
            let rules = [
                json!({ "chat": [] }),
                json!({ "voice": ["chat"] }),
                json!({ "voice": ["chat"], "chat": [] }),
            ];
            user["interrupted_by"] = random.pick(&rules).cloned().unwrap_or_default();
        }
        if random.chance(20) {
            let queues = [random.between(0, self.queues as u64), random.between(0, self.queues as u64)];
            user["queues"] = queues.iter().map(|q| format!("q{q}")).collect();
        }
        user
    }
}

pub(crate) fn agent_name(n: usize) -> String {
    format!("agent-{n}")
}

pub(crate) fn customer_name(n: usize) -> String {
    format!("kim-{n}")
}
