//! A client that keeps all it was told.

use crate::{Door, LoadError, Socket};
use jackfield_wire::{
    Answer, ClientFrame, Command, CommandId, Outcome, Resume, Resumed, Secret, ServerEvent, ServerFrame,
    SnapshotView, WireError, decode_server,
};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::time::timeout;

/// One count for the process: an id must not come again in a session, over all of its connections.
static NEXT_COMMAND: AtomicU64 = AtomicU64::new(1);
const PATIENCE: Duration = Duration::from_secs(30);

/// One session on one connection. It answers pings while it reads, and checks the numbers of the events.
pub struct Client {
    socket: Socket,
    /// What resumes this session on the next connection.
    pub resume: Resume,
    /// How this connection came to its session.
    pub resumed: Resumed,
    /// The snapshot of the welcome, if it had one.
    pub snapshot: Option<Box<SnapshotView>>,
    /// Every frame since the welcome, in order.
    pub frames: Vec<ServerFrame>,
}

impl Client {
    /// Connects, says hello, and waits for the welcome.
    ///
    /// # Errors
    /// The connection's, and [`LoadError::Wire`] where the gateway refuses.
    pub async fn open(door: &Door, token: &str, resume: Option<Resume>) -> Result<Self, LoadError> {
        Self::open_on(Socket::connect(door).await?, token, resume).await
    }

    /// As [`open`](Self::open), on a socket that is there already.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub async fn open_on(mut socket: Socket, token: &str, resume: Option<Resume>) -> Result<Self, LoadError> {
        socket.send(&ClientFrame::Hello { token: Secret::new(token), resume, client: None }).await?;
        let mut frames = receive(&mut socket).await?;
        match frames.remove(0) {
            ServerFrame::Welcome { session_id, resume_key, epoch, seq, resumed, snapshot, .. } => {
                let resume = Resume { session_id, key: resume_key, epoch, seq: Some(seq) };
                let mut client = Self { socket, resume, resumed, snapshot, frames: Vec::new() };
                client.take(frames).await?;
                Ok(client)
            }
            ServerFrame::Error { error } => Err(error.into()),
            other => Err(LoadError::Unexpected { expected: "a welcome", got: format!("{other:?}") }),
        }
    }

    /// Sends a command under a new id, and does not wait.
    ///
    /// # Errors
    /// The connection's.
    pub async fn send(&mut self, command: Command) -> Result<CommandId, LoadError> {
        let id = CommandId::numbered('k', NEXT_COMMAND.fetch_add(1, Ordering::Relaxed));
        self.send_as(id.clone(), command).await?;
        Ok(id)
    }

    /// Sends a command under an id of the caller's, for the first time or again.
    ///
    /// # Errors
    /// The connection's.
    pub async fn send_as(&mut self, id: CommandId, command: Command) -> Result<(), LoadError> {
        self.socket.send(&ClientFrame::Command { id, command }).await
    }

    /// Sends a command and waits for what it gives.
    ///
    /// # Errors
    /// The connection's; [`LoadError::Wire`] where the command is refused.
    pub async fn ask(&mut self, command: Command) -> Result<Outcome, LoadError> {
        let id = self.send(command).await?;
        Ok(self.answer(&id).await??)
    }

    /// Waits for the answer to a command.
    ///
    /// # Errors
    /// The connection's, or [`LoadError::TimedOut`].
    pub async fn answer(&mut self, wanted: &CommandId) -> Result<Result<Outcome, WireError>, LoadError> {
        self.until(|frame| match frame {
            ServerFrame::Result { id, answer } if id == wanted => Some(answer.clone()),
            _ => None,
        })
        .await
        .map(Answer::into)
    }

    /// Waits for an event, among those that came and those that come.
    ///
    /// # Errors
    /// The connection's, or [`LoadError::TimedOut`].
    pub async fn event<T>(&mut self, pick: impl Fn(&ServerEvent) -> Option<T>) -> Result<T, LoadError> {
        self.until(|frame| match frame {
            ServerFrame::Event { event, .. } => pick(event),
            _ => None,
        })
        .await
    }

    /// Waits for a frame, among those that came and those that come.
    ///
    /// # Errors
    /// The connection's, or [`LoadError::TimedOut`].
    pub async fn until<T>(&mut self, pick: impl Fn(&ServerFrame) -> Option<T>) -> Result<T, LoadError> {
        let mut looked_at = 0;
        let search = async {
            loop {
                if let Some(found) = self.frames[looked_at..].iter().find_map(&pick) {
                    return Ok(found);
                }
                looked_at = self.frames.len();
                self.read().await?;
            }
        };
        timeout(PATIENCE, search).await.map_err(|_| LoadError::TimedOut(PATIENCE.as_secs()))?
    }

    /// Reads the next message.
    ///
    /// # Errors
    /// The connection's; [`LoadError::Gap`] where an event is missing or comes twice.
    pub async fn read(&mut self) -> Result<(), LoadError> {
        let frames = receive(&mut self.socket).await?;
        self.take(frames).await
    }

    /// Reads on until the connection ends, and says how.
    pub async fn read_to_end(&mut self) -> LoadError {
        loop {
            if let Err(error) = self.read().await {
                return error;
            }
        }
    }

    /// Gives up the bookkeeping and keeps the connection.
    pub fn into_socket(self) -> Socket {
        self.socket
    }

    async fn take(&mut self, frames: Vec<ServerFrame>) -> Result<(), LoadError> {
        for frame in frames {
            match &frame {
                ServerFrame::Ping { n } => self.socket.send(&ClientFrame::Pong { n: *n }).await?,
                ServerFrame::Event { seq, .. } => self.count(*seq)?,
                ServerFrame::Error { error } if error.code.info().fatal => return Err(error.clone().into()),
                ServerFrame::Welcome { resume_key, epoch, seq, .. } => {
                    self.resume.key = resume_key.clone();
                    (self.resume.epoch, self.resume.seq) = (*epoch, Some(*seq));
                }
                _ => {}
            }
            self.frames.push(frame);
        }
        Ok(())
    }

    fn count(&mut self, got: u64) -> Result<(), LoadError> {
        let expected = self.resume.seq.unwrap_or(0) + 1;
        if got != expected {
            return Err(LoadError::Gap { expected, got });
        }
        self.resume.seq = Some(got);
        Ok(())
    }
}

async fn receive(socket: &mut Socket) -> Result<Vec<ServerFrame>, LoadError> {
    let text = socket.text().await?.ok_or(LoadError::Closed)?;
    Ok(decode_server(text.as_str())?)
}
