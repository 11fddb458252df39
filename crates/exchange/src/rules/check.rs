//! What is wrong with rules, opening hours and overflow: all of it, each with its place and the remedy.

use super::{
    HoursConfig, OverflowConfig, RuleConfig, TargetConfig,
    compiled::agents_who,
    condition::{Condition, Language, Scope, Wrong},
    hours::{self, date, minutes},
    values::{Arrival, QueueFacts},
};
use crate::{
    ConfigProblem, QueueConfig, TenantConfig, decide::prioritize::LONGEST_HEAD_START_MS, needs::LEVELS,
};
use jackfield_wire::{Attributes, Channel, QueueId};
use jiff::tz::TimeZone;
use std::collections::{BTreeMap, BTreeSet};

/// More agents than this are a team, which has a skill, not a list.
const MOST_AGENTS: usize = 500;
const MOST_TARGETS: usize = 32;
const LONGEST_ID: usize = 64;

/// Everything that is wrong.
pub(crate) fn check(config: &TenantConfig) -> Vec<ConfigProblem> {
    let mut check = Check {
        config,
        language: Language::default(),
        queues: config.queues.iter().map(|queue| (&queue.queue_id, queue)).collect(),
        problems: Vec::new(),
    };
    check.zone("time_zone", config.time_zone.as_deref());
    let mut ids = BTreeSet::new();
    for (n, rule) in config.rules.iter().enumerate() {
        if !ids.insert(&rule.id) {
            check.add(
                format!("rules[{n}].id"),
                format!("{} stands twice", rule.id),
                "Give each rule its own id",
            );
        }
        check.rule(n, rule);
    }
    for (n, queue) in config.queues.iter().enumerate() {
        if let Some(hours) = &queue.hours {
            check.opening_hours(&format!("queues[{n}].hours"), hours);
        }
        if let Some(overflow) = &queue.overflow {
            check.overflow(n, queue, overflow);
        }
    }
    check.problems
}

struct Check<'a> {
    config: &'a TenantConfig,
    language: Language,
    queues: BTreeMap<&'a QueueId, &'a QueueConfig>,
    problems: Vec<ConfigProblem>,
}

impl Check<'_> {
    fn add(&mut self, field: impl Into<String>, problem: impl Into<String>, remedy: impl Into<String>) {
        let (field, problem, remedy) = (field.into(), problem.into(), remedy.into());
        self.problems.push(ConfigProblem { field, problem, remedy });
    }

    fn rule(&mut self, n: usize, rule: &RuleConfig) {
        let at = format!("rules[{n}]");
        if rule.id.trim().is_empty() || rule.id.len() > LONGEST_ID {
            let remedy = format!("Write 1 to {LONGEST_ID} bytes");
            self.add(format!("{at}.id"), "a rule needs an id by which it can be named", remedy);
        }
        self.answers(&format!("{at}.when"), rule, &rule.when);
        if let Some(text) = &rule.agent_from {
            self.read(&format!("{at}.agent_from"), rule, text, Scope::Conversation);
        }
        if let Some(agent) = rule.agent.as_ref().filter(|agent| self.config.user(agent).is_none()) {
            let problem = format!("rule {}: there is no user {agent}", rule.id);
            self.add(format!("{at}.agent"), problem, "Add the user, or name another");
        }
        self.skills(&format!("{at}.skills"), rule, &rule.skills);
        self.skills(&format!("{at}.preferred"), rule, &rule.preferred);
        self.range(format!("{at}.head_start_ms"), rule.head_start_ms, 0, LONGEST_HEAD_START_MS);
        self.range(format!("{at}.agent_fallback_ms"), rule.agent_fallback_ms, 0, 86_400_000);
        self.targets(&at, rule);
        let last = n + 1 == self.config.rules.len();
        if rule.when.trim() == "true" && !rule.goes_on && !last {
            let problem = format!("rule {} always holds, so those after it are never tried", rule.id);
            self.add(format!("{at}.when"), problem, "Put it last, or write continue = true");
        }
    }

    fn targets(&mut self, at: &str, rule: &RuleConfig) {
        let id = &rule.id;
        if rule.goes_on && !rule.targets.is_empty() {
            let problem = format!("rule {id} goes on to the next rules, so its targets would never be used");
            self.add(format!("{at}.targets"), problem, "Remove the targets, or continue");
        }
        if !rule.goes_on && rule.targets.is_empty() {
            let remedy = "Name a queue, or write continue = true where the rule only adds settings";
            self.add(format!("{at}.targets"), format!("rule {id} has no targets"), remedy);
        }
        if rule.targets.len() > MOST_TARGETS {
            let problem = format!("rule {id} has {} targets", rule.targets.len());
            self.add(format!("{at}.targets"), problem, format!("Write at most {MOST_TARGETS}"));
        }
        for (n, target) in rule.targets.iter().enumerate() {
            self.target(&format!("{at}.targets[{n}]"), rule, target);
            if n + 1 < rule.targets.len() && self.keeps_all(target) {
                let problem = format!(
                    "rule {id}: every conversation stays in this target, so the next ones are never reached"
                );
                let remedy = "Give it a timeout_ms, or remove the targets after it";
                self.add(format!("{at}.targets[{n}].timeout_ms"), problem, remedy);
            }
        }
    }

    /// Whether nothing lets a conversation go past a target.
    fn keeps_all(&self, target: &TargetConfig) -> bool {
        let Some(queue) = self.queues.get(&target.queue) else { return false };
        let takes_all = queue.hours.is_none() && queue.max_waiting.is_none();
        let takes_all = takes_all && Channel::ALL.iter().all(|channel| queue.channels.contains(channel));
        takes_all && target.timeout_ms.is_none() && target.skip_if.is_none()
    }

    fn target(&mut self, at: &str, rule: &RuleConfig, target: &TargetConfig) {
        self.queue(&format!("{at}.queue"), &format!("rule {}: ", rule.id), &target.queue);
        self.range(format!("{at}.timeout_ms"), target.timeout_ms, 1_000, 86_400_000);
        self.skills(&format!("{at}.skills"), rule, &target.skills);
        if let Some(text) = &target.skip_if {
            self.answers(&format!("{at}.skip_if"), rule, text);
        }
        if let Some(text) = &target.agents_if
            && let Some(condition) = self.read(&format!("{at}.agents_if"), rule, text, Scope::Agent)
        {
            let found = agents_who(&condition, &self.language, &self.config.users).len();
            let remedy = match found {
                0 => "Correct it, or add such an agent",
                1..=MOST_AGENTS => return,
                _ => "Give these agents a skill, and ask for it in skills",
            };
            let problem = format!("rule {}: it holds for {found} agents", rule.id);
            self.add(format!("{at}.agents_if"), problem, remedy);
        }
    }

    fn queue(&mut self, at: &str, whose: &str, queue: &QueueId) {
        if !self.queues.contains_key(queue) {
            self.add(at, format!("{whose}there is no queue {queue}"), "Add the queue, or name another");
        }
    }

    fn skills(&mut self, at: &str, rule: &RuleConfig, skills: &BTreeMap<String, u8>) {
        for (skill, level) in skills {
            let field = format!("{at}.{skill}");
            let best = self.config.users.iter().filter_map(|user| user.skills.get(skill)).max();
            if !LEVELS.contains(level) {
                let remedy = format!("Write {} to {}", LEVELS.start(), LEVELS.end());
                self.add(field, format!("{level} is out of range"), remedy);
            } else if best.is_none_or(|best| best < level) {
                let problem = format!("rule {}: nobody has the skill {skill} at level {level}", rule.id);
                self.add(field, problem, "Correct the name or the level, or give the skill to an agent");
            }
        }
    }

    fn range(&mut self, at: String, value: Option<u32>, least: u32, most: u32) {
        if let Some(value) = value.filter(|value| !(least..=most).contains(value)) {
            self.add(at, format!("{value} is out of range"), format!("Write {least} to {most}"));
        }
    }

    fn zone(&mut self, at: &str, name: Option<&str>) {
        if let Some(name) = name.filter(|name| hours::zone(name).is_none()) {
            let remedy = "Write a name of the IANA database, such as Europe/Berlin";
            self.add(at, format!("there is no time zone {name:?}"), remedy);
        }
    }

    fn read(&mut self, at: &str, rule: &RuleConfig, text: &str, scope: Scope) -> Option<Condition> {
        match Condition::read(text, scope) {
            Ok(condition) => Some(condition),
            Err(wrong) => {
                for Wrong { at: byte, problem, remedy } in wrong {
                    let place = byte.map_or_else(String::new, |byte| format!(" at {}", place(text, byte)));
                    self.add(at, format!("rule {}{place}: {problem}", rule.id), remedy);
                }
                None
            }
        }
    }

    /// A condition that must say yes or no. It is tried on a conversation without attributes: what else it compares has its type already.
    fn answers(&mut self, at: &str, rule: &RuleConfig, text: &str) {
        use super::RuleFailure::{NotAnAnswer, WrongType};
        let Some(condition) = self.read(at, rule, text, Scope::Conversation) else { return };
        let tried = sample(|facts| condition.holds(&self.language, facts));
        if let Err(why @ (WrongType | NotAnAnswer)) = tried {
            let problem = format!("rule {}: {}", rule.id, why.in_words());
            self.add(
                at,
                problem,
                "Compare texts with texts and numbers with numbers, so that it is true or false",
            );
        }
    }

    fn overflow(&mut self, n: usize, queue: &QueueConfig, overflow: &OverflowConfig) {
        let at = format!("queues[{n}].overflow");
        self.queue(&format!("{at}.queue"), "", &overflow.queue);
        self.range(format!("{at}.after_ms"), overflow.after_ms, 1_000, 86_400_000);
        if !overflow.when_full && !overflow.when_closed && overflow.after_ms.is_none() {
            let remedy = "Give after_ms, or leave when_full or when_closed at true";
            self.add(&at, "nothing ever overflows", remedy);
        }
        // Each cycle is told once, at the queue of it that stands first.
        if let Some(cycle) = self.cycle(queue)
            && self.config.queues.iter().map(|q| &q.queue_id).find(|id| cycle.contains(id))
                == Some(&queue.queue_id)
        {
            let names: Vec<_> = cycle.iter().chain(cycle.first()).map(|id| id.as_str()).collect();
            let problem = format!("conversations would go round in a circle: {}", names.join(" → "));
            self.add(
                format!("{at}.queue"),
                problem,
                "Let one of these queues overflow elsewhere, or nowhere",
            );
        }
    }

    /// The queues from one back to itself.
    fn cycle<'q>(&'q self, queue: &'q QueueConfig) -> Option<Vec<&'q QueueId>> {
        let mut way = vec![&queue.queue_id];
        let mut next = queue.overflow.as_ref();
        while let Some(overflow) = next {
            if overflow.queue == queue.queue_id {
                return Some(way);
            }
            if way.contains(&&overflow.queue) {
                return None;
            }
            way.push(&overflow.queue);
            next = self.queues.get(&overflow.queue).and_then(|queue| queue.overflow.as_ref());
        }
        None
    }

    fn opening_hours(&mut self, at: &str, hours: &HoursConfig) {
        self.zone(&format!("{at}.time_zone"), hours.time_zone.as_deref());
        for (n, weekly) in hours.weekly.iter().enumerate() {
            let at = format!("{at}.weekly[{n}]");
            if weekly.days.is_empty() {
                self.add(format!("{at}.days"), "no day is named", "Name days, such as \"mon\"");
            }
            self.span(&at, &weekly.from, &weekly.to);
        }
        for (n, holiday) in hours.holidays.iter().enumerate() {
            let at = format!("{at}.holidays[{n}]");
            if date(&holiday.date).is_none() {
                let problem = format!("{:?} is no date", holiday.date);
                self.add(format!("{at}.date"), problem, "Write it as 2026-12-25");
            }
            match (&holiday.from, &holiday.to) {
                (Some(from), Some(to)) => self.span(&at, from, to),
                (None, None) => {}
                _ => self.add(&at, "one of from and to is missing", "Write both, or none where it is closed"),
            }
        }
        if hours.weekly.is_empty() && hours.holidays.iter().all(|holiday| holiday.from.is_none()) {
            self.add(format!("{at}.weekly"), "the queue would never open", "Name its hours, or remove hours");
        }
    }

    fn span(&mut self, at: &str, from: &str, to: &str) {
        let read = [("from", from), ("to", to)].map(|(name, text)| {
            let read = minutes(text);
            if read.is_none() {
                let problem = format!("{text:?} is no time of the clock");
                self.add(format!("{at}.{name}"), problem, "Write it as 09:00");
            }
            read
        });
        let [Some(begins), Some(ends)] = read else { return };
        if begins >= 24 * 60 {
            self.add(
                format!("{at}.from"),
                format!("{from} is on the next day"),
                "Name the day on which it begins",
            );
        } else if ends <= begins {
            let next_day = format!("{:02}:{:02}", ends / 60 + 24, ends % 60);
            let remedy = format!("Write {next_day}, if {to} on the next day is meant");
            self.add(format!("{at}.to"), format!("{to} is not after {from}"), remedy);
        }
    }
}

/// A conversation, a customer and a queue with everything but attributes.
fn sample<T>(ask: impl FnOnce(&super::facts::Facts) -> T) -> T {
    let none = Attributes::new();
    let queue = QueueId::numbered('q', 1);
    let arrival = Arrival {
        asked: Some(&queue),
        channel: Channel::Voice,
        subject: Some("subject"),
        attributes: &none,
        customer: "customer",
        of_token: &none,
        waited_ms: 0,
        outbound: false,
    };
    let seen = QueueFacts {
        estimated_wait_ms: Some(1),
        waiting: 1,
        agents_ready: 1,
        agents_online: 1,
        ..QueueFacts::default()
    };
    ask(&arrival.facts(&TimeZone::UTC, 1_000).with("queue", seen.record(&queue)))
}

/// A byte as line and column, both from 1; without the line where there is only one.
fn place(text: &str, byte: usize) -> String {
    let before = text.get(..byte).unwrap_or(text);
    let column = 1 + before.rsplit('\n').next().unwrap_or_default().chars().count();
    let line = 1 + before.matches('\n').count();
    if text.contains('\n') { format!("line {line}, column {column}") } else { format!("column {column}") }
}
