//! What an operator writes: one TOML file, checked before anything starts. `docs/configuration.md` describes every field.

mod auth;
mod check;
mod file;
mod place;
mod problem;

pub use auth::{AuthConfig, KeyConfig};
pub use problem::{ConfigError, Problem};

use jackfield_exchange::TenantConfig;
use serde::Deserialize;
use std::{
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
};

/// A gateway's whole configuration.
///
/// ```
/// use jackfield_gateway::config::Config;
///
/// let text = r#"
///     listen = ["127.0.0.1:8080"]
///     data_dir = "data"
///     [media]
///     bind = ["127.0.0.1:0"]
/// "#;
/// let config = Config::parse("jackfield.toml".as_ref(), text)?;
/// assert_eq!(config.limits.send_queue_bytes, 1024 * 1024);
///
/// let wrong = Config::parse("jackfield.toml".as_ref(), "listn = []").unwrap_err();
/// assert!(wrong.to_string().starts_with("jackfield.toml:1: listn: unknown field"));
/// # Ok::<(), jackfield_gateway::config::ConfigError>(())
/// ```
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// TCP addresses for HTTP and WebSocket, of IPv4 and IPv6. TLS is ended by a proxy in front.
    pub listen: Vec<SocketAddr>,
    /// The TCP address for `/metrics`. Off where it is left out; never on the public listener.
    #[serde(default)]
    pub metrics_listen: Option<SocketAddr>,
    /// The directory of the store and of the gateway's own key. One gateway at a time uses it.
    pub data_dir: PathBuf,
    /// The built pages that the gateway serves.
    #[serde(default)]
    pub pages: PagesConfig,
    /// The audio plane.
    pub media: MediaSettings,
    /// What clients may do before and after they are known.
    #[serde(default)]
    pub limits: LimitsConfig,
    /// How sessions are watched.
    #[serde(default)]
    pub sessions: SessionsConfig,
    /// The organisations served.
    #[serde(default, rename = "tenants")]
    pub(crate) entries: Vec<TenantEntry>,
    /// The same, with what files of their own said.
    #[serde(skip)]
    pub tenants: Vec<TenantSettings>,
}

/// Pages served by the gateway itself.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PagesConfig {
    /// The directory with `customer/index.html`, `agent/index.html`, `supervisor/index.html` and their assets. Default: no pages.
    #[serde(default)]
    pub dir: Option<PathBuf>,
    /// Origins that may show the pages in a frame, for example `https://teams.microsoft.com`. Default: nobody.
    #[serde(default)]
    pub frame_ancestors: Vec<String>,
}

/// The audio plane.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MediaSettings {
    /// UDP addresses for all audio, at most one of each family is usual, for example `0.0.0.0:40000` and `[::]:40000`.
    pub bind: Vec<SocketAddr>,
    /// The addresses under which clients reach this machine. Default: those of `bind`, which must then be real ones.
    #[serde(default)]
    pub advertise: Vec<IpAddr>,
}

/// What clients may do before and after they are known.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsConfig {
    /// TCP connections at once. Default: 20,000.
    pub max_connections: usize,
    /// Sockets without an accepted `hello`, all together. Default: 4,096.
    pub max_unknown: usize,
    /// Sockets without an accepted `hello` of one address (of IPv6: of one /64). Default: 256.
    pub max_unknown_per_address: usize,
    /// How long a client may take for the request's headers, and then for `hello`, in milliseconds. Default: 5,000.
    pub hello_timeout_ms: u32,
    /// What may wait for a slow reader before it is cut off, in bytes. Default: 1 MiB.
    pub send_queue_bytes: usize,
    /// Customer tokens a second that a tenant's back end may ask for, over a long time. Default: 50.
    pub customer_tokens_per_second: u32,
    /// Wrong API keys a minute from one address. Default: 10.
    pub wrong_api_keys_per_minute: u32,
    /// Proxies whose `X-Forwarded-For` is believed. Default: none.
    pub trusted_proxies: Vec<IpAddr>,
}

impl Default for LimitsConfig {
    fn default() -> Self {
        Self {
            max_connections: 20_000,
            max_unknown: 4_096,
            max_unknown_per_address: 256,
            hello_timeout_ms: 5_000,
            send_queue_bytes: 1024 * 1024,
            customer_tokens_per_second: 50,
            wrong_api_keys_per_minute: 10,
            trusted_proxies: Vec::new(),
        }
    }
}

/// How sessions are watched.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SessionsConfig {
    /// How often a session is asked for a sign of life, in milliseconds. Default: 5,000.
    pub ping_every_ms: u32,
    /// After how long without one it is away from its desk, in milliseconds. Default: 15,000.
    pub away_after_ms: u32,
    /// Sessions of one user. Default: 8.
    pub max_per_user: usize,
    /// Commands a second of one session, over a long time. Default: 25.
    pub commands_per_second: u32,
    /// Commands of one session at once. Default: 300, as an SDK sends at once what waited for its connection, up to 256.
    pub command_burst: u32,
}

impl Default for SessionsConfig {
    fn default() -> Self {
        Self {
            ping_every_ms: 5_000,
            away_after_ms: 15_000,
            max_per_user: 8,
            commands_per_second: 25,
            command_burst: 300,
        }
    }
}

/// A tenant as the main file has it: here, or in a file of its own.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TenantEntry {
    #[serde(default)]
    pub(crate) file: Option<PathBuf>,
    #[serde(default)]
    pub(crate) centre: Option<TenantConfig>,
    #[serde(default)]
    pub(crate) auth: Option<AuthConfig>,
}

/// One organisation.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TenantSettings {
    /// Its contact centre: queues, users and times.
    pub centre: TenantConfig,
    /// How its users prove who they are.
    pub auth: AuthConfig,
}

impl Config {
    /// Reads a file, and the files of tenants that it names; then `JACKFIELD_…` variables of the environment; then checks everything.
    ///
    /// # Errors
    /// All problems found, each with file, line, field and remedy.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        file::load(path, &|name| std::env::var(name).ok())
    }

    /// As [`load`](Self::load), from a text and without the environment; `path` is what problems and relative paths refer to.
    ///
    /// # Errors
    /// As [`load`](Self::load).
    pub fn parse(path: &Path, text: &str) -> Result<Self, ConfigError> {
        file::parse(path, text, &|_| None)
    }
}
