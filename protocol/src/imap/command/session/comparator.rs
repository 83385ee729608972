//! COMPARATOR: by which rules the server compares texts. RFC 5255 section 4.7.

use crate::imap::command::shared::{Answer, Answers, Footprint, Server, Step, Task, Touch};
use crate::imap::writer::Writer;
use crate::imap::{Capability, CommandError, Done, Response, ResponseText};

/// Asks by which comparator (RFC 4790) searches and sorts compare texts, or chooses one.
///
/// [`Done::Comparators`] ends it: first the one in use, behind it those that matched what was asked for.
///
/// Source: [RFC 5255 section 4.7].
///
/// # Examples
/// ```
#[doc = include_str!("../example.md")]
/// use postern_protocol::imap::command::Comparator;
///
/// let unicode = Comparator { wanted: vec!["i;unicode-casemap".into()] };
/// assert_eq!(sent("I18NLEVEL=2", unicode), [r#"COMPARATOR "i;unicode-casemap""#]);
/// ```
///
/// # Where the server lacks it
/// Without I18NLEVEL=2 nothing is sent and [`CommandError::Unsupported`] ends it: the server compares as it does, by
/// i;unicode-casemap where it has I18NLEVEL=1.
///
/// [RFC 5255 section 4.7]: https://www.rfc-editor.org/rfc/rfc5255#section-4.7
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comparator {
    /// Names, the best first, in which `*` stands for anything. None asks which is in use.
    pub wanted: Vec<String>,
}

impl Comparator {
    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(Choosing { command: self, told: Vec::new() })
    }
}

#[derive(Debug)]
struct Choosing {
    command: Comparator,
    told: Vec<Box<str>>,
}

impl Task for Choosing {
    /// Alone: it decides what the searches behind it find.
    fn footprint(&self) -> Footprint {
        Footprint { touches: vec![Touch::Answer(Answer::Named("COMPARATOR"))], ..Footprint::alone() }
    }

    fn write(&mut self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        server.require(Capability::I18nLevel2)?;
        line.arg("COMPARATOR");
        for name in &self.command.wanted {
            line.words(" ").string(name.as_bytes())?;
        }
        Ok(())
    }

    fn wants(&self, response: &Response<'_>) -> bool {
        matches!(response, Response::Comparator(_))
    }

    fn take(&mut self, response: Response<'_>, _answers: &mut Answers) {
        if let Response::Comparator(comparators) = response {
            self.told = comparators;
        }
    }

    fn succeed(&mut self, _text: ResponseText) -> Step {
        Step::Done(Ok(Done::Comparators(std::mem::take(&mut self.told))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::transcript::check_authenticated;

    #[test]
    fn which_is_in_use_and_which_matched() {
        let basic = || Comparator { wanted: vec!["i;basic;*".into(), "i;octet".into()] }.into();
        check_authenticated(
            "I18NLEVEL=2",
            &[basic(), Comparator::default().into()],
            "U: send
             C: A1 COMPARATOR \"i;basic;*\" \"i;octet\"
             S: * COMPARATOR i;basic;de (i;basic;en i;octet)
             S: A1 OK done
             E: #0 Comparators i;basic;de i;basic;en i;octet
             U: send
             C: A2 COMPARATOR
             S: * COMPARATOR i;unicode-casemap
             S: A2 OK done
             E: #1 Comparators i;unicode-casemap",
        );
        check_authenticated("I18NLEVEL=1", &[basic()], "U: send\nE: #0 Error the server lacks I18NLEVEL=2");
    }
}
