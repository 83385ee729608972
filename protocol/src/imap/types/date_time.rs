//! A date and time of the server's.
//!
//! RFC 9051 section 9 (`date-time`).

use std::fmt;

/// When something happened: seconds since 1970 in UTC, and how far the server's clock was from UTC.
///
/// ```
/// use postern_protocol::imap::DateTime;
///
/// let date = DateTime { unix_seconds: 837_595_805, offset_minutes: -420 };
/// assert_eq!(date.to_string(), "17-Jul-1996 02:30:05 -0700");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DateTime {
    /// Seconds since 1970-01-01 00:00 UTC; negative before.
    pub unix_seconds: i64,
    /// Minutes that the server's zone was ahead of UTC.
    pub offset_minutes: i16,
}

impl DateTime {
    /// From a calendar date and time in a zone, or `None` where there is no such day.
    #[must_use]
    pub fn from_civil(date: (i32, u8, u8), time: (u8, u8, u8), offset_minutes: i16) -> Option<Self> {
        let (year, month, day) = date;
        let (hour, minute, second) = time;
        // A leap second is allowed (RFC 3339); so is what the calendar never had, such as 31-Jun: it is not
        // worth losing a message for.
        let valid = (1..=12).contains(&month) && (1..=31).contains(&day);
        if !valid || hour > 24 || minute > 59 || second > 60 || !(0..=9999).contains(&year) {
            return None;
        }
        let seconds = i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second);
        let unix_seconds = days_from_civil(i64::from(year), i64::from(month), i64::from(day)) * 86_400
            + seconds
            - i64::from(offset_minutes) * 60;
        Some(Self { unix_seconds, offset_minutes })
    }

    /// Whether the grammar's four digits for the year, and as many for the zone, can tell it.
    pub(crate) fn is_writable(self) -> bool {
        let (year, _, _) = civil_from_days(self.local_seconds().div_euclid(86_400));
        (0..=9999).contains(&year) && self.offset_minutes.unsigned_abs() < 100 * 60
    }

    /// Seconds since 1970-01-01 00:00 on the server's clock; at the ends of the range, the last that there are.
    fn local_seconds(self) -> i64 {
        self.unix_seconds.saturating_add(i64::from(self.offset_minutes) * 60)
    }
}

/// The grammar's form, as APPEND takes it, without quotes.
impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let local = self.local_seconds();
        let (year, month, day) = civil_from_days(local.div_euclid(86_400));
        let second = local.rem_euclid(86_400);
        let name = usize::try_from(month - 1).ok().and_then(|index| MONTHS.get(index)).unwrap_or(&"Jan");
        write!(f, "{day:02}-{name}-{year:04} ")?;
        write!(f, "{:02}:{:02}:{:02} ", second / 3600, second / 60 % 60, second % 60)?;
        let sign = if self.offset_minutes < 0 { '-' } else { '+' };
        let offset = self.offset_minutes.unsigned_abs();
        write!(f, "{sign}{:02}{:02}", offset / 60, offset % 60)
    }
}

/// Days since 1970 in the Gregorian calendar. A year is counted from March, so that the odd day comes last,
/// and 400 years make an era of 146,097 days.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The inverse of [`days_from_civil`].
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

pub(crate) const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calendar_both_ways() {
        let check = |date, time, offset, seconds, text: &str| {
            let value = DateTime::from_civil(date, time, offset).unwrap();
            assert_eq!((value.unix_seconds, value.to_string().as_str()), (seconds, text));
        };
        check((1970, 1, 1), (0, 0, 0), 0, 0, "01-Jan-1970 00:00:00 +0000");
        check((1996, 7, 17), (2, 44, 25), -420, 837_596_665, "17-Jul-1996 02:44:25 -0700");
        check((2000, 2, 29), (23, 59, 59), 330, 951_848_999, "29-Feb-2000 23:59:59 +0530");
        check((1969, 12, 31), (23, 59, 59), 0, -1, "31-Dec-1969 23:59:59 +0000");
        assert_eq!(DateTime::from_civil((2000, 13, 1), (0, 0, 0), 0), None);
    }

    #[test]
    fn the_ends_of_the_range_can_be_shown_but_not_written() {
        for (unix_seconds, offset_minutes) in
            [(i64::MAX, i16::MAX), (i64::MIN, i16::MIN), (-70_000_000_000, 0)]
        {
            let date = DateTime { unix_seconds, offset_minutes };
            assert!(!date.to_string().is_empty() && !date.is_writable(), "{date}");
        }
        assert!(!DateTime { unix_seconds: 0, offset_minutes: 6000 }.is_writable());
        assert!(DateTime { unix_seconds: 0, offset_minutes: -5999 }.is_writable());
    }

    #[test]
    fn every_day_comes_back() {
        for days in (-719_000..2_900_000).step_by(97) {
            let (year, month, day) = civil_from_days(days);
            assert_eq!(days_from_civil(year, month, day), days);
        }
    }
}
