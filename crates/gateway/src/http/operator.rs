//! What the operator asks: is it alive, does it serve, how does it do.

use crate::{gateway::Shared, store::StoreError};
use axum::{
    Json, Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::get,
};
use std::{
    future::Future,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::{Mutex, oneshot};

/// How long a part may take to answer.
const PATIENCE: Duration = Duration::from_secs(2);
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// `GET /health`: the process is alive.
pub(super) async fn health() -> &'static str {
    "alive\n"
}

/// `GET /ready`: clients can be served. Else 503, with every reason.
pub(super) async fn ready(State(shared): State<Arc<Shared>>) -> Response {
    let problems = shared.readiness.look(&shared).await;
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let body = serde_json::json!({ "ready": problems.is_empty(), "problems": problems });
    (status, [(header::CACHE_CONTROL, "no-store")], Json(body)).into_response()
}

/// What kept the gateway from serving when somebody last looked. Looking writes to the disk, so it is done once a second at most: anybody
/// may ask.
#[derive(Debug, Default)]
pub(crate) struct Readiness(Mutex<Option<(Instant, Vec<String>)>>);

impl Readiness {
    async fn look(&self, shared: &Shared) -> Vec<String> {
        let mut last = self.0.lock().await;
        match &*last {
            Some((at, problems)) if at.elapsed() < LOOK_EVERY && !*shared.stopping.borrow() => {
                problems.clone()
            }
            _ => {
                let problems = problems(shared).await;
                *last = Some((Instant::now(), problems.clone()));
                problems
            }
        }
    }
}

async fn problems(shared: &Shared) -> Vec<String> {
    let mut problems = Vec::new();
    if *shared.stopping.borrow() {
        problems.push("the gateway is stopping".to_owned());
    }
    if let Err(problem) = store_works(shared).await {
        problems.push(format!("the store can't be written: {problem}"));
    }
    if within(shared.audio.plane().stats()).await.is_none_or(|stats| stats.is_err()) {
        problems.push("the audio plane does not answer".to_owned());
    }
    for (id, tenant) in &shared.access().tenants {
        if within(tenant.gauges()).await.flatten().is_none() {
            problems.push(format!("tenant {id} does not answer"));
        }
    }
    problems
}

async fn store_works(shared: &Shared) -> Result<(), String> {
    let (tell, answer) = oneshot::channel::<Result<(), StoreError>>();
    shared.store.probe(Box::new(move |result| {
        let _ = tell.send(result);
    }));
    match within(answer).await {
        Some(Ok(result)) => result.map_err(|error| error.to_string()),
        _ => Err("it does not answer".to_owned()),
    }
}

/// The listener of its own for `GET /metrics`.
pub(crate) fn metrics_router(shared: &Arc<Shared>) -> Router {
    Router::new().route("/metrics", get(metrics)).with_state(Arc::clone(shared))
}

async fn metrics(State(shared): State<Arc<Shared>>) -> Response {
    for (id, tenant) in &shared.access().tenants {
        if let Some(gauges) = within(tenant.gauges()).await.flatten() {
            shared.metrics.set_tenant(id, &gauges);
        }
    }
    if let Some(Ok(stats)) = within(shared.audio.plane().stats()).await {
        shared.metrics.set_media(&stats);
    }
    shared.metrics.unknown_sockets.set(i64::try_from(shared.porch.taken()).unwrap_or(i64::MAX));
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], shared.metrics.text()).into_response()
}

async fn within<T>(work: impl Future<Output = T>) -> Option<T> {
    tokio::time::timeout(PATIENCE, work).await.ok()
}
