//! What a server says of 100,000 messages: made up, but alike to the byte on every machine.
//!
//! Names, addresses, subjects with encoded words, and structures are as various as in a mailbox of ten years:
//! newsletters, lists, colleagues, attachments, forwarded messages, delivery reports.

use std::fmt::Write as _;
use std::io::{self, BufWriter, Write as _};
use std::path::Path;

/// How many messages (a) and (b) are about.
pub(in crate::bench) const MESSAGES: u32 = 100_000;

/// Writes (a): `UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE` of each message.
///
/// # Errors
/// Where the file can't be written.
pub(in crate::bench) fn write_lists(file: &Path) -> io::Result<()> {
    let mut dice = Dice(1);
    lines(file, MESSAGES, |line, n| {
        let _ = write!(line, "* {n} FETCH (UID {} FLAGS ({})", uid(n), flags(&mut dice));
        let _ = write!(line, " INTERNALDATE \"{}\"", internal_date(n));
        let _ = write!(line, " RFC822.SIZE {} ENVELOPE ", dice.between(900, 400_000));
        envelope(line, &mut dice, n);
        line.push_str(" BODYSTRUCTURE ");
        structure(line, &mut dice, 0);
        line.push_str(")\r\n");
    })
}

/// Writes (b): `UID FLAGS` of each message.
///
/// # Errors
/// Where the file can't be written.
pub(in crate::bench) fn write_flags(file: &Path) -> io::Result<()> {
    let mut dice = Dice(2);
    lines(file, MESSAGES, |line, n| {
        let _ = write!(line, "* {n} FETCH (UID {} FLAGS ({}))\r\n", uid(n), flags(&mut dice));
    })
}

/// Writes (c): 700 whole messages of 1 KB to 1 MB.
///
/// # Errors
/// Where the file can't be written.
pub(super) fn write_bodies(file: &Path) -> io::Result<()> {
    let mut dice = Dice(3);
    lines(file, 700, |line, n| {
        // Most mail is small, most bytes are attachments.
        let size =
            if dice.one_in(8) { dice.between(200_000, 1_000_000) } else { dice.between(1_000, 40_000) };
        let mut body = format!("From: {}\r\nSubject: {}\r\n\r\n", dice.pick(&HOSTS), dice.pick(&SUBJECTS));
        while body.len() < size as usize {
            let _ = write!(body, "{:032x}{:032x}\r\n", dice.number(), dice.number());
        }
        let _ = write!(line, "* {n} FETCH (UID {} BODY[] {{{}}}\r\n{body})\r\n", uid(n), body.len());
    })
}

fn lines(file: &Path, count: u32, mut write: impl FnMut(&mut String, u32)) -> io::Result<()> {
    let mut out = BufWriter::new(std::fs::File::create(file)?);
    let mut line = String::new();
    for n in 1..=count {
        line.clear();
        write(&mut line, n);
        out.write_all(line.as_bytes())?;
    }
    out.write_all(b"a1 OK Fetch completed.\r\n")?;
    out.flush()
}

/// Some messages were deleted, so UIDs run ahead.
fn uid(n: u32) -> u32 {
    n + n / 7 + 1_000
}

fn flags(dice: &mut Dice) -> &'static str {
    const FLAGS: [&str; 10] = [
        "",
        "\\Seen",
        "\\Seen",
        "\\Seen",
        "\\Seen \\Answered",
        "\\Seen NonJunk",
        "\\Answered \\Seen $Forwarded",
        "\\Flagged \\Seen",
        "\\Seen $MDNSent NonJunk",
        "\\Recent",
    ];
    dice.pick(&FLAGS)
}

fn internal_date(n: u32) -> String {
    let (day, month, year) = (n % 28 + 1, MONTHS[n as usize / 28 % 12], 2014 + n / 8_400 % 12);
    format!("{day:2}-{month}-{year} {:02}:{:02}:{:02} +0100", n % 24, n / 24 % 60, n % 60)
}

fn envelope(line: &mut String, dice: &mut Dice, n: u32) {
    let (day, month, year) = (n % 28 + 1, MONTHS[n as usize / 28 % 12], 2014 + n / 8_400 % 12);
    let zone = dice.pick(&["+0000", "+0100", "-0500 (EST)", "+0530"]);
    let _ = write!(
        line,
        "(\"{}, {day} {month} {year} {:02}:{:02}:{:02} {zone}\" ",
        DAYS[n as usize % 7],
        n % 24,
        n % 60,
        n % 59
    );
    subject(line, dice, n);
    let author = address(dice);
    for role in 0..3 {
        // Few messages have a sender or an address for answers of their own.
        let other = (role > 0 && dice.one_in(12)).then(|| address(dice));
        let _ = write!(line, " ({})", other.as_ref().unwrap_or(&author));
    }
    let counts = [dice.between(1, 3), if dice.one_in(5) { dice.between(1, 4) } else { 0 }, 0];
    for count in counts {
        list(line, dice, count);
    }
    match dice.one_in(3) {
        true => line.push_str(&format!(" \"{}\"", message_id(dice))),
        false => line.push_str(" NIL"),
    }
    let _ = write!(line, " \"{}\")", message_id(dice));
}

fn subject(line: &mut String, dice: &mut Dice, n: u32) {
    let words = dice.pick(&SUBJECTS);
    let _ = match dice.between(0, 20) {
        0..4 => write!(line, "\"Re: {words}\""),
        4 => write!(line, "\"[devel] Re: patch {n}: keep \\\"{words}\\\" short\""),
        5..8 => {
            write!(line, "\"=?UTF-8?B?{:x}{:x}Rg==?= =?UTF-8?Q?_{words}?=\"", dice.number(), dice.number())
        }
        8 => write!(line, "{{{}}}\r\n{words} \"{n}\"", words.len() + 3 + n.to_string().len()),
        9 => write!(line, "NIL"),
        10 => write!(line, "\"{words} =?iso-8859-1?Q?f=FCr_M=FCnchen?= ({n})\""),
        _ => write!(line, "\"{words} #{n}\""),
    };
}

fn list(line: &mut String, dice: &mut Dice, count: u32) {
    if count == 0 {
        line.push_str(" NIL");
        return;
    }
    line.push_str(" (");
    (0..count).for_each(|_| line.push_str(&address(dice)));
    line.push(')');
}

fn address(dice: &mut Dice) -> String {
    let (first, last, host) = (dice.pick(&FIRST_NAMES), dice.pick(&LAST_NAMES), dice.pick(&HOSTS));
    match dice.between(0, 10) {
        0 => format!("(NIL NIL \"{first}.{last}\" \"{host}\")"),
        1 => {
            format!("(\"=?utf-8?Q?{first}_M=C3=BCller?=\" NIL \"{first}{}\" \"{host}\")", dice.between(1, 99))
        }
        2 => format!("(\"{last}, {first} \\\"{}\\\"\" NIL \"{last}\" \"{host}\")", dice.between(1, 99)),
        3 => format!("(\"{host} support\" NIL \"no-reply\" \"{host}\")"),
        _ => format!("(\"{first} {last}\" NIL \"{first}.{last}\" \"{host}\")"),
    }
}

fn message_id(dice: &mut Dice) -> String {
    format!("<{:x}.{}@{}>", dice.number() >> 20, dice.between(1_000, 99_999), dice.pick(&HOSTS))
}

fn structure(line: &mut String, dice: &mut Dice, depth: u32) {
    match if depth == 2 { 0 } else { dice.between(0, 20) } {
        0..7 => text(line, dice, "PLAIN"),
        7..9 => text(line, dice, "HTML"),
        9..15 => alternative(line, dice),
        15..18 => {
            line.push('(');
            if dice.one_in(2) {
                alternative(line, dice);
            } else {
                text(line, dice, "PLAIN");
            }
            (0..dice.between(1, 3)).for_each(|_| attachment(line, dice));
            multipart(line, dice, "MIXED");
        }
        18 => {
            line.push_str("((");
            text(line, dice, "HTML");
            image(line, dice);
            multipart(line, dice, "RELATED");
            attachment(line, dice);
            multipart(line, dice, "MIXED");
        }
        _ => forwarded(line, dice, depth),
    }
}

fn alternative(line: &mut String, dice: &mut Dice) {
    line.push('(');
    text(line, dice, "PLAIN");
    text(line, dice, "HTML");
    multipart(line, dice, "ALTERNATIVE");
}

fn multipart(line: &mut String, dice: &mut Dice, subtype: &str) {
    let _ = write!(line, " \"{subtype}\" (\"BOUNDARY\" \"----=_Part_{:x}\") NIL NIL NIL)", dice.number());
}

fn text(line: &mut String, dice: &mut Dice, subtype: &str) {
    let charset = dice.pick(&["utf-8", "UTF-8", "us-ascii", "iso-8859-1"]);
    let encoding = dice.pick(&["7BIT", "QUOTED-PRINTABLE", "8BIT", "BASE64"]);
    let (size, lines) = (dice.between(80, 30_000), dice.between(3, 600));
    let _ = write!(
        line,
        "(\"TEXT\" \"{subtype}\" (\"CHARSET\" \"{charset}\") NIL NIL \"{encoding}\" {size} {lines} NIL NIL NIL NIL)"
    );
}

fn attachment(line: &mut String, dice: &mut Dice) {
    let (subtype, ending) =
        dice.pick(&[("PDF", "pdf"), ("ZIP", "zip"), ("MSWORD", "doc"), ("OCTET-STREAM", "bin")]);
    let name = format!("{} {}.{ending}", dice.pick(&SUBJECTS), dice.between(1, 400));
    let size = dice.between(4_000, 4_000_000);
    let _ = write!(
        line,
        "(\"APPLICATION\" \"{subtype}\" (\"NAME\" \"{name}\") NIL NIL \"BASE64\" {size} NIL (\"ATTACHMENT\" (\"FILENAME\" \"{name}\")) NIL NIL)"
    );
}

fn image(line: &mut String, dice: &mut Dice) {
    let (name, size) = (dice.between(1, 99), dice.between(2_000, 90_000));
    let _ = write!(
        line,
        "(\"IMAGE\" \"PNG\" (\"NAME\" \"image{name:03}.png\") \"<image{name}@{:x}>\" NIL \"BASE64\" {size} NIL (\"INLINE\" (\"FILENAME\" \"image{name:03}.png\")) NIL NIL)",
        dice.number()
    );
}

fn forwarded(line: &mut String, dice: &mut Dice, depth: u32) {
    line.push('(');
    text(line, dice, "PLAIN");
    let (size, lines) = (dice.between(2_000, 60_000), dice.between(20, 900));
    let _ = write!(line, "(\"MESSAGE\" \"RFC822\" NIL NIL NIL \"7BIT\" {size} ");
    envelope(line, dice, size);
    line.push(' ');
    structure(line, dice, depth + 1);
    let _ = write!(line, " {lines} NIL (\"INLINE\" NIL) NIL NIL)");
    multipart(line, dice, "MIXED");
}

/// Numbers that look random and are the same in every run (`SplitMix64`).
struct Dice(u64);

impl Dice {
    fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From `low` to below `high`.
    fn between(&mut self, low: u32, high: u32) -> u32 {
        let span = u64::from(high - low);
        // The remainder is below a number of 32 bits.
        low + u32::try_from(self.number() % span).unwrap_or(0)
    }

    fn one_in(&mut self, count: u32) -> bool {
        self.between(0, count) == 0
    }

    fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        let at = self.number() % choices.len() as u64;
        choices[usize::try_from(at).unwrap_or(0)]
    }
}

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const FIRST_NAMES: [&str; 12] = [
    "Ada",
    "Bjarne",
    "Chidi",
    "Dolores",
    "Emre",
    "Fatima",
    "Grace",
    "Hiro",
    "Ingrid",
    "Jo",
    "Katarzyna",
    "Lev",
];
const LAST_NAMES: [&str; 12] = [
    "Ahmed", "Brown", "Costa", "Duarte", "Eriksson", "Fontaine", "Garcia", "Hoang", "Ivanova", "Jansen",
    "Kowalska", "Li",
];
const HOSTS: [&str; 9] = [
    "example.com",
    "mail.example.org",
    "lists.example.net",
    "students.university.example",
    "news.shop.example",
    "example.co.uk",
    "post.example.de",
    "ministry.example",
    "x.example",
];
const SUBJECTS: [&str; 12] = [
    "Minutes of the meeting",
    "Invoice",
    "Your order has been shipped",
    "Lunch?",
    "Quarterly report, second draft with comments",
    "Holiday pictures",
    "Build failed on main",
    "Invitation: weekly sync @ Tue 10am - 11am (CET)",
    "Reminder",
    "Change of address and new telephone numbers of the whole department",
    "Question about chapter 4",
    "Receipt",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_on_every_machine() {
        let mut dice = Dice(0);
        // `SplitMix64`'s own first numbers.
        assert_eq!([dice.number(), dice.number()], [0xe220_a839_7b1d_cdaf, 0x6e78_9e6a_a1b9_65f4]);
    }

    #[test]
    fn lists_are_balanced() {
        let mut dice = Dice(5);
        for n in 1..500 {
            let mut line = String::new();
            envelope(&mut line, &mut dice, n);
            structure(&mut line, &mut dice, 0);
            let count = |c| line.matches(c).count();
            // The subject of a literal and a date's zone have brackets in pairs.
            assert_eq!(count('('), count(')'), "{line}");
        }
    }
}
