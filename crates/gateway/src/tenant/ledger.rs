//! Where a tenant's journal stands, and what goes into it and into its snapshots.

use super::keep;
use crate::store::{
    Append, ConversationRow, JournalLine, MessageRow, RecordRow, SessionRow, Snapshot, StatusRow,
};
use jackfield_exchange::{
    BodyRow, Event, Records,
    switchboard::{Batch, Saved},
};
use jackfield_wire::{TenantId, Visibility};

/// Lines since the last snapshot after which another is due; more where a snapshot is large.
pub(crate) const LINES: usize = 2_000;
const LINES_PER_SESSION: usize = 4;

/// Where a tenant's journal stands.
#[derive(Debug)]
pub(crate) struct Ledger {
    tenant: TenantId,
    pub(super) epoch: u64,
    position: u64,
    lines_since_snapshot: usize,
    pub(super) kept: Records,
}

impl Ledger {
    /// The journal as it was opened, with what [`load`](super::load) made of its lines.
    pub(super) fn new(tenant: TenantId, epoch: u64, position: u64, unsaved: usize, kept: Records) -> Self {
        Self { tenant, epoch, position, lines_since_snapshot: unsaved, kept }
    }

    /// What is written for a batch. The journal is taken to stand behind it.
    ///
    /// # Errors
    /// What the serialiser says.
    pub(crate) fn append_of(&mut self, batch: Batch) -> Result<Append, serde_json::Error> {
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
        let append = Append::new(self.tenant.clone(), self.epoch, self.position, lines);
        let mut append = Append { records, closed_sessions, ..append };
        batch.bodies.into_iter().try_for_each(|row| put(&mut append, row))?;
        self.position += append.lines.len() as u64;
        self.lines_since_snapshot += append.lines.len();
        Ok(append)
    }

    /// Whether a snapshot is due, where so many connections are open.
    pub(crate) fn is_snapshot_due(&self, connections: usize) -> bool {
        self.lines_since_snapshot >= LINES.max(connections * LINES_PER_SESSION)
    }

    /// What goes into a snapshot. It is as of the journal's last line.
    pub(crate) fn unwritten(&mut self, saved: Saved) -> Unwritten {
        self.lines_since_snapshot = 0;
        let (tenant, kept) = (self.tenant.clone(), self.kept.clone());
        Unwritten { saved, kept, tenant, epoch: self.epoch, position: self.position }
    }
}

/// A snapshot that is not text yet. Making text of a large tenant takes long, and can be done elsewhere.
pub(crate) struct Unwritten {
    saved: Saved,
    kept: Records,
    tenant: TenantId,
    epoch: u64,
    position: u64,
}

impl Unwritten {
    /// As text.
    ///
    /// # Errors
    /// What the serialiser says.
    pub(crate) fn write(self) -> Result<Snapshot, serde_json::Error> {
        let state = keep::write(&self.saved, &self.kept)?;
        Ok(Snapshot { tenant: self.tenant, epoch: self.epoch, position: self.position, state })
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
        BodyRow::Status(row) => {
            let body = row.text.is_some().then(|| serde_json::to_string(&row)).transpose()?;
            append.statuses.push(StatusRow { user: row.user, body });
        }
    }
    Ok(())
}
