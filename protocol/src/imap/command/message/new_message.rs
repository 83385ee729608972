//! A message on its way to the server, for APPEND and REPLACE: where its octets come from and what is told with
//! it. RFC 9051 section 6.3.12; RFC 4469 for CATENATE, RFC 6855 section 4 for UTF8, RFC 7889 for the limit.

use crate::imap::command::shared::Server;
use crate::imap::writer::{Literal, Literals, Writer};
use crate::imap::{Capability, CommandError, DateTime, Flag, MailboxEncoding, Misuse};

/// One message to store.
///
/// ```
/// use postern_protocol::imap::Flag;
/// use postern_protocol::imap::command::{Append, NewMessage};
/// use postern_protocol::imap::MailboxName;
///
/// let draft = NewMessage::from(b"Subject: Tea\r\n\r\nAt four?\r\n".to_vec()).flags([Flag::Draft, Flag::Seen]);
/// let append = Append::new(MailboxName::try_from("Drafts")?, draft);
/// // 25 MB that are nowhere in memory as a whole: handed in as the connection wants them.
/// let large = NewMessage::stream(25_000_000);
/// # let _ = (append, large);
/// # Ok::<(), postern_protocol::imap::InvalidMailboxName>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMessage {
    /// Where its octets come from.
    pub content: Content,
    /// What kind of octets they are.
    pub form: Form,
    /// The flags that it begins with.
    pub flags: Vec<Flag>,
    /// When it was received; the server takes the present time where none is given.
    pub date: Option<DateTime>,
}

/// Where the octets of a message come from.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Content {
    /// From here.
    Whole(Octets),
    /// From here and from messages that the server has already, joined in this order (CATENATE, RFC 4469).
    Catenate(Vec<CatenatePart>),
}

/// A piece of a message that the server puts together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CatenatePart {
    /// An IMAP URL (RFC 5092), from the server's root or relative to the mailbox:
    /// `/Drafts;UIDVALIDITY=385759045/;UID=20/;SECTION=1.2`.
    Url(String),
    /// Octets from here.
    Text(Octets),
}

/// Octets that go to the server, never none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Octets {
    /// In memory already.
    Here(Vec<u8>),
    /// So many, handed in one chunk after the other by
    /// [`Connection::append_chunk`](crate::imap::Connection::append_chunk) as
    /// [`Item::Wanted`](crate::imap::Item::Wanted) asks for them.
    Stream(u64),
}

/// What kind of octets a message is made of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Form {
    /// Without NUL: what mail is made of.
    #[default]
    Text,
    /// Any octets at all (BINARY, RFC 3516; every server of RFC 9051).
    Binary,
    /// With UTF-8 in its header (UTF8=ACCEPT, RFC 6855 section 4), which [`Enable`](crate::imap::command::Enable) must have
    /// turned on.
    Utf8,
}

impl NewMessage {
    /// A message of so many octets that are handed in as they are wanted.
    #[must_use]
    pub fn stream(size: u64) -> Self {
        Self::of(Content::Whole(Octets::Stream(size)))
    }

    /// A message that the server puts together.
    #[must_use]
    pub fn catenate(parts: impl Into<Vec<CatenatePart>>) -> Self {
        Self::of(Content::Catenate(parts.into()))
    }

    /// The same with these flags.
    #[must_use]
    pub fn flags(self, flags: impl Into<Vec<Flag>>) -> Self {
        Self { flags: flags.into(), ..self }
    }

    /// The same as received at this time.
    #[must_use]
    pub fn received(self, date: DateTime) -> Self {
        Self { date: Some(date), ..self }
    }

    /// The same, of another kind of octets.
    #[must_use]
    pub fn form(self, form: Form) -> Self {
        Self { form, ..self }
    }

    fn of(content: Content) -> Self {
        Self { content, form: Form::default(), flags: Vec::new(), date: None }
    }

    /// The octets that come from here. What the server puts in itself is not known.
    fn size(&self) -> u64 {
        match &self.content {
            Content::Whole(octets) => octets.size(),
            Content::Catenate(parts) => parts.iter().map(CatenatePart::size).sum(),
        }
    }

    /// Whether this server can take it, before a byte goes out.
    pub(super) fn check(&self, limit: Option<u64>, server: &Server<'_>) -> Result<(), CommandError> {
        let unsupported = |capability| Err(CommandError::Unsupported(capability));
        let parts = match &self.content {
            Content::Whole(octets) => std::slice::from_ref(octets).iter().collect::<Vec<_>>(),
            Content::Catenate(_) if !server.has(&Capability::Catenate) => {
                return unsupported(Capability::Catenate);
            }
            Content::Catenate(parts) if parts.is_empty() => return Err(Misuse::EmptyMessage.into()),
            Content::Catenate(parts) => parts.iter().filter_map(CatenatePart::octets).collect(),
        };
        // RFC 3502 6.3.11: an empty message would take back the whole command.
        if parts.iter().any(|octets| octets.size() == 0) {
            return Err(Misuse::EmptyMessage.into());
        }
        let takes_any = server.has_or_rev2(&Capability::Binary);
        match self.form {
            Form::Binary if !takes_any => return unsupported(Capability::Binary),
            Form::Utf8 if !server.has(&Capability::Utf8Accept) => return unsupported(Capability::Utf8Accept),
            Form::Text if parts.iter().any(|octets| octets.has_nul()) && !takes_any => {
                return unsupported(Capability::Binary);
            }
            _ => {}
        }
        self.check_words()?;
        match limit {
            Some(limit) if self.size() > limit => Err(CommandError::TooLarge { limit }),
            _ => Ok(()),
        }
    }

    /// Whether all but the octets can be written: a command of several messages may not fail halfway.
    fn check_words(&self) -> Result<(), Misuse> {
        let mut scratch = Writer::new("", Literals::Any, MailboxEncoding::default());
        for flag in &self.flags {
            scratch.flag(flag)?;
        }
        if let Some(date) = &self.date {
            scratch.date_time(date)?;
        }
        if let Content::Catenate(parts) = &self.content {
            for part in parts {
                if let CatenatePart::Url(url) = part {
                    scratch.astring(url.as_bytes())?;
                }
            }
        }
        Ok(())
    }

    /// `append-message = append-opts SP append-data`, behind a space.
    pub(super) fn write(self, line: &mut Writer) -> Result<(), Misuse> {
        // The list always, though it may be empty: Twisted's server (26.10) fails where it is left out.
        line.words(" (");
        for (at, flag) in self.flags.iter().enumerate() {
            line.words(if at == 0 { "" } else { " " }).flag(flag)?;
        }
        line.words(")");
        if let Some(date) = &self.date {
            line.words(" ").date_time(date)?;
        }
        line.words(" ");
        match self.content {
            Content::Whole(octets) if self.form == Form::Utf8 => {
                line.words("UTF8 (");
                octets.write(Literal::Binary, line);
                line.words(")");
            }
            Content::Whole(octets) => octets.write(self.form.into(), line),
            Content::Catenate(parts) => {
                line.words("CATENATE (");
                for (at, part) in parts.into_iter().enumerate() {
                    line.words(if at == 0 { "" } else { " " });
                    part.write(self.form, line)?;
                }
                line.words(")");
            }
        }
        Ok(())
    }
}

/// A message in memory.
impl From<Vec<u8>> for NewMessage {
    fn from(octets: Vec<u8>) -> Self {
        Self::of(Content::Whole(Octets::Here(octets)))
    }
}

impl CatenatePart {
    fn octets(&self) -> Option<&Octets> {
        match self {
            Self::Url(_) => None,
            Self::Text(octets) => Some(octets),
        }
    }

    fn size(&self) -> u64 {
        self.octets().map_or(0, Octets::size)
    }

    /// `cat-part = text-literal / url`
    fn write(self, form: Form, line: &mut Writer) -> Result<(), Misuse> {
        match self {
            Self::Url(url) => {
                line.words("URL ").astring(url.as_bytes())?;
            }
            Self::Text(octets) => {
                line.words("TEXT ");
                octets.write(form.into(), line);
            }
        }
        Ok(())
    }
}

impl Octets {
    fn size(&self) -> u64 {
        match self {
            Self::Here(octets) => octets.len() as u64,
            Self::Stream(size) => *size,
        }
    }

    fn has_nul(&self) -> bool {
        matches!(self, Self::Here(octets) if octets.contains(&0))
    }

    fn write(self, literal: Literal, line: &mut Writer) {
        match self {
            // RFC 9051 9: only a literal8 may hold NUL.
            Self::Here(octets) if octets.contains(&0) => line.octets(Literal::Binary, octets),
            Self::Here(octets) => line.octets(literal, octets),
            Self::Stream(size) => line.stream(literal, size),
        };
    }
}

impl From<Form> for Literal {
    fn from(form: Form) -> Self {
        match form {
            Form::Text => Self::Text,
            Form::Binary | Form::Utf8 => Self::Binary,
        }
    }
}
