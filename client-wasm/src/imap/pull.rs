//! What is taken piece by piece: an async iterator or a stream in JavaScript over a [`Source`] in Rust.

use crate::error::Error;
use crate::glue;
use crate::imap::abort::unless_aborted;
use futures::lock::Mutex;
use js_sys::Promise;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;
use web_sys::AbortSignal;

/// Something that gives one piece after the other. Dropped, it cancels what it asked for.
pub(crate) trait Source: 'static {
    /// What the signal means.
    const ON_ABORT: OnAbort;

    /// The next piece; none at the end.
    async fn next(&mut self) -> Result<Option<JsValue>, Error>;
}

/// What a signal does to the one who waits for the next piece.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum OnAbort {
    /// It rejects with the signal's reason: something is missing.
    Reject,
    /// It is the end: there is no other.
    End,
}

/// An async iterator in JavaScript.
pub(crate) fn async_iterator(source: impl Source, signal: Option<AbortSignal>) -> JsValue {
    let (next, done) = pulled(source, signal);
    glue::iterate(next, done)
}

/// The same over a source of batches, arrays of what is given one by one.
pub(crate) fn batch_iterator(source: impl Source, signal: Option<AbortSignal>) -> JsValue {
    let watched = signal.clone();
    let (next, done) = pulled(source, signal);
    glue::iterate_batches(next, done, watched)
}

/// A `ReadableStream` in JavaScript.
pub(crate) fn byte_stream(source: impl Source, signal: Option<AbortSignal>) -> JsValue {
    let (next, done) = pulled(source, signal);
    glue::stream(next, done)
}

/// The two functions of the glue. Whatever `source` holds goes with `done`, or with the first error; the
/// functions themselves go with the JavaScript object.
fn pulled<S: Source>(source: S, signal: Option<AbortSignal>) -> (JsValue, JsValue) {
    let place = Rc::new(RefCell::new(Some(Rc::new(Mutex::new(source)))));
    let next = Closure::<dyn FnMut() -> Promise>::new({
        let place = Rc::clone(&place);
        move || {
            let (place, signal) = (Rc::clone(&place), signal.clone());
            future_to_promise(async move {
                let Some(source) = place.borrow().clone() else { return Ok(JsValue::UNDEFINED) };
                let piece = pull(&source, signal).await;
                if !matches!(piece, Ok(Some(_))) {
                    place.take();
                }
                piece.map(|piece| piece.unwrap_or(JsValue::UNDEFINED))
            })
        }
    });
    let done = Closure::<dyn FnMut()>::new(move || {
        place.take();
    });
    (next.into_js_value(), done.into_js_value())
}

/// One piece. The lock keeps a second `next()` waiting for the first.
async fn pull<S: Source>(source: &Mutex<S>, signal: Option<AbortSignal>) -> Result<Option<JsValue>, JsValue> {
    let work = async { source.lock().await.next().await };
    match unless_aborted(signal.clone(), work).await {
        Err(_) if S::ON_ABORT == OnAbort::End && signal.is_some_and(|signal| signal.aborted()) => Ok(None),
        piece => piece,
    }
}
