//! What contact centres are known to do, and this one does: one readable test for each behaviour, named after it.
//!
//! Each test says in a line which product documents the behaviour: Twilio TaskRouter, Amazon Connect or Genesys Cloud. They drive the rules from outside, through
//! what `jackfield-exchange` offers to everybody; `centre.rs` is the small language they are written in.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop where it stands")]

#[path = "conformance/centre.rs"]
mod centre;
/// The wire's own samples.
#[path = "../crates/wire/tests/common/mod.rs"]
mod common;

#[path = "conformance/after.rs"]
mod after;
#[path = "conformance/callbacks.rs"]
mod callbacks;
#[path = "conformance/capacity.rs"]
mod capacity;
#[path = "conformance/change.rs"]
mod change;
#[path = "conformance/control.rs"]
mod control;
#[path = "conformance/matching.rs"]
mod matching;
#[path = "conformance/numbers.rs"]
mod numbers;
#[path = "conformance/offers.rs"]
mod offers;
#[path = "conformance/order.rs"]
mod order;
#[path = "conformance/outbound.rs"]
mod outbound;
#[path = "conformance/presence.rs"]
mod presence;
#[path = "conformance/rules.rs"]
mod rules;
#[path = "conformance/skills.rs"]
mod skills;
#[path = "conformance/statistics.rs"]
mod statistics;
#[path = "conformance/supervise.rs"]
mod supervise;
#[path = "conformance/walk.rs"]
mod walk;
