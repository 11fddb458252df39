//! The direction of dependencies that ARCHITECTURE.md draws, checked against cargo's metadata and the sources.
#![allow(clippy::unwrap_used, reason = "a test may stop where it stands")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Which packages of this workspace each package may use. A new package has to be added here, with thought.
const MAY_USE: [(&str, &[&str]); 10] = [
    ("jackfield-wire", &[]),
    ("jackfield", &["jackfield-wire"]),
    ("jackfield-exchange", &["jackfield-wire"]),
    ("jackfield-emulator", &["jackfield-wire", "jackfield-exchange"]),
    ("jackfield-media", &[]),
    ("jackfield-audio", &[]),
    ("jackfield-gateway", &["jackfield-wire", "jackfield-exchange", "jackfield-media"]),
    // A client of the gateway, for benches.
    ("jackfield-load", &["jackfield-wire"]),
    ("xtask", &[]),
    ("jackfield-bindgen", &[]),
];

/// Packages from elsewhere that only the named ones of ours may use.
const ONLY_FOR: [(&[&str], &[&str]); 4] = [
    (&["axum", "rusqlite", "tokio-postgres", "async-nats"], &["jackfield-gateway"]),
    (&["str0m"], &["jackfield-media"]),
    (&["nnnoiseless"], &["jackfield-audio"]),
    (
        &["wasm-bindgen", "wasm-bindgen-futures", "web-sys", "js-sys", "gloo-net", "gloo-timers"],
        &["jackfield", "jackfield-emulator", "jackfield-audio"],
    ),
];

/// Names that must not appear in a part of the sources.
struct Ban {
    places: &'static [&'static str],
    except: &'static [&'static str],
    names: &'static [&'static str],
    why: &'static str,
}

const BANS: [Ban; 3] = [
    Ban {
        places: &["src", "crates"],
        // The emulator and the worklet are wasm files of their own, with exports of their own.
        except: &["src/web", "crates/emulator", "crates/audio/src/worklet.rs"],
        names: &["wasm_bindgen", "web_sys", "js_sys", "gloo_net", "gloo_timers"],
        why: "only src/web speaks to the browser",
    },
    Ban {
        places: &["crates/wire/src", "crates/exchange/src", "src/engine"],
        except: &[],
        names: &[
            "Instant",
            "SystemTime",
            "rand",
            "getrandom",
            "tokio",
            "std::thread",
            "TcpStream",
            "UdpSocket",
        ],
        why: "time, chance and I/O come in as arguments",
    },
    Ban {
        places: &["crates/wire/src", "crates/exchange/src", "src/engine"],
        except: &[],
        names: &["target_arch", "target_os", "target_family", "target_env"],
        why: "the rules are the same on every machine",
    },
];

#[test]
fn packages_depend_in_the_drawn_direction() {
    let packages = packages();
    let ours: Vec<&str> = packages.iter().map(|package| package.name.as_str()).collect();
    for package in &packages {
        let allowed = MAY_USE.iter().find(|(name, _)| *name == package.name);
        let (_, allowed) = allowed.unwrap_or_else(|| panic!("add {} to MAY_USE", package.name));
        for used in package.uses.iter().filter(|used| ours.contains(&used.as_str())) {
            assert!(allowed.contains(&used.as_str()), "{} must not depend on {used}", package.name);
        }
    }
}

#[test]
fn heavy_dependencies_stay_where_they_belong() {
    for package in packages() {
        for (names, allowed) in ONLY_FOR {
            for used in package.uses.iter().filter(|used| names.contains(&used.as_str())) {
                assert!(
                    allowed.contains(&package.name.as_str()),
                    "{} must not depend on {used}",
                    package.name
                );
            }
        }
    }
}

#[test]
fn sources_name_only_what_they_may() {
    for ban in BANS {
        for place in ban.places {
            let files = files_below(&root().join(place), &["rs"]);
            for file in files.iter().filter(|file| !is_excepted(file, ban.except)) {
                let text = fs::read_to_string(file).unwrap();
                let found = ban.names.iter().find(|name| names(&text, name));
                assert!(found.is_none(), "{} names {}: {}", file.display(), found.unwrap(), ban.why);
            }
        }
    }
}

#[test]
fn pages_and_examples_use_the_package_by_its_name() {
    for place in ["www", "examples"] {
        for file in
            files_below(&root().join(place), &["ts", "tsx", "js", "jsx", "mjs", "html", "vue", "svelte"])
        {
            let text = fs::read_to_string(&file).unwrap();
            let inner = text.lines().find(|line| imports_inner_files(line));
            assert!(inner.is_none(), "{}: {}", file.display(), inner.unwrap());
        }
    }
}

#[test]
fn the_scanners_see_what_they_look_for() {
    assert!(names("use std::time::Instant;", "Instant"));
    assert!(names("let now = std::time::Instant::now();", "Instant"));
    assert!(names("#[cfg(target_arch = \"wasm32\")]", "target_arch"));
    assert!(!names("// The Instant of the caller.", "Instant"));
    assert!(!names("/// Not an `Instant`.\nstruct Instants;", "Instant"));
    assert!(!names("let operand = random_seed;", "rand"));
    assert!(names("rand::random()", "rand"));
    assert!(names("std::thread::sleep(pause)", "std::thread"));
    assert!(!names("a thread of messages", "std::thread"));
    assert!(imports_inner_files("import { x } from '../../pkg/dist/jackfield.js';"));
    assert!(imports_inner_files("const m = await import(\"jackfield/dist/jackfield_bg.wasm\");"));
    assert!(!imports_inner_files("import { connect } from \"jackfield\";"));
    assert!(!files_below(&root().join("src"), &["rs"]).is_empty());
}

struct Package {
    name: String,
    /// What it is linked with; not what only its tests or its build script use.
    uses: Vec<String>,
}

fn packages() -> Vec<Package> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .current_dir(root())
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"].as_array().unwrap().iter().map(read_package).collect()
}

fn read_package(package: &Value) -> Package {
    let linked =
        package["dependencies"].as_array().unwrap().iter().filter(|dependency| dependency["kind"].is_null());
    let name = |value: &Value| value["name"].as_str().unwrap().to_owned();
    Package { name: name(package), uses: linked.map(name).collect() }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn is_excepted(file: &Path, except: &[&str]) -> bool {
    except.iter().any(|place| file.starts_with(root().join(place)))
}

fn files_below(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut found = Vec::new();
    for path in entries.map(|entry| entry.unwrap().path()) {
        let name = path.file_name().unwrap_or_default();
        if path.is_dir() && !["node_modules", "dist", "target"].iter().any(|skipped| name == *skipped) {
            found.extend(files_below(&path, endings));
        } else if path.extension().is_some_and(|ending| endings.iter().any(|wanted| ending == *wanted)) {
            found.push(path);
        }
    }
    found
}

/// Whether the code, comments apart, has `name`, a word or a path, with no letter or digit on either side.
fn names(text: &str, name: &str) -> bool {
    let is_word = |character: char| character.is_alphanumeric() || character == '_';
    let stands_alone =
        |(before, after): (&str, &str)| !before.ends_with(is_word) && !after.starts_with(is_word);
    let code = text.lines().map(|line| line.split("//").next().unwrap_or_default());
    code.into_iter().any(|line| {
        let mut found = line.match_indices(name);
        found.any(|(at, _)| stands_alone((&line[..at], &line[at + name.len()..])))
    })
}

/// Whether a line imports a file of the package rather than the package.
fn imports_inner_files(line: &str) -> bool {
    let imports = line.contains("import") || line.contains(" from ") || line.contains("src=");
    let quoted = line.split(['"', '\'', '`']).skip(1).step_by(2);
    imports
        && quoted
            .into_iter()
            .any(|text| ["pkg/", "jackfield/dist", "jackfield_bg"].iter().any(|inner| text.contains(inner)))
}
