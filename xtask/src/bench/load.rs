//! Drives `postern-load`, which stands on both sides of what is measured.

use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::build::target;
use crate::console::step;
use crate::tools;

/// The program.
#[derive(Debug, Clone)]
pub(crate) struct Load {
    program: PathBuf,
}

impl Load {
    pub(crate) fn build() -> io::Result<Self> {
        let arguments = ["build", "--release", "--package", "postern-load"];
        step("Building the load", tools::cargo().args(arguments))?;
        Ok(Self { program: target().join("release/postern-load") })
    }

    /// The numbers that it prints and then ends.
    pub(crate) fn measure<const N: usize>(&self, arguments: &[&str]) -> io::Result<[f64; N]> {
        let output = Command::new(&self.program).args(arguments).stderr(Stdio::inherit()).output()?;
        let text = String::from_utf8_lossy(&output.stdout);
        let numbers: Vec<f64> = text.split_whitespace().filter_map(|number| number.parse().ok()).collect();
        let wrong = |_| io::Error::other(format!("{}: {} {text}", arguments.join(" "), output.status));
        numbers.try_into().map_err(wrong)
    }

    /// Starts it, to be asked line by line.
    pub(crate) fn start(&self, arguments: &[&str]) -> io::Result<Dialogue> {
        let mut command = Command::new(&self.program);
        let mut child = command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let (input, output) = (child.stdin.take(), child.stdout.take().map(BufReader::new));
        Ok(Dialogue { child, input, output })
    }

    /// The server behind the proxies.
    pub(crate) fn serve(&self, certificate: &Path, key: &Path) -> io::Result<Upstream> {
        let [certificate, key] = [certificate, key].map(|file| file.display().to_string());
        let mut server = self.start(&["serve", &certificate, &key])?;
        let line = server.line()?;
        let ports: Vec<u16> = line.split_whitespace().filter_map(|port| port.parse().ok()).collect();
        let [tcp, tls, imaps] = *ports else { return Err(io::Error::other(format!("no ports: {line}"))) };
        Ok(Upstream { _server: server, tcp, tls, imaps })
    }
}

/// A running server, and its ports.
#[derive(Debug)]
pub(crate) struct Upstream {
    _server: Dialogue,
    pub(crate) tcp: u16,
    pub(crate) tls: u16,
    pub(crate) imaps: u16,
}

/// A program that answers lines. Its input ends on drop, and then it does.
#[derive(Debug)]
pub(crate) struct Dialogue {
    child: Child,
    input: Option<ChildStdin>,
    output: Option<BufReader<ChildStdout>>,
}

impl Dialogue {
    pub(crate) fn ask(&mut self, line: &str) -> io::Result<String> {
        let input = self.input.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
        writeln!(input, "{line}")?;
        self.line()
    }

    pub(crate) fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        let output = self.output.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
        match output.read_line(&mut line)? {
            0 => Err(io::Error::other("the load ended")),
            _ => Ok(line.trim_end().to_owned()),
        }
    }
}

impl Drop for Dialogue {
    fn drop(&mut self) {
        drop(self.input.take());
        if let Err(error) = self.child.wait() {
            eprintln!("the load: {error}");
        }
    }
}
