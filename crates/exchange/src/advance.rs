//! Settling: what follows from the clock and from the state without anybody's order.

use crate::{Event, Exchange, index::Deadline};
use jackfield_wire::{EndReason, LeaveReason, Millis, SignOutReason};

impl Exchange {
    /// One settling step: the next thing that is due by the clock, or that follows from the state; nothing when all is settled.
    ///
    /// In this order: time-outs (offers, wrap-up, pauses after a refusal, sessions away for the grace time, presences that fade or end), presences
    /// that were to follow the work in hand, presences that are no longer what others were told, conversations whose queue is gone, those who wait held against new rules, telephone numbers with nobody to talk to, customers who did not answer a call, offers to who no longer fits, one conversation proposed, demands that
    /// relax, places in line. Apply what comes, at the same `now`, and call again until nothing comes.
    pub fn advance(&self, now: Millis) -> Vec<Event> {
        let steps = [
            Self::due,
            Self::nexts,
            Self::presences,
            Self::orphans,
            Self::review,
            Self::strays,
            Self::lone_numbers,
            Self::unanswered,
            Self::unfit,
            Self::route,
            Self::rings,
            Self::places,
        ];
        steps.iter().map(|step| step(self, now)).find(|events| !events.is_empty()).unwrap_or_default()
    }

    /// When [`Exchange::advance`] has something to do by the clock next.
    pub fn deadline(&self) -> Option<Millis> {
        let deadline = self.index.deadlines.first().map(|(at, _)| *at);
        let ring = self.index.rings.first().map(|(at, _)| *at);
        deadline.into_iter().chain(ring).chain(self.review_deadline()).min()
    }

    fn due(&self, now: Millis) -> Vec<Event> {
        let Some((at, deadline)) = self.index.deadlines.first() else { return Vec::new() };
        if *at > now {
            return Vec::new();
        }
        match deadline {
            Deadline::Offer(id) => self.offer_timed_out(id, now),
            Deadline::WrapUp(id, whose) => {
                let conversation = self.state.conversations.get(id);
                let agent = conversation.and_then(|c| c.participant(whose).map(|agent| (c, agent)));
                agent.map_or_else(Vec::new, |(c, agent)| self.wrapped_up(c, agent, None, LeaveReason::Ended))
            }
            Deadline::Parked(id) => {
                self.state.conversations.get(id).map_or_else(Vec::new, |c| self.parked_over(c, now))
            }
            Deadline::Asked(id) => {
                let asked = self.state.conversations.get(id);
                asked.map_or_else(Vec::new, |c| self.asking_timed_out(c, now))
            }
            Deadline::Callback(id) => self.callback_due(id, now),
            Deadline::CallAgain(id) => self.call_again(id),
            Deadline::Preview(id) => self.preview_over(id, now),
            Deadline::Pause(conversation_id, user_id) => {
                let (conversation_id, user_id) = (conversation_id.clone(), user_id.clone());
                vec![Event::PauseEnded { conversation_id, user_id }]
            }
            Deadline::Target(id) => self.target_timed_out(id, now),
            Deadline::Grace(session) => self.close_session(session, SignOutReason::Lost, now),
            Deadline::Preferred(_)
            | Deadline::Status(_)
            | Deadline::OffersPaused(_)
            | Deadline::SessionFade(_)
            | Deadline::SessionPresence(_) => self.presence_over(deadline),
        }
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

    /// What a conversation demands relaxes, where nobody fitted before its time.
    fn rings(&self, now: Millis) -> Vec<Event> {
        let due = self.index.rings.first().filter(|(at, _)| *at <= now);
        let due = due.and_then(|(_, id)| self.state.conversations.get(id));
        let reached = due.map(|conversation| Event::RingReached {
            conversation_id: conversation.conversation_id.clone(),
            ring: conversation.ring.saturating_add(1),
        });
        reached.into_iter().collect()
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
