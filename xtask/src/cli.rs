//! The command line.

use std::ffi::OsString;
use std::num::NonZeroU16;
use std::path::PathBuf;

use lexopt::prelude::*;

use crate::build::Gateway;
use crate::problem::{Outcome, Problem};

/// What `cargo xtask --help` prints.
pub(crate) const USAGE: &str = "\
usage: cargo xtask TASK

  setup                         the wasm target, Chromium and the npm parts; quick when all is there
  build                         the npm package, the demo pages and the gateway (release)
  demo [--port N] [--data DIR]  build, then run a gateway with a demo tenant (port 8080, data in target/demo)
  test [LAYER…] [--release]     unit, sim, wire, browser, packaging, interop, faults; none: all of them
                                --release: against the gateway that ships, which takes minutes to build
  bench [NAME…] [--json]        connect, voice, events, sessions, media, replay; none: all of them
  size [--json]                 the bytes that a page loads

Environment: JACKFIELD_WASM=target|debian|rustup forces one source of the wasm target;
CHROMIUM=PATH names the browser for tests and benches.";

/// The task that was asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Task {
    /// Print the usage.
    Help,
    /// Install what the other tasks need.
    Setup,
    /// Build everything that ships.
    Build,
    /// Run the demo.
    Demo(DemoOptions),
    /// Run tests.
    Test {
        /// The layers by name; none means all.
        layers: Vec<String>,
        /// Which build of the gateway they run.
        gateway: Gateway,
    },
    /// Run the named benches, or all.
    Bench {
        /// The benches by name; none means all.
        names: Vec<String>,
        /// One JSON object a line instead of a table.
        json: bool,
    },
    /// Measure what a page loads.
    Size {
        /// One JSON object a line instead of a table.
        json: bool,
    },
}

/// Where the demo listens and keeps its data.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct DemoOptions {
    /// TCP port on the loopback interface.
    pub(crate) port: u16,
    /// The folder of the SQLite file; `target/demo` unless given.
    pub(crate) data: Option<PathBuf>,
}

/// Reads the command line, whose first item is the program's own name.
///
/// Fails with the offending word and a hint at `--help`.
pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Outcome<Task> {
    let mut parser = lexopt::Parser::from_iter(arguments);
    match parser.next().map_err(usage)? {
        None | Some(Short('h') | Long("help")) => Ok(Task::Help),
        Some(Value(word)) => parse_task(&word.to_string_lossy(), &mut parser),
        Some(other) => Err(usage(other.unexpected())),
    }
}

fn parse_task(word: &str, parser: &mut lexopt::Parser) -> Outcome<Task> {
    match word {
        "help" => Ok(Task::Help),
        "setup" => nothing_more(parser, Task::Setup),
        "build" => nothing_more(parser, Task::Build),
        "demo" => parse_demo(parser),
        "test" => {
            let (layers, release) = parse_names(parser, "release")?;
            Ok(Task::Test { layers, gateway: if release { Gateway::Release } else { Gateway::Checked } })
        }
        "bench" => {
            let (names, json) = parse_names(parser, "json")?;
            Ok(Task::Bench { names, json })
        }
        "size" => match parse_names(parser, "json")? {
            (names, json) if names.is_empty() => Ok(Task::Size { json }),
            (names, _) => Err(usage(format!("unexpected argument {:?}", names[0]))),
        },
        other => Err(usage(format!("no task is called {other:?}"))),
    }
}

fn nothing_more(parser: &mut lexopt::Parser, task: Task) -> Outcome<Task> {
    match parser.next().map_err(usage)? {
        None => Ok(task),
        Some(Short('h') | Long("help")) => Ok(Task::Help),
        Some(other) => Err(usage(other.unexpected())),
    }
}

fn parse_demo(parser: &mut lexopt::Parser) -> Outcome<Task> {
    let mut options = DemoOptions { port: 8080, data: None };
    while let Some(argument) = parser.next().map_err(usage)? {
        match argument {
            Long("port") => {
                let port: NonZeroU16 = parser.value().map_err(usage)?.parse().map_err(|_| bad_port())?;
                options.port = port.get();
            }
            Long("data") => options.data = Some(parser.value().map_err(usage)?.into()),
            Short('h') | Long("help") => return Ok(Task::Help),
            other => return Err(usage(other.unexpected())),
        }
    }
    Ok(Task::Demo(options))
}

/// Names, and whether the one switch was among them that the task knows.
fn parse_names(parser: &mut lexopt::Parser, switch: &str) -> Outcome<(Vec<String>, bool)> {
    let mut names = Vec::new();
    let mut is_on = false;
    while let Some(argument) = parser.next().map_err(usage)? {
        match argument {
            Value(name) => names.push(name.to_string_lossy().into_owned()),
            Long(name) if name == switch => is_on = true,
            other => return Err(usage(other.unexpected())),
        }
    }
    Ok((names, is_on))
}

fn bad_port() -> Problem {
    Problem::with_remedy("--port is no port number", "cargo xtask demo --port 8081 (1 to 65535)")
}

fn usage(reason: impl std::fmt::Display) -> Problem {
    Problem::with_remedy(reason.to_string(), "cargo xtask --help")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Outcome<Task> {
        let words = std::iter::once("xtask").chain(line.split_whitespace());
        parse(words.map(OsString::from))
    }

    #[test]
    fn reads_every_task() {
        let demo = |port, data: Option<&str>| Task::Demo(DemoOptions { port, data: data.map(PathBuf::from) });
        let test = |layers: &[&str], gateway| Task::Test {
            layers: layers.iter().map(ToString::to_string).collect(),
            gateway,
        };
        let bench = |names: &[&str], json| Task::Bench {
            names: names.iter().map(ToString::to_string).collect(),
            json,
        };
        let cases = [
            ("", Task::Help),
            ("--help", Task::Help),
            ("setup", Task::Setup),
            ("build", Task::Build),
            ("demo", demo(8080, None)),
            ("demo --port 9000 --data here", demo(9000, Some("here"))),
            ("test", test(&[], Gateway::Checked)),
            ("test unit wire", test(&["unit", "wire"], Gateway::Checked)),
            ("test browser --release", test(&["browser"], Gateway::Release)),
            ("bench", bench(&[], false)),
            ("bench voice --json", bench(&["voice"], true)),
            ("bench --json voice", bench(&["voice"], true)),
            ("size --json", Task::Size { json: true }),
        ];
        for (line, expected) in cases {
            assert_eq!(read(line).unwrap(), expected, "{line}");
        }
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        for line in [
            "dance",
            "demo --port",
            "demo --port 70000",
            "demo --port 0",
            "setup now",
            "size big",
            "test --json",
            "bench --release",
            "--fast",
        ] {
            assert!(read(line).is_err(), "{line}");
        }
    }
}
