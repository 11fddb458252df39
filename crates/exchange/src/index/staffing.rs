//! How many agents of each team are signed in, and how many of those have work.

use crate::tenant::TeamIndex;
use jackfield_wire::{AgentState, UserId};
use std::collections::BTreeMap;

/// The agents who are signed in.
#[derive(Debug, Clone, Default)]
pub(crate) struct Staffing {
    agents: BTreeMap<UserId, (TeamIndex, bool)>,
    teams: Vec<Staff>,
}

/// The agents of one team.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Staff {
    /// Signed in.
    pub(crate) online: u32,
    /// With a conversation or the work after one.
    pub(crate) busy: u32,
}

impl PartialEq for Staffing {
    /// By the agents, and by the sums over all teams. Which team an agent is in says nothing: one who was changed has a team of its own, until all are formed anew.
    fn eq(&self, other: &Self) -> bool {
        let busy = |staffing: &Self| {
            staffing.agents.iter().map(|(id, (_, busy))| (id.clone(), *busy)).collect::<Vec<_>>()
        };
        let sum = |staffing: &Self| {
            let teams = staffing.teams.iter();
            teams.fold((0, 0), |(online, busy), team| (online + team.online, busy + team.busy))
        };
        busy(self) == busy(other) && sum(self) == sum(other)
    }
}

impl Staffing {
    pub(super) fn new(teams: usize) -> Self {
        Self { agents: BTreeMap::new(), teams: vec![Staff::default(); teams] }
    }

    /// Takes in that there are more teams.
    pub(crate) fn grow(&mut self, teams: usize) {
        self.teams.resize(teams.max(self.teams.len()), Staff::default());
    }

    /// Takes in what an agent's time goes into now. Gives whether its team's numbers are others.
    pub(crate) fn change(&mut self, user_id: &UserId, team: TeamIndex, state: AgentState) -> bool {
        let busy = matches!(state, AgentState::Handling | AgentState::WrapUp);
        let after = Some((team, busy)).filter(|_| state != AgentState::Offline);
        let before = match after {
            Some(stands) => self.agents.insert(user_id.clone(), stands),
            None => self.agents.remove(user_id),
        };
        if before == after {
            return false;
        }
        if let Some(staff) = before.and_then(|(team, _)| self.teams.get_mut(team)) {
            staff.online = staff.online.saturating_sub(1);
            staff.busy = staff.busy.saturating_sub(before.is_some_and(|(_, busy)| busy).into());
        }
        if let Some(staff) = after.and_then(|(team, _)| self.teams.get_mut(team)) {
            staff.online += 1;
            staff.busy += u32::from(busy);
        }
        true
    }

    /// The numbers of a team.
    pub(crate) fn of(&self, team: TeamIndex) -> Staff {
        self.teams.get(team).copied().unwrap_or_default()
    }
}
