//! A customer who is called back instead of waiting on the line.

use crate::state::Conversation;
use jackfield_wire::{CallbackView, ConversationState, Millis};
use serde::{Deserialize, Serialize};

/// That a customer is to be called back. It is offered to an agent when its turn comes, its time has come and the customer can be reached.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Callback {
    /// Not before this time: the customer's wish, or when it is tried again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Millis>,
    /// Since when the customer can't be reached, as no session of it gives signs of life: from `at` on at the earliest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub away_since: Option<Millis>,
    /// How often the customer did not answer.
    #[serde(default)]
    pub attempts: u8,
}

impl Conversation {
    /// Whether an agent calls its customer back, who has not answered yet.
    pub(crate) fn is_called_back(&self) -> bool {
        self.state == ConversationState::Active && self.callback.is_some()
    }
}

impl Callback {
    /// Whether it can be offered: its time has come (then there is none any more), and the customer can be reached.
    pub(crate) fn is_ready(&self) -> bool {
        self.at.is_none() && self.away_since.is_none()
    }

    /// When something is due: its time comes, or its place is kept no longer.
    pub(crate) fn due(&self, keep_ms: u32) -> Option<Millis> {
        self.at.or_else(|| self.away_since.map(|since| since.saturating_add(u64::from(keep_ms))))
    }

    pub(crate) fn view(&self) -> CallbackView {
        CallbackView { at: self.at, away_since: self.away_since, attempts: self.attempts.into() }
    }
}
