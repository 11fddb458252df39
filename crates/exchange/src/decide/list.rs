//! A queue's list: customers to be called, who wait for an agent of the queue.
//!
//! ```text
//!  startOutbound, by who supervises ──▶ waiting ──offered, accepted──▶ preview ──dial──▶ calling ──answered──▶ reached
//!                                        ▲ │ ▲                           │                  │
//!                   skip, by a supervisor  │ ├── the agent is lost: at once ────────────────┤
//!                              ┌───────────┘ └── skipped, not answered: after retry_ms ─────┤
//!                              ▼                                                            ▼
//!                         ended: skipped                         wrapUp, ended: skipped, unreached (`attempts` times)
//! ```
//!
//! It is placed by the rules as one who comes in is. Nobody waits for it: it is in no count of those who wait, and is told no place.

use super::{
    Caller, Facts,
    call::{changed, progressed},
    ending::{left, state_changed},
    outbound::Wanted,
    wrong_state,
};
use crate::{
    Decision, Event, Exchange, Identity, NewConversation, Outbound, Progress,
    rules::{Arrival, Placement},
    state::{Conversation, Participant},
};
use jackfield_wire::{
    Attributes, ConversationId, ConversationState, EndReason, LeaveReason, Millis, OutboundStage, Outcome,
    SessionId, Target, UserId, WireError,
};

impl Exchange {
    /// Who supervises puts a customer on a queue's list.
    pub(super) fn list(
        &self,
        caller: Caller<'_>,
        wanted: &Wanted<'_>,
        (target, who, attributes): (Target, Identity, Attributes),
        now: Millis,
    ) -> Result<Decision, WireError> {
        let arrival = Arrival {
            asked: Some(wanted.queue_id),
            channel: wanted.channel,
            subject: wanted.subject,
            attributes: &attributes,
            customer: who.user_id.as_str(),
            of_token: &who.attributes,
            waited_ms: 0,
            outbound: true,
        };
        let Placement { target: place, rule, plan, head_start_ms, failures } =
            self.place_arrival(arrival, now)?;
        let (by, progress) = (caller.who.user_id.clone(), Progress::at(OutboundStage::Waiting));
        let new = NewConversation {
            conversation_id: self.state.counters.next_conversation(),
            queue_id: place.queue_id,
            channel: wanted.channel,
            subject: wanted.subject.map(str::to_owned),
            attributes,
            participant_id: self.state.counters.next_participant(),
            who,
            session: caller.session.clone(),
            priority: place.priority,
            virtual_start: (head_start_ms > 0).then(|| now.saturating_sub(head_start_ms.into())),
            needs: place.needs,
            rule,
            outbound: Some(Box::new(Outbound { target, by, queued: true, progress })),
        };
        let planned = self.planned(&new.conversation_id, plan, failures);
        let outcome = Outcome::ConversationStarted { conversation_id: new.conversation_id.clone() };
        let started = Event::ConversationStarted(Box::new(new));
        Ok(Decision { events: std::iter::once(started).chain(planned).collect(), outcome })
    }

    /// Who supervises takes a customer off the list whom no agent has.
    pub(super) fn withdraw(
        &self,
        caller: Caller<'_>,
        id: &ConversationId,
        reason: Option<&str>,
        now: Millis,
    ) -> Facts {
        let conversation = self.supervised(caller, id)?;
        if !conversation.is_to_be_called() {
            return Err(wrong_state(
                "the conversation is on no queue's list; its agent has it, or it is none",
            ));
        }
        let mut events = vec![skipped(id, (None, Some(&caller.who.user_id)), reason)];
        events.extend(self.over(conversation, EndReason::Skipped, None, now));
        Ok(events)
    }

    /// An agent has accepted to call: it looks first.
    pub(super) fn previewed(
        &self,
        session: &SessionId,
        conversation: &Conversation,
        now: Millis,
    ) -> Option<Event> {
        let outbound = conversation.outbound.as_deref().filter(|_| conversation.is_unreached())?;
        let preview_ms =
            self.tenant.queue(&conversation.queue_id).map_or(0, |queue| queue.outbound.preview_ms);
        let (attempts, until) = (outbound.progress.attempts, Some(now + u64::from(preview_ms)));
        let preview = Progress::at(OutboundStage::Preview);
        Some(changed(conversation, Progress { until, session: Some(session.clone()), attempts, ..preview }))
    }

    /// Nobody was reached this time: who is on a list is called again later, as often as the queue says; else it is over.
    pub(super) fn not_this_time(
        &self,
        conversation: &Conversation,
        reason: EndReason,
        now: Millis,
    ) -> Vec<Event> {
        let listed = conversation.outbound.as_deref().filter(|outbound| outbound.queued);
        let again = listed.zip(self.tenant.queue(&conversation.queue_id)).and_then(|(listed, queue)| {
            let attempts = listed.progress.attempts.saturating_add(1);
            let at = Some(now.saturating_add(u64::from(queue.outbound.retry_ms)));
            let waiting = Progress::at(OutboundStage::Waiting);
            (attempts < queue.outbound.attempts).then_some(Progress { attempts, at, ..waiting })
        });
        match again {
            Some(progress) => self.back_to_list(conversation, progress, now),
            None => self.over(conversation, reason, None, now),
        }
    }

    /// It waits for an agent again. Who was called leaves; an agent who called goes to the work after it, one who only looked does not.
    fn back_to_list(&self, conversation: &Conversation, progress: Progress, now: Millis) -> Vec<Event> {
        // First, so that who goes to the work after it sees that it is called again.
        let mut events = vec![changed(conversation, progress)];
        for gone in conversation.participants.iter().filter(|p| !p.is_wrapping()) {
            if gone.seat.owner && !conversation.is_previewed() {
                events.extend(self.steps_out(conversation, gone, LeaveReason::Left, now));
            } else {
                events.push(left(conversation, gone, LeaveReason::Ended));
            }
        }
        events.push(state_changed(conversation, ConversationState::Queued, None));
        events
    }

    /// Its agent is lost before the customer has answered: who is on a list waits for the next agent, at once.
    pub(super) fn caller_gone(
        &self,
        conversation: &Conversation,
        gone: &Participant,
        how: LeaveReason,
        now: Millis,
    ) -> Vec<Event> {
        let listed = conversation.outbound.as_deref().filter(|outbound| outbound.queued);
        if listed.is_none() || self.tenant.queue(&conversation.queue_id).is_none() {
            return self.over(conversation, EndReason::AgentLost, Some((&gone.participant_id, how)), now);
        }
        let own = |p: &Participant| p.participant_id == gone.participant_id;
        let leaving = conversation.participants.iter().filter(|p| !p.is_wrapping());
        let leaving = leaving.map(|p| left(conversation, p, if own(p) { how } else { LeaveReason::Ended }));
        let mut events: Vec<_> = leaving.collect();
        events.push(progressed(conversation, OutboundStage::Waiting));
        events.push(state_changed(conversation, ConversationState::Queued, None));
        events
    }

    /// The time before which a customer was not to be called again is over.
    pub(crate) fn call_again(&self, id: &ConversationId) -> Vec<Event> {
        let conversation = self.state.conversations.get(id).filter(|c| c.is_to_be_called());
        conversation.map(|c| progressed(c, OutboundStage::Waiting)).into_iter().collect()
    }
}

/// By its agent, or by who supervises.
pub(super) fn skipped(
    id: &ConversationId,
    (agent, by): (Option<&Participant>, Option<&UserId>),
    reason: Option<&str>,
) -> Event {
    Event::Skipped {
        conversation_id: id.clone(),
        participant_id: agent.map(|agent| agent.participant_id.clone()),
        by: by.cloned(),
        reason: reason.map(str::to_owned),
    }
}
