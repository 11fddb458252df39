//! Statistics: what is counted of queues and agents, kept in the state and changed fact by fact.
//!
//! Everything is a count or a sum of milliseconds, so that a replay gives the same numbers to the last one. A conversation carries a [`Ledger`]: how
//! it was last counted. After each fact about it the ledger is held against how the conversation stands now, and the difference is what is counted;
//! so a fact that moves a conversation in a new way is counted without code of its own here.
//!
//! ```text
//!                 ┌── answered ──▶ with an agent ──▶ (over)
//!  entered ──▶ in line           │        └── transferred ──▶ in another line: entered there
//!                 ├── abandoned, shortAbandoned, dropped
//!                 └── overflowed ──▶ in another line: entered there
//! ```

mod day;
mod ledger;
mod span;
mod tally;

pub(crate) use day::{Day, Days};
pub(crate) use ledger::{Ledger, ServiceTerms};
#[cfg(test)]
pub(crate) use ledger::{Work, work};
use span::MINUTE_MS;
use tally::{AgentTally, QueueTally, Stands};

use crate::{Event, Exchange, state::Conversation, tenant::QueueIndex, view::serves};
use jackfield_wire::{
    AgentFigures, AgentState, Availability, ConversationId, EndReason, Millis, QueueFigures, QueueId, UserId,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a tenant's statistics are.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Statistics {
    /// The time of the newest fact: a clock that is set back must not count backwards.
    newest: Millis,
    queues: BTreeMap<QueueId, QueueTally>,
    agents: BTreeMap<UserId, AgentTally>,
}

/// Whether a user works in a conversation, or on what is to be done after it.
pub(crate) fn working_on(conversation: &Conversation, user_id: &UserId) -> bool {
    ledger::work(conversation, user_id).is_some()
}

/// Something to be counted for a queue or for an agent.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Posting {
    Queue(QueueId, Box<QueueFigures>),
    Agent(UserId, Box<AgentFigures>),
}

impl Exchange {
    /// Whether a fact can change what is counted. Most facts are messages, and those can't.
    fn is_counted(event: &Event) -> bool {
        !matches!(event, Event::MessageAdded { .. } | Event::MessagesMarked { .. })
    }

    /// Counts what a fact that was just taken in has changed. Of a conversation that the fact takes out of the state it is called before.
    pub(crate) fn count(&mut self, event: &Event, at: Millis) {
        self.advance_floor(at);
        let at = at.max(self.state.statistics.newest);
        self.state.statistics.newest = at;
        let reason = match event {
            Event::StateChanged { reason, .. } => *reason,
            _ => None,
        };
        if let Some(id) = event.conversation().filter(|_| Self::is_counted(event)) {
            self.count_conversation(id, reason, matches!(event, Event::ConversationClosed { .. }), at);
        }
    }

    /// Counts where the time of those agents goes whom a fact touched.
    pub(crate) fn count_agents(&mut self) {
        let at = self.state.statistics.newest;
        for user_id in std::mem::take(&mut self.marks.touched) {
            let state = self.agent_state(&user_id);
            let day = self.day_of(at).from;
            if let Some(team) = self.tenant.team_of(&user_id)
                && self.index.staffing.change(&user_id, team, state)
            {
                self.marks.teams.insert(team);
            }
            let reason = self.agent_reason(&user_id, state);
            self.state.statistics.agents.entry(user_id).or_default().stand((state, reason), day, at);
        }
    }

    fn count_conversation(&mut self, id: &ConversationId, reason: Option<EndReason>, over: bool, at: Millis) {
        let Some(conversation) = self.state.conversations.get_mut(id) else { return };
        let mut ledger = std::mem::take(&mut conversation.ledger);
        let terms = |queue: &QueueId| self.tenant.service_terms(queue);
        let seen: Option<&Conversation> = Some(&*conversation).filter(|_| !over);
        let postings = ledger.settle(seen, reason, &terms, at);
        conversation.ledger = ledger;
        postings.into_iter().for_each(|posting| self.post(posting, at));
    }

    fn post(&mut self, posting: Posting, at: Millis) {
        let day = self.day_of(at).from;
        match posting {
            Posting::Queue(queue_id, figures) => {
                let index = self.tenant.queue_index(&queue_id);
                self.state.statistics.queues.entry(queue_id).or_default().add(&figures, day, at);
                self.marks.queues.extend(index);
                self.marks.rolling.extend(index);
            }
            Posting::Agent(user_id, figures) => {
                self.state.statistics.agents.entry(user_id.clone()).or_default().add(&figures, day);
                self.marks.agents.insert(user_id);
            }
        }
    }

    /// What an agent's time goes into, as things stand. Who is signed in as a supervisor only is not there as an agent.
    pub(crate) fn agent_state(&self, user_id: &UserId) -> AgentState {
        let Some(user) = self.state.users.get(user_id) else { return AgentState::Offline };
        let mut sessions = user.sessions.iter().filter_map(|id| self.state.sessions.get(id));
        if !sessions.any(|session| serves(session.who.role)) {
            return AgentState::Offline;
        }
        let parts = self.state.conversations_of(user_id);
        let work: Vec<_> = parts.filter_map(|c| ledger::work(c, user_id)).collect();
        match user.told.availability {
            _ if work.iter().any(|work| work.is_handling()) => AgentState::Handling,
            _ if work.contains(&ledger::Work::WrapUp) => AgentState::WrapUp,
            // Set aside, as it did not answer.
            Availability::Available if user.told.paused_until.is_some() => AgentState::Away,
            Availability::Available => AgentState::Ready,
            Availability::Busy | Availability::BusyIdle | Availability::DoNotDisturb => AgentState::Busy,
            Availability::Away
            | Availability::AvailableIdle
            | Availability::BeRightBack
            | Availability::Offline
            | Availability::PresenceUnknown => AgentState::Away,
        }
    }

    fn agent_reason(&self, user_id: &UserId, state: AgentState) -> Option<String> {
        let counts = matches!(state, AgentState::Away | AgentState::Busy);
        self.state.users.get(user_id).filter(|_| counts).and_then(|user| user.told.reason.clone())
    }

    /// Whether a user is an agent, among other things.
    pub(crate) fn is_agent(&self, user_id: &UserId) -> bool {
        self.tenant.user(user_id).is_some_and(|user| user.roles.iter().any(|role| serves(*role)))
    }

    /// Notes that an agent's time may go elsewhere now; counted when the fact is taken in whole.
    pub(crate) fn touch_agent(&mut self, user_id: &UserId) {
        if self.is_agent(user_id) && !self.marks.touched.contains(user_id) {
            self.marks.touched.push(user_id.clone());
        }
    }

    /// What an agent's time goes into, and since when.
    pub(crate) fn agent_stands(&self, user_id: &UserId) -> (Stands, Millis) {
        let stands = self.state.statistics.agents.get(user_id).map(AgentTally::stands);
        let (stands, since) = stands.unwrap_or(((AgentState::Offline, None), 0));
        (stands, since.max(self.state.began))
    }

    /// What an agent did in the tenant's day that it is at a time.
    pub(crate) fn agent_today(&self, user_id: &UserId, at: Millis) -> AgentFigures {
        let day = self.day_of(at).from;
        let tally = self.state.statistics.agents.get(user_id);
        tally.map_or_else(|| AgentFigures { since: day, ..AgentFigures::default() }, |tally| tally.today(day))
    }

    /// What happened in a queue in the tenant's day that it is at a time.
    pub(crate) fn queue_today(&self, queue_id: &QueueId, at: Millis) -> QueueFigures {
        let day = self.day_of(at).from;
        let tally = self.state.statistics.queues.get(queue_id);
        tally.map_or_else(|| QueueFigures { since: day, ..QueueFigures::default() }, |tally| tally.today(day))
    }

    /// What happened in a queue in the last [`WINDOW_MINUTES`] minutes, the present one among them. The estimated wait rests on it.
    pub(crate) fn queue_window(&self, queue_id: &QueueId, at: Millis) -> QueueFigures {
        let since = span::window_start(at);
        let tally = self.state.statistics.queues.get(queue_id);
        let none = || QueueFigures { since, ..QueueFigures::default() };
        tally.map_or_else(none, |tally| tally.window(since))
    }

    /// The tenant's day that it is at a time. The calendar is asked once a day: facts come by the thousand a second.
    pub(crate) fn day_of(&self, at: Millis) -> Day {
        if self.marks.day.contains(at) { self.marks.day } else { self.tenant.days.of(at) }
    }

    /// The time by which the figures are shown: that of the newest fact, or of the last look at the clock.
    pub(crate) fn floor_time(&self) -> Millis {
        self.state.statistics.newest.max(self.marks.looked)
    }

    /// Minutes leave the window, and a day is over, without a fact. Marks the queues whose figures are others by that.
    pub(crate) fn advance_floor(&mut self, now: Millis) {
        let shown = self.floor_time();
        if now <= shown {
            return;
        }
        self.marks.looked = now;
        if shown / MINUTE_MS == now / MINUTE_MS {
            return;
        }
        let day = self.day_of(shown);
        self.marks.day = self.day_of(now);
        if day != self.marks.day {
            self.mark_whole_floor();
        }
        let rolling = std::mem::take(&mut self.marks.rolling);
        self.marks.queues.extend(&rolling);
        let since = span::window_start(now);
        self.marks.rolling = rolling.into_iter().filter(|queue| self.is_rolling(*queue, since)).collect();
    }

    fn is_rolling(&self, queue: QueueIndex, since: Millis) -> bool {
        let queue = self.tenant.queue_at(queue);
        let tally = queue.and_then(|queue| self.state.statistics.queues.get(&queue.queue_id));
        tally.is_some_and(|tally| tally.counts_since(since))
    }

    /// After a rebuild: which queues have something in the window, and drops what is counted for what is no longer configured.
    pub(crate) fn prepare_statistics(&mut self) {
        let tenant = &self.tenant;
        let Statistics { queues, agents, .. } = &mut self.state.statistics;
        queues.retain(|id, _| tenant.queue_index(id).is_some());
        agents.retain(|id, _| tenant.user(id).is_some());
        self.marks.day = Day::default();
        self.marks.rolling = queues.keys().filter_map(|id| tenant.queue_index(id)).collect();
    }

    /// When the floor is other without a fact: minutes leave the window, or a day is over.
    pub(crate) fn floor_rolls_at(&self) -> Millis {
        let shown = self.floor_time();
        if self.marks.rolling.is_empty() {
            return self.day_of(shown).to;
        }
        (shown / MINUTE_MS + 1) * MINUTE_MS
    }
}
