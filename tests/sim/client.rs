//! A page: the real engine, its socket, and the user in front of it.

use super::node::token;
use super::random::Random;
use super::world::{Happening, Post};
use jackfield::engine::{
    Engine, Event, Input, Options, Output, Reply, RequestId, StoredSession, VoiceAction, VoiceInput,
};
use jackfield_wire::{
    Code, Command, ConversationId, Millis, OfferId, Resumed, Role, ServerEvent, ServerFrame, UserId,
    decode_client, decode_server,
};
use std::collections::{BTreeMap, BTreeSet};

/// What the user does about an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Choice {
    Accept,
    Reject,
    Ignore,
}

pub(crate) struct Client {
    pub(crate) number: usize,
    pub(crate) tenant: usize,
    pub(crate) user: String,
    pub(crate) role: Role,
    pub(crate) engine: Engine,
    /// This machine's clock, ahead of the world's.
    clock_ahead: i64,
    random: Random,
    /// Another for every page load.
    pub(crate) page: u64,
    timer: Option<Millis>,
    link: Option<Link>,
    links: u64,
    stored: Option<StoredSession>,
    requests: u64,
    /// The texts that were sent and not answered, by request.
    writing: BTreeMap<RequestId, (ConversationId, String)>,
    /// The messages that were acknowledged.
    pub(crate) acknowledged: BTreeMap<String, (ConversationId, u64)>,
    /// The conversations this user has been in.
    pub(crate) own: BTreeSet<ConversationId>,
    pub(crate) offered: Vec<OfferId>,
    /// The user is gone for good.
    pub(crate) gone: bool,
    pub(crate) refusals: BTreeMap<Code, u64>,
    pub(crate) welcomes: BTreeMap<&'static str, u64>,
}

/// A socket as the page has it, with what was seen on it.
#[derive(Debug)]
struct Link {
    number: u64,
    /// Its number as the engine of this page counts.
    engine: u64,
    open: bool,
    /// When the last text sent arrives.
    arrives: Millis,
    /// The number of the last event, from the welcome on.
    seq: Option<u64>,
    /// What hello asked to be replayed from.
    asked: Option<u64>,
}

impl Client {
    pub(crate) fn new(number: usize, tenant: usize, user: &str, role: Role, mut random: Random) -> Self {
        let clock_ahead = random.between(0, 20_000) as i64 - 10_000;
        let seed = random.next();
        Self {
            number,
            tenant,
            user: user.to_owned(),
            role,
            engine: Engine::new(Options { seed, give_up_after_ms: 600_000, ..Options::default() }),
            clock_ahead,
            random,
            page: 1,
            timer: None,
            link: None,
            links: 0,
            stored: None,
            requests: 0,
            writing: BTreeMap::new(),
            acknowledged: BTreeMap::new(),
            own: BTreeSet::new(),
            offered: Vec::new(),
            gone: false,
            refusals: BTreeMap::new(),
            welcomes: BTreeMap::new(),
        }
    }

    pub(crate) fn user_id(&self) -> UserId {
        UserId::parse(&self.user).expect("an id")
    }

    /// Gives the engine something, then does what it wants.
    pub(crate) fn give(&mut self, now: Millis, input: Input, post: &mut Post) -> Result<(), String> {
        self.engine.handle(now.saturating_add_signed(self.clock_ahead), input);
        self.drain(now, post)
    }

    pub(crate) fn ask(&mut self, now: Millis, command: Command, post: &mut Post) -> Result<(), String> {
        self.requests += 1;
        let request = RequestId(self.requests);
        if let Command::SendMessage { conversation_id, text, .. } = &command {
            self.writing.insert(request, (conversation_id.clone(), text.clone()));
        }
        self.give(now, Input::ask(request, &command), post)
    }

    /// The page is loaded anew: what it knew is gone, but for what the session storage keeps.
    pub(crate) fn reload(&mut self, now: Millis, politely: bool, post: &mut Post) -> Result<(), String> {
        if politely {
            self.give(now, Input::Suspend, post)?;
        }
        self.leave(now, post);
        self.load(now, self.stored.clone(), post)
    }

    /// The page is closed and opened later, in another tab: nothing is left of it.
    pub(crate) fn load(
        &mut self,
        now: Millis,
        resume: Option<StoredSession>,
        post: &mut Post,
    ) -> Result<(), String> {
        let seed = self.random.next();
        let options = Options { seed, resume, give_up_after_ms: 600_000, ..Options::default() };
        self.engine = Engine::new(options);
        self.page += 1;
        self.timer = None;
        self.writing.clear();
        self.offered.clear();
        self.give(now, Input::Connect, post)
    }

    /// The socket goes with the page; what was sent on it may still arrive.
    fn leave(&mut self, now: Millis, post: &mut Post) {
        if let Some(link) = self.link.take() {
            let at = link.arrives.max(now) + self.random.between(1, 40);
            post.send(at, Happening::ClientGone { client: self.number, link: link.number });
        }
    }

    pub(crate) fn link(&self) -> Option<u64> {
        self.link.as_ref().map(|link| link.number)
    }

    /// The line is cut. Gives the number of the socket that was on it; the engine is told by the caller, or finds out by itself.
    pub(crate) fn cut(&mut self) -> Option<u64> {
        let link = self.link.as_mut()?;
        link.open = false;
        Some(link.number)
    }

    pub(crate) fn is_cut(&self, number: u64) -> bool {
        self.link.as_ref().is_none_or(|link| link.number != number || !link.open)
    }

    pub(crate) fn timer(&mut self, now: Millis, page: u64, post: &mut Post) -> Result<(), String> {
        if page != self.page || self.timer.is_none_or(|at| at > now) {
            return Ok(());
        }
        self.timer = None;
        self.give(now, Input::Timeout, post)
    }

    pub(crate) fn opened(&mut self, now: Millis, number: u64, post: &mut Post) -> Result<(), String> {
        let Some(link) = self.link.as_mut().filter(|link| link.number == number) else { return Ok(()) };
        link.open = true;
        let link = link.engine;
        self.give(now, Input::SocketOpened { link }, post)
    }

    /// A text message, or the socket's end, arrives.
    pub(crate) fn arrives(
        &mut self,
        now: Millis,
        number: u64,
        text: Result<String, u16>,
        post: &mut Post,
    ) -> Result<(), String> {
        let Some(link) = self.link.as_mut().filter(|link| link.number == number) else { return Ok(()) };
        let (open, link) = (link.open, link.engine);
        match text {
            Ok(_) if !open => Ok(()),
            Ok(text) => {
                self.watch(&text)?;
                self.give(now, Input::Text { link, text }, post)?;
                self.check_threads()
            }
            Err(code) => {
                self.link = None;
                self.give(now, Input::SocketClosed { link, code }, post)
            }
        }
    }

    /// Looks at what comes: numbers without a gap, replays from where they were asked for, nothing that is others' (I10, I11).
    fn watch(&mut self, text: &str) -> Result<(), String> {
        let (tenant, other) = (self.tenant, 1 - self.tenant);
        if text.contains(&format!("canary-{other}-")) {
            return Err(format!("I11: {} of tenant {tenant} was sent {text}", self.user));
        }
        if self.role == Role::Customer && text.contains("internal") && text.contains("canary") {
            for part in text.split("canary-").skip(1) {
                if part.split('-').nth(1) == Some("internal") {
                    return Err(format!("an internal note was sent to {}: {text}", self.user));
                }
            }
        }
        for frame in decode_server(text).map_err(|e| format!("the gateway sent {text}: {e}"))? {
            self.watch_frame(frame)?;
        }
        Ok(())
    }

    fn watch_frame(&mut self, frame: ServerFrame) -> Result<(), String> {
        let Some(link) = &mut self.link else { return Ok(()) };
        match frame {
            ServerFrame::Welcome { seq, resumed, snapshot, .. } => {
                if resumed == Resumed::Replay && link.asked != Some(seq) {
                    return Err(format!("I10: replay from {seq}, asked for {:?}", link.asked));
                }
                if link.seq.is_some() {
                    return Err("welcomed twice".into());
                }
                link.seq = Some(seq);
                let kind = match resumed {
                    Resumed::New => "new",
                    Resumed::Replay => "replay",
                    Resumed::Snapshot => "snapshot",
                };
                *self.welcomes.entry(kind).or_default() += 1;
                let seen = snapshot.into_iter().flat_map(|s| s.conversations).map(|c| c.conversation_id);
                self.own.extend(seen);
            }
            ServerFrame::Event { seq, event, .. } => {
                let before = link.seq.ok_or("an event came before the welcome")?;
                if seq != before + 1 {
                    return Err(format!("I10: {} got event {seq} after {before}", self.user));
                }
                link.seq = Some(seq);
                if let ServerEvent::ConversationAdded { conversation } = event {
                    self.own.insert(conversation.conversation_id);
                }
            }
            ServerFrame::Error { error } if error.code == Code::Internal => {
                return Err(format!("{}: {error}", self.user));
            }
            _ if link.seq.is_none()
                && !matches!(frame, ServerFrame::Error { .. } | ServerFrame::Restarting { .. }) =>
            {
                return Err(format!("{frame:?} came before the welcome"));
            }
            _ => {}
        }
        Ok(())
    }

    /// Numbers of every thread rise strictly (I2).
    fn check_threads(&self) -> Result<(), String> {
        for conversation in self.engine.view().into_iter().flat_map(|view| view.conversations.iter()) {
            let numbers: Vec<_> =
                conversation.thread.messages().iter().map(|m| m.number).filter(|n| *n > 0).collect();
            if !numbers.windows(2).all(|pair| pair[0] < pair[1]) {
                return Err(format!(
                    "I2: {} sees {numbers:?} in {}",
                    self.user, conversation.conversation_id
                ));
            }
        }
        Ok(())
    }

    fn drain(&mut self, now: Millis, post: &mut Post) -> Result<(), String> {
        while let Some(output) = self.engine.poll() {
            self.output(now, output, post)?;
        }
        Ok(())
    }

    fn output(&mut self, now: Millis, output: Output, post: &mut Post) -> Result<(), String> {
        let client = self.number;
        match output {
            Output::NeedToken => {
                let token = token(&self.user, self.role, now + 120_000);
                let page = self.page;
                post.send(now + 1, Happening::Token { client, page, token });
            }
            Output::Connect { link } => {
                self.leave(now, post);
                // The engine counts anew on every page; sockets of the simulation have numbers of their own.
                self.links += 1;
                let number = self.links;
                self.link =
                    Some(Link { number, engine: link, open: false, arrives: now, seq: None, asked: None });
                post.send(now + self.random.between(1, 60), Happening::Dial { client, link: number });
            }
            Output::Send(text) => self.send_up(now, text, post)?,
            Output::Disconnect => self.leave(now, post),
            Output::StoreSession(stored) => self.stored = stored,
            Output::Resolve { request, answer } => self.resolved(request, answer)?,
            Output::Event(event) => self.happened(now, event, post),
            Output::Warn { seq, error } => {
                return Err(format!("{} can't read event {seq}: {error}", self.user));
            }
            Output::Voice(action) => self.voice(now, action, post),
            Output::Timeout(None) => self.timer = None,
            Output::Timeout(Some(at)) => {
                let at = at.saturating_add_signed(-self.clock_ahead).max(now + 1);
                self.timer = Some(at);
                post.send(at, Happening::ClientTimer { client, page: self.page });
            }
        }
        Ok(())
    }

    fn send_up(&mut self, now: Millis, text: String, post: &mut Post) -> Result<(), String> {
        let client = self.number;
        let Some(link) = self.link.as_mut().filter(|link| link.open) else { return Ok(()) };
        for frame in decode_client(&text).map_err(|e| format!("the SDK sent {text}: {e}"))? {
            if let jackfield_wire::ClientFrame::Hello { resume, .. } = frame {
                link.asked = resume.and_then(|resume| resume.seq);
            }
        }
        link.arrives = link.arrives.max(now + self.random.between(1, 40));
        post.send(link.arrives, Happening::ToGateway { client, link: link.number, text });
        Ok(())
    }

    fn resolved(
        &mut self,
        request: RequestId,
        answer: Result<Reply, jackfield_wire::WireError>,
    ) -> Result<(), String> {
        let writing = self.writing.remove(&request);
        match (answer, writing) {
            (Ok(Reply::Message(message)), Some((conversation, text))) => {
                if message.text != text || message.number == 0 {
                    return Err(format!("I8: {text} was answered by {message:?}"));
                }
                self.acknowledged.insert(text, (conversation, message.number));
            }
            (Err(error), Some((_, text))) if matches!(error.code, Code::RateLimited | Code::Overloaded) => {
                return Err(format!("{text} was given up: {error}"));
            }
            (Err(error), _) => *self.refusals.entry(error.code).or_default() += 1,
            _ => {}
        }
        Ok(())
    }

    fn happened(&mut self, now: Millis, event: Event, post: &mut Post) {
        match event {
            Event::OfferMade { offer } => {
                let (client, page) = (self.number, self.page);
                let choice = match self.random.between(0, 100) {
                    0..80 => Choice::Accept,
                    80..90 => Choice::Reject,
                    _ => Choice::Ignore,
                };
                let at = now + self.random.between(200, 6_000);
                self.offered.push(offer.offer_id.clone());
                post.send(at, Happening::Choose { client, page, offer: offer.offer_id, choice });
            }
            Event::Closed { .. } if !self.gone => {
                let (client, page) = (self.number, self.page);
                post.send(now + self.random.between(500, 5_000), Happening::Load { client, page });
            }
            _ => {}
        }
    }

    fn voice(&mut self, now: Millis, action: VoiceAction, post: &mut Post) {
        let (client, page) = (self.number, self.page);
        let input = match action {
            VoiceAction::Offer { generation } | VoiceAction::Restart { generation } => {
                VoiceInput::Offered { generation, sdp: "v=0".into() }
            }
            VoiceAction::Answer { generation, .. } => VoiceInput::Connected { generation },
            VoiceAction::Microphone { .. } | VoiceAction::Drop => return,
        };
        post.send(now + self.random.between(1, 60), Happening::Voice { client, page, input });
    }
}
