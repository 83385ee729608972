//! One timer that is set to the machine's next timeout after each drain.

use super::global::{clear_timeout, now, set_timeout};
use postern_protocol::Time;
use std::cell::RefCell;
use wasm_bindgen::prelude::*;

/// A timer that can be set again and again. Stops when it is dropped.
pub(super) struct Timer {
    callback: Closure<dyn FnMut()>,
    set: RefCell<Option<(Time, JsValue)>>,
}

impl Timer {
    pub(super) fn new(callback: impl FnMut() + 'static) -> Self {
        Self { callback: Closure::new(callback), set: RefCell::default() }
    }

    /// Calls back at `at`, or about a millisecond sooner or later, or never.
    pub(super) fn set(&self, at: Option<Time>) {
        if self.set.borrow().as_ref().map(|(at, _)| *at) == at {
            return;
        }
        self.stop();
        let Some(at) = at else { return };
        let millis = (at - now()).as_nanos().div_ceil(1_000_000);
        let millis = i32::try_from(millis).unwrap_or(i32::MAX);
        let id = set_timeout(self.callback.as_ref().unchecked_ref(), millis);
        self.set.replace(Some((at, id)));
    }

    /// It called back, and must be set anew: for the same time as well, since browsers may call early.
    pub(super) fn fired(&self) {
        self.set.take();
    }

    pub(super) fn stop(&self) {
        if let Some((_, id)) = self.set.take() {
            clear_timeout(&id);
        }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        self.stop();
    }
}
