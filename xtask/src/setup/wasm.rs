//! The wasm32 target: whichever source of it this machine has.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{debian, sysroot};
use crate::problem::{Outcome, Problem};
use crate::shell;
use crate::workspace::Workspace;

/// The target triple of everything that runs in a browser.
pub(crate) const TRIPLE: &str = "wasm32-unknown-unknown";

/// How to compile for wasm32 on this machine.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum WasmToolchain {
    /// The toolchain that runs xtask has the target.
    Active,
    /// A private sysroot with a compiler wrapper, at `bin/rustc` in this folder.
    Sysroot(PathBuf),
}

impl WasmToolchain {
    /// A cargo whose compiler knows wasm32, with a target folder of its own.
    ///
    /// Two compilers that share a target folder would each throw away what the other one made.
    pub(crate) fn cargo(&self, workspace: &Workspace, subcommand: &str) -> Command {
        let mut command = workspace.cargo();
        command.arg(subcommand).args(["--target", TRIPLE, "--target-dir"]).arg(workspace.target("wasm"));
        if let Self::Sysroot(folder) = self {
            command.env("RUSTC", folder.join("bin/rustc")).env_remove("RUSTC_WORKSPACE_WRAPPER");
        }
        command
    }

    /// A clippy that can read this toolchain's wasm32 library; each compiler version reads only its own.
    ///
    /// # Errors
    /// When Debian's clippy is needed and can't be installed.
    pub(crate) fn clippy(&self, workspace: &Workspace) -> Outcome<Command> {
        let Self::Sysroot(folder) = self else { return Ok(self.cargo(workspace, "clippy")) };
        sysroot::prepare_clippy()?;
        let mut command = Command::new(sysroot::CLIPPY);
        command.args(["clippy", "--target", TRIPLE, "--target-dir"]).arg(workspace.target("wasm"));
        shell::forget_cargo(&mut command).current_dir(workspace.path(""));
        // clippy-driver asks SYSROOT, not the wrapper that cargo takes for the compiler.
        command.env("CARGO", sysroot::CARGO).env("RUSTC", folder.join("bin/rustc")).env("SYSROOT", folder);
        Ok(command)
    }
}

/// Finds the target, or installs it.
///
/// In this order: the active toolchain has it; Debian's `rustc-web` with a private sysroot; rustup.
/// `JACKFIELD_WASM=target|debian|rustup` forces one of them.
///
/// # Errors
/// When no way is open; the line names the command that opens one.
pub(crate) fn prepare(workspace: &Workspace) -> Outcome<WasmToolchain> {
    let forced = std::env::var("JACKFIELD_WASM").unwrap_or_default();
    let toolchain = match forced.as_str() {
        "" => first_that_works()?,
        "target" => active()?,
        "debian" => from_debian()?,
        "rustup" => from_rustup()?,
        other => {
            let what = format!("JACKFIELD_WASM={other} is unknown");
            return Err(Problem::with_remedy(what, "JACKFIELD_WASM=target, debian or rustup, or unset it"));
        }
    };
    match &toolchain {
        WasmToolchain::Active => shell::note("setup", "wasm32: in the active toolchain"),
        WasmToolchain::Sysroot(folder) => {
            shell::note("setup", format_args!("wasm32: private sysroot {}", folder.display()));
            sysroot::link(folder, &workspace.target("wasm-sysroot"), &workspace.target("wasm"))?;
        }
    }
    Ok(toolchain)
}

fn first_that_works() -> Outcome<WasmToolchain> {
    if active_has_target() {
        return Ok(WasmToolchain::Active);
    }
    if debian::has_apt() {
        if !sysroot::compiler_is_installed() && !debian::has_candidate(sysroot::PACKAGES[0]) {
            // Fresh images come without package lists. Failing here is no harm: rustup may still do.
            let _ = debian::update();
        }
        if sysroot::compiler_is_installed() || debian::has_candidate(sysroot::PACKAGES[0]) {
            return from_debian();
        }
    }
    from_rustup()
}

fn active() -> Outcome<WasmToolchain> {
    if active_has_target() {
        return Ok(WasmToolchain::Active);
    }
    let remedy = format!("rustup target add {TRIPLE}, or unset JACKFIELD_WASM");
    Err(Problem::with_remedy(format!("the active toolchain has no {TRIPLE} target"), remedy))
}

fn active_has_target() -> bool {
    let mut rustc = Command::new("rustc");
    let query = rustc.args(["--print", "target-libdir", "--target", TRIPLE]);
    shell::capture(query, "rustc", "").is_ok_and(|folder| holds_core(Path::new(folder.trim())))
}

fn holds_core(folder: &Path) -> bool {
    let Ok(entries) = folder.read_dir() else { return false };
    entries.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with("libcore-"))
}

fn from_debian() -> Outcome<WasmToolchain> {
    sysroot::prepare().map(WasmToolchain::Sysroot)
}

fn from_rustup() -> Outcome<WasmToolchain> {
    let remedy = format!("install rustup from https://rustup.rs, then run: rustup target add {TRIPLE}");
    shell::note("setup", format_args!("rustup target add {TRIPLE}"));
    shell::run(Command::new("rustup").args(["target", "add", TRIPLE]), "adding the wasm target", &remedy)?;
    active()
}
