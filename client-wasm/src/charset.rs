//! Charsets: the browser knows every one of the WHATWG Encoding Standard already.

use web_sys::TextDecoder;

/// Bytes in the charset of this label as text; none if the browser doesn't know the label.
pub(crate) fn decode(label: &str, bytes: &[u8]) -> Option<String> {
    TextDecoder::new_with_label(label).ok()?.decode_with_u8_array(bytes).ok()
}

#[cfg(all(test, target_family = "wasm"))]
mod tests {
    use super::decode;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn decodes_what_no_table_here_knows() {
        let check = |label, bytes: &[u8], expected: Option<&str>| {
            assert_eq!(decode(label, bytes).as_deref(), expected);
        };
        check("iso-2022-jp", b"\x1b$BF|K\\8l\x1b(B", Some("日本語"));
        check("gbk", b"\xd6\xd0\xce\xc4", Some("中文"));
        check("x-klingon", b"abc", None);
    }
}
