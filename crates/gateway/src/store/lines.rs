//! The lines of a journal, as they are read ahead.

use super::{JournalLine, StoreError};
use std::{
    fmt,
    sync::mpsc::{Receiver, SyncSender, sync_channel},
};

/// Lines handed over at once: few enough to begin soon, enough that handing over costs nothing.
pub(super) const CHUNK: usize = 256;
/// Chunks read ahead of whoever takes them in.
const AHEAD: usize = 4;

/// What a reader hands over.
pub(super) type Chunk = Result<Vec<JournalLine>, StoreError>;

/// The lines of a journal after its snapshot, in order: read by a thread of the store while those before are taken in.
///
/// They are not all in memory at once, so that a journal of any length can be taken in. An error ends them. Dropping them ends the reading.
pub struct Lines {
    chunks: Receiver<Chunk>,
    chunk: std::vec::IntoIter<JournalLine>,
    left: u64,
}

impl fmt::Debug for Lines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Lines({} left)", self.left)
    }
}

impl Lines {
    /// As many lines as are to come, and the end where a reader puts them.
    pub(super) fn new(count: u64) -> (Self, SyncSender<Chunk>) {
        let (sender, chunks) = sync_channel(AHEAD);
        (Self { chunks, chunk: Vec::new().into_iter(), left: count }, sender)
    }

    /// How many are still to come.
    pub fn left(&self) -> u64 {
        self.left
    }

    fn fail(&mut self, error: StoreError) -> Option<Result<JournalLine, StoreError>> {
        (self.left, self.chunk) = (0, Vec::new().into_iter());
        Some(Err(error))
    }
}

impl Iterator for Lines {
    type Item = Result<JournalLine, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.left == 0 {
            return None;
        }
        loop {
            if let Some(line) = self.chunk.next() {
                self.left -= 1;
                return Some(Ok(line));
            }
            match self.chunks.recv() {
                Ok(Ok(chunk)) => self.chunk = chunk.into_iter(),
                Ok(Err(error)) => return self.fail(error),
                // A journal with a hole must not pass for a short one.
                Err(_) => {
                    let left = self.left;
                    let text = format!("{left} lines of the journal are missing before its last position");
                    return self.fail(StoreError::Unavailable(text));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(n: u64) -> JournalLine {
        JournalLine { at: n, entry: n.to_string() }
    }

    #[test]
    fn come_in_order_and_end_where_they_should() {
        let (lines, sender) = Lines::new(5);
        sender.send(Ok((0..3).map(line).collect())).unwrap();
        sender.send(Ok((3..5).map(line).collect())).unwrap();
        let read: Result<Vec<_>, _> = lines.collect();
        assert_eq!(read, Ok((0..5).map(line).collect()));
    }

    #[test]
    fn a_hole_or_an_error_is_no_end() {
        let (mut lines, sender) = Lines::new(3);
        sender.send(Ok(vec![line(0)])).unwrap();
        drop(sender);
        assert_eq!(lines.next(), Some(Ok(line(0))));
        assert!(matches!(lines.next(), Some(Err(StoreError::Unavailable(_)))));
        assert_eq!(lines.next(), None);

        let (mut lines, sender) = Lines::new(3);
        sender.send(Err(StoreError::Busy)).unwrap();
        assert_eq!((lines.next(), lines.next()), (Some(Err(StoreError::Busy)), None));
    }
}
