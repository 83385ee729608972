//! The mail server that `cargo xtask test` starts for these tests, through the real proxy.

use wasm_bindgen_test::console_log;

/// Where it is, and who may sign in.
#[derive(Debug, Clone, Copy)]
pub struct Server {
    /// The proxy: `ws://127.0.0.1:…`.
    pub proxy: &'static str,
    pub user: &'static str,
    pub password: &'static str,
}

/// The server; where there is none, says that this test was left out.
///
/// The address is fixed when the test is compiled, since a browser has no environment.
pub fn server(test: &str) -> Option<Server> {
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
    pub fn imap(&self, upstream: &str) -> String {
        format!("{}/imap/{upstream}", self.proxy).trim_end_matches('/').to_owned()
    }
}
