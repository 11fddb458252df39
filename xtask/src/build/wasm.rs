//! The wasm files of the npm package, with their JavaScript glue.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::problem::{Context, Outcome, Problem};
use crate::setup::WasmToolchain;
use crate::shell;
use crate::stamp::{Inputs, Stamp};
use crate::workspace::Workspace;

/// One crate that becomes a `.wasm` and a `.js` in `pkg/dist`.
struct Artefact {
    package: &'static str,
    manifest: &'static str,
    /// The name of the output files: `NAME.js` and `NAME_bg.wasm`.
    name: &'static str,
    /// An AudioWorklet's file, which becomes `NAME.js` with the glue inside. It imports the glue as `PACKAGE-glue`.
    worklet: Option<&'static str>,
}

const ARTEFACTS: [Artefact; 3] = [
    Artefact { package: "jackfield", manifest: "Cargo.toml", name: "jackfield", worklet: None },
    Artefact {
        package: "jackfield-emulator",
        manifest: "crates/emulator/Cargo.toml",
        name: "emulator",
        worklet: None,
    },
    Artefact {
        package: "jackfield-audio",
        manifest: "crates/audio/Cargo.toml",
        name: "audio",
        worklet: Some("crates/audio/worklet/processor.js"),
    },
];

/// What rustc's wasm32 code uses: wasm-opt refuses instructions of features that are not named.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// For what runs in an audio thread, which may never be late: loops in vectors of 128 bits, which every browser has since 2023.
/// The noise suppression takes 0.4 of the time that it takes at the SDK's settings, for a tenth more bytes.
const QUICK: [&str; 4] = [
    "--config",
    "profile.release-wasm.opt-level=3",
    "--config",
    "target.wasm32-unknown-unknown.rustflags=['-Ctarget-feature=+simd128']",
];

/// Builds every artefact whose crate exports something.
///
/// # Errors
/// When a compiler or a tool fails.
pub(crate) fn build(workspace: &Workspace, toolchain: &WasmToolchain) -> Outcome<()> {
    for artefact in &ARTEFACTS {
        if exports_something(workspace, artefact) {
            build_one(workspace, toolchain, artefact)?;
        } else {
            shell::note("build", format_args!("{}: exports nothing to JavaScript yet", artefact.package));
        }
    }
    Ok(())
}

/// The packages that are compiled for wasm32: what lints of browser code have to look at.
pub(crate) fn packages(workspace: &Workspace) -> impl Iterator<Item = &'static str> {
    ARTEFACTS
        .iter()
        .filter(|artefact| exports_something(workspace, artefact))
        .map(|artefact| artefact.package)
}

fn exports_something(workspace: &Workspace, artefact: &Artefact) -> bool {
    let manifest = fs::read_to_string(workspace.path(artefact.manifest)).unwrap_or_default();
    manifest.lines().any(|line| line.starts_with("wasm-bindgen"))
}

fn build_one(workspace: &Workspace, toolchain: &WasmToolchain, artefact: &Artefact) -> Outcome<()> {
    shell::note("build", format_args!("{}.wasm", artefact.name));
    let raw = compile(workspace, toolchain, artefact)?;
    let output = workspace.path("pkg/dist");
    let results = [format!("{}_bg.wasm", artefact.name), format!("{}.js", artefact.name)];
    let source = artefact.worklet.map_or_else(|| raw.clone(), |file| workspace.path(file));
    let inputs = Inputs::default()
        .path(&raw)?
        .path(&source)?
        .path(&workspace.path("xtask/bindgen"))?
        .path(&workspace.path("xtask/src/build"))?
        .path(&workspace.path("xtask/npm/package-lock.json"))?;
    let stamp = Stamp::new(workspace.target("wasm").join(format!("{}.stamp", artefact.name)), &inputs);
    if stamp.is_fresh() && results.iter().all(|file| output.join(file).is_file()) {
        return Ok(());
    }
    fs::create_dir_all(&output).doing("create pkg/dist")?;
    let bound = bind(workspace, artefact, &raw)?;
    let settings: &[&str] = if artefact.worklet.is_some() { &["-O3", "--enable-simd"] } else { &["-Oz"] };
    optimize(workspace, settings, &bound.join(&results[0]), &output.join(&results[0]))?;
    let (glue, script) = (bound.join(&results[1]), output.join(&results[1]));
    match artefact.worklet {
        Some(file) => join_glue(workspace, artefact, &workspace.path(file), &glue, &script)?,
        None => minify(workspace, &glue, &script)?,
    }
    stamp.set()
}

/// Compiles the crate as a cdylib. Its manifest says rlib: both at once would silently turn link-time optimisation off.
fn compile(workspace: &Workspace, toolchain: &WasmToolchain, artefact: &Artefact) -> Outcome<PathBuf> {
    let mut cargo = toolchain.cargo(workspace, "rustc");
    cargo.args([
        "--package",
        artefact.package,
        "--lib",
        "--crate-type",
        "cdylib",
        "--profile",
        "release-wasm",
    ]);
    if artefact.worklet.is_some() {
        cargo.args(QUICK);
    }
    shell::run(&mut cargo, &format!("compiling {} for wasm32", artefact.package), "see the messages above")?;
    let file =
        format!("wasm/wasm32-unknown-unknown/release-wasm/{}.wasm", artefact.package.replace('-', "_"));
    Ok(workspace.target(file))
}

/// Makes the glue, in a program of its own: the library behind it takes long to compile, and xtask should start at once.
fn bind(workspace: &Workspace, artefact: &Artefact, raw: &Path) -> Outcome<PathBuf> {
    let output = workspace.target("wasm/bindgen").join(artefact.name);
    let _ = fs::remove_dir_all(&output);
    let mut cargo = workspace.cargo();
    cargo
        .args(["run", "--quiet", "--package", "jackfield-bindgen", "--"])
        .arg(raw)
        .arg(&output)
        .arg(artefact.name);
    let what = format!("making the glue of {}", artefact.name);
    shell::run(&mut cargo, &what, "see the messages above")?;
    Ok(output)
}

fn optimize(workspace: &Workspace, settings: &[&str], from: &Path, to: &Path) -> Outcome<()> {
    let mut wasm_opt = tool(workspace, "wasm-opt")?;
    wasm_opt.args(settings).args([
        "--converge",
        "--strip-debug",
        "--strip-producers",
        "--strip-target-features",
    ]);
    wasm_opt.args(FEATURES).arg(from).arg("-o").arg(to);
    shell::run(&mut wasm_opt, "wasm-opt", "rm -r xtask/npm/node_modules; cargo xtask setup")
}

/// Minifies, and pulls inline JavaScript of the crate (wasm-bindgen's `snippets/`) into the one file.
fn minify(workspace: &Workspace, from: &Path, to: &Path) -> Outcome<()> {
    let mut esbuild = tool(workspace, "esbuild")?;
    esbuild.arg(from).args([
        "--bundle",
        "--minify",
        "--format=esm",
        "--target=es2022",
        "--log-level=warning",
    ]);
    esbuild.arg(format!("--outfile={}", to.display()));
    shell::run(&mut esbuild, "esbuild", "rm -r xtask/npm/node_modules; cargo xtask setup")
}

/// Puts the glue into a worklet's file: bundlers copy that file as it is, so it can import nothing.
///
/// At its head stands the licence of what is in the WebAssembly, which has to go where that goes. It stays readable: minified it would be
/// below 4 KiB, and Vite would turn it into a `data:` address, which no strict policy lets run.
fn join_glue(workspace: &Workspace, artefact: &Artefact, from: &Path, glue: &Path, to: &Path) -> Outcome<()> {
    let mut esbuild = tool(workspace, "esbuild")?;
    esbuild.arg(from).args(["--bundle", "--format=esm", "--target=es2022", "--log-level=warning"]);
    esbuild.arg(format!("--alias:{}-glue={}", artefact.package, glue.display()));
    let licence = workspace.path("pkg/LICENSE-RNNOISE");
    let licence = fs::read_to_string(&licence).doing(format_args!("read {}", licence.display()))?;
    esbuild.arg(format!("--banner:js=/*! RNNoise, by nnnoiseless.\n\n{licence}*/"));
    esbuild.arg(format!("--outfile={}", to.display()));
    shell::run(&mut esbuild, "esbuild", "rm -r xtask/npm/node_modules; cargo xtask setup")
}

/// A JavaScript tool that is installed for xtask alone.
///
/// # Errors
/// When it is missing.
pub(crate) fn tool(workspace: &Workspace, name: &str) -> Outcome<Command> {
    let path = workspace.path("xtask/npm/node_modules/.bin").join(name);
    if path.exists() {
        return Ok(Command::new(path));
    }
    Err(Problem::with_remedy(format!("{name} is missing"), "cargo xtask setup"))
}
