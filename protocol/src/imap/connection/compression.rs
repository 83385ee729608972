//! DEFLATE below the protocol: what goes out is deflated and flushed, what comes in is inflated before it is framed.
//! RFC 4978, RFC 1951.
//!
//! What one input inflates to is given out in steps, the next one once the driver has taken what the last one meant:
//! so a small input that inflates to a large output is never held whole (security.md S7).

use crate::imap::Misbehaviour;
use miniz_oxide::deflate::core::{CompressorOxide, create_comp_flags_from_zip_params};
use miniz_oxide::deflate::stream::deflate;
use miniz_oxide::inflate::stream::{InflateState, inflate};
use miniz_oxide::{DataFormat, MZError, MZFlush, MZStatus};
use std::fmt;

/// Both directions of a connection that is compressed.
pub(super) struct Compression {
    deflater: Box<CompressorOxide>,
    inflater: Box<InflateState>,
    /// What arrived and is not inflated yet, from `taken` on.
    pending: Vec<u8>,
    taken: usize,
    /// Octets in and out of the inflater since the beginning.
    compressed: u64,
    inflated: u64,
    /// Whether the inflater may hold back output that did not fit.
    is_full: bool,
    plain: Box<[u8; STEP]>,
}

impl Compression {
    /// Begins behind the tagged OK, where both sides do (RFC 4978 section 3).
    pub(super) fn new() -> Self {
        // Raw DEFLATE with a window of 32 KiB, the most that the format has.
        let flags = create_comp_flags_from_zip_params(LEVEL, -15, 0);
        Self {
            deflater: Box::new(CompressorOxide::new(flags)),
            inflater: InflateState::new_boxed(DataFormat::Raw),
            pending: Vec::new(),
            taken: 0,
            compressed: 0,
            inflated: 0,
            is_full: false,
            plain: Box::new([0; STEP]),
        }
    }

    /// Deflates what is about to go out. It ends at a byte, so that the server can act on all of it.
    pub(super) fn deflate(&mut self, mut plain: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        loop {
            let start = out.len();
            out.resize(start + plain.len() / 2 + 256, 0);
            let result = deflate(&mut self.deflater, plain, &mut out[start..], MZFlush::Sync);
            let room_left = start + result.bytes_written < out.len();
            out.truncate(start + result.bytes_written);
            plain = &plain[result.bytes_consumed..];
            // Where the room was used up, there may be more of the flush.
            if (room_left && plain.is_empty()) || result.status.is_err() {
                return out;
            }
        }
    }

    /// Takes in what arrived.
    pub(super) fn take(&mut self, bytes: &[u8]) {
        if self.taken == self.pending.len() {
            self.pending.clear();
            self.taken = 0;
        }
        self.pending.extend_from_slice(bytes);
    }

    /// Inflates the next step; none where more must arrive first.
    pub(super) fn inflate(&mut self) -> Result<Option<&[u8]>, Misbehaviour> {
        let input = &self.pending[self.taken..];
        if input.is_empty() && !self.is_full {
            return Ok(None);
        }
        let result = inflate(&mut self.inflater, input, self.plain.as_mut_slice(), MZFlush::None);
        self.taken += result.bytes_consumed;
        self.compressed += result.bytes_consumed as u64;
        self.inflated += result.bytes_written as u64;
        self.is_full = result.bytes_written == STEP;
        match result.status {
            Ok(MZStatus::Ok) | Err(MZError::Buf) => {}
            // A stream that ends would leave what follows without a meaning.
            _ => return Err(Misbehaviour::Uninflatable),
        }
        if self.inflated > GRACE && self.inflated / self.compressed.max(1) > MAX_RATIO {
            return Err(Misbehaviour::TooMuchInflated);
        }
        Ok((result.bytes_written > 0).then(|| &self.plain[..result.bytes_written]))
    }
}

/// Its tables say nothing to anybody.
impl fmt::Debug for Compression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut compression = f.debug_struct("Compression");
        compression
            .field("compressed", &self.compressed)
            .field("inflated", &self.inflated)
            .finish_non_exhaustive()
    }
}

/// Commands are short: more than zlib's own default gains nothing.
const LEVEL: i32 = 6;

/// Octets that are inflated at once.
const STEP: usize = 32 << 10;

/// DEFLATE can reach 1,032. Lists of flags come to 15, and only mail of one letter repeated to more than 200: up to
/// 32 MiB of that may come, and then the server is taken to be hostile.
const MAX_RATIO: u64 = 200;
const GRACE: u64 = 32 << 20;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Time;
    use crate::imap::command::{Compress, Noop};
    use crate::imap::{CommandError, Config, Connection, ConnectionError, Event, Misuse, Output};

    /// What the other side inflates of `bytes`, with a window of its own.
    fn inflate_all(compression: &mut Compression, bytes: &[u8]) -> Vec<u8> {
        compression.take(bytes);
        let mut all = Vec::new();
        while let Some(plain) = compression.inflate().unwrap() {
            all.extend_from_slice(plain);
        }
        all
    }

    /// Each output can be read at once, whatever its size and however it is cut.
    #[test]
    fn each_output_is_flushed() {
        let (mut ours, mut theirs) = (Compression::new(), Compression::new());
        let noise =
            |size: usize| (0..size).map(|at| u8::try_from(at * at % 251).unwrap()).collect::<Vec<_>>();
        for size in [0, 1, 2, 100, 255, 256, 257, 511, 512, 4096, 32_768, 70_000] {
            for plain in [vec![b'x'; size], noise(size)] {
                let packed = ours.deflate(&plain);
                let (first, second) = packed.split_at(packed.len() / 2);
                let read = [inflate_all(&mut theirs, first), inflate_all(&mut theirs, second)].concat();
                assert!(read == plain, "{size}: {} of {}", read.len(), plain.len());
            }
        }
    }

    /// 40 MiB of one word, at a thousandth of that. What is flushed at a byte can be repeated.
    fn bomb(word: &[u8]) -> Vec<u8> {
        let mut ours = Compression::new();
        let [first, again] = [(); 2].map(|()| ours.deflate(&word.repeat((1 << 20) / word.len())));
        [first, again.repeat(39)].concat()
    }

    #[test]
    fn commands_get_smaller() {
        let mut ours = Compression::new();
        let plain = b"A1 UID FETCH 1:* (FLAGS)\r\n";
        ours.deflate(plain);
        assert!(ours.deflate(b"A2 UID FETCH 1:* (FLAGS)\r\n").len() < plain.len() / 2);
    }

    #[test]
    fn s7_inflate_ratio_is_capped() {
        let mut theirs = Compression::new();
        theirs.take(&bomb(b" "));
        let mut inflated = 0;
        let how = loop {
            match theirs.inflate() {
                Ok(plain) => inflated += plain.unwrap().len() as u64,
                Err(how) => break how,
            }
        };
        assert_eq!(how, Misbehaviour::TooMuchInflated);
        assert!(inflated <= GRACE);
    }

    #[test]
    fn what_is_no_deflate_is_an_error() {
        for bytes in [&[0xff; 40][..], &[0x06]] {
            let mut theirs = Compression::new();
            theirs.take(bytes);
            assert_eq!(theirs.inflate().map(|_| ()), Err(Misbehaviour::Uninflatable), "{bytes:?}");
        }
        // A stream that ends: an empty last block.
        let mut theirs = Compression::new();
        theirs.take(&[0x03, 0x00]);
        assert_eq!(theirs.inflate().map(|_| ()), Err(Misbehaviour::Uninflatable));
    }

    /// A connection that has turned compression on, and the other side of it.
    fn compressed() -> (Connection, Compression) {
        let mut connection = Connection::new(Config::default(), Time::ZERO);
        connection.handle_input(b"* PREAUTH [CAPABILITY IMAP4rev1 COMPRESS=DEFLATE] hi\r\n", Time::ZERO);
        connection.send(Compress, Time::ZERO);
        while connection.poll_output().is_some() {}
        (connection, Compression::new())
    }

    fn outputs(connection: &mut Connection) -> Vec<Output> {
        std::iter::from_fn(|| connection.poll_output()).collect()
    }

    /// Wherever the link cuts between the OK and what is deflated behind it, it all goes to the inflater.
    #[test]
    fn nst12_what_follows_the_ok_is_inflated() {
        let mut server = Compression::new();
        let said = [&b"A1 OK deflated\r\n"[..], &server.deflate(b"* BYE later\r\n")].concat();
        for cut in 0..said.len() {
            let (mut connection, _) = compressed();
            connection.handle_input(&said[..cut], Time::ZERO);
            let mut told = outputs(&mut connection);
            connection.handle_input(&said[cut..], Time::ZERO);
            told.extend(outputs(&mut connection));
            assert!(
                told.iter().any(|it| matches!(it, Output::Event(Event::Bye(_)))),
                "cut at {cut}: {told:?}"
            );
        }
    }

    /// Text that somebody put behind the OK is not read as text.
    #[test]
    fn nst12_plain_text_behind_the_ok_is_never_read() {
        for cut in 0..22 {
            let (mut connection, _) = compressed();
            let said = b"A1 OK deflated\r\n* 3 EXISTS\r\n* 4 EXISTS\r\n";
            connection.handle_input(&said[..cut], Time::ZERO);
            let mut told = outputs(&mut connection);
            connection.handle_input(&said[cut..], Time::ZERO);
            told.extend(outputs(&mut connection));
            assert!(!told.iter().any(|it| matches!(it, Output::Event(Event::Exists(_)))), "{told:?}");
        }
    }

    /// Both ways, with a command that waited behind the barrier, and no second COMPRESS.
    #[test]
    fn commands_and_answers_go_deflated() {
        let (mut connection, mut server) = compressed();
        connection.send(Noop, Time::ZERO);
        let again = connection.send(Compress, Time::ZERO);
        assert_eq!(outputs(&mut connection), [], "nothing goes out before the answer");
        connection.handle_input(b"A1 OK deflated\r\n", Time::ZERO);
        let mut told = outputs(&mut connection);
        let Output::Transmit(sent) = told.remove(0) else { panic!("{told:?}") };
        assert_eq!(inflate_all(&mut server, &sent), b"A2 NOOP\r\n");
        let answer = server.deflate(b"* 3 EXISTS\r\nA2 OK done\r\n");
        connection.handle_input(&answer, Time::ZERO);
        let told = outputs(&mut connection);
        assert!(told.contains(&Output::Event(Event::Exists(3))), "{told:?}");
        let refused = CommandError::Misused(Misuse::AlreadyCompressed);
        assert!(told.contains(&Output::Event(Event::Done(again, Err(refused)))), "{told:?}");
    }

    /// A few KB that inflate to 1.2 MB: only so much of them at a time as the driver takes out.
    #[test]
    fn s7_inflate_output_is_held_back_until_it_is_taken() {
        let (mut connection, mut server) = compressed();
        connection.handle_input(b"A1 OK deflated\r\n", Time::ZERO);
        outputs(&mut connection);
        let flood = server.deflate(&b"* 3 EXISTS\r\n".repeat(100_000));
        connection.handle_input(&flood, Time::ZERO);
        let mut told = 0;
        let mut inflated = 0;
        while let Some(output) = connection.poll_output() {
            assert_eq!(output, Output::Event(Event::Exists(3)));
            told += 1;
            let so_far = connection.compression.as_ref().unwrap().inflated;
            assert!(so_far - inflated <= STEP as u64);
            inflated = so_far;
        }
        assert_eq!(told, 100_000);
    }

    #[test]
    fn s7_a_bomb_ends_the_connection() {
        let (mut connection, _) = compressed();
        connection.handle_input(b"A1 OK deflated\r\n", Time::ZERO);
        outputs(&mut connection);
        let line = [b"* OK ".to_vec(), vec![b'x'; 16 << 10], b"\r\n".to_vec()].concat();
        connection.handle_input(&bomb(&line), Time::ZERO);
        let how = ConnectionError::Misbehaved(Misbehaviour::TooMuchInflated);
        let told = outputs(&mut connection);
        assert_eq!(told[told.len() - 2..], [Output::Event(Event::Closed(how)), Output::Close]);
    }
}
