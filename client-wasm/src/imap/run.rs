//! How `ImapClient`'s methods run a command: for its answers, for its end, or for nothing but its success.
//!
//! Little of this is generic: each method would else bring a state machine of its own, 113 KB of them in all.

use crate::imap::ImapClient;
use crate::imap::abort::{signal_of, unless_aborted};
use crate::value::plain_to_js;
use postern_protocol::imap::command::Command;
use postern_protocol::imap::{Done, Item};
use serde::Serialize;
use wasm_bindgen::JsValue;
use web_sys::AbortSignal;

impl ImapClient {
    /// Runs a command of which only the success is of interest.
    pub(crate) fn change(
        &self,
        command: impl Into<Command>,
        options: &JsValue,
    ) -> impl Future<Output = Result<(), JsValue>> {
        let command = command.into();
        async move { self.run(command, options).await.map(drop) }
    }

    /// What a command comes to that has nothing to do.
    pub(crate) fn nothing<T: Default + Serialize>(&self, options: &JsValue) -> Result<JsValue, JsValue> {
        self.unless_over(options)?;
        Ok(plain_to_js(&T::default()))
    }

    /// Fails if a command would fail before it went out: it was aborted, or the connection is over.
    pub(crate) fn unless_over(&self, options: &JsValue) -> Result<(), JsValue> {
        if let Some(signal) = signal_of(options)?.filter(AbortSignal::aborted) {
            return Err(signal.reason());
        }
        self.session.ended().map_or(Ok(()), |ended| Err(ended.into()))
    }

    /// Runs a command, and gives out what `each` made of its answers.
    pub(crate) async fn gather<T: Default + Serialize>(
        &self,
        command: impl Into<Command>,
        options: &JsValue,
        each: impl Fn(Item, &mut T),
    ) -> Result<JsValue, JsValue> {
        let (items, _) = self.run(command.into(), options).await?;
        let mut found = T::default();
        for item in items {
            each(item, &mut found);
        }
        Ok(plain_to_js(&found))
    }

    /// Runs a command: its answers, and what it came to.
    pub(crate) async fn run(
        &self,
        command: Command,
        options: &JsValue,
    ) -> Result<(Vec<Item>, Done), JsValue> {
        unless_aborted(signal_of(options)?, async {
            let mut items = Vec::new();
            let done = self.session.call(command).finish(|item| items.push(item)).await?;
            Ok((items, done))
        })
        .await
    }

    /// Runs a command that ends with names.
    pub(crate) async fn names(
        &self,
        command: impl Into<Command>,
        options: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let (_, done) = self.run(command.into(), options).await?;
        let names = match done {
            Done::Languages(names) | Done::Comparators(names) => names.into_iter().map(Into::into).collect(),
            Done::Enabled(capabilities) => capabilities.iter().map(ToString::to_string).collect(),
            _ => Vec::<String>::new(),
        };
        Ok(plain_to_js(&names))
    }
}
