//! What the model server does wrong, where a test says so: to one command, or over one message.

use postern_protocol::Time;

/// What becomes of a command in the place of its answer.
#[derive(Debug, Clone)]
pub(crate) enum Outcome {
    /// The tagged answer is this: `NO …`, `BAD …`.
    Say(String),
    /// These words, as they are, without a tag; the connection stays as it is.
    Raw(String),
    /// The connection ends, after BYE with these words where there are some.
    End(Option<String>),
    /// Nothing ever comes.
    Silence,
}

/// A command that goes wrong.
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    /// All of these stand in it.
    words: Vec<String>,
    pub(crate) outcome: Outcome,
    /// Before this time only.
    until: Option<Time>,
    /// So often.
    times: usize,
}

impl Fault {
    pub(crate) fn new(words: &[&str], outcome: Outcome) -> Self {
        let words = words.iter().map(|word| (*word).to_owned()).collect();
        Self { words, outcome, until: None, times: usize::MAX }
    }

    /// The connection ends without a word.
    pub(crate) fn hangs_up(words: &[&str]) -> Self {
        Self::new(words, Outcome::End(None))
    }

    /// A tagged NO or BAD.
    pub(crate) fn says(words: &[&str], answer: &str) -> Self {
        Self::new(words, Outcome::Say(answer.to_owned()))
    }

    pub(crate) fn until(self, until: Time) -> Self {
        Self { until: Some(until), ..self }
    }

    pub(crate) fn times(self, times: usize) -> Self {
        Self { times, ..self }
    }
}

/// What a server does wrong.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    all: Vec<Fault>,
    /// A FETCH of the message with this UID that has this word among its items goes wrong.
    pub(crate) poison: Option<Poison>,
    /// A second session ends the first, in these words.
    pub(crate) one_session: Option<String>,
    /// No window has more octets than this.
    pub(crate) most_octets: Option<usize>,
    /// Windows are ignored: each body comes whole, and without an origin.
    pub(crate) ignores_windows: bool,
    /// Each item of a row comes in a response of its own.
    pub(crate) splits_rows: bool,
    /// LIST says this.
    pub(crate) list: Option<Vec<&'static str>>,
}

/// A message that a server fails over.
#[derive(Debug, Clone)]
pub(crate) struct Poison {
    pub(crate) uid: u32,
    pub(crate) word: &'static str,
    pub(crate) outcome: Outcome,
    /// The rows before it are sent first.
    pub(crate) comes_in_order: bool,
}

impl Faults {
    pub(crate) fn add(&mut self, fault: Fault) {
        self.all.push(fault);
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// What becomes of this command; none where it is answered as it should be.
    pub(crate) fn meets(&mut self, command: &str, now: Time) -> Option<Outcome> {
        let is_it = |fault: &&mut Fault| {
            let is_now = fault.times > 0 && fault.until.is_none_or(|until| now < until);
            is_now && fault.words.iter().all(|word| command.contains(word.as_str()))
        };
        let fault = self.all.iter_mut().find(is_it)?;
        fault.times -= 1;
        Some(fault.outcome.clone())
    }
}
