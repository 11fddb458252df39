//! Settling: what follows from the clock and from the state without anybody's order.

use crate::{
    Event, Exchange, NewOffer,
    index::{Deadline, LineId},
    state::{Conversation, Offer},
    tenant::QueueIndex,
};
use jackfield_wire::{
    Availability, EndReason, LeaveReason, Millis, OfferId, OfferKind, OfferOutcome, OfferReason,
    SignOutReason, UserId,
};

impl Exchange {
    /// One settling step: the next thing that is due by the clock, or that follows from the state; nothing when all is settled.
    ///
    /// In this order: time-outs (offers, wrap-up, pauses after a refusal, sessions away for the grace time, presences that fade or end), presences
    /// that were to follow the work in hand, presences that are no longer what others were told, conversations whose queue is gone, one conversation proposed to one agent, places in line.
    /// Apply what comes, at the same `now`, and call again until nothing comes.
    pub fn advance(&self, now: Millis) -> Vec<Event> {
        let steps =
            [Self::due, Self::nexts, Self::presences, Self::orphans, Self::strays, Self::route, Self::places];
        steps.iter().map(|step| step(self, now)).find(|events| !events.is_empty()).unwrap_or_default()
    }

    /// When [`Exchange::advance`] has something to do by the clock next.
    pub fn deadline(&self) -> Option<Millis> {
        self.index.deadlines.first().map(|(at, _)| *at)
    }

    fn due(&self, now: Millis) -> Vec<Event> {
        let Some((at, deadline)) = self.index.deadlines.first() else { return Vec::new() };
        if *at > now {
            return Vec::new();
        }
        match deadline {
            Deadline::Offer(id) => self.offer_timed_out(id),
            Deadline::WrapUp(id, whose) => {
                let conversation = self.state.conversations.get(id);
                let agent = conversation.and_then(|c| c.participant(whose).map(|agent| (c, agent)));
                agent.map_or_else(Vec::new, |(c, agent)| self.wrapped_up(c, agent, None, LeaveReason::Ended))
            }
            Deadline::Parked(id) => {
                self.state.conversations.get(id).map_or_else(Vec::new, |c| self.parked_over(c, now))
            }
            Deadline::Pause(conversation_id, user_id) => {
                let (conversation_id, user_id) = (conversation_id.clone(), user_id.clone());
                vec![Event::PauseEnded { conversation_id, user_id }]
            }
            Deadline::Target(id) => self.target_timed_out(id, now),
            Deadline::Grace(session) => self.close_session(session, SignOutReason::Lost, now),
            Deadline::Preferred(_)
            | Deadline::Status(_)
            | Deadline::SessionFade(_)
            | Deadline::SessionPresence(_) => self.presence_over(deadline),
        }
    }

    /// Who does not answer is not at the desk: the agent is put away, or the next customer would ring there as well.
    /// A chat's own customer who asks to talk is another matter: the agent is at work in that very chat.
    fn offer_timed_out(&self, id: &OfferId) -> Vec<Event> {
        let Some(Offer { made, .. }) = self.state.offers.get(id) else { return Vec::new() };
        let mut events = self.end_offer_as(made, OfferOutcome::TimedOut);
        let available = self.chosen_availability(&made.user_id) == Availability::Available;
        if made.kind == OfferKind::Conversation && available {
            events.push(Self::put_away(&made.user_id));
        }
        events
    }

    fn presences(&self, _now: Millis) -> Vec<Event> {
        let due = self.index.presence_due.iter();
        let changed = due.filter_map(|user_id| self.presence_of(user_id).map(|p| (user_id.clone(), p)));
        changed
            .map(|(user_id, p)| Event::PresenceChanged {
                user_id,
                availability: p.availability,
                activity: p.activity,
                reason: p.reason,
            })
            .collect()
    }

    /// Nobody will ever be offered a conversation whose queue was removed: the rules say anew where it waits, or it is over.
    fn orphans(&self, now: Millis) -> Vec<Event> {
        let orphan = self.index.orphans.first().and_then(|id| self.state.conversations.get(id));
        let Some(orphan) = orphan else { return Vec::new() };
        let anew = self.plan_anew(orphan, now);
        anew.unwrap_or_else(|| self.over(orphan, EndReason::AgentLost, None, now))
    }

    /// Proposes one conversation: of the line with the highest priority, the one that came first; to the agent who has been idle longest.
    fn route(&self, now: Millis) -> Vec<Event> {
        for turn in &self.index.lines.turns {
            let Some(line) = self.index.lines.get(turn.line) else { continue };
            let open = line.open.iter().filter_map(|place| line.waiting.get(place));
            // Almost always the first fits. It does not where all who are ready have just turned it down.
            for conversation in open.filter_map(|id| self.state.conversations.get(id)) {
                if let Some(choice) = self.choose(turn.line, conversation) {
                    return vec![self.propose(turn.line.queue, conversation, choice, now)];
                }
            }
        }
        Vec::new()
    }

    fn choose(&self, line: LineId, conversation: &Conversation) -> Option<Choice> {
        let teams = self.tenant.teams_of(line.queue).iter();
        let ready =
            teams.filter_map(|team| self.index.ready.of(*team, line.channel)).filter(|r| !r.is_empty());
        let mut best = None;
        let mut candidates = 0;
        for team in ready {
            let fits = |(_, user_id): &&(Millis, UserId)| !conversation.is_paused_for(user_id);
            let first = team.iter().find(fits);
            best = [best, first].into_iter().flatten().min();
            candidates +=
                if conversation.pauses.is_empty() { team.len() } else { team.iter().filter(fits).count() };
        }
        let (_, user_id) = best?;
        Some(Choice { user_id: user_id.clone(), candidates: u32::try_from(candidates).unwrap_or(u32::MAX) })
    }

    fn propose(&self, queue: QueueIndex, conversation: &Conversation, choice: Choice, now: Millis) -> Event {
        let skills = self.tenant.queue_at(queue).map(|q| q.skills.clone()).unwrap_or_default();
        let reason = OfferReason {
            order: "longest idle".to_owned(),
            skills,
            candidates: choice.candidates,
            waited_ms: now.saturating_sub(conversation.created_at),
        };
        Event::OfferMade(Box::new(NewOffer {
            offer_id: self.state.counters.next_offer(),
            conversation_id: conversation.conversation_id.clone(),
            user_id: choice.user_id,
            kind: OfferKind::Conversation,
            channel: conversation.channel,
            expires_at: now + u64::from(self.tenant.config.offer_timeout_ms),
            reason,
        }))
    }

    fn places(&self, _now: Millis) -> Vec<Event> {
        let moved = self.index.lines.moved.first().and_then(|id| {
            let from = self.index.lines.get(*id)?.moved_from?;
            let queue_id = self.tenant.queue_at(id.queue)?.queue_id.clone();
            Some(Event::PlacesMoved { queue_id, channel: id.channel, from })
        });
        moved.into_iter().collect()
    }
}

/// The agent chosen for a conversation, and among how many.
struct Choice {
    user_id: UserId,
    candidates: u32,
}
