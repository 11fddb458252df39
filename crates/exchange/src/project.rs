//! Who sees what of a fact. This is the one place that decides it: what has no projection here reaches nobody.

use crate::{
    Audience, Callback, CustomerAccess, Event, Exchange, ReadAccess, Viewer,
    index::{LineId, PLACES_TOLD},
    state::{Conversation, Participant},
    view::{
        attributes_for, knows_pending, last_message_for, pending_view, serves, state_for, state_since_for,
        supervises, wrap_up_view,
    },
};
use jackfield_wire::{
    Code, ConversationId, ConversationState, EndReason, LeaveReason, OfferOutcome, Part, ParticipantId, Role,
    ServerEvent, UserId, Visibility, WireError,
};

impl Exchange {
    /// Whom a fact that was just applied concerns.
    pub fn audience(&self, event: &Event) -> Audience {
        match event {
            Event::PresenceChanged { user_id, .. }
            | Event::StatusMessageSet { user_id, .. }
            | Event::StatusMessageCleared { user_id } => Audience::PresenceOf(user_id.clone()),
            Event::SessionClosed { session, .. } => Audience::Session(session.clone()),
            Event::Supervised { user_id, .. } => Audience::Users(vec![user_id.clone()]),
            Event::PlacesMoved { queue_id, channel, from } => {
                let Some(queue) = self.tenant.queue_index(queue_id) else { return Audience::Nobody };
                let moved = self.places_from(LineId { queue, channel: *channel }, *from);
                let moved = moved.iter().filter_map(|(id, _)| self.state.conversations.get(id));
                Audience::Users(moved.filter_map(|c| c.customer()).map(|p| p.user_id.clone()).collect())
            }
            of_conversation => self.audience_of_conversation(of_conversation),
        }
    }

    fn audience_of_conversation(&self, event: &Event) -> Audience {
        let besides = match event {
            Event::ParticipantLeft { user_id, .. } | Event::OfferEnded { user_id, .. } => Some(user_id),
            Event::OfferMade(offer) => Some(&offer.user_id),
            Event::PauseEnded { .. }
            | Event::Planned(_)
            | Event::Skipped { .. }
            | Event::RingReached { .. }
            | Event::AgentPassed { .. }
            | Event::WrapUpEnded { .. }
            | Event::ConversationClosed { .. } => {
                return Audience::Nobody;
            }
            _ => None,
        };
        let conversation = event.conversation().and_then(|id| self.state.conversations.get(id));
        let parties = conversation.into_iter().flat_map(|c| &c.participants).map(|p| &p.user_id);
        let mut users: Vec<_> = parties.chain(besides).cloned().collect();
        users.sort_unstable();
        users.dedup();
        if users.is_empty() { Audience::Nobody } else { Audience::Users(users) }
    }

    /// What a viewer is told of a fact that was just applied; nothing, where the fact is none of its business.
    pub fn project(&self, viewer: &Viewer, event: &Event) -> Option<ServerEvent> {
        match event {
            Event::PresenceChanged { user_id, .. }
            | Event::StatusMessageSet { user_id, .. }
            | Event::StatusMessageCleared { user_id } => {
                let watches = viewer.role != Role::Customer && viewer.watched.contains(user_id);
                let sees = *user_id == viewer.user_id || watches;
                sees.then(|| ServerEvent::PresenceChanged { presence: self.presence_view(user_id) })
            }
            Event::SessionClosed { session, reason, .. } => {
                (*session == viewer.session).then_some(ServerEvent::SignedOut { reason: *reason })
            }
            Event::Supervised { by, order, user_id, conversation_id } => {
                let told = *user_id == viewer.user_id && viewer.role != Role::Customer;
                let name = self.tenant.user(by).map_or_else(|| by.to_string(), |user| user.name.clone());
                let (by, order, conversation_id) = (by.clone(), *order, conversation_id.clone());
                let tells = self.tells_of(order);
                (told && tells).then_some(ServerEvent::Supervised { by, name, order, conversation_id })
            }
            Event::OfferMade(made) if made.user_id == viewer.user_id => {
                let offer = self.state.offers.get(&made.offer_id).filter(|_| serves(viewer.role))?;
                Some(ServerEvent::OfferMade { offer: self.offer_view(offer)? })
            }
            Event::OfferEnded { offer_id, conversation_id, user_id, outcome, why, .. }
                if *user_id == viewer.user_id =>
            {
                let (offer_id, conversation_id) = (offer_id.clone(), conversation_id.clone());
                let (outcome, reason) = (*outcome, *why);
                let ended = ServerEvent::OfferEnded { offer_id, conversation_id, outcome, reason };
                Some(ended).filter(|_| serves(viewer.role))
            }
            Event::ParticipantLeft { conversation_id, user_id, .. } if *user_id == viewer.user_id => {
                Some(ServerEvent::ConversationRemoved { conversation_id: conversation_id.clone() })
            }
            Event::PlacesMoved { .. } => self.moved(viewer, event).next(),
            of_conversation => self.project_to_participant(viewer, of_conversation),
        }
    }

    /// What a viewer is told of what happens in a conversation that it takes part in.
    fn project_to_participant(&self, viewer: &Viewer, event: &Event) -> Option<ServerEvent> {
        let (conversation, own) = self.part_of(viewer, event.conversation()?)?;
        let conversation_id = conversation.conversation_id.clone();
        match event {
            Event::ConversationStarted(_) => Some(self.added(conversation, own)),
            Event::Routed(routing) if routing.stays.is_none() && !own.is_wrapping() => {
                let queue_id = routing.queue_id.clone();
                Some(ServerEvent::QueueChanged { conversation_id, queue_id })
            }
            Event::StateChanged { state, reason, .. } => {
                tells_state(*state, own).then(|| state_changed(conversation, own, *reason))
            }
            // A round to several agents is one change of state.
            Event::OfferMade(made) if conversation.offers.first() == Some(&made.offer_id) => {
                in_line(conversation, own, ConversationState::Offered)
            }
            Event::OfferEnded { outcome, .. } if back_in_line(*outcome) => {
                in_line(conversation, own, ConversationState::Queued)
            }
            Event::VoiceRequested { requested, outcome, .. } if !own.is_wrapping() => {
                let (requested, outcome) = (*requested, *outcome);
                Some(ServerEvent::VoiceRequested { conversation_id, requested, outcome })
            }
            Event::PendingChanged { kind, pending, outcome, .. } => {
                let pending = pending.as_ref().and_then(|pending| pending_view(pending, own));
                let told = ServerEvent::PendingChanged { conversation_id, pending, outcome: *outcome };
                Some(told).filter(|_| knows_pending(*kind, own))
            }
            Event::CallbackChanged { callback, .. } if !own.is_wrapping() => {
                let callback = callback.as_ref().map(Callback::view);
                Some(ServerEvent::CallbackChanged { conversation_id, callback })
            }
            Event::OutboundChanged { .. } if !own.is_outsider() && !own.is_wrapping() => {
                let outbound = conversation.outbound.as_ref()?;
                let outbound = outbound.view(conversation, &outbound.progress);
                Some(ServerEvent::OutboundChanged { conversation_id, outbound })
            }
            Event::MessageAdded { .. } | Event::MessagesMarked { .. } => {
                self.project_message(conversation, own, event)
            }
            Event::AttributesChanged { .. } | Event::TagsChanged { .. } | Event::LinksChanged { .. } => {
                self.project_context(conversation, own, event)
            }
            of_participant => self.project_participant(conversation, own, of_participant),
        }
    }

    /// Who is not of the house is told of attributes that the tenant declares as customers' to see, and of nothing else around the conversation.
    fn project_context(
        &self,
        conversation: &Conversation,
        own: &Participant,
        event: &Event,
    ) -> Option<ServerEvent> {
        let declared = &self.tenant.config.attributes;
        let shown = |name: &String| {
            declared.get(name).is_some_and(|declared| declared.customer != CustomerAccess::None)
        };
        let (colleague, id) = (!own.is_outsider(), &conversation.conversation_id);
        let (attributes, tags, links) = match event {
            Event::AttributesChanged { names, .. } if colleague || names.iter().any(shown) => {
                let links =
                    (colleague && self.has_templates(conversation)).then(|| self.links_of(conversation));
                (Some(attributes_for(&self.tenant.config, conversation, own)), None, links)
            }
            Event::TagsChanged { .. } if colleague => (None, Some(conversation.tags.clone()), None),
            Event::LinksChanged { .. } if colleague => (None, None, Some(self.links_of(conversation))),
            _ => return None,
        };
        Some(ServerEvent::ContextChanged { conversation_id: id.clone(), attributes, tags, links })
    }

    /// What one participant is told of what happens to one.
    fn project_participant(
        &self,
        conversation: &Conversation,
        own: &Participant,
        event: &Event,
    ) -> Option<ServerEvent> {
        match event {
            Event::ParticipantJoined { participant_id, .. } if *participant_id == own.participant_id => {
                Some(self.added(conversation, own))
            }
            Event::ParticipantJoined { participant_id, seat, .. }
                if own.knows(participant_id, seat, false) =>
            {
                self.joined(conversation, participant_id, own)
            }
            Event::Dialed { participant_id, .. } if !own.is_outsider() && !own.is_wrapping() => {
                self.joined(conversation, participant_id, own)
            }
            Event::SeatChanged { participant_id, was, seat, .. } => {
                let (knew, knows) =
                    (own.knows(participant_id, was, false), own.knows(participant_id, seat, false));
                match (knew, knows) {
                    (true, true) => self.participant_changed(conversation, participant_id, own),
                    (false, true) => self.joined(conversation, participant_id, own),
                    (true, false) => Some(left(conversation, participant_id, LeaveReason::Left)),
                    (false, false) => None,
                }
            }
            Event::ParticipantLeft { participant_id, reason, seat, wrapping, .. } => own
                .knows(participant_id, seat, *wrapping)
                .then(|| left(conversation, participant_id, *reason)),
            Event::WrapUpBegan { participant_id, reason, .. } if *participant_id == own.participant_id => {
                Some(state_changed(conversation, own, *reason))
            }
            Event::WrapUpBegan { participant_id, .. } if own.is_outsider() && !own.is_wrapping() => {
                Some(left(conversation, participant_id, LeaveReason::Left))
            }
            Event::WrapUpExtended { participant_id, .. }
                if participant_id.as_ref() == Some(&own.participant_id) =>
            {
                Some(state_changed(conversation, own, None))
            }
            Event::VoiceJoined { participant_id, .. }
            | Event::VoiceLeft { participant_id, .. }
            | Event::HeldChanged { participant_id, .. }
            | Event::MutedChanged { participant_id, .. }
            | Event::WrapUpBegan { participant_id, .. }
            | Event::WrapUpExtended { participant_id: Some(participant_id), .. }
            | Event::ParticipantAway { participant_id, .. } => {
                self.participant_changed(conversation, participant_id, own)
            }
            _ => None,
        }
    }

    /// The new places of a customer's own conversations in a line. It may have several there: a transfer or an overflow can bring one into a queue
    /// in which another waits.
    fn moved(&self, viewer: &Viewer, event: &Event) -> impl Iterator<Item = ServerEvent> {
        let line = match event {
            Event::PlacesMoved { queue_id, channel, from } => Some((queue_id, *channel, *from)),
            _ => None,
        };
        let own =
            self.state.conversations_of(&viewer.user_id).filter_map(move |c| line.map(|line| (c, line)));
        // An agent may be at the work after its part in one that waits again.
        let own = own.filter(|(c, _)| c.customer().is_some_and(|p| p.user_id == viewer.user_id));
        own.filter_map(|(c, (queue_id, channel, from))| {
            let here = c.queue_id == *queue_id && c.channel == channel && c.is_waiting();
            let position = c.place_told.filter(|place| here && (from..=PLACES_TOLD).contains(place))?;
            let conversation_id = c.conversation_id.clone();
            let estimated_wait_ms = c.wait_told.map(u64::from);
            Some(ServerEvent::PositionChanged { conversation_id, position, estimated_wait_ms })
        })
    }

    /// What a viewer is told of a fact beside what [`Exchange::project`] gives, in order and after it: who leaves a conversation for the
    /// work after it sees nobody there any more, and nothing that is asked there. Most facts are told in one event.
    pub fn project_rest(&self, viewer: &Viewer, event: &Event) -> Vec<ServerEvent> {
        if matches!(event, Event::PlacesMoved { .. }) {
            return self.moved(viewer, event).skip(1).collect();
        }
        let whose = match event {
            Event::WrapUpBegan { participant_id, .. } => participant_id,
            Event::WrapUpExtended { participant_id: Some(participant_id), .. } => participant_id,
            _ => return Vec::new(),
        };
        let part = event.conversation().and_then(|id| self.part_of(viewer, id));
        let Some((conversation, own)) = part.filter(|(_, own)| own.participant_id == *whose) else {
            return Vec::new();
        };
        let mut told: Vec<_> = self.participant_changed(conversation, whose, own).into_iter().collect();
        if matches!(event, Event::WrapUpBegan { .. }) {
            // As it was a moment ago, it knew of these.
            let before = Participant { wrap_up: None, ..own.clone() };
            let known =
                conversation.participants.iter().filter(|p| p.participant_id != *whose && before.sees(p));
            told.extend(known.map(|p| left(conversation, &p.participant_id, LeaveReason::Left)));
            told.extend(asks_on(conversation, &before));
        }
        told
    }

    fn added(&self, conversation: &Conversation, own: &Participant) -> ServerEvent {
        ServerEvent::ConversationAdded { conversation: self.conversation_view(conversation, own) }
    }

    fn joined(
        &self,
        conversation: &Conversation,
        id: &ParticipantId,
        own: &Participant,
    ) -> Option<ServerEvent> {
        let participant = self.participant_view(conversation.participant(id)?, own);
        let conversation_id = conversation.conversation_id.clone();
        Some(ServerEvent::ParticipantJoined { conversation_id, participant })
    }

    fn project_message(
        &self,
        conversation: &Conversation,
        own: &Participant,
        event: &Event,
    ) -> Option<ServerEvent> {
        let conversation_id = conversation.conversation_id.clone();
        match event {
            Event::MessageAdded { visibility, number, .. } => {
                let public = *visibility == Visibility::Everyone || !own.is_outsider();
                let sees = public && *number <= last_message_for(conversation, own);
                let message = event.message().filter(|_| sees)?;
                Some(ServerEvent::MessageAdded { conversation_id, message })
            }
            Event::MessagesMarked { participant_id, .. } => {
                let marked = conversation.participant(participant_id).filter(|p| own.sees(p))?;
                let participant_id = participant_id.clone();
                let (delivered, read) = (marked.delivered.for_viewer(own), marked.read.for_viewer(own));
                Some(ServerEvent::MessagesMarked { conversation_id, participant_id, delivered, read })
            }
            _ => None,
        }
    }

    fn participant_changed(
        &self,
        conversation: &Conversation,
        id: &ParticipantId,
        own: &Participant,
    ) -> Option<ServerEvent> {
        let participant = conversation.participant(id).filter(|p| own.sees(p))?;
        let participant = self.participant_view(participant, own);
        let conversation_id = conversation.conversation_id.clone();
        Some(ServerEvent::ParticipantChanged { conversation_id, participant })
    }

    fn part_of(&self, viewer: &Viewer, id: &ConversationId) -> Option<(&Conversation, &Participant)> {
        let conversation = self.state.conversations.get(id)?;
        Some((conversation, conversation.participant_of(&viewer.user_id)?))
    }

    /// The customer whose past a viewer may read by a conversation that is going on: its agents may, and who supervises the tenant.
    ///
    /// # Errors
    /// `notFound`, in the same words for conversations that do not exist and for those of others; `notAllowed` to customers.
    pub fn customer_behind(&self, viewer: &Viewer, id: &ConversationId) -> Result<UserId, WireError> {
        self.past_of(&viewer.user_id, viewer.role, id)
    }

    pub(crate) fn past_of(
        &self,
        user: &UserId,
        role: Role,
        id: &ConversationId,
    ) -> Result<UserId, WireError> {
        let conversation = self.state.conversations.get(id).ok_or(Code::NotFound)?;
        let takes_part = conversation.participant_of(user).is_some();
        if supervises(role) && !takes_part {
            self.looks_after(user, role, conversation)?;
        }
        if !supervises(role) {
            let own = conversation.participant_of(user).ok_or(Code::NotFound)?;
            if own.is_outsider() {
                let message = "only who serves a conversation reads what was before it";
                return Err(WireError::new(Code::NotAllowed, message));
            }
        }
        conversation.customer_id.clone().ok_or_else(|| Code::NotFound.into())
    }

    /// What a viewer may read of a conversation: for history and typing.
    ///
    /// # Errors
    /// `notFound`, in the same words for conversations that do not exist and for those of others.
    pub fn may_read(&self, viewer: &Viewer, id: &ConversationId) -> Result<ReadAccess, WireError> {
        let (conversation, own) = self.part_of(viewer, id).ok_or(Code::NotFound)?;
        let others = conversation.participants.iter().filter(|p| p.participant_id != own.participant_id);
        let others = others.filter(|other| other.sees(own));
        Ok(ReadAccess {
            participant_id: own.participant_id.clone(),
            see_internal: !own.is_outsider(),
            last_message: last_message_for(conversation, own),
            others: others.map(|p| p.user_id.clone()).collect(),
        })
    }
}

/// Whether a page of that many may be asked for.
pub(crate) fn check_page(limit: Option<u32>, most: u32, unit: &str) -> Result<(), WireError> {
    match limit {
        Some(limit) if limit == 0 || limit > most => {
            let message = format!("limit is {limit}, out of range; ask for 1 to {most} {unit}");
            Err(WireError::new(Code::InvalidField, message))
        }
        _ => Ok(()),
    }
}

fn state_changed(conversation: &Conversation, own: &Participant, reason: Option<EndReason>) -> ServerEvent {
    ServerEvent::ConversationStateChanged {
        conversation_id: conversation.conversation_id.clone(),
        state: state_for(conversation.state, own),
        since: state_since_for(conversation, own),
        wrap_up: wrap_up_view(own),
        reason,
    }
}

/// Whoever goes on to the work after its part is told by the fact with which that begins.
fn tells_state(state: ConversationState, own: &Participant) -> bool {
    let staying = state == ConversationState::WrapUp && own.seat.part == Part::Agent;
    !(staying || own.is_wrapping() && state != ConversationState::Ended)
}

fn left(conversation: &Conversation, participant_id: &ParticipantId, reason: LeaveReason) -> ServerEvent {
    let conversation_id = conversation.conversation_id.clone();
    ServerEvent::ParticipantLeft { conversation_id, participant_id: participant_id.clone(), reason }
}

/// What is asked in a conversation goes on between the others: to one who is at the work after its part from now on there is no such thing.
fn asks_on(conversation: &Conversation, before: &Participant) -> impl Iterator<Item = ServerEvent> {
    let conversation_id = conversation.conversation_id.clone();
    let pending = conversation.pending.as_ref().filter(|pending| knows_pending(pending.kind, before));
    let pending = pending.map(|_| ServerEvent::PendingChanged {
        conversation_id: conversation_id.clone(),
        pending: None,
        outcome: None,
    });
    let asks = conversation.asking.is_some();
    let asks =
        asks.then_some(ServerEvent::VoiceRequested { conversation_id, requested: false, outcome: None });
    pending.into_iter().chain(asks)
}

/// An offer that was taken or whose customer is gone says it by the facts that follow.
fn back_in_line(outcome: OfferOutcome) -> bool {
    !matches!(outcome, OfferOutcome::Accepted | OfferOutcome::Canceled)
}

/// To who waits, an offer made or ended is a change of state. An offer to talk within a chat is not: that chat goes on.
fn in_line(conversation: &Conversation, own: &Participant, state: ConversationState) -> Option<ServerEvent> {
    let tells = conversation.state == state && !own.is_wrapping();
    tells.then(|| state_changed(conversation, own, None))
}
