//! What is asked of the server next, from what somebody looks at and what is known: pure, so that nothing has to be carried
//! out in an order. Asked again after each job that it names, until there is nothing to do.

use crate::account::key::{Body, JobKey, Listing};
use crate::account::role::Role;
use crate::account::rows::next_gap;
use crate::account::work::Work;
use crate::border::MailboxId;
use crate::demand::Demand;
use crate::store::Store;
use postern_protocol::Time;

/// Everything that decides it.
#[derive(Debug)]
pub(crate) struct Situation<'a> {
    pub(super) now: Time,
    pub(super) store: &'a Store,
    pub(super) demand: &'a Demand,
    pub(super) work: &'a Work,
    /// The links that take commands.
    pub(super) foreground: Option<LinkState>,
    pub(super) background: Option<LinkState>,
    /// The foreground link carries what else the background one would.
    pub(super) is_alone: bool,
}

/// What is known of a link that takes commands.
#[derive(Debug, Default)]
pub(crate) struct LinkState {
    pub(super) selected: Option<MailboxId>,
    /// The order of the selected mailbox is not the server's yet.
    pub(super) is_comparing: bool,
    /// What was sent and not answered.
    pub(super) jobs: Vec<JobKey>,
    /// It offers ID, which was not sent yet.
    pub(super) may_introduce: bool,
    pub(super) refuses_idle: bool,
    pub(super) can_idle: bool,
    pub(super) can_list_with_counts: bool,
}

impl LinkState {
    fn has(&self, key: JobKey) -> bool {
        self.jobs.contains(&key)
    }

    fn count(&self, is_meant: impl Fn(&JobKey) -> bool) -> usize {
        self.jobs.iter().filter(|key| is_meant(key)).count()
    }

    /// Whether another mailbox may be selected: nothing is under way that belongs to this one.
    fn is_free(&self) -> bool {
        self.count(|key| key.needs_mailbox() || matches!(key, JobKey::Select(_))) == 0
    }
}

/// What the foreground link is asked next.
pub(crate) fn foreground(of: &Situation<'_>) -> Option<JobKey> {
    let link = of.foreground.as_ref().filter(|_| !of.work.patience.is_held(of.now))?;
    of.introduction(link)
        .or_else(|| of.mailboxes(link))
        .or_else(|| of.extras(link))
        .or_else(|| of.in_mailbox(link))
        // What is on screen comes before what stands beside it.
        .or_else(|| of.news(link).filter(|_| of.is_screen_complete(link)))
}

/// What the background link is asked next.
pub(crate) fn background(of: &Situation<'_>) -> Option<JobKey> {
    let target = background_mailbox(of)?;
    let link = of.background.as_ref().filter(|_| !of.work.patience.is_held(of.now))?;
    let introduction = of.introduction(link);
    if introduction.is_some() {
        return introduction;
    }
    if link.selected != Some(target) {
        return link.is_free().then_some(JobKey::Select(target));
    }
    let may_idle = of.may_idle() && !link.refuses_idle && !link.has(JobKey::Idle);
    may_idle
        .then_some(JobKey::Idle)
        .or_else(|| of.pieces(Role::Background, target))
        .or_else(|| of.details(link, Role::Background, target))
        .or_else(|| of.downloads(Role::Background, target))
}

/// The mailbox that the background link should have selected: that of the first download or of what is read there, else
/// the open one.
pub(crate) fn background_mailbox(of: &Situation<'_>) -> Option<MailboxId> {
    let errand = of.work.files.mailbox().or_else(|| of.work.reads.first_on(Role::Background));
    errand.or_else(|| {
        let list = of.demand.list.filter(|_| of.foreground.is_some())?;
        let has_details = of.work.details.is_waiting(list.mailbox, of.now);
        // Idle only once the list is in sync.
        ((of.may_idle() && list.is_ready) || has_details).then_some(list.mailbox)
    })
}

impl Situation<'_> {
    fn allows(&self, key: JobKey) -> bool {
        self.work.trials.allows(key, self.now)
    }

    fn may_idle(&self) -> bool {
        self.foreground.as_ref().is_some_and(|link| link.can_idle) && self.allows(JobKey::Idle)
    }

    fn introduction(&self, link: &LinkState) -> Option<JobKey> {
        (link.may_introduce && self.allows(JobKey::Introduce)).then_some(JobKey::Introduce)
    }

    /// The mailboxes, once on each link and again on each refresh.
    fn mailboxes(&self, link: &LinkState) -> Option<JobKey> {
        let plain = JobKey::ListMailboxes(Listing::Plain);
        if self.work.schedule.is_listed() || !self.allows(plain) {
            return None;
        }
        let counted = JobKey::ListMailboxes(Listing::Counted);
        let can_count = link.can_list_with_counts && !self.work.schedule.is_plain() && self.allows(counted);
        Some(if can_count { counted } else { plain })
    }

    /// What the rows lack that just came.
    fn extras(&self, link: &LinkState) -> Option<JobKey> {
        self.followed(link)?;
        let rows = &self.work.rows;
        let headers = rows.wants_headers() && !link.has(JobKey::Headers);
        let previews = rows.wants_previews().then_some(JobKey::Previews);
        previews.or(headers.then_some(JobKey::Headers))
    }

    fn in_mailbox(&self, link: &LinkState) -> Option<JobKey> {
        let target = self.foreground_mailbox(link)?;
        if self.selected(link) != Some(target) {
            let may_select = link.is_free() && self.allows(JobKey::Select(target));
            return may_select.then_some(JobKey::Select(target));
        }
        self.action(target)
            .or_else(|| self.comparison(link, target))
            .or_else(|| self.rows(link, target))
            .or_else(|| self.pieces(Role::Foreground, target))
            .or_else(|| self.downloads(Role::Foreground, target).filter(|_| self.is_alone))
            .or_else(|| self.details(link, Role::Foreground, target).filter(|_| self.is_alone))
    }

    /// The mailbox to have selected. Mostly the open one; flags that were set and messages that were opened in
    /// another mailbox before the user went on make the link go there first, then come back.
    fn foreground_mailbox(&self, link: &LinkState) -> Option<MailboxId> {
        let selected = self.selected(link);
        let can_be_opened =
            |mailbox: &MailboxId| selected == Some(*mailbox) || self.allows(JobKey::Select(*mailbox));
        let open = self.demand.open_mailbox().filter(can_be_opened);
        match selected {
            Some(selected) if Some(selected) != open && self.has_errand(selected) => Some(selected),
            Some(selected) if Some(selected) == open && !self.is_screen_complete(link) => open,
            None if open.is_some() => open,
            _ => self.errand_elsewhere(open).filter(can_be_opened).or(open),
        }
    }

    /// Whether something is to be done in this mailbox whatever is open.
    fn has_errand(&self, mailbox: MailboxId) -> bool {
        self.store.actions().need(mailbox, |number| self.allows(JobKey::StoreFlags(number)))
            || self.work.reads.any_in(Role::Foreground, mailbox)
            || self.download_mailbox() == Some(mailbox)
    }

    /// A mailbox other than the open one in which something is to be done.
    fn errand_elsewhere(&self, open: Option<MailboxId>) -> Option<MailboxId> {
        let may_be_sent = |number| self.allows(JobKey::StoreFlags(number));
        let action = self.store.actions().waiting_elsewhere(open, may_be_sent);
        action
            .or_else(|| self.work.reads.waiting_elsewhere(Role::Foreground, open))
            .or_else(|| self.download_mailbox().filter(|mailbox| Some(*mailbox) != open))
    }

    /// The mailbox that the foreground link is to download from.
    fn download_mailbox(&self) -> Option<MailboxId> {
        self.work.files.mailbox().filter(|_| self.is_alone)
    }

    /// The mailbox that is selected. The open one counts only if its order is being compared or is followed: else it must
    /// be selected anew, since what the server said of it meanwhile went unheard.
    fn selected(&self, link: &LinkState) -> Option<MailboxId> {
        let is_usable = |mailbox: &MailboxId| {
            let is_open = self.demand.open_mailbox() == Some(*mailbox);
            !is_open || link.is_comparing || self.store.is_in_step(*mailbox)
        };
        link.selected.filter(is_usable)
    }

    /// The open mailbox, if it is selected and usable.
    fn followed(&self, link: &LinkState) -> Option<MailboxId> {
        self.selected(link).filter(|mailbox| self.demand.open_mailbox() == Some(*mailbox))
    }

    /// Whether the open mailbox has all that the screen needs.
    fn is_screen_complete(&self, link: &LinkState) -> bool {
        let Some(list) = self.demand.list else { return true };
        let Some(folder) = self.store.folder(list.mailbox) else { return true };
        if !self.allows(JobKey::Select(list.mailbox)) {
            return true;
        }
        let is_comparing = self.followed(link).is_some() && link.is_comparing;
        list.is_ready && !is_comparing && next_gap(&list, folder).is_none()
    }

    fn action(&self, mailbox: MailboxId) -> Option<JobKey> {
        let may_be_sent = |number| self.allows(JobKey::StoreFlags(number));
        self.store.actions().next_unsent(mailbox, may_be_sent).map(JobKey::StoreFlags)
    }

    fn comparison(&self, link: &LinkState, mailbox: MailboxId) -> Option<JobKey> {
        let key = JobKey::Compare(mailbox);
        let is_wanted = self.followed(link) == Some(mailbox) && link.is_comparing;
        (is_wanted && !link.has(key) && self.allows(key)).then_some(key)
    }

    fn rows(&self, link: &LinkState, mailbox: MailboxId) -> Option<JobKey> {
        let list = self.demand.list.filter(|list| list.mailbox == mailbox)?;
        let is_busy = link.is_comparing || link.has(JobKey::Rows) || link.has(JobKey::Compare(mailbox));
        let folder = self.store.folder(mailbox).filter(|_| !is_busy)?;
        next_gap(&list, folder).filter(|_| self.allows(JobKey::Rows)).map(|_| JobKey::Rows)
    }

    fn pieces(&self, role: Role, mailbox: MailboxId) -> Option<JobKey> {
        let may_ask = |body, offset| self.allows(JobKey::Window(body, offset));
        let next: Option<(Body, u32)> = self.work.reads.next_window(role, mailbox, may_ask);
        next.map(|(body, offset)| JobKey::Window(body, offset))
    }

    fn downloads(&self, role: Role, mailbox: MailboxId) -> Option<JobKey> {
        let may_ask = |body, offset| self.allows(JobKey::Window(body, offset));
        let most = if self.is_waited_for() { 1 } else { u32::MAX };
        let next = self.work.files.next_window(role, mailbox, self.demand, most, may_ask);
        next.map(|(body, offset)| JobKey::Window(body, offset))
    }

    /// Whether somebody waits for a message or for rows: what is saved then takes one window at a time, so that it leaves
    /// the line to them.
    fn is_waited_for(&self) -> bool {
        let is_list_waited_for = |link: &LinkState| !self.is_screen_complete(link);
        self.work.reads.first_on(Role::Foreground).is_some()
            || self.foreground.as_ref().is_some_and(is_list_waited_for)
    }

    fn details(&self, link: &LinkState, role: Role, mailbox: MailboxId) -> Option<JobKey> {
        let key = JobKey::Details(mailbox);
        let may_ask = self.work.details.may_ask(mailbox, role, self.now) && self.allows(key);
        (may_ask && !link.has(key)).then_some(key)
    }

    /// What is new, and counts, few at a time: what the user does must not queue after them.
    fn news(&self, link: &LinkState) -> Option<JobKey> {
        if self.work.schedule.is_poll_wanted() && !link.has(JobKey::Noop) {
            return Some(JobKey::Noop);
        }
        let is_full = link.count(|key| matches!(key, JobKey::Status(_))) >= COUNTED_AT_ONCE;
        let next = self.work.schedule.next_count(|mailbox| self.allows(JobKey::Status(mailbox)));
        next.filter(|_| !is_full).map(JobKey::Status)
    }
}

const COUNTED_AT_ONCE: usize = 4;

#[cfg(test)]
mod tests;
