//! A print of what conversations are placed by: where two configurations have the same, who waits would be placed alike.

use super::{HoursConfig, OverflowConfig, RuleConfig, compiled::Rule};
use crate::{RingConfig, TenantConfig};
use jackfield_wire::{Channel, QueueId, UserId};
use serde::Serialize;

/// What of a configuration says where a conversation waits, when it goes on, and when its demands relax.
#[derive(Serialize)]
struct Placing<'a> {
    time_zone: Option<&'a str>,
    rules: &'a [RuleConfig],
    queues: Vec<Queue<'a>>,
    /// Who may be meant by name, where a rule names somebody.
    users: Vec<&'a UserId>,
}

#[derive(Serialize)]
struct Queue<'a> {
    queue_id: &'a QueueId,
    channels: &'a [Channel],
    hours: Option<&'a HoursConfig>,
    overflow: Option<&'a OverflowConfig>,
    rings: &'a [RingConfig],
}

/// The print of a configuration; 0 where no conversation ever moves or relaxes by itself.
pub(super) fn of_config(config: &TenantConfig) -> u64 {
    let moves = config.queues.iter().any(|queue| queue.overflow.is_some() || !queue.rings.is_empty());
    if config.rules.is_empty() && !moves {
        return 0;
    }
    let queues = config.queues.iter().map(|queue| Queue {
        queue_id: &queue.queue_id,
        channels: &queue.channels,
        hours: queue.hours.as_ref(),
        overflow: queue.overflow.as_ref(),
        rings: &queue.rings,
    });
    let by_name = config.rules.iter().any(|rule| rule.agent.is_some() || rule.agent_from.is_some());
    let users = config.users.iter().map(|user| &user.user_id).filter(|_| by_name);
    hash(&Placing {
        time_zone: config.time_zone.as_deref(),
        rules: &config.rules,
        queues: queues.collect(),
        users: users.collect(),
    })
}

/// The same, with the agents for whom the rules' conditions hold now.
pub(super) fn with_agents(of_config: u64, rules: &[Rule]) -> u64 {
    let lists: Vec<_> = rules.iter().flat_map(|rule| &rule.targets).map(|target| &target.agents).collect();
    if lists.iter().any(|agents| agents.is_some()) { hash(&(of_config, lists)) } else { of_config }
}

/// FNV-1a of the value as JSON: the same on every machine, as the state that keeps it is.
fn hash(value: &impl Serialize) -> u64 {
    let text = serde_json::to_string(value).unwrap_or_default();
    let fold = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    text.bytes().fold(0xcbf2_9ce4_8422_2325, fold).max(1)
}
