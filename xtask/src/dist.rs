//! `cargo xtask dist`: what is handed to others, in `target/dist`.
//!
//! One static program with the page inside, its checksum, and the licences. It runs on any Linux of this processor's
//! kind, and says nothing of the machine that built it. Before it is called done it is started and asked for the page.

use std::fs;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use postern_tests::Proxy;

use crate::build::target;
use crate::console::{step, together};
use crate::{build, licences, remap, root, tools};

/// Builds, tries and lays out everything.
///
/// # Errors
/// If something can't be installed or built, or the program is not what it should be.
pub(crate) fn run() -> io::Result<()> {
    together([Box::new(tools::musl), Box::new(build::page)])?;
    licences::check()?;
    let mut compile = tools::cargo();
    compile.args([
        "build",
        "--package",
        "postern-proxy",
        "--profile",
        "dist",
        "--target",
        tools::MUSL_TARGET,
    ]);
    step("Building the proxy for any Linux", compile.args(remap::arguments(tools::MUSL_TARGET)))?;
    let built = target().join(tools::MUSL_TARGET).join("dist/postern");
    let program = fs::read(&built)?;
    if let Some(interpreter) = interpreter(&program)? {
        return Err(io::Error::other(format!("{} is not static: it wants {interpreter}", built.display())));
    }
    if let Some(folder) = remap::leak(&program) {
        let (built, folder) = (built.display(), folder.display());
        return Err(io::Error::other(format!("{built} tells of {folder}, a folder of this machine")));
    }
    try_it(&built)?;
    let folder = target().join("dist");
    lay_out(&built, &folder)?;
    println!("\n  {}", folder.display());
    for entry in fs::read_dir(&folder)? {
        let entry = entry?;
        println!("  {:>12}  {}", entry.metadata()?.len(), entry.file_name().display());
    }
    Ok(())
}

/// Starts it and asks for the page and for the licences.
fn try_it(program: &Path) -> io::Result<()> {
    let mut proxy = Proxy::at(program, &["--imap", "imaps://mail.example.com"])?;
    let page = get(proxy.url(), "/")?;
    let script = page.split("src=\"").nth(1).and_then(|rest| rest.split('"').next());
    let script = script.ok_or_else(|| io::Error::other(format!("there is no page in it: {page}")))?;
    // The page names it relative to itself.
    let script = format!("/{}", script.trim_start_matches(['.', '/']));
    for path in [script.as_str(), "/licences.txt"] {
        let answer = get(proxy.url(), path)?;
        if !answer.starts_with("HTTP/1.1 200 ") {
            return Err(io::Error::other(format!("{path} is not in it: {answer}")));
        }
    }
    proxy.stop()
}

/// Head and body of the answer.
fn get(url: &str, path: &str) -> io::Result<String> {
    let address = url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

fn lay_out(built: &Path, folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => fs::create_dir_all(folder)?,
    }
    let name = format!("postern-{}-{}", env!("CARGO_PKG_VERSION"), tools::MUSL_TARGET);
    fs::copy(built, folder.join(&name))?;
    let sum = Command::new("sha256sum").arg(&name).current_dir(folder).output()?;
    if !sum.status.success() {
        return Err(io::Error::other(String::from_utf8_lossy(&sum.stderr).into_owned()));
    }
    fs::write(folder.join(format!("{name}.sha256")), sum.stdout)?;
    fs::copy(root().join("proxy/licences.txt"), folder.join("THIRD-PARTY-LICENCES.txt"))?;
    for licence in ["LICENSE-APACHE", "LICENSE-MIT"] {
        fs::copy(root().join(licence), folder.join(licence))?;
    }
    Ok(())
}

/// The program that the system would load this one with; a static one has none.
///
/// # Errors
/// If it is not an ELF file of 64 bits, or cut short.
fn interpreter(program: &[u8]) -> io::Result<Option<String>> {
    let field = |at: usize, length: usize| {
        let bytes = at.checked_add(length).and_then(|end| program.get(at..end));
        let bytes = bytes.ok_or_else(|| io::Error::other("the program ends within its headers"))?;
        let number = bytes.iter().rev().fold(0_u64, |number, &byte| number << 8 | u64::from(byte));
        usize::try_from(number).map_err(io::Error::other)
    };
    if !program.starts_with(b"\x7fELF\x02") {
        return Err(io::Error::other("this is not an ELF file of 64 bits"));
    }
    // ELF-64: e_phoff, e_phentsize, e_phnum; in each program header p_type, p_offset, p_filesz.
    let (headers, size, count) = (field(32, 8)?, field(54, 2)?, field(56, 2)?);
    for header in (0..count).map(|index| headers + index * size) {
        if field(header, 4)? == PT_INTERP {
            let start = field(header + 8, 8)?;
            let path = program.get(start..start + field(header + 32, 8)?).unwrap_or_default();
            return Ok(Some(String::from_utf8_lossy(path).trim_end_matches('\0').to_owned()));
        }
    }
    Ok(None)
}

const PT_INTERP: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dynamic_program_is_told_from_a_static_one() {
        // This test is linked with the system's library.
        let own = fs::read(std::env::current_exe().unwrap()).unwrap();
        let interpreter_of_own = interpreter(&own).unwrap();
        assert!(interpreter_of_own.is_some_and(|path| path.starts_with("/lib")));
        let mut headers = b"\x7fELF\x02".to_vec();
        headers.resize(64, 0);
        assert_eq!(interpreter(&headers).unwrap(), None);
        assert!(interpreter(&headers[..40]).is_err());
        assert!(interpreter(b"#!/bin/sh").is_err());
    }
}
