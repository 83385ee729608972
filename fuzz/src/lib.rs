//! Any command there is, made of whatever bytes the fuzzer gives.

use libfuzzer_sys::arbitrary::{Arbitrary, Result, Unstructured};
use postern_protocol::imap::command::{
    Append, Authenticate, Capability, CatenatePart, ChangedSince, Check, Close, Comparator, Compress,
    Content, Copy, Create, Date, Delete, DeleteAcl, Depth, Enable, Expunge, Fetch, FetchAttribute, Form,
    GetAcl, GetJmapAccess, GetMetadata, GetQuota, GetQuotaRoot, Id, Idle, Language, List, ListRights, Login,
    Logout, MailboxFilter, Mechanism, Mode, Move, MultiSearch, MyRights, Namespace, NewMessage, Noop, Notify,
    NotifyEvent, Octets, Rename, Replace, Resync, Search, SearchKey, SearchReturn, Select, Sequence, SetAcl,
    SetMetadata, SetQuota, Sort, SortBy, SortKey, SortOrder, Status, StatusAttribute, Store, StoreAction,
    StoreAnnotations, StoreLabels, Subscribe, Thread, ThreadBy, UidBatches, Unauthenticate, Unselect,
    Unsubscribe, Watch, Which, Window,
};
use postern_protocol::imap::sasl::{Account, ChannelBinding, Credentials, Nonce, Token};
use postern_protocol::imap::{
    Annotation, Command, DateTime, Entry, Flag, MailboxAttribute, MailboxEncoding, MailboxName, ModSeq,
    Rights, Section, SectionText, SeqNo, SeqSet, Source, Uid, UidSet, UidValidity,
};

/// A command, and the strings that must reach the server as they are where it is carried out.
pub struct Asked {
    pub command: Command,
    pub strings: Vec<Vec<u8>>,
}

/// Any command but those that change how the link itself is read: COMPRESS and IDLE.
pub fn plain_command(u: &mut Unstructured<'_>) -> Result<Asked> {
    let mut maker = Maker { u, strings: Vec::new() };
    let command = maker.command()?;
    Ok(Asked { command, strings: maker.strings })
}

/// Any command.
pub fn any_command(u: &mut Unstructured<'_>) -> Result<Command> {
    match u.int_in_range(0..=12)? {
        0 => Ok(Compress.into()),
        1 => Ok(Idle.into()),
        _ => plain_command(u).map(|asked| asked.command),
    }
}

struct Maker<'a, 'b> {
    u: &'a mut Unstructured<'b>,
    strings: Vec<Vec<u8>>,
}

impl<'b> Maker<'_, 'b> {
    fn command(&mut self) -> Result<Command> {
        Ok(match self.number(50)? {
            0 => Login { user: self.kept()?, password: self.kept()? }.into(),
            1 => Create { mailbox: self.kept_mailbox()?, special_use: self.maybe(Self::special_use)? }.into(),
            2 => Delete { mailbox: self.kept_mailbox()? }.into(),
            3 => Rename { from: self.kept_mailbox()?, to: self.kept_mailbox()? }.into(),
            4 => Subscribe { mailbox: self.kept_mailbox()? }.into(),
            5 => Unsubscribe { mailbox: self.kept_mailbox()? }.into(),
            6 => Status { mailbox: self.kept_mailbox()?, attributes: self.list(Self::status)? }.into(),
            7 => Select { mailbox: self.mailbox()?, mode: self.mode()?, resync: self.maybe(Self::resync)? }
                .into(),
            8 => self.list_command()?.into(),
            9 => Id { fields: self.list(|maker| Ok((maker.text()?, maker.text()?)))? }.into(),
            10 => Search { key: self.key(3)?, returns: self.list(Self::search_return)? }.into(),
            11 => self.store()?.into(),
            12 => self.fetch()?.into(),
            13 => Append { mailbox: self.mailbox()?, messages: self.list(Self::message)? }.into(),
            14 => Authenticate(self.mechanism()?).into(),
            15 => Capability.into(),
            16 => Check.into(),
            17 => Close.into(),
            18 => Comparator { wanted: self.texts()? }.into(),
            19 => Copy { set: self.uids()?, mailbox: self.mailbox()? }.into(),
            20 => DeleteAcl { mailbox: self.mailbox()?, identifier: self.text()? }.into(),
            21 => {
                let capabilities = self.texts()?.iter().map(|name| name.as_str().into()).collect();
                Enable { capabilities }.into()
            }
            22 => Expunge { set: self.maybe(Self::uids)? }.into(),
            23 => GetAcl { mailbox: self.mailbox()? }.into(),
            24 => GetJmapAccess.into(),
            25 => self.get_metadata()?.into(),
            26 => GetQuota { root: self.text()? }.into(),
            27 => GetQuotaRoot { mailbox: self.mailbox()? }.into(),
            28 => Language { wanted: self.texts()? }.into(),
            29 => ListRights { mailbox: self.mailbox()?, identifier: self.text()? }.into(),
            30 => Logout.into(),
            31 => Move { set: self.uids()?, mailbox: self.mailbox()? }.into(),
            32 => {
                let mailboxes = self.list(Self::filter)?;
                MultiSearch { mailboxes, key: self.key(2)?, returns: self.list(Self::search_return)? }.into()
            }
            33 => MyRights { mailbox: self.mailbox()? }.into(),
            34 => Namespace.into(),
            35 => Noop.into(),
            36 => self.notify()?.into(),
            37 => {
                let (uid, mailbox) = (self.uid()?, self.mailbox()?);
                Replace { uid, mailbox, message: self.message()? }.into()
            }
            38 => self.set_acl()?.into(),
            39 => SetMetadata { mailbox: self.mailbox()?, entries: self.list(Self::entry)? }.into(),
            40 => {
                SetQuota { root: self.text()?, limits: self.list(|maker| Ok((maker.text()?, maker.any()?)))? }
                    .into()
            }
            41 => {
                let keys = self.list(Self::sort_key)?;
                Sort { keys, search: self.key(2)?, returns: self.list(Self::search_return)? }.into()
            }
            42 => Thread { by: self.thread_by()?, search: self.key(2)? }.into(),
            43 => StoreAnnotations { set: self.uids()?, annotations: self.list(Self::annotation)? }.into(),
            44 => {
                let (set, action) = (self.uids()?, self.action()?);
                StoreLabels { set, action, labels: self.list(Self::mailbox)? }.into()
            }
            45 => UidBatches {
                size: self.any()?,
                batches: self.maybe(|maker| Ok(maker.any()?..=maker.any()?))?,
            }
            .into(),
            46 => Unauthenticate.into(),
            47 => Unselect.into(),
            _ => Search::new(self.key(3)?).into(),
        })
    }

    fn list_command(&mut self) -> Result<List> {
        let which = match self.number(5)? {
            0 => Which::All,
            1 => Which::Subscribed,
            2 => Which::SubscribedOrAbove,
            3 => Which::SpecialUse,
            _ => Which::Remote,
        };
        let (pattern, status) = (self.mailbox()?, self.list(Self::status)?);
        Ok(List { pattern, which, status, rights: self.any()?, entries: self.texts()? })
    }

    fn store(&mut self) -> Result<Store> {
        let (set, action, flags) = (self.uids()?, self.action()?, self.list(Self::flag)?);
        Ok(Store { set, action, flags, silent: self.any()?, unchanged_since: self.maybe(Self::mod_seq)? })
    }

    fn fetch(&mut self) -> Result<Fetch> {
        let set = match self.any()? {
            true => Sequence::Uid(self.uids()?),
            false => Sequence::Seq(self.numbers()?),
        };
        let items = self.list(Self::attribute)?;
        let since = |maker: &mut Self| Ok(ChangedSince { mod_seq: maker.mod_seq()?, vanished: maker.any()? });
        Ok(Fetch { set, items, changed_since: self.maybe(since)?, partial: self.maybe(Self::window)? })
    }

    fn get_metadata(&mut self) -> Result<GetMetadata> {
        let depth = match self.number(3)? {
            0 => Depth::Entry,
            1 => Depth::Children,
            _ => Depth::Subtree,
        };
        let (mailbox, entries) = (self.mailbox()?, self.texts()?);
        Ok(GetMetadata { mailbox, entries, max_size: self.any()?, depth })
    }

    fn set_acl(&mut self) -> Result<SetAcl> {
        let (mailbox, identifier, action) = (self.mailbox()?, self.text()?, self.action()?);
        Ok(SetAcl { mailbox, identifier, action, rights: Rights(self.text()?.into()) })
    }

    fn notify(&mut self) -> Result<Notify> {
        let watch = |maker: &mut Self| {
            Ok(Watch { mailboxes: maker.filter()?, events: maker.list(Self::notify_event)? })
        };
        Ok(match self.any()? {
            true => Notify::None,
            false => Notify::Set { watches: self.list(watch)?, status: self.any()? },
        })
    }

    fn notify_event(&mut self) -> Result<NotifyEvent> {
        Ok(match self.number(8)? {
            0 => NotifyEvent::MessageNew(self.list(Self::attribute)?),
            1 => NotifyEvent::MessageExpunge,
            2 => NotifyEvent::FlagChange,
            3 => NotifyEvent::AnnotationChange,
            4 => NotifyEvent::MailboxName,
            5 => NotifyEvent::SubscriptionChange,
            6 => NotifyEvent::MailboxMetadataChange,
            _ => NotifyEvent::ServerMetadataChange,
        })
    }

    fn filter(&mut self) -> Result<MailboxFilter> {
        Ok(match self.number(8)? {
            0 => MailboxFilter::Selected,
            1 => MailboxFilter::SelectedDelayed,
            2 => MailboxFilter::Inboxes,
            3 => MailboxFilter::Personal,
            4 => MailboxFilter::Subscribed,
            5 => MailboxFilter::Mailboxes(self.list(Self::mailbox)?),
            6 => MailboxFilter::Subtree(self.list(Self::mailbox)?),
            _ => MailboxFilter::SubtreeOne(self.list(Self::mailbox)?),
        })
    }

    fn mechanism(&mut self) -> Result<Mechanism> {
        Ok(match self.number(10)? {
            0 => Mechanism::Strongest(self.credentials()?),
            1 => Mechanism::Bearer(self.token()?),
            2 => Mechanism::ScramSha256(self.credentials()?),
            3 => Mechanism::ScramSha1(self.credentials()?),
            4 => Mechanism::Plain(self.account()?),
            5 => Mechanism::Login(self.account()?),
            6 => Mechanism::CramMd5(self.account()?),
            7 => Mechanism::OAuthBearer(self.token()?),
            8 => Mechanism::XOAuth2(self.token()?),
            _ if self.any()? => Mechanism::External { act_as: self.maybe(Self::text)? },
            _ => Mechanism::Anonymous { trace: self.text()? },
        })
    }

    fn account(&mut self) -> Result<Account> {
        Ok(Account { user: self.text()?, password: self.text()?, act_as: self.maybe(Self::text)? })
    }

    fn credentials(&mut self) -> Result<Credentials> {
        let binding = |maker: &mut Self| match maker.any()? {
            true => maker.any().map(ChannelBinding::TlsExporter),
            false => maker.any().map(ChannelBinding::TlsServerEndPoint),
        };
        let nonce = Nonce::from_random(self.any()?);
        let credentials = Credentials::new(self.account()?, nonce);
        Ok(Credentials { binding: self.maybe(binding)?, ..credentials })
    }

    fn token(&mut self) -> Result<Token> {
        let server = |maker: &mut Self| Ok((maker.text()?, maker.any()?));
        Ok(Token { user: self.text()?, token: self.text()?, server: self.maybe(server)? })
    }

    fn message(&mut self) -> Result<NewMessage> {
        let part = |maker: &mut Self| match maker.any()? {
            true => maker.text().map(CatenatePart::Url),
            false => maker.octets().map(CatenatePart::Text),
        };
        let content = match self.any()? {
            true => Content::Whole(self.octets()?),
            false => Content::Catenate(self.list(part)?),
        };
        let form = match self.number(3)? {
            0 => Form::Text,
            1 => Form::Binary,
            _ => Form::Utf8,
        };
        let date =
            |maker: &mut Self| Ok(DateTime { unix_seconds: maker.any()?, offset_minutes: maker.any()? });
        Ok(NewMessage { content, form, flags: self.list(Self::flag)?, date: self.maybe(date)? })
    }

    fn octets(&mut self) -> Result<Octets> {
        Ok(match self.number(4)? {
            0 => Octets::Stream(self.number(40)?.into()),
            _ => Octets::Here(self.any()?),
        })
    }

    fn attribute(&mut self) -> Result<FetchAttribute> {
        Ok(match self.number(19)? {
            0 => FetchAttribute::Uid,
            1 => FetchAttribute::Flags,
            2 => FetchAttribute::InternalDate,
            3 => FetchAttribute::Size,
            4 => FetchAttribute::Envelope,
            5 => FetchAttribute::BodyStructure,
            6 => FetchAttribute::ModSeq,
            7 => FetchAttribute::Preview,
            8 => FetchAttribute::LazyPreview,
            9 => FetchAttribute::SaveDate,
            10 => FetchAttribute::EmailId,
            11 => FetchAttribute::ThreadId,
            12 => FetchAttribute::GmailMessageId,
            13 => FetchAttribute::GmailThreadId,
            14 => FetchAttribute::GmailLabels,
            15 => FetchAttribute::Annotations { entries: self.texts()?, attributes: self.texts()? },
            16 => FetchAttribute::BinarySize(self.any()?),
            _ => FetchAttribute::Body { section: self.section()?, peek: self.any()?, partial: self.any()? },
        })
    }

    fn section(&mut self) -> Result<Section> {
        let source = if self.any()? { Source::Body } else { Source::Binary };
        let fields = |maker: &mut Self| Ok(maker.texts()?.into_iter().map(Into::into).collect());
        let text = match self.number(6)? {
            0 => SectionText::All,
            1 => SectionText::Header,
            2 => SectionText::HeaderFields(fields(self)?),
            3 => SectionText::HeaderFieldsNot(fields(self)?),
            4 => SectionText::Text,
            _ => SectionText::Mime,
        };
        Ok(Section { source, part: self.any()?, text })
    }

    fn key(&mut self, depth: u8) -> Result<SearchKey> {
        let last = if depth == 0 { 29 } else { 33 };
        Ok(match self.number(last)? {
            0 => SearchKey::All,
            1 => SearchKey::Unseen,
            2 => SearchKey::Keyword(self.text()?),
            3 => SearchKey::Unkeyword(self.text()?),
            4 => SearchKey::From(self.text()?),
            5 => SearchKey::Subject(self.text()?),
            6 => SearchKey::Body(self.text()?),
            7 => SearchKey::Header(self.text()?, self.text()?),
            8 => SearchKey::Before(self.date()?),
            9 => SearchKey::SentSince(self.date()?),
            10 => SearchKey::SavedOn(self.date()?),
            11 => SearchKey::SaveDateSupported,
            12 => SearchKey::Older(self.any()?),
            13 => SearchKey::Larger(self.any()?),
            14 => SearchKey::Uid(self.uids()?),
            15 => SearchKey::Seq(self.numbers()?),
            16 => SearchKey::Saved,
            17 => SearchKey::ModSeq(self.mod_seq()?),
            18 => SearchKey::FlagModSeq(self.flag()?, self.mod_seq()?),
            19 => SearchKey::EmailId(self.text()?),
            20 => SearchKey::ThreadId(self.text()?),
            21 => SearchKey::Annotation { entry: self.text()?, attribute: self.text()?, text: self.text()? },
            22 => SearchKey::GmailRaw(self.text()?),
            23 => SearchKey::GmailMessageId(self.any()?),
            24 => SearchKey::GmailLabel(self.mailbox()?),
            25 => SearchKey::Recent,
            26 => SearchKey::UidAfter(self.uid()?),
            27 => SearchKey::UidBefore(self.uid()?),
            28 => SearchKey::Filter(self.text()?),
            29 => SearchKey::Fuzzy(self.key(depth - 1)?.into()),
            30 => SearchKey::Not(self.key(depth - 1)?.into()),
            31 => SearchKey::Or(self.key(depth - 1)?.into(), self.key(depth - 1)?.into()),
            _ => SearchKey::And(self.list(|maker| maker.key(depth - 1))?),
        })
    }

    fn search_return(&mut self) -> Result<SearchReturn> {
        Ok(match self.number(8)? {
            0 => SearchReturn::All,
            1 => SearchReturn::Min,
            2 => SearchReturn::Max,
            3 => SearchReturn::Count,
            4 => SearchReturn::Partial(self.window()?),
            5 => SearchReturn::Relevancy,
            6 => SearchReturn::Save,
            _ => SearchReturn::Update,
        })
    }

    fn sort_key(&mut self) -> Result<SortKey> {
        let order = if self.any()? { SortOrder::Ascending } else { SortOrder::Descending };
        let by = match self.number(9)? {
            0 => SortBy::Arrival,
            1 => SortBy::Date,
            2 => SortBy::Size,
            3 => SortBy::Subject,
            4 => SortBy::From,
            5 => SortBy::To,
            6 => SortBy::Cc,
            7 => SortBy::DisplayFrom,
            _ => SortBy::DisplayTo,
        };
        Ok(SortKey { by, order })
    }

    fn thread_by(&mut self) -> Result<ThreadBy> {
        Ok(match self.number(3)? {
            0 => ThreadBy::OrderedSubject,
            1 => ThreadBy::References,
            _ => ThreadBy::Refs,
        })
    }

    fn status(&mut self) -> Result<StatusAttribute> {
        Ok(match self.number(10)? {
            0 => StatusAttribute::Messages,
            1 => StatusAttribute::UidNext,
            2 => StatusAttribute::UidValidity,
            3 => StatusAttribute::Unseen,
            4 => StatusAttribute::Deleted,
            5 => StatusAttribute::Size,
            6 => StatusAttribute::HighestModSeq,
            7 => StatusAttribute::MailboxId,
            8 => StatusAttribute::AppendLimit,
            _ => StatusAttribute::DeletedStorage,
        })
    }

    fn resync(&mut self) -> Result<Resync> {
        let uid_validity = UidValidity::new(self.any()?).or(UidValidity::new(1)).expect("not 0");
        let matches = |maker: &mut Self| Ok((maker.numbers()?, maker.uids()?));
        let known = self.maybe(Self::uids)?;
        Ok(Resync { uid_validity, mod_seq: self.mod_seq()?, known, matches: self.maybe(matches)? })
    }

    fn entry(&mut self) -> Result<Entry> {
        Ok(Entry { name: self.text()?.into(), value: self.any()? })
    }

    fn annotation(&mut self) -> Result<Annotation> {
        let attributes = |maker: &mut Self| Ok((maker.text()?.into(), maker.any()?));
        Ok(Annotation { entry: self.text()?.into(), attributes: self.list(attributes)? })
    }

    fn mode(&mut self) -> Result<Mode> {
        Ok(if self.any()? { Mode::ReadWrite } else { Mode::ReadOnly })
    }

    fn action(&mut self) -> Result<StoreAction> {
        Ok(match self.number(3)? {
            0 => StoreAction::Add,
            1 => StoreAction::Remove,
            _ => StoreAction::Replace,
        })
    }

    fn special_use(&mut self) -> Result<MailboxAttribute> {
        self.text().map(|name| MailboxAttribute::from_name(&name))
    }

    fn flag(&mut self) -> Result<Flag> {
        self.text().map(|name| Flag::from(name.as_str()))
    }

    fn window(&mut self) -> Result<Window> {
        let (first, last) = (self.any()?, self.any()?);
        let window =
            if self.any()? { Window::from_start(first, last) } else { Window::from_end(first, last) };
        Ok(window.or(Window::last(5)).expect("five are a window"))
    }

    fn date(&mut self) -> Result<Date> {
        let date = Date::new(self.any()?, self.any()?, self.any()?);
        Ok(date.or(Date::new(2026, 2, 28)).expect("a day"))
    }

    fn mod_seq(&mut self) -> Result<ModSeq> {
        self.any().map(ModSeq)
    }

    fn uid(&mut self) -> Result<Uid> {
        Ok(Uid::new(self.any()?).or(Uid::new(1)).expect("not 0"))
    }

    fn uids(&mut self) -> Result<UidSet> {
        let mut set = UidSet::new();
        for (first, last) in self.ranges()? {
            if let (Some(first), Some(last)) = (Uid::new(first), Uid::new(last)) {
                set.push_range(first, last);
            }
        }
        Ok(set)
    }

    fn numbers(&mut self) -> Result<SeqSet> {
        let mut set = SeqSet::new();
        for (first, last) in self.ranges()? {
            if let (Some(first), Some(last)) = (SeqNo::new(first), SeqNo::new(last)) {
                set.push_range(first, last);
            }
        }
        Ok(set)
    }

    fn ranges(&mut self) -> Result<Vec<(u32, u32)>> {
        self.list(|maker| {
            let first = maker.number(60)?;
            Ok((first, if maker.any()? { u32::MAX } else { first.saturating_add(maker.number(4)?) }))
        })
    }

    /// A name that goes out as it is.
    fn kept_mailbox(&mut self) -> Result<MailboxName> {
        let name = self.mailbox()?;
        self.strings.push(name.to_wire(MailboxEncoding::default()).into_owned());
        Ok(name)
    }

    fn mailbox(&mut self) -> Result<MailboxName> {
        let name = self.text()?;
        Ok(MailboxName::try_from(name.as_str()).unwrap_or_else(|_| MailboxName::inbox()))
    }

    /// A text that goes out as it is.
    fn kept(&mut self) -> Result<String> {
        let text = self.text()?;
        self.strings.push(text.clone().into_bytes());
        Ok(text)
    }

    fn text(&mut self) -> Result<String> {
        self.any::<&str>().map(str::to_owned)
    }

    fn texts(&mut self) -> Result<Vec<String>> {
        self.list(Self::text)
    }

    /// At most three of them.
    fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> Result<T>) -> Result<Vec<T>> {
        let count = self.number(4)?;
        (0..count).map(|_| item(self)).collect()
    }

    fn maybe<T>(&mut self, item: impl FnOnce(&mut Self) -> Result<T>) -> Result<Option<T>> {
        self.any::<bool>()?.then(|| item(self)).transpose()
    }

    /// One of so many numbers, from 0 on.
    fn number(&mut self, count: u32) -> Result<u32> {
        self.u.int_in_range(0..=count - 1)
    }

    fn any<T: Arbitrary<'b>>(&mut self) -> Result<T> {
        self.u.arbitrary()
    }
}
