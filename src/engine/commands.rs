//! What is asked of the gateway: by the application, and by the engine itself.

use super::options::{MARK_MS, REPORT_MS};
use super::outbox::{Entry, MESSAGE, Origin};
use super::view::Draft;
use super::{Early, Engine, Event, Output, Quality, Reply, RequestId, VoiceCounters};
use jackfield_wire::lean::{self, Command, Json, Outcome};
use jackfield_wire::{Code, CommandId, ConversationId, WireError, limits};

/// What the gateway answered.
type Answer = Result<Outcome, WireError>;

impl Engine {
    /// Something the application asks for.
    pub(super) fn request(&mut self, request: RequestId, command: Command, shows: bool) {
        if self.sign_out_by.is_some() {
            return self.resolve(request, Err(Code::Closed.into()));
        }
        if command.kind() == MESSAGE
            && let Err(error) = check_message(&command)
        {
            return self.resolve(request, Err(error));
        }
        if let ("markMessages", Some(id), Some(read)) =
            (command.kind(), command.conversation_id(), command.members().whole("read"))
            && let Some(view) = &mut self.view
        {
            view.read_up_to(id, read);
        }
        self.command(command, Origin::Request(Some(request)));
        if shows {
            self.outbox.mark_as_showing(request);
        }
    }

    /// Keeps a command until it is answered. It is sent when there is a connection and nothing that it must not overtake.
    pub(super) fn command(&mut self, command: Command, origin: Origin) {
        let id = self.next_command_id();
        let request = match origin {
            Origin::Request(request) => request,
            _ => None,
        };
        let entry = Entry::new(id.clone(), command.clone(), origin);
        if let Err(error) = self.outbox.push(entry) {
            if let Some(request) = request {
                self.resolve(request, Err(error));
            }
            return;
        }
        self.echo(&id, &command);
        self.send_due();
    }

    /// Sends the commands whose time has come, where there is a connection.
    pub(super) fn send_due(&mut self) {
        if self.link.is_up() {
            let due = self.outbox.due(self.clock.now());
            self.send_commands(due);
        }
    }

    pub(super) fn send_commands(&mut self, commands: Vec<(CommandId, Command)>) {
        for (id, command) in commands {
            self.send(lean::command(&id, &command));
        }
    }

    /// Sends a command whose answer nobody waits for, and which is not worth being sent later.
    pub(super) fn command_untracked(&mut self, command: &Command) {
        if self.link.is_up() {
            let id = self.next_command_id();
            self.send(lean::command(&id, command));
        }
    }

    fn next_command_id(&mut self) -> CommandId {
        self.commands += 1;
        CommandId::numbered('k', self.commands)
    }

    /// Shows a message before the gateway has it.
    fn echo(&mut self, command_id: &CommandId, command: &Command) {
        let (MESSAGE, Some(conversation_id)) = (command.kind(), command.conversation_id()) else { return };
        let text = command.members().text("text").unwrap_or_default();
        let visibility = command.members().text("visibility");
        let visibility = visibility.as_deref().unwrap_or("everyone");
        let at = self.gateway_now();
        let draft = Draft { conversation_id, command_id, text: &text, visibility, at };
        let mut events = Vec::new();
        if let Some(view) = &mut self.view {
            view.echo(draft, &mut events);
        }
        self.tell_all(events);
        self.user_wrote(conversation_id);
    }

    /// The application no longer waits.
    pub(super) fn cancel(&mut self, request: RequestId) {
        let early = self.early.iter().position(|early| early.request == request);
        if let Some(index) = early {
            self.early.remove(index);
        } else {
            match self.outbox.cancel(request) {
                None => return,
                Some(None) => {}
                Some(Some(entry)) => self.message_failed(&entry),
            }
        }
        self.resolve(request, Err(Code::Aborted.into()));
    }

    /// The gateway's answer to a command.
    pub(super) fn result(&mut self, id: &CommandId, answer: Answer) {
        if let Err(error) = &answer
            && self.outbox.postpone(id, error, self.clock.now())
        {
            return;
        }
        let Some(entry) = self.outbox.take(id) else { return };
        match answer {
            Ok(outcome) => self.done(entry, &outcome),
            Err(error) => self.refused(&entry, error),
        }
    }

    fn done(&mut self, entry: Entry, outcome: &Outcome) {
        match entry.origin {
            Origin::SignOut => self.signed_out(),
            Origin::Negotiate(generation) => {
                let answer = outcome.sdp().ok_or_else(|| Code::MediaUnavailable.into());
                self.voice.answered(self.clock.now(), generation, answer, &mut self.random);
            }
            Origin::Fill(conversation_id) => self.filled(conversation_id, outcome.history()),
            Origin::Watch => self.show(&entry.command, outcome),
            Origin::Request(request) => {
                let reply = self.reply(&entry.id, &entry.command, outcome);
                let Some(request) = request else { return };
                let shown = || outcome.conversation_id().or_else(|| entry.command.conversation_id().cloned());
                match (reply, entry.shows.then(shown).flatten()) {
                    (Reply::Outcome(outcome), Some(id)) => self.resolve_when_shown(request, outcome, id),
                    (reply, _) => self.resolve(request, Ok(reply)),
                }
            }
        }
    }

    fn refused(&mut self, entry: &Entry, error: WireError) {
        match &entry.origin {
            Origin::SignOut => self.signed_out(),
            Origin::Negotiate(generation) => {
                self.voice.answered(self.clock.now(), *generation, Err(error), &mut self.random);
            }
            // What is there is better than waiting for what can't be had.
            Origin::Fill(conversation_id) => {
                self.filled(conversation_id.clone(), None);
            }
            Origin::Watch => {}
            Origin::Request(request) => {
                self.message_failed(entry);
                if let Some(request) = *request {
                    self.resolve(request, Err(error));
                }
            }
        }
    }

    pub(super) fn message_failed(&mut self, entry: &Entry) {
        let conversation_id = entry.command.conversation_id().filter(|_| entry.is_message());
        let Some(conversation_id) = conversation_id else { return };
        let mut events = Vec::new();
        if let Some(view) = &mut self.view {
            view.message_failed(conversation_id, &entry.id, &mut events);
        }
        self.tell_all(events);
    }

    /// Takes an answer into the view.
    fn reply(&mut self, id: &CommandId, command: &Command, outcome: &Outcome) -> Reply {
        if let (MESSAGE, Some(conversation_id), Some((number, at))) =
            (command.kind(), command.conversation_id(), outcome.sent())
        {
            let mut events = Vec::new();
            let message = self
                .view
                .as_mut()
                .and_then(|view| view.message_sent(conversation_id, id, number, at, &mut events));
            self.tell_all(events);
            return message.map_or_else(|| Reply::Outcome(outcome.clone()), Reply::Message);
        }
        self.show(command, outcome);
        Reply::Outcome(outcome.clone())
    }

    fn show(&mut self, command: &Command, outcome: &Outcome) {
        let Some(view) = &mut self.view else { return };
        let mut events = Vec::new();
        match command.kind() {
            "fetchHistory" => {
                if let (Some(id), Some((messages, _))) = (command.conversation_id(), outcome.history()) {
                    view.older(id, command.members().whole("before"), messages);
                }
            }
            "watchPresence" => view.watch(outcome.presence().unwrap_or_default()),
            "watchFloor" => {
                let on = command.members().flag("on");
                self.floor_watch = on.then(|| command.clone());
                view.watch_floor(on.then(|| outcome.floor().unwrap_or_default()), &mut events);
            }
            _ => {}
        }
        self.tell_all(events);
    }

    /// An answer that names a conversation waits until the view has it: the application will look for it there.
    fn resolve_when_shown(&mut self, request: RequestId, outcome: Outcome, conversation_id: ConversationId) {
        self.early.push(Early { request, outcome, conversation_id });
        self.resolve_shown(None);
    }

    /// Gives the answers whose conversation the view has now, or had: one that came and went shall not keep anybody waiting.
    pub(super) fn resolve_shown(&mut self, gone: Option<&ConversationId>) {
        let Some(view) = &self.view else { return };
        let shown = |early: &mut Early| {
            view.conversation(&early.conversation_id).is_some() || gone == Some(&early.conversation_id)
        };
        let ready: Vec<Early> = self.early.extract_if(.., shown).collect();
        for early in ready {
            self.resolve(early.request, Ok(Reply::Outcome(early.outcome)));
        }
    }

    fn filled(&mut self, conversation_id: ConversationId, page: Option<(Vec<lean::Message>, bool)>) {
        let (messages, more) = page.unwrap_or_default();
        let Some(view) = &mut self.view else { return };
        let mut events = Vec::new();
        let wants_more = view.fill(&conversation_id, messages, more, &mut events);
        self.tell_all(events);
        self.plan_mark();
        if wants_more {
            self.fill_hole(conversation_id);
        }
    }

    /// Asks for the messages of every hole.
    pub(super) fn fill_holes(&mut self) {
        let Some(view) = &self.view else { return };
        let holes: Vec<_> = view
            .conversations
            .iter()
            .filter(|c| c.thread.has_hole())
            .map(|c| c.conversation_id.clone())
            .collect();
        for conversation_id in holes {
            self.fill_hole(conversation_id);
        }
    }

    fn fill_hole(&mut self, conversation_id: ConversationId) {
        let origin = Origin::Fill(conversation_id.clone());
        if self.outbox.has(&origin) {
            return;
        }
        let conversation = self.view.as_ref().and_then(|view| view.conversation(&conversation_id));
        let before = conversation.and_then(|c| c.thread.hole_before());
        let fetch = Command::make("fetchHistory", Some(&conversation_id), |json| {
            if let Some(before) = before {
                json.whole("before", before);
            }
            json.whole("limit", limits::HISTORY_PAGE.into());
        });
        self.command(fetch, origin);
    }

    pub(super) fn negotiate(&mut self, generation: u32, sdp: String) {
        if self.link.is_up() {
            let offer = Command::make("negotiateMedia", None, |json| _ = json.text("sdp", &sdp));
            self.command(offer, Origin::Negotiate(generation));
        }
    }

    /// Messages arrived: they will be confirmed together.
    pub(super) fn plan_mark(&mut self) {
        if self.mark_at.is_none() && self.link.is_up() {
            self.mark_at = Some(self.clock.now() + MARK_MS);
        }
    }

    pub(super) fn mark_delivered(&mut self) {
        self.mark_at = None;
        let Some(view) = &self.view else { return };
        let marks: Vec<Command> = view
            .conversations
            .iter()
            .filter_map(|c| {
                let newest = c.thread.newest_received();
                let known = c.own_participant()?.delivered;
                let delivered = |json: &mut Json| _ = json.whole("delivered", newest);
                (newest > known).then(|| Command::make("markMessages", Some(&c.conversation_id), delivered))
            })
            .collect();
        marks.iter().for_each(|mark| self.command_untracked(mark));
    }

    /// A reading of the voice counters while a call is up.
    pub(super) fn counters(&mut self, now: VoiceCounters) {
        let Some(before) = self.call.counters.replace(now) else {
            self.call.report_at = Some(self.clock.now() + REPORT_MS);
            return;
        };
        let (Some(view), Some(session)) = (&self.view, &self.session) else { return };
        let Some(call) = view.call(&session.session_id) else { return };
        let conversation_id = call.conversation_id.clone();
        let quality = Quality::between(&before, &now);
        if self.call.report_at.is_some_and(|at| at <= self.clock.now()) {
            self.call.report_at = Some(self.clock.now() + REPORT_MS);
            let sample = |json: &mut Json| _ = json.raw("sample", &quality.json());
            self.command_untracked(&Command::make("reportQuality", Some(&conversation_id), sample));
        }
        self.tell(Event::Quality { conversation_id, quality });
    }

    /// The session is over: nobody shall wait for ever.
    pub(super) fn refuse_all(&mut self, error: Option<WireError>) {
        let error = error.unwrap_or_else(|| Code::Closed.into());
        for entry in self.outbox.drain(|_| true) {
            self.message_failed(&entry);
            if let Origin::Request(Some(request)) = entry.origin {
                self.resolve(request, Err(error.clone()));
            }
        }
        for early in std::mem::take(&mut self.early) {
            self.resolve(early.request, Err(error.clone()));
        }
    }

    pub(super) fn resolve(&mut self, request: RequestId, answer: Result<Reply, WireError>) {
        self.outputs.push_back(Output::Resolve { request, answer });
    }

    pub(super) fn tell_all(&mut self, events: Vec<Event>) {
        self.outputs.extend(events.into_iter().map(Output::Event));
    }
}

/// Checked here too: an echo of what the gateway would refuse helps nobody.
fn check_message(command: &Command) -> Result<(), WireError> {
    let text = command.members().text("text");
    let text = text.ok_or_else(|| WireError::new(Code::InvalidField, "text: give a text"))?;
    let refuse = |message: String| Err(WireError::new(Code::InvalidField, message));
    match text.len() {
        0 => refuse("text: is empty; write something".into()),
        n if n > limits::TEXT_BYTES => {
            refuse(format!("text: has {n} bytes; at most {} are taken", limits::TEXT_BYTES))
        }
        _ => Ok(()),
    }
}
