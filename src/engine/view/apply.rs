//! One event of the gateway, applied to the view.

use super::{Conversation, Event, View};
use jackfield_wire::lean::{self, Floor, Members, Message as MessageView, Offer, Participant, Presence, Row};
use jackfield_wire::{ConversationId, Millis, OfferId, ParticipantId};
use std::sync::Arc;

/// Somewhere to put what the application is to be told.
type Out = Vec<Event>;

impl View {
    /// Applies an event. Cannot fail: what names a thing that the view does not have is passed over.
    pub(in super::super) fn apply(&mut self, event: lean::Event, out: &mut Out) {
        match event {
            lean::Event::PresenceChanged { presence } => self.presence_changed(presence, out),
            lean::Event::OfferMade { offer } => self.offer_made(offer, out),
            lean::Event::ConversationAdded { conversation } => {
                let conversation =
                    Conversation::new(conversation, &self.user.value.user_id, &mut self.stamps);
                self.add(conversation, out);
            }
            lean::Event::ParticipantJoined { conversation_id, participant }
            | lean::Event::ParticipantChanged { conversation_id, participant } => {
                self.participant(&conversation_id, participant, out);
            }
            lean::Event::MessageAdded { conversation_id, message } => {
                self.message(&conversation_id, message, out);
            }
            // The engine has warned of it.
            lean::Event::Unread { .. } => {}
            lean::Event::Other { kind, conversation_id: Some(id), rest } => {
                self.apply_within(&id, kind, rest, out);
            }
            lean::Event::Other { kind, rest, .. } if kind == "floorChanged" => self.floor_changed(&rest, out),
            lean::Event::Other { kind, conversation_id, rest } => {
                out.push(Event::Other { kind, conversation_id, rest });
            }
        }
    }

    /// Events of one conversation. Those that are not known here are handed on; see [`View::other`].
    fn apply_within(&mut self, id: &ConversationId, kind: String, rest: Members, out: &mut Out) {
        match kind.as_str() {
            "conversationStateChanged" => self.within(id, |c| c.stand(rest, out)),
            "positionChanged" => self.within(id, |c| {
                c.rest.set("estimatedWaitMs", rest.get("estimatedWaitMs"));
                c.moved(rest.whole("position"), out);
            }),
            "voiceRequested" => self.within(id, |c| c.voice_requested(rest, out)),
            "participantLeft" => self.within(id, |c| c.left_as_told(rest, out)),
            "messagesMarked" => self.marked(id, &rest, out),
            "conversationRemoved" => self.remove(id, out),
            "offerEnded" => {
                if let Some(offer_id) = rest.text("offerId").and_then(|id| OfferId::parse(&id).ok()) {
                    self.offer_ended(offer_id, id.clone(), rest, out);
                }
            }
            _ => self.other(id, kind, rest, out),
        }
    }

    /// An event that is not known here. One whose name ends in `Changed` says by its fields what the conversation's fields of the same names are now; so a
    /// gateway can tell of something new and a client of before it shows it. Its `outcome` is none of them: that is how something ended.
    fn other(&mut self, id: &ConversationId, kind: String, rest: Members, out: &mut Out) {
        let mut other = false;
        if kind.ends_with("Changed")
            && let Some((conversation, stamps)) = self.conversation_mut(id)
        {
            let mut now = rest.clone();
            now.set("outcome", None);
            other = conversation.rest.merge(&now);
            conversation.touch(stamps);
        }
        if other {
            out.push(Event::ConversationChanged { conversation_id: id.clone() });
        }
        if kind != "conversationChanged" {
            out.push(Event::Other { kind, conversation_id: Some(id.clone()), rest });
        }
    }

    fn within(&mut self, id: &ConversationId, change: impl FnOnce(&mut Conversation)) {
        if let Some((conversation, stamps)) = self.conversation_mut(id) {
            conversation.touch(stamps);
            change(conversation);
        }
    }

    fn presence_changed(&mut self, presence: Presence, out: &mut Out) {
        let own = presence.user_id == self.user.value.user_id;
        if own || self.watched.value.find(&presence.user_id).is_some() {
            self.put_presence(&presence);
            out.push(Event::PresenceChanged { presence });
        }
    }

    /// Puts a presence where it belongs; says whether it is another than before.
    pub(super) fn put_presence(&mut self, presence: &Presence) -> bool {
        let own = presence.user_id == self.user.value.user_id;
        let mut other = own && self.presence.set(presence.clone(), &mut self.stamps);
        let watched = self.watched.value.find_mut(&presence.user_id);
        if let Some(watched) = watched.filter(|watched| *watched != presence) {
            *watched = presence.clone();
            self.watched.change(&mut self.stamps);
            other = true;
        }
        other
    }

    pub(super) fn offer_made(&mut self, offer: Offer, out: &mut Out) {
        if self.offers.value.iter().all(|o| o.offer_id != offer.offer_id) {
            self.offers.change(&mut self.stamps).push(offer.clone());
            out.push(Event::OfferMade { offer });
        }
    }

    pub(super) fn offer_ended(
        &mut self,
        offer_id: OfferId,
        conversation_id: ConversationId,
        rest: Members,
        out: &mut Out,
    ) {
        let Some(index) = self.offers.value.iter().position(|o| o.offer_id == offer_id) else { return };
        self.offers.change(&mut self.stamps).remove(index);
        out.push(Event::OfferEnded { offer_id, conversation_id, rest });
    }

    pub(super) fn add(&mut self, conversation: Conversation, out: &mut Out) {
        let conversation_id = conversation.conversation_id.clone();
        if self.conversation(&conversation_id).is_none() {
            self.conversations.push(conversation);
            out.push(Event::ConversationAdded { conversation_id });
        }
    }

    pub(super) fn remove(&mut self, id: &ConversationId, out: &mut Out) {
        let Some(last) = self.conversations.remove(id).map(Box::new) else { return };
        self.stamps += 1;
        out.push(Event::ConversationRemoved { conversation_id: id.clone(), last });
    }

    fn participant(&mut self, id: &ConversationId, participant: Participant, out: &mut Out) {
        let user = self.user.value.user_id.clone();
        let Some((conversation, stamps)) = self.conversation_mut(id) else { return };
        conversation.touch(stamps);
        conversation.put_participant(participant, true, out);
        conversation.find_own(&user);
        conversation.restate(stamps, out);
    }

    fn marked(&mut self, id: &ConversationId, rest: &Members, out: &mut Out) {
        let Some((conversation, stamps)) = self.conversation_mut(id) else { return };
        let Some(participant_id) = rest.text("participantId") else { return };
        let (delivered, read) = (rest.whole("delivered").unwrap_or(0), rest.whole("read").unwrap_or(0));
        let found =
            conversation.participants.iter_mut().find(|p| p.participant_id.as_str() == participant_id);
        let Some(participant) = found else { return };
        let participant = Arc::make_mut(participant);
        participant.delivered = participant.delivered.max(delivered);
        participant.read = participant.read.max(read);
        conversation.touch(stamps);
        conversation.restate(stamps, out);
    }

    fn message(&mut self, id: &ConversationId, message: MessageView, out: &mut Out) {
        let writer = message.participant_id.clone();
        let Some((conversation, stamps)) = self.conversation_mut(id) else { return };
        conversation.touch(stamps);
        let Some(message) = conversation.thread.park_if_open(message) else { return };
        conversation.arrived(message, stamps, out);
        conversation.thread.trim();
        if !conversation.typing.is_empty() {
            self.typing(id, &writer, false, out);
        }
    }

    fn floor_changed(&mut self, news: &Members, out: &mut Out) {
        if self.floor.value.is_none() {
            return;
        }
        let Floor { queues, agents, rest } = Floor::of(news);
        let floor = self.floor.change(&mut self.stamps).get_or_insert_default();
        put_all(&mut floor.queues, queues);
        put_all(&mut floor.agents, agents);
        floor.rest.merge(&rest);
        out.push(Event::FloorChanged);
    }
}

/// Puts each new line in the place of the old one of the same id, or at the end.
fn put_all(rows: &mut Vec<Row>, news: Vec<Row>) {
    for new in news {
        match rows.iter_mut().find(|old| old.id == new.id) {
            Some(old) => *old = new,
            None => rows.push(new),
        }
    }
}

impl Conversation {
    /// The conversation stands elsewhere, as these say. They are all that is known of its end and of the work after it.
    pub(super) fn stand(&mut self, news: Members, out: &mut Out) {
        let Some(state) = news.text("state") else { return };
        self.stand_at(state, news.whole("since").unwrap_or(self.state_since));
        let mut facts = news.clone();
        ["state", "since"].iter().for_each(|key| facts.set(key, None));
        ["wrapUp", "reason"].iter().for_each(|key| self.rest.set(key, None));
        self.rest.merge(&facts);
        out.push(Event::ConversationStateChanged {
            conversation_id: self.conversation_id.clone(),
            rest: news,
        });
    }

    pub(super) fn stand_at(&mut self, state: String, since: Millis) {
        if !matches!(state.as_str(), "queued" | "offered") {
            self.position = None;
            self.rest.set("estimatedWaitMs", None);
        }
        (self.state, self.state_since) = (state, since);
    }

    pub(super) fn moved(&mut self, position: Option<u64>, out: &mut Out) {
        let position = position.and_then(|position| u32::try_from(position).ok());
        if let Some(position) = position.filter(|_| self.position != position) {
            self.position = Some(position);
            let conversation_id = self.conversation_id.clone();
            out.push(Event::PositionChanged { conversation_id, position });
        }
    }

    pub(super) fn voice_requested(&mut self, news: Members, out: &mut Out) {
        self.voice_requested = news.flag("requested");
        let conversation_id = self.conversation_id.clone();
        out.push(Event::VoiceRequested { conversation_id, rest: news });
    }

    /// Puts a participant in its place. `news`: the gateway says that it is other; else it is told only if it is.
    pub(super) fn put_participant(&mut self, participant: Participant, news: bool, out: &mut Out) {
        let conversation_id = self.conversation_id.clone();
        let mut participant = Arc::new(participant);
        let old = self.participants.iter_mut().find(|p| p.participant_id == participant.participant_id);
        let Some(old) = old else {
            // Who joined before others may be made known after them: a supervisor that listened, and then barges in.
            let joined = |p: &Participant| (p.participant_id.as_str().len(), p.participant_id.clone());
            let place = self.participants.partition_point(|p| joined(p) < joined(&participant));
            self.participants.insert(place, participant.clone());
            out.push(Event::ParticipantJoined { conversation_id, participant });
            return;
        };
        let marks = Arc::make_mut(&mut participant);
        marks.delivered = marks.delivered.max(old.delivered);
        marks.read = marks.read.max(old.read);
        let told = news || differs(old, &participant);
        *old = participant.clone();
        if told {
            out.push(Event::ParticipantChanged { conversation_id, participant });
        }
    }

    fn left_as_told(&mut self, news: Members, out: &mut Out) {
        if let Some(id) = news.text("participantId").and_then(|id| ParticipantId::parse(&id).ok()) {
            self.left(&id, news, out);
        }
    }

    pub(super) fn left(&mut self, id: &ParticipantId, rest: Members, out: &mut Out) {
        let Some(index) = self.participants.iter().position(|p| p.participant_id == *id) else { return };
        let participant = self.participants.remove(index);
        self.typing.retain(|p| p != id);
        let conversation_id = self.conversation_id.clone();
        out.push(Event::ParticipantLeft { conversation_id, participant, rest });
    }

    /// Tells of a message that came, or of the local echo that it settles.
    pub(super) fn arrived(&mut self, message: MessageView, stamps: &mut u64, out: &mut Out) {
        let conversation_id = self.conversation_id.clone();
        let command_id = self.thread.is_pending(&message.command_id).then(|| message.command_id.clone());
        if let Some(message) = self.insert(message, stamps) {
            out.push(Event::MessageAdded { conversation_id, message });
        } else if let Some(message) = command_id.and_then(|id| self.thread.by_command(&id).cloned()) {
            out.push(Event::MessageChanged { conversation_id, message });
        }
    }

    /// Tells of own messages that came further with the other side.
    pub(super) fn restate(&mut self, stamps: &mut u64, out: &mut Out) {
        for index in self.refresh_marks() {
            *stamps += 1;
            if let Some(message) = self.thread.restate(index, *stamps) {
                let conversation_id = self.conversation_id.clone();
                out.push(Event::MessageChanged { conversation_id, message });
            }
        }
    }
}

/// Whether anything but the message marks is other: those are told as `messageChanged`.
fn differs(one: &Participant, other: &Participant) -> bool {
    one.rest != other.rest
}
