//! The agents: what they can do, and who of them is ready now.

use super::{Bits, LineId, orders::Orders};
use crate::{
    AgentOrder, Skills,
    demand::Demand,
    standing::slot,
    tenant::{AgentIndex, QueueIndex, Tenant},
};
use jackfield_wire::{Channel, Millis};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The place of a skill among the columns.
pub(super) type SkillIndex = u32;

/// What of an agent matching goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ReadyFacts {
    /// Whether a conversation can be offered by voice, by chat.
    pub(crate) ready: [bool; 2],
    pub(crate) idle_since: Millis,
    /// How much it has on its hands.
    pub(crate) load: u32,
    /// The number of the last offer made to it.
    pub(crate) last_offer: u64,
}

/// All agents. Who fits a demand is found by intersecting sets, 64 agents at a time, so that nothing need be kept by line.
#[derive(Debug, Clone, Default)]
pub(crate) struct Staff {
    names: HashMap<String, SkillIndex>,
    /// By skill: who has it at level 1 or more, 2 or more …
    columns: Vec<[Bits; 10]>,
    agents: Vec<Agent>,
    /// Who serves all queues.
    unlisted: Bits,
    /// Who has a queue on its list, by queue.
    listers: BTreeMap<QueueIndex, BTreeSet<AgentIndex>>,
    ready: [Bits; 2],
    orders: Orders,
    /// What each queue demands, by ring.
    wants: Vec<Vec<Want>>,
    /// By queue: the agents who serve it before others of theirs.
    devoted: BTreeMap<QueueIndex, Vec<AgentIndex>>,
}

#[derive(Debug, Clone, Default)]
struct Agent {
    /// In order.
    skills: Vec<(SkillIndex, u8)>,
    /// The queues on its list, in order; `None` for all.
    listed: Option<Box<[QueueIndex]>>,
    /// The queues that it serves before others, in order, and the waiting time in milliseconds that this is worth.
    worths: Box<[(QueueIndex, i64)]>,
    facts: Option<ReadyFacts>,
}

/// A demand with its names looked up.
#[derive(Debug, Clone, Default)]
pub(crate) struct Want {
    pub(super) skills: Vec<(SkillIndex, u8)>,
    pub(crate) preferred: Vec<(SkillIndex, u8)>,
    pub(crate) only: Option<Vec<AgentIndex>>,
    pub(super) by_name: bool,
}

impl Staff {
    pub(super) fn new(tenant: &Tenant) -> Self {
        let agents = vec![Agent::default(); tenant.config.users.len()];
        let mut staff = Self { agents, orders: Orders::new(&tenant.config), ..Self::default() };
        for queue in 0..tenant.config.queues.len() {
            let wants = tenant.steps(queue).iter().map(|step| staff.want(tenant, &step.demand)).collect();
            staff.wants.push(wants);
        }
        for (n, user) in tenant.config.users.iter().enumerate() {
            let listed = user.queues.iter().filter_map(|q| tenant.queue_index(q));
            staff.set_agent(n, &user.skills, (!user.queues.is_empty()).then(|| listed.collect()));
            let worths = tenant.own_worths(n);
            worths.iter().for_each(|(queue, _)| staff.devoted.entry(*queue).or_default().push(n));
            staff.agents[n].worths = worths.into_boxed_slice();
        }
        staff
    }

    /// The queues that an agent serves before others, in order, and what that is worth.
    pub(super) fn worths(&self, n: AgentIndex) -> &[(QueueIndex, i64)] {
        self.agents.get(n).map_or(&[], |agent| &agent.worths)
    }

    /// What it is worth to a conversation, in milliseconds of waiting, to be in a queue that an agent serves before others.
    pub(super) fn worth(&self, n: AgentIndex, queue: QueueIndex) -> i64 {
        let worths = self.worths(n);
        worths.binary_search_by_key(&queue, |(known, _)| *known).map_or(0, |at| worths[at].1)
    }

    /// Whether any agent serves a queue before others.
    pub(super) fn is_somebodys_first(&self, queue: QueueIndex) -> bool {
        self.devoted.contains_key(&queue)
    }

    /// The most that a queue is worth to any of some agents.
    pub(super) fn most_worth(&self, queue: QueueIndex, some: &Bits) -> i64 {
        let devoted = self.devoted.get(&queue).into_iter().flatten().filter(|n| some.has(**n));
        devoted.map(|n| self.worth(*n, queue)).max().unwrap_or_default()
    }

    fn skill(&mut self, name: &str) -> SkillIndex {
        if let Some(known) = self.names.get(name) {
            return *known;
        }
        let next = SkillIndex::try_from(self.columns.len()).unwrap_or(SkillIndex::MAX);
        self.columns.push(Default::default());
        self.names.insert(name.to_owned(), next);
        next
    }

    /// Looks up the names of a demand.
    pub(crate) fn want(&mut self, tenant: &Tenant, demand: &Demand) -> Want {
        let mut resolve = |skills: &Skills| skills.iter().map(|(s, level)| (self.skill(s), *level)).collect();
        let only = demand.only.as_ref();
        Want {
            skills: resolve(&demand.skills),
            preferred: resolve(&demand.preferred),
            only: only.map(|only| only.iter().filter_map(|id| tenant.agent_index(id)).collect()),
            by_name: demand.by_name,
        }
    }

    /// Takes in what an agent can do, and which queues are on its list.
    pub(crate) fn set_agent(&mut self, n: AgentIndex, skills: &Skills, mut listed: Option<Vec<QueueIndex>>) {
        let mut skills: Vec<_> = skills.iter().map(|(skill, level)| (self.skill(skill), *level)).collect();
        skills.sort_unstable();
        let Some(agent) = self.agents.get_mut(n) else { return };
        let before = std::mem::replace(&mut agent.skills, skills.clone());
        if let Some(listed) = &mut listed {
            listed.sort_unstable();
            listed.dedup();
        }
        for queue in agent.listed.iter().flatten() {
            if let Some(listers) = self.listers.get_mut(queue) {
                listers.remove(&n);
            }
        }
        for queue in listed.iter().flatten() {
            self.listers.entry(*queue).or_default().insert(n);
        }
        self.unlisted.set(n, listed.is_none());
        agent.listed = listed.map(Vec::into_boxed_slice);
        for (on, skills) in [(false, before), (true, skills)] {
            for (skill, level) in skills {
                let column = self.columns.get_mut(skill as usize);
                let reached = column.into_iter().flat_map(|c| c.iter_mut().take(usize::from(level)));
                reached.for_each(|bits| bits.set(n, on));
            }
        }
    }

    /// Takes in what an agent is ready for; `None` for nothing. Gives whether it is ready for something that it was not, and whether it
    /// was or is ready for anything, but not both.
    pub(super) fn set_ready(&mut self, n: AgentIndex, after: Option<ReadyFacts>) -> (bool, bool) {
        let Some(agent) = self.agents.get_mut(n) else { return (false, false) };
        let before = std::mem::replace(&mut agent.facts, after);
        let mut readier = false;
        for slot in 0..2 {
            let ready = |facts: Option<ReadyFacts>| facts.filter(|facts| facts.ready[slot]);
            let (was, is) = (ready(before), ready(after));
            readier |= was.is_none() && is.is_some();
            self.ready[slot].set(n, is.is_some());
            self.orders.change(slot, n, (was, is));
        }
        (readier, before.is_some() != after.is_some())
    }

    pub(crate) fn facts(&self, n: AgentIndex) -> Option<&ReadyFacts> {
        self.agents.get(n)?.facts.as_ref()
    }

    /// Who is ready for a channel: who goes first comes first, as far as that does not depend on skills.
    pub(crate) fn walk(&self, order: AgentOrder, channel: Channel) -> impl Iterator<Item = AgentIndex> {
        self.orders.walk(order, channel)
    }

    /// Of some agents, those who have most of the preferred skills; of these, where it is asked for, those with the highest sum of levels.
    pub(crate) fn best_of(&self, some: Bits, want: &Want, by_mastery: bool) -> Bits {
        let column = |skill: &SkillIndex| self.columns.get(*skill as usize);
        let met = want
            .preferred
            .iter()
            .filter_map(|(skill, level)| column(skill)?.get(usize::from(*level).saturating_sub(1)));
        let some = if want.preferred.is_empty() { some } else { some.in_most(met) };
        if !by_mastery {
            return some;
        }
        // Who has a level is in the sets of all levels up to it: being in most of them is having the highest sum.
        let named: BTreeSet<_> = want.skills.iter().chain(&want.preferred).map(|(skill, _)| skill).collect();
        some.in_most(named.into_iter().filter_map(column).flatten())
    }

    /// An agent's level in a skill; 0 for none.
    pub(crate) fn level(&self, n: AgentIndex, skill: SkillIndex) -> u8 {
        let skills = self.skills_of(n);
        skills.binary_search_by_key(&skill, |(known, _)| *known).map_or(0, |at| skills[at].1)
    }

    /// An agent's skills, each with its level.
    pub(super) fn skills_of(&self, n: AgentIndex) -> &[(SkillIndex, u8)] {
        self.agents.get(n).map_or(&[], |agent| &agent.skills)
    }

    /// The queues on an agent's list; `None` for all.
    pub(super) fn listed(&self, n: AgentIndex) -> Option<&[QueueIndex]> {
        self.agents.get(n)?.listed.as_deref()
    }

    /// How many agents have a skill at a level.
    pub(super) fn count_with(&self, skill: SkillIndex, least: u8) -> usize {
        let column = self.columns.get(skill as usize);
        column.and_then(|column| column.get(usize::from(least).saturating_sub(1))).map_or(0, Bits::count)
    }

    pub(super) fn has_skills(&self, n: AgentIndex, skills: &[(SkillIndex, u8)]) -> bool {
        skills.iter().all(|(skill, least)| self.level(n, *skill) >= *least)
    }

    /// How many of the preferred skills an agent has, at the level.
    pub(crate) fn preferred_met(&self, n: AgentIndex, want: &Want) -> u32 {
        let met = want.preferred.iter().filter(|(skill, level)| self.level(n, *skill) >= *level);
        met.map(|_| 1).sum()
    }

    /// The sum of an agent's levels in the skills that are asked for or preferred.
    pub(crate) fn mastery(&self, n: AgentIndex, want: &Want) -> u32 {
        let named = want.skills.iter().chain(&want.preferred);
        let mut skills: Vec<_> = named.map(|(skill, _)| *skill).collect();
        skills.sort_unstable();
        skills.dedup();
        skills.into_iter().map(|skill| u32::from(self.level(n, skill))).sum()
    }

    /// Whether an agent can serve a demand of a queue, ready or not.
    pub(crate) fn fits(&self, n: AgentIndex, queue: QueueIndex, want: &Want) -> bool {
        let Some(agent) = self.agents.get(n) else { return false };
        if want.only.as_ref().is_some_and(|only| !only.contains(&n)) {
            return false;
        }
        want.by_name
            || (agent.listed.as_ref().is_none_or(|listed| listed.binary_search(&queue).is_ok())
                && self.has_skills(n, &want.skills))
    }

    /// Who of some can serve a demand of a queue.
    fn fitting(&self, mut some: Bits, queue: QueueIndex, want: &Want) -> Bits {
        if let Some(only) = &want.only {
            let mut fitting = Bits::default();
            let fits = only.iter().filter(|n| some.has(**n) && self.fits(**n, queue, want));
            fits.for_each(|n| fitting.set(*n, true));
            return fitting;
        }
        for (skill, least) in &want.skills {
            let column = self.columns.get(*skill as usize);
            let level = usize::from(*least).saturating_sub(1);
            match column.and_then(|column| column.get(level)) {
                Some(bits) => some.and(bits),
                None => return Bits::default(),
            }
        }
        let mut fitting = some.clone();
        fitting.and(&self.unlisted);
        let listers = self.listers.get(&queue).into_iter().flatten();
        listers.filter(|n| some.has(**n)).for_each(|n| fitting.set(*n, true));
        fitting
    }

    /// Who can serve a demand of a line's queue and is ready for its channel.
    pub(crate) fn ready_for(&self, line: LineId, want: &Want) -> Bits {
        self.fitting(self.ready[slot(line.channel)].clone(), line.queue, want)
    }

    /// How many agents of a queue are ready for any channel.
    pub(crate) fn ready_count(&self, queue: QueueIndex) -> usize {
        let mut ready = self.ready[0].clone();
        ready.or(&self.ready[1]);
        let mut any = Bits::default();
        for want in self.wants.get(queue).into_iter().flatten() {
            any.or(&self.fitting(ready.clone(), queue, want));
        }
        any.count()
    }

    /// Whether an agent serves a queue: what it demands at first, or in a ring.
    pub(crate) fn serves(&self, n: AgentIndex, queue: QueueIndex) -> bool {
        self.wants.get(queue).into_iter().flatten().any(|want| self.fits(n, queue, want))
    }

    /// The queues that an agent serves, as [`Staff::serves`] has it.
    pub(crate) fn served_by(&self, n: AgentIndex) -> Vec<QueueIndex> {
        (0..self.wants.len()).filter(|queue| self.serves(n, *queue)).collect()
    }

    /// The agents and what they are ready for, with all names; the order in which skills became known says nothing.
    fn told(&self) -> impl Iterator<Item = ToldAgent<'_>> {
        let mut names: Vec<_> = self.names.iter().map(|(name, n)| (*n, name.as_str())).collect();
        names.sort_unstable();
        self.agents.iter().map(move |agent| {
            let named =
                agent.skills.iter().filter_map(|(n, level)| Some((names.get(*n as usize)?.1, *level)));
            let mut named: Vec<_> = named.collect();
            named.sort_unstable();
            (named, &agent.listed, agent.facts)
        })
    }

    fn columns_by_name(&self) -> BTreeMap<&str, &[Bits; 10]> {
        let named =
            self.names.iter().filter_map(|(name, n)| Some((name.as_str(), self.columns.get(*n as usize)?)));
        named.filter(|(_, column)| !column[0].is_empty()).collect()
    }
}

/// An agent, with the names of its skills.
type ToldAgent<'a> = (Vec<(&'a str, u8)>, &'a Option<Box<[QueueIndex]>>, Option<ReadyFacts>);

impl PartialEq for Staff {
    fn eq(&self, other: &Self) -> bool {
        let listers = |staff: &Self| {
            staff.listers.clone().into_iter().filter(|(_, l)| !l.is_empty()).collect::<Vec<_>>()
        };
        self.told().eq(other.told())
            && self.columns_by_name() == other.columns_by_name()
            && listers(self) == listers(other)
            && (&self.unlisted, &self.ready, &self.orders) == (&other.unlisted, &other.ready, &other.orders)
    }
}
