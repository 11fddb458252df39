//! What the application is told.

use super::view::{Conversation, Message};
use super::{ConnectionState, Quality, VoiceState};
use jackfield_wire::{
    ConversationId, ConversationState, EndReason, LeaveReason, OfferId, OfferOutcome, OfferView,
    ParticipantId, ParticipantView, PresenceView, WireError,
};
use std::sync::Arc;

/// What the application is told, after the view shows it. Named as the events of the npm package.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The socket came or went.
    ConnectionChanged {
        /// How the connection stands.
        connection: ConnectionState,
        /// Why it was lost, where that is known.
        error: Option<WireError>,
        /// In how many milliseconds the next attempt begins, where one is planned.
        retry_in_ms: Option<u64>,
    },
    /// The voice connection came or went.
    VoiceChanged {
        /// How it stands.
        voice: VoiceState,
        /// Why it failed.
        error: Option<WireError>,
    },
    /// The session is over; nothing comes after it.
    Closed {
        /// Why, where it was not asked for.
        error: Option<WireError>,
    },
    /// One's own presence, or a watched one, is another.
    PresenceChanged {
        /// The presence.
        presence: PresenceView,
    },
    /// A conversation is proposed to this agent.
    OfferMade {
        /// The offer.
        offer: OfferView,
    },
    /// An offer is no longer open. Once for every offer made.
    OfferEnded {
        /// Which.
        offer_id: OfferId,
        /// Its conversation.
        conversation_id: ConversationId,
        /// How it ended.
        outcome: OfferOutcome,
    },
    /// The user takes part in this conversation from now on.
    ConversationAdded {
        /// Which.
        conversation_id: ConversationId,
    },
    /// The conversation stands elsewhere.
    ConversationStateChanged {
        /// Which.
        conversation_id: ConversationId,
        /// Where.
        state: ConversationState,
        /// Why, where it is over.
        reason: Option<EndReason>,
    },
    /// The conversation is gone for this user.
    ConversationRemoved {
        /// Which.
        conversation_id: ConversationId,
        /// As it was last; the view has it no more.
        last: Box<Conversation>,
    },
    /// The place in line is another.
    PositionChanged {
        /// Which conversation.
        conversation_id: ConversationId,
        /// 1 being next.
        position: u32,
    },
    /// The customer asked to talk, or no longer.
    VoiceRequested {
        /// Which conversation.
        conversation_id: ConversationId,
        /// Whether an agent is being asked.
        requested: bool,
        /// How the asking ended.
        outcome: Option<OfferOutcome>,
    },
    /// Somebody came in.
    ParticipantJoined {
        /// Which conversation.
        conversation_id: ConversationId,
        /// Who.
        participant: Arc<ParticipantView>,
    },
    /// Voice, hold, mute or away of somebody is another.
    ParticipantChanged {
        /// Which conversation.
        conversation_id: ConversationId,
        /// Who, whole.
        participant: Arc<ParticipantView>,
    },
    /// Somebody is gone.
    ParticipantLeft {
        /// Which conversation.
        conversation_id: ConversationId,
        /// Who, as it was last.
        participant: Arc<ParticipantView>,
        /// Why.
        reason: LeaveReason,
    },
    /// A message came, or was written here (local echo).
    MessageAdded {
        /// Which conversation.
        conversation_id: ConversationId,
        /// The message.
        message: Arc<Message>,
    },
    /// A message's state is another.
    MessageChanged {
        /// Which conversation.
        conversation_id: ConversationId,
        /// The message.
        message: Arc<Message>,
    },
    /// Who is typing is another.
    TypingChanged {
        /// Which conversation.
        conversation_id: ConversationId,
        /// Who types now.
        participant_ids: Vec<ParticipantId>,
    },
    /// Queues or agents on the floor are other; the view has it whole.
    FloorChanged,
    /// How the voice of a call was in the last second.
    Quality {
        /// Which conversation.
        conversation_id: ConversationId,
        /// The figures.
        quality: Quality,
    },
}
