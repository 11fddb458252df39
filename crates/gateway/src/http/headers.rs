//! Headers that every answer carries: what a browser may do with it.

use crate::config::PagesConfig;
use axum::{
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::Response,
};

/// The Content-Security-Policy of the pages, made once.
#[derive(Debug, Clone)]
pub(super) struct Policy(HeaderValue);

impl Policy {
    /// The policy with these pages' frame ancestors.
    pub(super) fn new(pages: &PagesConfig) -> Self {
        let ancestors = match pages.frame_ancestors.as_slice() {
            [] => "'none'".to_owned(),
            some => some.join(" "),
        };
        let text = format!(
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
             font-src 'self'; connect-src 'self'; media-src 'self' blob:; worker-src 'self'; base-uri 'none'; \
             form-action 'self'; frame-ancestors {ancestors}"
        );
        // The configuration was checked: origins are ASCII. Without that, the strictest policy.
        Self(HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("default-src 'none'")))
    }
}

const FIXED: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (
        HeaderName::from_static("permissions-policy"),
        "microphone=(self), autoplay=(self), camera=(), geolocation=(), display-capture=(), payment=(), usb=()",
    ),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Adds them.
pub(super) async fn add(State(policy): State<Policy>, mut response: Response) -> Response {
    let headers: &mut HeaderMap = response.headers_mut();
    for (name, value) in FIXED {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert(header::CONTENT_SECURITY_POLICY, policy.0);
    response
}
