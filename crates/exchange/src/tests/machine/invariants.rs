//! What must hold after each step.

use super::{
    super::{Centre, follower::Follower, presence_recount},
    CUSTOMERS, NUMBER, SECRET,
};
use crate::{Event, Exchange, ExchangeState, state::Conversation};
use jackfield_wire::{Channel, ConversationState, OfferId, OfferKind, PendingKind, ServerEvent, Side};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(centre: &Centre) {
    let exchange = &centre.exchange;
    assert_eq!(exchange.index, exchange.build_index(), "what is derived is what it is when built anew");
    assert!(exchange.deadline().is_none_or(|at| at > centre.now), "nothing due is left undone");
    check_offers(exchange);
    check_capacity(exchange);
    check_legs(exchange);
    check_users(exchange);
    presence_recount::check(exchange);
    check_nobody_waits_in_vain(exchange);
    check_explained(centre);
    for (id, viewer) in &centre.viewers {
        let seen = Follower::new(exchange.snapshot(viewer, centre.now));
        assert_eq!(centre.followers[id], seen, "{id} knows what a snapshot says");
    }
}

/// I3: never a second round of offers of one conversation while one is open: those of a round were made together, to different agents, as many as the queue
/// asks at once. An offered conversation has its offers, and the other way round.
pub(super) fn check_offers(exchange: &Exchange) {
    let state = &exchange.state;
    let mut offered: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (id, offer) in &state.offers {
        let made = &offer.made;
        offered.entry(&made.conversation_id).or_default().push(offer);
        let conversation = &state.conversations[&made.conversation_id];
        assert!(conversation.offers.contains(id));
        assert!(state.users[&made.user_id].offers.contains(id));
        let expected = match made.kind {
            OfferKind::Conversation => ConversationState::Offered,
            _ => ConversationState::Active,
        };
        assert_eq!(conversation.state, expected);
        assert_eq!(conversation.asking.is_some(), made.kind == OfferKind::Escalation);
        let pending = conversation.pending.as_ref().map(|p| p.kind);
        let expected = match made.kind {
            OfferKind::Conversation | OfferKind::Callback | OfferKind::Preview | OfferKind::Escalation => {
                None
            }
            OfferKind::Transfer => Some(PendingKind::Transfer),
            OfferKind::Consult => Some(PendingKind::Consult),
            OfferKind::Invite => Some(PendingKind::Invite),
        };
        assert_eq!(pending, expected);
        assert!(state.is_live(&made.user_id), "an offer rings at a desk where somebody is");
    }
    for conversation in state.conversations.values() {
        let has_offer = !conversation.offers.is_empty();
        assert_eq!(has_offer, offered.contains_key(&conversation.conversation_id));
        assert!(has_offer || conversation.state != ConversationState::Offered);
        let asked =
            conversation.pending.as_ref().filter(|pending| pending.asks_customer() || pending.dials());
        assert!(has_offer || (conversation.asking.is_none() && conversation.pending.as_ref() == asked));
        if let Some(pending) = asked {
            assert!(!has_offer && conversation.state == ConversationState::Active);
            let by = conversation.participant(&pending.by).unwrap();
            assert_eq!(pending.dials(), conversation.dialing().is_some());
            if pending.dials() {
                assert!(by.leg.is_some() && by.is_agent());
                continue;
            }
            assert!(by.seat.owner && conversation.customer().is_some());
            match pending.kind {
                PendingKind::Callback => assert!(by.leg.is_some() && conversation.callback.is_some()),
                PendingKind::Outbound => assert!(conversation.is_calling()),
                _ => {
                    let session = pending.session.as_ref().unwrap();
                    assert_eq!(by.user_id, state.sessions[session].who.user_id);
                }
            }
        }
    }
    for user in state.users.values() {
        assert!(user.offers.iter().all(|id| state.offers.contains_key(id)));
        let rings = |id: &OfferId| state.offers[id].made.kind == OfferKind::Conversation;
        assert!(
            user.offers.iter().filter(|id| rings(id)).count() <= 1,
            "one conversation at a time rings for an agent"
        );
    }
    for (id, round) in offered {
        let agents: BTreeSet<_> = round.iter().map(|offer| &offer.made.user_id).collect();
        assert_eq!(agents.len(), round.len(), "{id} rings twice for one agent");
        let together =
            round.iter().all(|o| (o.offered_at, o.made.kind) == (round[0].offered_at, round[0].made.kind));
        assert!(together, "a second round of {id} is open: {round:?}");
        let queue = exchange.tenant.queue(&state.conversations[id].queue_id);
        let most = queue
            .filter(|_| round[0].made.kind == OfferKind::Conversation)
            .map_or(1, |q| usize::from(q.offer_to));
        assert!(round.len() <= most, "{id} is offered to {} at once, not to {most}", round.len());
    }
}

/// I4: nobody has more than it takes.
pub(super) fn check_capacity(exchange: &Exchange) {
    for config in &exchange.config().users {
        let load = exchange.load(&config.user_id);
        assert!(load.voice <= config.capacity.voice, "{} has {load:?}", config.user_id);
        assert!(load.chat <= config.capacity.chat, "{} has {load:?}", config.user_id);
    }
}

/// No leg without its session; in one call at a time; nobody alone in an active call.
pub(super) fn check_legs(exchange: &Exchange) {
    let mut seen = BTreeSet::new();
    for (id, conversation) in &exchange.state.conversations {
        let legs: Vec<_> = Side::ALL.iter().flat_map(|&side| exchange.legs(id, side)).collect();
        for leg in &legs {
            let number = conversation.participant(&leg.participant).filter(|p| p.is_number());
            let owner = match number {
                Some(number) => &number.user_id,
                None => &exchange.state.sessions[&leg.session].who.user_id,
            };
            assert_eq!(conversation.participant(&leg.participant).map(|p| &p.user_id), Some(owner));
            assert!(seen.insert(leg.session.clone()), "{} talks twice", leg.session);
        }
        let legs = legs.len();
        let fits = match (conversation.state, conversation.channel) {
            _ if conversation.callback.is_some() => {
                let rings = conversation.pending.as_ref().is_some_and(|p| p.kind == PendingKind::Callback);
                assert_eq!(rings, conversation.state == ConversationState::Active, "{id}");
                let customer = conversation.customer().unwrap();
                customer.leg.is_none() && (legs > 0) == rings
            }
            (ConversationState::Active, channel) if conversation.is_unreached() => {
                let agent = conversation.owner().and_then(|owner| owner.leg.as_ref());
                let by_voice = channel == Channel::Voice && conversation.is_calling();
                assert_eq!(agent.is_some(), by_voice, "{id}");
                by_voice || legs == 0
            }
            (ConversationState::Active, Channel::Voice) => legs >= 2,
            (ConversationState::Active, Channel::Chat) => legs != 1,
            (ConversationState::Ended | ConversationState::WrapUp, _) => legs == 0,
            _ if conversation.is_to_be_called() => legs == 0,
            // In line, and parked.
            (_, channel) => legs == usize::from(channel == Channel::Voice),
        };
        assert!(fits, "{id} has {legs} legs in {:?}", conversation.state);
        check_sides(conversation);
    }
}

/// The customer is on the main side; on the other side nobody is but the owner and the one it consults.
pub(super) fn check_sides(conversation: &Conversation) {
    for participant in &conversation.participants {
        let consulted = participant.is_consulted();
        assert!(!participant.dialing || conversation.pending.as_ref().is_some_and(|p| p.dials()));
        assert!(!participant.is_number() || participant.dialing != participant.leg.is_some());
        assert!(!consulted || conversation.owner().is_some());
        let apart = participant.seat.side == Side::Consult;
        assert!(
            !apart
                || consulted
                || participant.dialing
                || (participant.seat.owner && conversation.consulted().is_some())
        );
        assert!(!participant.is_wrapping() || (participant.leg.is_none() && participant.is_agent()));
    }
}

/// Users and conversations name each other; who is in a conversation has a session.
pub(super) fn check_users(exchange: &Exchange) {
    let state = &exchange.state;
    for (id, conversation) in &state.conversations {
        let customers = conversation.participants.iter().filter(|p| p.is_customer()).count();
        let wrapping = conversation.participants.iter().filter(|p| p.is_wrapping()).count();
        let owners = conversation.participants.iter().filter(|p| p.seat.owner).count();
        let (all, agents) = (conversation.participants.len(), conversation.agents().count());
        let fits = match conversation.state {
            ConversationState::Queued | ConversationState::Offered => {
                all == usize::from(!conversation.is_to_be_called()) + wrapping && owners == 0
            }
            ConversationState::Active if conversation.is_outside() => owners == 0 && agents == 0,
            ConversationState::Active => owners == 1 && agents >= 1,
            ConversationState::Parked => owners == 1 && all == 2 + wrapping,
            _ => all == wrapping && wrapping > 0 && owners == 0,
        };
        assert!(fits, "{id}: {:?} {:?}", conversation.state, conversation.participants);
        let there = conversation.state != ConversationState::WrapUp && !conversation.is_previewed();
        let there = there && !conversation.is_to_be_called();
        assert_eq!(customers, usize::from(there), "{id}");
        assert!(!conversation.is_unanswered(), "what follows from no answer has followed");
        let users: BTreeSet<_> = conversation.participants.iter().map(|p| &p.user_id).collect();
        assert_eq!(users.len(), all, "nobody is in {id} twice");
        for participant in conversation.participants.iter().filter(|p| !p.is_number()) {
            let user = &state.users[&participant.user_id];
            let kept = participant.is_customer() && conversation.callback.is_some();
            assert!(user.conversations.contains(id) && (kept || !user.sessions.is_empty()));
            if let Some(callback) = conversation.callback.as_ref().filter(|_| participant.is_customer()) {
                assert_eq!(callback.away_since.is_none(), state.is_live(&participant.user_id), "{id}");
            }
        }
    }
    for (id, user) in &state.users {
        assert!(user.conversations.iter().all(|c| state.conversations[c].participant_of(id).is_some()));
        assert!(user.sessions.iter().all(|s| state.sessions[s].who.user_id == *id));
    }
}

/// I6: no conversation waits while an agent who fits is ready. Looked for the slow way, over everything.
pub(super) fn check_nobody_waits_in_vain(exchange: &Exchange) {
    for conversation in exchange.state.conversations.values() {
        if conversation.state != ConversationState::Queued || conversation.is_aside() {
            continue;
        }
        let queue = exchange.tenant.queue_index(&conversation.queue_id).unwrap();
        let demand = crate::demand::current(&exchange.tenant, queue, conversation).demand;
        for agent in
            exchange.config().users.iter().filter(|u| super::super::matching::fits(u, conversation, &demand))
        {
            let ready = exchange.standing(&agent.user_id).map(|s| s.ready);
            let ready = ready.is_some_and(|r| r[crate::standing::slot(conversation.channel)]);
            let paused = conversation.is_paused_for(&agent.user_id);
            assert!(!ready || paused, "{} waits for {}", conversation.conversation_id, agent.user_id);
        }
    }
}

/// What is explained is how it stands: where it waits, nobody is ready who could serve it; of those who serve its queue each stage leaves some.
pub(super) fn check_explained(centre: &Centre) {
    let exchange = &centre.exchange;
    for (id, conversation) in &exchange.state.conversations {
        let told = exchange.explain(id, centre.now).unwrap();
        assert_eq!((told.state, &told.queue_id), (conversation.state, &conversation.queue_id));
        assert_eq!(told.owner.as_ref(), conversation.owner().map(|owner| &owner.user_id));
        let offered: BTreeSet<_> = told.offered.iter().map(|offer| &offer.offer_id).collect();
        assert_eq!(offered, conversation.offers.iter().collect());
        assert_eq!(told.place.is_some(), conversation.is_waiting(), "{id}: {told:?}");
        assert!(told.place.is_none_or(|place| place >= 1 && place <= told.waiting), "{id}: {told:?}");
        assert!(told.sentence.ends_with('.'), "{}", told.sentence);
        if let Some(agents) = told.agents {
            let stages =
                [agents.serving, agents.fitting, agents.signed_in, agents.available, agents.with_room];
            assert!(stages.is_sorted_by(|more, fewer| more >= fewer), "{id}: {stages:?}");
            assert!(agents.ready <= agents.with_room, "{id}: {agents:?}");
            let called = conversation.callback.is_some() || conversation.is_aside();
            let waits = conversation.state == ConversationState::Queued && !called;
            assert!(!waits || agents.ready == 0, "{id} waits, and {} could serve it", agents.ready);
        }
    }
    assert_eq!(exchange.explain(&crate::tests::conversation(999), centre.now), None);
}

/// What customers were told holds nothing for colleagues, and nothing of other customers.
pub(super) fn check_told(centre: &Centre) {
    for (id, told) in &centre.told {
        let name = id.as_str().trim_end_matches(char::is_numeric);
        if !CUSTOMERS.contains(&name) {
            continue;
        }
        for event in told {
            let text = serde_json::to_string(event).unwrap();
            assert!(!text.contains(SECRET) && !text.contains(NUMBER), "{id}: {text}");
            assert!(!text.contains("internal") && !text.contains("\"wrapUp\""), "{id}: {text}");
            assert!(!matches!(event, ServerEvent::OfferMade { .. } | ServerEvent::OfferEnded { .. }));
            let others = CUSTOMERS.iter().filter(|other| **other != name);
            assert!(!others.into_iter().any(|other| text.contains(other)), "{id}: {text}");
        }
    }
}

/// The journal, written and read back, gives the same state; each conversation that came in is there or was closed, its messages numbered.
pub(super) fn check_journal(centre: &Centre) {
    let config = centre.exchange.config().clone();
    let mut again = Exchange::new(config.clone());
    let (mut open, mut last, mut rows) = (BTreeSet::new(), BTreeMap::new(), Vec::new());
    for (at, event) in &centre.journal {
        let written = serde_json::to_string(event).unwrap();
        assert!(!written.contains(NUMBER), "a number is in the journal: {written}");
        let read: Event = serde_json::from_str(&written).unwrap();
        again.apply(&read, *at);
        rows.extend(event.body());
        match event {
            Event::ConversationStarted(new) => drop(open.insert(new.conversation_id.clone())),
            Event::ConversationClosed { conversation_id, .. } => assert!(open.remove(conversation_id)),
            Event::MessageAdded { conversation_id, number, .. } => {
                let before = last.insert(conversation_id.clone(), *number).unwrap_or_default();
                assert_eq!(*number, before + 1);
            }
            _ => {}
        }
    }
    rows.iter().for_each(|row| again.furnish(row));
    assert_eq!(again.state(), centre.exchange.state());
    assert_eq!(again.index, centre.exchange.index);
    assert!(open.iter().eq(centre.exchange.state.conversations.keys()), "nothing is lost");

    let kept = serde_json::to_string(centre.exchange.state()).unwrap();
    assert!(!kept.contains(NUMBER));
    let kept: ExchangeState = serde_json::from_str(&kept).unwrap();
    let mut restored = Exchange::from_state(config, kept);
    rows.iter().for_each(|row| restored.furnish(row));
    assert_eq!(restored.state(), centre.exchange.state());
    assert_eq!(restored.index, centre.exchange.index);
}
