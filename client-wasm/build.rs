//! Tells the tests whether mail servers are there for them: a browser has no environment to ask at run time.

fn main() {
    for (server, variable) in [("has_server", "POSTERN_TEST_PROXY"), ("has_cyrus", "POSTERN_TEST_CYRUS_USER")]
    {
        println!("cargo::rustc-check-cfg=cfg({server})");
        println!("cargo::rerun-if-env-changed={variable}");
        if std::env::var_os(variable).is_some() {
            println!("cargo::rustc-cfg={server}");
        }
    }
    println!("cargo::rerun-if-changed=build.rs");
}
