//! The engine as its driver sees it: what goes in, what comes out, when it wants to be woken. The only file that knows all
//! rooms.

use crate::account::{Account, Cx};
use crate::actions;
use crate::border::{Intent, Problem, Session};
use crate::config::{Budget, Config};
use crate::link::{Credentials, LinkClose, LinkId, LinkIds};
use crate::output::Output;
use crate::report::Report;
use crate::store::{Store, Tx};
use crate::views::Views;
use postern_protocol::Time;
use std::collections::VecDeque;

/// One mail account.
///
/// The `handle_` methods take something in. After each the driver calls [`Engine::step`] until it says that nothing is
/// left to do, takes out everything with [`Engine::poll_output`], and asks [`Engine::poll_timeout`] when to call
/// [`Engine::handle_timeout`]. Between two steps something more may come in.
///
/// ```
/// use postern_engine::border::{Intent, Password};
/// use postern_engine::{Budget, Config, Engine, Output};
/// use postern_protocol::Time;
///
/// let mut engine = Engine::new(Config::default(), Time::ZERO);
/// let (address, password) = ("ada@example.com".to_owned(), Password("secret".to_owned()));
/// engine.handle_intent(Intent::SignIn { upstream: None, address, password }, Time::ZERO);
/// while engine.step(Budget::default()) {}
/// let mut outputs: Vec<_> = std::iter::from_fn(|| engine.poll_output()).collect();
/// assert!(matches!(outputs[..], [Output::Connect { .. }, Output::Update(_)]));
/// ```
#[derive(Debug, Default)]
pub struct Engine {
    config: Config,
    /// As of the last call.
    now: Time,
    store: Store,
    account: Option<Account>,
    views: Views,
    links: LinkIds,
    outputs: VecDeque<Output>,
    /// Steps since something came in.
    steps: usize,
}

impl Engine {
    /// An engine with nobody signed in.
    #[must_use]
    pub fn new(config: Config, now: Time) -> Self {
        Self { config, now, ..Self::default() }
    }

    /// The user asks something. What can be shown at once is.
    pub fn handle_intent(&mut self, intent: Intent, now: Time) {
        self.wake(now);
        match intent {
            Intent::SignIn { upstream, address, password } => {
                self.sign_in(Credentials { upstream, address, password });
            }
            Intent::SignOut => self.sign_out(None),
            Intent::Unlock { password } => self.with_account(|account, cx| account.unlock(password, cx)),
            Intent::Reconnect => self.with_account(Account::reconnect),
            Intent::Refresh => self.with_account(Account::refresh),
            Intent::OpenMailbox { mailbox } => {
                self.with_account(|account, _| account.mailbox_opened(mailbox));
                self.write(|_, views, cx| cx.reports.extend(views.open_mailbox(mailbox, cx.tx)));
            }
            Intent::ShowRows { mailbox, first, count } => self.views.show_rows(mailbox, first, count),
            Intent::OpenMessage { message } => {
                self.with_account(|account, _| account.message_opened(message));
                self.write(|_, views, cx| cx.reports.extend(views.open_message(message, cx.tx)));
            }
            Intent::SetFlags { messages, seen, flagged } => {
                self.write(|_, _, cx| actions::mark(cx.tx, &messages, seen, flagged));
            }
            Intent::Download { download, message, part } => {
                self.views.start_download(download, message, part);
            }
            Intent::DownloadTaken { download, bytes } => self.views.put_away(download, bytes),
            Intent::CancelDownload { download } => self.views.cancel_download(download),
        }
    }

    /// A link that was asked for is open.
    pub fn handle_connected(&mut self, link: LinkId, now: Time) {
        self.wake(now);
        self.account.iter_mut().for_each(|account| account.handle_connected(link));
    }

    /// Bytes came over a link. Those of a link that is no more are ignored.
    pub fn handle_input(&mut self, link: LinkId, bytes: &[u8], now: Time) {
        self.wake(now);
        self.account.iter_mut().for_each(|account| account.handle_input(link, bytes, now));
    }

    /// A link closed, or could not be opened.
    pub fn handle_closed(&mut self, link: LinkId, close: &LinkClose, now: Time) {
        self.wake(now);
        self.account.iter_mut().for_each(|account| account.handle_closed(link, close, now));
    }

    /// The time of [`Engine::poll_timeout`] has come. Harmless when it has not.
    pub fn handle_timeout(&mut self, now: Time) {
        self.wake(now);
        self.account.iter_mut().for_each(|account| account.handle_timeout(now));
    }

    /// Takes in what came over the links and asks for what is missing, at most so much of it. Gives whether there is more
    /// to do.
    pub fn step(&mut self, budget: Budget) -> bool {
        let taken = self.write(|account, _, cx| Some(account.as_mut()?.take_in(budget.events.max(1), cx)));
        if let Some(problem) = self.account.as_mut().and_then(Account::failure) {
            self.sign_out(Some(problem));
            return false;
        }
        let Some(taken) = taken else { return false };
        // A command that fails before it is sent is asked for again at once. This ends that; the next input goes on.
        if self.steps >= MOST_STEPS {
            return !taken.all;
        }
        self.steps += usize::from(taken.all);
        let has_asked = self.write(|account, _, cx| account.as_mut().is_some_and(|account| account.ask(cx)));
        taken.any || has_asked
    }

    /// The next thing to do; none until something more comes in.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When to call [`Engine::handle_timeout`], if nothing else comes before.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Time> {
        self.account.as_ref()?.poll_timeout(&self.store, &self.views.demand(), self.now)
    }

    /// Whether nobody waits for what comes over this link: whatever else there is may go before it.
    #[must_use]
    pub fn is_bulk(&self, link: LinkId) -> bool {
        self.account.as_ref().is_some_and(|account| account.is_background(link))
    }

    fn wake(&mut self, now: Time) {
        (self.now, self.steps) = (now, 0);
    }

    fn sign_in(&mut self, credentials: Credentials) {
        if self.account.as_ref().is_some_and(|account| account.is_locked_for(&credentials)) {
            return self.with_account(|account, cx| account.unlock(credentials.password, cx));
        }
        self.forget_account();
        let Config { seed, decode_charset, connection } = self.config.clone();
        self.write(|account, _, cx| {
            *account = Some(Account::sign_in(credentials, seed, connection, decode_charset, cx));
        });
    }

    fn sign_out(&mut self, problem: Option<Problem>) {
        self.forget_account();
        self.write(|_, _, cx| cx.report(Report::Session(Session::SignedOut { problem })));
    }

    /// Nothing of an account is left but that no number is used twice.
    fn forget_account(&mut self) {
        if let Some(account) = self.account.take() {
            account.sign_out(self.now, &mut self.outputs);
        }
        self.views.clear();
        Tx::begin(&mut self.store).forget_account();
    }

    fn with_account(&mut self, act: impl FnOnce(&mut Account, &mut Cx<'_, '_>)) {
        self.write(|account, _, cx| account.as_mut().map(|account| act(account, cx)));
    }

    /// One write to the store, and the updates that come of it.
    fn write<R>(&mut self, write: impl FnOnce(&mut Option<Account>, &mut Views, &mut Cx<'_, '_>) -> R) -> R {
        let (now, demand, mut reports) = (self.now, self.views.demand(), Vec::new());
        let mut tx = Tx::begin(&mut self.store);
        let (outputs, links) = (&mut self.outputs, &mut self.links);
        let mut cx = Cx { now, demand: &demand, tx: &mut tx, reports: &mut reports, outputs, links };
        let result = write(&mut self.account, &mut self.views, &mut cx);
        let changes = tx.commit();
        let open = self.views.demand().open_mailbox();
        if let Some(account) = &mut self.account {
            account.observe(&changes, open, now, &mut reports);
        }
        let updates = self.views.refresh(&self.store, &changes, reports);
        self.outputs.extend(updates.into_iter().map(Output::Update));
        result
    }
}

/// Steps without an end, since something came in.
const MOST_STEPS: usize = 8;
