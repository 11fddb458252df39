//! Why somebody is not ready, as the tenant names it.

use super::{TenantConfig, check::Problems};
use crate::presence::{DAY_MS, PREFERRED_MS, default_activity};
use jackfield_wire::{Activity, Availability, PresenceReason};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A reason for not being ready, as in "Lunch" or "Training". Agents name it when they choose their presence; colleagues and supervisors see it,
/// customers never do; statistics count the time spent for it.
///
/// ```
/// # use jackfield_exchange::TenantConfig;
/// let config: TenantConfig = serde_json::from_str(r#"{
///     "tenant_id": "contoso", "name": "Contoso", "reason_required": true,
///     "reasons": [
///         { "id": "lunch", "name": "Lunch", "availability": "away", "max_ms": 3600000 },
///         { "id": "training", "name": "Training", "availability": "busy", "activity": "inAMeeting" }
///     ]
/// }"#)?;
/// assert!(config.check().is_ok());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReasonConfig {
    /// What clients name, the statistics count and the journal keeps.
    pub id: String,
    /// The name to show.
    pub name: String,
    /// The availability that goes with it: away, busy, beRightBack, doNotDisturb or offline.
    pub availability: Availability,
    /// The activity that goes with it, one that Microsoft Graph knows beside the availability. Default: the one of the same name (offWork for offline).
    #[serde(default)]
    pub activity: Option<Activity>,
    /// How long it may last, in milliseconds: 5 minutes to 7 days. Default: 1 day for busy and doNotDisturb, 7 days for the others.
    #[serde(default)]
    pub max_ms: Option<u64>,
}

impl ReasonConfig {
    /// The activity that goes with it.
    pub fn activity(&self) -> Activity {
        self.activity.unwrap_or_else(|| default_activity(self.availability))
    }

    pub(crate) fn view(&self) -> PresenceReason {
        PresenceReason {
            id: self.id.clone(),
            name: self.name.clone(),
            availability: self.availability,
            activity: self.activity(),
            max_ms: self.max_ms,
        }
    }
}

/// What may stand beside each availability, by the table of states in Graph's "Manage presence state".
const BESIDE: &[(Availability, &[Activity])] = &[
    (Availability::Away, &[Activity::Away, Activity::OutOfOffice]),
    (
        Availability::Busy,
        &[Activity::Busy, Activity::InAMeeting, Activity::InACall, Activity::InAConferenceCall],
    ),
    (Availability::BeRightBack, &[Activity::BeRightBack]),
    (
        Availability::DoNotDisturb,
        &[Activity::DoNotDisturb, Activity::Presenting, Activity::UrgentInterruptionsOnly],
    ),
    (Availability::Offline, &[Activity::OffWork, Activity::Offline, Activity::OutOfOffice]),
];

pub(super) fn check(problems: &mut Problems, config: &TenantConfig) {
    let mut seen = BTreeSet::new();
    for (n, reason) in config.reasons.iter().enumerate() {
        let at = format!("reasons[{n}]");
        problems.name(format!("{at}.id"), &reason.id);
        problems.name(format!("{at}.name"), &reason.name);
        if !seen.insert(&reason.id) {
            problems.twice(format!("{at}.id"), &reason.id);
        }
        check_reason(problems, &at, reason);
    }
    if config.reason_required && config.reasons.is_empty() {
        let remedy = "Add reasons, or leave reason_required out";
        problems.add("reason_required", "a reason is demanded, but there is none", remedy);
    }
}

fn check_reason(problems: &mut Problems, at: &str, reason: &ReasonConfig) {
    let beside = BESIDE.iter().find(|(availability, _)| *availability == reason.availability);
    let Some((_, beside)) = beside else {
        let problem = format!("{} is no presence to have a reason for", reason.availability.name());
        let remedy = "Write away, busy, beRightBack, doNotDisturb or offline";
        return problems.add(format!("{at}.availability"), problem, remedy);
    };
    if !beside.contains(&reason.activity()) {
        let problem = format!("{} does not go with {}", reason.activity().name(), reason.availability.name());
        let fit: Vec<_> = beside.iter().map(|activity| activity.name()).collect();
        problems.add(format!("{at}.activity"), problem, format!("Write one of {}", fit.join(", ")));
    }
    if let Some(ms) = reason.max_ms.filter(|ms| !PREFERRED_MS.contains(ms)) {
        let (least, most) = (PREFERRED_MS.start(), 7 * DAY_MS);
        problems.add(
            format!("{at}.max_ms"),
            format!("{ms} is out of range"),
            format!("Write {least} (5 minutes) to {most} (7 days)"),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::TenantConfig;
    use serde_json::{Value, json};

    fn problems(reason: Value) -> Vec<String> {
        let first = json!({ "id": "lunch", "name": "Lunch", "availability": "away" });
        let config = json!({ "tenant_id": "t", "name": "T", "reasons": [first, reason] });
        let config: TenantConfig = serde_json::from_value(config).unwrap();
        config.check().err().unwrap_or_default().into_iter().map(|p| p.field).collect()
    }

    #[test]
    fn each_problem_names_its_field() {
        let table = [
            (json!({ "id": "lunch", "name": "Again", "availability": "away" }), "reasons[1].id"),
            (json!({ "id": "", "name": "Nothing", "availability": "away" }), "reasons[1].id"),
            (json!({ "id": "a", "name": " ", "availability": "away" }), "reasons[1].name"),
            (json!({ "id": "a", "name": "A", "availability": "available" }), "reasons[1].availability"),
            (json!({ "id": "a", "name": "A", "availability": "availableIdle" }), "reasons[1].availability"),
            (
                json!({ "id": "a", "name": "A", "availability": "away", "activity": "inACall" }),
                "reasons[1].activity",
            ),
            (
                json!({ "id": "a", "name": "A", "availability": "busy", "max_ms": 299_999 }),
                "reasons[1].max_ms",
            ),
            (
                json!({ "id": "a", "name": "A", "availability": "busy", "max_ms": 604_800_001 }),
                "reasons[1].max_ms",
            ),
        ];
        for (reason, field) in table {
            assert_eq!(problems(reason.clone()), [field], "{reason}");
        }
        let fine = json!({ "id": "a", "name": "A", "availability": "busy", "activity": "inAMeeting" });
        assert_eq!(problems(fine), [""; 0]);
    }

    #[test]
    fn a_reason_that_is_demanded_must_be_there() {
        let config = json!({ "tenant_id": "t", "name": "T", "reason_required": true });
        let config: TenantConfig = serde_json::from_value(config).unwrap();
        assert_eq!(config.check().unwrap_err()[0].field, "reason_required");
    }
}
