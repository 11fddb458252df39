//! From the exchange's own types to what conditions look at.

use super::{
    facts::{self, Facts, Record, list, number, record, text, truth},
    hours,
};
use crate::UserConfig;
use cel::common::{
    types::{CelDouble, CelInt},
    value::Val,
};
use jackfield_wire::{AttributeValue, Attributes, Channel, Millis, QueueId};
use jiff::tz::TimeZone;

/// A conversation that comes in, or waits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arrival<'a> {
    /// The queue that was asked for.
    pub(crate) asked: Option<&'a QueueId>,
    pub(crate) channel: Channel,
    pub(crate) subject: Option<&'a str>,
    /// What the page and the token gave.
    pub(crate) attributes: &'a Attributes,
    pub(crate) customer: &'a str,
    /// What the token alone gave: the word of the provider's back end.
    pub(crate) of_token: &'a Attributes,
    pub(crate) waited_ms: u64,
    /// Whether its customer is to be called, and did not come by itself.
    pub(crate) outbound: bool,
}

/// A queue at one moment.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct QueueFacts {
    pub(crate) waiting: u64,
    pub(crate) longest_wait_ms: u64,
    /// `None` while nobody was served yet.
    pub(crate) estimated_wait_ms: Option<u64>,
    pub(crate) agents_ready: u64,
    pub(crate) agents_online: u64,
    pub(crate) open: bool,
    pub(crate) full: bool,
}

impl Arrival<'_> {
    /// The variables that conditions have; `queue` is still to come.
    pub(crate) fn facts(&self, zone: &TimeZone, now: Millis) -> Facts {
        let channel = match self.channel {
            Channel::Voice => "voice",
            Channel::Chat => "chat",
        };
        let conversation = Record::of([
            ("channel", Some(text(channel))),
            ("subject", Some(text(self.subject.unwrap_or_default()))),
            ("attributes", Some(record(attributes(self.attributes)))),
            ("waitedMs", Some(number(self.waited_ms))),
            ("outbound", Some(truth(self.outbound))),
            ("queue", self.asked.map(|queue| text(queue.as_str()))),
        ]);
        let customer = Record::of([
            ("userId", Some(text(self.customer))),
            ("attributes", Some(record(attributes(self.of_token)))),
        ]);
        let facts = Facts::default().with("conversation", conversation).with("customer", customer);
        let facts = facts.with("now", CelInt::from(i64::try_from(now).unwrap_or(i64::MAX)));
        facts.with("local", local(zone, now)).with("queue", Record::default())
    }
}

impl QueueFacts {
    pub(crate) fn record(&self, queue_id: &QueueId) -> Record {
        Record::of([
            ("id", Some(text(queue_id.as_str()))),
            ("waiting", Some(number(self.waiting))),
            ("longestWaitMs", Some(number(self.longest_wait_ms))),
            ("estimatedWaitMs", self.estimated_wait_ms.map(number)),
            ("agentsReady", Some(number(self.agents_ready))),
            ("agentsOnline", Some(number(self.agents_online))),
            ("open", Some(truth(self.open))),
            ("full", Some(truth(self.full))),
        ])
    }
}

/// The clocks of a place.
pub(crate) fn local(zone: &TimeZone, now: Millis) -> Record {
    let Some(time) = hours::clock(zone, now) else { return Record::default() };
    let date = format!("{:04}-{:02}-{:02}", time.year(), time.month(), time.day());
    Record::of([
        ("date", Some(text(date))),
        ("weekday", Some(text(hours::day_name(time.weekday())))),
        ("hour", Some(number(u64::from(time.hour().unsigned_abs())))),
        ("minute", Some(number(u64::from(time.minute().unsigned_abs())))),
    ])
}

/// An agent, as the configuration has it.
pub(crate) fn agent(user: &UserConfig) -> Record {
    let skills = user.skills.iter().map(|(skill, level)| (skill.clone(), number(u64::from(*level))));
    let roles = user.roles.iter().map(|role| text(format!("{role:?}").to_lowercase()));
    Record::of([
        ("userId", Some(text(user.user_id.as_str()))),
        ("name", Some(text(user.name.as_str()))),
        ("skills", Some(record(Record::new(skills)))),
        ("queues", Some(list(user.queues.iter().map(|queue| text(queue.as_str()))))),
        ("roles", Some(list(roles))),
    ])
}

/// Attributes, each with its type: whole numbers are CEL's `int`, others `double`.
fn attributes(attributes: &Attributes) -> Record {
    Record::new(attributes.iter().map(|(name, value)| (name.clone(), attribute(value))))
}

fn attribute(value: &AttributeValue) -> Box<dyn Val> {
    match value {
        AttributeValue::Text(value) => text(value.as_str()),
        AttributeValue::Number(value) => match value.whole() {
            Some(whole) => Box::new(CelInt::from(whole)),
            None => Box::new(CelDouble::from(value.get())),
        },
        AttributeValue::Flag(value) => facts::truth(*value),
        AttributeValue::Texts(values) => list(values.iter().map(|value| text(value.as_str()))),
    }
}
