//! The audio plane's numbers and the tenants' names, and the orders between them.

use super::Handle;
use jackfield_exchange::{PatchLeg, PatchRole, switchboard::Input};
use jackfield_media::{Leg, MediaError, MediaEvent, MediaEvents, MediaPlane, PeerId, Role, RoomId};
use jackfield_wire::{Code, ConversationId, SessionId, Side, TenantId, WireError};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::mpsc;

/// Something for the audio plane, of one tenant.
#[derive(Debug)]
pub(super) enum AudioOrder {
    /// Answer a session's offer. The numbers are the switchboard's generation and its request.
    Negotiate { generation: u64, request: u64, session: SessionId, sdp: String },
    /// A session is over.
    Close(SessionId),
    /// Who is on one side of a call now.
    Room(CallSide, Vec<PatchLeg>),
}

/// One side of a conversation's call: a room of the plane.
pub(super) type CallSide = (ConversationId, Side);

/// Knows who is who between the tenants and the audio plane.
#[derive(Debug)]
pub(crate) struct AudioHub {
    plane: MediaPlane,
    names: Mutex<Names>,
}

#[derive(Debug, Default)]
struct Names {
    next: u64,
    peers: HashMap<PeerId, (Handle, SessionId)>,
    sessions: HashMap<(TenantId, SessionId), PeerId>,
    rooms: HashMap<(TenantId, CallSide), RoomId>,
}

impl AudioHub {
    /// A hub around a plane.
    pub(crate) fn new(plane: MediaPlane) -> Arc<Self> {
        Arc::new(Self { plane, names: Mutex::default() })
    }

    /// The plane itself.
    pub(crate) fn plane(&self) -> &MediaPlane {
        &self.plane
    }

    /// Carries out a tenant's orders, one after the other: what is said about a room or a session last must be done last.
    pub(super) async fn serve(
        self: Arc<Self>,
        tenant: Handle,
        mut orders: mpsc::UnboundedReceiver<AudioOrder>,
    ) {
        while let Some(order) = orders.recv().await {
            match order {
                AudioOrder::Negotiate { generation, request, session, sdp } => {
                    let peer = self.lock().peer(&tenant, &session);
                    let result = self.plane.negotiate(peer, sdp).await.map_err(refusal);
                    tenant.answer(generation, Input::MediaAnswer { request, result });
                }
                AudioOrder::Close(session) => {
                    let peer = self.lock().forget_session(tenant.id(), &session);
                    if let Some(peer) = peer {
                        let _ = self.plane.close(peer).await;
                    }
                }
                AudioOrder::Room(side, legs) => self.set_room(&tenant, side, &legs).await,
            }
        }
    }

    async fn set_room(&self, tenant: &Handle, side: CallSide, legs: &[PatchLeg]) {
        let (room, legs) = self.lock().room(tenant, side, legs);
        if let Err(error) = self.plane.set_room(room, legs).await {
            tracing::error!(tenant = %tenant.id(), %room, %error, "a call could not be patched");
        }
    }

    fn lock(&self) -> MutexGuard<'_, Names> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Names {
    fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    fn peer(&mut self, tenant: &Handle, session: &SessionId) -> PeerId {
        let key = (tenant.id().clone(), session.clone());
        if let Some(peer) = self.sessions.get(&key) {
            return *peer;
        }
        let peer = PeerId(self.number());
        self.sessions.insert(key, peer);
        self.peers.insert(peer, (tenant.clone(), session.clone()));
        peer
    }

    fn forget_session(&mut self, tenant: &TenantId, session: &SessionId) -> Option<PeerId> {
        let peer = self.sessions.remove(&(tenant.clone(), session.clone()))?;
        self.peers.remove(&peer);
        Some(peer)
    }

    /// A room without legs gives its number back after this.
    fn room(&mut self, tenant: &Handle, side: CallSide, legs: &[PatchLeg]) -> (RoomId, Vec<Leg>) {
        let key = (tenant.id().clone(), side);
        let room = match self.rooms.get(&key) {
            Some(room) => *room,
            None => RoomId(self.number()),
        };
        if legs.is_empty() {
            self.rooms.remove(&key);
        } else {
            self.rooms.insert(key, room);
        }
        let leg = |leg: &PatchLeg| {
            let peer = self.peer(tenant, &leg.session);
            Leg { muted: leg.muted, held: leg.held, ..Leg::with_role(peer, self.role(tenant, &leg.role)) }
        };
        (room, legs.iter().map(leg).collect())
    }

    fn role(&mut self, tenant: &Handle, role: &PatchRole) -> Role {
        match role {
            PatchRole::Talker => Role::Talker,
            PatchRole::Listener => Role::Listener,
            PatchRole::Whisper { to } => Role::Whisper { to: self.peer(tenant, to) },
            PatchRole::Barge => Role::Barge,
        }
    }
}

/// Tells the tenants what the plane says, until it has stopped.
pub(crate) async fn listen(hub: Arc<AudioHub>, mut events: MediaEvents) {
    while let Some(event) = events.recv().await {
        let names = hub.lock();
        let (peer, input): (PeerId, Box<dyn FnOnce(SessionId) -> Input>) = match event {
            MediaEvent::PeerConnected { peer } => {
                (peer, Box::new(|session| Input::MediaState { session, connected: true }))
            }
            MediaEvent::PeerLost { peer, reason } => {
                tracing::debug!(%peer, %reason, "a voice connection is lost");
                (peer, Box::new(|session| Input::MediaState { session, connected: false }))
            }
            MediaEvent::Slots { peer, slots } => {
                let of = |peer: PeerId| names.peers.get(&peer).map(|(_, session)| session.clone());
                let slots = slots.map(|source| source.and_then(of)).to_vec();
                (peer, Box::new(|session| Input::MediaSlots { session, slots }))
            }
            // Who speaks is told by the slots; the rest is of a newer plane.
            _ => continue,
        };
        if let Some((tenant, session)) = names.peers.get(&peer) {
            tenant.send_now(input(session.clone()));
        }
    }
}

fn refusal(error: MediaError) -> WireError {
    let message = error.to_string();
    match error {
        MediaError::Offer(_) | MediaError::SessionOver(_) | MediaError::Panicked(_) => {
            WireError::new(Code::SdpRejected, message)
        }
        _ => WireError::new(Code::MediaUnavailable, message),
    }
}
