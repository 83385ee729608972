//! Which Dovecot is installed: 2.4 changed the words of its settings.

use super::{DOVECOT, find};
use std::io;
use std::process::Command;

/// A family of versions with the same words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    /// 2.3, such as in Debian 12.
    V2_3,
    /// 2.4 and what comes behind it, such as in Debian 13.
    V2_4,
}

impl Version {
    /// Asks Dovecot.
    ///
    /// # Errors
    /// Where there is none, or none that these settings are written for.
    pub(super) fn installed() -> io::Result<Self> {
        let mut command = Command::new(DOVECOT);
        find(command.arg("--version"));
        let output = command
            .output()
            .map_err(|error| io::Error::new(error.kind(), format!("Dovecot can't be run: {error}")))?;
        let said = String::from_utf8_lossy(&output.stdout);
        Self::read(&said)
            .ok_or_else(|| io::Error::other(format!("Dovecot 2.3 or newer is needed, not {:?}", said.trim())))
    }

    /// `2.4.1-4 (7d8c0e5759)`
    fn read(said: &str) -> Option<Self> {
        let mut numbers = said.split(['.', '-', ' ']).map_while(|number| number.parse::<u32>().ok());
        match (numbers.next()?, numbers.next()?) {
            (2, 3) => Some(Self::V2_3),
            (2, 4..) | (3.., _) => Some(Self::V2_4),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_family_is_told_by_its_number() {
        assert_eq!(Version::read("2.3.19.1 (9b53102964)\n"), Some(Version::V2_3));
        assert_eq!(Version::read("2.4.1-4 (7d8c0e5759)\n"), Some(Version::V2_4));
        assert_eq!(Version::read("3.0.2"), Some(Version::V2_4));
        assert_eq!(Version::read("2.2.36 (1f10bfa63)"), None);
        assert_eq!(Version::read(""), None);
    }
}
