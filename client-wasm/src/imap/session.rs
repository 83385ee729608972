//! One connection and everything that waits for it: each command's answers go to whoever asked.

use crate::driver::{Driver, now, report};
use crate::error::{Error, ImapErrorCode};
use crate::imap::data::mailbox_event::MailboxEvent;
use crate::imap::machine::{Failure, ImapMachine, Update};
use crate::imap::unsolicited::Unsolicited;
use futures::channel::{mpsc, oneshot};
use futures::{FutureExt, StreamExt};
use postern_protocol::imap::{Capability, Command, CommandId, Config, Done, Event, Item, State};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::prelude::*;

/// A connection. Ends with the last thing that uses it: the client, a command under way, an iterator, a stream.
pub(crate) struct Session {
    driver: Rc<Driver<ImapMachine>>,
    desk: Rc<RefCell<Desk>>,
}

/// Who waits for what.
#[derive(Default)]
struct Desk {
    calls: HashMap<CommandId, mpsc::UnboundedSender<Progress>>,
    greeting: Option<oneshot::Sender<Result<(), Error>>>,
    unsolicited: Unsolicited,
    on_close: Option<js_sys::Function>,
}

/// What becomes of a command.
pub(crate) enum Progress {
    /// Part of its answer.
    Item(Box<Item>),
    /// Its end.
    Done(Result<Done, Failure>),
}

impl Session {
    /// Connects, and waits for the server's greeting.
    ///
    /// # Errors
    /// Why there is none.
    pub(crate) async fn connect(url: String, config: Config) -> Result<Rc<Self>, Error> {
        let driver = Driver::new(ImapMachine::new(url, config, now()));
        let (greeting, greeted) = oneshot::channel();
        let desk = Rc::new(RefCell::new(Desk { greeting: Some(greeting), ..Desk::default() }));
        let session = Rc::new(Self { driver, desk: Rc::clone(&desk) });
        session.driver.set_sink(move |updates| {
            for update in updates {
                accept(&desk, update);
            }
        });
        session.driver.feed(|_, _| ());
        greeted.await.unwrap_or_else(|_| Err(Error::closed()))?;
        Ok(session)
    }

    /// Sends a command. Its answers wait in the [`Call`].
    pub(crate) fn call(self: &Rc<Self>, command: impl Into<Command>) -> Call {
        self.send(command.into())
    }

    fn send(self: &Rc<Self>, command: Command) -> Call {
        let (tell, progress) = mpsc::unbounded();
        let id = self.driver.feed(|machine, now| {
            let id = machine.send(command, now);
            // Before the drain: even a command that fails at once is heard. A closed driver drains no more.
            if !self.driver.is_closed() {
                self.desk.borrow_mut().calls.insert(id, tell);
            }
            id
        });
        Call { session: Rc::clone(self), id, progress, settled: false }
    }

    /// Hangs up without a word. Whatever waits is rejected.
    pub(crate) fn close(&self) {
        self.driver.close();
        let mut desk = self.desk.borrow_mut();
        desk.calls.clear();
        desk.greeting = None;
        desk.on_close = None;
    }

    /// Why it is over, if it is.
    pub(crate) fn ended(&self) -> Option<Error> {
        if self.driver.is_closed() {
            return Some(Error::closed());
        }
        self.driver.look(|machine| machine.ended().cloned())
    }

    /// Leaves IDLE and enters it again after so long, from the next one on.
    pub(crate) fn renew_idle_after(&self, after: Duration) {
        self.driver.feed(|machine, _| machine.renew_idle_after(after));
    }

    pub(crate) fn state(&self) -> State {
        if self.driver.is_closed() {
            return State::LoggedOut;
        }
        self.driver.look(|machine| machine.connection().state())
    }

    pub(crate) fn capabilities(&self) -> Vec<String> {
        self.driver
            .look(|machine| machine.connection().capabilities().iter().map(ToString::to_string).collect())
    }

    pub(crate) fn has(&self, capability: &Capability) -> bool {
        self.driver.look(|machine| machine.connection().capabilities().contains(capability))
    }

    /// How many messages the open mailbox has, as far as it is known.
    pub(crate) fn exists(&self) -> Option<u32> {
        self.desk.borrow().unsolicited.exists()
    }

    /// Everything that happened in the open mailbox since this was last asked.
    pub(crate) fn take_events(&self) -> Vec<MailboxEvent> {
        self.desk.borrow_mut().unsolicited.take()
    }

    /// The next thing that happens in the open mailbox.
    pub(crate) async fn next_event(&self) -> MailboxEvent {
        futures::future::poll_fn(|context| self.desk.borrow_mut().unsolicited.poll(context)).await
    }

    /// Calls `callback` with the reason once the connection is over; at once if it is already.
    pub(crate) fn on_close(&self, callback: js_sys::Function) {
        match self.ended() {
            Some(reason) if is_own(&reason) => {}
            Some(reason) => call_back(&callback, reason),
            None => self.desk.borrow_mut().on_close = Some(callback),
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.close();
    }
}

/// One update to whoever it is for. The desk is never borrowed while foreign code runs.
fn accept(desk: &RefCell<Desk>, update: Update) {
    match update {
        Update::Done(id, done) => {
            let mut desk = desk.borrow_mut();
            // Here and not where the command is awaited: events may follow in the same batch.
            if let Ok(Done::Selected(selected)) = &done {
                desk.unsolicited.start(selected.exists);
            }
            if let Some(call) = desk.calls.remove(&id) {
                // Nobody receives it if the call was dropped.
                let _ = call.unbounded_send(Progress::Done(done));
            }
        }
        Update::Event(event) => match *event {
            Event::Item(id, item) => {
                if let Some(call) = desk.borrow().calls.get(&id) {
                    let _ = call.unbounded_send(Progress::Item(Box::new(item)));
                }
            }
            Event::Greeting(_) => {
                if let Some(greeting) = desk.borrow_mut().greeting.take() {
                    let _ = greeting.send(Ok(()));
                }
            }
            event => desk.borrow_mut().unsolicited.accept(event),
        },
        Update::Closed(reason) => {
            let mut place = desk.borrow_mut();
            if let Some(greeting) = place.greeting.take() {
                let _ = greeting.send(Err(reason.clone()));
            }
            let on_close = place.on_close.take().filter(|_| !is_own(&reason));
            drop(place);
            if let Some(callback) = on_close {
                call_back(&callback, reason);
            }
        }
    }
}

/// Whether the program itself ended the connection, so that its end is no surprise.
fn is_own(reason: &Error) -> bool {
    reason.code == ImapErrorCode::Closed
}

fn call_back(callback: &js_sys::Function, reason: Error) {
    if let Err(thrown) = callback.call1(&JsValue::UNDEFINED, &reason.into()) {
        report(&thrown);
    }
}

/// A command under way. Dropped before its end, it is cancelled; the connection lives on.
pub(crate) struct Call {
    session: Rc<Session>,
    id: CommandId,
    progress: mpsc::UnboundedReceiver<Progress>,
    settled: bool,
}

impl Call {
    /// What comes next. After [`Progress::Done`] nothing does: don't ask.
    pub(crate) async fn next(&mut self) -> Progress {
        let progress = self.progress.next().await.unwrap_or_else(|| {
            // The sender went away without an answer: the client was closed.
            Progress::Done(Err(Failure { error: Error::closed(), code: None }))
        });
        self.settled = matches!(progress, Progress::Done(_));
        progress
    }

    /// The same without waiting: `None` if nothing has come.
    pub(crate) fn next_if_ready(&mut self) -> Option<Progress> {
        self.next().now_or_never()
    }

    /// Hands in the next bytes of a message. Whether they are still wanted.
    pub(crate) fn append_chunk(&self, bytes: &[u8]) -> bool {
        self.session.driver.feed(|machine, now| machine.append_chunk(self.id, bytes, now))
    }

    /// Waits for the end, and hands over what comes before it.
    ///
    /// # Errors
    /// Why the command failed.
    pub(crate) async fn finish(mut self, mut each: impl FnMut(Item)) -> Result<Done, Failure> {
        loop {
            match self.next().await {
                Progress::Item(item) => each(*item),
                Progress::Done(done) => return done,
            }
        }
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        if !self.settled {
            self.session.desk.borrow_mut().calls.remove(&self.id);
            self.session.driver.feed(|machine, now| machine.cancel(self.id, now));
        }
    }
}
