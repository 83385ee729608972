//! What a search is to tell. RFC 4731, RFC 9394, RFC 5182, RFC 5267, RFC 6203.

use crate::error::Error;
use crate::imap::argument::window::MessageWindow;
use crate::imap::options::from_js_exact;
use postern_protocol::imap::command::{SearchReturn, Window};
use serde::Deserialize;
use wasm_bindgen::JsValue;

/// What to tell of the messages that were found. Nothing at all is the same as `all`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(test, ts(optional_fields = nullable))]
pub struct SearchReturns {
    /// All of them.
    pub all: Option<bool>,
    /// The lowest UID, or the first of a sort.
    pub min: Option<bool>,
    /// The highest UID, or the last of a sort.
    pub max: Option<bool>,
    /// How many there are.
    pub count: Option<bool>,
    /// Those in a window of the list (RFC 9394).
    pub partial: Option<MessageWindow>,
    /// How well each matches (RFC 6203). Empty if the server can't.
    pub relevancy: Option<bool>,
    /// Nothing: the server keeps it for `{ saved: true }` in the next query (RFC 5182), if it can.
    pub save: Option<bool>,
    /// What changes in it later, as `searchUpdate` events, until `cancelUpdate` or the mailbox is closed (RFC 5267).
    pub update: Option<bool>,
}

impl SearchReturns {
    /// Reads what JavaScript gave.
    ///
    /// # Errors
    /// If a name is misspelt, or the window is not a valid one.
    pub(crate) fn from_js(value: &JsValue) -> Result<Vec<SearchReturn>, Error> {
        from_js_exact::<Self>("returns", value, &[])?.try_into()
    }
}

/// # Errors
/// If the window is not a valid one.
impl TryFrom<SearchReturns> for Vec<SearchReturn> {
    type Error = Error;

    fn try_from(returns: SearchReturns) -> Result<Self, Error> {
        let asked = [
            (returns.all, SearchReturn::All),
            (returns.min, SearchReturn::Min),
            (returns.max, SearchReturn::Max),
            (returns.count, SearchReturn::Count),
            (returns.relevancy, SearchReturn::Relevancy),
            (returns.save, SearchReturn::Save),
            (returns.update, SearchReturn::Update),
        ];
        let wanted = asked.into_iter().filter(|(asked, _)| *asked == Some(true)).map(|(_, what)| what);
        let window = returns.partial.map(Window::try_from).transpose()?;
        Ok(wanted.chain(window.map(SearchReturn::Partial)).collect())
    }
}
