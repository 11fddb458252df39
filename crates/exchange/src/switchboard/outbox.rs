//! What goes out, and when.
//!
//! Nobody is told anything that rests on an entry of the journal before that entry is on disk. So everything told passes through one
//! line: an item waits for the newest batch at the time it was told, open or in flight. What rests on no entry (a ping, a connection
//! refused) goes out at once, beside the line: a slow disk must not make connections look dead.

use super::{Batch, BodyRow, ConnectionId, Entry, Output};
use jackfield_wire::{Code, CommandId, Millis, limits};
use std::{
    collections::{HashMap, VecDeque},
    fmt::Write,
    sync::Arc,
};

/// A text message grows to this size before the next is begun.
const MESSAGE_BYTES: usize = 256 * 1024;

/// Something told, as it waits.
#[derive(Debug)]
pub(super) enum Told {
    /// An event of a session. Its frame is written when it goes out, straight into the connection's buffer.
    Event { connection: ConnectionId, seq: u64, at: Millis, body: Arc<str> },
    /// A welcome: while it waits, its session has not heard of its new key.
    Welcome { connection: ConnectionId, text: String },
    /// A frame.
    Frame { connection: ConnectionId, text: String },
    /// The answer to a command.
    Answer { connection: ConnectionId, id: CommandId, text: String },
    /// A connection's end.
    Close { connection: ConnectionId, code: Code },
    /// Something for the host.
    Do(Output),
}

/// The journal's open batch, what waits for batches in flight, and what is ready to go.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    entries: Vec<Entry>,
    bodies: Vec<BodyRow>,
    begun: bool,
    flushed: u64,
    committed: u64,
    held: VecDeque<(u64, Told)>,
    lines: HashMap<ConnectionId, Line>,
    ready: VecDeque<ConnectionId>,
    outputs: VecDeque<Output>,
}

/// A connection's next text message.
#[derive(Debug, Default)]
struct Line {
    text: String,
    frames: usize,
    welcomed: bool,
}

impl Outbox {
    /// A connection is there, and can be told things.
    pub(super) fn open(&mut self, connection: ConnectionId) {
        self.lines.entry(connection).or_default();
    }

    /// Whether a connection's welcome has gone out, and not only been told.
    pub(super) fn is_welcomed(&self, connection: ConnectionId) -> bool {
        self.lines.get(&connection).is_some_and(|line| line.welcomed)
    }

    /// A connection is gone; what is still told to it is dropped.
    pub(super) fn gone(&mut self, connection: ConnectionId) {
        self.lines.remove(&connection);
    }

    /// An entry is coming: what is told from now on rests on it.
    pub(super) fn begin(&mut self) {
        self.begun = true;
    }

    /// Adds an entry to the open batch.
    pub(super) fn record(&mut self, entry: Entry) {
        self.begun = true;
        self.entries.push(entry);
    }

    /// Adds what the entry does not hold to the open batch.
    pub(super) fn record_body(&mut self, body: BodyRow) {
        self.bodies.push(body);
    }

    /// Tells something as soon as all that was recorded so far is on disk.
    pub(super) fn tell(&mut self, told: Told) {
        let batch = self.newest_batch();
        if batch <= self.committed {
            self.release(told);
        } else {
            self.held.push_back((batch, told));
        }
    }

    /// Tells something that rests on no entry.
    pub(super) fn tell_now(&mut self, told: Told) {
        self.release(told);
    }

    /// Ends the open batch, if there is anything in it.
    pub(super) fn flush(&mut self) {
        if self.entries.is_empty() {
            return;
        }
        self.begun = false;
        self.flushed += 1;
        let (entries, bodies) = (std::mem::take(&mut self.entries), std::mem::take(&mut self.bodies));
        self.outputs.push_back(Output::Commit(Batch { number: self.flushed, entries, bodies }));
    }

    /// A batch and all before it are on disk.
    pub(super) fn committed(&mut self, batch: u64) {
        self.committed = self.committed.max(batch.min(self.flushed));
        while self.held.front().is_some_and(|(waits_for, _)| *waits_for <= self.committed) {
            if let Some((_, told)) = self.held.pop_front() {
                self.release(told);
            }
        }
    }

    /// Nothing that still waits will ever be on disk. Gives it back; the open batch is dropped, and nothing waits for the ones in flight any more.
    pub(super) fn fail(&mut self) -> Vec<Told> {
        self.entries.clear();
        self.bodies.clear();
        self.begun = false;
        // Numbers go on: the answers to batches in flight may still come, and must not be taken for those of later ones.
        self.committed = self.flushed;
        self.held.drain(..).map(|(_, told)| told).collect()
    }

    /// What is to be done next.
    pub(super) fn poll(&mut self) -> Option<Output> {
        if let Some(output) = self.outputs.pop_front() {
            return Some(output);
        }
        while let Some(connection) = self.ready.pop_front() {
            let line = self.lines.get_mut(&connection);
            if let Some(text) = line.and_then(Line::take) {
                return Some(Output::Send { connection, text });
            }
        }
        None
    }

    /// The number of the batch that holds everything recorded so far.
    pub(super) fn newest_batch(&self) -> u64 {
        self.flushed + u64::from(self.begun)
    }

    /// The number of the newest batch on disk.
    pub(super) fn committed_batch(&self) -> u64 {
        self.committed
    }

    /// Whether the open batch holds nothing.
    pub(super) fn is_flushed(&self) -> bool {
        self.newest_batch() == self.flushed
    }

    /// How many things wait for the journal.
    pub(super) fn held(&self) -> usize {
        self.held.len()
    }

    fn release(&mut self, told: Told) {
        match told {
            Told::Event { connection, seq, at, body } => self.write(connection, body.len() + 64, |text| {
                // Writing to a String can't fail.
                let _ = write!(text, r#"{{"type":"event","seq":{seq},"at":{at},"event":{body}}}"#);
            }),
            Told::Welcome { connection, text } => {
                self.write(connection, text.len(), |line| line.push_str(&text));
                if let Some(line) = self.lines.get_mut(&connection) {
                    line.welcomed = true;
                }
            }
            Told::Frame { connection, text } | Told::Answer { connection, text, .. } => {
                self.write(connection, text.len(), |line| line.push_str(&text));
            }
            Told::Close { connection, code } => self.close(connection, code),
            Told::Do(output) => self.outputs.push_back(output),
        }
    }

    fn write(&mut self, connection: ConnectionId, bytes: usize, write: impl FnOnce(&mut String)) {
        let Some(line) = self.lines.get_mut(&connection) else { return };
        if line.frames == limits::BATCH || line.text.len() + bytes > MESSAGE_BYTES {
            self.outputs.extend(line.take().map(|text| Output::Send { connection, text }));
        }
        if line.frames == 0 {
            self.ready.push_back(connection);
            line.text.reserve(bytes + 2);
        }
        line.text.push(if line.frames == 0 { '[' } else { ',' });
        write(&mut line.text);
        line.frames += 1;
    }

    fn close(&mut self, connection: ConnectionId, code: Code) {
        if let Some(mut line) = self.lines.remove(&connection) {
            self.outputs.extend(line.take().map(|text| Output::Send { connection, text }));
            self.outputs.push_back(Output::Close { connection, code });
        }
    }
}

impl Line {
    /// The message so far: one frame as it is, more as an array.
    fn take(&mut self) -> Option<String> {
        let mut text = std::mem::take(&mut self.text);
        match std::mem::take(&mut self.frames) {
            0 => return None,
            1 => drop(text.remove(0)),
            _ => text.push(']'),
        }
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: ConnectionId = ConnectionId(1);

    fn entry() -> Entry {
        Entry { at: 1, asked: None, outcome: None, facts: vec![], events: vec![] }
    }

    fn frame(text: &str) -> Told {
        Told::Frame { connection: ONE, text: text.into() }
    }

    fn drain(outbox: &mut Outbox) -> Vec<String> {
        std::iter::from_fn(|| outbox.poll())
            .map(|output| match output {
                Output::Send { text, .. } => text,
                Output::Commit(batch) => format!("commit {} of {}", batch.number, batch.entries.len()),
                Output::Close { code, .. } => format!("close {code}"),
                other => format!("{other:?}"),
            })
            .collect()
    }

    fn opened() -> Outbox {
        let mut outbox = Outbox::default();
        outbox.open(ONE);
        outbox
    }

    #[test]
    fn tells_nothing_before_it_is_on_disk_and_keeps_the_order() {
        let mut outbox = opened();
        outbox.tell(frame("0"));
        outbox.record(entry());
        outbox.tell(frame("1"));
        outbox.flush();
        outbox.tell(frame("2"));
        outbox.record(entry());
        outbox.record(entry());
        outbox.tell(frame("3"));
        outbox.flush();
        outbox.tell_now(frame("now"));
        assert_eq!(drain(&mut outbox), ["commit 1 of 1", "commit 2 of 2", "[0,now]"]);
        outbox.committed(1);
        assert_eq!(drain(&mut outbox), ["[1,2]"]);
        outbox.committed(2);
        outbox.tell(frame("4"));
        assert_eq!(drain(&mut outbox), ["[3,4]"]);
    }

    #[test]
    fn what_waits_for_a_failed_batch_is_given_back() {
        let mut outbox = opened();
        outbox.record(entry());
        outbox.tell(frame("lost"));
        outbox.flush();
        assert_eq!(drain(&mut outbox), ["commit 1 of 1"]);
        assert_eq!(outbox.fail().len(), 1);
        outbox.committed(1);
        outbox.tell(frame("told"));
        assert_eq!(drain(&mut outbox), ["told"]);
    }

    #[test]
    fn a_message_holds_no_more_frames_than_a_client_takes() {
        let mut outbox = opened();
        for _ in 0..(limits::BATCH + 1) {
            outbox.tell(frame("7"));
        }
        let sent = drain(&mut outbox);
        assert_eq!(sent.len(), 2);
        assert_eq!(sent[0].matches('7').count(), limits::BATCH);
        assert_eq!(sent[1], "7");
    }

    #[test]
    fn an_end_comes_last() {
        let mut outbox = opened();
        outbox.tell(frame("1"));
        outbox.tell(Told::Close { connection: ONE, code: Code::TooSlow });
        outbox.tell(frame("2"));
        assert_eq!(drain(&mut outbox), ["1", "close tooSlow"]);
    }
}
