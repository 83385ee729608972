//! The package's TypeScript declarations: generated ones of all plain data, and the few that say behaviour.

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(typescript_custom_section)]
const GENERATED: &str = include_str!("../../types.gen.ts");

#[wasm_bindgen(typescript_custom_section)]
const DECLARED: &str = include_str!("../../js/declarations.d.ts");

#[cfg(test)]
mod layout;

/// A type's declaration with its documentation.
#[cfg(all(test, feature = "imap-client"))]
pub(crate) fn declaration<T: ts_rs::TS>(config: &ts_rs::Config) -> String {
    let docs = T::docs().map(|docs| docs.trim_end().to_owned() + "\n").unwrap_or_default();
    format!("{docs}export {}\n", T::decl(config))
}

#[cfg(test)]
mod tests {
    use super::layout::layout;
    use crate::imap::types;
    use std::path::Path;
    use ts_rs::Config;

    /// The border of the engine, then the data of `ImapClient`.
    fn generate() -> String {
        let config = Config::new();
        let border = postern_engine::border::typescript();
        let mut parts = vec![HEAD.to_owned(), border.trim_end().to_owned() + "\n"];
        parts.extend(types::declarations(&config));
        layout(&parts.join("\n")) + &error_codes(include_str!("../error.rs"))
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

    #[test]
    fn each_method_names_the_codes_that_it_rejects_with() {
        let all = error_codes(include_str!("../error.rs"));
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/imap/methods");
        let mut methods = 0;
        for file in std::fs::read_dir(folder).unwrap() {
            let source = std::fs::read_to_string(file.unwrap().path()).unwrap();
            let mut docs = String::new();
            for line in source.lines().map(str::trim) {
                if let Some(doc) = line.strip_prefix("///") {
                    docs += doc;
                } else if line.starts_with("pub async fn")
                    || line.starts_with("pub fn") && docs.contains("@throws")
                {
                    let (_, codes) =
                        docs.split_once("@throws").unwrap_or_else(|| panic!("{line} names no code"));
                    let first = codes.split('`').nth(1).unwrap_or_else(|| panic!("{line}: {codes}"));
                    assert!(all.contains(&format!("| \"{first}\"")), "{line}: there is no code {first}");
                    methods += 1;
                    docs.clear();
                } else if !line.starts_with("#[") {
                    docs.clear();
                }
            }
        }
        assert_eq!(methods, 58);
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
