//! Calling a customer back, who does not wait on the line.

use super::{
    Caller, Facts, PartIn, asking::asked, ending::voice_left, invalid, reassign::without_request, wrong_state,
};
use crate::{
    Callback, CallbackConfig, Event, Exchange,
    state::{Conversation, Participant},
};
use jackfield_wire::{
    Channel, Code, ConversationId, EndReason, LeaveReason, Millis, OfferEndReason, OfferOutcome,
    ParticipantId, PendingKind, SessionId, UserId, WireError,
};

/// How far ahead one may ask to be called back, in milliseconds: a week.
const AT_MOST_AHEAD_MS: u64 = 7 * 24 * 3_600_000;

impl Exchange {
    /// A customer asks to be called back.
    ///
    /// ```text
    ///  queued, on the line ──requestCallback──▶ queued, to be called back ──its turn, accepted──▶ active: the customer is asked
    ///            ▲                                  │   ▲   │                                          │          │ yes
    ///            └──────────────startVoice──────────┘   │   │                                          │          ▼
    ///                                                   └───┼─── no answer: again after retry_ms ──────┤       active
    ///                                                       ▼                                          ▼
    ///                          ended: given up, or not to be reached for keep_ms      wrapUp: no; no answer `attempts` times
    /// ```
    ///
    /// The place in line is kept. Where a time is named before which it is not to be, the time waited so far counts from then on. Who has no session that gives signs
    /// of life is offered to nobody; back again, its place is where it was.
    pub(super) fn request_callback(
        &self,
        caller: Caller<'_>,
        id: &ConversationId,
        number: Option<&str>,
        at: Option<Millis>,
        now: Millis,
    ) -> Facts {
        let (conversation, customer) = self.part(caller, id)?;
        if !customer.is_customer() {
            return Err(WireError::new(Code::NotAllowed, "only customers ask to be called back"));
        }
        if number.is_some() {
            self.tenant.config.trunk.as_ref().ok_or(Code::NoTrunk)?;
            return Err(invalid("number: customers are called back in their page only; leave it out"));
        }
        check_time(at, now)?;
        if conversation.channel != Channel::Voice || !conversation.is_waiting() {
            return Err(wrong_state(
                "only who waits by voice can be called back; look at the conversation's state",
            ));
        }
        let already = conversation.callback.as_deref();
        if already.is_none() && !self.callbacks_of(conversation).enabled {
            let message = "nobody is called back from this queue; wait on the line";
            return Err(WireError::new(Code::NotAllowed, message));
        }
        let away_since = Some(now).filter(|_| !self.state.is_live(&customer.user_id));
        let first = Callback { away_since, ..Callback::default() };
        let callback = Callback { at, ..already.cloned().unwrap_or(first) };
        let mut events =
            self.end_open_offers(conversation, OfferOutcome::Rescinded, OfferEndReason::TakenBack);
        events.extend(customer.leg.as_ref().map(|_| voice_left(conversation, &customer.participant_id)));
        events.push(changed(conversation, Some(callback), start_from(conversation, at.unwrap_or(now), now)));
        Ok(events)
    }

    /// The customer waits on the line again.
    pub(super) fn wait_on_the_line(
        &self,
        caller: Caller<'_>,
        (conversation, customer): PartIn<'_>,
        now: Millis,
    ) -> Facts {
        self.check_not_talking(caller)?;
        let mut events =
            self.end_open_offers(conversation, OfferOutcome::Rescinded, OfferEndReason::TakenBack);
        events.push(changed(conversation, None, start_from(conversation, now, now)));
        events.push(voice_joined(conversation, &customer.participant_id, caller.session));
        Ok(events)
    }

    /// An agent has accepted to call back: the customer is asked.
    pub(super) fn call_back(
        &self,
        conversation: &Conversation,
        agent: &ParticipantId,
        now: Millis,
    ) -> Option<Event> {
        conversation.callback.as_ref()?;
        let customer = conversation.customer()?;
        // The agent has its leg already, in whichever session it is by then.
        Some(self.ask_customer(conversation, (agent, None), customer, PendingKind::Callback, now))
    }

    /// The customer answers the call.
    pub(super) fn called_back(
        &self,
        caller: Caller<'_>,
        conversation: &Conversation,
        customer: &Participant,
    ) -> Vec<Event> {
        let mut events = self.asking_over(conversation, OfferOutcome::Accepted);
        events.push(changed(conversation, None, None));
        events.push(voice_joined(conversation, &customer.participant_id, caller.session));
        events
    }

    /// The customer does not want to be called back any more.
    pub(super) fn callback_declined(
        &self,
        conversation: &Conversation,
        customer: &Participant,
        now: Millis,
    ) -> Vec<Event> {
        let mut events = self.asking_over(conversation, OfferOutcome::Rejected);
        let gone = Some((&customer.participant_id, LeaveReason::Left));
        events.extend(self.over(&without_request(conversation), EndReason::CustomerLeft, gone, now));
        events
    }

    /// The customer does not answer the call: it waits until it is tried again, or it was the last time.
    pub(super) fn callback_missed(
        &self,
        conversation: &Conversation,
        (outcome, away_since): (OfferOutcome, Option<Millis>),
        now: Millis,
    ) -> Vec<Event> {
        let mut events = self.asking_over(conversation, outcome);
        let cleared = without_request(conversation);
        let (Some(owner), Some(callback)) = (cleared.owner(), &conversation.callback) else { return events };
        let config = self.callbacks_of(conversation);
        // Who talks elsewhere can't answer: that is no attempt.
        let busy = conversation.customer().is_some_and(|customer| self.talks(&customer.user_id));
        let attempts = callback.attempts.saturating_add(u8::from(!busy));
        if attempts < config.attempts {
            let at = Some(now.saturating_add(u64::from(config.retry_ms)));
            events.push(changed(conversation, Some(Callback { at, away_since, attempts }), None));
            events.extend(self.back_to_line(&cleared, owner, LeaveReason::Left));
        } else {
            events.extend(self.over(&cleared, EndReason::Unreached, None, now));
        }
        events
    }

    /// The customer has not answered in time, or the agent waits for it no longer.
    pub(super) fn not_answered(
        &self,
        conversation: &Conversation,
        outcome: OfferOutcome,
        now: Millis,
    ) -> Vec<Event> {
        let away_since = conversation.callback.as_ref().and_then(|callback| callback.away_since);
        self.callback_missed(conversation, (outcome, away_since), now)
    }

    fn callbacks_of(&self, conversation: &Conversation) -> CallbackConfig {
        self.tenant.queue(&conversation.queue_id).map(|queue| queue.callbacks).unwrap_or_default()
    }

    /// The time before which a customer was not to be called back is over, or that for which the place of one is kept who can't be reached.
    pub(crate) fn callback_due(&self, id: &ConversationId, now: Millis) -> Vec<Event> {
        let conversation = self.state.conversations.get(id);
        let waits = conversation.and_then(|c| Some((c, c.callback.as_deref()?)));
        let Some((conversation, callback)) = waits else { return Vec::new() };
        if callback.at.is_none() {
            return self.over(conversation, EndReason::Unreached, None, now);
        }
        let away_since = callback.away_since.map(|_| now);
        vec![changed(conversation, Some(Callback { at: None, away_since, ..callback.clone() }), None)]
    }

    /// A customer can't be reached in its page from a time on, or can be again: noted for each conversation in which it is to be called back.
    pub(super) fn tell_reachable(&self, user_id: &UserId, away_since: Option<Millis>) -> Vec<Event> {
        let own = self.state.conversations_of(user_id);
        let own = own.filter(|c| c.customer().is_some_and(|p| p.user_id == *user_id));
        own.flat_map(|conversation| self.reachable(conversation, away_since)).collect()
    }

    fn reachable(&self, conversation: &Conversation, away_since: Option<Millis>) -> Vec<Event> {
        let callback = conversation.callback.as_deref();
        let differs = callback.filter(|c| c.away_since.is_some() != away_since.is_some());
        let Some(callback) = differs else { return Vec::new() };
        // While it is asked it may come back, until the time to answer is over.
        let mut events = match asked(conversation) {
            Some(_) => Vec::new(),
            None => self.end_open_offers(conversation, OfferOutcome::Rescinded, OfferEndReason::AskerGone),
        };
        events.push(changed(conversation, Some(Callback { away_since, ..callback.clone() }), None));
        events
    }

    /// The last session of a customer who is to be called back ends: it keeps its place. `None` for others, who are gone with it.
    pub(super) fn callback_left(
        &self,
        conversation: &Conversation,
        whose: &Participant,
        now: Millis,
    ) -> Option<Vec<Event>> {
        conversation.callback.as_ref().filter(|_| whose.is_customer())?;
        Some(match asked(conversation) {
            Some(_) => self.callback_missed(conversation, (OfferOutcome::Canceled, Some(now)), now),
            None => self.reachable(conversation, Some(now)),
        })
    }
}

/// Nobody takes over a conversation whose customer is being called, or is to be: there is nothing to take over yet.
pub(super) fn check_reached(conversation: &Conversation) -> Result<(), WireError> {
    if is_calling(conversation) || conversation.is_unreached() {
        return Err(wrong_state("the customer has not been reached yet; wait until it has answered"));
    }
    Ok(())
}

/// Whether an agent waits for the customer to answer a call.
pub(super) fn is_calling(conversation: &Conversation) -> bool {
    asked(conversation).is_some_and(|pending| pending.kind == PendingKind::Callback)
}

/// The virtual start with which the time waited so far goes on from a time; `None` where it is what it was.
fn start_from(conversation: &Conversation, from: Millis, now: Millis) -> Option<Millis> {
    // Before the time that the customer named the wait stands still. It goes on while a call is to be tried again.
    let named = conversation.callback.as_ref().filter(|callback| callback.attempts == 0);
    let until = named.and_then(|callback| callback.at).unwrap_or(now);
    let waited = until.saturating_sub(conversation.virtual_start());
    Some(from.saturating_sub(waited)).filter(|start| *start != conversation.virtual_start())
}

/// Nobody is to be called back once the conversation is over.
pub(super) fn callback_over(conversation: &Conversation) -> Option<Event> {
    conversation.callback.as_ref().map(|_| changed(conversation, None, None))
}

fn check_time(at: Option<Millis>, now: Millis) -> Result<(), WireError> {
    let latest = now.saturating_add(AT_MOST_AHEAD_MS);
    if at.is_some_and(|at| at <= now || at > latest) {
        return Err(invalid(
            "at is past, or more than 7 days ahead; leave it out to be called back as soon as it is your turn",
        ));
    }
    Ok(())
}

fn changed(conversation: &Conversation, callback: Option<Callback>, virtual_start: Option<Millis>) -> Event {
    Event::CallbackChanged { conversation_id: conversation.conversation_id.clone(), callback, virtual_start }
}

pub(super) fn voice_joined(conversation: &Conversation, whose: &ParticipantId, session: &SessionId) -> Event {
    Event::VoiceJoined {
        conversation_id: conversation.conversation_id.clone(),
        participant_id: whose.clone(),
        session: session.clone(),
    }
}
