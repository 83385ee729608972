//! `namespace()`: where mailboxes lie. RFC 2342.

use crate::imap::ImapClient;
use crate::value::plain_to_js;
use postern_protocol::imap::command::Namespace;
use postern_protocol::imap::{self, Done};
use serde::Serialize;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl ImapClient {
    /// Tells where the user's, other users' and shared mailboxes lie.
    ///
    /// @throws `wrongState` if nobody is signed in.
    #[wasm_bindgen(unchecked_return_type = "Namespaces")]
    pub async fn namespace(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let (_, done) = self.run(Namespace.into(), &options).await?;
        let Done::Namespaces(namespaces) = done else { return Ok(JsValue::NULL) };
        Ok(plain_to_js(&Namespaces::from(&namespaces)))
    }
}

/// Where mailboxes lie (RFC 2342).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Namespaces {
    /// The user's own.
    pub personal: Vec<NamespaceInfo>,
    /// Those of other users.
    pub other_users: Vec<NamespaceInfo>,
    /// Those shared by many.
    pub shared: Vec<NamespaceInfo>,
}

/// One place where mailboxes lie.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NamespaceInfo {
    /// What its mailboxes' names begin with.
    pub prefix: String,
    /// The hierarchy separator of their names; `null` if there is no hierarchy.
    pub delimiter: Option<String>,
}

impl From<&imap::Namespaces> for Namespaces {
    fn from(data: &imap::Namespaces) -> Self {
        let all = |list: &[imap::Namespace]| {
            let one = |it: &imap::Namespace| NamespaceInfo {
                prefix: it.prefix.to_string(),
                delimiter: it.delimiter.map(String::from),
            };
            list.iter().map(one).collect()
        };
        Self { personal: all(&data.personal), other_users: all(&data.other_users), shared: all(&data.shared) }
    }
}
