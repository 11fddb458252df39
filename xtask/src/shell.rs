//! Running other programs.

use std::io::ErrorKind;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use crate::problem::{Outcome, Problem};

/// Tells on stderr what is being done: a fixed first column, then free text.
pub(crate) fn note(task: &str, text: impl std::fmt::Display) {
    eprintln!("{task:>9}  {text}");
}

/// Runs a program to its end with its output on stderr.
///
/// `what` names the step, for the one line that is shown when it fails; `remedy` says what to do then.
pub(crate) fn run(command: &mut Command, what: &str, remedy: &str) -> Outcome<()> {
    // stdout is for results only: a tool's chatter would spoil `--json`.
    let status = command.stdin(Stdio::null()).stdout(std::io::stderr()).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Problem::with_remedy(format!("{what} failed ({status})"), remedy)),
        Err(reason) => Err(not_started(command, what, &reason, remedy)),
    }
}

/// Runs a program and returns what it printed; a failure shows the last line of its stderr.
pub(crate) fn capture(command: &mut Command, what: &str, remedy: &str) -> Outcome<String> {
    match command.stdin(Stdio::null()).output() {
        Ok(output) if output.status.success() => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        Ok(output) => Err(Problem::with_remedy(format!("{what} failed: {}", last_line(&output)), remedy)),
        Err(reason) => Err(not_started(command, what, &reason, remedy)),
    }
}

/// Whether the program can be started and ends well. Its output is dropped.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}

/// The full path of a program, if it is on the search path.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|candidate| candidate.is_file())
}

/// Takes away what an outer cargo or rustup set, so that another toolchain's cargo is not led astray.
pub(crate) fn forget_cargo(command: &mut Command) -> &mut Command {
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        let cargos = text.starts_with("CARGO_") && text != "CARGO_HOME" && !text.starts_with("CARGO_NET");
        let settings = ["RUSTFLAGS", "RUSTC", "RUSTC_WRAPPER", "RUSTUP_TOOLCHAIN", "LD_LIBRARY_PATH"];
        if (cargos && !text.starts_with("CARGO_HTTP")) || settings.contains(&text.as_ref()) {
            command.env_remove(&name);
        }
    }
    command
}

fn not_started(command: &Command, what: &str, reason: &std::io::Error, remedy: &str) -> Problem {
    let program = command.get_program().to_string_lossy();
    match reason.kind() {
        ErrorKind::NotFound => Problem::with_remedy(format!("{what}: `{program}` is missing"), remedy),
        _ => Problem::with_remedy(format!("{what}: `{program}` could not be started: {reason}"), remedy),
    }
}

fn last_line(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr);
    let last = text.lines().rev().find(|line| !line.trim().is_empty());
    last.map_or_else(|| output.status.to_string(), |line| line.trim().to_owned())
}
