//! Mail servers that must not be installed here, since they would drive out Dovecot's package or start by themselves.
//!
//! `cargo xtask` unpacks Debian's packages of them beside the system, each into a folder of its own under the user's
//! cache. A server that is started gets copies of its programs, where the unprivileged user can reach them: a home
//! folder is often closed to others.

use crate::folder::{self, Owner};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Which packages a server comes in, and what is needed of them.
#[derive(Debug)]
pub struct Unpacked {
    /// Its folder in the cache, and the command of `cargo xtask` that unpacks it.
    pub name: &'static str,
    /// What it is called where it is told of.
    pub title: &'static str,
    /// Debian's names. The libraries that the system lacks come with them.
    pub packages: &'static [&'static str],
    /// The programs, by their paths inside the packages.
    pub programs: &'static [&'static str],
    /// What it needs of the system besides.
    ///
    /// # Errors
    /// Where it has none of that.
    pub needs: fn() -> io::Result<()>,
    /// An environment variable, set where it could not be had: the tests that need it are left out then.
    pub without: &'static str,
}

/// All that there are.
pub const ALL: [&Unpacked; 3] =
    [&crate::cyrus::UNPACKED, &crate::courier::UNPACKED, &crate::imap4d::UNPACKED];

impl Unpacked {
    /// Where the packages are unpacked, whether or not they are there yet.
    ///
    /// # Errors
    /// Where there is no home folder.
    pub fn folder(&self) -> io::Result<PathBuf> {
        Ok(folder::cache()?.join("tools").join(self.name))
    }

    /// The first of its programs that is not there.
    ///
    /// # Errors
    /// Where there is no home folder.
    pub fn missing(&self) -> io::Result<Option<&'static str>> {
        let folder = self.folder()?;
        Ok(self.programs.iter().copied().find(|program| !folder.join(program).is_file()))
    }

    /// Whether all that is needed is there.
    pub fn is_there(&self) -> bool {
        matches!(self.missing(), Ok(None))
    }

    /// Whether `cargo xtask test` said that it can't be had.
    pub fn is_left_out(&self) -> bool {
        std::env::var_os(self.without).is_some()
    }
}

/// A server's programs, and the libraries that came with them, in one folder.
#[derive(Debug)]
pub(crate) struct Programs {
    folder: PathBuf,
}

impl Programs {
    /// Copies them.
    ///
    /// # Errors
    /// Where they are not unpacked.
    pub(crate) fn copy(server: &Unpacked, folder: &Path) -> io::Result<Self> {
        let installed = server.folder()?;
        for program in server.programs {
            copy(&installed.join(program), folder).map_err(|error| {
                let words =
                    format!("{} is not unpacked (`cargo xtask {}` does it)", server.title, server.name);
                io::Error::new(error.kind(), format!("{words}: {program}: {error}"))
            })?;
        }
        for libraries in libraries(&installed)? {
            copy_all(&libraries, folder, |name| {
                name.split_once(".so.").is_some_and(|(_, n)| !n.contains('.'))
            })?;
        }
        Ok(Self { folder: folder.to_owned() })
    }

    /// A program's own path.
    pub(crate) fn path(&self, program: &str) -> PathBuf {
        self.folder.join(program)
    }

    /// Lets a command find the libraries and run as the unprivileged user.
    pub(crate) fn prepare(&self, command: &mut Command, owner: Owner) {
        command.env("LD_LIBRARY_PATH", &self.folder).current_dir("/");
        owner.run_as(command);
    }
}

/// The folders of libraries in unpacked packages: `usr/lib`, `usr/lib/x86_64-linux-gnu` and its like, and those of a
/// program's own parts.
pub(crate) fn libraries(installed: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for above in ["lib", "usr/lib"] {
        let above = installed.join(above);
        let Ok(entries) = fs::read_dir(&above) else { continue };
        found.push(above);
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() {
                found.push(path);
            }
        }
    }
    Ok(found)
}

/// Copies the files of a folder whose names are wanted.
pub(crate) fn copy_all(from: &Path, to: &Path, wanted: impl Fn(&str) -> bool) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        if path.is_file() && path.file_name().is_some_and(|name| wanted(&name.to_string_lossy())) {
            copy(&path, to)?;
        }
    }
    Ok(())
}

fn copy(file: &Path, folder: &Path) -> io::Result<()> {
    let name = file.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    fs::copy(file, folder.join(name)).map(drop)
}
