//! A client of the wire in some two hundred lines, written from `docs/wire.md` and not from the SDK: what both ends get wrong alike would
//! otherwise pass. The fault tests use [`Client`]; the binary beside it holds thousands of bare [`Socket`]s for the benches.
//!
//! ```no_run
//! use jackfield_load::{Client, Door};
//! # async fn example() -> Result<(), jackfield_load::LoadError> {
//! let door = Door::new("127.0.0.1:8080".parse().map_err(|_| jackfield_load::LoadError::Closed)?, "http://localhost:8080");
//! let token = door.demo_token("mina", "agent", "Mina").await?;
//! let mut client = Client::open(&door, &token, None).await?;
//! println!("{} offers", client.snapshot.map_or(0, |s| s.offers.len()));
//! # Ok(()) }
//! ```

mod client;
mod door;
mod socket;

pub use client::Client;
pub use door::Door;
pub use socket::Socket;

use jackfield_wire::WireError;

/// What can go wrong with a client.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The network.
    #[error("the connection failed: {0}")]
    Io(#[from] std::io::Error),
    /// The WebSocket, or the gateway's refusal to open one.
    #[error("the WebSocket failed: {0}")]
    WebSocket(Box<tokio_tungstenite::tungstenite::Error>),
    /// An error frame of the gateway, or a frame that can't be read.
    #[error("{0}")]
    Wire(#[from] WireError),
    /// The gateway closed the connection, without a word.
    #[error("the connection is closed")]
    Closed,
    /// An answer that is not of the wire.
    #[error("expected {expected}, got {got}")]
    Unexpected {
        /// What should have come.
        expected: &'static str,
        /// What came.
        got: String,
    },
    /// An event's number is not the one after the last.
    #[error("event {got} came where {expected} was due")]
    Gap {
        /// The number that was due.
        expected: u64,
        /// The number that came.
        got: u64,
    },
    /// Nothing fitting came.
    #[error("nothing came in {0} s")]
    TimedOut(u64),
}

impl From<tokio_tungstenite::tungstenite::Error> for LoadError {
    fn from(error: tokio_tungstenite::tungstenite::Error) -> Self {
        use tokio_tungstenite::tungstenite::Error;
        match error {
            Error::ConnectionClosed | Error::AlreadyClosed => Self::Closed,
            other => Self::WebSocket(Box::new(other)),
        }
    }
}
