//! What a message must be like: the keys of SEARCH, how each is written, and what each needs.
//!
//! RFC 9051 section 6.4.4 and RFC 3501 section 6.4.4, RFC 5032 (WITHIN), RFC 5182 (SEARCHRES), RFC 5257 (ANNOTATE),
//! RFC 5466 (FILTERS), RFC 6203 (FUZZY), RFC 7162 (MODSEQ), RFC 8474 (OBJECTID), RFC 8514 (SAVEDATE), RFC 9738
//! (MESSAGELIMIT), Gmail's X-GM-EXT-1.

use super::Date;
use crate::imap::command::shared::{Answer, Footprint, Server, Touch, write_uids};
use crate::imap::types::{Flag, ModSeq, SeqNo, SeqSet, Uid, UidSet};
use crate::imap::writer::Writer;
use crate::imap::{Capability, CommandError, MailboxName, Misuse};

/// What a message must be like. Texts are found anywhere in the field, in any case, as UTF-8.
///
/// ```
#[doc = include_str!("../example.md")]
/// use postern_protocol::imap::command::SearchKey;
///
/// let key = SearchKey::And(vec![
///     SearchKey::Unseen,
///     SearchKey::Or(SearchKey::From("ann".into()).into(), SearchKey::Subject("invoice".into()).into()),
/// ]);
/// # use postern_protocol::imap::command::Search;
/// assert_eq!(sent("", Search::new(key)), [r#"UID SEARCH UNSEEN OR FROM "ann" SUBJECT "invoice""#]);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum SearchKey {
    /// Any message.
    All,
    /// Has `\Seen`.
    Seen,
    /// Has no `\Seen`.
    Unseen,
    /// Has `\Flagged`.
    Flagged,
    /// Has no `\Flagged`.
    Unflagged,
    /// Has `\Answered`.
    Answered,
    /// Has no `\Answered`.
    Unanswered,
    /// Has `\Deleted`.
    Deleted,
    /// Has no `\Deleted`.
    Undeleted,
    /// Has `\Draft`.
    Draft,
    /// Has no `\Draft`.
    Undraft,
    /// Has `\Recent` and no `\Seen` (RFC 3501; gone in RFC 9051).
    New,
    /// Has no `\Recent` (RFC 3501; gone in RFC 9051).
    Old,
    /// Has `\Recent` (RFC 3501; gone in RFC 9051).
    Recent,
    /// Has this keyword.
    Keyword(String),
    /// Has not this keyword.
    Unkeyword(String),
    /// In the `From:` field.
    From(String),
    /// In the `To:` field.
    To(String),
    /// In the `Cc:` field.
    Cc(String),
    /// In the `Bcc:` field.
    Bcc(String),
    /// In the `Subject:` field.
    Subject(String),
    /// In the body.
    Body(String),
    /// In the header or the body.
    Text(String),
    /// In a field of this name; an empty text asks only whether it is there.
    Header(String, String),
    /// Arrived before this day.
    Before(Date),
    /// Arrived on this day.
    On(Date),
    /// Arrived on this day or later.
    Since(Date),
    /// Has a `Date:` before this day.
    SentBefore(Date),
    /// Has a `Date:` of this day.
    SentOn(Date),
    /// Has a `Date:` of this day or later.
    SentSince(Date),
    /// Came into this mailbox before this day (RFC 8514).
    SavedBefore(Date),
    /// Came into this mailbox on this day (RFC 8514).
    SavedOn(Date),
    /// Came into this mailbox on this day or later (RFC 8514).
    SavedSince(Date),
    /// The mailbox knows when it came in (RFC 8514 section 4.3).
    SaveDateSupported,
    /// Arrived more than so many seconds ago (RFC 5032).
    Older(u32),
    /// Arrived at most so many seconds ago (RFC 5032).
    Younger(u32),
    /// Has more octets.
    Larger(u32),
    /// Has fewer octets.
    Smaller(u32),
    /// Is one of these.
    Uid(UidSet),
    /// Has a higher UID (RFC 9738): where the server has no such key, it is asked for by the UIDs that are not.
    UidAfter(Uid),
    /// Has a lower UID, likewise.
    UidBefore(Uid),
    /// Is one of these, by message number. It waits for whatever might move the numbers, as
    /// [`Sequence::Seq`](crate::imap::command::Sequence::Seq) does.
    Seq(SeqSet),
    /// Is one of those that the last search with [`SearchReturn::Save`](super::SearchReturn::Save) found: `$`
    /// (RFC 5182).
    Saved,
    /// Changed at this modification sequence or later (RFC 7162 section 3.1.5).
    ModSeq(ModSeq),
    /// The same for one flag alone, whoever set it (RFC 7162 section 3.1.5).
    FlagModSeq(Flag, ModSeq),
    /// Has this identifier (RFC 8474).
    EmailId(String),
    /// Is in this conversation (RFC 8474).
    ThreadId(String),
    /// Has an annotation like this (RFC 5257 section 4.8).
    Annotation {
        /// Its name, where `*` and `%` stand for others.
        entry: String,
        /// What of it is looked at: `value`, `value.priv`, `value.shared`.
        attribute: String,
        /// Text in it.
        text: String,
    },
    /// Is like the search that is kept on the server under this name (RFC 5466).
    Filter(String),
    /// As Gmail's own search field has it.
    GmailRaw(String),
    /// Has this id of Gmail's.
    GmailMessageId(u64),
    /// Is in this conversation of Gmail's.
    GmailThreadId(u64),
    /// Has this label of Gmail's.
    GmailLabel(MailboxName),
    /// Is more or less like this, as the server sees it (RFC 6203); exactly, where it can't.
    Fuzzy(Box<SearchKey>),
    /// Is not like this.
    Not(Box<SearchKey>),
    /// Is like one of these, or like both.
    Or(Box<SearchKey>, Box<SearchKey>),
    /// Is like all of these.
    And(Vec<SearchKey>),
}

impl SearchKey {
    /// Writes the key where the server knows it and all that is in it.
    ///
    /// Keys that stand side by side mean all of them (RFC 9051 section 6.4.4), so the outermost need no parentheses, which
    /// not every server reads: hoodiecrow 2.1 says BAD.
    pub(crate) fn write(&self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        match self {
            Self::And(keys) => Self::write_all(keys, line, server, MAX_DEPTH - 1),
            key => key.write_within(line, server, MAX_DEPTH),
        }
    }

    /// `search-key *(SP search-key)`
    fn write_all(
        keys: &[Self],
        line: &mut Writer,
        server: &Server<'_>,
        depth: usize,
    ) -> Result<(), CommandError> {
        let Some((first, rest)) = keys.split_first() else { return Err(Misuse::EmptySet.into()) };
        first.write_within(line, server, depth)?;
        rest.iter().try_for_each(|key| key.write_within(line.words(" "), server, depth))
    }

    fn write_within(&self, line: &mut Writer, server: &Server<'_>, depth: usize) -> Result<(), CommandError> {
        let depth = depth.checked_sub(1).ok_or(Misuse::TooDeep)?;
        if let Some(needed) = self.needs().filter(|needed| !knows(server, needed)) {
            return Err(CommandError::Unsupported(needed));
        }
        match self {
            Self::Fuzzy(key) if server.has(&Capability::SearchFuzzy) => {
                key.write_within(line.words("FUZZY "), server, depth)
            }
            Self::Fuzzy(key) => key.write_within(line, server, depth),
            Self::Not(key) => key.write_within(line.words("NOT "), server, depth),
            Self::Or(a, b) => {
                a.write_within(line.words("OR "), server, depth)?;
                b.write_within(line.words(" "), server, depth)
            }
            Self::And(keys) => {
                Self::write_all(keys, line.words("("), server, depth)?;
                line.words(")");
                Ok(())
            }
            Self::UidAfter(uid) if !knows_uid_ranges(server) => {
                line.words("NOT UID ").set(&up_to(*uid))?;
                Ok(())
            }
            Self::UidBefore(uid) if !knows_uid_ranges(server) => match Uid::new(uid.value() - 1) {
                Some(last) => Self::Uid(up_to(last)).write_one(line),
                None => Self::Not(Box::new(Self::All)).write_within(line, server, depth),
            },
            Self::Seq(_) if server.is_enabled(&Capability::UidOnly) => Err(Misuse::UidOnly.into()),
            _ => self.write_one(line),
        }
    }

    /// One that has no other in it.
    fn write_one(&self, line: &mut Writer) -> Result<(), CommandError> {
        match self {
            Self::Keyword(name) => line.words("KEYWORD ").atom(name)?,
            Self::Unkeyword(name) => line.words("UNKEYWORD ").atom(name)?,
            Self::Header(name, text) => {
                line.words("HEADER ").astring(name.as_bytes())?.words(" ").string(text.as_bytes())?
            }
            Self::Before(date) => date.write(line.words("BEFORE ")),
            Self::On(date) => date.write(line.words("ON ")),
            Self::Since(date) => date.write(line.words("SINCE ")),
            Self::SentBefore(date) => date.write(line.words("SENTBEFORE ")),
            Self::SentOn(date) => date.write(line.words("SENTON ")),
            Self::SentSince(date) => date.write(line.words("SENTSINCE ")),
            Self::SavedBefore(date) => date.write(line.words("SAVEDBEFORE ")),
            Self::SavedOn(date) => date.write(line.words("SAVEDON ")),
            Self::SavedSince(date) => date.write(line.words("SAVEDSINCE ")),
            // RFC 5032 3: not 0.
            Self::Older(seconds) => line.words("OLDER ").number((*seconds).max(1)),
            Self::Younger(seconds) => line.words("YOUNGER ").number((*seconds).max(1)),
            Self::Larger(size) => line.words("LARGER ").number(*size),
            Self::Smaller(size) => line.words("SMALLER ").number(*size),
            Self::Uid(set) => write_uids(line, set)?,
            Self::UidAfter(uid) => line.words("UIDAFTER ").number(uid.value()),
            Self::UidBefore(uid) => line.words("UIDBEFORE ").number(uid.value()),
            Self::Seq(set) => line.set(set)?,
            Self::Filter(name) => line.words("FILTER ").atom(name)?,
            Self::ModSeq(mod_seq) => line.words("MODSEQ ").number(mod_seq.0),
            Self::FlagModSeq(flag, mod_seq) => {
                // RFC 7162 section 7: entry-name = DQUOTE "/flags/" attr-flag DQUOTE
                let entry = format!("/flags/{}", flag.to_string().to_ascii_lowercase());
                line.words("MODSEQ ").string(entry.as_bytes())?.words(" all ").number(mod_seq.0)
            }
            Self::EmailId(id) => line.words("EMAILID ").atom(id)?,
            Self::ThreadId(id) => line.words("THREADID ").atom(id)?,
            Self::Annotation { entry, attribute, text } => {
                // RFC 5257 section 5: the entry is a pattern, the attribute one of three words.
                line.words("ANNOTATION ").string(entry.as_bytes())?;
                line.words(" ").atom(attribute)?.words(" ").string(text.as_bytes())?
            }
            Self::GmailMessageId(id) => line.words("X-GM-MSGID ").number(*id),
            Self::GmailThreadId(id) => line.words("X-GM-THRID ").number(*id),
            Self::GmailLabel(label) => line.words("X-GM-LABELS ").mailbox(label)?,
            other => match other.text() {
                Some((name, text)) => line.words(name).string(text.as_bytes())?,
                None => line.words(other.word()),
            },
        };
        Ok(())
    }

    /// The keys that are one word.
    fn word(&self) -> &'static str {
        match self {
            Self::Seen => "SEEN",
            Self::Unseen => "UNSEEN",
            Self::Flagged => "FLAGGED",
            Self::Unflagged => "UNFLAGGED",
            Self::Answered => "ANSWERED",
            Self::Unanswered => "UNANSWERED",
            Self::Deleted => "DELETED",
            Self::Undeleted => "UNDELETED",
            Self::Draft => "DRAFT",
            Self::Undraft => "UNDRAFT",
            Self::New => "NEW",
            Self::Old => "OLD",
            Self::Recent => "RECENT",
            Self::SaveDateSupported => "SAVEDATESUPPORTED",
            Self::Saved => "$",
            _ => "ALL",
        }
    }

    /// The keys that are a name and a text.
    fn text(&self) -> Option<(&'static str, &str)> {
        Some(match self {
            Self::From(text) => ("FROM ", text),
            Self::To(text) => ("TO ", text),
            Self::Cc(text) => ("CC ", text),
            Self::Bcc(text) => ("BCC ", text),
            Self::Subject(text) => ("SUBJECT ", text),
            Self::Body(text) => ("BODY ", text),
            Self::Text(text) => ("TEXT ", text),
            Self::GmailRaw(text) => ("X-GM-RAW ", text),
            _ => return None,
        })
    }

    /// The capability without which the server does not know this key, whatever is in it.
    fn needs(&self) -> Option<Capability> {
        match self {
            Self::ModSeq(_) | Self::FlagModSeq(..) => Some(Capability::CondStore),
            Self::Older(_) | Self::Younger(_) => Some(Capability::Within),
            Self::SavedBefore(_) | Self::SavedOn(_) | Self::SavedSince(_) | Self::SaveDateSupported => {
                Some(Capability::SaveDate)
            }
            Self::Saved => Some(Capability::SearchRes),
            Self::EmailId(_) | Self::ThreadId(_) => Some(Capability::ObjectId),
            Self::Annotation { .. } => Some(Capability::Annotate),
            Self::Filter(_) => Some(Capability::Filters),
            Self::GmailRaw(_) | Self::GmailMessageId(_) | Self::GmailThreadId(_) | Self::GmailLabel(_) => {
                Some(Capability::GmailExt1)
            }
            _ => None,
        }
    }

    /// Whether any key in it is like this.
    pub(crate) fn has(&self, test: &impl Fn(&Self) -> bool) -> bool {
        test(self)
            || match self {
                Self::Not(key) | Self::Fuzzy(key) => key.has(test),
                Self::Or(a, b) => a.has(test) || b.has(test),
                Self::And(keys) => keys.iter().any(|key| key.has(test)),
                _ => false,
            }
    }

    /// Message numbers go on naming the messages that they named.
    pub(crate) fn expunged(&mut self, gone: SeqNo) {
        match self {
            Self::Seq(set) => {
                *set = set.after_expunge(gone);
                if set.is_empty() {
                    // None of them is there any more, and no message is like this.
                    *self = Self::Not(Box::new(Self::All));
                }
            }
            Self::Not(key) | Self::Fuzzy(key) => key.expunged(gone),
            Self::Or(a, b) => [a, b].into_iter().for_each(|key| key.expunged(gone)),
            Self::And(keys) => keys.iter_mut().for_each(|key| key.expunged(gone)),
            _ => {}
        }
    }

    /// Whether a text in it is more than ASCII, so that the server must be told how it is encoded.
    pub(crate) fn needs_charset(&self) -> bool {
        self.has(&|key| match key {
            Self::Header(_, text) | Self::Annotation { text, .. } => !text.is_ascii(),
            other => other.text().is_some_and(|(_, text)| !text.is_ascii()),
        })
    }
}

/// RFC 9738: UIDAFTER and UIDBEFORE come with MESSAGELIMIT.
fn knows_uid_ranges(server: &Server<'_>) -> bool {
    server.capabilities.iter().any(|it| matches!(it, Capability::MessageLimit(_)))
}

fn up_to(last: Uid) -> UidSet {
    UidSet::all().up_to(last)
}

/// Of a search, and of whatever searches on its way. EXPUNGE may come meanwhile: all of them are by UID.
pub(crate) fn footprint(key: &SearchKey) -> Footprint {
    let numbered = key.has(&|key| matches!(key, SearchKey::Seq(_)));
    Footprint { numbered, ..Footprint::of([Touch::Answer(Answer::Search), Touch::Choose]) }
}

fn knows(server: &Server<'_>, capability: &Capability) -> bool {
    match capability {
        // RFC 7162 section 3.2.3: QRESYNC has CONDSTORE in it.
        Capability::CondStore => server.has(capability) || server.has(&Capability::QResync),
        // RFC 9051 appendix E has it built in.
        Capability::SearchRes => server.has_or_rev2(capability),
        other => server.has(other),
    }
}

/// Servers read keys by recursion, and some end the session where it gets too deep.
const MAX_DEPTH: usize = 50;
