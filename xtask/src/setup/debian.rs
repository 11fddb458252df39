//! Debian packages.

use std::path::Path;
use std::process::Command;

use crate::problem::{Outcome, Problem};
use crate::shell;

/// Whether this system installs its software with apt.
pub(crate) fn has_apt() -> bool {
    Path::new("/etc/debian_version").is_file() && shell::find("apt-get").is_some()
}

/// Whether the package lists know a version of `package` that could be installed.
pub(crate) fn has_candidate(package: &str) -> bool {
    let policy = shell::capture(Command::new("apt-cache").args(["policy", package]), "apt-cache", "");
    policy.is_ok_and(|text| {
        let candidate = text.lines().find_map(|line| line.trim().strip_prefix("Candidate:"));
        candidate.is_some_and(|version| version.trim() != "(none)")
    })
}

/// Refreshes the package lists.
///
/// # Errors
/// Without root or a `sudo` that asks no password, and when apt fails.
pub(crate) fn update() -> Outcome<()> {
    shell::run(&mut apt(&["update", "-q"])?, "apt-get update", "sudo apt-get update")
}

/// Installs those of `packages` that are missing. The lists are refreshed only when something is.
///
/// # Errors
/// As [`update`]; the line names the command to run by hand.
pub(crate) fn install(packages: &[&str]) -> Outcome<()> {
    let missing: Vec<&str> = packages.iter().copied().filter(|package| !is_installed(package)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    shell::note("setup", format_args!("installing {}", missing.join(" ")));
    let remedy = by_hand(&missing);
    update().map_err(|_| Problem::with_remedy(format!("missing: {}", missing.join(" ")), &*remedy))?;
    let mut arguments = vec!["install", "-y", "-q", "--no-install-recommends"];
    arguments.extend(&missing);
    shell::run(&mut apt(&arguments)?, "apt-get install", &remedy)
}

fn is_installed(package: &str) -> bool {
    let query = ["-W", "-f", "${db:Status-Status}", package];
    let status = shell::capture(Command::new("dpkg-query").args(query), "dpkg-query", "");
    status.is_ok_and(|text| text == "installed")
}

fn apt(arguments: &[&str]) -> Outcome<Command> {
    let mut command = if is_root() {
        Command::new("apt-get")
    } else if shell::succeeds(Command::new("sudo").args(["-n", "true"])) {
        let mut sudo = Command::new("sudo");
        sudo.args(["-n", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        sudo
    } else {
        return Err(Problem::with_remedy(
            "apt-get needs root",
            format!("sudo apt-get {}", arguments.join(" ")),
        ));
    };
    // Another apt may be at work: wait for it rather than fail.
    command.args(["-o", "DPkg::Lock::Timeout=600"]).args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    Ok(command)
}

fn is_root() -> bool {
    let id = shell::capture(Command::new("id").arg("-u"), "id", "");
    id.is_ok_and(|text| text.trim() == "0")
}

fn by_hand(packages: &[&str]) -> String {
    format!("sudo apt-get update && sudo apt-get install --no-install-recommends {}", packages.join(" "))
}
