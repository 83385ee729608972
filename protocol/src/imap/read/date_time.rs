//! Dates of the server's.
//!
//! RFC 9051 section 9: `date-time = DQUOTE date-day-fixed "-" date-month "-" date-year SP time SP zone DQUOTE`

use super::cx::{Cx, Read, fault};
use super::lex;
use super::quirk::Quirk;
use crate::imap::types::DateTime;
use crate::imap::types::date_time::MONTHS;

/// A date in quotes.
pub(super) fn date_time<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, DateTime> {
    if let [b'"', text @ .., _] = i.get(..28).unwrap_or_default()
        && i[27] == b'"'
        && let Some(date) = text.first_chunk::<26>().and_then(fixed)
    {
        return Ok((&i[28..], date));
    }
    let (rest, text) = lex::nstring(cx, i)?;
    // A date may be in need of quotes, and then its spaces part it.
    let (rest, text) = match text {
        Some(text) if i[0] != b'"' && !i.starts_with(b"{") => unquoted(i).unwrap_or((rest, text.bytes)),
        Some(text) => (rest, text.bytes),
        None => return fault(i, "a date"),
    };
    match loose(text) {
        Some(date) => {
            cx.forgive(Quirk::OddDate, i)?;
            Ok((rest, date))
        }
        None => fault(i, "a date"),
    }
}

fn unquoted(i: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = i.iter().enumerate().filter(|(_, byte)| **byte == b' ').nth(2).map(|(at, _)| at);
    let end = end.or_else(|| memchr::memchr(b')', i))?.min(memchr::memchr(b')', i).unwrap_or(i.len()));
    Some((&i[end..], &i[..end]))
}

/// ` 7-Jul-1996 02:44:25 -0700`, byte for byte.
fn fixed(text: &[u8; 26]) -> Option<DateTime> {
    let digit = |at: usize| text[at].wrapping_sub(b'0');
    let two = |at: usize| (digit(at) < 10 && digit(at + 1) < 10).then(|| digit(at) * 10 + digit(at + 1));
    let separators = [text[2], text[6], text[11], text[14], text[17], text[20]];
    if separators != [b'-', b'-', b' ', b':', b':', b' '] {
        return None;
    }
    let day = if text[0] == b' ' { Some(digit(1)).filter(|&day| day < 10) } else { two(0) }?;
    let year = i32::from(two(7)?) * 100 + i32::from(two(9)?);
    let offset = i16::from(two(22)?) * 60 + i16::from(two(24)?);
    let offset = match text[21] {
        b'+' => offset,
        b'-' => -offset,
        _ => return None,
    };
    DateTime::from_civil((year, month(&text[3..6])?, day), (two(12)?, two(15)?, two(18)?), offset)
}

/// Some other order of the same things: `7-Jul-96 2:44 GMT`, `Wed, 07 Jul 1996 02:44:25 -0700 (PDT)`,
/// `1996-07-07T02:44:25Z`.
fn loose(text: &[u8]) -> Option<DateTime> {
    let text = std::str::from_utf8(text).ok()?;
    // The T of ISO 8601 stands between two digits.
    let iso = text.match_indices('T').find(|(at, _)| text[..*at].ends_with(|c: char| c.is_ascii_digit()));
    let (date, time_of_day) = iso.map_or((text, ""), |(at, _)| (&text[..at], &text[at + 1..]));
    let mut words = date.split([' ', ',', '\t']).chain([time_of_day]).flat_map(|word| {
        let whole = word.starts_with(['+', '-']) || word.contains(':');
        if whole { vec![word] } else { word.split('-').collect() }
    });
    let mut numbers: Vec<i32> = Vec::new();
    let (mut named_month, mut time, mut offset) = (None, (0, 0, 0), 0);
    for word in words.by_ref().filter(|word| !word.is_empty()) {
        if let Some(month) = word.get(..3).and_then(|name| month(name.as_bytes())) {
            named_month = Some(month);
        } else if word.contains(':') && !word.starts_with(['+', '-']) {
            let (clock, zone) = clock(word)?;
            time = clock;
            offset = zone.or_else(|| zone_offset(word)).unwrap_or(offset);
        } else if let Some(zone) = zone_offset(word) {
            offset = zone;
        } else if let Ok(number) = word.parse() {
            numbers.push(number);
        }
    }
    let (year, month, day) = match (named_month, &numbers[..]) {
        (Some(month), &[day, year, ..]) => (year, month, day),
        // Whichever end the year stands at.
        (None, &[day, month, year, ..]) if year > 31 => (year, u8::try_from(month).ok()?, day),
        (None, &[year, month, day, ..]) => (year, u8::try_from(month).ok()?, day),
        _ => return None,
    };
    let year = match year {
        0..50 => year + 2000,
        50..200 => year + 1900,
        _ => year,
    };
    DateTime::from_civil((year, month, u8::try_from(day).ok()?), time, offset)
}

/// `2:44`, `02:44:25.123`, `02:44:25Z`, `02:44:25+02:00`: the time, and the zone if it stands there.
fn clock(word: &str) -> Option<((u8, u8, u8), Option<i16>)> {
    let end = word.find(|c: char| !c.is_ascii_digit() && c != ':' && c != '.').unwrap_or(word.len());
    let mut parts = word[..end].split([':', '.']).map(str::parse::<u8>);
    let (hour, minute) = (parts.next()?.ok()?, parts.next()?.ok()?);
    let second = parts.next().and_then(Result::ok).unwrap_or(0);
    Some(((hour, minute, second), zone_offset(&word[end..])))
}

/// `+0200`, `-07:00`, `GMT`: minutes before UTC.
fn zone_offset(word: &str) -> Option<i16> {
    let named = [
        ("GMT", 0),
        ("UTC", 0),
        ("UT", 0),
        ("Z", 0),
        ("EST", -300),
        ("EDT", -240),
        ("PST", -480),
        ("PDT", -420),
    ];
    if let Some((_, offset)) = named.into_iter().find(|(name, _)| word.eq_ignore_ascii_case(name)) {
        return Some(offset);
    }
    let sign = match word.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits: String = word[1..].chars().filter(char::is_ascii_digit).collect();
    let value: i16 = digits.get(..4)?.parse().ok()?;
    Some(sign * (value / 100 * 60 + value % 100))
}

fn month(name: &[u8]) -> Option<u8> {
    let known = MONTHS.iter().position(|month| name == month.as_bytes());
    let index =
        known.or_else(|| MONTHS.iter().position(|month| name.eq_ignore_ascii_case(month.as_bytes())))?;
    u8::try_from(index + 1).ok()
}
