//! Calls as the media plane sees them: rooms with legs, and who comes in which slot.

use super::{Output, Switchboard, outbox::Told, requests::Purpose, sessions::Slot, text_of};
use crate::PatchLeg;
use jackfield_wire::{ConversationId, Outcome, ServerFrame, SessionId, Signal, WireError};
use std::collections::BTreeMap;

/// The calls of a tenant, as the media plane was told of them.
#[derive(Debug, Default)]
pub(super) struct Rooms {
    rooms: BTreeMap<ConversationId, Vec<PatchLeg>>,
    of: BTreeMap<SessionId, Vec<ConversationId>>,
}

impl Rooms {
    /// Sets a call's legs. Gives what the media plane is to be told, if they are others than before.
    pub(super) fn set(&mut self, conversation: &ConversationId, legs: Vec<PatchLeg>) -> Option<Output> {
        let before = self.rooms.get(conversation).map_or(&[][..], Vec::as_slice);
        if before == legs {
            return None;
        }
        for leg in before {
            if let Some(list) = self.of.get_mut(&leg.session) {
                list.retain(|other| other != conversation);
                if list.is_empty() {
                    self.of.remove(&leg.session);
                }
            }
        }
        for leg in &legs {
            self.of.entry(leg.session.clone()).or_default().push(conversation.clone());
        }
        let conversation = conversation.clone();
        if legs.is_empty() {
            self.rooms.remove(&conversation);
            return Some(Output::ClearRoom { conversation });
        }
        self.rooms.insert(conversation.clone(), legs.clone());
        Some(Output::SetRoom { conversation, legs })
    }

    /// All calls.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&ConversationId, &Vec<PatchLeg>)> {
        self.rooms.iter()
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
        self.of.get(listener)?.iter().find_map(|conversation| {
            let leg = self.rooms.get(conversation)?.iter().find(|leg| leg.session == *speaker)?;
            Some((conversation, leg))
        })
    }
}

impl Switchboard {
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
        }
    }

    #[test]
    fn tells_of_a_room_only_when_it_is_another() {
        let mut rooms = Rooms::default();
        let call = ConversationId::parse("c1").unwrap();
        let (a, b) = (SessionId::parse("a").unwrap(), SessionId::parse("b").unwrap());
        assert_eq!(rooms.set(&call, vec![]), None);
        let legs = vec![leg("a", false), leg("b", false)];
        assert!(matches!(rooms.set(&call, legs.clone()), Some(Output::SetRoom { .. })));
        assert_eq!(rooms.set(&call, legs), None);
        assert_eq!(rooms.heard(&a, &b).map(|(_, leg)| leg.participant.as_str()), Some("p-b"));
        assert!(matches!(rooms.set(&call, vec![leg("a", true)]), Some(Output::SetRoom { .. })));
        assert!(rooms.heard(&a, &b).is_none() && !rooms.has(&b));
        assert!(matches!(rooms.set(&call, vec![]), Some(Output::ClearRoom { .. })));
        assert!(rooms.of.is_empty() && rooms.rooms.is_empty());
    }
}
