//! The keys of one tenant.

use super::{
    Claims,
    claims::unreadable_or_forged,
    jwks::{Fetcher, Jwks},
};
use crate::config::KeyConfig;
use jackfield_wire::{Code, WireError};
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation};
use std::{sync::Arc, time::Instant};

/// The algorithm of a name (RFC 7518).
pub(crate) fn algorithm(name: &str) -> Option<Algorithm> {
    name.parse().ok()
}

/// Whether whoever can check can also sign.
pub(crate) fn is_symmetric(algorithm: Algorithm) -> bool {
    matches!(algorithm, Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512)
}

/// The keys of one tenant, each with the algorithms for which it may be used.
pub(super) struct Keys(Vec<Source>);

struct Source {
    algorithms: Vec<Algorithm>,
    kind: Kind,
}

enum Kind {
    Secret { kid: Option<String>, key: DecodingKey },
    Published(Jwks),
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keys({})", self.0.len())
    }
}

impl Keys {
    pub(super) fn new(keys: &[KeyConfig], fetcher: &Arc<Fetcher>) -> Result<Self, String> {
        keys.iter().map(|key| Source::new(key, fetcher)).collect::<Result<_, _>>().map(Self)
    }

    /// Proves a token by one of the keys.
    pub(super) async fn check(
        &self,
        token: &str,
        header: &Header,
        now: Instant,
    ) -> Result<Claims, WireError> {
        // The header is the stranger's: it can only pick among what was configured for this very key. A public key is never a secret.
        for source in self.0.iter().filter(|source| source.algorithms.contains(&header.alg)) {
            for key in source.candidates(header, now).await? {
                match decode(token, &key, header.alg) {
                    Ok(claims) => return Ok(claims),
                    Err(error) if is_forgery(&error) => {}
                    Err(error) => return Err(unreadable_or_forged(error)),
                }
            }
        }
        Err(Code::TokenRejected.into())
    }
}

impl Source {
    fn new(config: &KeyConfig, fetcher: &Arc<Fetcher>) -> Result<Self, String> {
        let named =
            config.algorithms.iter().map(|name| algorithm(name).ok_or(format!("{name} is no algorithm")));
        let mut algorithms = named.collect::<Result<Vec<_>, _>>()?;
        let kind = if let Some(secret) = &config.secret {
            let key = DecodingKey::from_secret(secret.expose().as_bytes());
            Kind::Secret { kid: config.kid.clone(), key }
        } else if let Some(url) = &config.jwks_url {
            Kind::Published(Jwks::at_url(url, fetcher)?)
        } else if let Some(file) = &config.jwks_file {
            Kind::Published(Jwks::in_file(file)?)
        } else {
            return Err("a key has neither a secret nor a list of keys".to_owned());
        };
        if algorithms.is_empty() {
            let secret = matches!(kind, Kind::Secret { .. });
            algorithms = vec![if secret { Algorithm::HS256 } else { Algorithm::RS256 }];
        }
        Ok(Self { algorithms, kind })
    }

    async fn candidates(&self, header: &Header, now: Instant) -> Result<Vec<DecodingKey>, WireError> {
        match &self.kind {
            Kind::Secret { kid: Some(own), .. } if header.kid.as_ref() != Some(own) => Ok(Vec::new()),
            Kind::Secret { key, .. } => Ok(vec![key.clone()]),
            Kind::Published(jwks) => jwks.keys(header.kid.as_deref(), header.alg, now).await,
        }
    }
}

/// Checks the signature alone; the claims are judged by our own rules.
pub(super) fn decode(
    token: &str,
    key: &DecodingKey,
    algorithm: Algorithm,
) -> Result<Claims, jsonwebtoken::errors::Error> {
    let mut validation = Validation::new(algorithm);
    validation.required_spec_claims.clear();
    (validation.validate_exp, validation.validate_nbf, validation.validate_aud) = (false, false, false);
    jsonwebtoken::decode::<Claims>(token, key, &validation).map(|data| data.claims)
}

fn is_forgery(error: &jsonwebtoken::errors::Error) -> bool {
    use jsonwebtoken::errors::ErrorKind;
    matches!(error.kind(), ErrorKind::InvalidSignature | ErrorKind::InvalidAlgorithm)
}
