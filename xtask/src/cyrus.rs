//! Unpacks Debian's Cyrus IMAP beside the system, for the tests alone.
//!
//! As an installed package it would drive out Dovecot's. So apt downloads whatever version it offers, with the
//! libraries that the system lacks for it, and `dpkg -x` unpacks all of it into a folder of its own under the user's
//! cache. Nothing of it is ever configured or started by the system.

use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;

use postern_tests::cyrus;

use crate::console::step;
use crate::tools;

/// Unpacks it, where it is not there yet.
///
/// # Errors
/// Where apt does not offer it, or it can't be unpacked.
pub(crate) fn install() -> io::Result<()> {
    if cyrus::is_installed() {
        return Ok(());
    }
    let folder = cyrus::installation()?;
    // Only a whole one gets the name that the tests look for.
    let unfinished = folder.with_extension("unfinished");
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished)?;
    }
    fs::create_dir_all(&unfinished)?;
    println!(
        "Needed for the second mail server of the tests: Cyrus IMAP, unpacked into {}",
        folder.display()
    );
    let update = tools::apt(&["update"]).and_then(|mut apt| step("Reading Debian's package lists", &mut apt));
    if let Err(error) = update {
        println!("{error}; trying with the lists that are there");
    }
    let mut download = Command::new("apt-get");
    download.arg("download").args(packages()?).current_dir(&unfinished);
    step("Downloading Cyrus", &mut download)?;
    for entry in fs::read_dir(&unfinished)? {
        unpack(&entry?.path(), &unfinished)?;
    }
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::rename(unfinished, folder)?;
    if cyrus::is_installed() { Ok(()) } else { Err(io::Error::other("there is no imapd in Debian's Cyrus")) }
}

/// Cyrus itself, all of SASL, so that its parts are of one version, and those libraries that apt would install.
fn packages() -> io::Result<Vec<String>> {
    let mut packages: Vec<String> = WANTED.iter().map(|&name| name.to_owned()).collect();
    let mut simulate = Command::new("apt-get");
    simulate.args(["install", "--simulate", "--no-install-recommends"]).args(WANTED);
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

const WANTED: [&str; 6] =
    ["cyrus-imapd", "cyrus-common", "sasl2-bin", "libsasl2-2", "libsasl2-modules", "libsasl2-modules-db"];
