//! What the scripted mailbox is made of.

import type { MessageView } from "postern-client/types";

/** When the newest of it came: always the same, as real mail is the same after a reload. */
export const TODAY = Date.UTC(2026, 10, 23, 15);

export const PEOPLE: readonly (readonly [string, string])[] = [
  ["Anna Lindqvist", "anna@lindqvist.example"],
  ["Harbour House Architects", "studio@harbourhouse.example"],
  ["Tomás Herrera", "tomas.herrera@example.org"],
  ["Norddeutsche Bahn", "noreply@bahn.example"],
  ["مريم الحداد", "maryam@example.net"],
  ["Priya Raman", "priya@raman.example"],
  ["City Library", "notices@library.example"],
  ["Jonas Weber", "jonas.weber@orchestra.example"],
  ["佐藤 花子", "hanako.sato@example.jp"],
  ["The Weekly Grower", "letters@grower.example"],
];

export const SUBJECTS: readonly (readonly [string, string])[] = [
  [
    "Tickets for Saturday’s concert",
    "I put two aside at the box office in your name, they close at six so do come a little",
  ],
  [
    "Re: Kitchen drawings, second round",
    "The window moved 40 cm to the left, which makes room for the shelf we talked about. See",
  ],
  [
    "Your receipt from 21 November",
    "Thank you for your order. It leaves our workshop on Tuesday and should reach you by",
  ],
  [
    "Minutes of the rehearsal",
    "Attached are the minutes and the new seating plan. Strings please look at bar 112 before",
  ],
  [
    "Two books are due next week",
    "You can extend the loan online until the day before. “The Salt Path” is requested by",
  ],
  [
    "Lunch on Thursday?",
    "The little place by the canal has opened again. Half past twelve, or is one better for",
  ],
  ["", "Sent from my phone"],
  [
    "Re: Re: Offer for the roof, with the longer guarantee that you asked about in September",
    "Good morning,",
  ],
  [
    "Photos from the coast",
    "Here are the ones worth keeping. The one with the lighthouse is for your mother’s wall",
  ],
  [
    "Your train on Friday leaves from platform 9",
    "Good to know before you travel: your train leaves from another platform. Everything else",
  ],
];

/** A message in full. Its number chooses the kind: HTML with images, text with a quote, HTML in plain clothes. */
export function messageView(id: number): MessageView {
  const [name, address] = PEOPLE[Math.abs(id * 7) % PEOPLE.length] ?? ["", ""];
  const [subject] = SUBJECTS[Math.abs(id) % SUBJECTS.length] ?? ["", ""];
  const kind = Math.abs(id) % 4;
  return {
    id,
    subject,
    from: [{ name: kind === 3 ? "security@bank.example" : name, address }],
    sender: [],
    replyTo: [],
    to: [{ name: "Mara Keller", address: "mara@example.org" }],
    cc: PEOPLE.slice(0, 4).map(([one, at]) => ({ name: one, address: at })),
    bcc: [],
    date: TODAY - 7_200_000,
    body: {
      text: kind === 2 ? null : TEXT,
      html: kind === 1 || kind === 3 ? null : kind === 2 ? NEWSLETTER : PLAIN_HTML,
    },
    inlineImages:
      kind === 2
        ? [
            {
              part: "2",
              contentId: "dot@postern",
              contentLocation: "",
              mimeType: "image/png",
              bytes: pixel(),
            },
          ]
        : [],
    attachments:
      Math.abs(id) % 5 === 3
        ? [
            {
              part: "2",
              name: "Minutes 2026-11-18.pdf",
              mimeType: "application/pdf",
              size: 284_112,
              hideIfDrawn: false,
            },
            {
              part: "3",
              name: "Seating plan, strings and woodwind (final, really).xlsx",
              mimeType: XLSX,
              size: 18_402,
              hideIfDrawn: false,
            },
            { part: "4", name: "stage.jpg", mimeType: "image/jpeg", size: 3_402_991, hideIfDrawn: false },
          ]
        : [],
    notices: kind === 3 ? ["unknownCharset"] : [],
  };
}

function pixel(): Uint8Array<ArrayBuffer> {
  const png =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";
  return Uint8Array.from(atob(png), (char) => char.charCodeAt(0));
}

const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

const TEXT = `Hi Mara,

the window moved 40 cm to the left, which makes room for the shelf we talked about. The drawings
are here: https://harbourhouse.example/plans/kitchen-2 (the second sheet is the one to look at).

Two things I need from you before Friday:

  1. oak or ash for the worktop,
  2. whether the old tap stays.

If it is easier, call me, or write to studio@harbourhouse.example and Tom will pass it on.

On 20 November 2026, Mara Keller wrote:
> Thanks, this looks lovely. One question about the window: could it sit a
> little further from the door? We would like a shelf there.
>
>> And one from Jonas: is the floor level with the hall?
>
> Best, Mara

Yes to both.

All the best
Anna
-- 
Anna Lindqvist, Harbour House Architects
Kajen 4, 411 04 Göteborg`;

const PLAIN_HTML = `<div dir="ltr"><p>Dear Mara,</p><p>I put two tickets aside at the box office in your name. They close at
<b>six</b>, so do come a little before. The programme is on <a href="https://orchestra.example/programme">our
page</a>, and the second half is the one that you will like.</p><blockquote>Is there a place to leave a
bicycle?</blockquote><p>Yes, behind the hall.</p><p>Warmly,<br>Jonas</p></div>`;

const NEWSLETTER = `<html><head><style>body{background:#f3efe6}.card{background:#ffffff}h1{color:#2f5d3a;font-family:Georgia}
@import url("https://track.example/x.css"); .bg{background:url(https://track.example/b.png)}</style></head>
<body><table width="600" align="center" class="card" cellpadding="24"><tr><td>
<img src="https://images.example/header.jpg" width="552" height="180" alt="A garden in autumn">
<h1>The Weekly Grower</h1><p style="color:#444;font:15px Georgia">The first frost is on its way. Lift the dahlias now, shake off
the soil, and let them dry upside down for a week before they go to the cellar.</p>
<p><img src="cid:dot@postern" width="12" height="12" alt=""> Sow broad beans under glass.</p>
<p><a href="https://evil.example/login" style="color:#2f5d3a">www.grower.example</a></p>
<img src="https://track.example/pixel.gif" width="1" height="1"></td></tr></table></body></html>`;
