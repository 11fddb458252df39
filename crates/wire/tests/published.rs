//! What is published of the wire is what the types say: the JSON Schema, the table of errors, and the codes' type for TypeScript.
//! `UPDATE=1 cargo test -p jackfield-wire --features schema --test published` writes them anew.
#![cfg(feature = "schema")]
#![allow(clippy::unwrap_used, reason = "a test says by panicking what is wrong")]

use jackfield_wire::{Code, schema};
use std::{fs, path::PathBuf};

fn published(path: &str, expected: &str) {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").join(path);
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&file, expected).unwrap();
    }
    let found = fs::read_to_string(&file).unwrap_or_default();
    assert!(found == expected, "{path} is not what the types say; UPDATE=1 writes it anew");
}

#[test]
fn the_schema() {
    let text = serde_json::to_string_pretty(&schema::document()).unwrap();
    published("docs/wire.schema.json", &(text + "\n"));
}

#[test]
fn the_codes_for_typescript() {
    let names: Vec<String> = Code::ALL.iter().map(|code| format!("  | '{}'", code.name())).collect();
    let head =
        "/** Which error it is; docs/errors.md has the table. Written by a test of the wire's own crate. */";
    published("pkg/errors.d.ts", &format!("{head}\nexport type ErrorCode =\n{};\n", names.join("\n")));
}

#[test]
fn the_table_of_errors() {
    published("docs/errors.md", &table());
}

fn table() -> String {
    let mut text = String::from(
        "# Errors\n\nOne table, in the wire's own types; this page is written by a test. Programs match the name; numbers never change their meaning.\n\n\
         - *again*: the same may work when it is tried later, after `retryAfterMs` where that is given.\n\
         - *ends*: the session's connection ends with it, with this WebSocket close code.\n\
         - Codes from 4600 are found by the SDK itself and never sent.\n\n\
         | number | name | what happened | what to do | again | ends |\n|---|---|---|---|---|---|\n",
    );
    for code in Code::ALL {
        let info = code.info();
        let again = if info.retryable { "yes" } else { "" };
        let ends = match (info.fatal, info.close) {
            (true, Some(close)) => close.to_string(),
            (true, None) => "yes".to_owned(),
            (false, _) => String::new(),
        };
        let row = [&info.number.to_string(), code.name(), info.cause, info.remedy, again, &ends].join(" | ");
        text += &format!("| {row} |\n");
    }
    text
}
