//! The package's TypeScript declarations: generated ones of all plain data, and the few that say behaviour.

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(typescript_custom_section)]
const GENERATED: &str = include_str!("../../types.gen.ts");

#[wasm_bindgen(typescript_custom_section)]
const DECLARED: &str = include_str!("../../js/declarations.d.ts");

#[cfg(test)]
mod layout;

#[cfg(test)]
mod tests {
    use super::layout::layout;
    use crate::imap::types::{
        AclEntry, AnnotationItems, AnnotationQuery, AppendOptions, AppendedMessages, BodyOptions, BodyPart,
        ChangesSince, ConditionalStore, ConnectOptions, CopiedMessages, CreateOptions, Disposition, Envelope,
        EnvelopeAddress, FetchOptions, FetchQuery, FetchedMessage, FlagModSeq, FoundInMailbox,
        GrantableRights, IdleOptions, ImapState, ListEntry, ListOptions, ListedMailboxes, LoginOptions,
        MailboxChanges, MailboxEvent, MailboxFilter, MailboxInfo, MailboxStatus, MessageFlags, MessageForm,
        MessageWindow, MetadataDepth, MetadataOptions, NamespaceInfo, Namespaces, NotifyOptions, NotifyWatch,
        PartlyDone, PasswordMechanism, Quota, QuotaResource, ReadMessage, ResultChange, ScramIterations,
        SearchQuery, SearchResult, SearchReturns, SelectOptions, SortBy, SortCriterion, SpecialUse,
        StatusAttribute, StatusOptions, StoreAction, StoreOptions, ThreadBy, ThreadOptions, ThreadedMessage,
        TokenMechanism, UidBatchOptions, WatchedEvent,
    };
    use std::path::Path;
    use ts_rs::{Config, TS};

    /// The border of the engine, then the data of `ImapClient`.
    fn generate() -> String {
        let config = Config::new();
        let border = postern_engine::border::typescript();
        let text = [
            HEAD.to_owned(),
            border.trim_end().to_owned() + "\n",
            declaration::<ImapState>(&config),
            declaration::<ConnectOptions>(&config),
            declaration::<LoginOptions>(&config),
            declaration::<ScramIterations>(&config),
            declaration::<PasswordMechanism>(&config),
            declaration::<TokenMechanism>(&config),
            declaration::<ListOptions>(&config),
            declaration::<ListedMailboxes>(&config),
            declaration::<ListEntry>(&config),
            declaration::<MailboxStatus>(&config),
            declaration::<StatusOptions>(&config),
            declaration::<StatusAttribute>(&config),
            declaration::<CreateOptions>(&config),
            declaration::<SpecialUse>(&config),
            declaration::<Namespaces>(&config),
            declaration::<NamespaceInfo>(&config),
            declaration::<MailboxFilter>(&config),
            declaration::<SelectOptions>(&config),
            declaration::<MailboxInfo>(&config),
            declaration::<FetchQuery>(&config),
            declaration::<AnnotationItems>(&config),
            declaration::<FetchOptions>(&config),
            declaration::<BodyOptions>(&config),
            declaration::<MessageWindow>(&config),
            declaration::<FetchedMessage>(&config),
            declaration::<Envelope>(&config),
            declaration::<EnvelopeAddress>(&config),
            declaration::<BodyPart>(&config),
            declaration::<Disposition>(&config),
            declaration::<ReadMessage>(&config),
            declaration::<StoreAction>(&config),
            declaration::<StoreOptions>(&config),
            declaration::<MessageFlags>(&config),
            declaration::<ConditionalStore>(&config),
            declaration::<SearchQuery>(&config),
            declaration::<FlagModSeq>(&config),
            declaration::<AnnotationQuery>(&config),
            declaration::<SearchReturns>(&config),
            declaration::<SearchResult>(&config),
            declaration::<FoundInMailbox>(&config),
            declaration::<UidBatchOptions>(&config),
            declaration::<AppendOptions>(&config),
            declaration::<MessageForm>(&config),
            declaration::<AppendedMessages>(&config),
            declaration::<CopiedMessages>(&config),
            declaration::<PartlyDone>(&config),
            declaration::<SortCriterion>(&config),
            declaration::<SortBy>(&config),
            declaration::<ThreadOptions>(&config),
            declaration::<ThreadBy>(&config),
            declaration::<ThreadedMessage>(&config),
            declaration::<ChangesSince>(&config),
            declaration::<MailboxChanges>(&config),
            declaration::<Quota>(&config),
            declaration::<QuotaResource>(&config),
            declaration::<AclEntry>(&config),
            declaration::<GrantableRights>(&config),
            declaration::<MetadataOptions>(&config),
            declaration::<MetadataDepth>(&config),
            declaration::<IdleOptions>(&config),
            declaration::<NotifyOptions>(&config),
            declaration::<NotifyWatch>(&config),
            declaration::<WatchedEvent>(&config),
            declaration::<MailboxEvent>(&config),
            declaration::<ResultChange>(&config),
        ]
        .join("\n");
        layout(&text) + &error_codes(include_str!("../error.rs"))
    }

    /// The union of the codes, each with its documentation: ts-rs leaves out what is said of an enum's variants.
    fn error_codes(source: &str) -> String {
        let start = source.find("/// What went wrong. A code never").expect("the enum");
        let lines = source[start..].lines().map(str::trim).take_while(|line| *line != "}");
        let mut text = String::from("\n");
        let mut docs: Vec<&str> = Vec::new();
        for line in lines {
            if let Some(doc) = line.strip_prefix("///") {
                docs.push(doc.trim());
            } else if line.starts_with("pub enum") {
                text += &format!("/** {} */\nexport type ImapErrorCode =\n", docs.join(" "));
                docs.clear();
            } else if let Some(variant) = line.strip_suffix(',') {
                let (first, rest) = variant.split_at(1);
                text += &format!("  /** {} */\n  | \"{}{rest}\"\n", docs.join(" "), first.to_lowercase());
                docs.clear();
            }
        }
        text.truncate(text.trim_end().len());
        text + ";\n"
    }

    #[test]
    fn each_error_code_is_explained() {
        let text = error_codes(include_str!("../error.rs"));
        let codes = text.lines().filter(|line| line.starts_with("  | ")).count();
        let explained = text.lines().filter(|line| line.starts_with("  /** ") && line.len() > 20).count();
        assert_eq!((codes, explained), (25, 25), "{text}");
        assert!(text.contains("\n  | \"proxyUnreachable\"\n") && text.ends_with("| \"busy\";\n"), "{text}");
    }

    fn declaration<T: TS>(config: &Config) -> String {
        let docs = T::docs().map(|docs| docs.trim_end().to_owned() + "\n").unwrap_or_default();
        format!("{docs}export {}\n", T::decl(config))
    }

    #[test]
    fn generated_types_are_current() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("types.gen.ts");
        let expected = generate();
        if std::env::var_os("UPDATE_TYPES").is_some() {
            std::fs::write(&path, &expected).unwrap();
        }
        assert!(
            std::fs::read_to_string(&path).unwrap() == expected,
            "types.gen.ts is stale; renew it with: UPDATE_TYPES=1 cargo test -p postern-client"
        );
    }

    const HEAD: &str = "\
// Generated from the Rust types; a test fails when it is stale.
// Renew it with: UPDATE_TYPES=1 cargo test -p postern-client
";
}
