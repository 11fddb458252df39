//! How one conversation was last counted.

use super::Posting;
use crate::state::{Conversation, Leg, Participant};
use jackfield_wire::{
    AgentFigures, Channel, ConversationState, EndReason, Millis, Part, QueueFigures, QueueId, Side, UserId,
};
use serde::{Deserialize, Serialize};

/// By what a queue's waits are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ServiceTerms {
    /// A wait of up to this is in time.
    pub(crate) level_ms: u64,
    /// Who gives up before this did not really wait.
    pub(crate) short_abandon_ms: u64,
}

/// Where a conversation stands, as far as its queue is concerned.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Stage {
    /// Not counted yet.
    #[default]
    New,
    /// It waits, offered or not.
    InLine,
    /// It waits on: its customer is being called back, and has not answered. A call that is not answered is no answer to the customer.
    Calling,
    /// An agent has it.
    Served,
    /// The customer is gone.
    Over,
    /// Given to a telephone number: no agent has it any more.
    Outside,
    /// The house began it, and its customer has not answered yet. It is in no line.
    Outbound,
}

impl Stage {
    /// Whether nobody has served the customer yet who came into the line.
    fn is_in_line(self) -> bool {
        matches!(self, Self::InLine | Self::Calling)
    }

    fn of(conversation: &Conversation) -> Self {
        match conversation.state {
            ConversationState::Queued | ConversationState::Offered | ConversationState::Active
                if conversation.is_unreached() =>
            {
                Self::Outbound
            }
            ConversationState::Queued | ConversationState::Offered => Self::InLine,
            ConversationState::Active if conversation.is_called_back() => Self::Calling,
            _ if conversation.is_outside() => Self::Outside,
            ConversationState::Active | ConversationState::Parked => Self::Served,
            ConversationState::WrapUp | ConversationState::Ended => Self::Over,
        }
    }
}

/// What an agent does in a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Work {
    /// Talks or writes with the customer.
    Talk,
    /// The customer is held, or waits while the agent asks somebody.
    Hold,
    /// The work after it.
    WrapUp,
    /// Is asked for advice by the agent who has it.
    Consult,
    /// Calls the customer back, who has not answered yet.
    Call,
}

impl Work {
    /// Whether the conversation goes on.
    pub(crate) fn is_handling(self) -> bool {
        self != Self::WrapUp
    }
}

/// What a user does in a conversation, if it works there.
pub(crate) fn work(conversation: &Conversation, user_id: &UserId) -> Option<Work> {
    conversation.participant_of(user_id).and_then(|participant| work_of(conversation, participant))
}

fn work_of(conversation: &Conversation, participant: &Participant) -> Option<Work> {
    if participant.is_wrapping() {
        return Some(Work::WrapUp);
    }
    match participant.seat.part {
        Part::Agent if conversation.is_called_back() => Some(Work::Call),
        Part::Agent => {
            let held = |(party, leg): (&Participant, &Leg)| party.is_customer() && leg.held;
            let apart = participant.seat.side == Side::Consult;
            Some(if apart || conversation.with_leg().any(held) { Work::Hold } else { Work::Talk })
        }
        Part::Consulted => Some(Work::Consult),
        Part::Customer | Part::Monitor | Part::External => None,
    }
}

/// How long an agent has done what in a conversation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Clock {
    user_id: UserId,
    /// The queue it is counted for: that of the time when the agent came in.
    queue_id: QueueId,
    channel: Channel,
    work: Work,
    /// Since when it does this.
    since: Millis,
    /// Since when it has worked in the conversation.
    began: Millis,
    talk_ms: u64,
    hold_ms: u64,
    wrap_up_ms: u64,
    consult_ms: u64,
    /// Whether it was with the customer: more than asked for advice, or calling in vain.
    handles: bool,
}

impl Clock {
    fn start(conversation: &Conversation, agent: &Participant, work: Work, at: Millis) -> Self {
        Self {
            user_id: agent.user_id.clone(),
            queue_id: conversation.queue_id.clone(),
            channel: conversation.channel,
            work,
            since: at,
            began: at,
            talk_ms: 0,
            hold_ms: 0,
            wrap_up_ms: 0,
            consult_ms: 0,
            handles: !matches!(work, Work::Consult | Work::Call),
        }
    }

    fn turn(&mut self, work: Work, at: Millis) {
        self.count_time(at);
        // The work after a call that nobody answered makes no contact of it.
        let in_vain = work == Work::WrapUp && self.work == Work::Call;
        self.handles |= !matches!(work, Work::Consult | Work::Call) && !in_vain;
        (self.work, self.since) = (work, at);
    }

    fn count_time(&mut self, at: Millis) {
        let ms = at.saturating_sub(self.since);
        match self.work {
            Work::Talk => self.talk_ms += ms,
            Work::Hold => self.hold_ms += ms,
            Work::WrapUp => self.wrap_up_ms += ms,
            Work::Consult => self.consult_ms += ms,
            // How long a telephone rings is no time with a customer.
            Work::Call => {}
        }
    }

    fn stop(mut self, at: Millis) -> [Posting; 2] {
        let advised = !self.handles && self.work == Work::Consult;
        self.count_time(at);
        let Self { talk_ms, hold_ms, wrap_up_ms, consult_ms, .. } = self;
        let handled = u32::from(self.handles);
        let (calls, chats) = match self.channel {
            Channel::Voice => (handled, 0),
            Channel::Chat => (0, handled),
        };
        let consults = u32::from(consult_ms > 0 || advised);
        let queue = QueueFigures { handled, talk_ms, hold_ms, wrap_up_ms, ..QueueFigures::default() };
        let agent = AgentFigures {
            calls,
            chats,
            consults,
            talk_ms,
            hold_ms,
            wrap_up_ms,
            consult_ms,
            ..AgentFigures::default()
        };
        [Posting::Queue(self.queue_id, queue.into()), Posting::Agent(self.user_id, agent.into())]
    }
}

/// How a conversation was last counted.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Ledger {
    stage: Stage,
    queue_id: Option<QueueId>,
    /// When it came into the line in which it is.
    entered: Millis,
    /// Since when nobody can be offered it, as its customer is to be called back later or can't be reached: no wait that a queue is judged by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    aside_since: Option<Millis>,
    /// Those who work in it.
    clocks: Vec<Clock>,
}

impl Ledger {
    /// Since when an agent has had it.
    pub(crate) fn had_since(&self, user_id: &UserId) -> Option<Millis> {
        self.clocks.iter().find(|clock| clock.user_id == *user_id).map(|clock| clock.began)
    }

    /// Holds the ledger against how the conversation stands now (`None`: it is over and leaves the state), and gives what is to be counted.
    pub(super) fn settle(
        &mut self,
        seen: Option<&Conversation>,
        reason: Option<EndReason>,
        terms: &dyn Fn(&QueueId) -> ServiceTerms,
        at: Millis,
    ) -> Vec<Posting> {
        let mut postings = Vec::new();
        if let Some(since) = self.aside_since.take() {
            self.entered += at.saturating_sub(since);
        }
        self.settle_stage(seen, reason, terms, at, &mut postings);
        self.aside_since = seen.filter(|c| c.is_aside() && !c.is_unreached()).map(|_| at);
        self.settle_clocks(seen, at, &mut postings);
        postings
    }

    fn settle_stage(
        &mut self,
        seen: Option<&Conversation>,
        reason: Option<EndReason>,
        terms: &dyn Fn(&QueueId) -> ServiceTerms,
        at: Millis,
        postings: &mut Vec<Posting>,
    ) {
        let stage = seen.map_or(Stage::Over, Stage::of);
        let moved = seen.is_some_and(|c| self.queue_id.as_ref() != Some(&c.queue_id));
        if !moved && (stage == self.stage || self.stage.is_in_line() && stage.is_in_line()) {
            self.stage = stage;
            return;
        }
        let before = self.queue_id.take();
        if let Some(left) = before.clone().filter(|_| self.stage.is_in_line()) {
            let waited = at.saturating_sub(self.entered);
            // Who says no when it is called, or was called in vain, did not give up waiting.
            let reason = reason.filter(|_| self.stage == Stage::InLine);
            let figures = left_line(stage, reason, terms(&left), waited);
            postings.push(Posting::Queue(left, figures.into()));
        } else if let Some(left) =
            before.clone().filter(|_| self.stage == Stage::Served && (moved || stage == Stage::Outside))
        {
            let figures = QueueFigures { transferred: 1, ..QueueFigures::default() };
            postings.push(Posting::Queue(left, figures.into()));
        }
        let queue = seen.map(|c| c.queue_id.clone());
        postings.extend(queue.clone().and_then(|queue| called(queue, self.stage, stage)));
        if let Some(entered) = queue.clone().filter(|_| stage.is_in_line()) {
            let figures = QueueFigures { entered: 1, ..QueueFigures::default() };
            postings.push(Posting::Queue(entered, figures.into()));
            self.entered = at;
        }
        (self.stage, self.queue_id) = (stage, queue.or(before));
    }

    fn settle_clocks(&mut self, seen: Option<&Conversation>, at: Millis, postings: &mut Vec<Posting>) {
        let now = |user_id: &UserId| seen.and_then(|conversation| work(conversation, user_id));
        let is_over = seen.is_some_and(|conversation| Stage::of(conversation) == Stage::Over);
        for n in (0..self.clocks.len()).rev() {
            let clock = &mut self.clocks[n];
            match now(&clock.user_id) {
                Some(work) if work == clock.work => {}
                // It is over, and that its agent goes to the work after it is the next fact: till then it did what it did.
                Some(work) if is_over && work != Work::WrapUp => {}
                Some(work) => clock.turn(work, at),
                None => postings.extend(self.clocks.remove(n).stop(at)),
            }
        }
        let Some(conversation) = seen else { return };
        for participant in &conversation.participants {
            let known = self.clocks.iter().any(|clock| clock.user_id == participant.user_id);
            if let Some(work) = work_of(conversation, participant).filter(|_| !known) {
                self.clocks.push(Clock::start(conversation, participant, work, at));
            }
        }
    }
}

/// What is counted of a conversation that the house begins: that it does, and that its customer answers.
fn called(queue: QueueId, before: Stage, now: Stage) -> Option<Posting> {
    let figures = match (before, now) {
        (Stage::New, Stage::Outbound) => QueueFigures { outbound: 1, ..QueueFigures::default() },
        (Stage::Outbound, Stage::Served) => QueueFigures { reached: 1, ..QueueFigures::default() },
        _ => return None,
    };
    Some(Posting::Queue(queue, figures.into()))
}

/// What is counted of a conversation that leaves a line.
fn left_line(stage: Stage, reason: Option<EndReason>, terms: ServiceTerms, waited: Millis) -> QueueFigures {
    let none = QueueFigures::default();
    let gave_up =
        matches!(reason, Some(EndReason::Abandoned | EndReason::CustomerLost | EndReason::CustomerLeft));
    match stage {
        Stage::Served | Stage::Outside => QueueFigures {
            answered: 1,
            answered_in_time: u32::from(waited <= terms.level_ms),
            wait_ms: waited,
            longest_wait_ms: waited,
            ..none
        },
        Stage::New | Stage::InLine | Stage::Calling | Stage::Outbound => {
            QueueFigures { overflowed: 1, ..none }
        }
        Stage::Over if gave_up && waited < terms.short_abandon_ms => {
            QueueFigures { short_abandoned: 1, ..none }
        }
        Stage::Over if gave_up => QueueFigures { abandoned: 1, longest_wait_ms: waited, ..none },
        Stage::Over => QueueFigures { dropped: 1, ..none },
    }
}
