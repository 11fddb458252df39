//! Bytes in, messages out. No socket and no clock of its own.

use super::{close, frame};
use frame::{Header, Opcode};
use std::time::{Duration, Instant};

/// Fragments of one message. A message of 64 KiB in pieces of the usual 4 KiB has 16.
const FRAGMENTS: u32 = 256;
/// Pings that may come at once, and how fast the allowance comes back.
const PING_BURST: u32 = 20;
const PING_EVERY: Duration = Duration::from_millis(500);

/// Something whole that arrived.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Item {
    /// A text message.
    Text(String),
    /// A ping, to be answered with the same bytes.
    Ping(Vec<u8>),
    /// The other side says good-bye, or answers ours.
    Close,
}

/// Why no more can be read from this client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Breach {
    /// The protocol was broken.
    Protocol(&'static str),
    /// A message is too large.
    TooBig,
    /// A binary message came.
    Binary,
    /// A text is not UTF-8.
    InvalidText,
    /// Too many pings.
    PingFlood,
    /// Too many pieces.
    Fragments,
}

impl Breach {
    /// The close code that goes with it.
    pub(crate) fn close_code(self) -> u16 {
        match self {
            Self::Protocol(_) => close::PROTOCOL,
            Self::TooBig => close::TOO_BIG,
            Self::Binary => close::UNSUPPORTED,
            Self::InvalidText => close::INVALID_TEXT,
            Self::PingFlood | Self::Fragments => close::POLICY,
        }
    }

    /// What to tell the other side.
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::Protocol(what) => what,
            Self::TooBig => "the message is too large",
            Self::Binary => "send text messages",
            Self::InvalidText => "the text is not UTF-8",
            Self::PingFlood => "too many pings",
            Self::Fragments => "too many fragments",
        }
    }
}

/// What has come in and is not whole yet.
#[derive(Debug)]
pub(super) struct Inbound {
    bytes: Vec<u8>,
    /// How much of `bytes` is used up.
    read: usize,
    message: Option<Vec<u8>>,
    fragments: u32,
    most: usize,
    pings: Pings,
}

impl Inbound {
    pub(super) fn new(most: usize, now: Instant) -> Self {
        let pings = Pings { left: PING_BURST, since: now };
        Self { bytes: Vec::new(), read: 0, message: None, fragments: 0, most, pings }
    }

    /// Takes bytes as they come.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// The next whole thing, if one is there.
    pub(super) fn next(&mut self, now: Instant) -> Result<Option<Item>, Breach> {
        while let Some((header, payload)) = self.frame()? {
            let item = match header.opcode {
                Opcode::Close => Some(Item::Close),
                Opcode::Pong => None,
                Opcode::Ping => Some(self.pings.take(now).map(|()| Item::Ping(payload))?),
                _ => self.data(header, payload)?,
            };
            if item.is_some() {
                return Ok(item);
            }
        }
        Ok(None)
    }

    fn frame(&mut self) -> Result<Option<(Header, Vec<u8>)>, Breach> {
        let waiting = &self.bytes[self.read..];
        let Some(header) = Header::read(waiting)? else { return Ok(self.incomplete()) };
        // Judged from the header, so that a large frame is refused before it is kept.
        let so_far = self.message.as_ref().map_or(0, Vec::len);
        let length = usize::try_from(header.payload).ok().filter(|length| length + so_far <= self.most);
        let length = length.ok_or(Breach::TooBig)?;
        let Some(payload) = waiting.get(header.size..header.size + length) else {
            return Ok(self.incomplete());
        };
        let mut payload = payload.to_vec();
        frame::unmask(&mut payload, header.mask);
        self.read += header.size + length;
        if self.read == self.bytes.len() {
            self.incomplete::<()>();
        }
        Ok(Some((header, payload)))
    }

    /// Gives back what is used up; with nothing left, the buffer itself.
    fn incomplete<T>(&mut self) -> Option<T> {
        if self.read == self.bytes.len() {
            self.bytes = Vec::new();
        } else {
            self.bytes.drain(..self.read);
        }
        self.read = 0;
        None
    }

    fn data(&mut self, header: Header, payload: Vec<u8>) -> Result<Option<Item>, Breach> {
        let message = match (header.opcode, self.message.take()) {
            (Opcode::Binary, _) => return Err(Breach::Binary),
            (Opcode::Continuation, None) => return Err(Breach::Protocol("a continuation of nothing")),
            (Opcode::Continuation, Some(mut message)) => {
                self.fragments += 1;
                message.extend_from_slice(&payload);
                message
            }
            (_, Some(_)) => return Err(Breach::Protocol("a new message within another")),
            (_, None) => {
                self.fragments = 1;
                payload
            }
        };
        if self.fragments > FRAGMENTS {
            return Err(Breach::Fragments);
        }
        if !header.last {
            self.message = Some(message);
            return Ok(None);
        }
        String::from_utf8(message).map(|text| Some(Item::Text(text))).map_err(|_| Breach::InvalidText)
    }
}

/// An allowance of pings.
#[derive(Debug)]
struct Pings {
    left: u32,
    since: Instant,
}

impl Pings {
    fn take(&mut self, now: Instant) -> Result<(), Breach> {
        let back = now.saturating_duration_since(self.since).as_millis() / PING_EVERY.as_millis();
        if back > 0 {
            self.since = now;
            self.left = PING_BURST.min(self.left.saturating_add(u32::try_from(back).unwrap_or(PING_BURST)));
        }
        self.left = self.left.checked_sub(1).ok_or(Breach::PingFlood)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
        let mut out = vec![first];
        match payload.len() {
            short @ 0..=125 => out.push(0x80 | short as u8),
            long => {
                out.push(0x80 | 126);
                out.extend_from_slice(&(long as u16).to_be_bytes());
            }
        }
        out.extend_from_slice(&[1, 2, 3, 4]);
        let mut masked = payload.to_vec();
        frame::unmask(&mut masked, [1, 2, 3, 4]);
        out.extend(masked);
        out
    }

    fn read(bytes: &[u8]) -> Result<Vec<Item>, Breach> {
        let now = Instant::now();
        let mut inbound = Inbound::new(1000, now);
        inbound.push(bytes);
        let mut items = Vec::new();
        while let Some(item) = inbound.next(now)? {
            items.push(item);
        }
        Ok(items)
    }

    #[test]
    fn messages_come_out_whole_wherever_the_bytes_are_cut() {
        let mut bytes = frame(0x01, "안".as_bytes());
        bytes.extend(frame(0x89, b"p"));
        bytes.extend(frame(0x80, "녕".as_bytes()));
        bytes.extend(frame(0x81, b"{}"));
        let whole = read(&bytes).unwrap();
        assert_eq!(
            whole,
            [Item::Ping(b"p".to_vec()), Item::Text("안녕".to_owned()), Item::Text("{}".to_owned())]
        );
        let now = Instant::now();
        for cut in 1..bytes.len() {
            let mut inbound = Inbound::new(1000, now);
            let mut items = Vec::new();
            for part in [&bytes[..cut], &bytes[cut..]] {
                inbound.push(part);
                while let Some(item) = inbound.next(now).unwrap() {
                    items.push(item);
                }
            }
            assert_eq!(items, whole, "cut at {cut}");
            assert_eq!(inbound.bytes.capacity(), 0, "an idle connection keeps no buffer");
        }
    }

    #[test]
    fn each_breach_has_its_close_code() {
        let cases: [(&[u8], u16); 6] = [
            (&frame(0x82, b"x"), 1003),
            (&frame(0x81, &[0xFF]), 1007),
            (&frame(0x81, &[b'x'; 1001]), 1009),
            (&frame(0x80, b"x"), 1002),
            (&[frame(0x01, b"x"), frame(0x81, b"x")].concat(), 1002),
            (&[frame(0x01, &[b'x'; 600]), frame(0x80, &[b'x'; 600])].concat(), 1009),
        ];
        for (bytes, code) in cases {
            assert_eq!(read(bytes).unwrap_err().close_code(), code);
        }
    }

    #[test]
    fn a_large_frame_is_refused_from_its_header() {
        let header = [0x81, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3, 4];
        assert_eq!(read(&header), Err(Breach::TooBig));
    }

    #[test]
    fn endless_empty_fragments_end() {
        let mut bytes = frame(0x01, b"");
        (0..10_000).for_each(|_| bytes.extend(frame(0x00, b"")));
        assert_eq!(read(&bytes), Err(Breach::Fragments));
    }

    #[test]
    fn pings_have_an_allowance_that_comes_back() {
        let now = Instant::now();
        let mut pings = Pings { left: PING_BURST, since: now };
        (0..PING_BURST).for_each(|_| pings.take(now).unwrap());
        assert_eq!(pings.take(now), Err(Breach::PingFlood));
        assert_eq!(pings.take(now + PING_EVERY), Ok(()));
    }
}
