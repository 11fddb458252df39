//! The benches, each of which prints one JSON object a line: `tests/bench/NAME.mjs`, and native programs that are examples of their packages.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::problem::{Context, Outcome, Problem};
use crate::workspace::Workspace;
use crate::{build, setup, shell};

/// Those with a script for node, which need the pages and the gateway, and most a browser.
const SCRIPTS: [&str; 4] = ["connect", "voice", "events", "sessions"];

/// Those that need nothing but themselves: the bench's name, and the package and example that it is.
const NATIVE: [(&str, &str, &str); 3] = [
    ("media", "jackfield-media", "forward"),
    ("replay", "jackfield-gateway", "replay"),
    ("routing", "jackfield-exchange", "routing"),
];

/// Builds, runs the named benches or all of them, and prints their figures.
///
/// # Errors
/// When a name is unknown, a build fails, a bench fails, or one prints no figure.
pub(crate) fn run(workspace: &Workspace, names: &[String], json: bool) -> Outcome<()> {
    let names: Vec<&str> = if names.is_empty() { all().collect() } else { known(names)? };
    let scripts: Vec<&str> = names.iter().copied().filter(|name| SCRIPTS.contains(name)).collect();
    if !scripts.is_empty() {
        run_scripts(workspace, &scripts, json)?;
    }
    for (name, package, example) in NATIVE.into_iter().filter(|(name, ..)| names.contains(name)) {
        let mut program = Command::new(build::bench_program(workspace, package, example)?);
        // Where a bench keeps what takes long to make.
        program.env("JACKFIELD_BENCH_DIR", workspace.target("bench").join(name));
        run_one(name, &mut program, json)?;
    }
    Ok(())
}

fn run_scripts(workspace: &Workspace, names: &[&str], json: bool) -> Outcome<()> {
    let tools = setup::everything(workspace)?;
    build::everything(workspace, &tools.build)?;
    let load = if names.contains(&"sessions") { Some(build::load_client(workspace)?) } else { None };
    for name in names {
        let mut node = Command::new("node");
        node.envs(load.iter().map(|path| ("JACKFIELD_LOAD", path)));
        node.arg(workspace.path(format!("tests/bench/{name}.mjs")));
        node.envs(workspace.test_environment(build::Gateway::Release, &tools.chromium));
        run_one(name, &mut node, json)?;
    }
    Ok(())
}

/// Prints one figure: the object itself, or a line of a table.
///
/// # Errors
/// When stdout is closed.
pub(crate) fn show(figure: &Value, json: bool) -> Outcome<()> {
    let line = if json { figure.to_string() } else { table_line(figure) };
    writeln!(std::io::stdout(), "{line}").doing("print a figure")
}

fn all() -> impl Iterator<Item = &'static str> {
    SCRIPTS.into_iter().chain(NATIVE.into_iter().map(|(name, ..)| name))
}

fn known(names: &[String]) -> Outcome<Vec<&str>> {
    let check = |name: &String| {
        let found = all().find(|known| known == name);
        let remedy = format!("cargo xtask bench {}", all().collect::<Vec<_>>().join("|"));
        found.ok_or_else(|| Problem::with_remedy(format!("no bench is called {name:?}"), remedy))
    };
    names.iter().map(check).collect()
}

fn run_one(name: &str, program: &mut Command, json: bool) -> Outcome<()> {
    shell::note("bench", name);
    let spawned = program.stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
    let mut child = spawned.doing(format_args!("start the bench {name}"))?;
    let output = child.stdout.take().ok_or_else(|| Problem::new("the bench has no stdout"))?;
    let mut figures = 0;
    for line in BufReader::new(output).lines() {
        let line = line.doing(format_args!("read from the bench {name}"))?;
        match as_figure(&line) {
            Some(figure) => {
                figures += 1;
                show(&figure, json)?;
            }
            None => eprintln!("{line}"),
        }
    }
    let status = child.wait().doing("wait for the bench")?;
    match (status.success(), figures) {
        (true, 1..) => Ok(()),
        (true, _) => Err(Problem::new(format!("the bench {name} printed no figure"))),
        (false, _) => Err(Problem::with_remedy(format!("the bench {name} failed ({status})"), "see above")),
    }
}

/// A line that is a JSON object with a `name`.
fn as_figure(line: &str) -> Option<Value> {
    serde_json::from_str::<Value>(line).ok().filter(|value| value["name"].is_string())
}

fn table_line(figure: &Value) -> String {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let mut line =
        format!("{:<28} {:>12} {}", text(&figure["name"]), text(&figure["value"]), text(&figure["unit"]));
    if !figure["runs"].is_null() {
        line.push_str(&format!("  ({} runs)", figure["runs"]));
    }
    if let Some(peer) = figure["peer"].as_object() {
        let parts: Vec<String> = peer.values().map(text).collect();
        line.push_str(&format!("  beside {}", parts.join(" ")));
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_figures_from_chatter() {
        assert!(as_figure(r#"{"name":"x_ms","value":1.5,"unit":"ms","runs":20}"#).is_some());
        for chatter in ["", "12", "starting", "{}", r#"["name"]"#] {
            assert!(as_figure(chatter).is_none(), "{chatter}");
        }
    }

    #[test]
    fn shows_a_figure_as_a_line() {
        let figure = as_figure(
            r#"{"name":"x_ms","value":1.5,"unit":"ms","runs":20,"peer":{"name":"Other","value":3}}"#,
        );
        let line = table_line(&figure.unwrap());
        for part in ["x_ms", "1.5 ms", "(20 runs)", "beside Other 3"] {
            assert!(line.contains(part), "{line}");
        }
    }

    #[test]
    fn unknown_benches_are_refused() {
        assert!(known(&["voice".into(), "media".into()]).is_ok());
        assert!(known(&["voice".into(), "speed".into()]).unwrap_err().to_string().contains("speed"));
    }
}
