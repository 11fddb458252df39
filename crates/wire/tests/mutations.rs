//! The decoder against what nobody meant to send: the fuzz target's own function, run over mutated fixtures by proptest.

#![allow(clippy::unwrap_used, reason = "a test says by panicking what is wrong")]

mod common;

use jackfield_wire::{
    Answer, ClientFrame, Code, ServerFrame, WireError, decode_client, decode_server, encode, lean,
};
use proptest::prelude::*;

/// What comes in by the socket is read by the wire's own reader, what stands in the journal by serde's: the same text must be the same value to both.
fn agree<F: serde::de::DeserializeOwned + PartialEq + std::fmt::Debug>(
    text: &str,
    read: &Result<Vec<F>, WireError>,
) {
    let theirs = if text.trim_start().starts_with('[') {
        serde_json::from_str::<Vec<F>>(text)
    } else {
        serde_json::from_str::<F>(text).map(|frame| vec![frame])
    };
    match (read, theirs) {
        // As below, within a command, which is refused by its id.
        (Ok(_), Ok(_)) if has_refused(text, serde_is_laxer) => {}
        (Ok(ours), Ok(theirs)) => assert_eq!(ours, &theirs, "{text}"),
        (Err(_), Err(_)) => {}
        (Err(e), Ok(_)) if serde_is_laxer(e) => {}
        // The wire has limits that serde does not know.
        (Err(e), Ok(_))
            if matches!(e.code, Code::FrameTooLarge | Code::FrameTooDeep | Code::BatchTooLong) => {}
        // A command that is wrong is refused by its id; serde knows frames only.
        (Ok(_), Err(_)) if has_refused(text, |_| true) => {}
        // What is passed over need only be JSON, which sets numbers no bounds.
        (Ok(_), Err(e)) if e.to_string().contains("number out of range") => {}
        (ours, theirs) => panic!("{text}\nours: {ours:?}\nserde's: {theirs:?}"),
    }
}

/// serde's readers take arrays for structs, and numbers for the names of variants, and do not see a field twice where it is flattened; nobody sends that.
fn serde_is_laxer(error: &WireError) -> bool {
    ["must be an object", "type` must be a text", "stands there twice"]
        .iter()
        .any(|what| error.message.contains(what))
}

fn has_refused(text: &str, by: impl Fn(&WireError) -> bool) -> bool {
    let refused = |frame: &ClientFrame| matches!(frame, ClientFrame::Refused { error, .. } if by(error));
    text.contains("command") && decode_client(text).is_ok_and(|frames| frames.iter().any(refused))
}

/// A client that reads only what it must takes what the whole reader takes, and makes the same of it.
fn agree_lean(text: &str, whole: &Result<Vec<ServerFrame>, WireError>) {
    let lean = lean::decode_server(text);
    let Ok(whole) = whole else { return };
    let lean = lean.unwrap_or_else(|e| panic!("{text}\nis taken whole, but: {e}"));
    for (lean, whole) in lean.iter().zip(whole) {
        match (lean, whole) {
            (
                lean::ServerFrame::Result { id, answer },
                ServerFrame::Result { id: of, answer: Answer::Ok(outcome) },
            ) => {
                assert_eq!(id, of);
                let same = |a: serde_json::Value, b: serde_json::Value| includes(&a, &b);
                let lean = serde_json::from_str(&answer.as_ref().unwrap().members().object()).unwrap();
                assert!(same(lean, serde_json::to_value(outcome).unwrap()), "{text}");
            }
            (lean::ServerFrame::Event { seq, .. }, ServerFrame::Event { seq: of, .. }) => assert_eq!(seq, of),
            (lean::ServerFrame::Welcome(welcome), ServerFrame::Welcome { session_id, snapshot, .. }) => {
                assert_eq!(&welcome.session_id, session_id);
                assert_eq!(welcome.snapshot.is_some(), snapshot.is_some());
            }
            _ => {}
        }
    }
}

/// Whether all of `small` is in `large`, which may have more.
fn includes(large: &serde_json::Value, small: &serde_json::Value) -> bool {
    match (large, small) {
        (serde_json::Value::Object(large), serde_json::Value::Object(small)) => {
            small.iter().all(|(key, value)| large.get(key).is_some_and(|found| includes(found, value)))
        }
        (serde_json::Value::Array(large), serde_json::Value::Array(small)) => {
            large.len() == small.len() && large.iter().zip(small).all(|(l, s)| includes(l, s))
        }
        (large, small) => {
            large == small
                || (large.is_number() && large.as_f64().map(|n| n as f32) == small.as_f64().map(|n| n as f32))
        }
    }
}

/// What the fuzz target in `fuzz/` checks as well.
fn check(text: &str) {
    agree(text, &decode_client(text));
    let server = decode_server(text);
    agree(text, &server);
    agree_lean(text, &server);
    let expected = |e: &WireError| {
        use Code::*;
        assert!(
            matches!(e.code, MalformedFrame | FrameTooLarge | FrameTooDeep | BatchTooLong | UnknownFrame),
            "{e}"
        );
        assert!(!e.message.is_empty());
    };
    match decode_client(text) {
        Ok(frames) => {
            for frame in frames {
                if let ClientFrame::Refused { error, .. } = &frame {
                    assert!(matches!(error.code, Code::InvalidField | Code::UnknownFrame), "{error}");
                    continue;
                }
                let written = encode(&frame).unwrap();
                // NaN can't be written, and floats of quality may lose a digit: the second reading is the fixed point.
                let once = decode_client(&written).unwrap();
                assert_eq!(encode(&once[0]).unwrap(), written);
            }
        }
        Err(e) => expected(&e),
    }
    match decode_server(text) {
        Ok(frames) => assert!(!frames.is_empty()),
        Err(e) => expected(&e),
    }
}

fn corpus() -> Vec<String> {
    let client = common::client_frames().into_iter().map(|(_, f)| encode(&f).unwrap());
    let server = common::server_frames().into_iter().map(|(_, f)| encode(&f).unwrap());
    client.chain(server).collect()
}

#[derive(Debug, Clone)]
enum Mutation {
    Replace(prop::sample::Index, u8),
    Remove(prop::sample::Index, prop::sample::Index),
    Insert(prop::sample::Index, String),
    Splice(prop::sample::Index, prop::sample::Index),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let piece = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "null",
        "-1",
        "1e999",
        "9007199254740993",
        "\\u0000",
        "\"type\":",
        "\u{202e}",
    ]);
    prop_oneof![
        (any::<prop::sample::Index>(), any::<u8>()).prop_map(|(i, b)| Mutation::Replace(i, b)),
        (any::<prop::sample::Index>(), any::<prop::sample::Index>())
            .prop_map(|(a, b)| Mutation::Remove(a, b)),
        (any::<prop::sample::Index>(), piece).prop_map(|(i, p)| Mutation::Insert(i, p.to_owned())),
        (any::<prop::sample::Index>(), any::<prop::sample::Index>())
            .prop_map(|(a, b)| Mutation::Splice(a, b)),
    ]
}

fn mutate(bytes: &mut Vec<u8>, mutation: &Mutation) {
    if bytes.is_empty() {
        return;
    }
    let len = bytes.len();
    match mutation {
        Mutation::Replace(i, b) => bytes[i.index(len)] = *b,
        Mutation::Remove(a, b) => {
            let (a, b) = (a.index(len), b.index(len));
            bytes.drain(a.min(b)..a.max(b));
        }
        Mutation::Insert(i, text) => {
            let at = i.index(len);
            bytes.splice(at..at, text.bytes());
        }
        Mutation::Splice(a, b) => {
            let (a, b) = (a.index(len), b.index(len));
            let copy = bytes[a.min(b)..a.max(b)].to_vec();
            bytes.splice(a..a, copy);
        }
    }
}

/// `PROPTEST_CASES=400000` looks longer.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(4000)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutated_frames_are_read_or_refused_with_a_code(
        pick in any::<prop::sample::Index>(),
        mutations in prop::collection::vec(mutation(), 1..6),
    ) {
        let corpus = corpus();
        let mut bytes = corpus[pick.index(corpus.len())].clone().into_bytes();
        for m in &mutations {
            mutate(&mut bytes, m);
        }
        check(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_text_is_read_or_refused_with_a_code(text in "\\PC{0,200}") {
        check(&text);
    }
}
