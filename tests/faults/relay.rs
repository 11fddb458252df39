//! A TCP relay that can be cut: what is under way in it is lost, as on a real line.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

type Lines = Arc<Mutex<Vec<JoinHandle<()>>>>;

/// Passes connections on until it is dropped.
pub(crate) struct Relay {
    pub(crate) address: SocketAddr,
    lines: Lines,
    accepting: JoinHandle<()>,
}

impl Relay {
    pub(crate) async fn to(target: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let lines = Lines::default();
        let accepting = tokio::spawn(accept(listener, target, Arc::clone(&lines)));
        Self { address, lines, accepting }
    }

    /// Cuts every connection that is there now.
    pub(crate) fn cut(&self) {
        self.lines.lock().unwrap().drain(..).for_each(|line| line.abort());
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.accepting.abort();
        self.cut();
    }
}

async fn accept(listener: TcpListener, target: SocketAddr, lines: Lines) {
    while let Ok((mut near, _)) = listener.accept().await {
        let line = tokio::spawn(async move {
            if let Ok(mut far) = TcpStream::connect(target).await {
                let _ = copy_bidirectional(&mut near, &mut far).await;
            }
        });
        lines.lock().unwrap().push(line);
    }
}
