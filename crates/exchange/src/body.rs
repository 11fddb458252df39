//! What people wrote or are called. It is no part of the journal nor of snapshots: the store keeps it in tables of its own, written in the
//! same transaction as the entry that names it, so that erasing a person is deleting rows.

use crate::{Body, Event, Exchange};
use jackfield_wire::{Attributes, ConversationId, Link, MessageView, ParticipantId, Role, SessionId, UserId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A row of one of the store's own tables.
#[derive(Debug, Clone, PartialEq)]
pub enum BodyRow {
    /// A message that was written.
    Message {
        /// Of which conversation.
        conversation: ConversationId,
        /// The message; its number is unique within the conversation.
        message: MessageView,
    },
    /// A conversation that came in, or of which more is known now: it takes the place of the row before. It is read again at a start while the
    /// conversation is open, and kept afterwards as messages are.
    Conversation(ConversationBody),
    /// A customer's session that was opened. It is read again at a start, and may be deleted when the session is closed.
    Session(SessionBody),
    /// What somebody says about its presence, or that it says nothing any more. It is read again at a start.
    Status(StatusBody),
}

/// What somebody says about its presence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StatusBody {
    /// Who.
    pub user: UserId,
    /// What; nothing any more, where it is left out: the row is to be deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// What a customer brought into a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConversationBody {
    /// Which conversation.
    pub conversation_id: ConversationId,
    /// Whose.
    pub customer: UserId,
    /// The name to show.
    pub name: String,
    /// What it is about, in the customer's words.
    #[serde(default)]
    pub subject: Option<String>,
    /// What is known about it: what the customer brought, and what was made of it since.
    #[serde(default)]
    pub attributes: Attributes,
    /// The attributes as the customer brought them, where others were set since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brought: Option<Attributes>,
    /// The links that agents set.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    /// The telephone numbers that were dialled in it, by party.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub numbers: BTreeMap<ParticipantId, String>,
    /// The telephone number that an outbound conversation goes to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

/// What a customer's token said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionBody {
    /// Which session.
    pub session: SessionId,
    /// Whose.
    pub user: UserId,
    /// The name to show.
    pub name: String,
    /// Free facts for the conversations that the customer starts.
    #[serde(default)]
    pub attributes: Attributes,
}

impl Event {
    /// What of the fact is not in the journal.
    pub fn body(&self) -> Option<BodyRow> {
        match self {
            Self::MessageAdded { conversation_id, .. } => {
                Some(BodyRow::Message { conversation: conversation_id.clone(), message: self.message()? })
            }
            Self::ConversationStarted(new) => Some(BodyRow::Conversation(ConversationBody {
                conversation_id: new.conversation_id.clone(),
                customer: new.who.user_id.clone(),
                name: new.who.name.clone(),
                subject: new.subject.clone(),
                attributes: new.attributes.clone(),
                brought: new.outbound.is_some().then(|| new.who.attributes.clone()),
                links: Vec::new(),
                numbers: BTreeMap::new(),
                to: new.outbound.as_ref().and_then(|outbound| outbound.number()),
            })),
            Self::AttributesChanged { body, .. }
            | Self::LinksChanged { body, .. }
            | Self::Dialed { body, .. }
            | Self::OutboundChanged { body, .. } => body.as_deref().cloned().map(BodyRow::Conversation),
            Self::SessionOpened { session, who } if who.role == Role::Customer => {
                Some(BodyRow::Session(SessionBody {
                    session: session.clone(),
                    user: who.user_id.clone(),
                    name: who.name.clone(),
                    attributes: who.attributes.clone(),
                }))
            }
            Self::StatusMessageSet { user_id, body, .. } => {
                let text = Some(body.0.to_string());
                Some(BodyRow::Status(StatusBody { user: user_id.clone(), text }))
            }
            Self::StatusMessageCleared { user_id } => {
                Some(BodyRow::Status(StatusBody { user: user_id.clone(), text: None }))
            }
            _ => None,
        }
    }
}

impl Exchange {
    /// Puts back, after a replay, what the journal does not hold. Rows of what is over by now change nothing; messages stay in the store.
    pub fn furnish(&mut self, row: &BodyRow) {
        match row {
            BodyRow::Conversation(body) => {
                let Some(conversation) = self.state.conversations.get_mut(&body.conversation_id) else {
                    return;
                };
                conversation.subject.clone_from(&body.subject);
                conversation.customer_id = Some(body.customer.clone());
                conversation.customer_name.clone_from(&body.name);
                conversation.know(body);
                for customer in conversation.participants.iter_mut().filter(|p| p.user_id == body.customer) {
                    customer.name.clone_from(&body.name);
                }
            }
            BodyRow::Session(body) => {
                let Some(session) = self.state.sessions.get_mut(&body.session) else { return };
                session.who.name.clone_from(&body.name);
                session.who.attributes.clone_from(&body.attributes);
            }
            BodyRow::Status(StatusBody { user, text }) => {
                let status = self.state.users.get_mut(user).and_then(|u| u.status.as_mut());
                if let Some((status, text)) = status.zip(text.as_deref()) {
                    status.body = Body(text.into());
                }
            }
            BodyRow::Message { .. } => {}
        }
    }
}
