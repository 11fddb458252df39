//! One frame's header, in and out.

use super::inbound::Breach;

/// What a frame carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opcode {
    Continuation,
    Text,
    Binary,
    Close,
    Ping,
    Pong,
}

impl Opcode {
    fn of(bits: u8) -> Result<Self, Breach> {
        Ok(match bits {
            0x0 => Self::Continuation,
            0x1 => Self::Text,
            0x2 => Self::Binary,
            0x8 => Self::Close,
            0x9 => Self::Ping,
            0xA => Self::Pong,
            _ => return Err(Breach::Protocol("an opcode that RFC 6455 does not define")),
        })
    }

    fn bits(self) -> u8 {
        match self {
            Self::Continuation => 0x0,
            Self::Text => 0x1,
            Self::Binary => 0x2,
            Self::Close => 0x8,
            Self::Ping => 0x9,
            Self::Pong => 0xA,
        }
    }

    pub(super) fn is_control(self) -> bool {
        matches!(self, Self::Close | Self::Ping | Self::Pong)
    }
}

/// A client's frame header, read whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) last: bool,
    pub(super) opcode: Opcode,
    pub(super) mask: [u8; 4],
    /// Bytes of the header itself.
    pub(super) size: usize,
    /// Bytes of the payload after it.
    pub(super) payload: u64,
}

impl Header {
    /// Reads the header at the front of `bytes`; `None` while it is incomplete.
    pub(super) fn read(bytes: &[u8]) -> Result<Option<Self>, Breach> {
        let [first, second, ..] = *bytes else { return Ok(None) };
        if first & 0x70 != 0 {
            return Err(Breach::Protocol("a reserved bit, but no extension was agreed"));
        }
        let opcode = Opcode::of(first & 0x0F)?;
        let last = first & 0x80 != 0;
        if second & 0x80 == 0 {
            return Err(Breach::Protocol("an unmasked frame from a client"));
        }
        let short = second & 0x7F;
        if opcode.is_control() && (!last || short > 125) {
            return Err(Breach::Protocol("a control frame in pieces or longer than 125 bytes"));
        }
        let Some((payload, at)) = length(short, bytes) else { return Ok(None) };
        let Some(&[a, b, c, d]) = bytes.get(at..at + 4) else { return Ok(None) };
        Ok(Some(Self { last, opcode, mask: [a, b, c, d], size: at + 4, payload }))
    }
}

/// The payload's length and where the mask begins; `None` while incomplete.
fn length(short: u8, bytes: &[u8]) -> Option<(u64, usize)> {
    match short {
        126 => Some((u64::from(u16::from_be_bytes(bytes.get(2..4)?.try_into().ok()?)), 4)),
        127 => Some((u64::from_be_bytes(bytes.get(2..10)?.try_into().ok()?), 10)),
        short => Some((u64::from(short), 2)),
    }
}

/// Takes the mask off a payload, or puts it on.
pub(super) fn unmask(payload: &mut [u8], mask: [u8; 4]) {
    // Eight bytes at a time, so that the compiler can make it wider still.
    let wide = u64::from_ne_bytes([mask[0], mask[1], mask[2], mask[3], mask[0], mask[1], mask[2], mask[3]]);
    let (chunks, rest) = payload.as_chunks_mut::<8>();
    for chunk in chunks {
        *chunk = (u64::from_ne_bytes(*chunk) ^ wide).to_ne_bytes();
    }
    for (byte, key) in rest.iter_mut().zip(mask.iter().cycle()) {
        *byte ^= key;
    }
}

/// Writes one whole, unmasked frame.
pub(super) fn write(out: &mut Vec<u8>, opcode: Opcode, payload: &[u8]) {
    out.reserve(payload.len() + 10);
    out.push(0x80 | opcode.bits());
    // The lengths are cut to what the match has just shown to fit.
    match payload.len() {
        short @ 0..=125 => out.push(short as u8),
        middle @ 126..=0xFFFF => {
            out.push(126);
            out.extend_from_slice(&(middle as u16).to_be_bytes());
        }
        long => {
            out.push(127);
            out.extend_from_slice(&(long as u64).to_be_bytes());
        }
    }
    out.extend_from_slice(payload);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_go_out_in_their_three_forms() {
        for (payload, head) in [(0, 2), (125, 2), (126, 4), (0xFFFF, 4), (0x1_0000, 10)] {
            let mut out = Vec::new();
            write(&mut out, Opcode::Text, &vec![b'x'; payload]);
            assert_eq!(out.len(), payload + head, "{payload}");
            assert_eq!(out[0], 0x81);
        }
    }

    #[test]
    fn a_header_is_read_only_when_whole() {
        let whole = [0x81, 0xFE, 0x01, 0x00, 1, 2, 3, 4];
        for cut in 0..whole.len() {
            assert_eq!(Header::read(&whole[..cut]), Ok(None), "{cut}");
        }
        let header = Header::read(&whole).unwrap().unwrap();
        assert_eq!((header.payload, header.size, header.mask), (256, 8, [1, 2, 3, 4]));
    }

    #[test]
    fn refuses_what_the_protocol_does_not_allow() {
        let bad: [(&str, &[u8]); 5] = [
            ("reserved bit", &[0xC1, 0x80, 0, 0, 0, 0]),
            ("opcode 3", &[0x83, 0x80, 0, 0, 0, 0]),
            ("unmasked", &[0x81, 0x00]),
            ("ping in pieces", &[0x09, 0x80, 0, 0, 0, 0]),
            ("long ping", &[0x89, 0xFE, 0, 126, 0, 0, 0, 0]),
        ];
        for (what, bytes) in bad {
            assert!(matches!(Header::read(bytes), Err(Breach::Protocol(_))), "{what}");
        }
    }

    #[test]
    fn unmasking_twice_changes_nothing() {
        for length in 0..40 {
            let text: Vec<u8> = (0..length).collect();
            let mut masked = text.clone();
            unmask(&mut masked, [7, 9, 200, 31]);
            for (i, byte) in masked.iter().enumerate() {
                assert_eq!(*byte, text[i] ^ [7, 9, 200, 31][i % 4]);
            }
            unmask(&mut masked, [7, 9, 200, 31]);
            assert_eq!(masked, text);
        }
    }
}
