//! The browser's side of Postern: WebSocket, timers and the JavaScript API, published to npm as `postern-client`.

mod address;
mod driver;

// Where the package is meant to live.
#[cfg(all(test, target_family = "wasm"))]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);
