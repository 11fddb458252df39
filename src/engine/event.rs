//! What the application is told.

use super::view::{Conversation, Message};
use super::{ConnectionState, Quality, VoiceState};
use jackfield_wire::lean::{Members, Offer, Participant, Presence};
use jackfield_wire::{ConversationId, OfferId, ParticipantId, WireError};
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
        presence: Presence,
    },
    /// A conversation is proposed to this agent.
    OfferMade {
        /// The offer.
        offer: Offer,
    },
    /// An offer is no longer open. Once for every offer made.
    OfferEnded {
        /// Which.
        offer_id: OfferId,
        /// Its conversation.
        conversation_id: ConversationId,
        /// The event's fields: how it ended.
        rest: Members,
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
        /// The event's fields: where, since when, why.
        rest: Members,
    },
    /// Something of the conversation that has no event of its own is another: attributes, tags, links …
    ConversationChanged {
        /// Which.
        conversation_id: ConversationId,
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
        /// The event's fields: whether an agent is being asked, and how the asking ended.
        rest: Members,
    },
    /// Somebody came in.
    ParticipantJoined {
        /// Which conversation.
        conversation_id: ConversationId,
        /// Who.
        participant: Arc<Participant>,
    },
    /// Voice, hold, mute or away of somebody is another.
    ParticipantChanged {
        /// Which conversation.
        conversation_id: ConversationId,
        /// Who, whole.
        participant: Arc<Participant>,
    },
    /// Somebody is gone.
    ParticipantLeft {
        /// Which conversation.
        conversation_id: ConversationId,
        /// Who, as it was last.
        participant: Arc<Participant>,
        /// The event's fields: why.
        rest: Members,
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
    /// An event that the engine does not know.
    Other {
        /// Its `type`.
        kind: String,
        /// The conversation that it names.
        conversation_id: Option<ConversationId>,
        /// All its other fields.
        rest: Members,
    },
}
