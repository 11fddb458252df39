//! Routing rules: which queues a conversation waits in, in which order and for how long.
//!
//! ```text
//!              first rule whose condition holds                    timeout_ms over            timeout_ms over
//!  customer ──▶ gives a plan: its targets ──▶ waits in target 1 ──────────────────▶ target 2 ──────────────────▶ last target: keeps it
//!              (none: the queue asked for)         │ closed, full, or skip_if holds: passed over
//! ```
//!
//! - [`condition`], [`walk`]: conditions are read and checked when a configuration is loaded;
//! - [`check`]: everything that is wrong with rules, hours and overflow, all at once;
//! - [`route`]: they are evaluated when a conversation comes in and when it goes to a target, and never at a replay: what came of them is the
//!   event [`Planned`];
//! - [`review`]: where rules change, those who wait are held against the new ones;
//! - [`hours`]: opening hours; [`pace`]: the estimated wait.

mod check;
mod compiled;
mod condition;
mod config;
mod facts;
mod hours;
mod pace;
mod plan;
mod print;
mod review;
mod route;
mod step;
mod values;
mod walk;

#[cfg(test)]
mod tests;

pub(crate) use check::check;
pub(crate) use compiled::Rules;
pub use condition::RuleFailure;
pub use config::{AtClose, Day, Holiday, HoursConfig, OverflowConfig, RuleConfig, TargetConfig, WeeklyHours};
#[cfg(test)]
pub(crate) use hours::{clock, zone};
pub(crate) use hours::{date_at, moment};
pub(crate) use pace::Pace;
pub use plan::{ConditionFailed, PassReason, Passed, Plan, PlanTarget, Planned, StepReason};
pub(crate) use route::Placement;
pub(crate) use values::Arrival;
