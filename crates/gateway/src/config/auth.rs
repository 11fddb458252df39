//! How a tenant's users prove who they are.

use jackfield_wire::Secret;
use serde::Deserialize;
use std::path::PathBuf;

/// How a tenant's users prove who they are.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthConfig {
    /// What `iss` of a token must say.
    pub issuer: String,
    /// What `aud` of a token must say, or hold.
    pub audience: String,
    /// Origins of the pages that may open sessions, as `https://app.example`. Exact: no wildcards, no paths.
    #[serde(default)]
    pub origins: Vec<String>,
    /// Whether clients without an `Origin` are taken, with tokens that say `"native": true`. Default: false.
    #[serde(default)]
    pub native_clients: bool,
    /// The keys that sign tokens. Without any, only the gateway's own customer tokens are taken.
    #[serde(default)]
    pub keys: Vec<KeyConfig>,
    /// SHA-256, as 64 hexadecimal digits, of the key with which the tenant's back end asks for customer tokens. Default: it can't.
    #[serde(default)]
    pub api_key_sha256: Option<String>,
}

/// One key, or one list of keys. Exactly one of `secret`, `secret_file`, `secret_env`, `jwks_url`, `jwks_file` is given.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct KeyConfig {
    /// A shared secret of 32 bytes or more.
    pub secret: Option<Secret>,
    /// A file that holds the secret; a line break at its end does not count.
    pub secret_file: Option<PathBuf>,
    /// A variable of the environment that holds the secret.
    pub secret_env: Option<String>,
    /// Where the issuer publishes its keys (RFC 7517), over https.
    pub jwks_url: Option<String>,
    /// A file with the same content.
    pub jwks_file: Option<PathBuf>,
    /// The algorithms taken with it (RFC 7518), for example `["ES256"]`. Default: HS256 for a secret, RS256 for a list of keys.
    /// A token's header can choose among these only.
    pub algorithms: Vec<String>,
    /// For a secret: the `kid` of its tokens. Default: any, or none.
    pub kid: Option<String>,
}
