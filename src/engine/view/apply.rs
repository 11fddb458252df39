//! One event of the gateway, applied to the view.

use super::{Conversation, Event, View};
use jackfield_wire::{
    AgentStats, ConversationId, ConversationState, EndReason, FloorView, LeaveReason, MessageView, Millis,
    OfferId, OfferOutcome, OfferView, ParticipantId, ParticipantView, PresenceView, QueueStats, ServerEvent,
    WrapUpView,
};
use std::sync::Arc;

/// Somewhere to put what the application is to be told.
type Out = Vec<Event>;

impl View {
    /// Applies an event. Cannot fail: what names a thing that the view does not have is passed over.
    pub(in super::super) fn apply(&mut self, event: ServerEvent, out: &mut Out) {
        match event {
            ServerEvent::PresenceChanged { presence } => self.presence_changed(presence, out),
            ServerEvent::OfferMade { offer } => self.offer_made(offer, out),
            ServerEvent::OfferEnded { offer_id, conversation_id, outcome } => {
                self.offer_ended(offer_id, conversation_id, outcome, out);
            }
            ServerEvent::ConversationAdded { conversation } => {
                let conversation =
                    Conversation::new(conversation, &self.user.value.user_id, &mut self.stamps);
                self.add(conversation, out);
            }
            ServerEvent::ConversationRemoved { conversation_id } => self.remove(&conversation_id, out),
            ServerEvent::FloorChanged { queues, agents } => self.floor_changed(queues, agents, out),
            ServerEvent::SignedOut { .. } | ServerEvent::Unknown => {}
            within => self.apply_within(within, out),
        }
    }

    /// Events of one conversation.
    fn apply_within(&mut self, event: ServerEvent, out: &mut Out) {
        match event {
            ServerEvent::ConversationStateChanged { conversation_id, state, since, wrap_up, reason } => {
                self.within(&conversation_id, |c| c.stand(state, since, wrap_up, reason, out));
            }
            ServerEvent::QueueChanged { conversation_id, queue_id } => {
                self.within(&conversation_id, |c| c.queue_id = queue_id);
            }
            ServerEvent::PositionChanged { conversation_id, position } => {
                self.within(&conversation_id, |c| c.moved(position, out));
            }
            ServerEvent::VoiceRequested { conversation_id, requested, outcome } => {
                self.within(&conversation_id, |c| c.voice_requested(requested, outcome, out));
            }
            ServerEvent::ParticipantLeft { conversation_id, participant_id, reason } => {
                self.within(&conversation_id, |c| c.left(&participant_id, reason, out));
            }
            ServerEvent::ParticipantJoined { conversation_id, participant }
            | ServerEvent::ParticipantChanged { conversation_id, participant } => {
                self.participant(&conversation_id, participant, out);
            }
            ServerEvent::MessagesMarked { conversation_id, participant_id, delivered, read } => {
                self.marked(&conversation_id, &participant_id, delivered, read, out);
            }
            ServerEvent::MessageAdded { conversation_id, message } => {
                self.message(&conversation_id, message, out);
            }
            _ => {}
        }
    }

    fn within(&mut self, id: &ConversationId, change: impl FnOnce(&mut Conversation)) {
        if let Some((conversation, stamps)) = self.conversation_mut(id) {
            conversation.touch(stamps);
            change(conversation);
        }
    }

    fn presence_changed(&mut self, presence: PresenceView, out: &mut Out) {
        let own = presence.user_id == self.user.value.user_id;
        if own || self.watched.value.find(&presence.user_id).is_some() {
            self.put_presence(&presence);
            out.push(Event::PresenceChanged { presence });
        }
    }

    /// Puts a presence where it belongs; says whether it is another than before.
    pub(super) fn put_presence(&mut self, presence: &PresenceView) -> bool {
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

    pub(super) fn offer_made(&mut self, offer: OfferView, out: &mut Out) {
        if self.offers.value.iter().all(|o| o.offer_id != offer.offer_id) {
            self.offers.change(&mut self.stamps).push(offer.clone());
            out.push(Event::OfferMade { offer });
        }
    }

    pub(super) fn offer_ended(
        &mut self,
        offer_id: OfferId,
        conversation_id: ConversationId,
        outcome: OfferOutcome,
        out: &mut Out,
    ) {
        let Some(index) = self.offers.value.iter().position(|o| o.offer_id == offer_id) else { return };
        self.offers.change(&mut self.stamps).remove(index);
        out.push(Event::OfferEnded { offer_id, conversation_id, outcome });
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

    fn participant(&mut self, id: &ConversationId, participant: ParticipantView, out: &mut Out) {
        let user = self.user.value.user_id.clone();
        let Some((conversation, stamps)) = self.conversation_mut(id) else { return };
        conversation.touch(stamps);
        conversation.put_participant(participant, true, out);
        conversation.find_own(&user);
        conversation.restate(stamps, out);
    }

    fn marked(
        &mut self,
        id: &ConversationId,
        participant_id: &ParticipantId,
        delivered: u64,
        read: u64,
        out: &mut Out,
    ) {
        let Some((conversation, stamps)) = self.conversation_mut(id) else { return };
        let found = conversation.participants.iter_mut().find(|p| p.participant_id == *participant_id);
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
        let Err(message) = conversation.thread.park_if_open(message) else { return };
        conversation.arrived(message, stamps, out);
        conversation.thread.trim();
        if !conversation.typing.is_empty() {
            self.typing(id, &writer, false, out);
        }
    }

    fn floor_changed(&mut self, queues: Vec<QueueStats>, agents: Vec<AgentStats>, out: &mut Out) {
        if self.floor.value.is_none() {
            return;
        }
        let floor = self.floor.change(&mut self.stamps);
        let floor = floor.get_or_insert_with(|| FloorView { queues: Vec::new(), agents: Vec::new() });
        put_all(&mut floor.queues, queues, |one, other| one.queue_id == other.queue_id);
        put_all(&mut floor.agents, agents, |one, other| one.user_id == other.user_id);
        out.push(Event::FloorChanged);
    }
}

/// Puts each new value in the place of the old one with the same key, or at the end.
fn put_all<T>(values: &mut Vec<T>, news: Vec<T>, same: impl Fn(&T, &T) -> bool) {
    for new in news {
        match values.iter_mut().find(|old| same(old, &new)) {
            Some(old) => *old = new,
            None => values.push(new),
        }
    }
}

impl Conversation {
    pub(super) fn stand(
        &mut self,
        state: ConversationState,
        since: Millis,
        wrap_up: Option<WrapUpView>,
        reason: Option<EndReason>,
        out: &mut Out,
    ) {
        self.state = state;
        self.state_since = since;
        self.wrap_up = wrap_up;
        self.reason = reason;
        if !matches!(state, ConversationState::Queued | ConversationState::Offered) {
            self.position = None;
        }
        let conversation_id = self.conversation_id.clone();
        out.push(Event::ConversationStateChanged { conversation_id, state, reason });
    }

    pub(super) fn moved(&mut self, position: u32, out: &mut Out) {
        if self.position != Some(position) {
            self.position = Some(position);
            let conversation_id = self.conversation_id.clone();
            out.push(Event::PositionChanged { conversation_id, position });
        }
    }

    pub(super) fn voice_requested(&mut self, requested: bool, outcome: Option<OfferOutcome>, out: &mut Out) {
        self.voice_requested = requested;
        let conversation_id = self.conversation_id.clone();
        out.push(Event::VoiceRequested { conversation_id, requested, outcome });
    }

    /// Puts a participant in its place. `news`: the gateway says that it is other; else it is told only if it is.
    pub(super) fn put_participant(&mut self, participant: ParticipantView, news: bool, out: &mut Out) {
        let conversation_id = self.conversation_id.clone();
        let mut participant = Arc::new(participant);
        let old = self.participants.iter_mut().find(|p| p.participant_id == participant.participant_id);
        let Some(old) = old else {
            self.participants.push(participant.clone());
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

    pub(super) fn left(&mut self, id: &ParticipantId, reason: LeaveReason, out: &mut Out) {
        let Some(index) = self.participants.iter().position(|p| p.participant_id == *id) else { return };
        let participant = self.participants.remove(index);
        self.typing.retain(|p| p != id);
        let conversation_id = self.conversation_id.clone();
        out.push(Event::ParticipantLeft { conversation_id, participant, reason });
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
fn differs(one: &ParticipantView, other: &ParticipantView) -> bool {
    let facts = |p: &ParticipantView| (p.voice.clone(), p.away, p.role);
    one.name != other.name || facts(one) != facts(other)
}
