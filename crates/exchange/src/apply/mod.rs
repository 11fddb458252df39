//! Taking facts in. It cannot fail: a fact about what is not there changes nothing.

mod agent;
mod conversation;
mod offer;
mod presence;
mod session;

use crate::{
    Event, Exchange,
    index::{ConversationFacts, Deadline, set_member},
    state::Conversation,
};
use jackfield_wire::{ConversationId, Millis, UserId};

impl Exchange {
    /// Takes a fact in: the only way in which the state changes. `at` is the time of the journal's entry, at a replay as at first.
    pub fn apply(&mut self, event: &Event, at: Millis) {
        if self.state.began == 0 {
            self.state.began = at;
            self.mark_whole_floor();
        }
        if matches!(event, Event::ConversationClosed { .. }) {
            self.count(event, at);
        }
        match event {
            Event::SessionOpened { session, who } => self.open_session(session, who, at),
            Event::SessionAway { session } => self.set_session_away(session, Some(at)),
            Event::SessionReturned { session } => self.set_session_away(session, None),
            Event::SessionClosed { session, .. } => self.drop_session(session, at),
            Event::PresenceWished { .. }
            | Event::PresenceCleared { .. }
            | Event::PresenceQueued { .. }
            | Event::OffersPaused { .. }
            | Event::OffersResumed { .. }
            | Event::SessionPresenceSet { .. }
            | Event::SessionPresenceEnded { .. }
            | Event::StatusMessageSet { .. }
            | Event::StatusMessageCleared { .. }
            | Event::PresenceChanged { .. } => self.apply_presence(event, at),
            Event::AgentChanged { user_id, settings } => self.change_agent(user_id, settings),
            Event::OfferMade(offer) => self.make_offer(offer, at),
            Event::OfferEnded { offer_id, conversation_id, user_id, outcome, pause_until, .. } => {
                self.end_offer((offer_id, *outcome), conversation_id, user_id, *pause_until, at);
            }
            Event::Reviewed { rules, after, looked } => {
                let came = self.state.counters.conversations;
                self.state.review.go_on(*rules, (after.as_ref(), *looked), came, at);
            }
            Event::PlacesMoved { queue_id, channel, from } => self.tell_places(queue_id, *channel, *from),
            Event::ConversationStarted(new) => self.start_conversation(new, at),
            Event::ConversationClosed { conversation_id, .. } => self.close_conversation(conversation_id),
            of_conversation => self.apply_to_conversation(of_conversation, at),
        }
        self.count(event, at);
        self.count_agents();
    }

    /// Changes a conversation, and what is derived from it. Gives the place in line that it newly has.
    fn change_conversation(
        &mut self,
        id: &ConversationId,
        change: impl FnOnce(&mut Conversation),
    ) -> Option<u32> {
        let conversation = self.state.conversations.get_mut(id)?;
        let before = ConversationFacts::of(&self.tenant, conversation);
        change(conversation);
        let after = ConversationFacts::of(&self.tenant, conversation);
        self.take_in(id, &before, &after)
    }

    fn take_in(
        &mut self,
        id: &ConversationId,
        before: &ConversationFacts,
        after: &ConversationFacts,
    ) -> Option<u32> {
        if before == after {
            return None;
        }
        let queues = [before, after].map(|f| f.line.as_ref().map(|l| l.line.queue).or(f.active));
        self.marks.queues.extend(queues.into_iter().flatten());
        let place = self.index.change_conversation(&self.tenant, id, before, after);
        if after.line.is_none() || place.is_some() {
            let wait =
                after.line.as_ref().zip(place).and_then(|(stands, place)| self.wait_at(stands.line, place));
            let conversation = self.state.conversations.get_mut(id)?;
            (conversation.place_told, conversation.wait_told) =
                (place.filter(|_| after.line.is_some()), wait);
        }
        place
    }

    /// Derives anew what an agent is ready for, and whether its presence is to be told.
    fn refresh_agent(&mut self, user_id: &UserId) {
        self.touch_agent(user_id);
        let standing = self.standing(user_id);
        let Some(user) = self.state.users.get(user_id).filter(|_| standing.is_some()) else { return };
        let (told_wrong, next) = (self.presence_is_due(user_id), self.next_is_due(user_id));
        set_member(&mut self.index.presence_due, user_id, told_wrong);
        set_member(&mut self.index.next_due, user_id, next);
        let team = self.index.change_agent(&self.tenant, user_id, standing, user);
        self.marks.teams.extend(team);
        self.marks.agents.insert(user_id.clone());
    }

    fn refresh_deadline(&mut self, before: Option<Millis>, after: Option<Millis>, deadline: Deadline) {
        if let Some(before) = before {
            self.index.deadlines.remove(&(before, deadline.clone()));
        }
        if let Some(after) = after {
            self.index.deadlines.insert((after, deadline));
        }
    }
}
