//! One client's connection: from the upgrade to the last frame.

mod connection;
mod greeting;
mod outbox;
mod pace;
mod upgrade;

pub(crate) use outbox::Outbox;
pub(crate) use upgrade::upgrade;

use jackfield_exchange::switchboard::close_number;
use jackfield_wire::{ServerFrame, WireError};
use tokio::io::{AsyncRead, AsyncWrite};

use crate::ws::{Breach, WebSocket};

/// An error frame as text.
fn error_text(error: WireError) -> String {
    // The type has no key that is not text, which is all that writing could fail at.
    jackfield_wire::encode(&ServerFrame::Error { error }).unwrap_or_default()
}

/// Ends a connection with an error as its last frame.
async fn refuse<S: AsyncRead + AsyncWrite + Unpin>(mut socket: WebSocket<S>, error: WireError) {
    let code = error.code;
    socket.queue_text(&error_text(error));
    socket.close(close_number(code), code.name()).await;
}

/// Ends a connection that broke a rule of WebSocket itself.
async fn refuse_breach<S: AsyncRead + AsyncWrite + Unpin>(mut socket: WebSocket<S>, breach: Breach) {
    use jackfield_wire::Code;
    let code = match breach {
        Breach::TooBig => Some(Code::FrameTooLarge),
        Breach::Binary => Some(Code::NotText),
        Breach::InvalidText => Some(Code::InvalidText),
        Breach::Protocol(_) | Breach::PingFlood | Breach::Fragments => None,
    };
    if let Some(code) = code {
        socket.queue_text(&error_text(code.into()));
    }
    socket.close(breach.close_code(), breach.reason()).await;
}
