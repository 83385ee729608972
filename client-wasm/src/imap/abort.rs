//! `AbortSignal` on everything that waits.

use crate::error::Error;
use futures::channel::oneshot;
use futures::future::{self, Either};
use js_sys::Reflect;
use std::pin::pin;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

/// The `signal` out of an options object, if there is one.
///
/// # Errors
/// If it is something else.
pub(crate) fn signal_of(options: &JsValue) -> Result<Option<AbortSignal>, Error> {
    if options.is_undefined() || options.is_null() {
        return Ok(None);
    }
    let signal = Reflect::get(options, &JsValue::from_str("signal"))
        .map_err(|_| Error::invalid("options: must be an object such as { signal }"))?;
    if signal.is_undefined() || signal.is_null() {
        return Ok(None);
    }
    signal.dyn_into().map(Some).map_err(|_| Error::invalid("options.signal: must be an AbortSignal"))
}

/// Waits for `work` unless the signal says otherwise first; then rejects with the signal's reason, as `fetch`
/// does. `work` is dropped, and with it the commands that it waits for are cancelled; the connection lives on.
pub(crate) async fn unless_aborted<T>(
    signal: Option<AbortSignal>,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, JsValue> {
    race(signal, async { work.await.map_err(JsValue::from) }).await
}

/// The same of work in which others' functions may throw whatever they like.
pub(crate) async fn race<T>(
    signal: Option<AbortSignal>,
    work: impl Future<Output = Result<T, JsValue>>,
) -> Result<T, JsValue> {
    let Some(signal) = signal else { return work.await };
    if signal.aborted() {
        return Err(signal.reason());
    }
    let (aborted, _listener) = listen(&signal);
    match future::select(pin!(work), aborted).await {
        Either::Left((answer, _)) => answer,
        Either::Right(_) => Err(signal.reason()),
    }
}

/// Resolves when the signal is aborted.
fn listen(signal: &AbortSignal) -> (oneshot::Receiver<()>, Listener) {
    let (tell, aborted) = oneshot::channel();
    let closure = Closure::once(move || {
        // Nobody listens any more if the work ended in the same moment.
        let _ = tell.send(());
    });
    // It throws only if the arguments are of other types.
    let _ = signal.add_event_listener_with_callback("abort", closure.as_ref().unchecked_ref());
    (aborted, Listener { signal: signal.clone(), closure })
}

/// Takes its closure off the signal when it is dropped: a signal may outlive thousands of calls.
struct Listener {
    signal: AbortSignal,
    closure: Closure<dyn FnMut()>,
}

impl Drop for Listener {
    fn drop(&mut self) {
        let callback = self.closure.as_ref().unchecked_ref();
        let _ = self.signal.remove_event_listener_with_callback("abort", callback);
    }
}
