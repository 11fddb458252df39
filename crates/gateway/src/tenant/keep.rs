//! What a tenant keeps beside its switchboard: the records of open conversations; and how both go into a snapshot.

use super::record::Record;
use jackfield_exchange::{
    Event,
    switchboard::{Entry, Saved, SessionFact},
};
use jackfield_wire::ConversationId;
use serde::{Deserialize, Serialize, de::IgnoredAny};
use std::collections::BTreeMap;

/// The records of open conversations.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Kept(BTreeMap<ConversationId, Record>);

/// What a snapshot holds. `format` lets a later gateway tell what it reads.
#[derive(Serialize, Deserialize)]
struct Wrapped<S, R> {
    format: u32,
    switchboard: S,
    records: R,
}

/// 2: without what people are called or wrote.
const FORMAT: u32 = 2;
/// Formats that can still be read.
const READABLE: std::ops::RangeInclusive<u32> = 1..=FORMAT;

impl Kept {
    /// Takes an entry in. Gives the records of the conversations that it ends.
    pub(super) fn note(&mut self, entry: &Entry) -> Vec<(ConversationId, Record)> {
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

/// A snapshot as text.
///
/// # Errors
/// What the serialiser says.
pub(super) fn write(switchboard: &Saved, records: &Kept) -> Result<String, serde_json::Error> {
    serde_json::to_string(&Wrapped { format: FORMAT, switchboard, records })
}

/// Whether a snapshot is of an older format, or can't be read.
pub(super) fn is_outdated(text: &str) -> bool {
    let wrapped = serde_json::from_str::<Wrapped<IgnoredAny, IgnoredAny>>(text);
    wrapped.map_or(true, |wrapped| wrapped.format < FORMAT)
}

/// A snapshot from text.
///
/// # Errors
/// A sentence.
pub(super) fn read(text: &str) -> Result<(Saved, Kept), String> {
    let wrapped: Wrapped<Saved, Kept> = serde_json::from_str(text).map_err(|error| error.to_string())?;
    if !READABLE.contains(&wrapped.format) {
        return Err(format!("it has format {}, this gateway knows up to {FORMAT}", wrapped.format));
    }
    Ok((wrapped.switchboard, wrapped.records))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jackfield_exchange::{Identity, NewConversation};
    use jackfield_wire::{
        Attributes, Channel, ConversationState, EndReason, ParticipantId, QualitySample, QueueId, Role,
        SessionId, UserId,
    };

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
            let mut kept = Kept::default();
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
