//! What a tenant's task asks of the store while all is well.

use super::actor::Actor;
use crate::store::{Messages, Page, StoreError};
use jackfield_exchange::switchboard::{Batch, Input};
use jackfield_wire::{Code, MessageView, WireError};
use std::{sync::Arc, time::Instant};

impl Actor {
    pub(super) fn commit(&mut self, batch: Batch) {
        let number = batch.number;
        self.in_flight.insert(number);
        let handle = self.handle.clone();
        let (generation, metrics, begun) = (self.generation, Arc::clone(&self.metrics), Instant::now());
        let append = match self.ledger.append_of(batch) {
            Ok(append) => append,
            Err(error) => {
                tracing::error!(tenant = %self.handle.id(), %error, "a batch could not be written as text");
                return handle.answer(generation, Input::CommitFailed { batch: number });
            }
        };
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

    pub(super) fn fetch(&self, request: u64, page: Page) {
        let conversation = page.conversation.clone();
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
        if self.ledger.is_snapshot_due(self.outboxes.len()) {
            self.snapshot(|_| {});
        }
    }

    /// Writes a snapshot. The store takes it only if all lines it holds are on disk, so it need not wait for them here.
    pub(super) fn snapshot(&mut self, told: impl FnOnce(Result<(), StoreError>) + Send + 'static) {
        let Some(saved) = self.board.snapshot() else { return };
        let (unwritten, store) = (self.ledger.unwritten(saved), Arc::clone(&self.store));
        let tenant = self.handle.id().clone();
        // Writing it as text takes long for a large tenant, and nobody waits for it.
        tokio::task::spawn_blocking(move || match unwritten.write() {
            Ok(snapshot) => {
                let done = move |result: Result<(), StoreError>| {
                    if let Err(error) = &result {
                        tracing::warn!(%error, "a snapshot could not be written; the journal grows meanwhile");
                    }
                    told(result);
                };
                store.snapshot(snapshot, Box::new(done));
            }
            Err(error) => tracing::error!(%tenant, %error, "a snapshot could not be written as text"),
        });
    }
}

fn read_messages(texts: &[String]) -> Result<Vec<MessageView>, WireError> {
    texts.iter().map(|text| serde_json::from_str(text)).collect::<Result<_, _>>().map_err(|error| {
        tracing::error!(%error, "a stored message can't be read");
        WireError::new(Code::StorageUnavailable, "A stored message can't be read.")
    })
}
