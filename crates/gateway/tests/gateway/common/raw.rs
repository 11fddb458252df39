//! Bytes as they are, for what a well-behaved client can't be made to send.

use std::net::SocketAddr;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Sends one HTTP request and reads to the end: the status, the head, the body.
pub(crate) async fn http(address: SocketAddr, request: &str) -> (u16, String, String) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    (status, head.to_ascii_lowercase(), body.to_owned())
}

pub(crate) async fn get(address: SocketAddr, path: &str) -> (u16, String, String) {
    http(address, &format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")).await
}

pub(crate) async fn post(
    address: SocketAddr,
    path: &str,
    headers: &str,
    body: &str,
) -> (u16, String, String) {
    let length = body.len();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n"
    );
    http(address, &(head + body)).await
}

/// A request to upgrade, with these headers of one's own.
pub(crate) fn upgrade(path: &str, headers: &str) -> String {
    format!(
        "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{headers}\r\n"
    )
}

/// Asks for an upgrade; the status, and what stands in the body where it was refused.
pub(crate) async fn knock(address: SocketAddr, path: &str, headers: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(upgrade(path, headers).as_bytes()).await.unwrap();
    let mut answer = vec![0; 4096];
    let length = stream.read(&mut answer).await.unwrap();
    let answer = String::from_utf8_lossy(&answer[..length]).into_owned();
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    (status, answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default())
}

/// A WebSocket of bytes.
pub(crate) struct Raw {
    pub(crate) stream: TcpStream,
    read: Vec<u8>,
}

/// What a WebSocket says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Said {
    Text(String),
    Pong(Vec<u8>),
    Close(u16),
    /// The stream is at its end.
    Gone,
}

impl Raw {
    pub(crate) async fn open(address: SocketAddr, origin: &str) -> Self {
        Self::upgraded(address, &format!("Origin: {origin}\r\n")).await
    }

    /// As a program that is no browser opens it.
    pub(crate) async fn native(address: SocketAddr) -> Self {
        Self::upgraded(address, "").await
    }

    async fn upgraded(address: SocketAddr, headers: &str) -> Self {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let headers = format!("{headers}Sec-WebSocket-Protocol: jackfield.v1\r\n");
        stream.write_all(upgrade("/v1/socket", &headers).as_bytes()).await.unwrap();
        let mut read = Vec::new();
        while !read.ends_with(b"\r\n\r\n") {
            read.push(stream.read_u8().await.unwrap());
        }
        assert!(read.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&read));
        Self { stream, read: Vec::new() }
    }

    /// Sends one frame, masked. Its first byte is the caller's: the final bit and the opcode.
    pub(crate) async fn frame(&mut self, first: u8, payload: &[u8]) {
        let _ = self.stream.write_all(&frame(first, payload)).await;
    }

    pub(crate) async fn text(&mut self, text: &str) {
        self.frame(0x81, text.as_bytes()).await;
    }

    /// The next thing said.
    pub(crate) async fn next(&mut self) -> Said {
        loop {
            if let Some(said) = self.whole() {
                return said;
            }
            let mut more = [0; 4096];
            match self.stream.read(&mut more).await {
                Ok(length) if length > 0 => self.read.extend_from_slice(&more[..length]),
                _ => return Said::Gone,
            }
        }
    }

    /// Reads on to the close code, and gives the last text before it.
    pub(crate) async fn end(&mut self) -> (Option<String>, Said) {
        let mut last = None;
        loop {
            match self.next().await {
                Said::Text(text) => last = Some(text),
                Said::Pong(_) => {}
                end => return (last, end),
            }
        }
    }

    /// The next pong, past all else.
    pub(crate) async fn next_pong(&mut self) -> Vec<u8> {
        loop {
            match self.next().await {
                Said::Pong(payload) => return payload,
                Said::Text(_) => {}
                end => panic!("{end:?}"),
            }
        }
    }

    fn whole(&mut self) -> Option<Said> {
        let (first, short) = (*self.read.first()?, *self.read.get(1)?);
        let (length, head) = match short {
            126 => (usize::from(u16::from_be_bytes([*self.read.get(2)?, *self.read.get(3)?])), 4),
            127 => {
                (usize::try_from(u64::from_be_bytes(self.read.get(2..10)?.try_into().unwrap())).unwrap(), 10)
            }
            short => (usize::from(short), 2),
        };
        let payload = self.read.get(head..head + length)?.to_vec();
        self.read.drain(..head + length);
        Some(match first & 0x0F {
            1 => Said::Text(String::from_utf8(payload).unwrap()),
            8 => Said::Close(payload.get(..2).map_or(1005, |code| u16::from_be_bytes([code[0], code[1]]))),
            10 => Said::Pong(payload),
            other => panic!("opcode {other}"),
        })
    }
}

/// A client's frame, with a mask.
pub(crate) fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first];
    match payload.len() {
        short @ 0..=125 => bytes.push(0x80 | short as u8),
        middle @ 126..=0xFFFF => {
            bytes.push(0x80 | 126);
            bytes.extend_from_slice(&(middle as u16).to_be_bytes());
        }
        long => {
            bytes.push(0x80 | 127);
            bytes.extend_from_slice(&(long as u64).to_be_bytes());
        }
    }
    let mask = [9, 8, 7, 6];
    bytes.extend_from_slice(&mask);
    bytes.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, key)| byte ^ key));
    bytes
}
