//! The test layers: `cargo xtask test [LAYER…]`.

mod layers;
mod runners;
mod tally;

use std::time::Instant;

use layers::Layer;
use tally::Tally;

use crate::build::Gateway;
use crate::problem::{Outcome, Problem};
use crate::shell;
use crate::workspace::Workspace;

/// Runs the named layers, or all, against this build of the gateway, and closes with the line `N passed, N failed`.
///
/// # Errors
/// When a name is unknown, a set-up or build fails, or anything failed.
pub(crate) fn run(workspace: &Workspace, names: &[String], gateway: Gateway) -> Outcome<()> {
    let layers = if names.is_empty() { Layer::ALL.to_vec() } else { layers::named(names)? };
    let built = runners::prepare(workspace, &layers, gateway)?;
    let mut total = Tally::default();
    let mut lines = Vec::new();
    for layer in layers {
        shell::note("test", layer.name());
        let begun = Instant::now();
        let tally = runners::run(workspace, &built, layer)?;
        lines.push(format!("{:>9}  {tally}, {:.1} s", layer.name(), begun.elapsed().as_secs_f32()));
        total.add(&tally);
    }
    for line in lines {
        println!("{line}");
    }
    println!("{total}");
    if total.failed == 0 { Ok(()) } else { Err(Problem::new("tests failed")) }
}
