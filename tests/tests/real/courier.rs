//! Courier beyond the commands: the talk before TLS.

use crate::connection::upgraded;
use crate::session::{courier, tcp, tls};
use std::io::{Read, Write};

#[test]
fn the_dialogue_leads_into_tls_on_courier() {
    let Some(courier) = courier(&[]) else { return };
    let mut link = tls(upgraded(tcp(courier.imap_address())), courier.authority());
    link.write_all(b"a LOGOUT\r\n").unwrap();
    let mut answer = String::new();
    link.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("* BYE") && answer.contains("a OK"), "{answer}");
}
