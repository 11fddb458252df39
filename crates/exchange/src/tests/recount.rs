//! Statistics counted anew, the slow way: the journal is replayed, and after every fact all conversations and all agents are looked at.

use crate::{
    Event, Exchange,
    state::Conversation,
    stats::{Work, work},
};
use jackfield_wire::{
    AgentFigures, AgentState, Availability, Channel, ConversationId, ConversationState, EndReason, Millis,
    QueueFigures, QueueId, Role, UserId,
};
use std::collections::BTreeMap;

const MINUTE: u64 = 60_000;

type Stands = (AgentState, Option<String>);

/// A conversation as it was looked at last.
struct Seen {
    queue_id: QueueId,
    channel: Channel,
    waits: bool,
    over: bool,
    outside: bool,
    /// The house began it, and its customer has not answered yet.
    unreached: bool,
    /// Its customer is being called back, and has not answered yet: it has not left the line.
    calling: bool,
    entered: Millis,
    /// When it was looked at, where nobody could be offered it then: its customer is to be called back later, or away.
    aside: Option<Millis>,
    /// By agent: the queue and the time it came in, and what it did from when on.
    agents: BTreeMap<UserId, (QueueId, Vec<(Millis, Work)>)>,
}

impl Seen {
    /// While nobody can be offered it, nobody lets it wait.
    fn waited_on(self, at: Millis) -> Self {
        let entered = self.entered + self.aside.map_or(0, |since| at - since);
        Self { entered, ..self }
    }
}

#[derive(Default)]
struct Recount {
    seen: BTreeMap<ConversationId, Seen>,
    /// Everything that is counted of queues, with its time.
    queues: Vec<(Millis, QueueId, QueueFigures)>,
    agents: Vec<(Millis, UserId, AgentFigures)>,
    /// By agent: its states, each from when on.
    states: BTreeMap<UserId, Vec<(Millis, Stands)>>,
}

/// Holds the statistics of an exchange against a recount of its journal.
pub(super) fn check_statistics(exchange: &Exchange, journal: &[(Millis, Event)]) {
    let mut replayed = Exchange::new(exchange.config().clone());
    let (mut recount, mut newest) = (Recount::default(), 0);
    for (at, event) in journal {
        newest = newest.max(*at);
        replayed.apply(event, *at);
        recount.look(&replayed, event, newest);
    }
    let day = exchange.tenant.days.of(newest).from;
    for queue in &exchange.config().queues {
        let sum = |since| {
            let mut sum = QueueFigures { since, ..QueueFigures::default() };
            let own = recount.queues.iter().filter(|(at, id, _)| *id == queue.queue_id && *at >= since);
            own.for_each(|(_, _, figures)| sum.add(figures));
            sum
        };
        assert_eq!(exchange.queue_today(&queue.queue_id, newest), sum(day), "{} today", queue.queue_id);
        let window = (newest / MINUTE).saturating_sub(29) * MINUTE;
        assert_eq!(exchange.queue_window(&queue.queue_id, newest), sum(window), "{} lately", queue.queue_id);
        check_line(exchange, &queue.queue_id, &recount);
    }
    for user in &exchange.config().users {
        let mut sum = AgentFigures { since: day, ..AgentFigures::default() };
        let own = recount.agents.iter().filter(|(at, id, _)| *id == user.user_id && *at >= day);
        own.for_each(|(_, _, figures)| sum.add(figures));
        recount.add_times(&user.user_id, day, &mut sum);
        assert_eq!(exchange.agent_today(&user.user_id, newest), sum, "{} today", user.user_id);
    }
}

/// Whoever came into a line left it in one of the ways that are counted, or waits.
fn check_line(exchange: &Exchange, queue_id: &QueueId, recount: &Recount) {
    let mut all = QueueFigures::default();
    recount.queues.iter().filter(|(_, id, _)| id == queue_id).for_each(|(_, _, figures)| all.add(figures));
    let left = all.answered + all.abandoned + all.short_abandoned + all.overflowed + all.dropped;
    let conversations = exchange.state.conversations.values();
    let calling = conversations.filter(|c| c.queue_id == *queue_id && is_calling(c)).count();
    let waiting = exchange.waiting_in(queue_id) + calling;
    assert_eq!(all.entered as usize, left as usize + waiting, "{queue_id}: {all:?}");
}

/// Whether an agent calls its customer back, who has not answered yet.
fn is_calling(conversation: &Conversation) -> bool {
    conversation.state == ConversationState::Active && conversation.callback.is_some()
}

impl Recount {
    fn look(&mut self, exchange: &Exchange, event: &Event, at: Millis) {
        let reason = match event {
            Event::StateChanged { reason, .. } => *reason,
            _ => None,
        };
        let gone: Vec<_> =
            self.seen.keys().filter(|id| !exchange.state.conversations.contains_key(*id)).cloned().collect();
        for id in gone {
            let before = self.seen.remove(&id).unwrap().waited_on(at);
            self.leave_line(exchange, &before, None, reason, at);
            before.agents.iter().for_each(|(user_id, part)| self.part_over(&before, user_id, part, at));
        }
        for (id, conversation) in &exchange.state.conversations {
            self.look_at(exchange, id, conversation, reason, at);
        }
        for user in &exchange.config().users {
            let states = self.states.entry(user.user_id.clone()).or_default();
            let state = state_of(exchange, &user.user_id);
            if states.last().map(|(_, state)| state) != Some(&state) {
                states.push((at, state));
            }
        }
    }

    fn look_at(
        &mut self,
        exchange: &Exchange,
        id: &ConversationId,
        now: &Conversation,
        reason: Option<EndReason>,
        at: Millis,
    ) {
        let calling = is_calling(now);
        let waits = calling || now.is_waiting() && !now.is_unreached();
        let over = is_over(now);
        let before = self.seen.remove(id).map(|before| before.waited_on(at));
        let moved = before.as_ref().is_some_and(|before| before.queue_id != now.queue_id);
        let comes = waits && before.as_ref().is_none_or(|before| !before.waits || moved);
        if let Some(before) = before.as_ref().filter(|before| before.waits && (!waits || moved)) {
            self.leave_line(exchange, before, Some(now), reason, at);
        }
        // Who was never reached is with nobody who could give it away.
        let served = |before: &&Seen| !before.waits && !before.over && !before.unreached;
        if let Some(before) = before.as_ref().filter(|before| moved && served(before)) {
            self.count(at, &before.queue_id, |sum| sum.transferred = 1);
        }
        if now.is_outside() && before.as_ref().is_none_or(|before| !before.outside) {
            self.count(at, &now.queue_id, |sum| sum.transferred = 1);
        }
        if comes {
            self.count(at, &now.queue_id, |sum| sum.entered = 1);
        }
        match &before {
            None if now.outbound.is_some() => self.count(at, &now.queue_id, |sum| sum.outbound = 1),
            Some(before) if before.unreached && !now.is_unreached() => {
                self.count(at, &now.queue_id, |sum| sum.reached = 1);
            }
            _ => {}
        }
        let entered = before.as_ref().filter(|_| !comes).map_or(at, |before| before.entered);
        let aside = now.callback.as_ref().is_some_and(|c| c.at.is_some() || c.away_since.is_some());
        let aside = Some(at).filter(|_| now.is_waiting() && aside);
        let mut agents = before.map(|before| before.agents).unwrap_or_default();
        let (queue_id, channel) = (now.queue_id.clone(), now.channel);
        for participant in &now.participants {
            // Who has not begun the work after what is over did what it did.
            let work = work(now, &participant.user_id).filter(|work| !over || *work == Work::WrapUp);
            if let Some(work) = work {
                let fresh = || (queue_id.clone(), Vec::new());
                agents.entry(participant.user_id.clone()).or_insert_with(fresh).1.push((at, work));
            }
        }
        let mut seen = Seen {
            queue_id,
            channel,
            waits,
            over,
            outside: now.is_outside(),
            unreached: now.is_unreached(),
            calling,
            entered,
            aside,
            agents,
        };
        let left: Vec<_> =
            seen.agents.keys().filter(|user_id| work(now, user_id).is_none()).cloned().collect();
        for user_id in left {
            let part = seen.agents.remove(&user_id).unwrap();
            self.part_over(&seen, &user_id, &part, at);
        }
        self.seen.insert(id.clone(), seen);
    }

    fn count(&mut self, at: Millis, queue_id: &QueueId, set: impl FnOnce(&mut QueueFigures)) {
        let mut figures = QueueFigures::default();
        set(&mut figures);
        self.queues.push((at, queue_id.clone(), figures));
    }

    fn leave_line(
        &mut self,
        exchange: &Exchange,
        before: &Seen,
        now: Option<&Conversation>,
        reason: Option<EndReason>,
        at: Millis,
    ) {
        if !before.waits {
            return;
        }
        let config = exchange.config();
        let waited = at - before.entered;
        let level = config.queue(&before.queue_id).and_then(|queue| queue.service_level_ms);
        let level = u64::from(level.unwrap_or(config.statistics.service_level_ms));
        let short = u64::from(config.statistics.short_abandon_ms);
        self.count(at, &before.queue_id, |sum| match (now, reason) {
            (Some(now), _) if now.is_waiting() || is_calling(now) => sum.overflowed = 1,
            (Some(now), _) if !is_over(now) => {
                (sum.answered, sum.answered_in_time) = (1, u32::from(waited <= level));
                (sum.wait_ms, sum.longest_wait_ms) = (waited, waited);
            }
            (_, Some(EndReason::Abandoned | EndReason::CustomerLost | EndReason::CustomerLeft))
                if !before.calling =>
            {
                if waited < short {
                    sum.short_abandoned = 1;
                } else {
                    (sum.abandoned, sum.longest_wait_ms) = (1, waited);
                }
            }
            _ => sum.dropped = 1,
        });
    }

    fn part_over(
        &mut self,
        conversation: &Seen,
        user_id: &UserId,
        (queue_id, did): &(QueueId, Vec<(Millis, Work)>),
        at: Millis,
    ) {
        let ends = did.iter().skip(1).map(|(from, _)| *from).chain([at]);
        let [mut talk_ms, mut hold_ms, mut wrap_up_ms, mut consult_ms] = [0; 4];
        for ((from, work), to) in did.iter().zip(ends) {
            match work {
                Work::Talk => talk_ms += to - from,
                Work::Hold => hold_ms += to - from,
                Work::WrapUp => wrap_up_ms += to - from,
                Work::Consult => consult_ms += to - from,
                Work::Call => {}
            }
        }
        let asked = did.iter().any(|(_, work)| *work == Work::Consult);
        // The work after a call in vain is work, and no contact with a customer.
        let served = did.iter().any(|(_, work)| matches!(work, Work::Talk | Work::Hold));
        let called = did.iter().any(|(_, work)| *work == Work::Call);
        let wrapped = did.iter().any(|(_, work)| *work == Work::WrapUp);
        let handled = u32::from(served || wrapped && !called);
        let consults = u32::from(asked && (handled == 0 || consult_ms > 0));
        self.count(at, queue_id, |sum| {
            (sum.handled, sum.talk_ms, sum.hold_ms, sum.wrap_up_ms) = (handled, talk_ms, hold_ms, wrap_up_ms);
        });
        let calls = handled * u32::from(conversation.channel == Channel::Voice);
        let figures = AgentFigures {
            calls,
            chats: handled - calls,
            consults,
            talk_ms,
            hold_ms,
            wrap_up_ms,
            consult_ms,
            ..AgentFigures::default()
        };
        self.agents.push((at, user_id.clone(), figures));
    }

    /// The time in states that are over; the one that goes on is added by who reads it.
    fn add_times(&self, user_id: &UserId, day: Millis, sum: &mut AgentFigures) {
        let states = self.states.get(user_id).map_or(&[][..], Vec::as_slice);
        for pair in states.windows(2) {
            let ms = pair[1].0.saturating_sub(pair[0].0.max(day));
            let (state, reason) = &pair[0].1;
            if let Some(reason) = reason.clone().filter(|_| pair[1].0 >= day) {
                *sum.reasons.entry(reason).or_default() += ms;
            }
            match state {
                AgentState::Offline => {}
                AgentState::Away => sum.away_ms += ms,
                AgentState::Busy => sum.busy_ms += ms,
                AgentState::Ready => sum.ready_ms += ms,
                AgentState::Handling => sum.handling_ms += ms,
                AgentState::WrapUp => sum.wrapping_up_ms += ms,
            }
        }
    }
}

fn is_over(conversation: &Conversation) -> bool {
    matches!(conversation.state, ConversationState::WrapUp | ConversationState::Ended)
}

fn state_of(exchange: &Exchange, user_id: &UserId) -> Stands {
    let state = &exchange.state;
    let mut sessions = state.sessions.values().filter(|session| session.who.user_id == *user_id);
    let agent = exchange.config().user(user_id).is_some_and(|user| user.roles.contains(&Role::Agent));
    if !agent || !sessions.any(|session| session.who.role == Role::Agent) {
        return (AgentState::Offline, None);
    }
    let work: Vec<_> = state.conversations.values().filter_map(|c| work(c, user_id)).collect();
    if work.iter().any(|work| *work != Work::WrapUp) {
        return (AgentState::Handling, None);
    }
    let told = exchange.presence_view(user_id);
    let busy = [Availability::Busy, Availability::BusyIdle, Availability::DoNotDisturb];
    match told.availability {
        _ if !work.is_empty() => (AgentState::WrapUp, None),
        Availability::Available if told.offers_paused_until.is_some() => (AgentState::Away, told.reason),
        Availability::Available => (AgentState::Ready, None),
        availability if busy.contains(&availability) => (AgentState::Busy, told.reason),
        _ => (AgentState::Away, told.reason),
    }
}
