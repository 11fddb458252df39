//! The state as its viewers see it.

use crate::{
    CustomerAccess, Exchange, Pending, ReasonConfig, TenantConfig, Viewer, links,
    state::{Conversation, OFFLINE, Offer, Participant},
};
use jackfield_wire::{
    AttributeInfo, Attributes, Channel, ConversationState, ConversationView, Leg, Link, Millis, OfferKind,
    OfferView, OutboundView, ParticipantView, PendingKind, PendingView, PresenceReason, PresenceView,
    QueueInfo, Role, SnapshotView, StatusMessage, TagInfo, UserId, UserView, WrapUpView,
};

impl Exchange {
    /// All that a viewer sees now. Conversations come without their messages: those are the store's.
    pub fn snapshot(&self, viewer: &Viewer, _now: Millis) -> SnapshotView {
        let user_id = &viewer.user_id;
        let own = self.state.sessions.get(&viewer.session);
        let name = own.map_or_else(|| user_id.to_string(), |session| session.who.name.clone());
        let offers = self.state.offers_of(user_id).filter(|_| serves(viewer.role));
        let parts = self.state.conversations_of(user_id);
        let parts = parts.filter_map(|c| c.participant_of(user_id).map(|p| self.conversation_view(c, p)));
        SnapshotView {
            user: UserView { user_id: user_id.clone(), name, role: viewer.role },
            presence: self.presence_view(user_id),
            queues: self.queue_infos(viewer),
            offers: offers.filter_map(|offer| self.offer_view(offer)).collect(),
            conversations: parts.collect(),
            watched: self.watched(viewer),
            floor: self.floor_of(viewer),
            reasons: self.reasons_for(viewer),
            reason_required: viewer.role != Role::Customer && self.tenant.config.reason_required,
            attributes: self.declared_for(viewer),
            tags: self.tags_for(viewer),
            trunk: viewer.role != Role::Customer && self.tenant.config.trunk.is_some(),
        }
    }

    fn declared_for(&self, viewer: &Viewer) -> Vec<AttributeInfo> {
        let declared = self.tenant.config.attributes.iter().filter(|_| viewer.role != Role::Customer);
        let mut infos: Vec<_> = declared.map(|(name, one)| (one.place, one.view(name))).collect();
        // By place; those of one place stay in the order of their names.
        infos.sort_by_key(|(place, _)| *place);
        infos.into_iter().map(|(_, info)| info).collect()
    }

    fn tags_for(&self, viewer: &Viewer) -> Vec<TagInfo> {
        let tags = self.tenant.config.tags.iter().filter(|_| viewer.role != Role::Customer);
        tags.map(|tag| TagInfo { id: tag.id.clone(), name: tag.name.clone() }).collect()
    }

    fn reasons_for(&self, viewer: &Viewer) -> Vec<PresenceReason> {
        let reasons = self.tenant.config.reasons.iter().filter(|_| viewer.role != Role::Customer);
        reasons.map(ReasonConfig::view).collect()
    }

    fn watched(&self, viewer: &Viewer) -> Vec<PresenceView> {
        if viewer.role == Role::Customer {
            return Vec::new();
        }
        viewer.watched.iter().map(|id| self.presence_view(id)).collect()
    }

    /// A user's presence, as others were told it.
    pub(crate) fn presence_view(&self, user_id: &UserId) -> PresenceView {
        let told = self.state.users.get(user_id).map_or(OFFLINE, |u| u.told.clone());
        // Who was never here has been away since there is a contact centre to be away from.
        let since = told.since.max(self.state.began);
        PresenceView {
            user_id: user_id.clone(),
            availability: told.availability,
            activity: told.activity,
            since,
            reason: told.reason,
            preferred: told.preferred,
            next: told.next,
            status_message: self.status_message(user_id),
            capacity: told.capacity,
            wrap_ups: told.wrap_ups,
            offers_paused_until: told.paused_until,
            unanswered: told.unanswered.map(|unanswered| *unanswered),
        }
    }

    fn status_message(&self, user_id: &UserId) -> Option<StatusMessage> {
        let status = self.state.users.get(user_id)?.status.as_ref()?;
        let text = status.body.0.to_string();
        (!text.is_empty()).then_some(StatusMessage { text, until: status.until })
    }

    fn queue_infos(&self, viewer: &Viewer) -> Vec<QueueInfo> {
        let customer = viewer.role == Role::Customer;
        let all = self.tenant.config.queues.iter();
        let agent = self.tenant.agent_index(&viewer.user_id);
        let serves = |queue: &usize| agent.is_some_and(|agent| self.index.staff.serves(agent, *queue));
        let served = (0..self.tenant.config.queues.len()).filter(serves);
        let served = served.filter_map(|queue| self.tenant.queue_at(queue));
        let infos = all.filter(|_| customer).chain(served.filter(|_| !customer));
        infos
            .map(|queue| QueueInfo {
                queue_id: queue.queue_id.clone(),
                name: queue.name.clone(),
                channels: queue.channels.clone(),
                dispositions: if customer { Vec::new() } else { queue.dispositions.clone() },
                callbacks: customer && queue.callbacks.enabled && queue.channels.contains(&Channel::Voice),
            })
            .collect()
    }

    pub(crate) fn offer_view(&self, offer: &Offer) -> Option<OfferView> {
        let made = &offer.made;
        let conversation = self.state.conversations.get(&made.conversation_id)?;
        Some(OfferView {
            offer_id: made.offer_id.clone(),
            conversation_id: made.conversation_id.clone(),
            kind: match made.kind {
                OfferKind::Conversation if conversation.callback.is_some() => OfferKind::Callback,
                OfferKind::Conversation if conversation.is_unreached() => OfferKind::Preview,
                kind => kind,
            },
            channel: made.channel,
            queue_id: conversation.queue_id.clone(),
            customer_name: conversation
                .customer()
                .map(|c| c.name.clone())
                .or_else(|| conversation.called_name())
                .unwrap_or_default(),
            subject: conversation.subject.clone(),
            offered_at: offer.offered_at,
            expires_at: made.expires_at,
            reason: made.reason.clone(),
        })
    }

    /// A conversation, as one of its participants sees it.
    pub(crate) fn conversation_view(
        &self,
        conversation: &Conversation,
        viewer: &Participant,
    ) -> ConversationView {
        let participants = conversation.participants.iter().filter(|p| viewer.sees(p));
        ConversationView {
            conversation_id: conversation.conversation_id.clone(),
            queue_id: viewer.served_queue().unwrap_or(&conversation.queue_id).clone(),
            channel: conversation.channel,
            state: state_for(conversation.state, viewer),
            state_since: state_since_for(conversation, viewer),
            created_at: conversation.created_at,
            subject: conversation.subject.clone(),
            attributes: attributes_for(&self.tenant.config, conversation, viewer),
            tags: if viewer.is_outsider() { Vec::new() } else { conversation.tags.clone() },
            links: if viewer.is_outsider() { Vec::new() } else { self.links_of(conversation) },
            participants: participants.map(|p| self.participant_view(p, viewer)).collect(),
            voice_requested: conversation.asking.is_some() && !viewer.is_wrapping(),
            position: conversation.place_told.filter(|_| !viewer.is_wrapping()),
            estimated_wait_ms: conversation.wait_told.map(u64::from).filter(|_| !viewer.is_wrapping()),
            last_message: last_message_for(conversation, viewer),
            messages: Vec::new(),
            wrap_up: wrap_up_view(viewer),
            pending: conversation.pending.as_ref().and_then(|pending| pending_view(pending, viewer)),
            callback: conversation.callback.as_ref().filter(|_| !viewer.is_wrapping()).map(|c| c.view()),
            outbound: outbound_view(conversation, viewer),
        }
    }

    /// The links of a conversation, for agents: those of its queue, filled in, then those that agents set.
    pub(crate) fn links_of(&self, conversation: &Conversation) -> Vec<Link> {
        let queue = self.tenant.queue(&conversation.queue_id);
        let templates = queue.map_or(&[][..], |queue| &queue.links).iter();
        let filled = templates.filter_map(|template| {
            let url = links::fill(&template.url, conversation)?;
            Some(Link { name: template.name.clone(), url, fixed: true })
        });
        filled.chain(conversation.links.iter().cloned()).collect()
    }

    /// Whether links of a conversation depend on its attributes.
    pub(crate) fn has_templates(&self, conversation: &Conversation) -> bool {
        self.tenant.queue(&conversation.queue_id).is_some_and(|queue| !queue.links.is_empty())
    }

    pub(crate) fn participant_view(
        &self,
        participant: &Participant,
        viewer: &Participant,
    ) -> ParticipantView {
        let outside = viewer.is_outsider();
        let seat = if outside { participant.seat.for_outsider() } else { participant.seat.clone() };
        ParticipantView {
            participant_id: participant.participant_id.clone(),
            user_id: participant.user_id.clone(),
            // The number of a colleague at home is not the customer's to know.
            name: if outside && participant.is_external() { String::new() } else { participant.name.clone() },
            role: participant.role,
            joined_at: participant.joined_at,
            voice: participant.leg.as_ref().map(|leg| Leg {
                session_id: leg.session.clone(),
                since: leg.since,
                held: leg.held,
                muted: leg.muted,
            }),
            away: self.state.is_away(participant),
            delivered: participant.delivered.for_viewer(viewer),
            read: participant.read.for_viewer(viewer),
            part: seat.part,
            side: seat.side,
            owner: seat.owner,
            monitor: seat.monitor.map(|m| m.mode),
            wrap_up: wrap_up_view(participant).filter(|_| !outside),
            dialing: participant.dialing,
        }
    }
}

/// Who is at the work after its part is in wrap-up, whatever the others do. To who has none of that work, a conversation that waits only for
/// it is over.
pub(crate) fn state_for(state: ConversationState, viewer: &Participant) -> ConversationState {
    match state {
        _ if viewer.is_wrapping() && state != ConversationState::Ended => ConversationState::WrapUp,
        ConversationState::WrapUp => ConversationState::Ended,
        state => state,
    }
}

pub(crate) fn state_since_for(conversation: &Conversation, viewer: &Participant) -> Millis {
    viewer.wrap_up.as_ref().map_or(conversation.state_since, |wrap_up| wrap_up.since)
}

/// The number of the newest message that a participant may see.
pub(crate) fn last_message_for(conversation: &Conversation, viewer: &Participant) -> u64 {
    let last = if viewer.is_outsider() { conversation.last_public } else { conversation.last_message };
    viewer.wrap_up.as_ref().and_then(|wrap_up| wrap_up.last_message).map_or(last, |seen| seen.min(last))
}

/// Whether a participant is told of what was asked for. A customer knows that it is being transferred (not to whom), and what it is asked itself; of advice and
/// invitations it knows nothing.
pub(crate) fn knows_pending(kind: PendingKind, viewer: &Participant) -> bool {
    let told = kind == PendingKind::Transfer || kind.asks_customer();
    !viewer.is_wrapping() && (told || !viewer.is_outsider())
}

pub(crate) fn pending_view(pending: &Pending, viewer: &Participant) -> Option<PendingView> {
    let Pending { kind, target, by, since, until, ordered_by, .. } = pending.clone();
    if !knows_pending(kind, viewer) {
        return None;
    }
    let inside = !viewer.is_outsider();
    Some(PendingView {
        kind,
        target: Some(target).filter(|_| inside),
        by: Some(by).filter(|_| inside),
        ordered_by: ordered_by.filter(|_| inside),
        since,
        // A colleague's offer has no time that customers see; by this one they could tell a number from a colleague.
        expires_at: until.filter(|_| inside || kind.asks_customer()),
    })
}

/// Customers see a conversation that the house began as any other; who is at the work after its part, as it left it.
fn outbound_view(conversation: &Conversation, viewer: &Participant) -> Option<Box<OutboundView>> {
    let outbound = conversation.outbound.as_ref().filter(|_| !viewer.is_outsider());
    let left = viewer.wrap_up.as_ref().and_then(|wrap_up| wrap_up.called.as_deref());
    outbound.map(|outbound| outbound.view(conversation, left.unwrap_or(&outbound.progress)).into())
}

pub(crate) fn wrap_up_view(of: &Participant) -> Option<WrapUpView> {
    let wrap_up = of.wrap_up.as_ref()?;
    Some(WrapUpView { user_id: of.user_id.clone(), since: wrap_up.since, until: wrap_up.until })
}

/// Whether who has this role is made offers. Who supervises and serves customers, too, has both roles, and serves in a session of an agent.
pub(crate) fn serves(role: Role) -> bool {
    role == Role::Agent
}

/// Whether who has this role may look into all conversations of the tenant.
pub(crate) fn supervises(role: Role) -> bool {
    matches!(role, Role::Supervisor | Role::Admin)
}

/// The attributes that a participant sees. Colleagues see all. Customers see what they brought as they brought it, whatever agents made of it since; of what the
/// tenant declares they see what it lets them, as it is now.
pub(crate) fn attributes_for(
    config: &TenantConfig,
    conversation: &Conversation,
    viewer: &Participant,
) -> Attributes {
    let now = &conversation.attributes;
    if !viewer.is_outsider() || (conversation.brought.is_none() && config.attributes.is_empty()) {
        return now.clone();
    }
    let declared = |name: &String| config.attributes.get(name);
    let brought = conversation.brought.as_ref().unwrap_or(now).iter();
    let brought = brought.filter(|(name, _)| declared(name).is_none());
    let shown = now
        .iter()
        .filter(|(name, _)| declared(name).is_some_and(|declared| declared.customer != CustomerAccess::None));
    brought.chain(shown).map(|(name, value)| (name.clone(), value.clone())).collect()
}
