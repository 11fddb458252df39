//! A tenant from a seed: with everything that a configuration can say of routing, in some of its queues.

use super::network::DIALLED;
use super::plan::{Plan, agent_name, dice};
use super::random::Random;
use serde_json::{Value, json};

/// How many supervisors there are.
pub(crate) const SUPERVISORS: usize = 3;
const SKILLS: u64 = 8;

pub(crate) fn supervisor_name(n: usize) -> String {
    format!("sue-{n}")
}

impl Plan {
    /// The configuration at first, or after a change. Its capacities never change; those that supervisors set do.
    pub(crate) fn config(&self, change: Option<u64>) -> Value {
        let n = change.map_or(0, |n| n + 1);
        let mut random = dice(self.seed, "tenant", 0);
        let queues: Vec<_> = (0..self.queues).map(|q| self.queue(q, n)).collect();
        let supervisors = (0..SUPERVISORS).map(|s| self.supervisor(s));
        let users: Vec<_> =
            (0..self.agents).map(|a| self.user(a, n)).chain(supervisors).chain([expert()]).collect();
        json!({
            "tenant_id": "large", "name": "Large", "refusal_pause_ms": 5_000 + 5_000 * (n % 3),
            "ageing_ms": random.pick(&[60_000, 60_000, 15_000, 0]), "grace_ms": 40_000,
            "offer_timeout_ms": 20_000, "monitoring_notice": random.chance(50),
            "statistics": { "service_level_ms": 15_000, "day_starts": if random.chance(50) { "09:20" } else { "00:00" } },
            "reasons": [
                { "id": "lunch", "name": "Lunch", "availability": "away", "max_ms": 900_000 },
                { "id": "training", "name": "Training", "availability": "busy" },
            ],
            "attributes": { "language": { "type": "text", "customer": "write" } },
            "rules": self.rules(), "queues": queues, "users": users, "trunk": self.trunk(),
        })
    }

    /// Some have no way into the telephone network.
    fn trunk(&self) -> Value {
        let mut random = dice(self.seed, "trunk", 0);
        let dial_timeout_ms = random.between(5, 30) * 1_000;
        let trunk = json!({ "numbers": [format!("{DIALLED}*")], "dial_timeout_ms": dial_timeout_ms });
        if random.chance(90) { trunk } else { Value::Null }
    }

    /// The last one looks after half of the queues only.
    fn supervisor(&self, s: usize) -> Value {
        let mut user = json!({ "user_id": supervisor_name(s), "name": format!("Supervisor {s}"), "roles": ["supervisor"] });
        if s + 1 == SUPERVISORS {
            user["supervises"] = (0..self.queues).step_by(2).map(|q| format!("q{q}")).collect();
        }
        user
    }

    fn queue(&self, q: usize, change: u64) -> Value {
        let mut random = dice(self.seed, "queue", q as u64);
        // A change moves the levels and priorities of every third queue.
        let moved = if q.is_multiple_of(3) { change } else { 0 };
        let wrap_up_ms = 10_000 * (q % 3);
        let mut queue = json!({
            "queue_id": format!("q{q}"), "name": format!("Queue {q}"), "priority": (random.between(0, 4) + moved) % 5,
            "wrap_up_ms": wrap_up_ms, "wrap_up_extensions": 2, "park_ms": random.between(5, 30) * 1_000,
            "order": if random.chance(25) { "last_in" } else { "first_in" },
            "agent_order": random.pick(&["longest_idle", "best_skill", "least_loaded", "round_robin"]),
        });
        if random.chance(60) {
            queue["skills"] = json!({ format!("s{}", q % 8): 2 + (random.between(0, 5) + moved) % 6 });
            queue["rings"] = self.rings(q, &mut random);
        }
        if random.chance(50) {
            queue["preferred"] = skills(&mut random, 3);
        }
        if wrap_up_ms > 0 && random.chance(40) {
            queue["dispositions"] =
                json!([{ "id": "solved", "name": "Solved" }, { "id": "open", "name": "Open" }]);
        }
        if random.chance(60) {
            queue["on_no_answer"] = (*random.pick(&["pause", "keep"]).unwrap()).into();
        }
        if random.chance(30) {
            queue["offer_to"] = random.between(2, 5).into();
            queue["offer_timeout_ms"] = random.between(8_000, 30_000).into();
        }
        self.limit(q, &mut queue, &mut random);
        queue["outbound"] = json!({
            "preview_ms": random.between(5, 20) * 1_000, "on_preview_end": random.pick(&["dial", "release"]),
        });
        queue["callbacks"] = json!({
            "enabled": random.chance(85), "attempts": random.between(1, 4),
            "retry_ms": random.between(5, 60) * 1_000, "keep_ms": random.between(60, 400) * 1_000,
        });
        queue
    }

    /// A demand that relaxes: to a lower level, to some agents, to anybody.
    fn rings(&self, q: usize, random: &mut Random) -> Value {
        let skill = format!("s{}", q % 8);
        let some: Vec<_> =
            (0..3).map(|_| agent_name(random.between(0, self.agents as u64) as usize)).collect();
        match random.between(0, 4) {
            0 => json!([]),
            1 => json!([{ "after_ms": 8_000, "skills": { skill: 1 } }, { "after_ms": 20_000, "skills": {} }]),
            2 => {
                json!([{ "after_ms": 6_000, "agents": some }, { "after_ms": 15_000, "skills": {}, "agents": [] }])
            }
            _ => json!([{ "after_ms": 10_000, "skills": {}, "preferred": { skill: 5 } }]),
        }
    }

    /// How many it takes, when, and where the others go.
    fn limit(&self, q: usize, queue: &mut Value, random: &mut Random) {
        if random.chance(25) {
            queue["max_waiting"] = random.between(4, 20).into();
        }
        if random.chance(20) {
            let hours = json!([{ "days": ["mon"], "from": "08:00", "to": random.pick(&["09:10", "09:25", "17:00"]) }]);
            queue["hours"] = json!({ "weekly": hours, "at_close": random.pick(&["keep", "next_target"]) });
        }
        // Only to later ones, so that there is no cycle.
        if q + 1 < self.queues && random.chance(40) {
            let into = random.between(q as u64 + 1, self.queues as u64);
            queue["overflow"] =
                json!({ "queue": format!("q{into}"), "after_ms": random.between(10, 60) * 1_000 });
        }
    }

    fn rules(&self) -> Value {
        let mut random = dice(self.seed, "rules", 0);
        let queue = |random: &mut Random| random.between(0, self.queues as u64);
        let (first, second) = (queue(&mut random), queue(&mut random));
        let second = if second == first { (first + 1) % self.queues as u64 } else { second };
        let mut last = json!({ "queue": format!("q{second}"), "priority": 1 });
        // More agents than 500 by name are refused.
        if self.agents < 500 && random.chance(50) {
            last["agents_if"] = json!("has(agent.skills.s1) || has(agent.skills.s2) || has(agent.skills.s3)");
        }
        let first = json!({ "queue": format!("q{first}"), "timeout_ms": random.between(10, 40) * 1_000, "skip_if": "queue.waiting > 6" });
        json!([
            { "id": "french", "when": "conversation.attributes.language == 'fr'", "skills": { "s1": 2 }, "preferred": { "s2": 4 }, "continue": true },
            { "id": "own-agent", "when": "has(customer.attributes.manager)", "agent_from": "customer.attributes.manager",
              "agent_fallback_ms": random.pick(&[0, 5_000, 15_000]), "continue": true },
            { "id": "silver", "when": "customer.attributes.tier == 'silver'", "priority": 2, "continue": true },
            { "id": "again", "when": "'again' in customer.attributes", "head_start_ms": random.between(5, 180) * 1_000, "continue": true },
            { "id": "gold", "when": "customer.attributes.tier == 'gold'", "priority": 4, "targets": [first, last] },
        ])
    }

    fn user(&self, a: usize, change: u64) -> Value {
        let mut random = dice(self.seed, "agent", a as u64);
        let moved = if a.is_multiple_of(5) { change } else { 0 };
        let mut skills = json!({});
        for _ in 0..random.between(1, 6) {
            skills[format!("s{}", random.between(0, SKILLS))] =
                (1 + (random.between(0, 8) + moved) % 9).into();
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
            user["interrupted_by"] = random.pick(&rules).cloned().unwrap();
        }
        if random.chance(20) {
            let queues = [random.between(0, self.queues as u64), random.between(0, self.queues as u64)];
            user["queues"] = queues.iter().map(|q| format!("q{q}")).collect();
        }
        if random.chance(25) {
            let q = random.between(0, self.queues as u64);
            let first = user["queues"].get(0).and_then(Value::as_str).map_or(format!("q{q}"), str::to_owned);
            user["queue_priorities"] = json!({ first: (random.between(1, 4) + moved) % 11 });
        }
        user
    }
}

/// Somebody who can everything and never comes: no queue may ask for a skill that nobody has.
fn expert() -> Value {
    let skills: Value = (0..SKILLS).map(|n| (format!("s{n}"), json!(10))).collect();
    json!({ "user_id": "expert", "name": "Expert", "skills": skills })
}

/// Some skills, each with a level; fewer than `most`.
pub(crate) fn skills(random: &mut Random, most: u64) -> Value {
    let pairs = (0..random.between(1, most))
        .map(|_| (format!("s{}", random.between(0, SKILLS)), json!(random.between(1, 8))));
    pairs.collect::<serde_json::Map<_, _>>().into()
}
