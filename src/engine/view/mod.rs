//! What the session sees of the contact centre: the snapshot, kept up to date by events.

mod apply;
mod conversation;
mod difference;
mod message;
mod roll;
mod thread;

pub use conversation::Conversation;
pub use message::{Message, MessageState};
pub use roll::{Fnv, Keyed, Roll};
pub use thread::Thread;

use super::Event;
use jackfield_wire::lean::{Floor, Members, Message as MessageView, Offer, Presence, Snapshot, User};
use jackfield_wire::{CommandId, ConversationId, Millis, ParticipantId, SessionId};
use std::sync::Arc;

/// A part of the view with the stamp of its last change, so that readers rebuild only what is other.
#[derive(Debug, Clone)]
pub struct Stamped<T> {
    value: T,
    stamp: u64,
}

impl<T> Stamped<T> {
    fn new(value: T) -> Self {
        Self { value, stamp: 0 }
    }

    /// The part.
    pub fn get(&self) -> &T {
        &self.value
    }

    /// Another number for every change.
    pub fn stamp(&self) -> u64 {
        self.stamp
    }

    fn change(&mut self, stamps: &mut u64) -> &mut T {
        *stamps += 1;
        self.stamp = *stamps;
        &mut self.value
    }
}

impl<T: PartialEq> Stamped<T> {
    /// Puts another value there; says whether it is another.
    fn set(&mut self, value: T, stamps: &mut u64) -> bool {
        let other = self.value != value;
        if other {
            *self.change(stamps) = value;
        }
        other
    }
}

/// What the session sees.
#[derive(Debug, Clone)]
pub struct View {
    /// The session's own user.
    pub user: Stamped<User>,
    /// Its presence.
    pub presence: Stamped<Presence>,
    /// What else it sees: its queues, and whatever a newer gateway adds.
    pub rest: Stamped<Members>,
    /// The offers open to it.
    pub offers: Stamped<Vec<Offer>>,
    /// The presence it watches.
    pub watched: Stamped<Roll<Presence>>,
    /// Queues and agents, where it watches them.
    pub floor: Stamped<Option<Floor>>,
    /// The conversations it takes part in. Each has a stamp of its own.
    pub conversations: Roll<Conversation>,
    stamps: u64,
}

impl View {
    pub(super) fn new(snapshot: Snapshot, stamps: u64) -> Self {
        let mut stamps = stamps + 1;
        let user_id = &snapshot.user.user_id;
        let open = |view| Conversation::new(view, user_id, &mut stamps);
        let conversations = snapshot.conversations.into_iter().map(open).collect();
        let stamped = stamps;
        let mut view = Self {
            user: Stamped::new(snapshot.user),
            presence: Stamped::new(snapshot.presence),
            rest: Stamped::new(snapshot.rest),
            offers: Stamped::new(snapshot.offers),
            watched: Stamped::new(snapshot.watched.into_iter().collect()),
            floor: Stamped::new(snapshot.floor),
            conversations,
            stamps,
        };
        for stamp in [&mut view.user.stamp, &mut view.presence.stamp, &mut view.rest.stamp] {
            *stamp = stamped;
        }
        for stamp in [&mut view.offers.stamp, &mut view.watched.stamp, &mut view.floor.stamp] {
            *stamp = stamped;
        }
        view
    }

    /// Another number for every change of anything.
    pub fn stamp(&self) -> u64 {
        self.stamps
    }

    /// A conversation by its id.
    pub fn conversation(&self, id: &ConversationId) -> Option<&Conversation> {
        self.conversations.find(id)
    }

    /// The conversation in which this session has its voice connection.
    pub fn call(&self, session: &SessionId) -> Option<&Conversation> {
        self.conversations.iter().find(|c| c.own_leg(session).is_some())
    }

    fn conversation_mut(&mut self, id: &ConversationId) -> Option<(&mut Conversation, &mut u64)> {
        let conversation = self.conversations.find_mut(id)?;
        Some((conversation, &mut self.stamps))
    }

    /// Shows a message that was written here and waits for the gateway.
    pub(super) fn echo(&mut self, draft: Draft<'_>, out: &mut Vec<Event>) {
        let user = self.user.value.clone();
        let Some((conversation, stamps)) = self.conversation_mut(draft.conversation_id) else { return };
        let Some(own) = conversation.own.clone() else { return };
        conversation.touch(stamps);
        let message = Message {
            number: 0,
            command_id: draft.command_id.clone(),
            participant_id: own,
            name: user.name,
            role: user.role,
            at: draft.at,
            visibility: draft.visibility.to_owned(),
            text: draft.text.to_owned(),
            own: true,
            state: MessageState::Pending,
            rest: Members::default(),
            stamp: conversation.stamp,
        };
        let message = conversation.thread.echo(message);
        out.push(Event::MessageAdded { conversation_id: draft.conversation_id.clone(), message });
    }

    /// The gateway took a message: gives the message, also where its event came first.
    pub(super) fn message_sent(
        &mut self,
        conversation_id: &ConversationId,
        id: &CommandId,
        number: u64,
        at: Millis,
        out: &mut Vec<Event>,
    ) -> Option<Arc<Message>> {
        let (conversation, stamps) = self.conversation_mut(conversation_id)?;
        *stamps += 1;
        let Some(message) = conversation.thread.sent(id, number, at, *stamps) else {
            return conversation.thread.by_command(id).cloned();
        };
        conversation.touch(stamps);
        out.push(Event::MessageChanged {
            conversation_id: conversation_id.clone(),
            message: message.clone(),
        });
        Some(message)
    }

    /// The gateway refused a message, or nobody will ever know.
    pub(super) fn message_failed(
        &mut self,
        conversation_id: &ConversationId,
        id: &CommandId,
        out: &mut Vec<Event>,
    ) {
        let Some((conversation, stamps)) = self.conversation_mut(conversation_id) else { return };
        conversation.touch(stamps);
        let Some(message) = conversation.thread.failed(id, conversation.stamp) else { return };
        out.push(Event::MessageChanged { conversation_id: conversation_id.clone(), message });
    }

    /// A page of the messages below a number, or of the newest, asked for by the reader. They are no news: no event tells of them.
    /// Only what joins the messages at hand is put among them.
    pub(super) fn older(
        &mut self,
        conversation_id: &ConversationId,
        before: Option<u64>,
        page: Vec<MessageView>,
    ) {
        let Some((conversation, stamps)) = self.conversation_mut(conversation_id) else { return };
        for message in conversation.thread.joining(before, page) {
            conversation.insert(message, stamps);
        }
        conversation.touch(stamps);
    }

    /// A page that fills the hole below the newest messages. Says whether the next page is wanted.
    pub(super) fn fill(
        &mut self,
        conversation_id: &ConversationId,
        page: Vec<MessageView>,
        more: bool,
        out: &mut Vec<Event>,
    ) -> bool {
        let Some((conversation, stamps)) = self.conversation_mut(conversation_id) else { return false };
        let Some(messages) = conversation.thread.fill(page, more) else {
            return conversation.thread.has_hole();
        };
        conversation.touch(stamps);
        for message in messages {
            if let Some(message) = conversation.insert(message, stamps) {
                out.push(Event::MessageAdded { conversation_id: conversation_id.clone(), message });
            }
        }
        false
    }

    /// The viewer says it has read up to a number; shown at once, whatever the gateway answers.
    pub(super) fn read_up_to(&mut self, conversation_id: &ConversationId, number: u64) {
        let Some((conversation, stamps)) = self.conversation_mut(conversation_id) else { return };
        if conversation.thread.read_up_to(number) {
            conversation.touch(stamps);
        }
    }

    /// Somebody types, or not any more.
    pub(super) fn typing(
        &mut self,
        conversation_id: &ConversationId,
        participant_id: &ParticipantId,
        on: bool,
        out: &mut Vec<Event>,
    ) {
        let Some((conversation, stamps)) = self.conversation_mut(conversation_id) else { return };
        let known = conversation.typing.contains(participant_id);
        if known == on || conversation.own.as_ref() == Some(participant_id) {
            return;
        }
        if on {
            conversation.typing.push(participant_id.clone());
        } else {
            conversation.typing.retain(|p| p != participant_id);
        }
        conversation.touch(stamps);
        let participant_ids = conversation.typing.clone();
        out.push(Event::TypingChanged { conversation_id: conversation_id.clone(), participant_ids });
    }

    pub(super) fn watch(&mut self, presence: Vec<Presence>) {
        self.watched.set(presence.into_iter().collect(), &mut self.stamps);
    }

    pub(super) fn watch_floor(&mut self, floor: Option<Floor>, out: &mut Vec<Event>) {
        let told = floor.is_some();
        if self.floor.set(floor, &mut self.stamps) && told {
            out.push(Event::FloorChanged);
        }
    }
}

/// A message that is being sent.
pub(super) struct Draft<'a> {
    pub(super) conversation_id: &'a ConversationId,
    pub(super) command_id: &'a CommandId,
    pub(super) text: &'a str,
    pub(super) visibility: &'a str,
    pub(super) at: Millis,
}
