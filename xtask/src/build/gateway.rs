//! The gateway's binary in its two builds, and the native programs of the benches.

use std::path::PathBuf;

use crate::problem::Outcome;
use crate::shell;
use crate::workspace::{TESTED, Workspace};

/// Which build of the gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gateway {
    /// What ships: for the demo and the benches, and for tests that are asked to run it.
    Release,
    /// With checks of every sum, and built from what the unit tests need anyway: optimising the one that ships takes minutes after each change.
    Checked,
}

impl Gateway {
    /// Builds it, if anything changed.
    ///
    /// # Errors
    /// When it does not compile.
    pub(crate) fn build(self, workspace: &Workspace) -> Outcome<()> {
        let mut cargo = workspace.cargo();
        match self {
            Self::Release => {
                shell::note("build", "gateway");
                cargo.args(["build", "--release", "--package", "jackfield-gateway"]);
            }
            // As the unit tests are built, where cargo makes the binary for the gateway's own tests: `cargo build` unites other features.
            Self::Checked => {
                shell::note("build", "gateway of the tests");
                cargo.arg("test").args(TESTED).args(["--no-run", "--test", "gateway"]);
            }
        }
        shell::run(&mut cargo, "building the gateway", "see the compiler's messages above")
    }

    /// Where it is, once built.
    pub(crate) fn path(self, workspace: &Workspace) -> PathBuf {
        let profile = match self {
            Self::Release => "release",
            Self::Checked => "debug",
        };
        workspace.target(profile).join(format!("jackfield-gateway{}", std::env::consts::EXE_SUFFIX))
    }
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
