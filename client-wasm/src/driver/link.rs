//! One WebSocket: bytes in order both ways, and how it ended. Looks at no byte.

use super::queue::Happened;
use super::timer::Timer;
use super::{LinkClose, now};
use js_sys::Uint8Array;
use postern_protocol::wire::CloseReason;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::{Rc, Weak};
use std::time::Duration;
use wasm_bindgen::prelude::*;
use web_sys::{BinaryType, CloseEvent, MessageEvent, WebSocket};

/// An open or opening WebSocket. Dropped, it hangs up and is heard of no more.
pub(super) struct Link {
    outbox: Rc<Outbox>,
    _closures: Closures,
}

/// What the WebSocket calls. They live as long as the link.
struct Closures {
    _open: Closure<dyn FnMut()>,
    _message: Closure<dyn FnMut(MessageEvent)>,
    _close: Closure<dyn FnMut(CloseEvent)>,
}

impl Link {
    /// Opens a WebSocket and calls `heard` with whatever happens on it; never before this returns.
    ///
    /// # Errors
    /// Where the browser refuses the address at once, as if it had been opened and closed with 1006.
    pub(super) fn open(url: &str, heard: impl Fn(Happened) + 'static) -> Result<Self, LinkClose> {
        let socket = WebSocket::new(url).map_err(|error| {
            let reason = js_sys::Error::from(error).message().into();
            LinkClose { code: CloseReason::Lost.code(), reason }
        })?;
        socket.set_binary_type(BinaryType::Arraybuffer);
        let closures = Closures::listen(&socket, Rc::new(heard));
        Ok(Self { outbox: Outbox::new(socket), _closures: closures })
    }

    /// Sends behind everything that was sent before.
    pub(super) fn send(&self, bytes: Vec<u8>) {
        self.outbox.push(bytes);
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        let socket = &self.outbox.socket;
        socket.set_onopen(None);
        socket.set_onmessage(None);
        socket.set_onclose(None);
        self.outbox.finish();
    }
}

impl Closures {
    fn listen(socket: &WebSocket, heard: Rc<dyn Fn(Happened)>) -> Self {
        let open = Closure::new({
            let heard = Rc::clone(&heard);
            move || heard(Happened::Opened)
        });
        let message = Closure::new({
            let heard = Rc::clone(&heard);
            move |event: MessageEvent| match event.data().dyn_into::<js_sys::ArrayBuffer>() {
                Ok(buffer) => heard(Happened::Received(Uint8Array::new(&buffer))),
                // A proxy sends binary messages only; of a text one the bytes are still meant.
                Err(text) => {
                    let text = text.as_string().unwrap_or_default();
                    heard(Happened::Received(Uint8Array::from(text.as_bytes())));
                }
            }
        });
        let close = Closure::new(move |event: CloseEvent| {
            heard(Happened::Closed(LinkClose { code: event.code(), reason: event.reason() }));
        });
        socket.set_onopen(Some(as_function(&open)));
        socket.set_onmessage(Some(as_function(&message)));
        socket.set_onclose(Some(as_function(&close)));
        Self { _open: open, _message: message, _close: close }
    }
}

fn as_function<T: ?Sized>(closure: &Closure<T>) -> &js_sys::Function {
    closure.as_ref().unchecked_ref()
}

/// What waits to be sent. `WebSocket.send` never says no and keeps whatever it is given in memory, so that large
/// data goes to it in pieces, and only as fast as `bufferedAmount` falls.
struct Outbox {
    socket: WebSocket,
    waiting: RefCell<VecDeque<Vec<u8>>>,
    again: Timer,
}

impl Outbox {
    fn new(socket: WebSocket) -> Rc<Self> {
        Rc::new_cyclic(|me: &Weak<Self>| {
            let me = me.clone();
            let again = Timer::new(move || {
                if let Some(me) = me.upgrade() {
                    me.flush();
                }
            });
            Self { socket, waiting: RefCell::default(), again }
        })
    }

    fn push(&self, bytes: Vec<u8>) {
        let mut waiting = self.waiting.borrow_mut();
        if bytes.len() <= MESSAGE {
            waiting.push_back(bytes);
        } else {
            waiting.extend(bytes.chunks(MESSAGE).map(<[u8]>::to_vec));
        }
        drop(waiting);
        self.flush();
    }

    /// Sends what there is room for. There is no event for falling `bufferedAmount`: it is looked at again soon.
    fn flush(&self) {
        while self.socket.buffered_amount() <= HIGH_WATER {
            let Some(bytes) = self.waiting.borrow_mut().pop_front() else { return };
            self.transmit(&bytes);
        }
        if !self.waiting.borrow().is_empty() {
            self.again.set(Some(now() + LOOK_AGAIN));
        }
    }

    /// Whatever still waits goes out at once, and the WebSocket closes behind it.
    fn finish(&self) {
        self.again.stop();
        self.waiting.take().iter().for_each(|bytes| self.transmit(bytes));
        // It throws only for codes and reasons, and none is given.
        let _ = self.socket.close();
    }

    /// It throws where the WebSocket is still connecting, and drops the bytes where it is closing: then they can't
    /// arrive, and the close event that follows says so.
    fn transmit(&self, bytes: &[u8]) {
        let _ = self.socket.send_with_u8_array(bytes);
    }
}

/// The largest message sent. Well below the 1 MiB that the proxy takes.
const MESSAGE: usize = 256 * 1024;

/// Bytes in the WebSocket's own buffer above which sending waits.
const HIGH_WATER: u32 = 1024 * 1024;

/// How soon to look at that buffer again.
const LOOK_AGAIN: Duration = Duration::from_millis(10);
