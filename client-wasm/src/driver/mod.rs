//! Drives one sans-IO machine in the browser: each WebSocket, the timer, the clock.
//!
//! One input, drain the outputs, hand the updates over as one batch. Knows neither IMAP nor mail: both APIs of
//! this crate are a [`Machine`] each.

mod global;
mod link;
mod timer;

pub(crate) use global::{now, random_seed, report};
pub(crate) use link::LinkClose;

use link::{Link, LinkEvent};
use postern_protocol::Time;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::hash::Hash;
use std::rc::{Rc, Weak};
use timer::Timer;

/// What the driver drives: bytes, closed links and the time in; bytes, links and updates out.
pub(crate) trait Machine: 'static {
    /// How the machine names its links.
    type LinkId: Copy + Eq + Hash + 'static;
    /// What it tells its user.
    type Update: 'static;

    fn handle_connected(&mut self, link: Self::LinkId, now: Time);
    fn handle_input(&mut self, link: Self::LinkId, bytes: &[u8], now: Time);
    fn handle_closed(&mut self, link: Self::LinkId, close: LinkClose, now: Time);
    fn handle_timeout(&mut self, now: Time);
    fn poll_output(&mut self) -> Option<Output<Self>>;
    fn poll_timeout(&self) -> Option<Time>;
}

/// What a machine wants done.
pub(crate) enum Output<M: Machine + ?Sized> {
    /// Open a WebSocket. Its end is told by [`Machine::handle_closed`], even where it never opened.
    Connect { link: M::LinkId, url: String },
    /// Send bytes, in order.
    Transmit { link: M::LinkId, bytes: Vec<u8> },
    /// Hang up. Nothing more is heard of this link.
    Close { link: M::LinkId },
    /// Tell the user.
    Update(M::Update),
}

/// One machine with its links and its timer. Ends with the last [`Rc`], or by [`Driver::close`]: then every link
/// is hung up and nothing is heard any more.
pub(crate) struct Driver<M: Machine> {
    machine: RefCell<M>,
    links: RefCell<HashMap<M::LinkId, Link>>,
    timer: Timer,
    sink: RefCell<Option<Sink<M>>>,
    draining: Cell<bool>,
    closed: Cell<bool>,
    /// What the closures of links and timer hold, so that they don't keep the driver alive.
    me: Weak<Self>,
}

/// Where the updates of one drain go.
type Sink<M> = Box<dyn FnMut(Vec<<M as Machine>::Update>)>;

impl<M: Machine> Driver<M> {
    /// Nothing runs before the first [`Driver::feed`].
    pub(crate) fn new(machine: M) -> Rc<Self> {
        Rc::new_cyclic(|me: &Weak<Self>| Self {
            machine: RefCell::new(machine),
            links: RefCell::default(),
            timer: Timer::new({
                let me = me.clone();
                move || Self::on_timer(&me)
            }),
            sink: RefCell::default(),
            draining: Cell::new(false),
            closed: Cell::new(false),
            me: me.clone(),
        })
    }

    /// Where updates go from now on. Those of before are lost.
    pub(crate) fn set_sink(&self, sink: impl FnMut(Vec<M::Update>) + 'static) {
        *self.sink.borrow_mut() = Some(Box::new(sink));
    }

    /// Looks at the machine.
    #[cfg(feature = "imap-client")]
    pub(crate) fn look<R>(&self, look: impl FnOnce(&M) -> R) -> R {
        look(&self.machine.borrow())
    }

    /// One input, then the drain. May be called from within the sink: the drain that is under way goes on with
    /// what follows.
    pub(crate) fn feed<R>(&self, input: impl FnOnce(&mut M, Time) -> R) -> R {
        let answer = input(&mut self.machine.borrow_mut(), now());
        self.drain();
        answer
    }

    /// Hangs up every link and lets go of the sink. Whatever is fed afterwards has no effect outside.
    pub(crate) fn close(&self) {
        self.closed.set(true);
        self.timer.stop();
        self.links.take();
        // A sink that runs at this moment is put back by nobody: see `tell`.
        self.sink.take();
    }

    /// Whether [`Driver::close`] was called.
    pub(crate) fn is_closed(&self) -> bool {
        self.closed.get()
    }

    fn drain(&self) {
        if self.closed.get() || self.draining.replace(true) {
            return;
        }
        loop {
            let mut updates = Vec::new();
            let mut idle = true;
            loop {
                // A statement of its own: the machine is free again while its output is carried out.
                let output = self.machine.borrow_mut().poll_output();
                let Some(output) = output else { break };
                idle = false;
                self.carry_out(output, &mut updates);
            }
            if !updates.is_empty() {
                self.tell(updates);
            }
            if idle || self.closed.get() {
                break;
            }
        }
        self.draining.set(false);
        if !self.closed.get() {
            self.timer.set(self.machine.borrow().poll_timeout());
        }
    }

    fn carry_out(&self, output: Output<M>, updates: &mut Vec<M::Update>) {
        match output {
            Output::Update(update) => updates.push(update),
            Output::Connect { link, url } => self.connect(link, &url),
            Output::Transmit { link, bytes } => {
                if let Some(link) = self.links.borrow().get(&link) {
                    link.send(bytes);
                }
            }
            Output::Close { link } => {
                self.links.borrow_mut().remove(&link);
            }
        }
    }

    fn connect(&self, id: M::LinkId, url: &str) {
        let me = self.me.clone();
        let heard = move |event: LinkEvent<'_>| Self::on_link(&me, id, event);
        match Link::open(url, heard) {
            Ok(link) => {
                self.links.borrow_mut().insert(id, link);
            }
            // The browser refuses the address itself (scheme, port, the page's policy).
            Err(close) => self.machine.borrow_mut().handle_closed(id, close, now()),
        }
    }

    /// The sink is taken out while it runs, since it may replace itself, close the driver or feed it.
    fn tell(&self, updates: Vec<M::Update>) {
        let sink = self.sink.take();
        let Some(mut sink) = sink else { return };
        sink(updates);
        let mut place = self.sink.borrow_mut();
        if place.is_none() && !self.closed.get() {
            *place = Some(sink);
        }
    }

    fn on_link(me: &Weak<Self>, id: M::LinkId, event: LinkEvent<'_>) {
        let Some(me) = me.upgrade() else { return };
        if matches!(event, LinkEvent::Closed(_)) {
            me.links.borrow_mut().remove(&id);
        }
        me.feed(|machine, now| match event {
            LinkEvent::Opened => machine.handle_connected(id, now),
            LinkEvent::Received(bytes) => machine.handle_input(id, bytes, now),
            LinkEvent::Closed(close) => machine.handle_closed(id, close, now),
        });
    }

    fn on_timer(me: &Weak<Self>) {
        let Some(me) = me.upgrade() else { return };
        me.timer.fired();
        me.feed(|machine, now| {
            // A timer may be early: clocks are coarse, and far deadlines are cut to what `setTimeout` can hold.
            if machine.poll_timeout().is_some_and(|at| at <= now) {
                machine.handle_timeout(now);
            }
        });
    }
}

#[cfg(all(test, target_family = "wasm"))]
mod tests;
