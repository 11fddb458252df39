//! Telephone numbers as parties: how they are dialled, answer and go.
//!
//! ```text
//!             transfer, consult, invite: pending           answered
//!  (not there) ──────────────────────────────▶ dialing ─────────────▶ connected ──▶ (gone): hung up, removed, or nobody is left to talk to
//!       ▲                                         │                      held, muted and swapped as a colleague is
//!       └─────────────────────────────────────────┘
//!         busy, no answer, rejected, unreachable, given up after the tenant's time, taken back, or whoever asked is gone
//!
//!  what an answer leads to:
//!   transfer   the agent goes to the work after its part. Another agent of the conference is the owner now; where there is none, customer and number
//!              are alone: the conversation is active without an owner, and over with the first of the two who hangs up
//!   consult    the number is on the consult side with the owner, the customer held; completeConsult goes on as a transfer that was answered
//!   invite     the number is on the main side with all the others
//! ```
//!
//! While it rings a number is on the consult side, whatever it was dialled for: its customer knows of it when it answers on the main side, and never of one that
//! is consulted. It has no user and no session: its ids begin with `external:`, which no token's user may.

use super::{
    Facts, PartIn,
    consult::{back_to_customer, to_side},
    ending::{alone_on_the_line, left, seat_changed},
    handover::{asked_for, back_from_hold, pending_changed, resumed},
    invalid, wrong_state,
};
use crate::{
    Event, Exchange, ExternalNews, Pending, Seat,
    config::dialable,
    state::{Conversation, Participant},
};
use jackfield_wire::{
    Channel, Code, ConversationId, ConversationState, EndReason, LeaveReason, Millis, OfferOutcome, Part,
    ParticipantId, PendingKind, SessionId, Side, Target, UserId, WireError,
};

/// With what the ids of telephone numbers begin.
const RESERVED: &str = "external:";

/// Whether an id of a user is kept for telephone numbers.
pub(crate) fn is_reserved(user_id: &str) -> bool {
    user_id.starts_with(RESERVED)
}

/// The user that stands for a number in its conversation. Not its number: that is nobody's to read in the journal.
pub(crate) fn user_of(participant: &ParticipantId) -> UserId {
    // An id and a short word more is always an id.
    UserId::parse(&format!("{RESERVED}{participant}")).unwrap_or_else(|_| UserId::numbered('x', 0))
}

/// The user that stands for the number of an outbound conversation before it is dialled. Nobody's history is kept under it.
pub(crate) fn user_of_call(conversation: &ConversationId) -> UserId {
    UserId::parse(&format!("{RESERVED}{conversation}")).unwrap_or_else(|_| UserId::numbered('x', 0))
}

/// The name under which the media plane knows the leg of a number.
pub(crate) fn leg_of(participant: &ParticipantId) -> SessionId {
    SessionId::parse(&format!("{RESERVED}{participant}")).unwrap_or_else(|_| SessionId::numbered('x', 0))
}

impl Exchange {
    /// The number that a target means, as it is dialled.
    ///
    /// # Errors
    /// `noTrunk`; `invalidField` where it is no number; `numberNotAllowed`.
    pub(super) fn number_to_dial(&self, written: &str) -> Result<String, WireError> {
        let trunk = self.tenant.config.trunk.as_ref().ok_or(Code::NoTrunk)?;
        let number = dialable(written).ok_or_else(|| {
            invalid("target.number is no telephone number; write + and 7 to 15 digits, as in +4930123456")
        })?;
        if trunk.allows(&number) { Ok(number) } else { Err(Code::NumberNotAllowed.into()) }
    }

    /// Dials a number for an agent.
    pub(super) fn dial(
        &self,
        (conversation, agent): PartIn<'_>,
        written: &str,
        kind: PendingKind,
        now: Millis,
    ) -> Facts {
        let number = self.number_to_dial(written)?;
        if agent.leg.is_none() {
            return Err(wrong_state("there is no voice to bring a telephone number into; start voice first"));
        }
        if kind == PendingKind::Transfer {
            check_by_voice(conversation)?;
        }
        let participant_id = self.state.counters.next_participant();
        let until =
            now + u64::from(self.tenant.config.trunk.as_ref().map_or(0, |trunk| trunk.dial_timeout_ms));
        let target = Target::Number { number: number.clone() };
        let pending =
            Pending { until: Some(until), ..Pending::new(kind, target, &agent.participant_id, now) };
        let mut events = asked_for(conversation, pending);
        let body = conversation.body().map(|mut body| {
            body.numbers.insert(participant_id.clone(), number.clone());
            Box::new(body)
        });
        let conversation_id = conversation.conversation_id.clone();
        events.push(Event::Dialed { conversation_id, participant_id, until, customer: false, number, body });
        Ok(events)
    }

    /// The network says how a call stands. Of a call that is no more here, nothing follows.
    pub(super) fn external_news(
        &self,
        id: &ConversationId,
        participant: &ParticipantId,
        news: ExternalNews,
        now: Millis,
    ) -> Vec<Event> {
        let conversation = self.state.conversations.get(id);
        let party = conversation.and_then(|c| c.participant(participant).map(|p| (c, p)));
        let Some((conversation, number)) = party.filter(|(_, p)| p.is_number()) else { return Vec::new() };
        let how = match news {
            ExternalNews::Answered if number.dialing => return self.answered(conversation, number, now),
            ExternalNews::Answered => return Vec::new(),
            ExternalNews::HungUp => LeaveReason::Left,
            _ if !number.dialing => LeaveReason::Lost,
            ExternalNews::Busy => LeaveReason::Busy,
            ExternalNews::NoAnswer => LeaveReason::NoAnswer,
            ExternalNews::Rejected => LeaveReason::Rejected,
            ExternalNews::Unreachable => LeaveReason::Unreachable,
        };
        self.external_gone(conversation, number, how, now)
    }

    fn answered(&self, conversation: &Conversation, number: &Participant, now: Millis) -> Vec<Event> {
        let Some(pending) = conversation.pending.as_ref().filter(|pending| pending.dials()) else {
            return Vec::new();
        };
        if pending.kind == PendingKind::Outbound {
            return self.reached(&leg_of(&number.participant_id), conversation, number);
        }
        let mut events = vec![
            pending_changed(conversation, pending.kind, None, Some(OfferOutcome::Accepted)),
            Event::VoiceJoined {
                conversation_id: conversation.conversation_id.clone(),
                participant_id: number.participant_id.clone(),
                session: leg_of(&number.participant_id),
            },
        ];
        match pending.kind {
            PendingKind::Transfer => {
                events.extend(
                    conversation
                        .owner()
                        .map(|owner| self.given_outside(conversation, owner, number, now))
                        .into_iter()
                        .flatten(),
                );
            }
            PendingKind::Consult => {
                events.extend(
                    conversation
                        .owner()
                        .into_iter()
                        .flat_map(|owner| to_side(conversation, owner, Side::Consult)),
                );
            }
            PendingKind::Invite | PendingKind::Voice | PendingKind::Callback | PendingKind::Outbound => {
                events.push(seat_changed(conversation, number, Seat::external(Side::Main)));
            }
        }
        events
    }

    /// The owner leaves its customer to a number, and to the other agents, if there are any.
    pub(super) fn given_outside(
        &self,
        conversation: &Conversation,
        owner: &Participant,
        number: &Participant,
        now: Millis,
    ) -> Vec<Event> {
        let mut events = vec![seat_changed(conversation, number, Seat::external(Side::Main))];
        let heir = conversation.agents().find(|p| p.participant_id != owner.participant_id);
        events.extend(
            heir.map(|heir| seat_changed(conversation, heir, Seat { owner: true, ..heir.seat.clone() })),
        );
        events.extend(self.steps_out(conversation, owner, LeaveReason::Left, now));
        events.extend(resumed(conversation, number));
        events.extend(back_from_hold(conversation));
        events
    }

    /// A number rings no more, or has hung up.
    pub(super) fn external_gone(
        &self,
        conversation: &Conversation,
        number: &Participant,
        how: LeaveReason,
        now: Millis,
    ) -> Vec<Event> {
        if number.dialing {
            let mut events = self.dialing_over(conversation, outcome_of(how));
            events.push(left(conversation, number, how));
            let transfer =
                conversation.pending.as_ref().is_some_and(|p| p.dials() && p.kind == PendingKind::Transfer);
            if transfer && !matches!(how, LeaveReason::Removed | LeaveReason::Ended) {
                events.extend(self.without_taker(conversation, now));
            }
            return events;
        }
        if number.is_customer() {
            return self.participant_gone(conversation, number, how, now);
        }
        if conversation.is_outside() {
            return self.over(
                conversation,
                EndReason::ExternalLeft,
                Some((&number.participant_id, how)),
                now,
            );
        }
        let mut events = if number.is_consulted() { back_to_customer(conversation) } else { Vec::new() };
        events.extend(alone_on_the_line(conversation, number));
        events.push(left(conversation, number, how));
        events
    }

    /// What was asked for by dialling is over: the customer is back from the hold of a transfer. The party itself leaves with a fact of its own.
    pub(super) fn dialing_over(&self, conversation: &Conversation, outcome: OfferOutcome) -> Vec<Event> {
        let dials = conversation.pending.as_ref().is_some_and(Pending::dials);
        if dials { self.pending_over(conversation, outcome) } else { Vec::new() }
    }

    /// Who asked takes it back.
    pub(super) fn stop_dialing(&self, conversation: &Conversation, now: Millis) -> Option<Vec<Event>> {
        let number = conversation.dialing()?;
        Some(self.external_gone(conversation, number, LeaveReason::Removed, now))
    }

    /// Nobody answered in the tenant's time.
    pub(crate) fn dialed_in_vain(&self, conversation: &Conversation, now: Millis) -> Option<Vec<Event>> {
        let number = conversation.dialing()?;
        Some(self.external_gone(conversation, number, LeaveReason::NoAnswer, now))
    }

    /// The telephone numbers that are parties now, ringing or talking.
    pub(crate) fn numbers(&self) -> Vec<(ConversationId, ParticipantId)> {
        let all = self.state.conversations.values();
        let numbers = all.flat_map(|c| c.participants.iter().filter(|p| p.is_number()).map(move |p| (c, p)));
        numbers.map(|(c, p)| (c.conversation_id.clone(), p.participant_id.clone())).collect()
    }

    /// A number that nobody asks for any more, or with nobody to talk to, goes.
    pub(crate) fn lone_numbers(&self, now: Millis) -> Vec<Event> {
        let id = self.index.lone.first();
        let found = id.and_then(|id| self.state.conversations.get(id));
        let found = found.and_then(|c| lone(c).map(|number| (c, number)));
        found.map_or_else(Vec::new, |(c, number)| self.external_gone(c, number, LeaveReason::Ended, now))
    }
}

/// A number without anybody to talk to, if there is one.
pub(crate) fn lone(conversation: &Conversation) -> Option<&Participant> {
    conversation.participants.iter().filter(|p| p.is_external()).find(|number| {
        let talks =
            |p: &Participant| p.participant_id != number.participant_id && p.seat.part != Part::Monitor;
        let in_vain = if number.dialing {
            let pending = conversation.pending.as_ref().filter(|pending| pending.dials());
            let asker = pending.and_then(|pending| conversation.participant(&pending.by));
            asker.is_none_or(|asker| asker.leg.is_none())
        } else {
            number.leg.is_none() || !conversation.with_leg().any(|(p, _)| talks(p))
        };
        in_vain || conversation.state != ConversationState::Active
    })
}

/// A chat goes on in writing, which a telephone number can't.
pub(super) fn check_by_voice(conversation: &Conversation) -> Result<(), WireError> {
    match conversation.channel {
        Channel::Voice => Ok(()),
        Channel::Chat => Err(wrong_state(
            "nobody would read the chat any more; consult the number or invite it into the call, and stay",
        )),
    }
}

/// What those see as the outcome of the asking who need not know of telephones.
fn outcome_of(how: LeaveReason) -> OfferOutcome {
    match how {
        LeaveReason::Busy | LeaveReason::Rejected => OfferOutcome::Rejected,
        LeaveReason::NoAnswer => OfferOutcome::TimedOut,
        LeaveReason::Removed => OfferOutcome::Rescinded,
        _ => OfferOutcome::Canceled,
    }
}

/// Nobody is parked with somebody on the line.
pub(super) fn check_no_number(conversation: &Conversation) -> Result<(), WireError> {
    if conversation.participants.iter().any(Participant::is_external) {
        return Err(wrong_state("a telephone number is in the conference; remove it first"));
    }
    Ok(())
}

/// Whether a caller may act as a user at all.
pub(super) fn check_user(caller: &UserId) -> Result<(), WireError> {
    if is_reserved(caller.as_str()) {
        let message =
            "the token's sub begins with external:, which is kept for telephone numbers; choose another";
        return Err(WireError::new(Code::RoleRejected, message));
    }
    Ok(())
}
