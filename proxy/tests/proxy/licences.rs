//! What others wrote is told, by the program and by its page.

use crate::binary::postern;

const SOME: [&str; 4] = ["rustls ", "dompurify ", "solid-js ", "musl libc"];

#[test]
fn licences_are_printed_without_any_configuration() {
    for arguments in [&["licences"][..], &["--imap", "imaps://a.test", "licences"]] {
        let output = postern().args(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).unwrap();
        for work in SOME {
            assert!(text.lines().any(|line| line.starts_with(work)), "{work}");
        }
    }
}
