//! Who somebody is: tokens (JWT, RFC 7519), and the keys that prove them.
//!
//! What is believed comes from the configuration, never from the token: its header chooses only among the algorithms listed for a key,
//! and its issuer only between the tenant's and the gateway's own. Every claim is checked here and nowhere else.

mod claims;
mod issue;
mod jwks;
mod keys;

pub(crate) use claims::{Audience, Claims};
pub(crate) use issue::{Issuer, OWN_ISSUER};
pub(crate) use jwks::{Fetcher, check_file as check_jwks_file};
pub(crate) use keys::{algorithm, is_symmetric};

use crate::config::{AuthConfig, TenantSettings};
use jackfield_exchange::{Identity, TenantConfig};
use jackfield_wire::{Attributes, Code, Millis, Role, TenantId, UserId, WireError, check_attributes};
use jsonwebtoken::dangerous;
use keys::Keys;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Instant,
};

/// Tolerated difference between two clocks, in milliseconds.
const LEEWAY_MS: u64 = 60_000;

/// What a good token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Verified {
    /// The tenant.
    pub(crate) tenant: TenantId,
    /// Who.
    pub(crate) identity: Identity,
    /// When the token's time is over.
    pub(crate) expires_at: Millis,
    /// Whether it is for a client that has no origin.
    pub(crate) native: bool,
}

/// The tenants' keys and users.
#[derive(Debug)]
pub(crate) struct Tokens {
    tenants: BTreeMap<TenantId, Tenant>,
    own: Issuer,
}

#[derive(Debug)]
struct Tenant {
    issuer: String,
    audience: String,
    keys: Keys,
    users: BTreeMap<UserId, (String, BTreeSet<Role>)>,
}

impl Tokens {
    /// Takes the keys of all tenants; `own` signs the gateway's own tokens.
    ///
    /// # Errors
    /// A sentence about a key that can't be used.
    pub(crate) fn new(
        tenants: &[TenantSettings],
        own: Issuer,
        fetcher: &Arc<Fetcher>,
    ) -> Result<Self, String> {
        let one = |settings: &TenantSettings| {
            let tenant = Tenant::new(&settings.auth, &settings.centre, fetcher)?;
            Ok((settings.centre.tenant_id.clone(), tenant))
        };
        Ok(Self { tenants: tenants.iter().map(one).collect::<Result<_, String>>()?, own })
    }

    /// Judges a token.
    ///
    /// # Errors
    /// Those of the wire's table that begin with 41; the message names the claim. Nothing of the token is in it.
    pub(crate) async fn verify(&self, token: &str, now: Millis) -> Result<Verified, WireError> {
        if token.len() > jackfield_wire::limits::TOKEN_BYTES {
            return Err(WireError::new(Code::TokenMalformed, "the token is longer than 8 KiB"));
        }
        let malformed = |_| WireError::from(Code::TokenMalformed);
        let header = jsonwebtoken::decode_header(token).map_err(malformed)?;
        // Not believed yet: it only says whose keys to try.
        let unproven: Claims = dangerous::insecure_decode_claims(token).map_err(claims::unreadable)?;
        let tenant_id = TenantId::parse(&unproven.tenant).map_err(|_| Code::TenantUnknown)?;
        let tenant = self.tenants.get(&tenant_id).ok_or(Code::TenantUnknown)?;
        let own = unproven.iss == OWN_ISSUER;
        let proven = if own {
            self.own.check(token, &header, &tenant_id)?
        } else {
            tenant.keys.check(token, &header, Instant::now()).await?
        };
        proven.check_times(now)?;
        tenant.admit(&tenant_id, proven, own, now)
    }

    /// Signs a token for a customer.
    ///
    /// # Errors
    /// `internal`.
    pub(crate) fn issue(&self, claims: &Claims, tenant: &TenantId) -> Result<String, WireError> {
        self.own.issue(claims, tenant)
    }
}

impl Tenant {
    fn new(auth: &AuthConfig, centre: &TenantConfig, fetcher: &Arc<Fetcher>) -> Result<Self, String> {
        let users = centre.users.iter().map(|user| {
            let roles = user.roles.iter().copied().collect();
            (user.user_id.clone(), (user.name.clone(), roles))
        });
        Ok(Self {
            issuer: auth.issuer.clone(),
            audience: auth.audience.clone(),
            keys: Keys::new(&auth.keys, fetcher)?,
            users: users.collect(),
        })
    }

    /// From a proven token to a person. The gateway's own tokens are for customers only.
    fn admit(&self, id: &TenantId, claims: Claims, own: bool, now: Millis) -> Result<Verified, WireError> {
        let (issuer, audience) =
            if own { (OWN_ISSUER, OWN_ISSUER) } else { (&*self.issuer, &*self.audience) };
        claims.check_parties(issuer, audience)?;
        let user_id = UserId::parse(&claims.sub)
            .map_err(|why| WireError::new(Code::TokenRejected, format!("sub can't be a user's id: {why}")))?;
        let role = claims.role().filter(|role| !own || *role == Role::Customer).ok_or(Code::RoleRejected)?;
        let name = match role {
            Role::Customer => self.customer_name(&user_id, &claims)?,
            _ => self.user_name(&user_id, role)?,
        };
        let native = claims.native;
        let expires_at = claims.ends_at(now);
        let attributes = if role == Role::Customer { claims.attributes } else { Attributes::new() };
        // The token as a whole is refused; the sentence says why.
        check_attributes(&attributes).map_err(|error| WireError::new(Code::TokenRejected, error.message))?;
        let identity = Identity { user_id, name, role, attributes };
        Ok(Verified { tenant: id.clone(), identity, expires_at, native })
    }

    fn user_name(&self, user: &UserId, role: Role) -> Result<String, WireError> {
        let (name, roles) = self.users.get(user).ok_or(Code::UserUnknown)?;
        if roles.contains(&role) { Ok(name.clone()) } else { Err(Code::RoleRejected.into()) }
    }

    fn customer_name(&self, user: &UserId, claims: &Claims) -> Result<String, WireError> {
        if self.users.contains_key(user) {
            // Else a customer could be taken for a colleague of the same id.
            return Err(WireError::new(
                Code::RoleRejected,
                "this user works for the tenant and is no customer",
            ));
        }
        let name = claims.name.as_deref().map(str::trim).filter(|name| !name.is_empty());
        let name = name.unwrap_or(user.as_str());
        if name.len() > claims::NAME_BYTES {
            return Err(WireError::new(Code::TokenRejected, "name is longer than 200 bytes"));
        }
        Ok(name.to_owned())
    }
}
