//! The WebSocket.

use futures::future::{AbortHandle, Abortable, poll_fn};
use futures::stream::{SplitSink, SplitStream};
use futures::{FutureExt, SinkExt, StreamExt};
use gloo_net::websocket::{Message, WebSocketError, futures::WebSocket};
use jackfield_wire::PROTOCOL;
use std::cell::RefCell;
use std::rc::Rc;

/// What a socket tells.
pub(super) enum SocketEvent {
    Opened,
    Text(String),
    Closed(u16),
}

/// There was no close frame (RFC 6455, 7.1.5).
const ABNORMAL: u16 = 1006;

type Sink = Rc<RefCell<Option<SplitSink<WebSocket, Message>>>>;

/// An open, or opening, socket. Closed when dropped.
pub(super) struct Socket {
    sink: Sink,
    reader: AbortHandle,
}

impl Socket {
    /// Opens a socket and tells what happens to it, until it is dropped.
    pub(super) fn open(url: &str, tell: impl Fn(SocketEvent) + 'static) -> Self {
        let sink: Sink = Rc::default();
        let (reader, registration) = AbortHandle::new_pair();
        let socket = WebSocket::open_with_protocol(url, PROTOCOL).ok();
        let work = run(socket, sink.clone(), tell);
        wasm_bindgen_futures::spawn_local(Abortable::new(work, registration).map(drop));
        Self { sink, reader }
    }

    /// Sends a text message. Lost where the socket is closing: the end of the socket tells.
    pub(super) fn send(&self, text: String) {
        if let Some(sink) = self.sink.borrow_mut().as_mut() {
            // An open socket takes a message at once, whatever waits in it: the future is ready.
            let _ = sink.send(Message::Text(text)).now_or_never();
        }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        // Both halves have to go before the socket closes; the reader's goes when its task notices.
        self.sink.borrow_mut().take();
        self.reader.abort();
    }
}

async fn run(socket: Option<WebSocket>, sink: Sink, tell: impl Fn(SocketEvent)) {
    let Some(mut socket) = socket else { return tell(SocketEvent::Closed(ABNORMAL)) };
    // Asked of the whole socket: the writing half of a split one is ready while the socket still opens, and then keeps `hello` for ever.
    // Ready is the socket that opened, and the one that never will: the reader knows which.
    let _ = poll_fn(|context| socket.poll_ready_unpin(context)).await;
    let (writer, reader) = socket.split();
    *sink.borrow_mut() = Some(writer);
    tell(SocketEvent::Opened);
    tell(SocketEvent::Closed(read(reader, &tell).await));
}

async fn read(mut reader: SplitStream<WebSocket>, tell: &impl Fn(SocketEvent)) -> u16 {
    while let Some(message) = reader.next().await {
        match message {
            Ok(Message::Text(text)) => tell(SocketEvent::Text(text)),
            // The gateway never sends binary; the engine would call it malformed as well.
            Ok(Message::Bytes(_)) | Err(WebSocketError::ConnectionError) => {}
            Err(WebSocketError::ConnectionClose(event)) => return event.code,
            Err(_) => {}
        }
    }
    ABNORMAL
}
