//! CANCELUPDATE: hear no more of what changes in results. RFC 5267 section 4.3.5.

use crate::imap::command::search::Context;
use crate::imap::command::shared::{Footprint, Server, Task};
use crate::imap::writer::Writer;
use crate::imap::{Capability, CommandError, Misuse, State};

/// Ends the updates of searches and sorts that were asked for with
/// [`SearchReturn::Update`](crate::imap::command::SearchReturn::Update).
///
/// [`Done::Ok`](crate::imap::Done::Ok) ends it.
///
/// Source: [RFC 5267 section 4.3].
///
/// # Examples
/// ```
/// use postern_protocol::imap::command::{CancelUpdate, SearchResult};
///
/// fn enough(found: SearchResult) -> Option<CancelUpdate> {
///     Some(CancelUpdate { contexts: vec![found.context?] })
/// }
/// ```
///
/// # Where the server lacks it
/// Without CONTEXT=SEARCH and CONTEXT=SORT there are no updates: nothing is sent and
/// [`CommandError::Unsupported`] ends it.
///
/// [RFC 5267 section 4.3]: https://www.rfc-editor.org/rfc/rfc5267#section-4.3
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CancelUpdate {
    /// Whose, as [`SearchResult::context`](crate::imap::command::SearchResult::context) has it.
    pub contexts: Vec<Context>,
}

impl CancelUpdate {
    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(self)
    }
}

impl Task for CancelUpdate {
    fn footprint(&self) -> Footprint {
        Footprint::of([])
    }

    fn allowed_in(&self, state: State) -> bool {
        state == State::Selected
    }

    fn write(&mut self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        if !server.has(&Capability::ContextSearch) && !server.has(&Capability::ContextSort) {
            return Err(CommandError::Unsupported(Capability::ContextSearch));
        }
        if self.contexts.is_empty() {
            return Err(Misuse::EmptySet.into());
        }
        line.arg("CANCELUPDATE");
        for context in &self.contexts {
            line.words(" ").string(context.0.as_bytes())?;
        }
        Ok(())
    }
}
