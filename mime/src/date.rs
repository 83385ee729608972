//! `Date:` (RFC 5322 sections 3.3 and 4.3), and the ways in which mailers miss it: comments in any charset, named zones,
//! no seconds, years of two digits, weekdays in other languages, no zone, the forms of asctime and ISO 8601.

use crate::words;

/// Milliseconds since 1970-01-01 UTC, or none where it is no date.
///
/// ```
/// assert_eq!(postern_mime::date(b"Sun, 13 Feb 22 00:04 EST"), Some(1_644_728_640_000));
/// ```
pub fn parse(raw: &[u8]) -> Option<i64> {
    let text = words::decode(&without_comments(raw), None);
    let mut date = Reader::default();
    for token in text.split(|c: char| c.is_whitespace() || c == ',').filter(|token| !token.is_empty()) {
        date.read(token);
    }
    date.milliseconds()
}

/// The fields, as they are found.
#[derive(Debug, Default)]
struct Reader {
    year: Option<i64>,
    month: Option<i64>,
    day: Option<i64>,
    /// Seconds since midnight.
    time: Option<i64>,
    /// Seconds east of UTC.
    zone: Option<i64>,
    is_afternoon: Option<bool>,
}

impl Reader {
    fn read(&mut self, token: &str) {
        if let Some(zone) = numeric_zone(token).filter(|_| self.time.is_some()) {
            self.zone = self.zone.or(Some(zone));
        } else if let Some((date, time)) = iso(token) {
            self.read_iso(date);
            self.read_time(time);
        } else if let Some(numbers) = numeric_date(token) {
            [self.year, self.month, self.day] = numbers.map(Some);
        } else if token.contains(':') || is_dotted_time(token) {
            self.read_time(token);
        } else if token.contains(['-', '/']) && token.starts_with(|c: char| c.is_ascii_alphanumeric()) {
            token.split(['-', '/']).filter(|piece| !piece.is_empty()).for_each(|piece| self.read(piece));
        } else if let Some(month) = token.strip_suffix('月').and_then(|month| month.parse().ok()) {
            self.month = Some(month);
        } else if token.starts_with(|c: char| c.is_ascii_digit()) {
            self.read_number(token.trim_end_matches(['.', 'º', 'ª']));
        } else {
            self.read_word(token);
        }
    }

    fn read_number(&mut self, token: &str) {
        let Ok(number) = token.parse::<i64>() else { return };
        match token.len() {
            1 | 2 if self.day.is_none() => self.day = Some(number),
            1 | 2 if self.year.is_none() => self.year = Some(if number < 50 { 2000 } else { 1900 } + number),
            // RFC 5322 section 4.3: some count on from 1900.
            3 if self.year.is_none() => self.year = Some(1900 + number),
            4 if self.year.is_none() => self.year = Some(number),
            _ => {}
        }
    }

    fn read_word(&mut self, token: &str) {
        let word = token.trim_matches('.').to_lowercase();
        match word.as_str() {
            "am" => self.is_afternoon = Some(false),
            "pm" => self.is_afternoon = Some(true),
            // A later one counts: "Mar" is a Tuesday in some languages.
            _ if self.time.is_none() && month(&word).is_some() => self.month = month(&word),
            _ if self.time.is_some() && self.zone.is_none() => self.zone = named_zone(&word),
            // A weekday, in whatever language.
            _ => {}
        }
    }

    /// `10:00`, `10:00:00.123`, and a zone glued to it.
    fn read_time(&mut self, token: &str) {
        let end = token.find(|c: char| !(c.is_ascii_digit() || ":.".contains(c))).unwrap_or(token.len());
        let (time, zone) = token.split_at(end);
        let dotted = time.replace('.', ":");
        let time = if time.contains(':') { time } else { &dotted };
        let mut numbers = time.split(':').map(|number| number.split('.').next().unwrap_or_default().parse());
        let (Some(Ok(hour)), Some(Ok(minute))) = (numbers.next(), numbers.next()) else { return };
        let second: i64 = numbers.next().and_then(Result::ok).unwrap_or(0);
        let (hour, minute): (i64, i64) = (hour, minute);
        // A leap second is the one before it.
        // The end of the day is the start of the next.
        let is_midnight = (hour, minute, second) == (24, 0, 0);
        if is_midnight || (0..=23).contains(&hour) && (0..=59).contains(&minute) && (0..=61).contains(&second)
        {
            self.time = Some(hour * 3600 + minute * 60 + second.min(59));
        }
        if !zone.is_empty() {
            self.zone = numeric_zone(zone).or_else(|| named_zone(&zone.to_ascii_lowercase()));
            self.read_word(zone);
        }
    }

    fn read_iso(&mut self, date: &str) {
        let mut numbers = date.split('-').map(|number| number.parse().ok());
        (self.year, self.month, self.day) =
            (numbers.next().flatten(), numbers.next().flatten(), numbers.next().flatten());
    }

    fn milliseconds(&self) -> Option<i64> {
        let (year, month, day, time) = (self.year?, self.month?, self.day?, self.time?);
        if !(1900..=9999).contains(&year)
            || !(1..=12).contains(&month)
            || !(1..=month_length(year, month)).contains(&day)
        {
            return None;
        }
        let time = match self.is_afternoon {
            Some(true) if time < NOON => time + NOON,
            Some(false) if time >= NOON => time - NOON,
            _ => time,
        };
        // Without a zone: as if it were UTC.
        Some((days_since_1970(year, month, day) * 86_400 + time - self.zone.unwrap_or(0)) * 1000)
    }
}

const NOON: i64 = 12 * 3600;

/// `2026-06-01T10:00:00Z`, and the date of `2026-06-01 10:00:00`.
fn iso(token: &str) -> Option<(&str, &str)> {
    let date = token.get(..10)?;
    let shape = date.bytes().map(|byte| if byte.is_ascii_digit() { b'0' } else { byte });
    let is_iso = shape.eq(*b"0000-00-00");
    let rest = &token[10..];
    (is_iso && (rest.is_empty() || rest.starts_with(['T', 't']))).then(|| (date, rest.get(1..).unwrap_or("")))
}

/// Year, month and day of `2026/6/1`, or of `1.6.2026`, where the dots say that the day stands first. With slashes and
/// the year last nobody knows which is which.
fn numeric_date(token: &str) -> Option<[i64; 3]> {
    let separator = token.chars().find(|c| !c.is_ascii_digit())?;
    let numbers: Vec<_> = token.split(separator).map(|number| (number.len(), number.parse().ok())).collect();
    match (separator, numbers.as_slice()) {
        ('/' | '.', &[(4, Some(year)), (1 | 2, Some(month)), (1 | 2, Some(day))])
        | ('.', &[(1 | 2, Some(day)), (1 | 2, Some(month)), (4, Some(year))]) => Some([year, month, day]),
        _ => None,
    }
}

/// `12.00.00`, as some write a time.
fn is_dotted_time(token: &str) -> bool {
    let numbers: Vec<_> = token.split('.').collect();
    let is_number = |number: &&str| number.len() == 2 && number.bytes().all(|byte| byte.is_ascii_digit());
    numbers.len() == 3 && numbers.iter().all(is_number)
}

/// `+0200`, `-03:30`, `+2`, and `GMT+0200`.
fn numeric_zone(token: &str) -> Option<i64> {
    let upper = token.to_ascii_uppercase();
    let rest = upper.strip_prefix("GMT").or(upper.strip_prefix("UTC")).unwrap_or(&upper);
    let sign = match rest.bytes().next()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits: String = rest[1..].chars().filter(|c| *c != ':').collect();
    let number: i64 = digits.parse().ok()?;
    let (hours, minutes) = match digits.len() {
        1 | 2 => (number, 0),
        3 | 4 => (number / 100, number % 100),
        _ => return None,
    };
    (hours <= 15 && minutes <= 59).then_some(sign * (hours * 3600 + minutes * 60))
}

/// Names that mean one thing in mail; the single letters of RFC 822 never did, and count as UTC (RFC 5322 section 4.3).
fn named_zone(word: &str) -> Option<i64> {
    let quarters = match word {
        "hst" => -40,
        "akst" => -36,
        "akdt" | "pst" => -32,
        "pdt" | "mst" => -28,
        "mdt" | "cst" => -24,
        "cdt" | "est" => -20,
        "edt" | "ast" => -16,
        "adt" | "brt" | "art" => -12,
        "nst" => -14,
        "ndt" => -10,
        "ut" | "utc" | "gmt" | "wet" => 0,
        "bst" | "west" | "cet" | "met" | "mez" | "wat" => 4,
        "cest" | "mest" | "mesz" | "eet" | "sast" | "cat" => 8,
        "eest" | "msk" | "eat" | "trt" => 12,
        "msd" | "gst" => 16,
        "pkt" => 20,
        "ist" => 22,
        "npt" => 23,
        "wib" | "ict" => 28,
        "sgt" | "hkt" | "pht" | "awst" => 32,
        "jst" | "kst" => 36,
        "acst" => 38,
        "aest" => 40,
        "aedt" => 44,
        "nzst" => 48,
        "nzdt" => 52,
        letter if letter.len() == 1 && letter.is_ascii() => 0,
        _ => return None,
    };
    Some(quarters * 900)
}

/// English, whole or cut to three letters, and what mailers write that ask their system for names.
fn month(word: &str) -> Option<i64> {
    const MONTHS: [&[&str]; 12] = [
        &["jan", "ene", "gen", "янв"],
        &["feb", "fév", "fev", "фев"],
        &["mar", "mär", "mrz", "mrt", "мар"],
        &["apr", "avr", "abr", "апр"],
        &["may", "mai", "mei", "mag", "май", "мая"],
        &["jun", "juin", "giu", "июн"],
        &["jul", "juil", "lug", "июл"],
        &["aug", "aoû", "aou", "ago", "авг"],
        &["sep", "set", "сен"],
        &["oct", "okt", "ott", "out", "окт"],
        &["nov", "ноя"],
        &["dec", "dez", "déc", "dic", "дек"],
    ];
    let found = MONTHS.iter().position(|names| names.iter().any(|name| word.starts_with(name)))?;
    i64::try_from(found).ok().map(|month| month + 1)
}

fn month_length(year: i64, month: i64) -> i64 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Of the Gregorian calendar, with years that begin in March so that the leap day is the last.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days_before_month = (153 * month + 2) / 5;
    365 * year + year / 4 - year / 100 + year / 400 + days_before_month + day - 719_469
}

/// Comments may be in any charset, and nested.
fn without_comments(raw: &[u8]) -> Vec<u8> {
    let mut depth = 0_usize;
    let mut out = Vec::with_capacity(raw.len());
    for &byte in raw {
        match byte {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => out.push(byte),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::parse;

    /// 1 June 2026, 12:00:00 UTC.
    const EXPECTED: i64 = 1_780_315_200_000;

    #[test]
    fn dates_of_every_kind() {
        for text in [
            "Mon, 1 Jun 2026 10:00:00 -0200",
            "Mon, 01 Jun 2026 12:00:00 +0000 (UTC)",
            "1 Jun 2026 12:00 GMT",
            "1 June 2026 12:00 UT",
            "01-Jun-2026 10:00:00 -0200",
            "Mon, 01-Jun-2026 12:00:00 GMT",
            "Mon, 1 Jun 26 12:00:00 Z",
            "Mon, 1 Jun 126 12:00:00 Z",
            "Mon,1 Jun 2026 08:00:00 EDT",
            "Mon 1 Jun 2026 14:00:00 CEST",
            "Mo., 1. Juni 2026 14:00:00 +0200",
            "lun., 1 juin 2026 14:00:00 +0200",
            "lun, 01 giu 2026 14:00:00 +02:00",
            "Mon, 1 Jun 2026 12:00:00",
            "Mon, 1 Jun 2026 12:00:00 -0000",
            "Mon, 1 Jun 2026 14:00:00 GMT+0200",
            "Mon, 1 Jun 2026 14:00:00 +0200 (Mitteleurop (a) Zeit)",
            "Mon, 1 Jun 2026 14:00:00 +0200 (never closed",
            "Mon Jun  1 12:00:00 2026",
            "Mon Jun  1 14:00:00 CEST 2026",
            "mar., 1 giu 2026 14:00:00 +0200",
            "2026-06-01T14:00:00+02:00",
            "2026-06-01 12:00:00 +0000",
            "2026-06-01T12:00:00.000Z",
            "Mon, 1 Jun 2026 02:00:00 PM +0200",
            "Mon, 1 Jun 2026 2:00:00PM +0200",
            "Mon, 1 Jun 2026 17:30:00 IST",
            "Mon, 1 Jun 2026 12:00:00 +0000 (\u{fffd})",
            "  Mon, 1 Jun 2026\t12:00:00   +0000",
            "Mon, 1 Jun 2026 12.00.00 +0000",
            "2026/06/01 12:00:00",
            "01.06.2026 12:00",
            "1.6.2026 12:00:00 GMT",
            "Sun, 31 May 2026 24:00:00 -1200",
            "Mon, 1 6月 2026 12:00:00 +0000",
            "Пн, 1 июн 2026 15:00:00 +0300",
            "=?utf-8?q?Mon,_1_Jun_2026_12:00:00_+0000?=",
        ] {
            assert_eq!(parse(text.as_bytes()), Some(EXPECTED), "{text}");
        }
    }

    #[test]
    fn a_comment_may_be_in_any_charset() {
        let raw = b"Wed, 17 Mar 2021 14:40:57 +0100 (Mitteleurop\xe4ische Zeit)";
        assert_eq!(parse(raw), Some(1_615_988_457_000));
    }

    #[test]
    fn a_weekday_may_be_named_in_any_language() {
        for day in ["Mi", "mer.", "ср", "\u{6c34}", "Mar"] {
            let text = format!("{day}, 17 Mar 2021 14:40:57 +0100");
            assert_eq!(parse(text.as_bytes()), Some(1_615_988_457_000), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "yesterday",
            "",
            "Mon, 31 Jun 2026 10:00:00 +0000",
            "1 Jun 2026",
            "1 Jun 2026 25:00",
            "29 Feb 2025 10:00",
            "06/01/2026 12:00:00",
            "Mon, 01 Jan 0001 00:00:00 +0000",
            "Mon, 1 Jun 20126 12:00:00 +0000",
            "Mon, 1 Jun -2026 12:00:00 +0000",
            "Mon, 1 13月 2026 12:00:00 +0000",
        ] {
            assert_eq!(parse(text.as_bytes()), None, "{text}");
        }
        assert_eq!(parse(b"29 Feb 2024 00:00 Z"), Some(1_709_164_800_000));
        assert_eq!(parse(b"Thu, 1 Jan 1970 00:00:00 +0000"), Some(0));
        assert_eq!(parse(b"31 Dec 69 00:00 Z"), Some(-86_400_000));
    }
}
