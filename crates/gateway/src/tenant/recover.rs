//! What a tenant's task does when something went wrong, and at its end.

use super::{Ask, actor::Actor, ledger::Ledger, load};
use crate::store::{Opened, StoreError};
use jackfield_exchange::switchboard::Switchboard;
use jackfield_wire::Code;
use std::time::Duration;
use tokio::sync::oneshot;

/// Between two tries to read the store after it failed.
const RETRY: Duration = Duration::from_secs(1);
/// How long a stop waits for the journal.
const LAST_WRITES: Duration = Duration::from_secs(3);

impl Actor {
    /// The journal refused a write: goes back to what is on disk.
    pub(super) async fn recover(&mut self) {
        while !self.in_flight.is_empty() {
            let Some(ask) = self.asks.recv().await else { return };
            let counted = matches!(ask, Ask::Counted(_));
            let now = (self.clock)();
            self.take(now, ask);
            self.handle.done_with(usize::from(counted));
        }
        self.failed = false;
        let Some((stored, ledger)) = self.reload().await else { return };
        let now = (self.clock)();
        self.ledger = ledger;
        self.board.recover(now, stored);
        self.settle(now);
    }

    /// A step panicked: nothing in memory can be trusted, but all that was acknowledged is on disk. Sessions resume.
    pub(super) async fn after_panic(&mut self) {
        self.metrics.panicked("tenant");
        tracing::error!(tenant = %self.handle.id(), "the tenant's task panicked; it begins anew from the store");
        for (_, outbox) in self.outboxes.drain() {
            outbox.end(Code::Internal);
        }
        self.generation += 1;
        self.in_flight.clear();
        self.failed = false;
        let Some((board, ledger)) = self.reload().await else { return };
        (self.board, self.ledger) = (board, ledger);
        self.begin();
    }

    /// Reads the tenant anew. `None` only where another gateway has taken it over.
    async fn reload(&mut self) -> Option<(Switchboard, Ledger)> {
        loop {
            match self.try_reload().await {
                Ok(Some(reloaded)) => return Some(reloaded),
                Ok(None) => {
                    self.give_up();
                    return None;
                }
                Err(error) => {
                    tracing::error!(tenant = %self.handle.id(), %error, "the tenant can't be read from the store");
                    tokio::time::sleep(RETRY).await;
                }
            }
        }
    }

    async fn try_reload(&mut self) -> Result<Option<(Switchboard, Ledger)>, String> {
        let (tell, answer) = oneshot::channel();
        let done = move |result: Result<Opened, StoreError>| {
            let _ = tell.send(result);
        };
        self.store.load(self.handle.id().clone(), Box::new(done));
        let opened = answer.await.map_err(|_| "the store has ended")?.map_err(|error| error.to_string())?;
        if opened.epoch != self.ledger.epoch {
            return Ok(None);
        }
        load::restore(&self.config, &self.sessions, opened).map(Some)
    }

    fn give_up(&mut self) {
        tracing::error!(tenant = %self.handle.id(), "another gateway has taken this tenant over; it is served there");
        for (_, outbox) in self.outboxes.drain() {
            outbox.end(Code::Restarting);
        }
        self.asks.close();
    }

    /// Waits for the journal and writes a last snapshot, so that the next start is quick.
    pub(super) async fn finish(&mut self) {
        let last = tokio::time::timeout(LAST_WRITES, async {
            while !self.in_flight.is_empty() && !self.failed {
                let Some(ask) = self.asks.recv().await else { return };
                let now = (self.clock)();
                self.take(now, ask);
                self.settle(now);
            }
            let (tell, written) = oneshot::channel();
            self.snapshot(move |_| {
                let _ = tell.send(());
            });
            let _ = written.await;
        });
        if last.await.is_err() {
            tracing::warn!(tenant = %self.handle.id(), "the journal was not done in time; nothing acknowledged is lost");
        }
        for (_, outbox) in self.outboxes.drain() {
            outbox.end(Code::Restarting);
        }
    }
}
