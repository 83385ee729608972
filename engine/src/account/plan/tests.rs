//! The plan as a table: what is there, and what is asked next.

use super::*;
use crate::border::{DownloadId, Flags, MessageId};
use crate::demand::{DownloadDemand, ListDemand};
use crate::store::{Head, Listed, Mark, Message, Order, PendingAction, Tx};
use postern_protocol::imap::{MailboxName, Uid};
use std::time::Duration;

const INBOX: MailboxId = MailboxId(1);
const SENT: MailboxId = MailboxId(2);

/// An account with INBOX and Sent, that was asked for its mailboxes, with both links signed in.
struct Account {
    store: Store,
    demand: Demand,
    work: Work,
    foreground: LinkState,
    background: LinkState,
    is_alone: bool,
}

impl Account {
    fn new() -> Self {
        let mut account = Self {
            store: Store::default(),
            demand: Demand::default(),
            work: Work::default(),
            foreground: LinkState { can_idle: true, ..LinkState::default() },
            background: LinkState::default(),
            is_alone: false,
        };
        let sent = Listed { name: MailboxName::try_from("Sent").unwrap(), role: None, ..Listed::inbox() };
        account.write(|tx| tx.put_mailboxes(vec![Listed::inbox(), sent]));
        account.work.schedule.list_asked(Time::ZERO);
        account
    }

    /// INBOX is open, selected and in step; it has so many messages, and nobody knows their rows.
    fn with_inbox(len: u32) -> Self {
        let mut account = Self::new();
        account.open();
        account.foreground.selected = Some(INBOX);
        account.write(|tx| tx.adopt(INBOX, &Order::with_len(len)));
        account.demand.list = account.demand.list.map(|list| ListDemand { is_ready: true, ..list });
        account
    }

    fn open(&mut self) {
        self.write(|tx| tx.open_mailbox(INBOX));
        let list = ListDemand { mailbox: INBOX, generation: 1, is_ready: false, first: 0, count: 50 };
        self.demand.list = Some(list);
    }

    fn write<R>(&mut self, write: impl FnOnce(&mut Tx<'_>) -> R) -> R {
        let mut tx = Tx::begin(&mut self.store);
        let result = write(&mut tx);
        tx.commit();
        result
    }

    /// A message of this mailbox is known.
    fn message(&mut self, mailbox: MailboxId, uid: u32) -> MessageId {
        let message = Message {
            mailbox,
            uid: Uid::new(uid).unwrap(),
            flags: Flags::default(),
            head: Head::default(),
            size: 1_000_000,
            structure: None,
            has_attachment: false,
            preview: None,
            preview_is_ours: false,
            preview_asked: false,
            is_misread: false,
        };
        self.write(|tx| tx.put_message(message))
    }

    /// A person marks a message of this mailbox.
    fn mark(&mut self, mailbox: MailboxId) {
        let id = self.message(mailbox, 1);
        self.write(|tx| tx.push_action(PendingAction::new(mailbox, &[id], Mark::Seen, true)));
    }

    /// A person opens a message of this mailbox.
    fn read(&mut self, mailbox: MailboxId) -> MessageId {
        let id = self.message(mailbox, 1);
        self.work.reads.start(id, self.store.message(id).unwrap(), Time::ZERO);
        id
    }

    /// A person saves a message of this mailbox.
    fn save(&mut self, mailbox: MailboxId) {
        let message = self.message(mailbox, 1);
        let (id, part) = (DownloadId(1), postern_mime::WHOLE.to_owned());
        let download = DownloadDemand { id, serial: 1, message, part, ahead: 0 };
        assert!(self.work.files.start(&download, self.store.message(message).unwrap()));
        self.demand.downloads.push(download);
    }

    fn plan(self) -> [Option<JobKey>; 2] {
        let situation = Situation {
            now: Time::ZERO,
            store: &self.store,
            demand: &self.demand,
            work: &self.work,
            foreground: Some(self.foreground),
            background: Some(self.background),
            is_alone: self.is_alone,
        };
        [foreground(&situation), background(&situation)]
    }
}

/// What each link is asked next, after `change`.
fn check(mut account: Account, change: impl FnOnce(&mut Account), expected: [Option<JobKey>; 2]) {
    change(&mut account);
    assert_eq!(account.plan(), expected);
}

#[test]
fn an_account_that_is_told_all_asks_nothing() {
    check(Account::new(), |_| {}, [None, None]);
    check(
        Account::with_inbox(0),
        |account| account.background.refuses_idle = true,
        [None, Some(JobKey::Select(INBOX))],
    );
}

#[test]
fn a_new_link_is_introduced_and_asked_for_the_mailboxes() {
    let plain = JobKey::ListMailboxes(Listing::Plain);
    let counted = JobKey::ListMailboxes(Listing::Counted);
    let again = |account: &mut Account| account.work.schedule.list_again();
    check(Account::new(), again, [Some(plain), None]);
    check(
        Account::new(),
        |account| {
            again(account);
            account.foreground.can_list_with_counts = true;
        },
        [Some(counted), None],
    );
    check(
        Account::new(),
        |account| {
            again(account);
            account.foreground.can_list_with_counts = true;
            account.work.schedule.make_plain();
        },
        [Some(plain), None],
    );
    check(
        Account::new(),
        |account| {
            again(account);
            account.foreground.may_introduce = true;
        },
        [Some(JobKey::Introduce), None],
    );
}

#[test]
fn the_open_mailbox_is_selected_once_the_link_is_free() {
    let select = Some(JobKey::Select(INBOX));
    check(Account::new(), Account::open, [select, None]);
    let busy = |key| {
        move |account: &mut Account| {
            account.open();
            account.foreground.selected = Some(SENT);
            account.foreground.jobs = vec![key];
        }
    };
    check(Account::new(), busy(JobKey::StoreFlags(1)), [None, None]);
    check(Account::new(), busy(JobKey::Select(SENT)), [None, None]);
    check(Account::new(), busy(JobKey::Status(SENT)), [select, None]);
    // Selected, and what the server said of it went unheard.
    check(
        Account::new(),
        |account| {
            account.open();
            account.foreground.selected = Some(INBOX);
        },
        [select, None],
    );
    check(
        Account::new(),
        |account| {
            account.open();
            account.work.trials.refused(JobKey::Select(INBOX), None, Time::ZERO);
        },
        [None, None],
    );
}

#[test]
fn a_list_that_was_known_before_is_compared_before_rows_are_asked_for() {
    let comparing = |account: &mut Account| account.foreground.is_comparing = true;
    let side = Some(JobKey::Select(INBOX));
    check(Account::with_inbox(3), comparing, [Some(JobKey::Compare(INBOX)), side]);
    check(
        Account::with_inbox(3),
        |account| {
            comparing(account);
            account.foreground.jobs = vec![JobKey::Compare(INBOX)];
        },
        [None, side],
    );
}

#[test]
fn rows_are_asked_for_one_command_at_a_time() {
    let side = Some(JobKey::Select(INBOX));
    check(Account::with_inbox(3), |_| {}, [Some(JobKey::Rows), side]);
    check(Account::with_inbox(3), |account| account.foreground.jobs = vec![JobKey::Rows], [None, side]);
    let refused = |account: &mut Account| {
        account.work.trials.refused(JobKey::Rows, None, Time::ZERO);
    };
    check(Account::with_inbox(3), refused, [None, side]);
}

#[test]
fn what_a_person_does_comes_before_rows_and_elsewhere_after_them() {
    let side = Some(JobKey::Select(INBOX));
    check(Account::with_inbox(3), |account| account.mark(INBOX), [Some(JobKey::StoreFlags(1)), side]);
    check(Account::with_inbox(3), |account| account.mark(SENT), [Some(JobKey::Rows), side]);
    check(Account::with_inbox(0), |account| account.mark(SENT), [Some(JobKey::Select(SENT)), side]);
    // Once there, it is done before the link comes back.
    check(
        Account::with_inbox(3),
        |account| {
            account.mark(SENT);
            account.foreground.selected = Some(SENT);
        },
        [Some(JobKey::StoreFlags(1)), side],
    );
    check(
        Account::with_inbox(3),
        |account| account.foreground.selected = Some(SENT),
        [Some(JobKey::Select(INBOX)), side],
    );
}

#[test]
fn a_message_is_read_where_it_is() {
    let side = Some(JobKey::Select(INBOX));
    let mut account = Account::with_inbox(0);
    let id = account.read(INBOX);
    let window = JobKey::Window(Body::Piece(id, 0), 0);
    check(account, |_| {}, [Some(window), side]);
    let mut account = Account::with_inbox(0);
    account.read(SENT);
    check(account, |_| {}, [Some(JobKey::Select(SENT)), side]);
    // One that ended a link is read on the other.
    let mut account = Account::with_inbox(0);
    let id = account.read(INBOX);
    account.work.reads.move_to_background(id);
    account.background.selected = Some(INBOX);
    account.background.jobs = vec![JobKey::Idle];
    check(account, |_| {}, [None, Some(JobKey::Window(Body::Piece(id, 0), 0))]);
}

#[test]
fn downloads_go_over_the_background_link_unless_there_is_none() {
    let window = JobKey::Window(Body::Download(DownloadId(1)), 0);
    check(Account::with_inbox(0), |account| account.save(SENT), [None, Some(JobKey::Select(SENT))]);
    check(
        Account::with_inbox(0),
        |account| {
            account.save(INBOX);
            account.background.selected = Some(INBOX);
            account.background.refuses_idle = true;
        },
        [None, Some(window)],
    );
    check(
        Account::with_inbox(0),
        |account| {
            account.save(INBOX);
            account.is_alone = true;
        },
        [Some(window), Some(JobKey::Select(INBOX))],
    );
    check(
        Account::with_inbox(0),
        |account| {
            account.save(INBOX);
            account.background.selected = Some(INBOX);
            account.background.refuses_idle = true;
            account.demand.downloads[0].ahead = 1024 * 1024;
        },
        [None, None],
    );
}

#[test]
fn the_background_link_idles_once_the_list_is_in_sync() {
    let selected = |account: &mut Account| account.background.selected = Some(INBOX);
    check(Account::with_inbox(0), selected, [None, Some(JobKey::Idle)]);
    check(
        Account::with_inbox(0),
        |account| {
            selected(account);
            account.background.jobs = vec![JobKey::Idle];
        },
        [None, None],
    );
    check(Account::with_inbox(0), |account| account.foreground.can_idle = false, [None, None]);
    check(
        Account::with_inbox(0),
        |account| {
            account.work.trials.refused(JobKey::Idle, None, Time::ZERO);
        },
        [None, None],
    );
}

#[test]
fn rows_without_details_get_them_on_the_background_link() {
    let poor = |is_risky| {
        move |account: &mut Account| {
            let id = account.message(INBOX, 1);
            account.work.details.add(INBOX, &[id], is_risky, Time::ZERO);
            account.foreground.can_idle = false;
        }
    };
    check(Account::with_inbox(0), poor(true), [None, Some(JobKey::Select(INBOX))]);
    // What was refused is asked for a while later.
    check(Account::with_inbox(0), poor(false), [None, None]);
    let alone = |is_risky| {
        move |account: &mut Account| {
            poor(is_risky)(account);
            account.is_alone = true;
        }
    };
    // What may end a link is never asked on the one that there is.
    check(Account::with_inbox(0), alone(true), [None, Some(JobKey::Select(INBOX))]);
}

#[test]
fn counts_come_after_what_is_on_screen_and_four_at_a_time() {
    let side = Some(JobKey::Select(INBOX));
    let count = |account: &mut Account| {
        account.work.schedule.want_counts();
        account.work.schedule.count_if_wanted(&account.store, None, Time::ZERO);
    };
    check(Account::with_inbox(3), count, [Some(JobKey::Rows), side]);
    check(Account::with_inbox(0), count, [Some(JobKey::Status(INBOX)), side]);
    check(
        Account::with_inbox(0),
        |account| {
            count(account);
            account.foreground.jobs = vec![JobKey::Status(SENT); 4];
        },
        [None, side],
    );
    check(
        Account::with_inbox(0),
        |account| {
            count(account);
            account.work.schedule.poll_soon(Time::ZERO);
        },
        [Some(JobKey::Noop), side],
    );
}

#[test]
fn a_server_that_wants_to_be_asked_less_is_asked_nothing() {
    let held = |account: &mut Account| {
        account.mark(INBOX);
        account.work.schedule.list_again();
        account.work.patience.hold(Some(Duration::from_secs(4)), Time::ZERO);
    };
    check(Account::with_inbox(3), held, [None, None]);
}

#[test]
fn a_download_leaves_the_line_to_who_waits_for_a_message() {
    let under_way = |account: &mut Account| {
        account.save(INBOX);
        account.work.files.windows(DownloadId(1)).unwrap().0.ask();
        account.background.selected = Some(INBOX);
        account.background.refuses_idle = true;
    };
    let next = JobKey::Window(Body::Download(DownloadId(1)), 256 * 1024);
    check(Account::with_inbox(0), under_way, [None, Some(next)]);
    let mut account = Account::with_inbox(0);
    let id = account.read(INBOX);
    check(account, under_way, [Some(JobKey::Window(Body::Piece(id, 0), 0)), None]);
}
