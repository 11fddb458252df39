//! What a tenant's task asks of the store while all is well.

use super::{actor::Actor, keep};
use crate::store::{
    Append, ConversationRow, JournalLine, MessageRow, Messages, Page, RecordRow, SessionRow, Snapshot,
    StoreError,
};
use jackfield_exchange::{
    BodyRow, Event,
    switchboard::{Batch, Input},
};
use jackfield_wire::{Code, ConversationId, MessageView, Visibility, WireError};
use std::{sync::Arc, time::Instant};

/// Lines since the last snapshot after which another is due; more where a snapshot is large.
const LINES: usize = 2_000;
const LINES_PER_SESSION: usize = 4;

impl Actor {
    pub(super) fn commit(&mut self, batch: Batch) {
        let number = batch.number;
        self.in_flight.insert(number);
        let handle = self.handle.clone();
        let (generation, metrics, begun) = (self.generation, Arc::clone(&self.metrics), Instant::now());
        let append = match self.append_of(batch) {
            Ok(append) => append,
            Err(error) => {
                tracing::error!(tenant = %self.handle.id(), %error, "a batch could not be written as text");
                return handle.answer(generation, Input::CommitFailed { batch: number });
            }
        };
        self.position += append.lines.len() as u64;
        self.lines_since_snapshot += append.lines.len();
        let done = move |result: Result<(), StoreError>| {
            metrics.committed(begun.elapsed().as_secs_f64(), result.is_ok());
            let input = match result {
                Ok(()) => Input::Committed { batch: number },
                Err(error) => {
                    tracing::error!(tenant = %handle.id(), %error, "the journal could not be written");
                    Input::CommitFailed { batch: number }
                }
            };
            handle.answer(generation, input);
        };
        self.store.append(append, Box::new(done));
    }

    fn append_of(&mut self, batch: Batch) -> Result<Append, serde_json::Error> {
        let mut records = Vec::new();
        let mut lines = Vec::with_capacity(batch.entries.len());
        for entry in &batch.entries {
            lines.push(JournalLine { at: entry.at, entry: serde_json::to_string(entry)? });
            for (conversation, record) in self.kept.note(entry) {
                let record = serde_json::to_string(&record)?;
                records.push(RecordRow { conversation, ended_at: entry.at, record });
            }
        }
        let closed = batch.entries.iter().flat_map(|entry| &entry.events).filter_map(|event| match event {
            Event::SessionClosed { session, .. } => Some(session.clone()),
            _ => None,
        });
        let closed_sessions = closed.collect();
        let append = Append::new(self.handle.id().clone(), self.epoch, self.position, lines);
        let mut append = Append { records, closed_sessions, ..append };
        batch.bodies.into_iter().try_for_each(|row| put(&mut append, row))?;
        Ok(append)
    }

    pub(super) fn fetch(
        &self,
        request: u64,
        conversation: ConversationId,
        before: Option<u64>,
        limit: u32,
        internal: bool,
    ) {
        let page = Page {
            tenant: self.handle.id().clone(),
            conversation: conversation.clone(),
            before,
            limit,
            internal,
        };
        let (handle, generation) = (self.handle.clone(), self.generation);
        let done = move |result: Result<Messages, StoreError>| {
            let (messages, more) = match result {
                Ok(page) => (read_messages(&page.messages), page.more),
                Err(error) => {
                    tracing::error!(tenant = %handle.id(), %error, "messages could not be read");
                    (Err(Code::StorageUnavailable.into()), false)
                }
            };
            handle.answer(generation, Input::Messages { request, conversation, messages, more });
        };
        self.store.messages(page, Box::new(done));
    }

    pub(super) fn snapshot_if_due(&mut self) {
        let due = LINES.max(self.outboxes.len() * LINES_PER_SESSION);
        if self.lines_since_snapshot >= due {
            self.snapshot(|_| {});
        }
    }

    /// Writes a snapshot. The store takes it only if all lines it holds are on disk, so it need not wait for them here.
    pub(super) fn snapshot(&mut self, told: impl FnOnce(Result<(), StoreError>) + Send + 'static) {
        let Some(saved) = self.board.snapshot() else { return };
        self.lines_since_snapshot = 0;
        let (store, kept) = (Arc::clone(&self.store), self.kept.clone());
        let (tenant, epoch, position) = (self.handle.id().clone(), self.epoch, self.position);
        // Writing it as text takes long for a large tenant, and nobody waits for it.
        tokio::task::spawn_blocking(move || match keep::write(&saved, &kept) {
            Ok(state) => {
                let done = move |result: Result<(), StoreError>| {
                    if let Err(error) = &result {
                        tracing::warn!(%error, "a snapshot could not be written; the journal grows meanwhile");
                    }
                    told(result);
                };
                store.snapshot(Snapshot { tenant, epoch, position, state }, Box::new(done));
            }
            Err(error) => tracing::error!(%tenant, %error, "a snapshot could not be written as text"),
        });
    }
}

/// Puts what the lines do not hold among the rows of its table.
fn put(append: &mut Append, row: BodyRow) -> Result<(), serde_json::Error> {
    match row {
        BodyRow::Message { conversation, message: view } => {
            let internal = view.visibility == Visibility::Internal;
            let message = serde_json::to_string(&view)?;
            append.messages.push(MessageRow { conversation, number: view.number, internal, message });
        }
        BodyRow::Conversation(row) => {
            let body = serde_json::to_string(&row)?;
            let (conversation, customer) = (row.conversation_id, row.customer);
            append.conversations.push(ConversationRow { conversation, customer, body });
        }
        BodyRow::Session(row) => {
            let body = serde_json::to_string(&row)?;
            append.sessions.push(SessionRow { session: row.session, user: row.user, body });
        }
    }
    Ok(())
}

fn read_messages(texts: &[String]) -> Result<Vec<MessageView>, WireError> {
    texts.iter().map(|text| serde_json::from_str(text)).collect::<Result<_, _>>().map_err(|error| {
        tracing::error!(%error, "a stored message can't be read");
        WireError::new(Code::StorageUnavailable, "A stored message can't be read.")
    })
}
