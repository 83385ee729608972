//! Unpacks Debian's packages of the tests' other mail servers beside the system, for the tests alone.
//!
//! As installed packages they would drive out Dovecot's. So apt downloads whatever version it offers, with the
//! libraries that the system lacks for it, and `dpkg -x` unpacks all of it into a folder of its own under the user's
//! cache. Nothing of it is ever configured or started by the system.

use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;

use postern_tests::unpacked::{ALL, Unpacked};

use crate::console::step;
use crate::tools;

/// The server that is called so.
pub(crate) fn named(name: &str) -> Option<&'static Unpacked> {
    ALL.into_iter().find(|server| server.name == name)
}

/// Unpacks a server, where it is not there yet.
///
/// # Errors
/// Where apt does not offer it, it can't be unpacked, or this system can't run it.
pub(crate) fn install(server: &Unpacked) -> io::Result<()> {
    (server.needs)()?;
    if server.is_there() {
        return Ok(());
    }
    let (folder, title) = (server.folder()?, server.title);
    // Only a whole one gets the name that the tests look for.
    let unfinished = folder.with_extension("unfinished");
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished)?;
    }
    fs::create_dir_all(&unfinished)?;
    println!("Needed for another mail server of the tests: {title}, unpacked into {}", folder.display());
    if let Err(error) = tools::package_lists() {
        println!("{error}; trying with the lists that are there");
    }
    let mut download = Command::new("apt-get");
    download.arg("download").args(packages(server)?).current_dir(&unfinished);
    step(&format!("Downloading {title}"), &mut download)?;
    for entry in fs::read_dir(&unfinished)? {
        unpack(&entry?.path(), &unfinished)?;
    }
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::rename(unfinished, folder)?;
    match server.missing()? {
        None => Ok(()),
        Some(program) => Err(io::Error::other(format!("there is no {program} in Debian's {title}"))),
    }
}

/// The server itself and those libraries that apt would install with it.
fn packages(server: &Unpacked) -> io::Result<Vec<String>> {
    let mut packages: Vec<String> = server.packages.iter().map(|&name| name.to_owned()).collect();
    let mut simulate = Command::new("apt-get");
    simulate.args(["install", "--simulate", "--no-install-recommends"]).args(server.packages);
    let output = simulate.output()?;
    if !output.status.success() {
        return Err(io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned()));
    }
    let plan = String::from_utf8_lossy(&output.stdout);
    for name in plan.lines().filter_map(|line| line.strip_prefix("Inst lib")?.split(' ').next()) {
        let library = format!("lib{name}");
        if !packages.contains(&library) {
            packages.push(library);
        }
    }
    Ok(packages)
}

fn unpack(package: &Path, folder: &Path) -> io::Result<()> {
    if package.extension().is_none_or(|extension| extension != "deb") {
        return Ok(());
    }
    let status = Command::new("dpkg").arg("-x").arg(package).arg(folder).status()?;
    if !status.success() {
        return Err(io::Error::other(format!("{} can't be unpacked", package.display())));
    }
    fs::remove_file(package)
}
