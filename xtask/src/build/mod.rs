//! Building what ships: the npm package's wasm, the demo pages, the gateway. Steps whose inputs are unchanged are skipped.

mod gateway;
mod pages;
mod wasm;

pub(crate) use gateway::{Gateway, build_bench as bench_program, build_load as load_client};
pub(crate) use wasm::{packages as wasm_packages, tool as npm_tool};

use std::time::Instant;

use crate::problem::Outcome;
use crate::setup::BuildTools;
use crate::shell;
use crate::workspace::Workspace;

/// Builds the generated part of the npm package alone.
///
/// # Errors
/// As [`everything`].
pub(crate) fn package(workspace: &Workspace, tools: &BuildTools) -> Outcome<()> {
    wasm::build(workspace, &tools.wasm)
}

/// Builds everything that ships, in the order of dependence.
///
/// # Errors
/// When a step fails; the tool's own messages come before.
pub(crate) fn everything(workspace: &Workspace, tools: &BuildTools) -> Outcome<()> {
    with_gateway(workspace, tools, Gateway::Release)
}

/// Builds everything, with this build of the gateway.
///
/// # Errors
/// As [`everything`].
pub(crate) fn with_gateway(workspace: &Workspace, tools: &BuildTools, gateway: Gateway) -> Outcome<()> {
    let begun = Instant::now();
    wasm::build(workspace, &tools.wasm)?;
    pages::build(workspace)?;
    gateway.build(workspace)?;
    shell::note("build", format_args!("done in {:.1} s", begun.elapsed().as_secs_f32()));
    Ok(())
}
