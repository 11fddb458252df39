//! How far those who wait have been held against the rules that hold now.

use jackfield_wire::{ConversationId, Millis};
use serde::{Deserialize, Serialize};

/// How far those who wait have been held against the rules that hold now.
///
/// ```text
///   rules as known ──others are in force──▶ going: from the first conversation on ──the last was looked at──▶ rules as known
///                                             │ ▲                          others again: from the first on
///                                             └─┘ some at a time
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Review {
    /// The print of the rules.
    pub(crate) rules: u64,
    /// What is left of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) going: Option<Going>,
}

/// A review that is not done.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Going {
    /// It goes on behind this one, in the order of ids.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) after: Option<ConversationId>,
    /// How many conversations had come in when it began: who came later was placed by these rules.
    pub(crate) came: u64,
    /// When somebody was looked at last.
    pub(crate) at: Millis,
    /// How many at that time.
    pub(crate) looked: u32,
}

impl Review {
    /// Whether nobody was ever held against rules, and none need be.
    pub(crate) fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// Takes in how far it has come: up to a conversation, or to the end.
    pub(crate) fn go_on(
        &mut self,
        rules: u64,
        (after, looked): (Option<&ConversationId>, u32),
        came: u64,
        at: Millis,
    ) {
        let before = self.going.take().filter(|_| self.rules == rules);
        let before = before.unwrap_or(Going { came, ..Going::default() });
        self.rules = rules;
        let again = if before.at == at { before.looked } else { 0 };
        let looked = again.saturating_add(looked);
        self.going = after.map(|id| Going { after: Some(id.clone()), at, looked, ..before });
    }
}
