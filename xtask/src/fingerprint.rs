//! Whether something must be built again: a hash of what went into it and of what came out.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};

use crate::root;

/// The inputs' hash, and the file that holds the one of the last success, with that of its output.
pub(crate) struct Stamp {
    file: PathBuf,
    inputs: String,
    output: PathBuf,
}

impl Stamp {
    /// Of these files and folders, as they are now, and what is made of them.
    ///
    /// # Errors
    /// Where one can't be read.
    pub(crate) fn of(name: &str, inputs: &[&Path], output: &Path) -> io::Result<Self> {
        let file = root().join("target/xtask").join(format!("{name}.stamp"));
        Ok(Self { file, inputs: hash(inputs)?, output: output.to_owned() })
    }

    /// Whether the last success had the same inputs, and nobody changed its output since: whoever runs `wasm-pack build`
    /// by hand puts another package in ours' place.
    pub(crate) fn is_current(&self) -> bool {
        let Ok(now) = self.text() else { return false };
        fs::read_to_string(&self.file).is_ok_and(|last| last == now)
    }

    /// Remembers this success.
    ///
    /// # Errors
    /// Those of the file system.
    pub(crate) fn write(&self) -> io::Result<()> {
        if let Some(folder) = self.file.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&self.file, self.text()?)
    }

    fn text(&self) -> io::Result<String> {
        Ok(format!("{} {}", self.inputs, hash(&[&self.output])?))
    }
}

fn hash(trees: &[&Path]) -> io::Result<String> {
    let mut hasher = DefaultHasher::new();
    for tree in trees {
        hash_tree(tree, &mut hasher)?;
    }
    Ok(format!("{:016x}", hasher.finish()))
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
const OUTPUTS: &[&str] = &["node_modules", "target", "pkg", "pkg-page", "dist"];

#[cfg(test)]
mod tests {
    use super::*;
    use postern_tests::folder::{Folder, Owner};

    #[test]
    fn another_input_or_output_is_not_current() {
        let folder = Folder::new("stamp", Owner::unprivileged().unwrap()).unwrap();
        let [input, output] = ["in", "out"].map(|name| folder.path().join(name));
        let stamp = || {
            let file = folder.path().join("stamp");
            Stamp { file, inputs: hash(&[&input]).unwrap(), output: output.clone() }
        };
        fs::write(&input, "one").unwrap();
        assert!(!stamp().is_current(), "nothing was made yet");
        fs::write(&output, "1").unwrap();
        stamp().write().unwrap();
        assert!(stamp().is_current());
        fs::write(&output, "by another hand").unwrap();
        assert!(!stamp().is_current());
        fs::write(&output, "1").unwrap();
        fs::write(&input, "two").unwrap();
        assert!(!stamp().is_current());
    }
}
