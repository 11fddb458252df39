//! What people do about what happens: planned when a fact is taken in, and given a meaning when its time has come.

use super::{
    acts::{self, Act, FREE, HOW, OTHER, PRESENT, Who},
    eyes,
    tenant::{SUPERVISORS, supervisor_name},
    world::{World, user},
};
use jackfield_exchange::{Event, Seat};
use jackfield_wire::{
    Channel, ConversationId, Millis, OfferOutcome, OutboundStage, Part, ParticipantId, PendingKind, UserId,
};
use serde_json::{Value, json};
use std::cmp::Reverse;

impl World<'_> {
    pub(super) fn soon(&mut self, after: Millis, who: &str, command: &Value) {
        self.commands += 1;
        self.soon.push(Reverse((self.now + after, self.commands, who.to_owned(), command.to_string())));
    }

    pub(super) fn will_give_up(&mut self, who: &str, id: &ConversationId) {
        let patience = acts::patience(self.plan.seed, self.books.started);
        let by_voice = self.books.talks[id].channel == Channel::Voice;
        let kind = if by_voice { "hangUp" } else { "endConversation" };
        self.soon(patience, who, &json!({ "type": kind, "conversationId": id }));
    }

    /// Who waits by voice may be called back instead.
    fn may_be_called_back(&mut self, who: &str, id: &ConversationId) {
        let talk = self.books.talks.get(id).filter(|talk| talk.channel == Channel::Voice);
        let acts = talk.map(|talk| acts::callback(self.plan.seed, talk.number, self.now));
        for (after, mut command) in acts.unwrap_or_default() {
            if command["type"] != "signOut" && command["type"] != acts::ENTERS {
                command["conversationId"] = id.as_str().into();
            }
            self.soon(after, who, &command);
        }
    }

    fn may_be_prioritized(&mut self, id: &ConversationId) {
        let Some(talk) = self.books.talks.get(id) else { return };
        for (after, sue, mut order) in acts::prioritized(self.plan.seed, talk.number) {
            order["conversationId"] = id.as_str().into();
            self.soon(after, &supervisor_name(sue as usize % SUPERVISORS), &order);
        }
    }

    /// The customer is called, by its page.
    fn called(&mut self, id: &ConversationId) {
        let round = self.rounds.get(id).copied().unwrap_or_default();
        let Some(talk) = self.books.talks.get(id) else { return };
        let customer = talk.customer.to_string();
        if let Some((after, mut command)) = acts::called_back(self.plan.seed, talk.number, round) {
            if command["type"] != "signOut" {
                command["conversationId"] = id.as_str().into();
            }
            self.soon(after, &customer, &command);
        }
    }

    pub(super) fn react(&mut self, event: &Event) {
        match event {
            Event::ConversationStarted(new) if new.outbound.is_none() => {
                self.may_be_called_back(new.who.user_id.as_str(), &new.conversation_id);
                self.may_be_prioritized(&new.conversation_id);
            }
            Event::PendingChanged {
                conversation_id,
                kind: PendingKind::Callback | PendingKind::Outbound,
                pending: Some(_),
                ..
            } => {
                self.called(conversation_id);
            }
            Event::OfferMade(made) => {
                let number = number(made.offer_id.as_str());
                if let Some((after, mut command)) = acts::answer(self.plan.seed, number) {
                    command["offerId"] = made.offer_id.as_str().into();
                    self.soon(after, made.user_id.as_str(), &command);
                }
            }
            Event::OfferEnded { user_id, outcome: OfferOutcome::TimedOut, .. } => {
                let back = json!({ "type": "setPresence", "availability": "available" });
                self.soon(30_000, user_id.as_str(), &back);
            }
            Event::ParticipantJoined { conversation_id, participant_id, seat, .. } => {
                self.seated(conversation_id, participant_id, seat);
            }
            Event::SeatChanged { conversation_id, participant_id, was, seat } if !was.owner && seat.owner => {
                self.seated(conversation_id, participant_id, seat);
            }
            Event::OutboundChanged { conversation_id, progress, .. }
                if progress.stage == OutboundStage::Reached =>
            {
                let talk = self.books.talks.get(conversation_id);
                let owner = talk.and_then(|talk| talk.parties.iter().find(|(_, party)| party.seat.owner));
                if let Some((participant, seat)) = owner.map(|(id, party)| (id.clone(), party.seat.clone())) {
                    self.seated(conversation_id, &participant, &seat);
                }
            }
            Event::WrapUpBegan { conversation_id, participant_id, .. } => {
                let Some(talk) = self.books.talks.get(conversation_id) else { return };
                let Some(party) = talk.parties.get(participant_id) else { return };
                let (agent, acts) = (party.user.to_string(), acts::wrap_up(self.plan.seed, talk.number));
                self.plan_acts(conversation_id, &agent, acts);
            }
            // With another matter at hand a customer stays.
            Event::ParticipantLeft { user_id, .. }
                if eyes::is_customer(user_id) && !self.is_in_any(user_id) =>
            {
                self.soon(1_000, user_id.as_str(), &json!({ "type": "signOut" }));
            }
            _ => {}
        }
    }

    fn is_in_any(&self, user: &UserId) -> bool {
        self.books.in_talks.get(user).is_some_and(|talks| !talks.is_empty())
    }

    /// Somebody has come in, or serves the customer from now on.
    fn seated(&mut self, id: &ConversationId, participant: &ParticipantId, seat: &Seat) {
        let round = self.rounds.entry(id.clone()).or_default();
        *round += 1;
        let Some(talk) = self.books.talks.get(id) else { return };
        let Some(party) = talk.parties.get(participant) else { return };
        let (seed, agent) = (self.plan.seed, party.user.to_string());
        let acts = match seat.part {
            Part::Agent if seat.owner && talk.is_unreached() => acts::outbound(seed, talk.number, *round),
            Part::Agent if seat.owner => acts::talk(seed, talk.number, *round, talk.channel),
            Part::Agent | Part::Consulted => acts::guest(seed, talk.number, *round),
            _ => return,
        };
        self.plan_acts(id, &agent, acts);
    }

    fn plan_acts(&mut self, id: &ConversationId, agent: &str, acts: Vec<Act>) {
        let Some(customer) = self.books.talks.get(id).map(|talk| talk.customer.to_string()) else { return };
        for (after, who, mut command) in acts {
            if !["signOut", "setAgentPresence", "signOutAgent"].map(Value::from).contains(&command["type"]) {
                command["conversationId"] = id.as_str().into();
            }
            let who = match who {
                Who::Agent => agent.to_owned(),
                Who::Customer => customer.clone(),
                Who::Supervisor(n) => supervisor_name(n as usize % SUPERVISORS),
                Who::Colleague(n) => format!("{FREE}{}", n % 64),
            };
            self.soon(after, &who, &command);
        }
    }

    /// A planned command with the names that its places stand for now: who is free, another participant, a code of the queue.
    pub(super) fn meant(&self, who: &str, command: &str) -> Option<(String, Value)> {
        let mut command: Value = serde_json::from_str(command).ok()?;
        let id = command["conversationId"].as_str().and_then(|id| ConversationId::parse(id).ok());
        let talk = id.and_then(|id| self.books.talks.get(&id));
        let free = |text: &str| {
            let n: usize = text.strip_prefix(FREE)?.parse().ok()?;
            let free = match talk {
                Some(talk) => self.oracle.free_for(&self.books, talk),
                None => self.books.people.colleagues().map(|(user, _)| user.clone()).collect(),
            };
            free.get(n % free.len().max(1)).map(ToString::to_string)
        };
        let who = if who.starts_with(FREE) { free(who)? } else { who.to_owned() };
        for place in ["/userId", "/target/userId"] {
            let Some(found) = command.pointer_mut(place) else { continue };
            if let Some(meant) = found.as_str().filter(|text| text.starts_with(FREE)) {
                *found = free(meant)?.into();
            }
        }
        if let Some(found) = command.pointer_mut("/target/userId")
            && let Some(n) = found.as_str().and_then(|text| text.strip_prefix(PRESENT))
        {
            let present: Vec<_> = self.books.people.customers_there().collect();
            let n: usize = n.parse().ok()?;
            *found = present.get(n % present.len().max(1))?.as_str().into();
        }
        if let Some(n) = command["participantId"].as_str().and_then(|text| text.strip_prefix(OTHER)) {
            let others: Vec<_> =
                talk?.parties.iter().filter(|(_, party)| party.user.as_str() != who).collect();
            let n: usize = n.parse().ok()?;
            command["participantId"] = others.get(n % others.len().max(1))?.0.as_str().into();
        }
        if command["disposition"] == HOW {
            command["disposition"] = self.how_it_went(&who, talk);
        }
        Some((who, command))
    }

    fn how_it_went(&self, who: &str, talk: Option<&super::books::Talk>) -> Value {
        let served = talk.and_then(|talk| talk.party_of(&user(who))).and_then(|party| party.wraps.as_ref());
        let queue = served.and_then(|queue| self.oracle.queue(queue));
        queue.and_then(|queue| queue.dispositions.first()).map_or(Value::Null, |how| how.id.clone().into())
    }
}

fn number(id: &str) -> u64 {
    id.trim_start_matches(|c: char| !c.is_ascii_digit()).parse().unwrap_or(0)
}
