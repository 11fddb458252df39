//! What happens to a plan later: its time is over, or the configuration is another.

use super::{Arrival, ConditionFailed, Plan, PlanTarget, Planned, StepReason, route::Placement};
use crate::{Event, Exchange, Needs, Routing, state::Conversation};
use jackfield_wire::{Attributes, ConversationId, Millis, QueueId, WireError};

/// A conversation that no later target takes looks again after its target's time-out, but no sooner than this, in milliseconds.
const LOOKS_AGAIN_MS: u64 = 30_000;

impl Exchange {
    /// The time of a conversation in its target is over: it goes to the next one that takes it, with its virtual start, or stays.
    pub(crate) fn target_timed_out(&self, id: &ConversationId, now: Millis) -> Vec<Event> {
        let conversation = self.state.conversations.get(id);
        let Some((conversation, plan)) = conversation.and_then(|c| Some((c, c.plan.as_deref()?))) else {
            return Vec::new();
        };
        let none = Attributes::new();
        let facts = self.arrival_facts(self.arrival_of(conversation, plan.asked.as_ref(), &none, now), now);
        let (rule, next) = (plan.rule.as_deref(), plan.target as usize + 1);
        let choice = self.choose_target(
            rule,
            &plan.targets,
            next,
            (conversation.channel, Some(conversation)),
            facts,
            now,
        );
        let mut plan = Plan { passed: choice.passed, ..plan.clone() };
        let mut events = Vec::new();
        if let Some((n, target)) = choice.taken.and_then(|n| Some((n, plan.targets.get(n)?))) {
            let closed =
                self.tenant.queue_index(&conversation.queue_id).is_some_and(|q| !self.is_open(q, now));
            plan.reason = if closed { StepReason::Closed } else { StepReason::TimedOut };
            plan.until = self.goes_on_at(&plan.targets, n, (now, now));
            plan.target = super::route::short(n);
            let ordered = conversation.by_hand;
            let routing = Routing { ordered, ..routing(conversation, target, plan.rule.clone()) };
            events.push(Event::Routed(Box::new(routing)));
        } else {
            let again = plan.targets.get(plan.target as usize).and_then(|t| t.timeout_ms).map(u64::from);
            plan.until = Some(now.saturating_add(again.unwrap_or_default().max(LOOKS_AGAIN_MS)));
            plan.reason = StepReason::Stays;
        }
        events.extend(self.planned(id, Some(plan), choice.failures));
        events
    }

    /// A waiting conversation whose queue, or a later one of its plan, is gone from the configuration: the rules say anew where it waits. `None` where they
    /// say nothing. It came in once: neither opening hours nor a full queue turn it away now.
    pub(crate) fn plan_anew(&self, conversation: &Conversation, now: Millis) -> Option<Vec<Event>> {
        let (id, none) = (&conversation.conversation_id, Attributes::new());
        let queue = Some(&conversation.queue_id).filter(|id| self.tenant.queue_index(id).is_some());
        if conversation.keeps_queue() && queue.is_some() {
            return Some(self.planned(id, self.without_gone(conversation), Vec::new()).into_iter().collect());
        }
        let asked = self.asked_for(conversation);
        let arrival = self.arrival_of(conversation, asked, &none, now);
        let facts = self.arrival_facts(arrival, now);
        let mut draft = self.draft(arrival, &facts);
        if draft.targets.is_empty() && queue.is_none() {
            draft.targets = self.left_of_plan(conversation);
        }
        if draft.targets.is_empty() {
            // Nobody says where to; where its queue is still there, it stays in it.
            return queue.map(|_| self.planned(id, None, draft.failures).into_iter().collect());
        }
        let rule = draft.rule();
        let choice = self.choose_target(
            rule,
            &draft.targets,
            0,
            (conversation.channel, Some(conversation)),
            facts,
            now,
        );
        let chosen = choice.taken.or(choice.skipped).unwrap_or(0);
        draft.failures.extend(choice.failures);
        let reason = StepReason::PlannedAnew;
        let placement = self.placement(draft, chosen, choice.passed, asked, reason, now);
        Some(self.goes_to(conversation, placement))
    }

    /// The queue that a customer asked for, as far as that is known and still there; or the one it waits in.
    pub(super) fn asked_for<'a>(&self, conversation: &'a Conversation) -> Option<&'a QueueId> {
        let is_there = |id: &&QueueId| self.tenant.queue_index(id).is_some();
        let asked = conversation.plan.as_deref().and_then(|plan| plan.asked.as_ref());
        asked.filter(is_there).or(Some(&conversation.queue_id).filter(is_there))
    }

    /// The targets of a plan that are still there, where neither a rule nor a queue that was asked for is: the later ones first.
    fn left_of_plan(&self, conversation: &Conversation) -> Vec<PlanTarget> {
        let Some(plan) = conversation.plan.as_deref() else { return Vec::new() };
        let (passed, later) = (plan.targets.iter().take(plan.target as usize), plan.later().iter());
        let left = later.chain(passed).filter(|target| self.tenant.queue_index(&target.queue_id).is_some());
        left.map(|target| PlanTarget { number: None, ..target.clone() }).collect()
    }

    /// The plan of a conversation that stays in its queue, without the queues that are gone.
    fn without_gone(&self, conversation: &Conversation) -> Option<Plan> {
        let mut plan = conversation.plan.as_deref()?.clone();
        let here = plan.targets.get(plan.target as usize).cloned()?;
        let later = plan.later().iter().filter(|t| self.tenant.queue_index(&t.queue_id).is_some()).cloned();
        plan.targets = std::iter::once(here).chain(later).collect();
        (plan.target, plan.passed) = (0, Vec::new());
        plan.until = plan.until.filter(|_| plan.targets.len() > 1);
        Some(plan)
    }

    /// The fact that a conversation has a plan, or no longer one; none where there is nothing to say.
    pub(crate) fn planned(
        &self,
        id: &ConversationId,
        plan: Option<Plan>,
        failures: Vec<ConditionFailed>,
    ) -> Option<Event> {
        let had = self.state.conversations.get(id).is_some_and(|c| c.plan.is_some());
        let says = plan.is_some() || had || !failures.is_empty();
        says.then(|| Event::Planned(Box::new(Planned { conversation_id: id.clone(), plan, failures })))
    }

    /// Where a conversation waits that an agent gives to a queue: in the queue, as the rules have it, or where that overflows. Gives the facts that place it; the
    /// state it comes to goes between them.
    ///
    /// Where the rule that holds for it has the queue among its targets, it goes on from that target on. Else the queue and those that it overflows into are its plan.
    /// It is for anybody in the queue: of rules for one agent by name nothing is left.
    ///
    /// # Errors
    /// `queueClosed` and `queueFull` where none of these takes it.
    pub(crate) fn place_transfer(
        &self,
        conversation: &Conversation,
        queue_id: &QueueId,
        now: Millis,
    ) -> Result<(Event, Option<Event>), WireError> {
        let none = Attributes::new();
        let arrival = self.arrival_of(conversation, Some(queue_id), &none, now);
        let facts = self.arrival_facts(arrival, now);
        let mut draft = self.draft(arrival, &facts);
        let named = draft.targets.iter().position(|target| target.queue_id == *queue_id);
        if draft.rule().is_none() || named.is_none() {
            draft.rule = None;
            draft.targets.clear();
            self.overflow_into(&mut draft.targets, queue_id, conversation.priority, &Needs::default());
        }
        draft.targets.iter_mut().for_each(|target| target.needs.agent = None);
        let from = named.filter(|_| draft.rule().is_some()).unwrap_or_default();
        let channel = conversation.channel;
        let choice = self.choose_target(draft.rule(), &draft.targets, from, (channel, None), facts, now);
        let Some(chosen) = choice.taken.or(choice.skipped) else {
            let targets = draft.targets.get(from..).unwrap_or_default();
            return Err(self.refusal(targets, &choice.passed, channel, now));
        };
        draft.failures.extend(choice.failures);
        let reason = StepReason::Transferred;
        let Placement { target, rule, plan, failures, .. } =
            self.placement(draft, chosen, choice.passed, Some(queue_id), reason, now);
        let planned = self.planned(&conversation.conversation_id, plan, failures);
        let routing = Routing { ordered: true, ..routing(conversation, &target, rule) };
        Ok((Event::Routed(Box::new(routing)), planned))
    }

    pub(super) fn arrival_of<'a>(
        &'a self,
        conversation: &'a Conversation,
        asked: Option<&'a jackfield_wire::QueueId>,
        none: &'a Attributes,
        now: Millis,
    ) -> Arrival<'a> {
        let customer = conversation.customer().map(|p| &p.user_id);
        let sessions = customer.and_then(|id| self.state.users.get(id)).into_iter().flat_map(|u| &u.sessions);
        let session = sessions.filter_map(|id| self.state.sessions.get(id)).next();
        Arrival {
            asked,
            channel: conversation.channel,
            subject: conversation.subject.as_deref(),
            attributes: &conversation.attributes,
            customer: customer.map_or("", |id| id.as_str()),
            of_token: session.map_or(none, |session| &session.who.attributes),
            waited_ms: now.saturating_sub(conversation.created_at),
            outbound: conversation.outbound.is_some(),
        }
    }
}

/// The place in a target, with the time since which it has waited.
pub(super) fn routing(
    conversation: &Conversation,
    target: &PlanTarget,
    rule: Option<std::sync::Arc<str>>,
) -> Routing {
    Routing {
        conversation_id: conversation.conversation_id.clone(),
        queue_id: target.queue_id.clone(),
        priority: target.priority,
        virtual_start: conversation.virtual_start(),
        needs: target.needs.clone(),
        rule,
        stays: None,
        ordered: false,
    }
}
