//! The WebRTC sessions of all clients, on one thread and one UDP port for each address family.

mod config;
mod departed;
mod engine;
mod error;
mod event;
mod peer;
mod routes;
mod run;
mod sdp;
mod sockets;
mod timers;
mod track;

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

pub use config::MediaConfig;
pub use error::{MAX_SDP, MediaError, OfferError};
pub use event::{LostReason, MediaEvent, PlaneStats};

use crate::{Leg, PeerId, RoomId};
use engine::Engine;
use run::{Command, Thread};
use sockets::Bound;

/// Commands that may wait for the media thread before those who send them have to wait too.
const COMMANDS: usize = 1024;

/// The events of a plane, in order. It ends when the plane has stopped.
///
/// The queue has no bound, because the media thread must never wait and no `PeerLost` may be dropped. It stays short
/// as long as somebody reads it: a peer connects, is lost, changes slots or starts to speak a few times a second at most.
pub type MediaEvents = mpsc::UnboundedReceiver<MediaEvent>;

/// A handle to the media thread. Clones are handles to the same thread, which stops when the last one is dropped.
///
/// ```no_run
/// use jackfield_media::{Leg, MediaConfig, MediaPlane, PeerId, RoomId};
///
/// # async fn call(offer_of_agent: String, offer_of_customer: String) -> Result<(), jackfield_media::MediaError> {
/// let (plane, mut events) = MediaPlane::start(MediaConfig::new([([192, 0, 2, 1], 40_000).into()]))?;
/// let (agent, customer) = (PeerId(1), PeerId(2));
/// let _answer = plane.negotiate(agent, offer_of_agent).await?;
/// let _answer = plane.negotiate(customer, offer_of_customer).await?;
/// plane.set_room(RoomId(1), vec![Leg::talker(agent), Leg::talker(customer)]).await?;
/// while let Some(event) = events.recv().await {
///     println!("{event:?}");
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct MediaPlane {
    commands: mpsc::Sender<Command>,
    bound: Arc<[SocketAddr]>,
    told: Arc<[SocketAddr]>,
}

impl MediaPlane {
    /// Opens the sockets and starts the thread.
    ///
    /// # Errors
    /// [`MediaError::Config`] for a setting that cannot be used, [`MediaError::Bind`] for an address that cannot be
    /// bound, [`MediaError::Thread`] if the system gives no thread.
    pub fn start(config: MediaConfig) -> Result<(Self, MediaEvents), MediaError> {
        config.check()?;
        let sockets: Vec<Bound> =
            config.bind.iter().map(|addr| Bound::open(*addr)).collect::<Result<_, _>>()?;
        let bound: Arc<[SocketAddr]> = sockets.iter().map(Bound::addr).collect();
        let candidates: Vec<Vec<SocketAddr>> = bound.iter().map(|bound| config.candidates(*bound)).collect();
        check_distinct(&candidates)?;
        let engine = Engine::new(config, &candidates)?;
        let (commands, receiver) = mpsc::channel(COMMANDS);
        let (sender, events) = mpsc::unbounded_channel();
        run::spawn(Thread { engine, commands: receiver, events: sender }, sockets)
            .map_err(MediaError::Thread)?;
        let told = candidates.concat().into();
        Ok((Self { commands, bound, told }, events))
    }

    /// The addresses that were bound, in the order of [`MediaConfig::bind`], with the ports that were taken.
    #[must_use]
    pub fn local_addrs(&self) -> &[SocketAddr] {
        &self.bound
    }

    /// The addresses that clients are told.
    #[must_use]
    pub fn advertised_addrs(&self) -> &[SocketAddr] {
        &self.told
    }

    /// Answers a client's offer: one audio line up (`sendonly`) and up to four down (`recvonly`), whose order is the
    /// order of the slots. Lines may be warm, that is without a track.
    ///
    /// The first offer of a peer makes its session. A later offer of the same `RTCPeerConnection` changes it or restarts
    /// ICE. An offer of another one (the page was reloaded) replaces it; the old session ends without `PeerLost`.
    ///
    /// # Errors
    /// [`MediaError::Offer`] if the offer cannot be used, in which case a present session goes on as it was;
    /// [`MediaError::SessionOver`] if it continues a session that ended; [`MediaError::Full`]; [`MediaError::Panicked`];
    /// [`MediaError::Stopped`].
    pub async fn negotiate(&self, peer: PeerId, offer: String) -> Result<String, MediaError> {
        self.ask(|reply| Command::Negotiate { peer, offer, reply }).await?
    }

    /// Ends a peer's session and tells the client. No `PeerLost` follows. An unknown peer is no error. Rooms keep the
    /// peer's legs.
    ///
    /// # Errors
    /// [`MediaError::Stopped`].
    pub async fn close(&self, peer: PeerId) -> Result<(), MediaError> {
        self.ask(|reply| Command::Close { peer, reply }).await
    }

    /// Replaces the legs of a room. When this returns, the next packet obeys it. Peers need no session yet.
    ///
    /// # Errors
    /// [`MediaError::Patch`] if the legs cannot be used, in which case the room is as it was; [`MediaError::Stopped`].
    pub async fn set_room(&self, room: RoomId, legs: Vec<Leg>) -> Result<(), MediaError> {
        self.ask(|reply| Command::SetRoom { room, legs, reply }).await?
    }

    /// Takes all legs out of a room. An unknown room is no error.
    ///
    /// # Errors
    /// [`MediaError::Stopped`].
    pub async fn clear_room(&self, room: RoomId) -> Result<(), MediaError> {
        self.set_room(room, Vec::new()).await
    }

    /// Counters and sizes.
    ///
    /// # Errors
    /// [`MediaError::Stopped`].
    pub async fn stats(&self) -> Result<PlaneStats, MediaError> {
        self.ask(|reply| Command::Stats { reply }).await
    }

    /// Ends all sessions, tells the clients, and stops the thread. No error if it has stopped already.
    pub async fn shutdown(&self) {
        let _ = self.ask(|reply| Command::Shutdown { reply }).await;
    }

    async fn ask<T>(&self, command: impl FnOnce(oneshot::Sender<T>) -> Command) -> Result<T, MediaError> {
        let (reply, answer) = oneshot::channel();
        self.commands.send(command(reply)).await.map_err(|_| MediaError::Stopped)?;
        answer.await.map_err(|_| MediaError::Stopped)
    }
}

/// Sessions tell sockets apart by what clients are told about them.
fn check_distinct(sockets: &[Vec<SocketAddr>]) -> Result<(), MediaError> {
    let all = sockets.concat();
    match all.iter().enumerate().find(|(at, addr)| all[..*at].contains(addr)) {
        None => Ok(()),
        Some((_, addr)) => {
            let problem = format!("two sockets would be advertised as {addr}; give them different ports");
            Err(MediaError::Config { field: "bind", problem })
        }
    }
}
