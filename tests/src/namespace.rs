//! For programs whose folders are compiled into them: they see folders of ours in the place of the system's.
//!
//! Linux's user and mount namespaces, by the `unshare` command: nothing of it is seen by others, and root is not
//! needed. A system that forbids them to everyone says so.

use crate::folder::{Folder, Owner};
use std::io;
use std::path::Path;
use std::process::Command;

/// A folder of the system, and ours that is seen in its place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct InPlaceOf<'a>(pub(crate) &'a str, pub(crate) &'a Path);

/// A command that sees these folders, runs as the unprivileged user once it is told to, and ends with the thread that
/// starts it, as in [`process::command`](crate::process::command).
pub(crate) fn command(owner: Owner, folders: &[InPlaceOf<'_>], program: &Path) -> Command {
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "--mount", "--", "sh", "-c", SCRIPT, "sh"]);
    command.arg(owner.uid().to_string()).arg(owner.gid().to_string());
    for InPlaceOf(system, ours) in folders {
        command.arg(ours).arg(system);
    }
    command.arg("--").arg(program);
    command
}

/// Whether this system lets the unprivileged user do so.
///
/// # Errors
/// Where it does not; with what it said.
pub fn check() -> io::Result<()> {
    let owner = Owner::unprivileged()?;
    let folder = Folder::new("namespace", owner)?;
    let mut command = command(owner, &[InPlaceOf("/etc", folder.path())], Path::new("true"));
    owner.run_as(&mut command);
    let output = command.output()?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(io::Error::other(format!("this system allows no user namespaces: {}", said.trim())))
}

/// As the root of the new namespace, and then as the user that it is outside: two numbers, pairs of folders, `--`, and
/// the command.
const SCRIPT: &str = r#"set -e
uid=$1 gid=$2
shift 2
while [ "$1" != -- ]; do
  mount --bind "$1" "$2"
  shift 2
done
exec unshare --user --map-user="$uid" --map-group="$gid" setpriv --pdeathsig TERM "$@"
"#;
