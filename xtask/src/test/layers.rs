//! The names of the layers, and where each one's tests are.

use crate::problem::{Outcome, Problem};
use crate::workspace::Workspace;

/// A layer of the tests, from the quickest to the slowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layer {
    /// State machines beside the code, doc tests, format and lints.
    Unit,
    /// Engines and one exchange in one process, in virtual time, with faults; the exchange alone at scale; and the list of what contact centres do.
    Sim,
    /// Frames: fixtures, round trips, the fuzzed decoder.
    Wire,
    /// A real gateway and a real Chromium.
    Browser,
    /// The packed npm package in bundlers and under a strict CSP.
    Packaging,
    /// Other programs as peers.
    Interop,
    /// Kill, cut, slow, full.
    Faults,
}

impl Layer {
    /// All layers, in the order in which they run.
    pub(crate) const ALL: [Self; 7] =
        [Self::Unit, Self::Sim, Self::Wire, Self::Faults, Self::Packaging, Self::Browser, Self::Interop];

    /// The name on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Unit => "unit",
            Self::Sim => "sim",
            Self::Wire => "wire",
            Self::Browser => "browser",
            Self::Packaging => "packaging",
            Self::Interop => "interop",
            Self::Faults => "faults",
        }
    }

    /// Where the layer's tests are, in the checkout.
    pub(crate) fn place(self) -> &'static str {
        match self {
            Self::Unit => "crates",
            Self::Sim => "tests/sim.rs",
            Self::Wire => "crates/wire",
            Self::Browser => "tests/browser",
            Self::Packaging => "tests/packaging",
            Self::Interop => "tests/interop",
            Self::Faults => "tests/faults.rs",
        }
    }

    /// Whether there are tests of this layer in the checkout.
    pub(crate) fn exists(self, workspace: &Workspace) -> bool {
        workspace.path(self.place()).exists()
    }

    /// Whether the layer has to have tests. Interop has none until there are trunks and Teams.
    pub(crate) fn is_required(self) -> bool {
        self != Self::Interop
    }

    /// Whether it runs the built gateway, package or pages.
    pub(crate) fn needs_build(self) -> bool {
        matches!(self, Self::Browser | Self::Packaging | Self::Faults)
    }
}

/// Looks up layers by name.
///
/// # Errors
/// Names the first unknown one, and all that there are.
pub(crate) fn named(names: &[String]) -> Outcome<Vec<Layer>> {
    names.iter().map(|name| find(name)).collect()
}

fn find(name: &str) -> Outcome<Layer> {
    Layer::ALL.into_iter().find(|layer| layer.name() == name).ok_or_else(|| {
        let names = Layer::ALL.map(Layer::name).join("|");
        Problem::with_remedy(format!("no test layer is called {name:?}"), format!("cargo xtask test {names}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_layer_is_found_by_its_name() {
        for layer in Layer::ALL {
            assert_eq!(find(layer.name()).unwrap(), layer);
        }
        assert!(find("everything").unwrap_err().to_string().contains("unit|sim"));
    }
}
