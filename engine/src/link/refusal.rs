//! What a server's NO or BAD means for asking again: whether it is for good, and how long to wait if it is not.
//!
//! The codes are those of RFC 5530. Many servers say it in words alone, and in as many words as there are servers:
//! the tables below hold what those of Exchange, Gmail, Yahoo, Dovecot, Cyrus, Courier and others say.

use postern_protocol::imap::{Code, CommandError, ResponseText};
use std::time::Duration;

/// What a refusal means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The same question has the same answer.
    Final,
    /// Neither is certain.
    Unclear,
    /// This can't be done now.
    ForNow(Option<Duration>),
    /// The server wants to be asked less, whatever for. With the wait that it named.
    SlowDown(Option<Duration>),
}

impl Refusal {
    /// What an error means that came from the server's answer.
    pub(crate) fn of(error: &CommandError) -> Self {
        match error {
            CommandError::Refused(response) | CommandError::Bad(response) => Self::of_words(response),
            _ => Self::Final,
        }
    }

    /// The same of its text.
    pub(crate) fn of_words(response: &ResponseText) -> Self {
        let text = response.text.to_lowercase();
        let wait = named_wait(&text);
        let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
        let name = match &response.code {
            Some(Code::Unknown { name, .. }) => name.to_lowercase(),
            _ => String::new(),
        };
        if response.code == Some(Code::Limit) || name == "throttled" || has(&SLOW_DOWN) {
            return Self::SlowDown(wait);
        }
        match &response.code {
            Some(Code::Unavailable | Code::InUse | Code::ServerBug | Code::TempFail) => Self::ForNow(wait),
            Some(code) if is_final(code) => Self::Final,
            _ if wait.is_some() || has(&FOR_NOW) => Self::ForNow(wait),
            _ => Self::Unclear,
        }
    }

    /// Whether the server itself says that it may be otherwise later.
    pub(crate) fn is_temporary(self) -> bool {
        matches!(self, Self::ForNow(_) | Self::SlowDown(_))
    }
}

/// Whether a refusal says that there is no such mailbox.
pub(crate) fn is_nonexistent(error: &CommandError) -> bool {
    let CommandError::Refused(response) = error else { return false };
    let text = response.text.to_lowercase();
    match response.code {
        Some(Code::NonExistent | Code::TryCreate) => true,
        None => NONEXISTENT.iter().any(|words| text.contains(words)),
        _ => false,
    }
}

fn is_final(code: &Code) -> bool {
    use Code as C;
    matches!(
        code,
        C::NonExistent
            | C::NoPerm
            | C::Cannot
            | C::TryCreate
            | C::AuthenticationFailed
            | C::AuthorizationFailed
            | C::Expired
            | C::PrivacyRequired
            | C::ContactAdmin
            | C::ReadOnly
            | C::OverQuota
            | C::TooBig
            | C::Parse
            | C::UnknownCte
            | C::ExpungeIssued
            | C::Corruption
            | C::ClientBug
    )
}

/// "Suggested Backoff Time: 4000 ms", "try again in 5 minutes", "retry after 30 seconds", "in an hour".
fn named_wait(text: &str) -> Option<Duration> {
    let is_word = |c: char| c.is_ascii_alphanumeric();
    // "4000ms" is two words.
    let mut words: Vec<&str> = Vec::new();
    for word in text.split(|c| !is_word(c)).filter(|word| !word.is_empty()) {
        let digits = word.find(|c: char| !c.is_ascii_digit()).unwrap_or(word.len());
        let (number, unit) = word.split_at(digits);
        words.extend([number, unit].into_iter().filter(|part| !part.is_empty()));
    }
    let from = words.iter().position(|word| WAIT_WORDS.iter().any(|start| word.starts_with(start)))?;
    let amount = |word: &str| match word {
        "a" | "an" | "one" => Some(1),
        "few" => Some(3),
        number => number.parse::<u64>().ok(),
    };
    let found = words.iter().enumerate().skip(from).find_map(|(at, word)| Some((at, amount(word)?)));
    let (at, amount) = found?;
    // "a few minutes"
    let unit = words[at + 1..].iter().find(|word| **word != "few").copied().unwrap_or_default();
    let millis = match unit {
        "ms" | "msec" | "msecs" | "millis" | "millisecond" | "milliseconds" => 1,
        "s" | "sec" | "secs" | "second" | "seconds" => 1000,
        "m" | "min" | "mins" | "minute" | "minutes" => 60_000,
        "h" | "hour" | "hours" => 3_600_000,
        // Exchange leaves the unit out at times.
        _ if text.contains("backoff") && words[at].len() > 2 => 1,
        _ => return None,
    };
    Some(Duration::from_millis(amount.saturating_mul(millis)).clamp(SHORTEST_WAIT, LONGEST_WAIT))
}

/// How words begin that a named wait stands after.
const WAIT_WORDS: [&str; 8] = ["again", "retry", "wait", "after", "backoff", "back", "in", "within"];

const SHORTEST_WAIT: Duration = Duration::from_millis(250);
/// What is named beyond this is asked again all the same.
const LONGEST_WAIT: Duration = Duration::from_secs(3600);

const SLOW_DOWN: [&str; 17] = [
    "throttl",
    "backoff",
    "back off",
    "slow down",
    "too many",
    "too often",
    "too fast",
    "rate limit",
    "limit exceeded",
    "bandwidth",
    "exceeded command",
    "maximum number of connections",
    "connection limit",
    "overload",
    "server is busy",
    "server busy",
    "authenticated but not connected",
];

const FOR_NOW: [&str; 16] = [
    "temporar",
    "try again",
    "try later",
    "retry",
    "later",
    "unavailable",
    "not available",
    "in use",
    "locked",
    "timeout",
    "timed out",
    "internal error",
    "internal server error",
    "server error",
    "system error",
    "maintenance",
];

const NONEXISTENT: [&str; 9] = [
    "doesn't exist",
    "does not exist",
    "no such",
    "non-existent",
    "nonexistent",
    "not found",
    "unknown mailbox",
    "unknown folder",
    "invalid mailbox",
];

#[cfg(test)]
mod tests {
    use super::*;
    use Refusal::{Final, ForNow, SlowDown, Unclear};

    fn check(code: Option<Code>, text: &str, expected: Refusal) {
        assert_eq!(Refusal::of_words(&ResponseText { code, text: text.into() }), expected, "{text}");
    }

    fn named(millis: u64) -> Option<Duration> {
        Some(Duration::from_millis(millis))
    }

    #[test]
    fn throttling_is_read_in_every_server_s_words() {
        check(None, "Request is throttled. Suggested Backoff Time: 4000 ms", SlowDown(named(4000)));
        check(None, "throttled. Suggested Backoff Time: 299961 milliseconds", SlowDown(named(299_961)));
        check(None, "Suggested Backoff Time: 4000", SlowDown(named(4000)));
        check(None, "Too many simultaneous connections. (Failure)", SlowDown(None));
        check(None, "Account exceeded command or bandwidth limits. (Failure)", SlowDown(None));
        check(Some(Code::OverQuota), "Account exceeded command or bandwidth limits.", SlowDown(None));
        check(Some(Code::Limit), "Rate limit hit", SlowDown(None));
        check(Some(Code::Limit), "Too many commands, try again in 2 minutes", SlowDown(named(120_000)));
        check(None, "User is authenticated but not connected.", SlowDown(None));
        check(None, "Server busy, retry after 30s", SlowDown(named(30_000)));
        check(None, "Too many requests. Please wait a minute.", SlowDown(named(60_000)));
    }

    #[test]
    fn what_passes_is_told_from_what_stays() {
        check(Some(Code::Unavailable), "", ForNow(None));
        check(Some(Code::InUse), "Mailbox is in use", ForNow(None));
        check(None, "Temporary authentication failure", ForNow(None));
        check(None, "Mailbox is locked by POP session", ForNow(None));
        check(None, "Please try again in 5 minutes", ForNow(named(300_000)));
        check(None, "Try again in an hour", ForNow(named(3_600_000)));
        check(None, "Internal error occurred. Refer to server log", ForNow(None));
        check(Some(Code::NonExistent), "no such mailbox", Final);
        check(Some(Code::NoPerm), "not yours, now or later", Final);
        check(Some(Code::AuthenticationFailed), "Authentication failed.", Final);
        check(None, "no", Unclear);
        check(None, "UID FETCH failed", Unclear);
    }

    #[test]
    fn a_mailbox_that_is_not_there_is_told_from_one_that_can_t_be_opened() {
        let refused = |code, text: &str| CommandError::Refused(ResponseText { code, text: text.into() });
        assert!(is_nonexistent(&refused(Some(Code::NonExistent), "gone")));
        assert!(is_nonexistent(&refused(None, "Mailbox doesn't exist: x")));
        assert!(!is_nonexistent(&refused(None, "SELECT failed")));
        assert!(!is_nonexistent(&refused(Some(Code::NoPerm), "no such right")));
    }
}
