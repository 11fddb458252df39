//! Conversations that the house begins.

use crate::{needs::is_zero, seat::without_number};
use jackfield_wire::{
    ConversationState, Millis, OutboundStage, OutboundView, PendingKind, SessionId, Target, UserId,
};
use serde::{Deserialize, Serialize};

use crate::state::{Conversation, Participant};

/// What makes a conversation one that the house began. The customer is no party of it before it is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Outbound {
    /// The customer, or the telephone number. A number is not in the journal and in no snapshot.
    #[serde(serialize_with = "without_number")]
    pub target: Target,
    /// Who began it.
    pub by: UserId,
    /// Whether it waits for an agent of its queue, and is not that of the agent who began it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub queued: bool,
    /// How far it came.
    pub progress: Progress,
}

/// How far a conversation came that the house began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Progress {
    /// Where it stands.
    pub stage: OutboundStage,
    /// In preview: when that ends by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Millis>,
    /// The agent's session in which it was begun or taken: it has the voice where the preview's end dials.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<SessionId>,
    /// How often agents skipped it, or the customer did not answer.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub attempts: u8,
    /// Where it waits: not before this time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Millis>,
}

impl Progress {
    /// No more than the stage.
    pub(crate) fn at(stage: OutboundStage) -> Self {
        Self { stage, until: None, session: None, attempts: 0, at: None }
    }
}

impl Outbound {
    /// The telephone number that it goes to.
    pub(crate) fn number(&self) -> Option<String> {
        match &self.target {
            Target::Number { number } => Some(number.clone()),
            _ => None,
        }
    }

    /// Takes in the number that the journal does not hold.
    pub(crate) fn know(&mut self, to: Option<&str>) {
        if let (Target::Number { number }, Some(to)) = (&mut self.target, to) {
            to.clone_into(number);
        }
    }

    pub(crate) fn view(&self, conversation: &Conversation, progress: &Progress) -> OutboundView {
        OutboundView {
            target: self.target.clone(),
            name: conversation.called_name(),
            by: self.by.clone(),
            stage: progress.stage,
            expires_at: progress.until,
            attempts: progress.attempts.into(),
            at: progress.at,
        }
    }
}

impl Conversation {
    /// Whether it stands so, among those that the house began.
    fn is_outbound_at(&self, stage: OutboundStage) -> bool {
        self.outbound.as_ref().is_some_and(|outbound| outbound.progress.stage == stage)
    }

    /// What the customer is called whom the house calls, if that is known.
    pub(crate) fn called_name(&self) -> Option<String> {
        let name = self.outbound.as_ref().map(|_| self.customer_name.clone());
        name.filter(|name| !name.is_empty())
    }

    /// Whether its agent looks before the customer is called.
    pub(crate) fn is_previewed(&self) -> bool {
        self.is_outbound_at(OutboundStage::Preview)
    }

    /// Whether the house began it, and its customer has not answered yet.
    pub(crate) fn is_unreached(&self) -> bool {
        self.outbound.as_ref().is_some_and(|outbound| outbound.progress.stage != OutboundStage::Reached)
    }

    /// Whether its customer is called at this moment.
    pub(crate) fn is_calling(&self) -> bool {
        self.is_outbound_at(OutboundStage::Calling) && self.pending.is_some()
    }

    /// How far it came on the way to its customer, where the house calls or calls back, and nobody has answered yet.
    pub(crate) fn stage_before_answer(&self) -> Option<OutboundStage> {
        let pending = self.pending.as_ref().map(|pending| pending.kind);
        match pending {
            _ if self.state != ConversationState::Active => None,
            Some(PendingKind::Callback | PendingKind::Outbound) => Some(OutboundStage::Calling),
            _ => self.is_previewed().then_some(OutboundStage::Preview),
        }
    }

    /// Whether its customer was called and did not answer: what follows is due.
    pub(crate) fn is_unanswered(&self) -> bool {
        self.is_outbound_at(OutboundStage::Calling)
            && self.pending.is_none()
            && self.state == ConversationState::Active
    }

    /// Whether it waits for an agent of its queue, to be called by that one.
    pub(crate) fn is_to_be_called(&self) -> bool {
        self.is_waiting() && self.is_unreached()
    }

    /// Where it waits: not before this time.
    pub(crate) fn called_at(&self) -> Option<Millis> {
        self.outbound.as_ref().filter(|_| self.is_to_be_called()).and_then(|outbound| outbound.progress.at)
    }

    /// When the look before the call ends by itself.
    pub(crate) fn preview_until(&self) -> Option<Millis> {
        let previewed =
            self.outbound.as_ref().filter(|_| self.is_previewed() && self.state == ConversationState::Active);
        previewed.and_then(|outbound| outbound.progress.until)
    }
}

impl Participant {
    /// Whether it is a telephone number, in whatever part: it has no session of a user.
    pub(crate) fn is_number(&self) -> bool {
        crate::decide::external::is_reserved(self.user_id.as_str())
    }
}
