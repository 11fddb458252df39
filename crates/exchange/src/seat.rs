//! What a participant is in its conversation and where; and by that, who knows of whom.

use crate::state::Participant;
use jackfield_wire::{
    Millis, MonitorMode, Part, ParticipantId, PendingKind, SessionId, Side, Target, UserId,
};
use serde::{Deserialize, Serialize, Serializer};

/// What a participant is in its conversation, and where.
///
/// ```text
///                        main side                                   consult side
///  customer, external ── agents (one of them the owner) ◀── swap ──▶ the owner ── consulted
///          ▲               ▲            ▲                                            │
///          │ barge         │ listen,    └──────── completed, conference ─────────────┘
///          └── monitor ────┘ whisper: on the side of the one who is monitored
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Seat {
    /// What it is.
    pub part: Part,
    /// On which side.
    pub side: Side,
    /// Whether it is the agent who serves the customer.
    pub owner: bool,
    /// How it takes part, where it monitors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub monitor: Option<Monitor>,
}

/// How a supervisor takes part without serving.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Monitor {
    /// What it may say and to whom.
    pub mode: MonitorMode,
    /// Who is monitored: the whisper is for this one, and the monitor is on its side.
    pub whom: ParticipantId,
}

/// Something that was asked for in a conversation and is not answered yet. There is one at a time.
///
/// ```text
///  (none) ──▶ transfer, consult, invite ──▶ (none): accepted, rejected, timed out, rescinded, taken back, or whoever asked is gone
///         ├─▶ the same, with a telephone number that rings ──▶ (none): answered, busy, turned down ...; the time is over at `until`
///         ├─▶ outbound: the customer is called in its page, or by its number ──▶ (none): answered, turned down, not answered until `until`, given up
///         └─▶ voice, callback: the customer is asked ──▶ (none): the same, without an offer; the time is over at `until`
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Pending {
    /// What.
    pub kind: PendingKind,
    /// Who or what was asked. A telephone number is not in the journal and in no snapshot.
    #[serde(serialize_with = "without_number")]
    pub target: Target,
    /// Who asked.
    pub by: ParticipantId,
    /// Since when.
    pub since: Millis,
    /// Whether the customer was put on hold for it, and comes back from it when nobody takes it.
    pub holds: bool,
    /// The supervisor who ordered it, where it was not `by` itself: then `by` can't take it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ordered_by: Option<UserId>,
    /// When it ends by itself, where the customer is asked or a number rings: colleagues have offers with times of their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Millis>,
    /// The session that asks the customer, and will have the leg.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<SessionId>,
}

impl Pending {
    /// Something asked for: nobody is held for it, and it has no time of its own.
    pub(crate) fn new(kind: PendingKind, target: Target, by: &ParticipantId, since: Millis) -> Self {
        let (by, holds) = (by.clone(), false);
        Self { kind, target, by, since, holds, ordered_by: None, until: None, session: None }
    }

    /// Whether the answer is the customer's.
    pub(crate) fn asks_customer(&self) -> bool {
        self.kind.asks_customer() && !self.dials()
    }

    /// Whether a telephone number rings.
    pub(crate) fn dials(&self) -> bool {
        matches!(self.target, Target::Number { .. })
    }
}

pub(crate) fn without_number<S: Serializer>(target: &Target, to: S) -> Result<S::Ok, S::Error> {
    match target {
        Target::Number { .. } => Target::Number { number: String::new() }.serialize(to),
        other => other.serialize(to),
    }
}

impl Default for Seat {
    /// The owner's: journals of older versions know no other agents.
    fn default() -> Self {
        Self { part: Part::Agent, side: Side::Main, owner: true, monitor: None }
    }
}

impl Seat {
    /// A telephone number's. It rings on the consult side, so that its customer hears and knows of nobody before somebody answers.
    pub(crate) fn external(side: Side) -> Self {
        Self { part: Part::External, side, ..Self::default() }.without_ownership()
    }

    /// The customer's.
    pub fn customer() -> Self {
        Self { part: Part::Customer, ..Self::default() }.without_ownership()
    }

    /// Whether it is the owner's on the main side: what a journal leaves out.
    pub(crate) fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// The same seat of one who does not serve the customer.
    pub(crate) fn without_ownership(self) -> Self {
        Self { owner: false, ..self }
    }

    /// As it is shown to one outside the house: who barges in or is consulted before all is an agent to it.
    pub(crate) fn for_outsider(&self) -> Self {
        let part = match self.part {
            Part::Consulted | Part::Monitor => Part::Agent,
            part => part,
        };
        Self { part, side: Side::Main, owner: self.owner, monitor: None }
    }

    /// Whether one outside the house knows that this seat is taken.
    fn is_public(&self) -> bool {
        match (self.part, &self.monitor) {
            (Part::Monitor, Some(monitor)) => monitor.mode == MonitorMode::Barge,
            (Part::Monitor, None) => false,
            // The owner does not vanish from the customer's eyes while it consults.
            _ => self.side == Side::Main || self.owner,
        }
    }

    /// Whether colleagues know that this seat is taken. Who listens is known to nobody.
    fn is_known_to_colleagues(&self) -> bool {
        self.monitor.as_ref().is_none_or(|monitor| monitor.mode != MonitorMode::Listen)
    }
}

impl Participant {
    /// Whether it is not of the house: a customer, or a number that was dialled.
    pub(crate) fn is_outsider(&self) -> bool {
        matches!(self.seat.part, Part::Customer | Part::External)
    }

    /// Whether it knows of another who sits there; `wrapping` where the other is at the work after its part.
    ///
    /// This is the one rule of who sees whom. Who is at the work after its part sees nobody: it has left.
    pub(crate) fn knows(&self, other: &ParticipantId, seat: &Seat, wrapping: bool) -> bool {
        if *other == self.participant_id {
            return true;
        }
        if self.is_wrapping() {
            return false;
        }
        if self.is_outsider() { seat.is_public() && !wrapping } else { seat.is_known_to_colleagues() }
    }

    /// Whether it knows of another as the other is now.
    pub(crate) fn sees(&self, other: &Participant) -> bool {
        self.knows(&other.participant_id, &other.seat, other.is_wrapping())
    }
}
