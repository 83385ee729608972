//! Where copies are, after one command or several. RFC 4315 section 3.

use super::super::{Code, CommandError, ResponseText, UidSet};

/// What the server said to copies that were made in several steps, as if it had been one.
#[derive(Debug, Default)]
pub(super) struct Copied {
    text: Option<ResponseText>,
}

impl Copied {
    /// Adds what it said to one step: the words of the last, and all its COPYUIDs as one.
    pub(super) fn add(&mut self, next: ResponseText) {
        let Some(text) = &mut self.text else {
            self.text = Some(next);
            return;
        };
        text.text = next.text;
        match (&mut text.code, next.code) {
            (
                Some(Code::CopyUid { uid_validity, from, to }),
                Some(Code::CopyUid { uid_validity: same, from: more, to: its }),
            ) if *uid_validity == same => {
                extend(from, &more);
                extend(to, &its);
            }
            (Some(Code::CopyUid { .. }), _) => {}
            (code, next) => *code = next,
        }
    }

    /// An error that comes too late to leave everything as it was.
    pub(super) fn blame(&mut self, error: CommandError) -> CommandError {
        match self.text.take() {
            Some(copies) => CommandError::Copied { copies: copies.into(), error: error.into() },
            None => error,
        }
    }

    /// All that was said; `last` where nothing was before it.
    pub(super) fn finish(&mut self, last: ResponseText) -> ResponseText {
        self.text.take().unwrap_or(last)
    }
}

fn extend(set: &mut UidSet, more: &UidSet) {
    more.ranges().for_each(|range| set.push_range(*range.start(), *range.end()));
}
