//! The agents who can take a conversation now, by team and channel, who has been idle longest first.

use crate::{standing::slot, tenant::TeamIndex};
use jackfield_wire::{Channel, Millis, UserId};
use std::collections::{BTreeMap, BTreeSet};

/// What a ready agent is ready for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ReadyFacts {
    pub(crate) team: TeamIndex,
    pub(crate) ready: [bool; 2],
    pub(crate) idle_since: Millis,
}

/// All ready agents.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Ready {
    agents: BTreeMap<UserId, ReadyFacts>,
    teams: Vec<TeamReady>,
}

/// The ready agents of one team.
#[derive(Debug, Clone, Default, PartialEq)]
struct TeamReady {
    by_channel: [BTreeSet<(Millis, UserId)>; 2],
    agents: u32,
}

/// What a change came to.
#[derive(Debug, Default)]
pub(crate) struct Changed {
    /// The channels for which the team now has an agent ready (`true`) or no more.
    pub(crate) turned: Vec<(Channel, bool)>,
    /// Whether the team's number of ready agents is another.
    pub(crate) counted: bool,
}

impl Ready {
    pub(super) fn new(teams: usize) -> Self {
        Self { agents: BTreeMap::new(), teams: vec![TeamReady::default(); teams] }
    }

    /// Takes in what an agent is ready for now; `None` for nothing.
    pub(super) fn change(&mut self, user_id: &UserId, after: Option<ReadyFacts>) -> Changed {
        let before = match after {
            Some(facts) => self.agents.insert(user_id.clone(), facts),
            None => self.agents.remove(user_id),
        };
        let mut changed = Changed::default();
        if before == after {
            return changed;
        }
        changed.counted = before.is_some() != after.is_some();
        for &channel in Channel::ALL {
            let had = self.has_any(before.or(after), channel);
            self.move_in(user_id, channel, before, after);
            let has = self.has_any(before.or(after), channel);
            if had != has {
                changed.turned.push((channel, has));
            }
        }
        if let Some(team) = before.or(after).and_then(|f| self.teams.get_mut(f.team)) {
            team.agents =
                (team.agents + u32::from(after.is_some())).saturating_sub(u32::from(before.is_some()));
        }
        changed
    }

    fn has_any(&self, facts: Option<ReadyFacts>, channel: Channel) -> bool {
        facts.and_then(|f| self.teams.get(f.team)).is_some_and(|t| !t.by_channel[slot(channel)].is_empty())
    }

    fn move_in(
        &mut self,
        user_id: &UserId,
        channel: Channel,
        before: Option<ReadyFacts>,
        after: Option<ReadyFacts>,
    ) {
        if let Some(facts) = before.filter(|f| f.ready[slot(channel)])
            && let Some(team) = self.teams.get_mut(facts.team)
        {
            team.by_channel[slot(channel)].remove(&(facts.idle_since, user_id.clone()));
        }
        if let Some(facts) = after.filter(|f| f.ready[slot(channel)])
            && let Some(team) = self.teams.get_mut(facts.team)
        {
            team.by_channel[slot(channel)].insert((facts.idle_since, user_id.clone()));
        }
    }

    /// The agents of a team who are ready for a channel, who has been idle longest first.
    pub(crate) fn of(&self, team: TeamIndex, channel: Channel) -> Option<&BTreeSet<(Millis, UserId)>> {
        self.teams.get(team).map(|t| &t.by_channel[slot(channel)])
    }

    /// How many agents of a team are ready for any channel.
    pub(crate) fn count(&self, team: TeamIndex) -> u32 {
        self.teams.get(team).map_or(0, |t| t.agents)
    }
}
