//! `multiSearch()`: messages of several mailboxes. RFC 7377.

use crate::error::Error;
use crate::imap::ImapClient;
use crate::imap::argument::mailbox::MailboxFilter;
use crate::imap::argument::query::SearchQuery;
use crate::imap::argument::returns::SearchReturns;
use crate::input::from_js;
use postern_protocol::imap::command::{self, MultiSearch};
use postern_protocol::imap::{Item, MailboxName, Uid, UidValidity};
use serde::Serialize;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl ImapClient {
    /// Finds messages in several mailboxes, which need not be open (MULTISEARCH, RFC 7377). Of what is wanted, `all`,
    /// `min`, `max` and `count` can be told.
    ///
    /// @throws `unsupported` if the server lacks MULTISEARCH: to search one mailbox after the other would close the one
    /// that is open; `invalidArgument` if a name can't be a mailbox's; `wrongState` if nobody is signed in.
    #[wasm_bindgen(js_name = multiSearch, unchecked_return_type = "FoundInMailbox[]")]
    pub async fn multi_search(
        &self,
        #[wasm_bindgen(unchecked_param_type = "readonly MailboxFilter[]")] mailboxes: JsValue,
        #[wasm_bindgen(unchecked_param_type = "SearchQuery")] query: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "SearchReturns | null")] returns: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let mailboxes: Vec<MailboxFilter> = from_js("mailboxes", mailboxes)?;
        let command = MultiSearch {
            mailboxes: mailboxes.into_iter().map(TryInto::try_into).collect::<Result<_, Error>>()?,
            key: SearchQuery::from_js(&query)?.try_into()?,
            returns: SearchReturns::from_js(&returns)?,
        };
        self.gather(command, &options, |item, found: &mut Vec<FoundInMailbox>| {
            if let Item::Found { mailbox, uid_validity, result } = item {
                found.push(FoundInMailbox::new(&mailbox, uid_validity, &result));
            }
        })
        .await
    }
}

/// What was found in one of several mailboxes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct FoundInMailbox {
    /// Which mailbox.
    pub mailbox: String,
    /// Its UIDVALIDITY: UIDs may be compared only while this stays the same.
    pub uid_validity: Option<u32>,
    /// All UIDs, as a set such as `3:5,9`; `null` if they were not asked for, or there are none.
    pub all: Option<String>,
    /// The lowest UID.
    pub min: Option<u32>,
    /// The highest UID.
    pub max: Option<u32>,
    /// How many there are.
    pub count: Option<u32>,
}

impl FoundInMailbox {
    fn new(mailbox: &MailboxName, uid_validity: Option<UidValidity>, result: &command::SearchResult) -> Self {
        let all = result.all.as_ref().filter(|all| !all.is_empty());
        Self {
            mailbox: mailbox.as_str().to_owned(),
            uid_validity: uid_validity.map(UidValidity::value),
            all: all.map(ToString::to_string),
            min: result.min.map(Uid::value),
            max: result.max.map(Uid::value),
            count: result.count,
        }
    }
}
