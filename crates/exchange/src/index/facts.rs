//! What of a conversation is derived.

use super::{LineId, Place};
use crate::{
    Plan,
    decide::supervise::stray,
    state::Conversation,
    tenant::{QueueIndex, Tenant},
};
use jackfield_wire::{ConversationState, Millis, ParticipantId, UserId};

/// What of a conversation is derived. Two of these, before and after a fact, say what to change in the index.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct ConversationFacts {
    pub(crate) line: Option<InLine>,
    pub(crate) active: Option<QueueIndex>,
    pub(crate) wrap_ups: Vec<(Millis, ParticipantId)>,
    pub(crate) pauses: Vec<(Millis, UserId)>,
    pub(crate) orphan: bool,
    /// A monitor whose agent is gone, or who hears nobody any more.
    pub(crate) stray: bool,
    /// When it goes to the next target of its plan. Not while it is being offered: who rings is let ring.
    pub(crate) step: Option<Millis>,
    /// When it comes back to the agent who parked it.
    pub(crate) parked_until: Option<Millis>,
}

/// A place in a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct InLine {
    pub(crate) line: LineId,
    pub(crate) place: Place,
    /// Not offered to anybody at present.
    pub(crate) open: bool,
}

impl ConversationFacts {
    pub(crate) fn of(tenant: &Tenant, conversation: &Conversation) -> Self {
        let queue = tenant.queue_index(&conversation.queue_id);
        let waiting = conversation.is_waiting();
        let line = queue.filter(|_| waiting).map(|queue| InLine {
            line: LineId { queue, channel: conversation.channel },
            place: Place { arrived: conversation.virtual_start(), number: conversation.number },
            open: is_open(conversation),
        });
        let plan = conversation.plan.as_deref().filter(|_| is_open(conversation));
        let gone = |plan: &Plan| plan.later().iter().any(|t| tenant.queue_index(&t.queue_id).is_none());
        Self {
            line,
            active: queue.filter(|_| conversation.state == ConversationState::Active),
            wrap_ups: conversation.wrap_ups().collect(),
            pauses: conversation.pauses.iter().map(|p| (p.until, p.user_id.clone())).collect(),
            orphan: waiting && queue.is_none() || plan.is_some_and(gone),
            stray: stray(conversation).is_some(),
            step: plan.and_then(|plan| plan.until),
            parked_until: parked_until(tenant, conversation),
        }
    }
}

fn is_open(conversation: &Conversation) -> bool {
    conversation.state == ConversationState::Queued && conversation.offers.is_empty()
}

fn parked_until(tenant: &Tenant, conversation: &Conversation) -> Option<Millis> {
    let parked = conversation.state == ConversationState::Parked;
    let park_ms = tenant.queue(&conversation.queue_id).map_or(0, |queue| queue.park_ms);
    parked.then(|| conversation.state_since.saturating_add(u64::from(park_ms)))
}
