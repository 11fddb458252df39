//! One WebSocket, text in and text out.

use crate::{Door, LoadError};
use futures::{SinkExt, StreamExt};
use jackfield_wire::{ClientFrame, PROTOCOL, encode};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::{HeaderValue, header};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

/// A WebSocket of the sub-protocol. Small buffers: the benches hold ten thousand in one process.
pub struct Socket {
    stream: WebSocketStream<TcpStream>,
}

impl Socket {
    /// Connects.
    ///
    /// # Errors
    /// The network's, or the gateway's refusal.
    pub async fn connect(door: &Door) -> Result<Self, LoadError> {
        Self::connect_with(door, None).await
    }

    /// Connects with a receive buffer in the kernel of so many bytes: a reader that stops is felt at the other end the sooner.
    ///
    /// # Errors
    /// As [`connect`](Self::connect).
    pub async fn connect_with(door: &Door, receive_bytes: Option<u32>) -> Result<Self, LoadError> {
        let socket = if door.address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        if let Some(bytes) = receive_bytes {
            socket.set_recv_buffer_size(bytes)?;
        }
        let stream = socket.connect(door.address).await?;
        stream.set_nodelay(true)?;
        let config = WebSocketConfig::default()
            .read_buffer_size(4 * 1024)
            .write_buffer_size(0)
            .max_message_size(Some(jackfield_wire::limits::SERVER_FRAME_BYTES));
        let mut request = format!("ws://{}/v1/socket", door.host()).into_client_request()?;
        let origin = HeaderValue::from_str(&door.origin)
            .map_err(|_| LoadError::Unexpected { expected: "an origin", got: door.origin.clone() })?;
        request.headers_mut().insert(header::ORIGIN, origin);
        request.headers_mut().insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(PROTOCOL));
        let (stream, _) = client_async_with_config(request, stream, Some(config)).await?;
        Ok(Self { stream })
    }

    /// Sends one frame.
    ///
    /// # Errors
    /// The connection's.
    pub async fn send(&mut self, frame: &ClientFrame) -> Result<(), LoadError> {
        self.send_text(encode(frame)?).await
    }

    /// Sends a text as it is.
    ///
    /// # Errors
    /// The connection's.
    pub async fn send_text(&mut self, text: String) -> Result<(), LoadError> {
        Ok(self.stream.send(Message::text(text)).await?)
    }

    /// The next text message; `None` when the gateway closed the connection.
    ///
    /// # Errors
    /// The connection's.
    pub async fn text(&mut self) -> Result<Option<Utf8Bytes>, LoadError> {
        while let Some(message) = self.stream.next().await {
            match message {
                Ok(Message::Text(text)) => return Ok(Some(text)),
                Ok(Message::Close(_)) => return Ok(None),
                Ok(_) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(None)
    }
}
