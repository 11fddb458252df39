//! Conversations that the house begins.

use crate::declare::{shape, words};
use crate::{Millis, Target, UserId};

words! {
    /// How far a conversation came that the house began.
    ///
    /// ```text
    ///  waiting ──an agent accepts──▶ preview ──dial──▶ calling ──answered──▶ reached
    ///     ▲                             │                 │
    ///     └── again later ──────────────┴─────────────────┴──▶ over: skipped, unreached
    /// ```
    OutboundStage {
        /// It waits for an agent of its queue.
        Waiting,
        /// Its agent looks at what there is to see. Nobody is called yet.
        Preview,
        /// The customer is called.
        Calling,
        /// The customer has answered. From here on it is a conversation as any other.
        Reached,
    }
}

shape! {
    /// What agents see of a conversation that the house began.
    #[derive(Eq)]
    OutboundView {
        /// The customer, or the telephone number, that it goes to.
        target: Target,
        /// What the customer is called, if that is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        /// Who began it.
        by: UserId,
        /// How far it came.
        stage: OutboundStage,
        /// In preview: when that ends by itself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expires_at: Option<Millis>,
        /// How often agents skipped it, or the customer did not answer.
        #[serde(default, skip_serializing_if = "is_zero")]
        attempts: u32 = 0,
        /// Where it waits: not before this time.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<Millis>,
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}
