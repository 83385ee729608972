//! Dates as mail writes them.

/// A date in UTC (RFC 5322 section 3.3), from seconds since 1970.
pub(super) fn rfc5322(seconds: u64) -> String {
    let days = seconds / DAY;
    let (year, month, day) = civil(days);
    // 1 January 1970 was a Thursday.
    let weekday = WEEKDAYS[usize::try_from((days + 4) % 7).unwrap_or(0)];
    let month = MONTHS[month - 1];
    let (hour, minute, second) = (seconds % DAY / HOUR, seconds % HOUR / MINUTE, seconds % MINUTE);
    format!("{weekday}, {day:02} {month} {year} {hour:02}:{minute:02}:{second:02} +0000")
}

/// `20261124T143000Z` (RFC 5545 section 3.3.5).
pub(super) fn icalendar(seconds: u64) -> String {
    let (year, month, day) = civil(seconds / DAY);
    format!("{year}{month:02}{day:02}T{:02}{:02}00Z", seconds % DAY / HOUR, seconds % HOUR / MINUTE)
}

/// `November 2026`.
pub(super) fn month(seconds: u64) -> String {
    let (year, month, _) = civil(seconds / DAY);
    format!("{} {year}", MONTH_NAMES[month - 1])
}

/// Year, month (from 1) and day of the Gregorian calendar, from days since 1970.
fn civil(days: u64) -> (u64, usize, u64) {
    let mut year = 1970;
    let mut left = days;
    while left >= year_length(year) {
        left -= year_length(year);
        year += 1;
    }
    let mut month = 0;
    while left >= month_length(year, month) {
        left -= month_length(year, month);
        month += 1;
    }
    (year, month + 1, left + 1)
}

fn is_leap(year: u64) -> bool {
    (year.is_multiple_of(4) && !year.is_multiple_of(100)) || year.is_multiple_of(400)
}

fn year_length(year: u64) -> u64 {
    if is_leap(year) { 366 } else { 365 }
}

fn month_length(year: u64, month: usize) -> u64 {
    const DAYS: [u64; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    DAYS[month] + u64::from(month == 1 && is_leap(year))
}

/// Seconds in a minute.
pub(super) const MINUTE: u64 = 60;
/// Seconds in an hour.
pub(super) const HOUR: u64 = 3_600;
/// Seconds in a day.
pub(super) const DAY: u64 = 86_400;

const WEEKDAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const MONTH_NAMES: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_calendar() {
        let cases = [
            (0, "Thu, 01 Jan 1970 00:00:00 +0000"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 +0000"),
            (1_700_000_000, "Tue, 14 Nov 2023 22:13:20 +0000"),
            (1_798_761_599, "Thu, 31 Dec 2026 23:59:59 +0000"),
        ];
        for (seconds, expected) in cases {
            assert_eq!(rfc5322(seconds), expected);
        }
    }
}
