//! One tenant: a task that owns its switchboard, and the way to it.
//!
//! ```text
//! connections ─▶ Handle ─▶ task: gather, handle each, flush once ─▶ outboxes, store, audio plane
//!                            ▲──────────────── answers ◀──────────────────┘
//! ```

mod actor;
mod audio;
mod journal;
mod keep;
mod ledger;
mod load;
mod past;
mod recover;
#[cfg(test)]
mod tests;

pub(crate) use actor::{Actor, Clock, Surroundings};
pub(crate) use audio::{AudioHub, listen};
pub(crate) use ledger::{LINES, Ledger};
pub(crate) use load::restore;

use crate::socket::Outbox;
use jackfield_exchange::{
    TenantConfig,
    switchboard::{ConnectionId, Gauges, Input},
};
use jackfield_wire::{Code, TenantId, UserId};
use std::sync::Arc;
use tokio::sync::{Semaphore, mpsc, oneshot};

/// Frames of all connections that may wait for one tenant. Who sends more waits with it, and so does the network behind it.
const WAITING: usize = 4096;

/// Something for a tenant's task.
pub(crate) enum Ask {
    /// A connection with a good hello.
    Open(ConnectionId, Arc<Outbox>, Input),
    /// Something for the switchboard.
    Input(Input),
    /// The same, from a connection that has taken one of the places for waiting.
    Counted(Input),
    /// An answer to an earlier output of the switchboard of this generation.
    Answer(u64, Input),
    /// A question by the operator.
    Gauges(oneshot::Sender<Gauges>),
    /// Another configuration, and the users who are gone with it.
    Reconfigure(Box<TenantConfig>, Vec<UserId>),
    /// The gateway goes down.
    Stop(oneshot::Sender<()>),
    /// A panic on purpose.
    #[cfg(test)]
    Panic,
}

/// The way to a tenant's task. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Handle {
    id: TenantId,
    asks: mpsc::UnboundedSender<Ask>,
    places: Arc<Semaphore>,
}

impl Handle {
    /// A handle, and the end of it that the task takes.
    pub(crate) fn new(id: TenantId) -> (Self, mpsc::UnboundedReceiver<Ask>) {
        // One line for everything, so that a connection's end never overtakes its last frames; the places bound it.
        let (asks, line) = mpsc::unbounded_channel();
        (Self { id, asks, places: Arc::new(Semaphore::new(WAITING)) }, line)
    }

    /// Whose it is.
    pub(crate) fn id(&self) -> &TenantId {
        &self.id
    }

    /// Brings a connection.
    pub(crate) fn open(&self, connection: ConnectionId, outbox: Arc<Outbox>, hello: Input) {
        let ending = Arc::clone(&outbox);
        if self.asks.send(Ask::Open(connection, outbox, hello)).is_err() {
            ending.end(Code::Restarting);
        }
    }

    /// Hands something over, after waiting for a place.
    pub(crate) async fn send(&self, input: Input) {
        // Never closed: it is ours.
        if let Ok(place) = self.places.acquire().await {
            place.forget();
        }
        let _ = self.asks.send(Ask::Counted(input));
    }

    /// Hands something over that can't wait. Its number must be bounded by something else.
    pub(crate) fn send_now(&self, input: Input) {
        let _ = self.asks.send(Ask::Input(input));
    }

    /// Hands over an answer.
    pub(crate) fn answer(&self, generation: u64, input: Input) {
        let _ = self.asks.send(Ask::Answer(generation, input));
    }

    /// Asks for the switchboard's figures. `None` where the task has ended.
    pub(crate) async fn gauges(&self) -> Option<Gauges> {
        let (tell, answer) = oneshot::channel();
        self.asks.send(Ask::Gauges(tell)).ok()?;
        answer.await.ok()
    }

    /// Takes another configuration; what these users have open is ended.
    pub(crate) fn reconfigure(&self, config: TenantConfig, revoked: Vec<UserId>) {
        let _ = self.asks.send(Ask::Reconfigure(Box::new(config), revoked));
    }

    /// Tells everybody when to come back, writes a snapshot, and ends the task.
    pub(crate) async fn stop(&self) {
        let (tell, stopped) = oneshot::channel();
        if self.asks.send(Ask::Stop(tell)).is_ok() {
            let _ = stopped.await;
        }
    }

    fn done_with(&self, places: usize) {
        self.places.add_permits(places);
    }
}
