//! The mail server that `cargo xtask test` starts for these tests, through the real proxy.

use wasm_bindgen_test::console_log;

/// Where it is, and who may sign in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Server {
    /// The proxy: `ws://127.0.0.1:…`.
    pub(crate) proxy: &'static str,
    pub(crate) user: &'static str,
    pub(crate) password: &'static str,
}

/// The server; where there is none, says that this test was left out.
///
/// The address is fixed when the test is compiled, since a browser has no environment.
pub(crate) fn server(test: &str) -> Option<Server> {
    let server = option_env!("POSTERN_TEST_PROXY")
        .zip(option_env!("POSTERN_TEST_USER"))
        .zip(option_env!("POSTERN_TEST_PASSWORD"))
        .map(|((proxy, user), password)| Server { proxy, user, password });
    if server.is_none() {
        console_log!("LEFT OUT: {test} needs a mail server; `cargo xtask test` starts one");
    }
    server
}

impl Server {
    /// The WebSocket of an upstream; the default one by no name.
    pub(crate) fn imap(&self, upstream: &str) -> String {
        format!("{}/imap/{upstream}", self.proxy).trim_end_matches('/').to_owned()
    }
}
