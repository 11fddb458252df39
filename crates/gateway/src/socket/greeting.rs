//! From an open socket to a session: hello, and who may say it.

use super::{Outbox, connection::Connection, refuse, refuse_breach};
use crate::{
    crypto,
    gateway::Shared,
    limits::Place,
    tenant::Handle,
    tokens::Verified,
    ws::{Gone, Item, WebSocket},
};
use jackfield_exchange::switchboard::{Fresh, Input, ResumeRequest};
use jackfield_wire::{ClientFrame, Code, Resume, Secret, SessionId, WireError};
use std::{sync::Arc, time::Duration};
use tokio::io::{AsyncRead, AsyncWrite};

/// Who has opened a socket and said nothing yet.
pub(super) struct Visitor {
    /// Where its page comes from; `None` where it is no page.
    pub(super) origin: Option<String>,
    /// Its place among those who are not known.
    pub(super) place: Place,
}

/// Serves a socket to its end.
pub(super) async fn serve<S: AsyncRead + AsyncWrite + Unpin>(
    shared: Arc<Shared>,
    mut socket: WebSocket<S>,
    visitor: Visitor,
) {
    // Boxed, because what happens once shall not weigh on every connection for as long as it lives.
    let greeted = Box::pin(greet(&shared, &mut socket, visitor)).await;
    match greeted {
        Ok(connection) => connection.run(socket).await,
        Err(Refusal::Gone) => {}
        Err(Refusal::Breach(breach)) => refuse_breach(socket, breach).await,
        Err(Refusal::Error(error)) => {
            shared.metrics.refused(error.code.name());
            tracing::debug!(code = error.code.name(), "a hello was refused");
            refuse(socket, error).await;
        }
    }
}

enum Refusal {
    Gone,
    Breach(crate::ws::Breach),
    Error(WireError),
}

impl From<WireError> for Refusal {
    fn from(error: WireError) -> Self {
        Self::Error(error)
    }
}

impl From<Code> for Refusal {
    fn from(code: Code) -> Self {
        Self::Error(code.into())
    }
}

async fn greet<S: AsyncRead + AsyncWrite + Unpin>(
    shared: &Arc<Shared>,
    socket: &mut WebSocket<S>,
    visitor: Visitor,
) -> Result<Connection, Refusal> {
    let patience = Duration::from_millis(shared.config.limits.hello_timeout_ms.into());
    let mut stopping = shared.stopping.subscribe();
    let first = tokio::select! {
        first = tokio::time::timeout(patience, first_text(socket)) => first.map_err(|_| Code::HelloExpected)??,
        _ = stopping.wait_for(|stopping| *stopping) => return Err(Code::Restarting.into()),
    };
    let mut frames = jackfield_wire::decode_client(&first).map_err(expected)?.into_iter();
    let Some(ClientFrame::Hello { token, resume, client }) = frames.next() else {
        return Err(Code::HelloExpected.into());
    };
    let access = shared.access();
    let verified = access.tokens.verify(token.expose(), shared.now()).await?;
    if !access.doors.lets_in(&verified, visitor.origin.as_deref()) {
        return Err(Code::OriginRejected.into());
    }
    let tenant = access.tenants.get(&verified.tenant).ok_or(Code::TenantUnknown)?;
    if let Some(client) = client {
        tracing::debug!(tenant = %verified.tenant, client = shown(&client.name), version = shown(&client.version), "hello");
    }
    let connection = open(shared, tenant, &verified, resume)?;
    drop(visitor.place);
    connection.pass_on(frames.collect()).await;
    Ok(connection)
}

/// The first text message; pings before it are answered.
async fn first_text<S: AsyncRead + AsyncWrite + Unpin>(socket: &mut WebSocket<S>) -> Result<String, Refusal> {
    loop {
        match socket.next().await {
            Ok(Item::Text(text)) => return Ok(text),
            Ok(Item::Ping(payload)) => {
                socket.queue_pong(&payload);
                socket.flush().await.map_err(|_| Refusal::Gone)?;
            }
            Ok(Item::Close) | Err(Gone::Closed) => return Err(Refusal::Gone),
            Err(Gone::Breach(breach)) => return Err(Refusal::Breach(breach)),
        }
    }
}

/// A first message that is no frame ends the connection: there is no session that could go on.
fn expected(error: WireError) -> Refusal {
    if error.code.info().fatal {
        return error.into();
    }
    WireError::new(Code::HelloExpected, format!("the first frame can't be read: {}", error.message)).into()
}

fn open(
    shared: &Arc<Shared>,
    tenant: &Handle,
    verified: &Verified,
    resume: Option<Resume>,
) -> Result<Connection, Refusal> {
    let internal = |_| Refusal::from(Code::Internal);
    let key = crypto::random_text().map_err(internal)?;
    let id = format!("s-{}", crypto::random_text().map_err(internal)?);
    let session_id = SessionId::parse(&id).map_err(|_| Code::Internal)?;
    let fresh = Fresh { session_id, key_digest: crypto::sha256(key.as_bytes()), key: Secret::new(key) };
    let connection = shared.next_connection();
    let outbox = Arc::new(Outbox::new(shared.config.limits.send_queue_bytes));
    let hello = Input::Hello {
        connection,
        identity: verified.identity.clone(),
        token_expires_at: verified.expires_at,
        resume: resume.map(resume_request),
        fresh,
    };
    tenant.open(connection, Arc::clone(&outbox), hello);
    Ok(Connection::new(Arc::clone(shared), tenant.clone(), connection, outbox))
}

fn resume_request(resume: Resume) -> ResumeRequest {
    let key_digest = crypto::sha256(resume.key.expose().as_bytes());
    ResumeRequest { session_id: resume.session_id, key_digest, epoch: resume.epoch, seq: resume.seq }
}

/// A stranger's text, short and without line breaks, for the log.
fn shown(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_graphic()).take(40).collect()
}
