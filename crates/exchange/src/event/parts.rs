//! What larger facts consist of.

use crate::{Identity, Needs, Outbound, needs::is_zero};
use jackfield_wire::{
    Attributes, Channel, ConversationId, Millis, OfferId, OfferKind, OfferReason, ParticipantId, QueueId,
    SessionId, UserId,
};
use serde::{Deserialize, Serialize};
use std::{fmt, sync::Arc};

/// The text of a message, or of a status message. It is no part of the journal: the store keeps it in a table of its own, so that erasing a person is deleting rows.
/// Read back from the journal it is empty. `Debug` shows nothing of it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Body(pub Arc<str>);

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Body({} bytes)", self.0.len())
    }
}

/// A conversation as it comes in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NewConversation {
    /// Its id.
    pub conversation_id: ConversationId,
    /// Where it waits.
    pub queue_id: QueueId,
    /// By voice or by chat.
    pub channel: Channel,
    /// What it is about, in the customer's words.
    /// Not in the journal; older journals had it.
    #[serde(default, skip_serializing)]
    pub subject: Option<String>,
    /// Free facts. As the subject.
    #[serde(default, skip_serializing)]
    pub attributes: Attributes,
    /// The customer's place in it; that of its agent, where the house begins it.
    pub participant_id: ParticipantId,
    /// The customer.
    pub who: Identity,
    /// The customer's session; it has the leg, where the conversation begins by voice. In one that the house begins, the session in which that was asked for.
    pub session: SessionId,
    /// Its own priority, on top of the queue's.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub priority: u8,
    /// Since when it is held to be waiting, where that is another time than that of its arrival.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub virtual_start: Option<Millis>,
    /// What it asks of its agent beside what the queue asks.
    #[serde(default, skip_serializing_if = "Needs::is_empty")]
    pub needs: Needs,
    /// The rule that placed it, by its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<Arc<str>>,
    /// Where the house begins it: whom it goes to. Then it waits in no line, and the customer comes in when it is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outbound: Option<Box<Outbound>>,
}

/// An offer as it is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NewOffer {
    /// Its id.
    pub offer_id: OfferId,
    /// What it proposes.
    pub conversation_id: ConversationId,
    /// To whom.
    pub user_id: UserId,
    /// New, or a chat that becomes a call.
    pub kind: OfferKind,
    /// The channel that accepting it opens.
    pub channel: Channel,
    /// When it ends by itself.
    pub expires_at: Millis,
    /// Why this agent.
    pub reason: OfferReason,
}
