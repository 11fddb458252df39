//! Users and their sessions.

use crate::{Body, Identity, presence::default_activity};
use jackfield_wire::{
    Activity, Availability, CapacityView, ChosenPresence, ConversationId, Millis, OfferId, SessionId,
    Unanswered,
};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeSet;

/// One connected client of a user.
///
/// ```text
///   (none) ──▶ present ⇄ away ──▶ (none)
///                 │  no sign of life: 15 s, said by the switchboard    ▲ grace time over
///                 └────────────────────────────────────────────────────┘ signed out
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Session {
    pub(crate) who: Identity,
    pub(crate) away_since: Option<Millis>,
    /// What it says of its user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) presence: Option<SessionPresence>,
}

/// What a session says of its user: Graph's presence session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionPresence {
    /// Whether the user can be reached.
    pub availability: Availability,
    /// What the user does.
    pub activity: Activity,
    /// When it was said.
    pub said_at: Millis,
    /// When it is as if it had never been said.
    pub until: Millis,
    /// When it fades by a step, if it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fades_at: Option<Millis>,
}

/// What a user will prefer to be once its work is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NextPresence {
    /// Whether the user is to be reached.
    pub availability: Availability,
    /// What the user does.
    pub activity: Activity,
    /// Why, by the id of the tenant's reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// How long it holds from then on, in milliseconds.
    pub lasts_ms: u64,
}

impl NextPresence {
    /// What is preferred, where it holds from now on.
    pub(crate) fn from(&self, now: Millis) -> ChosenPresence {
        let until = Some(now.saturating_add(self.lasts_ms));
        let (availability, activity) = (self.availability, self.activity);
        ChosenPresence { availability, activity, reason: self.reason.clone(), until }
    }
}

/// What a user says about its presence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Status {
    /// Not in snapshots: the store has it in a table of its own.
    #[serde(skip)]
    pub(crate) body: Body,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) until: Option<Millis>,
}

/// A user who has, or had, a session. Customers leave the state with their last session, or, where they are to be called
/// back, with their last conversation; those of the configuration stay.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct User {
    pub(crate) sessions: BTreeSet<SessionId>,
    /// What the user prefers to be. It outlives a reload; available ends with the last session: nobody is rung before it says so.
    #[serde(
        default,
        alias = "wish",
        deserialize_with = "preferred",
        skip_serializing_if = "Option::is_none"
    )]
    pub(crate) preferred: Option<ChosenPresence>,
    /// What it will prefer once it has nothing in hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) next: Option<NextPresence>,
    /// Until when it is offered nothing, as it did not answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) paused_until: Option<Millis>,
    /// The offer that it left unanswered, while it is set aside for that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) unanswered: Option<Box<Unanswered>>,
    /// What it says about its presence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<Status>,
    /// The presence as others were told it.
    pub(crate) told: Presence,
    /// When it last got or finished work, or became available: who has been idle longest is offered next.
    pub(crate) idle_since: Millis,
    /// The number of the last offer made to it: who was made one longest ago is next, where agents take turns.
    #[serde(default)]
    pub(crate) last_offer: u64,
    pub(crate) conversations: BTreeSet<ConversationId>,
    pub(crate) offers: BTreeSet<OfferId>,
}

/// Snapshots of before had one word, which began as away.
fn preferred<'de, D: Deserializer<'de>>(from: D) -> Result<Option<ChosenPresence>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Kept {
        Word(Availability),
        Whole(ChosenPresence),
    }
    Ok(match Kept::deserialize(from)? {
        Kept::Word(Availability::Away) => None,
        Kept::Word(availability) => {
            let activity = default_activity(availability);
            Some(ChosenPresence { availability, activity, reason: None, until: None })
        }
        Kept::Whole(chosen) => Some(chosen),
    })
}

/// A user's presence, as others are shown it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Presence {
    pub(crate) availability: Availability,
    pub(crate) activity: Activity,
    pub(crate) since: Millis,
    /// The reason for it, where nothing lies above what was chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) preferred: Option<ChosenPresence>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) next: Option<ChosenPresence>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) capacity: Option<CapacityView>,
    #[serde(default)]
    pub(crate) wrap_ups: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) paused_until: Option<Millis>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) unanswered: Option<Box<Unanswered>>,
}

impl Presence {
    /// Ready and reachable: a customer, as long as it has a session.
    pub(crate) fn available(since: Millis) -> Self {
        Self { availability: Availability::Available, activity: Activity::Available, since, ..OFFLINE }
    }
}

/// Not there, since before anything is known.
pub(crate) const OFFLINE: Presence = Presence {
    availability: Availability::Offline,
    activity: Activity::Offline,
    since: 0,
    reason: None,
    preferred: None,
    next: None,
    capacity: None,
    wrap_ups: 0,
    paused_until: None,
    unanswered: None,
};

impl User {
    pub(crate) fn new() -> Self {
        Self {
            sessions: BTreeSet::new(),
            preferred: None,
            next: None,
            paused_until: None,
            unanswered: None,
            status: None,
            told: OFFLINE,
            idle_since: 0,
            last_offer: 0,
            conversations: BTreeSet::new(),
            offers: BTreeSet::new(),
        }
    }

    /// Prefers something from now on, or nothing. It is there to say so: what was queued is dropped, and offers may come again.
    pub(crate) fn prefer(&mut self, preferred: Option<ChosenPresence>) {
        (self.preferred, self.next) = (preferred, None);
        self.set_aside(None, None);
    }

    /// Is offered nothing for a while; or is again.
    pub(crate) fn set_aside(&mut self, until: Option<Millis>, unanswered: Option<Box<Unanswered>>) {
        (self.paused_until, self.unanswered) = (until, unanswered);
    }

    /// When what it prefers ends by itself.
    pub(crate) fn preferred_until(&self) -> Option<Millis> {
        self.preferred.as_ref().and_then(|p| p.until)
    }

    /// When what it says about its presence ends by itself.
    pub(crate) fn status_until(&self) -> Option<Millis> {
        self.status.as_ref().and_then(|s| s.until)
    }
}
