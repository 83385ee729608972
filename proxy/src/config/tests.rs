//! Flags, environment and file as an operator writes them. The environment itself is tested with the real binary.

use std::fs;
use std::time::Duration;

use super::*;

fn read(arguments: &[&str]) -> Result<Config, String> {
    let arguments = ["postern"].iter().chain(arguments);
    Config::from_arguments(arguments.copied()).map_err(|error| error.to_string())
}

/// A configuration file that is removed with the test.
struct TempFile(PathBuf);

impl TempFile {
    fn new(name: &str, text: &str) -> Self {
        let path = std::env::temp_dir().join(format!("postern-{}-{name}.toml", std::process::id()));
        fs::write(&path, text).unwrap();
        Self(path)
    }

    fn read(&self, arguments: &[&str]) -> Result<Config, String> {
        read(&[&["--config", self.0.to_str().unwrap()], arguments].concat())
    }
}

impl Drop for TempFile {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

#[test]
fn urls_say_how_tls_starts() {
    for (url, security, host, port) in [
        ("imaps://mail.example.com", Security::Implicit, "mail.example.com", 993),
        ("imaps://MAIL.example.com:1993/", Security::Implicit, "mail.example.com", 1993),
        ("imap://mail.example.com", Security::StartTls, "mail.example.com", 143),
        ("imap+plain://127.0.0.1:1143", Security::Plain, "127.0.0.1", 1143),
        ("imap+plain://localhost", Security::Plain, "localhost", 143),
        ("imap+plain://[::1]", Security::Plain, "::1", 143),
        ("imaps://[2001:db8::1]:993", Security::Implicit, "2001:db8::1", 993),
        // As certificates have it.
        ("imaps://mail.example.com.:993", Security::Implicit, "mail.example.com", 993),
        ("imaps://B\u{dc}cher.example", Security::Implicit, "xn--bcher-kva.example", 993),
        ("imap://\u{4f8b}\u{3048}.example.", Security::StartTls, "xn--r8jz45g.example", 143),
    ] {
        let target = Target::parse(Kind::Imap, url).unwrap();
        assert_eq!((target.security, target.host(), target.port()), (security, host, Some(port)), "{url}");
        assert_eq!(Target::parse(Kind::Imap, &target.to_string()).unwrap(), target);
    }
    for (kind, url, port) in [
        (Kind::Smtp, "smtps://a.test", 465),
        (Kind::Smtp, "smtp://a.test", 587),
        (Kind::Sieve, "sieve://a.test", 4190),
        (Kind::Sieve, "sieves://a.test", 4190),
    ] {
        assert_eq!(Target::parse(kind, url).unwrap().port(), Some(port), "{url}");
    }
}

#[test]
fn a_unix_socket_is_an_upstream_too() {
    let target = Target::parse(Kind::Imap, "imap+unix:/run/dovecot/im*ap").unwrap();
    assert_eq!(target.socket(), Some(std::path::Path::new("/run/dovecot/im*ap")));
    assert_eq!((target.host(), target.port(), target.security), ("localhost", None, Security::Plain));
    assert_eq!(Target::parse(Kind::Imap, &target.to_string()).unwrap(), target);
    let config = read(&["--sieve", "filters=sieve+unix:/run/dovecot/sieve"]).unwrap();
    assert_eq!(config.upstreams[0].path(), "sieve/filters");
    let long = format!("imap+unix:/{}", "x".repeat(107));
    for wrong in ["imap+unix:run/imap", "imap+unix:", "imap+unix:/run/\0", &long, "smtp+unix:/run/imap"] {
        let error = read(&["--imap", wrong]).unwrap_err();
        assert!(error.contains("imap+unix:/"), "{wrong}: {error}");
    }
}

#[test]
fn what_is_named_comes_before_a_pattern() {
    let config = read(&[
        "--imap",
        "imaps://*.example.com",
        "--imap",
        "mail.example.com=imaps://inside.test",
        "--imap",
        "imap://*",
        "--smtp",
        "smtps://*.example.com:4650",
    ])
    .unwrap();
    for (kind, name, expected) in [
        (Kind::Imap, None, None),
        (Kind::Imap, Some("mail.example.com"), Some("imaps://inside.test:993")),
        (Kind::Imap, Some("imap.example.com"), Some("imaps://imap.example.com:993")),
        (Kind::Imap, Some("mail.example.org"), Some("imap://mail.example.org:143")),
        (Kind::Smtp, Some("smtp.example.com"), Some("smtps://smtp.example.com:4650")),
        (Kind::Smtp, Some("smtp.example.org"), None),
        (Kind::Sieve, Some("imap.example.com"), None),
    ] {
        let found = config.find(kind, name).map(|(_, target)| target.to_string());
        assert_eq!(found.as_deref(), expected, "{kind} {name:?}");
    }
}

#[test]
fn a_wrong_url_says_what_to_write() {
    for (url, why) in [
        ("mail.example.com", "write imaps://HOST"),
        ("https://mail.example.com", "no such scheme here: https"),
        ("smtps://mail.example.com", "no such scheme here: smtps"),
        ("imaps://", "write imaps://HOST"),
        ("imaps://user:secret@mail.example.com", "leave user and password out"),
        ("imaps://mail.example.com/INBOX", "nothing may follow"),
        ("imaps://mail.example.com?tls", "nothing may follow"),
        ("imaps://mail.example.com:0", "port 0"),
        ("imaps://mail.example.com:99999", "write imaps://HOST"),
        ("imaps://mail_.exa mple.com", "write imaps://HOST"),
        ("imaps://::1:993", "write imaps://[::1]:993"),
        ("imaps://::1", "write imaps://[::1]"),
        ("imaps://2001:db8::7:993/", "write imaps://[2001:db8::7]:993"),
        ("imaps://2001:db8::7:1993", "write imaps://[2001:db8::7:1993]"),
        ("imap://fe80:1:2:3:4:5:6:7:14300", "write imap://[fe80:1:2:3:4:5:6:7]:14300"),
        ("imap+plain://::1:143", "write imap+plain://[::1]:143"),
        ("imap+plain://mail.example.com", "plain text is for localhost"),
        ("imap+plain://192.168.1.7", "plain text is for localhost"),
        ("imap+plain://localhost.evil.test", "plain text is for localhost"),
    ] {
        let error = read(&["--imap", url]).unwrap_err();
        assert!(error.contains(why) && error.contains("--imap"), "{url}: {error}");
    }
}

#[test]
fn names_make_paths() {
    let config =
        read(&["--imap", "imaps://a.test", "--imap", "work=imaps://b.test", "--smtp", "smtp://c.test"]);
    let paths: Vec<_> = config.unwrap().upstreams.iter().map(Upstream::path).collect();
    assert_eq!(paths, ["imap", "imap/work", "smtp"]);
    for (arguments, why) in [
        (&["--imap", "imaps://a.test", "--imap", "imaps://b.test"][..], "two upstreams at /imap"),
        (&["--imap", "x=imaps://a.test", "--imap", "x=imaps://b.test"], "two upstreams at /imap/x"),
        (&["--imap", "a/b=imaps://a.test"], "the name `a/b`"),
        (&["--imap", "=imaps://a.test"], "the name ``"),
        (&["--imap", "..=imaps://a.test"], "the name `..`"),
        (&["--imap", "imaps://*", "--imap", "imaps://*:9993"], "two upstreams at /imap/*"),
        (&["--imap", "all=imaps://*"], "a pattern has no name"),
        (&[], "no mail server to connect to"),
        (&["--imap", "imaps://a.test", "--listen", "here"], "--listen `here`"),
        (&["--imap", "imaps://a.test", "--listen", "8080"], "127.0.0.1:8080 is meant"),
        (&["--imap", "imaps://a.test", "--listen", ":8080"], "0.0.0.0:8080 is meant"),
        (&["--imap", "imaps://a.test", "--listen", "localhost:8443"], "127.0.0.1:8443 is meant"),
        (&["--imap", "imaps://a.test", "--listen", "::1:8443"], "[::1]:8443 is meant"),
        (&["--imap", "imaps://a.test", "--listen", "0.0.0.0"], "0.0.0.0:8080 is meant"),
        (&["--imap", "imaps://a.test", "--listen", "unix:here"], "unix:/run/postern"),
        (&["--imap", "imaps://a.test", "--trusted-peer", "127.0.0.1:8080"], "without a port or a name"),
        (&["--imap", "imaps://a.test", "--origin", "a.test"], "--origin `a.test`"),
        (&["--imap", "imaps://a.test", "--allow-address", "10.0.0.0/64"], "POSTERN_ALLOW_ADDRESS"),
        (&["--imap", "imaps://a.test", "--config", "/does/not/exist"], "/does/not/exist"),
        (&["--imapp", "imaps://a.test"], "--imap"),
        (&["--sieve", "imaps://a.test"], "write sieves://HOST"),
        (
            &["--imap", "imaps://a.test", "--discover", "dns"],
            "there is no source `dns`; write srv or autoconfig",
        ),
        (&["--imap", "imaps://a.test", "--nameserver", "dns.test"], "--nameserver `dns.test`"),
        (&["--imap", "imaps://a.test", "--metrics-from", "here"], "--metrics-from `here`"),
        (&["--imap", "imaps://a.test", "--trusted-peer", "10.0.0.0/33"], "--trusted-peer `10.0.0.0/33`"),
        (&["--imap", "imaps://a.test", "--proxy-protocol-from", "lb"], "POSTERN_PROXY_PROTOCOL_FROM"),
        (&["--imap", "imaps://a.test", "--tls-certificate", "a.pem"], "give both"),
        (&["--imap", "imaps://a.test", "--log-format", "xml"], "write text or json"),
        (&["serve", "mail.a.test", "--imap", "imaps://*.a.test"], "hosts are for `postern check`"),
    ] {
        let error = read(arguments).unwrap_err();
        assert!(error.contains(why), "{arguments:?}: {error}");
    }
}

#[test]
fn a_misspelt_level_of_the_log_is_refused() {
    let log = |text: &str| read(&["--imap", "imaps://a.test", "--log", text]);
    for text in
        ["infos", "WARNING", "information", "postern_proxy=debg", "warn,infos", "6", "info;debug", "=info="]
    {
        let error = log(text).unwrap_err();
        assert!(error.contains("--log") && error.contains("write error, warn, info"), "{text}: {error}");
    }
    for text in
        ["postern-proxy=debug", "posternproxy=info", "warn,postern-proxy=debug", "postern_proxies[a]=debug"]
    {
        let error = log(text).unwrap_err();
        let level = text.rsplit('=').next().unwrap();
        assert!(error.contains(&format!("write postern_proxy={level}")), "{text}: {error}");
    }
    for (text, expected) in [
        ("info", "info"),
        ("WARN", "WARN"),
        ("postern=debug", "postern=debug"),
        ("postern_proxy::session=debug", "postern_proxy::session=debug"),
        (" debug ", "debug"),
        ("off", "off"),
        ("warn,postern_proxy=debug", "warn,postern_proxy=debug"),
    ] {
        assert_eq!(log(text).unwrap().log, expected);
    }
}

#[test]
fn the_file_holds_it_all_and_a_flag_wins() {
    let file = TempFile::new(
        "whole",
        r#"
        listen = "127.0.0.1:1"
        origins = ["https://mail.example.com"]
        allow_addresses = ["10.0.0.0/8"]
        log_format = "json"
        [[imap]]
        url = "imaps://a.test"
        [[imap]]
        name = "work"
        url = "imap://b.test"
        label = "Work"
        client_tls = "allow"
        connections = 50
        [limits]
        connections = 7
        [deadlines]
        ping = 0.5
        tls = 3
        "#,
    );
    let config = file.read(&["--listen", "127.0.0.1:2"]).unwrap();
    assert_eq!(config.listen, Listen::try_from("127.0.0.1:2").unwrap());
    assert_eq!(config.origins, [Origin::try_from("https://mail.example.com").unwrap()]);
    assert_eq!(config.allowed_addresses.len(), 1);
    assert_eq!(config.log_format, LogFormat::Json);
    assert_eq!(config.upstreams.len(), 2);
    assert_eq!(config.upstreams[0].label, "a.test");
    assert_eq!(config.upstreams[1].label, "Work");
    assert_eq!(config.upstreams[1].client_tls, ClientTls::Allow);
    assert_eq!(config.upstreams[1].connections.map(NonZeroUsize::get), Some(50));
    assert_eq!((config.limits.connections, config.limits.connections_per_address), (7, 100));
    assert_eq!(config.deadlines.ping, Duration::from_millis(500));
    assert_eq!(config.deadlines.tls, Duration::from_secs(3));
    assert_eq!(config.deadlines.pong, Duration::from_secs(60));

    // A flag replaces the file's whole list of that kind.
    let config = file.read(&["--imap", "imaps://c.test"]).unwrap();
    assert_eq!(config.upstreams.len(), 1);
    assert_eq!(config.upstreams[0].label, "c.test");
}

#[test]
fn a_wrong_file_tells_the_line() {
    for (index, (text, line, why)) in [
        ("listn = \"127.0.0.1:1\"", 1, "unknown field `listn`"),
        ("\nlisten = \"localhost\"\n[[imap]]\nurl = \"imaps://a.test\"", 2, "127.0.0.1:8080"),
        ("[[imap]]\nurl = \"http://a.test\"", 2, "no such scheme here: http"),
        ("[[imap]]\n\n\nurl = \"imap+plain://a.test\"", 4, "plain text is for localhost"),
        ("[[imap]]\nurl = \"imaps://a.test\"\nname = \"a b\"", 3, "the name `a b`"),
        ("[[imap]]\nname = \"x\"", 1, "missing field `url`"),
        ("[[imap]]\nurl = \"imaps://a.test\"\nclient_tls = \"maybe\"", 3, "expected one of"),
        (
            "origins = [\n  \"mail.example.com\",\n]\n[[imap]]\nurl = \"imaps://a.test\"",
            2,
            "https://mail.example.com",
        ),
        ("[[imap]]\nurl = \"imaps://a.test\"\n[limits]\nconnections = 0", 3, "write 1 or more"),
        ("[[imap]]\nurl = \"imaps://a.test\"\n[limits]\nshort_per_minute = 0", 3, "write 1 or more"),
        ("[[imap]]\nurl = \"imaps://a.test\"\nconnections = 0", 3, "nonzero"),
        ("[[imap]]\nurl = \"imaps://a.test\"\ntls.client_key = \"x\"", 3, "write both or neither"),
        (
            "[[imap]]\nurl = \"imaps://a.test\"\ntls = { ca_files = [\"a\"], pinned_certificate = \"b\" }",
            3,
            "leave out one",
        ),
        ("[[imap]]\nurl = \"imap+plain://[::1]\"\ntls.min_version = \"1.3\"", 3, "no TLS is spoken"),
        ("[[imap]]\nurl = \"imaps://a.test\"\ntls.min_version = \"1.1\"", 3, "expected `1.2` or `1.3`"),
        (
            "[[imap]]\nurl = \"imaps://a.test\"\ndomains = [\"b.test\", \"@a.test\"]",
            3,
            "the domain `@a.test`",
        ),
        (
            "[[imap]]\nurl = \"imaps://a.test\"\n\n[[imap]]\nurl = \"imaps://b.test\"",
            5,
            "two upstreams at /imap",
        ),
        ("log = \"[[\"\n[[imap]]\nurl = \"imaps://a.test\"", 1, "write error, warn, info"),
        ("\ntls_key = \"/dev/null\"\n[[imap]]\nurl = \"imaps://a.test\"", 2, "give both"),
        ("[[imap]]\nurl = \"imaps://a.test\"\n[limits]\nrequests = 0", 3, "requests = 0"),
        ("nameserver = \"dns.test\"\n[[imap]]\nurl = \"imaps://a.test\"", 1, "127.0.0.53"),
        ("discover = [\"mx\"]\n[[imap]]\nurl = \"imaps://a.test\"", 1, "expected `srv` or `autoconfig`"),
        ("[[imap]]\nurl = \"imaps://*\"\nname = \"all\"", 3, "a pattern has no name"),
        ("[[sieve]]\nurl = \"sieve+unix:here\"", 2, "write the whole path"),
        ("trusted_peers = [\"proxy\"]\n[[imap]]\nurl = \"imaps://a.test\"", 1, "write an address or a range"),
        ("[limits]\nconections = 5", 2, "unknown field `conections`"),
        ("[deadlines]\nping = -1", 2, "number of seconds"),
        ("[deadlines]\nping = 0", 2, "number of seconds"),
        ("[deadlines]\nping = \"soon\"", 2, "number of seconds"),
        ("[deadlines\n", 1, "TOML"),
        ("[imap]\nurl = \"imaps://a.test\"", 1, "write two brackets, such as [[imap]]"),
        ("origins = \"https://a.test\"\n[[imap]]\nurl = \"imaps://a.test\"", 1, "write a list"),
        ("[[imap]]\nurl = \"imaps://a.test\"\ndomains = \"a.test\"", 3, "write a list"),
        ("[[imap]]\nurl = \"imaps://a.test\"\norigins = []", 3, "above the first line that begins with ["),
        ("[limits]\nlisten = \"127.0.0.1:1\"", 2, "above the first line that begins with ["),
        ("[[imap]]\nurl = \"imaps://a.test\"\ndomains = [\".\"]", 3, "what stands behind the @"),
        ("[[imap]]\nurl = \"imaps://a.test\"\ndomains = [\"a..test\"]", 3, "what stands behind the @"),
        (
            "[[imap]]\nurl = \"imaps://*.a.test\"\ndomains = [\"a.test\"]",
            3,
            "write a [[imap]] of its own for the server of `a.test`",
        ),
        // Files that are not there, or hold something else.
        ("[[imap]]\nurl = \"imaps://a.test\"\n\ntls.ca_files = [\"/no/ca\"]", 4, "/no/ca: No such file"),
        ("\nca_files = [\n\"/no/ca\"]\n[[imap]]\nurl = \"imaps://a.test\"", 3, "give a PEM file"),
        (
            "tls_certificate = \"/no/chain\"\ntls_key = \"/no/key\"\n[[imap]]\nurl = \"imaps://a.test\"",
            1,
            "/no/chain: No such file",
        ),
        (
            "tls_key = \"/dev/null\"\ntls_certificate = \"/dev/null\"\n[[imap]]\nurl = \"imaps://a.test\"",
            2,
            "/dev/null: no certificate in it",
        ),
        (
            "[[imap]]\nurl = \"imaps://a.test\"\n[imap.tls]\npinned_certificate = \"/dev/null\"",
            3,
            "no certificate in it",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let file = TempFile::new(&format!("wrong-{index}"), text);
        let error = file.read(&[]).unwrap_err();
        assert!(error.contains(&format!("line {line}")) && error.contains(why), "{text}\n{error}");
    }
}
