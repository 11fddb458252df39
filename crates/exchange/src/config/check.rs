//! What makes a configuration unusable.

mod rings;

use super::{Capacity, ConfigProblem, InterruptedBy, QueueConfig, TenantConfig, UserConfig, reason};
use crate::needs::LEVELS;
use jackfield_wire::{Channel, Role};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(config: &TenantConfig) -> Result<(), Vec<ConfigProblem>> {
    let mut problems = Problems(Vec::new());
    problems.name("name", &config.name);
    problems.range("offer_timeout_ms", config.offer_timeout_ms, 1_000, 600_000);
    problems.range("grace_ms", config.grace_ms, 1_000, 3_600_000);
    problems.range("ageing_ms", config.ageing_ms, 0, 86_400_000);
    problems.range("refusal_pause_ms", config.refusal_pause_ms, 0, 3_600_000);
    problems.range("no_answer_pause_ms", config.no_answer_pause_ms, 1_000, 3_600_000);
    problems.range("statistics.service_level_ms", config.statistics.service_level_ms, 1_000, 3_600_000);
    problems.range("statistics.short_abandon_ms", config.statistics.short_abandon_ms, 0, 600_000);
    check_interruption(&mut problems, "interrupted_by", &config.interrupted_by);
    check_queues(&mut problems, config);
    check_users(&mut problems, config);
    reason::check(&mut problems, config);
    problems.0.extend(crate::rules::check(config));
    super::context::check(&mut problems, config);
    super::trunk::check(&mut problems, config.trunk.as_ref());
    if problems.0.is_empty() { Ok(()) } else { Err(problems.0) }
}

fn check_queues(problems: &mut Problems, config: &TenantConfig) {
    let mut seen = BTreeSet::new();
    for (n, queue) in config.queues.iter().enumerate() {
        let at = format!("queues[{n}]");
        if !seen.insert(&queue.queue_id) {
            problems.twice(format!("{at}.queue_id"), queue.queue_id.as_str());
        }
        check_queue(problems, &at, queue);
        rings::check(problems, &at, queue, config);
    }
}

fn check_queue(problems: &mut Problems, at: &str, queue: &QueueConfig) {
    problems.name(format!("{at}.name"), &queue.name);
    problems.range(format!("{at}.wrap_up_ms"), queue.wrap_up_ms, 0, 3_600_000);
    if let Some(ms) = queue.service_level_ms {
        problems.range(format!("{at}.service_level_ms"), ms, 1_000, 3_600_000);
    }
    problems.range(format!("{at}.offer_to"), u32::from(queue.offer_to), 1, 10);
    if let Some(ms) = queue.offer_timeout_ms {
        problems.range(format!("{at}.offer_timeout_ms"), ms, 1_000, 600_000);
    }
    super::outbound::check(problems, at, queue.outbound);
    problems.range(format!("{at}.park_ms"), queue.park_ms, 1_000, 86_400_000);
    super::callback::check(problems, at, queue.callbacks);
    problems.skills(format!("{at}.skills"), &queue.skills);
    if queue.channels.is_empty() {
        let remedy = "Name voice, chat or both, or leave the field out";
        problems.add(format!("{at}.channels"), "the queue takes nothing", remedy);
    }
    if queue.channels.iter().collect::<BTreeSet<_>>().len() < queue.channels.len() {
        problems.add(format!("{at}.channels"), "a channel stands twice", "Name each channel once");
    }
    if queue.wrap_up_ms == 0 && !queue.dispositions.is_empty() {
        let problem = "dispositions are asked for in wrap-up, but there is none";
        problems.add(
            format!("{at}.wrap_up_ms"),
            problem,
            "Give wrap-up some time, or remove the dispositions",
        );
    }
    let mut seen = BTreeSet::new();
    for (n, disposition) in queue.dispositions.iter().enumerate() {
        problems.name(format!("{at}.dispositions[{n}].id"), &disposition.id);
        problems.name(format!("{at}.dispositions[{n}].name"), &disposition.name);
        if !seen.insert(&disposition.id) {
            problems.twice(format!("{at}.dispositions[{n}].id"), &disposition.id);
        }
    }
}

fn check_users(problems: &mut Problems, config: &TenantConfig) {
    let queues: BTreeSet<_> = config.queues.iter().map(|q| &q.queue_id).collect();
    let mut seen = BTreeSet::new();
    for (n, user) in config.users.iter().enumerate() {
        let at = format!("users[{n}]");
        if !seen.insert(&user.user_id) {
            problems.twice(format!("{at}.user_id"), user.user_id.as_str());
        }
        if crate::decide::external::is_reserved(user.user_id.as_str()) {
            let problem = format!("{} is a name for a telephone number", user.user_id);
            problems.add(format!("{at}.user_id"), problem, "Write an id that does not begin with external:");
        }
        for (q, queue) in user.queues.iter().enumerate().filter(|(_, queue)| !queues.contains(queue)) {
            let problem = format!("there is no queue {queue}");
            problems.add(format!("{at}.queues[{q}]"), problem, "Add the queue, or remove it here");
        }
        for queue in user.queue_priorities.keys().filter(|queue| !queues.contains(queue)) {
            let problem = format!("there is no queue {queue}");
            problems.add(
                format!("{at}.queue_priorities.{queue}"),
                problem,
                "Add the queue, or remove it here",
            );
        }
        for (q, queue) in user.supervises.iter().enumerate().filter(|(_, queue)| !queues.contains(queue)) {
            let problem = format!("there is no queue {queue}");
            problems.add(format!("{at}.supervises[{q}]"), problem, "Add the queue, or remove it here");
        }
        check_user(problems, &at, user);
    }
}

fn check_user(problems: &mut Problems, at: &str, user: &UserConfig) {
    problems.name(format!("{at}.name"), &user.name);
    problems.skills(format!("{at}.skills"), &user.skills);
    if user.roles.is_empty() || user.roles.contains(&Role::Customer) {
        let problem = if user.roles.is_empty() { "no role is named" } else { "customers are not configured" };
        let remedy = "Name one or more of agent, supervisor, admin, bot";
        problems.add(format!("{at}.roles"), problem, remedy);
    }
    for (queue_id, level) in &user.queue_priorities {
        let field = format!("{at}.queue_priorities.{queue_id}");
        if !user.queues.is_empty() && !user.queues.contains(queue_id) {
            problems.add(&field, "the user does not serve this queue", "Add it to queues, or remove it here");
        }
        problems.range(field, u32::from(*level), 0, 10);
    }
    if !user.supervises.is_empty() && !user.roles.contains(&Role::Supervisor) {
        let remedy = "Add supervisor to its roles, or remove supervises; admins look after all queues";
        problems.add(format!("{at}.supervises"), "the user is no supervisor", remedy);
    }
    if user.capacity.voice > Capacity::MOST.voice {
        let problem = format!("{} calls at once can't be kept apart by one person", user.capacity.voice);
        problems.add(format!("{at}.capacity.voice"), problem, "Write 0 or 1");
    }
    problems.range(format!("{at}.capacity.chat"), user.capacity.chat, 0, Capacity::MOST.chat);
    if let Some(own) = &user.interrupted_by {
        check_interruption(problems, &format!("{at}.interrupted_by"), own);
    }
}

fn check_interruption(problems: &mut Problems, at: &str, rule: &InterruptedBy) {
    for (channel, by) in [(Channel::Voice, &rule.voice), (Channel::Chat, &rule.chat)] {
        let field = format!("{at}.{}", channel.name());
        if by.contains(&channel) {
            let problem = "how many of one channel an agent takes at once is for its capacity to say";
            problems.add(&field, problem, "Name the other channel, or none");
        } else if by.len() > 1 {
            problems.add(&field, "a channel stands twice", "Name each channel once");
        }
    }
}

pub(super) struct Problems(Vec<ConfigProblem>);

impl Problems {
    pub(super) fn add(
        &mut self,
        field: impl Into<String>,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        let (field, problem, remedy) = (field.into(), problem.into(), remedy.into());
        self.0.push(ConfigProblem { field, problem, remedy });
    }

    pub(super) fn name(&mut self, field: impl Into<String>, name: &str) {
        const MOST: usize = 200;
        if name.trim().is_empty() || name.len() > MOST {
            self.add(field, "the text is empty or too long", format!("Write 1 to {MOST} bytes"));
        }
    }

    pub(super) fn range(&mut self, field: impl Into<String>, value: u32, least: u32, most: u32) {
        if !(least..=most).contains(&value) {
            self.add(field, format!("{value} is out of range"), format!("Write {least} to {most}"));
        }
    }

    pub(super) fn twice(&mut self, field: String, id: &str) {
        self.add(field, format!("{id} stands twice"), "Give each its own id");
    }

    fn skills(&mut self, field: String, skills: &BTreeMap<String, u8>) {
        for (skill, level) in skills {
            if skill.trim().is_empty() {
                self.add(&field, "a skill has no name", "Name it");
            }
            let (least, most) = (u32::from(*LEVELS.start()), u32::from(*LEVELS.end()));
            self.range(format!("{field}.{skill}"), u32::from(*level), least, most);
        }
    }
}
