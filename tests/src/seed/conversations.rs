//! Threads: what people write to Robin, and Robin back, over Inbox and Sent.

use super::date::{DAY, HOUR, MINUTE};
use super::file::pdf;
use super::maildir::{Mailbox, Mark};
use super::mime::{Mail, Part};
use super::people::{AIKO, GRACE, JONAS, LENA, MUM, NINA, OMAR, PRIYA, ROBIN, SAM, TOMAS};

/// A conversation: its lines oldest first, each with its age in seconds.
struct Thread {
    subject: &'static str,
    with: &'static str,
    lines: &'static [(By, u64, &'static str)],
}

/// Who wrote a line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    Them,
    Robin,
}
use By::{Robin, Them};

/// All of them: what Robin got and what Robin sent.
pub(super) fn all(now: u64) -> [Mailbox; 2] {
    let (mut inbox, mut sent) = (Vec::new(), Vec::new());
    for thread in THREADS {
        for (by, mail) in write(thread) {
            let mailbox = if by == Them { &mut inbox } else { &mut sent };
            mailbox.push(mail.finish(now));
        }
    }
    [Mailbox { name: "INBOX".into(), messages: inbox }, Mailbox { name: "Sent".into(), messages: sent }]
}

/// Each line answers the one before it (RFC 5322 section 3.6.4) and quotes it.
fn write(thread: &Thread) -> Vec<(By, Mail)> {
    let mut mails: Vec<(By, Mail)> = Vec::new();
    let mut references = String::new();
    let mut quoted: Option<(&str, &str)> = None;
    for (number, &(by, ago, text)) in thread.lines.iter().enumerate() {
        let (from, to) = if by == Robin { (ROBIN, thread.with) } else { (thread.with, ROBIN) };
        let subject = if number == 0 { thread.subject.to_owned() } else { format!("Re: {}", thread.subject) };
        let mut mail = Mail::new(from, &subject, ago, body(by, text, quoted)).to(to);
        if let Some((_, before)) = mails.last() {
            mail = mail.field("In-Reply-To", before.id()).field("References", references.trim_start());
        }
        references = format!("{references} {}", mail.id());
        let answered = thread.lines.get(number + 1).is_some_and(|&(next, ..)| next == Robin);
        let marks: &[Mark] = match (by, answered) {
            (Them, true) => &[Mark::Seen, Mark::Answered],
            (Them, false) if ago < 5 * HOUR => &[],
            _ => &[Mark::Seen],
        };
        mails.push((by, mail.marked(marks)));
        quoted = Some((from, text));
    }
    mails
}

/// The text, what it answers below it, and the file where it speaks of one.
fn body(by: By, text: &str, quoted: Option<(&str, &str)>) -> Part {
    let signature = if by == Robin { "\n\nRobin" } else { "" };
    let quote = quoted.map_or(String::new(), |(who, text)| {
        let name = who.split(" <").next().unwrap_or(who);
        format!("\n\n{name} wrote:\n> {}", text.replace('\n', "\n> "))
    });
    let text = Part::text(&format!("{text}{signature}{quote}\n"));
    match attached(quoted.is_none(), by, &text) {
        Some(file) => Part::multipart("mixed", &[text, file]),
        None => text,
    }
}

/// A plan, where somebody starts a conversation about one.
fn attached(first: bool, by: By, text: &Part) -> Option<Part> {
    let mut written = Vec::new();
    text.write(&mut written);
    let speaks_of_it = String::from_utf8_lossy(&written).contains("attached");
    let plan = || pdf(&["Planting plan", "Scale 1:100", "Drawn by Brandt Fischer Architects"]);
    (first && by == Them && speaks_of_it).then(|| Part::file("planting-plan.pdf", "application/pdf", &plan()))
}

const THREADS: &[Thread] = &[
    Thread {
        subject: "Plans for the courtyard, two variants",
        with: LENA,
        lines: &[
            (
                Them,
                2 * DAY + 3 * HOUR,
                "Hi Robin,\n\n\
                    both variants are attached. Variant A keeps the old plane tree and moves the \
                    bicycle racks to the north wall; variant B opens the whole east side but needs a \
                    retaining wall of about 80 cm.\n\n\
                    I lean towards A. What would you plant under the tree?\n\n\
                    Lena",
            ),
            (
                Robin,
                2 * DAY,
                "A, without a doubt. That tree is older than the house.\n\n\
                    Under it I would go for epimedium and ferns: dry shade from June on, and nobody has \
                    to mow.",
            ),
            (
                Them,
                DAY + 5 * HOUR,
                "Good. Then I'll draw A properly. Could you send me the levels at the gate? The \
                    survey has two different numbers for it.",
            ),
            (
                Robin,
                DAY + 4 * HOUR,
                "12.41 at the threshold, 12.28 at the drain. The 12.60 in the survey is the kerb outside.",
            ),
            (
                Them,
                4 * MINUTE,
                "Perfect, that explains the odd step. The drawing is in the project folder now, \
                    and I moved the bench two metres so that it gets the evening sun.\n\n\
                    Could we walk through it on Thursday before the client comes? Half an hour is \
                    enough.",
            ),
        ],
    },
    Thread {
        subject: "Sunday walk?",
        with: SAM,
        lines: &[
            (
                Them,
                DAY + 9 * HOUR,
                "They say it will be dry until three. The loop over the ridge, and soup at mine \
                    afterwards? I'd bring the dog.",
            ),
            (Robin, DAY + 8 * HOUR, "Yes please. Ten at the car park by the mill?"),
            (
                Them,
                41 * MINUTE,
                "Ten it is. Bring boots, the lower path is a stream at the moment.\n\n\
                    And Mum asks whether you still have her big pot.",
            ),
        ],
    },
    Thread {
        subject: "Quote for 40 hornbeams",
        with: TOMAS,
        lines: &[
            (
                Them,
                6 * DAY,
                "Dear Robin,\n\n\
                    forty Carpinus betulus, 175/200, root-balled, are 38.50 each from the field or \
                    44.00 potted. Delivery to Bristol is included from twenty on.\n\n\
                    The season ends in March, so please tell me by the end of the month.\n\n\
                    Kind regards\n\
                    Tomás",
            ),
            (
                Robin,
                5 * DAY,
                "Dear Tomás,\n\n\
                    root-balled is fine, thank you. Could the delivery come on a Tuesday? The street is \
                    closed for the market on all other days.",
            ),
            (
                Them,
                3 * DAY + 2 * HOUR,
                "Tuesday the 8th, between seven and nine. The driver will ring you half an hour \
                    before. I have put two spare ones on the truck, no charge.",
            ),
        ],
    },
    Thread {
        subject: "Roof load calculation",
        with: GRACE,
        lines: &[
            (
                Them,
                9 * DAY,
                "Robin,\n\n\
                    the calculation for the library roof is attached. With 15 cm of substrate, \
                    saturated, we are at 212 kg/m2 and the slab allows 250. So shrubs yes, trees no, \
                    and please no pond.\n\n\
                    Grace",
            ),
            (
                Robin,
                8 * DAY,
                "No pond, I promise. What about two multi-stem amelanchiers directly over the columns?",
            ),
            (
                Them,
                8 * DAY - 4 * HOUR,
                "Over C3 and C7 you have another 180 kg each. Keep the root balls under 60 cm \
                    and I'll sign it.",
            ),
            (Robin, 7 * DAY, "C3 and C7, 50 cm. Thank you!"),
        ],
    },
    Thread {
        subject: "Plot 27 and the hedge",
        with: NINA,
        lines: &[
            (
                Them,
                12 * DAY,
                "Dear Robin,\n\n\
                    the committee met on Monday. We'd like you to cut the hedge between plots 27 and 28 \
                    to 1.50 m before the nesting season. The association pays for the skip.\n\n\
                    Nina Kowalczyk\n\
                    Allotment Association",
            ),
            (
                Robin,
                11 * DAY,
                "Dear Nina,\n\nwill do, on the last weekend of the month. Is there a shredder \
                    that I could borrow?",
            ),
            (
                Them,
                11 * DAY - 6 * HOUR,
                "There is one in the shed by the gate, the key hangs where it always does. \
                    Please don't feed it ivy again.",
            ),
        ],
    },
    Thread {
        subject: "Recipe for the plum cake",
        with: MUM,
        lines: &[
            (Robin, 21 * DAY, "Mum, how much yeast was it? Mine came out like a roof tile."),
            (
                Them,
                20 * DAY,
                "Darling,\n\n\
                    20 g of fresh yeast to 400 g flour, and you have to let it rise twice, which I am \
                    sure you didn't. Warm milk, not hot! The plums close together, cut side up, sugar \
                    only after baking.\n\n\
                    When are you coming to visit?\n\n\
                    Mum",
            ),
            (
                Robin,
                20 * DAY - HOUR,
                "Once. It rose once. I'll come on the first weekend in Advent, with cake.",
            ),
        ],
    },
    Thread {
        subject: "Tender: school yard, Lot 3",
        with: JONAS,
        lines: &[
            (
                Them,
                34 * DAY,
                "Dear Robin Hale,\n\n\
                    the documents for Lot 3 are attached. The deadline is the 15th at noon, sealed, by \
                    post or by hand. Questions until the 8th, please in writing.\n\n\
                    Best regards\n\
                    Jonas Weber\n\
                    City Parks Department",
            ),
            (
                Robin,
                32 * DAY,
                "Dear Jonas,\n\nitem 3.4 asks for a rubber surface of 60 mm, the drawing shows \
                    90. Which of them counts?",
            ),
            (Them, 31 * DAY, "Thank you, well spotted. 90 mm; a correction goes out to all bidders today."),
            (Robin, 26 * DAY, "The offer left by courier this morning. Fingers crossed."),
            (
                Them,
                12 * DAY + 5 * HOUR,
                "Dear Robin,\n\n\
                    I am glad to tell you that Lot 3 goes to Field & Stone. The letter follows by post. \
                    Can we meet on site in the week of the 30th?",
            ),
        ],
    },
    Thread {
        subject: "Bulbs for the autumn order",
        with: PRIYA,
        lines: &[
            (
                Them,
                48 * DAY,
                "I'm putting the bulb order together tonight. Anything for the hospital garden \
                    besides the camassia?",
            ),
            (
                Robin,
                48 * DAY - 2 * HOUR,
                "500 Narcissus 'Thalia', 200 Allium sphaerocephalon, and crocus tommasinianus \
                    for the lawn, as many as the budget takes.",
            ),
            (Them, 48 * DAY - 3 * HOUR, "It takes 2,000. Ordered."),
        ],
    },
    Thread {
        subject: "Stones from the old bridge",
        with: OMAR,
        lines: &[
            (
                Them,
                75 * DAY,
                "Hello Robin,\n\n\
                    they are taking down the old bridge at the mill, and the sandstone goes to whoever \
                    comes with a truck. About four cubic metres, all hand-cut. Interested?\n\n\
                    Omar",
            ),
            (Robin, 75 * DAY - HOUR, "Very. Until when, and can one get to it with a 7.5-tonner?"),
            (
                Them,
                74 * DAY,
                "Until Friday. With a 7.5-tonner yes, if it has not rained. Ask for Piet at the site hut.",
            ),
            (
                Robin,
                70 * DAY,
                "Got all of it. Piet sends his regards, and you have a bench in our next garden \
                    with your name on it.",
            ),
        ],
    },
    Thread {
        subject: "Moss",
        with: AIKO,
        lines: &[
            (
                Robin,
                96 * DAY,
                "Dear Aiko,\n\n\
                    a client would like a moss garden in a yard that gets two hours of sun. Am I right \
                    to talk them out of it?",
            ),
            (
                Them,
                95 * DAY,
                "Dear Robin,\n\n\
                    no, talk them into patience instead. Two hours are fine if they are morning hours. \
                    Start with Polytrichum on raked loam, water with rain only, and let nobody sweep it \
                    in the first year.\n\n\
                    Our gardener says: moss comes to those who stop helping.\n\n\
                    Aiko",
            ),
            (Robin, 94 * DAY, "I shall print the last sentence on our letterhead."),
        ],
    },
    Thread {
        subject: "Photos of the finished terrace",
        with: LENA,
        lines: &[
            (
                Them,
                130 * DAY,
                "The photographer was there this morning, just after the rain. I think we have \
                    our entry for the yearbook.",
            ),
            (
                Robin,
                129 * DAY,
                "The one with the wet slate! Please send me the large version, I want it on the wall.",
            ),
        ],
    },
    Thread {
        subject: "Your talk in March",
        with: JONAS,
        lines: &[
            (
                Them,
                220 * DAY,
                "Would you speak at our department's day on trees in dry summers? Thirty \
                    minutes, then questions. We can't pay much, but the lunch is good.",
            ),
            (Robin, 219 * DAY, "With pleasure. \"What survives\" as a title?"),
            (Them, 219 * DAY - 3 * HOUR, "Sold. I'll put you right before the lunch."),
        ],
    },
    Thread {
        subject: "House sitting in August",
        with: SAM,
        lines: &[
            (
                Them,
                410 * DAY,
                "We're away from the 3rd to the 17th. The tomatoes need you, the cat pretends not to.",
            ),
            (Robin, 409 * DAY, "I'll be there for the tomatoes. Does the cat still only drink from the tap?"),
            (Them, 409 * DAY - 2 * HOUR, "She does. Leave it dripping and she'll think it was her idea."),
        ],
    },
    Thread {
        subject: "First day",
        with: PRIYA,
        lines: &[
            (
                Them,
                1_290 * DAY,
                "Welcome to Field & Stone! Come at nine, ask for me at the desk. There is a \
                    plant on your table; it is your first project, it is dying.\n\n\
                    Priya",
            ),
            (Robin, 1_289 * DAY, "Thank you! I brought a pot and some hope."),
        ],
    },
];
