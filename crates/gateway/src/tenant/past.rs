//! A customer's conversations that are over: from rows to what an agent is shown.

use super::actor::Actor;
use crate::store::{PastPage, PastRow, PastRows, StoreError};
use jackfield_exchange::{ConversationBody, Record, switchboard::Input};
use jackfield_wire::{Code, MessageView, PastConversation, WireError};

impl Actor {
    pub(super) fn fetch_past(&self, request: u64, page: PastPage) {
        let (handle, generation) = (self.handle.clone(), self.generation);
        let done = move |result: Result<PastRows, StoreError>| {
            let (entries, more) = match result {
                Ok(found) => (found.rows.into_iter().map(entry).collect(), found.more),
                Err(error) => {
                    tracing::error!(tenant = %handle.id(), %error, "a customer's history could not be read");
                    (Err(Code::StorageUnavailable.into()), false)
                }
            };
            handle.answer(generation, Input::Past { request, entries, more });
        };
        self.store.past(page, Box::new(done));
    }
}

fn entry(row: PastRow) -> Result<PastConversation, WireError> {
    let read = || {
        let record: Record = serde_json::from_str(&row.record)?;
        let body: ConversationBody = serde_json::from_str(&row.body)?;
        let last: Option<MessageView> = row.last.as_deref().map(serde_json::from_str).transpose()?;
        Ok(record.past(row.conversation, Some(&body), last.as_ref()))
    };
    read().map_err(|error: serde_json::Error| {
        tracing::error!(%error, "a stored record can't be read");
        WireError::new(Code::StorageUnavailable, "A stored conversation can't be read.")
    })
}
