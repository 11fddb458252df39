//! A fresh snapshot against the old view: the application is told the same events it would have seen.

use super::{Conversation, Event, View};
use jackfield_wire::lean::{
    self, Json, Members, Message as MessageView, Offer, Participant, Presence, Snapshot,
};
use jackfield_wire::{Millis, SessionId, UserId};
use std::sync::Arc;

type Out = Vec<Event>;

impl View {
    /// Takes the snapshot for true and tells what became of the old view. `now` is the gateway's time.
    pub(in super::super) fn replace(
        &mut self,
        snapshot: Snapshot,
        session: &SessionId,
        now: Millis,
        out: &mut Out,
    ) {
        self.user.set(snapshot.user, &mut self.stamps);
        self.rest.set(snapshot.rest, &mut self.stamps);
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

    fn replace_presence(&mut self, own: Presence, watched: Vec<Presence>, out: &mut Out) {
        for presence in std::iter::once(own).chain(watched.iter().cloned()) {
            if self.put_presence(&presence) {
                out.push(Event::PresenceChanged { presence });
            }
        }
        self.watched.set(watched.into_iter().collect(), &mut self.stamps);
    }

    fn end_offers(
        &mut self,
        open: &[Offer],
        conversations: &[lean::Conversation],
        session: &SessionId,
        now: Millis,
        out: &mut Out,
    ) {
        let gone = |offer: &&Offer| open.iter().all(|o| o.offer_id != offer.offer_id);
        let ended: Vec<Offer> = self.offers.value.iter().filter(gone).cloned().collect();
        for offer in ended {
            let outcome = self.how_ended(&offer, conversations, session, now);
            let rest = Json::new().text("offerId", offer.offer_id.as_str()).text("outcome", outcome).end();
            self.offer_ended(offer.offer_id, offer.conversation_id, made(&rest), out);
        }
    }

    /// The snapshot does not say how an offer ended; the conversation and the time do, nearly always.
    fn how_ended(
        &self,
        offer: &Offer,
        conversations: &[lean::Conversation],
        session: &SessionId,
        now: Millis,
    ) -> &'static str {
        let own = &self.user.value.user_id;
        let has_leg = |c: &lean::Conversation| {
            c.participants.iter().any(|p| {
                p.user_id.as_ref() == Some(own)
                    && p.voice.as_ref().is_some_and(|leg| leg.session_id == *session)
            })
        };
        let conversation = conversations.iter().find(|c| c.conversation_id == offer.conversation_id);
        let taken = conversation.is_some_and(|c| offer.kind != "escalation" || has_leg(c));
        match taken {
            true => "accepted",
            false if offer.expires_at.is_some_and(|at| at <= now) => "timedOut",
            false => "rescinded",
        }
    }

    fn remove_conversations(&mut self, kept: &[lean::Conversation], out: &mut Out) {
        let gone = |c: &&Conversation| kept.iter().all(|k| k.conversation_id != c.conversation_id);
        let ended: Vec<_> =
            self.conversations.iter().filter(gone).map(|c| c.conversation_id.clone()).collect();
        for id in ended {
            self.remove(&id, out);
        }
    }

    fn replace_conversation(&mut self, new: lean::Conversation, out: &mut Out) {
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
    fn replace(&mut self, new: lean::Conversation, user: &UserId, stamps: &mut u64, out: &mut Out) {
        let gone =
            |p: &&Arc<Participant>| new.participants.iter().all(|n| n.participant_id != p.participant_id);
        let gone: Vec<_> = self.participants.iter().filter(gone).map(|p| p.participant_id.clone()).collect();
        let over = matches!(new.state.as_str(), "wrapUp" | "ended");
        let left = Json::new().text("reason", if over { "ended" } else { "left" }).end();
        for id in gone {
            self.left(&id, made(&left), out);
        }
        for participant in new.participants {
            self.put_participant(participant, false, out);
        }
        self.find_own(user);
        self.replace_facts(new.state, new.state_since, new.rest, out);
        match new.position {
            Some(position) => self.moved(Some(position.into()), out),
            None => self.position = None,
        }
        if self.voice_requested != new.voice_requested {
            let news = Json::new().flag("requested", new.voice_requested).end();
            self.voice_requested(made(&news), out);
        }
        self.catch_up(new.messages, stamps, out);
        self.restate(stamps, out);
    }

    /// Where it stands, and what else is said of it. Why it is over no snapshot says: that stays.
    fn replace_facts(&mut self, state: String, since: Millis, mut rest: Members, out: &mut Out) {
        if let (None, Some(reason)) = (rest.get("reason"), self.rest.get("reason")) {
            rest.set("reason", Some(reason));
        }
        let mut news = Json::new();
        news.text("state", &state).whole("since", since);
        ["wrapUp", "reason"].iter().for_each(|key| {
            if let Some(value) = rest.get(key) {
                news.raw(key, value);
            }
        });
        let stands = self.state != state || self.rest.get("wrapUp") != rest.get("wrapUp");
        // It may have gone elsewhere and come back meanwhile: the same state, since another time.
        self.stand_at(state, since);
        let mut other = std::mem::replace(&mut self.rest, rest);
        let conversation_id = self.conversation_id.clone();
        if stands {
            out.push(Event::ConversationStateChanged {
                conversation_id: conversation_id.clone(),
                rest: made(&news.end()),
            });
        }
        other.set("wrapUp", self.rest.get("wrapUp"));
        if other.merge(&self.rest) || other.as_str().len() != self.rest.as_str().len() {
            out.push(Event::ConversationChanged { conversation_id });
        }
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

/// The members of an object that was written here.
fn made(json: &str) -> Members {
    Members::of(json).unwrap_or_default()
}
