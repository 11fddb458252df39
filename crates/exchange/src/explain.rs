//! Why a conversation waits, or to whom it went: for one conversation, from the state as it is.

use crate::{
    Exchange, QueueConfig, UserConfig,
    demand::{self, Current, Demand},
    index::LineId,
    standing::slot,
    state::{Conversation, Offer},
    tenant::QueueIndex,
};
use jackfield_wire::{
    AgentFunnel, CallbackView, Channel, ConversationId, ConversationState, Explanation, Millis, OfferTold,
    OutboundStage, UserId,
};

impl Exchange {
    /// Why a conversation waits, or to whom it went; `None` for one that there is not, or no longer.
    ///
    /// It goes through the agents who fit and, for the place, through those who are before it in line: meant for one conversation at a time.
    pub fn explain(&self, id: &ConversationId, now: Millis) -> Option<Explanation> {
        let conversation = self.state.conversations.get(id)?;
        let queue = self.tenant.queue_index(&conversation.queue_id);
        let current = queue.map(|queue| demand::current(&self.tenant, queue, conversation));
        let plan = conversation.plan.as_deref().filter(|_| conversation.is_waiting());
        let (place, waiting) = self.place_of(conversation, queue);
        let demand = current.as_ref().map(|current| Demand::clone(&current.demand)).unwrap_or_default();
        let waits = queue.filter(|_| conversation.is_waiting());
        let rule = conversation.rule.as_deref();
        let mut told = Explanation {
            conversation_id: id.clone(),
            state: conversation.state,
            queue_id: conversation.queue_id.clone(),
            channel: conversation.channel,
            sentence: String::new(),
            age_ms: now.saturating_sub(conversation.created_at),
            priority: conversation.priority.into(),
            head_start_ms: Some(conversation.head_start_ms()).filter(|ms| *ms > 0),
            place,
            waiting,
            rule: rule.map(str::to_owned),
            rule_failures: rule.and_then(|rule| self.state.rule_failures.get(rule).copied()),
            next_queues: plan
                .map(|plan| plan.later().iter().map(|t| t.queue_id.clone()).collect())
                .unwrap_or_default(),
            next_at: plan.and_then(|plan| plan.until),
            ring: conversation.ring.into(),
            relaxes_at: current.filter(|_| waits.is_some()).and_then(|Current { relaxes_at, .. }| relaxes_at),
            agents: waits.map(|queue| self.funnel(conversation, queue, &demand)),
            callback: conversation.callback.as_ref().map(|callback| callback.view()),
            skills: demand.skills,
            preferred: demand.preferred,
            only: demand.only.unwrap_or_default(),
            offered: self.state.offers_in(conversation).map(open).collect(),
            before: conversation
                .tried
                .iter()
                .map(|tried| OfferTold {
                    ended_at: Some(tried.ended_at),
                    outcome: Some(tried.outcome),
                    ..open(&tried.offer)
                })
                .collect(),
            owner: conversation.owner().map(|owner| owner.user_id.clone()),
        };
        told.sentence = self.of_a_call(conversation, now).unwrap_or_else(|| self.sentence(&told, now));
        Some(told)
    }

    /// How far its agent came with one that the house began; nothing, where the agent who began it does not have it.
    fn of_a_call(&self, conversation: &Conversation, now: Millis) -> Option<String> {
        let outbound = conversation.outbound.as_deref()?;
        if let Some(at) = conversation.called_at() {
            let (seconds, tried) = (at.saturating_sub(now).div_ceil(1_000), outbound.progress.attempts);
            return Some(format!(
                "Its customer is to be called: not before {seconds} s from now; it was tried {tried} times."
            ));
        }
        let active = conversation.state == ConversationState::Active;
        let own = |user_id: &UserId| outbound.queued || *user_id == outbound.by;
        let owner = conversation.owner().filter(|owner| active && own(&owner.user_id))?;
        let (name, begun) =
            (&owner.name, if outbound.queued { "has it from the list" } else { "has begun it" });
        Some(match outbound.progress.stage {
            OutboundStage::Waiting => return None,
            // By then it may be another's.
            OutboundStage::Reached if outbound.queued => return None,
            OutboundStage::Preview => format!("{name} {begun}, and looks at it before the call."),
            OutboundStage::Calling => format!("{name} {begun}, and calls the customer."),
            OutboundStage::Reached => format!("{name} {begun}, reached the customer, and serves it."),
        })
    }

    /// The place in line, and how many wait in it.
    fn place_of(&self, conversation: &Conversation, queue: Option<QueueIndex>) -> (Option<u32>, u32) {
        let line =
            queue.and_then(|queue| self.index.lines.get(LineId { queue, channel: conversation.channel }));
        let Some(line) = line else { return (None, 0) };
        // Customers who are to be called have places of their own.
        let line = if conversation.is_to_be_called() { &line.outbound } else { &line.waiting };
        let place = line.values().position(|id| *id == conversation.conversation_id);
        (place.map(|place| count(place + 1)), count(line.len()))
    }

    /// How the agents fare with a conversation that waits.
    fn funnel(&self, conversation: &Conversation, queue: QueueIndex, demand: &Demand) -> AgentFunnel {
        let mut funnel = AgentFunnel::default();
        let Some(queue) = self.tenant.queue_at(queue) else { return funnel };
        let barred: Vec<_> = self.index.paused_for(conversation.number).collect();
        for (n, user) in self.tenant.config.users.iter().enumerate() {
            if !user.roles.iter().any(|role| crate::view::serves(*role)) {
                continue;
            }
            let Some(reached) = self.stage(conversation.channel, queue, demand, user) else { continue };
            let counts = [
                &mut funnel.serving,
                &mut funnel.fitting,
                &mut funnel.signed_in,
                &mut funnel.available,
                &mut funnel.with_room,
            ];
            counts.into_iter().take(reached).for_each(|count| *count += 1);
            funnel.ready += u32::from(reached == 5 && !barred.contains(&n));
        }
        funnel
    }

    /// How far an agent comes; `None` where it does not serve the queue.
    fn stage(
        &self,
        channel: Channel,
        queue: &QueueConfig,
        demand: &Demand,
        user: &UserConfig,
    ) -> Option<usize> {
        let user_id = &user.user_id;
        let serves = if demand.by_name { demand.names(user_id) } else { user.lists(&queue.queue_id) };
        serves.then_some(())?;
        if !demand.fits(user, &queue.queue_id) {
            return Some(1);
        }
        if !self.state.can_take_offers(user_id, None) {
            return Some(2);
        }
        if !self.is_available(user_id) {
            return Some(3);
        }
        let ready = self.standing(user_id).is_some_and(|s| s.ready[slot(channel)]);
        Some(if ready { 5 } else { 4 })
    }

    fn sentence(&self, told: &Explanation, now: Millis) -> String {
        let queue = self.tenant.queue(&told.queue_id).map_or(told.queue_id.as_str(), |queue| &queue.name);
        let name =
            |id: &UserId| self.tenant.user(id).map_or_else(|| id.to_string(), |user| user.name.clone());
        match (told.state, &told.owner) {
            (ConversationState::Queued, _) => waits(told, queue, now),
            (ConversationState::Offered, _) => {
                let to: Vec<_> = told.offered.iter().map(|offer| name(&offer.user_id)).collect();
                let reason = told.offered.first().map(why).unwrap_or_default();
                format!("It is being offered to {}{reason}.", to.join(", "))
            }
            (ConversationState::Active, Some(owner)) => {
                let accepted = told.before.iter().rev().find(|offer| {
                    offer.user_id == *owner && offer.outcome == Some(jackfield_wire::OfferOutcome::Accepted)
                });
                format!("{} serves it{}.", name(owner), accepted.map(why).unwrap_or_default())
            }
            (ConversationState::Active, None) => "It is under way.".to_owned(),
            (ConversationState::Parked, _) => {
                "Its agent has set it aside; the customer waits, held.".to_owned()
            }
            (ConversationState::WrapUp, _) => {
                "The customer is gone; the work after it is being done.".to_owned()
            }
            (ConversationState::Ended, _) => "It is over.".to_owned(),
        }
    }
}

/// Why an agent was made an offer, to be added to who it is.
fn why(offer: &OfferTold) -> String {
    let reason = &offer.reason;
    if reason.direct {
        return ": it was for this agent by name".to_owned();
    }
    let waited = reason.waited_ms / 1_000;
    match reason.candidates {
        1 => format!(": the only one of those ready who fitted, after {waited} s"),
        many => format!(": by \"{}\" among {many} who were ready and fitted, after {waited} s", reason.order),
    }
}

fn waits(told: &Explanation, queue: &str, now: Millis) -> String {
    let agents = told.agents.unwrap_or_default();
    let skills: Vec<_> = told.skills.iter().map(|(skill, level)| format!("{skill} {level}")).collect();
    let who = if skills.is_empty() { String::new() } else { format!(" ({})", skills.join(", ")) };
    let because = match agents {
        _ if told.callback.is_some_and(is_aside) => return aside(told, queue, now),
        AgentFunnel { serving: 0, .. } => "no agent serves the queue".to_owned(),
        AgentFunnel { fitting: 0, .. } => format!("no agent of the queue has what it asks for{who}"),
        AgentFunnel { signed_in: 0, fitting, .. } => {
            format!("of {fitting} agents who fit{who} none is signed in")
        }
        AgentFunnel { available: 0, signed_in, .. } => {
            format!("of {signed_in} agents who fit{who} and are signed in none is available")
        }
        AgentFunnel { with_room: 0, available, .. } => {
            format!("of {available} agents who fit{who} and are available none has room")
        }
        AgentFunnel { ready: 0, with_room, .. } => {
            format!("the {with_room} who fit{who} and have room have turned it down a moment ago")
        }
        AgentFunnel { ready, .. } => format!("{ready} agents are ready for it; others are before it"),
    };
    let ahead = told.head_start_ms.map(|ms| format!(", as if {} s more", ms / 1_000)).unwrap_or_default();
    format!("It has waited {} s{ahead} in {queue}{}: {because}.", told.age_ms / 1_000, place(told))
}

fn place(told: &Explanation) -> String {
    told.place.map(|place| format!(", {place} of {}", told.waiting)).unwrap_or_default()
}

fn is_aside(callback: CallbackView) -> bool {
    callback.at.is_some() || callback.away_since.is_some()
}

/// Why a customer is not called back yet.
fn aside(told: &Explanation, queue: &str, now: Millis) -> String {
    let callback = told.callback.unwrap_or_default();
    let because = match (callback.at, callback.away_since) {
        (Some(at), _) => format!("not before {} s from now", at.saturating_sub(now).div_ceil(1_000)),
        (None, since) => {
            let away = now.saturating_sub(since.unwrap_or(now)) / 1_000;
            format!("it has had no page open for {away} s")
        }
    };
    let tried = match callback.attempts {
        0 => String::new(),
        1 => "; it was called once and did not answer".to_owned(),
        times => format!("; it was called {times} times and did not answer"),
    };
    format!("Its customer is to be called back from {queue}{}: {because}{tried}.", place(told))
}

fn open(offer: &Offer) -> OfferTold {
    let made = &offer.made;
    OfferTold {
        offer_id: made.offer_id.clone(),
        user_id: made.user_id.clone(),
        kind: made.kind,
        offered_at: offer.offered_at,
        ended_at: None,
        outcome: None,
        reason: made.reason.clone(),
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
