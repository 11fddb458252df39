//! A session's connection: one task, no buffer while idle.

use super::{Outbox, error_text, outbox::Due, pace::Pace, refuse_breach};
use crate::{
    gateway::Shared,
    tenant::Handle,
    ws::{Breach, Gone, Item, WebSocket, close},
};
use jackfield_exchange::switchboard::{ConnectionId, Input, close_number};
use jackfield_wire::{ClientFrame, Code, WireError};
use std::{sync::Arc, time::Instant};
use tokio::io::{AsyncRead, AsyncWrite};

/// A connection that has said a good hello. Dropped, it tells its tenant that it is gone, whatever the reason was.
pub(super) struct Connection {
    shared: Arc<Shared>,
    tenant: Handle,
    id: ConnectionId,
    outbox: Arc<Outbox>,
}

/// How a connection ends.
enum End {
    /// The other side is gone.
    Gone,
    /// The other side has said good-bye.
    Farewell,
    /// The gateway ends it; what there was to say was sent.
    By(Code),
    /// The gateway ends it after what is in line.
    AfterLine,
    Breach(Breach),
    /// Too many messages that can't be read.
    Nonsense,
}

impl Connection {
    pub(super) fn new(shared: Arc<Shared>, tenant: Handle, id: ConnectionId, outbox: Arc<Outbox>) -> Self {
        shared.metrics.sockets.inc();
        Self { shared, tenant, id, outbox }
    }

    /// Reads and writes until one side ends it.
    pub(super) async fn run<S: AsyncRead + AsyncWrite + Unpin>(self, mut socket: WebSocket<S>) {
        let end = match self.converse(&mut socket).await {
            End::AfterLine => {
                let due = self.outbox.due().await;
                self.send(&mut socket, due).await.err().unwrap_or(End::Gone)
            }
            end => end,
        };
        match end {
            End::Gone | End::AfterLine => {}
            End::Farewell => socket.close(1000, "").await,
            End::Breach(breach) => refuse_breach(socket, breach).await,
            End::Nonsense => socket.close(close::POLICY, "too many messages that can't be read").await,
            End::By(code) => {
                self.shared.metrics.closed(code);
                if code == Code::TooSlow {
                    socket.queue_text(&error_text(code.into()));
                }
                socket.close(close_number(code), code.name()).await;
            }
        }
    }

    /// Hands frames to the tenant, in order; waits while it has more to do than it can take.
    pub(super) async fn pass_on(&self, frames: Vec<ClientFrame>) {
        if !frames.is_empty() {
            self.shared.metrics.frames_in(frames.len());
            self.tenant.send(Input::Frames { connection: self.id, frames }).await;
        }
    }

    async fn converse<S: AsyncRead + AsyncWrite + Unpin>(&self, socket: &mut WebSocket<S>) -> End {
        let mut pace = Pace::new(Instant::now());
        let mut read_again: Option<Instant> = None;
        loop {
            let reading = read_again.is_none();
            let turn = tokio::select! {
                due = self.outbox.due() => self.send(socket, due).await,
                item = socket.next(), if reading => match item {
                    Ok(item) => {
                        read_again = pace.message(Instant::now());
                        self.take(socket, item, &mut pace).await
                    }
                    Err(Gone::Closed) => Err(End::Gone),
                    Err(Gone::Breach(breach)) => Err(End::Breach(breach)),
                },
                () = until(read_again), if !reading => {
                    read_again = None;
                    Ok(())
                }
            };
            if let Err(end) = turn {
                return end;
            }
        }
    }

    /// Queues all that is due, then flushes once.
    async fn send<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        socket: &mut WebSocket<S>,
        due: Due,
    ) -> Result<(), End> {
        due.texts.iter().for_each(|text| socket.queue_text(text));
        self.shared.metrics.messages_out(due.texts.len());
        drop(due.texts);
        tokio::select! {
            flushed = socket.flush() => flushed.map_err(|_| End::Gone)?,
            () = self.outbox.overflow() => return Err(End::By(Code::TooSlow)),
        }
        self.outbox.written(due.bytes);
        due.end.map_or(Ok(()), |code| Err(End::By(code)))
    }

    async fn take<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        socket: &mut WebSocket<S>,
        item: Item,
        pace: &mut Pace,
    ) -> Result<(), End> {
        match item {
            Item::Close => Err(End::Farewell),
            Item::Ping(payload) => {
                socket.queue_pong(&payload);
                self.send(socket, Due::default()).await
            }
            Item::Text(text) => match jackfield_wire::decode_client(&text) {
                // Boxed: renewing a token is rare and its future large.
                Ok(frames) if frames.iter().any(is_auth) => Box::pin(self.renew(frames)).await,
                Ok(frames) => {
                    self.pass_on(frames).await;
                    Ok(())
                }
                Err(error) if error.code.info().fatal => Err(self.end_with(error)),
                Err(_) if pace.mistake(Instant::now()) => Err(End::Nonsense),
                Err(error) => {
                    self.shared.metrics.refused(error.code.name());
                    self.outbox.push(error_text(error));
                    Ok(())
                }
            },
        }
    }

    /// Hands frames on, and judges the tokens among them at their places.
    async fn renew(&self, frames: Vec<ClientFrame>) -> Result<(), End> {
        let mut before = Vec::new();
        for frame in frames {
            let ClientFrame::Auth { token } = frame else {
                before.push(frame);
                continue;
            };
            self.pass_on(std::mem::take(&mut before)).await;
            let access = self.shared.access();
            let verified = match access.tokens.verify(token.expose(), self.shared.now()).await {
                Ok(verified) if verified.tenant == *self.tenant.id() => verified,
                Ok(_) => return Err(self.end_with(Code::SubjectMismatch.into())),
                Err(error) if error.code.info().fatal => return Err(self.end_with(error)),
                Err(error) => {
                    // The keys can't be fetched just now: the old token is good for a while yet.
                    self.outbox.push(error_text(error));
                    continue;
                }
            };
            let (identity, token_expires_at) = (verified.identity, verified.expires_at);
            self.tenant.send(Input::Renewed { connection: self.id, identity, token_expires_at }).await;
        }
        self.pass_on(before).await;
        Ok(())
    }

    fn end_with(&self, error: WireError) -> End {
        let code = error.code;
        self.outbox.push(error_text(error));
        self.outbox.end(code);
        End::AfterLine
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.shared.metrics.panicked("connection");
        }
        self.shared.metrics.sockets.dec();
        self.tenant.send_now(Input::Disconnected { connection: self.id });
    }
}

fn is_auth(frame: &ClientFrame) -> bool {
    matches!(frame, ClientFrame::Auth { .. })
}

async fn until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at.into()).await,
        None => std::future::pending().await,
    }
}
