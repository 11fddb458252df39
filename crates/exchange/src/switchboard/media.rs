//! Calls as the media plane sees them: rooms with legs, and who comes in which slot.

use super::{Output, Switchboard, outbox::Told, requests::Purpose, sessions::Slot, text_of};
use crate::{
    Event, Exchange, ExternalNews, Order, PatchLeg,
    decide::external::{is_reserved, leg_of},
};
use jackfield_wire::{ConversationId, Outcome, ServerFrame, SessionId, Side, Signal, WireError};
use std::collections::BTreeMap;

/// A room of the media plane: one side of a conversation.
pub(super) type Room = (ConversationId, Side);

/// The calls of a tenant, as the media plane was told of them.
#[derive(Debug, Default)]
pub(super) struct Rooms {
    rooms: BTreeMap<Room, Vec<PatchLeg>>,
    of: BTreeMap<SessionId, Vec<Room>>,
}

impl Rooms {
    /// Sets the legs of one side of a call. Gives what the media plane is to be told, if they are others than before.
    pub(super) fn set(
        &mut self,
        conversation: &ConversationId,
        side: Side,
        legs: Vec<PatchLeg>,
    ) -> Option<Output> {
        let room = (conversation.clone(), side);
        let before = self.rooms.get(&room).map_or(&[][..], Vec::as_slice);
        if before == legs {
            return None;
        }
        for leg in before {
            if let Some(list) = self.of.get_mut(&leg.session) {
                list.retain(|other| *other != room);
                if list.is_empty() {
                    self.of.remove(&leg.session);
                }
            }
        }
        for leg in &legs {
            self.of.entry(leg.session.clone()).or_default().push(room.clone());
        }
        let conversation = conversation.clone();
        if legs.is_empty() {
            self.rooms.remove(&room);
            return Some(Output::ClearRoom { conversation, side });
        }
        self.rooms.insert(room, legs.clone());
        Some(Output::SetRoom { conversation, side, legs })
    }

    /// Sets both sides of a call as the exchange has them now. A leg that changes sides leaves one before it comes into the other.
    pub(super) fn set_both(&mut self, exchange: &Exchange, conversation: &ConversationId) -> Vec<Output> {
        let mut sides =
            Side::ALL.iter().map(|&side| (side, exchange.legs(conversation, side))).collect::<Vec<_>>();
        let grows = |(side, legs): &(Side, Vec<PatchLeg>)| {
            legs.len() > self.rooms.get(&(conversation.clone(), *side)).map_or(0, Vec::len)
        };
        sides.sort_by_key(grows);
        sides.into_iter().filter_map(|(side, legs)| self.set(conversation, side, legs)).collect()
    }

    /// All calls.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&Room, &Vec<PatchLeg>)> {
        self.rooms.iter()
    }

    /// The conversations with a call.
    pub(super) fn conversations(&self) -> Vec<ConversationId> {
        let mut all: Vec<_> = self.rooms.keys().map(|(conversation, _)| conversation.clone()).collect();
        all.dedup();
        all
    }

    /// Whether a session has a leg in any call.
    pub(super) fn has(&self, session: &SessionId) -> bool {
        self.of.contains_key(session)
    }

    /// How many calls there are.
    pub(super) fn len(&self) -> usize {
        self.rooms.len()
    }

    /// As whom `listener` hears `speaker`: the call both are in, and the speaker's leg.
    fn heard(&self, listener: &SessionId, speaker: &SessionId) -> Option<(&ConversationId, &PatchLeg)> {
        self.of.get(listener)?.iter().find_map(|room| {
            let leg = self.rooms.get(room)?.iter().find(|leg| leg.session == *speaker)?;
            Some((&room.0, leg))
        })
    }
}

impl Switchboard {
    /// What the telephone network is to do by a fact.
    pub(super) fn call_outside(&mut self, event: &Event) {
        let output = match event {
            Event::Dialed { conversation_id, participant_id, number, .. } => Output::Dial {
                conversation: conversation_id.clone(),
                participant: participant_id.clone(),
                leg: leg_of(participant_id),
                number: number.clone(),
            },
            Event::ParticipantLeft { conversation_id, participant_id, user_id, .. }
                if is_reserved(user_id.as_str()) =>
            {
                let (conversation, participant) = (conversation_id.clone(), participant_id.clone());
                Output::EndCall { conversation, participant }
            }
            _ => return,
        };
        self.outbox.tell(Told::Do(output));
    }

    /// No call outlives the process that carried its audio: at a start, all of them are over.
    pub(super) fn end_calls(&mut self) {
        for (conversation, participant) in self.exchange.numbers() {
            let news = ExternalNews::HungUp;
            // Never refused.
            let _ = self.order(&Order::External { conversation, participant, news });
        }
    }

    /// The media plane has answered an offer.
    pub(super) fn media_answered(&mut self, request: u64, result: Result<String, WireError>) {
        if let Some(Purpose::Media { session, id, digest }) = self.requests.take(request) {
            let outcome = result.map(|sdp| Outcome::MediaAnswer { sdp });
            self.finish_waiting(&session, &id, digest, outcome);
        }
    }

    /// Others are heard in a session's slots now.
    pub(super) fn media_slots(&mut self, session: &SessionId, slots: Vec<Option<SessionId>>) {
        let Some(slot) = self.sessions.slot(session) else { return };
        if let Some(session) = self.sessions.get_mut(slot) {
            session.slots = slots;
        }
        if let Some(signal) = self.slots_signal(slot) {
            self.signal(slot, signal);
        }
    }

    /// A session's voice connection came up or is lost.
    pub(super) fn media_state(&mut self, session: &SessionId, connected: bool) {
        let Some(slot) = self.sessions.slot(session) else { return };
        if let Some(session) = self.sessions.get_mut(slot) {
            session.media = Some(connected);
        }
        self.signal(slot, Signal::Media { connected });
    }

    /// A session's slots in the wire's terms: conversations and participants. The media plane knows neither.
    pub(super) fn slots_signal(&self, slot: Slot) -> Option<Signal> {
        let session = self.sessions.get(slot)?;
        let named = |speaker: &SessionId| {
            let (conversation, leg) = self.rooms.heard(session.id(), speaker)?;
            Some(jackfield_wire::Slot {
                conversation_id: conversation.clone(),
                participant_id: leg.participant.clone(),
            })
        };
        let slots = session.slots.iter().map(|speaker| speaker.as_ref().and_then(named)).collect();
        Some(Signal::Slots { slots })
    }

    /// Tells a session something of the moment, if it is there.
    fn signal(&mut self, slot: Slot, signal: Signal) {
        if let Some(connection) = self.sessions.get(slot).and_then(|session| session.connection()) {
            let text = text_of(&ServerFrame::Signal { signal });
            self.outbox.tell(Told::Frame { connection, text });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jackfield_wire::ParticipantId;

    fn leg(session: &str, held: bool) -> PatchLeg {
        PatchLeg {
            session: SessionId::parse(session).unwrap(),
            participant: ParticipantId::parse(&format!("p-{session}")).unwrap(),
            held,
            muted: false,
            role: crate::PatchRole::Talker,
        }
    }

    #[test]
    fn tells_of_a_room_only_when_it_is_another() {
        let mut rooms = Rooms::default();
        let call = ConversationId::parse("c1").unwrap();
        let (a, b) = (SessionId::parse("a").unwrap(), SessionId::parse("b").unwrap());
        assert_eq!(rooms.set(&call, Side::Main, vec![]), None);
        let legs = vec![leg("a", false), leg("b", false)];
        assert!(matches!(rooms.set(&call, Side::Main, legs.clone()), Some(Output::SetRoom { .. })));
        assert_eq!(rooms.set(&call, Side::Main, legs), None);
        assert_eq!(rooms.heard(&a, &b).map(|(_, leg)| leg.participant.as_str()), Some("p-b"));
        assert!(matches!(rooms.set(&call, Side::Main, vec![leg("a", true)]), Some(Output::SetRoom { .. })));
        assert!(rooms.heard(&a, &b).is_none() && !rooms.has(&b));
        assert!(matches!(rooms.set(&call, Side::Main, vec![]), Some(Output::ClearRoom { .. })));
        assert!(rooms.of.is_empty() && rooms.rooms.is_empty());
    }
}
