//! A private sysroot with a wasm32 standard library, for Debian's compiler.
//!
//! Debian ships `rustc-web`, the compiler that its Chromium and Firefox are built with, and its library sources, but no
//! wasm32 library. It is built here once with `-Zbuild-std` and put into a sysroot of its own, which works from then on
//! with any cargo and without unstable flags. Nothing below `/usr` is touched.
//!
//! Since the library is built here anyway, it is built for a small page: for size, and with panics that trap at once. A panic's
//! message would reach nobody in a page, and the code that words it would be 6 % of what everyone downloads.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::debian;
use super::wasm::TRIPLE;
use crate::problem::{Context, Outcome, Problem};
use crate::shell;

/// The compiler and the sources of its library. The first one decides whether this way is open.
pub(crate) const PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm"];

/// Counts changes of this file that make older sysroots unfit.
const EDITION: u32 = 2;
/// Debian's cargo, of the same version as its compiler.
pub(crate) const CARGO: &str = "/usr/bin/cargo";
/// Debian's clippy, as cargo calls it.
pub(crate) const CLIPPY: &str = "/usr/bin/cargo-clippy";
const RUSTC: &str = "/usr/bin/rustc";
const LINKER: &str = "/usr/bin/rust-lld";
const RUSTLIB: &str = "/usr/lib/rustlib";

/// Whether Debian's compiler is there, with the sources of its library.
pub(crate) fn compiler_is_installed() -> bool {
    let sources = Path::new(RUSTLIB).join("src/rust/library/std");
    sources.is_dir() && [RUSTC, CARGO, LINKER].iter().all(|program| Path::new(program).exists())
}

/// The folder of the sysroot for the installed compiler, which is built if there is none yet.
///
/// # Errors
/// When packages can't be installed or the library does not build.
pub(crate) fn prepare() -> Outcome<PathBuf> {
    if !compiler_is_installed() {
        debian::install(&PACKAGES)?;
        install_linker()?;
    }
    let cache = cache_folder()?;
    let sysroot = cache.join(format!("sysroot-{}", key()?));
    if !sysroot.is_dir() {
        build(&cache, &sysroot)?;
    }
    Ok(sysroot)
}

/// Installs Debian's clippy, if it is missing.
///
/// # Errors
/// When it can't be installed.
pub(crate) fn prepare_clippy() -> Outcome<()> {
    if Path::new(CLIPPY).exists() { Ok(()) } else { debian::install(&["rust-web-clippy"]) }
}

/// Points `link` at the sysroot, so that `RUSTC=target/wasm-sysroot/bin/rustc` works by hand, and empties the target folder of the sysroot before
/// it: cargo tells compilers apart by their version, not by the library they bring.
///
/// # Errors
/// When the link can't be written or the folder can't be emptied.
pub(crate) fn link(sysroot: &Path, link: &Path, target: &Path) -> Outcome<()> {
    if fs::read_link(link).is_ok_and(|present| present == sysroot) {
        return Ok(());
    }
    let _ = fs::remove_file(link);
    if target.is_dir() {
        fs::remove_dir_all(target).doing(format_args!("empty {}", target.display()))?;
    }
    symlink(sysroot, link).doing(format_args!("link {}", link.display()))
}

/// `rust-lld` is a link to the linker of one LLVM version, whose package nothing depends on.
fn install_linker() -> Outcome<()> {
    if Path::new(LINKER).exists() {
        return Ok(());
    }
    let target = fs::read_link(LINKER).doing(format_args!("find the linker behind {LINKER}"))?;
    let package = target.file_name().unwrap_or_default().to_string_lossy();
    debian::install(&[&package])
}

/// Libraries load only in the exact compiler that made them, and security updates replace it now and then.
fn key() -> Outcome<String> {
    let version = shell::capture(Command::new(RUSTC).arg("-vV"), "rustc", "sudo apt-get install rustc-web")?;
    let release = version.lines().find_map(|line| line.strip_prefix("release: ")).unwrap_or("unknown");
    let mut hasher = DefaultHasher::new();
    (EDITION, &version).hash(&mut hasher);
    Ok(format!("{release}-{:016x}", hasher.finish()))
}

/// A cache outside the checkout: a fresh clone need not build the library again.
fn cache_folder() -> Outcome<PathBuf> {
    let absolute = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    absolute("XDG_CACHE_HOME")
        .or_else(|| absolute("HOME").map(|home| home.join(".cache")))
        .map(|cache| cache.join("jackfield"))
        .ok_or_else(|| Problem::with_remedy("there is no home folder for the cache", "set XDG_CACHE_HOME"))
}

fn build(cache: &Path, sysroot: &Path) -> Outcome<()> {
    shell::note("setup", "building the wasm32 library for Debian's compiler: once, one to two minutes");
    let work = cache.join(format!("build-{}", std::process::id()));
    let result = build_in(&work, sysroot);
    let _ = fs::remove_dir_all(&work);
    result
}

fn build_in(work: &Path, sysroot: &Path) -> Outcome<()> {
    let made = work.join("sysroot");
    let libraries = made.join("lib/rustlib").join(TRIPLE).join("lib");
    write(&work.join("stub/Cargo.toml"), STUB_MANIFEST)?;
    write(&work.join("stub/src/lib.rs"), "#![no_std]\n")?;
    compile_library(work)?;
    fs::create_dir_all(&libraries).doing("create the sysroot")?;
    copy_libraries(&work.join("target").join(TRIPLE).join("release/deps"), &libraries)?;
    link_host_parts(&made)?;
    write_wrappers(&made, sysroot)?;
    // The name appears only when all is there. If someone else was quicker, theirs is as good.
    match fs::rename(&made, sysroot) {
        Err(_) if sysroot.is_dir() => Ok(()),
        result => result.doing(format_args!("move the sysroot to {}", sysroot.display())),
    }
}

const STUB_MANIFEST: &str = "[workspace]
[package]
name = \"stub\"
version = \"0.0.0\"
edition = \"2021\"
[profile.release]
opt-level = \"z\"
";

/// Panics that trap at once, for the library and all that is compiled with it.
const PANIC: &str = "-Zunstable-options -Cpanic=immediate-abort";

fn compile_library(work: &Path) -> Outcome<()> {
    let mut cargo = Command::new(CARGO);
    shell::forget_cargo(&mut cargo)
        .current_dir(work.join("stub"))
        .args(["build", "--release", "--target", TRIPLE])
        // `test` too: without it, tests compiled for wasm32 do not link.
        .args(["-Zbuild-std=std,panic_abort,test,proc_macro", "-Zbuild-std-features=optimize_for_size"])
        .arg("--target-dir")
        .arg(work.join("target"))
        .env("RUSTC", RUSTC)
        .env("RUSTC_BOOTSTRAP", "1")
        // Link-time optimisation reads the bitcode, and fails without it.
        .env("RUSTFLAGS", format!("-Cembed-bitcode=yes {PANIC}"));
    let remedy = format!("sudo apt-get install --reinstall {}", PACKAGES.join(" "));
    shell::run(&mut cargo, "building the wasm32 library", &remedy)
}

fn copy_libraries(from: &Path, to: &Path) -> Outcome<()> {
    for entry in fs::read_dir(from).doing(format_args!("list {}", from.display()))?.flatten() {
        let name = entry.file_name();
        let text = name.to_string_lossy();
        if text.ends_with(".rlib") && !text.starts_with("libstub-") {
            fs::copy(entry.path(), to.join(&name)).doing(format_args!("copy {text}"))?;
        }
    }
    Ok(())
}

/// Macros and build scripts run on this machine, and use the system's own library.
fn link_host_parts(sysroot: &Path) -> Outcome<()> {
    for entry in fs::read_dir(RUSTLIB).doing(format_args!("list {RUSTLIB}"))?.flatten() {
        let link = sysroot.join("lib/rustlib").join(entry.file_name());
        if entry.file_name() != TRIPLE {
            symlink(entry.path(), &link).doing(format_args!("link {}", link.display()))?;
        }
    }
    Ok(())
}

/// Scripts, not links: the compiler finds its sysroot by its own real path, and a link would lead it back to `/usr`.
fn write_wrappers(made: &Path, sysroot: &Path) -> Outcome<()> {
    for program in ["rustc", "rustdoc"] {
        let file = made.join("bin").join(program);
        write(&file, &wrapper(program, sysroot))?;
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).doing("make the wrapper executable")?;
    }
    Ok(())
}

/// All that is linked must panic alike, so what is compiled for wasm32 gets the library's flags here, after cargo's own. Macros and build scripts
/// run on this machine and are none of it.
fn wrapper(program: &str, sysroot: &Path) -> String {
    let compiler = format!("/usr/bin/{program} --sysroot '{}' \"$@\"", sysroot.display());
    format!(
        "#!/bin/sh\ncase \" $* \" in\n*{TRIPLE}*) RUSTC_BOOTSTRAP=1 exec {compiler} {PANIC} ;;\n*) exec {compiler} ;;\nesac\n"
    )
}

fn write(file: &Path, content: &str) -> Outcome<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).doing(format_args!("create {}", folder.display()))?;
    }
    fs::write(file, content).doing(format_args!("write {}", file.display()))
}
