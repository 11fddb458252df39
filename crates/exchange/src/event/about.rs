//! What can be asked of any fact.

use super::Event;
use jackfield_wire::{ConversationId, MessageView};

impl Event {
    /// The conversation that the fact is about, if it is about one.
    pub fn conversation(&self) -> Option<&ConversationId> {
        match self {
            Self::ConversationStarted(new) => Some(&new.conversation_id),
            Self::OfferMade(offer) => Some(&offer.conversation_id),
            Self::Routed(routing) => Some(&routing.conversation_id),
            Self::Planned(planned) => Some(&planned.conversation_id),
            Self::OfferEnded { conversation_id, .. }
            | Self::Prioritized { conversation_id, .. }
            | Self::RingReached { conversation_id, .. }
            | Self::AgentPassed { conversation_id, .. }
            | Self::PauseEnded { conversation_id, .. }
            | Self::StateChanged { conversation_id, .. }
            | Self::WrapUpBegan { conversation_id, .. }
            | Self::WrapUpEnded { conversation_id, .. }
            | Self::WrapUpExtended { conversation_id, .. }
            | Self::ConversationClosed { conversation_id, .. }
            | Self::VoiceRequested { conversation_id, .. }
            | Self::PendingChanged { conversation_id, .. }
            | Self::CallbackChanged { conversation_id, .. }
            | Self::OutboundChanged { conversation_id, .. }
            | Self::Skipped { conversation_id, .. }
            | Self::ParticipantJoined { conversation_id, .. }
            | Self::SeatChanged { conversation_id, .. }
            | Self::VoiceJoined { conversation_id, .. }
            | Self::VoiceLeft { conversation_id, .. }
            | Self::HeldChanged { conversation_id, .. }
            | Self::MutedChanged { conversation_id, .. }
            | Self::ParticipantAway { conversation_id, .. }
            | Self::AttributesChanged { conversation_id, .. }
            | Self::TagsChanged { conversation_id, .. }
            | Self::LinksChanged { conversation_id, .. }
            | Self::Dialed { conversation_id, .. }
            | Self::ParticipantLeft { conversation_id, .. }
            | Self::MessageAdded { conversation_id, .. }
            | Self::MessagesMarked { conversation_id, .. } => Some(conversation_id),
            Self::Supervised { conversation_id, .. } => conversation_id.as_ref(),
            Self::SessionOpened { .. }
            | Self::SessionAway { .. }
            | Self::SessionReturned { .. }
            | Self::SessionClosed { .. }
            | Self::PresenceWished { .. }
            | Self::PresenceCleared { .. }
            | Self::PresenceQueued { .. }
            | Self::OffersPaused { .. }
            | Self::OffersResumed { .. }
            | Self::SessionPresenceSet { .. }
            | Self::SessionPresenceEnded { .. }
            | Self::StatusMessageSet { .. }
            | Self::StatusMessageCleared { .. }
            | Self::PresenceChanged { .. }
            | Self::AgentChanged { .. }
            | Self::Reviewed { .. }
            | Self::PlacesMoved { .. } => None,
        }
    }

    /// Whether legs of the conversation may be others after this fact, so that the media plane's room must be set anew.
    pub fn touches_legs(&self) -> bool {
        matches!(
            self,
            Self::ConversationStarted(_)
                | Self::ParticipantJoined { .. }
                | Self::SeatChanged { .. }
                | Self::VoiceJoined { .. }
                | Self::VoiceLeft { .. }
                | Self::HeldChanged { .. }
                | Self::MutedChanged { .. }
                | Self::ParticipantLeft { .. }
                | Self::ConversationClosed { .. }
        )
    }

    /// The message that was written, if the fact is one: what the store keeps, and what its readers see.
    pub fn message(&self) -> Option<MessageView> {
        let Self::MessageAdded {
            number,
            command_id,
            participant_id,
            name,
            role,
            at,
            visibility,
            note,
            body,
            ..
        } = self
        else {
            return None;
        };
        Some(MessageView {
            number: *number,
            command_id: command_id.clone(),
            participant_id: participant_id.clone(),
            name: name.clone(),
            role: *role,
            at: *at,
            visibility: *visibility,
            note: *note,
            text: body.0.to_string(),
        })
    }
}
