//! What a tenant writes about rules, opening hours and overflow.

use jackfield_wire::{QueueId, UserId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A routing rule: a condition, and what becomes of a conversation for which it holds.
///
/// Rules are tried in their order when a conversation comes in. The first that holds gives the plan; one with `continue` adds its settings and lets the next ones
/// be tried. Where none holds, the conversation waits in the queue that was asked for.
///
/// ```
/// # use jackfield_exchange::RuleConfig;
/// let rule: RuleConfig = serde_json::from_str(r#"{
///     "id": "gold", "when": "customer.attributes.tier == 'gold'", "priority": 5,
///     "targets": [
///         { "queue": "vip", "timeout_ms": 60000, "skip_if": "queue.agentsReady == 0" },
///         { "queue": "help" }
///     ]
/// }"#)?;
/// assert_eq!(rule.targets[0].timeout_ms, Some(60_000));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleConfig {
    /// The rule's id, by which journal, explanation and problems name it.
    pub id: String,
    /// The condition, in CEL (Common Expression Language), of at most 2 KiB. Default: `true`.
    #[serde(default = "always")]
    pub when: String,
    /// The conversation's own priority; a later rule's and a target's count instead. Default: that of the rules before, or 0.
    #[serde(default)]
    pub priority: Option<u8>,
    /// How much longer it is held to have waited than it has when it comes in, in milliseconds, up to a day; a later rule's counts instead. Default: that of the rules
    /// before, or 0.
    #[serde(default)]
    pub head_start_ms: Option<u32>,
    /// Skills its agent needs beside those of the queue, each with the least level (1 to 10).
    #[serde(default)]
    pub skills: BTreeMap<String, u8>,
    /// Skills that are welcome.
    #[serde(default)]
    pub preferred: BTreeMap<String, u8>,
    /// The one agent it is for.
    #[serde(default)]
    pub agent: Option<UserId>,
    /// CEL that gives the id of the one agent it is for, as in `customer.attributes.owner`. Where it gives none, or nobody's, anybody will do.
    #[serde(default)]
    pub agent_from: Option<String>,
    /// After how long in a queue anybody who fits will do, in milliseconds; before that where the agent turns it down or leaves it unanswered. Default: 30 seconds.
    #[serde(default)]
    pub agent_fallback_ms: Option<u32>,
    /// Where it waits, one after the other.
    #[serde(default)]
    pub targets: Vec<TargetConfig>,
    /// Whether the next rules are tried as well. Such a rule has settings, but no targets. Default: no.
    #[serde(default, rename = "continue")]
    pub goes_on: bool,
}

/// A queue in which a rule lets a conversation wait.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetConfig {
    /// The queue.
    pub queue: QueueId,
    /// After how long it goes to the next target, in milliseconds. Default: never.
    #[serde(default)]
    pub timeout_ms: Option<u32>,
    /// A condition, in CEL, under which this target is passed over.
    #[serde(default)]
    pub skip_if: Option<String>,
    /// The conversation's priority in this queue. Default: the rule's.
    #[serde(default)]
    pub priority: Option<u8>,
    /// Skills needed in this queue, beside the queue's and the rule's.
    #[serde(default)]
    pub skills: BTreeMap<String, u8>,
    /// A condition over `agent`, in CEL: only agents for whom it holds are made offers. It is evaluated when the conversation comes to the target.
    #[serde(default)]
    pub agents_if: Option<String>,
}

/// Where conversations of a queue go that it can't take, or did not serve in time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OverflowConfig {
    /// The queue that takes them.
    pub queue: QueueId,
    /// Whether it takes those that come when the queue is full. Default: yes.
    #[serde(default = "yes")]
    pub when_full: bool,
    /// Whether it takes those that come when the queue is closed. Default: yes.
    #[serde(default = "yes")]
    pub when_closed: bool,
    /// After how long in the queue they go there, in milliseconds. Default: never.
    #[serde(default)]
    pub after_ms: Option<u32>,
}

/// When a queue is open. A queue without hours is always open.
///
/// Times are written as `HH:MM`. What goes on across midnight ends past `24:00`: from `22:00` to `30:00` is until six in the morning. A time that the clock leaves out
/// (when summer time begins) is the moment after the gap; of one that comes twice, the first is meant.
///
/// ```
/// # use jackfield_exchange::HoursConfig;
/// let hours: HoursConfig = serde_json::from_str(r#"{
///     "time_zone": "Europe/Berlin",
///     "weekly": [{ "days": ["mon", "tue", "wed", "thu", "fri"], "from": "09:00", "to": "17:30" }],
///     "holidays": [{ "date": "2026-12-25", "name": "Christmas" }, { "date": "2026-12-24", "from": "09:00", "to": "12:00" }]
/// }"#)?;
/// assert_eq!(hours.weekly[0].days.len(), 5);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoursConfig {
    /// The time zone's name in the IANA database. Default: the tenant's.
    #[serde(default)]
    pub time_zone: Option<String>,
    /// The hours of each week.
    #[serde(default)]
    pub weekly: Vec<WeeklyHours>,
    /// Days with hours of their own, or none.
    #[serde(default)]
    pub holidays: Vec<Holiday>,
    /// What becomes of those who wait when it closes. Default: they are kept.
    #[serde(default)]
    pub at_close: AtClose,
}

/// What becomes of those who wait when a queue closes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AtClose {
    /// Who came in time is served.
    #[default]
    Keep,
    /// They go to the next target that takes them, or else stay.
    NextTarget,
}

/// Hours that some days of the week have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WeeklyHours {
    /// The days on which they begin.
    pub days: Vec<Day>,
    /// From when, `HH:MM`.
    pub from: String,
    /// Until when, `HH:MM`, up to `48:00`.
    pub to: String,
}

/// A day with hours of its own: the weekly ones don't begin on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    /// The date, `YYYY-MM-DD`.
    pub date: String,
    /// What it is called.
    #[serde(default)]
    pub name: Option<String>,
    /// From when it is open on that day, `HH:MM`. Default: not at all.
    #[serde(default)]
    pub from: Option<String>,
    /// Until when it is open, `HH:MM`.
    #[serde(default)]
    pub to: Option<String>,
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Day {
    /// Monday.
    Mon,
    /// Tuesday.
    Tue,
    /// Wednesday.
    Wed,
    /// Thursday.
    Thu,
    /// Friday.
    Fri,
    /// Saturday.
    Sat,
    /// Sunday.
    Sun,
}

fn always() -> String {
    "true".to_owned()
}

fn yes() -> bool {
    true
}
