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

/// Every key that the parser knows stands in the file, commented or not, in its table.
#[test]
fn the_settings_file_has_every_key() {
    let folder = folder();
    let text = fs::read_to_string(deploy("postern.toml")).unwrap();
    let server = "[[imap]]\nurl = \"imaps://a.test\"\n";
    let tables = tables(&text);
    for (table, asked) in [
        ("", format!("nonsense = 1\n{server}")),
        ("imap", format!("{server}nonsense = 1\n")),
        ("imap", format!("{server}tls.nonsense = 1\n")),
        ("limits", format!("{server}[limits]\nnonsense = 1\n")),
        ("deadlines", format!("{server}[deadlines]\nnonsense = 1\n")),
    ] {
        let keys = known_keys(&asked, &folder);
        let prefix = if asked.contains("tls.") { "tls." } else { "" };
        assert!(keys.len() > 4, "{keys:?}");
        for key in keys.iter().filter(|key| prefix.is_empty() || *key != "tls") {
            let is_table =
                ["imap", "smtp", "sieve", "limits", "deadlines"].contains(&&**key) && table.is_empty();
            let found = match is_table {
                true => text.contains(&format!("[{key}]")),
                false if key == "tls" => true,
                false => tables.iter().any(|(name, own)| name == table && *own == format!("{prefix}{key}")),
            };
            assert!(found, "[{table}] {prefix}{key} is not in postern.toml");
        }
    }
}

/// What the parser says that it knows, where it is given something else.
fn known_keys(settings: &str, folder: &Folder) -> Vec<String> {
    let file = folder.path().join("nonsense.toml");
    fs::write(&file, settings).unwrap();
    let error = Proxy::start(&["--config", file.to_str().unwrap()]).unwrap_err().to_string();
    let (_, list) = error.split_once("expected one of ").unwrap_or_else(|| panic!("{error}"));
    list.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Each key of the file with its table's name, also those behind a `#`.
fn tables(text: &str) -> Vec<(String, String)> {
    let mut table = String::new();
    let mut keys = Vec::new();
    for line in text.lines() {
        let line = line.trim_start_matches("# ");
        if line.starts_with('[') {
            table = line.trim_matches(['[', ']']).to_owned();
        } else if let Some((key, _)) = line.split_once(" = ")
            && key.chars().all(|c| c.is_ascii_lowercase() || matches!(c, '_' | '.'))
        {
            keys.push((table.clone(), key.to_owned()));
        }
    }
    keys
}

/// With every `#` taken away: each value is one that the parser takes, if the files it names are there.
#[test]
fn the_settings_files_commented_keys_are_taken() {
    let folder = folder();
    let authority = Authority::new(folder.path(), "ca").unwrap();
    let own = authority.issue("own", "DNS:mail.example.com").unwrap();
    let text = fs::read_to_string(deploy("postern.toml")).unwrap();
    let (mut table, mut all, mut seen) = (String::new(), String::new(), Vec::new());
    for line in text.lines() {
        let setting = line.trim_start_matches("# ");
        let key = setting.split(" = ").next().unwrap_or_default();
        let is_key =
            setting.contains(" = ") && key.chars().all(|c| c.is_ascii_lowercase() || matches!(c, '_' | '.'));
        if setting.starts_with("[[") || (setting.starts_with('[') && setting.ends_with(']')) {
            (table, seen) = (setting.to_owned(), Vec::new());
        } else if !is_key || seen.contains(&key) {
            continue;
        // A pinned certificate asks no authority, and a plain server no TLS: one of each is enough.
        } else if key == "tls.ca_files" {
            continue;
        } else {
            seen.push(key);
        }
        all += setting;
        all.push('\n');
    }
    assert!(table.contains("deadlines"), "{all}");
    for (theirs, ours) in [
        ("/etc/postern/chain.pem", &own.certificate),
        ("/etc/postern/key.pem", &own.key),
        ("/etc/postern/ca.pem", &own.certificate),
        ("/etc/postern/imap.pem", &own.certificate),
        ("/etc/postern/client.pem", &own.certificate),
        ("/etc/postern/client.key", &own.key),
    ] {
        assert!(all.contains(theirs), "no {theirs} in {all}");
        all = all.replace(theirs, ours.to_str().unwrap());
    }
    let file = folder.path().join("all.toml");
    fs::write(&file, &all).unwrap();
    let proxy = Proxy::start(&["--config", file.to_str().unwrap()]).unwrap();
    assert!(proxy.url().starts_with("https://127.0.0.1:"), "{all}");
}

/// certbot's hook copies both files, readable by the group alone, and leaves other certificates be.
#[test]
fn the_hook_of_certbot_puts_a_renewed_certificate_in_its_place() {
    let folder = folder();
    let live = |name: &str| folder.path().join("live").join(name);
    let target = folder.path().join("postern");
    for name in ["mail.example.com", "other.example.com"] {
        fs::create_dir_all(live(name)).unwrap();
        fs::write(live(name).join("fullchain.pem"), format!("chain of {name}")).unwrap();
        fs::write(live(name).join("privkey.pem"), format!("key of {name}")).unwrap();
    }
    let group = Command::new("id").arg("-gn").output().unwrap();
    let group = String::from_utf8(group.stdout).unwrap().trim().to_owned();
    let hook = |name: &str| {
        let mut command = Command::new("/bin/sh");
        command.arg(deploy("certbot/postern.sh")).env("RENEWED_LINEAGE", live(name));
        // No service manager is asked here.
        command.env("POSTERN_TLS_FOLDER", &target).env("POSTERN_TLS_GROUP", &group);
        command.env("POSTERN_TLS_RELOAD", "true");
        check(&mut command);
    };
    hook("other.example.com");
    assert!(!target.exists());
    hook("mail.example.com");
    for (file, text) in [("chain.pem", "chain of mail.example.com"), ("key.pem", "key of mail.example.com")] {
        let file = target.join(file);
        assert_eq!(fs::read_to_string(&file).unwrap(), text);
        let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&file).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o640);
    }
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
    // As Debian's own file does it, with what the snippet says to write there.
    let main = lines_behind_hash(&snippet, &["worker_rlimit_nofile ", "events "]);
    let below_a_path = deploy("reverse-proxy/nginx-subpath.conf");
    let whole = folder.path().join("whole.conf");
    let [pid, log] = ["pid", "log"].map(|name| folder.path().join(name).display().to_string());
    let text = format!(
        "pid {pid};\nerror_log {log};\n{main}http {{ access_log off; include {};\nserver {{ listen 8443; include {}; }} }}\n",
        snippet.display(),
        below_a_path.display(),
    );
    fs::write(&whole, text).unwrap();
    check(system("nginx").args(["-t", "-q", "-e"]).arg(log).arg("-c").arg(whole));
}

/// The lines of a snippet that start so behind their `#`: they belong elsewhere.
fn lines_behind_hash(file: &Path, starts: &[&str]) -> String {
    let text = fs::read_to_string(file).unwrap();
    let lines: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("# ")).collect();
    let found = starts.iter().map(|start| {
        let line = lines.iter().find(|line| line.starts_with(start));
        format!("{}\n", line.unwrap_or_else(|| panic!("no line {start} in {}", file.display())))
    });
    found.collect()
}

/// What README.md says to add to a Dovecot of one's own.
#[test]
fn dovecot_takes_the_listener_for_the_proxy_protocol() {
    let readme = fs::read_to_string(deploy("README.md")).unwrap();
    let block: String = readme
        .lines()
        .skip_while(|line| !line.contains("# Whom to believe"))
        .take_while(|line| line.trim() != "```")
        .map(|line| format!("{line}\n"))
        .collect();
    assert!(block.contains("haproxy = yes") && block.trim_end().ends_with('}'), "{block}");
    let folder = folder();
    let file = folder.path().join("dovecot.conf");
    let own = fs::read_to_string(deploy("container/dovecot.conf")).unwrap();
    fs::write(&file, format!("{own}\n{block}")).unwrap();
    check(system("doveconf").arg("-n").arg("-c").arg(file));
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
