//! Where things are.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::build::Gateway;
use crate::problem::{Outcome, Problem};

/// The packages whose tests run, the same in every call of cargo: another selection would unite other features and compile the dependencies again.
pub(crate) const TESTED: [&str; 5] = ["--workspace", "--exclude", "xtask", "--exclude", "jackfield-bindgen"];

/// The checkout that xtask works in.
pub(crate) struct Workspace {
    root: PathBuf,
    target: PathBuf,
}

impl Workspace {
    /// Finds the checkout that this program was compiled from.
    pub(crate) fn open() -> Outcome<Self> {
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let manifest = manifest.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")));
        let root = manifest
            .parent()
            .filter(|root| root.join("Cargo.toml").is_file())
            .ok_or_else(|| {
                Problem::with_remedy("the checkout was moved or deleted", "cargo xtask, run inside it")
            })?
            .to_owned();
        let target = match std::env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => root.join(folder),
            None => root.join("target"),
        };
        Ok(Self { root, target })
    }

    /// A path in the checkout.
    pub(crate) fn path(&self, inside: impl AsRef<Path>) -> PathBuf {
        self.root.join(inside)
    }

    /// A path in cargo's target folder.
    pub(crate) fn target(&self, inside: impl AsRef<Path>) -> PathBuf {
        self.target.join(inside)
    }

    /// The cargo that runs this program, in the checkout's root.
    pub(crate) fn cargo(&self) -> Command {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command.current_dir(&self.root);
        command
    }

    /// The built demo pages.
    pub(crate) fn pages(&self) -> PathBuf {
        self.path("www/dist")
    }

    /// What tests and benches are told: where the built gateway, the built pages and the browser are.
    pub(crate) fn test_environment(&self, gateway: Gateway, chromium: &Path) -> [(&'static str, PathBuf); 3] {
        [
            ("JACKFIELD_GATEWAY", gateway.path(self)),
            ("JACKFIELD_PAGES", self.pages()),
            ("CHROMIUM", chromium.to_owned()),
        ]
    }
}
