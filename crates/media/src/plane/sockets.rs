//! The UDP sockets: one for each bound address, shared by all sessions.

use std::future::poll_fn;
use std::io::{self, IoSliceMut};
use std::net::{IpAddr, SocketAddr};
use std::task::Poll;

use quinn_udp::{BATCH_SIZE, RecvMeta, Transmit, UdpSocketState};
use socket2::{Domain, Protocol, Socket, Type};
use tokio::io::Interest;
use tokio::net::UdpSocket;

use super::MediaError;

/// Room for what arrives while the thread is busy: about 20,000 audio packets. The system may grant less.
const BUFFER: usize = 4 * 1024 * 1024;
/// Longest UDP datagram, and longest run of datagrams that the kernel joins into one buffer.
const MAX_DATAGRAM: usize = 65_535;

/// An open socket that no runtime watches yet.
pub(super) struct Bound {
    socket: std::net::UdpSocket,
    addr: SocketAddr,
    wildcard: bool,
}

/// One socket.
pub(super) struct Port {
    socket: UdpSocket,
    state: UdpSocketState,
    /// Bound to all addresses of the machine, so that answers must say from which of them they leave.
    wildcard: bool,
}

/// A datagram that arrived.
pub(super) struct Datagram<'a> {
    pub(super) source: SocketAddr,
    /// The address at which it arrived, where the system tells.
    pub(super) local: Option<IpAddr>,
    pub(super) bytes: &'a [u8],
}

/// Buffers for a batch of datagrams, used again for each batch.
pub(super) struct Batch {
    bytes: Vec<u8>,
    metas: [RecvMeta; BATCH_SIZE],
}

impl Bound {
    /// Opens a socket.
    pub(super) fn open(addr: SocketAddr) -> Result<Self, MediaError> {
        Self::try_open(addr).map_err(|source| MediaError::Bind { addr, source })
    }

    /// The address with the port that was taken.
    pub(super) fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Has the socket watched. Must be called inside a tokio runtime.
    pub(super) fn watch(self) -> io::Result<Port> {
        let socket = UdpSocket::from_std(self.socket)?;
        let state = UdpSocketState::new((&socket).into())?;
        Ok(Port { socket, state, wildcard: self.wildcard })
    }

    fn try_open(addr: SocketAddr) -> io::Result<Self> {
        let socket = Socket::new(Domain::for_address(addr), Type::DGRAM, Some(Protocol::UDP))?;
        if addr.is_ipv6() {
            // Else `[::]` takes the IPv4 port as well, and a second socket for it cannot be bound.
            socket.set_only_v6(true)?;
        }
        // The defaults hold 40 ms of 1000 calls. Less than asked for is no reason not to start.
        let _ = socket.set_recv_buffer_size(BUFFER);
        let _ = socket.set_send_buffer_size(BUFFER);
        socket.set_nonblocking(true)?;
        socket.bind(&addr.into())?;
        let socket = std::net::UdpSocket::from(socket);
        Ok(Self { addr: socket.local_addr()?, socket, wildcard: addr.ip().is_unspecified() })
    }
}

impl Port {
    /// Sends a datagram, from the local address `from` if there are several. Returns whether the system took it: audio
    /// that cannot leave now is worth nothing later, so nothing is kept.
    pub(super) fn send(&self, destination: SocketAddr, from: Option<IpAddr>, contents: &[u8]) -> bool {
        let src_ip = from.filter(|_| self.wildcard);
        let transmit = Transmit { destination, ecn: None, contents, segment_size: None, src_ip };
        self.state.try_send((&self.socket).into(), &transmit).is_ok()
    }

    /// Takes a batch of datagrams that have arrived; returns how many buffers were filled. None is no error.
    pub(super) fn receive(&self, batch: &mut Batch) -> usize {
        let mut slices: Vec<IoSliceMut<'_>> =
            batch.bytes.chunks_mut(MAX_DATAGRAM).map(IoSliceMut::new).collect();
        let received = self.socket.try_io(Interest::READABLE, || {
            self.state.recv((&self.socket).into(), &mut slices, &mut batch.metas)
        });
        // Errors are those of earlier sends (ICMP), or that nothing is there.
        received.unwrap_or(0)
    }
}

impl Batch {
    pub(super) fn new() -> Self {
        // Zeroed memory is not resident until it is used, and audio uses the first page of each buffer.
        Self { bytes: vec![0; MAX_DATAGRAM * BATCH_SIZE], metas: [RecvMeta::default(); BATCH_SIZE] }
    }

    /// The datagrams in the first `filled` buffers.
    pub(super) fn datagrams(&self, filled: usize) -> impl Iterator<Item = Datagram<'_>> {
        let buffers = self.bytes.chunks(MAX_DATAGRAM).zip(&self.metas).take(filled);
        buffers.flat_map(|(buffer, meta)| {
            let bytes = buffer.get(..meta.len).unwrap_or_default();
            // The kernel joins datagrams of one sender; `stride` is the length of each.
            bytes.chunks(meta.stride.max(1)).map(|bytes| Datagram {
                source: without_flow(meta.addr),
                local: meta.dst_ip,
                bytes,
            })
        })
    }
}

/// Waits until one of the sockets has something to read, and returns which.
pub(super) async fn readable(ports: &[Port]) -> usize {
    poll_fn(|context| {
        let ready = ports.iter().position(|port| port.socket.poll_recv_ready(context).is_ready());
        ready.map_or(Poll::Pending, Poll::Ready)
    })
    .await
}

/// Scope and flow of an IPv6 source would make the same sender look like several.
fn without_flow(source: SocketAddr) -> SocketAddr {
    match source {
        SocketAddr::V6(v6) if v6.scope_id() == 0 => SocketAddr::new(IpAddr::V6(*v6.ip()), v6.port()),
        other => other,
    }
}
