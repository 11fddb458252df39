//! What a rule made of a conversation: the queues it waits in, one after the other.

use super::RuleFailure;
use crate::{Needs, needs::is_zero};
use jackfield_wire::{ConversationId, Millis, QueueId};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A conversation has a plan, or a new one, or comes to another target of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Planned {
    /// Which conversation.
    pub conversation_id: ConversationId,
    /// The plan; `None` where it has none any more, and waits in its queue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<Plan>,
    /// Conditions that could not be evaluated on the way. They counted as false.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failures: Vec<ConditionFailed>,
}

/// The queues that a conversation waits in, one after the other.
///
/// ```text
///  targets:    0 ───timeout──▶ 1 ───timeout──▶ 2 (the last one keeps it)
///  target:     ▲ here, until then; passed over: those that are closed, full, or whose skip_if holds
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// The rule that gave it, by its id; `None` where queues overflow without rules.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<Arc<str>>,
    /// The queue that the customer asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<QueueId>,
    /// The queues.
    pub targets: Vec<PlanTarget>,
    /// The one it waits in: its place among the targets.
    pub target: u32,
    /// When it goes on to the next one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Millis>,
    /// Why it is where it is.
    pub reason: StepReason,
    /// The targets that were passed over on the way, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passed: Vec<Passed>,
}

/// One queue of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanTarget {
    /// The queue.
    pub queue_id: QueueId,
    /// The target's place in its rule; `None` where it is a queue's overflow, or what was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u32>,
    /// How long it waits here, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout_ms: Option<u32>,
    /// Its priority here.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub priority: u8,
    /// What it asks of its agent here.
    #[serde(default, skip_serializing_if = "Needs::is_empty")]
    pub needs: Needs,
    /// Who comes while the queue is full is refused, not passed on.
    #[serde(default, skip_serializing_if = "is_false")]
    pub ends_full: bool,
    /// Who comes while the queue is closed is refused, not passed on.
    #[serde(default, skip_serializing_if = "is_false")]
    pub ends_closed: bool,
}

/// Why a conversation is in the queue it is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum StepReason {
    /// It came in.
    CameIn,
    /// Its time in the target before was over.
    TimedOut,
    /// The queue before closed.
    Closed,
    /// Its time is over, or the queue closed, but no later target takes it.
    Stays,
    /// An agent gave it to this queue.
    Transferred,
    /// Rules or queues are others now.
    PlannedAnew,
}

/// A target that was passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Passed {
    /// Its place among the plan's targets.
    pub target: u32,
    /// Why.
    pub why: PassReason,
}

/// Why a target was passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PassReason {
    /// Its `skip_if` holds.
    Skipped,
    /// The queue is closed, or does not take the channel.
    Closed,
    /// The queue is full.
    Full,
    /// The queue is no longer there.
    Gone,
    /// The customer has another conversation in the queue.
    Taken,
}

/// A condition that could not be evaluated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConditionFailed {
    /// The rule, by its id.
    pub rule: Arc<str>,
    /// The target's place in the rule, where it is a target's condition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<u32>,
    /// Why.
    pub why: RuleFailure,
}

impl Plan {
    /// The targets after the one it waits in.
    pub(crate) fn later(&self) -> &[PlanTarget] {
        self.targets.get(self.target as usize + 1..).unwrap_or_default()
    }
}

impl PlanTarget {
    pub(crate) fn new(queue_id: QueueId) -> Self {
        Self {
            queue_id,
            number: None,
            timeout_ms: None,
            priority: 0,
            needs: Needs::default(),
            ends_full: false,
            ends_closed: false,
        }
    }
}

fn is_false(is: &bool) -> bool {
    !is
}
