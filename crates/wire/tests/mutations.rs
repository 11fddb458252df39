//! The decoder against what nobody meant to send: the fuzz target's own function, run over mutated fixtures by proptest.

#![allow(clippy::unwrap_used, reason = "a test says by panicking what is wrong")]

mod common;

use jackfield_wire::{Code, WireError, decode_client, decode_server, encode};
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
        (Ok(ours), Ok(theirs)) => assert_eq!(ours, &theirs, "{text}"),
        (Err(_), Err(_)) => {}
        // serde's readers take arrays for structs, and numbers for the names of variants; nobody sends that.
        (Err(e), Ok(_)) if e.message.contains("must be an object") => {}
        (Err(e), Ok(_)) if e.message.contains("type` must be a text") => {}
        // … nor see a field twice where it is flattened.
        (Err(e), Ok(_)) if e.message.contains("stands there twice") => {}
        // The wire has limits that serde does not know.
        (Err(e), Ok(_))
            if matches!(e.code, Code::FrameTooLarge | Code::FrameTooDeep | Code::BatchTooLong) => {}
        // What is passed over need only be JSON, which sets numbers no bounds.
        (Ok(_), Err(e)) if e.to_string().contains("number out of range") => {}
        (ours, theirs) => panic!("{text}\nours: {ours:?}\nserde's: {theirs:?}"),
    }
}

/// What the fuzz target in `fuzz/` checks as well.
fn check(text: &str) {
    agree(text, &decode_client(text));
    agree(text, &decode_server(text));
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
