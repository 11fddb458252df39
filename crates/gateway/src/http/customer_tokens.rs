//! `POST /v1/tenants/{tenant}/customer-tokens`: a provider's back end asks for a token for one of its customers.

use super::{Peer, refusal, status_of};
use crate::{
    config::{Config, TenantSettings},
    crypto::{self, Digest},
    gateway::Shared,
    limits::{Neighbourhood, Tries},
    tokens::{Claims, OWN_ISSUER},
};
use axum::{
    Json,
    body::Body,
    extract::{Path, Request, State},
    http::{HeaderMap, header},
    response::{IntoResponse as _, Response},
};
use jackfield_wire::{Attributes, Code, Millis, TenantId, UserId, WireError, check_attributes};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

const BODY_BYTES: usize = 16 * 1024;
const BODY_PATIENCE: Duration = Duration::from_secs(5);
const NAME_BYTES: usize = 200;

/// The digests of the back ends' keys.
#[derive(Debug)]
pub(crate) struct ApiKeys(BTreeMap<TenantId, Digest>);

impl ApiKeys {
    /// Those of these tenants.
    pub(crate) fn new(tenants: &[TenantSettings]) -> Self {
        let digests = tenants.iter().filter_map(|tenant| {
            let digest = crypto::from_hex(tenant.auth.api_key_sha256.as_deref()?)?;
            Some((tenant.centre.tenant_id.clone(), digest))
        });
        Self(digests.collect())
    }

    /// Whether the key is the tenant's. An unknown tenant takes as long as a wrong key.
    fn fits(&self, tenant: &TenantId, key: &str) -> bool {
        let known = self.0.get(tenant);
        crypto::same(&crypto::sha256(key.as_bytes()), known.unwrap_or(&[0; 32])) && known.is_some()
    }
}

/// How often back ends and others may try.
#[derive(Debug)]
pub(crate) struct BackEnds {
    granted: Tries<TenantId>,
    wrong: Tries<Neighbourhood>,
}

impl BackEnds {
    /// As the configuration has it.
    pub(crate) fn new(config: &Config) -> Self {
        let (rate, wrong) =
            (config.limits.customer_tokens_per_second, config.limits.wrong_api_keys_per_minute);
        Self {
            granted: Tries::new(Duration::from_secs(1) / rate.max(1), rate.saturating_mul(2).max(1)),
            wrong: Tries::new(Duration::from_secs(60) / wrong.max(1), wrong.max(1)),
        }
    }

    /// Lets a back end in. Neither the answer nor its time tells an unknown tenant from a wrong key.
    fn authorise(
        &self,
        keys: &ApiKeys,
        tenant: &TenantId,
        headers: &HeaderMap,
        who: Neighbourhood,
    ) -> Result<(), WireError> {
        let now = Instant::now();
        self.wrong.check(&who, now).map_err(limited)?;
        let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        if !keys.fits(tenant, bearer.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default()) {
            let _ = self.wrong.take(who, now);
            let message = "The API key is missing or not the tenant's. Send Authorization: Bearer <key>.";
            return Err(WireError::new(Code::TokenRejected, message));
        }
        self.granted.take(tenant.clone(), now).map_err(limited)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Wanted {
    user_id: UserId,
    name: String,
    #[serde(default)]
    attributes: Attributes,
    #[serde(default = "quarter_of_an_hour")]
    ttl_seconds: u32,
}

fn quarter_of_an_hour() -> u32 {
    900
}

/// A token and when its time is over.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Issued {
    /// The token.
    pub(crate) token: String,
    /// When its time is over.
    pub(crate) expires_at: Millis,
}

/// Answers the request.
pub(super) async fn issue(
    State(shared): State<Arc<Shared>>,
    Path(tenant): Path<String>,
    request: Request,
) -> Response {
    match try_issue(&shared, &tenant, request).await {
        Ok(issued) => ([(header::CACHE_CONTROL, "no-store")], Json(issued)).into_response(),
        Err(error) => {
            shared.metrics.refused(error.code.name());
            refusal(status_of(error.code), error)
        }
    }
}

async fn try_issue(shared: &Shared, tenant: &str, request: Request) -> Result<Issued, WireError> {
    let peer = request.extensions().get::<Peer>().copied().ok_or(Code::Internal)?;
    let who = Neighbourhood::from(peer.client(&shared.config, request.headers()));
    let rejected = |_| WireError::from(Code::TokenRejected);
    let tenant = TenantId::parse(tenant).map_err(rejected)?;
    let access = shared.access();
    shared.back_ends.authorise(&access.api_keys, &tenant, request.headers(), who)?;
    let wanted: Wanted = read_json(request.into_body()).await?;
    wanted.check()?;
    let now = shared.now();
    let seconds = now / 1000 + u64::from(wanted.ttl_seconds);
    let claims = Claims {
        iss: OWN_ISSUER.to_owned(),
        aud: crate::tokens::Audience::One(OWN_ISSUER.to_owned()),
        exp: seconds as f64,
        nbf: None,
        tenant: tenant.to_string(),
        sub: wanted.user_id.to_string(),
        role: "customer".to_owned(),
        name: Some(wanted.name),
        attributes: wanted.attributes,
        native: false,
    };
    Ok(Issued { token: access.tokens.issue(&claims, &tenant)?, expires_at: seconds * 1000 })
}

impl Wanted {
    fn check(&self) -> Result<(), WireError> {
        if self.name.trim().is_empty() || self.name.len() > NAME_BYTES {
            let message = format!("name: write 1 to {NAME_BYTES} bytes");
            return Err(WireError::new(Code::InvalidField, message));
        }
        check_attributes(&self.attributes)?;
        if !(30..=3600).contains(&self.ttl_seconds) {
            let message = format!("ttlSeconds: {} is out of range, write 30 to 3600", self.ttl_seconds);
            return Err(WireError::new(Code::InvalidField, message));
        }
        Ok(())
    }
}

/// Reads a small JSON body that comes soon.
///
/// # Errors
/// `frameTooLarge`, `timedOut`, or `invalidField` with the field's name.
pub(crate) async fn read_json<T: DeserializeOwned>(body: Body) -> Result<T, WireError> {
    let bytes = tokio::time::timeout(BODY_PATIENCE, axum::body::to_bytes(body, BODY_BYTES)).await;
    let bytes = bytes.map_err(|_| Code::TimedOut)?.map_err(|_| {
        WireError::new(
            Code::FrameTooLarge,
            format!("The body can't be read, or is longer than {BODY_BYTES} bytes."),
        )
    })?;
    serde_json::from_slice(&bytes).map_err(|error| {
        WireError::new(
            Code::InvalidField,
            format!("The body can't be taken: {error}. Send JSON as docs/wire.md has it."),
        )
    })
}

fn limited(wait: Duration) -> WireError {
    let ms = u32::try_from(wait.as_millis()).unwrap_or(u32::MAX).max(1);
    WireError::from(Code::RateLimited).retry_after(ms)
}
