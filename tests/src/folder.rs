//! A private folder that is gone when nobody needs it any more, and the user it belongs to.

use std::env;
use std::fs;
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

/// A folder under the system's temporary one, removed on drop with all that is in it.
///
/// Not under the checkout: a clone may stand where an unprivileged user can't read.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    /// Makes a new one that only `owner` can enter.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn new(what: &str, owner: Owner) -> io::Result<Self> {
        Self::under(&env::temp_dir(), what, owner)
    }

    /// The same in memory, where the system has such a place: for servers that wait for the disk at each step. No
    /// program may run from there.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn in_memory(what: &str, owner: Owner) -> io::Result<Self> {
        let memory = Path::new("/dev/shm");
        if memory.is_dir() { Self::under(memory, what, owner) } else { Self::new(what, owner) }
    }

    fn under(above: &Path, what: &str, owner: Owner) -> io::Result<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = above.join(format!("postern-{what}-{}-{count}", std::process::id()));
        fs::DirBuilder::new().mode(0o700).create(&path)?;
        owner.give(&path)?;
        Ok(Self { path })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.path) {
            eprintln!("{} is left behind: {error}", self.path.display());
        }
    }
}

/// Who a server runs as: `nobody` where we are root, else ourselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owner {
    uid: u32,
    gid: u32,
    changed: bool,
}

impl Owner {
    /// The unprivileged user of this machine.
    ///
    /// # Errors
    /// Where `/proc` or `/etc/passwd` can't be read, or there is no `nobody`.
    pub fn unprivileged() -> io::Result<Self> {
        let own = fs::metadata("/proc/self")?;
        if own.uid() != 0 {
            return Ok(Self { uid: own.uid(), gid: own.gid(), changed: false });
        }
        let users = fs::read_to_string("/etc/passwd")?;
        let nobody = users.lines().find(|line| line.starts_with("nobody:"));
        let ids = nobody.and_then(|line| {
            let mut fields = line.split(':').skip(2).map(str::parse);
            Some((fields.next()?.ok()?, fields.next()?.ok()?))
        });
        let (uid, gid) = ids.ok_or_else(|| io::Error::other("there is no user `nobody`"))?;
        Ok(Self { uid, gid, changed: true })
    }

    /// The user's number.
    pub fn uid(self) -> u32 {
        self.uid
    }

    /// The group's number.
    pub fn gid(self) -> u32 {
        self.gid
    }

    /// Makes `path` theirs.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn give(self, path: &Path) -> io::Result<()> {
        if self.changed { chown(path, Some(self.uid), Some(self.gid)) } else { Ok(()) }
    }

    /// Makes a file of theirs with this in it.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn write(self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        fs::write(path, bytes)?;
        self.give(path)
    }

    /// Makes a folder of theirs, and those above it where they are missing.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn make_folder(self, path: &Path) -> io::Result<()> {
        if path.is_dir() {
            return Ok(());
        }
        if let Some(parent) = path.parent() {
            self.make_folder(parent)?;
        }
        fs::create_dir(path)?;
        self.give(path)
    }

    /// Lets `command` run as them.
    pub fn run_as(self, command: &mut Command) {
        use std::os::unix::process::CommandExt;
        if self.changed {
            command.uid(self.uid).gid(self.gid);
        }
    }
}

/// `~/.cache/postern`: what is kept from one run to the next, outside the checkout.
///
/// # Errors
/// Where there is no home folder.
pub fn cache() -> io::Result<PathBuf> {
    let home = || env::var_os("HOME").map(|home| Path::new(&home).join(".cache"));
    // The XDG Base Directory Specification: one that is empty or relative counts as not set.
    let cache =
        env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|cache| cache.is_absolute()).or_else(home);
    let cache = cache.ok_or_else(|| io::Error::other("set HOME: tools are kept in ~/.cache/postern"))?;
    Ok(cache.join("postern"))
}

/// The name of a user: servers take no numbers.
pub(crate) fn user_name(uid: u32) -> String {
    name_of("/etc/passwd", uid)
}

/// The name of a group.
pub(crate) fn group_name(gid: u32) -> String {
    name_of("/etc/group", gid)
}

/// The name that stands in front of this number in the third field.
fn name_of(file: &str, id: u32) -> String {
    let id = id.to_string();
    let lines = fs::read_to_string(file).unwrap_or_default();
    let found = lines.lines().find(|line| line.split(':').nth(2) == Some(&id));
    found.and_then(|line| line.split(':').next()).unwrap_or("nobody").to_owned()
}
