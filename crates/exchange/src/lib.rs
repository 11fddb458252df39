//! The rules of one tenant's contact centre: a deterministic, event-sourced state machine without I/O.
//!
//! An [`Exchange`] holds what the rules need to know: who is there, which conversation stands where, since when. It has no clock, no
//! randomness, no task and no socket; time comes in as an argument and ids are counted, so that the same orders give the same events,
//! in the gateway, in the emulator and in the simulation.
//!
//! ```text
//!            ┌──────────── decide(&order, now) ────────────┐
//!   order ──▶│ changes nothing; gives events or a refusal  │──▶ events ──▶ journal ──▶ apply(&event, at)
//!            └─────────────────────────────────────────────┘                             │
//!                 ▲ until it is empty                                                    ▼
//!            advance(now): time-outs, presence, routing, places in line      project(viewer, &event) ──▶ the wire
//! ```
//!
//! - [`TenantConfig`]: the queues, users and times of a tenant, checked by [`TenantConfig::check`].
//! - [`Order`]: what is decided on; [`Event`]: what is then a fact.
//! - [`Exchange::project`]: the one place that says who sees what.
//! - [`switchboard`]: sessions and their connections over the wire, around an exchange.

mod advance;
mod apply;
mod body;
mod callback;
mod config;
mod decide;
mod demand;
mod event;
mod exchange;
mod explain;
mod floor;
mod index;
mod legs;
mod links;
mod memory;
mod needs;
mod order;
mod outbound;
mod presence;
mod project;
mod record;
mod route;
mod rules;
mod scope;
mod seat;
mod settings;
mod standing;
mod state;
mod stats;
pub mod switchboard;
mod tagged;
mod targets;
mod tenant;
#[cfg(test)]
mod tests;
mod view;
mod viewer;
mod waiting;

pub use body::{BodyRow, ConversationBody, SessionBody, StatusBody};
pub use callback::Callback;
pub use config::{
    AgentAccess, AgentOrder, AttributeConfig, AttributeType, CallbackConfig, Capacity, ConfigProblem,
    CustomerAccess, FailedTransfer, InterruptedBy, LinkTemplate, NoAnswer, OutboundConfig, PreviewEnd,
    QueueConfig, QueueOrder, ReasonConfig, StatisticsConfig, TagConfig, TenantConfig, TimeOfDay, TrunkConfig,
    UserConfig,
};
pub use event::{Body, Event, NewConversation, NewOffer};
pub use exchange::Exchange;
pub use memory::Memory;
pub use needs::{DirectAgent, Needs, RingConfig, Routing, Skills, Stays};
pub use order::{Decision, ExternalNews, Identity, Order};
pub use outbound::{Outbound, Progress};
pub use record::{Record, Records};
pub use rules::{
    AtClose, ConditionFailed, Day, Holiday, HoursConfig, OverflowConfig, PassReason, Passed, Plan,
    PlanTarget, Planned, RuleConfig, RuleFailure, StepReason, TargetConfig, WeeklyHours,
};
pub use scope::FloorScope;
pub use seat::{Monitor, Pending, Seat};
pub use settings::AgentSettings;
pub use state::{ExchangeState, NextPresence, SessionPresence};
pub use viewer::{Audience, FloorDelta, FloorFilter, PatchLeg, PatchRole, ReadAccess, Viewer};
