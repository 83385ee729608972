//! What only some servers have: room, rights, notes, and news of mailboxes that are not open.

use super::{Case, Visit, name};
use postern_protocol::imap::command::{
    Command, DeleteAcl, Depth, GetAcl, GetMetadata, GetQuotaRoot, MailboxFilter, MyRights, Notify,
    NotifyEvent, SetAcl, SetMetadata, StoreAction, Watch,
};
use postern_protocol::imap::{CommandError, Entry, Event, Item, Rights, StatusItem};

pub(super) const CASES: &[Case] = &[
    Case::new("quota", quota).and_without(&[&["QUOTA"]]),
    Case::new("acl", acl).and_without(&[&["ACL"]]),
    Case::new("metadata", metadata).and_without(&[&["METADATA"]]),
    Case::new("notify", notify).and_without(&[&["NOTIFY"]]),
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
    let Some(items) = where_it_can(visit, "QUOTA", GetQuotaRoot { mailbox: name("INBOX") }) else { return };
    let storage = items.iter().find_map(|item| match item {
        Item::Quota(quota) => quota.resources.iter().find(|resource| &*resource.name == "STORAGE"),
        _ => None,
    });
    assert_eq!(storage.unwrap().limit, 1_048_576);
}

fn acl(visit: &mut Visit<'_>) {
    let mailbox = || name("Archive");
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
}

fn rights_of(visit: &mut Visit<'_>, identifier: &str) -> Option<String> {
    let (items, _) = visit.session.run(GetAcl { mailbox: name("Archive") });
    let [Item::Acl(acl)] = items.as_slice() else { panic!("{items:?}") };
    let entry = acl.entries.iter().find(|(who, _)| &**who == identifier);
    entry.map(|(_, Rights(rights))| rights.to_string())
}

fn metadata(visit: &mut Visit<'_>) {
    for value in [Some(b"Roses & \"more\"".as_slice()), None] {
        let entry = Entry { name: "/private/comment".into(), value: value.map(Into::into) };
        let set = SetMetadata { mailbox: name("Archive"), entries: vec![entry.clone()] };
        if where_it_can(visit, "METADATA", set).is_none() {
            return;
        }
        let entries = vec!["/private/comment".to_owned()];
        let get = GetMetadata { mailbox: name("Archive"), entries, max_size: None, depth: Depth::Entry };
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
    let is_it = |status: &StatusItem| status.mailbox == name("Archive") && status.messages == Some(1);
    while !matches!(visit.session.next(), Event::Status(status) if is_it(&status)) {}
    visit.session.run(Notify::None);
}
