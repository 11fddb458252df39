//! The gateway's binary.

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
