//! COMPRESS: both sides deflate what they send from here on. RFC 4978.

use crate::imap::command::shared::{Footprint, Server, Task, Transition};
use crate::imap::writer::Writer;
use crate::imap::{Capability, CommandError, Misuse};

/// Turns on DEFLATE in both directions, until the connection ends.
///
/// [`Done::Ok`](crate::imap::Done::Ok) ends it. Nothing is sent behind it until the server has answered: what
/// follows is read as DEFLATE or as text by that answer alone. How much a server's octets may inflate to is capped.
///
/// It is worth its while on slow links, where lists of messages come to a tenth; attachments hardly shrink. It costs
/// some 390 KB of memory a connection, and time: of lists of messages, 84 to 120 MB/s are read where 130 to 410 are
/// without it, and of attachments 94 (natively, on one core).
///
/// Who can put text into a session and watch its length from outside learns a little of what stands beside it, as with
/// every compression below encryption: sign in before, as is the rule here.
///
/// Source: [RFC 4978].
///
/// # Examples
/// ```
/// use postern_protocol::Time;
/// use postern_protocol::imap::command::Compress;
/// use postern_protocol::imap::{CommandError, Config, Connection, Event, Output};
///
/// let now = Time::ZERO;
/// let mut connection = Connection::new(Config::default(), now);
/// connection.handle_input(b"* PREAUTH [CAPABILITY IMAP4rev1] hi\r\n", now);
/// let id = connection.send(Compress, now);
/// let refused = std::iter::from_fn(|| connection.poll_output()).any(|output| {
///     matches!(output, Output::Event(Event::Done(it, Err(CommandError::Unsupported(_)))) if it == id)
/// });
/// assert!(refused);
/// ```
///
/// # Where the server lacks it
/// Nothing is sent and [`CommandError::Unsupported`] ends it: go on without.
///
/// [RFC 4978]: https://www.rfc-editor.org/rfc/rfc4978
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Compress;

impl Compress {
    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(self)
    }
}

impl Task for Compress {
    fn footprint(&self) -> Footprint {
        Footprint::alone()
    }

    fn write(&mut self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        if server.is_compressed {
            return Err(Misuse::AlreadyCompressed.into());
        }
        if !server.has(&Capability::CompressDeflate) {
            return Err(CommandError::Unsupported(Capability::CompressDeflate));
        }
        line.arg("COMPRESS DEFLATE");
        Ok(())
    }

    fn transition(&self, success: bool) -> Option<Transition> {
        success.then_some(Transition::Compressed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::command::Noop;
    use crate::imap::transcript::check_authenticated;

    /// The barrier: nothing goes out behind it before it is answered. What follows a refusal is plain.
    #[test]
    fn a_refusal_leaves_all_as_it_was() {
        check_authenticated(
            "COMPRESS=DEFLATE",
            &[Compress.into(), Noop.into()],
            "U: send
             C: A1 COMPRESS DEFLATE
             U: send
             S: A1 NO [COMPRESSIONACTIVE] TLS does it
             E: #0 Error the server refused: TLS does it
             C: A2 NOOP
             S: A2 OK done
             E: #1 Ok done",
        );
    }

    #[test]
    fn nothing_is_sent_where_the_server_lacks_it() {
        check_authenticated(
            "",
            &[Compress.into()],
            "U: send
             E: #0 Error the server lacks COMPRESS=DEFLATE",
        );
    }
}
