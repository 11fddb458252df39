//! Knowing whether inputs changed since a step last succeeded.
//!
//! Contents are hashed, not times compared: a checkout gives every file a new time, and rebuilding the pages costs
//! more than reading their few hundred kilobytes.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};

use crate::problem::{Context, Outcome};

/// Folders that hold results or other people's packages, never inputs.
const NOT_INPUTS: [&str; 4] = ["node_modules", "target", ".git", ".vite"];

/// The sum of everything that a step reads.
#[derive(Default)]
pub(crate) struct Inputs(DefaultHasher);

impl Inputs {
    /// Adds a setting or a version.
    pub(crate) fn text(mut self, text: &str) -> Self {
        text.hash(&mut self.0);
        self
    }

    /// Adds a file, or a folder with all that is below it. What does not exist counts as empty.
    ///
    /// # Errors
    /// When a file can't be read.
    pub(crate) fn path(mut self, path: &Path) -> Outcome<Self> {
        for file in files_below(path)? {
            let content = fs::read(&file).doing(format_args!("read {}", file.display()))?;
            file.strip_prefix(path).unwrap_or(&file).hash(&mut self.0);
            content.hash(&mut self.0);
        }
        Ok(self)
    }

    /// Adds a folder without one of its direct entries, as a rule the one that the step writes.
    ///
    /// # Errors
    /// When a file can't be read.
    pub(crate) fn folder_without(mut self, folder: &Path, left_out: &str) -> Outcome<Self> {
        let entries = fs::read_dir(folder).doing(format_args!("list {}", folder.display()))?;
        let mut names: Vec<_> = entries.flatten().map(|entry| entry.file_name()).collect();
        names.sort();
        let wanted =
            |name: &&std::ffi::OsString| *name != left_out && !NOT_INPUTS.iter().any(|other| *name == other);
        for name in names.iter().filter(wanted) {
            self = self.text(&name.to_string_lossy()).path(&folder.join(name))?;
        }
        Ok(self)
    }

    /// The fingerprint, in hexadecimal.
    pub(crate) fn fingerprint(&self) -> String {
        format!("{:016x}", self.0.finish())
    }
}

/// A file that remembers the fingerprint of the last success.
pub(crate) struct Stamp {
    file: PathBuf,
    fingerprint: String,
}

impl Stamp {
    /// Relates the stamp kept in `file` to the present inputs.
    pub(crate) fn new(file: PathBuf, inputs: &Inputs) -> Self {
        Self { file, fingerprint: inputs.fingerprint() }
    }

    /// Whether the step succeeded with these very inputs.
    pub(crate) fn is_fresh(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|kept| kept == self.fingerprint)
    }

    /// Remembers the success.
    ///
    /// # Errors
    /// When the file can't be written.
    pub(crate) fn set(&self) -> Outcome<()> {
        if let Some(folder) = self.file.parent() {
            fs::create_dir_all(folder).doing(format_args!("create {}", folder.display()))?;
        }
        fs::write(&self.file, &self.fingerprint).doing(format_args!("write {}", self.file.display()))
    }
}

/// All input files at or below `path`, sorted, so that the order of the file system does not matter.
fn files_below(path: &Path) -> Outcome<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(path) else { return Ok(found) };
    for entry in entries {
        let entry = entry.doing(format_args!("list {}", path.display()))?;
        let skipped = NOT_INPUTS.iter().any(|name| entry.file_name() == *name);
        // A linked folder is somebody else's, and may lead round in a circle.
        let linked = entry.file_type().is_ok_and(|kind| kind.is_symlink());
        if !skipped && !linked {
            found.extend(files_below(&entry.path())?);
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("jackfield-stamp-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("node_modules")).unwrap();
        fs::write(folder.join("a"), "one").unwrap();
        folder
    }

    fn fingerprint(folder: &Path) -> String {
        Inputs::default().path(folder).unwrap().fingerprint()
    }

    #[test]
    fn follows_contents_names_and_new_files_but_not_packages() {
        let folder = folder("inputs");
        let first = fingerprint(&folder);
        fs::write(folder.join("a"), "one").unwrap();
        fs::write(folder.join("node_modules/b"), "").unwrap();
        assert_eq!(first, fingerprint(&folder));
        fs::write(folder.join("a"), "two").unwrap();
        let second = fingerprint(&folder);
        assert_ne!(first, second);
        fs::write(folder.join("b"), "").unwrap();
        assert_ne!(second, fingerprint(&folder));
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_stamp_is_fresh_after_success_only() {
        let folder = folder("fresh");
        let stamp = |text: &str| Stamp::new(folder.join("deep/stamp"), &Inputs::default().text(text));
        assert!(!stamp("x").is_fresh());
        stamp("x").set().unwrap();
        assert!(stamp("x").is_fresh());
        assert!(!stamp("y").is_fresh());
        fs::remove_dir_all(folder).unwrap();
    }
}
