//! What the gateway says.

use super::options::{ACK_EVENTS, ACK_MS};
use super::outbox::{Entry, Origin};
use super::view::View;
use super::{ConnectionState, Engine, Event, Output, StoredSession};
use jackfield_wire::lean::{
    self, Command, Event as ServerEvent, Json, Members, ServerFrame, Signal, Snapshot, Welcome, decode_server,
};
use jackfield_wire::{Code, Resumed, WireError};

impl Engine {
    pub(super) fn text(&mut self, link: u64, text: &str) {
        if !self.link.is_current(link) {
            return;
        }
        self.link.alive(self.clock.now());
        let frames = match decode_server(text) {
            Ok(frames) => frames,
            Err(error) => return self.lost(Some(error), 0),
        };
        for frame in frames {
            self.frame(frame);
            if !self.link.is_current(link) {
                return;
            }
        }
        self.owe_ack();
    }

    fn frame(&mut self, frame: ServerFrame) {
        match frame {
            ServerFrame::Event { seq, event, .. } => self.event(seq, event),
            ServerFrame::Ping { n } => self.send(lean::pong(n)),
            ServerFrame::Result { id, answer } => self.result(&id, answer),
            ServerFrame::Signal(signal) => self.signal(signal),
            ServerFrame::Welcome(welcome) => self.welcome(*welcome),
            ServerFrame::Error { error } if error.code.is_fatal() => self.ended(error),
            ServerFrame::Error { .. } | ServerFrame::Unknown => {}
            ServerFrame::AuthAccepted { token_expires_at } => self.token_accepted(token_expires_at),
            ServerFrame::AuthExpiring => self.token_expiring(),
            ServerFrame::Restarting { after_ms, within_ms } => {
                self.restarting(after_ms.into(), within_ms.into());
            }
        }
    }

    fn event(&mut self, seq: u64, event: ServerEvent) {
        if seq <= self.events.seq {
            return;
        }
        if seq != self.events.seq + 1 || self.view.is_none() {
            // Never guess across a gap: resuming from the last number that arrived brings what is missing.
            let message = format!("event {seq} came after {}", self.events.seq);
            return self.lost(Some(WireError::new(Code::OutOfOrder, message)), 0);
        }
        self.events.seq = seq;
        match event {
            ServerEvent::Other { kind, rest, .. } if kind == "signedOut" => self.signed_out_by_gateway(&rest),
            ServerEvent::Unread { error } => self.outputs.push_back(Output::Warn { seq, error }),
            event => self.apply(event),
        }
    }

    fn apply(&mut self, event: ServerEvent) {
        let Some(view) = &mut self.view else { return };
        // Always the same list: thousands of events a second need no new one each.
        let mut events = std::mem::take(&mut self.applied);
        view.apply(event, &mut events);
        for event in events.drain(..) {
            match &event {
                Event::MessageAdded { message, .. } if !message.own => self.plan_mark(),
                Event::ConversationAdded { .. } => {
                    self.plan_mark();
                    self.resolve_shown(None);
                }
                Event::ConversationRemoved { conversation_id, .. } => {
                    self.resolve_shown(Some(conversation_id));
                }
                _ => {}
            }
            self.tell(event);
        }
        self.applied = events;
    }

    /// One acknowledgement for a whole message of events, if they are many; else a little later.
    fn owe_ack(&mut self) {
        if self.events.seq == self.events.acknowledged {
            return;
        }
        if self.events.seq - self.events.acknowledged >= ACK_EVENTS {
            self.acknowledge();
        } else if self.events.ack_at.is_none() {
            self.events.ack_at = Some(self.clock.now() + ACK_MS);
        }
    }

    pub(super) fn acknowledge(&mut self) {
        self.events.ack_at = None;
        if self.events.acknowledged < self.events.seq && self.link.is_up() {
            self.events.acknowledged = self.events.seq;
            self.send(lean::ack(self.events.seq));
        }
    }

    fn signal(&mut self, signal: Signal) {
        match signal {
            Signal::Typing { conversation_id, participant_id, typing } => {
                self.other_typing(conversation_id, participant_id, typing);
            }
            Signal::Media { connected } => self.voice.seen_by_gateway(self.clock.now(), connected),
            Signal::Unknown => {}
        }
    }

    fn signed_out_by_gateway(&mut self, event: &Members) {
        if event.text("reason").as_deref() == Some("asked") && self.sign_out_by.is_some() {
            return self.signed_out();
        }
        self.finish(Some(Code::SignedOut.into()));
    }

    /// The end that was asked for.
    pub(super) fn signed_out(&mut self) {
        self.send(lean::bye(false));
        self.finish(None);
    }

    fn welcome(&mut self, welcome: Welcome) {
        let Welcome {
            session_id,
            resume_key,
            epoch,
            seq,
            resumed,
            snapshot,
            now,
            token_expires_at,
            ping_every_ms,
        } = welcome;
        let kept_media =
            self.session.as_ref().is_some_and(|s| s.epoch == epoch && s.session_id == session_id);
        self.clock_offset = now as i64 - self.clock.wall() as i64;
        self.stamp += 1;
        self.link.welcomed(self.clock.now(), ping_every_ms.into());
        self.token_accepted(token_expires_at);
        let watches = self.watches();
        let replaced = self.open_session(StoredSession { session_id, key: resume_key, epoch });
        if let Err(error) = self.take_up(seq, resumed, snapshot) {
            return self.lost(Some(error), 0);
        }
        self.set_connection(ConnectionState::Ready, None, None);
        let anew = replaced && resumed == Resumed::New;
        self.send_again(anew);
        if anew {
            watches.into_iter().for_each(|watch| self.command(watch, Origin::Watch));
        }
        self.fill_holes();
        self.plan_mark();
        self.resolve_shown(None);
        self.voice.linked(self.clock.now(), kept_media && resumed != Resumed::New);
    }

    /// Remembers the session; says whether another one was open before.
    fn open_session(&mut self, session: StoredSession) -> bool {
        let before = self.session.replace(session.clone());
        self.outputs.push_back(Output::StoreSession(Some(session.clone())));
        before.is_some_and(|before| before.session_id != session.session_id)
    }

    /// Takes up the view where it was, or as the snapshot has it.
    fn take_up(&mut self, seq: u64, resumed: Resumed, snapshot: Option<Snapshot>) -> Result<(), WireError> {
        match (resumed, snapshot) {
            (Resumed::Replay, None) if self.view.is_some() => Ok(()),
            (Resumed::New | Resumed::Snapshot, Some(snapshot)) => {
                self.events.seq = seq;
                self.events.acknowledged = seq;
                self.show_snapshot(snapshot);
                Ok(())
            }
            _ => {
                // A page that was reloaded has no view to replay into: the next hello asks for a snapshot.
                self.view = None;
                Err(WireError::new(Code::MalformedFrame, "welcome: has no snapshot, and there is no view"))
            }
        }
    }

    fn show_snapshot(&mut self, snapshot: Snapshot) {
        let now = self.gateway_now();
        let mut events = Vec::new();
        match (&mut self.view, &self.session) {
            (Some(view), Some(session)) => view.replace(snapshot, &session.session_id, now, &mut events),
            _ => self.view = Some(View::new(snapshot, self.stamp)),
        }
        // Requests for pages that the snapshot made pointless.
        self.outbox.drain(|e| matches!(e.origin, Origin::Fill(_)));
        self.tell_all(events);
    }

    /// Sends what was not answered, under the same ids. In another session those ids mean nothing: there, only what was surely
    /// never carried out is sent again.
    fn send_again(&mut self, anew: bool) {
        if anew {
            self.settle_doubtful();
        }
        self.send_due();
    }

    fn settle_doubtful(&mut self) {
        let seen = |e: &Entry| e.seen && matches!(e.origin, Origin::Request(_));
        for entry in self.outbox.drain(seen) {
            let kept = self.kept_message(&entry);
            let request = match &entry.origin {
                Origin::Request(request) => *request,
                _ => None,
            };
            match (kept, request) {
                (Some(reply), Some(request)) => self.resolve(request, Ok(reply)),
                (Some(_), None) => {}
                (None, request) => {
                    let message =
                        "the session ended before the answer came; look at the state, then ask again";
                    let error = WireError::new(Code::SessionUnknown, message);
                    self.message_failed(&entry);
                    if let Some(request) = request {
                        self.resolve(request, Err(error));
                    }
                }
            }
        }
    }

    /// A message that the snapshot shows was kept, whatever became of its answer.
    fn kept_message(&self, entry: &Entry) -> Option<super::Reply> {
        let conversation_id = entry.command.conversation_id().filter(|_| entry.is_message())?;
        let conversation = self.view.as_ref()?.conversation(conversation_id)?;
        let message = conversation.thread.by_command(&entry.id).filter(|m| m.number > 0)?;
        Some(super::Reply::Message(message.clone()))
    }

    /// What is watched: a new session does not know it.
    fn watches(&self) -> Vec<Command> {
        let Some(view) = &self.view else { return Vec::new() };
        let quoted = |user: &lean::Presence| ["\"", user.user_id.as_str(), "\""].concat();
        let users: Vec<_> = view.watched.get().iter().map(quoted).collect();
        let presence = (!users.is_empty()).then(|| {
            Command::make("watchPresence", None, |json: &mut Json| _ = json.list("userIds", &users))
        });
        let whole = || Command::make("watchFloor", None, |json| _ = json.flag("on", true));
        let floor = view.floor.get().as_ref().map(|_| self.floor_watch.clone().unwrap_or_else(whole));
        presence.into_iter().chain(floor).collect()
    }
}
