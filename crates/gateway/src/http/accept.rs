//! Listening. Our own loop, because a client that never finishes its headers must not stay.

use super::Peer;
use crate::gateway::{Shared, StartError};
use axum::{Router, body::Body, extract::Request};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    net::{TcpListener, TcpSocket, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
};
use tower::ServiceExt as _;

/// Connections that the kernel keeps ready; a reconnect storm comes faster than they are accepted.
const BACKLOG: u32 = 4096;
/// The largest request head.
const HEAD_BYTES: usize = 16 * 1024;

/// A connection's place among all. What the connection becomes by an upgrade keeps it.
#[derive(Debug, Clone)]
pub(crate) struct Seat(#[expect(dead_code, reason = "held, not read")] Arc<OwnedSemaphorePermit>);

/// Opens the addresses. Where several ask for any port, all get the one that the first was given.
///
/// # Errors
/// [`StartError::Listen`].
pub(crate) async fn bind(
    field: &'static str,
    addresses: &[SocketAddr],
) -> Result<Vec<TcpListener>, StartError> {
    let mut listeners: Vec<TcpListener> = Vec::new();
    for address in addresses {
        let mut address = *address;
        if let (0, Some(first)) = (address.port(), listeners.first()) {
            address.set_port(first.local_addr().map_or(0, |first| first.port()));
        }
        listeners.push(listen(address).map_err(|error| StartError::Listen { field, address, error })?);
    }
    Ok(listeners)
}

fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Accepts until the gateway stops.
pub(crate) async fn accept(shared: Arc<Shared>, listener: TcpListener, router: Router) {
    let places = Arc::new(Semaphore::new(shared.config.limits.max_connections));
    let mut stopping = shared.stopping.subscribe();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stopped(&mut stopping) => return,
        };
        match accepted {
            Ok((stream, peer)) => match Arc::clone(&places).try_acquire_owned() {
                Ok(place) => {
                    let (shared, router) = (Arc::clone(&shared), router.clone());
                    let seat = Seat(Arc::new(place));
                    tokio::spawn(async move { serve(&shared, stream, (Peer(peer), seat), router).await });
                }
                Err(_) => shared.metrics.refused("tooManyConnections"),
            },
            Err(error) => {
                // Out of file descriptors, mostly: accepting again at once would only spin.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

async fn serve(shared: &Arc<Shared>, stream: TcpStream, who: (Peer, Seat), router: Router) {
    let _ = stream.set_nodelay(true);
    shared.metrics.connections.inc();
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(who.0);
        request.extensions_mut().insert(who.1.clone());
        router.clone().oneshot(request.map(Body::new))
    });
    let patience = Duration::from_millis(shared.config.limits.hello_timeout_ms.into());
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(patience)
        .max_buf_size(HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut connection = std::pin::pin!(connection);
    let mut stopping = shared.stopping.subscribe();
    let ended = tokio::select! {
        ended = &mut connection => ended,
        () = stopped(&mut stopping) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "an HTTP connection ended");
    }
    shared.metrics.connections.dec();
}

/// Waits until the gateway goes down.
async fn stopped(stopping: &mut watch::Receiver<bool>) {
    // It fails only when the gateway is gone altogether.
    let _ = stopping.wait_for(|stopping| *stopping).await;
}
