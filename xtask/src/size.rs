//! The bytes that a page loads.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::problem::{Context, Outcome, Problem};
use crate::workspace::Workspace;
use crate::{bench, build, setup, shell};

/// Builds, then prints raw and compressed sizes of what `connect()` loads: the package's JavaScript and its wasm.
///
/// The JavaScript is bundled and minified from the package's entry, as an application's bundler does it; extras are files of
/// their own and no part of `sdk_gzip_bytes`. What `jackfield/audio` loads is told beside it, as `audio_gzip_bytes`.
///
/// # Errors
/// When a build fails or a file is missing.
pub(crate) fn run(workspace: &Workspace, json: bool) -> Outcome<()> {
    let tools = setup::for_build(workspace)?;
    build::package(workspace, &tools)?;
    let parts = [("js", bundle(workspace, ".")?), ("wasm", workspace.path("pkg/dist/jackfield_bg.wasm"))];
    let (mut raw, mut packed) = (0, 0);
    for (name, file) in parts {
        let bytes = fs::metadata(&file).doing(format_args!("read {}", file.display()))?.len();
        let gzip = gzip(&file)?;
        bench::show(&figure(&format!("sdk_{name}_gzip_bytes"), gzip), json)?;
        raw += bytes;
        packed += gzip;
    }
    bench::show(&figure("sdk_raw_bytes", raw), json)?;
    bench::show(&figure("sdk_gzip_bytes", packed), json)?;
    bench::show(&figure("audio_gzip_bytes", audio(workspace)?), json)
}

/// What a page loads for `jackfield/audio`: its JavaScript, the worklet's file, the wasm.
fn audio(workspace: &Workspace) -> Outcome<u64> {
    let files = [
        bundle(workspace, "./audio")?,
        workspace.path("pkg/dist/audio.js"),
        workspace.path("pkg/dist/audio_bg.wasm"),
    ];
    files.iter().map(|file| gzip(file)).sum()
}

/// Bundles what one of the package's entries (`.`, `./audio`) brings along.
fn bundle(workspace: &Workspace, entry: &str) -> Outcome<PathBuf> {
    let name = if entry == "." { "jackfield" } else { entry.trim_start_matches("./") };
    let output = workspace.target(format!("wasm/size/{name}.js"));
    let mut esbuild = build::npm_tool(workspace, "esbuild")?;
    esbuild.arg(workspace.path("pkg").join(file_of(workspace, entry)?));
    esbuild.args(["--bundle", "--minify", "--format=esm", "--target=es2022", "--log-level=warning"]);
    esbuild.arg(format!("--outfile={}", output.display()));
    shell::run(&mut esbuild, "bundling the package", "see the messages above")?;
    Ok(output)
}

/// The file that the package's manifest names for an entry.
fn file_of(workspace: &Workspace, entry: &str) -> Outcome<String> {
    let text = fs::read_to_string(workspace.path("pkg/package.json")).doing("read pkg/package.json")?;
    let manifest: Value = serde_json::from_str(&text).doing("read pkg/package.json")?;
    let file = entry_of(&manifest, entry).map(str::to_owned);
    file.ok_or_else(|| Problem::new(format!("pkg/package.json names no {entry:?} in `exports`")))
}

fn entry_of<'m>(manifest: &'m Value, entry: &str) -> Option<&'m str> {
    let entry = &manifest["exports"][entry];
    [entry, &entry["import"], &entry["default"], &entry["browser"]].iter().find_map(|value| value.as_str())
}

/// The size after `gzip -9`, as most servers and CDNs compress at best.
fn gzip(file: &Path) -> Outcome<u64> {
    let input = fs::File::open(file).doing(format_args!("read {}", file.display()))?;
    let output = Command::new("gzip").args(["-9", "-n", "-c"]).stdin(input).stderr(Stdio::inherit()).output();
    let output = output.doing("run gzip")?;
    if output.status.success() { Ok(output.stdout.len() as u64) } else { Err(Problem::new("gzip failed")) }
}

fn figure(name: &str, bytes: u64) -> Value {
    json!({ "name": name, "value": bytes, "unit": "bytes", "runs": 1 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_entry_in_every_usual_form() {
        for (exports, expected) in [
            (json!({".": "./index.js"}), Some("./index.js")),
            (json!({".": {"types": "./index.d.ts", "import": "./a.js"}}), Some("./a.js")),
            (json!({".": {"types": "./index.d.ts", "default": "./b.js"}}), Some("./b.js")),
            (json!({"./other": "./c.js"}), None),
        ] {
            assert_eq!(entry_of(&json!({ "exports": exports }), "."), expected);
        }
    }
}
