//! What a tenant keeps beside its switchboard: the records of open conversations; and how both go into a snapshot.

use super::record::Record;
use jackfield_exchange::{
    Event,
    switchboard::{Entry, Saved},
};
use jackfield_wire::{ConversationId, QualitySample, UserId};
use serde::{Deserialize, Serialize};
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

const FORMAT: u32 = 1;

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
        finished
    }

    /// Takes a session's report in. Not of the journal: of the figures since the last snapshot, a crash loses the newest.
    pub(super) fn quality(&mut self, conversation: &ConversationId, user: UserId, sample: QualitySample) {
        if let Some(record) = self.0.get_mut(conversation) {
            record.quality(user, sample);
        }
    }
}

/// A snapshot as text.
///
/// # Errors
/// What the serialiser says.
pub(super) fn write(switchboard: &Saved, records: &Kept) -> Result<String, serde_json::Error> {
    serde_json::to_string(&Wrapped { format: FORMAT, switchboard, records })
}

/// A snapshot from text.
///
/// # Errors
/// A sentence.
pub(super) fn read(text: &str) -> Result<(Saved, Kept), String> {
    let wrapped: Wrapped<Saved, Kept> = serde_json::from_str(text).map_err(|error| error.to_string())?;
    if wrapped.format != FORMAT {
        return Err(format!("it has format {}, this gateway knows {FORMAT}", wrapped.format));
    }
    Ok((wrapped.switchboard, wrapped.records))
}
