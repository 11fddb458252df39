//! Users and their sessions.

use crate::Identity;
use jackfield_wire::{Activity, Availability, ConversationId, Millis, OfferId, SessionId};
use serde::{Deserialize, Serialize};
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
}

/// A user who has, or had, a session. Customers leave the state with their last session; those of the configuration stay.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct User {
    pub(crate) sessions: BTreeSet<SessionId>,
    /// What the user chose. It outlives a reload, and begins as away with each sign-in: nobody is rung before it says so.
    pub(crate) wish: Availability,
    /// The presence as others were told it.
    pub(crate) told: Presence,
    /// When it last got or finished work, or became available: who has been idle longest is offered next.
    pub(crate) idle_since: Millis,
    pub(crate) conversations: BTreeSet<ConversationId>,
    pub(crate) offers: BTreeSet<OfferId>,
}

/// A user's presence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Presence {
    pub(crate) availability: Availability,
    pub(crate) activity: Activity,
    pub(crate) since: Millis,
}

impl Presence {
    /// Ready and reachable: a customer, as long as it has a session.
    pub(crate) fn available(since: Millis) -> Self {
        Self { availability: Availability::Available, activity: Activity::Available, since }
    }
}

/// Not there, since before anything is known.
pub(crate) const OFFLINE: Presence =
    Presence { availability: Availability::Offline, activity: Activity::Offline, since: 0 };

impl User {
    pub(crate) fn new() -> Self {
        Self {
            sessions: BTreeSet::new(),
            wish: Availability::Away,
            told: OFFLINE,
            idle_since: 0,
            conversations: BTreeSet::new(),
            offers: BTreeSet::new(),
        }
    }
}
