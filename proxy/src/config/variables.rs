//! Variables of the environment that are nearly ours: left alone, a setting would be missing without a word.

use std::ffi::{OsStr, OsString};

use clap::CommandFactory;

use super::args::Args;

/// Refuses `POSTERN_…` where one of ours is meant. Others may have their reasons: Kubernetes and Docker write some for each
/// service of that name.
///
/// # Errors
/// The first such variable, and the one that is meant.
pub(super) fn check(names: impl Iterator<Item = OsString>) -> Result<(), String> {
    let command = Args::command();
    let ours = || command.get_arguments().filter_map(|arg| arg.get_env()).filter_map(OsStr::to_str);
    for name in names.filter_map(|name| name.into_string().ok()) {
        let Some(rest) = name.strip_prefix(PREFIX).filter(|rest| !is_of_a_service(rest)) else { continue };
        if ours().any(|own| own == name) {
            continue;
        }
        if let Some(meant) = ours().find(|own| own.strip_prefix(PREFIX).is_some_and(|own| is_near(rest, own)))
        {
            return Err(format!(
                "there is no {name}: {meant} is meant, it seems; rename it, or leave it out"
            ));
        }
    }
    Ok(())
}

fn is_of_a_service(name: &str) -> bool {
    name.split('_').any(|word| matches!(word, "SERVICE" | "PORT" | "ENV" | "NAME"))
}

/// One goes on where the other ends, as in `ORIGINS` and `LOG_LEVEL`; or a slip of one letter, or two in a long name.
fn is_near(name: &str, own: &str) -> bool {
    let slips = if own.len() > SHORT { 2 } else { 1 };
    (name.len() >= SHORTEST && (own.starts_with(name) || name.starts_with(own)))
        || distance(name, own) <= slips
}

/// How many letters are to be put in, taken out or changed (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (index, byte) in one.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for (column, own) in other.bytes().enumerate() {
            let changed = diagonal + usize::from(byte != own);
            diagonal = row[column + 1];
            row[column + 1] = changed.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}

const PREFIX: &str = "POSTERN_";
const SHORT: usize = 5;
const SHORTEST: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_that_is_nearly_ours_is_refused() {
        for (name, meant) in [
            ("POSTERN_ORIGINS", "POSTERN_ORIGIN "),
            ("POSTERN_TRUSTED_PEERS", "POSTERN_TRUSTED_PEER "),
            ("POSTERN_TRUSTEDPEER", "POSTERN_TRUSTED_PEER "),
            ("POSTERN_CA_FILES", "POSTERN_CA_FILE "),
            ("POSTERN_TLS_CERT", "POSTERN_TLS_CERTIFICATE "),
            ("POSTERN_LOG_LEVEL", "POSTERN_LOG "),
            ("POSTERN_LOGFORMAT", "POSTERN_LOG"),
            ("POSTERN_LISTEM", "POSTERN_LISTEN "),
            ("POSTERN_IMAP_URL", "POSTERN_IMAP "),
            ("POSTERN_IMPA", ""),
        ] {
            let checked = check([OsString::from(name)].into_iter());
            match checked {
                Err(words) => assert!(!meant.is_empty() && words.contains(meant), "{name}: {words}"),
                Ok(()) => assert!(meant.is_empty(), "{name} was let pass"),
            }
        }
    }

    #[test]
    fn variables_of_others_are_left_alone() {
        let command = Args::command();
        let ours = command.get_arguments().filter_map(|arg| arg.get_env()).map(OsStr::to_owned);
        check(ours).unwrap();
        for name in [
            "POSTERN_PORT",
            "POSTERN_SERVICE_HOST",
            "POSTERN_PORT_8080_TCP_ADDR",
            "POSTERN_IMAP_SERVICE_PORT",
            "POSTERN_VERSION",
            "POSTERN_",
            "POSTERN",
            "PATH",
        ] {
            check([OsString::from(name)].into_iter()).unwrap();
        }
    }
}
