//! A fresh snapshot against the old view: the application is told the same events it would have seen.

use super::{Conversation, Event, View};
use jackfield_wire::{
    ConversationState, ConversationView, LeaveReason, MessageView, Millis, OfferKind, OfferOutcome,
    OfferView, SessionId, SnapshotView,
};

type Out = Vec<Event>;

impl View {
    /// Takes the snapshot for true and tells what became of the old view. `now` is the gateway's time.
    pub(in super::super) fn replace(
        &mut self,
        snapshot: SnapshotView,
        session: &SessionId,
        now: Millis,
        out: &mut Out,
    ) {
        self.user.set(snapshot.user, &mut self.stamps);
        self.queues.set(snapshot.queues, &mut self.stamps);
        self.replace_presence(snapshot.presence, snapshot.watched, out);
        self.end_offers(&snapshot.offers, &snapshot.conversations, session, now, out);
        self.remove_conversations(&snapshot.conversations, out);
        for conversation in snapshot.conversations {
            self.replace_conversation(conversation, out);
        }
        for offer in snapshot.offers {
            self.offer_made(offer, out);
        }
        self.watch_floor(snapshot.floor, out);
    }

    fn replace_presence(
        &mut self,
        own: jackfield_wire::PresenceView,
        watched: Vec<jackfield_wire::PresenceView>,
        out: &mut Out,
    ) {
        for presence in std::iter::once(own).chain(watched.iter().cloned()) {
            if self.put_presence(&presence) {
                out.push(Event::PresenceChanged { presence });
            }
        }
        self.watched.set(watched.into_iter().collect(), &mut self.stamps);
    }

    fn end_offers(
        &mut self,
        open: &[OfferView],
        conversations: &[ConversationView],
        session: &SessionId,
        now: Millis,
        out: &mut Out,
    ) {
        let gone = |offer: &&OfferView| open.iter().all(|o| o.offer_id != offer.offer_id);
        let ended: Vec<OfferView> = self.offers.value.iter().filter(gone).cloned().collect();
        for offer in ended {
            let outcome = self.how_ended(&offer, conversations, session, now);
            self.offer_ended(offer.offer_id, offer.conversation_id, outcome, out);
        }
    }

    /// The snapshot does not say how an offer ended; the conversation and the time do, nearly always.
    fn how_ended(
        &self,
        offer: &OfferView,
        conversations: &[ConversationView],
        session: &SessionId,
        now: Millis,
    ) -> OfferOutcome {
        let own = &self.user.value.user_id;
        let has_leg = |c: &ConversationView| {
            c.participants
                .iter()
                .any(|p| p.user_id == *own && p.voice.as_ref().is_some_and(|leg| leg.session_id == *session))
        };
        let conversation = conversations.iter().find(|c| c.conversation_id == offer.conversation_id);
        let taken = conversation.is_some_and(|c| offer.kind == OfferKind::Conversation || has_leg(c));
        match taken {
            true => OfferOutcome::Accepted,
            false if offer.expires_at <= now => OfferOutcome::TimedOut,
            false => OfferOutcome::Rescinded,
        }
    }

    fn remove_conversations(&mut self, kept: &[ConversationView], out: &mut Out) {
        let gone = |c: &&Conversation| kept.iter().all(|k| k.conversation_id != c.conversation_id);
        let ended: Vec<_> =
            self.conversations.iter().filter(gone).map(|c| c.conversation_id.clone()).collect();
        for id in ended {
            self.remove(&id, out);
        }
    }

    fn replace_conversation(&mut self, new: ConversationView, out: &mut Out) {
        let user = self.user.value.user_id.clone();
        let Some((old, stamps)) = self.conversation_mut(&new.conversation_id) else {
            let conversation = Conversation::new(new, &user, &mut self.stamps);
            return self.add(conversation, out);
        };
        old.touch(stamps);
        old.replace(new, &user, stamps, out);
    }
}

impl Conversation {
    fn replace(
        &mut self,
        new: ConversationView,
        user: &jackfield_wire::UserId,
        stamps: &mut u64,
        out: &mut Out,
    ) {
        (self.subject, self.attributes) = (new.subject, new.attributes);
        let gone = |p: &&std::sync::Arc<jackfield_wire::ParticipantView>| {
            new.participants.iter().all(|n| n.participant_id != p.participant_id)
        };
        let gone: Vec<_> = self.participants.iter().filter(gone).map(|p| p.participant_id.clone()).collect();
        let over = matches!(new.state, ConversationState::WrapUp | ConversationState::Ended);
        for id in gone {
            self.left(&id, if over { LeaveReason::Ended } else { LeaveReason::Left }, out);
        }
        for participant in new.participants {
            self.put_participant(participant, false, out);
        }
        self.find_own(user);
        if (self.state, &self.wrap_up) != (new.state, &new.wrap_up) {
            self.stand(new.state, new.state_since, new.wrap_up, self.reason, out);
        }
        // It may have gone elsewhere and come back meanwhile: the same state, since another time.
        self.state_since = new.state_since;
        match new.position {
            Some(position) => self.moved(position, out),
            None => self.position = None,
        }
        if self.voice_requested != new.voice_requested {
            self.voice_requested(new.voice_requested, None, out);
        }
        self.catch_up(new.messages, stamps, out);
        self.restate(stamps, out);
    }

    /// Takes the snapshot's newest messages; parks them where some may be missing below.
    fn catch_up(&mut self, messages: Vec<MessageView>, stamps: &mut u64, out: &mut Out) {
        let newest = self.thread.newest();
        let missed: Vec<_> = messages.iter().filter(|m| m.number > newest).cloned().collect();
        let reaches_down = messages.first().is_none_or(|m| m.number <= newest + 1);
        if reaches_down {
            self.thread.close_hole();
            for message in missed {
                self.arrived(message, stamps, out);
            }
        } else {
            self.thread.park(newest, missed);
        }
    }
}
