//! The one way in and out of text. It checks size, depth and number before it looks at any field.

use crate::json::{Kind, Reader, Wrong};
use crate::read::Read;
use crate::{ClientFrame, Code, Resume, ServerFrame, WireError, limits};
use serde::Serialize;

/// Reads what a client sent: one frame, or an array of frames.
///
/// # Errors
/// `frameTooLarge`, `frameTooDeep`, `batchTooLong`, `unknownFrame`, `malformedFrame`; the message names the field and where it stands.
///
/// ```
/// use jackfield_wire::{Code, decode_client};
/// assert_eq!(decode_client(r#"{"type":"ack"}"#).unwrap_err().code, Code::MalformedFrame);
/// assert_eq!(decode_client(r#"{"type":"dance"}"#).unwrap_err().code, Code::UnknownFrame);
/// ```
pub fn decode_client(text: &str) -> Result<Vec<ClientFrame>, WireError> {
    decode(text, limits::FRAME_BYTES)
}

/// Reads what the gateway sent: one frame, or an array of frames. Types of a newer gateway come out as `Unknown`.
///
/// # Errors
/// As [`decode_client`], but `unknownFrame` does not occur.
pub fn decode_server(text: &str) -> Result<Vec<ServerFrame>, WireError> {
    decode(text, limits::SERVER_FRAME_BYTES)
}

/// Writes one frame.
///
/// # Errors
/// `internal`, which the types rule out: none has a key that is not text.
pub fn encode<F: Serialize>(frame: &F) -> Result<String, WireError> {
    // Without serde's own words: they never come, and the code that says them would be in every page.
    serde_json::to_string(frame).map_err(|_| WireError::new(Code::Internal, "a frame could not be written"))
}

/// Writes several frames that are written already as one text message: one as it is, more as an array.
pub fn encode_batch<S: AsRef<str>>(frames: &[S]) -> String {
    match frames {
        [one] => one.as_ref().to_owned(),
        many => {
            let mut text =
                String::with_capacity(many.iter().map(|f| f.as_ref().len() + 1).sum::<usize>() + 1);
            let mut before = '[';
            for frame in many {
                text.push(before);
                text.push_str(frame.as_ref());
                before = ',';
            }
            if many.is_empty() {
                text.push('[');
            }
            text.push(']');
            text
        }
    }
}

/// Reads back what a client kept of its session for a reload of its page, as [`encode`] wrote it.
///
/// # Errors
/// `malformedFrame`; the message names the field.
///
/// ```
/// use jackfield_wire::decode_resume;
/// let kept = decode_resume(r#"{"sessionId":"s1","key":"k","epoch":7}"#)?;
/// assert_eq!(kept.epoch, 7);
/// # Ok::<(), jackfield_wire::WireError>(())
/// ```
pub fn decode_resume(text: &str) -> Result<Resume, WireError> {
    let mut from = Reader::new(text);
    Resume::read(&mut from).and_then(|kept| from.end().map(|()| kept)).map_err(refuse)
}

pub(crate) fn decode<F: Read>(text: &str, most: usize) -> Result<Vec<F>, WireError> {
    if text.len() > most {
        let message = format!("the message has {} bytes; at most {most} are taken", text.len());
        return Err(WireError::new(Code::FrameTooLarge, message));
    }
    let mut from = Reader::new(text);
    let frames = frames(&mut from).and_then(|frames| from.end().map(|()| frames));
    frames.map_err(|wrong| match wrong.kind() {
        // What is too deep may be met as something else that is wrong before its depth is reached.
        Kind::Malformed if is_too_deep(text) => WireError::new(
            Code::FrameTooDeep,
            format!("the frame nests deeper than {} levels", limits::DEPTH),
        ),
        _ => refuse(wrong),
    })
}

fn frames<F: Read>(from: &mut Reader<'_>) -> Result<Vec<F>, Wrong> {
    if !from.is_array() {
        return F::read(from).map(|frame| vec![frame]);
    }
    let mut frames = Vec::new();
    from.array(&mut |from| {
        if frames.len() == limits::BATCH {
            return Err(too_long(from, "more"));
        }
        frames.push(F::read(from)?);
        Ok(())
    })?;
    if frames.is_empty() { Err(too_long(from, "none")) } else { Ok(frames) }
}

#[cold]
fn too_long(from: &Reader<'_>, many: &str) -> Wrong {
    let what = format!("the message must hold 1 to {} frames and holds {many}", limits::BATCH);
    from.refuse(Kind::BatchTooLong, what.into())
}

/// Counts brackets outside of strings.
#[cold]
fn is_too_deep(text: &str) -> bool {
    let (mut depth, mut in_string, mut escaped) = (0usize, false, false);
    text.bytes().any(|byte| {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => depth += 1,
            b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
        // One level for the batch itself.
        depth > limits::DEPTH + 1
    })
}

#[cold]
pub(crate) fn refuse(wrong: Wrong) -> WireError {
    let code = match wrong.kind() {
        Kind::Malformed => Code::MalformedFrame,
        Kind::UnknownType => Code::UnknownFrame,
        Kind::TooDeep => Code::FrameTooDeep,
        Kind::BatchTooLong => Code::BatchTooLong,
    };
    WireError::new(code, wrong.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Code {
        decode_client(text).unwrap_err().code
    }

    #[test]
    fn refuses_what_is_too_large_too_deep_or_too_many() {
        assert_eq!(code(&" ".repeat(limits::FRAME_BYTES + 1)), Code::FrameTooLarge);
        assert_eq!(code(&"[".repeat(60)), Code::FrameTooDeep);
        assert_eq!(code("[]"), Code::BatchTooLong);
        let many = encode_batch(&vec![r#"{"type":"ack","seq":1}"#; limits::BATCH + 1]);
        assert_eq!(code(&many), Code::BatchTooLong);
        assert_eq!(
            decode_client(&encode_batch(&vec![r#"{"type":"ack","seq":1}"#; limits::BATCH])).unwrap().len(),
            limits::BATCH
        );
    }

    #[test]
    fn brackets_within_text_do_not_count() {
        let text = format!(r#"{{"type":"auth","token":"{}\"{}"}}"#, "[".repeat(99), "{".repeat(99));
        assert_eq!(decode_client(&text).unwrap().len(), 1);
    }

    #[test]
    fn names_the_field_that_is_wrong() {
        let wrong = decode_client(r#"{"type":"hello","resume":{}}"#).unwrap_err();
        assert_eq!(wrong.code, Code::MalformedFrame);
        assert!(wrong.message.contains("`resume.sessionId` is missing"), "{wrong}");
        assert_eq!(code("{"), Code::MalformedFrame);
    }

    /// One frame of a batch, whose command is wrong.
    fn refused(command: &str) -> (Code, String) {
        let text = format!(
            r#"[{{"type":"pong","n":1}},{{"type":"command","id":"x","command":{command}}},{{"type":"pong","n":2}}]"#
        );
        let frames = decode_client(&text).unwrap();
        assert_eq!(frames[2], ClientFrame::Pong { n: 2 }, "what comes after it is taken");
        let ClientFrame::Refused { id, error } = &frames[1] else { panic!("{frames:?}") };
        assert_eq!(id.as_str(), "x");
        (error.code, error.message.clone())
    }

    #[test]
    fn a_command_that_is_wrong_is_refused_by_its_id_and_costs_nothing_else() {
        let table = [
            (r#"{"type":"acceptOffer"}"#, Code::InvalidField, "`offerId` is missing"),
            (r#"{"type":"acceptOffer","offerId":"a b"}"#, Code::InvalidField, "`offerId` must be an id"),
            (
                r#"{"type":"watchPresence","userIds":["a",7]}"#,
                Code::InvalidField,
                "`userIds[1]` must be a text",
            ),
            (
                r#"{"type":"startConversation","queueId":"q","channel":"fax"}"#,
                Code::InvalidField,
                "must be one of voice, chat",
            ),
            (r#"{"type":"fly"}"#, Code::UnknownFrame, "`fly`"),
            ("{}", Code::InvalidField, "`type` is missing"),
            ("7", Code::InvalidField, "must be an object"),
        ];
        for (command, code, words) in table {
            let (found, message) = refused(command);
            assert_eq!(found, code, "{command}");
            assert!(message.contains(words), "{message}");
        }
        // Where the text itself is broken nobody knows where the next frame begins.
        assert_eq!(
            code(r#"{"type":"command","id":"x","command":{"type":"acceptOffer","a":}}"#),
            Code::MalformedFrame
        );
        assert_eq!(code(r#"{"type":"command","command":{"type":"signOut"}}"#), Code::MalformedFrame);
        let deep =
            format!(r#"{{"type":"command","id":"x","command":{{"type":"fly","a":{}}}}}"#, "[".repeat(60));
        assert_eq!(code(&deep), Code::FrameTooDeep);
    }

    #[test]
    fn a_client_passes_over_what_a_newer_gateway_adds() {
        let frames = decode_server(
            r#"[{"type":"fanfare","x":{}},{"type":"event","seq":1,"at":2,"event":{"type":"sang","song":[1]}},{"type":"ping","n":3,"new":true}]"#,
        );
        let frames = frames.unwrap();
        assert_eq!(frames[0], ServerFrame::Unknown);
        assert_eq!(frames[1], ServerFrame::Event { seq: 1, at: 2, event: crate::ServerEvent::Unknown });
        assert_eq!(frames[2], ServerFrame::Ping { n: 3 });
    }

    #[test]
    fn batches_are_arrays() {
        assert_eq!(encode_batch::<&str>(&[]), "[]");
        assert_eq!(encode_batch(&["1"]), "1");
        assert_eq!(encode_batch(&["1", "2"]), "[1,2]");
    }
}
