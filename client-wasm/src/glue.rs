//! The Rust side of `js/glue.js`.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/js/glue.js")]
extern "C" {
    /// `class ImapError extends Error`.
    #[wasm_bindgen(extends = js_sys::Error, js_name = ImapError)]
    #[derive(Debug, Clone)]
    pub(crate) type JsImapError;

    #[wasm_bindgen(constructor, js_class = "ImapError")]
    pub(crate) fn new(code: &JsValue, message: &str, response: Option<&str>) -> JsImapError;

    /// Never called: gives the class on to those who import the package. Only a function can be passed on without
    /// a declaration of `unknown` beside our own.
    #[wasm_bindgen(js_name = ImapError, reexport, skip_typescript)]
    fn imap_error_class();

    /// An async iterator.
    pub(crate) fn iterate(next: JsValue, done: JsValue) -> JsValue;

    /// A `ReadableStream`.
    pub(crate) fn stream(next: JsValue, done: JsValue) -> JsValue;
}
