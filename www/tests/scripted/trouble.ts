//! Mail that is made to stop a page, and updates that no engine should ever send: by the name of who signs in.

import type { MailboxRow, MessageRow, MessageView, Problem } from "postern-client/types";

/** What is otherwise than in the mailbox that all others get. */
export type Trouble = {
  readonly folders?: (folders: MailboxRow[]) => MailboxRow[];
  readonly row?: (row: MessageRow) => MessageRow;
  readonly message?: (view: MessageView) => MessageView;
  /** Why the first message can't be opened. */
  readonly fails?: Problem;
  /** How long the inbox is. */
  readonly total?: number;
  /** Said once the list is drawn. */
  readonly after?: readonly unknown[];
};

const MEGABYTE = 1_000_000;

/** As much of a text as makes a megabyte. */
function fill(unit: string, length = MEGABYTE): string {
  return unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
}

function text(text: string): Trouble {
  return { message: (view) => ({ ...view, body: { text, html: null } }) };
}

function people(count: number) {
  return Array.from({ length: count }, (_, at) => ({
    name: `Person ${at}`,
    address: `p${at}@people.example`,
  }));
}

/** Every one of them ends with the words by which a test knows that nothing vanished. */
export const HEAVY: Record<string, Trouble> = {
  "alternating-quotes": text(`${fill("> a\nb\n")}\nthe very end`),
  "many-quotes": text(`${fill("> a\nb\n", 100_000)}\nthe very end`),
  "deep-quotes": text(`${fill("> ")}\n${`${fill(">", 2_000)}\n`.repeat(300)}the very end`),
  "40000-links": text(`${fill("https://a.example/b ", 800_000)}the very end`),
  "40000-addresses": text(`${fill("someone@a.example, ", 800_000)}the very end`),
  "half-links": text(`${fill("https://")} ${fill("www.")} the very end`),
  "one-line": text(`${fill("All work and no play makes a dull page. ")}the very end`),
  "one-word": text(`${fill("x")} the very end`),
  "500000-lines": text(`${fill("a\n")}the very end`),
  "blank-lines": text(`a${fill("\n")}the very end`),
  spaces: text(`a${fill(" ")}the very end`),
  tabs: text(`a${fill("\t")}the very end`),
  zalgo: text(`a${fill("\u0301\u0316\u0488\u035c")} the very end`),
  "zalgo-letters": text(`${fill(`e${"\u0301\u0316\u0488\u035c\u0363".repeat(12)}`)} the very end`),
  emoji: text(`${fill("👩‍👩‍👧‍👦")} the very end`),
  scripts: text(`${fill("漢字 العربية עברית हिन्दी ไทย кириллица\n", 600_000)}the very end`),
  "bidi-controls": text(`${fill("\u202e\u2066a")} the very end`),
  "angle-brackets": text(`${fill("<")}\n${fill("<https://a\n", 300_000)}the very end`),
  subject: {
    message: (view) => ({ ...view, subject: `${fill("Re: ")}the very end` }),
    row: (row) => ({ ...row, subject: fill("Re: ") }),
  },
  "zalgo-subject": {
    message: (view) => ({ ...view, subject: `a${fill("\u0301")}the very end` }),
    row: (row) => ({ ...row, subject: `a${fill("\u0301")}` }),
  },
  names: {
    message: (view) => ({
      ...view,
      from: [{ name: fill("a@"), address: `${fill("x")}@a.example` }],
      to: [{ name: fill("@.", 300_000), address: fill("x.", 300_000) }],
    }),
    row: (row) => ({ ...row, correspondent: fill("a@"), preview: fill("word ") }),
  },
  "100000-recipients": { message: (view) => ({ ...view, to: people(100_000) }) },
  "1000-attachments": {
    message: (view) => ({
      ...view,
      attachments: Array.from({ length: 1_000 }, (_, at) => ({
        part: `${at + 2}`,
        name: `${at + 1}.pdf`,
        mimeType: "application/pdf",
        size: 1_000,
        hideIfDrawn: false,
      })),
    }),
  },
  "file-names": {
    message: (view) => ({
      ...view,
      attachments: Array.from({ length: 20 }, (_, at) => ({
        part: `${at + 2}`,
        name: `${fill("name", 200_000)}.pdf`,
        mimeType: fill("a", 100_000),
        size: 1_000,
        hideIfDrawn: false,
      })),
    }),
  },
};

/** A value where the types allow none. */
const none = null as never;

/** What breaks one part of the page each. */
export const BROKEN: Record<string, Trouble> = {
  "broken-head": { message: (view) => ({ ...view, from: none }) },
  "broken-notes": { message: (view) => ({ ...view, notices: none }) },
  "broken-text": { message: (view) => ({ ...view, body: { text: 42 as never, html: null } }) },
  "broken-html": { message: (view) => ({ ...view, body: { text: null, html: 42 as never } }) },
  "broken-design": {
    message: (view) => ({
      ...view,
      body: { text: null, html: '<p>The text of it <img src="cid:x"></p>' },
      inlineImages: [{ part: "2", contentId: "x", contentLocation: "", mimeType: "image/png", bytes: none }],
    }),
  },
  "broken-attachments": { message: (view) => ({ ...view, attachments: none }) },
  "broken-attachment": {
    message: (view) => ({
      ...view,
      attachments: [
        { part: "2", name: none, mimeType: "text/plain", size: 1, hideIfDrawn: false },
        { part: "3", name: "fine.pdf", mimeType: "application/pdf", size: 1, hideIfDrawn: false },
      ],
    }),
  },
  "broken-message": { message: () => ({ id: 1 }) as never },
  "no-message": { message: () => none },
  "broken-row": { row: (row) => ({ ...row, flags: none }) },
  "broken-folder": { folders: (all) => all.map((row, at) => (at === 6 ? { ...row, name: none } : row)) },
  "broken-folders": { after: [{ type: "mailboxes", mailboxes: [null] }] },
  "broken-list": { after: [{ type: "list", mailbox: 1, generation: 99, total: -5, state: "ready" }] },
  "broken-connection": {
    after: [{ type: "session", session: { state: "reconnecting", problem: null, retryIn: 5 } }],
  },
  "broken-failure": { after: [{ type: "actionFailed", problem: null }] },
  "broken-news": { after: [{ type: "newMail", mailbox: 1, rows: null, count: 1 }] },
  "broken-update": {
    after: [null, { type: "ofTomorrow" }, { type: "rows" }, { type: "flagsChanged", message: 1 }],
  },
  "broken-problem": { after: [{ type: "actionFailed", problem: { code: "ofTomorrow", detail: "words" } }] },
};

/** What is rare, and no trouble. */
export const RARE: Record<string, Trouble> = {
  notices: {
    message: (view) => ({ ...view, notices: ["signed", "invitation", "tnef"] }),
  },
  encrypted: {
    message: (view) => ({
      ...view,
      body: { text: "", html: null },
      notices: ["encryptedPgp"],
      attachments: [
        {
          part: "2",
          name: "a name that is rather long, as people who keep minutes write them, Übersicht für alle (final) 2026-11-30.asc",
          mimeType: "application/octet-stream",
          size: 9_000,
          hideIfDrawn: false,
        },
        { part: "3", name: "תמונה 12.jpg", mimeType: "image/jpeg", size: 9_000, hideIfDrawn: false },
      ],
    }),
  },
  directions: text("Hello Dana,\n\nשלום דנה, מה שלומך?\nנתראה מחר!\n\nBest,\nTom"),
  "no-date": {
    row: (row) => ({ ...row, date: null as never }),
    message: (view) => ({ ...view, date: null as never }),
  },
};

function trouble(code: Problem["code"], detail: string) {
  return { type: "trouble", problem: { code, detail } };
}

const WRONG = { code: "wrongPassword", detail: "[AUTHENTICATIONFAILED] Authentication failed." };

function blank(row: MessageRow): MessageRow {
  const flags = { seen: true, flagged: false, answered: false, forwarded: false, draft: false };
  const nothing = { correspondent: "", subject: "", date: null, preview: null, hasAttachment: false };
  return { ...row, ...nothing, flags, isBlank: true };
}

/** One cell of a picture that was sliced to be sent. */
function slice(ground: string, words: string, height = 120): string {
  return `<tr><td><a href="https://shop.example/"><img src="https://shop.example/${ground}.png" width="600" height="${height}"
    alt="${words}" style="display:block;border:0;background:#${ground};color:#fff;font:bold 24px Arial"></a></td></tr>`;
}

/** What a server does to those who use it, and the page goes on. */
export const STATES: Record<string, Trouble> = {
  locked: { after: [{ type: "session", session: { state: "locked", problem: WRONG } }] },
  troubles: {
    after: [
      trouble("notNow", "NO [LIMIT] Rate limit hit, try later"),
      trouble("setAside", "the number of messages in “Projects/Harbour house”"),
      trouble("notNow", "NO [LIMIT] Rate limit hit, try later"),
    ],
  },
  blank: { row: blank },
  "blank-refused": { row: blank, fails: { code: "nothingCame", detail: "" } },
  longest: {
    total: 250_000,
    folders: (all) => all.map((row, at) => (at === 0 ? { ...row, total: 1_204_331 } : row)),
  },
  slices: {
    message: (view) => ({
      ...view,
      body: {
        text: "As text.",
        html: `<body style="margin:0"><table width="600" align="center" cellpadding="0" cellspacing="0" border="0"
          style="line-height:0;font-size:0">${slice("8e2de2", "Everything must go")}${slice("4a00e0", "Until Sunday")}${slice("2193b0", "Shoes, 20 % off")}${slice("555555", "Words that take more than a single line on a phone", 60)}</table></body>`,
      },
    }),
  },
};

export const TROUBLE: Record<string, Trouble> = { ...HEAVY, ...BROKEN, ...RARE, ...STATES };
