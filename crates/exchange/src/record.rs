//! What is kept of a finished conversation: times, parties, codes, quality.

use crate::{
    ConversationBody, Event, NewConversation, Seat,
    decide::external::user_of,
    switchboard::{Entry, SessionFact},
};
use jackfield_wire::{
    AgentName, Channel, ConversationId, ConversationState, EndReason, LeaveReason, MessageView, Millis,
    OfferOutcome, OutboundStage, Part, ParticipantId, PastConversation, QualitySample, QueueId, Role, Side,
    UserId, limits,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A conversation's record, as far as it goes. What was written and who the customer is called is in the messages and conversations, not here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    queue_id: QueueId,
    channel: Channel,
    created_at: Millis,
    parties: Vec<Party>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    offers: Vec<OfferLine>,
    /// Why its agent did not want to call the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    skipped: Option<String>,
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
    /// Codes that agents put on it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    messages: u64,
    /// How many of them are notes.
    #[serde(default)]
    notes: u32,
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
    /// Whether it was an agent of the conversation, and not only consulted or listening.
    #[serde(default = "yes")]
    served: bool,
    joined_at: Millis,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    left_at: Option<Millis>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    left: Option<LeaveReason>,
    /// When its voice came and went.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    voice: Vec<Span>,
}

fn yes() -> bool {
    true
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

/// The records of the conversations that go on, made of the journal's entries.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Records(BTreeMap<ConversationId, Record>);

impl Records {
    /// Takes an entry in. Gives the records of the conversations that it ends.
    pub fn note(&mut self, entry: &Entry) -> Vec<(ConversationId, Record)> {
        let mut finished = Vec::new();
        for event in &entry.events {
            if let Event::ConversationStarted(new) = event {
                self.0.insert(new.conversation_id.clone(), Record::begin(new, entry.at));
                continue;
            }
            let Some(id) = event.conversation() else { continue };
            let Some(record) = self.0.get_mut(id) else { continue };
            record.note(event, entry.at);
            if matches!(event, Event::ConversationClosed { .. }) {
                finished.extend(self.0.remove_entry(id));
            }
        }
        for fact in &entry.facts {
            if let SessionFact::Quality { user, conversation, sample, .. } = fact
                && let Some(record) = self.0.get_mut(conversation)
            {
                record.quality(user.clone(), sample.clone());
            }
        }
        finished
    }
}

impl Record {
    /// When the work on it was done.
    pub fn ended_at(&self) -> Millis {
        self.closed_at.or(self.over_at).unwrap_or(self.created_at)
    }

    /// What agents are shown of it later: with what the store's own tables hold of the conversation, and its last message for everybody. Agents are without
    /// their names, which are the configuration's.
    pub fn past(
        &self,
        conversation_id: ConversationId,
        body: Option<&ConversationBody>,
        last: Option<&MessageView>,
    ) -> PastConversation {
        let mut agents: Vec<AgentName> = Vec::new();
        for party in self.parties.iter().filter(|party| party.served && party.role != Role::Customer) {
            if agents.iter().all(|agent| agent.user_id != party.user_id) {
                agents.push(AgentName { user_id: party.user_id.clone(), name: String::new() });
            }
        }
        PastConversation {
            conversation_id,
            queue_id: self.queue_id.clone(),
            channel: self.channel,
            started_at: self.created_at,
            ended_at: self.ended_at(),
            end_reason: self.reason,
            agents,
            disposition: self.disposition.clone(),
            tags: self.tags.clone(),
            subject: body.and_then(|body| body.subject.clone()),
            notes: self.notes,
            last_message: last.map(|message| preview(&message.text)),
        }
    }

    fn begin(new: &NewConversation, at: Millis) -> Self {
        let mut record = Self {
            queue_id: new.queue_id.clone(),
            channel: new.channel,
            created_at: at,
            parties: Vec::new(),
            offers: Vec::new(),
            skipped: None,
            answered_at: None,
            over_at: None,
            reason: None,
            closed_at: None,
            disposition: None,
            tags: Vec::new(),
            messages: 0,
            notes: 0,
            quality: BTreeMap::new(),
        };
        if new.outbound.is_some() {
            return record;
        }
        record.join(&new.participant_id, &new.who.user_id, new.who.role, at);
        if new.channel == Channel::Voice {
            record.voice(&new.participant_id, at, true);
        }
        record
    }

    fn note(&mut self, event: &Event, at: Millis) {
        match event {
            Event::ParticipantJoined { participant_id, who, voice, seat, .. } => {
                self.join(participant_id, &who.user_id, who.role, at);
                self.sits(participant_id, seat);
                if voice.is_some() {
                    self.voice(participant_id, at, true);
                }
            }
            Event::Dialed { participant_id, customer, .. } => {
                self.join(participant_id, &user_of(participant_id), Role::Customer, at);
                let seat = if *customer { Seat::customer() } else { Seat::external(Side::Consult) };
                self.sits(participant_id, &seat);
            }
            Event::OutboundChanged { progress, .. } if progress.stage == OutboundStage::Reached => {
                self.answered_at = self.answered_at.or(Some(at));
            }
            Event::ParticipantLeft { participant_id, reason, .. } => {
                self.voice(participant_id, at, false);
                if let Some(party) = self.party(participant_id) {
                    (party.left_at, party.left) = (Some(at), Some(*reason));
                }
            }
            Event::SeatChanged { participant_id, seat, .. } => self.sits(participant_id, seat),
            Event::VoiceJoined { participant_id, .. } => self.voice(participant_id, at, true),
            Event::VoiceLeft { participant_id, .. } => self.voice(participant_id, at, false),
            Event::OfferEnded { user_id, outcome, .. } => {
                let (user_id, outcome) = (user_id.clone(), *outcome);
                self.offers.push(OfferLine { user_id, ended_at: at, outcome });
            }
            Event::Skipped { reason, .. } => self.skipped.clone_from(reason),
            Event::StateChanged { state, reason, .. } => self.stands(*state, *reason, at),
            Event::ConversationClosed { disposition, .. } => {
                (self.closed_at, self.disposition) = (Some(at), disposition.clone());
            }
            Event::MessageAdded { note, .. } => {
                self.messages += 1;
                self.notes += u32::from(*note);
            }
            Event::TagsChanged { tags, .. } => self.tags.clone_from(tags),
            _ => {}
        }
    }

    fn quality(&mut self, user: UserId, sample: QualitySample) {
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
        let (served, left_at, left, voice) = (false, None, None, Vec::new());
        self.parties.push(Party {
            participant_id,
            user_id,
            role,
            served,
            joined_at: at,
            left_at,
            left,
            voice,
        });
    }

    fn sits(&mut self, participant: &ParticipantId, seat: &Seat) {
        if let Some(party) = self.party(participant) {
            party.served |= seat.part == Part::Agent;
        }
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

/// The beginning of a text, cut between two characters.
fn preview(text: &str) -> String {
    match text.len() <= limits::PREVIEW_BYTES {
        true => text.to_owned(),
        false => format!("{}…", &text[..text.floor_char_boundary(limits::PREVIEW_BYTES)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Identity;
    use jackfield_wire::{Attributes, SessionId};

    fn entry(facts: Vec<SessionFact>, events: Vec<Event>) -> String {
        serde_json::to_string(&Entry { at: 1, asked: None, outcome: None, facts, events }).unwrap()
    }

    fn story() -> [String; 3] {
        let conversation_id = ConversationId::numbered('c', 1);
        let (session, user) = (SessionId::numbered('s', 1), UserId::numbered('u', 1));
        let began = Event::ConversationStarted(Box::new(NewConversation {
            conversation_id: conversation_id.clone(),
            queue_id: QueueId::numbered('q', 1),
            channel: Channel::Voice,
            subject: None,
            attributes: Attributes::new(),
            participant_id: ParticipantId::numbered('p', 1),
            who: Identity::new(user.clone(), "Kim", Role::Customer),
            session: session.clone(),
            priority: 0,
            virtual_start: None,
            needs: Default::default(),
            rule: None,
            outbound: None,
        }));
        let sample = QualitySample { rtt_ms: 20.0, jitter_ms: 2.0, loss: 0.01, concealed: 0.0, mos: 4.25 };
        let conversation = conversation_id.clone();
        let report = SessionFact::Quality { session, user, conversation, sample };
        let over = Event::StateChanged {
            conversation_id: conversation_id.clone(),
            state: ConversationState::Ended,
            reason: Some(EndReason::CustomerLeft),
            wrap_up_by: None,
            wrap_up_until: None,
        };
        let closed = Event::ConversationClosed { conversation_id, disposition: None };
        [entry(vec![], vec![began]), entry(vec![report], vec![]), entry(vec![], vec![over, closed])]
    }

    /// A gateway that was killed has the journal only, one that stopped in order a snapshot as well: the figures are in both.
    #[test]
    fn a_record_holds_the_quality_however_the_gateway_ended() {
        for snapshot_after in [None, Some(1), Some(2)] {
            let mut kept = Records::default();
            let mut finished = Vec::new();
            for (n, line) in (1..).zip(story()) {
                finished.extend(kept.note(&serde_json::from_str(&line).unwrap()));
                if snapshot_after == Some(n) {
                    kept = serde_json::from_str(&serde_json::to_string(&kept).unwrap()).unwrap();
                }
            }
            let record = serde_json::to_value(&finished[0].1).unwrap();
            assert_eq!(record["quality"]["u1"]["mos"], 4.25, "snapshot after {snapshot_after:?}: {record}");
        }
    }
}
