//! Tells the tests whether a mail server is there for them: a browser has no environment to ask at run time.

fn main() {
    println!("cargo::rustc-check-cfg=cfg(has_server)");
    println!("cargo::rerun-if-env-changed=POSTERN_TEST_PROXY");
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var_os("POSTERN_TEST_PROXY").is_some() {
        println!("cargo::rustc-cfg=has_server");
    }
}
