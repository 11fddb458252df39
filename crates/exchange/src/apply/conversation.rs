//! Facts about conversations and who is in them.

use crate::{
    Event, Exchange, Identity, NewConversation, Seat,
    decide::external::user_of,
    index::{ConversationFacts, LineId, PLACES_TOLD, set_member},
    standing::slot,
    state::{Conversation, Leg, Mark, Participant, WrapUp},
};
use jackfield_wire::{
    ConversationId, ConversationState, Millis, ParticipantId, Role, Side, UserId, Visibility,
};

impl Exchange {
    pub(super) fn start_conversation(&mut self, new: &NewConversation, at: Millis) {
        self.state.counters.conversations += 1;
        self.state.counters.participants += u64::from(new.outbound.is_none());
        let conversation = Conversation::new(new, self.state.counters.conversations, at);
        let facts = ConversationFacts::of(&self.tenant, &conversation);
        let comes = conversation.customer().is_some();
        self.state.conversations.insert(new.conversation_id.clone(), conversation);
        if comes {
            self.join_user(&new.who.user_id, &new.conversation_id, at);
        }
        self.take_in(&new.conversation_id, &ConversationFacts::default(), &facts);
    }

    pub(super) fn close_conversation(&mut self, id: &ConversationId) {
        let Some(conversation) = self.state.conversations.remove(id) else { return };
        let facts = ConversationFacts::of(&self.tenant, &conversation);
        self.take_in(id, &facts, &ConversationFacts::default());
        for participant in &conversation.participants {
            self.leave_user(&participant.user_id, id, conversation.state_since);
        }
    }

    pub(super) fn apply_to_conversation(&mut self, event: &Event, at: Millis) {
        let Some(id) = event.conversation() else { return };
        if let Event::ParticipantJoined { participant_id, who, voice, seat, .. } = event {
            self.state.counters.participants += 1;
            let participant = Participant::new(participant_id.clone(), who, seat.clone(), voice.clone(), at);
            self.change_conversation(id, |c| {
                if seat.owner {
                    c.participants.iter_mut().for_each(|p| p.seat.owner = false);
                }
                c.participants.push(participant);
            });
            self.join_user(&who.user_id, id, at);
            return;
        }
        if let Event::Dialed { participant_id, .. } = event {
            self.state.counters.participants += 1;
            self.change_conversation(id, |c| rings(c, participant_id, event, at));
            return;
        }
        self.note_pace(event, at);
        let told = self.state.conversations.get(id).map(|c| (c.place_told, c.wait_told));
        let place = self.change_conversation(id, |c| change(c, event, at));
        match event {
            Event::StateChanged { state: ConversationState::Queued, .. } => self.tell_return(id, place),
            Event::Routed(routing) if routing.stays.is_some() => self.tell_moved(id, place, told),
            Event::Routed(_)
            | Event::Prioritized { .. }
            | Event::CallbackChanged { virtual_start: Some(_), .. } => self.tell_return(id, place),
            Event::ParticipantLeft { user_id, .. } => self.leave_user(user_id, id, at),
            Event::VoiceJoined { participant_id, .. }
            | Event::VoiceLeft { participant_id, .. }
            | Event::SeatChanged { participant_id, .. }
            | Event::WrapUpBegan { participant_id, .. } => {
                self.refresh_participant(id, participant_id);
            }
            _ => {}
        }
        let stands = |event: &Event| {
            use Event::{OutboundChanged, PendingChanged, StateChanged};
            matches!(event, StateChanged { .. } | PendingChanged { .. } | OutboundChanged { .. })
        };
        if stands(event) {
            self.refresh_participants(id);
        }
        if matches!(event, Event::Routed(_) | Event::RingReached { .. }) {
            self.refresh_offers(id);
        }
    }

    /// What a fact says of how fast a line is served, and of conditions that fail.
    fn note_pace(&mut self, event: &Event, at: Millis) {
        match event {
            Event::Planned(planned) => {
                for failed in &planned.failures {
                    *self.state.rule_failures.entry(failed.rule.clone()).or_default() += 1;
                }
            }
            Event::StateChanged { conversation_id, state: ConversationState::Active, .. } => {
                let conversation = self.state.conversations.get(conversation_id);
                let served =
                    conversation.filter(|c| c.is_waiting() && c.callback.is_none() && !c.is_unreached());
                if let Some(c) = served {
                    let pace = self.state.pace.entry(c.queue_id.clone()).or_default();
                    pace[slot(c.channel)].serve(c.queued_at.unwrap_or(c.created_at), at);
                }
            }
            _ => {}
        }
    }

    /// Who comes back into line was told no place by a fact of its own, as one who comes in is: it is told with those behind it, or, far
    /// back, when it comes nearer.
    fn tell_return(&mut self, id: &ConversationId, place: Option<u32>) {
        let Some(conversation) = self.state.conversations.get_mut(id) else { return };
        conversation.place_told = conversation.place_told.filter(|place| *place <= PLACES_TOLD);
        conversation.wait_told = conversation.wait_told.filter(|_| conversation.place_told.is_some());
        let queue = self.tenant.queue_index(&conversation.queue_id);
        if let Some((queue, place)) = queue.zip(place) {
            let line = LineId { queue, channel: conversation.channel };
            self.index.lines.mark_moved(line, place as usize);
        }
    }

    /// Who stays in its queue, but has another place there, is told so with those whom it passed.
    fn tell_moved(
        &mut self,
        id: &ConversationId,
        place: Option<u32>,
        told: Option<(Option<u32>, Option<u32>)>,
    ) {
        let conversation = self.state.conversations.get_mut(id);
        let (Some(conversation), Some(place), Some(told)) = (conversation, place, told) else { return };
        (conversation.place_told, conversation.wait_told) = told;
        if let Some(queue) = self.tenant.queue_index(&conversation.queue_id) {
            let line = LineId { queue, channel: conversation.channel };
            self.index.lines.mark_moved(line, place as usize);
        }
    }

    /// Who is asked may fit no longer, or fit again, where the demands are others.
    fn refresh_offers(&mut self, id: &ConversationId) {
        let Some(conversation) = self.state.conversations.get(id) else { return };
        for offer in conversation.offers.clone() {
            let unfit = self.state.offers.get(&offer).is_some_and(|offer| self.is_unfit(offer));
            set_member(&mut self.index.unfit, &offer, unfit);
        }
    }

    fn join_user(&mut self, user_id: &UserId, id: &ConversationId, at: Millis) {
        let Some(user) = self.state.users.get_mut(user_id) else { return };
        user.conversations.insert(id.clone());
        user.idle_since = at;
        self.refresh_agent(user_id);
    }

    fn leave_user(&mut self, user_id: &UserId, id: &ConversationId, at: Millis) {
        let Some(user) = self.state.users.get_mut(user_id) else { return };
        if user.conversations.remove(id) {
            user.idle_since = at;
        }
        let gone = user.sessions.is_empty() && user.conversations.is_empty();
        if gone && self.tenant.user(user_id).is_none() {
            self.state.users.remove(user_id);
            return;
        }
        self.refresh_agent(user_id);
    }

    fn refresh_participant(&mut self, id: &ConversationId, participant_id: &ParticipantId) {
        let conversation = self.state.conversations.get(id);
        let user_id = conversation.and_then(|c| c.participant(participant_id)).map(|p| p.user_id.clone());
        if let Some(user_id) = user_id {
            self.refresh_agent(&user_id);
        }
    }

    fn refresh_participants(&mut self, id: &ConversationId) {
        let Some(conversation) = self.state.conversations.get(id) else { return };
        let users: Vec<_> = conversation.participants.iter().map(|p| p.user_id.clone()).collect();
        for user_id in users {
            self.refresh_agent(&user_id);
        }
    }
}

/// What a fact changes in its conversation.
fn change(conversation: &mut Conversation, event: &Event, at: Millis) {
    match event {
        Event::Routed(routing) => conversation.place(routing, at),
        Event::Prioritized { priority, virtual_start, .. } => {
            conversation.prioritize(*priority, *virtual_start);
        }
        Event::Planned(planned) => conversation.plan = planned.plan.clone().map(Box::new),
        Event::RingReached { ring, .. } => conversation.ring = *ring,
        Event::AgentPassed { .. } => conversation.pass_agent(),
        Event::PauseEnded { user_id, .. } => conversation.pauses.retain(|p| p.user_id != *user_id),
        Event::StateChanged { state, wrap_up_by, wrap_up_until, .. } => {
            (conversation.state, conversation.state_since) = (*state, at);
            conversation.pauses.clear();
            if let Some((user_id, until)) = wrap_up_by.as_ref().zip(*wrap_up_until) {
                let wrap_up = WrapUp::new(at, until, None, &conversation.queue_id);
                let mut agents = conversation.participants.iter_mut();
                if let Some(agent) = agents.find(|p| p.user_id == *user_id) {
                    agent.begin_wrap_up(wrap_up);
                }
            }
            // Who was served and comes back into line stays in its queue.
            conversation.by_hand |= *state == ConversationState::Active;
            if let Some(plan) = conversation.plan.as_mut().filter(|_| *state == ConversationState::Active) {
                plan.until = None;
            }
        }
        Event::WrapUpExtended { participant_id, until, .. } => {
            extend(conversation, participant_id.as_ref(), *until)
        }
        Event::WrapUpBegan { participant_id, until, last_message, .. } => {
            let called = conversation.outbound.as_ref().filter(|_| last_message.is_some());
            let called = called.filter(|_| conversation.is_unreached());
            let called = called.map(|outbound| Box::new(outbound.progress.clone()));
            let queue_id = &conversation.queue_id;
            let wrap_up = WrapUp { called, ..WrapUp::new(at, *until, *last_message, queue_id) };
            if let Some(agent) = conversation.participant_mut(participant_id) {
                agent.begin_wrap_up(wrap_up);
            }
        }
        Event::PendingChanged { pending, .. } => conversation.pending = pending.clone(),
        Event::CallbackChanged { callback, virtual_start, .. } => {
            conversation.callback = callback.clone().map(Box::new);
            if let Some(start) = virtual_start {
                conversation.wait_since(*start);
            }
        }
        Event::OutboundChanged { progress, body, .. } => {
            if let Some(outbound) = &mut conversation.outbound {
                outbound.progress = progress.clone();
            }
            if let Some(body) = body {
                conversation.customer_name.clone_from(&body.name);
            }
        }
        Event::WrapUpEnded { disposition, .. } => {
            conversation.disposition = disposition.clone().or(conversation.disposition.take());
        }
        Event::SeatChanged { participant_id, seat, .. } => {
            for participant in &mut conversation.participants {
                if participant.participant_id == *participant_id {
                    participant.seat = seat.clone();
                } else if seat.owner {
                    participant.seat.owner = false;
                }
            }
        }
        Event::VoiceRequested { session, requested, .. } => {
            conversation.asking = requested.then(|| session.clone());
        }
        Event::ParticipantLeft { participant_id, .. } => {
            conversation.participants.retain(|p| p.participant_id != *participant_id);
        }
        Event::MessageAdded { number, visibility, .. } => {
            conversation.last_message = *number;
            if *visibility == Visibility::Everyone {
                conversation.last_public = *number;
            }
        }
        Event::AttributesChanged { body: Some(body), .. } | Event::LinksChanged { body: Some(body), .. } => {
            conversation.know(body);
        }
        Event::TagsChanged { tags, .. } => conversation.tags.clone_from(tags),
        Event::VoiceJoined { participant_id, .. }
        | Event::VoiceLeft { participant_id, .. }
        | Event::HeldChanged { participant_id, .. }
        | Event::MutedChanged { participant_id, .. }
        | Event::MessagesMarked { participant_id, .. } => {
            let last_public = conversation.last_public;
            if let Some(participant) = conversation.participant_mut(participant_id) {
                change_participant(participant, event, last_public, at);
            }
        }
        _ => {}
    }
}

/// A telephone number is a party from the moment it is dialled.
fn rings(conversation: &mut Conversation, participant_id: &ParticipantId, event: &Event, at: Millis) {
    let Event::Dialed { number, customer, body, .. } = event else { return };
    let who = Identity::new(user_of(participant_id), number.clone(), Role::Customer);
    let seat = if *customer { Seat::customer() } else { Seat::external(Side::Consult) };
    let party = Participant::new(participant_id.clone(), &who, seat, None, at);
    conversation.participants.push(Participant { dialing: true, ..party });
    if let Some(body) = body {
        conversation.know(body);
    }
}

fn extend(conversation: &mut Conversation, whose: Option<&ParticipantId>, until: Millis) {
    let all = conversation.participants.iter_mut();
    let meant = all.filter(|p| whose.is_none_or(|whose| *whose == p.participant_id));
    for wrap_up in meant.filter_map(|p| p.wrap_up.as_mut()) {
        wrap_up.until = until;
        wrap_up.extensions = wrap_up.extensions.saturating_add(1);
    }
}

fn change_participant(participant: &mut Participant, event: &Event, last_public: u64, at: Millis) {
    match event {
        Event::VoiceJoined { session, .. } => {
            participant.dialing = false;
            match &mut participant.leg {
                Some(leg) => leg.session = session.clone(),
                none => *none = Some(Leg::new(session.clone(), at)),
            }
        }
        Event::VoiceLeft { .. } => participant.leg = None,
        Event::HeldChanged { held, .. } => {
            if let Some(leg) = &mut participant.leg {
                leg.held = *held;
            }
        }
        Event::MutedChanged { muted, .. } => {
            if let Some(leg) = &mut participant.leg {
                leg.muted = *muted;
            }
        }
        Event::MessagesMarked { delivered, read, .. } => {
            participant.delivered = Mark::new(*delivered, last_public);
            participant.read = Mark::new(*read, last_public);
        }
        _ => {}
    }
}
