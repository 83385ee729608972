//! Where messages went: copied, moved or stored (UIDPLUS, RFC 4315), and what is done of what failed halfway.

use postern_protocol::imap::{Appended, Code, ResponseText, UidValidity};
use serde::Serialize;

/// Where messages went: the first UID of `from` became the first of `to`, and so on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CopiedMessages {
    /// The UIDVALIDITY of the other mailbox.
    pub uid_validity: u32,
    /// What they were, as a set such as `3:5,9`.
    pub from: String,
    /// What they are in the other mailbox.
    pub to: String,
}

/// The code is another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotCopyUid;

impl TryFrom<&Code> for CopiedMessages {
    type Error = NotCopyUid;

    fn try_from(code: &Code) -> Result<Self, NotCopyUid> {
        let Code::CopyUid { uid_validity, from, to } = code else { return Err(NotCopyUid) };
        Ok(Self { uid_validity: uid_validity.value(), from: from.to_string(), to: to.to_string() })
    }
}

/// Where stored messages are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AppendedMessages {
    /// The UIDVALIDITY of that mailbox; `null` if the server did not report it.
    pub uid_validity: Option<u32>,
    /// The UIDs, as a set such as `7:9`; `null` if the server did not report it: search for the `Message-ID`.
    pub uids: Option<String>,
}

impl From<&Appended> for AppendedMessages {
    fn from(appended: &Appended) -> Self {
        Self {
            uid_validity: appended.uid_validity.map(UidValidity::value),
            uids: (!appended.uids.is_empty()).then(|| appended.uids.to_string()),
        }
    }
}

/// What is done already of a call that failed halfway.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PartlyDone {
    /// Of `append`, `appendAll` and `replace`: what is stored.
    pub appended: Option<AppendedMessages>,
    /// Of `copy` and `move`: what is in the other mailbox; `null` if the server did not report it.
    pub copied: Option<CopiedMessages>,
}

impl From<&Appended> for PartlyDone {
    fn from(stored: &Appended) -> Self {
        Self { appended: Some(stored.into()), copied: None }
    }
}

impl From<&ResponseText> for PartlyDone {
    fn from(copies: &ResponseText) -> Self {
        let copied = copies.code.as_ref().and_then(|code| code.try_into().ok());
        Self { appended: None, copied }
    }
}
