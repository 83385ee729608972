//! From bytes to responses and bodies: reads each frame and passes it on. Bodies pass through in chunks and are
//! held nowhere.

use super::outbox::Link;
use super::{CommandId, Connection, ConnectionError, Event};
use crate::Time;
use crate::imap::{BodyHead, BodyStart, Frame, Item, Misbehaviour, Raw, Reader, Response, SeqNo, State, Uid};
use std::ops::Range;

/// A body that is streaming to the command that asked for it. Without an owner it is thrown away.
#[derive(Debug)]
pub(super) struct Body {
    pub(super) owner: Option<CommandId>,
    /// Which of its octets were asked for.
    octets: Range<u64>,
    /// How many have come.
    come: u64,
    /// Octets since the last time that they counted as progress.
    uncounted: usize,
}

impl Body {
    /// What was asked for of the octets that come next.
    fn asked_for<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        let place = |at: u64| {
            usize::try_from(at.saturating_sub(self.come)).map_or(bytes.len(), |at| at.min(bytes.len()))
        };
        let asked_for = place(self.octets.start)..place(self.octets.end);
        self.come += bytes.len() as u64;
        &bytes[asked_for]
    }
}

impl Connection {
    /// Takes what arrived.
    pub(super) fn receive(&mut self, bytes: &[u8], now: Time) {
        if self.over {
            return;
        }
        if self.compression.is_none() {
            self.take_frames(bytes, now);
            // NST 12: whatever came behind the OK of COMPRESS is DEFLATE, and never read as text.
            if self.compression.is_some() {
                let rest = self.framer.take_unread();
                self.receive(&rest, now);
            }
            return;
        }
        if let Some(compression) = &mut self.compression {
            compression.take(bytes);
        }
        self.receive_compressed(now);
    }

    /// Takes the next step of what is inflated; what that meant must be taken out before the one after it.
    ///
    /// True where there was one.
    pub(super) fn receive_compressed(&mut self, now: Time) -> bool {
        let Some(mut compression) = self.compression.take_if(|_| !self.over) else { return false };
        let step = match compression.inflate() {
            Ok(Some(plain)) => {
                self.take_frames(plain, now);
                true
            }
            Ok(None) => false,
            Err(how) => {
                self.end(ConnectionError::Misbehaved(how), Link::There);
                true
            }
        };
        self.compression = Some(compression);
        step
    }

    /// Takes plain bytes, frame by frame.
    fn take_frames(&mut self, bytes: &[u8], now: Time) {
        // A frame borrows from the framer, so the framer stands aside meanwhile.
        let mut framer = std::mem::take(&mut self.framer);
        let was_compressed = self.compression.is_some();
        framer.handle_input(bytes);
        while !self.over && self.compression.is_some() == was_compressed {
            let outcome = match framer.poll_frame() {
                Ok(None) => break,
                Ok(Some(frame)) => self.handle_frame(frame, now),
                Err(_) => Err(Misbehaviour::Unframeable),
            };
            if let Err(how) = outcome {
                self.end(ConnectionError::Misbehaved(how), Link::There);
            }
        }
        self.framer = framer;
    }

    fn handle_frame(&mut self, frame: Frame<'_>, now: Time) -> Result<(), Misbehaviour> {
        match frame {
            Frame::Response(raw) => match self.reader().read(raw) {
                Ok(reading) => self.handle_response(reading.response, now),
                Err(_) => self.handle_unreadable(raw.bytes),
            },
            Frame::BodyHead { head, size } => self.begin_body(head, size),
            Frame::BodyChunk(bytes) => {
                self.take_chunk(bytes, now);
                Ok(())
            }
            Frame::BodyEnd => {
                if let Some(body) = self.body.take() {
                    self.flight.note_work(now);
                    self.tell_item(body.owner, Item::BodyEnd);
                }
                Ok(())
            }
        }
    }

    fn reader(&self) -> Reader {
        Reader { encoding: self.session.encoding(), strict: false }
    }

    /// Sets aside what can't be read. Only what answers or greets must be understood: without it nothing that
    /// follows can be relied on.
    fn handle_unreadable(&mut self, bytes: &[u8]) -> Result<(), Misbehaviour> {
        match self.session.state {
            State::Connecting => return Err(Misbehaviour::BadGreeting),
            _ if !bytes.starts_with(b"* ") => return Err(Misbehaviour::Unreadable),
            State::NotAuthenticated if fetch_number(bytes).is_some() => {
                return Err(Misbehaviour::DataBeforeAuthentication);
            }
            _ => {}
        }
        let reading = self.flight.sent_mut().find(|sent| sent.task.reads_messages());
        match (fetch_number(bytes), reading) {
            (Some(named), Some(sent)) => {
                let owner = sent.owner;
                let uid = named.uid.or_else(|| find_uid(bytes));
                self.tell_item(owner, Item::Unreadable { seq: named.seq, uid });
            }
            _ => self.outbox.event(Event::Unhandled(Response::Unknown(bytes.to_vec().into()))),
        }
        Ok(())
    }

    fn begin_body(&mut self, head: Raw<'_>, size: u64) -> Result<(), Misbehaviour> {
        match self.session.state {
            State::Connecting => return Err(Misbehaviour::BadGreeting),
            State::NotAuthenticated => return Err(Misbehaviour::DataBeforeAuthentication),
            _ => {}
        }
        self.body = None;
        // One that can't be read, or that nobody asked for, is thrown away as it comes.
        let Ok(BodyHead { seq, uid, section, origin }) = self.reader().read_body_head(head) else {
            return Ok(());
        };
        let start = BodyStart { seq, uid, section, origin, size };
        let Some(sent) = self.flight.sent_mut().find(|sent| sent.task.wants_body(&start)) else {
            return Ok(());
        };
        let owner = sent.owner;
        let octets = sent.task.octets_of(&start);
        let start = BodyStart { size: octets.end - octets.start, ..start };
        self.body = Some(Body { owner, octets, come: 0, uncounted: 0 });
        self.tell_item(owner, Item::BodyStart(start));
        Ok(())
    }

    fn take_chunk(&mut self, bytes: &[u8], now: Time) {
        let Some(body) = &mut self.body else { return };
        // A byte a minute is not progress (security.md S10).
        body.uncounted += bytes.len();
        if body.uncounted >= PROGRESS {
            body.uncounted = 0;
            self.flight.note_work(now);
        }
        let asked_for = body.asked_for(bytes);
        if let Some(id) = body.owner
            && !asked_for.is_empty()
        {
            self.outbox.event(Event::Item(id, Item::BodyChunk(asked_for.to_vec())));
        }
    }

    pub(super) fn tell_item(&mut self, owner: Option<CommandId>, item: Item) {
        if let Some(id) = owner {
            self.outbox.event(Event::Item(id, item));
        }
    }
}

/// The number that a FETCH response begins with, as far as it can be read.
struct Named {
    seq: Option<SeqNo>,
    uid: Option<Uid>,
}

/// The message that `* 23 FETCH …` or `* 23 UIDFETCH …` is about; none where it is no such response at all.
fn fetch_number(bytes: &[u8]) -> Option<Named> {
    let mut words = bytes.splitn(4, |&byte| byte == b' ').skip(1);
    let (number, name) = (number_of(words.next()?), words.next()?.trim_ascii_end());
    if name.eq_ignore_ascii_case(b"FETCH") {
        return Some(Named { seq: number.and_then(SeqNo::new), uid: None });
    }
    let by_uid = name.eq_ignore_ascii_case(b"UIDFETCH");
    by_uid.then(|| Named { seq: None, uid: number.and_then(Uid::new) })
}

/// The UID in a FETCH response that can't be read, where it says one before it goes wrong.
fn find_uid(bytes: &[u8]) -> Option<Uid> {
    let open = bytes.iter().position(|&byte| byte == b'(')?;
    let mut words = bytes[open + 1..].split(|&byte| matches!(byte, b' ' | b')' | b'\r'));
    words.next().filter(|word| word.eq_ignore_ascii_case(b"UID"))?;
    Uid::new(number_of(words.next()?)?)
}

fn number_of(digits: &[u8]) -> Option<u32> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// Octets of a body that count as a sign of life.
const PROGRESS: usize = 4096;
