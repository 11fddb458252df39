//! What a tenant has, as its users see it: queues, codes, attributes, tags, and whom one can hand over to.

use crate::declare::{shape, words};
use crate::{Channel, PresenceView, QueueId, UserId};

shape! {
    /// A queue, as those see it who may use it.
    #[derive(Eq)]
    QueueInfo {
        /// Which.
        queue_id: QueueId,
        /// The name to show.
        name: String,
        /// The channels it takes.
        channels: Vec<Channel>,
        /// The dispositions of its conversations; empty for customers.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        dispositions: Vec<Disposition> = Vec::new(),
        /// For customers: whether who waits by voice may ask to be called back.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        callbacks: bool = false,
    }
}

shape! {
    /// A way for an agent to say how a conversation went.
    #[derive(Eq)]
    Disposition {
        /// The code kept in the record.
        id: String,
        /// The name to show.
        name: String,
    }
}

words! {
    /// The type of an attribute's value.
    AttributeKind {
        /// A text.
        Text,
        /// A number.
        Number,
        /// `true` or `false`.
        Boolean,
        /// A list of texts.
        List,
    }
}

shape! {
    /// What a tenant declares of an attribute. Shown to who works for it, never to customers.
    #[derive(Eq)]
    AttributeInfo {
        /// The attribute's name.
        name: String,
        /// What to call it on a screen.
        label: String,
        /// What its value is.
        kind: AttributeKind,
        /// The texts it may be, or a list may hold; empty: any.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        values: Vec<String> = Vec::new(),
        /// Whether agents can only read it: it is the word of the token or of the customer.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        read_only: bool = false,
    }
}

shape! {
    /// A tag that a tenant has a name for. Shown to who works for it, never to customers.
    #[derive(Eq)]
    TagInfo {
        /// The tag, as conversations carry it.
        id: String,
        /// The name to show.
        name: String,
    }
}

shape! {
    /// A colleague to whom a conversation can be given.
    #[derive(Eq)]
    AgentTarget {
        /// Who.
        user_id: UserId,
        /// The name to show.
        name: String,
        /// Whether the colleague can be reached, and what it does.
        presence: PresenceView,
    }
}

shape! {
    /// A queue to which a conversation can be given.
    #[derive(Eq)]
    QueueTarget {
        /// Which.
        queue_id: QueueId,
        /// The name to show.
        name: String,
        /// The channels it takes.
        channels: Vec<Channel>,
        /// Conversations in line.
        waiting: u32,
        /// Agents who can take one now.
        agents_ready: u32,
    }
}
