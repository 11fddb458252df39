//! Books kept from the facts alone, by other means than the exchange's own: who is where, who rings, who has how much.

use jackfield_exchange::Event;
use jackfield_wire::{
    Availability, Channel, ConversationId, ConversationState, Millis, OfferId, OfferKind, OfferOutcome,
    ParticipantId, QueueId, UserId,
};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone)]
pub(crate) struct Party {
    pub(crate) user: UserId,
    pub(crate) talks: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Talk {
    pub(crate) number: u64,
    pub(crate) queue: QueueId,
    pub(crate) channel: Channel,
    pub(crate) state: ConversationState,
    pub(crate) arrived: Millis,
    pub(crate) customer: UserId,
    pub(crate) parties: BTreeMap<ParticipantId, Party>,
    pub(crate) offers: BTreeSet<OfferId>,
    pub(crate) paused: BTreeSet<UserId>,
    /// The one agent it is for, for as long: who parked it gets it back first.
    pub(crate) only: Option<UserId>,
    /// Agents who have been with it.
    pub(crate) served: BTreeSet<UserId>,
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
    pub(crate) talks: BTreeMap<ConversationId, Talk>,
    pub(crate) offers: BTreeMap<OfferId, Offer>,
    /// By user: the conversations it is in, and the offers it has.
    pub(crate) in_talks: BTreeMap<UserId, BTreeSet<ConversationId>>,
    pub(crate) rings: BTreeMap<UserId, BTreeSet<OfferId>>,
    /// Who has chosen to be available and is there, however much it has in hand.
    pub(crate) available: BTreeSet<UserId>,
    wishes: BTreeSet<UserId>,
    there: BTreeSet<UserId>,
    /// Who did not answer, and is offered nothing for a while.
    aside: BTreeSet<UserId>,
    pub(crate) started: u64,
    pub(crate) closed: u64,
    pub(crate) counts: BTreeMap<String, u64>,
}

/// What an agent has on its hands.
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
}

type Check = Result<(), String>;

fn put(set: &mut BTreeSet<UserId>, user: &UserId, is_in: bool) {
    if is_in {
        set.insert(user.clone());
    } else {
        set.remove(user);
    }
}

impl Books {
    pub(crate) fn count(&mut self, what: &str) {
        match self.counts.get_mut(what) {
            Some(count) => *count += 1,
            None => drop(self.counts.insert(what.to_owned(), 1)),
        }
    }

    /// Takes a fact in. Gives what is wrong with it.
    pub(crate) fn note(&mut self, event: &Event, at: Millis) -> Check {
        match event {
            Event::ConversationStarted(new) => self.start(new, at),
            Event::OfferMade(made) => self.ring(made, at),
            Event::OfferEnded { offer_id, outcome, pause_until, .. } => {
                self.stop_ringing(offer_id, *outcome, pause_until.is_some())
            }
            Event::PresenceWished { user_id, availability, .. } => {
                self.aside.remove(user_id);
                put(&mut self.wishes, user_id, *availability == Availability::Available);
                self.may_be_asked(user_id)
            }
            Event::OffersPaused { user_id, .. } | Event::OffersResumed { user_id } => {
                put(&mut self.aside, user_id, matches!(event, Event::OffersPaused { .. }));
                self.may_be_asked(user_id)
            }
            Event::PresenceChanged { user_id, availability, .. } => {
                // Work in hand shows as busy; with a call it may interrupt chats.
                let there = matches!(availability, Availability::Available | Availability::Busy);
                put(&mut self.there, user_id, there);
                self.may_be_asked(user_id)
            }
            Event::SessionClosed { user_id, .. } if user_id.as_str().starts_with("kim") => {
                self.in_talks.remove(user_id);
                Ok(())
            }
            Event::ConversationClosed { conversation_id, .. } => self.close(conversation_id),
            of_talk => self.note_in_talk(of_talk),
        }
    }

    fn may_be_asked(&mut self, user: &UserId) -> Check {
        let may = self.wishes.contains(user) && self.there.contains(user) && !self.aside.contains(user);
        put(&mut self.available, user, may);
        Ok(())
    }

    fn start(&mut self, new: &jackfield_exchange::NewConversation, at: Millis) -> Check {
        self.started += 1;
        let talks = new.channel == Channel::Voice;
        let party = Party { user: new.who.user_id.clone(), talks };
        let talk = Talk {
            number: self.started,
            queue: new.queue_id.clone(),
            channel: new.channel,
            state: ConversationState::Queued,
            arrived: at,
            customer: new.who.user_id.clone(),
            parties: BTreeMap::from([(new.participant_id.clone(), party)]),
            offers: BTreeSet::new(),
            paused: BTreeSet::new(),
            only: None,
            served: BTreeSet::new(),
        };
        let id = new.conversation_id.clone();
        self.in_talks.entry(new.who.user_id.clone()).or_default().insert(id.clone());
        match self.talks.insert(id, talk) {
            None => Ok(()),
            Some(_) => Err(format!("{} began twice", new.conversation_id)),
        }
    }

    /// No second round of offers while one is open: what rings for one conversation at once was made at once, for different agents.
    fn ring(&mut self, made: &jackfield_exchange::NewOffer, at: Millis) -> Check {
        let (id, talk_id) = (made.offer_id.clone(), made.conversation_id.clone());
        let talk =
            self.talks.get_mut(&talk_id).ok_or_else(|| format!("{id} offers {talk_id}, which is over"))?;
        for other in talk.offers.iter().map(|id| &self.offers[id]).filter(|other| other.kind == made.kind) {
            if other.user == made.user_id || other.made != at {
                return Err(format!(
                    "{talk_id} is offered to {} and rings for {} still",
                    made.user_id, other.user
                ));
            }
        }
        let several = !talk.offers.is_empty();
        if made.kind == OfferKind::Conversation {
            talk.state = ConversationState::Offered;
            if !self.available.contains(&made.user_id) {
                return Err(format!("{id} goes to {}, who is not available", made.user_id));
            }
        }
        talk.offers.insert(id.clone());
        self.rings.entry(made.user_id.clone()).or_default().insert(id.clone());
        let (user, kind, channel) = (made.user_id.clone(), made.kind, made.channel);
        self.offers.insert(id, Offer { user, talk: talk_id, kind, channel, made: at });
        if several {
            self.count("offered to several");
        }
        Ok(())
    }

    fn stop_ringing(&mut self, id: &OfferId, outcome: OfferOutcome, paused: bool) -> Check {
        let offer = self.offers.remove(id).ok_or_else(|| format!("{id} ended and was not open"))?;
        self.rings.entry(offer.user.clone()).or_default().remove(id);
        self.count(&format!("offerEnded {}", serde_json::to_value(outcome).unwrap().as_str().unwrap()));
        let talk =
            self.talks.get_mut(&offer.talk).ok_or_else(|| format!("{id} outlived its conversation"))?;
        talk.offers.remove(id);
        if paused {
            talk.paused.insert(offer.user);
        }
        if talk.state == ConversationState::Offered && talk.offers.is_empty() {
            talk.state = ConversationState::Queued;
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
        }
        if talk.served.len() > 1 {
            self.count("passed to another");
        }
        Ok(())
    }

    fn note_in_talk(&mut self, event: &Event) -> Check {
        let Some(id) = event.conversation() else { return Ok(()) };
        let talk = self.talks.get_mut(id).ok_or_else(|| format!("{event:?}: there is no {id}"))?;
        match event {
            Event::StateChanged { state, .. } => {
                talk.state = *state;
                talk.paused.clear();
                if *state == ConversationState::Parked {
                    self.count("to parked");
                }
            }
            Event::PauseEnded { user_id, .. } => drop(talk.paused.remove(user_id)),
            Event::Routed(routing) => {
                talk.queue = routing.queue_id.clone();
                talk.arrived = routing.virtual_start;
                talk.only = routing.needs.agent.as_ref().map(|agent| agent.user_id.clone());
            }
            Event::RingReached { .. } => talk.only = None,
            Event::ParticipantJoined { participant_id, who, voice, .. } => {
                let party = Party { user: who.user_id.clone(), talks: voice.is_some() };
                talk.parties.insert(participant_id.clone(), party);
                talk.served.insert(who.user_id.clone());
                self.in_talks.entry(who.user_id.clone()).or_default().insert(id.clone());
            }
            Event::ParticipantLeft { participant_id, user_id, .. } => {
                talk.parties.remove(participant_id);
                self.in_talks.entry(user_id.clone()).or_default().remove(id);
            }
            Event::VoiceJoined { participant_id, .. } => self.talks_now(id, participant_id, true),
            Event::VoiceLeft { participant_id, .. } => self.talks_now(id, participant_id, false),
            _ => {}
        }
        Ok(())
    }

    fn talks_now(&mut self, id: &ConversationId, participant: &ParticipantId, talks: bool) {
        if let Some(party) = self.talks.get_mut(id).and_then(|talk| talk.parties.get_mut(participant)) {
            party.talks = talks;
        }
    }

    /// What an agent has on its hands: a conversation takes its channel, a chat with a call in it both, an offer what it would take.
    pub(crate) fn load(&self, user: &UserId) -> Load {
        let mut load = Load::default();
        let talks = self.in_talks.get(user).into_iter().flatten().filter_map(|id| self.talks.get(id));
        // What is parked is nobody's work for the time being.
        for talk in talks.filter(|talk| talk.state != ConversationState::Parked) {
            for party in talk.parties.values().filter(|party| party.user == *user) {
                load.add(talk.channel);
                if talk.channel == Channel::Chat && party.talks {
                    load.add(Channel::Voice);
                }
            }
        }
        for offer in self.rings.get(user).into_iter().flatten() {
            load.add(self.offers[offer].channel);
        }
        load
    }
}
