//! What is known around a conversation: links, and the same customer's conversations before it.

use crate::declare::shape;
use crate::{Channel, ConversationId, EndReason, Millis, QueueId, UserId};

shape! {
    /// A page that belongs to a conversation, for a screen-pop: the customer's account, the order.
    #[derive(Eq)]
    Link {
        /// What to call it.
        name: String,
        /// Where it leads: `http:` or `https:`.
        url: String,
        /// Whether it comes from the queue's configuration: `setLinks` neither gives nor takes those.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        fixed: bool = false,
    }
}

shape! {
    /// Somebody who served.
    #[derive(Eq)]
    AgentName {
        /// Who.
        user_id: UserId,
        /// The name; empty for who does not work for the tenant any more.
        name: String,
    }
}

shape! {
    /// A conversation of a customer that is over.
    #[derive(Eq)]
    PastConversation {
        /// Which.
        conversation_id: ConversationId,
        /// Where it was.
        queue_id: QueueId,
        /// The channel it began on.
        channel: Channel,
        /// When it came in.
        started_at: Millis,
        /// When the work on it was done.
        ended_at: Millis,
        /// Why it was over.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        end_reason: Option<EndReason>,
        /// Who served, in the order in which they came.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        agents: Vec<AgentName> = Vec::new(),
        /// How it went, in the agent's code.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        disposition: Option<String>,
        /// Its tags.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        tags: Vec<String> = Vec::new(),
        /// What it was about, in the customer's words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        subject: Option<String>,
        /// How many notes agents wrote.
        notes: u32,
        /// The beginning of the last message that everybody could read.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        last_message: Option<String>,
    }
}
