//! A tenant's configuration, arranged for looking things up.

use crate::{
    AgentSettings, InterruptedBy, QueueConfig, QueueOrder, Skills, TenantConfig, UserConfig,
    demand::{self, Step},
    rules::Rules,
    scope::{self, Scope},
    stats::Days,
};
use jackfield_wire::{QueueId, UserId};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The place of a queue in the configuration's list.
pub(crate) type QueueIndex = usize;
/// The place of an agent in the configuration's list of users.
pub(crate) type AgentIndex = usize;
/// The place of a team in the list of teams.
pub(crate) type TeamIndex = usize;

/// What one level of priority outweighs where `ageing_ms` is 0: any waiting (a thousand years), so that priority is strict.
const STRICT_MS: i64 = 1_000 * 365 * 86_400_000;

/// A configuration with its look-ups.
///
/// Users who serve the same queues form a *team*: the floor's numbers are kept by team, because 15,000 agents who each serve 5,000 queues
/// would otherwise stand in 75 million sets. Matching does not go by teams.
#[derive(Debug, Clone)]
pub(crate) struct Tenant {
    /// The agents in it are as they are now, with what was changed at run time.
    pub(crate) config: TenantConfig,
    /// What the configuration says of the agents that were changed.
    configured: BTreeMap<AgentIndex, UserConfig>,
    /// The skills that the configuration names anywhere.
    skills: BTreeSet<String>,
    /// Looked up several times a fact. What stands in them comes from the configuration, so nobody can make them slow by choosing ids.
    queues: FxHashMap<QueueId, QueueIndex>,
    users: FxHashMap<UserId, usize>,
    /// By user: its team.
    team_of: Vec<TeamIndex>,
    /// By team: the queues it serves.
    teams: Vec<Vec<QueueIndex>>,
    /// By team: how many belong to it.
    members: Vec<u32>,
    /// By queue: the teams that serve it.
    serving: Vec<Vec<TeamIndex>>,
    /// By queue: what it demands, and from when on less.
    steps: Vec<Vec<Step>>,
    pub(crate) rules: Rules,
    pub(crate) days: Days,
    /// What each supervisor looks after who does not look after all.
    pub(crate) scopes: HashMap<UserId, Scope>,
}

impl Tenant {
    /// Arranges a configuration, with what was changed about agents at run time.
    pub(crate) fn new(mut config: TenantConfig, changed: &BTreeMap<UserId, AgentSettings>) -> Self {
        let skills = named_skills(&config);
        let mut configured = BTreeMap::new();
        for (n, user) in config.users.iter_mut().enumerate() {
            if let Some(settings) = changed.get(&user.user_id) {
                let now = settings.over(user);
                configured.insert(n, std::mem::replace(user, now));
            }
        }
        let queues: FxHashMap<_, _> =
            config.queues.iter().enumerate().map(|(n, q)| (q.queue_id.clone(), n)).collect();
        let users = config.users.iter().enumerate().map(|(n, u)| (u.user_id.clone(), n)).collect();
        let steps: Vec<Vec<Step>> = config.queues.iter().map(demand::of_queue).collect();
        let (team_of, teams) = form_teams(&config, &queues, &steps);
        let mut serving = vec![Vec::new(); config.queues.len()];
        for (team, served) in teams.iter().enumerate() {
            for &queue in served {
                serving[queue].push(team);
            }
        }
        let rules = Rules::new(&config);
        let days = Days::new(&rules.zone, &config.statistics);
        let mut members = vec![0; teams.len()];
        team_of.iter().for_each(|team| members[*team] += 1);
        let scopes = HashMap::new();
        let mut tenant = Self {
            config,
            configured,
            skills,
            queues,
            users,
            team_of,
            teams,
            members,
            serving,
            steps,
            rules,
            days,
            scopes,
        };
        tenant.scopes = scope::scopes(&tenant);
        tenant
    }

    /// What the configuration says of a user, whatever was changed since.
    pub(crate) fn configured(&self, user_id: &UserId) -> Option<&UserConfig> {
        let agent = self.agent_index(user_id)?;
        self.configured.get(&agent).or_else(|| self.agent_at(agent))
    }

    /// Whether the configuration names a skill: somebody has it, or a queue or a rule asks for it.
    pub(crate) fn knows_skill(&self, skill: &str) -> bool {
        self.skills.contains(skill)
    }

    /// Takes in what was changed about an agent.
    pub(crate) fn set_agent(&mut self, agent: AgentIndex, settings: &AgentSettings) {
        let Some(user) = self.config.users.get_mut(agent) else { return };
        let configured = self.configured.remove(&agent).unwrap_or_else(|| user.clone());
        *user = settings.over(&configured);
        self.rules.change_agent(user);
        if !settings.is_empty() {
            self.configured.insert(agent, configured);
        }
        let mut scopes = std::mem::take(&mut self.scopes);
        if let Some(user) = self.agent_at(agent) {
            let serves = |id: &QueueId| self.queue_index(id).is_some_and(|queue| self.serves(user, queue));
            scopes.values_mut().for_each(|scope| scope.change_agent(user, serves));
        }
        self.scopes = scopes;
    }

    /// The queues that an agent serves, as they were last arranged.
    pub(crate) fn served_by(&self, user_id: &UserId) -> &[QueueIndex] {
        self.team_of(user_id).map_or(&[], |team| self.queues_of(team))
    }

    /// Takes in which queues an agent serves. One whose queues are others than its team's gets a team of its own.
    pub(crate) fn set_team(&mut self, agent: AgentIndex, served: Vec<QueueIndex>) {
        let Some(&before) = self.team_of.get(agent) else { return };
        if self.teams[before] == served {
            return;
        }
        let team = if self.members[before] > 1 { self.teams.len() } else { before };
        if team == before {
            self.teams[before].iter().for_each(|queue| self.serving[*queue].retain(|other| *other != team));
        } else {
            self.members[before] -= 1;
            self.members.push(1);
            self.teams.push(Vec::new());
            self.team_of[agent] = team;
        }
        served.iter().for_each(|queue| self.serving[*queue].push(team));
        self.teams[team] = served;
    }

    pub(crate) fn queue_index(&self, queue_id: &QueueId) -> Option<QueueIndex> {
        self.queues.get(queue_id).copied()
    }

    pub(crate) fn queue(&self, queue_id: &QueueId) -> Option<&QueueConfig> {
        self.config.queues.get(self.queue_index(queue_id)?)
    }

    pub(crate) fn queue_at(&self, queue: QueueIndex) -> Option<&QueueConfig> {
        self.config.queues.get(queue)
    }

    /// By what a queue's waits are judged.
    pub(crate) fn service_terms(&self, queue_id: &QueueId) -> crate::stats::ServiceTerms {
        let statistics = &self.config.statistics;
        let own = self.queue(queue_id).and_then(|queue| queue.service_level_ms);
        crate::stats::ServiceTerms {
            level_ms: own.unwrap_or(statistics.service_level_ms).into(),
            short_abandon_ms: statistics.short_abandon_ms.into(),
        }
    }

    /// How long an offer of a conversation in a queue waits for its agent, in milliseconds.
    pub(crate) fn offer_timeout_ms(&self, queue_id: &QueueId) -> u32 {
        let own = self.queue(queue_id).and_then(|queue| queue.offer_timeout_ms);
        own.unwrap_or(self.config.offer_timeout_ms)
    }

    /// By which channels an agent may be interrupted.
    pub(crate) fn interrupted_by<'a>(&'a self, user: &'a UserConfig) -> &'a InterruptedBy {
        user.interrupted_by.as_ref().unwrap_or(&self.config.interrupted_by)
    }

    pub(crate) fn user(&self, user_id: &UserId) -> Option<&UserConfig> {
        self.config.users.get(*self.users.get(user_id)?)
    }

    pub(crate) fn agent_index(&self, user_id: &UserId) -> Option<AgentIndex> {
        self.users.get(user_id).copied()
    }

    pub(crate) fn agent_at(&self, agent: AgentIndex) -> Option<&UserConfig> {
        self.config.users.get(agent)
    }

    /// What a queue demands, and from when on less; the first step holds from the beginning.
    pub(crate) fn steps(&self, queue: QueueIndex) -> &[Step] {
        self.steps.get(queue).map_or(&[], Vec::as_slice)
    }

    /// Whether a user serves a queue: what it demands at first, or in a ring.
    pub(crate) fn serves(&self, user: &UserConfig, queue: QueueIndex) -> bool {
        let Some(queue_id) = self.queue_at(queue).map(|queue| &queue.queue_id) else { return false };
        self.steps(queue).iter().any(|step| step.demand.fits(user, queue_id))
    }

    /// Whether the one who came last is served first.
    pub(crate) fn is_last_in(&self, queue: QueueIndex) -> bool {
        self.queue_at(queue).is_some_and(|q| q.order == QueueOrder::LastIn)
    }

    /// The waiting time, in milliseconds, that priorities are worth.
    pub(crate) fn worth_of(&self, queue: QueueIndex, priority: u8) -> i64 {
        let levels = i64::from(self.queue_at(queue).map_or(0, |q| q.priority)) + i64::from(priority);
        levels * self.level_ms()
    }

    /// What one level of priority is worth, in milliseconds of waiting.
    fn level_ms(&self) -> i64 {
        match self.config.ageing_ms {
            0 => STRICT_MS,
            ms => i64::from(ms),
        }
    }

    /// The queues that an agent serves before others: the waiting time, in milliseconds, that this is worth.
    pub(crate) fn own_worths(&self, agent: AgentIndex) -> Vec<(QueueIndex, i64)> {
        let own = self.agent_at(agent).into_iter().flat_map(|user| &user.queue_priorities);
        let own = own.filter(|(_, level)| **level > 0);
        let mut own: Vec<_> = own
            .filter_map(|(id, level)| Some((self.queue_index(id)?, i64::from(*level) * self.level_ms())))
            .collect();
        own.sort_unstable();
        own
    }

    pub(crate) fn team_of(&self, user_id: &UserId) -> Option<TeamIndex> {
        self.team_of.get(*self.users.get(user_id)?).copied()
    }

    pub(crate) fn team_count(&self) -> usize {
        self.teams.len()
    }

    /// The queues that a team serves.
    pub(crate) fn queues_of(&self, team: TeamIndex) -> &[QueueIndex] {
        self.teams.get(team).map_or(&[], Vec::as_slice)
    }

    /// The teams that serve a queue.
    pub(crate) fn teams_of(&self, queue: QueueIndex) -> &[TeamIndex] {
        self.serving.get(queue).map_or(&[], Vec::as_slice)
    }
}

/// Every skill that a configuration names: users', queues' and rules'.
fn named_skills(config: &TenantConfig) -> BTreeSet<String> {
    let of_users = config.users.iter().map(|user| &user.skills);
    let of_queues = config.queues.iter().flat_map(|queue| {
        let rings = queue.rings.iter().flat_map(|ring| ring.skills.iter().chain(&ring.preferred));
        [&queue.skills, &queue.preferred].into_iter().chain(rings)
    });
    let of_rules = config.rules.iter().flat_map(|rule| {
        let targets = rule.targets.iter().map(|target| &target.skills);
        [&rule.skills, &rule.preferred].into_iter().chain(targets)
    });
    of_users.chain(of_queues).chain(of_rules).flat_map(|skills| skills.keys().cloned()).collect()
}

/// Which timelines of demands a user meets, and which queues it lists: what makes a team.
type TeamKey = (Vec<usize>, BTreeSet<QueueIndex>);

/// What a queue demands at first and in each ring: skills, and the agents it is for.
type Timeline<'a> = Vec<(&'a Skills, Option<&'a [UserId]>)>;

fn form_teams(
    config: &TenantConfig,
    queues: &FxHashMap<QueueId, QueueIndex>,
    steps: &[Vec<Step>],
) -> (Vec<TeamIndex>, Vec<Vec<QueueIndex>>) {
    // Many queues demand the same: each user is held against the timelines, not against every queue.
    let mut demands: BTreeMap<Timeline<'_>, Vec<QueueIndex>> = BTreeMap::new();
    for (n, steps) in steps.iter().enumerate() {
        let timeline = steps.iter().map(|step| (&step.demand.skills, step.demand.only.as_deref()));
        demands.entry(timeline.collect()).or_default().push(n);
    }
    let meets = |user: &UserConfig, timeline: &Timeline<'_>| {
        let named = |only: &[UserId]| only.binary_search(&user.user_id).is_ok();
        timeline.iter().any(|(skills, only)| only.is_none_or(named) && user.has_skills(skills))
    };
    let asked: Vec<_> = demands.keys().collect();
    let filed = file(&asked, config);
    let mut known: BTreeMap<TeamKey, TeamIndex> = BTreeMap::new();
    let mut teams = Vec::new();
    let mut team_of = Vec::with_capacity(config.users.len());
    for user in &config.users {
        let looked_at = user.skills.keys().map(|skill| Some(skill.as_str())).chain([None]);
        let looked_at: BTreeSet<_> =
            looked_at.filter_map(|skill| filed.get(&skill)).flatten().copied().collect();
        let met: Vec<_> = looked_at.into_iter().filter(|n| meets(user, asked[*n])).collect();
        let listed = user.queues.iter().filter_map(|q| queues.get(q).copied()).collect();
        let key: TeamKey = (met, listed);
        let team = *known.entry(key).or_insert_with_key(|(met, listed)| {
            let asked = demands.values().enumerate().filter(|(n, _)| met.binary_search(n).is_ok());
            let all = asked.flat_map(|(_, queues)| queues.iter().copied());
            let mut served: Vec<_> = all.filter(|q| user.queues.is_empty() || listed.contains(q)).collect();
            served.sort_unstable();
            teams.push(served);
            teams.len() - 1
        });
        team_of.push(team);
    }
    (team_of, teams)
}

/// Timelines, each under that skill of each of its steps that the fewest users have; under none, where a step asks for none. 15,000 users held against 5,000 of them each would
/// take seconds.
fn file<'a>(asked: &[&Timeline<'a>], config: &TenantConfig) -> HashMap<Option<&'a str>, Vec<usize>> {
    let mut owners: HashMap<&str, usize> = HashMap::new();
    for skill in config.users.iter().flat_map(|user| user.skills.keys()) {
        *owners.entry(skill).or_default() += 1;
    }
    let mut filed: HashMap<Option<&str>, Vec<usize>> = HashMap::new();
    for (n, timeline) in asked.iter().enumerate() {
        for (skills, _) in timeline.iter() {
            let names = skills.keys().map(String::as_str);
            let rarest = names.min_by_key(|name| owners.get(name).copied().unwrap_or_default());
            filed.entry(rarest).or_default().push(n);
        }
    }
    filed
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn tenant() -> Tenant {
        let config = json!({
            "tenant_id": "t", "name": "T",
            "queues": [
                { "queue_id": "plain", "name": "Plain" },
                { "queue_id": "french", "name": "French", "skills": { "french": 5 } },
                { "queue_id": "tax", "name": "Tax", "skills": { "french": 5, "tax": 1 } },
                { "queue_id": "late", "name": "Late", "skills": { "tax": 5 }, "rings": [
                    { "after_ms": 1_000, "skills": {}, "agents": ["cleo", "anna"] }, { "after_ms": 2_000, "skills": { "tax": 1 }, "agents": [] },
                ] },
            ],
            "users": [
                { "user_id": "anna", "name": "Anna", "skills": { "french": 5 } },
                { "user_id": "bert", "name": "Bert", "skills": { "french": 4, "tax": 9 } },
                { "user_id": "cleo", "name": "Cleo", "skills": { "french": 9, "cooking": 2 } },
                { "user_id": "dora", "name": "Dora", "skills": { "french": 9, "tax": 1 }, "queues": ["tax"] },
            ],
        });
        Tenant::new(serde_json::from_value(config).unwrap(), &BTreeMap::new())
    }

    #[test]
    fn teams_serve_what_their_members_serve() {
        let tenant = tenant();
        for user in &tenant.config.users {
            let team = tenant.team_of(&user.user_id).unwrap();
            for (n, queue) in tenant.config.queues.iter().enumerate() {
                assert_eq!(
                    tenant.queues_of(team).contains(&n),
                    tenant.serves(user, n),
                    "{} {}",
                    user.name,
                    queue.name
                );
                assert_eq!(tenant.teams_of(n).contains(&team), tenant.serves(user, n));
            }
        }
    }

    #[test]
    fn who_serves_the_same_is_one_team() {
        let tenant = tenant();
        let team = |name| tenant.team_of(&UserId::parse(name).unwrap()).unwrap();
        assert_eq!(team("anna"), team("cleo"));
        assert_ne!(team("anna"), team("bert"));
        assert_eq!(tenant.team_count(), 3);
        assert_eq!(tenant.team_of(&UserId::parse("emil").unwrap()), None);
    }
}
