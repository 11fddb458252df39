//! The one place that wires the parts together.

use crate::{
    config::{Config, ConfigError, TenantSettings},
    demo::Demo,
    doors::Doors,
    http,
    limits::Porch,
    metrics::Metrics,
    store::{SharedStore, Sqlite, StoreError},
    tenant::{Actor, AudioHub, Clock, Handle, Surroundings, listen},
    tokens::{Fetcher, Issuer, Tokens},
};
use jackfield_exchange::switchboard::ConnectionId;
use jackfield_media::{MediaConfig, MediaError, MediaPlane};
use jackfield_wire::{Millis, TenantId};
use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

/// How long connections may take to say good-bye when the gateway stops.
const FAREWELL: Duration = Duration::from_secs(3);

/// Why a gateway did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The configuration can't be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// An address can't be listened on.
    #[error(
        "{field}: {address} can't be listened on: {error}. Choose another address, or stop the program that has it."
    )]
    Listen {
        /// The field of the configuration.
        field: &'static str,
        /// The address.
        address: SocketAddr,
        /// What the system says.
        error: std::io::Error,
    },
    /// The store can't be used.
    #[error("data_dir: {0}")]
    Store(#[from] StoreError),
    /// The audio plane did not start.
    #[error("media.{0}")]
    Media(#[from] MediaError),
    /// A key, or a tenant's data, can't be used.
    #[error("{0}")]
    Data(String),
}

/// What every part of a running gateway may need.
pub(crate) struct Shared {
    pub(crate) config: Config,
    pub(crate) tokens: Tokens,
    pub(crate) doors: Doors,
    pub(crate) tenants: BTreeMap<TenantId, Handle>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) porch: Arc<Porch>,
    pub(crate) store: SharedStore,
    pub(crate) audio: Arc<AudioHub>,
    pub(crate) back_ends: http::BackEnds,
    pub(crate) demo: Option<Demo>,
    /// Becomes true when the gateway goes down.
    pub(crate) stopping: watch::Sender<bool>,
    clock: Clock,
    connections: AtomicU64,
}

impl Shared {
    /// The machine's time.
    pub(crate) fn now(&self) -> Millis {
        (self.clock)()
    }

    /// A number for a connection that no other has.
    pub(crate) fn next_connection(&self) -> ConnectionId {
        ConnectionId(self.connections.fetch_add(1, Ordering::Relaxed))
    }
}

/// A gateway.
///
/// ```no_run
/// use jackfield_gateway::{Gateway, config::Config};
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let config = Config::load("jackfield.toml".as_ref())?;
/// let running = Gateway::start(config).await?;
/// println!("serving on {}", running.address());
/// running.shutdown().await;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Gateway;

impl Gateway {
    /// Opens the store, restores the tenants, starts the audio plane and listens.
    ///
    /// # Errors
    /// [`StartError`]; nothing is left running.
    pub async fn start(config: Config) -> Result<Running, StartError> {
        Self::start_with(config, None).await
    }

    /// As [`start`](Self::start), with the demo's sign-in.
    pub(crate) async fn start_with(mut config: Config, demo: Option<Demo>) -> Result<Running, StartError> {
        let listeners = http::bind("listen", &config.listen).await?;
        let metrics_listener = match config.metrics_listen {
            Some(address) => http::bind("metrics_listen", &[address]).await?.pop(),
            None => None,
        };
        let addresses = addresses(&listeners);
        if let Some(demo) = &demo {
            demo.allow_own_pages(&mut config.tenants, addresses[0].port());
        }
        let (shared, events) = build(config, demo)?;
        let metrics_address = metrics_listener.as_ref().and_then(|listener| listener.local_addr().ok());
        let mut tasks = vec![tokio::spawn(listen(Arc::clone(&shared.audio), events))];
        let router = http::router(&shared);
        for listener in listeners {
            tasks.push(tokio::spawn(http::accept(Arc::clone(&shared), listener, router.clone())));
        }
        if let Some(listener) = metrics_listener {
            let router = http::metrics_router(&shared);
            tasks.push(tokio::spawn(http::accept(Arc::clone(&shared), listener, router)));
        }
        tracing::info!(?addresses, tenants = shared.tenants.len(), "serving");
        Ok(Running { shared, addresses, metrics_address, tasks })
    }
}

fn addresses(listeners: &[TcpListener]) -> Vec<SocketAddr> {
    listeners.iter().filter_map(|listener| listener.local_addr().ok()).collect()
}

fn build(
    config: Config,
    demo: Option<Demo>,
) -> Result<(Arc<Shared>, jackfield_media::MediaEvents), StartError> {
    let store: SharedStore = Arc::new(Sqlite::open(&config.data_dir)?);
    let issuer = Issuer::open(&config.data_dir).map_err(StartError::Data)?;
    let fetcher = Arc::new(Fetcher::default());
    let tokens = Tokens::new(&config.tenants, issuer, &fetcher).map_err(StartError::Data)?;
    let mut media = MediaConfig::new(config.media.bind.iter().copied());
    media.advertise.clone_from(&config.media.advertise);
    let (plane, events) = MediaPlane::start(media)?;
    let audio = AudioHub::new(plane);
    let metrics = Arc::new(Metrics::new());
    let clock: Clock = Arc::new(machine_time);
    let mut tenants = BTreeMap::new();
    for TenantSettings { centre, .. } in &config.tenants {
        let around = Surroundings {
            store: Arc::clone(&store),
            audio: Arc::clone(&audio),
            metrics: Arc::clone(&metrics),
            clock: Arc::clone(&clock),
            sessions: config.sessions.clone(),
        };
        let handle = Actor::start(centre.clone(), around).map_err(StartError::Data)?;
        tenants.insert(centre.tenant_id.clone(), handle);
    }
    let shared = Shared {
        doors: Doors::new(&config.tenants),
        porch: Porch::new(config.limits.max_unknown, config.limits.max_unknown_per_address),
        back_ends: http::BackEnds::new(&config),
        tokens,
        tenants,
        metrics,
        store,
        audio,
        demo,
        stopping: watch::Sender::new(false),
        clock,
        connections: AtomicU64::new(1),
        config,
    };
    Ok((Arc::new(shared), events))
}

/// Milliseconds since the Unix epoch. A machine whose clock stands before 1970 is taken to stand at it.
fn machine_time() -> Millis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// A gateway that serves.
pub struct Running {
    shared: Arc<Shared>,
    addresses: Vec<SocketAddr>,
    metrics_address: Option<SocketAddr>,
    tasks: Vec<JoinHandle<()>>,
}

impl std::fmt::Debug for Running {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Running").field("addresses", &self.addresses).finish_non_exhaustive()
    }
}

impl Running {
    /// The first address that is listened on, with the port that was taken.
    pub fn address(&self) -> SocketAddr {
        self.addresses[0]
    }

    /// All addresses that are listened on.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// The address of `/metrics`, where there is one.
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics_address
    }

    /// Tells every client when to come back, writes snapshots, and ends everything, within a few seconds.
    pub async fn shutdown(self) {
        tracing::info!("stopping");
        self.shared.stopping.send_replace(true);
        futures::future::join_all(self.shared.tenants.values().map(Handle::stop)).await;
        let sockets = || self.shared.metrics.sockets.get();
        let _ = tokio::time::timeout(FAREWELL, async {
            while sockets() > 0 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        })
        .await;
        self.shared.audio.plane().shutdown().await;
        for task in self.tasks {
            task.abort();
            let _ = task.await;
        }
        tracing::info!("stopped");
    }
}
