//! Days, as searches name them. RFC 9051 section 9 (`date`).

use crate::imap::types::date_time::MONTHS;
use crate::imap::writer::Writer;

/// A day, without a time or zone: the server's for arrivals, the sender's for `Date:`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// A day of the years 1 to 9999; none where there is no such month, or where no month has such a day.
    #[must_use]
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let valid = (1..=9999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
        valid.then_some(Self { year, month, day })
    }

    /// `date = date-day "-" date-month "-" date-year`
    pub(super) fn write(self, line: &mut Writer) -> &mut Writer {
        let Self { year, month, day } = self;
        let month = MONTHS[usize::from(month) - 1]; // 1 to 12: `new` checked.
        line.number(day).words("-").words(month).words("-");
        for zeros in [1000, 100, 10] {
            line.words(if year < zeros { "0" } else { "" });
        }
        line.number(year)
    }
}
