//! Whether something must be built again: a hash of what goes into it, kept beside what came out.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};

use crate::root;

/// The inputs' hash, and the file that holds the one of the last success.
pub(crate) struct Stamp {
    file: PathBuf,
    hash: String,
}

impl Stamp {
    /// Of these files and folders, as they are now.
    ///
    /// # Errors
    /// Where one can't be read.
    pub(crate) fn of(name: &str, inputs: &[&Path]) -> io::Result<Self> {
        let mut hasher = DefaultHasher::new();
        for input in inputs {
            hash_tree(input, &mut hasher)?;
        }
        let file = root().join("target/xtask").join(format!("{name}.stamp"));
        Ok(Self { file, hash: format!("{:016x}", hasher.finish()) })
    }

    /// Whether the last success had the same inputs.
    pub(crate) fn is_current(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|hash| hash == self.hash)
    }

    /// Remembers this success.
    ///
    /// # Errors
    /// Those of the file system.
    pub(crate) fn write(&self) -> io::Result<()> {
        if let Some(folder) = self.file.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&self.file, &self.hash)
    }
}

/// Names and contents, in the order of their names.
fn hash_tree(path: &Path, hasher: &mut DefaultHasher) -> io::Result<()> {
    if path.is_file() {
        path.hash(hasher);
        fs::read(path)?.hash(hasher);
        return Ok(());
    }
    let mut entries: Vec<PathBuf> =
        fs::read_dir(path)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<_>>()?;
    entries.sort();
    for entry in entries {
        let is_output = entry.file_name().is_some_and(|name| OUTPUTS.iter().any(|output| name == *output));
        if !is_output {
            hash_tree(&entry, hasher)?;
        }
    }
    Ok(())
}

/// What is made, not written.
const OUTPUTS: &[&str] = &["node_modules", "target", "pkg", "dist"];
