//! Offers, and who waits for one.

use super::is_zero;
use crate::declare::{shape, words};
use crate::{CallbackView, Channel, ConversationId, Millis, OfferId, QueueId, UserId};
use std::collections::BTreeMap;

words! {
    /// Why an offer is made.
    OfferKind {
        /// A conversation from a queue.
        Conversation,
        /// A conversation that the agent has as a chat already: the customer asks to talk.
        Escalation,
        /// A conversation that a colleague hands over.
        Transfer,
        /// A colleague asks for advice, without the customer hearing it.
        Consult,
        /// A colleague asks into the conversation with its customer.
        Invite,
        /// A conversation from a queue whose customer is to be called: the agent who accepts sees it before the call.
        Preview,
        /// A conversation from a queue whose customer is to be called back: it is asked when the agent has accepted.
        Callback,
    }
}

shape! {
    /// Why this agent was chosen.
    #[derive(Eq, Default)]
    OfferReason {
        /// How the agent was picked among those who fit.
        order: String,
        /// The skills that were asked for, with the level.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        skills: BTreeMap<String, u8> = BTreeMap::new(),
        /// How many agents fitted.
        candidates: u32,
        /// How long the conversation had waited, in milliseconds.
        waited_ms: u64,
        /// The skills that were welcome, with the level.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        preferred: BTreeMap<String, u8> = BTreeMap::new(),
        /// How many of those this agent has.
        #[serde(default, skip_serializing_if = "is_zero")]
        preferred_met: u32 = 0,
        /// The ring of its demands that the conversation had come to; 0 is the first.
        #[serde(default, skip_serializing_if = "is_zero")]
        ring: u32 = 0,
        /// The rule that placed the conversation.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rule: Option<String>,
        /// Whether it is for this agent by name.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        direct: bool = false,
    }
}

shape! {
    /// A conversation proposed to one agent.
    #[derive(Eq)]
    OfferView {
        /// Which.
        offer_id: OfferId,
        /// The conversation it proposes.
        conversation_id: ConversationId,
        /// New, or a chat that becomes a call.
        kind: OfferKind,
        /// The channel that accepting it opens.
        channel: Channel,
        /// The queue.
        queue_id: QueueId,
        /// The customer's name.
        customer_name: String,
        /// What it is about.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        subject: Option<String>,
        /// When it was made.
        offered_at: Millis,
        /// When it ends by itself.
        expires_at: Millis,
        /// Why it is made to this agent.
        reason: OfferReason,
    }
}

shape! {
    /// How many conversations an agent takes at once.
    #[derive(Copy, Eq)]
    AgentCapacity {
        /// Calls: 0 or 1.
        voice: u32,
        /// Chats: 0 to 100.
        chat: u32,
    }
}

shape! {
    /// A conversation that waits, as who supervises its queue sees it.
    #[derive(Eq)]
    WaitingView {
        /// Which.
        conversation_id: ConversationId,
        /// The channel that it waits on.
        channel: Channel,
        /// Since when its customer has waited.
        since: Millis,
        /// Its place in the line of its channel, 1 being next.
        position: u32,
        /// Its own priority, on top of the queue's.
        priority: u8,
        /// What its customer is called.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        customer_name: Option<String>,
        /// What it is about, in the customer's words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        subject: Option<String>,
        /// That its customer is to be called back.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        callback: Option<CallbackView>,
        /// That its customer is to be called: such conversations have places of their own.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        outbound: bool = false,
        /// The agents to whom it is being offered.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        offered_to: Vec<UserId> = Vec::new(),
    }
}
