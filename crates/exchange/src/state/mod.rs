//! What the rules remember. Everything here is changed by `apply` alone.

mod conversation;
mod participant;
mod review;
mod user;

pub(crate) use conversation::{Conversation, Pause, Tried};
pub(crate) use participant::{Leg, Mark, Participant, WrapUp};
pub(crate) use review::{Going, Review};
pub use user::{NextPresence, SessionPresence};
pub(crate) use user::{OFFLINE, Presence, Session, Status, User};

use crate::{AgentSettings, NewOffer, rules::Pace, view::serves};
use jackfield_wire::{ConversationId, Millis, OfferId, ParticipantId, QueueId, SessionId, UserId};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, sync::Arc};

/// What a snapshot keeps of an exchange. Everything else (lines, ready agents, deadlines) is derived from it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExchangeState {
    pub(crate) counters: Counters,
    /// When the first fact was taken in.
    #[serde(default)]
    pub(crate) began: Millis,
    pub(crate) sessions: BTreeMap<SessionId, Session>,
    pub(crate) users: BTreeMap<UserId, User>,
    #[serde(default)]
    pub(crate) statistics: crate::stats::Statistics,
    pub(crate) conversations: BTreeMap<ConversationId, Conversation>,
    pub(crate) offers: BTreeMap<OfferId, Offer>,
    /// How fast the lines of each queue are served.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) pace: BTreeMap<QueueId, [Pace; 2]>,
    /// What was changed about agents at run time.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) agents: BTreeMap<UserId, AgentSettings>,
    /// How often conditions of each rule could not be evaluated.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) rule_failures: BTreeMap<Arc<str>, u64>,
    /// How far those who wait were held against the rules.
    #[serde(default, skip_serializing_if = "Review::is_none")]
    pub(crate) review: Review,
}

/// How many there have been. Ids are made from these, so that a replay makes the same ones.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Counters {
    pub(crate) conversations: u64,
    pub(crate) offers: u64,
    pub(crate) participants: u64,
}

impl Counters {
    pub(crate) fn next_conversation(&self) -> ConversationId {
        ConversationId::numbered('c', self.conversations + 1)
    }

    pub(crate) fn next_offer(&self) -> OfferId {
        OfferId::numbered('o', self.offers + 1)
    }

    /// The ids of offers that are made together, in order.
    pub(crate) fn next_offers(&self) -> impl Iterator<Item = OfferId> {
        (self.offers + 1..).map(|n| OfferId::numbered('o', n))
    }

    pub(crate) fn next_participant(&self) -> ParticipantId {
        self.participant_after(0)
    }

    /// The id of a participant who comes in by the same decision as so many others before it.
    pub(crate) fn participant_after(&self, others: u64) -> ParticipantId {
        ParticipantId::numbered('p', self.participants + others + 1)
    }
}

/// An open offer. Once it has ended, it leaves the state.
///
/// ```text
/// pending → accepted | rejected | timedOut | rescinded | canceled
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Offer {
    #[serde(flatten)]
    pub(crate) made: NewOffer,
    pub(crate) offered_at: Millis,
}

impl ExchangeState {
    /// Brings what a snapshot of an older version said into today's form.
    pub(crate) fn upgrade(&mut self) {
        self.conversations.values_mut().for_each(Conversation::upgrade);
    }

    /// Whether a user has a session that gives signs of life, leaving one out of the count.
    pub(crate) fn is_live_without(&self, user_id: &UserId, without: Option<&SessionId>) -> bool {
        let Some(user) = self.users.get(user_id) else { return false };
        let counted = user.sessions.iter().filter(|s| Some(*s) != without);
        counted.filter_map(|s| self.sessions.get(s)).any(|s| s.away_since.is_none())
    }

    /// Whether a user has a session in which it sees offers, and which gives signs of life; leaving one out of the count.
    pub(crate) fn can_take_offers(&self, user_id: &UserId, without: Option<&SessionId>) -> bool {
        let Some(user) = self.users.get(user_id) else { return false };
        let counted = user.sessions.iter().filter(|s| Some(*s) != without);
        counted.filter_map(|s| self.sessions.get(s)).any(|s| s.away_since.is_none() && serves(s.who.role))
    }

    /// Whether a user has a session that gives signs of life.
    pub(crate) fn is_live(&self, user_id: &UserId) -> bool {
        self.is_live_without(user_id, None)
    }

    /// Whether no sign of life comes from a participant: from the session that has its leg, or else from any of its user's.
    pub(crate) fn is_away(&self, participant: &Participant) -> bool {
        if participant.is_number() {
            // It has no session that could fall silent.
            return false;
        }
        match &participant.leg {
            Some(leg) => self.sessions.get(&leg.session).is_none_or(|s| s.away_since.is_some()),
            None => !self.is_live(&participant.user_id),
        }
    }

    /// The conversations that a user takes part in.
    pub(crate) fn conversations_of(&self, user_id: &UserId) -> impl Iterator<Item = &Conversation> {
        let ids = self.users.get(user_id).into_iter().flat_map(|u| &u.conversations);
        ids.filter_map(|id| self.conversations.get(id))
    }

    /// The offers open to a user.
    pub(crate) fn offers_of(&self, user_id: &UserId) -> impl Iterator<Item = &Offer> {
        let ids = self.users.get(user_id).into_iter().flat_map(|u| &u.offers);
        ids.filter_map(|id| self.offers.get(id))
    }

    /// The open offers of a conversation, in the order in which they were made.
    pub(crate) fn offers_in(&self, conversation: &Conversation) -> impl Iterator<Item = &Offer> {
        conversation.offers.iter().filter_map(|id| self.offers.get(id))
    }
}
