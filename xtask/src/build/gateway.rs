//! The gateway's binary, and the native programs of the benches.

use std::path::PathBuf;

use crate::problem::Outcome;
use crate::shell;
use crate::workspace::Workspace;

/// Builds the release gateway. Demo, tests and benches all use this one build, so its many crates compile once.
///
/// # Errors
/// When it does not compile.
pub(crate) fn build(workspace: &Workspace) -> Outcome<()> {
    shell::note("build", "gateway");
    let mut cargo = workspace.cargo();
    cargo.args(["build", "--release", "--package", "jackfield-gateway"]);
    shell::run(&mut cargo, "building the gateway", "see the compiler's messages above")
}

/// Builds the client that opens thousands of sessions for `bench sessions`, and returns its path.
///
/// # Errors
/// When it does not compile.
pub(crate) fn build_load(workspace: &Workspace) -> Outcome<PathBuf> {
    shell::note("build", "load client");
    let mut cargo = workspace.cargo();
    cargo.args(["build", "--release", "--package", "jackfield-load"]);
    shell::run(&mut cargo, "building the load client", "see the compiler's messages above")?;
    Ok(workspace.target("release").join(format!("jackfield-load{}", std::env::consts::EXE_SUFFIX)))
}

/// Builds a native bench, which is an example of its package, and returns its path.
///
/// # Errors
/// When it does not compile.
pub(crate) fn build_bench(workspace: &Workspace, package: &str, example: &str) -> Outcome<PathBuf> {
    shell::note("build", format_args!("bench program {example}"));
    let mut cargo = workspace.cargo();
    cargo.args(["build", "--release", "--package", package, "--example", example]);
    shell::run(&mut cargo, "building the bench's program", "see the compiler's messages above")?;
    Ok(workspace.target("release").join(format!("examples/{example}{}", std::env::consts::EXE_SUFFIX)))
}
