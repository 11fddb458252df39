//! A conversation as the session's user sees it.

use super::message::{Message, MessageState};
use super::thread::Thread;
use jackfield_wire::{
    Attributes, Channel, ConversationId, ConversationState, ConversationView, EndReason, Leg, MessageView,
    Millis, ParticipantId, ParticipantView, QueueId, Role, SessionId, UserId, Visibility, WrapUpView,
};
use std::sync::Arc;

/// One interaction with a customer: who is in it, where it stands, what was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Conversation {
    /// Which.
    pub conversation_id: ConversationId,
    /// The queue it came in by.
    pub queue_id: QueueId,
    /// The channel it began on.
    pub channel: Channel,
    /// Where it stands.
    pub state: ConversationState,
    /// Since when it has stood there.
    pub state_since: Millis,
    /// When it came in.
    pub created_at: Millis,
    /// What it is about.
    pub subject: Option<String>,
    /// Free facts about it.
    pub attributes: Attributes,
    /// The parties in it now.
    pub participants: Vec<Arc<ParticipantView>>,
    /// The customer's wish to talk, while an agent is asked for it.
    pub voice_requested: bool,
    /// The place in line, while it waits.
    pub position: Option<u32>,
    /// The work after it.
    pub wrap_up: Option<WrapUpView>,
    /// Why it is over.
    pub reason: Option<EndReason>,
    /// Who is typing now, the viewer left out.
    pub typing: Vec<ParticipantId>,
    /// Its messages.
    pub thread: Thread,
    /// Another for every change.
    pub stamp: u64,
    pub(super) own: Option<ParticipantId>,
}

impl Conversation {
    pub(super) fn new(view: ConversationView, user: &UserId, stamps: &mut u64) -> Self {
        let mut conversation = Self {
            conversation_id: view.conversation_id,
            queue_id: view.queue_id,
            channel: view.channel,
            state: view.state,
            state_since: view.state_since,
            created_at: view.created_at,
            subject: view.subject,
            attributes: view.attributes,
            participants: view.participants.into_iter().map(Arc::new).collect(),
            voice_requested: view.voice_requested,
            position: view.position,
            wrap_up: view.wrap_up,
            reason: None,
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
    pub fn own_participant(&self) -> Option<&ParticipantView> {
        let own = self.own.as_ref()?;
        self.participant(own)
    }

    /// A party by its id.
    pub fn participant(&self, id: &ParticipantId) -> Option<&ParticipantView> {
        self.participants.iter().map(Arc::as_ref).find(|p| p.participant_id == *id)
    }

    /// The viewer's voice connection in it, where that is this session's.
    pub fn own_leg(&self, session: &SessionId) -> Option<&Leg> {
        self.own_participant()?.voice.as_ref().filter(|leg| leg.session_id == *session)
    }

    pub(super) fn touch(&mut self, stamps: &mut u64) {
        *stamps += 1;
        self.stamp = *stamps;
    }

    pub(super) fn find_own(&mut self, user: &UserId) {
        let own = self.participants.iter().find(|p| p.user_id == *user);
        self.own = own.map(|p| p.participant_id.clone());
    }

    /// Takes a message in; gives it back where it is new.
    pub(super) fn insert(&mut self, view: MessageView, stamps: &mut u64) -> Option<Arc<Message>> {
        let own = self.own.as_ref().is_some_and(|own| *own == view.participant_id);
        let state = if own {
            self.thread.marks(view.visibility).state_of(view.number)
        } else {
            MessageState::Received
        };
        *stamps += 1;
        self.thread.insert(Message::new(view, own, state, *stamps))
    }

    /// Recomputes how far messages came with the other side; gives the own messages that came further.
    pub(super) fn refresh_marks(&mut self) -> Vec<usize> {
        let own_is_customer = self.own_participant().is_some_and(|p| p.role == Role::Customer);
        let customer_is_here = self.participants.iter().any(|p| p.role == Role::Customer);
        let mut changed = Vec::new();
        for visibility in [Visibility::Everyone, Visibility::Internal] {
            // An agent's message to everyone is for the customer: a colleague who read it says nothing about that.
            let only_customers = visibility == Visibility::Everyone && !own_is_customer && customer_is_here;
            let (mut delivered, mut read) = (0, 0);
            for other in &self.participants {
                let is_customer = other.role == Role::Customer;
                let counts = if only_customers {
                    is_customer
                } else {
                    visibility == Visibility::Everyone || !is_customer
                };
                if counts && self.own.as_ref() != Some(&other.participant_id) {
                    delivered = delivered.max(other.delivered);
                    read = read.max(other.read);
                }
            }
            changed.extend(self.thread.mark(visibility, delivered, read));
        }
        if let Some(read) = self.own_participant().map(|p| p.read) {
            self.thread.read_up_to(read);
        }
        changed
    }
}
