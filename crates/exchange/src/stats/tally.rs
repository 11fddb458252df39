//! What is counted of one queue and of one agent.

use super::span::{MINUTE_MS, window_start};
use jackfield_wire::{AgentFigures, AgentState, Millis, QueueFigures};
use serde::{Deserialize, Serialize};

/// One queue's figures: of the day, and of each minute of the window in which there was something to count.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct QueueTally {
    today: QueueFigures,
    /// Oldest first.
    minutes: Vec<QueueFigures>,
}

impl QueueTally {
    /// Adds figures. A day that is over is begun anew by the first thing that is counted in the next.
    pub(super) fn add(&mut self, figures: &QueueFigures, day: Millis, at: Millis) {
        if self.today.since < day {
            self.today = QueueFigures { since: day, ..QueueFigures::default() };
        }
        self.today.add(figures);
        let (minute, window) = (at / MINUTE_MS * MINUTE_MS, window_start(at));
        self.minutes.retain(|bucket| bucket.since >= window);
        match self.minutes.last_mut().filter(|bucket| bucket.since >= minute) {
            Some(bucket) => bucket.add(figures),
            None => self.minutes.push(QueueFigures { since: minute, ..figures.clone() }),
        }
    }

    pub(super) fn today(&self, day: Millis) -> QueueFigures {
        if self.today.since < day {
            return QueueFigures { since: day, ..QueueFigures::default() };
        }
        self.today.clone()
    }

    pub(super) fn window(&self, since: Millis) -> QueueFigures {
        let mut sum = QueueFigures { since, ..QueueFigures::default() };
        self.minutes.iter().filter(|bucket| bucket.since >= since).for_each(|bucket| sum.add(bucket));
        sum
    }

    /// Whether anything was counted since then.
    pub(super) fn counts_since(&self, since: Millis) -> bool {
        self.minutes.last().is_some_and(|bucket| bucket.since >= since)
    }
}

/// What an agent's time goes into, and for which of the tenant's reasons.
pub(crate) type Stands = (AgentState, Option<String>);

/// One agent's figures of the day, and what its time goes into.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AgentTally {
    state: AgentState,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    since: Millis,
    today: AgentFigures,
}

impl Default for AgentTally {
    fn default() -> Self {
        Self { state: AgentState::Offline, reason: None, since: 0, today: AgentFigures::default() }
    }
}

impl AgentTally {
    /// The agent's time goes into something now; what it went into until now is counted, if that is something else.
    pub(super) fn stand(&mut self, (state, reason): Stands, day: Millis, at: Millis) {
        if self.state == state && self.reason == reason {
            return;
        }
        self.roll(day);
        // Time before the day began belongs to the day before, which nobody asks for any more.
        let ms = at.saturating_sub(self.since.max(day));
        match self.state {
            AgentState::Offline => {}
            AgentState::Away => self.today.away_ms += ms,
            AgentState::Busy => self.today.busy_ms += ms,
            AgentState::Ready => self.today.ready_ms += ms,
            AgentState::Handling => self.today.handling_ms += ms,
            AgentState::WrapUp => self.today.wrapping_up_ms += ms,
        }
        if let Some(reason) = self.reason.take() {
            *self.today.reasons.entry(reason).or_default() += ms;
        }
        (self.state, self.reason, self.since) = (state, reason, at);
    }

    pub(super) fn add(&mut self, figures: &AgentFigures, day: Millis) {
        self.roll(day);
        self.today.add(figures);
    }

    fn roll(&mut self, day: Millis) {
        if self.today.since < day {
            self.today = AgentFigures { since: day, ..AgentFigures::default() };
        }
    }

    pub(super) fn stands(&self) -> (Stands, Millis) {
        ((self.state, self.reason.clone()), self.since)
    }

    pub(super) fn today(&self, day: Millis) -> AgentFigures {
        if self.today.since < day {
            return AgentFigures { since: day, ..AgentFigures::default() };
        }
        self.today.clone()
    }
}
