//! The Rust side of `js/glue.js`.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/js/glue.js")]
extern "C" {
    /// `class ImapError extends Error`.
    #[wasm_bindgen(extends = js_sys::Error, js_name = ImapError)]
    #[derive(Debug, Clone)]
    pub(crate) type JsImapError;

    #[wasm_bindgen(constructor, js_class = "ImapError")]
    pub(crate) fn new(
        code: &JsValue,
        message: &str,
        response: Option<&str>,
        done: Option<JsValue>,
        response_code: Option<&str>,
    ) -> JsImapError;

    /// Never called: gives the class on to those who import the package. Only a function can be passed on without
    /// a declaration of `unknown` beside our own.
    #[wasm_bindgen(js_name = ImapError, reexport, skip_typescript)]
    fn imap_error_class();

    /// Bytes that nobody can guess.
    #[wasm_bindgen(js_name = randomBytes)]
    pub(crate) fn random_bytes(count: u32) -> js_sys::Uint8Array;

    /// Where a message's bytes come from.
    #[wasm_bindgen(js_name = Source)]
    pub(crate) type JsSource;

    /// Reads a `MessageSource`.
    #[wasm_bindgen(catch)]
    pub(crate) fn source(message: &JsValue) -> Result<JsSource, JsValue>;

    /// How many bytes there are, as far as that was told.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn size(this: &JsSource) -> f64;

    /// The next of them, or undefined at the end.
    #[wasm_bindgen(method)]
    pub(crate) fn next(this: &JsSource) -> js_sys::Promise;

    /// No more are wanted.
    #[wasm_bindgen(method)]
    pub(crate) fn cancel(this: &JsSource);

    /// An async iterator.
    pub(crate) fn iterate(next: JsValue, done: JsValue) -> JsValue;

    /// The same over arrays of items.
    #[wasm_bindgen(js_name = iterateBatches)]
    pub(crate) fn iterate_batches(
        next: JsValue,
        done: JsValue,
        signal: Option<web_sys::AbortSignal>,
    ) -> JsValue;

    /// A `MessageContent`: `open` gives the stream of an attachment.
    #[wasm_bindgen(js_name = messageContent)]
    pub(crate) fn message_content(message: JsValue, open: JsValue) -> JsValue;

    /// A `ReadableStream`.
    pub(crate) fn stream(next: JsValue, done: JsValue) -> JsValue;
}
