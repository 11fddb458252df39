//! What goes into an engine and what comes out.

use super::{Event, Message, VoiceCounters};
use jackfield_wire::lean::{Command, Outcome};
use jackfield_wire::{ConversationId, Millis, Resume, Secret, SessionId, WireError};
use std::sync::Arc;

/// A request of the application, named by the shell that waits for its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RequestId(pub u64);

/// What happens to an engine.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// The application wants the session. Once, first.
    Connect,
    /// The application is done with the session: sign out, then close.
    Close,
    /// A token, or why there is none. The answer to [`Output::NeedToken`].
    Token(Result<Secret, WireError>),
    /// The socket of this number is open.
    SocketOpened {
        /// As in [`Output::Connect`].
        link: u64,
    },
    /// The socket of this number is gone, or never came to be.
    SocketClosed {
        /// As in [`Output::Connect`].
        link: u64,
        /// The WebSocket close code (RFC 6455, 7.4), 1006 where there was none.
        code: u16,
    },
    /// A text message came.
    Text {
        /// As in [`Output::Connect`].
        link: u64,
        /// What it says.
        text: String,
    },
    /// The time of [`Output::Timeout`] has come. Coming early or late does no harm.
    Timeout,
    /// The application asks for something. Answered once, by [`Output::Resolve`].
    Request {
        /// The request.
        request: RequestId,
        /// What.
        command: Command,
        /// Whether the answer waits until the view shows the conversation that it names, or else the command: the application will look for it there.
        shows: bool,
    },
    /// The application no longer waits for a request. It is answered with `aborted`; what was sent stays sent.
    Cancel {
        /// The request.
        request: RequestId,
    },
    /// The user typed, or emptied the field. May come for every key.
    Typing {
        /// Where.
        conversation_id: ConversationId,
        /// Whether.
        typing: bool,
    },
    /// The page can be seen again: deadlines are judged now, a planned attempt is made now.
    Visible,
    /// The network is back, or another one.
    Online,
    /// The page goes (reload, other page, back/forward cache): the session shall wait for it.
    Suspend,
    /// The page is back from the back/forward cache.
    Wake,
    /// Something about the voice connection.
    Voice(VoiceInput),
}

impl Input {
    /// A request by a whole command of the wire, as tests and clients in Rust have it.
    pub fn ask(request: RequestId, command: &jackfield_wire::Command) -> Self {
        use jackfield_wire::Command::{AcceptOffer, StartConversation};
        let shows = matches!(command, AcceptOffer { .. } | StartConversation { .. });
        Self::Request { request, command: command.into(), shows }
    }
}

/// What happens to the voice connection.
#[derive(Debug, Clone, PartialEq)]
pub enum VoiceInput {
    /// The offer asked for is made.
    Offered {
        /// Which peer connection.
        generation: u32,
        /// The session description, with all candidates.
        sdp: String,
    },
    /// The peer connection is up.
    Connected {
        /// Which.
        generation: u32,
    },
    /// The peer connection lost its path; it may come back by itself.
    Disconnected {
        /// Which.
        generation: u32,
    },
    /// The peer connection can't go on.
    Failed {
        /// Which.
        generation: u32,
    },
    /// The browser has no WebRTC, or does not allow it. Final.
    Impossible(WireError),
    /// A reading of the counters, about once a second while a call is up.
    Counters(VoiceCounters),
}

/// What an engine wants done.
#[derive(Debug, Clone, PartialEq)]
pub enum Output {
    /// Open a socket; every input about it carries this number. Any earlier socket is to be forgotten.
    Connect {
        /// Its number.
        link: u64,
    },
    /// Send a text message by the socket.
    Send(String),
    /// Close the socket.
    Disconnect,
    /// Get a token; answer with [`Input::Token`].
    NeedToken,
    /// Keep this to go on with after a reload of the page; `None`: forget it.
    StoreSession(Option<StoredSession>),
    /// A request is answered.
    Resolve {
        /// The request.
        request: RequestId,
        /// What it gave.
        answer: Result<Reply, WireError>,
    },
    /// Tell the application.
    Event(Event),
    /// Tell whoever develops it: an event could not be read and was passed over, so the view may be wrong until the next snapshot.
    Warn {
        /// The event's number.
        seq: u64,
        /// What is wrong, naming the field.
        error: WireError,
    },
    /// Do something about the voice connection.
    Voice(VoiceAction),
    /// Give [`Input::Timeout`] at this time; `None`: never. Replaces the time given before.
    Timeout(Option<Millis>),
}

/// What a request gave.
#[derive(Debug, Clone, PartialEq)]
pub enum Reply {
    /// What the gateway answered.
    Outcome(Outcome),
    /// The message that is on the gateway's disk now.
    Message(Arc<Message>),
}

/// What is to be done about the voice connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VoiceAction {
    /// Make a new peer connection of this number, in place of any before, and an offer.
    Offer {
        /// Its number.
        generation: u32,
    },
    /// Make an offer with an ICE restart (RFC 8445, 2.4) on the connection of this number.
    Restart {
        /// Its number.
        generation: u32,
    },
    /// The gateway's answer to the offer.
    Answer {
        /// Of which peer connection.
        generation: u32,
        /// The session description.
        sdp: String,
    },
    /// Whether a call needs the microphone. Said at each change.
    Microphone {
        /// Whether.
        needed: bool,
    },
    /// Close the peer connection.
    Drop,
}

/// What a session is resumed by after a reload of the page. Written as JSON it is a [`Resume`], and read back as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSession {
    /// Which session.
    pub session_id: SessionId,
    /// Its key. A secret: whoever has it has the session, with a token of the same user.
    pub key: Secret,
    /// Its epoch.
    pub epoch: u64,
}

impl StoredSession {
    /// The JSON of it that [`jackfield_wire::decode_resume`] reads back.
    pub fn json(&self) -> String {
        self.resume(None).json()
    }

    /// What `hello` resumes it by, from the event of this number on.
    pub(super) fn resume(&self, seq: Option<u64>) -> Resume {
        Resume { session_id: self.session_id.clone(), key: self.key.clone(), epoch: self.epoch, seq }
    }
}

impl From<Resume> for StoredSession {
    fn from(Resume { session_id, key, epoch, seq: _ }: Resume) -> Self {
        Self { session_id, key, epoch }
    }
}

/// How the connection stands.
///
/// ```text
/// connecting → ready ⇄ reconnecting → closed
///      └─────────────────────────────↗
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConnectionState {
    /// The first attempts.
    Connecting,
    /// The session is open and up to date.
    Ready,
    /// The socket is lost; commands wait, calls go on at the gateway.
    Reconnecting,
    /// Over, for good.
    Closed,
}

impl ConnectionState {
    /// Its name in the package's types.
    pub fn name(self) -> &'static str {
        match self {
            Self::Connecting => "connecting",
            Self::Ready => "ready",
            Self::Reconnecting => "reconnecting",
            Self::Closed => "closed",
        }
    }
}
