//! The opening handshake, RFC 6455 section 4.2.

use aws_lc_rs::digest;
use axum::http::{HeaderMap, HeaderName, header};
use base64::{Engine as _, engine::general_purpose::STANDARD};

/// The fixed text of RFC 6455 that proves the server speaks WebSocket.
const GUID: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// A request to upgrade, found well-formed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Upgrade {
    /// The client's nonce.
    pub(crate) key: String,
    /// The offered sub-protocols, in the client's order.
    pub(crate) protocols: Vec<String>,
}

/// Reads the headers of an upgrade request.
///
/// # Errors
/// The sentence for a 400: which header is missing or wrong.
pub(crate) fn requested(headers: &HeaderMap) -> Result<Upgrade, &'static str> {
    if !has_token(headers, header::CONNECTION, "upgrade") || !has_token(headers, header::UPGRADE, "websocket")
    {
        return Err("This address speaks WebSocket: send Connection: Upgrade and Upgrade: websocket.");
    }
    if text(headers, header::SEC_WEBSOCKET_VERSION) != Some("13") {
        return Err("Send Sec-WebSocket-Version: 13.");
    }
    let key = text(headers, header::SEC_WEBSOCKET_KEY).unwrap_or_default();
    if STANDARD.decode(key).map_or(0, |nonce| nonce.len()) != 16 {
        return Err("Send a Sec-WebSocket-Key of 16 bytes in base64.");
    }
    Ok(Upgrade { key: key.to_owned(), protocols: list(headers, header::SEC_WEBSOCKET_PROTOCOL) })
}

/// The value of `Sec-WebSocket-Accept` that answers a key.
pub(crate) fn accept_key(key: &str) -> String {
    let mut context = digest::Context::new(&digest::SHA1_FOR_LEGACY_USE_ONLY);
    context.update(key.as_bytes());
    context.update(GUID.as_bytes());
    STANDARD.encode(context.finish())
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

fn list(headers: &HeaderMap, name: HeaderName) -> Vec<String> {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(|item| item.trim().to_owned()).collect()
}

fn has_token(headers: &HeaderMap, name: HeaderName, token: &str) -> bool {
    list(headers, name).iter().any(|item| item.eq_ignore_ascii_case(token))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(rows: &[(&'static str, &'static str)]) -> HeaderMap {
        rows.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap())).collect()
    }

    #[test]
    fn answers_the_key_of_the_rfc() {
        assert_eq!(accept_key("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    #[test]
    fn reads_what_browsers_send() {
        let upgrade = requested(&headers(&[
            ("connection", "keep-alive, Upgrade"),
            ("upgrade", "WebSocket"),
            ("sec-websocket-version", "13"),
            ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
            ("sec-websocket-protocol", "jackfield.v2, jackfield.v1"),
        ]));
        assert_eq!(upgrade.unwrap().protocols, ["jackfield.v2", "jackfield.v1"]);
    }

    #[test]
    fn says_what_is_missing() {
        assert!(requested(&headers(&[])).unwrap_err().contains("Upgrade: websocket"));
        let no_version = headers(&[("connection", "upgrade"), ("upgrade", "websocket")]);
        assert!(requested(&no_version).unwrap_err().contains("Version: 13"));
    }
}
