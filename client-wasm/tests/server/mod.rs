//! The mail server that `cargo xtask test` starts for these tests, through the real proxy. Where it has not, they
//! are ignored, and say why.

/// Where it is, and who may sign in. Fixed when the test is compiled: a browser has no environment.
pub(crate) const SERVER: Server = Server {
    proxy: or_empty(option_env!("POSTERN_TEST_PROXY")),
    user: or_empty(option_env!("POSTERN_TEST_USER")),
    password: or_empty(option_env!("POSTERN_TEST_PASSWORD")),
};

pub(crate) struct Server {
    /// The proxy: `ws://127.0.0.1:…`. Its default upstream has implicit TLS, `starttls` upgrades, and nobody trusts
    /// the certificate of `untrusted`. `cyrus` is another server.
    pub(crate) proxy: &'static str,
    pub(crate) user: &'static str,
    pub(crate) password: &'static str,
}

/// What `cargo xtask test` set, or nothing.
pub(crate) const fn or_empty(value: Option<&'static str>) -> &'static str {
    match value {
        Some(value) => value,
        None => "",
    }
}

/// A test that needs the server.
macro_rules! with_server {
    ($(async fn $test:ident() $body:block)*) => {
        $(#[cfg_attr(not(has_server), ignore = "needs a mail server: `cargo xtask test` starts one")]
        #[wasm_bindgen_test::wasm_bindgen_test]
        async fn $test() -> Result<(), wasm_bindgen::JsValue> {
            $body
            Ok(())
        })*
    };
}
pub(crate) use with_server;
