//! Whatever a command is given, what goes out is IMAP: no string breaks out of its place, and every literal has
//! the octets that it announces (S12). A server that reads no more than lines, quotes and literals gets the same
//! strings back.

#![no_main]

use libfuzzer_sys::arbitrary::Unstructured;
use libfuzzer_sys::fuzz_target;
use postern_fuzz::{Asked, plain_command};
use postern_protocol::Time;
use postern_protocol::imap::{Config, Connection, Event, Item, Output};

const CAPABILITIES: [&str; 6] = [
    "",
    " LITERAL+",
    " LITERAL- ESEARCH LIST-EXTENDED LIST-STATUS",
    " ID UIDPLUS MOVE",
    " IMAP4rev2 SASL-IR AUTH=PLAIN AUTH=XOAUTH2 AUTH=EXTERNAL AUTH=ANONYMOUS AUTH=LOGIN BINARY CATENATE ACL RIGHTS=texk",
    " LITERAL+ AUTH=SCRAM-SHA-256 AUTH=CRAM-MD5 AUTH=OAUTHBEARER SASL-IR CHILDREN CONDSTORE QRESYNC ESORT SORT \
     SORT=DISPLAY THREAD=REFERENCES THREAD=ORDEREDSUBJECT METADATA QUOTA QUOTASET NOTIFY MULTISEARCH MULTIAPPEND REPLACE \
     PARTIAL SEARCHRES WITHIN SEARCH=FUZZY OBJECTID SAVEDATE PREVIEW CONTEXT=SEARCH CONTEXT=SORT ANNOTATE-EXPERIMENT-1 \
     X-GM-EXT-1 XLIST LANGUAGE I18NLEVEL=2 UIDBATCHES JMAPACCESS STATUS=SIZE LIST-MYRIGHTS LIST-METADATA CREATE-SPECIAL-USE \
     SPECIAL-USE ENABLE NAMESPACE UNSELECT UNAUTHENTICATE ESEARCH LIST-EXTENDED LIST-STATUS UIDPLUS MOVE BINARY CATENATE",
];

fuzz_target!(|bytes: &[u8]| {
    let mut bytes = Unstructured::new(bytes);
    let mut connection = Connection::new(Config::default(), Time::ZERO);
    let capabilities = bytes.choose(&CAPABILITIES).unwrap_or(&CAPABILITIES[0]);
    let mut open = Vec::new();
    for _ in 0..8 {
        let Ok(Asked { command, strings }) = plain_command(&mut bytes) else { break };
        open.push((connection.send(command, Time::ZERO), strings));
        if bytes.is_empty() {
            break;
        }
    }
    let greeting = format!("* OK [CAPABILITY IMAP4rev1{capabilities}] hi\r\n");
    connection.handle_input(greeting.as_bytes(), Time::ZERO);
    let mut server = Server::default();
    let mut quiet = 0;
    while !open.is_empty() && quiet < 3 {
        quiet += 1;
        while let Some(output) = connection.poll_output() {
            match output {
                Output::Transmit(bytes) => {
                    quiet = 0;
                    server.input.extend(bytes);
                }
                Output::Event(Event::Item(id, Item::Wanted(count))) => {
                    quiet = 0;
                    connection
                        .append_chunk(id, &vec![b'x'; count], Time::ZERO)
                        .expect("octets that are wanted");
                }
                Output::Event(Event::Done(id, result)) => {
                    let at = open.iter().position(|(other, _)| *other == id).expect("settled once");
                    let (_, strings) = open.remove(at);
                    // The server says OK to all that it gets, so this one was sent.
                    if result.is_ok() {
                        let lost = strings.iter().find(|string| !server.strings.contains(string));
                        assert_eq!(lost, None, "{:?}", server.lines);
                    }
                }
                Output::Event(_) | Output::Close => {}
            }
        }
        let answer = server.answer();
        connection.handle_input(&answer, Time::ZERO);
    }
    assert!(open.is_empty(), "not settled: {open:?} after {:?}", server.lines);
});

/// Reads as much of IMAP as it takes to find the end of a command: lines, quoted strings, literals.
#[derive(Default)]
struct Server {
    input: Vec<u8>,
    /// How far of the input was read.
    at: usize,
    /// Where the command that is being read begins.
    start: usize,
    lines: Vec<String>,
    /// The tag of the AUTHENTICATE whose answer comes next.
    dialogue: Option<String>,
    /// Words, quoted strings and literals.
    strings: Vec<Vec<u8>>,
}

impl Server {
    /// What to say to all that has arrived.
    fn answer(&mut self) -> Vec<u8> {
        let mut answer = Vec::new();
        while let Some(end) = self.input[self.at..].windows(2).position(|two| two == b"\r\n") {
            let line = &self.input[self.at..self.at + end];
            assert!(!line.iter().any(|byte| b"\r\n\0".contains(byte)), "{line:?}");
            self.lines.push(String::from_utf8_lossy(line).into_owned());
            quoted(line, &mut self.strings);
            self.strings.extend(line.split(|&byte| byte == b' ').map(<[u8]>::to_vec));
            if let Some((size, waits)) = literal(line) {
                let body = self.at + end + 2;
                if waits && self.input.len() == body {
                    answer.extend(b"+ go on\r\n");
                    // The same line is read again once its literal is here.
                    self.lines.pop();
                    return answer;
                }
                let Some(octets) = self.input.get(body..body + size) else { return answer };
                self.strings.push(octets.to_vec());
                self.at = body + size;
                continue;
            }
            let command = &self.input[self.start..self.at + end];
            answer.extend(answer_to(command, &mut self.dialogue).into_bytes());
            self.at += end + 2;
            self.start = self.at;
        }
        answer
    }
}

/// `OK` to every command, and a dialogue of one question for AUTHENTICATE without an initial response.
fn answer_to(command: &[u8], dialogue: &mut Option<String>) -> String {
    if let Some(tag) = dialogue.take() {
        return format!("{tag} OK in\r\n");
    }
    let text = String::from_utf8_lossy(command);
    let mut words = text.split(' ');
    let tag = words.next().unwrap_or_default();
    let is_tag = tag.len() > 1 && tag.starts_with('A') && tag[1..].bytes().all(|byte| byte.is_ascii_digit());
    assert!(is_tag, "a command without a tag: {text}");
    if words.next() == Some("AUTHENTICATE") && words.count() == 1 {
        *dialogue = Some(tag.to_owned());
        return "+ \r\n".to_owned();
    }
    format!("{tag} OK done\r\n")
}

/// `{5}` or `{5+}` at the end of a line.
fn literal(line: &[u8]) -> Option<(usize, bool)> {
    let inside = line.strip_suffix(b"}")?;
    let (inside, waits) = inside.strip_suffix(b"+").map_or((inside, true), |inside| (inside, false));
    let brace = inside.iter().rposition(|&byte| byte == b'{')?;
    Some((std::str::from_utf8(&inside[brace + 1..]).ok()?.parse().ok()?, waits))
}

/// The quoted strings of a line, without their escapes. None is open at its end.
fn quoted(line: &[u8], strings: &mut Vec<Vec<u8>>) {
    let mut bytes = line.iter();
    while let Some(&byte) = bytes.next() {
        if byte != b'"' {
            continue;
        }
        let mut text = Vec::new();
        loop {
            match bytes.next() {
                Some(b'"') => break,
                Some(b'\\') => text.push(*bytes.next().expect("something behind a backslash")),
                Some(&byte) => text.push(byte),
                None => panic!("a quoted string without an end: {:?}", String::from_utf8_lossy(line)),
            }
        }
        strings.push(text);
    }
}
