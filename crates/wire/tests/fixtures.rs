//! One fixture per frame. A fixture is never changed: a client of the field may have sent it. A new variant gets a new file
//! (`UPDATE=1 cargo test -p jackfield-wire --test fixtures` writes those that are missing).

#![allow(clippy::unwrap_used, reason = "a test says by panicking what is wrong")]

mod common;

use jackfield_wire::{decode_client, decode_server, encode};
use serde::Serialize;
use std::{collections::BTreeSet, fs, path::PathBuf};

fn folder(side: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(side)
}

fn fixture<F: Serialize>(side: &str, name: &str, frame: &F) -> String {
    let path = folder(side).join(format!("{name}.json"));
    if std::env::var_os("UPDATE").is_some() && !path.exists() {
        let pretty = serde_json::to_string_pretty(frame).unwrap();
        fs::write(&path, pretty + "\n").unwrap();
    }
    fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}; UPDATE=1 writes it", path.display()))
}

fn files(side: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(folder(side)).unwrap();
    entries.map(|e| e.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned()).collect()
}

#[test]
fn every_client_frame_reads_and_writes_as_its_fixture() {
    let frames = common::client_frames();
    for (name, frame) in &frames {
        let text = fixture("client", name, frame);
        assert_eq!(&decode_client(&text).unwrap(), std::slice::from_ref(frame), "{name}");
        let again = decode_client(&encode(frame).unwrap()).unwrap();
        assert_eq!(&again, std::slice::from_ref(frame), "{name}");
    }
    assert_eq!(
        files("client"),
        frames.into_iter().map(|(n, _)| n).collect::<BTreeSet<_>>(),
        "old fixtures keep decoding"
    );
}

#[test]
fn every_server_frame_reads_and_writes_as_its_fixture() {
    let frames = common::server_frames();
    for (name, frame) in &frames {
        let text = fixture("server", name, frame);
        assert_eq!(&decode_server(&text).unwrap(), std::slice::from_ref(frame), "{name}");
        let again = decode_server(&encode(frame).unwrap()).unwrap();
        assert_eq!(&again, std::slice::from_ref(frame), "{name}");
    }
    assert_eq!(
        files("server"),
        frames.into_iter().map(|(n, _)| n).collect::<BTreeSet<_>>(),
        "old fixtures keep decoding"
    );
}

/// The schema lists every variant; a variant without a sample would be one that nothing here tests.
#[cfg(feature = "schema")]
#[test]
fn no_variant_is_without_a_sample() {
    let tags = |text: &str| -> BTreeSet<String> {
        text.split("\"const\":\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
    };
    let document = jackfield_wire::schema::document();
    let schema = tags(&document["clientFrame"].to_string())
        .into_iter()
        .chain(tags(&document["serverFrame"].to_string()));
    let written: String = common::client_frames().iter().map(|(_, f)| encode(f).unwrap()).collect::<String>()
        + &common::server_frames().iter().map(|(_, f)| encode(f).unwrap()).collect::<String>();
    let words: BTreeSet<&str> = written.split('"').collect();
    for tag in schema {
        let is_unknown = tag == "unknown";
        let is_value = jackfield_wire::Code::from_name(&tag).is_some() || is_word_value(&document, &tag);
        assert!(is_unknown || is_value || words.contains(tag.as_str()), "{tag} has no sample");
    }
}

/// Values of plain word enums (`customerLost`, `away` …) need no frame of their own.
#[cfg(feature = "schema")]
fn is_word_value(document: &serde_json::Value, tag: &str) -> bool {
    ["clientFrame", "serverFrame"].iter().any(|side| {
        let Some(defs) = document[side]["$defs"].as_object() else { return false };
        defs.values().filter_map(|d| d["oneOf"].as_array()).flatten().any(|v| v["const"] == tag)
    })
}
