//! One tenant's contact centre.

use crate::{
    ExchangeState, TenantConfig,
    index::{FloorMarks, Index},
    tenant::Tenant,
};
use std::sync::Arc;

/// One tenant's contact centre: who, where, since when, numbers.
///
/// What it is made of is the configuration, the state that snapshots keep, and what is derived from both. It changes by
/// [`Exchange::apply`] alone.
#[derive(Debug, Clone)]
pub struct Exchange {
    pub(crate) tenant: Arc<Tenant>,
    pub(crate) state: ExchangeState,
    pub(crate) index: Index,
    pub(crate) marks: FloorMarks,
}

impl Exchange {
    /// An empty contact centre.
    pub fn new(config: TenantConfig) -> Self {
        Self::from_state(config, ExchangeState::default())
    }

    /// A contact centre as a snapshot kept it. The configuration may be another than the snapshot was made with.
    pub fn from_state(config: TenantConfig, mut state: ExchangeState) -> Self {
        state.upgrade();
        let (index, marks) = (Index::default(), FloorMarks::default());
        let tenant = Arc::new(Tenant::new(config, &state.agents));
        let mut exchange = Self { tenant, state, index, marks };
        exchange.prepare_statistics();
        exchange.index = exchange.build_index();
        exchange
    }

    /// What a snapshot keeps.
    pub fn state(&self) -> &ExchangeState {
        &self.state
    }

    /// How often conditions of each rule could not be evaluated, by the rule's id. That counted as false each time.
    pub fn rule_failures(&self) -> &std::collections::BTreeMap<std::sync::Arc<str>, u64> {
        &self.state.rule_failures
    }

    /// The configuration in force; its agents with what was changed about them at run time.
    pub fn config(&self) -> &TenantConfig {
        &self.tenant.config
    }

    /// Takes a new configuration. Call [`Exchange::advance`] after it.
    ///
    /// Conversations that are with an agent stay there, even over a lowered capacity. Those that wait are matched anew by what their queue demands now, and offers to who
    /// no longer fits are taken back. Where rules, overflows, hours or rings are others, `advance` holds those who wait against them, some hundred at a time: each keeps its age, and its
    /// queue as far as the rules say the same; whom a person placed, or an agent has had, stays. Where a queue is gone they go where the rules say, or the rest of their plan, or are
    /// ended where nothing says where to. What was changed about agents at run time holds over the new configuration, too. Sessions of users who are gone are the caller's
    /// to close.
    pub fn reconfigure(&mut self, config: TenantConfig) {
        self.tenant = Arc::new(Tenant::new(config, &self.state.agents));
        let tenant = Arc::clone(&self.tenant);
        self.state.users.retain(|id, user| {
            !user.sessions.is_empty() || !user.conversations.is_empty() || tenant.user(id).is_some()
        });
        self.prepare_statistics();
        self.index = self.build_index();
        self.mark_whole_floor();
    }
}
