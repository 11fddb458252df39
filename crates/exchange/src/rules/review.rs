//! Rules, overflows and rings that change: those who wait are held against the new ones, each of them once.
//!
//! ```text
//!  as it came in now ──▶ the same rule, and its queue is still a target of it ──▶ stays, with what the target says now
//!                    ──▶ another rule, or another queue ──▶ the first target that takes it: there with its age, or stays where that is its queue
//!                    ──▶ nothing, or nothing that takes it ──▶ stays
//!  placed by a person, an agent has had it, or its customer is called back ──▶ stays
//! ```

use super::{Plan, StepReason, route::Draft, route::Placement, route::short};
use crate::{
    Event, Exchange, Stays,
    demand::{self, Step},
    state::{Conversation, Going},
};
use jackfield_wire::{Attributes, ConversationId, Millis, OfferEndReason, OfferOutcome, UserId};
use std::ops::Bound;

/// So many conversations are looked at before everything else has its turn again: some milliseconds of work.
const AT_ONCE: u32 = if cfg!(test) { 3 } else { 200 };
/// How long everything else has its turn, in milliseconds.
const PACE_MS: u64 = 10;

impl Exchange {
    /// Holds those who wait against rules that are others now: up to the first for whom something follows.
    pub(crate) fn review(&self, now: Millis) -> Vec<Event> {
        let Some((going, room)) = self.review_now(now) else { return Vec::new() };
        let (rules, mut looked) = (self.tenant.rules.print, 0);
        for (id, conversation) in self.under_review(&going) {
            looked += 1;
            let mut events = self.reviewed(conversation, now);
            if !events.is_empty() || looked == room {
                events.push(Event::Reviewed { rules, after: Some(id.clone()), looked });
                return events;
            }
        }
        vec![Event::Reviewed { rules, after: None, looked }]
    }

    /// When it goes on, where it was interrupted so that everything else has its turn.
    pub(crate) fn review_deadline(&self) -> Option<Millis> {
        let going = self.state.review.going.as_ref().filter(|going| going.looked >= AT_ONCE);
        going.map(|going| going.at.saturating_add(PACE_MS))
    }

    /// Where it stands, and how many are to be looked at now; `None` where there is nothing to do.
    fn review_now(&self, now: Millis) -> Option<(Going, u32)> {
        let review = &self.state.review;
        if review.rules != self.tenant.rules.print {
            let came = self.state.counters.conversations;
            return Some((Going { came, ..Going::default() }, AT_ONCE));
        }
        let going = review.going.clone()?;
        let room = if going.at == now { AT_ONCE.saturating_sub(going.looked) } else { AT_ONCE };
        let waits = self.review_deadline().is_some_and(|at| now < at);
        (room > 0 && !waits).then_some((going, room))
    }

    fn under_review(&self, going: &Going) -> impl Iterator<Item = (&ConversationId, &Conversation)> {
        let after = going.after.clone().map_or(Bound::Unbounded, Bound::Excluded);
        let came = going.came;
        let rest = self.state.conversations.range((after, Bound::Unbounded));
        rest.filter(move |(_, c)| c.is_waiting() && c.number <= came)
    }

    fn reviewed(&self, conversation: &Conversation, now: Millis) -> Vec<Event> {
        let mut events =
            if conversation.keeps_queue() { Vec::new() } else { self.placed_by_new_rules(conversation, now) };
        if !events.iter().any(|event| matches!(event, Event::Routed(_))) {
            events.extend(self.ring_taken_back(conversation, now));
        }
        events
    }

    /// A timeline that is another now may not have come so far yet. Where it has come further, `rings` follows.
    fn ring_taken_back(&self, conversation: &Conversation, now: Millis) -> Option<Event> {
        let queue = self.tenant.queue_index(&conversation.queue_id)?;
        let steps = demand::timeline(&self.tenant, queue, conversation);
        let waited = now.saturating_sub(conversation.queued_at());
        let back = usize::from(conversation.ring) > come(&steps, |after_ms| after_ms <= waited);
        back.then(|| Event::RingReached {
            conversation_id: conversation.conversation_id.clone(),
            ring: ring(&steps, waited),
        })
    }

    fn placed_by_new_rules(&self, conversation: &Conversation, now: Millis) -> Vec<Event> {
        let (id, none) = (&conversation.conversation_id, Attributes::new());
        let asked = self.asked_for(conversation);
        let arrival = self.arrival_of(conversation, asked, &none, now);
        let facts = self.arrival_facts(arrival, now);
        let mut draft = self.draft(arrival, &facts);
        if draft.targets.is_empty() {
            return self.planned(id, None, Vec::new()).into_iter().collect();
        }
        let (chosen, passed) = match self.stays_at(conversation, &draft) {
            Some(n) => (n, Vec::new()),
            None => {
                let which = (conversation.channel, Some(conversation));
                let choice = self.choose_target(draft.rule(), &draft.targets, 0, which, facts, now);
                draft.failures.extend(choice.failures);
                let Some(n) = choice.taken.or(choice.skipped) else { return Vec::new() };
                (n, choice.passed)
            }
        };
        let placement = self.placement(draft, chosen, passed, asked, StepReason::PlannedAnew, now);
        if placement.target.queue_id == conversation.queue_id {
            self.stays_with(conversation, placement, (chosen, now))
        } else {
            self.goes_to(conversation, placement)
        }
    }

    /// The target that it waits in already, by a rule that still holds for it: it is not sent back to one that it has passed.
    fn stays_at(&self, conversation: &Conversation, draft: &Draft) -> Option<usize> {
        let takes = self.tenant.queue(&conversation.queue_id)?.channels.contains(&conversation.channel);
        if !takes || draft.rule() != conversation.rule.as_deref() {
            return None;
        }
        let here = |n: &usize| draft.targets.get(*n).is_some_and(|t| t.queue_id == conversation.queue_id);
        let before = conversation.plan.as_deref().map(|plan| plan.target as usize);
        before.filter(here).or_else(|| (0..draft.targets.len()).find(here))
    }

    /// It waits elsewhere from now on. Who was asked was asked by a queue that it is no longer in.
    pub(super) fn goes_to(&self, conversation: &Conversation, placement: Placement) -> Vec<Event> {
        let Placement { target, rule, plan, failures, .. } = placement;
        let mut events =
            self.end_open_offers(conversation, OfferOutcome::Rescinded, OfferEndReason::RoutedElsewhere);
        events.push(Event::Routed(Box::new(super::step::routing(conversation, &target, rule))));
        events.extend(self.planned(&conversation.conversation_id, plan, failures));
        events
    }

    /// It stays in its queue, with what the new rules say of it there; nothing follows where they say the same.
    fn stays_with(
        &self,
        conversation: &Conversation,
        placement: Placement,
        (chosen, now): (usize, Millis),
    ) -> Vec<Event> {
        let Placement { mut target, rule, plan, failures, .. } = placement;
        target.priority = self.ordered_priority(conversation).unwrap_or(target.priority);
        target.needs.agent.take_if(|agent| self.has_passed(conversation, &agent.user_id));
        let plan = plan.map(|plan| self.carried_on(conversation, plan, (chosen, now)));
        let asks_the_same = conversation.needs.as_deref().cloned().unwrap_or_default() == target.needs;
        let same = asks_the_same && (conversation.priority, &conversation.rule) == (target.priority, &rule);
        if same && plan.as_ref() == conversation.plan.as_deref() {
            return Vec::new();
        }
        let mut events = Vec::new();
        if !same {
            let since = conversation.queued_at();
            let mut routing = super::step::routing(conversation, &target, rule);
            let steps = self.tenant.queue_index(&routing.queue_id);
            let steps = steps.map(|queue| demand::timeline_of(&self.tenant, queue, Some(&routing.needs)));
            let ring = ring(&steps.unwrap_or_default(), now.saturating_sub(since));
            routing.stays = Some(Stays { since, ring });
            events.push(Event::Routed(Box::new(routing)));
        }
        events.extend(self.planned(&conversation.conversation_id, plan, failures));
        events
    }

    /// The priority that a supervisor gave it, where it is not that of its target.
    fn ordered_priority(&self, conversation: &Conversation) -> Option<u8> {
        let plan = conversation.plan.as_deref();
        let target = plan.and_then(|plan| plan.targets.get(plan.target as usize));
        let given = target.map_or(0, |target| target.priority);
        Some(conversation.priority).filter(|priority| *priority != given)
    }

    /// Whether it was for one agent by name, who did not take it: it is not for that one again.
    fn has_passed(&self, conversation: &Conversation, user_id: &UserId) -> bool {
        let plan = conversation.plan.as_deref();
        let target = plan.and_then(|plan| plan.targets.get(plan.target as usize));
        let meant = target.and_then(|target| target.needs.agent.as_ref());
        let still = conversation.needs.as_ref().is_some_and(|needs| needs.agent.is_some());
        !still && meant.is_some_and(|agent| agent.user_id == *user_id)
    }

    /// A plan of who has been in its target for a while.
    fn carried_on(&self, conversation: &Conversation, plan: Plan, (chosen, now): (usize, Millis)) -> Plan {
        let until = self.goes_on_at(&plan.targets, chosen, (conversation.queued_at(), now));
        let plan = Plan { target: short(chosen), until, ..plan };
        let before = conversation.plan.as_deref();
        let before = before.filter(|before| {
            (&before.rule, &before.targets, before.target) == (&plan.rule, &plan.targets, plan.target)
        });
        let Some(before) = before else { return plan };
        // Where it stays because no target takes it, the next look is not at the target's own time.
        let until = if before.reason == StepReason::Stays { before.until } else { plan.until };
        Plan { until, reason: before.reason, passed: before.passed.clone(), ..plan }
    }
}

/// The step of a timeline that is reached without doubt: who fits at the time of the next one is asked first.
fn ring(steps: &[Step], waited: u64) -> u8 {
    u8::try_from(come(steps, |after_ms| after_ms < waited)).unwrap_or(u8::MAX)
}

fn come(steps: &[Step], reached: impl Fn(u64) -> bool) -> usize {
    steps.iter().skip(1).take_while(|step| reached(u64::from(step.after_ms))).count()
}
