//! Message-IDs (RFC 5322 section 3.6.4) in `Message-ID:`, `In-Reply-To:` and `References:`.

/// The Message-IDs in a header's value, in their order and without their brackets; whatever stands between them is
/// passed over.
///
/// `msg-id = "<" id-left "@" id-right ">"`
///
/// ```
/// let ids: Vec<_> = postern_mime::message_ids(b"<a@host> (see also) < b@host >").collect();
/// assert_eq!(ids, [&b"a@host"[..], b"b@host"]);
/// ```
pub fn message_ids(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let inside = text.split(|&byte| byte == b'<').skip(1);
    let ids = inside
        .filter_map(|rest| rest.iter().position(|&byte| byte == b'>').map(|end| rest[..end].trim_ascii()));
    ids.filter(|id| !id.is_empty())
}
