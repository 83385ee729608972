//! STORE of annotations: notes on messages. RFC 5257 section 4.5; always by UID.

use crate::imap::command::shared::{Footprint, Messages, Server, Task, Touch};
use crate::imap::types::Annotation;
use crate::imap::writer::Writer;
use crate::imap::{Capability, CommandError, Misuse, State, UidSet};

/// Writes or removes notes on messages.
///
/// [`Done::Ok`](crate::imap::Done::Ok) ends it. A refusal's code is
/// [`Code::AnnotateTooBig`](crate::imap::Code::AnnotateTooBig) or
/// [`Code::AnnotateTooMany`](crate::imap::Code::AnnotateTooMany) where there is no room.
///
/// Source: [RFC 5257 section 4.5].
///
/// # Examples
/// ```
#[doc = include_str!("../example.md")]
/// use postern_protocol::imap::command::StoreAnnotations;
/// use postern_protocol::imap::{Annotation, Uid, UidSet};
///
/// let value = ("value.priv".into(), Some((*b"call back").into()));
/// let comment = Annotation { entry: "/comment".into(), attributes: vec![value] };
/// let store = StoreAnnotations { set: UidSet::from(Uid::new(7).unwrap()), annotations: vec![comment] };
/// assert_eq!(
///     sent("ANNOTATE-EXPERIMENT-1", store),
///     [r#"UID STORE 7 ANNOTATION ("/comment" ("value.priv" "call back"))"#]
/// );
/// ```
///
/// # Where the server lacks it
/// Nothing is sent and [`CommandError::Unsupported`] ends it: there is no other place on the server for a note.
///
/// [RFC 5257 section 4.5]: https://www.rfc-editor.org/rfc/rfc5257#section-4.5
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreAnnotations {
    /// Which messages.
    pub set: UidSet,
    /// Entries, each with `value.priv` or `value.shared` and what it is to hold; none removes it.
    pub annotations: Vec<Annotation>,
}

impl StoreAnnotations {
    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(self)
    }
}

impl Task for StoreAnnotations {
    fn footprint(&self) -> Footprint {
        Footprint::of([Touch::WriteFlags(Messages::Uids(self.set.clone()))])
    }

    fn allowed_in(&self, state: State) -> bool {
        state == State::Selected
    }

    fn write(&mut self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        server.require(Capability::Annotate)?;
        line.arg("UID STORE ").set(&self.set)?.words(" ANNOTATION ");
        if self.annotations.is_empty() || self.annotations.iter().any(|it| it.attributes.is_empty()) {
            return Err(Misuse::EmptySet.into());
        }
        for (at, annotation) in self.annotations.iter().enumerate() {
            line.words(if at == 0 { "(" } else { " " }).string(annotation.entry.as_bytes())?;
            for (at, (name, value)) in annotation.attributes.iter().enumerate() {
                line.words(if at == 0 { " (" } else { " " }).string(name.as_bytes())?.words(" ");
                match value {
                    Some(value) => line.string(value)?,
                    None => line.words("NIL"),
                };
            }
            line.words(")");
        }
        line.words(")");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::Uid;
    use crate::imap::transcript::check_selected;

    fn note(attributes: &[(&str, Option<&[u8]>)]) -> [crate::imap::Command; 1] {
        let attributes =
            attributes.iter().map(|(name, value)| ((*name).into(), value.map(Into::into))).collect();
        let annotations = vec![Annotation { entry: "/comment".into(), attributes }];
        [StoreAnnotations { set: Uid::new(7).map(UidSet::from).unwrap(), annotations }.into()]
    }

    #[test]
    fn writes_and_removes() {
        check_selected(
            "ANNOTATE-EXPERIMENT-1",
            &note(&[("value.priv", Some(b"call back")), ("value.shared", None)]),
            "U: send
             C: A2 UID STORE 7 ANNOTATION (\"/comment\" (\"value.priv\" \"call back\" \"value.shared\" NIL))
             S: A2 NO [ANNOTATE TOOMANY] enough
             E: #0 Error the server refused: enough",
        );
        check_selected("ANNOTATE-EXPERIMENT-1", &note(&[]), "U: send\nE: #0 Error nothing was asked for");
        check_selected("", &note(&[]), "U: send\nE: #0 Error the server lacks ANNOTATE-EXPERIMENT-1");
    }
}
