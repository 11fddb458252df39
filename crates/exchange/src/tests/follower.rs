//! A client that knows only a snapshot and the events after it. What it makes of them must be what a new snapshot says.

use jackfield_wire::{
    ConversationId, ConversationState, ConversationView, Millis, OfferView, ParticipantView, PresenceView,
    ServerEvent, SnapshotView,
};
use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Follower {
    presence: PresenceView,
    watched: Vec<PresenceView>,
    offers: Vec<OfferView>,
    conversations: BTreeMap<ConversationId, ConversationView>,
}

impl Follower {
    pub(super) fn new(seen: SnapshotView) -> Self {
        let SnapshotView { presence, watched, mut offers, conversations, .. } = seen;
        offers.sort_by_key(|o| o.offer_id.clone());
        let conversations = conversations.into_iter().map(|c| (c.conversation_id.clone(), c)).collect();
        Self { presence, watched, offers, conversations }
    }

    pub(super) fn take(&mut self, event: &ServerEvent, at: Millis) {
        match event {
            ServerEvent::PresenceChanged { presence } => {
                if self.presence.user_id == presence.user_id {
                    self.presence = presence.clone();
                }
                self.watched.iter_mut().filter(|p| p.user_id == presence.user_id).for_each(|p| {
                    *p = presence.clone();
                });
            }
            ServerEvent::OfferMade { offer } => {
                self.offers.push(offer.clone());
                self.offers.sort_by_key(|o| o.offer_id.clone());
            }
            ServerEvent::OfferEnded { offer_id, .. } => {
                let open = self.offers.len();
                self.offers.retain(|o| o.offer_id != *offer_id);
                assert_eq!(self.offers.len() + 1, open, "an offer ends once: {offer_id}");
            }
            ServerEvent::ConversationAdded { conversation } => {
                let before =
                    self.conversations.insert(conversation.conversation_id.clone(), conversation.clone());
                assert_eq!(before, None);
            }
            ServerEvent::ConversationRemoved { conversation_id } => {
                assert!(self.conversations.remove(conversation_id).is_some());
            }
            of_conversation => self.take_in_conversation(of_conversation, at),
        }
    }

    fn take_in_conversation(&mut self, event: &ServerEvent, _at: Millis) {
        match event {
            ServerEvent::ConversationStateChanged { conversation_id, state, since, wrap_up, .. } => {
                let own = self.conversation(conversation_id);
                (own.state, own.state_since, own.wrap_up) = (*state, *since, wrap_up.clone());
                if !matches!(state, ConversationState::Queued | ConversationState::Offered) {
                    (own.position, own.estimated_wait_ms) = (None, None);
                }
            }
            ServerEvent::QueueChanged { conversation_id, queue_id } => {
                self.conversation(conversation_id).queue_id = queue_id.clone();
            }
            ServerEvent::PositionChanged { conversation_id, position, estimated_wait_ms } => {
                let conversation = self.conversation(conversation_id);
                (conversation.position, conversation.estimated_wait_ms) =
                    (Some(*position), *estimated_wait_ms);
            }
            ServerEvent::VoiceRequested { conversation_id, requested, .. } => {
                self.conversation(conversation_id).voice_requested = *requested;
            }
            ServerEvent::PendingChanged { conversation_id, pending, .. } => {
                self.conversation(conversation_id).pending = pending.clone();
            }
            ServerEvent::CallbackChanged { conversation_id, callback } => {
                self.conversation(conversation_id).callback = *callback;
            }
            ServerEvent::OutboundChanged { conversation_id, outbound } => {
                self.conversation(conversation_id).outbound = Some(outbound.clone().into());
            }
            ServerEvent::ParticipantJoined { conversation_id, participant } => {
                let all = &mut self.conversation(conversation_id).participants;
                let joined =
                    |p: &ParticipantView| (p.participant_id.as_str().len(), p.participant_id.clone());
                let place = all.partition_point(|p| joined(p) < joined(participant));
                all.insert(place, participant.clone());
            }
            ServerEvent::ParticipantChanged { conversation_id, participant } => {
                let all = &mut self.conversation(conversation_id).participants;
                *find(all, participant.participant_id.as_str()) = participant.clone();
            }
            ServerEvent::ParticipantLeft { conversation_id, participant_id, .. } => {
                let all = &mut self.conversation(conversation_id).participants;
                all.retain(|p| p.participant_id != *participant_id);
            }
            ServerEvent::MessageAdded { conversation_id, message } => {
                self.conversation(conversation_id).last_message = message.number;
            }
            ServerEvent::MessagesMarked { conversation_id, participant_id, delivered, read } => {
                let all = &mut self.conversation(conversation_id).participants;
                let marked = find(all, participant_id.as_str());
                (marked.delivered, marked.read) = (*delivered, *read);
            }
            ServerEvent::ContextChanged { conversation_id, attributes, tags, links } => {
                let own = self.conversation(conversation_id);
                own.attributes = attributes.clone().unwrap_or(std::mem::take(&mut own.attributes));
                own.tags = tags.clone().unwrap_or(std::mem::take(&mut own.tags));
                own.links = links.clone().unwrap_or(std::mem::take(&mut own.links));
            }
            _ => {}
        }
    }

    fn conversation(&mut self, id: &ConversationId) -> &mut ConversationView {
        self.conversations.get_mut(id).unwrap_or_else(|| panic!("told of {id} without knowing it"))
    }
}

fn find<'a>(all: &'a mut [ParticipantView], id: &str) -> &'a mut ParticipantView {
    all.iter_mut().find(|p| p.participant_id.as_str() == id).unwrap()
}
