//! A tenant's journal without its task, written and read by the same code: for programs that measure or check what a restart does.

use crate::{
    config::SessionsConfig,
    store::{SharedStore, Snapshot, StoreError, wait},
    tenant::{self, Ledger},
};
use jackfield_exchange::{
    TenantConfig,
    switchboard::{Batch, Switchboard},
};

/// Lines of a journal after which a tenant of few connections is due for a snapshot.
pub const SNAPSHOT_EVERY_LINES: usize = tenant::LINES;

/// A tenant's journal, taken over from whoever wrote it before.
pub struct Keeper {
    store: SharedStore,
    ledger: Ledger,
}

impl Keeper {
    /// Takes a tenant over as a gateway does at its start: the newest snapshot and the lines after it, replayed. The switchboard is not started yet.
    ///
    /// # Errors
    /// A sentence: the store can't be read, or holds what this version does not understand.
    pub fn open(store: SharedStore, config: &TenantConfig) -> Result<(Self, Switchboard), String> {
        let opened = store.open(&config.tenant_id).map_err(|error| error.to_string())?;
        let (board, ledger) = tenant::restore(config, &SessionsConfig::default(), opened)?;
        Ok((Self { store, ledger }, board))
    }

    /// Writes a batch, and waits until it is on disk.
    ///
    /// # Errors
    /// A sentence: the store refused it. Open the tenant anew to go on.
    pub fn append(&mut self, batch: Batch) -> Result<(), String> {
        let append = self.ledger.append_of(batch).map_err(|error| error.to_string())?;
        wait(|done| self.store.append(append, done)).map_err(|error| error.to_string())
    }

    /// Writes a snapshot if one is due after so many lines, where so many connections are open.
    ///
    /// # Errors
    /// As [`Keeper::snapshot`].
    pub fn snapshot_if_due(&mut self, board: &Switchboard, connections: usize) -> Result<(), String> {
        let due = self.ledger.is_snapshot_due(connections);
        if due { self.snapshot(board).map(|_| ()) } else { Ok(()) }
    }

    /// Writes a snapshot, and waits until it is on disk. The lines before it are gone then. Gives its bytes.
    ///
    /// # Errors
    /// A sentence: the switchboard has entries that no batch holds yet, or the store refused it.
    pub fn snapshot(&mut self, board: &Switchboard) -> Result<usize, String> {
        let saved = board.snapshot().ok_or("the switchboard has entries that were not flushed")?;
        let snapshot: Snapshot = self.ledger.unwritten(saved).write().map_err(|error| error.to_string())?;
        let bytes = snapshot.state.len();
        wait(|done| self.store.snapshot(snapshot, done)).map_err(|error: StoreError| error.to_string())?;
        Ok(bytes)
    }
}
