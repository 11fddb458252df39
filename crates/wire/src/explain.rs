//! Why a conversation waits, or to whom it went.

use crate::declare::shape;
use crate::{
    CallbackView, Channel, ConversationId, ConversationState, Millis, OfferId, OfferKind, OfferOutcome,
    OfferReason, QueueId, UserId,
};
use std::collections::BTreeMap;

shape! {
    /// Why a conversation waits, or to whom it went: in data, and in one sentence in English.
    #[derive(Eq)]
    Explanation {
        /// Which.
        conversation_id: ConversationId,
        /// Where it stands.
        state: ConversationState,
        /// Its queue.
        queue_id: QueueId,
        /// The channel by which it is matched.
        channel: Channel,
        /// All of it in a sentence.
        sentence: String,
        /// How long it has waited, or has been going on, in milliseconds since it came in.
        age_ms: u64,
        /// Its own priority.
        priority: u32,
        /// How much longer it is held to have waited than it has, in milliseconds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        head_start_ms: Option<u64>,
        /// Its place in line, 1 being next.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        place: Option<u32>,
        /// How many wait in the line, itself included.
        waiting: u32,
        /// The rule that placed it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rule: Option<String>,
        /// How often conditions of that rule could not be evaluated, for any conversation. That counted as false.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rule_failures: Option<u64>,
        /// The queues that are left to it after this one, in order.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        next_queues: Vec<QueueId> = Vec::new(),
        /// When it goes on to the next of them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        next_at: Option<Millis>,
        /// The ring of its demands that it has come to; 0 is the first.
        ring: u32,
        /// When its demands relax.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        relaxes_at: Option<Millis>,
        /// The skills that it asks for now, with the least level.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        skills: BTreeMap<String, u8> = BTreeMap::new(),
        /// The skills that are welcome.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        preferred: BTreeMap<String, u8> = BTreeMap::new(),
        /// The agents that it is for; none for all who fit.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        only: Vec<UserId> = Vec::new(),
        /// How the agents fare with it, while it waits.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        agents: Option<AgentFunnel>,
        /// That its customer is to be called back: not before a time, or not while it can't be reached.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        callback: Option<CallbackView>,
        /// Its open offers.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        offered: Vec<OfferTold> = Vec::new(),
        /// Its offers that are over, the newest of them, oldest first.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        before: Vec<OfferTold> = Vec::new(),
        /// The agent who serves it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        owner: Option<UserId>,
    }
}

shape! {
    /// How many agents could serve a conversation: each number counts those of the one before who also meet this.
    #[derive(Copy, Eq, Default)]
    AgentFunnel {
        /// Who serve its queue, by their lists.
        serving: u32,
        /// And have the skills, or are named.
        fitting: u32,
        /// And are signed in, with a sign of life.
        signed_in: u32,
        /// And are available, and wait for no break.
        available: u32,
        /// And have room, and no other offer open.
        with_room: u32,
        /// And have not just turned it down, or left it: it can be offered to these.
        ready: u32,
    }
}

shape! {
    /// An offer, and how it ended.
    #[derive(Eq)]
    OfferTold {
        /// Which.
        offer_id: OfferId,
        /// To whom.
        user_id: UserId,
        /// What for.
        kind: OfferKind,
        /// When it was made.
        offered_at: Millis,
        /// When it ended.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ended_at: Option<Millis>,
        /// How it ended.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        outcome: Option<OfferOutcome>,
        /// Why it was made to this agent.
        reason: OfferReason,
    }
}
