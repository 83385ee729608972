//! Installs what a fresh Debian with Rust and Node lacks, each thing once and pinned.
//!
//! Debian's packages by apt, the wasm target by rustup, cargo's tools into a folder of their own under the user's
//! cache, npm's packages by `npm ci`. Nothing else is fetched from anywhere.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use postern_tests::folder;

use crate::console::step;
use crate::fingerprint::Stamp;
use crate::root;

/// A Debian package, and a file that is there when it is installed.
struct Package(&'static str, &'static str);

/// For `demo`: the mail server.
const MAIL_SERVER: &[Package] = &[
    Package("dovecot-core", "/usr/sbin/dovecot"),
    Package("dovecot-imapd", "/usr/lib/dovecot/imap"),
    Package("dovecot-managesieved", "/usr/lib/dovecot/managesieve"),
];

/// For the tests and benches of more than one proxy.
const REVERSE_PROXIES: &[Package] = &[
    Package("haproxy", "/usr/sbin/haproxy"),
    Package("nginx-light", "/usr/sbin/nginx"),
    Package("python3-yaml", "/usr/lib/python3/dist-packages/yaml/__init__.py"),
];

/// What Python needs to install others' programs beside itself.
const PYTHON: &[Package] = &[
    Package("python3", "/usr/bin/python3"),
    Package("python3-venv", "/usr/share/doc/python3-venv/copyright"),
];

/// For `dist`: a compiler for the proxy's C and assembly.
const MUSL: &[Package] = &[Package("musl-tools", "/usr/bin/musl-gcc")];

/// For `test`: browsers with their drivers, letters to draw, and Python with a WebSocket.
const BROWSERS: &[Package] = &[
    Package("chromium", "/usr/bin/chromium"),
    Package("chromium-driver", "/usr/bin/chromedriver"),
    Package("firefox-esr", "/usr/bin/firefox-esr"),
    Package("fonts-noto-core", "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf"),
    Package("python3", "/usr/bin/python3"),
    Package("python3-websocket", "/usr/lib/python3/dist-packages/websocket/__init__.py"),
];

/// A program that `cargo install` builds.
pub(crate) struct CargoTool {
    name: &'static str,
    package: &'static str,
    version: &'static str,
    /// Whether its lock file still resolves.
    locked: bool,
    build: Build,
}

/// How well a tool is optimised. The release profile takes three times as long to build, and several tools ask for LTO.
#[derive(Clone, Copy)]
enum Build {
    /// It waits for other programs more than it works itself.
    Unoptimised,
    /// It has some megabytes to work through.
    Light,
    /// It is measured.
    Release,
}

/// With it comes `wasm-bindgen-test-runner`, which `wasm-pack test` runs the tests in. Must be of wasm-bindgen's own
/// version, to the digit.
pub(crate) const WASM_BINDGEN: CargoTool = CargoTool {
    name: "wasm-bindgen",
    package: "wasm-bindgen-cli",
    version: "0.2.130",
    locked: false,
    build: Build::Light,
};
pub(crate) const WASM_PACK: CargoTool = CargoTool::quickly_built("wasm-pack", "0.15.1");
pub(crate) const GECKODRIVER: CargoTool = CargoTool::quickly_built("geckodriver", "0.37.1");
pub(crate) const CARGO_DENY: CargoTool = CargoTool::quickly_built("cargo-deny", "0.20.2");
pub(crate) const CARGO_FUZZ: CargoTool = CargoTool::quickly_built("cargo-fuzz", "0.13.2");

/// What `bench proxy` compares with.
pub(crate) const WEBSOCAT: CargoTool =
    CargoTool { build: Build::Release, ..CargoTool::quickly_built("websocat", "1.14.1") };

impl CargoTool {
    /// A package with a program of its own name.
    const fn quickly_built(name: &'static str, version: &'static str) -> Self {
        Self { name, package: name, version, locked: true, build: Build::Unoptimised }
    }
}

/// The mail server, where it is missing.
///
/// # Errors
/// Where it can't be installed.
pub(crate) fn mail_server() -> io::Result<()> {
    debian(MAIL_SERVER, "the mail server to try Postern against")
}

/// Browsers and Python, where they are missing.
///
/// # Errors
/// Where they can't be installed.
pub(crate) fn browsers() -> io::Result<()> {
    debian(BROWSERS, "the browsers and programs that the tests drive")
}

/// HAProxy and nginx, and what reads YAML, where they are missing.
///
/// # Errors
/// Where they can't be installed.
pub(crate) fn reverse_proxies() -> io::Result<()> {
    debian(REVERSE_PROXIES, "the reverse proxies that Postern is tried behind")
}

/// PyPI's websockify, of its pinned version, with a Python folder of its own. Its program's path comes back.
///
/// # Errors
/// Where it can't be installed.
pub(crate) fn websockify() -> io::Result<PathBuf> {
    let folder = tools_folder()?.join(WEBSOCKIFY);
    python(&folder, "websockify", &[WEBSOCKIFY])
}

/// PyPI's typos, which is the same program as crates.io's, built. Its path comes back.
///
/// # Errors
/// Where it can't be installed.
pub(crate) fn typos() -> io::Result<PathBuf> {
    let folder = tools_folder()?.join(TYPOS);
    python(&folder, "typos", &[TYPOS])
}

/// PyPI's pymap, another mail server of the tests, of its pinned version and where they look for it.
///
/// # Errors
/// Where it can't be installed.
pub(crate) fn pymap() -> io::Result<()> {
    python(&postern_tests::pymap::installation()?, "pymap", &postern_tests::pymap::REQUIREMENTS).map(drop)
}

/// A program of PyPI's in a Python folder of its own, where it is missing. Its path comes back.
fn python(folder: &Path, program: &str, requirements: &[&str]) -> io::Result<PathBuf> {
    debian(PYTHON, &format!("the Python that {program} runs in"))?;
    let path = folder.join("bin").join(program);
    if !path.is_file() {
        let mut make = Command::new("/usr/bin/python3");
        step("Making a Python folder", make.args(["-m", "venv"]).arg(folder))?;
        let mut install = Command::new(folder.join("bin/pip"));
        install.args(["install", "--quiet"]).args(requirements);
        step(&format!("Installing {program}"), &mut install)?;
    }
    Ok(path)
}

/// The compiler's standard library for wasm.
///
/// # Errors
/// If it can't be installed.
pub(crate) fn wasm_target() -> io::Result<()> {
    compile_target(WASM_TARGET)
}

/// The compiler's standard library and a C compiler for programs that need nothing of the system they run on.
///
/// # Errors
/// If they can't be installed.
pub(crate) fn musl() -> io::Result<()> {
    compile_target(MUSL_TARGET)?;
    debian(MUSL, "a static program")
}

fn compile_target(name: &str) -> io::Result<()> {
    let installed = Command::new("rustup").args(["target", "list", "--installed"]).output();
    let has_target = installed.is_ok_and(|list| String::from_utf8_lossy(&list.stdout).contains(name));
    // A Rust without rustup has the target, or cargo will say that it lacks it.
    if !has_target && in_path("rustup") {
        let title = format!("Installing the compiler's target {name}");
        step(&title, Command::new("rustup").args(["target", "add", name]))?;
    }
    Ok(())
}

/// One of cargo's tools, of its pinned version.
///
/// # Errors
/// Where it can't be built.
pub(crate) fn cargo_tool(tool: &CargoTool) -> io::Result<()> {
    let folder = tools_folder()?;
    let output = Command::new(folder.join("bin").join(tool.name)).arg("--version").output();
    if output.is_ok_and(|said| String::from_utf8_lossy(&said.stdout).contains(tool.version)) {
        return Ok(());
    }
    let mut command = cargo();
    command.args(["install", "--force", "--root"]).arg(&folder).args([
        tool.package,
        "--version",
        tool.version,
    ]);
    // Not in the checkout's target folder: `cargo clean` need not cost the tools.
    command.env_remove("RUSTFLAGS").env("CARGO_TARGET_DIR", folder.join("build"));
    if tool.locked {
        command.arg("--locked");
    }
    let level = match tool.build {
        Build::Unoptimised => Some("0"),
        Build::Light => Some("1"),
        Build::Release => None,
    };
    if let Some(level) = level {
        command.args(["--profile", "dev"]);
        command.env("CARGO_PROFILE_DEV_DEBUG", "false").env("CARGO_PROFILE_DEV_OPT_LEVEL", level);
    }
    step(&format!("Building the tool {} {}", tool.name, tool.version), &mut command)
}

/// The path of a program that [`cargo_tool`] built.
///
/// # Errors
/// Where there is no home folder.
pub(crate) fn path_of(tool: &CargoTool) -> io::Result<PathBuf> {
    Ok(tools_folder()?.join("bin").join(tool.name))
}

/// A folder's npm packages, where its lock file changed since they were installed.
///
/// # Errors
/// Where npm is missing or fails.
pub(crate) fn npm(folder: &str) -> io::Result<()> {
    let folder_path = root().join(folder);
    let name = format!("npm-{}", folder.replace('/', "-"));
    // npm's own account of what it installed: it is gone with the folder, and changes with any other install.
    let installed = folder_path.join("node_modules/.package-lock.json");
    let stamp = Stamp::of(&name, &[&folder_path.join("package-lock.json")], &installed)?;
    if stamp.is_current() {
        return Ok(());
    }
    let mut command = Command::new("npm");
    command.args(["ci", "--no-audit", "--no-fund", "--loglevel=http"]).current_dir(folder_path);
    step(&format!("Installing the npm packages of {folder}"), &mut command)?;
    stamp.write()
}

/// `cargo`, the one that runs us.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// Puts the tools' folder first on the path of all that we start.
///
/// # Errors
/// Where there is no home folder.
pub(crate) fn path_with_tools() -> io::Result<std::ffi::OsString> {
    let own = tools_folder()?.join("bin");
    let path = env::var_os("PATH").unwrap_or_default();
    env::join_paths(std::iter::once(own).chain(env::split_paths(&path))).map_err(io::Error::other)
}

/// Where cargo's tools are kept: outside the checkout, so that a fresh clone need not build them again.
pub(crate) fn tools_folder() -> io::Result<PathBuf> {
    let folder = folder::cache()?.join("tools");
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

fn debian(packages: &[Package], what_for: &str) -> io::Result<()> {
    let missing: Vec<&str> = packages
        .iter()
        .filter(|Package(_, file)| !Path::new(file).exists())
        .map(|package| package.0)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let by_hand = format!("apt-get install --no-install-recommends {}", missing.join(" "));
    if !in_path("apt-get") {
        return Err(io::Error::other(format!("install {what_for} first; on Debian: {by_hand}")));
    }
    println!("Needed for {what_for}: {}", missing.join(", "));
    let mut install = vec!["install", "--yes", "--no-install-recommends"];
    install.extend(missing);
    package_lists()?;
    step("Installing Debian's packages", &mut apt(&install)?)
        .map_err(|error| io::Error::other(format!("{error}\nor install them by hand: {by_hand}")))
}

/// Reads Debian's package lists, once for all that this run installs.
///
/// # Errors
/// If they can't be had.
pub(crate) fn package_lists() -> io::Result<()> {
    static READ: Mutex<bool> = Mutex::new(false);
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    if !*read {
        step("Reading Debian's package lists", &mut apt(&["update"])?)?;
        *read = true;
    }
    Ok(())
}

/// `apt-get` as root. It asks nothing, and starts no service of what it installs.
pub(crate) fn apt(arguments: &[&str]) -> io::Result<Command> {
    let settings = ["DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1"];
    let mut command = if is_root() {
        Command::new("env")
    } else if in_path("sudo") {
        let mut sudo = Command::new("sudo");
        sudo.arg("env");
        sudo
    } else {
        let all = arguments.join(" ");
        return Err(io::Error::other(format!("this needs root once: as root, run apt-get {all}")));
    };
    command.args(settings).arg("apt-get").args(arguments);
    Ok(command)
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

pub(crate) fn in_path(program: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

const TYPOS: &str = "typos==1.52.0";
const WEBSOCKIFY: &str = "websockify==0.13.0";
/// What runs on any Linux of this processor's kind: nothing of the system's is linked.
pub(crate) const MUSL_TARGET: &str =
    if cfg!(target_arch = "aarch64") { "aarch64-unknown-linux-musl" } else { "x86_64-unknown-linux-musl" };
/// What a browser runs.
pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";
