//! What of a conversation is derived.

use super::{LineId, Place};
use crate::{
    Plan,
    decide::{external::lone, supervise::stray},
    demand::{self, Current},
    state::Conversation,
    tenant::{QueueIndex, Tenant},
};
use jackfield_wire::{ConversationState, Millis, ParticipantId, UserId};

/// What of a conversation is derived. Two of these, before and after a fact, say what to change in the index.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct ConversationFacts {
    pub(crate) number: u64,
    pub(crate) line: Option<InLine>,
    pub(crate) active: Option<QueueIndex>,
    pub(crate) wrap_ups: Vec<(Millis, ParticipantId)>,
    pub(crate) pauses: Vec<(Millis, UserId)>,
    /// Who is not to be offered it just now.
    pub(crate) barred: Vec<UserId>,
    pub(crate) orphan: bool,
    /// A monitor whose agent is gone, or who hears nobody any more.
    pub(crate) stray: bool,
    /// A telephone number with nobody to talk to.
    pub(crate) lone: bool,
    /// When it goes to the next target of its plan. Not while it is being offered: who rings is let ring.
    pub(crate) step: Option<Millis>,
    /// When it comes back to the agent who parked it.
    pub(crate) parked_until: Option<Millis>,
    /// When the customer has not answered what it is asked, or a telephone number that rings.
    pub(crate) asked_until: Option<Millis>,
    /// When its customer may be called back, or is waited for no longer.
    pub(crate) callback_due: Option<Millis>,
    /// When the look of its agent before the call ends.
    pub(crate) preview_until: Option<Millis>,
    /// Its customer was called and did not answer.
    pub(crate) unanswered: bool,
    /// When its customer may be called again.
    pub(crate) called_at: Option<Millis>,
}

/// So far behind is who yields to all customers who wait, in milliseconds: more than all priorities and ages together are worth.
const BEHIND_ALL: i64 = i64::MAX / 4;

/// A place in a line.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct InLine {
    pub(crate) line: LineId,
    pub(crate) place: Place,
    /// What it is worth against the heads of other lines.
    pub(crate) turn: Place,
    /// Since when it is shown as waiting.
    pub(crate) arrived: Millis,
    pub(crate) now: Current,
    /// Not offered to anybody at present.
    pub(crate) open: bool,
    /// Its customer is to be called back.
    pub(crate) called_back: bool,
    /// Not to be offered to anybody at present: its customer is to be called back later, or can't be reached.
    pub(crate) aside: bool,
    /// Its customer is to be called: it is no customer who waits, and has no place among those.
    pub(crate) outbound: bool,
}

impl ConversationFacts {
    pub(crate) fn of(tenant: &Tenant, conversation: &Conversation) -> Self {
        let queue = tenant.queue_index(&conversation.queue_id);
        let waiting = conversation.is_waiting();
        let plan = conversation.plan.as_deref().filter(|_| is_open(conversation));
        let gone = |plan: &Plan| plan.later().iter().any(|t| tenant.queue_index(&t.queue_id).is_none());
        Self {
            number: conversation.number,
            line: queue.filter(|_| waiting).map(|queue| InLine::of(tenant, queue, conversation)),
            active: queue.filter(|_| conversation.state == ConversationState::Active),
            wrap_ups: conversation.wrap_ups().collect(),
            barred: barred(conversation),
            pauses: conversation.pauses.iter().map(|p| (p.until, p.user_id.clone())).collect(),
            orphan: waiting && queue.is_none() || plan.is_some_and(gone),
            stray: stray(tenant, conversation).is_some(),
            lone: lone(conversation).is_some(),
            step: plan.and_then(|plan| plan.until),
            parked_until: parked_until(tenant, conversation),
            callback_due: conversation.callback.as_ref().filter(|_| waiting).and_then(|callback| {
                callback.due(tenant.queue(&conversation.queue_id).map_or(0, |queue| queue.callbacks.keep_ms))
            }),
            asked_until: conversation.pending.as_ref().and_then(|pending| pending.until),
            preview_until: conversation.preview_until(),
            unanswered: conversation.is_unanswered(),
            called_at: conversation.called_at(),
        }
    }
}

fn is_open(conversation: &Conversation) -> bool {
    conversation.state == ConversationState::Queued
        && conversation.offers.is_empty()
        && !conversation.is_aside()
}

fn parked_until(tenant: &Tenant, conversation: &Conversation) -> Option<Millis> {
    let parked = conversation.state == ConversationState::Parked;
    let park_ms = tenant.queue(&conversation.queue_id).map_or(0, |queue| queue.park_ms);
    parked.then(|| conversation.state_since.saturating_add(u64::from(park_ms)))
}

/// Who is not to be offered it just now: who has turned it down, or is still at the work after its part in it.
fn barred(conversation: &Conversation) -> Vec<UserId> {
    if !conversation.is_waiting() {
        return Vec::new();
    }
    let parties = conversation.participants.iter().filter(|p| !p.is_customer()).map(|p| &p.user_id);
    conversation.pauses.iter().map(|p| &p.user_id).chain(parties).cloned().collect()
}

/// Whether it lets all customers go first who wait: nobody waits for it.
fn yields(tenant: &Tenant, queue: QueueIndex, conversation: &Conversation) -> bool {
    let first = tenant.queue_at(queue).is_some_and(|queue| queue.outbound.customers_first);
    first && conversation.is_to_be_called()
}

impl InLine {
    fn of(tenant: &Tenant, queue: QueueIndex, conversation: &Conversation) -> Self {
        let start = i64::try_from(conversation.virtual_start()).unwrap_or(i64::MAX / 2);
        let worth = tenant.worth_of(queue, conversation.priority);
        let behind = if yields(tenant, queue, conversation) { BEHIND_ALL } else { 0 };
        let number = conversation.number;
        let turn = Place { score: start.saturating_sub(worth).saturating_add(behind), number };
        let latest = start.saturating_add(worth).saturating_neg();
        let last_in = Place { score: latest.saturating_add(behind), number: u64::MAX - number };
        Self {
            line: LineId { queue, channel: conversation.channel },
            place: if tenant.is_last_in(queue) { last_in } else { turn },
            turn,
            arrived: conversation.waits_since(),
            now: demand::current(tenant, queue, conversation),
            open: is_open(conversation),
            called_back: conversation.callback.is_some(),
            aside: conversation.is_aside(),
            outbound: conversation.is_to_be_called(),
        }
    }
}
