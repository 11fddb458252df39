//! What waits to be sent to one client. Bounded in bytes: who reads too slowly is cut off, and never costs more than the bound.

use jackfield_wire::Code;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// What waits to be sent to one client.
#[derive(Debug)]
pub(crate) struct Outbox {
    most: usize,
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct State {
    texts: Vec<String>,
    /// Bytes of `texts` and of what was taken and is not written yet.
    bytes: usize,
    end: Option<Code>,
    cut: bool,
}

/// What the connection shall do next.
#[derive(Debug, Default)]
pub(crate) struct Due {
    /// Send these, in order.
    pub(crate) texts: Vec<String>,
    /// Then end, with this code.
    pub(crate) end: Option<Code>,
    /// Bytes of the texts, to be given to [`Outbox::written`].
    pub(crate) bytes: usize,
}

impl Outbox {
    /// An empty one that holds so many bytes.
    pub(crate) fn new(most: usize) -> Self {
        Self { most, state: Mutex::default(), changed: Notify::new() }
    }

    /// Puts a message in line. One that is larger than the bound is taken when nothing else waits: a snapshot may be.
    pub(crate) fn push(&self, text: String) {
        let mut state = self.lock();
        if state.cut || state.end.is_some() {
            return;
        }
        if state.bytes > 0 && state.bytes + text.len() > self.most {
            state.cut = true;
            state.texts = Vec::new();
        } else {
            state.bytes += text.len();
            state.texts.push(text);
        }
        drop(state);
        self.changed.notify_one();
    }

    /// Lets the connection end after what is in line.
    pub(crate) fn end(&self, code: Code) {
        let mut state = self.lock();
        state.end.get_or_insert(code);
        drop(state);
        self.changed.notify_one();
    }

    /// Waits until there is something to do. Safe to drop half-way.
    pub(crate) async fn due(&self) -> Due {
        loop {
            {
                let mut state = self.lock();
                if state.cut {
                    return Due { end: Some(Code::TooSlow), ..Due::default() };
                }
                if !state.texts.is_empty() || state.end.is_some() {
                    let texts = std::mem::take(&mut state.texts);
                    return Due { bytes: texts.iter().map(String::len).sum(), texts, end: state.end };
                }
            }
            self.changed.notified().await;
        }
    }

    /// Waits until more came than the client reads.
    pub(crate) async fn overflow(&self) {
        while !self.lock().cut {
            self.changed.notified().await;
        }
        // Whoever waits for what is due must not miss what this wait has swallowed.
        self.changed.notify_one();
    }

    /// So many bytes have left for the network.
    pub(crate) fn written(&self, bytes: usize) {
        let mut state = self.lock();
        state.bytes = state.bytes.saturating_sub(bytes);
        let waiting = state.cut || state.end.is_some() || !state.texts.is_empty();
        drop(state);
        if waiting {
            self.changed.notify_one();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn hands_out_all_in_order_then_the_end() {
        let outbox = Outbox::new(100);
        outbox.push("a".to_owned());
        outbox.push("b".to_owned());
        outbox.end(Code::Restarting);
        outbox.push("too late".to_owned());
        let due = outbox.due().await;
        assert_eq!((due.texts, due.end), (vec!["a".to_owned(), "b".to_owned()], Some(Code::Restarting)));
    }

    #[tokio::test]
    async fn what_is_taken_counts_until_it_is_written() {
        let outbox = Outbox::new(10);
        outbox.push("12345678".to_owned());
        let due = outbox.due().await;
        outbox.push("1234".to_owned());
        assert_eq!(outbox.due().await.end, Some(Code::TooSlow));
        outbox.overflow().await;
        assert_eq!(due.bytes, 8);
    }

    #[tokio::test]
    async fn one_large_message_is_taken_alone() {
        let outbox = Outbox::new(10);
        outbox.push("x".repeat(1000));
        let due = outbox.due().await;
        assert_eq!((due.texts.len(), due.end), (1, None));
        outbox.written(due.bytes);
        outbox.push("1234567890".to_owned());
        assert_eq!(outbox.due().await.end, None);
    }
}
