//! Drives one sans-IO machine in the browser: each WebSocket, the timer, the clock.
//!
//! What comes over a WebSocket is only queued. A loop gives the machine what waits, in this order: what its user asks, what
//! its timer is due for, what came over the links that somebody waits for, what came over the others; in slices of at most
//! 4 ms, between which the browser has its turn, so that what a person asks never waits for long. Each slice hands its
//! updates over as one batch. Knows neither IMAP nor mail: both APIs of this crate are a [`Machine`] each.

mod close;
mod global;
mod link;
mod queue;
mod timer;
mod turn;

pub(crate) use close::LinkClose;
pub(crate) use global::{now, random_seed, report};

use link::Link;
use postern_protocol::Time;
use queue::{Happened, Queue};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::hash::Hash;
use std::rc::{Rc, Weak};
use std::time::Duration;
use timer::Timer;
use turn::Turn;

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

    /// Does a piece of what is left to do, well below a slice. Gives whether there was any: what came of it waits in
    /// [`Machine::poll_output`], also after the last piece.
    fn step(&mut self) -> bool {
        false
    }

    /// Whether nobody waits for what comes over this link.
    fn is_bulk(&self, _link: Self::LinkId) -> bool {
        false
    }
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
    /// What came and the machine was not given yet.
    queue: RefCell<Queue<M::LinkId>>,
    timer: Timer,
    is_timer_due: Cell<bool>,
    /// The next slice.
    turn: Turn,
    sink: RefCell<Option<Sink<M>>>,
    is_running: Cell<bool>,
    closed: Cell<bool>,
    /// What the closures of links and timer hold, so that they don't keep the driver alive.
    me: Weak<Self>,
}

/// Where the updates of one slice go.
type Sink<M> = Box<dyn FnMut(Vec<<M as Machine>::Update>)>;

impl<M: Machine> Driver<M> {
    /// Nothing runs before the first [`Driver::feed`].
    pub(crate) fn new(machine: M) -> Rc<Self> {
        Rc::new_cyclic(|me: &Weak<Self>| Self {
            machine: RefCell::new(machine),
            links: RefCell::default(),
            queue: RefCell::default(),
            timer: Timer::new({
                let me = me.clone();
                move || Self::on_timer(&me)
            }),
            is_timer_due: Cell::new(false),
            turn: Turn::new({
                let me = me.clone();
                move || Self::on_turn(&me)
            }),
            sink: RefCell::default(),
            is_running: Cell::new(false),
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

    /// What the machine's user asks comes before all that waits. May be called from within the sink: the slice that is under
    /// way goes on with what follows.
    pub(crate) fn feed<R>(&self, input: impl FnOnce(&mut M, Time) -> R) -> R {
        let answer = input(&mut self.machine.borrow_mut(), now());
        self.run();
        answer
    }

    /// Hangs up every link and lets go of the sink. Whatever is fed afterwards has no effect outside.
    pub(crate) fn close(&self) {
        self.closed.set(true);
        self.timer.stop();
        self.turn.stop();
        self.links.take();
        self.queue.borrow_mut().clear();
        // A sink that runs at this moment is put back by nobody: see `tell`.
        self.sink.take();
    }

    /// Whether [`Driver::close`] was called.
    pub(crate) fn is_closed(&self) -> bool {
        self.closed.get()
    }

    /// One slice. What is left after it waits for the next one.
    fn run(&self) {
        if self.closed.get() || self.is_running.replace(true) {
            return;
        }
        let end = now() + SLICE;
        let mut updates = Vec::new();
        let mut is_over = false;
        loop {
            self.carry_out_all(&mut updates);
            // Whoever the updates are for runs after the slice: what it holds until then is bounded, too.
            is_over = is_over || now() >= end || updates.len() >= MOST_UPDATES;
            if self.closed.get() || is_over || !self.advance() {
                if !updates.is_empty() {
                    self.tell(std::mem::take(&mut updates));
                } else if !is_over {
                    break;
                }
                if self.closed.get() || is_over {
                    break;
                }
            }
        }
        self.is_running.set(false);
        if self.closed.get() {
            return;
        }
        if is_over {
            self.turn.ask();
        }
        self.timer.set(self.machine.borrow().poll_timeout());
    }

    /// Gives the machine the next thing that waits, or lets it go on with what it has; `false` if there is nothing.
    fn advance(&self) -> bool {
        let mut machine = self.machine.borrow_mut();
        if machine.step() {
            return true;
        }
        // A timer may be early: clocks are coarse, and far deadlines are cut to what `setTimeout` can hold.
        if self.is_timer_due.take() && machine.poll_timeout().is_some_and(|at| at <= now()) {
            machine.handle_timeout(now());
            return true;
        }
        let next = self.queue.borrow_mut().pop(|link| machine.is_bulk(link));
        let Some((link, happened)) = next else { return false };
        match happened {
            Happened::Opened => machine.handle_connected(link, now()),
            Happened::Received(bytes) => {
                let copied = bytes.to_vec();
                global::release(&bytes);
                machine.handle_input(link, &copied, now());
            }
            Happened::Closed(close) => machine.handle_closed(link, close, now()),
        }
        true
    }

    fn carry_out_all(&self, updates: &mut Vec<M::Update>) {
        loop {
            // A statement of its own: the machine is free again while its output is carried out.
            let output = self.machine.borrow_mut().poll_output();
            let Some(output) = output else { break };
            self.carry_out(output, updates);
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
                self.queue.borrow_mut().forget(link);
            }
        }
    }

    fn connect(&self, id: M::LinkId, url: &str) {
        let me = self.me.clone();
        let heard = move |happened: Happened| Self::on_link(&me, id, happened);
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

    /// Something happened on a link. It is taken in when it is its turn.
    fn on_link(me: &Weak<Self>, id: M::LinkId, happened: Happened) {
        let Some(me) = me.upgrade() else { return };
        if matches!(happened, Happened::Closed(_)) {
            me.links.borrow_mut().remove(&id);
        }
        me.queue.borrow_mut().push(id, happened);
        me.turn.ask();
    }

    fn on_timer(me: &Weak<Self>) {
        let Some(me) = me.upgrade() else { return };
        me.timer.fired();
        me.is_timer_due.set(true);
        me.run();
    }

    fn on_turn(me: &Weak<Self>) {
        let Some(me) = me.upgrade() else { return };
        me.turn.stop();
        me.run();
    }
}

/// Updates after which a slice ends, so that small responses in their thousands don't fill the memory.
const MOST_UPDATES: usize = 1024;

/// How long the browser waits for its turn: a quarter of what a person sees as one frame.
const SLICE: Duration = Duration::from_millis(4);

#[cfg(all(test, target_family = "wasm"))]
mod tests;
