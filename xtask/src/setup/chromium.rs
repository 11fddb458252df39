//! The browser for tests and benches.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::debian;
use crate::problem::{Outcome, Problem};
use crate::shell;

const NAMES: [&str; 5] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const MAC: &str = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
const KOREAN_FONTS: &str = "fonts-noto-cjk";

/// Finds Chromium or Chrome; installs it on Debian. `CHROMIUM=PATH` names one.
///
/// # Errors
/// When there is none and none can be installed.
pub(crate) fn prepare() -> Outcome<PathBuf> {
    let browser = match std::env::var_os("CHROMIUM") {
        Some(path) => named(PathBuf::from(path))?,
        None => find().map_or_else(install, Ok)?,
    };
    shell::note("setup", format_args!("browser: {}", browser.display()));
    prepare_fonts();
    Ok(browser)
}

fn named(path: PathBuf) -> Outcome<PathBuf> {
    if path.is_file() {
        return Ok(path);
    }
    let what = format!("CHROMIUM={} is no file", path.display());
    Err(Problem::with_remedy(what, "unset CHROMIUM, or give the browser's full path"))
}

fn find() -> Option<PathBuf> {
    let mac = Path::new(MAC);
    NAMES.iter().find_map(|name| shell::find(name)).or_else(|| mac.is_file().then(|| mac.to_owned()))
}

fn install() -> Outcome<PathBuf> {
    if debian::has_apt() {
        debian::install(&["chromium"])?;
    }
    find().ok_or_else(|| {
        let remedy = "install Chromium or Chrome, or set CHROMIUM to its path";
        Problem::with_remedy("chromium is missing", remedy)
    })
}

/// Korean texts in screenshots need glyphs. Nothing fails without them.
fn prepare_fonts() {
    let listed = shell::capture(Command::new("fc-list").args([":lang=ko", "family"]), "fc-list", "");
    if !debian::has_apt() || listed.is_ok_and(|fonts| !fonts.trim().is_empty()) {
        return;
    }
    if debian::install(&[KOREAN_FONTS]).is_err() {
        let text =
            format_args!("no Korean fonts: screenshots show boxes; sudo apt-get install {KOREAN_FONTS}");
        shell::note("setup", text);
    }
}
