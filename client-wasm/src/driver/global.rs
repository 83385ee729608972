//! What a page and a worker both have in their global scope: clock, timers, randomness, the console.

use postern_protocol::Time;
use std::time::Duration;
use wasm_bindgen::prelude::*;

/// The monotonic clock, counted from the time origin of this page or worker.
pub(crate) fn now() -> Time {
    Time::ZERO + Duration::from_secs_f64(performance_now().max(0.0) / 1000.0)
}

/// For jitter: nobody may foresee when a thousand clients come back after an outage.
pub(crate) fn random_seed() -> u64 {
    let mut bytes = [0; 8];
    random_values(&mut bytes);
    u64::from_le_bytes(bytes)
}

/// An exception out of the user's callback: told the way an exception in an event listener is.
pub(crate) fn report(error: &JsValue) {
    report_error(error);
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn performance_now() -> f64;

    #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues)]
    fn random_values(into: &mut [u8]);

    #[wasm_bindgen(js_name = reportError)]
    fn report_error(error: &JsValue);

    #[wasm_bindgen(js_name = setTimeout)]
    pub(super) fn set_timeout(callback: &js_sys::Function, millis: i32) -> JsValue;

    #[wasm_bindgen(js_name = clearTimeout)]
    pub(super) fn clear_timeout(id: &JsValue);
}
