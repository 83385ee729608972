//! Names of charsets, as mailers write them, to the names that decoders know: those of the WHATWG Encoding Standard,
//! and of our own tables where it has none.

/// The canonical name for a label, in lower case. Empty where the label says nothing (`us-ascii`, `unknown-8bit`,
/// nothing at all): then the bytes are looked at. A label that nobody knows comes back as it is.
///
/// ```
/// assert_eq!(postern_mime::canonical_charset("CP-1251"), "windows-1251");
/// assert_eq!(postern_mime::canonical_charset("x-unknown"), "");
/// ```
pub fn canonical(label: &str) -> String {
    let is_quote = |c: char| c.is_whitespace() || "\"'<>=;,".contains(c);
    let label = label.trim_matches(is_quote).to_ascii_lowercase();
    let label = label.strip_prefix("charset=").map(|rest| rest.trim_matches(is_quote)).unwrap_or(&label);
    let label = label.split([';', ',', '"', '*']).next().unwrap_or_default().trim();
    // Mailers disagree on hyphens, underscores, colons and spaces; no two charsets differ by those alone.
    let key: String = label.chars().filter(char::is_ascii_alphanumeric).collect();
    let known = by_name(&key).map(str::to_owned).or_else(|| iso_8859(&key)).or_else(|| code_page(&key));
    known.unwrap_or_else(|| label.to_owned())
}

/// By the label's letters and digits.
fn by_name(key: &str) -> Option<&'static str> {
    Some(match key.strip_prefix('x').unwrap_or(key) {
        "" | "ascii" | "usascii" | "ansix341968" | "ansix341986" | "iso646us" | "iso646irv1991" | "7bit"
        | "8bit" | "default" | "us" | "none" | "null" | "binary" | "undefined" | "unspecified" | "notset"
        | "unknown" | "unknown8bit" | "userdefined" => "",
        "ansi" | "windows" | "mswindows" | "western" | "latin1" | "isolatin1" | "csisolatin1" | "l1" => {
            "windows-1252"
        }
        "latin2" | "isolatin2" | "l2" => "iso-8859-2",
        "latin5" | "isolatin5" | "l5" | "turkish" => "windows-1254",
        "latin7" => "iso-8859-13",
        "latin8" => "iso-8859-14",
        "latin9" | "latin0" | "isolatin9" | "l9" => "iso-8859-15",
        "latin10" => "iso-8859-16",
        "utf8" | "utf" | "unicode11utf8" | "unicode20utf8" | "unicodeutf8" | "utf8mb4" | "utf8mac"
        | "utf8n" | "utf8bom" | "utf8strict" => "utf-8",
        "utf16" | "ucs2" | "iso10646ucs2" | "unicode" | "csunicode" | "iso10646" => "utf-16",
        "utf16le" | "ucs2le" => "utf-16le",
        "utf16be" | "ucs2be" | "unicodefffe" => "utf-16be",
        "utf32" | "ucs4" | "iso10646ucs4" | "utf32be" => "utf-32",
        "utf32le" => "utf-32le",
        "utf7" | "unicode11utf7" | "unicode20utf7" | "csunicode11utf7" => "utf-7",
        "sjis" | "shiftjis" | "mskanji" | "csshiftjis" | "windows31j" | "cswindows31j" | "sjiswin"
        | "shiftjisx0213" | "macjapanese" => "shift_jis",
        "eucjp" | "ujis" | "eucj" | "eucjpms" | "eucjpwin" | "cseucpkdfmtjapanese" => "euc-jp",
        "jis" | "jis7" => "iso-2022-jp",
        japanese if japanese.contains("2022jp") => "iso-2022-jp",
        korean if korean.contains("2022kr") => "iso-2022-kr",
        "gb2312" | "gb231280" | "eucgb2312cn" | "euccn" | "gbk" | "chinese" | "csgb2312" | "cngb"
        | "csiso58gb231280" | "macchinesesimp" => "gbk",
        "hzgb2312" | "hz" => "hz-gb-2312",
        chinese if chinese.starts_with("gb18030") => "gb18030",
        chinese if chinese.trim_start_matches('x').starts_with("big5") => "big5",
        "cnbig5" | "csbig5" | "bigfive" | "macchinesetrad" => "big5",
        "euckr" | "ksc5601" | "ksc56011987" | "ksc56011989" | "ksc56011992" | "ksx1001" | "korean"
        | "uhc" | "cseuckr" | "csksc56011987" | "mackorean" => "euc-kr",
        "koi8r" | "koi8" | "cskoi8r" | "koi" => "koi8-r",
        "koi8u" | "koi8ru" => "koi8-u",
        "tis620" | "tis6202533" | "tis62025330" => "windows-874",
        "mac" | "macintosh" | "macroman" | "csmacintosh" => "macintosh",
        "maccyrillic" | "macukrainian" => "x-mac-cyrillic",
        "macce" | "maccentraleurope" | "maccentraleurroman" | "maclatin2" => "x-mac-ce",
        "macgreek" => "x-mac-greek",
        "macturkish" => "x-mac-turkish",
        _ => return None,
    })
}

/// `iso-8859-1` in its spellings: `8859-1`, `iso8859_1`, `iso-8859-1:1987`, `iso-8859-8-i`.
fn iso_8859(key: &str) -> Option<String> {
    let rest = key.trim_start_matches('x').trim_start_matches("cs").trim_start_matches("iso");
    let rest = rest.strip_prefix("8859")?;
    let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (number, suffix) = rest.split_at(digits);
    // The year of the standard.
    let number = if number.len() > 4 { &number[..number.len() - 4] } else { number };
    match number {
        // The standard takes the larger Windows charset for these, and so do all mailers.
        "1" => Some("windows-1252".to_owned()),
        "9" => Some("windows-1254".to_owned()),
        "11" => Some("windows-874".to_owned()),
        "8" if suffix.starts_with('i') => Some("iso-8859-8-i".to_owned()),
        "2" | "3" | "4" | "5" | "6" | "7" | "8" | "10" | "13" | "14" | "15" | "16" => {
            Some(format!("iso-8859-{number}"))
        }
        _ => None,
    }
}

/// Microsoft's and IBM's numbers: `cp1251`, `win-1251`, `windows_1251`, `ibm-850`, `850`.
fn code_page(key: &str) -> Option<String> {
    let digits = key.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let prefix = &key[..key.len() - digits.len()];
    const PREFIXES: [&str; 13] = [
        "", "cp", "xcp", "win", "windows", "xwindows", "ms", "mswin", "ibm", "csibm", "oem", "dos",
        "codepage",
    ];
    let number: u32 = digits.parse().ok().filter(|_| PREFIXES.contains(&prefix))?;
    let name = match number {
        1250..=1258 => return Some(format!("windows-{number}")),
        437 | 737 | 775 | 850 | 852 | 855 | 857 | 858 | 862 => return Some(format!("cp{number}")),
        28591..=28606 => return iso_8859(&format!("8859{}", number - 28590)),
        367 | 20127 => "",
        819 => "windows-1252",
        866 => "ibm866",
        874 => "windows-874",
        932 | 943 => "shift_jis",
        936 => "gbk",
        949 | 970 | 51949 => "euc-kr",
        950 => "big5",
        1200 => "utf-16le",
        1201 => "utf-16be",
        10000 => "macintosh",
        10007 => "x-mac-cyrillic",
        10029 => "x-mac-ce",
        20866 => "koi8-r",
        21866 => "koi8-u",
        50220..=50222 => "iso-2022-jp",
        50225 => "iso-2022-kr",
        51932 => "euc-jp",
        52936 => "hz-gb-2312",
        54936 => "gb18030",
        65000 => "utf-7",
        65001 => "utf-8",
        _ => return None,
    };
    Some(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::canonical;

    #[test]
    fn labels_of_mailers_are_known() {
        for (labels, expected) in [
            (" us-ascii x-unknown unknown-8bit 8bit ANSI_X3.4-1968", ""),
            (
                "ansi iso-8859-1 ISO8859-1 iso_8859-1:1987 latin1 8859-1 cp1252 windows1252 x-ansi",
                "windows-1252",
            ),
            ("cp1251 CP-1251 win-1251 windows_1251 x-cp1251 WIN1251 \"windows-1251\"", "windows-1251"),
            ("utf8 UTF_8 'utf-8' utf-8; charset=utf-8 unicode-1-1-utf-8 utf8mb4 cp65001", "utf-8"),
            ("unicode-1-1-utf-7 x-unicode-1-1-utf-7 UTF-7", "utf-7"),
            ("iso-8859-8-i ISO_8859-8-I csISO88598I", "iso-8859-8-i"),
            ("iso-8859-2 ISO8859_2 iso8859-2 latin2 28592", "iso-8859-2"),
            ("iso-8859-15 ISO8859-15 latin-9 8859_15", "iso-8859-15"),
            ("ks_c_5601-1987 ksc5601 EUC_KR cp949 x-windows-949 uhc", "euc-kr"),
            ("windows-874 tis-620 cp874 iso-8859-11", "windows-874"),
            ("cp866 ibm866 866 cp-866", "ibm866"),
            ("cp-850 ibm850 850 cp_850", "cp850"),
            ("x-mac-roman mac macintosh x-macroman", "macintosh"),
            ("x-mac-cyrillic x-mac-ukrainian 10007", "x-mac-cyrillic"),
            ("x-mac-ce x-mac-centraleurroman", "x-mac-ce"),
            ("gb2312 GB_2312-80 x-gbk cp936 windows-936 euc-cn", "gbk"),
            ("gb18030 gb18030-2022", "gb18030"),
            ("big5 big5-hkscs x-x-big5 cp950 cn-big5", "big5"),
            ("iso-2022-jp ISO-2022-JP-MS csISO2022JP iso-2022-jp-1 cp50220", "iso-2022-jp"),
            ("shift-jis x-sjis sjis cp932 windows-31j ms932", "shift_jis"),
            ("koi8-r koi8 KOI8_R", "koi8-r"),
            ("x-klingon", "x-klingon"),
        ] {
            for label in labels.split(' ') {
                assert_eq!(canonical(label), expected, "{label}");
            }
        }
    }
}
