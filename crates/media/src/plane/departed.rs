//! Sessions that are over, so that an ICE restart of one of them is not mistaken for a new session.
//!
//! The client of such a session still has its keys and would not do the handshake again: it would be connected and
//! hear nothing. It must be told to start afresh.

use std::collections::{HashMap, VecDeque};

use super::sdp::SessionKey;
use crate::PeerId;

/// Sessions remembered. A client restarts within a minute or not at all.
const MAX: usize = 4096;

#[derive(Debug, Default)]
pub(super) struct Departed {
    keys: HashMap<PeerId, SessionKey>,
    order: VecDeque<PeerId>,
}

impl Departed {
    pub(super) fn add(&mut self, peer: PeerId, session: SessionKey) {
        if self.keys.insert(peer, session).is_none() {
            self.order.push_back(peer);
        }
        if self.order.len() > MAX
            && let Some(oldest) = self.order.pop_front()
        {
            self.keys.remove(&oldest);
        }
    }

    pub(super) fn contains(&self, peer: PeerId, session: &SessionKey) -> bool {
        self.keys.get(&peer) == Some(session)
    }
}
