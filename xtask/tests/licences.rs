//! What we build on: under which licences, and from where. A new licence or another source comes in only with thought.
#![allow(clippy::unwrap_used, reason = "a test may stop where it stands")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Licences (SPDX) that ask for no more than to be named.
const ALLOWED: [&str; 14] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BlueOak-1.0.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Whether an SPDX expression can be met by allowed licences alone. Some crates still write `/` for `OR`.
fn is_allowed(expression: &str) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    any_of(&words, &mut at) && at == words.len()
}

/// `AND` binds closer than `OR`.
fn any_of(words: &[&str], at: &mut usize) -> bool {
    let mut allowed = all_of(words, at);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        allowed |= all_of(words, at);
    }
    allowed
}

fn all_of(words: &[&str], at: &mut usize) -> bool {
    let mut allowed = one(words, at);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        allowed &= one(words, at);
    }
    allowed
}

fn one(words: &[&str], at: &mut usize) -> bool {
    let Some(&word) = words.get(*at) else { return false };
    *at += 1;
    if word == "(" {
        let allowed = any_of(words, at);
        *at += 1;
        return allowed && words.get(*at - 1) == Some(&")");
    }
    if words.get(*at) == Some(&"WITH") {
        *at += 2;
        let exception = words.get(*at - 1).copied().unwrap_or_default();
        return ALLOWED.contains(&format!("{word} WITH {exception}").as_str());
    }
    ALLOWED.contains(&word)
}

#[test]
fn every_crate_is_of_an_allowed_licence_and_from_the_registry() {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["metadata", "--locked", "--format-version", "1"]).current_dir(root());
    let output = cargo.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    assert!(packages.len() > 100, "only {} packages were found", packages.len());
    for package in packages {
        let (name, licence) = (&package["name"], package["license"].as_str().unwrap_or("none"));
        assert!(is_allowed(licence), "{name} has the licence {licence}, which nobody has thought about");
        let source = package["source"].as_str();
        assert!(source.is_none_or(|source| source == CRATES_IO), "{name} comes from {source:?}");
    }
}

/// Of what the pages are made. Parts of the tests are not looked at: nobody gets them.
#[test]
fn every_npm_part_is_of_an_allowed_licence() {
    let text = fs::read_to_string(root().join("www/package-lock.json")).unwrap();
    let lock: Value = serde_json::from_str(&text).unwrap();
    let packages = lock["packages"].as_object().unwrap();
    // Our own packages are linked and not installed.
    let others = packages.iter().filter(|(place, _)| place.contains("node_modules/"));
    let others: Vec<_> = others.filter(|(_, package)| package["link"] != true).collect();
    assert!(others.len() > 10, "only {} packages were found", others.len());
    for (place, package) in others {
        let licence = package["license"].as_str().unwrap_or("none");
        // A tool that only builds leaves nothing of itself in the pages.
        let tool = package["dev"] == true && licence == "MPL-2.0";
        assert!(
            is_allowed(licence) || tool,
            "{place} has the licence {licence}, which nobody has thought about"
        );
    }
}

#[test]
fn expressions_are_read_as_they_bind() {
    for good in [
        "MIT",
        "MIT/Apache-2.0",
        "GPL-3.0 OR MIT",
        "(MIT OR GPL-3.0) AND ISC",
        "Apache-2.0 WITH LLVM-exception",
    ] {
        assert!(is_allowed(good), "{good}");
    }
    for bad in [
        "",
        "GPL-3.0",
        "MIT AND GPL-3.0",
        "GPL-3.0 OR MIT AND GPL-3.0",
        "(MIT",
        "MIT MIT",
        "GPL-3.0 WITH LLVM-exception",
    ] {
        assert!(!is_allowed(bad), "{bad}");
    }
}
