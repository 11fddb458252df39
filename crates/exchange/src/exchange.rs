//! One tenant's contact centre.

use crate::{Audience, Decision, Event, FloorDelta, Order, PatchLeg, ReadAccess, TenantConfig, Viewer};
use jackfield_wire::{
    Activity, Availability, Code, ConversationId, FloorView, Millis, PresenceView, ServerEvent, SnapshotView,
    UserView, WireError,
};
use serde::{Deserialize, Serialize};

/// One tenant's state: who, where, since when, numbers.
#[derive(Debug, Clone)]
pub struct Exchange {
    config: TenantConfig,
    state: ExchangeState,
}

/// What a snapshot keeps of an exchange. Everything else is derived from it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ExchangeState {}

impl Exchange {
    /// An empty contact centre.
    pub fn new(config: TenantConfig) -> Self {
        Self::from_state(config, ExchangeState::default())
    }

    /// A contact centre as a snapshot kept it.
    pub fn from_state(config: TenantConfig, state: ExchangeState) -> Self {
        Self { config, state }
    }

    /// What a snapshot keeps.
    pub fn state(&self) -> &ExchangeState {
        &self.state
    }

    /// The configuration in force.
    pub fn config(&self) -> &TenantConfig {
        &self.config
    }

    /// Takes a new configuration.
    pub fn reconfigure(&mut self, config: TenantConfig) {
        self.config = config;
    }

    /// Decides on an order; changes nothing.
    ///
    /// # Errors
    /// Why the order is refused.
    pub fn decide(&self, _order: &Order, _now: Millis) -> Result<Decision, WireError> {
        Err(Code::Internal.into())
    }

    /// One settling step: what is due by the clock or follows from the state.
    pub fn advance(&self, _now: Millis) -> Vec<Event> {
        Vec::new()
    }

    /// Takes a fact in. Cannot fail.
    pub fn apply(&mut self, _event: &Event, _at: Millis) {}

    /// When [`Exchange::advance`] has something to do by the clock.
    pub fn deadline(&self) -> Option<Millis> {
        None
    }

    /// Whom a fact concerns.
    pub fn audience(&self, _event: &Event) -> Audience {
        Audience::Nobody
    }

    /// What a viewer is told of a fact that was just applied.
    pub fn project(&self, _viewer: &Viewer, _event: &Event) -> Option<ServerEvent> {
        None
    }

    /// All that a viewer sees now; conversations without their messages.
    pub fn snapshot(&self, viewer: &Viewer, _now: Millis) -> SnapshotView {
        let role = viewer.role;
        let (availability, activity) = (Availability::Offline, Activity::Offline);
        SnapshotView {
            user: UserView { user_id: viewer.user_id.clone(), name: viewer.user_id.to_string(), role },
            presence: PresenceView { user_id: viewer.user_id.clone(), availability, activity, since: 0 },
            queues: Vec::new(),
            offers: Vec::new(),
            conversations: Vec::new(),
            watched: Vec::new(),
            floor: None,
        }
    }

    /// What a viewer may read of a conversation.
    ///
    /// # Errors
    /// `notFound`, alike for conversations that do not exist and for those of others.
    pub fn may_read(
        &self,
        _viewer: &Viewer,
        _conversation_id: &ConversationId,
    ) -> Result<ReadAccess, WireError> {
        Err(Code::NotFound.into())
    }

    /// The voice legs of a conversation now.
    pub fn legs(&self, _conversation_id: &ConversationId) -> Vec<PatchLeg> {
        Vec::new()
    }

    /// The queues and agents whose figures changed since the last time.
    pub fn take_floor_changes(&mut self) -> Option<FloorDelta> {
        None
    }

    /// What a viewer is told of changed figures.
    pub fn project_floor(&self, _viewer: &Viewer, _delta: &FloorDelta) -> Option<ServerEvent> {
        None
    }

    /// All queues and agents.
    pub fn floor(&self) -> FloorView {
        FloorView { queues: Vec::new(), agents: Vec::new() }
    }
}
