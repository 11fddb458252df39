//! Which session a datagram belongs to, in constant time.
//!
//! A STUN request names its session: the first half of USERNAME is the user fragment that the session's answer gave
//! out (RFC 8445, 7.2.2). All else is found by the address it comes from, which only an accepted STUN request can put
//! into the table. So a flood of anything from strangers costs one look-up a datagram, and there is nothing to scan.

use std::collections::{HashMap, VecDeque};
use std::net::{IpAddr, SocketAddr};

use crate::PeerId;

/// Most addresses remembered for one session: a client tries several while ICE finds the best.
const MAX_PER_PEER: usize = 8;

/// How a client's address is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Route {
    pub(super) peer: PeerId,
    /// The local address at which its packets arrive; answers must leave from it.
    pub(super) local: Option<IpAddr>,
}

#[derive(Debug, Default)]
pub(super) struct Routes {
    by_source: HashMap<SocketAddr, Route>,
    by_ufrag: HashMap<String, PeerId>,
    peers: HashMap<PeerId, Known>,
}

#[derive(Debug, Default)]
struct Known {
    ufrag: String,
    sources: VecDeque<SocketAddr>,
}

impl Routes {
    /// The session for a datagram, as far as it can be told without reading keys.
    pub(super) fn find(&self, source: SocketAddr, datagram: &[u8]) -> Option<PeerId> {
        if is_stun(datagram) {
            self.by_ufrag.get(local_ufrag(datagram)?).copied()
        } else {
            self.by_source.get(&source).map(|route| route.peer)
        }
    }

    /// How a client's address is reached.
    pub(super) fn route_to(&self, destination: SocketAddr) -> Option<Route> {
        self.by_source.get(&destination).copied()
    }

    /// Gives a session the user fragment of its latest answer; the one before is void.
    pub(super) fn name(&mut self, peer: PeerId, ufrag: &str) {
        let known = self.peers.entry(peer).or_default();
        self.by_ufrag.remove(&known.ufrag);
        known.ufrag = ufrag.to_owned();
        self.by_ufrag.insert(ufrag.to_owned(), peer);
    }

    /// Remembers an address from which a session was reached by an authenticated STUN request.
    pub(super) fn learn(&mut self, peer: PeerId, source: SocketAddr, local: Option<IpAddr>) {
        let old = self.by_source.insert(source, Route { peer, local });
        if old.is_some_and(|old| old.peer == peer) {
            return;
        }
        if let Some(known) = old.and_then(|old| self.peers.get_mut(&old.peer)) {
            known.sources.retain(|known| *known != source);
        }
        let known = self.peers.entry(peer).or_default();
        known.sources.push_back(source);
        if known.sources.len() > MAX_PER_PEER
            && let Some(oldest) = known.sources.pop_front()
        {
            self.by_source.remove(&oldest);
        }
    }

    /// Removes all traces of a session.
    pub(super) fn forget(&mut self, peer: PeerId) {
        let Some(known) = self.peers.remove(&peer) else { return };
        self.by_ufrag.remove(&known.ufrag);
        for source in known.sources {
            self.by_source.remove(&source);
        }
    }
}

/// First byte 0 or 1 is STUN on a port shared with DTLS and RTP (RFC 7983, 7).
pub(super) fn is_stun(datagram: &[u8]) -> bool {
    datagram.first().is_some_and(|byte| *byte < 2)
}

/// The receiving side's user fragment in a STUN binding request (RFC 8489, 5 and 14.3).
fn local_ufrag(datagram: &[u8]) -> Option<&str> {
    const BINDING_REQUEST: [u8; 2] = [0x00, 0x01];
    const USERNAME: u16 = 0x0006;
    let (header, mut attributes) = datagram.split_at_checked(20)?;
    if header[..2] != BINDING_REQUEST {
        return None;
    }
    loop {
        let (head, rest) = attributes.split_at_checked(4)?;
        let kind = u16::from_be_bytes([head[0], head[1]]);
        let length = usize::from(u16::from_be_bytes([head[2], head[3]]));
        let value = rest.get(..length)?;
        if kind == USERNAME {
            let (local, _) = std::str::from_utf8(value).ok()?.split_once(':')?;
            return Some(local);
        }
        attributes = rest.get(length.next_multiple_of(4)..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(port: u16) -> SocketAddr {
        SocketAddr::from(([192, 0, 2, 1], port))
    }

    fn binding_request(username: &str) -> Vec<u8> {
        let mut datagram = vec![0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42];
        datagram.extend([7; 12]);
        datagram.extend([0x00, 0x24, 0, 4, 1, 2, 3, 4]);
        datagram.extend([0x00, 0x06, 0, username.len() as u8]);
        datagram.extend(username.as_bytes());
        datagram.resize(datagram.len().next_multiple_of(4), 0);
        datagram
    }

    #[test]
    fn stun_is_found_by_the_fragment_it_names_and_the_rest_by_its_source() {
        let mut routes = Routes::default();
        routes.name(PeerId(1), "frag");
        let request = binding_request("frag:theirs");
        assert_eq!(routes.find(source(9), &request), Some(PeerId(1)));
        assert_eq!(routes.find(source(9), &binding_request("other:theirs")), None);
        assert_eq!(routes.find(source(9), &[0x80, 111, 0, 1]), None, "the address is not known yet");
        routes.learn(PeerId(1), source(9), None);
        assert_eq!(routes.find(source(9), &[0x80, 111, 0, 1]), Some(PeerId(1)));
        assert_eq!(routes.find(source(8), &[0x80, 111, 0, 1]), None);
    }

    #[test]
    fn malformed_stun_belongs_to_nobody() {
        let mut routes = Routes::default();
        routes.name(PeerId(1), "frag");
        let request = binding_request("frag:theirs");
        for cut in 0..request.len() - 4 {
            assert_eq!(routes.find(source(9), &request[..cut]), None, "cut at {cut}");
        }
        let mut response = request.clone();
        response[0] = 1;
        assert_eq!(routes.find(source(9), &response), None, "we ask nothing, so nobody answers us");
        assert_eq!(routes.find(source(9), &binding_request("frag")), None);
    }

    #[test]
    fn an_ice_restart_voids_the_old_fragment() {
        let mut routes = Routes::default();
        routes.name(PeerId(1), "old");
        routes.name(PeerId(1), "new");
        assert_eq!(routes.find(source(9), &binding_request("old:x")), None);
        assert_eq!(routes.find(source(9), &binding_request("new:x")), Some(PeerId(1)));
    }

    #[test]
    fn a_session_has_a_limited_number_of_addresses_and_leaves_none_behind() {
        let mut routes = Routes::default();
        routes.name(PeerId(1), "frag");
        for port in 0..100 {
            routes.learn(PeerId(1), source(port), None);
            routes.learn(PeerId(1), source(port), None);
        }
        assert_eq!(routes.by_source.len(), MAX_PER_PEER);
        assert!(routes.route_to(source(99)).is_some());
        routes.learn(PeerId(2), source(99), None);
        assert_eq!(routes.route_to(source(99)).map(|route| route.peer), Some(PeerId(2)));
        routes.forget(PeerId(1));
        routes.forget(PeerId(2));
        assert!(routes.by_source.is_empty() && routes.by_ufrag.is_empty() && routes.peers.is_empty());
    }
}
