//! Who sees what of a fact. This is the one place that decides it: what has no projection here reaches nobody.

use crate::{
    Audience, Event, Exchange, ReadAccess, Viewer,
    index::{LineId, PLACES_TOLD},
    state::{Conversation, Participant},
    view::{last_message_for, serves, state_for, wrap_up_for},
};
use jackfield_wire::{
    Code, ConversationId, ConversationState, EndReason, OfferOutcome, ParticipantId, Role, ServerEvent,
    Visibility, WireError,
};

impl Exchange {
    /// Whom a fact that was just applied concerns.
    pub fn audience(&self, event: &Event) -> Audience {
        match event {
            Event::PresenceChanged { user_id, .. } => Audience::PresenceOf(user_id.clone()),
            Event::SessionClosed { session, .. } => Audience::Session(session.clone()),
            Event::PlacesMoved { queue_id, channel, from } => {
                let Some(queue) = self.tenant.queue_index(queue_id) else { return Audience::Nobody };
                let moved = self.places_from(LineId { queue, channel: *channel }, *from);
                let moved = moved.iter().filter_map(|(id, _)| self.state.conversations.get(id));
                Audience::Users(moved.filter_map(|c| c.customer()).map(|p| p.user_id.clone()).collect())
            }
            of_conversation => self.audience_of_conversation(of_conversation),
        }
    }

    fn audience_of_conversation(&self, event: &Event) -> Audience {
        let besides = match event {
            Event::ParticipantLeft { user_id, .. } | Event::OfferEnded { user_id, .. } => Some(user_id),
            Event::OfferMade(offer) => Some(&offer.user_id),
            Event::PauseEnded { .. } | Event::RingReached { .. } | Event::ConversationClosed { .. } => {
                return Audience::Nobody;
            }
            _ => None,
        };
        let conversation = event.conversation().and_then(|id| self.state.conversations.get(id));
        let parties = conversation.into_iter().flat_map(|c| &c.participants).map(|p| &p.user_id);
        let mut users: Vec<_> = parties.chain(besides).cloned().collect();
        users.sort_unstable();
        users.dedup();
        if users.is_empty() { Audience::Nobody } else { Audience::Users(users) }
    }

    /// What a viewer is told of a fact that was just applied; nothing, where the fact is none of its business.
    pub fn project(&self, viewer: &Viewer, event: &Event) -> Option<ServerEvent> {
        match event {
            Event::PresenceChanged { user_id, .. } => {
                let watches = viewer.role != Role::Customer && viewer.watched.contains(user_id);
                let sees = *user_id == viewer.user_id || watches;
                sees.then(|| ServerEvent::PresenceChanged { presence: self.presence_view(user_id) })
            }
            Event::SessionClosed { session, reason, .. } => {
                (*session == viewer.session).then_some(ServerEvent::SignedOut { reason: *reason })
            }
            Event::OfferMade(made) if made.user_id == viewer.user_id => {
                let offer = self.state.offers.get(&made.offer_id).filter(|_| serves(viewer.role))?;
                Some(ServerEvent::OfferMade { offer: self.offer_view(offer)? })
            }
            Event::OfferEnded { offer_id, conversation_id, user_id, outcome, .. }
                if *user_id == viewer.user_id =>
            {
                let (offer_id, conversation_id) = (offer_id.clone(), conversation_id.clone());
                let ended = ServerEvent::OfferEnded { offer_id, conversation_id, outcome: *outcome };
                Some(ended).filter(|_| serves(viewer.role))
            }
            Event::ParticipantLeft { conversation_id, user_id, .. } if *user_id == viewer.user_id => {
                Some(ServerEvent::ConversationRemoved { conversation_id: conversation_id.clone() })
            }
            Event::PlacesMoved { queue_id, channel, from } => {
                let mut own = self.state.conversations_of(&viewer.user_id);
                let moved =
                    own.find(|c| c.queue_id == *queue_id && c.channel == *channel && c.is_waiting())?;
                let position = moved.place_told.filter(|place| (*from..=PLACES_TOLD).contains(place))?;
                let conversation_id = moved.conversation_id.clone();
                Some(ServerEvent::PositionChanged { conversation_id, position })
            }
            of_conversation => self.project_to_participant(viewer, of_conversation),
        }
    }

    /// What a viewer is told of what happens in a conversation that it takes part in.
    fn project_to_participant(&self, viewer: &Viewer, event: &Event) -> Option<ServerEvent> {
        let (conversation, own) = self.part_of(viewer, event.conversation()?)?;
        let conversation_id = conversation.conversation_id.clone();
        match event {
            Event::ConversationStarted(_) => Some(self.added(conversation, own)),
            Event::ParticipantJoined { participant_id, .. } if *participant_id == own.participant_id => {
                Some(self.added(conversation, own))
            }
            Event::ParticipantJoined { participant_id, .. } => {
                let joined = conversation.participant(participant_id)?;
                let participant = self.participant_view(joined, own);
                Some(ServerEvent::ParticipantJoined { conversation_id, participant })
            }
            Event::ParticipantLeft { participant_id, reason, .. } => {
                let (participant_id, reason) = (participant_id.clone(), *reason);
                Some(ServerEvent::ParticipantLeft { conversation_id, participant_id, reason })
            }
            Event::VoiceJoined { participant_id, .. }
            | Event::VoiceLeft { participant_id, .. }
            | Event::HeldChanged { participant_id, .. }
            | Event::MutedChanged { participant_id, .. }
            | Event::ParticipantAway { participant_id, .. } => {
                self.participant_changed(conversation, participant_id, own)
            }
            Event::Routed(routing) => {
                let queue_id = routing.queue_id.clone();
                Some(ServerEvent::QueueChanged { conversation_id, queue_id })
            }
            Event::StateChanged { reason, .. } => Some(state_changed(conversation, own, *reason)),
            Event::WrapUpExtended { .. } if !own.is_customer() => {
                Some(state_changed(conversation, own, None))
            }
            Event::OfferMade(_) => in_line(conversation, own, ConversationState::Offered),
            Event::OfferEnded { outcome, .. } if back_in_line(*outcome) => {
                in_line(conversation, own, ConversationState::Queued)
            }
            Event::VoiceRequested { requested, outcome, .. } => {
                let (requested, outcome) = (*requested, *outcome);
                Some(ServerEvent::VoiceRequested { conversation_id, requested, outcome })
            }
            written => self.project_message(conversation, own, written),
        }
    }

    fn added(&self, conversation: &Conversation, own: &Participant) -> ServerEvent {
        ServerEvent::ConversationAdded { conversation: self.conversation_view(conversation, own) }
    }

    fn project_message(
        &self,
        conversation: &Conversation,
        own: &Participant,
        event: &Event,
    ) -> Option<ServerEvent> {
        let conversation_id = conversation.conversation_id.clone();
        match event {
            Event::MessageAdded { visibility, .. } => {
                let sees = *visibility == Visibility::Everyone || !own.is_customer();
                let message = event.message().filter(|_| sees)?;
                Some(ServerEvent::MessageAdded { conversation_id, message })
            }
            Event::MessagesMarked { participant_id, .. } => {
                let marked = conversation.participant(participant_id)?;
                let participant_id = participant_id.clone();
                let (delivered, read) = (marked.delivered.for_viewer(own), marked.read.for_viewer(own));
                Some(ServerEvent::MessagesMarked { conversation_id, participant_id, delivered, read })
            }
            _ => None,
        }
    }

    fn participant_changed(
        &self,
        conversation: &Conversation,
        id: &ParticipantId,
        own: &Participant,
    ) -> Option<ServerEvent> {
        let participant = self.participant_view(conversation.participant(id)?, own);
        let conversation_id = conversation.conversation_id.clone();
        Some(ServerEvent::ParticipantChanged { conversation_id, participant })
    }

    fn part_of(&self, viewer: &Viewer, id: &ConversationId) -> Option<(&Conversation, &Participant)> {
        let conversation = self.state.conversations.get(id)?;
        Some((conversation, conversation.participant_of(&viewer.user_id)?))
    }

    /// What a viewer may read of a conversation: for history and typing.
    ///
    /// # Errors
    /// `notFound`, in the same words for conversations that do not exist and for those of others.
    pub fn may_read(&self, viewer: &Viewer, id: &ConversationId) -> Result<ReadAccess, WireError> {
        let (conversation, own) = self.part_of(viewer, id).ok_or(Code::NotFound)?;
        let others = conversation.participants.iter().filter(|p| p.participant_id != own.participant_id);
        Ok(ReadAccess {
            participant_id: own.participant_id.clone(),
            see_internal: !own.is_customer(),
            last_message: last_message_for(conversation, own),
            others: others.map(|p| p.user_id.clone()).collect(),
        })
    }
}

fn state_changed(conversation: &Conversation, own: &Participant, reason: Option<EndReason>) -> ServerEvent {
    ServerEvent::ConversationStateChanged {
        conversation_id: conversation.conversation_id.clone(),
        state: state_for(conversation.state, own),
        since: conversation.state_since,
        wrap_up: wrap_up_for(conversation, own),
        reason,
    }
}

/// An offer that was taken or whose customer is gone says it by the facts that follow.
fn back_in_line(outcome: OfferOutcome) -> bool {
    !matches!(outcome, OfferOutcome::Accepted | OfferOutcome::Canceled)
}

/// To who waits, an offer made or ended is a change of state. An offer to talk within a chat is not: that chat goes on.
fn in_line(conversation: &Conversation, own: &Participant, state: ConversationState) -> Option<ServerEvent> {
    (conversation.state == state).then(|| state_changed(conversation, own, None))
}
