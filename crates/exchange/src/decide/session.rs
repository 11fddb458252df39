//! Sessions: open, away, back, closed.

use super::Facts;
use crate::{
    Event, Exchange, Identity, NewOffer,
    state::{Conversation, Participant},
};
use jackfield_wire::{
    Channel, Code, LeaveReason, Millis, OfferEndReason, OfferOutcome, Role, SessionId, SignOutReason, UserId,
    WireError,
};

impl Exchange {
    pub(super) fn decide_open(&self, session: &SessionId, who: &Identity) -> Facts {
        if self.state.sessions.contains_key(session) {
            return Err(WireError::new(Code::WrongState, "a session of this id is open; choose another id"));
        }
        super::external::check_user(&who.user_id)?;
        match self.tenant.user(&who.user_id) {
            // An agent's id must not come in as a customer: it would see its own conversations from both sides.
            Some(user) if !user.roles.contains(&who.role) => Err(Code::RoleRejected.into()),
            None if who.role != Role::Customer => Err(Code::UserUnknown.into()),
            _ => Ok(self.open(session, who)),
        }
    }

    fn open(&self, session: &SessionId, who: &Identity) -> Vec<Event> {
        let mut events = vec![Event::SessionOpened { session: session.clone(), who: who.clone() }];
        events.extend(self.tell_reachable(&who.user_id, None));
        // Its other sessions may have been silent: now the user is there again, but for a leg in one of those.
        let now_back =
            |_: &Conversation, p: &Participant| p.leg.is_none() && !self.state.is_live(&who.user_id);
        events.extend(self.tell_away(&who.user_id, false, now_back));
        events
    }

    /// The session's offers are rescinded, where no other session of its user can answer them; its conversations go on.
    pub(super) fn decide_away(&self, id: &SessionId, now: Millis) -> Facts {
        let who = self.session(id)?;
        if self.state.sessions.get(id).is_some_and(|s| s.away_since.is_some()) {
            return Ok(Vec::new());
        }
        let mut events = vec![Event::SessionAway { session: id.clone() }];
        if !self.state.can_take_offers(&who.user_id, Some(id)) {
            events.extend(self.rescind_offers(&who.user_id, now));
        }
        if !self.state.is_live_without(&who.user_id, Some(id)) {
            events.extend(self.tell_reachable(&who.user_id, Some(now)));
        }
        let now_away = |_: &Conversation, p: &Participant| match &p.leg {
            Some(leg) => leg.session == *id,
            None => !self.state.is_live_without(&who.user_id, Some(id)),
        };
        events.extend(self.tell_away(&who.user_id, true, now_away));
        Ok(events)
    }

    pub(super) fn decide_back(&self, id: &SessionId) -> Facts {
        let who = self.session(id)?;
        if self.state.sessions.get(id).is_some_and(|s| s.away_since.is_none()) {
            return Ok(Vec::new());
        }
        let mut events = vec![Event::SessionReturned { session: id.clone() }];
        events.extend(self.tell_reachable(&who.user_id, None));
        let now_back = |_: &Conversation, p: &Participant| match &p.leg {
            Some(leg) => leg.session == *id,
            None => !self.state.is_live(&who.user_id),
        };
        events.extend(self.tell_away(&who.user_id, false, now_back));
        Ok(events)
    }

    /// A session is over: asked for, or away for the whole grace time. What only it kept up ends with it.
    pub(crate) fn close_session(&self, id: &SessionId, reason: SignOutReason, now: Millis) -> Vec<Event> {
        let Some(session) = self.state.sessions.get(id) else { return Vec::new() };
        let user_id = &session.who.user_id;
        let last = self.state.users.get(user_id).is_none_or(|u| u.sessions.len() <= 1);
        let mut events = Vec::new();
        if !self.state.can_take_offers(user_id, Some(id)) {
            events.extend(self.rescind_offers(user_id, now));
        }
        for conversation in self.state.conversations_of(user_id) {
            let Some(participant) = conversation.participant_of(user_id) else { continue };
            events.extend(self.session_leaves(conversation, participant, id, last, reason, now));
        }
        events.push(Event::SessionClosed { session: id.clone(), user_id: user_id.clone(), reason });
        if !last && !self.state.is_live_without(user_id, Some(id)) {
            events.extend(self.tell_reachable(user_id, Some(now)));
            // The sessions that are left are silent. It must be told after the end of this one, as the view is taken then.
            let stays = |p: &Participant| p.leg.is_none() && self.state.is_live(user_id);
            let lost_leg = |p: &Participant| p.leg.as_ref().is_some_and(|leg| leg.session == *id);
            let chats = |c: &Conversation| c.channel == Channel::Chat;
            events.extend(self.tell_away(user_id, true, |c, p| stays(p) || (chats(c) && lost_leg(p))));
        }
        events
    }

    fn session_leaves(
        &self,
        conversation: &Conversation,
        participant: &Participant,
        session: &SessionId,
        last: bool,
        reason: SignOutReason,
        now: Millis,
    ) -> Vec<Event> {
        let how = match reason {
            SignOutReason::Lost => LeaveReason::Lost,
            SignOutReason::Asked | SignOutReason::Removed | SignOutReason::Supervisor => LeaveReason::Left,
        };
        let has_leg = participant.leg.as_ref().is_some_and(|leg| leg.session == *session);
        if last && let Some(kept) = self.callback_left(conversation, participant, now) {
            return kept;
        }
        if last || (has_leg && conversation.channel == Channel::Voice) {
            return self.participant_gone(conversation, participant, how, now);
        }
        if has_leg {
            return self.leg_gone(conversation, participant, how, now);
        }
        let asks = conversation.pending.as_ref().and_then(|pending| pending.session.as_ref());
        if conversation.asking.as_ref() == Some(session) || asks == Some(session) {
            return self.end_open_offers(conversation, OfferOutcome::Canceled, OfferEndReason::AskerGone);
        }
        Vec::new()
    }

    /// Takes back every offer made to an agent.
    pub(super) fn rescind_offers(&self, user_id: &UserId, now: Millis) -> Vec<Event> {
        let offers = self.state.offers_of(user_id);
        let rescinded = |offer: &NewOffer| {
            let over = self.end_offer_as(offer, OfferOutcome::Rescinded, Some(OfferEndReason::AgentAway));
            over.into_iter().chain(self.transfer_failed(offer, now))
        };
        offers.flat_map(|offer| rescinded(&offer.made)).collect()
    }

    fn tell_away(
        &self,
        user_id: &UserId,
        away_now: bool,
        concerned: impl Fn(&Conversation, &Participant) -> bool,
    ) -> Vec<Event> {
        let parts = self.state.conversations_of(user_id);
        let parts = parts.filter_map(|c| c.participant_of(user_id).map(|p| (c, p)));
        parts
            .filter(|(conversation, participant)| concerned(conversation, participant))
            .map(|(conversation, participant)| away(conversation, participant, away_now))
            .collect()
    }
}

fn away(conversation: &Conversation, participant: &Participant, away: bool) -> Event {
    let conversation_id = conversation.conversation_id.clone();
    Event::ParticipantAway { conversation_id, participant_id: participant.participant_id.clone(), away }
}
