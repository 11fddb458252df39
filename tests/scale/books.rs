//! Books kept from the facts alone, by other means than the exchange's own: who is where, who rings, who has how much.

use super::{network::is_number, people::People};
use jackfield_exchange::{AgentSettings, Callback, Event, Needs, NewConversation, NewOffer, Pending, Seat};
use jackfield_wire::{
    Channel, ConversationId, ConversationState, EndReason, Millis, MonitorMode, OfferId, OfferKind,
    OfferOutcome, OutboundStage, Part, ParticipantId, PendingKind, QueueId, Side, Target, UserId,
};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone)]
pub(crate) struct Party {
    pub(crate) user: UserId,
    pub(crate) seat: Seat,
    /// Whether it has a voice connection, and whether that is held.
    pub(crate) talks: bool,
    pub(crate) held: bool,
    /// The queue whose work after its part it does.
    pub(crate) wraps: Option<QueueId>,
}

impl Party {
    fn new(user: &UserId, seat: &Seat, talks: bool) -> Self {
        Self { user: user.clone(), seat: seat.clone(), talks, held: false, wraps: None }
    }

    /// Whether it serves the customer now.
    pub(crate) fn serves(&self) -> bool {
        self.seat.part == Part::Agent && self.wraps.is_none()
    }

    /// Whether a customer may know of it: not who listens or whispers, is asked for advice, or does the work after its part.
    fn is_public(&self) -> bool {
        let barges = self.seat.monitor.as_ref().is_some_and(|m| m.mode == MonitorMode::Barge);
        let seated = match self.seat.part {
            Part::Monitor => barges,
            Part::Consulted => false,
            _ => self.seat.side == Side::Main || self.seat.owner,
        };
        seated && self.wraps.is_none()
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Talk {
    pub(crate) number: u64,
    pub(crate) queue: QueueId,
    pub(crate) channel: Channel,
    pub(crate) state: ConversationState,
    /// Why it is over, where it is.
    pub(crate) reason: Option<EndReason>,
    pub(crate) arrived: Millis,
    /// Since when it is held to be waiting, and since when it has been in its queue.
    pub(crate) starts: Millis,
    pub(crate) queued: Millis,
    pub(crate) priority: u8,
    pub(crate) needs: Needs,
    /// How many steps of its timeline it has come through.
    pub(crate) ring: u8,
    pub(crate) customer: UserId,
    pub(crate) parties: BTreeMap<ParticipantId, Party>,
    pub(crate) offers: BTreeSet<OfferId>,
    pub(crate) paused: BTreeSet<UserId>,
    /// What was asked for and is not answered.
    pub(crate) pending: Option<Pending>,
    /// That its customer is to be called back.
    pub(crate) callback: Option<Callback>,
    /// How far it came, where an agent began it.
    pub(crate) outbound: Option<OutboundStage>,
    /// Agents who have been with it.
    pub(crate) served: BTreeSet<UserId>,
    /// Whom its customer may ever have known of.
    pub(crate) shown: BTreeSet<ParticipantId>,
    /// Changes with its place and its demands.
    pub(crate) edition: u64,
}

impl Talk {
    pub(crate) fn party_of(&self, user: &UserId) -> Option<&Party> {
        self.parties.values().find(|party| party.user == *user)
    }

    pub(crate) fn owner(&self) -> Option<&Party> {
        self.parties.values().find(|party| party.seat.owner)
    }

    /// Whether an agent calls its customer back, who has not answered yet.
    pub(crate) fn is_called_back(&self) -> bool {
        self.state == ConversationState::Active && self.callback.is_some()
    }

    /// Whether an agent began it, and its customer has not answered yet.
    pub(crate) fn is_unreached(&self) -> bool {
        self.outbound.is_some_and(|stage| stage != OutboundStage::Reached)
    }

    /// Whether its customer talks with a telephone number and nobody of the house serves it.
    pub(crate) fn is_outside(&self) -> bool {
        let on_the_line = |p: &Party| p.seat.part == Part::External && p.seat.side == Side::Main && p.talks;
        self.state == ConversationState::Active
            && self.owner().is_none()
            && self.parties.values().any(on_the_line)
    }

    pub(crate) fn waits(&self) -> bool {
        matches!(self.state, ConversationState::Queued | ConversationState::Offered)
    }

    /// Whether it waits, and it is not the time to call its customer back, or nobody would answer.
    pub(crate) fn is_aside(&self) -> bool {
        self.waits() && self.callback.as_ref().is_some_and(|c| c.at.is_some() || c.away_since.is_some())
    }

    /// The channels for which a colleague must have room: voice as well, where a chat became a call.
    pub(crate) fn channels(&self) -> Vec<Channel> {
        let called = self.owner().is_some_and(|owner| owner.talks);
        let both = called && self.channel == Channel::Chat;
        [self.channel].into_iter().chain(both.then_some(Channel::Voice)).collect()
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Offer {
    pub(crate) user: UserId,
    pub(crate) talk: ConversationId,
    pub(crate) kind: OfferKind,
    pub(crate) channel: Channel,
    pub(crate) made: Millis,
}

#[derive(Debug, Default)]
pub(crate) struct Books {
    pub(crate) people: People,
    pub(crate) talks: BTreeMap<ConversationId, Talk>,
    /// Those that wait and are not being offered.
    pub(crate) open: BTreeSet<ConversationId>,
    pub(crate) offers: BTreeMap<OfferId, Offer>,
    /// By user: the conversations it is in, and the offers it has.
    pub(crate) in_talks: BTreeMap<UserId, BTreeSet<ConversationId>>,
    pub(crate) rings: BTreeMap<UserId, BTreeSet<OfferId>>,
    /// Whose work or presence may be other than when this was last emptied; and which conversations.
    pub(crate) stirred: BTreeSet<UserId>,
    pub(crate) moved: BTreeSet<ConversationId>,
    /// Those whose offers have all ended and that wait again, since this was last emptied.
    pub(crate) returned: BTreeSet<ConversationId>,
    pub(crate) started: u64,
    pub(crate) closed: u64,
    pub(crate) counts: BTreeMap<String, u64>,
    /// What supervisors changed about agents.
    pub(crate) settings: BTreeMap<UserId, AgentSettings>,
}

/// What an agent has on its hands, by channel.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Load {
    pub(crate) voice: u32,
    pub(crate) chat: u32,
}

impl Load {
    fn add(&mut self, channel: Channel) {
        match channel {
            Channel::Voice => self.voice += 1,
            Channel::Chat => self.chat += 1,
        }
    }

    pub(crate) fn least(self, other: Self) -> Self {
        Self { voice: self.voice.min(other.voice), chat: self.chat.min(other.chat) }
    }

    pub(crate) fn of(self, channel: Channel) -> u32 {
        match channel {
            Channel::Voice => self.voice,
            Channel::Chat => self.chat,
        }
    }
}

/// What an agent has in hand, offers left out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Work {
    pub(crate) load: Load,
    pub(crate) in_call: bool,
    pub(crate) call_wrap_up: bool,
    pub(crate) wrap_ups: u32,
}

type Check = Result<(), String>;

impl Books {
    pub(crate) fn count(&mut self, what: &str) {
        match self.counts.get_mut(what) {
            Some(count) => *count += 1,
            None => drop(self.counts.insert(what.to_owned(), 1)),
        }
    }

    /// Takes a fact in. Gives what is wrong with it.
    pub(crate) fn note(&mut self, event: &Event, at: Millis) -> Check {
        let whose = self.people.note(event, at);
        self.stirred.extend(whose);
        if let Event::AgentChanged { user_id, settings } = event {
            self.settings.insert(user_id.clone(), settings.clone());
            self.stirred.insert(user_id.clone());
        }
        if let Some(id) = event.conversation() {
            self.moved.insert(id.clone());
            self.stir(id);
        }
        let noted = match event {
            Event::ConversationStarted(new) => self.start(new, at),
            Event::OfferMade(made) => self.ring(made, at),
            Event::OfferEnded { offer_id, outcome, pause_until, .. } => {
                self.stop_ringing(offer_id, *outcome, pause_until.is_some())
            }
            Event::SessionClosed { user_id, .. } => {
                self.forget(user_id);
                Ok(())
            }
            Event::ConversationClosed { conversation_id, .. } => self.close(conversation_id),
            of_talk => self.note_in_talk(of_talk, at),
        };
        if let Some(id) = event.conversation() {
            self.settle(id);
            self.stir(id);
        }
        noted
    }

    /// A customer is nobody's concern any more without a session, unless it is to be called back.
    fn forget(&mut self, user: &UserId) {
        let there = self.people.get(user).is_some_and(|person| person.is_signed_in());
        let waits = self.in_talks.get(user).is_some_and(|talks| !talks.is_empty());
        if super::eyes::is_customer(user) && !there && !waits {
            self.in_talks.remove(user);
            self.people.forget(user);
        }
    }

    fn stir(&mut self, id: &ConversationId) {
        let parties = self.talks.get(id).into_iter().flat_map(|talk| talk.parties.values());
        self.stirred.extend(parties.map(|party| party.user.clone()));
    }

    /// What follows from how a conversation stands now.
    fn settle(&mut self, id: &ConversationId) {
        let Some(talk) = self.talks.get_mut(id) else {
            self.open.remove(id);
            return;
        };
        let shown = talk.parties.iter().filter(|(_, party)| party.is_public());
        talk.shown.extend(shown.map(|(id, _)| id.clone()).collect::<Vec<_>>());
        if talk.state == ConversationState::Queued && !talk.is_aside() {
            self.open.insert(id.clone());
        } else {
            self.open.remove(id);
        }
    }

    fn start(&mut self, new: &NewConversation, at: Millis) -> Check {
        self.started += 1;
        let talks = new.channel == Channel::Voice;
        let party = Party::new(&new.who.user_id, &Seat::customer(), talks);
        let begun = new.outbound.is_some();
        // The customer comes in when it is called.
        let parties = if begun { BTreeMap::new() } else { [(new.participant_id.clone(), party)].into() };
        let talk = Talk {
            number: self.started,
            queue: new.queue_id.clone(),
            channel: new.channel,
            state: if begun { ConversationState::Active } else { ConversationState::Queued },
            reason: None,
            arrived: at,
            starts: new.virtual_start.unwrap_or(at),
            queued: at,
            priority: new.priority,
            needs: new.needs.clone(),
            ring: 0,
            customer: new.who.user_id.clone(),
            parties,
            offers: BTreeSet::new(),
            paused: BTreeSet::new(),
            pending: None,
            callback: None,
            outbound: new.outbound.as_ref().map(|outbound| outbound.progress.stage),
            served: BTreeSet::new(),
            shown: BTreeSet::new(),
            edition: 0,
        };
        let id = new.conversation_id.clone();
        if !begun {
            self.in_talks.entry(new.who.user_id.clone()).or_default().insert(id.clone());
        }
        match self.talks.insert(id, talk) {
            None => Ok(()),
            Some(_) => Err(format!("{} began twice", new.conversation_id)),
        }
    }

    /// No double offer: what rings for one conversation at once was made at once, for different agents; and an agent is asked for one at a time.
    fn ring(&mut self, made: &NewOffer, at: Millis) -> Check {
        let (id, talk_id) = (made.offer_id.clone(), made.conversation_id.clone());
        let proposed = made.kind == OfferKind::Conversation;
        let open = self.rings.entry(made.user_id.clone()).or_default();
        if proposed && open.iter().any(|open| self.offers[open].kind == OfferKind::Conversation) {
            return Err(format!("{} is asked for {talk_id} while another rings", made.user_id));
        }
        open.insert(id.clone());
        let talk =
            self.talks.get_mut(&talk_id).ok_or_else(|| format!("{id} offers {talk_id}, which is over"))?;
        for other in talk.offers.iter().map(|id| &self.offers[id]) {
            if other.kind != made.kind || other.user == made.user_id || other.made != at {
                let (now, then) = (&made.user_id, &other.user);
                return Err(format!("{talk_id} is offered to {now} and rings for {then} still"));
            }
        }
        let several = !talk.offers.is_empty();
        if proposed {
            talk.state = ConversationState::Offered;
        }
        talk.offers.insert(id.clone());
        let number = id.as_str().trim_start_matches(|c: char| !c.is_ascii_digit());
        self.people.get_mut(&made.user_id).last_offer = number.parse().unwrap_or(u64::MAX);
        self.stirred.insert(made.user_id.clone());
        let (user, kind, channel) = (made.user_id.clone(), made.kind, made.channel);
        let kind_name = serde_json::to_value(kind).unwrap_or_default();
        self.count(&format!("offerMade {}", kind_name.as_str().unwrap_or_default()));
        if several {
            self.count("offered to several");
        }
        self.offers.insert(id, Offer { user, talk: talk_id, kind, channel, made: at });
        Ok(())
    }

    fn stop_ringing(&mut self, id: &OfferId, outcome: OfferOutcome, paused: bool) -> Check {
        let offer = self.offers.remove(id).ok_or_else(|| format!("{id} ended and was not open"))?;
        self.rings.entry(offer.user.clone()).or_default().remove(id);
        self.stirred.insert(offer.user.clone());
        let [kind, outcome] = [serde_json::to_value(offer.kind), serde_json::to_value(outcome)]
            .map(|word| word.unwrap_or_default().as_str().unwrap_or_default().to_owned());
        self.count(&format!("{kind} {outcome}"));
        let talk =
            self.talks.get_mut(&offer.talk).ok_or_else(|| format!("{id} outlived its conversation"))?;
        talk.offers.remove(id);
        if paused {
            talk.paused.insert(offer.user);
        }
        if talk.state == ConversationState::Offered && talk.offers.is_empty() {
            talk.state = ConversationState::Queued;
            self.returned.insert(offer.talk);
        }
        Ok(())
    }

    fn close(&mut self, id: &ConversationId) -> Check {
        let talk = self.talks.remove(id).ok_or_else(|| format!("{id} closed twice"))?;
        self.closed += 1;
        if !talk.offers.is_empty() {
            return Err(format!("{id} closed while it rings"));
        }
        for party in talk.parties.values() {
            self.in_talks.entry(party.user.clone()).or_default().remove(id);
            self.forget(&party.user);
        }
        if talk.served.len() > 1 {
            self.count("passed to another");
        }
        Ok(())
    }

    fn note_in_talk(&mut self, event: &Event, at: Millis) -> Check {
        let Some(id) = event.conversation() else { return Ok(()) };
        let talk = self.talks.get_mut(id).ok_or_else(|| format!("{event:?}: there is no {id}"))?;
        match event {
            Event::StateChanged { state, reason, .. } => {
                (talk.state, talk.reason) = (*state, reason.or(talk.reason));
                talk.paused.clear();
                let state = serde_json::to_value(state).unwrap_or_default();
                self.count(&format!("to {}", state.as_str().unwrap_or_default()));
            }
            Event::PauseEnded { user_id, .. } => drop(talk.paused.remove(user_id)),
            Event::PendingChanged { kind, pending, outcome, .. } => {
                let before = std::mem::replace(&mut talk.pending, pending.clone());
                let number = before.is_some_and(|asked| matches!(asked.target, Target::Number { .. }));
                let asked = [serde_json::to_value(kind), serde_json::to_value(outcome)];
                let [kind, outcome] = asked.map(|word| word.unwrap_or_default());
                let Some((kind, outcome)) = kind.as_str().zip(outcome.as_str()) else { return Ok(()) };
                if number {
                    self.count(&format!("number {kind} {outcome}"));
                }
                if ["voice", "callback", "outbound"].contains(&kind) {
                    self.count(&format!("{kind} {outcome}"));
                }
            }
            Event::OutboundChanged { progress, .. } => talk.outbound = Some(progress.stage),
            Event::Dialed { participant_id, customer, .. } => {
                let whom = UserId::parse(&format!("external:{participant_id}")).map_err(|e| e.to_string())?;
                let (part, side) = (Part::External, Side::Consult);
                let beside = Seat { part, side, owner: false, monitor: None };
                let seat = if *customer { Seat::customer() } else { beside };
                talk.parties.insert(participant_id.clone(), Party::new(&whom, &seat, false));
            }
            Event::ParticipantLeft { participant_id, user_id, reason, .. } if is_number(user_id) => {
                talk.parties.remove(participant_id);
                let reason = serde_json::to_value(reason).unwrap_or_default();
                self.count(&format!("number {}", reason.as_str().unwrap_or_default()));
            }
            Event::CallbackChanged { callback, virtual_start, .. } => {
                talk.callback.clone_from(callback);
                talk.starts = virtual_start.unwrap_or(talk.starts);
                talk.edition += 1;
            }
            Event::Routed(routing) => {
                talk.queue = routing.queue_id.clone();
                let (queued, ring) = routing.stays.map_or((at, 0), |stays| (stays.since, stays.ring));
                (talk.starts, talk.queued, talk.ring) = (routing.virtual_start, queued, ring);
                (talk.priority, talk.needs) = (routing.priority, routing.needs.clone());
                talk.edition += 1;
            }
            Event::Prioritized { priority, virtual_start, .. } => {
                (talk.priority, talk.starts) = (*priority, *virtual_start);
            }
            Event::AgentPassed { .. } => {
                (talk.needs.agent, talk.ring) = (None, 0);
                talk.edition += 1;
            }
            Event::RingReached { ring, .. } => {
                talk.ring = *ring;
                talk.edition += 1;
            }
            Event::ParticipantJoined { participant_id, who, voice, seat, .. } => {
                let party = Party::new(&who.user_id, seat, voice.is_some());
                if seat.owner {
                    talk.parties.values_mut().for_each(|party| party.seat.owner = false);
                    talk.served.insert(who.user_id.clone());
                }
                talk.parties.insert(participant_id.clone(), party);
                self.in_talks.entry(who.user_id.clone()).or_default().insert(id.clone());
                self.people.get_mut(&who.user_id).idle_since = at;
            }
            Event::ParticipantLeft { participant_id, user_id, .. } => {
                talk.parties.remove(participant_id);
                self.in_talks.entry(user_id.clone()).or_default().remove(id);
                self.people.get_mut(user_id).idle_since = at;
                self.stirred.insert(user_id.clone());
                self.forget(user_id);
            }
            of_party => note_of_party(talk, of_party),
        }
        Ok(())
    }

    /// What an agent has in hand: a conversation takes its channel, a chat with a call in it both. Who monitors takes no customer's place, what is
    /// parked is nobody's work, and the work after a part keeps the room.
    pub(crate) fn work(&self, user: &UserId) -> Work {
        let mut work = Work::default();
        let talks = self.in_talks.get(user).into_iter().flatten().filter_map(|id| self.talks.get(id));
        for (talk, party) in talks.filter_map(|talk| Some((talk, talk.party_of(user)?))) {
            let (voice, wraps) = (talk.channel == Channel::Voice, party.wraps.is_some());
            if party.seat.part == Part::Monitor {
                work.in_call |= party.talks;
            } else if wraps || talk.state != ConversationState::Parked {
                work.load.add(talk.channel);
                if !voice && party.talks {
                    work.load.add(Channel::Voice);
                }
                work.wrap_ups += u32::from(wraps);
                work.call_wrap_up |= wraps && voice;
                work.in_call |= !wraps && (voice || party.talks);
            }
        }
        work
    }

    /// What an agent has on its hands, with what rings.
    pub(crate) fn load(&self, user: &UserId) -> Load {
        let mut load = self.work(user).load;
        self.rings.get(user).into_iter().flatten().for_each(|offer| load.add(self.offers[offer].channel));
        // Who asks its customer to talk keeps a place for the call.
        let talks = self.in_talks.get(user).into_iter().flatten().filter_map(|id| self.talks.get(id));
        let asks = talks.filter(|talk| {
            let asked = talk.pending.as_ref().filter(|pending| pending.kind == PendingKind::Voice);
            asked.and_then(|asked| talk.parties.get(&asked.by)).is_some_and(|by| by.user == *user)
        });
        asks.for_each(|_| load.add(Channel::Voice));
        load
    }
}

fn note_of_party(talk: &mut Talk, event: &Event) {
    let queue = talk.queue.clone();
    match event {
        Event::SeatChanged { participant_id, seat, .. } => {
            if seat.owner {
                talk.parties.values_mut().for_each(|party| party.seat.owner = false);
            }
            if let Some(party) = talk.parties.get_mut(participant_id) {
                party.seat = seat.clone();
                if seat.owner {
                    talk.served.insert(party.user.clone());
                }
            }
        }
        Event::WrapUpBegan { participant_id, .. } => {
            if let Some(party) = talk.parties.get_mut(participant_id) {
                party.wraps = Some(queue);
                (party.seat.owner, party.seat.side) = (false, Side::Main);
            }
        }
        Event::VoiceJoined { participant_id, .. } => set(talk, participant_id, |p| p.talks = true),
        Event::VoiceLeft { participant_id, .. } => {
            set(talk, participant_id, |p| (p.talks, p.held) = (false, false));
        }
        Event::HeldChanged { participant_id, held, .. } => set(talk, participant_id, |p| p.held = *held),
        _ => {}
    }
}

fn set(talk: &mut Talk, participant: &ParticipantId, change: impl FnOnce(&mut Party)) {
    if let Some(party) = talk.parties.get_mut(participant) {
        change(party);
    }
}
