//! The door: who may open a socket at all. Nothing is kept of whoever is refused.

use super::greeting::{Visitor, serve};
use crate::{
    gateway::Shared,
    http::{Peer, Seat, refusal},
    ws::{self, WebSocket},
};
use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use jackfield_wire::{Code, PROTOCOLS, WireError, limits};
use std::sync::Arc;
use tokio::net::TcpStream;

/// Answers `GET /v1/socket`.
pub(crate) async fn upgrade(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    match admit(&shared, request) {
        Ok(response) => response,
        Err(refused) => *refused,
    }
}

fn admit(shared: &Arc<Shared>, mut request: Request) -> Result<Response, Box<Response>> {
    let (protocol, key) = check_request(shared, &request)?;
    let origin = check_origin(shared, request.headers())?;
    let address =
        request.extensions().get::<Peer>().map(|peer| peer.client(&shared.config, request.headers()));
    let place = address.and_then(|address| shared.porch.enter(address)).ok_or_else(|| {
        shared.metrics.refused("tooManyUnknown");
        let error = WireError::from(Code::Overloaded).retry_after(1000);
        refused(StatusCode::SERVICE_UNAVAILABLE, error)
    })?;
    let upgrade = request.extensions_mut().remove::<OnUpgrade>().ok_or_else(|| {
        let error = WireError::new(Code::Internal, "this connection can't be upgraded");
        refused(StatusCode::INTERNAL_SERVER_ERROR, error)
    })?;
    let seat = request.extensions_mut().remove::<Seat>();
    let visitor = Visitor { origin, place };
    tokio::spawn(take_over(Arc::clone(shared), upgrade, visitor, seat));
    Ok(switching(protocol, &key))
}

async fn take_over(shared: Arc<Shared>, upgrade: OnUpgrade, visitor: Visitor, seat: Option<Seat>) {
    let Ok(upgraded) = upgrade.await else { return };
    let Some((stream, early)) = plain(upgraded) else { return };
    let socket = WebSocket::new(stream, &early, limits::FRAME_BYTES);
    serve(shared, socket, visitor).await;
    drop(seat);
}

/// The TCP stream below: without hyper's layers a connection costs less.
fn plain(upgraded: Upgraded) -> Option<(TcpStream, bytes::Bytes)> {
    let parts = upgraded.downcast::<TokioIo<TcpStream>>().ok()?;
    Some((parts.io.into_inner(), parts.read_buf))
}

fn check_request(shared: &Shared, request: &Request) -> Result<(&'static str, String), Box<Response>> {
    let refuse = |reason, error| {
        shared.metrics.refused(reason);
        refused(StatusCode::BAD_REQUEST, error)
    };
    // A token in an address ends in logs and histories, so no parameter is taken at all, and none is repeated in the answer.
    if request.uri().query().is_some() {
        let message = "The address takes no parameters. Send the token in the first frame, hello.";
        return Err(refuse("query", WireError::new(Code::InvalidField, message)));
    }
    let upgrade = ws::requested(request.headers())
        .map_err(|problem| refuse("noUpgrade", WireError::new(Code::InvalidField, problem)))?;
    let protocol =
        PROTOCOLS.into_iter().find(|known| upgrade.protocols.iter().any(|offered| offered == known));
    let protocol = protocol.ok_or_else(|| {
        let message =
            format!("The gateway speaks {}. Offer one of them as sub-protocol.", PROTOCOLS.join(", "));
        refuse("protocol", WireError::new(Code::VersionUnsupported, message))
    })?;
    Ok((protocol, upgrade.key))
}

/// A page of any site can open a socket to any other, and only this header tells which. Tokens are looked at later.
fn check_origin(shared: &Shared, headers: &HeaderMap) -> Result<Option<String>, Box<Response>> {
    let access = shared.access();
    let doors = &access.doors;
    let mut all = headers.get_all(header::ORIGIN).iter();
    let allowed = match (all.next(), all.next()) {
        (None, _) => doors.any_native().then_some(None),
        (Some(origin), None) => {
            let origin = origin.to_str().ok().filter(|origin| doors.any_has(origin));
            origin.map(|origin| Some(origin.to_owned()))
        }
        _ => None,
    };
    allowed.ok_or_else(|| {
        shared.metrics.refused("origin");
        refused(StatusCode::FORBIDDEN, Code::OriginRejected.into())
    })
}

fn switching(protocol: &'static str, key: &str) -> Response {
    let mut response = (StatusCode::SWITCHING_PROTOCOLS, Body::empty()).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(protocol));
    if let Ok(accept) = HeaderValue::from_str(&ws::accept_key(key)) {
        headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
    }
    response
}

fn refused(status: StatusCode, error: WireError) -> Box<Response> {
    Box::new(refusal(status, error))
}
