//! Running one layer with cargo or node.

use std::io::{BufRead, BufReader};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use super::layers::Layer;
use super::tally::Tally;
use crate::build::Gateway;
use crate::problem::{Context, Outcome, Problem};
use crate::workspace::{TESTED, Workspace};
use crate::{build, setup, shell};

/// Root tests that are layers of their own, and so no part of `unit`.
const LAYER_TESTS: [&str; 5] = ["sim", "scale", "conformance", "wire", "faults"];

/// What layers need that run what was built.
pub(crate) struct Built {
    gateway: Gateway,
    chromium: PathBuf,
}

/// Sets up and builds what the layers need; nothing for layers that need no more than a compiler.
///
/// # Errors
/// When a set-up or a build fails.
pub(crate) fn prepare(workspace: &Workspace, layers: &[Layer], gateway: Gateway) -> Outcome<Option<Built>> {
    if !layers.iter().any(|layer| layer.needs_build() && layer.exists(workspace)) {
        return Ok(None);
    }
    let tools = setup::everything(workspace)?;
    build::with_gateway(workspace, &tools.build, gateway)?;
    Ok(Some(Built { gateway, chromium: tools.chromium }))
}

/// Runs one layer.
///
/// # Errors
/// When a runner can't be started. Failing tests are no error here: they are counted.
pub(crate) fn run(workspace: &Workspace, built: &Option<Built>, layer: Layer) -> Outcome<Tally> {
    let runner = Runner { workspace, built: built.as_ref() };
    if !layer.exists(workspace) {
        shell::note("test", format_args!("{}: none yet ({})", layer.name(), layer.place()));
        return Ok(if layer.is_required() { Tally::FAILURE } else { Tally::default() });
    }
    let tally = match layer {
        Layer::Unit => runner.unit()?,
        Layer::Sim => runner.simulations()?,
        Layer::Wire => runner.wire()?,
        Layer::Faults => runner.cargo_test(&["--test", "faults"])?,
        Layer::Packaging | Layer::Browser | Layer::Interop => runner.node_tests(layer)?,
    };
    if tally.is_empty() && layer.is_required() {
        shell::note("test", format_args!("{}: not a single test ran", layer.name()));
        return Ok(Tally::FAILURE);
    }
    Ok(tally)
}

struct Runner<'a> {
    workspace: &'a Workspace,
    built: Option<&'a Built>,
}

impl Runner<'_> {
    fn unit(&self) -> Outcome<Tally> {
        let mut total = self.check("format", &["fmt", "--all", "--check"], "cargo fmt --all");
        let lints = ["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"];
        total.add(&self.check("lints", &lints, "cargo clippy --workspace --all-targets"));
        total.add(&self.wasm_lints()?);
        let mut targets = vec!["--lib".to_owned(), "--bins".to_owned()];
        for name in self.other_tests()? {
            targets.extend(["--test".to_owned(), name]);
        }
        let targets: Vec<&str> = targets.iter().map(String::as_str).collect();
        total.add(&self.cargo_test(&targets)?);
        total.add(&self.cargo_test(&["--doc"])?);
        let mut own = self.cargo("test", &["--package", "xtask", "--no-fail-fast"]);
        total.add(&count(&mut own, Tally::read_cargo)?);
        Ok(total)
    }

    /// Lints the browser side, which the host's compiler never sees.
    fn wasm_lints(&self) -> Outcome<Tally> {
        let packages: Vec<&str> = build::wasm_packages(self.workspace).collect();
        if packages.is_empty() {
            return Ok(Tally::default());
        }
        let mut clippy = setup::for_wasm(self.workspace)?.clippy(self.workspace)?;
        packages.iter().for_each(|package| {
            clippy.args(["--package", package]);
        });
        clippy.args(["--lib", "--", "--deny", "warnings"]);
        Ok(passes("lints of the browser side", &mut clippy, "see the messages above"))
    }

    /// Integration tests that belong to no layer of their own.
    fn other_tests(&self) -> Outcome<Vec<String>> {
        let mut cargo = self.cargo("metadata", &["--no-deps", "--format-version", "1"]);
        let text = shell::capture(&mut cargo, "cargo metadata", "see the message")?;
        let metadata: Value = serde_json::from_str(&text).doing("read cargo's metadata")?;
        Ok(integration_tests(&metadata))
    }

    /// The whole dozen of the large simulation, where nobody asks for another number: a plain `cargo test` runs a few.
    fn simulations(&self) -> Outcome<Tally> {
        let mut cargo = self.cargo("test", &TESTED);
        cargo.args(["--no-fail-fast", "--test", "sim", "--test", "scale", "--test", "conformance"]);
        if std::env::var_os("JACKFIELD_SCALE_SEEDS").is_none() {
            cargo.env("JACKFIELD_SCALE_SEEDS", "12");
        }
        count(&mut cargo, Tally::read_cargo)
    }

    fn wire(&self) -> Outcome<Tally> {
        let mut cargo = self.cargo("test", &["--package", "jackfield-wire", "--no-fail-fast"]);
        let mut total = count(cargo.args(["--tests", "--all-features"]), Tally::read_cargo)?;
        if self.workspace.path("tests/wire.rs").is_file() {
            total.add(&self.cargo_test(&["--test", "wire"])?);
        }
        Ok(total)
    }

    fn node_tests(&self, layer: Layer) -> Outcome<Tally> {
        let files = test_files(&self.workspace.path(layer.place()))?;
        if files.is_empty() {
            return Ok(Tally::default());
        }
        let mut node = Command::new("node");
        node.args(["--test", &format!("--test-concurrency={}", at_once(layer)), "--test-reporter=spec"]);
        node.args(files);
        node.current_dir(self.workspace.path("tests"));
        count(self.with_environment(&mut node), Tally::read_node)
    }

    fn cargo_test(&self, targets: &[&str]) -> Outcome<Tally> {
        let mut cargo = self.cargo("test", &TESTED);
        count(cargo.arg("--no-fail-fast").args(targets), Tally::read_cargo)
    }

    fn check(&self, what: &str, arguments: &[&str], remedy: &str) -> Tally {
        passes(what, &mut self.cargo(arguments[0], &arguments[1..]), remedy)
    }

    fn cargo(&self, subcommand: &str, arguments: &[&str]) -> Command {
        let mut command = self.workspace.cargo();
        command.arg(subcommand).args(arguments);
        self.with_environment(&mut command);
        command
    }

    fn with_environment<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        match self.built {
            Some(built) => command.envs(self.workspace.test_environment(built.gateway, &built.chromium)),
            None => command,
        }
    }
}

/// A check that counts only when it fails: it is no test.
fn passes(what: &str, command: &mut Command, remedy: &str) -> Tally {
    match shell::run(command, what, remedy) {
        Ok(()) => Tally::default(),
        Err(problem) => {
            shell::note("test", problem);
            Tally::FAILURE
        }
    }
}

/// Runs a test runner, shows its lines on stderr as they come, and counts.
fn count(command: &mut Command, read: fn(&mut Tally, &str)) -> Outcome<Tally> {
    let program = command.get_program().to_string_lossy().into_owned();
    let running = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
    let mut child = running.doing(format_args!("start {program}"))?;
    let output = child.stdout.take().ok_or_else(|| Problem::new("the test runner has no stdout"))?;
    let mut tally = Tally::default();
    for line in BufReader::new(output).split(b'\n') {
        let line = line.doing(format_args!("read from {program}"))?;
        let line = String::from_utf8_lossy(&line);
        eprintln!("{line}");
        read(&mut tally, &line);
    }
    let status = child.wait().doing(format_args!("wait for {program}"))?;
    if !status.success() && tally.failed == 0 {
        // It did not compile, or a test took the whole process with it.
        tally.failed = 1;
    }
    Ok(tally)
}

/// How many files of a layer run side by side. A file of browser tests has its own browsers, gateways and ports, waits for a part of its time, and
/// asserts no times: one for each core and one for those that wait. The packaging tests share what was packed.
fn at_once(layer: Layer) -> usize {
    match layer {
        Layer::Browser => std::thread::available_parallelism().map_or(1, NonZeroUsize::get).min(4) + 1,
        _ => 1,
    }
}

fn integration_tests(metadata: &Value) -> Vec<String> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let mut names = Vec::new();
    for package in list(&metadata["packages"]) {
        let own_layer =
            ["jackfield-wire", "xtask", "jackfield-bindgen"].iter().any(|name| package["name"] == *name);
        for target in list(&package["targets"]) {
            let name = target["name"].as_str().unwrap_or_default();
            let is_test = list(&target["kind"]).iter().any(|kind| kind == "test");
            if is_test && !own_layer && !LAYER_TESTS.contains(&name) {
                names.push(name.to_owned());
            }
        }
    }
    names
}

fn test_files(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).doing(format_args!("list {}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|file| file.to_string_lossy().ends_with(".test.mjs"));
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unit_takes_integration_tests_without_a_layer() {
        let package = |name: &str, tests: &[&str]| {
            let tests = tests.iter().map(|test| serde_json::json!({"name": test, "kind": ["test"]}));
            let library = serde_json::json!({"name": name, "kind": ["lib"]});
            serde_json::json!({"name": name, "targets": tests.chain([library]).collect::<Vec<_>>()})
        };
        let packages = [
            package("jackfield", &["sim", "scale", "conformance", "faults", "doors"]),
            package("jackfield-gateway", &["journal"]),
            package("jackfield-wire", &["fixtures"]),
            package("xtask", &["dependencies"]),
        ];
        assert_eq!(integration_tests(&serde_json::json!({ "packages": packages })), ["doors", "journal"]);
    }

    #[test]
    fn a_runner_that_dies_counts_as_a_failure() {
        let died = count(Command::new("sh").args(["-c", "exit 3"]), Tally::read_cargo).unwrap();
        assert_eq!(died, Tally::FAILURE);
        let line = "test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out";
        let passed =
            count(Command::new("sh").args(["-c", &format!("echo '{line}'")]), Tally::read_cargo).unwrap();
        assert_eq!(passed, Tally { passed: 2, failed: 0, skipped: 0 });
    }
}
