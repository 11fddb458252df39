//! What one conversation asks of its agent, beside what its queue asks.

use jackfield_wire::{Millis, UserId};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, ops::RangeInclusive};

/// Skills by name, each with a level from 1 to 10.
pub type Skills = BTreeMap<String, u8>;

/// The levels that there are.
pub(crate) const LEVELS: RangeInclusive<u8> = 1..=10;

/// What one conversation asks of its agent, beside what its queue asks: set by rules, at its start, or by a transfer.
///
/// The queue's demand and this one hold together: of a skill that both name, the higher level counts. Each relaxes on its own timeline,
/// which begins when the conversation comes into the queue.
///
/// ```
/// # use jackfield_exchange::Needs;
/// // For a minute only Mina; then, for half a minute, whoever speaks French well; then whoever the queue takes.
/// let needs: Needs = serde_json::from_str(r#"{
///     "agent": { "userId": "mina", "fallbackAfterMs": 60000 },
///     "skills": { "french": 7 },
///     "rings": [{ "after_ms": 90000, "skills": {} }]
/// }"#)?;
/// assert_eq!(needs.skills["french"], 7);
/// assert_eq!(needs.rings[0].after_ms, 90_000);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Needs {
    /// Skills that the agent must have, each with the least level.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub skills: Skills,
    /// Skills that are welcome: of the agents who fit, those go first who have more of these at the level.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub preferred: Skills,
    /// Only these agents, from the beginning on; where the list is empty, nobody. Left out: all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agents: Option<Vec<UserId>>,
    /// The one agent it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<DirectAgent>,
    /// How these demands (not the queue's) relax while it waits.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rings: Vec<RingConfig>,
}

impl Needs {
    /// Whether nothing is asked for beside the queue's own demands.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// One agent by name. Neither skills nor the agent's list of queues are looked at: it is the person that is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DirectAgent {
    /// Who.
    pub user_id: UserId,
    /// After how much waiting in the queue anybody who fits will do, in milliseconds; 0: at once, unless this agent is ready. Once this agent has turned it down, or
    /// left it unanswered, anybody will do at once. Left out: never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback_after_ms: Option<u32>,
}

/// A step of a timeline on which demands relax. What a ring does not name stays as it was before.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RingConfig {
    /// After how much waiting in the queue, in milliseconds; each ring later than the one before.
    pub after_ms: u32,
    /// The required skills from then on, in place of those before; `{}` for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skills: Option<Skills>,
    /// The preferred skills from then on, in place of those before; `{}` for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferred: Option<Skills>,
    /// Only these agents from then on; `[]` for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agents: Option<Vec<UserId>>,
}

/// Where a waiting conversation is placed, and with which demands: the fact [`Event::Routed`](crate::Event::Routed).
///
/// It (re)places a conversation that waits: its queue, its place in line and its demands are these from now on, and the timeline of rings begins anew, unless it stays in its queue.
/// It changes no state and ends no offer: where one is open and the queue is another, `OfferEnded` comes before it. For a conversation that is with an agent and goes (back) to a queue it
/// comes before the `StateChanged` to queued, so that it never stands in the old line. Pauses after refusals hold on, the waiting time seen
/// by customers and statistics (`created_at`) too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Routing {
    /// Which conversation.
    pub conversation_id: jackfield_wire::ConversationId,
    /// The queue that it waits in from now on.
    pub queue_id: jackfield_wire::QueueId,
    /// Its own priority, on top of the queue's: each level is worth the tenant's `ageing_ms` of waiting.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub priority: u8,
    /// Since when it is held to be waiting. A callback or a transfer keeps the time of its first arrival; a time back then is a better place.
    pub virtual_start: Millis,
    /// What it asks of its agent beside what the queue asks.
    #[serde(default, skip_serializing_if = "Needs::is_empty")]
    pub needs: Needs,
    /// The rule that placed it, by its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<std::sync::Arc<str>>,
    /// How far its timeline has come, where it stays in its queue and the timeline does not begin anew. Its offers stay open then, as far as who is asked still fits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stays: Option<Stays>,
    /// Whether a person said so: rules that change later leave it where it is.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ordered: bool,
}

/// How far the timeline of a conversation has come that stays in its queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Stays {
    /// Since when it has been in the queue.
    pub since: Millis,
    /// The step that it has come to.
    pub ring: u8,
}

pub(crate) fn is_zero(number: &u8) -> bool {
    *number == 0
}
