//! The bytes that a page loads.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::problem::{Context, Outcome, Problem};
use crate::workspace::Workspace;
use crate::{bench, build, setup};

/// What `connect()` of the package loads: the loader, the glue and the wasm. Extras have files of their own.
const SDK: [&str; 2] = ["pkg/dist/jackfield.js", "pkg/dist/jackfield_bg.wasm"];

/// Builds, then prints raw and compressed sizes.
///
/// # Errors
/// When a build fails or a file is missing.
pub(crate) fn run(workspace: &Workspace, json: bool) -> Outcome<()> {
    let tools = setup::for_build(workspace)?;
    build::everything(workspace, &tools)?;
    let mut raw = 0;
    let mut packed = 0;
    for file in sdk_files(workspace)? {
        let bytes = fs::metadata(&file).doing(format_args!("read {}", file.display()))?.len();
        let gzip = gzip(&file)?;
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        bench::show(&figure(&format!("{name}_gzip_bytes"), gzip), json)?;
        bench::show(&figure(&format!("{name}_raw_bytes"), bytes), json)?;
        raw += bytes;
        packed += gzip;
    }
    bench::show(&figure("sdk_raw_bytes", raw), json)?;
    bench::show(&figure("sdk_gzip_bytes", packed), json)
}

/// The generated files, and the loader that the package's manifest names as its entry.
fn sdk_files(workspace: &Workspace) -> Outcome<Vec<PathBuf>> {
    let manifest = workspace.path("pkg/package.json");
    let text = fs::read_to_string(&manifest).doing("read pkg/package.json")?;
    let manifest: Value = serde_json::from_str(&text).doing("read pkg/package.json")?;
    let entry =
        entry_of(&manifest).ok_or_else(|| Problem::new("pkg/package.json names no entry in `exports`"))?;
    let mut files: Vec<PathBuf> = SDK.iter().map(|file| workspace.path(file)).collect();
    files.push(workspace.path("pkg").join(entry));
    Ok(files)
}

fn entry_of(manifest: &Value) -> Option<&str> {
    let entry = &manifest["exports"]["."];
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
            assert_eq!(entry_of(&json!({ "exports": exports })), expected);
        }
    }
}
