//! Finding, making, renaming, counting and opening mailboxes.

use super::{Case, Visit};
use crate::nature::{Nature, Oddity};
use postern_protocol::imap::command::{
    Create, Delete, List, Mode, Namespace, Rename, Select, Status, StatusAttribute, Subscribe, Unsubscribe,
    Which,
};
use postern_protocol::imap::{
    Code, CommandError, Done, Item, ListItem, MailboxAttribute, MailboxName, State, StatusItem, Uid,
};

pub(super) const CASES: &[Case] = &[
    Case::new("list", list).and_without(&[&["LIST-EXTENDED"], &["LIST-EXTENDED", "SPECIAL-USE"]]),
    Case::new("counted", list_counted).and_without(&[&["LIST-STATUS"], &["LIST-STATUS", "LIST-EXTENDED"]]),
    Case::new("subscribe", subscribe).and_without(&[&["LIST-EXTENDED"]]),
    Case::new("create", create_rename_delete),
    Case::new("special", create_special).and_without(&[&["CREATE-SPECIAL-USE"]]),
    Case::new("status", status).and_without(&[&["STATUS=SIZE", "CONDSTORE", "QRESYNC"]]),
    Case::new("mailbox_id", mailbox_id),
    Case::new("select", select).and_without(&[&["CONDSTORE", "QRESYNC"]]),
    Case::new("examine", examine),
    Case::new("missing", missing),
    Case::new("namespace", namespace).and_without(&[&["NAMESPACE"]]),
];

fn list(visit: &mut Visit<'_>) {
    let found = mailboxes(visit, List::all());
    assert!(found.iter().any(|mailbox| mailbox.name == MailboxName::inbox()), "{found:?}");
    for (name, what) in [("Sent", MailboxAttribute::Sent), ("Trash", MailboxAttribute::Trash)] {
        let mailbox = find(visit, &found, name);
        assert_eq!(mailbox.delimiter, Some(visit.host.nature().delimiter));
        assert!(!visit.has("SPECIAL-USE") || mailbox.attributes.contains(&what), "{mailbox:?}");
    }
}

fn list_counted(visit: &mut Visit<'_>) {
    visit.fill("Archive", &["Subject: One\n\n", "Subject: Two\n\n"]);
    let status = vec![StatusAttribute::Messages, StatusAttribute::Unseen, StatusAttribute::UidNext];
    let (items, _) = visit.session.run(List { status, ..List::all() });
    let counts: Vec<StatusItem> = items
        .into_iter()
        .filter_map(|item| if let Item::Status(status) = item { Some(status) } else { None })
        .collect();
    let archive = counts.iter().find(|status| status.mailbox == visit.name("Archive")).unwrap();
    assert_eq!((archive.messages, archive.unseen, archive.uid_next), (Some(2), Some(2), Uid::new(3)));
    let inbox = counts.iter().find(|status| status.mailbox == MailboxName::inbox()).unwrap();
    assert_eq!(inbox.messages, Some(0));
}

fn subscribe(visit: &mut Visit<'_>) {
    let mailbox = visit.name("Letters");
    visit.session.run(Create { mailbox: mailbox.clone(), special_use: None });
    let subscribed = List { which: Which::Subscribed, ..List::all() };
    visit.session.run(Unsubscribe { mailbox: mailbox.clone() });
    assert!(!mailboxes(visit, subscribed.clone()).iter().any(|found| found.name == mailbox));
    visit.session.run(Subscribe { mailbox: mailbox.clone() });
    assert!(mailboxes(visit, subscribed).iter().any(|found| found.name == mailbox));
}

fn create_rename_delete(visit: &mut Visit<'_>) {
    let (from, to) = (visit.name("Reisen/Österreich"), visit.name("Reisen/日本の庭 & more"));
    visit.session.run(Create { mailbox: from.clone(), special_use: None });
    let (_, done) = visit.session.attempt(Create { mailbox: from.clone(), special_use: None });
    assert!(matches!(done, Err(CommandError::Refused(_))), "it is there already: {done:?}");

    visit.session.run(Rename { from: from.clone(), to: to.clone() });
    let pattern = visit.name("Reisen/%");
    let names: Vec<_> = mailboxes(visit, List { pattern: pattern.clone(), ..List::all() });
    assert_eq!(names.iter().map(|found| &found.name).collect::<Vec<_>>(), [&to]);

    visit.session.run(Delete { mailbox: to });
    assert!(mailboxes(visit, List { pattern, ..List::all() }).is_empty());
}

/// Where the server can't be told what a mailbox is for, the mailbox is made all the same.
fn create_special(visit: &mut Visit<'_>) {
    let special_use = Some(MailboxAttribute::Junk);
    visit.session.run(Create { mailbox: visit.name("Spam"), special_use });
    let found = mailboxes(visit, List::all());
    let spam = find(visit, &found, "Spam");
    let is_special = spam.attributes.contains(&MailboxAttribute::Junk);
    assert!(is_special || !visit.has("CREATE-SPECIAL-USE"), "{spam:?}");
}

fn status(visit: &mut Visit<'_>) {
    visit.fill("Archive", &["Subject: One\n\n", "Subject: Two\n\n"]);
    let attributes = vec![
        StatusAttribute::Messages,
        StatusAttribute::UidNext,
        StatusAttribute::UidValidity,
        StatusAttribute::Unseen,
        StatusAttribute::Size,
        StatusAttribute::HighestModSeq,
    ];
    let (items, _) = visit.session.run(Status { mailbox: visit.name("Archive"), attributes });
    let [Item::Status(status)] = items.as_slice() else { panic!("{items:?}") };
    assert_eq!((status.messages, status.unseen, status.uid_next), (Some(2), Some(2), Uid::new(3)));
    assert!(status.uid_validity.is_some(), "{status:?}");
    // What the server lacks is not asked for.
    assert_eq!(status.size, visit.has("STATUS=SIZE").then_some(32));
    assert_eq!(status.highest_mod_seq.is_some(), visit.has("CONDSTORE"));
}

/// Alone, since Cyrus 3.6.1 often writes bytes of freed memory there: then there is no id, and all else goes on.
fn mailbox_id(visit: &mut Visit<'_>) {
    if !visit.has("OBJECTID") {
        return;
    }
    let ask = Status { mailbox: MailboxName::inbox(), attributes: vec![StatusAttribute::MailboxId] };
    let (items, done) = visit.session.attempt(ask);
    assert!(done.is_ok(), "{done:?}");
    assert!(items.iter().any(|item| matches!(item, Item::Status(_))), "{items:?}");
    visit.open("INBOX");
}

fn select(visit: &mut Visit<'_>) {
    visit.fill("INBOX", &["Subject: One\n\n", "Subject: Two\n\n"]);
    let selected = visit.open("INBOX");
    assert!(selected.exists == 2 && !selected.read_only, "{selected:?}");
    let is_untold = selected.uid_next.is_none() && visit.is_odd(Oddity::SelectsWithoutUidNext);
    assert!(selected.uid_next == Uid::new(3) || is_untold, "{selected:?}");
    assert!(selected.uid_validity.is_some() && !selected.flags.is_empty(), "{selected:?}");
    // Cyrus tells it unasked.
    assert!(selected.highest_mod_seq.is_some() || !visit.has("CONDSTORE"), "{selected:?}");
    assert_eq!(visit.open("Archive").exists, 0, "the other is closed by this");
}

fn examine(visit: &mut Visit<'_>) {
    visit.fill("INBOX", &["Subject: One\n\n"]);
    let (_, done) = visit.session.run(Select::new(MailboxName::inbox(), Mode::ReadOnly));
    let Done::Selected(selected) = done else { panic!("{done:?}") };
    assert!(selected.exists == 1 && selected.read_only, "{selected:?}");
}

fn missing(visit: &mut Visit<'_>) {
    visit.open("INBOX");
    let (_, done) = visit.session.attempt(Select::new(visit.name("No such mailbox"), Mode::ReadWrite));
    let Err(CommandError::Refused(text)) = done else { panic!("{done:?}") };
    assert!(matches!(text.code, None | Some(Code::NonExistent)), "{text:?}");
    // RFC 9051 6.3.2: the one before was closed all the same.
    assert_eq!(visit.session.connection.state(), State::Authenticated);
}

fn namespace(visit: &mut Visit<'_>) {
    let (_, done) = visit.session.run(Namespace);
    let Done::Namespaces(namespaces) = done else { panic!("{done:?}") };
    let own = &namespaces.personal[0];
    let &Nature { prefix, delimiter, .. } = visit.host.nature();
    // Who isn't asked can't tell the prefix.
    let prefix = if visit.has("NAMESPACE") { prefix } else { "" };
    assert_eq!((&*own.prefix, own.delimiter), (prefix, Some(delimiter)));
}

fn mailboxes(visit: &mut Visit<'_>, list: List) -> Vec<ListItem> {
    let (items, _) = visit.session.run(list);
    let mailbox = |item| if let Item::Mailbox(mailbox) = item { Some(mailbox) } else { None };
    items.into_iter().filter_map(mailbox).collect()
}

fn find<'a>(visit: &Visit<'_>, found: &'a [ListItem], mailbox: &str) -> &'a ListItem {
    let name = visit.name(mailbox);
    found.iter().find(|found| found.name == name).unwrap_or_else(|| panic!("{name} in {found:?}"))
}
