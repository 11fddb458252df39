//! A WebSocket over any byte stream.

use super::{
    frame::{self, Opcode},
    inbound::{Breach, Inbound, Item},
};
use std::{
    cell::RefCell,
    future::poll_fn,
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::{Duration, Instant},
};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Bytes read at once. The area belongs to the thread, so it costs nothing for each connection.
const SCRATCH: usize = 16 * 1024;
/// How long the last words may take: writing them, and waiting for the other side's close.
const FAREWELL: Duration = Duration::from_secs(2);

thread_local! {
    static READ: RefCell<Box<[u8]>> = RefCell::new(vec![0; SCRATCH].into_boxed_slice());
}

/// Why nothing more comes.
#[derive(Debug)]
pub(crate) enum Gone {
    /// The connection is over.
    Closed,
    /// The client broke a rule.
    Breach(Breach),
}

/// One WebSocket, after its handshake.
#[derive(Debug)]
pub(crate) struct WebSocket<S> {
    io: S,
    inbound: Inbound,
    unsent: Vec<u8>,
    sent: usize,
}

impl<S: AsyncRead + AsyncWrite + Unpin> WebSocket<S> {
    /// Takes over a stream; `early` is what was read beyond the handshake, `most` the largest message taken.
    pub(crate) fn new(io: S, early: &[u8], most: usize) -> Self {
        let mut inbound = Inbound::new(most, Instant::now());
        inbound.push(early);
        Self { io, inbound, unsent: Vec::new(), sent: 0 }
    }

    /// Waits for the next whole message. Safe to drop half-way: nothing that was read is lost.
    ///
    /// # Errors
    /// [`Gone`]: the connection is over, or must be ended.
    pub(crate) async fn next(&mut self) -> Result<Item, Gone> {
        poll_fn(|context| self.poll_next(context)).await
    }

    /// Puts a text message in line; [`flush`](Self::flush) sends it.
    pub(crate) fn queue_text(&mut self, text: &str) {
        frame::write(&mut self.unsent, Opcode::Text, text.as_bytes());
    }

    /// Puts the answer to a ping in line.
    pub(crate) fn queue_pong(&mut self, payload: &[u8]) {
        frame::write(&mut self.unsent, Opcode::Pong, payload);
    }

    /// Sends all that is in line, in as few writes as the stream allows.
    ///
    /// # Errors
    /// Those of the stream; it can't be used afterwards.
    pub(crate) async fn flush(&mut self) -> io::Result<()> {
        poll_fn(|context| self.poll_flush(context)).await
    }

    /// Says good-bye with a code, waits a little for the other side to do the same, and ends the stream.
    pub(crate) async fn close(mut self, code: u16, reason: &str) {
        let mut payload = code.to_be_bytes().to_vec();
        // A control frame holds 125 bytes; our reasons are ASCII, so any cut is a good one.
        payload.extend_from_slice(&reason.as_bytes()[..reason.len().min(120)]);
        frame::write(&mut self.unsent, Opcode::Close, &payload);
        // Without this wait, unread bytes of the client would make the kernel reset the connection and the code be lost.
        let _ = tokio::time::timeout(FAREWELL, async {
            self.flush().await?;
            poll_fn(|context| Pin::new(&mut self.io).poll_shutdown(context)).await?;
            poll_fn(|context| self.poll_drain(context)).await
        })
        .await;
    }

    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Result<Item, Gone>> {
        loop {
            match self.inbound.next(Instant::now()) {
                Ok(Some(item)) => return Poll::Ready(Ok(item)),
                Ok(None) => {}
                Err(breach) => return Poll::Ready(Err(Gone::Breach(breach))),
            }
            let inbound = &mut self.inbound;
            let read = ready!(poll_read(&mut self.io, context, |bytes| inbound.push(bytes)));
            if !matches!(read, Ok(1..)) {
                return Poll::Ready(Err(Gone::Closed));
            }
        }
    }

    fn poll_flush(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.sent < self.unsent.len() {
            match ready!(Pin::new(&mut self.io).poll_write(context, &self.unsent[self.sent..]))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                sent => self.sent += sent,
            }
        }
        self.sent = 0;
        self.unsent = Vec::new();
        Pin::new(&mut self.io).poll_flush(context)
    }

    /// Reads to the end and forgets it.
    fn poll_drain(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while ready!(poll_read(&mut self.io, context, |_| ()))? > 0 {}
        Poll::Ready(Ok(()))
    }
}

fn poll_read<S: AsyncRead + Unpin>(
    io: &mut S,
    context: &mut Context<'_>,
    take: impl FnOnce(&[u8]),
) -> Poll<io::Result<usize>> {
    READ.with_borrow_mut(|scratch| {
        let mut buffer = ReadBuf::new(scratch);
        ready!(Pin::new(io).poll_read(context, &mut buffer))?;
        take(buffer.filled());
        Poll::Ready(Ok(buffer.filled().len()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    #[tokio::test]
    async fn reads_writes_and_says_good_bye() {
        let (near, mut far) = tokio::io::duplex(64);
        let mut socket = WebSocket::new(near, &[0x81, 0x81, 0, 0], 100);
        far.write_all(&[0, 0, b'a']).await.unwrap();
        assert_eq!(socket.next().await.unwrap(), Item::Text("a".to_owned()));
        socket.queue_text("hi");
        socket.queue_text("you");
        socket.flush().await.unwrap();
        assert_eq!(socket.unsent.capacity(), 0, "an idle connection keeps no buffer");
        let closing = tokio::spawn(socket.close(1008, "enough"));
        let mut all = vec![0; 19];
        far.read_exact(&mut all).await.unwrap();
        drop(far);
        closing.await.unwrap();
        assert_eq!(all, b"\x81\x02hi\x81\x03you\x88\x08\x03\xF0enough");
    }
}
