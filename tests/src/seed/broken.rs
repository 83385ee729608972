//! What real mailboxes are full of: messages that break the rules, each in its own way.
//!
//! Old machines, gateways and scripts send most of them, so that is who they are from.

use super::date::{self, DAY, HOUR};
use super::file;
use super::maildir::{Mailbox, Mark, Message};
use super::mime::base64_lines;

/// A broken message.
struct Broken {
    /// All of it, but the date that it gets unless it says otherwise.
    bytes: Vec<u8>,
    dated: bool,
}

/// All of them.
pub(super) fn all(now: u64) -> Mailbox {
    let cases = [boundaries(), encodings(), headers(), senders(), sizes()];
    let messages = cases.into_iter().flatten().zip(0_u64..).map(|(broken, number)| {
        let arrived = now - (6 * DAY + 5 * HOUR + number * 53 * HOUR);
        broken.finish(arrived)
    });
    Mailbox { name: "INBOX".into(), messages: messages.collect() }
}

impl Broken {
    fn new(header: &str, body: impl Into<Vec<u8>>) -> Self {
        let header = header.replace('\n', "\r\n") + "\r\n";
        Self::whole(&[header.into_bytes(), body.into()].concat())
    }

    fn whole(bytes: &[u8]) -> Self {
        Self { bytes: bytes.to_vec(), dated: true }
    }

    fn undated(header: &str, body: impl Into<Vec<u8>>) -> Self {
        Self { dated: false, ..Self::new(header, body) }
    }

    fn finish(self, arrived: u64) -> Message {
        let date = if self.dated { format!("Date: {}\r\n", date::rfc5322(arrived)) } else { String::new() };
        Message { arrived, marks: vec![Mark::Seen], bytes: [date.into_bytes(), self.bytes].concat() }
    }
}

/// Multiparts that don't close, don't open, don't end.
fn boundaries() -> Vec<Broken> {
    // Each opens the next one inside it; none is ever closed.
    let deep: String = (1..25)
        .map(|depth| format!("--d{}\r\nContent-Type: multipart/mixed; boundary=d{depth}\r\n\r\n", depth - 1))
        .collect();
    let many: String = (0..1_200)
        .map(|part| format!("--m\r\nContent-Type: text/plain\r\n\r\nLine {part} of the log.\r\n"))
        .collect();
    vec![
        Broken::new(
            "From: Ticket machine <noreply@parking.example>\n\
                To: robin@example.com\n\
                Subject: Your parking receipt\n\
                MIME-Version: 1.0\n\
                Content-Type: multipart/mixed; boundary=\"cut\"\n",
            "--cut\r\n\
                Content-Type: text/plain\r\n\r\n\
                Parking, 2 h 10 min: 5.20\r\n\
                --cut\r\n\
                Content-Type: application/pdf; name=\"receipt.pdf\"\r\n\
                Content-Transfer-Encoding: base64\r\n\r\n\
                JVBERi0xLjQK",
        ),
        Broken::new(
            "From: Franking <post@mailroom.example>\n\
                To: robin@example.com\n\
                Subject: Delivery note 55120\n\
                MIME-Version: 1.0\n\
                Content-Type: multipart/alternative\n",
            "--none\r\nContent-Type: text/plain\r\n\r\nTwo boxes, one letter.\r\n--none--\r\n",
        ),
        Broken::new(
            "From: Rota <rota@allotment-association.example>\n\
                To: robin@example.com\n\
                Subject: Watering rota\n\
                MIME-Version: 1.0\n\
                Content-Type: multipart/mixed; boundary=a\n",
            "Nobody was ever meant to read this line.\r\n--a--\r\nAnd all of this stands behind the end.\r\n",
        ),
        Broken::new(
            "From: Same Again <shop@sameagain.example>\n\
                To: robin@example.com\n\
                Subject: Order 7781\n\
                MIME-Version: 1.0\n\
                Content-Type: multipart/mixed; boundary=x\n",
            "--x\r\n\
                Content-Type: multipart/alternative; boundary=x\r\n\r\n\
                --x\r\n\
                Content-Type: text/plain\r\n\r\n\
                Three pots, terracotta.\r\n\
                --x\r\n\
                Content-Type: text/html\r\n\r\n\
                <p>Three pots, <b>terracotta</b>.</p>\r\n\
                --x--\r\n",
        ),
        Broken::new(
            "From: Backup <backup@studio-nas.example>\n\
                To: robin@example.com\n\
                Subject: Backup report, nested\n\
                MIME-Version: 1.0\n\
                Content-Type: multipart/mixed; boundary=d0\n",
            deep + "--d24\r\nContent-Type: text/plain\r\n\r\nAt the bottom.\r\n",
        ),
        Broken::new(
            "From: Logger <log@greenhouse.example>\n\
                To: robin@example.com\n\
                Subject: Greenhouse log\n\
                MIME-Version: 1.0\n\
                Content-Type: multipart/mixed; boundary=m\n",
            many + "--m--\r\n",
        ),
        Broken::new(
            "From: Mail Delivery System <mailer-daemon@halemail.example>\n\
                To: robin@example.com\n\
                Subject: Undelivered Mail Returned to Sender\n\
                MIME-Version: 1.0\n\
                Content-Type: multipart/report; report-type=delivery-status; boundary=b\n",
            "--b\r\n\r\n\
                Your message could not be delivered to <same@halemail.example>.\r\n\
                --b\r\n\
                Content-Type: message/delivery-status\r\n\r\n\
                Reporting-MTA: dns; mx.halemail.example\r\n\r\n\
                Final-Recipient: rfc822; same@halemail.example\r\n\
                Action: failed\r\n\
                Status: 5.1.1\r\n\r\n\
                --b\r\n\
                Content-Type: text/rfc822-headers\r\n\r\n\
                Subject: Sunday?\r\n\r\n\
                --b--\r\n",
        ),
        Broken::new(
            "From: Archive <archive@county.example>\n\
                To: robin@example.com\n\
                Subject: Your request 88/12\n\
                MIME-Version: 1.0\n\
                Content-Type: message/rfc822\n\
                Content-Transfer-Encoding: base64\n",
            base64_lines(
                b"From: desk@county.example\r\nSubject: The plan of 1902\r\n\r\nIt is in drawer 14.\r\n",
            ),
        ),
    ]
}

/// Bodies that are not what they say.
fn encodings() -> Vec<Broken> {
    let from = |name: &str, subject: &str, rest: &str| {
        format!("From: {name}\nTo: robin@example.com\nSubject: {subject}\nMIME-Version: 1.0\n{rest}")
    };
    vec![
        Broken::new(
            &from(
                "Weighbridge <scale@quarry.example>",
                "Weighing slip",
                "Content-Type: text/plain\nContent-Transfer-Encoding: base64\n",
            ),
            "R3Jvc3M6IDEyLjQg\r\n!!d**CB0LCB0YXJl\r\nOiA3LjkgdA=\r\n",
        ),
        Broken::new(
            &from(
                "Alarm <alarm@workshop.example>",
                "Door opened 06:58",
                "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n",
            ),
            "Door =ZZ opened at 6=3A58, temperature 4=C2=B0C =\r\nand the line ends in an equals \
            sign="
                .as_bytes(),
        ),
        Broken::new(
            &from(
                "Till <till@gardencafe.example>",
                "Receipt 3391",
                "Content-Type: text/plain; charset=x-till-1987\nContent-Transfer-Encoding: 8bit\n",
            ),
            b"2 x Coffee \x9c 5.60\r\nCake \x9c 3.20\r\n".as_slice(),
        ),
        Broken::new(
            &from(
                "Stock <stock@hollin.example>",
                "Stock list",
                "Content-Type: text/plain; charset=us-ascii\n",
            ),
            "Rosa 'Gruß an Aachen': 14\r\nSalix × sepulcralis: 2\r\n".as_bytes(),
        ),
        Broken::new(
            &from("Fax <fax@gateway.example>", "Fax from 0117 555 0100", "Content-Type: text\n"),
            "Page 1 of 1\r\nPlease call back.\r\n",
        ),
        Broken::new(
            &from("Photo kiosk <kiosk@prints.example>", "Your prints", "Content-Type: text/plain\n"),
            "Ready.\r\n\r\nbegin 644 print.txt\r\n+4')I;G1S.B`Q,@H`\r\n`\r\nend\r\n",
        ),
        Broken::new(
            &from(
                "Sensor 4 <sensor@greenhouse.example>",
                "Readings",
                "Content-Type: text/plain; charset=utf-8\n",
            ),
            b"19.5\0 20.1\0 18.8\0\r\n".as_slice(),
        ),
        Broken::new(
            &from(
                "Report writer <reports@timesheets.example>",
                "Timesheet week 40",
                "Content-Type: text/html\n",
            ),
            "<html><head><meta http-equiv=\"Content-Type\" content=\"text/html; \
            charset=windows-1252\"></head><body><table border=1><tr><td>Robin<td>38,5 h<tr><td>\u{00a0}"
                .replace('\u{00a0}', " ")
                + "</table>",
        ),
        Broken::new(
            &from(
                "Plant finder <find@plantfinder.example>",
                "Results for \"acer\"",
                "Content-Type: text/html; charset=utf-8\n",
            ),
            "\u{feff}<p>Acer griseum<p>Acer davidii<div><span>not closed",
        ),
        Broken::new(
            &from("Terminal <tty@oldoffice.example>", "Unix lines only", "Content-Type: text/plain\n")
                .replace("\n\n", "\n"),
            "one\ntwo\nthree\n",
        ),
        Broken::new(
            &from(
                "Gate <gate@workshop.example>",
                "Binary part",
                "Content-Type: multipart/mixed; boundary=g\nContent-Transfer-Encoding: base64\n",
            ),
            "--g\r\nContent-Type: text/plain\r\n\r\nThe encoding above is a lie.\r\n--g--\r\n",
        ),
    ]
}

/// Header fields that are missing, doubled, bent.
fn headers() -> Vec<Broken> {
    vec![
        Broken::undated(
            "From: Well pump <pump@well.example>\nTo: robin@example.com\nSubject: Level 2.10 m\n",
            "No date: the pump has no clock.\r\n",
        ),
        Broken::new("To: robin@example.com\nSubject: From nobody\n", "There is no sender.\r\n"),
        Broken::new(
            "From: Doorbell <bell@workshop.example>\nTo: robin@example.com\n",
            "Somebody rang. (There is no subject.)\r\n",
        ),
        Broken::undated("", ""),
        Broken::undated(
            "From: Time capsule <future@archive.example>\n\
            To: robin@example.com\n\
            Subject: Open in 2041\n\
            Date: Fri, 01 Mar 2041 12:00:00 +0000\n",
            "Not yet.\r\n",
        ),
        Broken::undated(
            "From: Old server <root@attic.example>\n\
            To: robin@example.com\n\
            Subject: Disk full\n\
            Date: Thu, 35 Foo 102 25:61:61 EST\n",
            "/var is at 100%.\r\n",
        ),
        Broken::undated(
            "From: Router <router@studio.example>\n\
            To: robin@example.com\n\
            Subject: Booted\n\
            Date: Thu, 1 Jan 1970 00:00:13 GMT\n",
            "Up for 13 seconds.\r\n",
        ),
        Broken::new(
            "From: Booking <desk@hostel.example>\n\
            To: robin@example.com\n\
            Subject: First subject\n\
            Subject: Second subject\n\
            this line has no colon\n\
            X-Empty:\n\
            : no name\n\
            Content-Type: text/plain\n\
            Content-Type: text/html\n",
            "Which one?\r\n",
        ),
        Broken::new(
            "From: =?utf-8?B?QmrDtnJr?= =?utf-8?Q?_Lindstr=C3=B6?= =?utf-8?Q?m?= \
            <bjork@lindstrom.example>\n\
            To: robin@example.com\n\
            Subject: =?utf-8?B?4oKsIDEwMCA=?==?utf-8?B?4oKs?= =?utf-8?Q?=E2=82?= =?utf-8?Q?=AC_split?= \
            =?broken?= =?utf-8?Q?a b?=\n",
            "Encoded words, joined, split inside a character, and not at all.\r\n",
        ),
        Broken::new(
            "From: =?gb2312?B?xOO6ww==?= <hello@suyuan.example>\n\
            To: robin@example.com\n\
            Subject: =?iso-8859-1?Q?Gr=FC=DFe?= =?iso-8859-1*de?Q?_aus_K=F6ln?= =?utf-8?X?eA==?=\n",
            "With a language, and an encoding that does not exist.\r\n",
        ),
        Broken::new(
            "From: M\u{fc}ller <mueller@baumschule.example>\n\
            To: robin@example.com\n\
            Subject: \u{c4}pfel, unverschl\u{fc}sselt\n",
            "UTF-8 in the header, as it is.\r\n",
        ),
        Broken::whole(
            b"From: K\xf6nig <koenig@baumschule.example>\r\n\
            To: robin@example.com\r\n\
            Subject: \xc4pfel und K\xfcrbisse\r\n\r\n\
            Latin-1 in the header, as it is.\r\n",
        ),
    ]
}

/// Senders and recipients that mean to mislead, or are too many.
fn senders() -> Vec<Broken> {
    let crowd: Vec<String> =
        (1..=400).map(|number| format!("Member {number} <member{number}@growers.example>")).collect();
    vec![
        Broken::new(
            "From: \"Severn Bank \u{202e}knab nreves\" <service@unrelated.example>\n\
                To: robin@example.com\n\
                Subject: Please confirm\n",
            "The name turns around.\r\n",
        ),
        Broken::new(
            "From: =?utf-8?Q?ceo=40fieldandstone.example=00?= <someone@elsewhere.example>\n\
                To: robin@example.com\n\
                Subject: Quick favour\n",
            "A NUL in the name, and an address that is not the address.\r\n",
        ),
        Broken::new(
            "From: \"priya.raman@fieldandstone.example\" <x81@bulk.example>\n\
                To: robin@example.com\n\
                Subject: Invoice overdue\n",
            "An address as the name.\r\n",
        ),
        Broken::new(
            "From: =?utf-8?B?0KBheXBhbA==?= <service@payments.example>\nTo: robin@example.com\n\
                Subject: Receipt\n",
            "A Cyrillic letter in front.\r\n",
        ),
        Broken::new(
            "From: a@one.example, b@two.example\n\
                Sender: c@three.example\n\
                Reply-To: d@four.example\n\
                To: undisclosed-recipients:;\n\
                Subject: Two senders, no recipient\n",
            "A group that is empty.\r\n",
        ),
        Broken::new(
            "From: <>\n\
                To: Friends: Sam <sam.hale@halemail.example>, ruth@halemail.example;, \
                robin@example.com\n\
                Subject: A group of friends\n",
            "The sender is nobody.\r\n",
        ),
        Broken::new(
            "From: broken address <not an address\nTo: robin@example.com (that's me (really))\n\
                Subject: Comments\n",
            "Comments inside comments.\r\n",
        ),
        Broken::new(
            &format!(
                "From: Growers <list@growers.example>\nTo: {}\nCc: {}\nSubject: Meet the members\n",
                crowd[..200].join(",\n "),
                crowd[200..].join(",\n ")
            ),
            "Please don't reply to all.\r\n",
        ),
    ]
}

/// What is too long.
fn sizes() -> Vec<Broken> {
    let subject = "re: ".repeat(60) + &"the very long story of the hedge, ".repeat(50);
    let image = base64_lines(&file::png(64, 64, |x, y| {
        if (x - 0.5).powi(2) + (y - 0.5).powi(2) < 0.2 { [40, 110, 70] } else { [245, 245, 240] }
    }))
    .replace("\r\n", "");
    vec![
        Broken::new(
            &format!(
                "From: Nina Kowalczyk <nina@allotment-association.example>\nTo: \
                    robin@example.com\nSubject: {subject}\n"
            ),
            "See subject.\r\n",
        ),
        Broken::new(
            "From: Export <export@timesheets.example>\n\
                To: robin@example.com\n\
                Subject: Export, one line\n\
                MIME-Version: 1.0\n\
                Content-Type: text/plain\n",
            "0123456789".repeat(10_000),
        ),
        Broken::new(
            "From: Word <letter@oldoffice.example>\n\
                To: robin@example.com\n\
                Subject: Letterhead\n\
                MIME-Version: 1.0\n\
                Content-Type: text/html; charset=utf-8\n",
            format!(
                "<p class=MsoNormal><o:p>&nbsp;</o:p></p><p>With our compliments</p><img alt=\"A \
                    green dot\" src=\"data:image/png;base64,{image}\">\r\n"
            ),
        ),
        Broken::new(
            "From: Statistics <stats@county.example>\n\
                To: robin@example.com\n\
                Subject: Rainfall by day since 1961\n\
                MIME-Version: 1.0\n\
                Content-Type: text/html; charset=utf-8\n",
            rainfall(),
        ),
    ]
}

/// A table of 5,000 rows: 400 KB of HTML.
fn rainfall() -> String {
    let rows: String = (0..5_000)
        .map(|day| {
            format!(
                "<tr><td style=\"padding:2px 8px\">Day {day}</td><td align=\"right\">{}.{} mm</td></tr>\n",
                day * 7 % 31,
                day % 10
            )
        })
        .collect();
    format!("<h1>Rainfall</h1><table>{rows}</table>")
}
