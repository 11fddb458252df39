//! A conversation, its messages, and what is asked in it.

use crate::declare::{shape, tagged, words};
use crate::{
    Attributes, Channel, ConversationId, Link, Millis, OutboundView, ParticipantId, ParticipantView, QueueId,
    Role, UserId, WrapUpView,
};
use std::collections::BTreeMap;

words! {
    /// Where a conversation stands.
    ///
    /// ```text
    /// queued ⇄ offered → active ⇄ parked
    ///    │        │         ├───────┘
    ///    └────────┴─────────┴─→ wrapUp → ended
    /// ```
    ///
    /// Each viewer is told its own: an agent who went on to the work after its part (transferred, left a conference) sees `wrapUp` while the
    /// conversation is active with others.
    ConversationState {
        /// Waits for an agent. To the customer: "you are in line".
        Queued,
        /// Proposed to an agent. To the customer: "you are in line" still.
        Offered,
        /// Customer and agent are connected.
        Active,
        /// Set aside by its agent, who comes back to it. To the customer: "we will be with you again".
        Parked,
        /// To an agent: it does the work after its part. By itself: the customer is gone, and some agent still does that work.
        WrapUp,
        /// Over. It leaves the state and becomes a record.
        Ended,
    }
}

shape! {
    /// A conversation, as one of its viewers sees it.
    #[derive(Eq)]
    ConversationView {
        /// Which.
        conversation_id: ConversationId,
        /// The queue it came in by.
        queue_id: QueueId,
        /// The channel it began on.
        channel: Channel,
        /// Where it stands.
        state: ConversationState,
        /// Since when it has stood there.
        state_since: Millis,
        /// When it came in.
        created_at: Millis,
        /// What it is about, in the customer's words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        subject: Option<String>,
        /// Free facts about it.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        attributes: Attributes = BTreeMap::new(),
        /// Its tags, in order. Customers see none.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        tags: Vec<String> = Vec::new(),
        /// Its links: those of the queue, then those that agents set. Customers see none.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        links: Vec<Link> = Vec::new(),
        /// The parties in it now, in the order in which they joined (that of their ids); who is made known late stands where it joined.
        participants: Vec<ParticipantView>,
        /// The customer's wish to talk, while an agent is asked for it.
        voice_requested: bool,
        /// The place in line, 1 being next; only while it waits.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        position: Option<u32>,
        /// How long it may take from now on until an agent takes it, in milliseconds, by how its line was served of late; only while it waits, and is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        estimated_wait_ms: Option<u64>,
        /// The number of the newest message the viewer may see.
        last_message: u64,
        /// The newest messages, oldest first; older ones by `fetchHistory`.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        messages: Vec<MessageView> = Vec::new(),
        /// The viewer's own work after its part, while it does it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        wrap_up: Option<WrapUpView>,
        /// What was asked for and is not answered yet. A customer is told of a transfer, and of what it is asked itself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pending: Option<PendingView>,
        /// That the customer is to be called back.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        callback: Option<CallbackView>,
        /// Where the house began it: whom it goes to, and how far it came. Customers are not told.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        outbound: Option<Box<OutboundView>>,
    }
}

words! {
    /// Who may read a message.
    Visibility {
        /// All participants.
        Everyone,
        /// Colleagues only, never the customer.
        Internal,
    }
}

shape! {
    /// A chat message.
    #[derive(Eq)]
    MessageView {
        /// Its place in the conversation: 1, 2, 3 … A client that misses one asks for it.
        number: u64,
        /// The command that sent it, so that its sender recognises its own.
        command_id: crate::CommandId,
        /// Who wrote it.
        participant_id: ParticipantId,
        /// The writer's name at that time.
        name: String,
        /// The writer's role.
        role: Role,
        /// When the gateway took it.
        at: Millis,
        /// Who may read it.
        visibility: Visibility,
        /// Whether it is a note, to be kept in sight, and not a word between colleagues. Notes are internal.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        note: bool = false,
        /// What it says: plain text, never HTML.
        text: String,
    }
}

tagged! {
    /// To whom a conversation is handed over, or who is asked into it.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum Target {
        /// A colleague.
        Agent = "agent" {
            /// Who.
            user_id: UserId,
        },
        /// A queue: the conversation waits there; asked for advice, the agent of it who has been idle longest.
        Queue = "queue" {
            /// Which.
            queue_id: QueueId,
        },
        /// A telephone number.
        Number = "number" {
            /// The number (E.164), as in `+4930123456`.
            number: String,
        },
        /// A customer: who is asked something, and whom an outbound conversation goes to. Nothing can be handed over to one.
        Customer = "customer" {
            /// Who.
            user_id: UserId,
        },
    }
}

words! {
    /// What was asked for and is not answered yet.
    PendingKind {
        /// The conversation is to be handed over.
        Transfer,
        /// A colleague is asked for advice.
        Consult,
        /// A colleague is asked into the conversation.
        Invite,
        /// The customer is asked to talk within a chat.
        Voice,
        /// The customer is called back.
        Callback,
        /// The customer is called by the house.
        Outbound,
    }
}

impl PendingKind {
    /// Whether it is the customer who is asked, and who answers with `answerRequest`.
    pub fn asks_customer(self) -> bool {
        matches!(self, Self::Voice | Self::Callback | Self::Outbound)
    }
}

shape! {
    /// Something that was asked for in a conversation and is not answered yet. There is one at a time.
    #[derive(Eq)]
    PendingView {
        /// What.
        kind: PendingKind,
        /// Who or what was asked. Customers are not told.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        target: Option<Target>,
        /// Who asked. Customers are not told.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<ParticipantId>,
        /// The supervisor who ordered it, where it did: then it can't be taken back by who has the conversation. Customers are not told.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ordered_by: Option<UserId>,
        /// Since when.
        since: Millis,
        /// When it ends by itself, where the customer is asked or a telephone number rings. What a colleague is asked ends with its offer.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expires_at: Option<Millis>,
    }
}

shape! {
    /// That a customer is to be called back, and does not wait on the line.
    #[derive(Copy, Eq, Default)]
    CallbackView {
        /// Not before this time: the customer's wish, or when it is tried again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<Millis>,
        /// Since when the customer can't be reached, as it has no page open: its place is kept meanwhile.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        away_since: Option<Millis>,
        /// How often the customer did not answer.
        attempts: u32,
    }
}
