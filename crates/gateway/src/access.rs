//! Who may come in and what is served: all that a new configuration can change while the gateway runs.

use crate::{
    config::{Config, TenantSettings},
    doors::Doors,
    http::ApiKeys,
    tenant::Handle,
    tokens::{Fetcher, Issuer, Tokens},
};
use jackfield_exchange::TenantConfig;
use jackfield_wire::{TenantId, UserId};
use std::{collections::BTreeMap, sync::Arc};

/// Who may come in and what is served. Replaced as a whole, never changed.
#[derive(Debug)]
pub(crate) struct Access {
    pub(crate) tokens: Tokens,
    pub(crate) doors: Doors,
    pub(crate) api_keys: ApiKeys,
    pub(crate) tenants: BTreeMap<TenantId, Handle>,
    /// What all of it was made of.
    pub(crate) settings: Vec<TenantSettings>,
}

impl Access {
    /// Opens the doors to these tenants.
    ///
    /// # Errors
    /// A sentence about a key that can't be used.
    pub(crate) fn new(
        config: &Config,
        issuer: &Issuer,
        fetcher: &Arc<Fetcher>,
        tenants: BTreeMap<TenantId, Handle>,
    ) -> Result<Self, String> {
        Ok(Self {
            tokens: Tokens::new(&config.tenants, issuer.clone(), fetcher)?,
            doors: Doors::new(&config.tenants),
            api_keys: ApiKeys::new(&config.tenants),
            tenants,
            settings: config.tenants.clone(),
        })
    }

    /// The contact centre of a tenant as it was configured.
    pub(crate) fn centre(&self, tenant: &TenantId) -> Option<&TenantConfig> {
        self.settings.iter().map(|settings| &settings.centre).find(|centre| centre.tenant_id == *tenant)
    }
}

/// Users who are gone with the new configuration, or have lost a role: what they have open is to be ended.
pub(crate) fn revoked(before: &TenantConfig, after: &TenantConfig) -> Vec<UserId> {
    let kept = |user: &UserId, roles: &[_]| {
        after.user(user).is_some_and(|now| roles.iter().all(|role| now.roles.contains(role)))
    };
    let gone = before.users.iter().filter(|user| !kept(&user.user_id, &user.roles));
    gone.map(|user| user.user_id.clone()).collect()
}
