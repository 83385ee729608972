//! What a self-hoster copies from `deploy/` is what the programs that read it take.
//!
//! Files that name what is not on this machine (a certificate, a program in `/usr/local/bin`) are read with a path of
//! ours in that place. `systemd-analyze` is asked where it is installed; the others must be.

#![expect(clippy::unwrap_used, reason = "a test that can't go on says so")]

use postern_tests::Proxy;
use postern_tests::certificates::Authority;
use postern_tests::folder::{Folder, Owner};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

#[test]
fn postern_takes_its_settings_files() {
    let folder = folder();
    check_settings(&fs::read_to_string(deploy("postern.toml")).unwrap(), &folder);
    check_settings(&lines_from("kubernetes/postern.yaml", "postern.toml: |"), &folder);
}

/// Postern starts with these settings; it connects to no mail server before someone asks.
fn check_settings(settings: &str, folder: &Folder) {
    let file = folder.path().join("postern.toml");
    fs::write(&file, settings).unwrap();
    let proxy = Proxy::start(&["--config", file.to_str().unwrap()]).unwrap();
    assert!(proxy.url().starts_with("http://127.0.0.1:"), "{settings}");
}

#[test]
fn haproxy_takes_its_snippet() {
    let folder = folder();
    let pem = folder.path().join("both.pem");
    let certificate =
        Authority::new(folder.path(), "ca").unwrap().issue("a", "DNS:mail.example.com").unwrap();
    let [chain, key] = [&certificate.certificate, &certificate.key].map(|file| fs::read(file).unwrap());
    fs::write(&pem, [chain, key].concat()).unwrap();
    let snippet = with("reverse-proxy/haproxy.cfg", &[("/etc/haproxy/mail.example.com.pem", &pem)], &folder);
    check(system("haproxy").args(["-c", "-f"]).arg(snippet));
}

#[test]
fn nginx_takes_its_snippet() {
    let folder = folder();
    let certificate =
        Authority::new(folder.path(), "ca").unwrap().issue("a", "DNS:mail.example.com").unwrap();
    let letsencrypt = "/etc/letsencrypt/live/mail.example.com";
    let files = [
        (format!("{letsencrypt}/fullchain.pem"), certificate.certificate),
        (format!("{letsencrypt}/privkey.pem"), certificate.key),
    ];
    let snippet = with(
        "reverse-proxy/nginx.conf",
        &files.each_ref().map(|(theirs, ours)| (theirs.as_str(), ours.as_path())),
        &folder,
    );
    // As Debian's own file does it.
    let whole = folder.path().join("whole.conf");
    let [pid, log] = ["pid", "log"].map(|name| folder.path().join(name).display().to_string());
    let text = format!(
        "pid {pid};\nerror_log {log};\nevents {{}}\nhttp {{ access_log off; include {}; }}\n",
        snippet.display()
    );
    fs::write(&whole, text).unwrap();
    check(system("nginx").args(["-t", "-q", "-e"]).arg(log).arg("-c").arg(whole));
}

#[test]
fn dovecot_takes_its_file() {
    check(system("doveconf").arg("-n").arg("-c").arg(deploy("container/dovecot.conf")));
}

#[test]
fn systemd_takes_the_units_and_finds_little_exposed() {
    if system("systemd-analyze").arg("--version").output().is_err() {
        eprintln!("not checked: systemd-analyze is not installed");
        return;
    }
    let folder = folder();
    let program = Path::new("/bin/true");
    let units = ["postern.service", "postern.socket"].map(|name| {
        with(
            &format!("systemd/{name}"),
            &[("/usr/local/bin/postern", program)][..usize::from(name.ends_with("service"))],
            &folder,
        )
    });
    let output = system("systemd-analyze").args(["verify", "--man=no"]).args(&units).output().unwrap();
    // Of other units on this machine it may say what it likes.
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!said.contains("postern."), "{said}");
    // The scale is from 0 to 100, in tenths: under 2.0.
    check(system("systemd-analyze").args(["security", "--offline=true", "--threshold=19"]).arg(&units[0]));
}

#[test]
fn each_yaml_file_can_be_read() {
    for file in ["container/compose.yaml", "kubernetes/postern.yaml"] {
        let program = "import sys, yaml; assert all(isinstance(it, dict) for it in yaml.safe_load_all(open(sys.argv[1])))";
        check(Command::new("/usr/bin/python3").args(["-c", program]).arg(deploy(file)));
    }
}

#[test]
fn every_service_manager_waits_longer_than_the_drain() {
    let [notice, shutdown] = ["# notice = ", "shutdown = "].map(|key| number("postern.toml", key));
    assert!(number("systemd/postern.service", "TimeoutStopSec=") > notice + shutdown);
    assert!(number("container/compose.yaml", "stop_grace_period: ") > shutdown);
    let [notice, shutdown] = ["notice = ", "shutdown = "].map(|key| number("kubernetes/postern.yaml", key));
    assert!(number("kubernetes/postern.yaml", "terminationGracePeriodSeconds: ") > notice + shutdown);
    let [period, failures] =
        ["periodSeconds: ", "failureThreshold: "].map(|key| number("kubernetes/postern.yaml", key));
    assert!(notice > period * failures, "it stops before anyone has noticed");
}

/// The number behind `key`, which is looked for at the start of a line.
fn number(file: &str, key: &str) -> u32 {
    let text = fs::read_to_string(deploy(file)).unwrap();
    let value = text.lines().find_map(|line| line.trim_start().strip_prefix(key));
    let digits: String = value.unwrap_or_default().chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or_else(|_| panic!("no number behind {key:?} in {file}"))
}

/// The block that is indented below this line, as it stands in the file that it becomes.
fn lines_from(file: &str, head: &str) -> String {
    let text = fs::read_to_string(deploy(file)).unwrap();
    let mut lines = text.lines().skip_while(|line| line.trim() != head).skip(1).peekable();
    let indent = lines.peek().map_or(0, |line| line.len() - line.trim_start().len());
    let block = lines.take_while(|line| line.is_empty() || line.starts_with(&" ".repeat(indent)));
    block.map(|line| line.get(indent..).unwrap_or_default().to_owned() + "\n").collect()
}

/// A copy of the file, under its name, in which paths of this machine stand for others; each must be in it.
fn with(file: &str, replaced: &[(&str, impl AsRef<Path>)], folder: &Folder) -> PathBuf {
    let mut text = fs::read_to_string(deploy(file)).unwrap();
    for (theirs, ours) in replaced {
        assert!(text.contains(theirs), "{file} has no {theirs}");
        text = text.replace(theirs, ours.as_ref().to_str().unwrap());
    }
    let copy = folder.path().join(Path::new(file).file_name().unwrap());
    fs::write(&copy, text).unwrap();
    copy
}

fn check(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let said = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&said));
}

/// A program that Debian may keep where only root looks.
fn system(program: &str) -> Command {
    let mut command = Command::new(program);
    command.env("PATH", format!("{}:/usr/sbin", std::env::var("PATH").unwrap_or_default()));
    command
}

fn folder() -> Folder {
    Folder::new("deploy", Owner::unprivileged().unwrap()).unwrap()
}

fn deploy(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy").join(file)
}
