//! The one place that wires the parts together.

use crate::{
    access::{self, Access},
    config::{Config, ConfigError},
    demo::Demo,
    http,
    limits::Porch,
    metrics::Metrics,
    store::{SharedStore, Sqlite, StoreError},
    tenant::{Actor, AudioHub, Clock, Handle, Surroundings, listen},
    tokens::{Fetcher, Issuer},
};
use jackfield_exchange::{TenantConfig, switchboard::ConnectionId};
use jackfield_media::{MediaConfig, MediaError, MediaPlane};
use jackfield_wire::{Millis, TenantId};
use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{
        Arc, PoisonError, RwLock,
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
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) porch: Arc<Porch>,
    pub(crate) store: SharedStore,
    pub(crate) audio: Arc<AudioHub>,
    pub(crate) back_ends: http::BackEnds,
    pub(crate) readiness: http::Readiness,
    pub(crate) demo: Option<Demo>,
    /// Becomes true when the gateway goes down.
    pub(crate) stopping: watch::Sender<bool>,
    access: RwLock<Arc<Access>>,
    issuer: Issuer,
    fetcher: Arc<Fetcher>,
    clock: Clock,
    connections: AtomicU64,
}

impl Shared {
    /// Who may come in now.
    pub(crate) fn access(&self) -> Arc<Access> {
        Arc::clone(&self.access.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The machine's time.
    pub(crate) fn now(&self) -> Millis {
        (self.clock)()
    }

    /// What a tenant's task needs.
    fn surroundings(&self) -> Surroundings {
        Surroundings {
            store: Arc::clone(&self.store),
            audio: Arc::clone(&self.audio),
            metrics: Arc::clone(&self.metrics),
            clock: Arc::clone(&self.clock),
            sessions: self.config.sessions.clone(),
            simulates_numbers: self.demo.is_some(),
        }
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
        tracing::info!(?addresses, tenants = shared.access().tenants.len(), "serving");
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
    let mut media = MediaConfig::new(config.media.bind.iter().copied());
    media.advertise.clone_from(&config.media.advertise);
    let (plane, events) = MediaPlane::start(media)?;
    let around = Surroundings {
        store: Arc::clone(&store),
        audio: AudioHub::new(plane),
        metrics: Arc::new(Metrics::new()),
        clock: Arc::new(machine_time),
        sessions: config.sessions.clone(),
        simulates_numbers: demo.is_some(),
    };
    let centres = config.tenants.iter().map(|settings| &settings.centre);
    let tenants = start_tenants(centres, &around).map_err(StartError::Data)?;
    let access = Access::new(&config, &issuer, &fetcher, tenants).map_err(StartError::Data)?;
    let shared = Shared {
        porch: Porch::new(config.limits.max_unknown, config.limits.max_unknown_per_address),
        back_ends: http::BackEnds::new(&config),
        metrics: around.metrics,
        store,
        audio: around.audio,
        readiness: http::Readiness::default(),
        demo,
        stopping: watch::Sender::new(false),
        access: RwLock::new(Arc::new(access)),
        issuer,
        fetcher,
        clock: around.clock,
        connections: AtomicU64::new(1),
        config,
    };
    Ok((Arc::new(shared), events))
}

fn start_tenants<'a>(
    centres: impl Iterator<Item = &'a TenantConfig>,
    around: &Surroundings,
) -> Result<BTreeMap<TenantId, Handle>, String> {
    let start = |centre: &TenantConfig| {
        let handle = Actor::start(centre.clone(), around.clone())?;
        Ok((centre.tenant_id.clone(), handle))
    };
    centres.map(start).collect()
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

    /// Takes another configuration's tenants: new ones begin, those left out end, users who are gone or have lost a role are signed out
    /// at once. Sessions of everybody else stay. Everything but the tenants needs a restart.
    ///
    /// # Errors
    /// [`StartError::Data`]; then everything is as it was.
    pub async fn reload(&self, config: &Config) -> Result<(), StartError> {
        let shared = &self.shared;
        let before = shared.access();
        let is_new = |centre: &&TenantConfig| !before.tenants.contains_key(&centre.tenant_id);
        let new = config.tenants.iter().map(|settings| &settings.centre).filter(is_new);
        let mut tenants = start_tenants(new, &shared.surroundings()).map_err(StartError::Data)?;
        let mut ended = Vec::new();
        for (id, handle) in &before.tenants {
            match config.tenants.iter().find(|settings| settings.centre.tenant_id == *id) {
                Some(_) => drop(tenants.insert(id.clone(), handle.clone())),
                None => ended.push(handle.clone()),
            }
        }
        let after =
            Access::new(config, &shared.issuer, &shared.fetcher, tenants).map_err(StartError::Data)?;
        let after = Arc::new(after);
        // First the door, then those inside: nobody who is signed out now can come back in between.
        *shared.access.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&after);
        for (id, handle) in &after.tenants {
            if let (Some(old), Some(new)) = (before.centre(id), after.centre(id)) {
                handle.reconfigure(new.clone(), access::revoked(old, new));
            }
        }
        futures::future::join_all(ended.iter().map(Handle::stop)).await;
        tracing::info!(tenants = after.tenants.len(), "the configuration was taken anew");
        Ok(())
    }

    /// Tells every client when to come back, writes snapshots, and ends everything, within a few seconds.
    pub async fn shutdown(self) {
        tracing::info!("stopping");
        self.shared.stopping.send_replace(true);
        let access = self.shared.access();
        futures::future::join_all(access.tenants.values().map(Handle::stop)).await;
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
