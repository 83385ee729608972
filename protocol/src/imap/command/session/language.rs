//! LANGUAGE: have the server speak another language. RFC 5255 section 3.

use crate::imap::command::shared::{Answer, Answers, Footprint, Server, Step, Task, Touch};
use crate::imap::writer::Writer;
use crate::imap::{Capability, CommandError, Done, Response, ResponseText, State};

/// Asks which languages the server speaks, or chooses the one of its words to people.
///
/// [`Done::Languages`] ends it: all of them, or the one that it speaks from now on.
///
/// Source: [RFC 5255 section 3.2].
///
/// # Examples
/// ```
#[doc = include_str!("../example.md")]
/// use postern_protocol::imap::command::Language;
///
/// let which = Language { wanted: vec![] };
/// let german = Language { wanted: vec!["de".into(), "en".into()] };
/// assert_eq!(sent("LANGUAGE", which), ["LANGUAGE"]);
/// assert_eq!(sent("LANGUAGE", german), ["LANGUAGE de en"]);
/// ```
///
/// # Where the server lacks it
/// Nothing is sent and [`CommandError::Unsupported`] ends it: it speaks as it does.
///
/// [RFC 5255 section 3.2]: https://www.rfc-editor.org/rfc/rfc5255#section-3.2
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Language {
    /// Language tags (RFC 5646), the best first; `default` for the server's own. None asks which there are.
    pub wanted: Vec<String>,
}

impl Language {
    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(Choosing { command: self, told: Vec::new() })
    }
}

#[derive(Debug)]
struct Choosing {
    command: Language,
    told: Vec<Box<str>>,
}

impl Task for Choosing {
    fn footprint(&self) -> Footprint {
        Footprint::of([Touch::Answer(Answer::Named("LANGUAGE"))])
    }

    /// RFC 5255 3.2: a person who signs in may want to read why that failed.
    fn allowed_in(&self, state: State) -> bool {
        matches!(state, State::NotAuthenticated | State::Authenticated | State::Selected)
    }

    fn write(&mut self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        server.require(Capability::Language)?;
        line.arg("LANGUAGE");
        for tag in &self.command.wanted {
            line.words(" ").astring(tag.as_bytes())?;
        }
        Ok(())
    }

    fn wants(&self, response: &Response<'_>) -> bool {
        matches!(response, Response::Language(_))
    }

    fn take(&mut self, response: Response<'_>, _answers: &mut Answers) {
        if let Response::Language(languages) = response {
            self.told = languages;
        }
    }

    fn succeed(&mut self, _text: ResponseText) -> Step {
        Step::Done(Ok(Done::Languages(std::mem::take(&mut self.told))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::transcript::check_authenticated;

    #[test]
    fn which_there_are_and_which_is_chosen() {
        let german = || Language { wanted: vec!["de".into(), "en-US".into()] }.into();
        check_authenticated(
            "LANGUAGE",
            &[Language::default().into(), german()],
            "U: send
             C: A1 LANGUAGE
             S: * LANGUAGE (EN DE IT i-default)
             S: A1 OK done
             E: #0 Languages EN DE IT i-default
             U: send
             C: A2 LANGUAGE de en-US
             S: * LANGUAGE (DE)
             S: A2 OK Sprachwechsel
             E: #1 Languages DE",
        );
        check_authenticated("", &[german()], "U: send\nE: #0 Error the server lacks LANGUAGE");
    }
}
