//! What only some servers have: room, rights, notes, news of mailboxes that are not open, languages.

use super::{Case, Visit, messages, set};
use postern_protocol::imap::command::{
    Command, Comparator, DeleteAcl, Depth, Fetch, FetchAttribute, GetAcl, GetJmapAccess, GetMetadata,
    GetQuota, GetQuotaRoot, Language, ListRights, MailboxFilter, MyRights, Noop, Notify, NotifyEvent, SetAcl,
    SetMetadata, SetQuota, StoreAction, StoreAnnotations, StoreLabels, Unauthenticate, Watch,
};
use postern_protocol::imap::{
    Annotation, CommandError, Entry, Event, FetchItem, Item, Rights, State, StatusItem,
};

pub(super) const CASES: &[Case] = &[
    Case::new("quota", quota).and_without(&[&["QUOTA"]]),
    Case::new("acl", acl).and_without(&[&["ACL"]]),
    Case::new("metadata", metadata).and_without(&[&["METADATA"]]),
    Case::new("annotations", annotations).and_without(&[&["ANNOTATE-EXPERIMENT-1"]]),
    Case::new("notify", notify).and_without(&[&["NOTIFY"]]),
    Case::new("few", what_few_have),
];

/// Runs a command where the server can; else it must say that it can't.
pub(super) fn where_it_can(
    visit: &mut Visit<'_>,
    capability: &str,
    command: impl Into<Command>,
) -> Option<Vec<Item>> {
    let (items, done) = visit.session.attempt(command);
    if visit.has(capability) {
        assert!(done.is_ok(), "{done:?}");
        return Some(items);
    }
    assert!(matches!(done, Err(CommandError::Unsupported(_))), "{done:?}");
    None
}

fn quota(visit: &mut Visit<'_>) {
    let Some(items) = where_it_can(visit, "QUOTA", GetQuotaRoot { mailbox: visit.name("INBOX") }) else {
        return;
    };
    let quota = items.iter().find_map(|item| if let Item::Quota(quota) = item { Some(quota) } else { None });
    let quota = quota.unwrap();
    let storage = quota.resources.iter().find(|resource| &*resource.name == "STORAGE");
    assert_eq!(storage.unwrap().limit, 1_048_576);

    let root = quota.root.to_string();
    let (items, done) = visit.session.attempt(GetQuota { root: root.clone() });
    // Cyrus 3.6 tells administrators alone what a root has.
    let is_told = done.is_ok() && items == [Item::Quota(quota.clone())];
    assert!(is_told || matches!(done, Err(CommandError::Refused(_))), "{items:?} {done:?}");
    let (_, done) = visit.session.attempt(SetQuota { root, limits: vec![("STORAGE".to_owned(), 1)] });
    assert!(matches!(done, Err(CommandError::Refused(_))), "administrators only: {done:?}");
    // Cyrus reads the rest of the refused line as another command and complains of it, to no one in particular.
    visit.session.run(Noop);
}

fn acl(visit: &mut Visit<'_>) {
    let archive = visit.name("Archive");
    let mailbox = || archive.clone();
    let rights = Rights("lr".into());
    let command =
        SetAcl { mailbox: mailbox(), identifier: "anyone".into(), action: StoreAction::Replace, rights };
    if where_it_can(visit, "ACL", command).is_none() {
        return;
    }
    assert_eq!(rights_of(visit, "anyone").as_deref(), Some("lr"));
    let identifier = "anyone".to_owned();
    visit.session.run(DeleteAcl { mailbox: mailbox(), identifier });
    assert_eq!(rights_of(visit, "anyone"), None);
    let (items, _) = visit.session.run(MyRights { mailbox: mailbox() });
    let [Item::MyRights(mine)] = items.as_slice() else { panic!("{items:?}") };
    assert!(mine.rights.contains('a') && mine.rights.contains('r'), "{mine:?}");
    let (items, _) = visit.session.run(ListRights { mailbox: mailbox(), identifier: "anyone".to_owned() });
    let [Item::ListRights(rights)] = items.as_slice() else { panic!("{items:?}") };
    let mut all = rights.optional.iter().chain([&rights.required]);
    assert!(all.any(|some| some.contains('r')), "{rights:?}");
}

fn rights_of(visit: &mut Visit<'_>, identifier: &str) -> Option<String> {
    let (items, _) = visit.session.run(GetAcl { mailbox: visit.name("Archive") });
    let [Item::Acl(acl)] = items.as_slice() else { panic!("{items:?}") };
    let entry = acl.entries.iter().find(|(who, _)| &**who == identifier);
    entry.map(|(_, Rights(rights))| rights.to_string())
}

fn metadata(visit: &mut Visit<'_>) {
    for value in [Some(b"Roses & \"more\"".as_slice()), None] {
        let entry = Entry { name: "/private/comment".into(), value: value.map(Into::into) };
        let set = SetMetadata { mailbox: visit.name("Archive"), entries: vec![entry.clone()] };
        if where_it_can(visit, "METADATA", set).is_none() {
            return;
        }
        let entries = vec!["/private/comment".to_owned()];
        let get =
            GetMetadata { mailbox: visit.name("Archive"), entries, max_size: None, depth: Depth::Entry };
        let (items, _) = visit.session.run(get);
        let found: Vec<&Entry> = items.iter().flat_map(notes).collect();
        // One without a value may be left out.
        assert!(found == [&entry] || (value.is_none() && found.is_empty()), "{found:?}");
    }
}

fn notes(item: &Item) -> &[Entry] {
    if let Item::Metadata(metadata) = item { &metadata.entries } else { &[] }
}

fn notify(visit: &mut Visit<'_>) {
    let events = vec![NotifyEvent::MessageNew(vec![]), NotifyEvent::MessageExpunge];
    let watches = vec![Watch { mailboxes: MailboxFilter::Personal, events }];
    if where_it_can(visit, "NOTIFY", Notify::Set { watches, status: false }).is_none() {
        return;
    }
    visit.fill("Archive", &["Subject: One\n\n"]);
    let archive = visit.name("Archive");
    let is_it = |status: &StatusItem| status.mailbox == archive && status.messages == Some(1);
    while !matches!(visit.session.next(), Event::Status(status) if is_it(&status)) {}
    visit.session.run(Notify::None);
}

fn annotations(visit: &mut Visit<'_>) {
    visit.fill("INBOX", &["Subject: One\n\n"]);
    visit.open("INBOX");
    let value = ("value.priv".into(), Some((*b"call back").into()));
    let annotations = vec![Annotation { entry: "/comment".into(), attributes: vec![value] }];
    let store = StoreAnnotations { set: set(&[1]), annotations: annotations.clone() };
    if where_it_can(visit, "ANNOTATE-EXPERIMENT-1", store).is_none() {
        return;
    }
    let (entries, attributes) = (vec!["/comment".to_owned()], vec!["value.priv".to_owned()]);
    let fetch = Fetch::new(set(&[1]), vec![FetchAttribute::Annotations { entries, attributes }]);
    let (items, _) = visit.session.run(fetch);
    assert_eq!(messages(items).remove(0).items, [FetchItem::Annotations(annotations)]);
}

fn what_few_have(visit: &mut Visit<'_>) {
    visit.fill("INBOX", &["Subject: One\n\n"]);
    visit.open("INBOX");
    where_it_can(visit, "LANGUAGE", Language::default());
    where_it_can(visit, "I18NLEVEL=2", Comparator::default());
    where_it_can(visit, "JMAPACCESS", GetJmapAccess);
    let labels = vec![visit.name("Family")];
    where_it_can(visit, "X-GM-EXT-1", StoreLabels { set: set(&[1]), action: StoreAction::Add, labels });
    let is_out = where_it_can(visit, "UNAUTHENTICATE", Unauthenticate).is_some();
    let expected = if is_out { State::NotAuthenticated } else { State::Selected };
    assert_eq!(visit.session.connection.state(), expected);
}
