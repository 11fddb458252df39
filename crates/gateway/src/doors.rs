//! Which origins may come in, for which tenant.

use crate::{config::TenantSettings, tokens::Verified};
use jackfield_wire::TenantId;
use std::collections::{BTreeMap, BTreeSet};

/// Which origins may come in, for which tenant.
#[derive(Debug, Default)]
pub(crate) struct Doors {
    tenants: BTreeMap<TenantId, Door>,
    all: BTreeSet<String>,
    any_native: bool,
}

#[derive(Debug)]
struct Door {
    origins: BTreeSet<String>,
    native: bool,
}

impl Doors {
    /// The doors of all tenants.
    pub(crate) fn new(tenants: &[TenantSettings]) -> Self {
        let mut doors = Self::default();
        for settings in tenants {
            let origins: BTreeSet<String> = settings.auth.origins.iter().cloned().collect();
            doors.all.extend(origins.iter().cloned());
            doors.any_native |= settings.auth.native_clients;
            let door = Door { origins, native: settings.auth.native_clients };
            doors.tenants.insert(settings.centre.tenant_id.clone(), door);
        }
        doors
    }

    /// Whether any tenant takes pages of this origin. Asked before it is known whose the visitor is.
    pub(crate) fn any_has(&self, origin: &str) -> bool {
        self.all.contains(origin)
    }

    /// Whether any tenant takes clients that are no pages.
    pub(crate) fn any_native(&self) -> bool {
        self.any_native
    }

    /// Whether the token's own tenant takes its bearer from there.
    pub(crate) fn lets_in(&self, token: &Verified, origin: Option<&str>) -> bool {
        self.tenants.get(&token.tenant).is_some_and(|door| match origin {
            Some(origin) => door.origins.contains(origin),
            None => door.native && token.native,
        })
    }
}
