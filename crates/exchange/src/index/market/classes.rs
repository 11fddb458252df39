//! Stands by what it takes to serve them: those of one class can be served by the same agents, but for the agents' lists of queues.

use super::StandIndex;
use crate::{
    index::{
        Place,
        staff::{SkillIndex, Staff, Want},
    },
    standing::slot,
    tenant::AgentIndex,
};
use jackfield_wire::Channel;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

/// The place of a class in the list of classes.
pub(super) type ClassIndex = usize;

/// What it takes to serve a stand, but for its queue: preferred skills keep nobody out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Terms {
    channel: Channel,
    skills: Vec<(SkillIndex, u8)>,
    only: Option<Vec<AgentIndex>>,
    by_name: bool,
}

impl Terms {
    pub(super) fn new(channel: Channel, want: &Want) -> Self {
        let (skills, only) = (want.skills.clone(), want.only.clone());
        Self { channel, skills, only, by_name: want.by_name }
    }
}

/// One class.
#[derive(Debug, Clone)]
pub(super) struct Class {
    terms: Arc<Terms>,
    /// By the turn of the head.
    stands: BTreeSet<(Place, StandIndex)>,
    first: Option<Place>,
    /// The skill under which it is filed.
    filed: Option<(SkillIndex, u8)>,
}

impl Class {
    pub(super) fn channel(&self) -> Channel {
        self.terms.channel
    }

    /// The first turn in it.
    pub(super) fn first(&self) -> Option<Place> {
        self.first
    }

    /// Its stands, by the turn of the head.
    pub(super) fn stands(&self) -> impl Iterator<Item = (Place, StandIndex)> {
        self.stands.iter().copied()
    }

    /// Whether an agent can serve its stands: those of the queues on its list, where it has one.
    pub(super) fn fits(&self, staff: &Staff, agent: AgentIndex) -> bool {
        let terms = &self.terms;
        terms.only.as_ref().is_none_or(|only| only.contains(&agent))
            && (terms.by_name || staff.has_skills(agent, &terms.skills))
    }
}

/// All classes that have a stand.
///
/// A class is filed under that one of its skills that the fewest agents have, or under each of the agents that it is for. So an agent that becomes ready
/// looks at what asks for its own skills only, however many queues there are.
#[derive(Debug, Clone, Default)]
pub(super) struct Classes {
    by_terms: HashMap<Arc<Terms>, ClassIndex>,
    all: Vec<Option<Class>>,
    free: Vec<ClassIndex>,
    /// By the rarest skill and the channel: the level that is asked for, and the class.
    by_skill: HashMap<SkillIndex, [BTreeSet<(u8, ClassIndex)>; 2]>,
    /// Which ask for no skill.
    unskilled: [BTreeSet<ClassIndex>; 2],
    /// Which are for certain agents only.
    by_agent: HashMap<AgentIndex, BTreeSet<ClassIndex>>,
}

impl Classes {
    /// The class of some terms; begins it where there is none.
    pub(super) fn of(&mut self, staff: &Staff, terms: Terms) -> ClassIndex {
        if let Some(known) = self.by_terms.get(&terms) {
            return *known;
        }
        let n = self.free.pop().unwrap_or_else(|| {
            self.all.push(None);
            self.all.len() - 1
        });
        let terms = Arc::new(terms);
        let asked = terms.skills.iter().filter(|(_, level)| *level > 0);
        let rarest = asked.min_by_key(|(skill, level)| staff.count_with(*skill, *level));
        let filed = rarest.copied().filter(|_| terms.only.is_none());
        self.by_terms.insert(Arc::clone(&terms), n);
        let class = Class { terms, stands: BTreeSet::new(), first: None, filed };
        self.file(n, &class);
        self.all[n] = Some(class);
        n
    }

    fn file(&mut self, n: ClassIndex, class: &Class) {
        let slot = slot(class.terms.channel);
        match (&class.terms.only, class.filed) {
            (Some(only), _) => {
                for agent in only {
                    self.by_agent.entry(*agent).or_default().insert(n);
                }
            }
            (None, Some((skill, level))) => {
                self.by_skill.entry(skill).or_default()[slot].insert((level, n));
            }
            (None, None) => {
                self.unskilled[slot].insert(n);
            }
        }
    }

    fn unfile(&mut self, n: ClassIndex, class: &Class) {
        let slot = slot(class.terms.channel);
        match (&class.terms.only, class.filed) {
            (Some(only), _) => only.iter().for_each(|agent| self.forget_agent(*agent, n)),
            (None, Some((skill, level))) => {
                if let Some(classes) = self.by_skill.get_mut(&skill) {
                    classes[slot].remove(&(level, n));
                }
            }
            (None, None) => {
                self.unskilled[slot].remove(&n);
            }
        }
    }

    fn forget_agent(&mut self, agent: AgentIndex, n: ClassIndex) {
        if let Some(classes) = self.by_agent.get_mut(&agent) {
            classes.remove(&n);
            if classes.is_empty() {
                self.by_agent.remove(&agent);
            }
        }
    }

    /// Takes in that the head of a stand has another turn, or that the stand begins or ends. A class without a stand ends.
    pub(super) fn change_head(
        &mut self,
        n: ClassIndex,
        stand: StandIndex,
        before: Option<Place>,
        after: Option<Place>,
    ) {
        let Some(class) = self.all.get_mut(n).and_then(Option::as_mut) else { return };
        if let Some(before) = before {
            class.stands.remove(&(before, stand));
        }
        if let Some(after) = after {
            class.stands.insert((after, stand));
        }
        class.first = class.stands.first().map(|(first, _)| *first);
        if class.first.is_none()
            && let Some(class) = self.all[n].take()
        {
            self.unfile(n, &class);
            self.by_terms.remove(&class.terms);
            self.free.push(n);
        }
    }

    fn get(&self, n: ClassIndex) -> Option<&Class> {
        self.all.get(n)?.as_ref()
    }

    /// Those that are for this agent and certain others only.
    pub(super) fn for_agent(&self, agent: AgentIndex) -> impl Iterator<Item = &Class> {
        self.by_agent.get(&agent).into_iter().flatten().filter_map(|n| self.get(*n))
    }

    /// Those of a channel that are for anybody, and whose rarest skill an agent has; it may lack another.
    pub(super) fn for_skills_of(
        &self,
        staff: &Staff,
        agent: AgentIndex,
        slot: usize,
    ) -> impl Iterator<Item = &Class> {
        let skilled = staff.skills_of(agent).iter().flat_map(move |(skill, level)| {
            let classes = self.by_skill.get(skill).map(|classes| &classes[slot]);
            classes.into_iter().flat_map(|classes| classes.range(..=(*level, ClassIndex::MAX)))
        });
        let skilled = skilled.map(|(_, n)| n);
        self.unskilled[slot].iter().chain(skilled).filter_map(|n| self.get(*n))
    }

    /// Whether a stand stands in its class under the turn of its head. For comparing an index with a rebuilt one.
    pub(super) fn holds(&self, n: ClassIndex, terms: &Terms, head: Place, stand: StandIndex) -> bool {
        let filed = self.get(n).is_some_and(|class| self.is_filed(n, class));
        let class = self.get(n).filter(|class| *class.terms == *terms);
        filed && class.is_some_and(|class| class.stands.contains(&(head, stand)))
    }

    fn is_filed(&self, n: ClassIndex, class: &Class) -> bool {
        let slot = slot(class.terms.channel);
        match (&class.terms.only, class.filed) {
            (Some(only), _) => only.iter().all(|a| self.by_agent.get(a).is_some_and(|c| c.contains(&n))),
            (None, Some((skill, level))) => {
                class.terms.skills.contains(&(skill, level))
                    && self.by_skill.get(&skill).is_some_and(|c| c[slot].contains(&(level, n)))
            }
            (None, None) => self.unskilled[slot].contains(&n),
        }
    }

    /// How many there are: classes, stands in them, and where they are filed. For comparing an index with a rebuilt one.
    pub(super) fn counts(&self) -> [usize; 4] {
        let stands = self.all.iter().flatten().map(|class| class.stands.len());
        let skilled = self.by_skill.values().flatten().map(BTreeSet::len);
        let unskilled = self.unskilled.iter().map(BTreeSet::len);
        let agents: BTreeMap<_, _> = self.by_agent.iter().map(|(agent, c)| (*agent, c.len())).collect();
        [self.by_terms.len(), stands.sum(), skilled.chain(unskilled).sum(), agents.into_values().sum()]
    }
}
