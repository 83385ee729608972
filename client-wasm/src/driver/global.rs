//! What a page and a worker both have in their global scope: clock, timers, randomness, the console.

use js_sys::Uint8Array;
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

/// Gives back the memory of bytes that were copied, rather than when JavaScript next collects its garbage: a download would
/// leave megabytes of it. Of a part only with the last one. A browser without `ArrayBuffer.transfer` collects it later.
pub(super) fn release(bytes: &Uint8Array) {
    let buffer = bytes.buffer();
    if bytes.byte_offset() + bytes.length() == buffer.byte_length() {
        let _ = buffer.unchecked_into::<Buffer>().transfer(0);
    }
}

/// An exception out of the user's callback: told the way an exception in an event listener is.
pub(crate) fn report(error: &JsValue) {
    report_error(error);
}

#[wasm_bindgen]
extern "C" {
    type Buffer;

    #[wasm_bindgen(method, catch)]
    fn transfer(this: &Buffer, length: u32) -> Result<JsValue, JsValue>;

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
