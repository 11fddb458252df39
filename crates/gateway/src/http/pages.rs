//! The built pages, as files. Vite gives assets names with a hash of their content; everything else may change under its name.

use axum::{
    body::Body,
    http::{HeaderValue, Method, Request, StatusCode, Uri, header},
    response::{IntoResponse as _, Response},
};
use std::{convert::Infallible, path::Path};
use tower::{ServiceExt as _, service_fn, util::BoxCloneSyncService};
use tower_http::services::ServeDir;

/// Serves the pages of a directory.
pub(super) fn service(dir: &Path) -> BoxCloneSyncService<Request<Body>, Response, Infallible> {
    // It decodes and checks every part of the path itself: nothing outside of the directory can be named.
    let files = ServeDir::new(dir).append_index_html_on_directories(false).precompressed_gzip();
    BoxCloneSyncService::new(service_fn(move |request| respond(files.clone(), request)))
}

async fn respond(files: ServeDir, mut request: Request<Body>) -> Result<Response, Infallible> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Ok((StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response());
    }
    let hashed = request.uri().path().starts_with("/assets/");
    if let Some(page) = page(request.uri().path()) {
        *request.uri_mut() = Uri::from_static(page);
    }
    let mut response = match files.oneshot(request).await {
        Ok(response) => response.map(Body::new),
        Err(never) => match never {},
    };
    if response.status() == StatusCode::NOT_FOUND {
        return Ok((StatusCode::NOT_FOUND, "There is no such page.").into_response());
    }
    let cache = if hashed && response.status().is_success() {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    Ok(response)
}

/// The file of a page's address.
fn page(path: &str) -> Option<&'static str> {
    match path {
        "/" | "/customer" | "/customer/" => Some("/customer/index.html"),
        "/agent" | "/agent/" => Some("/agent/index.html"),
        "/supervisor" | "/supervisor/" => Some("/supervisor/index.html"),
        "/account" | "/account/" => Some("/account/index.html"),
        _ => None,
    }
}
