//! A conversation as the session's user sees it.

use super::message::{Message, MessageState};
use super::thread::Thread;
use jackfield_wire::lean::{self, Json, Leg, Members, Message as MessageView, Participant};
use jackfield_wire::{ConversationId, Millis, ParticipantId, SessionId, UserId};
use std::sync::Arc;

/// One interaction with a customer: who is in it, where it stands, what was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Conversation {
    /// Which.
    pub conversation_id: ConversationId,
    /// Where it stands.
    pub state: String,
    /// Since when it has stood there.
    pub state_since: Millis,
    /// The parties in it now.
    pub participants: Vec<Arc<Participant>>,
    /// The customer's wish to talk, while an agent is asked for it.
    pub voice_requested: bool,
    /// The place in line, while it waits.
    pub position: Option<u32>,
    /// What else the gateway says of it, as it says it: its queue, subject, attributes, wrap-up …
    pub rest: Members,
    /// Who is typing now, the viewer left out.
    pub typing: Vec<ParticipantId>,
    /// Its messages.
    pub thread: Thread,
    /// Another for every change.
    pub stamp: u64,
    pub(super) own: Option<ParticipantId>,
}

impl Conversation {
    pub(super) fn new(view: lean::Conversation, user: &UserId, stamps: &mut u64) -> Self {
        let mut conversation = Self {
            conversation_id: view.conversation_id,
            state: view.state,
            state_since: view.state_since,
            participants: view.participants.into_iter().map(Arc::new).collect(),
            voice_requested: view.voice_requested,
            position: view.position,
            rest: view.rest,
            typing: Vec::new(),
            thread: Thread::new(view.last_message),
            stamp: 0,
            own: None,
        };
        conversation.find_own(user);
        conversation.refresh_marks();
        for message in view.messages {
            conversation.insert(message, stamps);
        }
        conversation.touch(stamps);
        conversation
    }

    /// The viewer's own part in it.
    pub fn own_participant(&self) -> Option<&Participant> {
        let own = self.own.as_ref()?;
        self.participant(own)
    }

    /// A party by its id.
    pub fn participant(&self, id: &ParticipantId) -> Option<&Participant> {
        self.participants.iter().map(Arc::as_ref).find(|p| p.participant_id == *id)
    }

    /// The viewer's voice connection in it, where that is this session's.
    pub fn own_leg(&self, session: &SessionId) -> Option<&Leg> {
        self.own_participant()?.voice.as_ref().filter(|leg| leg.session_id == *session)
    }

    /// All of it but its messages, as JSON.
    pub fn json(&self) -> String {
        let participants: Vec<_> = self.participants.iter().map(|p| p.json()).collect();
        let typing: Vec<_> = self.typing.iter().map(|id| ["\"", id.as_str(), "\""].concat()).collect();
        let mut json = Json::new();
        json.members(&self.rest).text("state", &self.state).whole("stateSince", self.state_since);
        json.list("participants", &participants).flag("voiceRequested", self.voice_requested);
        if let Some(position) = self.position {
            json.whole("position", position.into());
        }
        json.whole("lastMessage", self.thread.last()).whole("unread", self.thread.unread() as u64);
        json.list("typing", &typing).end()
    }

    pub(super) fn touch(&mut self, stamps: &mut u64) {
        *stamps += 1;
        self.stamp = *stamps;
    }

    pub(super) fn find_own(&mut self, user: &UserId) {
        let own = self.participants.iter().find(|p| p.user_id.as_ref() == Some(user));
        self.own = own.map(|p| p.participant_id.clone());
    }

    /// Takes a message in; gives it back where it is new.
    pub(super) fn insert(&mut self, view: MessageView, stamps: &mut u64) -> Option<Arc<Message>> {
        let own = self.own.as_ref().is_some_and(|own| *own == view.participant_id);
        let state = if own {
            self.thread.marks(&view.visibility).state_of(view.number)
        } else {
            MessageState::Received
        };
        *stamps += 1;
        self.thread.insert(Message::new(view, own, state, *stamps))
    }

    /// Recomputes how far messages came with the other side; gives the own messages that came further.
    pub(super) fn refresh_marks(&mut self) -> Vec<usize> {
        let own_is_customer = self.own_participant().is_some_and(Participant::is_customer);
        let customer_is_here = self.participants.iter().any(|p| p.is_customer());
        let mut changed = Vec::new();
        for everyone in [true, false] {
            // An agent's message to everyone is for the customer: a colleague who read it says nothing about that.
            let only_customers = everyone && !own_is_customer && customer_is_here;
            let (mut delivered, mut read) = (0, 0);
            for other in &self.participants {
                let is_customer = other.is_customer();
                let counts = if only_customers { is_customer } else { everyone || !is_customer };
                if counts && self.own.as_ref() != Some(&other.participant_id) {
                    delivered = delivered.max(other.delivered);
                    read = read.max(other.read);
                }
            }
            changed.extend(self.thread.mark(everyone, delivered, read));
        }
        if let Some(read) = self.own_participant().map(|p| p.read) {
            self.thread.read_up_to(read);
        }
        changed
    }
}
