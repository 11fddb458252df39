//! The npm packages of each folder that has some.

use std::path::Path;
use std::process::Command;

use crate::problem::{Outcome, Problem};
use crate::shell;
use crate::stamp::{Inputs, Stamp};
use crate::workspace::Workspace;

/// The folders with a `package.json` and packages of their own.
const FOLDERS: [&str; 3] = ["xtask/npm", "www", "tests"];
const OLDEST_NODE: u32 = 20;
const NODE_REMEDY: &str = "install node 20 or newer with npm, from https://nodejs.org";

/// Installs what the lock files name, where they changed since the last time.
///
/// # Errors
/// When node is missing or too old, and when npm fails.
pub(crate) fn install_all(workspace: &Workspace) -> Outcome<()> {
    let node = node_version()?;
    for folder in FOLDERS {
        let path = workspace.path(folder);
        if path.join("package.json").is_file() {
            install(folder, &path, &node)?;
        }
    }
    Ok(())
}

fn node_version() -> Outcome<String> {
    let version = shell::capture(Command::new("node").arg("--version"), "node", NODE_REMEDY)?;
    let major =
        version.trim().trim_start_matches('v').split('.').next().and_then(|text| text.parse::<u32>().ok());
    match major {
        Some(major) if major >= OLDEST_NODE => Ok(version.trim().to_owned()),
        _ => Err(Problem::with_remedy(format!("node {} is too old", version.trim()), NODE_REMEDY)),
    }
}

fn install(name: &str, folder: &Path, node: &str) -> Outcome<()> {
    let locked = folder.join("package-lock.json").is_file();
    if installed(folder, node)?.is_fresh() {
        return Ok(());
    }
    shell::note("setup", format_args!("npm packages of {name}"));
    let subcommand = if locked { "ci" } else { "install" };
    let mut npm = Command::new("npm");
    npm.current_dir(folder).args([subcommand, "--no-audit", "--no-fund", "--loglevel=error"]);
    let remedy = format!("npm install --prefix {name}");
    shell::run(&mut npm, &format!("npm {subcommand} in {name}"), &remedy)?;
    // Anew: npm may just have written the lock file.
    installed(folder, node)?.set()
}

/// Kept inside `node_modules`, so that it vanishes with what it vouches for.
fn installed(folder: &Path, node: &str) -> Outcome<Stamp> {
    let inputs = Inputs::default()
        .text(node)
        .path(&folder.join("package.json"))?
        .path(&folder.join("package-lock.json"))?
        .path(&folder.join(".npmrc"))?;
    Ok(Stamp::new(folder.join("node_modules/.jackfield"), &inputs))
}
