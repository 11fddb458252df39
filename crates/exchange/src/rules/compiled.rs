//! A tenant's rules and hours, read once when its configuration is taken.

use super::{
    RuleConfig, TargetConfig,
    condition::{Condition, Language, Scope},
    facts::Facts,
    hours::{Hours, zone},
    print, values,
};
use crate::{TenantConfig, UserConfig, tenant::QueueIndex};
use jackfield_wire::UserId;
use jiff::tz::TimeZone;
use std::sync::Arc;

/// Everything of a configuration that rules need at hand.
#[derive(Debug, Clone)]
pub(crate) struct Rules {
    pub(crate) language: Language,
    /// The tenant's time zone.
    pub(crate) zone: TimeZone,
    pub(crate) rules: Vec<Rule>,
    hours: Vec<Option<Hours>>,
    /// By what conversations are placed: another where that is another. 0 where none is ever moved.
    pub(crate) print: u64,
    of_config: u64,
}

/// A rule; the rest of it stands in the configuration at the same place. A condition that can't be read, which `check` refuses, is none: such a rule never holds.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    pub(crate) id: Arc<str>,
    pub(crate) when: Option<Condition>,
    pub(crate) agent_from: Option<Condition>,
    pub(crate) targets: Vec<Target>,
}

/// A target; as with the rule.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    pub(crate) skip_if: Option<Condition>,
    agents_if: Option<Condition>,
    /// The agents for whom `agents_if` holds, in order of their ids.
    pub(crate) agents: Option<Vec<UserId>>,
}

impl Rules {
    pub(crate) fn new(config: &TenantConfig) -> Self {
        let language = Language::default();
        let tenant_zone = config.time_zone.as_deref().and_then(zone).unwrap_or(TimeZone::UTC);
        let rules = config.rules.iter().map(|rule| Rule::new(rule, &language, &config.users));
        let rules: Vec<_> = rules.collect();
        let hours = config.queues.iter().map(|queue| queue.hours.as_ref());
        let hours = hours.map(|hours| hours.map(|hours| Hours::new(hours, &tenant_zone))).collect();
        let of_config = print::of_config(config);
        let print = print::with_agents(of_config, &rules);
        Self { language, zone: tenant_zone, rules, hours, print, of_config }
    }

    /// The hours of a queue, where it has some.
    pub(crate) fn hours(&self, queue: QueueIndex) -> Option<&Hours> {
        self.hours.get(queue)?.as_ref()
    }

    /// Takes in that an agent can do something else: `agents_if` may hold for it now, or no longer.
    pub(crate) fn change_agent(&mut self, user: &UserConfig) {
        let mut changed = false;
        for target in self.rules.iter_mut().flat_map(|rule| &mut rule.targets) {
            changed |= target.change_agent(&self.language, user);
        }
        if changed {
            self.print = print::with_agents(self.of_config, &self.rules);
        }
    }

    /// The place of a rule's id.
    pub(crate) fn find(&self, id: &str) -> Option<usize> {
        self.rules.iter().position(|rule| *rule.id == *id)
    }
}

impl Rule {
    fn new(config: &RuleConfig, language: &Language, users: &[UserConfig]) -> Self {
        let read = |text: &str| Condition::read(text, Scope::Conversation).ok();
        Self {
            id: config.id.as_str().into(),
            when: read(&config.when),
            agent_from: config.agent_from.as_deref().and_then(read),
            targets: config.targets.iter().map(|target| Target::new(target, language, users)).collect(),
        }
    }
}

impl Target {
    fn new(config: &TargetConfig, language: &Language, users: &[UserConfig]) -> Self {
        let skip_if = config.skip_if.as_deref();
        let agents_if = config.agents_if.as_deref().map(|text| Condition::read(text, Scope::Agent).ok());
        let who = |condition: &Condition| agents_who(condition, language, users);
        let agents = agents_if.as_ref().map(|read| read.as_ref().map_or_else(Vec::new, who));
        let skip_if = skip_if.and_then(|text| Condition::read(text, Scope::Conversation).ok());
        Self { skip_if, agents_if: agents_if.flatten(), agents }
    }

    /// Gives whether the list is another now.
    fn change_agent(&mut self, language: &Language, user: &UserConfig) -> bool {
        let Some((condition, agents)) = self.agents_if.as_ref().zip(self.agents.as_mut()) else {
            return false;
        };
        let holds = !agents_who(condition, language, std::slice::from_ref(user)).is_empty();
        match agents.binary_search(&user.user_id) {
            Ok(at) if !holds => drop(agents.remove(at)),
            Err(at) if holds => agents.insert(at, user.user_id.clone()),
            _ => return false,
        }
        true
    }
}

/// The agents for whom a condition holds, in order of their ids.
pub(crate) fn agents_who(condition: &Condition, language: &Language, users: &[UserConfig]) -> Vec<UserId> {
    let agents = users.iter().filter(|user| user.roles.iter().any(|role| crate::view::serves(*role)));
    let fits = |user: &&UserConfig| {
        let facts = Facts::default().with("agent", values::agent(user));
        condition.holds(language, &facts).unwrap_or(false)
    };
    let mut agents: Vec<_> = agents.filter(fits).map(|user| user.user_id.clone()).collect();
    agents.sort_unstable();
    agents
}
