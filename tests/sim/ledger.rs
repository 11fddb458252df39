//! The books kept of what is on disk: a second, simpler account of the facts, to find where the first goes wrong.

use jackfield_exchange::switchboard::{Batch, BodyRow, Entry};
use jackfield_exchange::{Event, Memory};
use jackfield_wire::{
    Channel, CommandId, ConversationId, MessageView, OfferId, OfferKind, OfferOutcome, ParticipantId, Role,
    SessionId, UserId,
};
use std::collections::{BTreeMap, BTreeSet};

/// What a tenant's disk holds, and the account of it.
#[derive(Debug, Default)]
pub(crate) struct Disk {
    /// The journal, as text: what can't be written and read back is found at the first restart.
    pub(crate) journal: Vec<String>,
    pub(crate) messages: BTreeMap<(ConversationId, u64), MessageView>,
    /// What customers are called and brought, of all conversations and sessions.
    pub(crate) rows: Vec<BodyRow>,
    /// A snapshot and the length of the journal it stands for.
    pub(crate) snapshot: Option<(String, usize)>,
    pub(crate) account: Account,
    /// What a customer's history is read from.
    pub(crate) memory: Memory,
}

/// A second account of the facts.
#[derive(Debug, Default)]
pub(crate) struct Account {
    sessions: BTreeMap<SessionId, UserId>,
    offers: BTreeMap<ConversationId, Vec<(OfferId, UserId, OfferKind)>>,
    /// The entry in which what is open was offered: several agents are asked at once or not at all.
    rounds: BTreeMap<ConversationId, usize>,
    entries: usize,
    parties: BTreeMap<ConversationId, BTreeMap<ParticipantId, (UserId, Role)>>,
    numbers: BTreeMap<ConversationId, u64>,
    answered: BTreeSet<(SessionId, CommandId)>,
    /// The number of the last command with a message, by session and conversation.
    wrote: BTreeMap<(SessionId, ConversationId), u64>,
    /// Who has ever been a party of a conversation.
    pub(crate) ever: BTreeMap<ConversationId, BTreeSet<UserId>>,
    pub(crate) texts: BTreeMap<String, (ConversationId, u64)>,
    /// How often each kind of fact came.
    pub(crate) count: BTreeMap<&'static str, u64>,
}

impl Disk {
    /// Writes a batch, and looks at it.
    pub(crate) fn write(&mut self, batch: Batch) -> Result<(), String> {
        self.memory.keep(&batch);
        for entry in &batch.entries {
            self.journal.push(serde_json::to_string(entry).map_err(|e| e.to_string())?);
            self.account.enter(entry)?;
        }
        for row in batch.bodies {
            let BodyRow::Message { conversation, message } = row else {
                self.rows.push(row);
                continue;
            };
            let place = (conversation, message.number);
            if let Some(other) = self.account.texts.insert(message.text.clone(), place.clone()) {
                return Err(format!(
                    "I1: a message is there twice: {place:?} and {other:?}: {}",
                    message.text
                ));
            }
            if self.messages.insert(place.clone(), message).is_some() {
                return Err(format!("I1: a number was given twice: {place:?}"));
            }
        }
        Ok(())
    }
}

impl Account {
    pub(crate) fn is_open(&self, session: &SessionId) -> bool {
        self.sessions.contains_key(session)
    }

    fn enter(&mut self, entry: &Entry) -> Result<(), String> {
        if let Some(asked) = &entry.asked
            && !self.answered.insert((asked.session.clone(), asked.id.clone()))
        {
            return Err(format!("I8: {} of {} was done twice", asked.id, asked.session));
        }
        self.in_order(entry)?;
        self.entries += 1;
        entry.events.iter().try_for_each(|event| self.fact(event))?;
        entry.events.iter().try_for_each(|event| self.first_wins(event))
    }

    /// Who accepts first has it: with that, nobody else is asked any more.
    fn first_wins(&mut self, event: &Event) -> Result<(), String> {
        let Event::OfferEnded { conversation_id, offer_id, outcome, .. } = event else { return Ok(()) };
        let open = self.offers.get(conversation_id).is_some_and(|open| !open.is_empty());
        match outcome {
            OfferOutcome::Accepted if open => {
                Err(format!("I3: {offer_id} is accepted, and {conversation_id} rings on"))
            }
            OfferOutcome::Accepted => {
                self.note("accepted");
                Ok(())
            }
            OfferOutcome::Rescinded => {
                self.note("rescinded");
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// A page counts its commands up: what it writes in a conversation is written in that order. Another page of the session begins at a number far away.
    fn in_order(&mut self, entry: &Entry) -> Result<(), String> {
        let Some(asked) = &entry.asked else { return Ok(()) };
        let mut written = entry.events.iter().filter(|event| matches!(event, Event::MessageAdded { .. }));
        let Some(conversation) = written.next().and_then(Event::conversation) else { return Ok(()) };
        let digits = asked.id.as_str().trim_start_matches(|c: char| !c.is_ascii_digit());
        let number: u64 = digits.parse().map_err(|_| format!("{} has no number", asked.id))?;
        match self.wrote.insert((asked.session.clone(), conversation.clone()), number) {
            Some(last) if number < last && last - number < 1_000_000 => {
                Err(format!("message {} of {} was overtaken by {last}", asked.id, asked.session))
            }
            _ => Ok(()),
        }
    }

    fn fact(&mut self, event: &Event) -> Result<(), String> {
        match event {
            Event::SessionOpened { session, who } => {
                self.note("sessions");
                self.sessions.insert(session.clone(), who.user_id.clone());
            }
            Event::SessionClosed { session, .. } => {
                self.sessions.remove(session).ok_or(format!("{session} was closed and was not open"))?;
            }
            Event::ConversationStarted(new) => {
                self.note(if new.channel == Channel::Voice { "calls" } else { "chats" });
                let customer = (new.who.user_id.clone(), new.who.role);
                self.join(&new.conversation_id, &new.participant_id, customer)?;
            }
            Event::OfferMade(offer) => {
                self.note("offers");
                let made = (offer.offer_id.clone(), offer.user_id.clone(), offer.kind);
                let open = self.offers.entry(offer.conversation_id.clone()).or_default();
                if open
                    .iter()
                    .any(|(_, user, kind)| *user == offer.user_id || *kind != OfferKind::Conversation)
                {
                    return Err(format!("I3: {} is offered twice at once: {open:?}", offer.conversation_id));
                }
                let several = !open.is_empty();
                open.push(made);
                let round = self.rounds.insert(offer.conversation_id.clone(), self.entries);
                if several && round != Some(self.entries) {
                    return Err(format!("I3: {} is offered while it rings elsewhere", offer.conversation_id));
                }
                if several {
                    self.note("offered to several");
                }
            }
            Event::OfferEnded { conversation_id, offer_id, .. } => {
                let open = self.offers.entry(conversation_id.clone()).or_default();
                let Some(ended) = open.iter().position(|(open, ..)| open == offer_id) else {
                    return Err(format!("I3: {offer_id} ended, open was {open:?}"));
                };
                open.remove(ended);
            }
            Event::ParticipantJoined { conversation_id, participant_id, who, .. } => {
                self.note("joined");
                self.join(conversation_id, participant_id, (who.user_id.clone(), who.role))?;
            }
            Event::ParticipantLeft { conversation_id, participant_id, .. } => {
                let left = self.parties.get_mut(conversation_id).and_then(|p| p.remove(participant_id));
                left.ok_or(format!("{participant_id} left {conversation_id} and was not in it"))?;
            }
            Event::ConversationClosed { conversation_id, .. } => {
                self.note("closed");
                let left = self.parties.remove(conversation_id).unwrap_or_default();
                if !left.is_empty() || self.offers.get(conversation_id).is_some_and(|open| !open.is_empty()) {
                    return Err(format!("{conversation_id} was closed with {left:?} in it, or offered"));
                }
            }
            Event::MessageAdded { conversation_id, number, .. } => {
                self.note("messages");
                let last = self.numbers.entry(conversation_id.clone()).or_default();
                if *number != *last + 1 {
                    return Err(format!("I2: {conversation_id} has message {number} after {last}"));
                }
                *last = *number;
            }
            Event::VoiceRequested { requested: true, .. } => self.note("escalations"),
            Event::HeldChanged { .. } => self.note("holds"),
            Event::SessionAway { .. } => self.note("absences"),
            _ => {}
        }
        Ok(())
    }

    fn join(
        &mut self,
        conversation: &ConversationId,
        participant: &ParticipantId,
        who: (UserId, Role),
    ) -> Result<(), String> {
        self.ever.entry(conversation.clone()).or_default().insert(who.0.clone());
        let parties = self.parties.entry(conversation.clone()).or_default();
        if let Some(twice) = parties.values().find(|(user, role)| *user == who.0 || *role == who.1) {
            return Err(format!("I4: {who:?} came into {conversation}, where {twice:?} is"));
        }
        parties.insert(participant.clone(), who);
        Ok(())
    }

    fn note(&mut self, kind: &'static str) {
        *self.count.entry(kind).or_default() += 1;
    }
}
