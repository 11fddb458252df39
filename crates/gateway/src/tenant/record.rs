//! What is kept of a finished conversation: times, parties, codes, quality.

use jackfield_exchange::{Event, NewConversation};
use jackfield_wire::{
    Channel, ConversationState, EndReason, LeaveReason, Millis, OfferOutcome, ParticipantId, QualitySample,
    QueueId, Role, UserId,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A conversation's record, as far as it goes. What was written and who the customer is called is in the messages and conversations, not here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Record {
    queue_id: QueueId,
    channel: Channel,
    created_at: Millis,
    parties: Vec<Party>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    offers: Vec<OfferLine>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    answered_at: Option<Millis>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    over_at: Option<Millis>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<EndReason>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    closed_at: Option<Millis>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    disposition: Option<String>,
    messages: u64,
    /// The last that each party's session reported of its voice.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    quality: BTreeMap<UserId, QualitySample>,
}

/// Somebody who took part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Party {
    participant_id: ParticipantId,
    user_id: UserId,
    role: Role,
    joined_at: Millis,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    left_at: Option<Millis>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    left: Option<LeaveReason>,
    /// When its voice came and went.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    voice: Vec<Span>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Span {
    from: Millis,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    to: Option<Millis>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct OfferLine {
    user_id: UserId,
    ended_at: Millis,
    outcome: OfferOutcome,
}

impl Record {
    pub(super) fn begin(new: &NewConversation, at: Millis) -> Self {
        let mut record = Self {
            queue_id: new.queue_id.clone(),
            channel: new.channel,
            created_at: at,
            parties: Vec::new(),
            offers: Vec::new(),
            answered_at: None,
            over_at: None,
            reason: None,
            closed_at: None,
            disposition: None,
            messages: 0,
            quality: BTreeMap::new(),
        };
        record.join(&new.participant_id, &new.who.user_id, new.who.role, at);
        if new.channel == Channel::Voice {
            record.voice(&new.participant_id, at, true);
        }
        record
    }

    pub(super) fn note(&mut self, event: &Event, at: Millis) {
        match event {
            Event::ParticipantJoined { participant_id, who, voice, .. } => {
                self.join(participant_id, &who.user_id, who.role, at);
                if voice.is_some() {
                    self.voice(participant_id, at, true);
                }
            }
            Event::ParticipantLeft { participant_id, reason, .. } => {
                self.voice(participant_id, at, false);
                if let Some(party) = self.party(participant_id) {
                    (party.left_at, party.left) = (Some(at), Some(*reason));
                }
            }
            Event::VoiceJoined { participant_id, .. } => self.voice(participant_id, at, true),
            Event::VoiceLeft { participant_id, .. } => self.voice(participant_id, at, false),
            Event::OfferEnded { user_id, outcome, .. } => {
                let (user_id, outcome) = (user_id.clone(), *outcome);
                self.offers.push(OfferLine { user_id, ended_at: at, outcome });
            }
            Event::StateChanged { state, reason, .. } => self.stands(*state, *reason, at),
            Event::ConversationClosed { disposition, .. } => {
                (self.closed_at, self.disposition) = (Some(at), disposition.clone());
            }
            Event::MessageAdded { .. } => self.messages += 1,
            _ => {}
        }
    }

    pub(super) fn quality(&mut self, user: UserId, sample: QualitySample) {
        self.quality.insert(user, sample);
    }

    fn stands(&mut self, state: ConversationState, reason: Option<EndReason>, at: Millis) {
        match state {
            ConversationState::Active => self.answered_at = self.answered_at.or(Some(at)),
            ConversationState::WrapUp | ConversationState::Ended => {
                self.over_at = self.over_at.or(Some(at));
                self.reason = self.reason.or(reason);
            }
            ConversationState::Queued | ConversationState::Offered | ConversationState::Parked => {}
        }
    }

    fn join(&mut self, participant: &ParticipantId, user: &UserId, role: Role, at: Millis) {
        let (participant_id, user_id) = (participant.clone(), user.clone());
        let (left_at, left, voice) = (None, None, Vec::new());
        self.parties.push(Party { participant_id, user_id, role, joined_at: at, left_at, left, voice });
    }

    /// A leg that moves to another session is one span still.
    fn voice(&mut self, participant: &ParticipantId, at: Millis, on: bool) {
        let Some(party) = self.party(participant) else { return };
        match party.voice.last_mut().filter(|span| span.to.is_none()) {
            Some(open) if !on => open.to = Some(at),
            None if on => party.voice.push(Span { from: at, to: None }),
            _ => {}
        }
    }

    fn party(&mut self, participant: &ParticipantId) -> Option<&mut Party> {
        self.parties.iter_mut().rev().find(|party| party.participant_id == *participant)
    }
}
