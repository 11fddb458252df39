//! The task that owns a tenant's switchboard.

use super::{
    Ask, Handle,
    audio::{AudioHub, AudioOrder},
    keep::{self, Kept},
    load,
};
use crate::{
    config::SessionsConfig,
    metrics::Metrics,
    socket::Outbox,
    store::{Append, JournalLine, MessageRow, Opened, Page, RecordRow, SharedStore, Snapshot, StoreError},
};
use jackfield_exchange::{
    TenantConfig,
    switchboard::{Batch, ConnectionId, Input, Output, Switchboard},
};
use jackfield_wire::{Code, ConversationId, MessageView, Millis, Visibility, WireError};
use std::{
    collections::{HashMap, HashSet},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::{mpsc, oneshot};

/// Asks handled before the journal is written and anyone is told.
const GATHER: usize = 512;
/// Lines since the last snapshot after which another is due; more where a snapshot is large.
const LINES: usize = 2_000;
const LINES_PER_SESSION: usize = 4;
/// Between two tries to read the store after it failed.
const RETRY: Duration = Duration::from_secs(1);
/// How long a stop waits for the journal.
const LAST_WRITES: Duration = Duration::from_secs(3);

/// One tenant's task.
pub(crate) struct Actor {
    handle: Handle,
    asks: mpsc::UnboundedReceiver<Ask>,
    config: TenantConfig,
    sessions: SessionsConfig,
    board: Switchboard,
    kept: Kept,
    outboxes: HashMap<ConnectionId, Arc<Outbox>>,
    store: SharedStore,
    audio: mpsc::UnboundedSender<AudioOrder>,
    metrics: Arc<Metrics>,
    clock: Clock,
    /// Counts the switchboards that this task has had. Answers to one before are dropped.
    generation: u64,
    epoch: u64,
    position: u64,
    lines_since_snapshot: usize,
    in_flight: HashSet<u64>,
    failed: bool,
    stopping: Option<oneshot::Sender<()>>,
}

/// The machine's time.
pub(crate) type Clock = Arc<dyn Fn() -> Millis + Send + Sync>;

/// What a tenant's task needs from the gateway.
pub(crate) struct Surroundings {
    pub(crate) store: SharedStore,
    pub(crate) audio: Arc<AudioHub>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) clock: Clock,
    pub(crate) sessions: SessionsConfig,
}

impl Actor {
    /// Reads the tenant from the store and starts its task.
    ///
    /// # Errors
    /// A sentence: the store can't be read, or holds what this gateway does not understand.
    pub(crate) fn start(config: TenantConfig, around: Surroundings) -> Result<Handle, String> {
        let opened = around.store.open(&config.tenant_id).map_err(|error| error.to_string())?;
        let (board, kept) = load::restore(&config, &around.sessions, &opened)?;
        let (handle, asks) = Handle::new(config.tenant_id.clone());
        let (audio, orders) = mpsc::unbounded_channel();
        tokio::spawn(Arc::clone(&around.audio).serve(handle.clone(), orders));
        let mut actor = Self {
            handle: handle.clone(),
            asks,
            config,
            sessions: around.sessions,
            board,
            kept,
            outboxes: HashMap::new(),
            store: around.store,
            audio,
            metrics: around.metrics,
            clock: around.clock,
            generation: 0,
            epoch: opened.epoch,
            position: opened.position,
            lines_since_snapshot: opened.lines.len(),
            in_flight: HashSet::new(),
            failed: false,
            stopping: None,
        };
        actor.begin();
        tokio::spawn(actor.run());
        Ok(handle)
    }

    fn begin(&mut self) {
        let now = (self.clock)();
        self.board.start(now);
        self.settle(now);
    }

    async fn run(mut self) {
        let mut gathered = Vec::new();
        loop {
            let sleep = self.until_deadline();
            tokio::select! {
                count = self.asks.recv_many(&mut gathered, GATHER) => if count == 0 { return },
                () = tokio::time::sleep(sleep), if sleep < Duration::MAX => {}
            }
            self.turn(&mut gathered).await;
            if let Some(done) = self.stopping.take() {
                self.finish().await;
                let _ = done.send(());
                return;
            }
        }
    }

    /// One turn, and what must follow where it went wrong.
    async fn turn(&mut self, gathered: &mut Vec<Ask>) {
        let counted = gathered.iter().filter(|ask| matches!(ask, Ask::Counted(_))).count();
        // The switchboard is our own code, but one mistake of it must not end the gateway, nor every other tenant.
        let stepped = catch_unwind(AssertUnwindSafe(|| self.step(gathered)));
        gathered.clear();
        self.handle.done_with(counted);
        if stepped.is_err() {
            self.after_panic().await;
        } else if self.failed {
            self.recover().await;
        }
    }

    fn step(&mut self, gathered: &mut Vec<Ask>) {
        let now = (self.clock)();
        self.board.handle(now, Input::Time);
        for ask in gathered.drain(..) {
            self.take(now, ask);
        }
        self.settle(now);
    }

    fn take(&mut self, now: Millis, ask: Ask) {
        match ask {
            Ask::Open(connection, outbox, hello) => {
                self.outboxes.insert(connection, outbox);
                self.board.handle(now, hello);
            }
            Ask::Input(input) | Ask::Counted(input) => {
                if let Input::Disconnected { connection } = &input {
                    self.outboxes.remove(connection);
                }
                self.board.handle(now, input);
            }
            Ask::Answer(generation, input) if generation == self.generation => {
                self.note_answer(&input);
                self.board.handle(now, input);
            }
            Ask::Answer(..) => {}
            Ask::Gauges(tell) => {
                let _ = tell.send(self.board.gauges());
            }
            Ask::Stop(done) => {
                self.board.handle(now, Input::Shutdown { after_ms: 500, within_ms: 5_000 });
                self.stopping = Some(done);
            }
            #[cfg(test)]
            Ask::Panic => panic!("asked for"),
        }
    }

    fn note_answer(&mut self, input: &Input) {
        match input {
            Input::Committed { batch } => {
                self.in_flight.remove(batch);
            }
            Input::CommitFailed { batch } => {
                self.in_flight.remove(batch);
                self.failed = true;
            }
            _ => {}
        }
    }

    fn settle(&mut self, now: Millis) {
        self.board.flush(now);
        while let Some(output) = self.board.poll() {
            self.carry_out(output);
        }
        self.snapshot_if_due();
    }

    fn carry_out(&mut self, output: Output) {
        match output {
            Output::Send { connection, text } => {
                if let Some(outbox) = self.outboxes.get(&connection) {
                    outbox.push(text);
                }
            }
            Output::Close { connection, code } => {
                if let Some(outbox) = self.outboxes.remove(&connection) {
                    outbox.end(code);
                }
            }
            Output::Commit(batch) => self.commit(batch),
            Output::FetchMessages { request, conversation, before, limit, see_internal } => {
                self.fetch(request, conversation, before, limit, see_internal);
            }
            Output::NegotiateMedia { request, session, sdp } => {
                self.order(AudioOrder::Negotiate { generation: self.generation, request, session, sdp });
            }
            Output::CloseMedia { session } => self.order(AudioOrder::Close(session)),
            Output::SetRoom { conversation, legs } => self.order(AudioOrder::Room(conversation, legs)),
            Output::ClearRoom { conversation } => self.order(AudioOrder::Room(conversation, Vec::new())),
            Output::Quality { user_id, conversation, sample, .. } => {
                self.metrics.quality(&sample);
                self.kept.quality(&conversation, user_id, sample);
            }
        }
    }

    fn order(&self, order: AudioOrder) {
        let _ = self.audio.send(order);
    }

    fn commit(&mut self, batch: Batch) {
        let number = batch.number;
        self.in_flight.insert(number);
        let handle = self.handle.clone();
        let (generation, metrics, begun) = (self.generation, Arc::clone(&self.metrics), Instant::now());
        let append = match self.append_of(batch) {
            Ok(append) => append,
            Err(error) => {
                tracing::error!(tenant = %self.handle.id(), %error, "a batch could not be written as text");
                return handle.answer(generation, Input::CommitFailed { batch: number });
            }
        };
        self.position += append.lines.len() as u64;
        self.lines_since_snapshot += append.lines.len();
        let done = move |result: Result<(), StoreError>| {
            metrics.committed(begun.elapsed().as_secs_f64(), result.is_ok());
            let input = match result {
                Ok(()) => Input::Committed { batch: number },
                Err(error) => {
                    tracing::error!(tenant = %handle.id(), %error, "the journal could not be written");
                    Input::CommitFailed { batch: number }
                }
            };
            handle.answer(generation, input);
        };
        self.store.append(append, Box::new(done));
    }

    fn append_of(&mut self, batch: Batch) -> Result<Append, serde_json::Error> {
        let mut records = Vec::new();
        let mut lines = Vec::with_capacity(batch.entries.len());
        for entry in &batch.entries {
            lines.push(JournalLine { at: entry.at, entry: serde_json::to_string(entry)? });
            for (conversation, record) in self.kept.note(entry) {
                let record = serde_json::to_string(&record)?;
                records.push(RecordRow { conversation, ended_at: entry.at, record });
            }
        }
        let messages = batch.bodies.into_iter().map(|row| {
            let internal = row.message.visibility == Visibility::Internal;
            let message = serde_json::to_string(&row.message)?;
            Ok(MessageRow { conversation: row.conversation, number: row.message.number, internal, message })
        });
        let messages = messages.collect::<Result<_, serde_json::Error>>()?;
        let (tenant, epoch, expected) = (self.handle.id().clone(), self.epoch, self.position);
        Ok(Append { tenant, epoch, expected, lines, messages, records })
    }

    fn fetch(
        &self,
        request: u64,
        conversation: ConversationId,
        before: Option<u64>,
        limit: u32,
        internal: bool,
    ) {
        let page = Page {
            tenant: self.handle.id().clone(),
            conversation: conversation.clone(),
            before,
            limit,
            internal,
        };
        let (handle, generation) = (self.handle.clone(), self.generation);
        let done = move |result: Result<crate::store::Messages, StoreError>| {
            let (messages, more) = match result {
                Ok(page) => (read_messages(&page.messages), page.more),
                Err(error) => {
                    tracing::error!(tenant = %handle.id(), %error, "messages could not be read");
                    (Err(Code::StorageUnavailable.into()), false)
                }
            };
            handle.answer(generation, Input::Messages { request, conversation, messages, more });
        };
        self.store.messages(page, Box::new(done));
    }

    fn snapshot_if_due(&mut self) {
        let due = LINES.max(self.outboxes.len() * LINES_PER_SESSION);
        if self.lines_since_snapshot >= due {
            self.snapshot(|_| {});
        }
    }

    /// Writes a snapshot. The store takes it only if all lines it holds are on disk, so it need not wait for them here.
    fn snapshot(&mut self, told: impl FnOnce(Result<(), StoreError>) + Send + 'static) {
        let Some(saved) = self.board.snapshot() else { return };
        self.lines_since_snapshot = 0;
        let (store, kept) = (Arc::clone(&self.store), self.kept.clone());
        let (tenant, epoch, position) = (self.handle.id().clone(), self.epoch, self.position);
        // Writing it as text takes long for a large tenant, and nobody waits for it.
        tokio::task::spawn_blocking(move || match keep::write(&saved, &kept) {
            Ok(state) => {
                let done = move |result: Result<(), StoreError>| {
                    if let Err(error) = &result {
                        tracing::warn!(%error, "a snapshot could not be written; the journal grows meanwhile");
                    }
                    told(result);
                };
                store.snapshot(Snapshot { tenant, epoch, position, state }, Box::new(done));
            }
            Err(error) => tracing::error!(%tenant, %error, "a snapshot could not be written as text"),
        });
    }

    /// The journal refused a write: goes back to what is on disk.
    async fn recover(&mut self) {
        while !self.in_flight.is_empty() {
            let Some(ask) = self.asks.recv().await else { return };
            let counted = matches!(ask, Ask::Counted(_));
            let now = (self.clock)();
            self.take(now, ask);
            self.handle.done_with(usize::from(counted));
        }
        self.failed = false;
        let Some((stored, kept)) = self.reload().await else { return };
        let now = (self.clock)();
        self.kept = kept;
        self.board.recover(now, stored);
        self.settle(now);
    }

    /// A step panicked: nothing in memory can be trusted, but all that was acknowledged is on disk. Sessions resume.
    async fn after_panic(&mut self) {
        self.metrics.panicked("tenant");
        tracing::error!(tenant = %self.handle.id(), "the tenant's task panicked; it begins anew from the store");
        for (_, outbox) in self.outboxes.drain() {
            outbox.end(Code::Internal);
        }
        self.generation += 1;
        self.in_flight.clear();
        self.failed = false;
        let Some((board, kept)) = self.reload().await else { return };
        (self.board, self.kept) = (board, kept);
        self.begin();
    }

    /// Reads the tenant anew. `None` only where another gateway has taken it over.
    async fn reload(&mut self) -> Option<(Switchboard, Kept)> {
        loop {
            match self.try_reload().await {
                Ok(Some(reloaded)) => return Some(reloaded),
                Ok(None) => {
                    self.give_up();
                    return None;
                }
                Err(error) => {
                    tracing::error!(tenant = %self.handle.id(), %error, "the tenant can't be read from the store");
                    tokio::time::sleep(RETRY).await;
                }
            }
        }
    }

    async fn try_reload(&mut self) -> Result<Option<(Switchboard, Kept)>, String> {
        let (tell, answer) = oneshot::channel();
        let done = move |result: Result<Opened, StoreError>| {
            let _ = tell.send(result);
        };
        self.store.load(self.handle.id().clone(), Box::new(done));
        let opened = answer.await.map_err(|_| "the store has ended")?.map_err(|error| error.to_string())?;
        if opened.epoch != self.epoch {
            return Ok(None);
        }
        let reloaded = load::restore(&self.config, &self.sessions, &opened)?;
        self.position = opened.position;
        self.lines_since_snapshot = opened.lines.len();
        Ok(Some(reloaded))
    }

    fn give_up(&mut self) {
        tracing::error!(tenant = %self.handle.id(), "another gateway has taken this tenant over; it is served there");
        for (_, outbox) in self.outboxes.drain() {
            outbox.end(Code::Restarting);
        }
        self.asks.close();
    }

    /// Waits for the journal and writes a last snapshot, so that the next start is quick.
    async fn finish(&mut self) {
        let last = tokio::time::timeout(LAST_WRITES, async {
            while !self.in_flight.is_empty() && !self.failed {
                let Some(ask) = self.asks.recv().await else { return };
                let now = (self.clock)();
                self.take(now, ask);
                self.settle(now);
            }
            let (tell, written) = oneshot::channel();
            self.snapshot(move |_| {
                let _ = tell.send(());
            });
            let _ = written.await;
        });
        if last.await.is_err() {
            tracing::warn!(tenant = %self.handle.id(), "the journal was not done in time; nothing acknowledged is lost");
        }
        for (_, outbox) in self.outboxes.drain() {
            outbox.end(Code::Restarting);
        }
    }

    fn until_deadline(&self) -> Duration {
        let now = (self.clock)();
        self.board.deadline().map_or(Duration::MAX, |at| Duration::from_millis(at.saturating_sub(now)))
    }
}

fn read_messages(texts: &[String]) -> Result<Vec<MessageView>, WireError> {
    texts.iter().map(|text| serde_json::from_str(text)).collect::<Result<_, _>>().map_err(|error| {
        tracing::error!(%error, "a stored message can't be read");
        WireError::new(Code::StorageUnavailable, "A stored message can't be read.")
    })
}
