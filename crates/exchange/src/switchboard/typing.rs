//! Who is typing. Kept nowhere but here, and not for long.

use super::{Switchboard, outbox::Told, sessions::Slot, text_of};
use jackfield_wire::{
    CommandId, ConversationId, Millis, Outcome, ParticipantId, ServerFrame, SessionId, Signal, UserId,
    WireError,
};
use std::collections::{BTreeMap, BTreeSet};

/// The participants who type, each until it must have said so again.
#[derive(Debug, Default)]
pub(super) struct Typing {
    until: BTreeMap<(ConversationId, ParticipantId), (Millis, SessionId)>,
    ends: BTreeSet<(Millis, ConversationId, ParticipantId)>,
}

impl Typing {
    /// When the first of them is taken back.
    pub(super) fn deadline(&self) -> Option<Millis> {
        self.ends.first().map(|(at, ..)| *at)
    }

    fn set(&mut self, key: (ConversationId, ParticipantId), state: Option<(Millis, SessionId)>) -> bool {
        let was = self.until.remove(&key);
        if let Some((until, _)) = &was {
            self.ends.remove(&(*until, key.0.clone(), key.1.clone()));
        }
        if let Some((until, session)) = state {
            self.ends.insert((until, key.0.clone(), key.1.clone()));
            self.until.insert(key, (until, session));
        }
        was.is_some()
    }

    fn due(&mut self, now: Millis) -> Option<(ConversationId, SessionId)> {
        let (_, conversation, participant) = self.ends.first().filter(|(at, ..)| *at <= now)?.clone();
        let key = (conversation.clone(), participant);
        let session = self.until.get(&key).map(|(_, session)| session.clone());
        self.set(key, None);
        session.map(|session| (conversation, session))
    }
}

impl Switchboard {
    /// Answers `setTyping`.
    pub(super) fn set_typing(
        &mut self,
        slot: Slot,
        id: &CommandId,
        conversation: &ConversationId,
        typing: bool,
    ) {
        let result = self.signal_typing(slot, conversation, typing).map(|()| Outcome::Done);
        self.tell_answer(slot, id, result.into());
    }

    /// Takes back what nobody has repeated.
    pub(super) fn end_typing(&mut self) {
        while let Some((conversation, session)) = self.typing.due(self.now) {
            if let Some(slot) = self.sessions.slot(&session) {
                // Refused where it left the conversation: then the others know already.
                let _ = self.signal_typing(slot, &conversation, false);
            }
        }
    }

    fn signal_typing(
        &mut self,
        slot: Slot,
        conversation: &ConversationId,
        typing: bool,
    ) -> Result<(), WireError> {
        let session = self.sessions.get(slot).ok_or(jackfield_wire::Code::SessionUnknown)?;
        let access = self.exchange.may_read(&session.viewer, conversation)?;
        let until = typing.then(|| (self.now + u64::from(self.settings.typing_ms), session.id().clone()));
        self.typing.set((conversation.clone(), access.participant_id.clone()), until);
        let (conversation_id, participant_id) = (conversation.clone(), access.participant_id);
        let signal = Signal::Typing { conversation_id, participant_id, typing };
        self.signal_users(&access.others, signal);
        Ok(())
    }

    fn signal_users(&mut self, users: &[UserId], signal: Signal) {
        let text = text_of(&ServerFrame::Signal { signal });
        for user in users {
            for slot in self.sessions.of(user) {
                if let Some(connection) = self.sessions.get(*slot).and_then(|session| session.connection()) {
                    self.outbox.tell(Told::Frame { connection, text: text.clone() });
                }
            }
        }
    }
}
