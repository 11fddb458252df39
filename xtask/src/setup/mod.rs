//! What the other tasks need on a machine: installed when missing, found again in a moment when there.

mod chromium;
mod debian;
mod npm;
mod sysroot;
mod wasm;

use std::path::PathBuf;

pub(crate) use wasm::WasmToolchain;

use crate::problem::Outcome;
use crate::workspace::Workspace;

/// The tools that a build uses.
pub(crate) struct BuildTools {
    /// How to compile for wasm32.
    pub(crate) wasm: WasmToolchain,
}

/// Everything: what a build needs, and what browser tests and benches need on top.
pub(crate) struct AllTools {
    /// What a build needs.
    pub(crate) build: BuildTools,
    /// The browser.
    pub(crate) chromium: PathBuf,
}

/// Sets up what a build needs: the wasm target and the npm parts.
///
/// # Errors
/// One line that names the missing tool and the command that installs it.
pub(crate) fn for_build(workspace: &Workspace) -> Outcome<BuildTools> {
    let wasm = wasm::prepare(workspace)?;
    npm::install_all(workspace)?;
    Ok(BuildTools { wasm })
}

/// Sets up the wasm target alone.
///
/// # Errors
/// As [`for_build`].
pub(crate) fn for_wasm(workspace: &Workspace) -> Outcome<WasmToolchain> {
    wasm::prepare(workspace)
}

/// Sets up everything.
///
/// # Errors
/// As [`for_build`].
pub(crate) fn everything(workspace: &Workspace) -> Outcome<AllTools> {
    let build = for_build(workspace)?;
    let chromium = chromium::prepare()?;
    Ok(AllTools { build, chromium })
}
