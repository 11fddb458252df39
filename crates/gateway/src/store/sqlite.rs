//! The embedded store: SQLite in WAL mode, one writer, some readers.

use super::{
    Append, Done, Messages, Opened, Page, PastPage, PastRows, Read, Snapshot, Store, StoreError, migrations,
    reader::{self, Query},
    writer::{self, Job},
};
use jackfield_wire::{ConversationId, TenantId};
use rusqlite::Connection;
use std::{
    fs::{File, TryLockError},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, Sender, SyncSender, TrySendError, channel, sync_channel},
    },
    thread::{Builder, JoinHandle},
};

/// Jobs that may wait for the writer. Beyond it a caller is told at once that the disk is too slow.
const WAITING: usize = 4096;
const READERS: usize = 2;

/// A store in one directory. Dropping it writes what still waits, and ends its threads.
///
/// ```no_run
/// use jackfield_gateway::store::{Sqlite, Store};
/// use jackfield_wire::TenantId;
///
/// let store = Sqlite::open(std::path::Path::new("data"))?;
/// let contoso = store.open(&TenantId::parse("contoso")?)?;
/// println!("{} lines since the last snapshot", contoso.lines.left());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Sqlite {
    path: PathBuf,
    jobs: Option<SyncSender<Job>>,
    queries: Option<Sender<Query>>,
    threads: Vec<JoinHandle<()>>,
    /// The kernel lets go of it with the process, however that ends: a restart after `kill -9` need not wait.
    _lock: File,
}

impl Sqlite {
    /// Opens the store of a directory, or makes it.
    ///
    /// # Errors
    /// [`StoreError::InUse`] while another process has it open; [`StoreError::TooNew`]; [`StoreError::Unavailable`].
    pub fn open(directory: &Path) -> Result<Self, StoreError> {
        std::fs::create_dir_all(directory).map_err(|error| unavailable(directory, &error))?;
        let lock = lock(directory)?;
        let path = directory.join("jackfield.sqlite");
        let mut connection = connect(&path)?;
        migrations::run(&mut connection)?;
        let (jobs, waiting) = sync_channel(WAITING);
        let mut threads = vec![spawn("store-writer", move || writer::run(connection, &waiting))?];
        let (queries, receiver) = channel();
        let receiver = Arc::new(Mutex::new(receiver));
        for _ in 0..READERS {
            threads.push(start_reader(&path, Arc::clone(&receiver))?);
        }
        Ok(Self { path, jobs: Some(jobs), queries: Some(queries), threads, _lock: lock })
    }

    fn write(&self, job: Job) {
        let Some(jobs) = &self.jobs else { return };
        match jobs.try_send(job) {
            Ok(()) => {}
            Err(TrySendError::Full(job)) => job.into_done()(Err(StoreError::Busy)),
            Err(TrySendError::Disconnected(job)) => {
                job.into_done()(Err(StoreError::Unavailable("the writer has ended".to_owned())));
            }
        }
    }

    fn ask(&self, query: Query) {
        let Some(queries) = &self.queries else { return };
        if let Err(refused) = queries.send(query) {
            refused.0.refuse(StoreError::Unavailable("the readers have ended".to_owned()));
        }
    }
}

impl Store for Sqlite {
    fn open(&self, tenant: &TenantId) -> Result<Opened, StoreError> {
        let mut connection = connect(&self.path)?;
        let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let given = writer::take_over(&transaction, tenant.as_str())?;
        // Whoever wrote before is refused from here on, so what is read now is the last; and other tenants need not wait for the reading.
        transaction.commit()?;
        let opened = wait(|done| self.load(tenant.clone(), done))?;
        match opened.epoch {
            current if current == given => Ok(opened),
            current => Err(StoreError::Fenced { tenant: tenant.clone(), current, given }),
        }
    }

    fn load(&self, tenant: TenantId, done: Read<Opened>) {
        // A thread of its own: a long journal would keep readers of messages waiting.
        let done = Arc::new(Mutex::new(Some(done)));
        let (path, tell) = (self.path.clone(), Arc::clone(&done));
        let spawned = spawn("store-journal", move || {
            let Some(done) = tell.lock().unwrap_or_else(PoisonError::into_inner).take() else { return };
            match connect_to_read(&path) {
                Ok(connection) => reader::load(&connection, &tenant, done),
                Err(error) => done(Err(error)),
            }
        });
        let Err(error) = spawned else { return };
        if let Some(done) = done.lock().unwrap_or_else(PoisonError::into_inner).take() {
            done(Err(error));
        }
    }

    fn append(&self, append: Append, done: Done) {
        self.write(Job::Append(append, done));
    }

    fn snapshot(&self, snapshot: Snapshot, done: Done) {
        self.write(Job::Snapshot(snapshot, done));
    }

    fn messages(&self, page: Page, done: Read<Messages>) {
        self.ask(Query::Messages(page, done));
    }

    fn past(&self, page: PastPage, done: Read<PastRows>) {
        self.ask(Query::Past(page, done));
    }

    fn record(&self, tenant: TenantId, conversation: ConversationId, done: Read<Option<String>>) {
        self.ask(Query::Record(tenant, conversation, done));
    }

    fn probe(&self, done: Done) {
        self.write(Job::Probe(done));
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        self.jobs = None;
        self.queries = None;
        for thread in self.threads.drain(..) {
            // A panic of the thread has been reported where it happened.
            let _ = thread.join();
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Unavailable(error.to_string())
    }
}

fn lock(directory: &Path) -> Result<File, StoreError> {
    let path = directory.join("gateway.lock");
    let file = File::options().create(true).truncate(false).write(true).open(&path);
    let file = file.map_err(|error| unavailable(&path, &error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse { what: directory.display().to_string() }),
        Err(TryLockError::Error(error)) => Err(unavailable(&path, &error)),
    }
}

fn connect(path: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open(path)?;
    // FULL: the log is flushed to the disk at each commit. NORMAL would lose acknowledged commands when the power goes.
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
         PRAGMA busy_timeout = 5000; PRAGMA cache_size = -2000; PRAGMA journal_size_limit = 67108864;",
    )?;
    Ok(connection)
}

fn start_reader(path: &Path, queries: Arc<Mutex<Receiver<Query>>>) -> Result<JoinHandle<()>, StoreError> {
    let connection = connect_to_read(path)?;
    spawn("store-reader", move || reader::run(&connection, &queries))
}

fn connect_to_read(path: &Path) -> Result<Connection, StoreError> {
    let connection = connect(path)?;
    connection.execute_batch("PRAGMA query_only = ON")?;
    Ok(connection)
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, StoreError> {
    let spawned = Builder::new().name(name.to_owned()).spawn(work);
    spawned.map_err(|error| StoreError::Unavailable(format!("no thread {name}: {error}")))
}

fn unavailable(path: &Path, error: &std::io::Error) -> StoreError {
    StoreError::Unavailable(format!("{}: {error}", path.display()))
}

/// For tests and tools that wait for an answer on the spot.
pub(crate) fn wait<T: Send + 'static>(
    start: impl FnOnce(Box<dyn FnOnce(Result<T, StoreError>) + Send>),
) -> Result<T, StoreError> {
    let slot = Arc::new((Mutex::new(None), std::sync::Condvar::new()));
    let filled = Arc::clone(&slot);
    start(Box::new(move |result| {
        *filled.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
        filled.1.notify_one();
    }));
    let mut guard = slot.0.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        if let Some(result) = guard.take() {
            return result;
        }
        guard = slot.1.wait(guard).unwrap_or_else(PoisonError::into_inner);
    }
}
