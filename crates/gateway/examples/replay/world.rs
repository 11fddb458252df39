//! The people of the year: agents by day, customers as they come, each doing what people do.

use super::{
    desk::{Desk, Line},
    random::Random,
    year::{AGENTS, QUEUES},
};
use jackfield_exchange::{Event, NewOffer, TenantConfig, switchboard::Input};
use jackfield_wire::{
    Channel, Command, ConversationId, ConversationState, Millis, OfferId, QualitySample, Role, UserId,
    Visibility,
};
use serde_json::json;
use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap},
    error::Error,
};

type Step = Result<(), Box<dyn Error>>;

const SECOND: Millis = 1_000;
const MINUTE: Millis = 60 * SECOND;
const HOUR: Millis = 60 * MINUTE;
const DAY: Millis = 24 * HOUR;
/// 2026-01-05, a Monday.
const FIRST: Millis = 1_767_571_200_000;
/// Customers in an hour, by hour from eight o'clock on.
const BY_HOUR: [u64; 10] = [90, 150, 190, 180, 130, 140, 165, 160, 110, 60];
const LAST_HOUR: u64 = 8 + BY_HOUR.len() as u64;

/// Something that somebody is about to do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Act {
    Day,
    Come(usize),
    Be(usize, &'static str),
    Reload(usize),
    Go(usize),
    Supervise(bool),
    Arrive,
    GiveUp(ConversationId),
    Answer(usize, OfferId),
    Say(ConversationId, u64),
    Hold(ConversationId, bool),
    End(ConversationId),
    Finish(ConversationId),
}

/// A conversation, as the people in it know it.
struct Talk {
    customer: Line,
    agent: Option<usize>,
    channel: Channel,
    number: u64,
}

pub(crate) struct World {
    pub(crate) desk: Desk,
    pub(crate) days: u64,
    pub(crate) conversations: u64,
    random: Random,
    acts: BinaryHeap<Reverse<(Millis, u64, Act)>>,
    numbered: u64,
    agents: Vec<Option<Line>>,
    supervisor: Option<Line>,
    talks: HashMap<ConversationId, Talk>,
    waiting: Option<Line>,
    customers: u64,
}

impl World {
    pub(crate) fn new(config: TenantConfig, seed: u64) -> Self {
        let mut world = Self {
            desk: Desk::new(config, FIRST),
            days: 0,
            conversations: 0,
            random: Random::new(seed),
            acts: BinaryHeap::new(),
            numbered: 0,
            agents: vec![None; AGENTS],
            supervisor: None,
            talks: HashMap::new(),
            waiting: None,
            customers: 0,
        };
        world.plan(FIRST, Act::Day);
        world
    }

    /// Whether nobody is there, and the next day is about to begin.
    pub(crate) fn is_night(&self) -> bool {
        matches!(self.acts.peek(), Some(Reverse((_, _, Act::Day)))) && self.desk.connected == 0
    }

    /// Whether it is the time of the day with most to do.
    pub(crate) fn is_busy(&self) -> bool {
        (10..16).contains(&(self.desk.now % DAY / HOUR))
    }

    /// The next that somebody does, or that is due by the clock.
    pub(crate) fn step(&mut self) -> Step {
        let due = self.desk.board.deadline();
        let planned = self.acts.peek().map(|Reverse((at, _, _))| *at).ok_or("nothing is left to do")?;
        match due.filter(|due| *due <= planned) {
            Some(due) => {
                self.desk.now = self.desk.now.max(due);
                self.desk.give(Input::Time)?;
            }
            None => {
                let Some(Reverse((at, _, act))) = self.acts.pop() else { return Ok(()) };
                self.desk.now = self.desk.now.max(at);
                self.act(act)?;
            }
        }
        let news = std::mem::take(&mut self.desk.news);
        news.iter().for_each(|event| self.hear(event));
        Ok(())
    }

    fn plan(&mut self, at: Millis, act: Act) {
        self.numbered += 1;
        self.acts.push(Reverse((at, self.numbered, act)));
    }

    fn soon(&mut self, within: Millis, act: Act) {
        let at = self.desk.now + within;
        self.plan(at, act);
    }

    fn act(&mut self, act: Act) -> Step {
        match act {
            Act::Day => self.day(),
            Act::Come(agent) => self.come(agent),
            Act::Be(agent, availability) => self.be(agent, availability),
            Act::Reload(agent) => {
                if let Some(line) = self.agents[agent].take() {
                    self.agents[agent] = Some(self.desk.reload(line)?);
                }
                Ok(())
            }
            Act::Go(agent) => self.go(agent),
            Act::Supervise(on) => self.supervise(on),
            Act::Arrive => self.arrive(),
            Act::GiveUp(id) => match self.talks.get(&id) {
                Some(talk) if talk.agent.is_none() => self.customer_leaves(&id),
                _ => Ok(()),
            },
            Act::Answer(agent, offer_id) => self.answer(agent, offer_id),
            Act::Say(id, left) => self.say(&id, left),
            Act::Hold(id, on) => self.hold(&id, on),
            Act::End(id) => self.end(&id),
            Act::Finish(conversation_id) => self.finish(conversation_id),
        }
    }

    fn day(&mut self) -> Step {
        let midnight = self.desk.now / DAY * DAY;
        self.days += 1;
        // Five days of seven.
        let next = if self.days.is_multiple_of(5) { 3 } else { 1 };
        self.plan(midnight + next * DAY, Act::Day);
        self.plan(midnight + 8 * HOUR, Act::Supervise(true));
        self.plan(midnight + 20 * HOUR, Act::Supervise(false));
        for agent in 0..AGENTS {
            if self.random.percent(20) {
                continue;
            }
            let from = midnight + 8 * HOUR + (agent as u64 % 3) * HOUR - self.random.between(0, 20) * MINUTE;
            self.plan(from, Act::Come(agent));
            let pause = from + 2 * HOUR + self.random.between(0, 120) * MINUTE;
            self.plan(pause, Act::Be(agent, "away"));
            self.plan(pause + 40 * MINUTE, Act::Be(agent, "available"));
            let reload = from + self.random.between(1, 8 * 60) * MINUTE;
            self.plan(reload, Act::Reload(agent));
            let until = from + 9 * HOUR + self.random.between(0, 30) * MINUTE;
            self.plan(until, Act::Go(agent));
        }
        self.plan(midnight + 8 * HOUR, Act::Arrive);
        Ok(())
    }

    fn come(&mut self, agent: usize) -> Step {
        let line = self.desk.enter(&format!("agent{agent}"), Role::Agent)?;
        self.desk.ask(&line, presence("available")?)?;
        let others = (0..AGENTS).filter(|other| other / 8 == agent / 8 && *other != agent);
        let user_ids = others.map(|n| UserId::parse(&format!("agent{n}"))).collect::<Result<_, _>>()?;
        self.desk.ask(&line, Command::WatchPresence { user_ids })?;
        self.agents[agent] = Some(line);
        Ok(())
    }

    fn be(&mut self, agent: usize, availability: &str) -> Step {
        let Some(line) = self.agents[agent].clone() else { return Ok(()) };
        self.desk.ask(&line, presence(availability)?)
    }

    fn go(&mut self, agent: usize) -> Step {
        let busy = self.talks.values().any(|talk| talk.agent == Some(agent));
        let Some(line) = self.agents[agent].clone() else { return Ok(()) };
        if busy {
            self.desk.ask(&line, presence("busy")?)?;
            self.soon(3 * MINUTE, Act::Go(agent));
            return Ok(());
        }
        self.agents[agent] = None;
        self.desk.ask(&line, Command::SignOut)?;
        self.desk.connected -= 1;
        Ok(())
    }

    fn supervise(&mut self, on: bool) -> Step {
        if on {
            let line = self.desk.enter("super", Role::Supervisor)?;
            self.desk.ask(&line, Command::WatchFloor { on: true, queue_ids: None, agent_ids: None })?;
            self.supervisor = Some(line);
        } else if let Some(line) = self.supervisor.take() {
            self.desk.ask(&line, Command::SignOut)?;
            self.desk.connected -= 1;
        }
        Ok(())
    }

    fn arrive(&mut self) -> Step {
        let hour = self.desk.now % DAY / HOUR;
        if hour >= LAST_HOUR {
            return Ok(());
        }
        let an_hour = BY_HOUR[(hour - 8) as usize];
        let next = self.random.about(HOUR / an_hour);
        self.soon(next, Act::Arrive);
        self.customers += 1;
        self.conversations += 1;
        let line = self.desk.enter(&format!("customer{}", self.customers), Role::Customer)?;
        let channel = if self.random.percent(55) { Channel::Chat } else { Channel::Voice };
        let queue = QUEUES[(self.random.between(0, 8) as usize).min(QUEUES.len() - 1)];
        let order = format!("A-{}", self.customers);
        let start = json!({
            "type": "startConversation", "queueId": queue, "channel": channel,
            "subject": "My parcel did not arrive", "attributes": { "order": order },
        });
        self.waiting = Some(line.clone());
        self.desk.ask(&line, serde_json::from_value(start)?)
    }

    fn answer(&mut self, agent: usize, offer_id: OfferId) -> Step {
        let Some(line) = self.agents[agent].clone() else { return Ok(()) };
        match self.random.between(0, 100) {
            0..3 => {
                // Lets it ring, and is back a while later.
                self.soon(2 * MINUTE, Act::Be(agent, "available"));
                Ok(())
            }
            3..6 => self
                .desk
                .ask(&line, Command::RejectOffer { offer_id, reason: Some("another case".to_owned()) }),
            _ => self.desk.ask(&line, Command::AcceptOffer { offer_id }),
        }
    }

    fn say(&mut self, id: &ConversationId, left: u64) -> Step {
        let Some(talk) = self.talks.get_mut(id) else { return Ok(()) };
        let Some(agent) = talk.agent else { return Ok(()) };
        talk.number += 1;
        let (number, customer) = (talk.number, talk.customer.clone());
        let Some(agent) = self.agents[agent].clone() else { return Ok(()) };
        let text = "I would like to know where my parcel is, it should have been here on Monday.".to_owned();
        let (writer, reader) = if left.is_multiple_of(2) { (&customer, &agent) } else { (&agent, &customer) };
        let conversation_id = id.clone();
        let visibility = Visibility::Everyone;
        self.desk.ask(writer, Command::SendMessage { conversation_id, text, visibility })?;
        let (conversation_id, seen) = (id.clone(), Some(number));
        self.desk.ask(reader, Command::MarkMessages { conversation_id, delivered: seen, read: seen })?;
        let pause = 5 * SECOND + self.random.about(35 * SECOND);
        let next = if left > 0 { Act::Say(id.clone(), left - 1) } else { Act::End(id.clone()) };
        self.soon(pause, next);
        Ok(())
    }

    fn hold(&mut self, id: &ConversationId, on: bool) -> Step {
        let agent =
            self.talks.get(id).and_then(|talk| talk.agent).and_then(|agent| self.agents[agent].clone());
        let Some(agent) = agent else { return Ok(()) };
        let (conversation_id, participant_id) = (id.clone(), None);
        if on {
            self.soon(40 * SECOND, Act::Hold(id.clone(), false));
            self.desk.ask(&agent, Command::Hold { conversation_id, participant_id })
        } else {
            self.desk.ask(&agent, Command::Resume { conversation_id, participant_id })
        }
    }

    /// The customer ends it more often than the agent. What is called is told how it was.
    fn end(&mut self, id: &ConversationId) -> Step {
        let Some(talk) = self.talks.get(id) else { return Ok(()) };
        let (customer, channel) = (talk.customer.clone(), talk.channel);
        let Some(agent) = talk.agent.and_then(|agent| self.agents[agent].clone()) else { return Ok(()) };
        let conversation_id = id.clone();
        if channel == Channel::Voice {
            let sample =
                QualitySample { rtt_ms: 31.5, jitter_ms: 2.25, loss: 0.001, concealed: 0.002, mos: 4.3 };
            for line in [&customer, &agent] {
                let (conversation_id, sample) = (id.clone(), sample.clone());
                self.desk.ask(line, Command::ReportQuality { conversation_id, sample })?;
            }
        }
        let who = if self.random.percent(70) { customer } else { agent };
        self.desk.ask(&who, Command::EndConversation { conversation_id })
    }

    fn finish(&mut self, conversation_id: ConversationId) -> Step {
        let Some(talk) = self.talks.remove(&conversation_id) else { return Ok(()) };
        let Some(agent) = talk.agent.and_then(|agent| self.agents[agent].clone()) else { return Ok(()) };
        let note = self.random.percent(40).then(|| "Sent again, free of charge.".to_owned());
        let disposition = Some(if self.random.percent(80) { "solved" } else { "open" }.to_owned());
        self.desk.ask(&agent, Command::FinishWrapUp { conversation_id, disposition, note })
    }

    fn customer_leaves(&mut self, id: &ConversationId) -> Step {
        let Some(talk) = self.talks.remove(id) else { return Ok(()) };
        self.sign_out(&talk.customer)
    }

    /// Some sign out, most just close the page.
    fn sign_out(&mut self, customer: &Line) -> Step {
        if self.random.percent(40) {
            self.desk.ask(customer, Command::SignOut)?;
            self.desk.connected -= 1;
        } else {
            self.desk.leave(customer);
            self.desk.give(Input::Time)?;
        }
        Ok(())
    }

    /// What people do about what they hear.
    fn hear(&mut self, event: &Event) {
        match event {
            Event::ConversationStarted(new) => {
                let Some(customer) = self.waiting.take() else { return };
                let talk = Talk { customer, agent: None, channel: new.channel, number: 0 };
                self.talks.insert(new.conversation_id.clone(), talk);
                let patience = 2 * MINUTE + self.random.about(8 * MINUTE);
                self.soon(patience, Act::GiveUp(new.conversation_id.clone()));
            }
            Event::OfferMade(offer) => self.ring(offer),
            Event::ParticipantJoined { conversation_id, who, .. } => {
                self.begin(conversation_id, &who.user_id)
            }
            Event::StateChanged { conversation_id, state: ConversationState::WrapUp, .. } => {
                let within = 5 * SECOND + self.random.about(15 * SECOND);
                self.soon(within, Act::Finish(conversation_id.clone()));
                if let Some(talk) = self.talks.get(conversation_id) {
                    let customer = talk.customer.clone();
                    // Nothing of this can fail: the connection is there, or it is not heard.
                    let _ = self.sign_out(&customer);
                }
            }
            _ => {}
        }
    }

    fn ring(&mut self, offer: &NewOffer) {
        let within = SECOND + self.random.about(4 * SECOND).min(15 * SECOND);
        if let Some(agent) = number(&offer.user_id) {
            self.soon(within, Act::Answer(agent, offer.offer_id.clone()));
        }
    }

    fn begin(&mut self, id: &ConversationId, user_id: &UserId) {
        let Some(agent) = number(user_id) else { return };
        let Some(talk) = self.talks.get_mut(id) else { return };
        talk.agent = Some(agent);
        let channel = talk.channel;
        if channel == Channel::Chat {
            let turns = 4 + self.random.about(7).min(30);
            self.soon(5 * SECOND, Act::Say(id.clone(), turns));
            return;
        }
        let talks_for = 30 * SECOND + self.random.about(4 * MINUTE);
        if self.random.percent(30) {
            self.soon(talks_for / 2, Act::Hold(id.clone(), true));
        }
        self.soon(talks_for, Act::End(id.clone()));
    }
}

fn presence(availability: &str) -> Result<Command, serde_json::Error> {
    serde_json::from_value(json!({ "type": "setPresence", "availability": availability }))
}

fn number(user_id: &UserId) -> Option<usize> {
    user_id.as_str().strip_prefix("agent")?.parse().ok()
}
