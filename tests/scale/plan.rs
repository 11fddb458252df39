//! A plan: a centre of some size, who comes when, and what changes meanwhile.

use super::{
    acts::PRESENT,
    network::some_number,
    random::Random,
    tenant::{SUPERVISORS, skills, supervisor_name},
};
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
    /// What somebody of the house asks for on its own account.
    Asks(usize, Value),
    /// What a supervisor changes about an agent.
    Changes(usize, Value),
    /// A second client of an agent is opened, or closed.
    OpensTab(usize),
    ClosesTab(usize),
    /// A customer comes; again, while it is there, with another matter.
    Comes(usize, u64),
    /// The exchange is written as a snapshot and read again.
    Restart,
    /// The way into the telephone network fails.
    TrunkFails,
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
            11 => (2_000, 2_000, 3),
            3 | 7 => (150, 600, 12),
            n => (4 + 3 * n as usize, 150, 15),
        };
        let mut plan = Self { seed, agents, queues: 2 + agents / 12, steps: Vec::new() };
        let mut random = dice(seed, "plan", 0);
        let end = START + minutes * 60_000;
        for agent in 0..agents {
            plan.agent(agent, end, &mut random);
        }
        for customer in 0..customers {
            let at = random.between(START, end);
            plan.steps.push((at, Step::Comes(customer, 0)));
            if random.chance(15) {
                plan.steps.push((at + random.between(1_000, 60_000), Step::Comes(customer, 1)));
            }
        }
        for n in 0..2 {
            plan.steps.push((random.between(START, end), Step::Restart));
            plan.steps.push((random.between(START, end), Step::Reconfigure(n)));
            plan.steps.push((random.between(START, end), Step::TrunkFails));
        }
        plan.steps.sort_by_key(|(at, _)| *at);
        plan
    }

    fn agent(&mut self, agent: usize, end: Millis, random: &mut Random) {
        let come = START + random.between(0, (end - START) / 4);
        self.steps.push((come, Step::SignsIn(agent)));
        for _ in 0..random.between(0, 4) {
            let at = random.between(come, end);
            self.steps.push((at, Step::Asks(agent, wish(random))));
            let back = json!({ "type": "setPresence", "availability": "available" });
            self.steps.push((at + random.between(10_000, 300_000), Step::Asks(agent, back)));
        }
        if random.chance(25) {
            let at = random.between(come, end);
            let sue = random.between(0, SUPERVISORS as u64) as usize;
            self.steps.push((at, Step::Changes(sue, self.change(agent, random))));
            if random.chance(50) {
                let reset = json!({ "type": "setAgentSkills", "userId": agent_name(agent), "reset": true });
                self.steps.push((at + random.between(5_000, 200_000), Step::Changes(sue, reset)));
            }
        }
        if random.chance(if self.agents > 500 { 10 } else { 40 }) {
            self.calls(agent, random.between(come, end), random);
        }
        if random.chance(25) {
            let at = random.between(come, end);
            self.steps.push((at, Step::Falls(agent)));
            self.steps.push((at + random.between(1_000, 90_000), Step::Returns(agent)));
        }
        if random.chance(20) {
            let at = random.between(come, end);
            self.steps.push((at, Step::OpensTab(agent)));
            self.steps.push((at + random.between(1_000, 600_000), Step::ClosesTab(agent)));
        }
        if random.chance(20) {
            let at = random.between(come, end);
            self.steps.push((at, Step::SignsOut(agent)));
            self.steps.push((at + random.between(1_000, 400_000), Step::SignsIn(agent)));
        }
    }

    /// Other skills, other queues, room for more or for less.
    fn change(&self, agent: usize, random: &mut Random) -> Value {
        let mut change = json!({ "type": "setAgentSkills", "userId": agent_name(agent) });
        if random.chance(60) {
            change["skills"] = skills(random, 6);
        }
        if random.chance(40) {
            let queues = (0..random.between(0, 4)).map(|_| random.between(0, self.queues as u64));
            change["queues"] = queues.map(|q| format!("q{q}")).collect();
        }
        if random.chance(50) {
            change["capacity"] = json!({ "voice": random.between(0, 2), "chat": random.between(0, 5) });
        }
        change
    }

    /// An agent takes no new work for some time, and calls customers instead.
    fn calls(&mut self, agent: usize, from: Millis, random: &mut Random) {
        let is = |availability: &str| json!({ "type": "setPresence", "availability": availability });
        self.steps.push((from, Step::Asks(agent, is("busy"))));
        for at in [20_000, 60_000, 100_000, 150_000, 200_000, 250_000] {
            self.steps.push((from + at, Step::Asks(agent, self.call(random))));
        }
        self.steps.push((from + 300_000, Step::Asks(agent, is("available"))));
    }

    /// An agent calls a customer in its page, or a number.
    fn call(&self, random: &mut Random) -> Value {
        let queue = format!("q{}", random.between(0, self.queues as u64));
        let mut call = json!({ "type": "startOutbound", "queueId": queue, "preview": random.chance(70) });
        if random.chance(50) {
            call["target"] = json!({ "type": "number", "number": some_number(random) });
            return call;
        }
        // Seldom somebody who may not be there at all.
        let whom = if random.chance(90) {
            format!("{PRESENT}{}", random.between(0, 64))
        } else {
            customer_name(random.between(0, 50) as usize)
        };
        call["target"] = json!({ "type": "customer", "userId": whom });
        if random.chance(30) {
            call["channel"] = "chat".into();
        }
        call
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
            Step::Asks(agent, command) => format!("{} asks for {command}", agent_name(*agent)),
            Step::Changes(sue, command) => format!("{} asks for {command}", supervisor_name(*sue)),
            Step::OpensTab(agent) => format!("{} opens a second tab", agent_name(*agent)),
            Step::ClosesTab(agent) => format!("{} closes its second tab", agent_name(*agent)),
            Step::Comes(customer, n) => {
                format!("{} comes: {}", customer_name(*customer), self.start(*customer, *n))
            }
            Step::TrunkFails => "all calls to telephone numbers break off".to_owned(),
            Step::Restart => "the exchange restarts from a snapshot".to_owned(),
            Step::Reconfigure(n) => format!("the configuration is number {n} now"),
        };
        format!("{:>10.3} s  {what}", at.saturating_sub(START) as f64 / 1e3)
    }

    /// What a customer comes with.
    pub(crate) fn start(&self, customer: usize, matter: u64) -> Value {
        let mut random = dice(self.seed, "customer", customer as u64 * 2 + matter);
        // Some queues are much fuller than others.
        let queue = random.between(0, self.queues as u64).min(random.between(0, self.queues as u64));
        let channel = if random.chance(50) { "voice" } else { "chat" };
        let mut start =
            json!({ "type": "startConversation", "queueId": format!("q{queue}"), "channel": channel });
        if random.chance(20) {
            start["attributes"] = json!({ "language": "fr" });
        }
        start
    }

    /// What its token says of a customer.
    pub(crate) fn token(&self, customer: usize) -> Value {
        let mut random = dice(self.seed, "token", customer as u64);
        let mut token = json!({});
        if random.chance(30) {
            token["tier"] = (*random.pick(&["gold", "silver"]).unwrap()).into();
        }
        if random.chance(15) {
            token["manager"] = agent_name(random.between(0, self.agents as u64) as usize).into();
        }
        if random.chance(15) {
            token["again"] = true.into();
        }
        token
    }
}

/// What somebody says of its presence.
fn wish(random: &mut Random) -> Value {
    match random.between(0, 10) {
        0 => json!({ "type": "setPresence", "availability": "away", "reason": "lunch" }),
        1 => {
            json!({ "type": "setPresence", "availability": "busy", "reason": "training", "expiresInMs": 300_000 })
        }
        2 | 3 => json!({ "type": "setPresence", "availability": "beRightBack", "afterWork": true }),
        4 => json!({ "type": "setPresence", "availability": "doNotDisturb" }),
        5 => json!({ "type": "clearPresence" }),
        6 => json!({ "type": "setSessionPresence", "availability": "busy", "activity": "inACall" }),
        7 => {
            json!({ "type": "setSessionPresence", "availability": "available", "activity": "available", "expiresInMs": 900_000 })
        }
        8 => json!({ "type": "setStatusMessage", "text": "in the canteen", "expiresInMs": 60_000 }),
        _ => json!({ "type": "setPresence", "availability": "available" }),
    }
}

pub(crate) fn agent_name(n: usize) -> String {
    format!("agent-{n}")
}

pub(crate) fn customer_name(n: usize) -> String {
    format!("kim-{n}")
}
