//! Commands: each is done once and answered, also when it comes again.

use super::{
    Asked, Entry, Output, SessionFact, Switchboard,
    answers::{Before, digest},
    happen::answering,
    outbox::Told,
    requests::Purpose,
    sessions::Slot,
    storage_refusal, text_of,
};
use crate::Order;
use jackfield_wire::{
    Answer, Code, Command, CommandId, ConversationId, Outcome, QualitySample, ServerFrame, SessionId,
    SignOutReason, WireError, limits,
};

/// What a client is asked to wait when the gateway has more work than it can take, in milliseconds.
const OVERLOAD_PAUSE_MS: u32 = 1_000;

impl Switchboard {
    /// Takes in a command.
    pub(super) fn command(&mut self, slot: Slot, id: &CommandId, command: Command) {
        let (per_second, burst, now) =
            (self.settings.commands_per_second, self.settings.command_burst, self.now);
        let Some(session) = self.sessions.get_mut(slot) else { return };
        if let Err(ms) = session.bucket.take(per_second, burst, now) {
            return self.turn_away(slot, id, WireError::from(Code::RateLimited).retry_after(ms));
        }
        let digest = digest(&command);
        match session.answers.before(id, digest) {
            Before::Answered(answer) => self.tell_answer(slot, id, answer),
            // It is answered when its answer comes, on the connection that is there then.
            Before::Waiting => {}
            Before::Reused => self.turn_away(slot, id, Code::CommandIdReused.into()),
            Before::New | Before::Again => self.carry_out(slot, id, digest, command),
        }
    }

    /// Refuses a command that could not be read. It changed nothing, so nothing is remembered; it counts against the session's rate as any other.
    pub(super) fn refused_unread(&mut self, slot: Slot, id: &CommandId, error: WireError) {
        let (per_second, burst, now) =
            (self.settings.commands_per_second, self.settings.command_burst, self.now);
        let Some(session) = self.sessions.get_mut(slot) else { return };
        match session.bucket.take(per_second, burst, now) {
            Ok(()) => self.turn_away(slot, id, error),
            Err(ms) => self.turn_away(slot, id, WireError::from(Code::RateLimited).retry_after(ms)),
        }
    }

    /// Answers a command without remembering the answer.
    pub(super) fn tell_answer(&mut self, slot: Slot, id: &CommandId, answer: Answer) {
        let Some(connection) = self.sessions.get(slot).and_then(|session| session.connection()) else {
            return;
        };
        let text = text_of(&ServerFrame::Result { id: id.clone(), answer });
        self.outbox.tell(Told::Answer { connection, id: id.clone(), text });
    }

    /// Answers a command that changed nothing: done again, it gives what holds then.
    pub(super) fn answer_repeatable(&mut self, slot: Slot, id: &CommandId, digest: u64, outcome: Outcome) {
        let most = self.settings.remembered_answers;
        if let Some(session) = self.sessions.get_mut(slot) {
            session.answers.finish_repeatable(id, digest, most);
        }
        self.tell_answer(slot, id, Answer::Ok(outcome));
    }

    /// Refuses a command for good, unless the refusal itself says that it passes.
    pub(super) fn refuse_command(&mut self, slot: Slot, id: &CommandId, digest: u64, error: WireError) {
        let most = self.settings.remembered_answers;
        if let Some(session) = self.sessions.get_mut(slot) {
            if passes(error.code) {
                session.answers.forget(id);
            } else {
                session.answers.finish(id, digest, Answer::Error(error.clone()), most);
            }
        }
        self.tell_answer(slot, id, Answer::Error(error));
    }

    /// Lets a command wait for somebody else's answer. Gives the question's number, or nothing where too many wait already.
    pub(super) fn wait(
        &mut self,
        slot: Slot,
        id: &CommandId,
        digest: u64,
        purpose: impl FnOnce(SessionId) -> Purpose,
    ) -> Option<u64> {
        let most = self.settings.remembered_answers;
        let session = self.sessions.get_mut(slot)?;
        if session.pending >= self.settings.max_pending_commands {
            self.turn_away(slot, id, WireError::from(Code::Overloaded).retry_after(OVERLOAD_PAUSE_MS));
            return None;
        }
        session.pending += 1;
        session.answers.begin(id, digest, most);
        let session = session.id().clone();
        Some(self.requests.ask(purpose(session)))
    }

    /// Ends a command's wait.
    pub(super) fn finish_waiting(
        &mut self,
        session: &SessionId,
        id: &CommandId,
        digest: u64,
        outcome: Result<Outcome, WireError>,
    ) {
        let most = self.settings.remembered_answers;
        let Some(slot) = self.sessions.slot(session) else { return };
        if let Some(session) = self.sessions.get_mut(slot) {
            session.pending = session.pending.saturating_sub(1);
        }
        match outcome {
            Ok(outcome @ (Outcome::History { .. } | Outcome::CustomerHistory { .. })) => {
                self.answer_repeatable(slot, id, digest, outcome)
            }
            Ok(outcome) => {
                if let Some(session) = self.sessions.get_mut(slot) {
                    session.answers.finish(id, digest, Answer::Ok(outcome.clone()), most);
                }
                self.tell_answer(slot, id, Answer::Ok(outcome));
            }
            Err(error) => self.refuse_command(slot, id, digest, error),
        }
    }

    fn carry_out(&mut self, slot: Slot, id: &CommandId, digest: u64, command: Command) {
        if let Err(error) = self.has_room(&command) {
            return self.turn_away(slot, id, error);
        }
        match command {
            Command::SetTyping { conversation_id, typing } => {
                self.set_typing(slot, id, &conversation_id, typing);
            }
            Command::FetchHistory { conversation_id, before, limit } => {
                self.history(slot, id, digest, (conversation_id, before, limit));
            }
            Command::FetchCustomerHistory { conversation_id, before, limit } => {
                self.customer_history(slot, id, digest, (conversation_id, before, limit));
            }
            Command::FetchPastMessages { conversation_id, past, before, limit } => {
                self.past_messages(slot, id, digest, (conversation_id, past, before, limit));
            }
            Command::WatchFloor { on, queue_ids, agent_ids } => {
                self.watch_floor(slot, id, digest, (on, queue_ids, agent_ids));
            }
            Command::WatchPresence { user_ids } => self.watch_presence(slot, id, digest, user_ids),
            Command::NegotiateMedia { sdp } => self.negotiate(slot, id, digest, sdp),
            Command::ReportQuality { conversation_id, sample } => {
                self.quality(slot, id, conversation_id, sample);
            }
            Command::SignOut => self.sign_out(slot, id, digest),
            command => self.ask_the_rules(slot, id, digest, command),
        }
    }

    /// Whether the gateway can take this command now.
    fn has_room(&self, command: &Command) -> Result<(), WireError> {
        if self.outbox.held() >= self.settings.max_held {
            return Err(WireError::from(Code::Overloaded).retry_after(OVERLOAD_PAUSE_MS));
        }
        let writes = !matches!(
            command,
            Command::SetTyping { .. }
                | Command::FetchHistory { .. }
                | Command::FetchCustomerHistory { .. }
                | Command::FetchPastMessages { .. }
                | Command::NegotiateMedia { .. }
        );
        if writes && !self.is_writable() {
            return Err(storage_refusal(self.settings.storage_pause_ms));
        }
        Ok(())
    }

    /// Answers a command that never got as far as to be decided on. The same id may come again.
    fn turn_away(&mut self, slot: Slot, id: &CommandId, error: WireError) {
        let Some(connection) = self.sessions.get(slot).and_then(|session| session.connection()) else {
            return;
        };
        let text = text_of(&ServerFrame::Result { id: id.clone(), answer: Answer::Error(error) });
        self.outbox.tell_now(Told::Answer { connection, id: id.clone(), text });
    }

    fn ask_the_rules(&mut self, slot: Slot, id: &CommandId, digest: u64, command: Command) {
        let Some(session) = self.sessions.get(slot).map(|session| session.id().clone()) else { return };
        let order = Order::Do { session: session.clone(), id: id.clone(), command };
        match self.exchange.decide(&order, self.now) {
            Err(error) => self.refuse_command(slot, id, digest, error),
            // It only told how things stand.
            Ok(decision) if decision.events.is_empty() && decision.outcome != Outcome::Done => {
                self.answer_repeatable(slot, id, digest, decision.outcome);
            }
            Ok(decision) => {
                let asked = Asked { session, id: id.clone(), digest };
                let outcome = decision.outcome;
                self.enact(answering(asked.clone(), &outcome, self.now, decision.events));
                self.take_answer(&asked, &outcome);
                self.tell_answer(slot, id, Answer::Ok(outcome));
            }
        }
    }

    /// Ends the session for good. It is answered first: afterwards there is nobody to answer.
    fn sign_out(&mut self, slot: Slot, id: &CommandId, digest: u64) {
        let Some(session) = self.sessions.get(slot).map(|session| session.id().clone()) else { return };
        let order = Order::CloseSession { session: session.clone(), reason: SignOutReason::Asked };
        match self.exchange.decide(&order, self.now) {
            Err(error) => self.refuse_command(slot, id, digest, error),
            Ok(decision) if decision.events.is_empty() => {
                self.tell_answer(slot, id, Answer::Ok(Outcome::Done));
            }
            Ok(decision) => {
                self.outbox.begin();
                self.tell_answer(slot, id, Answer::Ok(Outcome::Done));
                let asked = Asked { session, id: id.clone(), digest };
                self.enact(answering(asked, &Outcome::Done, self.now, decision.events));
            }
        }
    }

    fn negotiate(&mut self, slot: Slot, id: &CommandId, digest: u64, sdp: String) {
        if sdp.len() > limits::SDP_BYTES {
            let message = format!("sdp has {} bytes; at most {} are taken", sdp.len(), limits::SDP_BYTES);
            return self.refuse_command(slot, id, digest, WireError::new(Code::InvalidField, message));
        }
        let purpose = |session| Purpose::Media { session, id: id.clone(), digest };
        let Some(request) = self.wait(slot, id, digest, purpose) else { return };
        if let Some(session) = self.sessions.get(slot).map(|session| session.id().clone()) {
            self.outbox.tell_now(Told::Do(Output::NegotiateMedia { request, session, sdp }));
        }
    }

    fn quality(&mut self, slot: Slot, id: &CommandId, conversation: ConversationId, sample: QualitySample) {
        let Some(viewer) = self.sessions.get(slot).map(|session| session.viewer.clone()) else { return };
        let answer = self.exchange.may_read(&viewer, &conversation).map(|_| Outcome::Done);
        if answer.is_ok() {
            let (session, user) = (viewer.session, viewer.user_id);
            self.outbox.tell_now(Told::Do(Output::Quality { sample: sample.clone() }));
            let facts = vec![SessionFact::Quality { session, user, conversation, sample }];
            self.enact(Entry { at: self.now, asked: None, outcome: None, facts, events: Vec::new() });
        }
        self.tell_answer(slot, id, answer.into());
    }
}

/// Whether a refusal says nothing about the command itself, so that the same command may be sent again under the same id.
fn passes(code: Code) -> bool {
    matches!(
        code,
        Code::RateLimited
            | Code::Overloaded
            | Code::StorageUnavailable
            | Code::MediaUnavailable
            | Code::Internal
    )
}
