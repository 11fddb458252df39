//! Who types: the user, said sparingly, and others, forgotten after a while.

use super::options::{TYPING_AGAIN_MS, TYPING_MS};
use super::{Engine, Event, view::View};
use jackfield_wire::lean::Command;
use jackfield_wire::{ConversationId, ParticipantId};

/// Who types.
#[derive(Debug, Default)]
pub(super) struct Typing {
    /// Where the user types: when it was said last, and when it is taken back by itself.
    own: Option<Own>,
    others: Vec<Other>,
}

#[derive(Debug)]
struct Own {
    conversation_id: ConversationId,
    said_at: u64,
    until: u64,
}

#[derive(Debug)]
struct Other {
    conversation_id: ConversationId,
    participant_id: ParticipantId,
    until: u64,
}

impl Typing {
    pub(super) fn deadline(&self) -> Option<u64> {
        self.others.iter().map(|o| o.until).chain(self.own.as_ref().map(|own| own.until)).min()
    }

    /// A new connection: nothing of this was said on it.
    pub(super) fn forget_own(&mut self) {
        self.own = None;
    }
}

impl Engine {
    /// The user touched a key, or emptied the field.
    pub(super) fn user_typing(&mut self, conversation_id: ConversationId, typing: bool) {
        let now = self.clock.now();
        if !self.link.is_up() {
            return;
        }
        let said = self.typing.own.take_if(|own| own.conversation_id == conversation_id || typing);
        match (said, typing) {
            (Some(own), true)
                if own.conversation_id == conversation_id && now < own.said_at + TYPING_AGAIN_MS =>
            {
                self.typing.own = Some(Own { until: now + TYPING_MS, ..own });
            }
            (said, true) => {
                if let Some(other) = said.filter(|own| own.conversation_id != conversation_id) {
                    self.say_typing(other.conversation_id, false);
                }
                let until = now + TYPING_MS;
                self.typing.own = Some(Own { conversation_id: conversation_id.clone(), said_at: now, until });
                self.say_typing(conversation_id, true);
            }
            (Some(_), false) => self.say_typing(conversation_id, false),
            (None, false) => {}
        }
    }

    /// A message says that typing is over: it need not be said.
    pub(super) fn user_wrote(&mut self, conversation_id: &ConversationId) {
        self.typing.own.take_if(|own| own.conversation_id == *conversation_id);
    }

    /// The gateway says that somebody types.
    pub(super) fn other_typing(
        &mut self,
        conversation_id: ConversationId,
        participant_id: ParticipantId,
        typing: bool,
    ) {
        let same = |o: &Other| o.conversation_id == conversation_id && o.participant_id == participant_id;
        self.typing.others.retain(|o| !same(o));
        self.show_typing(&conversation_id, &participant_id, typing);
        if typing {
            let until = self.clock.now() + TYPING_MS;
            self.typing.others.push(Other { conversation_id, participant_id, until });
        }
    }

    /// Forgets who has not typed for a while.
    pub(super) fn judge_typing(&mut self) {
        let now = self.clock.now();
        let over: Vec<Other> = self.typing.others.extract_if(.., |o| o.until <= now).collect();
        for other in over {
            self.show_typing(&other.conversation_id, &other.participant_id, false);
        }
        // The gateway forgets the user's typing at the same time: nothing is to be said.
        self.typing.own.take_if(|own| own.until <= now);
    }

    fn show_typing(&mut self, conversation_id: &ConversationId, participant_id: &ParticipantId, on: bool) {
        let mut events: Vec<Event> = Vec::new();
        if let Some(view) = &mut self.view {
            View::typing(view, conversation_id, participant_id, on, &mut events);
        }
        events.into_iter().for_each(|event| self.tell(event));
    }

    fn say_typing(&mut self, conversation_id: ConversationId, typing: bool) {
        let said = Command::make("setTyping", Some(&conversation_id), |json| _ = json.flag("typing", typing));
        self.command_untracked(&said);
    }
}
