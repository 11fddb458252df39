//! Presence as Microsoft Graph has it: which words go together, which is stronger, and how long each holds.
//!
//! The rules are those of Graph's pages "Manage presence state", `presence: setPresence` (a session's state) and
//! `presence: setUserPreferredPresence` (the user's own).

use crate::state::SessionPresence;
use jackfield_wire::{Activity, Availability, Millis};
use std::ops::RangeInclusive;

const MINUTE_MS: u64 = 60_000;
pub(crate) const DAY_MS: u64 = 24 * 60 * MINUTE_MS;

/// How long a session's presence may hold: PT5M to PT4H.
pub(crate) const SESSION_MS: RangeInclusive<u64> = 5 * MINUTE_MS..=240 * MINUTE_MS;
/// How long a session's presence holds where nothing is said.
pub(crate) const SESSION_DEFAULT_MS: u64 = 5 * MINUTE_MS;
/// How long a preferred presence may hold.
pub(crate) const PREFERRED_MS: RangeInclusive<u64> = 5 * MINUTE_MS..=7 * DAY_MS;
/// How long a status message may stay: 1 minute to 90 days. Graph takes any time for its end.
pub(crate) const STATUS_MS: RangeInclusive<u64> = MINUTE_MS..=90 * DAY_MS;
/// After this long without being said again, a session's available fades a step.
pub(crate) const FADE_MS: u64 = 5 * MINUTE_MS;

/// What a user can prefer to be.
pub(crate) const PREFERRED: &[(Availability, Activity)] = &[
    (Availability::Available, Activity::Available),
    (Availability::Busy, Activity::Busy),
    (Availability::DoNotDisturb, Activity::DoNotDisturb),
    (Availability::BeRightBack, Activity::BeRightBack),
    (Availability::Away, Activity::Away),
    (Availability::Offline, Activity::OffWork),
];

/// What a session can say of its user.
pub(crate) const OF_SESSION: &[(Availability, Activity)] = &[
    (Availability::Available, Activity::Available),
    (Availability::Busy, Activity::InACall),
    (Availability::Busy, Activity::InAConferenceCall),
    (Availability::Away, Activity::Away),
    (Availability::DoNotDisturb, Activity::Presenting),
];

/// The strongest first. Graph says: doNotDisturb, busy, available, away; the others stand beside what they weaken.
const PRECEDENCE: [Availability; 9] = [
    Availability::DoNotDisturb,
    Availability::Busy,
    Availability::BusyIdle,
    Availability::Available,
    Availability::AvailableIdle,
    Availability::BeRightBack,
    Availability::Away,
    Availability::Offline,
    Availability::PresenceUnknown,
];

/// The place of an availability in the order of precedence, 0 being the strongest.
fn rank(availability: Availability) -> usize {
    PRECEDENCE.iter().position(|a| *a == availability).unwrap_or(PRECEDENCE.len())
}

/// What several sessions say together: the strongest holds; of two that are equally strong the one that was said last. `None` where none says anything.
pub(crate) fn aggregate<'a>(
    said: impl Iterator<Item = &'a SessionPresence>,
) -> Option<(Availability, Activity)> {
    let strongest = said.min_by_key(|s| (rank(s.availability), std::cmp::Reverse(s.said_at), s.activity))?;
    Some((strongest.availability, strongest.activity))
}

/// The activity that goes with an availability where nothing else is said.
pub(crate) fn default_activity(availability: Availability) -> Activity {
    match availability {
        Availability::Available => Activity::Available,
        Availability::Busy | Availability::BusyIdle => Activity::Busy,
        Availability::Away => Activity::Away,
        Availability::Offline => Activity::OffWork,
        Availability::AvailableIdle => Activity::Inactive,
        Availability::DoNotDisturb => Activity::DoNotDisturb,
        Availability::BeRightBack => Activity::BeRightBack,
        Availability::PresenceUnknown => Activity::PresenceUnknown,
    }
}

/// How long a preferred presence holds where nothing is said: 1 day for busy and doNotDisturb, 7 days for the others.
pub(crate) fn preferred_default_ms(availability: Availability) -> u64 {
    match availability {
        Availability::Busy | Availability::DoNotDisturb => DAY_MS,
        _ => 7 * DAY_MS,
    }
}

/// A session's presence as it is when it is said.
pub(crate) fn said(
    availability: Availability,
    activity: Activity,
    lasts_ms: u64,
    now: Millis,
) -> SessionPresence {
    let until = now.saturating_add(lasts_ms);
    let fades_at = now.saturating_add(FADE_MS);
    let fades_at = Some(fades_at).filter(|at| availability == Availability::Available && *at < until);
    SessionPresence { availability, activity, said_at: now, until, fades_at }
}

/// A session's presence a step further: available/available, availableIdle/inactive, away/away. Graph calls the middle one AvailableInactive in
/// its text and `Inactive` in its list of activities.
pub(crate) fn faded(before: &SessionPresence) -> SessionPresence {
    let (availability, activity) = match before.availability {
        Availability::Available => (Availability::AvailableIdle, Activity::Inactive),
        _ => (Availability::Away, Activity::Away),
    };
    let next = before.fades_at.map(|at| at.saturating_add(FADE_MS));
    let fades_at = next.filter(|at| availability == Availability::AvailableIdle && *at < before.until);
    SessionPresence { availability, activity, fades_at, ..before.clone() }
}

/// Pairs of words for a person to read: `available/available, busy/busy`.
pub(crate) fn pairs(of: &[(Availability, Activity)]) -> String {
    let pairs: Vec<_> = of.iter().map(|(a, b)| format!("{}/{}", a.name(), b.name())).collect();
    pairs.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<SessionPresence> {
        let pairs = OF_SESSION.iter().chain(&[
            (Availability::AvailableIdle, Activity::Inactive),
            (Availability::BeRightBack, Activity::BeRightBack),
        ]);
        pairs.map(|(a, b)| said(*a, *b, SESSION_DEFAULT_MS, 0)).collect()
    }

    #[test]
    fn every_availability_has_its_rank() {
        let ranks: std::collections::BTreeSet<_> = Availability::ALL.iter().map(|a| rank(*a)).collect();
        assert!(ranks.into_iter().eq(0..Availability::ALL.len()));
    }

    #[test]
    fn of_two_sessions_the_stronger_holds_whichever_comes_first() {
        for first in all() {
            for second in all() {
                let (one, other) =
                    (aggregate([&first, &second].into_iter()), aggregate([&second, &first].into_iter()));
                assert_eq!(one, other);
                let stronger = rank(first.availability).min(rank(second.availability));
                assert_eq!(one.map(|(a, _)| rank(a)), Some(stronger));
            }
        }
        assert_eq!(aggregate([].into_iter()), None);
    }

    #[test]
    fn of_equals_the_one_said_last_holds() {
        let call = said(Availability::Busy, Activity::InACall, SESSION_DEFAULT_MS, 1_000);
        let conference = said(Availability::Busy, Activity::InAConferenceCall, SESSION_DEFAULT_MS, 2_000);
        assert_eq!(aggregate([&call, &conference].into_iter()).unwrap().1, Activity::InAConferenceCall);
    }

    #[test]
    fn available_fades_in_two_steps_unless_it_ends_before() {
        let minutes = |n: u64| n * MINUTE_MS;
        let table = [(5, None, None), (6, Some(5), None), (10, Some(5), None), (11, Some(5), Some(10))];
        for (lasts, first, second) in table {
            let fresh = said(Availability::Available, Activity::Available, minutes(lasts), 0);
            assert_eq!(fresh.fades_at, first.map(minutes), "{lasts}");
            let idle = faded(&fresh);
            assert_eq!((idle.availability, idle.activity), (Availability::AvailableIdle, Activity::Inactive));
            assert_eq!(idle.fades_at, second.map(minutes), "{lasts}");
            let away = faded(&idle);
            assert_eq!((away.availability, away.fades_at), (Availability::Away, None));
        }
        let busy = said(Availability::Busy, Activity::InACall, minutes(240), 0);
        assert_eq!(busy.fades_at, None, "only available fades");
    }
}
