//! What a tenant is made of: queues, users and times.

use crate::{HoursConfig, OverflowConfig, RingConfig, RuleConfig};
use jackfield_wire::{Channel, Disposition, QueueId, Role, TenantId, UserId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

mod callback;
mod capacity;
mod check;
mod choice;
mod context;
mod outbound;
mod problem;
mod reason;
mod statistics;
mod trunk;

pub use callback::CallbackConfig;
pub use capacity::{Capacity, InterruptedBy};
pub use choice::{AgentOrder, FailedTransfer, NoAnswer, QueueOrder};
pub(crate) use context::check_tag;
pub use context::{AgentAccess, AttributeConfig, AttributeType, CustomerAccess, LinkTemplate, TagConfig};
pub use outbound::{OutboundConfig, PreviewEnd};
pub use problem::ConfigProblem;
pub use reason::ReasonConfig;
pub use statistics::{StatisticsConfig, TimeOfDay};
pub use trunk::TrunkConfig;
pub(crate) use trunk::dialable;

/// A tenant's contact centre, as its administrator writes it.
///
/// ```
/// # use jackfield_exchange::TenantConfig;
/// let config: TenantConfig = serde_json::from_str(r#"{
///     "tenant_id": "contoso", "name": "Contoso",
///     "queues": [{ "queue_id": "help", "name": "Help", "skills": { "english": 3 } }],
///     "users": [{ "user_id": "mina", "name": "Mina", "skills": { "english": 8 } }]
/// }"#)?;
/// assert!(config.check().is_ok());
/// assert_eq!(config.offer_timeout_ms, 20_000);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TenantConfig {
    /// The tenant's id, as its tokens name it.
    pub tenant_id: TenantId,
    /// The name to show.
    pub name: String,
    /// Where conversations wait.
    #[serde(default)]
    pub queues: Vec<QueueConfig>,
    /// Agents, supervisors, administrators and bots. Customers are not listed: they come by token.
    #[serde(default)]
    pub users: Vec<UserConfig>,
    /// Where a customer goes whose transfer to an agent nobody took: back to its agent (`owner`), or into its queue (`queue`), for any agent. Default: `owner`.
    #[serde(default)]
    pub on_failed_transfer: FailedTransfer,
    /// Whether agents are told that a supervisor listens to them, or does so no longer. Who whispers or barges in is seen in any case. Default: yes.
    #[serde(default = "yes")]
    pub monitoring_notice: bool,
    /// What counts as answered in time, and when a day begins.
    #[serde(default)]
    pub statistics: StatisticsConfig,
    /// How long an offer waits for its agent, in milliseconds. Default: 20 seconds.
    #[serde(default = "default_offer_timeout_ms")]
    pub offer_timeout_ms: u32,
    /// How long a session without a sign of life keeps its calls and chats, in milliseconds. Default: 60 seconds.
    #[serde(default = "default_grace_ms")]
    pub grace_ms: u32,
    /// How much waiting one level of priority outweighs, in milliseconds: who has waited so much longer goes before a conversation of the next level. Nobody starves, as
    /// who comes later has an edge of the difference in priority times this at most. 0: priority is strict, without that bound. Default: one minute.
    #[serde(default = "default_ageing_ms")]
    pub ageing_ms: u32,
    /// How long a conversation is not offered again to the agent who turned it down, in milliseconds. Default: 15 seconds.
    #[serde(default = "default_refusal_pause_ms")]
    pub refusal_pause_ms: u32,
    /// How long an agent who did not answer is offered nothing, in milliseconds, where the queue's `on_no_answer` is `pause`. Default: one minute.
    #[serde(default = "default_no_answer_pause_ms")]
    pub no_answer_pause_ms: u32,
    /// By which channels an agent who is at work on one may be interrupted. Default: a call interrupts chats, nothing interrupts a call.
    #[serde(default)]
    pub interrupted_by: InterruptedBy,
    /// Why somebody is not ready: what agents choose from, and what the statistics count. Default: none.
    #[serde(default)]
    pub reasons: Vec<ReasonConfig>,
    /// Whether one of the reasons has to be given for everything but available. Default: no.
    #[serde(default)]
    pub reason_required: bool,
    /// The time zone of the tenant's rules, opening hours and days of statistics, by its name in the IANA database. Default: UTC.
    #[serde(default)]
    pub time_zone: Option<String>,
    /// The routing rules, in the order in which they are tried.
    #[serde(default)]
    pub rules: Vec<RuleConfig>,
    /// What is declared of attributes, by name: what is set under the name must fit. Other names are free. Default: nothing.
    #[serde(default)]
    pub attributes: BTreeMap<String, AttributeConfig>,
    /// The tags that agents are shown to choose from, with their names. Other tags are free. Default: none.
    #[serde(default)]
    pub tags: Vec<TagConfig>,
    /// The tenant's way into the telephone network. Default: none; no number can be reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trunk: Option<TrunkConfig>,
}

/// A queue: where conversations wait, and what it takes to serve them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QueueConfig {
    /// The queue's id.
    pub queue_id: QueueId,
    /// The name to show.
    pub name: String,
    /// The channels it takes. Default: voice and chat.
    #[serde(default = "all_channels")]
    pub channels: Vec<Channel>,
    /// The skills an agent needs, each with the least level (1 to 10). Default: none.
    #[serde(default)]
    pub skills: BTreeMap<String, u8>,
    /// Skills that are welcome: of the agents who fit, those go first who have more of these at the level (1 to 10). Default: none.
    #[serde(default)]
    pub preferred: BTreeMap<String, u8>,
    /// How the demands relax while a conversation waits. Default: they don't.
    #[serde(default)]
    pub rings: Vec<RingConfig>,
    /// Queues with a higher number are served first; each level is worth the tenant's `ageing_ms` of waiting. Default: 0.
    #[serde(default)]
    pub priority: u8,
    /// To how many agents at once a conversation is offered, 1 to 10: the first who accepts has it, and the others' offers end. It goes to as many as are ready and fit; who
    /// becomes ready meanwhile is not asked before the last of these offers has ended. Default: 1.
    #[serde(default = "one")]
    pub offer_to: u8,
    /// How long an offer of its conversations waits for its agent, in milliseconds. Default: the tenant's `offer_timeout_ms`.
    #[serde(default)]
    pub offer_timeout_ms: Option<u32>,
    /// What becomes of an agent who does not answer an offer of its conversations in time. The conversation waits on at its own place in any case. Default: `away`.
    #[serde(default)]
    pub on_no_answer: NoAnswer,
    /// How long a conversation may wait to be answered in time, in milliseconds. Default: as in the tenant's `statistics`.
    #[serde(default)]
    pub service_level_ms: Option<u32>,
    /// Who is served first: who came first (`first_in`) or last (`last_in`). Default: `first_in`.
    #[serde(default)]
    pub order: QueueOrder,
    /// Which of the agents who fit is asked: who has been idle longest (`longest_idle`), has the highest levels in the skills that are asked for or preferred
    /// (`best_skill`), has least on its hands (`least_loaded`), or was made an offer longest ago (`round_robin`). Default: `longest_idle`.
    #[serde(default)]
    pub agent_order: AgentOrder,
    /// The time for the work after a conversation, in milliseconds; 0 for none. Default: 30 seconds.
    #[serde(default = "default_wrap_up_ms")]
    pub wrap_up_ms: u32,
    /// How long a conversation may be parked before it comes back to its agent, in milliseconds. Default: 30 minutes.
    #[serde(default = "default_park_ms")]
    pub park_ms: u32,
    /// How customers are called back who do not wait on the line.
    #[serde(default)]
    pub callbacks: CallbackConfig,
    /// How often an agent may extend the work after a conversation, each time by `wrap_up_ms`. Default: 3.
    #[serde(default = "default_wrap_up_extensions")]
    pub wrap_up_extensions: u8,
    /// The codes for how a conversation went. Where there are any, finishing the work after it asks for one. Default: none.
    #[serde(default)]
    pub dispositions: Vec<Disposition>,
    /// How many conversations may wait at once; more are refused with `queueFull`. Default: no limit.
    #[serde(default)]
    pub max_waiting: Option<u32>,
    /// When it is open. Default: always.
    #[serde(default)]
    pub hours: Option<HoursConfig>,
    /// Where conversations go that it can't take, or did not serve in time. Default: nowhere.
    #[serde(default)]
    pub overflow: Option<OverflowConfig>,
    /// Where a customer goes whose transfer to an agent nobody took. Default: as the tenant says.
    #[serde(default)]
    pub on_failed_transfer: Option<FailedTransfer>,
    /// How its agents call customers.
    #[serde(default)]
    pub outbound: OutboundConfig,
    /// Links that agents see at each conversation of the queue. Default: none.
    #[serde(default)]
    pub links: Vec<LinkTemplate>,
}

/// Somebody who works for the tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserConfig {
    /// The user's id, as its tokens name it.
    pub user_id: UserId,
    /// The name to show.
    pub name: String,
    /// The roles its tokens may ask for: agent, supervisor, admin, bot. Default: agent.
    #[serde(default = "agent_only")]
    pub roles: Vec<Role>,
    /// What the user can do, each with a level from 1 to 10. Default: nothing in particular.
    #[serde(default)]
    pub skills: BTreeMap<String, u8>,
    /// The queues the user serves, as far as its skills reach. Default: all.
    #[serde(default)]
    pub queues: Vec<QueueId>,
    /// Which of its queues the user serves before others, as in the routing profiles of Amazon Connect: for this user, each level (0 to 10) is worth `ageing_ms` of
    /// waiting, on top of the queue's own priority. Whom a conversation is offered to, where several are ready, is for the queue's `agent_order` to say. Default: none before others.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub queue_priorities: BTreeMap<QueueId, u8>,
    /// The queues that the user looks after as a supervisor, with the agents who serve them; in sessions of an admin it looks after all. Default: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub supervises: Vec<QueueId>,
    /// How many conversations the user takes at once.
    #[serde(default)]
    pub capacity: Capacity,
    /// By which channels this user may be interrupted at its work on one. Default: as the tenant's `interrupted_by` says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interrupted_by: Option<InterruptedBy>,
}

impl TenantConfig {
    /// Looks for everything that is wrong, not only for the first thing.
    ///
    /// # Errors
    /// One [`ConfigProblem`] for each field that can't be used.
    pub fn check(&self) -> Result<(), Vec<ConfigProblem>> {
        check::check(self)
    }

    /// The queue of an id. Looks through the list: not for a hot path.
    pub fn queue(&self, queue_id: &QueueId) -> Option<&QueueConfig> {
        self.queues.iter().find(|q| q.queue_id == *queue_id)
    }

    /// The user of an id. Looks through the list: not for a hot path.
    pub fn user(&self, user_id: &UserId) -> Option<&UserConfig> {
        self.users.iter().find(|u| u.user_id == *user_id)
    }
}

impl UserConfig {
    /// Whether the user serves this queue: it is on its list, and every skill the queue asks for reaches the least level.
    pub fn serves(&self, queue: &QueueConfig) -> bool {
        self.lists(&queue.queue_id) && self.has_skills(&queue.skills)
    }

    /// Whether a queue is on the user's list; without a list all are.
    pub(crate) fn lists(&self, queue_id: &QueueId) -> bool {
        self.queues.is_empty() || self.queues.contains(queue_id)
    }

    /// Whether every skill asked for reaches its least level.
    pub(crate) fn has_skills(&self, asked: &BTreeMap<String, u8>) -> bool {
        asked.iter().all(|(skill, least)| self.skills.get(skill).is_some_and(|level| level >= least))
    }
}

fn default_offer_timeout_ms() -> u32 {
    20_000
}

fn one() -> u8 {
    1
}

fn yes() -> bool {
    true
}

fn default_ageing_ms() -> u32 {
    60_000
}

fn default_grace_ms() -> u32 {
    60_000
}

fn default_refusal_pause_ms() -> u32 {
    15_000
}

fn default_no_answer_pause_ms() -> u32 {
    60_000
}

fn default_wrap_up_ms() -> u32 {
    30_000
}

fn default_park_ms() -> u32 {
    30 * 60_000
}

fn default_wrap_up_extensions() -> u8 {
    3
}

fn all_channels() -> Vec<Channel> {
    Channel::ALL.to_vec()
}

fn agent_only() -> Vec<Role> {
    vec![Role::Agent]
}

#[cfg(test)]
mod tests;
