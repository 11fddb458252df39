//! From a fact to those it concerns: apply it, project it, number it.

use super::{
    Asked, BodyRow, Entry, Output, Storage, Switchboard, outbox::Told, ring::Kept, session::Session,
    sessions::Slot,
};
use crate::{Decision, Event, FloorDelta, FloorScope, Identity, Order};
use jackfield_wire::{Code, ConversationId, Millis, Outcome, ServerEvent, SessionId, WireError};
use std::{collections::BTreeSet, sync::Arc};

/// More steps than a state of any size needs to settle. A rule that never settles must not hang the gateway.
const STEPS: usize = 100_000;

/// How long to wait before asking again for a deadline that has passed and brought nothing.
const STALE_DEADLINE_MS: Millis = 100;

impl Switchboard {
    /// Decides on an order and does what comes of it.
    pub(super) fn order(&mut self, order: &Order) -> Result<Outcome, WireError> {
        let Decision { events, outcome } = self.exchange.decide(order, self.now)?;
        self.enact(Entry { at: self.now, asked: None, outcome: None, facts: Vec::new(), events });
        Ok(outcome)
    }

    /// Makes the facts of an entry true, tells of them and puts it in the journal. An entry without anything in it is dropped.
    pub(super) fn enact(&mut self, entry: Entry) {
        if entry.events.is_empty() && entry.facts.is_empty() {
            return;
        }
        self.outbox.begin();
        let mut touched = BTreeSet::new();
        for event in &entry.events {
            self.happen(event, entry.at);
            if event.touches_legs() {
                touched.extend(event.conversation().cloned());
            }
        }
        self.unsettled |= !entry.events.is_empty();
        for conversation in touched {
            self.set_room(&conversation);
        }
        self.outbox.record(entry);
    }

    /// What follows by itself, until nothing more does.
    pub(super) fn settle(&mut self) {
        let due = self.exchange.deadline().is_some_and(|at| at <= self.now);
        if self.storage != Storage::Good || !(self.unsettled || due) {
            return;
        }
        for _ in 0..STEPS {
            let events = self.exchange.advance(self.now);
            if events.is_empty() {
                break;
            }
            self.enact(Entry { at: self.now, asked: None, outcome: None, facts: Vec::new(), events });
        }
        self.unsettled = false;
    }

    /// When the exchange has something to do by the clock.
    pub(super) fn settle_deadline(&self) -> Option<Millis> {
        if self.storage != Storage::Good {
            return None;
        }
        self.exchange.deadline().map(|at| if at <= self.now { self.now + STALE_DEADLINE_MS } else { at })
    }

    /// Takes one fact in and tells those it concerns.
    fn happen(&mut self, event: &Event, at: Millis) {
        self.exchange.apply(event, at);
        self.note(event);
        match event {
            Event::ConversationStarted(new) => {
                self.messages.begin(&new.conversation_id, self.outbox.newest_batch());
            }
            Event::OfferMade(offer) => self.read_ahead(&offer.conversation_id),
            Event::OfferEnded { conversation_id, .. } => {
                self.messages.set_offered(conversation_id, false);
            }
            _ => {}
        }
        if let Some(body) = event.body() {
            if let BodyRow::Message { conversation, message } = &body {
                self.messages.add(conversation, message.clone(), self.outbox.newest_batch());
            }
            self.outbox.record_body(body);
        }
        self.tell(event, at);
        self.call_outside(event);
        if let Event::SessionClosed { session, .. } = event {
            self.session_over(session);
        }
    }

    /// Keeps the switchboard's own tables in step with a fact. Also at replay, when nobody is told.
    pub(super) fn note(&mut self, event: &Event) {
        match event {
            Event::SessionOpened { session, who } => self.session_opened(session, who),
            Event::SessionAway { session } => self.set_away(session, true),
            Event::SessionReturned { session } => self.set_away(session, false),
            Event::ConversationClosed { conversation_id, .. } => self.messages.forget(conversation_id),
            _ => {}
        }
    }

    /// Takes a closed session out, and tells its connection and the media plane.
    fn session_over(&mut self, session: &SessionId) {
        let Some(slot) = self.sessions.slot(session) else { return };
        if let Some(attached) = self.sessions.detach(slot) {
            self.outbox.tell(Told::Close { connection: attached.connection, code: Code::SignedOut });
        }
        self.sessions.remove(slot);
        self.outbox.tell(Told::Do(Output::CloseMedia { session: session.clone() }));
    }

    fn session_opened(&mut self, session: &SessionId, who: &Identity) {
        if self.sessions.slot(session).is_none() {
            let burst = self.settings.command_burst;
            self.sessions.insert(Session::new(
                who.user_id.clone(),
                session.clone(),
                who.role,
                burst,
                self.now,
            ));
        }
    }

    fn set_away(&mut self, session: &SessionId, away: bool) {
        if let Some(session) = self.sessions.slot(session).and_then(|slot| self.sessions.get_mut(slot)) {
            session.away = away;
        }
    }

    /// Projects a fact for each session it concerns. What several are told alike is written once and shared.
    fn tell(&mut self, event: &Event, at: Millis) {
        let mut slots = Vec::new();
        self.sessions.audience(&self.exchange.audience(event), &mut slots);
        let mut texts = Texts::default();
        for slot in slots {
            let Some(viewer) = self.sessions.get(slot).map(|s| &s.viewer) else { continue };
            let (told, rest) =
                (self.exchange.project(viewer, event), self.exchange.project_rest(viewer, event));
            let Some(mut told) = told else { continue };
            if let ServerEvent::ConversationAdded { conversation } = &mut told {
                self.put_newest(slot, std::slice::from_mut(conversation));
            }
            for told in std::iter::once(told).chain(rest) {
                if let Some(body) = texts.share(told) {
                    self.tell_event(slot, at, body);
                }
            }
        }
    }

    /// Tells the sessions that watch the floor what is other there, not more often than they want to know.
    pub(super) fn tell_floor(&mut self) {
        if self.now < self.floor_told.saturating_add(u64::from(self.settings.floor_every_ms)) {
            return;
        }
        if !self.sessions.floor_is_watched() {
            return self.exchange.forget_floor_changes();
        }
        let slots: Vec<_> = self.sessions.floor().collect();
        let viewers = slots.iter().filter_map(|slot| self.sessions.get(*slot)).map(|session| &session.viewer);
        let Some(delta) = self.exchange.take_floor_changes(self.now, viewers) else { return };
        self.floor_told = self.now;
        for (slot, body) in self.floor_bodies(&slots, &delta) {
            self.tell_event(slot, self.now, body);
        }
    }

    /// What each watcher is told. Those who watch the same are told the same: filtered and written once.
    fn floor_bodies(&self, slots: &[Slot], delta: &FloorDelta) -> Vec<(Slot, Arc<str>)> {
        let mut known: Vec<(FloorScope<'_>, Option<Arc<str>>)> = Vec::new();
        let mut bodies = Vec::new();
        for &slot in slots {
            let Some(viewer) = self.sessions.get(slot).map(|session| &session.viewer) else { continue };
            let Some(scope) = self.exchange.floor_scope(viewer) else { continue };
            let body = match known.iter().find(|(same, _)| same.is_same_as(&scope)) {
                Some((_, body)) => body.clone(),
                None => {
                    let told = self.exchange.project_floor(viewer, delta);
                    let body = told.and_then(|told| jackfield_wire::encode(&told).ok()).map(Arc::from);
                    if known.len() < Texts::MOST {
                        known.push((scope, body.clone()));
                    }
                    body
                }
            };
            bodies.extend(body.map(|body| (slot, body)));
        }
        bodies
    }

    /// Numbers an event for a session, keeps it for a resume, and sends it if somebody is there.
    fn tell_event(&mut self, slot: Slot, at: Millis, body: Arc<str>) {
        let (most, most_bytes) = (self.settings.ring_events, self.settings.ring_bytes);
        let Some(session) = self.sessions.get_mut(slot) else { return };
        let kept = Kept { at, body: body.clone(), batch: self.outbox.newest_batch() };
        let seq = session.ring.push(kept, most, most_bytes);
        if let Some(connection) = session.connection() {
            self.outbox.tell(Told::Event { connection, seq, at, body });
        }
    }

    /// Sets the media plane's room as the legs of a conversation are now, if they are others than before.
    pub(super) fn set_room(&mut self, conversation: &ConversationId) {
        for output in self.rooms.set_both(&self.exchange, conversation) {
            self.outbox.tell(Told::Do(output));
        }
    }
}

/// An entry that answers a command.
pub(super) fn answering(asked: Asked, outcome: &Outcome, at: Millis, events: Vec<Event>) -> Entry {
    Entry { at, asked: Some(asked), outcome: Some(outcome.clone()), facts: Vec::new(), events }
}

/// The different things told of one fact, as text. There are few: all who watch are told the same. Where everybody is told something of
/// its own (places in line), looking through all of them would take longer than writing.
#[derive(Default)]
struct Texts {
    known: Vec<(ServerEvent, Arc<str>)>,
}

impl Texts {
    const MOST: usize = 4;

    fn share(&mut self, told: ServerEvent) -> Option<Arc<str>> {
        if let Some((_, text)) = self.known.iter().find(|(known, _)| *known == told) {
            return Some(text.clone());
        }
        let text: Arc<str> = jackfield_wire::encode(&told).ok()?.into();
        if self.known.len() < Self::MOST {
            self.known.push((told, text.clone()));
        }
        Some(text)
    }
}
