//! Where a gateway is, and how one gets in.

use crate::LoadError;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A gateway's address, and the origin that a page of it would have.
#[derive(Debug, Clone)]
pub struct Door {
    /// Where to connect to.
    pub address: SocketAddr,
    /// The `Origin` to show.
    pub origin: String,
}

impl Door {
    /// A door at an address.
    pub fn new(address: SocketAddr, origin: impl Into<String>) -> Self {
        Self { address, origin: origin.into() }
    }

    /// The same gateway by another address, for example that of a relay.
    pub fn by(&self, address: SocketAddr) -> Self {
        Self { address, origin: self.origin.clone() }
    }

    /// A token from the demo's sign-in.
    ///
    /// # Errors
    /// The connection's, or [`LoadError::Unexpected`] where the gateway gives no token.
    pub async fn demo_token(&self, user: &str, role: &str, name: &str) -> Result<String, LoadError> {
        let body = serde_json::json!({ "user": user, "role": role, "name": name }).to_string();
        let request = format!(
            "POST /demo/token HTTP/1.1\r\nHost: {}\r\nOrigin: {}\r\nSec-Fetch-Site: same-origin\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            self.host(),
            self.origin,
            body.len()
        );
        let mut stream = TcpStream::connect(self.address).await?;
        stream.write_all(request.as_bytes()).await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        token_in(&answer).ok_or(LoadError::Unexpected { expected: "a token", got: answer })
    }

    /// The `Host` that goes with the origin.
    pub(crate) fn host(&self) -> &str {
        self.origin.split_once("://").map_or(self.origin.as_str(), |(_, host)| host)
    }
}

fn token_in(answer: &str) -> Option<String> {
    let (_, body) = answer.split_once("\r\n\r\n")?;
    // The body may come in one chunk with its length around it: the object is what stands between the braces.
    let object = body.get(body.find('{')?..=body.rfind('}')?)?;
    let value: serde_json::Value = serde_json::from_str(object).ok()?;
    value.get("token")?.as_str().map(str::to_owned)
}
