//! HTTP: the way to the socket, tokens for customers, what the operator asks, and the pages.

mod accept;
mod customer_tokens;
mod headers;
mod operator;
mod pages;
mod peer;

pub(crate) use accept::{Seat, accept, bind};
pub(crate) use customer_tokens::{ApiKeys, BackEnds, Issued, read_json};
pub(crate) use operator::{Readiness, metrics_router};
pub(crate) use peer::Peer;

use crate::{demo, gateway::Shared, socket};
use axum::{
    Json, Router,
    http::{HeaderValue, StatusCode, header},
    middleware,
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use jackfield_wire::{Code, WireError};
use std::sync::Arc;

/// Everything that the public listener serves.
pub(crate) fn router(shared: &Arc<Shared>) -> Router {
    let mut router = Router::new()
        .route("/v1/socket", get(socket::upgrade))
        .route("/v1/tenants/{tenant}/customer-tokens", post(customer_tokens::issue))
        .route("/health", get(operator::health))
        .route("/ready", get(operator::ready));
    if shared.demo.is_some() {
        router = router.route("/demo/token", post(demo::token));
    }
    let router = match &shared.config.pages.dir {
        Some(dir) => router.fallback_service(pages::service(dir)),
        None => router.fallback(nothing),
    };
    router
        .layer(middleware::map_response_with_state(headers::Policy::new(&shared.config.pages), headers::add))
        .with_state(Arc::clone(shared))
}

async fn nothing() -> Response {
    let message = "There is nothing at this address. The socket is at /v1/socket.";
    refusal(StatusCode::NOT_FOUND, WireError::new(Code::NotFound, message))
}

/// A refusal over HTTP: `{"error":{"code":…,"message":…}}`, as `docs/errors.md` has it.
pub(crate) fn refusal(status: StatusCode, error: WireError) -> Response {
    let retry = error.retry_after_ms.map(|ms| HeaderValue::from(ms.div_ceil(1000)));
    let mut response = (status, Json(serde_json::json!({ "error": error }))).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(seconds) = retry {
        response.headers_mut().insert(header::RETRY_AFTER, seconds);
    }
    response
}

/// The HTTP status that goes with a code.
pub(crate) fn status_of(code: Code) -> StatusCode {
    match code.info().number {
        4100..=4199 => StatusCode::UNAUTHORIZED,
        4203 => StatusCode::TOO_MANY_REQUESTS,
        4300 => StatusCode::NOT_FOUND,
        4500..=4599 => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::BAD_REQUEST,
    }
}
