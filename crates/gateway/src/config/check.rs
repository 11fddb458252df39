//! What the types alone can't say.

use super::{AuthConfig, Config, ConfigError, KeyConfig, Problem, TenantSettings, place};
use crate::tokens::{OWN_ISSUER, algorithm};
use jackfield_wire::{Secret, TenantId};
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

/// Bytes of a secret: as many as HMAC-SHA-256 has bits of strength (RFC 7518, section 3.2).
const SECRET_BYTES: usize = 32;
/// Different bytes that a secret must have at least: "aaaa…" is long, but no secret.
const SECRET_VARIETY: usize = 8;

/// A file, and where in it a part of the configuration begins.
pub(super) struct Source {
    pub(super) path: PathBuf,
    text: String,
    prefix: String,
}

impl Source {
    pub(super) fn new(path: &Path, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned(), prefix: String::new() }
    }

    pub(super) fn at(self, prefix: String) -> Self {
        Self { prefix, ..self }
    }

    pub(super) fn problem(
        &self,
        field: &str,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Problem {
        let dot = if self.prefix.is_empty() || field.is_empty() { "" } else { "." };
        let field = format!("{}{dot}{field}", self.prefix);
        let line = place::line_of(&self.text, &field);
        Problem { file: self.path.clone(), line, field, problem: problem.into(), remedy: remedy.into() }
    }
}

/// Gathers problems.
#[derive(Default)]
pub(super) struct Checker {
    pub(super) problems: Vec<Problem>,
    tenants: BTreeSet<TenantId>,
}

impl Checker {
    pub(super) fn add(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    pub(super) fn finish(self) -> Result<(), ConfigError> {
        if self.problems.is_empty() { Ok(()) } else { Err(ConfigError { problems: self.problems }) }
    }

    pub(super) fn main(&mut self, config: &Config, source: Source) {
        if config.listen.is_empty() {
            self.add(source.problem(
                "listen",
                "there is no address",
                "Name one, for example \"127.0.0.1:8080\"",
            ));
        }
        if config
            .metrics_listen
            .is_some_and(|metrics| config.listen.contains(&metrics) && metrics.port() != 0)
        {
            let problem = "metrics would be on the public listener";
            self.add(source.problem("metrics_listen", problem, "Give them an address of their own"));
        }
        for (n, origin) in config.pages.frame_ancestors.iter().enumerate() {
            let wildcard = origin.replacen("https://*.", "https://any.", 1);
            if let Err(why) = check_origin(&wildcard) {
                let field = format!("pages.frame_ancestors[{n}]");
                self.add(source.problem(&field, why, "Write it as https://teams.microsoft.com"));
            }
        }
        self.limits(config, &source);
    }

    fn limits(&mut self, config: &Config, source: &Source) {
        let (limits, sessions) = (&config.limits, &config.sessions);
        let rows = [
            ("limits.max_connections", limits.max_connections, 1, 1_000_000),
            ("limits.max_unknown", limits.max_unknown, 1, 1_000_000),
            ("limits.max_unknown_per_address", limits.max_unknown_per_address, 1, 1_000_000),
            ("limits.hello_timeout_ms", limits.hello_timeout_ms as usize, 100, 60_000),
            ("limits.send_queue_bytes", limits.send_queue_bytes, 64 * 1024, 64 * 1024 * 1024),
            ("limits.customer_tokens_per_second", limits.customer_tokens_per_second as usize, 1, 100_000),
            ("limits.wrong_api_keys_per_minute", limits.wrong_api_keys_per_minute as usize, 1, 10_000),
            ("sessions.ping_every_ms", sessions.ping_every_ms as usize, 100, 60_000),
            ("sessions.away_after_ms", sessions.away_after_ms as usize, 200, 600_000),
            ("sessions.max_per_user", sessions.max_per_user, 1, 1_000),
            ("sessions.commands_per_second", sessions.commands_per_second as usize, 1, 100_000),
            ("sessions.command_burst", sessions.command_burst as usize, 1, 100_000),
        ];
        for (field, value, least, most) in rows {
            if !(least..=most).contains(&value) {
                let problem = format!("{value} is out of range");
                self.add(source.problem(field, problem, format!("Write {least} to {most}")));
            }
        }
        if sessions.away_after_ms <= sessions.ping_every_ms {
            let remedy = "Make it three times ping_every_ms";
            self.add(source.problem(
                "sessions.away_after_ms",
                "every session would be away at its first ping",
                remedy,
            ));
        }
    }

    pub(super) fn tenant(&mut self, tenant: &TenantSettings, source: &Source) {
        let id = &tenant.centre.tenant_id;
        if !self.tenants.insert(id.clone()) {
            let problem = format!("there is another tenant {id}");
            self.add(source.problem("centre.tenant_id", problem, "Give each its own id"));
        }
        if let Err(problems) = tenant.centre.check() {
            for found in problems {
                let field = format!("centre.{}", found.field);
                self.add(source.problem(&field, found.problem, found.remedy));
            }
        }
        if tenant.centre.trunk.is_some() {
            let problem = "this gateway has no trunk yet: no number can be reached from it";
            self.add(source.problem("centre.trunk", problem, "Remove trunk; the emulator takes it"));
        }
        self.auth(&tenant.auth, source);
    }

    fn auth(&mut self, auth: &AuthConfig, source: &Source) {
        if auth.issuer.is_empty() || auth.issuer == OWN_ISSUER {
            let problem = format!("{:?} can't be an issuer: it is empty, or the gateway's own", auth.issuer);
            self.add(source.problem("auth.issuer", problem, "Write what iss of your tokens says"));
        }
        if auth.audience.is_empty() {
            self.add(source.problem("auth.audience", "it is empty", "Write what aud of your tokens says"));
        }
        for (n, origin) in auth.origins.iter().enumerate() {
            if let Err(why) = check_origin(origin) {
                let field = format!("auth.origins[{n}]");
                self.add(source.problem(&field, why, "Write it as https://app.example"));
            }
        }
        let digest = auth.api_key_sha256.as_deref().unwrap_or_default();
        if auth.api_key_sha256.is_some() && crate::crypto::from_hex(digest).is_none() {
            let remedy = "Write the 64 hexadecimal digits that sha256sum gives for the key";
            self.add(source.problem("auth.api_key_sha256", "it is no SHA-256", remedy));
        }
        for (n, key) in auth.keys.iter().enumerate() {
            self.key(key, &format!("auth.keys[{n}]"), source);
        }
    }

    fn key(&mut self, key: &KeyConfig, at: &str, source: &Source) {
        // A secret that was read from elsewhere stands beside where it came from.
        let written = key.secret.is_some() && key.secret_file.is_none() && key.secret_env.is_none();
        let places = [
            written,
            key.secret_file.is_some(),
            key.secret_env.is_some(),
            key.jwks_url.is_some(),
            key.jwks_file.is_some(),
        ];
        if places.iter().filter(|given| **given).count() != 1 {
            let remedy = "Give one of secret, secret_file, secret_env, jwks_url, jwks_file";
            return self.add(source.problem(at, "it is not clear where the key comes from", remedy));
        }
        if let Some(Err(why)) = key.secret.as_ref().map(check_secret) {
            let remedy = "Make one with: openssl rand -base64 48";
            self.add(source.problem(&format!("{at}.secret"), why, remedy));
        }
        if let Some(Err(why)) = key.jwks_url.as_deref().map(check_url) {
            self.add(source.problem(&format!("{at}.jwks_url"), why, "Write an https address"));
        }
        if let Some(Err(why)) = key.jwks_file.as_deref().map(crate::tokens::check_jwks_file) {
            self.add(source.problem(&format!("{at}.jwks_file"), why, "Give a JSON Web Key Set (RFC 7517)"));
        }
        let is_secret = places[0] || places[1] || places[2];
        for (n, name) in key.algorithms.iter().enumerate() {
            if algorithm(name).is_none_or(|algorithm| crate::tokens::is_symmetric(algorithm) != is_secret) {
                let kind = if is_secret { "a secret" } else { "published keys" };
                let remedy = if is_secret {
                    "Write HS256, HS384 or HS512"
                } else {
                    "Write RS256, ES256, EdDSA or the like"
                };
                let problem = format!("{name:?} is no algorithm for {kind}");
                self.add(source.problem(&format!("{at}.algorithms[{n}]"), problem, remedy));
            }
        }
    }
}

fn check_secret(secret: &Secret) -> Result<(), String> {
    let bytes = secret.expose().as_bytes();
    if bytes.len() < SECRET_BYTES {
        return Err(format!("{} bytes are too few for a secret; {SECRET_BYTES} are the least", bytes.len()));
    }
    if bytes.iter().collect::<BTreeSet<_>>().len() < SECRET_VARIETY {
        return Err("the secret repeats a few characters".to_owned());
    }
    Ok(())
}

/// An origin as RFC 6454 writes it, which is what browsers send.
fn check_origin(origin: &str) -> Result<(), String> {
    let url = reqwest::Url::parse(origin).map_err(|error| format!("{origin:?} is no origin: {error}"))?;
    if url.origin().ascii_serialization() != origin {
        return Err(format!("{origin:?} is more or less than an origin"));
    }
    check_scheme(&url)
}

fn check_url(url: &str) -> Result<(), String> {
    let url = reqwest::Url::parse(url).map_err(|error| format!("{url:?} is no address: {error}"))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("an address must not hold a name or a password".to_owned());
    }
    check_scheme(&url)
}

/// Only https, but for what stays on this machine.
fn check_scheme(url: &reqwest::Url) -> Result<(), String> {
    let host = url.host_str().unwrap_or_default();
    let local = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
    match url.scheme() {
        "https" => Ok(()),
        "http" if local => Ok(()),
        other => Err(format!("{other} is not safe beyond this machine")),
    }
}
