//! Every word of the page. Dates, sizes and plurals come from Intl in the reader's own locale.
//!
//! A problem is told in two sentences: what happened, and what to do. The server's own words stand apart.

import type { MailboxRole, Notice, ProblemCode } from "postern-client/types";
import type { OwnProblemCode } from "./store";

/** What happened, and what to do about it. */
export type Told = { readonly what: string; readonly todo: string };

export const PROBLEMS: Record<ProblemCode | OwnProblemCode, Told> = {
  wrongPassword: {
    what: "Wrong address or password",
    todo: "Check both and try again. Some providers want a separate app password for mail programs.",
  },
  signInRefused: {
    what: "The server doesn’t let you in right now",
    todo: "Try again later. If it stays so, ask whoever runs your mail.",
  },
  proxyUnreachable: {
    what: "This page’s own server can’t be reached",
    todo: "Check your internet connection, then try again.",
  },
  serverUnreachable: {
    what: "Your mail server can’t be reached",
    todo: "It may be down for a moment: try again soon. If it stays so, tell whoever runs this page.",
  },
  certificateUntrusted: {
    what: "The mail server couldn’t prove who it is",
    todo: "Its certificate isn’t trusted, so your password was not sent. Tell whoever runs your mail.",
  },
  tlsFailed: {
    what: "No secure connection to the mail server",
    todo: "Encryption failed, so your password was not sent. Tell whoever runs this page.",
  },
  starttlsMissing: {
    what: "The mail server offers no safe encryption",
    todo: "Your password was not sent. The network may be tampering: try another, or tell whoever runs your mail.",
  },
  connectionLost: {
    what: "The connection was lost",
    todo: "It comes back by itself as soon as it can.",
  },
  tooMany: {
    what: "Too many connections at once",
    todo: "Close other mail programs or tabs, or wait a minute, then try again.",
  },
  notAllowed: {
    what: "This page may not use that mail server",
    todo: "Tell whoever runs this page: its settings don’t allow it.",
  },
  serverMisbehaved: {
    what: "The mail server answered with something unreadable",
    todo: "The connection was closed to be safe. Try again.",
  },
  needsOauth: {
    what: "This mail server takes no password, only its own web sign-in (OAuth)",
    todo: "Postern can’t do that yet. An app password may let you in, if your provider has them.",
  },
  notNow: {
    what: "The mail server wants to be asked later",
    todo: "It is asked again by itself, and what is on the screen stays.",
  },
  setAside: {
    what: "The mail server broke off the connection over this",
    todo: "It did so more than once, so this is left out for now. “Look for new mail” tries it again.",
  },
  nothingCame: {
    what: "The mail server sent nothing",
    todo: "It reported no error. Try again; if it stays so, tell whoever runs your mail.",
  },
  refused: {
    what: "The mail server said no",
    todo: "What you changed has been put back as it was.",
  },
  gone: {
    what: "This is no longer there",
    todo: "Another program may have moved or deleted it.",
  },
  unreadable: {
    what: "This can’t be read",
    todo: "The message is damaged, or in a form that isn’t known here.",
  },
  socketsBlocked: {
    what: "This page’s server is there, but mail can’t pass through to it",
    todo: "The web server in front of Postern does not pass WebSockets on. Tell whoever runs this page.",
  },
  notShown: {
    what: "Something couldn’t be shown",
    todo: "The page works on. If something is missing from it, reload the page.",
  },
  lost: {
    what: "Something got lost inside the page",
    todo: "If what you did last has not happened, do it again.",
  },
  notSaved: {
    what: "Your browser didn’t take the file",
    todo: "There may be no room for it. Make some and try again.",
  },
};

/** Where the engine names a problem that this page has no word for yet: one of the two is newer. */
export const OTHER_PROBLEM: Told = {
  what: "Something went wrong",
  todo: "Try again. If it stays so, reload the page.",
};

export const NOTICES: Record<Notice, string> = {
  truncated: "This message is very long. Only its beginning is shown; the whole is among the attachments.",
  brokenStructure: "This message is damaged. What could be read is shown.",
  unknownCharset: "Some characters can’t be shown: the message uses an unknown alphabet encoding.",
  tooManyParts: "This message has more parts than can be shown. The rest was left out.",
  signed: "This message is signed. Whether the signature is genuine is not checked here.",
  opaquelySigned:
    "This message is signed, and its text is inside the signature (S/MIME). Save the attached file and open it in a " +
    "mail program that knows S/MIME.",
  encryptedPgp:
    "This message is encrypted (OpenPGP). Save the attached file and open it with the program that has your key.",
  encryptedSmime:
    "This message is encrypted (S/MIME). Save the attached file and open it in the mail program that has your certificate.",
  invitation:
    "This message is an invitation, or another calendar entry. Save the attached file and open it in your calendar.",
  tnef: "Outlook packed what is attached into winmail.dat. Save it and open it with a program that unpacks such files.",
  uuencoded:
    "A file is written into the text of this message, in an old form (uuencode). Save the text, and a program such as " +
    "uudecode makes the file of it.",
};

/** Notices that say why a message shows no text. */
export const CLOSED: ReadonlySet<Notice> = new Set<Notice>([
  "opaquelySigned",
  "encryptedPgp",
  "encryptedSmime",
]);

/** Notices that say what a message is, and nothing that went wrong. */
export const KINDS: ReadonlySet<Notice> = new Set<Notice>([
  "signed",
  "opaquelySigned",
  "encryptedPgp",
  "encryptedSmime",
  "invitation",
  "tnef",
  "uuencoded",
]);

/** Why an HTML mail is shown as text. */
export const NOT_DRAWN: Record<"too much" | "failed", string> = {
  "too much":
    "The design of this message is too much to draw, so only its text is shown. Pictures are listed below.",
  failed: "The design of this message can’t be drawn, so only its text is shown. Pictures are listed below.",
};
/** For what the proxy has a word of its own for: the first of a problem's detail. */
export const REASONS: Record<string, Told> = {
  "unknown-upstream": {
    what: "This page doesn’t know that mail server",
    todo: "Its settings have changed, or the name is mistyped. Reload the page and try again.",
  },
  "origin-refused": {
    what: "This page may not connect from this address",
    todo: "Tell whoever runs it: Postern’s settings must name the address that you see in the address bar.",
  },
  dns: {
    what: "Your mail server’s name can’t be found",
    todo: "Its name (DNS) leads nowhere right now. Try again soon; if it stays so, tell whoever runs this page.",
  },
  "tls-expired": {
    what: "The mail server’s certificate has expired",
    todo: "So your password was not sent. Tell whoever runs your mail.",
  },
};

/** The words for a problem. */
export function tell({ code, detail }: { code: string; detail: string }): Told {
  const reason = SERVER_SIDE.has(code) ? REASONS[detail.slice(0, 40).split(":")[0] ?? ""] : undefined;
  if (code === "setAside" && detail !== "") return { ...PROBLEMS.setAside, what: brokeOffOver(detail) };
  return reason ?? PROBLEMS[code as keyof typeof PROBLEMS] ?? OTHER_PROBLEM;
}

/** The engine names what was asked for: "the list of folders". */
function brokeOffOver(what: string): string {
  return `The mail server broke off the connection over ${clip(what, 200)}`;
}

/** What is asked of whoever is signed in when the server takes the password no longer, by whether one was given since. */
export function locked(code: string, again: boolean): string {
  if (code !== "wrongPassword") return `${tell({ code, detail: "" }).what}.`;
  return again
    ? "The mail server doesn’t take this password either."
    : "The mail server doesn’t take your password any more. What is open can still be read.";
}

/** Where the address decides no server. */
export const CHOOSE_SERVER: Record<"unknownDomain" | "noDomain" | "several" | "notFoundOut", string> = {
  unknownDomain:
    "No server is known for this address. Which one is your mail on? Your password goes there only.",
  noDomain:
    "Which server is your mail on? With your whole address, name@example.com, it may be found by itself.",
  several: "Your mail may be on one of these servers. Choose one: your password goes there only.",
  notFoundOut:
    "Your mail server could not be found out just now. Which one is it? Your password goes there only.",
};
export const OTHER_SERVER = "Another server";

/** What the name of a server that may be typed in looks like. */
export function serverNameHint(patterns: readonly string[]): string {
  return clip(patterns.join(", "), 60);
}

/** For a notice that this page has no word for yet. */
export const OTHER_NOTICE = "Something of this message could not be shown as it was meant.";
export const SHOW_WHOLE_SUBJECT = "Show the whole subject";
export const NO_TEXT = "This message has no text.";

export const ROLES: Record<MailboxRole, string> = {
  inbox: "Inbox",
  drafts: "Drafts",
  sent: "Sent",
  archive: "Archive",
  junk: "Junk",
  trash: "Trash",
  all: "All mail",
  flagged: "Flagged",
};

/** What an empty mailbox says: one line, and what to do. */
export const EMPTY_MAILBOX: Told = {
  what: "Nothing here",
  todo: "Messages that arrive in this folder show up by themselves.",
};
export const EMPTY_INBOX: Told = { what: "Your inbox is empty", todo: "New mail shows up here by itself." };
export const NO_MESSAGE: Told = {
  what: "No message open",
  todo: "Choose one on the left, or press J and then Enter.",
};

export const PASSWORD_AGAIN = "Password";
export const SIGN_IN_AGAIN = "Sign in again";
export const NEW_BLANK = "New message, which the mail server won’t list";
export const BLANK_ROW = "The mail server won’t list this message";
export const NO_SUBJECT = "(no subject)";
export const NO_CORRESPONDENT = "(no sender)";

/** Problems whose detail is the proxy's word. */
const SERVER_SIDE: ReadonlySet<string> = new Set(["notAllowed", "serverUnreachable", "certificateUntrusted"]);

const plurals = new Intl.PluralRules();
const numbers = new Intl.NumberFormat();

const time = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: "short" });
const dayOfYear = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const dayOfAnyYear = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric" });
const medium = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });

/** "1 message", "1,204 messages". */
export function count(n: number, one: string, other: string): string {
  return `${numbers.format(n)} ${plurals.select(n) === "one" ? one : other}`;
}

/** For a mailbox that is longer than its list. */
export function newestOf(shown: number, all: number): string {
  return `the newest ${numbers.format(shown)} of ${count(all, "message", "messages")}`;
}

/** For the bar above a mail whose remote images wait. */
export function imagesHidden(n: number): string {
  const them = plurals.select(n) === "one" ? "it" : "them";
  return `${count(n, "image", "images")} hidden. Loading ${them} tells the sender that you read this.`;
}

export const ROW_BROKEN = "This message can’t be shown in the list.";

/** For the button behind as much of a long text as is drawn. */
export function showMoreText(characters: number): string {
  return `Show more of this text (about ${size(characters)} left)`;
}

/** For the button behind as much of a long list as is drawn. */
export function showMore(left: number): string {
  return `Show more (${number(left)} left)`;
}

/** For a part of the page that broke. */
export function partBroken(what: string): Told {
  return {
    what: `Something went wrong while showing ${what}`,
    todo: "The rest of the page works on, and nothing of your mail is lost.",
  };
}

/** As much of a text as its place has room for; a mail's subject may be a megabyte. Never cut inside a character. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text;
  const end = /[\ud800-\udbff]/.test(text[max - 1] ?? "") ? max - 1 : max;
  return `${text.slice(0, end)}…`;
}

/** The same for a file's name, whose end says what it is. */
export function clipName(name: string, max: number): string {
  if (name.length <= max) return name;
  const tail = name.slice(-Math.floor(max / 4)).replace(/^[\udc00-\udfff]/, "");
  return `${clip(name, max - tail.length)}${tail}`;
}

/** "1,204". */
export function number(n: number): string {
  return numbers.format(n);
}

/** For a row: the time today, the weekday this week, else a short date. */
export function shortDate(ms: number | null, now: number): string {
  const date = valid(ms);
  if (!date) return "";
  const today = new Date(now);
  if (date.toDateString() === today.toDateString()) return time.format(date);
  const age = new Date(now).setHours(0, 0, 0, 0) - new Date(date).setHours(0, 0, 0, 0);
  // Rounded: a day on which the clocks change has 23 or 25 hours.
  const days = Math.round(age / DAY);
  if (days > 0 && days < 7) return weekday.format(date);
  return (date.getFullYear() === today.getFullYear() ? dayOfYear : dayOfAnyYear).format(date);
}

/** For a message's head. */
export function mediumDate(ms: number | null): string {
  const date = valid(ms);
  return date ? medium.format(date) : "no date";
}

/** With weekday, seconds and time zone: for whoever asks for it. */
export function fullDate(ms: number | null): string {
  const date = valid(ms);
  return date ? full.format(date) : "no date";
}

/** For `<time datetime>`. */
export function isoDate(ms: number | null): string | undefined {
  return valid(ms)?.toISOString();
}

/** The first letter of a name, to stand for it; "?" where it has none. */
export function initial(name: string): string {
  const [first] = name.replace(/^[^\p{L}\p{N}]+/u, "");
  return (first ?? "?").toLocaleUpperCase();
}

/** "3.4 MB". Decimal units, as every system but one shows them. */
export function size(bytes: number): string {
  const step = bytes < 1000 ? 0 : bytes < 1_000_000 ? 1 : bytes < 1_000_000_000 ? 2 : 3;
  const unit = (["byte", "kilobyte", "megabyte", "gigabyte"] as const)[step] ?? "byte";
  const value = bytes / 1000 ** step;
  const digits = step >= 2 && value < 100 ? 1 : 0;
  return new Intl.NumberFormat(undefined, {
    style: "unit",
    unit,
    unitDisplay: step === 0 ? "long" : "short",
    maximumFractionDigits: digits,
  }).format(value);
}

/** "PDF document". What a person calls the type; the technical name where there is no better word. */
export function fileType(mimeType: string, name: string): string {
  const known = FILE_TYPES[mimeType];
  if (known) return known;
  const [family] = mimeType.split("/");
  if (family === "image" || family === "audio" || family === "video" || family === "text") {
    return `${FAMILIES[family]}`;
  }
  const suffix = /\.([a-z0-9]{1,5})$/i.exec(name)?.[1];
  return suffix ? `${suffix.toUpperCase()} file` : "File";
}

/** "Reconnecting in 5 seconds". */
export function retryIn(ms: number): string {
  return `Trying again in ${count(Math.max(1, Math.ceil(ms / 1000)), "second", "seconds")}.`;
}

function valid(ms: number | null): Date | null {
  if (ms === null) return null;
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? null : date;
}

const DAY = 86_400_000;

const FAMILIES = { image: "Image", audio: "Audio", video: "Video", text: "Text" } as const;

const FILE_TYPES: Record<string, string> = {
  "application/pdf": "PDF",
  "application/zip": "ZIP archive",
  "application/msword": "Word document",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word document",
  "application/vnd.ms-excel": "Spreadsheet",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Spreadsheet",
  "application/vnd.openxmlformats-officedocument.presentationml.presentation": "Presentation",
  "message/rfc822": "Message",
  "text/calendar": "Invitation",
  "text/html": "Web page",
  "image/svg+xml": "SVG drawing",
};
