//! The demo pages.

use std::process::Command;

use crate::problem::{Outcome, Problem};
use crate::shell;
use crate::stamp::{Inputs, Stamp};
use crate::workspace::Workspace;

/// Bundles `www/` into `www/dist`, if it or the npm package changed.
///
/// # Errors
/// When the bundler fails or leaves nothing.
pub(crate) fn build(workspace: &Workspace) -> Outcome<()> {
    let source = workspace.path("www");
    if !source.join("package.json").is_file() {
        shell::note("build", "pages: none yet (www/package.json)");
        return Ok(());
    }
    let inputs = Inputs::default().folder_without(&source, "dist")?.path(&workspace.path("pkg"))?;
    let stamp = Stamp::new(workspace.target("wasm/pages.stamp"), &inputs);
    if stamp.is_fresh() && workspace.pages().is_dir() {
        shell::note("build", "pages: unchanged");
        return Ok(());
    }
    shell::note("build", "pages");
    let mut npm = Command::new("npm");
    npm.current_dir(&source).args(["run", "--silent", "build"]);
    shell::run(&mut npm, "building the pages", "see the messages above")?;
    if !workspace.pages().is_dir() {
        return Err(Problem::new("building the pages left no www/dist"));
    }
    stamp.set()
}
