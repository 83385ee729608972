//! Known answers in tables: every line that a document or a server is known to send, and what it is read as.
//!
//! `tables/documents.txt` has what RFCs, drafts and vendors' documents say, down to the mistakes in their examples;
//! `tables/servers.txt` what servers were seen to say against them; `tables/unasked.txt` answers to commands that this client
//! does not have. Headings begin with `#`; a response stands on a
//! line of its own, with `¶` for CRLF in it; below it, indented, what was forgiven and what was read.

use std::fmt::Write as _;

use postern_protocol::imap::{
    BodyData, Code, Envelope, Fetch, FetchItem, Frame, Framer, Limits, Reader, Reading, Response,
    ResponseText, Responses, Text,
};

#[test]
fn documents() {
    let table = include_str!("tables/documents.txt");
    check(table);
    for (response, expected) in rows(table) {
        let bytes = wire(response);
        let reading = read(&bytes);
        assert!(!is_unknown(&reading.response), "{response}: some document names it, so it must be known");
        assert_eq!(reading.quirks.is_empty(), !expected.starts_with('{'), "{response}");
    }
}

#[test]
fn servers() {
    let table = include_str!("tables/servers.txt");
    check(table);
    for (response, _) in rows(table) {
        assert!(!read(&wire(response)).quirks.is_empty(), "{response}: nothing is wrong with it");
    }
}

/// What no command of this client asks for is nothing that a server does wrong, and nothing of it is lost.
#[test]
fn what_no_command_asks_for_is_kept_as_it_came() {
    for response in include_str!("tables/unasked.txt").lines().filter(|line| !line.starts_with("# ")) {
        let bytes = wire(response);
        let reading = read(&bytes);
        assert!(reading.quirks.is_empty() && is_unknown(&reading.response), "{response}: {reading:?}");
        if let Response::Unknown(line) = &reading.response {
            assert_eq!(**line, bytes[..bytes.len() - 2]);
        }
        assert_eq!(in_a_session(&bytes), reading.response, "{response}: not the same among others");
    }
}

/// Reads each response of a table, alone and among others, and shows all that differ from it at once.
fn check(table: &str) {
    let mut differing = String::new();
    for (response, expected) in rows(table) {
        let bytes = wire(response);
        let reading = read(&bytes);
        let found = show(&reading);
        if found != expected {
            let _ = write!(differing, "{response}\n    {found}\n");
        }
        let strict = Reader { strict: true, ..Reader::default() }.read(&bytes[..]);
        assert_eq!(strict.is_ok(), reading.quirks.is_empty(), "{response}: a strict reader forgives nothing");
        assert_eq!(in_a_session(&bytes), reading.response, "{response}: not the same among others");
    }
    assert!(differing.is_empty(), "\n{differing}");
}

fn rows(table: &str) -> impl Iterator<Item = (&str, &str)> {
    let lines: Vec<&str> = table.lines().filter(|line| !line.is_empty() && !line.starts_with("# ")).collect();
    assert!(lines.len().is_multiple_of(2), "a response without its answer");
    let pairs: Vec<_> = lines.chunks_exact(2).map(|pair| (pair[0], pair[1].trim_start())).collect();
    pairs.into_iter()
}

fn wire(response: &str) -> Vec<u8> {
    format!("{}\r\n", response.replace('¶', "\r\n")).into_bytes()
}

fn read(bytes: &[u8]) -> Reading<'_> {
    let reading = Reader::default().read(bytes);
    reading.unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(bytes)))
}

/// The same response behind another and before one, octet by octet: what surrounds it may not change it.
fn in_a_session(bytes: &[u8]) -> Response<'static> {
    let session = [&b"* OK hello\r\n"[..], bytes, b"* 7 EXISTS\r\na1 OK done\r\n"].concat();
    let reader = Reader::default();
    let whole: Vec<_> = Responses::new(&session).map(|raw| reader.read(raw)).collect();
    let mut framer = Framer::new(Limits { stream_over: usize::MAX, ..Limits::default() });
    let mut pieces = Vec::new();
    for octet in session.chunks(1) {
        framer.handle_input(octet);
        while let Ok(Some(Frame::Response(raw))) = framer.poll_frame() {
            pieces.push(reader.read(raw).map(|reading| reading.response.into_owned()));
        }
    }
    let whole: Vec<_> = whole.into_iter().map(|read| read.map(|reading| reading.response)).collect();
    assert_eq!(whole, pieces);
    assert_eq!(whole.len(), 4, "{whole:?}");
    pieces.swap_remove(1).unwrap_or_else(|error| panic!("{error}"))
}

/// True for what the reader has no name for, in whole or in part.
fn is_unknown(response: &Response<'_>) -> bool {
    match response {
        Response::Unknown(_) => true,
        Response::Tagged { text, .. } | Response::Status { text, .. } => {
            matches!(text.code, Some(Code::Unknown { .. }))
        }
        Response::Fetch(fetch) => fetch
            .items
            .iter()
            .any(|item| matches!(item, FetchItem::Unknown { .. } | FetchItem::Unreadable { .. })),
        _ => false,
    }
}

/// What was forgiven, if anything was, and what was read.
fn show(reading: &Reading<'_>) -> String {
    let mut shown = if reading.quirks.is_empty() { String::new() } else { format!("{:?} ", reading.quirks) };
    let _ = match &reading.response {
        Response::Fetch(fetch) => write!(shown, "Fetch{}", show_fetch(fetch)),
        Response::Tagged { tag, status, text } => write!(shown, "{tag} {status:?} {}", show_text(text)),
        Response::Status { status, text } => write!(shown, "{status:?} {}", show_text(text)),
        Response::List(item) => write!(
            shown,
            "{:?} {} {:?} {:?}{}{}",
            item.kind,
            item.name,
            item.delimiter,
            item.attributes,
            if item.child_info.is_empty() {
                String::new()
            } else {
                format!(" children {:?}", item.child_info)
            },
            item.old_name.as_ref().map(|name| format!(" once {name}")).unwrap_or_default(),
        ),
        Response::Continue(wait) => write!(shown, "Continue {:?}", String::from_utf8_lossy(&wait.text)),
        Response::Named(named) => {
            let arguments = String::from_utf8_lossy(&named.arguments);
            write!(shown, "Named {} {:?} {arguments:?}", named.name, named.number)
        }
        Response::Unknown(line) => write!(shown, "Unknown {:?}", String::from_utf8_lossy(line)),
        Response::Metadata(metadata) => {
            let entries = metadata.entries.iter().map(|entry| (&*entry.name, lossy(entry.value.as_deref())));
            write!(shown, "Metadata {} {:?}", metadata.mailbox, entries.collect::<Vec<_>>())
        }
        other => {
            // What is not there says nothing.
            let text = format!("{other:?}");
            let (name, fields) = text.split_once(" { ").unwrap_or((&text, ""));
            let told =
                fields.split(", ").filter(|field| !field.contains(": None") && !field.ends_with(": []"));
            write!(shown, "{name} {}", told.collect::<Vec<_>>().join(", ").trim_end_matches(" })"))
        }
    };
    shown.trim_end().to_owned()
}

fn lossy(text: Option<&[u8]>) -> String {
    text.map_or("-".into(), |text| String::from_utf8_lossy(text).into_owned())
}

fn show_text(text: &ResponseText) -> String {
    match &text.code {
        Some(code) => format!("[{code:?}] {:?}", text.text),
        None => format!("{:?}", text.text),
    }
}

fn show_fetch(fetch: &Fetch<'_>) -> String {
    let mut shown = String::new();
    let mut add = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            let _ = write!(shown, " {name} {value}");
        }
    };
    add("seq", fetch.seq.map(|seq| seq.to_string()));
    add("uid", fetch.uid.map(|uid| uid.to_string()));
    add("flags", fetch.flags.as_ref().map(|flags| format!("{flags:?}")));
    add("date", fetch.internal_date.map(|date| date.to_string()));
    add("size", fetch.size.map(|size| size.to_string()));
    add("modseq", fetch.mod_seq.map(|mod_seq| mod_seq.0.to_string()));
    add("envelope", fetch.envelope.as_ref().map(show_envelope));
    add("structure", fetch.body_structure.as_ref().map(|structure| format!("{structure:?}")));
    for item in &fetch.items {
        add("item", Some(show_item(item)));
    }
    shown
}

fn show_envelope(envelope: &Envelope<'_>) -> String {
    let text = |text: Option<Text<'_>>| lossy(text.as_deref());
    let mut shown = format!("date={} subject={}", text(envelope.date()), text(envelope.subject()));
    let lists = [
        ("from", envelope.from()),
        ("sender", envelope.sender()),
        ("reply", envelope.reply_to()),
        ("to", envelope.to()),
        ("cc", envelope.cc()),
        ("bcc", envelope.bcc()),
    ];
    for (name, list) in lists {
        for address in list {
            let _ = write!(
                shown,
                " {name}={}<{}@{}>",
                text(address.name),
                text(address.mailbox),
                text(address.host)
            );
        }
    }
    format!("{shown} re={} id={}", text(envelope.in_reply_to()), text(envelope.message_id()))
}

fn show_item(item: &FetchItem<'_>) -> String {
    match item {
        FetchItem::Body { section, origin, data } => {
            let origin = origin.map(|origin| format!("<{origin}>")).unwrap_or_default();
            let data = match data {
                BodyData::Nil => "NIL".into(),
                BodyData::Whole(bytes) => format!("{:?}", String::from_utf8_lossy(bytes)),
                BodyData::Streamed(size) => format!("{size} octets"),
            };
            format!("{section}{origin} {data}")
        }
        FetchItem::Preview(Some(text)) => format!("Preview {:?}", String::from_utf8_lossy(text)),
        FetchItem::GmailLabels(labels) => {
            format!(
                "GmailLabels {:?}",
                labels.iter().map(|label| String::from_utf8_lossy(label)).collect::<Vec<_>>()
            )
        }
        FetchItem::Named { name, value }
        | FetchItem::Unknown { name, value }
        | FetchItem::Unreadable { name, value } => {
            let kind = format!("{item:?}");
            let kind = kind.split(' ').next().unwrap_or_default();
            format!("{kind} {name} {:?}", String::from_utf8_lossy(value))
        }
        other => format!("{other:?}"),
    }
}
