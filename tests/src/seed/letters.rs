//! Single messages, each with something of its own: files, pictures, invitations, signatures, character sets.

use super::charsets::SAMPLES;
use super::date::{self, DAY, HOUR, MINUTE};
use super::file;
use super::maildir::{Mailbox, Mark};
use super::mime::{Mail, Part, base64_lines, encoded, encoded_word};
use super::people::{AIKO, GRACE, LENA, MUM, NINA, OMAR, PRIYA, ROBIN, SAM, TOMAS};

/// The large file's name.
pub const LARGE_NAME: &str = "hillside-survey.las";
/// How many bytes it has: 25 MiB.
pub const LARGE_SIZE: usize = 25 * 1024 * 1024;

/// Its bytes: noise, so that nothing on the way can make it shorter.
pub fn large_file() -> Vec<u8> {
    file::noise(LARGE_SIZE)
}

/// All of them, by mailbox.
pub(super) fn all(now: u64) -> Vec<Mailbox> {
    let inbox = [
        vec![invitation(now), pictures(), survey(), archive(), flowed(), emoji()],
        files(),
        signed(),
        alphabets(),
    ];
    let boxes = [
        ("INBOX", inbox.concat()),
        ("Drafts", drafts()),
        ("Archive", vec![forwarded(), resent()]),
        (
            "Trash",
            vec![
                Mail::new(
                    NINA,
                    "Lost: one wheelbarrow",
                    15 * DAY,
                    Part::text("Green, with a flat tyre. Has anybody seen it?\n"),
                )
                .seen(),
            ],
        ),
        ("Projects/Hospital garden", vec![sketches()]),
        ("Projects/Website", Vec::new()),
        ("Reisen/Österreich", vec![hut()]),
        ("Família", vec![photo_of_the_table()]),
        ("日本の庭", vec![]),
    ];
    let finish = |mails: Vec<Mail>| mails.into_iter().map(|mail| mail.finish(now)).collect();
    boxes.into_iter().map(|(name, mails)| Mailbox { name: name.into(), messages: finish(mails) }).collect()
}

/// RFC 5545 and 6047: text, HTML and the calendar's own part, and once more as a file.
fn invitation(now: u64) -> Mail {
    let start = (now / DAY + 1) * DAY + 14 * HOUR + 30 * MINUTE;
    let calendar = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Field & Stone//Planner//EN",
        "METHOD:REQUEST",
        "BEGIN:VEVENT",
        "UID:7c1e-planning@fieldandstone.example",
        &format!("DTSTAMP:{}", date::icalendar(now)),
        &format!("DTSTART:{}", date::icalendar(start)),
        &format!("DTEND:{}", date::icalendar(start + HOUR)),
        "SUMMARY:Planning meeting",
        "LOCATION:Studio\\, big table",
        "ORGANIZER;CN=Priya Raman:mailto:priya.raman@fieldandstone.example",
        "ATTENDEE;CN=Robin Hale;RSVP=TRUE:mailto:robin@example.com",
        "END:VEVENT",
        "END:VCALENDAR\r\n",
    ]
    .join("\r\n");
    let text = "The planning meeting moves to 14:30, same table. Please bring the planting list for the \
        hospital.\n\n\
        Priya\n";
    let html = "<p>The planning meeting moves to <b>14:30</b>, same table. Please bring the planting list \
        for the hospital.</p><p>Priya</p>\n";
    let own = Part::base64("text/calendar; charset=utf-8; method=REQUEST", calendar.as_bytes());
    let alternative = Part::multipart("alternative", &[Part::text(text), Part::html(html), own]);
    let file = Part::file("invite.ics", "application/ics", calendar.as_bytes());
    Mail::new(
        PRIYA,
        "Planning meeting moved to 14:30",
        2 * HOUR + 10 * MINUTE,
        Part::multipart("mixed", &[alternative, file]),
    )
}

/// Pictures inside the HTML, by `cid:` (RFC 2392), one of them named twice.
fn pictures() -> Mail {
    let html = "<div style=\"font-family:sans-serif\"><p>Dear Robin,</p><p>the garden this morning, after the first frost:</p>\
        <p><img src=\"cid:frost.1@hanamizu.example\" alt=\"The garden under frost\" width=\"480\" height=\"320\"></p>\
        <p>and the stone that you liked, as our old copier sees it:</p><p><img src=\"cid:stone.2@hanamizu.example\" alt=\"A stone\"></p>\
        <p>Aiko<br><img src=\"cid:frost.1@hanamizu.example\" alt=\"\" width=\"48\" height=\"32\"></p></div>\n";
    let frost = file::png(480, 320, frost);
    let stone = file::jpeg(24, 16, stone);
    let related = Part::multipart(
        "related; type=\"multipart/alternative\"",
        &[
            Part::alternative(
                "Dear Robin,\n\nthe garden this morning, after the first frost: see the pictures.\n\nAiko\n",
                html,
            ),
            Part::inline("frost.1@hanamizu.example", "image/png; name=\"frost.png\"", &frost),
            Part::inline("stone.2@hanamizu.example", "image/jpeg; name=\"stone.jpg\"", &stone),
        ],
    );
    Mail::new(AIKO, "初霜 First frost in the garden", 3 * HOUR + 20 * MINUTE, related)
        .marked(&[Mark::Flagged])
}

/// A pale sky over a hill with frost on it.
fn frost(x: f32, y: f32) -> [u8; 3] {
    let hill = 0.55 + 0.12 * (x * 5.0).sin() + 0.04 * (x * 17.0).sin();
    if y < hill {
        shade([206, 222, 236], [246, 226, 212], y / hill)
    } else {
        shade([226, 236, 232], [92, 128, 104], (y - hill) / 0.5)
    }
}

fn shade(from: [u8; 3], to: [u8; 3], part: f32) -> [u8; 3] {
    let part = part.clamp(0.0, 1.0);
    let mix = |from: u8, to: u8| {
        let value = f32::from(from) + (f32::from(to) - f32::from(from)) * part;
        (0..=u8::MAX).find(|&byte| f32::from(byte) >= value.floor()).unwrap_or(u8::MAX)
    };
    [mix(from[0], to[0]), mix(from[1], to[1]), mix(from[2], to[2])]
}

/// Round, lit from the upper left.
fn stone(column: u16, row: u16) -> u8 {
    let (dx, dy) = (i32::from(column) - 12, i32::from(row) - 8);
    let inside = dx * dx * 4 + dy * dy * 9 < 400;
    u8::try_from(if inside { 150 - dx * 5 - dy * 7 } else { 225 }).unwrap_or(u8::MAX)
}

fn survey() -> Mail {
    let text = "Robin,\n\n\
        the point cloud of the hillside. It is only 25 MB because I threw the trees away; tell me if \
        you need them.\n\n\
        Grace\n";
    let file = Part::file(LARGE_NAME, "application/octet-stream", &large_file());
    Mail::new(
        GRACE,
        "Point cloud of the hillside",
        10 * DAY + 2 * HOUR,
        Part::multipart("mixed", &[Part::text(text), file]),
    )
    .seen()
}

fn archive() -> Mail {
    let notes = b"1. Gate\r\n2. Path\r\n3. Bench\r\n";
    let plan = file::pdf(&["Site plan"]);
    let zip = file::zip(&[("notes.txt", notes), ("plans/site.pdf", &plan)]);
    let text = Part::text("All drawings in one archive, as the client wants it.\n\nLena\n");
    Mail::new(
        LENA,
        "Drawings for the client",
        4 * DAY + HOUR,
        Part::multipart("mixed", &[text, Part::file("drawings.zip", "application/zip", &zip)]),
    )
    .seen()
}

/// RFC 3676: soft line breaks, quotes in two depths.
fn flowed() -> Mail {
    let text = ">> Would you lend me the long ladder for the weekend? \r\n>> I promise to bring it back this time.\r\n> \r\n> Which weekend, and how long is \"this time\"?\r\n\r\n\
        The one after next, and I know what you are thinking of. That was a \r\ndifferent ladder, and it came back in the end, if with one rung less \r\nthan before.\r\n\r\nSam\r\n-- \r\nSam Hale\r\n";
    let fields = [
        "Content-Type: text/plain; charset=us-ascii; format=flowed; delsp=no",
        "Content-Transfer-Encoding: 7bit",
    ];
    Mail::new(SAM, "Re: The long ladder", 13 * DAY, Part::raw(&fields, text)).seen()
}

fn emoji() -> Mail {
    let text = "Plot 12: 34 kg 🎃\n\
        Plot 27: 31 kg 🥈 (well done, Robin! 👩🏽‍🌾)\n\
        Plot 3: one, but with a face 🙂\n\n\
        Prizes on Saturday 🏳️‍🌈 at the shed.\n";
    Mail::new(NINA, "🎃 Pumpkin weigh-in: the results 🎃", 22 * DAY, Part::text(text)).seen()
}

/// Attachments of many types, with names that are hard to write down.
fn files() -> Vec<Mail> {
    let card = "BEGIN:VCARD\r\n\
        VERSION:4.0\r\n\
        FN:Tomás Oliveira\r\n\
        ORG:Oliveira Viveiros\r\n\
        TEL:+351 555 0134\r\n\
        END:VCARD\r\n";
    let table = "plant;pieces;price\r\nCarpinus betulus;40;38.50\r\nRosa canina;25;4.20\r\n";
    let voice = [
        b"RIFF".as_slice(),
        &8_036_u32.to_le_bytes(),
        b"WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x40\x1f\0\0\x01\0\x08\0data",
        &8_000_u32.to_le_bytes(),
        &[128; 8_000],
    ]
    .concat();
    // RFC 2231: a name in pieces, in a character set, with a language.
    let pieces = Part::base64("application/pdf", &file::pdf(&["Pflanzliste"])).with(
        "Content-Disposition: attachment;\r\n \
            filename*0*=utf-8'de'Pflanzliste%20f%C3%BCr%20den;\r\n \
            filename*1*=%20Krankenhausgarten%20;\r\n filename*2=\"(2026).pdf\"",
    );
    let sneaky = Part::base64("application/octet-stream", b"#!/bin/sh\necho no\n")
        .with("Content-Disposition: attachment; filename=\"../../../.config/autostart/Photo\u{202e}gpj.sh\"");
    let nameless =
        Part::base64("application/octet-stream", &file::noise(300)).with("Content-Disposition: attachment");
    vec![
        Mail::new(
            TOMAS,
            "Price list and contact",
            18 * DAY,
            Part::multipart(
                "mixed",
                &[
                    Part::text("Dear Robin, the new prices, and my card.\n\nTomás\n"),
                    Part::file("preços 2026.csv", "text/csv", table.as_bytes()),
                    Part::file("tomas.vcf", "text/vcard", card.as_bytes()),
                ],
            ),
        )
        .seen(),
        Mail::new(
            MUM,
            "Voice message",
            27 * DAY,
            Part::multipart(
                "mixed",
                &[Part::text("I pressed something.\n"), Part::file("voice.wav", "audio/wav", &voice)],
            ),
        )
        .seen(),
        Mail::new(
            "Jörg Eßer <joerg.esser@klinikum.example>",
            "Pflanzliste für den Krankenhausgarten",
            30 * DAY,
            Part::multipart(
                "mixed",
                &[
                    Part::text(
                        "Hallo Robin,\n\nanbei die Liste mit den Änderungen der Ärzte.\n\nViele Grüße\nJörg \
            Eßer\n",
                    ),
                    pieces,
                ],
            ),
        )
        .seen(),
        Mail::new(
            "Scanner <scan@copyshop.example>",
            "Scan 0192",
            37 * DAY,
            Part::multipart("mixed", &[Part::text("See attachment.\n"), nameless, sneaky]),
        )
        .seen(),
        Mail::new(
            "Workplace Connect <connect@oldoffice.example>",
            "Agenda",
            44 * DAY,
            Part::multipart(
                "mixed",
                &[
                    Part::text("The agenda is attached.\n"),
                    Part::file("winmail.dat", "application/ms-tnef", &tnef()),
                ],
            ),
        )
        .seen(),
    ]
}

/// What Outlook wraps its files in (MS-OXTNEF): signature, key, version, and a subject.
fn tnef() -> Vec<u8> {
    let subject = b"Agenda\0";
    let sum: u16 = subject.iter().map(|&byte| u16::from(byte)).sum();
    let mut file = vec![0x78, 0x9f, 0x3e, 0x22, 0x01, 0x00];
    file.extend([1, 0x06, 0x90, 0x08, 0x00, 4, 0, 0, 0, 0, 0, 1, 0, 1, 0]);
    file.extend([1, 0x04, 0x80, 0x01, 0x00, 7, 0, 0, 0]);
    file.extend(subject);
    file.extend(sum.to_le_bytes());
    file
}

/// RFC 3156 and 8551: what is signed or encrypted by others.
fn signed() -> Vec<Mail> {
    let armour = |kind: &str, size| {
        format!(
            "-----BEGIN PGP {kind}-----\n\n{}-----END PGP {kind}-----\n",
            base64_lines(&file::noise(size)).replace("\r\n", "\n")
        )
    };
    let signature = Part::raw(
        &["Content-Type: application/pgp-signature; name=\"signature.asc\""],
        armour("SIGNATURE", 96),
    );
    let signed = Part::multipart(
        "signed; micalg=pgp-sha512; protocol=\"application/pgp-signature\"",
        &[Part::text("The keys for the gate are in the usual place.\n\nOmar\n"), signature],
    );
    let encrypted = Part::multipart(
        "encrypted; protocol=\"application/pgp-encrypted\"",
        &[
            Part::raw(&["Content-Type: application/pgp-encrypted"], "Version: 1\r\n"),
            Part::raw(
                &["Content-Type: application/octet-stream; name=\"encrypted.asc\""],
                armour("MESSAGE", 400),
            ),
        ],
    );
    let smime = Part::base64(
        "application/pkcs7-mime; smime-type=enveloped-data; name=\"smime.p7m\"",
        &file::noise(700),
    );
    vec![
        Mail::new(OMAR, "Keys", 36 * DAY, signed).seen(),
        Mail::new(OMAR, "...", 35 * DAY, encrypted).seen(),
        Mail::new("Notary Whitfield <office@whitfield.example>", "Draft contract", 52 * DAY, smime).seen(),
    ]
}

/// The same kind of letter in twenty character sets.
fn alphabets() -> Vec<Mail> {
    let letters = SAMPLES.iter().zip(0_u64..).map(|(sample, number)| {
        let content_type = format!("Content-Type: text/plain; charset={}", sample.charset);
        // Half of them as the bytes are, half in base64: both are on their way.
        let body = if number % 2 == 0 {
            Part::raw(&[&content_type, "Content-Transfer-Encoding: 8bit"], sample.text_bytes)
        } else {
            Part::raw(&[&content_type, "Content-Transfer-Encoding: base64"], base64_lines(sample.text_bytes))
        };
        Mail::new(sample.from, "", 5 * DAY + number * 47 * HOUR, body)
            .raw_subject(encoded_word(sample.charset, sample.subject_bytes))
            .seen()
    });
    letters.collect()
}

fn drafts() -> Vec<Mail> {
    let offer = "Dear Ms Marsh,\n\nthank you for your visit. For the front garden we suggest\n\n";
    vec![
        Mail::new(ROBIN, "Offer: front garden, 3 Mill Lane", 5 * HOUR, Part::text(offer))
            .to("E. Marsh <e.marsh@longborder.example>")
            .marked(&[Mark::Draft, Mark::Seen]),
        Mail::new(ROBIN, "", 9 * DAY, Part::text("ask Nina about the water meter\n"))
            .to("")
            .marked(&[Mark::Draft, Mark::Seen]),
    ]
}

/// A whole message inside another (RFC 2046 section 5.2.1).
fn forwarded() -> Mail {
    let inner = "From: Helen Price <helen@bristolchoral.example>\r\n\
        To: Ruth Hale <ruth@halemail.example>\r\n\
        Subject: Concert in the cathedral\r\n\
        Date: Mon, 02 Jun 2025 18:20:00 +0100\r\n\
        MIME-Version: 1.0\r\n\
        Content-Type: text/plain; charset=utf-8\r\n\
        Content-Transfer-Encoding: quoted-printable\r\n\r\n\
        Faur=C3=A9 and Britten, eight o'clock. Come early, the nave is cold.\r\n";
    let parts = [
        Part::text("Shall we? See below.\n\nMum\n"),
        Part::raw(&["Content-Type: message/rfc822", "Content-Disposition: attachment"], inner),
    ];
    Mail::new(MUM, "Fwd: Concert in the cathedral", 530 * DAY, Part::multipart("mixed", &parts)).seen()
}

fn resent() -> Mail {
    let digest = Part::multipart(
        "digest",
        &[
            Part::raw(&[], "From: a.field@growers.example\r\nSubject: Slugs\r\n\r\nBeer.\r\n"),
            Part::raw(
                &[],
                "From: b.marsh@growers.example\r\nSubject: Re: Slugs\r\n\r\nFor them or for you?\r\n",
            ),
        ],
    );
    Mail::new("Growers' list <growers@lists.growers.example>", "Growers digest 88", 900 * DAY, digest)
        .field("Resent-From", NINA)
        .field("Resent-Date", "Sat, 10 Jun 2023 09:00:00 +0000")
        .seen()
}

fn sketches() -> Mail {
    let leaf = |x: f32, y: f32| {
        shade(
            [250, 250, 245],
            [70, 120, 70],
            1.0 - 4.0 * ((x - 0.5).powi(2) + (y - 0.5 - 0.2 * (x * 6.0).sin()).powi(2)),
        )
    };
    let pictures = ["entrance", "pond, no pond", "bench"]
        .map(|name| Part::file(&format!("{name}.png"), "image/png", &file::png(160, 120, leaf)));
    let parts = [vec![Part::text("Three sketches. The second is for Grace.\n")], pictures.to_vec()].concat();
    Mail::new(LENA, "Sketches for the hospital", 61 * DAY, Part::multipart("mixed", &parts)).seen()
}

fn hut() -> Mail {
    let text = "Grüß Gott Robin,\n\n\
        zwei Lager von 12. bis 14. August sind vorgemerkt. Bitte bis 18 Uhr ankommen, danach gibt es \
        nur noch Suppe.\n\n\
        Die Wirtsleute\n";
    Mail::new(
        "Hütte am Hochtörl <servus@hochtoerl.example>",
        "Übernachtung auf der Hütte",
        150 * DAY,
        Part::text(text),
    )
    .seen()
}

fn photo_of_the_table() -> Mail {
    let subject =
        encoded("Domingo à mesa: a família toda, as três avós, o cão e o bolo que ninguém admite ter feito");
    let photo = file::jpeg(40, 30, |column, row| u8::try_from((column * 5 + row * 3) % 256).unwrap_or(0));
    let parts = [
        Part::html("<p>O bolo, visto de cima:</p><p><img src=\"cid:bolo\" alt=\"O bolo\"></p>"),
        Part::inline("bolo", "image/jpeg", &photo),
    ];
    Mail::new(
        "Família Oliveira <familia@oliveira-viveiros.example>",
        "",
        330 * DAY,
        Part::multipart("related", &parts),
    )
    .raw_subject(subject)
    .seen()
}
