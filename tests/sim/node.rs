//! The gateway of one tenant: a switchboard with its disk, its media plane and its sockets, all of them slow.

use super::ledger::Disk;
use super::random::Random;
use super::world::{Happening, Post};
use jackfield_exchange::switchboard::{
    Batch, ConnectionId, Entry, Fresh, Input, KeyDigest, Output, ResumeRequest, Saved, Settings, Switchboard,
};
use jackfield_exchange::{Exchange, Identity, PatchLeg, TenantConfig};
use jackfield_wire::{
    ClientFrame, Code, ConversationId, MessageView, Millis, Role, Secret, SessionId, Side, UserId,
    Visibility, WireError, decode_client,
};
use std::collections::{BTreeMap, VecDeque};

/// How many messages a snapshot carries.
pub(crate) const SNAPSHOT_MESSAGES: usize = 8;

/// A socket as the gateway has it.
#[derive(Debug)]
struct Socket {
    client: usize,
    link: u64,
    greeted: bool,
    /// When the last text sent arrives: the next one comes after it.
    arrives: Millis,
}

pub(crate) struct Node {
    pub(crate) tenant: usize,
    pub(crate) config: TenantConfig,
    pub(crate) board: Option<Switchboard>,
    pub(crate) disk: Disk,
    /// What the media plane was told.
    pub(crate) rooms: BTreeMap<(ConversationId, Side), Vec<PatchLeg>>,
    /// This machine's clock, ahead of the world's.
    pub(crate) clock_ahead: i64,
    /// The disk takes nothing.
    pub(crate) disk_full: bool,
    incarnation: u64,
    epoch: u64,
    sockets: BTreeMap<ConnectionId, Socket>,
    flying: VecDeque<Batch>,
    last_commit_at: Millis,
    saves: VecDeque<Saved>,
    random: Random,
    connections: u64,
    timer: Option<Millis>,
}

/// What a token of the simulation says.
pub(crate) fn token(user: &str, role: Role, expires_at: Millis) -> Secret {
    Secret::new(format!("{user} {role:?} {expires_at}"))
}

fn read_token(token: &Secret) -> Option<(Identity, Millis)> {
    let mut parts = token.expose().split(' ');
    let user_id = UserId::parse(parts.next()?).ok()?;
    let role = *Role::ALL.iter().find(|role| Some(format!("{role:?}").as_str()) == parts.clone().next())?;
    let expires_at = parts.nth(1)?.parse().ok()?;
    Some((Identity::new(user_id.clone(), format!("Name of {user_id}"), role), expires_at))
}

/// Stands for SHA-256, which the gateway brings: here only different keys must give different digests.
fn digest(key: &Secret) -> KeyDigest {
    let mut random =
        Random::new(key.expose().bytes().fold(7, |n, b| n * 31 % 0xffff_ffff_ffff + u64::from(b)));
    let mut digest = [0; 32];
    digest.fill_with(|| random.next() as u8);
    digest
}

impl Node {
    pub(crate) fn new(tenant: usize, config: TenantConfig, random: Random) -> Self {
        Self {
            tenant,
            config,
            board: None,
            disk: Disk::default(),
            rooms: BTreeMap::new(),
            clock_ahead: 0,
            disk_full: false,
            incarnation: 0,
            epoch: 0,
            sockets: BTreeMap::new(),
            flying: VecDeque::new(),
            last_commit_at: 0,
            saves: VecDeque::new(),
            random,
            connections: 0,
            timer: None,
        }
    }

    fn clock(&self, now: Millis) -> Millis {
        now.saturating_add_signed(self.clock_ahead)
    }

    /// Starts from what is on disk.
    pub(crate) fn start(&mut self, now: Millis, post: &mut Post) -> Result<(), String> {
        self.epoch += 1;
        self.incarnation += 1;
        self.rooms.clear();
        let mut board = self.stored()?;
        board.start(self.clock(now));
        self.board = Some(board);
        self.drain(now, post)
    }

    /// What is in memory is gone; of what was on its way to the disk, some has arrived.
    pub(crate) fn kill(&mut self, now: Millis, post: &mut Post) -> Result<(), String> {
        self.board = None;
        self.timer = None;
        let arrived = self.random.between(0, self.flying.len() as u64 + 1) as usize;
        let flying: Vec<_> = self.flying.drain(..).take(arrived).collect();
        self.saves.clear();
        self.incarnation += 1;
        for socket in std::mem::take(&mut self.sockets).into_values() {
            let at = now.max(socket.arrives) + self.random.between(0, 50);
            post.send(at, Happening::ToClient { client: socket.client, link: socket.link, text: Err(1006) });
        }
        if !self.disk_full {
            flying.into_iter().try_for_each(|batch| self.disk.write(batch))?;
        }
        Ok(())
    }

    fn stored(&self) -> Result<Switchboard, String> {
        // Little memory, so that much is read from the store.
        let (snapshot_messages, cached_conversations) = (SNAPSHOT_MESSAGES, 3);
        let epoch = self.epoch;
        // Little patience, so that a flood of messages is turned away.
        let (commands_per_second, command_burst) = (4, 12);
        let settings = Settings {
            epoch,
            snapshot_messages,
            cached_conversations,
            commands_per_second,
            command_burst,
            ..Settings::default()
        };
        let (mut board, from) = match &self.disk.snapshot {
            Some((text, from)) => {
                let saved =
                    serde_json::from_str(text).map_err(|e| format!("a snapshot can't be read: {e}"))?;
                (Switchboard::restore(self.config.clone(), settings, saved), *from)
            }
            None => (Switchboard::new(Exchange::new(self.config.clone()), settings), 0),
        };
        for text in &self.disk.journal[from..] {
            let entry: Entry =
                serde_json::from_str(text).map_err(|e| format!("{text} can't be read: {e}"))?;
            board.replay(&entry);
        }
        board.furnish(self.disk.rows.clone());
        Ok(board)
    }

    /// A client opens a socket. Gives whether anybody is there.
    pub(crate) fn open(&mut self, client: usize, link: u64) -> bool {
        if self.board.is_none() {
            return false;
        }
        self.connections += 1;
        let socket = Socket { client, link, greeted: false, arrives: 0 };
        self.sockets.insert(ConnectionId(self.connections), socket);
        true
    }

    fn connection(&self, client: usize, link: u64) -> Option<ConnectionId> {
        self.sockets.iter().find(|(_, s)| s.client == client && s.link == link).map(|(id, _)| *id)
    }

    /// The gateway notices that a socket is gone.
    pub(crate) fn socket_gone(
        &mut self,
        now: Millis,
        client: usize,
        link: u64,
        post: &mut Post,
    ) -> Result<(), String> {
        let Some(connection) = self.connection(client, link) else { return Ok(()) };
        self.sockets.remove(&connection);
        self.give(now, Input::Disconnected { connection }, post)
    }

    /// A text message arrives.
    pub(crate) fn text(
        &mut self,
        now: Millis,
        client: usize,
        link: u64,
        text: &str,
        post: &mut Post,
    ) -> Result<(), String> {
        let Some(connection) = self.connection(client, link) else { return Ok(()) };
        let frames = decode_client(text).map_err(|e| format!("the SDK sent {text}: {e}"))?;
        let mut rest = Vec::new();
        for frame in frames {
            match frame {
                ClientFrame::Hello { token, resume, .. } => {
                    let socket = self.sockets.get_mut(&connection).ok_or("no socket")?;
                    if std::mem::replace(&mut socket.greeted, true) {
                        return Err("the SDK said hello twice".into());
                    }
                    let (identity, token_expires_at) = read_token(&token).ok_or("a bad token")?;
                    let resume = resume.map(|resume| ResumeRequest {
                        session_id: resume.session_id,
                        key_digest: digest(&resume.key),
                        epoch: resume.epoch,
                        seq: resume.seq,
                    });
                    let fresh = self.fresh();
                    let hello = Input::Hello { connection, identity, token_expires_at, resume, fresh };
                    self.give(now, hello, post)?;
                }
                ClientFrame::Auth { token } => {
                    let (identity, token_expires_at) = read_token(&token).ok_or("a bad token")?;
                    self.give(now, Input::Renewed { connection, identity, token_expires_at }, post)?;
                }
                other => rest.push(other),
            }
        }
        if rest.is_empty() {
            return Ok(());
        }
        self.give(now, Input::Frames { connection, frames: rest }, post)
    }

    fn fresh(&mut self) -> Fresh {
        let key = Secret::new(format!("{:016x}", self.random.next()));
        let id = format!("s{}-{:08x}", self.tenant, self.random.next() as u32);
        let session_id = SessionId::parse(&id).expect("an id");
        Fresh { session_id, key_digest: digest(&key), key }
    }

    pub(crate) fn time(&mut self, now: Millis, post: &mut Post) -> Result<(), String> {
        if self.timer.is_some_and(|at| at <= now) {
            self.timer = None;
            self.give(now, Input::Time, post)?;
        }
        Ok(())
    }

    pub(crate) fn give(&mut self, now: Millis, input: Input, post: &mut Post) -> Result<(), String> {
        let clock = self.clock(now);
        let Some(board) = &mut self.board else { return Ok(()) };
        board.handle(clock, input);
        self.drain(now, post)
    }

    /// A batch has reached the disk, or was refused by it.
    pub(crate) fn commit_done(
        &mut self,
        now: Millis,
        incarnation: u64,
        post: &mut Post,
    ) -> Result<(), String> {
        if incarnation != self.incarnation {
            return Ok(());
        }
        let Some(batch) = self.flying.pop_front() else { return Ok(()) };
        let number = batch.number;
        if self.disk_full {
            return self.commit_failed(now, number, post);
        }
        self.disk.write(batch)?;
        if self.saves.front().is_some_and(|saved| saved.after_batch <= number)
            && let Some(saved) = self.saves.pop_front()
            && saved.after_batch == number
        {
            let text = serde_json::to_string(&saved).map_err(|e| e.to_string())?;
            self.disk.snapshot = Some((text, self.disk.journal.len()));
        }
        self.give(now, Input::Committed { batch: number }, post)
    }

    fn commit_failed(&mut self, now: Millis, number: u64, post: &mut Post) -> Result<(), String> {
        // All that follow fail with it, and their timers find nothing.
        self.flying.clear();
        self.saves.clear();
        self.give(now, Input::CommitFailed { batch: number }, post)?;
        let stored = self.stored()?;
        let clock = self.clock(now);
        if let Some(board) = &mut self.board {
            board.recover(clock, stored);
        }
        self.drain(now, post)
    }

    /// Asks for a snapshot, to be written when the batches before it are.
    pub(crate) fn save(&mut self) -> Result<(), String> {
        let Some(saved) = self.board.as_ref().and_then(Switchboard::snapshot) else { return Ok(()) };
        if !self.flying.is_empty() {
            self.saves.push_back(saved);
        } else if !self.disk_full {
            let text = serde_json::to_string(&saved).map_err(|e| e.to_string())?;
            self.disk.snapshot = Some((text, self.disk.journal.len()));
        }
        Ok(())
    }

    pub(crate) fn read(
        &mut self,
        now: Millis,
        incarnation: u64,
        fetch: &Output,
        post: &mut Post,
    ) -> Result<(), String> {
        if let Output::FetchPast { request, customer, before, limit } = fetch {
            if incarnation != self.incarnation {
                return Ok(());
            }
            let (entries, more) = self.disk.memory.past(customer, before.as_ref(), *limit);
            return self.give(now, Input::Past { request: *request, entries: Ok(entries), more }, post);
        }
        let Output::FetchMessages { request, conversation, before, limit, see_internal, past_of } = fetch
        else {
            return Ok(());
        };
        if past_of.is_some() && incarnation == self.incarnation {
            let past_of = past_of.as_ref();
            let (messages, more) =
                self.disk.memory.page(conversation, *before, *limit, *see_internal, past_of);
            let (request, conversation, messages) = (*request, conversation.clone(), Ok(messages));
            return self.give(now, Input::Messages { request, conversation, messages, more }, post);
        }
        if incarnation != self.incarnation {
            return Ok(());
        }
        let range = (conversation.clone(), 0)..(conversation.clone(), before.unwrap_or(u64::MAX));
        let visible = |m: &&MessageView| *see_internal || m.visibility == Visibility::Everyone;
        let mut found: Vec<_> =
            self.disk.messages.range(range).map(|(_, m)| m).filter(visible).cloned().collect();
        let more = found.len() > *limit as usize;
        found.drain(..found.len().saturating_sub(*limit as usize));
        let (request, conversation, messages) = (*request, conversation.clone(), Ok(found));
        self.give(now, Input::Messages { request, conversation, messages, more }, post)
    }

    pub(crate) fn media(
        &mut self,
        now: Millis,
        incarnation: u64,
        request: u64,
        post: &mut Post,
    ) -> Result<(), String> {
        if incarnation != self.incarnation {
            return Ok(());
        }
        let result = match self.random.chance(95) {
            true => Ok("answer".to_owned()),
            false => Err(WireError::from(Code::MediaUnavailable)),
        };
        self.give(now, Input::MediaAnswer { request, result }, post)
    }

    fn drain(&mut self, now: Millis, post: &mut Post) -> Result<(), String> {
        let clock = self.clock(now);
        let Some(board) = &mut self.board else { return Ok(()) };
        board.flush(clock);
        while let Some(output) = self.board.as_mut().and_then(Switchboard::poll) {
            self.output(now, output, post)?;
        }
        let deadline = self.board.as_ref().and_then(Switchboard::deadline);
        let at = deadline.map(|at| at.saturating_add_signed(-self.clock_ahead).max(now + 1));
        if let Some(at) = at.filter(|at| self.timer.is_none_or(|timer| timer > *at)) {
            self.timer = Some(at);
            post.send(at, Happening::NodeTimer { tenant: self.tenant });
        }
        Ok(())
    }

    fn output(&mut self, now: Millis, output: Output, post: &mut Post) -> Result<(), String> {
        let (tenant, incarnation) = (self.tenant, self.incarnation);
        match output {
            Output::Send { connection, text } => self.send_down(now, connection, Ok(text), post),
            Output::Close { connection, code } => {
                let number = jackfield_exchange::switchboard::close_number(code);
                self.send_down(now, connection, Err(number), post);
                self.sockets.remove(&connection);
            }
            Output::Commit(batch) => {
                let at = self.last_commit_at.max(now + self.random.between(1, 25));
                self.last_commit_at = at;
                self.flying.push_back(batch);
                post.send(at, Happening::Committed { tenant, incarnation });
            }
            fetch @ (Output::FetchMessages { .. } | Output::FetchPast { .. }) => {
                let at = now + self.random.between(1, 40);
                post.send(at, Happening::Read { tenant, incarnation, fetch });
            }
            Output::NegotiateMedia { request, .. } => {
                let at = now + self.random.between(1, 20);
                post.send(at, Happening::Media { tenant, incarnation, request });
            }
            Output::SetRoom { conversation, side, legs } => {
                self.rooms.insert((conversation, side), legs);
            }
            Output::ClearRoom { conversation, side } => {
                self.rooms.remove(&(conversation, side));
            }
            // No tenant of the simulation has a trunk.
            Output::CloseMedia { .. }
            | Output::Quality { .. }
            | Output::Dial { .. }
            | Output::EndCall { .. } => {}
        }
        Ok(())
    }

    fn send_down(
        &mut self,
        now: Millis,
        connection: ConnectionId,
        text: Result<String, u16>,
        post: &mut Post,
    ) {
        let Some(socket) = self.sockets.get_mut(&connection) else { return };
        socket.arrives = socket.arrives.max(now + self.random.between(1, 40));
        let (client, link) = (socket.client, socket.link);
        post.send(socket.arrives, Happening::ToClient { client, link, text });
    }
}
