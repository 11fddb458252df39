//! The media thread: an engine, its sockets and the clock.

use std::io;
use std::sync::mpsc as blocking;
use std::time::{Duration, Instant};

use tokio::runtime::Builder;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Sleep, sleep_until};

use super::engine::Engine;
use super::sockets::{Batch, Bound, Port, readable};
use super::{MediaError, MediaEvent, PlaneStats};
use crate::{Leg, PeerId, RoomId};

/// Batches taken from one socket before timers and commands have their turn.
const BATCHES_IN_A_ROW: usize = 4;
/// How long to sleep when no session is waiting for anything.
const IDLE: Duration = Duration::from_secs(60);

/// What the handle asks of the thread.
pub(super) enum Command {
    Negotiate { peer: PeerId, offer: String, reply: oneshot::Sender<Result<String, MediaError>> },
    Close { peer: PeerId, reply: oneshot::Sender<()> },
    SetRoom { room: RoomId, legs: Vec<Leg>, reply: oneshot::Sender<Result<(), MediaError>> },
    Stats { reply: oneshot::Sender<PlaneStats> },
    Shutdown { reply: oneshot::Sender<()> },
}

pub(super) struct Thread {
    pub(super) engine: Engine,
    pub(super) commands: mpsc::Receiver<Command>,
    pub(super) events: mpsc::UnboundedSender<MediaEvent>,
}

/// Starts the thread with its own runtime, and waits until its sockets are watched or that has failed.
///
/// The runtime is made inside: the caller may be in a runtime of its own, where dropping another one panics, as it
/// would have to be on each failure.
pub(super) fn spawn(thread: Thread, sockets: Vec<Bound>) -> io::Result<()> {
    let (report, started) = blocking::sync_channel(1);
    std::thread::Builder::new().name("media".to_owned()).spawn(move || {
        let runtime = match Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => runtime,
            Err(error) => return drop(report.send(Err(error))),
        };
        let guard = runtime.enter();
        match sockets.into_iter().map(Bound::watch).collect::<io::Result<Vec<Port>>>() {
            Ok(ports) => {
                drop(report.send(Ok(())));
                drop(guard);
                runtime.block_on(thread.run(&ports));
            }
            Err(error) => drop(report.send(Err(error))),
        }
    })?;
    started.recv().unwrap_or_else(|_| Err(io::Error::other("it ended at once")))
}

impl Thread {
    /// Runs until it is told to stop or until nobody can tell it any more.
    async fn run(mut self, ports: &[Port]) {
        let mut batch = Batch::new();
        let mut armed = Instant::now() + IDLE;
        let mut timer = Box::pin(sleep_until(armed.into()));
        loop {
            tokio::select! {
                biased;
                command = self.commands.recv() => match command {
                    None | Some(Command::Shutdown { .. }) => return self.stop(command, ports),
                    Some(command) => self.obey(command),
                },
                port = readable(ports) => self.receive(ports, port, &mut batch),
                () = timer.as_mut() => {}
            }
            self.engine.tick(Instant::now());
            self.flush(ports);
            self.rearm(&mut armed, timer.as_mut());
        }
    }

    fn obey(&mut self, command: Command) {
        let now = Instant::now();
        // Whoever asked may have stopped waiting; what was asked is done all the same.
        match command {
            Command::Negotiate { peer, offer, reply } => {
                let _ = reply.send(self.engine.negotiate(now, peer, &offer));
            }
            Command::Close { peer, reply } => {
                self.engine.close(now, peer);
                let _ = reply.send(());
            }
            Command::SetRoom { room, legs, reply } => {
                let _ = reply.send(self.engine.set_room(now, room, &legs).map_err(MediaError::from));
            }
            Command::Stats { reply } => {
                let _ = reply.send(self.engine.stats());
            }
            Command::Shutdown { .. } => {}
        }
    }

    fn receive(&mut self, ports: &[Port], port: usize, batch: &mut Batch) {
        for _ in 0..BATCHES_IN_A_ROW {
            let filled = ports[port].receive(batch);
            let now = Instant::now();
            for datagram in batch.datagrams(filled) {
                self.engine.receive(now, port, datagram.source, datagram.local, datagram.bytes);
            }
            self.flush(ports);
            if filled == 0 {
                return;
            }
        }
    }

    fn flush(&mut self, ports: &[Port]) {
        self.engine
            .flush(|port, from, transmit| ports[port].send(transmit.destination, from, &transmit.contents));
        for event in self.engine.events() {
            // Nobody listens: then nobody misses it either.
            let _ = self.events.send(event);
        }
    }

    /// Setting a timer anew costs more than a look at the clock, so it is done only when the deadline has moved.
    fn rearm(&self, armed: &mut Instant, timer: std::pin::Pin<&mut Sleep>) {
        let deadline = self.engine.deadline().unwrap_or_else(|| Instant::now() + IDLE);
        if deadline != *armed {
            *armed = deadline;
            timer.reset(deadline.into());
        }
    }

    fn stop(mut self, command: Option<Command>, ports: &[Port]) {
        self.engine.close_all(Instant::now());
        self.flush(ports);
        if let Some(Command::Shutdown { reply }) = command {
            let _ = reply.send(());
        }
    }
}
