//! The task that owns a tenant's switchboard.

use super::{
    Ask, Handle,
    audio::{AudioHub, AudioOrder},
    ledger::Ledger,
    load,
};
use crate::{
    config::SessionsConfig,
    metrics::Metrics,
    socket::Outbox,
    store::{Page, PastPage, SharedStore},
};
use jackfield_exchange::{
    ExternalNews, TenantConfig,
    switchboard::{ConnectionId, Input, Network, Output, Switchboard},
};
use jackfield_wire::{ConversationId, Millis, ParticipantId};
use std::{
    collections::{HashMap, HashSet},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::Duration,
};
use tokio::sync::{mpsc, oneshot};

/// Asks handled before the journal is written and anyone is told.
const GATHER: usize = 512;

/// One tenant's task.
pub(crate) struct Actor {
    pub(super) handle: Handle,
    pub(super) asks: mpsc::UnboundedReceiver<Ask>,
    pub(super) config: TenantConfig,
    pub(super) sessions: SessionsConfig,
    pub(super) board: Switchboard,
    pub(super) ledger: Ledger,
    pub(super) outboxes: HashMap<ConnectionId, Arc<Outbox>>,
    pub(super) store: SharedStore,
    pub(super) audio: mpsc::UnboundedSender<AudioOrder>,
    pub(super) metrics: Arc<Metrics>,
    pub(super) clock: Clock,
    /// The demo's telephone network, which is simulated.
    pub(super) network: Option<Network>,
    /// Counts the switchboards that this task has had. Answers to one before are dropped.
    pub(super) generation: u64,
    pub(super) in_flight: HashSet<u64>,
    pub(super) failed: bool,
    pub(super) stopping: Option<oneshot::Sender<()>>,
}

/// The machine's time.
pub(crate) type Clock = Arc<dyn Fn() -> Millis + Send + Sync>;

/// What a tenant's task needs from the gateway.
#[derive(Clone)]
pub(crate) struct Surroundings {
    pub(crate) store: SharedStore,
    pub(crate) audio: Arc<AudioHub>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) clock: Clock,
    pub(crate) sessions: SessionsConfig,
    /// Whether telephone numbers are reached in a network that is simulated: in the demo.
    pub(crate) simulates_numbers: bool,
}

impl Actor {
    /// Reads the tenant from the store and starts its task.
    ///
    /// # Errors
    /// A sentence: the store can't be read, or holds what this gateway does not understand.
    pub(crate) fn start(config: TenantConfig, around: Surroundings) -> Result<Handle, String> {
        let opened = around.store.open(&config.tenant_id).map_err(|error| error.to_string())?;
        let (board, ledger) = load::restore(&config, &around.sessions, opened)?;
        let (handle, asks) = Handle::new(config.tenant_id.clone());
        let (audio, orders) = mpsc::unbounded_channel();
        tokio::spawn(Arc::clone(&around.audio).serve(handle.clone(), orders));
        let mut actor = Self {
            handle: handle.clone(),
            asks,
            config,
            sessions: around.sessions,
            board,
            ledger,
            outboxes: HashMap::new(),
            store: around.store,
            audio,
            metrics: around.metrics,
            clock: around.clock,
            network: around.simulates_numbers.then(Network::new),
            generation: 0,
            in_flight: HashSet::new(),
            failed: false,
            stopping: None,
        };
        actor.begin();
        tokio::spawn(actor.run());
        Ok(handle)
    }

    pub(super) fn begin(&mut self) {
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
        while let Some(news) = self.network.as_mut().and_then(|network| network.take(now)) {
            self.board.handle(now, news);
        }
        for ask in gathered.drain(..) {
            self.take(now, ask);
        }
        self.settle(now);
    }

    pub(super) fn take(&mut self, now: Millis, ask: Ask) {
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
            Ask::Reconfigure(config, revoked) => {
                self.config = (*config).clone();
                self.board.reconfigure(*config);
                for user_id in revoked {
                    self.board.handle(now, Input::RevokeUser { user_id });
                }
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

    pub(super) fn settle(&mut self, now: Millis) {
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
            Output::FetchMessages { request, conversation, before, limit, see_internal, past_of } => {
                let tenant = self.handle.id().clone();
                let internal = see_internal;
                self.fetch(request, Page { tenant, conversation, before, limit, internal, past_of });
            }
            Output::FetchPast { request, customer, before, limit } => {
                let tenant = self.handle.id().clone();
                self.fetch_past(request, PastPage { tenant, customer, before, limit });
            }
            Output::NegotiateMedia { request, session, sdp } => {
                self.order(AudioOrder::Negotiate { generation: self.generation, request, session, sdp });
            }
            Output::CloseMedia { session } => self.order(AudioOrder::Close(session)),
            Output::SetRoom { conversation, side, legs } => {
                self.order(AudioOrder::Room((conversation, side), legs));
            }
            Output::ClearRoom { conversation, side } => {
                self.order(AudioOrder::Room((conversation, side), Vec::new()));
            }
            Output::Quality { sample } => self.metrics.quality(&sample),
            Output::Dial { conversation, participant, number, .. } => {
                self.dial((conversation, participant), &number);
            }
            Output::EndCall { conversation, participant } => {
                if let Some(network) = &mut self.network {
                    network.end(conversation, participant);
                }
            }
        }
    }

    fn dial(&mut self, call: (ConversationId, ParticipantId), number: &str) {
        let now = (self.clock)();
        match &mut self.network {
            Some(network) => network.dial(now, call, number),
            // A configuration with a trunk is refused at load: nothing is ever dialled here. Should it be, it is not left ringing.
            None => {
                let (conversation, participant) = call;
                let news = ExternalNews::Unreachable;
                self.board.handle(now, Input::External { conversation, participant, news });
            }
        }
    }

    fn order(&self, order: AudioOrder) {
        let _ = self.audio.send(order);
    }

    fn until_deadline(&self) -> Duration {
        let now = (self.clock)();
        let network = self.network.as_ref().and_then(Network::deadline);
        self.board
            .deadline()
            .into_iter()
            .chain(network)
            .min()
            .map_or(Duration::MAX, |at| Duration::from_millis(at.saturating_sub(now)))
    }
}
