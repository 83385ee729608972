//! Every word of the page in English, and the shape of every other language (`Catalogue`).
//!
//! A problem is told in two sentences: what happened, and what to do. The server's own words stand apart.
//! One constant or function a word, so that a build leaves out what nobody shows.

import type { MailboxRole, Notice, ProblemCode } from "postern-client/types";
import type { Done } from "../state/notices";
import type { OwnProblemCode } from "../state/problem";
import { grammarOf } from "./locale";
import type { Told } from "./told";

/** The language's own code (BCP 47). */
export const LANGUAGE = "en";

const { plural, number, list } = grammarOf(LANGUAGE);

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
  restarted: {
    what: "Postern had to start again",
    todo: "Sign in again. What you did in the last moments may not have reached the server.",
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

export const NEW_BLANK = "New message, which the mail server won’t list";
export const BLANK_ROW = "The mail server won’t list this message";
export const NO_SUBJECT = "(no subject)";
export const NO_CORRESPONDENT = "(no sender)";

export const NO_DATE = "no date";
export const messages = (n: number) => plural(n, { one: "# message", other: "# messages" });
export const unread = (n: number) => plural(n, { one: "# unread", other: "# unread" });
export const selected = (n: number) => plural(n, { one: "# selected", other: "# selected" });
export const attachments = (n: number) => plural(n, { one: "# attachment", other: "# attachments" });
/** For a list's head. */
export const messagesAndUnread = (all: number, fresh: number) => `${messages(all)}, ${unread(fresh)}`;
/** For a mailbox that is longer than its list. */
export const newestOf = (shown: number, all: number) => `the newest ${number(shown)} of ${messages(all)}`;
/** "18 kB of 3.4 MB". */
export const partOf = (part: string, whole: string) => `${part} of ${whole}`;

// What is called on a button, and beside a key.
export const NEXT_MESSAGE = "Next message";
export const PREVIOUS_MESSAGE = "Previous message";
export const OPEN_MESSAGE = "Open the message";
export const INTO_TEXT = "Into the message’s text";
export const BACK_TO_LIST = "Back to the list";
export const SELECT = "Select";
export const SELECT_NONE = "Select none";
export const FLAG = "Flag";
export const FLAG_OR_NOT = "Flag, or take the flag away";
export const MARK_READ = "Mark as read";
export const MARK_UNREAD = "Mark as unread";
export const REFRESH = "Look for new mail";
export const SHOW_KEYS = "Show these keys";
export const CLOSE_NEAREST = "Close the nearest thing";
export const KEYBOARD_SHORTCUTS = "Keyboard shortcuts";
export const SIGN_OUT = "Sign out";
export const TRY_AGAIN = "Try again";
export const DISMISS = "Dismiss";
export const CLOSE = "Close";
export const CANCEL = "Cancel";
/** A button's name, and the key that does the same. */
export const withKey = (label: string, key: string) => `${label} (${key})`;
export const KEY_GROUPS = { move: "Move", act: "Act", go: "Go to", anywhere: "Anywhere" };
export const KEYS_OR = " or ";
export const KEYS_THEN = " then ";
/** Keys that have a name or a sign of their own; all others are their letter. */
export const KEY_NAMES: Record<string, string> = {
  ArrowDown: "↓",
  ArrowUp: "↑",
  Enter: "Enter",
  Escape: "Esc",
  Shift: "Shift",
  Space: "Space",
};

// What changed, for who can't see it.
const DONE: Record<Done["action"], string> = {
  markedRead: "Marked as read",
  markedUnread: "Marked as unread",
  flagged: "Flagged",
  unflagged: "Flag taken away",
};
export const done = ({ action, count }: Done) => `${DONE[action]}: ${messages(count)}`;
export const newMessages = (n: number) => plural(n, { one: "# new message", other: "# new messages" });
export const newMessage = (from: string, subject: string) => `New message from ${from}: ${subject}`;

// The list.
export const MAIL = "Mail";
export const MESSAGES = "Messages";
export const FOLDERS = "Folders";
export const SELECTED_MESSAGES = "Selected messages";
export const LOADING = "Loading";
export const ROW_BROKEN = "This message can’t be shown in the list.";
/** What a row is read out with, where it is so. */
export const SPOKEN = {
  unread: "Unread",
  flagged: "Flagged",
  answered: "Answered",
  forwarded: "Forwarded",
  hasAttachment: "has attachment",
};
export const LIST_WIDTH = "Width of the list";

// A message.
export const MESSAGE_ACTIONS = "Message actions";
export const LOADING_MESSAGE = "Loading the message";
export const MESSAGE_TEXT = "Message text";
export const SHOW_DESIGNED = "Show as designed";
export const SHOW_PLAIN = "Show as plain text";
export const WHOLE_SUBJECT = "The whole subject";
export const PEOPLE = {
  from: "From",
  sender: "Sent by",
  replyTo: "Reply to",
  to: "To",
  cc: "Cc",
  bcc: "Bcc",
  date: "Date",
};
export const NO_RECIPIENTS = "no recipients";
/** "to Anna, Ben and 3 more". */
export const toPeople = (names: readonly string[], more: number) =>
  `to ${list(more > 0 ? [...names, `${number(more)} more`] : names)}`;
export const nameSaysOther = (claimed: string, real: string) =>
  `The name says “${claimed}”, but this message is from ${real}.`;
export const mixedAlphabets = (spelled: string) =>
  `This sender’s address uses letters of several alphabets that look alike. Spelled out it is ${spelled}.`;
export const SEVERAL_SENDERS = "This message names several senders.";
export const SHOW_IMAGES = "Show images";
export const SHOW_FROM_SENDER = "Show from this sender";
/** For the bar above a mail whose remote images wait. */
export const imagesHidden = (n: number) =>
  plural(n, {
    one: "# image hidden. Loading it tells the sender that you read this.",
    other: "# images hidden. Loading them tells the sender that you read this.",
  });
/** For the button behind as much of a long text as is drawn. */
export const showMoreText = (left: string) => `Show more of this text (about ${left} left)`;
/** For the button behind as much of a long list as is drawn. */
export const showMore = (left: number) => `Show more (${number(left)} left)`;

// Attachments.
export const ATTACHMENTS = "Attachments";
export const DOWNLOAD = "Download";
export const SAVED = "Saved to your downloads";
export const notSaved = (why: string) => `Not saved. ${why}`;
export const cancelDownload = (name: string) => `Cancel the download of ${name}`;
/** "MP4 file". */
export const fileOf = (suffix: string) => `${suffix} file`;
export const FILE = "File";
export const FILE_FAMILIES: Record<string, string> = {
  image: "Image",
  audio: "Audio",
  video: "Video",
  text: "Text",
};
export const FILE_TYPES: Record<string, string> = {
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

// The connection.
export const OFFLINE = "You are offline. What is open can be read; the rest comes back with the connection.";
export const RECONNECTING = "Reconnecting…";
export const retryIn = (seconds: number) =>
  plural(seconds, { one: "Trying again in # second.", other: "Trying again in # seconds." });
export const TRY_NOW = "Try now";
export const SIGNING_IN_AGAIN = "Signing in again…";
export const SERVER_SAYS = "The server says:";
export const MAIL_SERVER_SAYS = "Your mail server says";
export const TECHNICAL_DETAILS = "Technical details";
/** The password is taken no longer: at first, and where the one that was given since is wrong too. */
export const LOCKED = "The mail server doesn’t take your password any more. What is open can still be read.";
export const LOCKED_AGAIN = "The mail server doesn’t take this password either.";
export const brokeOffOver = (what: string) => `The mail server broke off the connection over ${what}`;

// Signing in.
export const SIGN_IN_TITLE = "Sign in to your mail";
export const SIGN_IN_WITH = "With the address and password of your mail account.";
export const ADDRESS = "Email address";
export const PASSWORD = "Password";
export const SIGN_IN = "Sign in";
export const SIGNING_IN = "Signing in…";
export const SIGN_IN_AGAIN = "Sign in again";
export const PASSWORD_STAYS =
  "Your password stays in this tab’s memory and is forgotten when you sign out or close it.";
export const SERVER = "Server";
export const SERVER_NAME = "Server’s name";

// What broke.
/** The parts of the page, as a sentence calls them. */
export const PARTS = {
  page: "this page",
  folders: "the folders",
  folder: "this folder",
  list: "the list",
  message: "this message",
  toolbar: "the buttons of this message",
  sender: "who wrote this message",
  notes: "the notes on this message",
  text: "the text of this message",
  attachments: "the attachments",
  attachment: "this attachment",
  connection: "how the connection is",
  notice: "a notice",
  news: "what is new",
  help: "the help",
};
export const partBroken = (part: keyof typeof PARTS): Told => ({
  what: `Something went wrong while showing ${PARTS[part]}`,
  todo: "The rest of the page works on, and nothing of your mail is lost.",
});
export const STOPPED: Told = {
  what: "Postern stopped working in this tab",
  todo: "Reload the page and sign in again. If that doesn’t help, use a newer browser: it must run WebAssembly.",
};
export const RELOAD = "Reload";
