//! Gives the browser its turn between two slices. `setTimeout` would wait for 4 ms each time that it is asked from within
//! itself (HTML, timers); a message to oneself comes at once, behind whatever else waits.

use std::cell::RefCell;
use wasm_bindgen::prelude::*;

/// A call that comes after everything that waits already. Dropped, it does not come.
pub(super) struct Turn {
    callback: Closure<dyn FnMut()>,
    channel: RefCell<Option<MessageChannel>>,
}

impl Turn {
    pub(super) fn new(callback: impl FnMut() + 'static) -> Self {
        Self { callback: Closure::new(callback), channel: RefCell::default() }
    }

    /// Calls back soon; once, however often it is asked before.
    pub(super) fn ask(&self) {
        let mut channel = self.channel.borrow_mut();
        if channel.is_none() {
            let new = MessageChannel::new();
            new.port1().set_onmessage(Some(self.callback.as_ref().unchecked_ref()));
            new.port2().post_message(&JsValue::NULL);
            *channel = Some(new);
        }
    }

    /// It called back, or need not. An open port would keep Node.js alive.
    pub(super) fn stop(&self) {
        if let Some(channel) = self.channel.take() {
            channel.port1().set_onmessage(None);
            channel.port1().close();
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.stop();
    }
}

#[wasm_bindgen]
extern "C" {
    type MessageChannel;
    type MessagePort;

    #[wasm_bindgen(constructor)]
    fn new() -> MessageChannel;

    #[wasm_bindgen(method, getter)]
    fn port1(this: &MessageChannel) -> MessagePort;

    #[wasm_bindgen(method, getter)]
    fn port2(this: &MessageChannel) -> MessagePort;

    #[wasm_bindgen(method, setter)]
    fn set_onmessage(this: &MessagePort, callback: Option<&js_sys::Function>);

    #[wasm_bindgen(method, js_name = postMessage)]
    fn post_message(this: &MessagePort, message: &JsValue);

    #[wasm_bindgen(method)]
    fn close(this: &MessagePort);
}
