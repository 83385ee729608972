//! Mail that comes by itself: newsletters, receipts, notices. Regular, so each kind is a table and a template.

use super::date::{self, DAY, HOUR, MINUTE};
use super::file::pdf;
use super::maildir::{Mailbox, Mark};
use super::mime::{Mail, Part};
use std::fmt::Write;

/// All of them, by mailbox.
pub(super) fn all(now: u64) -> Vec<Mailbox> {
    let inbox = [newsletters(), parcels(), tickets(), notices()].concat();
    let boxes = [
        ("INBOX", inbox),
        ("Receipts/2026", statements(now)),
        ("Projects/Website", builds()),
        ("Junk", junk()),
    ];
    let finish = |mails: Vec<Mail>| mails.into_iter().map(|mail| mail.finish(now)).collect();
    boxes.into_iter().map(|(name, mails)| Mailbox { name: name.into(), messages: finish(mails) }).collect()
}

/// HTML with pictures from elsewhere, a counting pixel, links that count, and a way out.
fn newsletters() -> Vec<Mail> {
    let field_notes = ISSUES.iter().enumerate().map(|(number, &(title, teaser))| {
        let issue = 214 - number;
        let subject = format!("Field Notes {issue}: {title}");
        let ago = 70 * MINUTE + 7 * DAY * u64::try_from(number).unwrap_or(0);
        let body = Part::alternative(&newsletter_text(title, teaser), &newsletter_html(issue, title, teaser));
        let mail = Mail::new("Field Notes Weekly <letters@fieldnotes.example>", &subject, ago, body)
            .field("List-Id", "Field Notes Weekly <weekly.fieldnotes.example>")
            .field(
                "List-Unsubscribe",
                "<https://fieldnotes.example/u/7f3a91>, <mailto:leave@fieldnotes.example>",
            )
            .field("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
            .field("Precedence", "bulk");
        if number == 0 { mail } else { mail.seen() }
    });
    field_notes.collect()
}

fn newsletter_text(title: &str, teaser: &str) -> String {
    format!(
        "FIELD NOTES\n\n\
            {title}\n\n\
            {teaser}\n\n\
            Read on: https://fieldnotes.example/letters\n\n\
            --\n\
            You get this letter because you asked for it.\n\
            To leave: https://fieldnotes.example/u/7f3a91\n"
    )
}

fn newsletter_html(issue: usize, title: &str, teaser: &str) -> String {
    let mut stories = String::new();
    for (number, (heading, text)) in STORIES.iter().cycle().skip(issue).take(3).enumerate() {
        let _ = writeln!(
            stories,
            "<tr><td style=\"padding:16px 0;border-top:1px solid #ddd\">\
             <img src=\"https://images.fieldnotes.example/{issue}/{number}.jpg\" width=\"180\" height=\"120\" align=\"left\" alt=\"\" style=\"margin:0 16px 8px 0\">\
             <h3 style=\"margin:0 0 6px;font:600 17px Georgia,serif\">{heading}</h3><p style=\"margin:0\">{text}</p></td></tr>"
        );
    }
    format!(
        "<!doctype html>\n<html><head><title>{title}</title>\n\
         <style>body{{margin:0;background:#f4f1ea}} a{{color:#2c5e3f}} @media(max-width:600px){{.wide{{width:100%!important}}}}</style></head>\n\
         <body><table role=\"presentation\" width=\"100%\"><tr><td align=\"center\">\n\
         <table class=\"wide\" role=\"presentation\" width=\"600\" style=\"background:#fff;padding:32px;font:15px/1.6 Georgia,serif;color:#333\">\n\
         <tr><td><p style=\"letter-spacing:3px;font-size:12px;color:#777\">FIELD NOTES &middot; ISSUE {issue}</p>\n\
         <h1 style=\"font:400 30px/1.2 Georgia,serif;color:#2c5e3f;margin:8px 0 16px\">{title}</h1>\n\
         <p>{teaser}</p>\n<p><a href=\"https://click.fieldnotes.example/c/{issue}/7f3a91\">Read the whole letter</a></p></td></tr>\n{stories}\
         <tr><td style=\"padding-top:24px;font-size:12px;color:#777;border-top:1px solid #ddd\">You get this letter because you asked for it. \
         <a href=\"https://fieldnotes.example/u/7f3a91\">Leave</a></td></tr>\n\
         </table></td></tr></table>\n\
         <img src=\"https://track.fieldnotes.example/o.gif?i={issue}&amp;u=7f3a91\" width=\"1\" height=\"1\" alt=\"\"></body></html>\n"
    )
}

/// One a month for a year and more, each with its PDF.
fn statements(now: u64) -> Vec<Mail> {
    let months = (0..14_u64).flat_map(|number| {
        let ago = 3 * DAY + 30 * DAY * number;
        let month = date::month(now - ago);
        let rows: [(&str, &str, String); 2] = [
            (
                "Severn Bank <statements@severnbank.example>",
                "statement",
                format!("Your statement for {month}"),
            ),
            (
                "Brightline Energy <billing@brightline.example>",
                "bill",
                format!("Your energy bill for {month}"),
            ),
        ];
        rows.map(|(from, kind, subject)| {
            let text = format!(
                "Dear Robin Hale,\n\nyour {kind} for {month} is ready. You find it attached.\n\nThis \
                mailbox is not read.\n"
            );
            let amount = format!("Total: {}.{:02} GBP", 40 + number * 13 % 57, number * 29 % 100);
            let file = pdf(&[&subject, "Robin Hale, 14 Orchard Lane, Bristol", &amount]);
            let name = format!("{kind}-{}.pdf", month.replace(' ', "-").to_lowercase());
            let body =
                Part::multipart("mixed", &[Part::text(&text), Part::file(&name, "application/pdf", &file)]);
            Mail::new(from, &subject, ago, body).seen()
        })
    });
    months.collect()
}

fn parcels() -> Vec<Mail> {
    let notices = PARCELS.iter().map(|&(shop, what, days)| {
        let subject = format!("Your parcel from {shop} arrives tomorrow");
        let text = format!("Hello Robin,\n\n\
            your parcel ({what}) is on its way and should reach you tomorrow between 9:00 and 13:00.\n\n\
            Nobody at home? Choose a neighbour or a safe place:\n\
            https://parcelfox.example/t/{days:04}PX\n");
        let html = format!(
            "<div style=\"font-family:Arial,sans-serif;max-width:520px\"><img src=\"https://parcelfox.example/logo.png\" alt=\"Parcelfox\" width=\"140\" height=\"32\">\
             <h2>Your parcel arrives tomorrow</h2><p>Hello Robin,</p><p>your parcel from <b>{shop}</b> ({what}) should reach you tomorrow between 9:00 and 13:00.</p>\
             <p><a style=\"background:#e8590c;color:#fff;padding:10px 18px;text-decoration:none\" href=\"https://parcelfox.example/t/{days:04}PX\">Choose a safe place</a></p></div>"
        );
        let mail = Mail::new("Parcelfox <noreply@parcelfox.example>", &subject, days * DAY + 5 * HOUR, Part::alternative(&text, &html));
        if days > 2 { mail.seen() } else { mail }
    });
    notices.collect()
}

fn tickets() -> Vec<Mail> {
    let journeys = JOURNEYS.iter().map(|&(from, to, days)| {
        let subject = format!("Your ticket {from} to {to}");
        let text = format!(
            "Thank you for travelling with Western & Coastal.\n\n\
            Your ticket from {from} to {to} is attached. Please have it ready on your phone or on \
            paper.\n"
        );
        let reference = format!("Booking reference W{:05}", days * 7919 % 99_991);
        let file = pdf(&[&subject, "Standard class, any permitted train", &reference]);
        let body = Part::multipart(
            "mixed",
            &[Part::text(&text), Part::file("ticket.pdf", "application/pdf", &file)],
        );
        let mail = Mail::new(
            "Western & Coastal <tickets@westerncoastal.example>",
            &subject,
            days * DAY + 7 * HOUR,
            body,
        );
        if days == 0 { mail.marked(&[Mark::Seen, Mark::Flagged]) } else { mail.seen() }
    });
    journeys.collect()
}

fn notices() -> Vec<Mail> {
    let notices = NOTICES.iter().map(|&(from, subject, minutes, text)| {
        let mail = Mail::new(from, subject, minutes * MINUTE, Part::text(text));
        if minutes < 24 * 60 { mail } else { mail.seen() }
    });
    notices.collect()
}

fn builds() -> Vec<Mail> {
    let runs = (0..24_u64).map(|number| {
        let failed = number % 5 == 3;
        let (word, detail) = if failed {
            ("failed", "1 of 38 checks failed: links to /garden-plans/")
        } else {
            ("passed", "All 38 checks passed")
        };
        let subject = format!("[fieldandstone/website] Build #{} {word}", 1_312 - number);
        let text = format!(
            "{detail}.\n\nBranch: main\nTook: {} s\n\nhttps://builds.example/fieldandstone/website/{}\n",
            61 + number * 17 % 40,
            1_312 - number
        );
        let mail = Mail::new(
            "Build robot <builds@codehost.example>",
            &subject,
            14 * HOUR + number * 31 * HOUR,
            Part::text(&text),
        )
        .field("Auto-Submitted", "auto-generated")
        .field("List-Id", "fieldandstone/website <website.fieldandstone.codehost.example>");
        if number < 2 { mail } else { mail.seen() }
    });
    runs.collect()
}

/// What tries to run, load and mislead: all of it must stay without effect.
fn junk() -> Vec<Mail> {
    let html = "<html><head><meta http-equiv=\"refresh\" content=\"0;url=https://prize.example/\"><base href=\"https://prize.example/\">\
        <link rel=\"stylesheet\" href=\"https://prize.example/a.css\"><style>@import url(https://prize.example/b.css);body{background:url(https://prize.example/c.png)}</style></head>\
        <body onload=\"document.title='caught'\"><script>document.title='caught'</script><h1>You have won!</h1>\
        <form action=\"https://prize.example/f\"><input name=\"password\" type=\"password\"><button>Claim now</button></form>\
        <img src=\"https://prize.example/p.gif\" onerror=\"document.title='caught'\"><svg onload=\"document.title='caught'\"><image href=\"https://prize.example/s.png\"/></svg>\
        <iframe src=\"https://prize.example/i\"></iframe><object data=\"https://prize.example/o\"></object><video poster=\"https://prize.example/v.png\"></video>\
        <a href=\"javascript:document.title='caught'\">Terms</a> <a href=\"https://prize.example/login\">https://severnbank.example/login</a></body></html>\n";
    let offers = [
        ("Prize Department <win@prize.example>", "You have been chosen, Robin", 1, Part::html(html)),
        (
            "Severn Bank Security <alert@severn-bank-secure.example>",
            "Unusual sign-in: confirm within 24 hours",
            4,
            Part::html(&html.replace("You have won!", "We noticed an unusual sign-in")),
        ),
        (
            "Dr. A. Mbeki <dr.mbeki@freemail.example>",
            "CONFIDENTIAL BUSINESS PROPOSAL",
            9,
            Part::text("DEAR FRIEND,\n\nI HAVE THE HONOUR TO CONTACT YOU ABOUT A SUM OF 18.5 MILLION.\n"),
        ),
        (
            "Watches Outlet <sale@timepieces.example>",
            "=?utf-8?B?8J+UpQ==?= 90% OFF today only =?utf-8?B?8J+UpQ==?=",
            16,
            Part::html(
                "<center><img src=\"http://timepieces.example/all.jpg\"><br><font size=\"7\" \
                    color=\"red\">90% OFF</font></center>",
            ),
        ),
    ];
    offers.into_iter().map(|(from, subject, days, body)| Mail::new(from, subject, days * DAY, body)).collect()
}

const ISSUES: &[(&str, &str)] = &[
    (
        "what hedges remember",
        "A hedge laid in 1840 still shows where the gate was. We walk along one with the man who \
            has laid it three times, and ask what he will do about the ash.",
    ),
    (
        "the quiet of snow",
        "Why a garden sounds different under ten centimetres of it, and which seed heads are \
            worth leaving for that one morning.",
    ),
    (
        "water that stays",
        "Three yards, three ways to keep the rain where it falls. None of them needs a pump.",
    ),
    (
        "a wall in the sun",
        "Apricots at 54 degrees north: what a south wall stores by day and gives back at night, \
            measured over one year.",
    ),
    ("the last elm", "It stands behind a bus depot, and nobody knows why it is still alive. Some guesses."),
    (
        "paths people make",
        "Planners draw right angles. Feet don't. A plea for waiting one year before paving.",
    ),
    ("seeds by post", "How forty gardeners keep a bean alive that no company sells."),
    (
        "night shift",
        "Moths do the work of bees after dark. What to plant for them, and which lamp to switch off.",
    ),
    ("clay", "Heavy, cold, late, and the best soil that you will ever have. A love letter."),
    (
        "who owns the shade",
        "In August the cool side of the street is worth money. Some cities have begun to plan for it.",
    ),
    ("the rake", "One tool, eleven shapes. An afternoon with a blacksmith."),
    ("stone fruit", "Cherries are early, the frost is late. Growers in three valleys tell how they cope."),
    ("reading a meadow", "Ten plants that tell you what happened here before you came."),
    ("compost, slowly", "No thermometer, no turning, no hurry: two years with a cold heap."),
];

const STORIES: &[(&str, &str)] = &[
    ("In the greenhouse", "Sow broad beans now, in deep pots, and put them where the mice can't reach."),
    ("A book", "&ldquo;The Long Border&rdquo; by E. Marsh: 300 pages on one bed, and not one too many."),
    ("Letters", "Readers on ivy: eleven for, nine against, one who married under it."),
    ("Out and about", "The winter walk at Hollin Park is open again, dogs welcome."),
    ("From the archive", "What we wrote about box blight ten years ago, and what we would write today."),
];

const PARCELS: &[(&str, &str, u64)] = &[
    ("Wren & Daughter Tools", "1 secateurs, 2 sharpening stones", 1),
    ("Papeterie du Port", "5 sketchbooks A4", 8),
    ("Hollin Nurseries", "24 bare-root roses", 17),
    ("Lumen Lamps", "1 desk lamp", 39),
    ("Second Shelf Books", "3 books", 62),
    ("North Loft Coffee", "2 x 500 g", 88),
    ("Wren & Daughter Tools", "1 Japanese saw", 141),
    ("Kayak & Co", "1 dry bag, 20 l", 203),
];

const JOURNEYS: &[(&str, &str, u64)] = &[
    ("Bristol", "York", 0),
    ("Bristol", "Exeter", 23),
    ("Cardiff", "Bristol", 24),
    ("Bristol", "Edinburgh", 105),
    ("Penzance", "Bristol", 318),
];

const NOTICES: &[(&str, &str, u64, &str)] = &[
    (
        "Riverside Library <desk@riversidelibrary.example>",
        "Your reserved book is ready to collect",
        18,
        "Dear Robin Hale,\n\n\
            \"The Living Soil\" is waiting for you at the front desk. We keep it until Saturday.\n\n\
            Opening hours: Tuesday to Friday 10:00 to 19:00, Saturday 10:00 to 16:00.\n\n\
            Riverside Library\n",
    ),
    (
        "Orchard Dental <reception@orcharddental.example>",
        "Reminder: your check-up on Friday at 8:40",
        6 * 60,
        "Dear Robin,\n\n\
            this is to remind you of your appointment on Friday at 8:40. If you can't come, please tell \
            us a day before.\n\n\
            Your team at Orchard Dental\n",
    ),
    (
        "Bristol Choral <rehearsals@bristolchoral.example>",
        "No rehearsal on Wednesday, hall closed",
        26 * 60,
        "Dear all,\n\n\
            the heating in the hall has given up. No rehearsal on Wednesday; please look at bars 80 to \
            132 of the Fauré at home.\n\n\
            Helen\n",
    ),
    (
        "Codehost <security@codehost.example>",
        "A new key was added to your account",
        52 * 60,
        "Hi robin-hale,\n\n\
            a new SSH key \"workshop-laptop\" was added to your account.\n\n\
            If this was not you, remove it: https://codehost.example/settings/keys\n",
    ),
    (
        "Riverside Library <desk@riversidelibrary.example>",
        "Two books are due in three days",
        4 * 24 * 60,
        "Dear Robin Hale,\n\n\
            \"Walls and Water\" and \"The Sandstone Coast\" are due in three days. You can renew both \
            once.\n",
    ),
    (
        "Tide & Weather <alerts@tideweather.example>",
        "Yellow warning: wind, Thursday 06:00 to 18:00",
        5 * 24 * 60,
        "South-westerly 8, gusting 10, with spring tides. Keep away from the sea wall.\n",
    ),
    (
        "Avon Cycles <workshop@avoncycles.example>",
        "Your bicycle is ready",
        10 * 24 * 60,
        "Hello,\n\n\
            new chain, new pads, and we trued the rear wheel. 84 pounds, card or cash. We are open \
            until six.\n",
    ),
    (
        "Parish Council <clerk@parish.example>",
        "Minutes of the October meeting",
        29 * 24 * 60,
        "Please find the minutes on the notice board and on our page. Item 7 (street trees in \
            Orchard Lane) was passed with one abstention.\n",
    ),
    (
        "Mapletree Insurance <service@mapletree.example>",
        "Your policy renews on 1 January",
        33 * 24 * 60,
        "Dear Robin Hale,\n\n\
            your professional indemnity renews on 1 January. The premium stays the same. You need do \
            nothing.\n",
    ),
    (
        "Museum of the Moor <friends@moormuseum.example>",
        "Friends' evening: the new wing",
        58 * 24 * 60,
        "Dear friend,\n\n\
            see it before everybody else does: Thursday, 19:00, with a glass of something. Please say \
            yes or no by Monday.\n",
    ),
];
