//! The figures of queues and agents, counted once more from the facts: each looked at against how its conversation and its people stood before.

use super::{
    books::{Books, Party, Talk},
    oracle::Oracle,
};
use jackfield_exchange::{Event, Exchange, TenantConfig};
use jackfield_wire::{
    AgentFigures, AgentState, Availability, Channel, ConversationId, ConversationState, EndReason, Millis,
    Part, QueueFigures, QueueId, Side, UserId,
};
use std::collections::BTreeMap;

const MINUTE: u64 = 60_000;
const DAY: u64 = 86_400_000;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Stage {
    Line,
    /// It is called back, and has not answered: it is in line still, and did not give up.
    Called,
    Agent,
    Over,
    /// With a telephone number and nobody of the house.
    Outside,
    /// Its agent looks, or calls.
    Outbound,
}

impl Stage {
    fn is_in_line(self) -> bool {
        matches!(self, Self::Line | Self::Called)
    }
}

/// What an agent does in a conversation: talk, hold, the work after it, advice.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Does {
    /// Calls the customer back, who has not answered.
    Call,
    Talk,
    Hold,
    WrapUp,
    Advise,
}

/// Where a conversation stood, and since when it has been in its line.
#[derive(Debug, Clone)]
struct Seen {
    stage: Stage,
    queue: QueueId,
    entered: Millis,
    /// When it was looked at last, where nobody could be offered it then.
    aside: Option<Millis>,
}

impl Seen {
    /// Nobody lets it wait while its customer is to be called back later, or is away.
    fn until(self, at: Millis) -> Self {
        let entered = self.entered + self.aside.map_or(0, |since| at - since);
        Self { entered, ..self }
    }
}

/// An agent's part in a conversation: for which queue, and from when on it did what.
#[derive(Debug, Clone)]
struct Hand {
    queue: QueueId,
    channel: Channel,
    did: Vec<(Millis, Does)>,
}

type Stands = (AgentState, Option<String>);

#[derive(Debug, Default)]
pub(crate) struct Tally {
    seen: BTreeMap<ConversationId, Seen>,
    hands: BTreeMap<(ConversationId, UserId), Hand>,
    queues: BTreeMap<QueueId, Vec<(Millis, QueueFigures)>>,
    agents: BTreeMap<UserId, Vec<(Millis, AgentFigures)>>,
    /// By agent: its states, each from when on.
    states: BTreeMap<UserId, Vec<(Millis, Stands)>>,
    newest: Millis,
}

impl Tally {
    /// Takes in what a fact changed. The books have taken it in.
    pub(crate) fn look(&mut self, books: &Books, config: &TenantConfig, event: &Event, at: Millis) {
        self.newest = at;
        if let Some(id) = event.conversation() {
            let talk = books.talks.get(id);
            let reason = match event {
                Event::StateChanged { reason, .. } => *reason,
                _ => None,
            };
            self.look_at_stage(config, id, talk, reason, at);
            self.look_at_hands(id, talk, at);
        }
        for user in &books.stirred {
            let state = state_of(books, user);
            let states = self.states.entry(user.clone()).or_default();
            if states.last().map(|(_, state)| state) != Some(&state) {
                states.push((at, state));
            }
        }
    }

    fn look_at_stage(
        &mut self,
        config: &TenantConfig,
        id: &ConversationId,
        talk: Option<&Talk>,
        reason: Option<EndReason>,
        at: Millis,
    ) {
        let before = self.seen.remove(id).map(|before| before.until(at));
        let aside = talk.filter(|talk| talk.is_aside()).map(|_| at);
        let after = talk.map(|talk| (stage_of(talk), talk.queue.clone()));
        if let Some((_, queue)) =
            after.as_ref().filter(|(stage, _)| before.is_none() && *stage == Stage::Outbound)
        {
            let begun = QueueFigures { outbound: 1, ..QueueFigures::default() };
            self.queues.entry(queue.clone()).or_default().push((at, begun));
        }
        if let Some(before) = &before {
            let same =
                after.as_ref().is_some_and(|(stage, queue)| (*stage, queue) == (before.stage, &before.queue));
            let stage = after.as_ref().map_or(Stage::Over, |(stage, _)| *stage);
            let moved = after.as_ref().is_some_and(|(_, queue)| *queue != before.queue);
            if same || !moved && before.stage.is_in_line() && stage.is_in_line() {
                self.seen.insert(id.clone(), Seen { aside, stage, ..before.clone() });
                return;
            }
            let figures = match before.stage {
                Stage::Line => left_line(config, before, stage, reason, at),
                Stage::Called => left_line(config, before, stage, None, at),
                Stage::Agent if moved || stage == Stage::Outside => {
                    QueueFigures { transferred: 1, ..QueueFigures::default() }
                }
                Stage::Outbound if stage == Stage::Agent => {
                    QueueFigures { reached: 1, ..QueueFigures::default() }
                }
                _ => QueueFigures::default(),
            };
            self.queues.entry(before.queue.clone()).or_default().push((at, figures));
        }
        let Some((stage, queue)) = after else { return };
        if stage.is_in_line() {
            let figures = QueueFigures { entered: 1, ..QueueFigures::default() };
            self.queues.entry(queue.clone()).or_default().push((at, figures));
        }
        let entered = if stage.is_in_line() { at } else { before.map_or(at, |before| before.entered) };
        self.seen.insert(id.clone(), Seen { stage, queue, entered, aside });
    }

    fn look_at_hands(&mut self, id: &ConversationId, talk: Option<&Talk>, at: Millis) {
        let does = |user: &UserId| talk.and_then(|talk| does(talk, talk.party_of(user)?));
        let known = self.hands.range((id.clone(), first_user())..).take_while(|((of, _), _)| of == id);
        let gone = known.map(|((_, user), _)| user.clone()).filter(|user| does(user).is_none());
        for user in gone.collect::<Vec<_>>() {
            let hand = self.hands.remove(&(id.clone(), user.clone()));
            hand.into_iter().for_each(|hand| self.put_down(&user, &hand, at));
        }
        let Some(talk) = talk else { return };
        for party in talk.parties.values() {
            let Some(does) = does(&party.user) else { continue };
            let hand = self.hands.entry((id.clone(), party.user.clone()));
            let fresh = || Hand { queue: talk.queue.clone(), channel: talk.channel, did: Vec::new() };
            let did = &mut hand.or_insert_with(fresh).did;
            // Who has not begun the work after what is over did what it did.
            if stage_of(talk) == Stage::Over && does != Does::WrapUp && !did.is_empty() {
                continue;
            }
            if did.last().map(|(_, last)| *last) != Some(does) {
                did.push((at, does));
            }
        }
    }

    /// An agent's part is over, with the work after it.
    fn put_down(&mut self, user: &UserId, hand: &Hand, at: Millis) {
        let ends = hand.did.iter().skip(1).map(|(from, _)| *from).chain([at]);
        let sum = |what: Does| {
            let spans = hand.did.iter().zip(ends.clone()).filter(|((_, did), _)| *did == what);
            spans.map(|((from, _), to)| to - from).sum::<u64>()
        };
        let [talk_ms, hold_ms, wrap_up_ms, consult_ms] =
            [Does::Talk, Does::Hold, Does::WrapUp, Does::Advise].map(sum);
        let did = |what: Does| hand.did.iter().any(|(_, did)| *did == what);
        let served = did(Does::Talk) || did(Does::Hold);
        // The work after a call that nobody answered makes no contact of it.
        let handled = u32::from(served || did(Does::WrapUp) && !did(Does::Call));
        let calls = if hand.channel == Channel::Voice { handled } else { 0 };
        let consults = u32::from(did(Does::Advise) && (handled == 0 || consult_ms > 0));
        let of_queue = QueueFigures { handled, talk_ms, hold_ms, wrap_up_ms, ..QueueFigures::default() };
        self.queues.entry(hand.queue.clone()).or_default().push((at, of_queue));
        let of_agent = AgentFigures {
            calls,
            chats: handled - calls,
            consults,
            talk_ms,
            hold_ms,
            wrap_up_ms,
            consult_ms,
            ..AgentFigures::default()
        };
        self.agents.entry(user.clone()).or_default().push((at, of_agent));
    }

    /// Holds the figures of the floor against the count.
    ///
    /// # Errors
    /// Names the queue or agent.
    pub(crate) fn check(&self, exchange: &Exchange, books: &Books) -> Result<(), String> {
        let offset = u64::from(exchange.config().statistics.day_starts.minutes()) * MINUTE;
        let day = self.newest.saturating_sub(offset) / DAY * DAY + offset;
        let window = (self.newest / MINUTE).saturating_sub(29) * MINUTE;
        let floor = exchange.floor();
        let waiting = lines(books);
        for queue in &floor.queues {
            for (since, found) in [(day, &queue.today), (window, &queue.window)] {
                let counted = self.of_queue(&queue.queue_id, since);
                if found.as_ref() != Some(&counted) {
                    return Err(format!("{}: {found:?}, by the facts {counted:?}", queue.queue_id));
                }
            }
            let now = InLine {
                voice: queue.waiting_voice,
                chat: queue.waiting_chat,
                offered: queue.offered,
                callbacks: queue.callbacks,
                longest: queue.longest_since,
                active: queue.active,
            };
            let counted = waiting.get(&queue.queue_id).copied().unwrap_or_default();
            if now != counted || queue.waiting != now.voice + now.chat {
                return Err(format!("{}: {now:?} in line, by the books {counted:?}", queue.queue_id));
            }
        }
        floor.agents.iter().try_for_each(|agent| {
            let today = self.of_agent(&agent.user_id, day);
            let load = books.load(&agent.user_id);
            let stands = self.states.get(&agent.user_id).and_then(|states| states.last().cloned());
            let (since, (state, reason)) = stands.unwrap_or((0, (AgentState::Offline, None)));
            let counted = (Some(today), Some(state), reason, load.voice, load.chat);
            let agent = agent.clone();
            let same_since = since == 0 || agent.state_since == Some(since);
            let found = (agent.today, agent.state, agent.reason, agent.voice, agent.chats);
            let same = found == counted && same_since;
            same.then_some(()).ok_or_else(|| {
                format!(
                    "{}: {found:?} since {:?}, by the facts {counted:?} since {since}",
                    agent.user_id, agent.state_since
                )
            })
        })
    }

    /// Holds how many of each queue's agents are signed in, and at work, against who serves it and how they stand.
    ///
    /// # Errors
    /// Names the queue.
    pub(crate) fn check_staff(&self, exchange: &Exchange, oracle: &Oracle) -> Result<(), String> {
        exchange.floor().queues.iter().try_for_each(|queue| {
            let states = oracle.serving(&queue.queue_id).map(|agent| {
                let last = self.states.get(agent).and_then(|states| states.last());
                last.map_or(AgentState::Offline, |(_, (state, _))| *state)
            });
            let states: Vec<_> = states.filter(|state| *state != AgentState::Offline).collect();
            let works = |state: &&AgentState| matches!(state, AgentState::Handling | AgentState::WrapUp);
            let counted = (states.len(), states.iter().filter(works).count());
            let found = (queue.agents_online as usize, queue.agents_busy as usize);
            (found == counted).then_some(()).ok_or_else(|| {
                format!("{}: {found:?} online and busy, by the facts {counted:?}", queue.queue_id)
            })
        })
    }

    fn of_queue(&self, queue: &QueueId, since: Millis) -> QueueFigures {
        let mut sum = QueueFigures { since, ..QueueFigures::default() };
        let own = self.queues.get(queue).into_iter().flatten().filter(|(at, _)| *at >= since);
        own.for_each(|(_, figures)| sum.add(figures));
        sum
    }

    fn of_agent(&self, user: &UserId, day: Millis) -> AgentFigures {
        let mut sum = AgentFigures { since: day, ..AgentFigures::default() };
        let own = self.agents.get(user).into_iter().flatten().filter(|(at, _)| *at >= day);
        own.for_each(|(_, figures)| sum.add(figures));
        let states = self.states.get(user).map_or(&[][..], Vec::as_slice);
        for pair in states.windows(2).filter(|pair| pair[1].0 >= day) {
            let ms = pair[1].0 - pair[0].0.max(day);
            let (state, reason) = &pair[0].1;
            if let Some(reason) = reason {
                *sum.reasons.entry(reason.clone()).or_default() += ms;
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
        sum
    }

    /// Whoever came into a line left it in one of the ways that are counted, or waits.
    ///
    /// # Errors
    /// Names the queue.
    pub(crate) fn check_lines(&self, books: &Books) -> Result<(), String> {
        self.queues.keys().try_for_each(|queue| {
            let all = self.of_queue(queue, 0);
            let left = all.answered + all.abandoned + all.short_abandoned + all.overflowed + all.dropped;
            let in_line = |talk: &&Talk| talk.queue == *queue && stage_of(talk).is_in_line();
            let waits = books.talks.values().filter(in_line).count();
            (all.entered as usize == left as usize + waits)
                .then_some(())
                .ok_or_else(|| format!("{queue}: {all:?}, and {waits} wait"))
        })
    }
}

/// Of a queue: how many wait by voice, by chat, how many of them are being offered or to be called back, since when the first has waited, and how many are with an agent.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct InLine {
    voice: u32,
    chat: u32,
    offered: u32,
    callbacks: u32,
    longest: Option<Millis>,
    active: u32,
}

fn lines(books: &Books) -> BTreeMap<&QueueId, InLine> {
    let mut lines: BTreeMap<_, InLine> = BTreeMap::new();
    for talk in books.talks.values() {
        let line = lines.entry(&talk.queue).or_default();
        if talk.waits() {
            let slot = if talk.channel == Channel::Voice { &mut line.voice } else { &mut line.chat };
            *slot += 1;
            line.offered += u32::from(talk.state == ConversationState::Offered);
            line.callbacks += u32::from(talk.callback.is_some());
            // A time that a customer named is not waited for.
            let named = talk.callback.as_ref().map_or(0, |_| talk.starts);
            let since = Some(talk.arrived.max(named)).filter(|_| !talk.is_aside());
            line.longest = line.longest.into_iter().chain(since).min();
        }
        line.active += u32::from(talk.state == ConversationState::Active);
    }
    lines
}

fn stage_of(talk: &Talk) -> Stage {
    match talk.state {
        ConversationState::Queued | ConversationState::Offered => Stage::Line,
        ConversationState::Active if talk.is_unreached() => Stage::Outbound,
        ConversationState::Active if talk.is_called_back() => Stage::Called,
        ConversationState::Active if talk.is_outside() => Stage::Outside,
        ConversationState::Active | ConversationState::Parked => Stage::Agent,
        ConversationState::WrapUp | ConversationState::Ended => Stage::Over,
    }
}

fn does(talk: &Talk, party: &Party) -> Option<Does> {
    let held = || talk.parties.values().any(|p| p.seat.part == Part::Customer && p.held);
    match party.seat.part {
        _ if party.wraps.is_some() => Some(Does::WrapUp),
        Part::Agent if talk.is_called_back() => Some(Does::Call),
        Part::Agent if party.seat.side == Side::Consult || held() => Some(Does::Hold),
        Part::Agent => Some(Does::Talk),
        Part::Consulted => Some(Does::Advise),
        _ => None,
    }
}

fn left_line(
    config: &TenantConfig,
    before: &Seen,
    stage: Stage,
    reason: Option<EndReason>,
    at: Millis,
) -> QueueFigures {
    let mut figures = QueueFigures::default();
    let waited = at - before.entered;
    let level = config.queue(&before.queue).and_then(|queue| queue.service_level_ms);
    let level = u64::from(level.unwrap_or(config.statistics.service_level_ms));
    let gave_up =
        matches!(reason, Some(EndReason::Abandoned | EndReason::CustomerLost | EndReason::CustomerLeft));
    match stage {
        Stage::Line | Stage::Called | Stage::Outbound => figures.overflowed = 1,
        Stage::Agent | Stage::Outside => {
            (figures.answered, figures.answered_in_time) = (1, u32::from(waited <= level));
            (figures.wait_ms, figures.longest_wait_ms) = (waited, waited);
        }
        Stage::Over if !gave_up => figures.dropped = 1,
        Stage::Over if waited < u64::from(config.statistics.short_abandon_ms) => figures.short_abandoned = 1,
        Stage::Over => (figures.abandoned, figures.longest_wait_ms) = (1, waited),
    }
    figures
}

/// What an agent's time goes into, by the definitions of the figures.
fn state_of(books: &Books, user: &UserId) -> Stands {
    let Some(person) = books.people.get(user).filter(|person| person.is_signed_in_as_agent()) else {
        return (AgentState::Offline, None);
    };
    let talks = books.in_talks.get(user).into_iter().flatten().filter_map(|id| books.talks.get(id));
    let works: Vec<Does> = talks.filter_map(|talk| does(talk, talk.party_of(user)?)).collect();
    let (availability, _, reason) =
        person.told.clone().unwrap_or((Availability::Offline, jackfield_wire::Activity::Offline, None));
    match availability {
        _ if works.iter().any(|does| *does != Does::WrapUp) => (AgentState::Handling, None),
        _ if !works.is_empty() => (AgentState::WrapUp, None),
        Availability::Available if person.told_aside => (AgentState::Away, reason),
        Availability::Available => (AgentState::Ready, None),
        Availability::Busy | Availability::BusyIdle | Availability::DoNotDisturb => {
            (AgentState::Busy, reason)
        }
        _ => (AgentState::Away, reason),
    }
}

fn first_user() -> UserId {
    UserId::parse("-").expect("an id")
}
