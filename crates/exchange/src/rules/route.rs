//! From a conversation that comes in to the queue it waits in.

use super::{
    Arrival, ConditionFailed, PassReason, Passed, Plan, PlanTarget, RuleConfig, StepReason, TargetConfig,
    condition::Condition,
    facts::Facts,
    hours,
    values::{self, QueueFacts},
};
use crate::{
    DirectAgent, Exchange, Needs, QueueConfig, Skills, index::LineId, state::Conversation, tenant::QueueIndex,
};
use jackfield_wire::{Availability, Channel, Code, Millis, QueueId, UserId, WireError};
use std::sync::Arc;

/// After how long in a queue anybody will do for a conversation that is meant for one agent, where the rule does not say.
const AGENT_FALLBACK_MS: u32 = 30_000;

/// Where a conversation goes, and what came up on the way.
#[derive(Debug)]
pub(crate) struct Placement {
    pub(crate) target: PlanTarget,
    pub(crate) rule: Option<Arc<str>>,
    /// `None` where it just waits in a queue.
    pub(crate) plan: Option<Plan>,
    /// How much longer than it has it is held to have waited when it comes in, in milliseconds.
    pub(crate) head_start_ms: u32,
    pub(crate) failures: Vec<ConditionFailed>,
}

/// What the rules that hold said.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) rule: Option<Arc<str>>,
    pub(super) targets: Vec<PlanTarget>,
    pub(super) head_start_ms: u32,
    pub(super) failures: Vec<ConditionFailed>,
}

/// A choice among a plan's targets.
#[derive(Debug, Default)]
pub(super) struct Choice {
    /// The first target that takes it.
    pub(super) taken: Option<usize>,
    /// The last one that would, but for its `skip_if`.
    pub(super) skipped: Option<usize>,
    pub(super) passed: Vec<Passed>,
    pub(super) failures: Vec<ConditionFailed>,
}

impl Exchange {
    /// Where a conversation that comes in is to wait.
    ///
    /// # Errors
    /// `noQueue` where neither the customer nor a rule names one; `queueFull` and `queueClosed` where none of the queues takes it.
    pub(crate) fn place_arrival(&self, arrival: Arrival<'_>, now: Millis) -> Result<Placement, WireError> {
        let facts = self.arrival_facts(arrival, now);
        let mut draft = self.draft(arrival, &facts);
        if draft.targets.is_empty() {
            return Err(Code::NoQueue.into());
        }
        let choice =
            self.choose_target(draft.rule.as_deref(), &draft.targets, 0, (arrival.channel, None), facts, now);
        let Some(chosen) = choice.taken.or(choice.skipped) else {
            return Err(self.refusal(&draft.targets, &choice.passed, arrival.channel, now));
        };
        draft.failures.extend(choice.failures);
        Ok(self.placement(draft, chosen, choice.passed, arrival.asked, StepReason::CameIn, now))
    }

    pub(super) fn arrival_facts(&self, arrival: Arrival<'_>, now: Millis) -> Facts {
        let rules = &self.tenant.rules;
        if rules.rules.is_empty() {
            // Nobody looks at them, and counting who is ready costs more than all else of an arrival.
            return Facts::default();
        }
        let mut facts = arrival.facts(&rules.zone, now);
        if let Some(asked) = arrival.asked.and_then(|queue| self.tenant.queue_index(queue)) {
            let counts = rules.rules.iter().any(|rule| rule.when.as_ref().is_some_and(|w| w.counts_online));
            self.set_queue(&mut facts, asked, arrival.channel, counts, now);
        }
        facts
    }

    /// The settings and targets of the rules that hold; or the queue that was asked for.
    pub(super) fn draft(&self, arrival: Arrival<'_>, facts: &Facts) -> Draft {
        let mut draft = Draft::default();
        let (mut priority, mut needs) = (0, Needs::default());
        for (compiled, rule) in self.tenant.rules.rules.iter().zip(&self.tenant.config.rules) {
            let Some(when) = &compiled.when else { continue };
            if !draft.holds(when, &self.tenant.rules.language, facts, (&compiled.id, None)) {
                continue;
            }
            draft.rule = Some(Arc::clone(&compiled.id));
            priority = rule.priority.unwrap_or(priority);
            draft.head_start_ms = rule.head_start_ms.unwrap_or(draft.head_start_ms);
            self.add_needs(&mut needs, rule, compiled.agent_from.as_ref(), facts);
            if !rule.goes_on {
                draft.targets = self.targets_of(rule, compiled, priority, &needs);
                break;
            }
        }
        if draft.targets.is_empty()
            && let Some(asked) = arrival.asked
        {
            self.overflow_into(&mut draft.targets, asked, priority, &needs);
        }
        draft
    }

    fn add_needs(&self, needs: &mut Needs, rule: &RuleConfig, from: Option<&Condition>, facts: &Facts) {
        raise(&mut needs.skills, &rule.skills);
        raise(&mut needs.preferred, &rule.preferred);
        let found = from.and_then(|from| from.text(&self.tenant.rules.language, facts).ok());
        let found = found.and_then(|id| UserId::parse(&id).ok()).or_else(|| rule.agent.clone());
        if let Some(user_id) = found.filter(|id| self.tenant.user(id).is_some()) {
            let fallback_after_ms = Some(rule.agent_fallback_ms.unwrap_or(AGENT_FALLBACK_MS));
            needs.agent = Some(DirectAgent { user_id, fallback_after_ms });
        }
    }

    fn targets_of(
        &self,
        rule: &RuleConfig,
        compiled: &super::compiled::Rule,
        priority: u8,
        needs: &Needs,
    ) -> Vec<PlanTarget> {
        let numbered = rule.targets.iter().zip(&compiled.targets).zip(0..);
        let mut targets: Vec<_> = numbered
            .filter(|((target, _), _)| self.tenant.queue_index(&target.queue).is_some())
            .map(|((target, compiled), number)| PlanTarget {
                number: Some(number),
                timeout_ms: target.timeout_ms,
                priority: target.priority.unwrap_or(priority),
                needs: needs_of(target, compiled.agents.as_deref(), needs),
                ..PlanTarget::new(target.queue.clone())
            })
            .collect();
        // After the last target of a rule, its queue overflows as it does without rules.
        if let Some(last) = targets.pop() {
            let begun = targets.len();
            self.overflow_into(&mut targets, &last.queue_id, last.priority, needs);
            if let Some(first) = targets.get_mut(begun) {
                let timeout_ms = last.timeout_ms.or(first.timeout_ms);
                *first = PlanTarget {
                    timeout_ms,
                    ends_full: first.ends_full,
                    ends_closed: first.ends_closed,
                    ..last
                };
            }
        }
        targets
    }

    /// A queue, and those that it overflows into. Configurations with cycles are refused; a queue that is in the plan already ends it all the same.
    pub(super) fn overflow_into(
        &self,
        targets: &mut Vec<PlanTarget>,
        queue_id: &QueueId,
        priority: u8,
        needs: &Needs,
    ) {
        let mut next = self.tenant.queue(queue_id);
        while let Some(queue) = next {
            let overflow = queue.overflow.as_ref();
            targets.push(PlanTarget {
                timeout_ms: overflow.and_then(|o| o.after_ms),
                priority,
                needs: needs.clone(),
                ends_full: overflow.is_some_and(|o| !o.when_full),
                ends_closed: overflow.is_some_and(|o| !o.when_closed),
                ..PlanTarget::new(queue.queue_id.clone())
            });
            let into = overflow.map(|o| &o.queue);
            let into = into.filter(|into| targets.iter().all(|t| t.queue_id != **into));
            next = into.and_then(|into| self.tenant.queue(into));
        }
    }

    /// The first target from one on that takes a conversation now.
    pub(super) fn choose_target(
        &self,
        rule: Option<&str>,
        targets: &[PlanTarget],
        from: usize,
        (channel, moved): (Channel, Option<&Conversation>),
        mut facts: Facts,
        now: Millis,
    ) -> Choice {
        let mut choice = Choice::default();
        let rule =
            rule.and_then(|id| self.tenant.rules.find(id)).and_then(|n| self.tenant.rules.rules.get(n));
        for (n, target) in targets.iter().enumerate().skip(from) {
            let number = target.number.map(|number| number as usize);
            let compiled = rule.zip(number).and_then(|(rule, n)| rule.targets.get(n).map(|t| (rule, t)));
            let twice = moved.is_some_and(|moved| self.is_twice(moved, &target.queue_id));
            let inside = moved.is_some_and(|moved| moved.queue_id == target.queue_id);
            let why = self.why_not(target, (channel, inside), now);
            let mut why = why.or(twice.then_some(PassReason::Taken));
            let ends = why == Some(PassReason::Full) && target.ends_full
                || why == Some(PassReason::Closed) && target.ends_closed;
            if why.is_none()
                && let Some((rule, skip_if)) = compiled.and_then(|(r, t)| Some((r, t.skip_if.as_ref()?)))
            {
                if let Some(queue) = self.tenant.queue_index(&target.queue_id) {
                    self.set_queue(&mut facts, queue, channel, skip_if.counts_online, now);
                }
                let place = (&rule.id, target.number);
                if choice.holds(skip_if, &self.tenant.rules.language, &facts, place) {
                    (why, choice.skipped) = (Some(PassReason::Skipped), Some(n));
                }
            }
            match why {
                None => {
                    choice.taken = Some(n);
                    break;
                }
                Some(why) => choice.passed.push(Passed { target: short(n), why }),
            }
            if ends {
                break;
            }
        }
        choice
    }

    /// A customer stands once in a queue, or two of its conversations would be told each other's places.
    fn is_twice(&self, moved: &Conversation, queue_id: &QueueId) -> bool {
        let customer = moved.customer().map(|p| &p.user_id);
        let mut others = customer.into_iter().flat_map(|id| self.state.conversations_of(id));
        others.any(|c| c.conversation_id != moved.conversation_id && c.queue_id == *queue_id)
    }

    /// Why a target does not take a conversation. Who is inside already has come in, whatever the hour and the length of the line.
    fn why_not(
        &self,
        target: &PlanTarget,
        (channel, inside): (Channel, bool),
        now: Millis,
    ) -> Option<PassReason> {
        let Some(n) = self.tenant.queue_index(&target.queue_id) else { return Some(PassReason::Gone) };
        let queue = self.tenant.queue_at(n)?;
        if !queue.channels.contains(&channel) || !inside && !self.is_open(n, now) {
            return Some(PassReason::Closed);
        }
        (!inside && self.is_full(queue)).then_some(PassReason::Full)
    }

    pub(crate) fn is_open(&self, queue: QueueIndex, now: Millis) -> bool {
        self.tenant.rules.hours(queue).is_none_or(|hours| hours.is_open(now))
    }

    fn is_full(&self, queue: &QueueConfig) -> bool {
        queue.max_waiting.is_some_and(|most| self.waiting_in(&queue.queue_id) >= most as usize)
    }

    /// A draft, with the target chosen and the time at which it goes on.
    pub(super) fn placement(
        &self,
        draft: Draft,
        chosen: usize,
        passed: Vec<Passed>,
        asked: Option<&QueueId>,
        reason: StepReason,
        now: Millis,
    ) -> Placement {
        let Draft { rule, targets, head_start_ms, failures } = draft;
        let target = targets.get(chosen).cloned();
        let until = self.goes_on_at(&targets, chosen, (now, now));
        let mut plan = Plan {
            rule: rule.clone(),
            asked: asked.cloned(),
            targets,
            target: short(chosen),
            until,
            reason,
            passed,
        };
        let target = target.unwrap_or_else(|| plan.targets.swap_remove(0));
        let plan = (rule.is_some() || plan.targets.len() > 1).then_some(plan);
        Placement { target, rule, plan, head_start_ms, failures }
    }

    /// When a conversation that came to a target some time ago goes on to the next.
    pub(super) fn goes_on_at(
        &self,
        targets: &[PlanTarget],
        n: usize,
        (came, now): (Millis, Millis),
    ) -> Option<Millis> {
        let target = targets.get(n).filter(|_| n + 1 < targets.len())?;
        let timeout = target.timeout_ms.map(|ms| came.saturating_add(u64::from(ms)));
        let hours =
            self.tenant.queue_index(&target.queue_id).and_then(|queue| self.tenant.rules.hours(queue));
        let hours = hours.filter(|hours| hours.at_close == super::AtClose::NextTarget);
        let closes = hours.and_then(|hours| hours.closes_after(now));
        timeout.into_iter().chain(closes).min()
    }

    /// Why a conversation can't come in: full where any queue is, or else closed, with the time at which the first of them opens.
    pub(super) fn refusal(
        &self,
        targets: &[PlanTarget],
        passed: &[Passed],
        channel: Channel,
        now: Millis,
    ) -> WireError {
        if passed.iter().any(|passed| passed.why == PassReason::Full) {
            return Code::QueueFull.into();
        }
        let queues = targets.iter().filter_map(|target| self.tenant.queue_index(&target.queue_id));
        let queues =
            queues.filter(|n| self.tenant.queue_at(*n).is_some_and(|q| q.channels.contains(&channel)));
        let opens = queues
            .filter_map(|n| self.tenant.rules.hours(n))
            .filter_map(|hours| hours.opens_after(now).map(|at| (at, hours::in_words(hours.zone(), at))));
        match opens.min() {
            Some((at, words)) => {
                let message = format!("The queue takes no conversations now; it opens {words}.");
                let wait = u32::try_from(at.saturating_sub(now)).unwrap_or(u32::MAX);
                WireError::new(Code::QueueClosed, message).retry_after(wait)
            }
            None => Code::QueueClosed.into(),
        }
    }

    fn set_queue(
        &self,
        facts: &mut Facts,
        n: QueueIndex,
        channel: Channel,
        counts_online: bool,
        now: Millis,
    ) {
        let Some(queue) = self.tenant.queue_at(n) else { return };
        let firsts = self.lines_of(n).filter_map(|line| line.arrived.first());
        let first = firsts.map(|(arrived, _)| *arrived).min();
        let seen = QueueFacts {
            waiting: self.waiting_in(&queue.queue_id) as u64,
            longest_wait_ms: first.map_or(0, |first| now.saturating_sub(first)),
            estimated_wait_ms: self.estimated_wait_ms(n, channel),
            agents_ready: u64::from(self.agents_ready(n)),
            agents_online: if counts_online { self.agents_online(n) } else { 0 },
            open: self.is_open(n, now),
            full: self.is_full(queue),
        };
        facts.set("queue", seen.record(&queue.queue_id));
        let zone = self.tenant.rules.hours(n).map_or(&self.tenant.rules.zone, |hours| hours.zone());
        facts.set("local", values::local(zone, now));
    }

    /// How many agents who serve a queue, at first or in a ring, are signed in.
    fn agents_online(&self, queue: QueueIndex) -> u64 {
        let here =
            self.state.users.iter().filter(|(_, user)| user.told.availability != Availability::Offline);
        here.filter(|(id, _)| self.tenant.user(id).is_some_and(|user| self.tenant.serves(user, queue)))
            .count() as u64
    }

    /// How long who comes into a queue now may expect to wait, in milliseconds: nothing where nobody waits and an agent is ready; unknown where nobody waits and
    /// nobody was served yet.
    pub(crate) fn estimated_wait_ms(&self, queue: QueueIndex, channel: Channel) -> Option<u64> {
        let waiting = self.index.lines.get(LineId { queue, channel }).map_or(0, |line| line.waiting.len());
        if waiting == 0 && self.agents_ready(queue) > 0 {
            return Some(0);
        }
        self.expected_wait_ms(queue, channel, waiting as u64 + 1)
    }

    /// The wait that a customer is told with its place in line, in milliseconds.
    pub(crate) fn wait_at(&self, line: LineId, place: u32) -> Option<u32> {
        let wait = self.expected_wait_ms(line.queue, line.channel, u64::from(place));
        wait.map(|wait| u32::try_from(wait).unwrap_or(u32::MAX))
    }

    /// How long who has a place in a line (1 being next) may expect to wait from now on, in milliseconds; unknown while nobody was served.
    pub(crate) fn expected_wait_ms(&self, queue: QueueIndex, channel: Channel, place: u64) -> Option<u64> {
        let queue_id = &self.tenant.queue_at(queue)?.queue_id;
        self.state.pace.get(queue_id)?.get(crate::standing::slot(channel))?.wait(place)
    }
}

trait Failures {
    fn failures(&mut self) -> &mut Vec<ConditionFailed>;

    /// Whether a condition holds; one that can't be evaluated does not, and is noted.
    fn holds(
        &mut self,
        condition: &Condition,
        language: &super::condition::Language,
        facts: &Facts,
        (rule, target): (&Arc<str>, Option<u32>),
    ) -> bool {
        condition.holds(language, facts).unwrap_or_else(|why| {
            self.failures().push(ConditionFailed { rule: Arc::clone(rule), target, why });
            false
        })
    }
}

impl Draft {
    pub(super) fn rule(&self) -> Option<&str> {
        self.rule.as_deref()
    }
}

impl Failures for Draft {
    fn failures(&mut self) -> &mut Vec<ConditionFailed> {
        &mut self.failures
    }
}

impl Failures for Choice {
    fn failures(&mut self) -> &mut Vec<ConditionFailed> {
        &mut self.failures
    }
}

/// What a conversation asks of its agent in a target: the rule's needs, the target's skills, and the agents of `agents_if`.
fn needs_of(target: &TargetConfig, agents: Option<&[UserId]>, needs: &Needs) -> Needs {
    let mut needs = needs.clone();
    raise(&mut needs.skills, &target.skills);
    needs.agents = agents.map(<[UserId]>::to_vec);
    needs
}

/// Of a skill that both name, the higher level counts.
fn raise(skills: &mut Skills, by: &Skills) {
    for (skill, level) in by {
        let known = skills.entry(skill.clone()).or_default();
        *known = (*known).max(*level);
    }
}

pub(super) fn short(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
