// Generated from the Rust types; a test fails when it is stale.
// Renew it with: UPDATE_TYPES=1 cargo test -p postern-client

/** What the user asks. Every intent is answered by updates, at once where the engine already knows. */
export type Intent = {
  "type": "signIn",
  /** The proxy's name for the mail server; none for its default. */
  upstream: string | null,
  /** What the server calls the user: most often the whole address. */
  address: string,
  /** The password. It lives in the engine's memory only. */
  password: Password,
} | {
  "type": "unlock",
  /** The password. It lives in the engine's memory only. */
  password: Password,
} | {
  "type": "signOut"
} | {
  "type": "reconnect"
} | {
  "type": "openMailbox",
  /** One of the last `mailboxes`. Any other is answered by `actionFailed`, or by `signedOut` if nobody is signed in. */
  mailbox: MailboxId,
} | {
  "type": "showRows",
  /** Which; ignored where it is no longer the open one. */
  mailbox: MailboxId,
  /** The first position on screen, from 0. */
  first: number,
  /** How many are on screen. */
  count: number,
} | {
  "type": "openMessage",
  /** Of a row that was received. One that is gone is answered by `messageFailed`. */
  message: MessageId,
} | {
  "type": "setFlags",
  /** Which messages. */
  messages: Array<MessageId>,
  /** `\Seen`: `true` marks as read, `false` as unread, none leaves it. */
  seen: boolean | null,
  /** `\Flagged`: likewise. */
  flagged: boolean | null,
} | {
  "type": "download",
  /** The view's number for it. */
  download: DownloadId,
  /** Which message. */
  message: MessageId,
  /** Which part, from `Attachment::part`. */
  part: string,
} | {
  "type": "downloadTaken",
  /** The number that the view gave it. */
  download: DownloadId,
  /** How many bytes more. */
  bytes: number,
} | {
  "type": "cancelDownload",
  /** The number that the view gave it. One that is over already is ignored. */
  download: DownloadId,
} | {
  "type": "refresh"
};

/** What the view is told. Updates are applied in order; each is small: only what changed. */
export type Update = {
  "type": "session",
  /** The state, whole. */
  session: Session,
} | {
  "type": "mailboxes",
  /** The list, whole. */
  mailboxes: Array<MailboxRow>,
} | {
  "type": "mailboxCounts",
  /** One of the last `mailboxes`. */
  mailbox: MailboxId,
  /** How many messages, where known. */
  total: number | null,
  /** How many unread, where known. */
  unread: number | null,
} | {
  "type": "list",
  /** The open mailbox. */
  mailbox: MailboxId,
  /** Named by every later change to this list; changes of another generation are too late: drop them. */
  generation: number,
  /** How many rows it has, newest first. */
  total: number,
  /** Whether `total` is final. */
  state: ListState,
} | {
  "type": "splice",
  /** Of this generation. */
  generation: number,
  /** At this position. */
  at: number,
  /** This many rows go. */
  removed: number,
  /** This many unknown rows take their place; `Update::Rows` fills them. */
  inserted: number,
} | {
  "type": "rows",
  /** Of this generation. */
  generation: number,
  /** The first one's position. */
  first: number,
  /** They stand one behind the other. */
  rows: Array<MessageRow>,
} | {
  "type": "flagsChanged",
  /** Of a row that was sent, or of the open message. */
  message: MessageId,
  /** As they are now. */
  flags: Flags,
} | {
  "type": "newMail",
  /** Where. */
  mailbox: MailboxId,
  /** The new ones, oldest first, at most 10. */
  rows: Array<MessageRow>,
  /** How many in all. */
  count: number,
} | {
  "type": "messageProgress",
  /** The message that was asked for last. */
  message: MessageId,
  /** Bytes so far. */
  received: number,
  /** Bytes in all. */
  total: number,
} | {
  "type": "message",
  /** The whole of it, but for attachments. */
  message: MessageView,
} | {
  "type": "messageFailed",
  /** The message that was asked for. */
  message: MessageId,
  /** Why, and whether asking again may help. */
  problem: Problem,
} | {
  "type": "downloadChunk",
  /** The number that the view gave it. */
  download: DownloadId,
  /** Decoded. */
  bytes: Uint8Array<ArrayBuffer>,
} | {
  "type": "downloadDone",
  /** The number that the view gave it. */
  download: DownloadId,
} | {
  "type": "downloadFailed",
  /** The number that the view gave it. */
  download: DownloadId,
  /** Why, and whether asking again may help. */
  problem: Problem,
} | {
  "type": "actionFailed",
  /** What the server answered. */
  problem: Problem,
} | {
  "type": "trouble",
  /** What does not work, and why. */
  problem: Problem,
} | {
  "type": "alert",
  /** The server's words: text, at most 1,000 characters. */
  text: string,
};

/** How it stands between us and the server. */
export type Session = {
  "state": "signedOut",
  /** Why, where it was not the user who asked. */
  problem: Problem | null,
} | {
  "state": "signingIn"
} | {
  "state": "online"
} | {
  "state": "reconnecting",
  /** Why the connection was lost, or the last try failed. */
  problem: Problem,
  /** Milliseconds from now to the next try; 0 while one is under way. */
  retryIn: number,
} | {
  "state": "locked",
  /** What the server answered to the password. */
  problem: Problem,
};

/** Whether the list's length is known. */
export type ListState = "loading" | "ready";

/**
 * Something that a person must know of. The view has words for each code; the technical reason is one click
 * away.
 */
export type Problem = {
  /** What kind of problem it is. */
  code: ProblemCode,
  /** The words of the server or the proxy, for the curious; may be empty. Never HTML. */
  detail: string,
};

/** The kinds of problem that a person can meet. */
export type ProblemCode = "wrongPassword" | "signInRefused" | "proxyUnreachable" | "serverUnreachable" | "certificateUntrusted" | "tlsFailed" | "starttlsMissing" | "connectionLost" | "tooMany" | "notAllowed" | "serverMisbehaved" | "needsOauth" | "refused" | "notNow" | "setAside" | "nothingCame" | "gone" | "unreadable";

/** A mailbox (folder), as the engine numbers it. Stable while the engine lives; never reused for another. */
export type MailboxId = number;

/** One line of the folder list. */
export type MailboxRow = {
  /** Stable while the engine lives. A mailbox that was renamed gets another. */
  id: MailboxId,
  /** The last part of its name, decoded. For a special one the view has a word of its own. */
  name: string,
  /** The whole name, decoded, parts joined by `/`. */
  path: string,
  /** How deep it stands below the top, from 0. */
  depth: number,
  /** What it is for. */
  role: MailboxRole | null,
  /** Whether it can be opened (`\Noselect` and `\NonExistent` can't). */
  selectable: boolean,
  /** How many messages, where known. */
  total: number | null,
  /** How many unread, where known. */
  unread: number | null,
};

/** What a mailbox is for (RFC 6154, or by a well-known name where the server says nothing). */
export type MailboxRole = "inbox" | "drafts" | "sent" | "archive" | "junk" | "trash" | "all" | "flagged";

/** A message in a mailbox, as the engine numbers it. Stable while the engine lives; never reused for another. */
export type MessageId = number;

/** One line of the message list. */
export type MessageRow = {
  /** Stable while the engine lives, whatever moves in the list. */
  id: MessageId,
  /** Who to show: the first sender's name, else address; in Sent and Drafts the first recipient's. */
  correspondent: string,
  /** The decoded subject; empty where there is none. */
  subject: string,
  /** Milliseconds since 1970-01-01 UTC; none where neither the message nor the server told a date. */
  date: number | null,
  /** Bytes, as the server counts. */
  size: number,
  /** Whether it has something to download. */
  hasAttachment: boolean,
  /** Its flags. */
  flags: Flags,
  /** The first words of the text, where known. */
  preview: string | null,
  /** The server would not tell of this message: the row holds its place and nothing more. */
  isBlank: boolean,
};

/** A message's flags, as far as a person sees them. */
export type Flags = {
  /** `\Seen`. */
  seen: boolean,
  /** `\Flagged`. */
  flagged: boolean,
  /** `\Answered`. */
  answered: boolean,
  /** `$Forwarded`. */
  forwarded: boolean,
  /** `\Draft`. */
  draft: boolean,
};

/** A message, decoded, with what is needed to show it. */
export type MessageView = {
  /** The same as in its row. */
  id: MessageId,
  /** The decoded subject; empty where there is none. */
  subject: string,
  /** `From:`. */
  from: Array<Address>,
  /** `Sender:`, where it differs from `From:`. */
  sender: Array<Address>,
  /** `Reply-To:`, where it differs from `From:`. */
  replyTo: Array<Address>,
  /** `To:`. */
  to: Array<Address>,
  /** `Cc:`. */
  cc: Array<Address>,
  /** `Bcc:`. */
  bcc: Array<Address>,
  /**
   * Milliseconds since 1970-01-01 UTC; the server's arrival date where the message has no valid `Date:`, and none
   * where the server told none either.
   */
  date: number | null,
  /** The text. */
  body: MessageBody,
  /** Images that the HTML may draw, by `cid:` or by their location, decoded. Each is among the attachments too. */
  inlineImages: Array<InlineImage>,
  /** Every part that is not text on screen, in the message's order, to download. */
  attachments: Array<Attachment>,
  /** What could not be shown as it was meant. */
  notices: Array<Notice>,
};

/** The text of a message. Both alternatives are given where both are there. */
export type MessageBody = {
  /** `text/plain`, decoded to Unicode, lines ended by `\n`. */
  text: string | null,
  /** `text/html`, decoded to Unicode and otherwise as it came: **not sanitised**. */
  html: string | null,
};

/** A mailbox address (RFC 5322 section 3.4). */
export type Address = {
  /** The decoded display name; empty where there is none. Control and bidi-override characters are removed. */
  name: string,
  /** `local@domain`. */
  address: string,
};

/** A part to download. */
export type Attachment = {
  /** What `Intent::Download` names it by. */
  part: string,
  /** A file name fit for any system; never empty. */
  name: string,
  /** `type/subtype`, lower case. */
  mimeType: string,
  /** The decoded size in bytes, as near as can be told before it is read. */
  size: number,
  /**
   * It is there to be drawn within the HTML: once it was, a list may leave it out. Never true of what the sender
   * called an attachment.
   */
  hideIfDrawn: boolean,
};

/** An image that is part of the HTML. */
export type InlineImage = {
  /** The same part as `Attachment::part`. */
  part: string,
  /** Its `Content-ID` without the angle brackets; empty where it has none. */
  contentId: string,
  /** Its `Content-Location` (RFC 2557), as it stands in the message; empty where it has none. */
  contentLocation: string,
  /**
   * What browsers call it, by its first bytes, whatever the message says: one of `image/png`, `image/jpeg`,
   * `image/gif`, `image/webp`, `image/avif`, `image/bmp`, `image/x-icon`.
   */
  mimeType: string,
  /** The decoded image. */
  bytes: Uint8Array<ArrayBuffer>,
};

/** What could not be shown as it was meant, and what kind of message it is where that is not opened here. */
export type Notice = "truncated" | "brokenStructure" | "unknownCharset" | "tooManyParts" | "signed" | "opaquelySigned" | "encryptedPgp" | "encryptedSmime" | "invitation" | "tnef" | "uuencoded";

/** A download, as the view numbers it: any number not in use. */
export type DownloadId = number;

/** A password. Whoever prints it sees that there is one, never which. */
export type Password = string;

/** Where a session stands. */
export type ImapState = "connecting" | "notAuthenticated" | "authenticated" | "selected" | "closed";

/** How long `connect` and what follows wait, in milliseconds. */
export type ConnectOptions = {
  /** For the server's greeting; 30,000 if it is left out. */
  greetingTimeout?: number | null,
  /**
   * For the answer to a command, counted anew with each part of it that arrives; 60,000 if it is left out. A
   * connection on which it does not come is given up: everything that waits rejects with `timedOut`.
   */
  answerTimeout?: number | null,
  /**
   * How often a server is polled during `idle()` that lacks IDLE, or was found to say nothing in it; 60,000
   * if it is left out.
   */
  pollInterval?: number | null,
};

/** How `login` signs in. */
export type LoginOptions = {
  /** How many iterations of SCRAM the server may ask for. */
  iterations?: ScramIterations | null,
};

/**
 * How many iterations of SCRAM a server may ask for: with another number, nothing is proved to it and the code is
 * `signInRefused`.
 */
export type ScramIterations = {
  /**
   * The fewest; 4,096 if it is left out. With fewer, whoever took the server's place finds the password out of the
   * proof (RFC 7677 section 4).
   */
  min?: number | null,
  /** The most; 1,000,000 if it is left out, which takes a second or two. */
  max?: number | null,
};

/** One certain way to prove that one knows a password. */
export type PasswordMechanism = "scramSha256" | "scramSha1" | "plain" | "login" | "cramMd5";

/** One certain way to sign in by an OAuth 2 token. */
export type TokenMechanism = "oauthbearer" | "xoauth2";

/** Which mailboxes to list. */
export type ListOptions = {
  /** Which names: `*` stands for anything, `%` for anything within one level. All if it is left out. */
  pattern?: string | null,
  /** Which selection of them; all if it is left out. */
  which?: ListedMailboxes | null,
  /** Count the messages of each as well. */
  status?: boolean | null,
  /** Tell what the user may do with each as well. */
  rights?: boolean | null,
  /** Read these METADATA entries of each as well, such as `/private/comment`. */
  metadata?: Array<string> | null,
};

/** Which mailboxes to list (RFC 5258, RFC 6154). */
export type ListedMailboxes = "all" | "subscribed" | "subscribedOrAbove" | "specialUse" | "remote";

/** A mailbox (folder). */
export type ListEntry = {
  /** Its whole name, decoded. */
  name: string,
  /** The hierarchy separator of its name; `null` if there is no hierarchy. */
  delimiter: string | null,
  /** Its attributes as the server gives them: `\Noselect`, `\HasChildren`, `\Sent` and so on. */
  attributes: Array<string>,
  /** Its numbers, if they were asked for and the server gave them. */
  status: MailboxStatus | null,
  /** What the user may do with it, a letter each, if that was asked for and the server reported it. */
  rights: string | null,
  /** The METADATA entries of it that were asked for and that it has. */
  metadata: Record<string, string | null>,
};

/** A mailbox's numbers. What the server did not report is `null`. */
export type MailboxStatus = {
  /** How many messages it has. */
  messages: number | null,
  /** How many of them are unread. */
  unseen: number | null,
  /** The UID that the next message will have at least. */
  uidNext: number | null,
  /** UIDVALIDITY: UIDs may be compared only while this stays the same. */
  uidValidity: number | null,
  /** How many messages the next `expunge` removes (RFC 9051). */
  deleted: number | null,
  /** How many bytes its messages have in all (RFC 8438). */
  size: number | null,
  /** The number of its last change (RFC 7162). */
  highestModSeq: number | null,
  /** Its identifier, which survives a rename (RFC 8474). */
  mailboxId: string | null,
  /** The largest message that it takes, in bytes (RFC 7889). */
  appendLimit: number | null,
  /** How many bytes an `expunge` would free (RFC 9208). */
  deletedStorage: number | null,
};

/** What `status` asks for. */
export type StatusOptions = {
  /**
   * Which numbers; `messages`, `unseen`, `uidNext` and `uidValidity` if it is left out. What the server can't
   * count is left out of the question.
   */
  attributes?: Array<StatusAttribute> | null,
};

/** One of a mailbox's numbers, as [`MailboxStatus`] has it. */
export type StatusAttribute = "messages" | "unseen" | "uidNext" | "uidValidity" | "deleted" | "size" | "highestModSeq" | "mailboxId" | "appendLimit" | "deletedStorage";

/** How to make a mailbox. */
export type CreateOptions = {
  /** What it is for. */
  specialUse?: SpecialUse | null,
};

/** What a mailbox is for (RFC 6154, RFC 8457). */
export type SpecialUse = "all" | "archive" | "drafts" | "flagged" | "important" | "junk" | "sent" | "trash";

/** Where mailboxes lie (RFC 2342). */
export type Namespaces = {
  /** The user's own. */
  personal: Array<NamespaceInfo>,
  /** Those of other users. */
  otherUsers: Array<NamespaceInfo>,
  /** Those shared by many. */
  shared: Array<NamespaceInfo>,
};

/** One place where mailboxes lie. */
export type NamespaceInfo = {
  /** What its mailboxes' names begin with. */
  prefix: string,
  /** The hierarchy separator of their names; `null` if there is no hierarchy. */
  delimiter: string | null,
};

/** A group of mailboxes (RFC 5465, RFC 7377). */
export type MailboxFilter = "selected" | "selectedDelayed" | "inboxes" | "personal" | "subscribed" | {
  "mailboxes": Array<string>
} | {
  "subtree": Array<string>
} | {
  "subtreeOne": Array<string>
};

/** How to open a mailbox. */
export type SelectOptions = {
  /** Change nothing in it (EXAMINE). */
  readOnly?: boolean | null,
  /** Tell what happened since it was last open. */
  changesSince?: ChangesSince | null,
};

/** The mailbox that was opened. */
export type MailboxInfo = {
  /** Its whole name, decoded. */
  name: string,
  /** How many messages it has. */
  exists: number,
  /** UIDVALIDITY: UIDs may be compared only while this stays the same. */
  uidValidity: number | null,
  /** The UID that the next message will have at least. */
  uidNext: number | null,
  /** The flags that it knows. */
  flags: Array<string>,
  /** The flags that can be changed for good; `null` if the server did not say, and then all can. */
  permanentFlags: Array<string> | null,
  /** The sequence number of the first unread message, if the server reports it. */
  firstUnseen: number | null,
  /** The number of its last change (RFC 7162), if the server keeps one. */
  highestModSeq: number | null,
  /** Its identifier, which survives a rename (RFC 8474), if the server has one. */
  mailboxId: string | null,
  /** Nothing can be changed in it. */
  readOnly: boolean,
  /** What happened since, if that was asked for and it is still the same mailbox. */
  changes: MailboxChanges | null,
};

/** What to know of each message. Its UID always comes along. What the server lacks is left out of the question. */
export type FetchQuery = {
  /** Its flags. */
  flags?: boolean | null,
  /** Its header, read by the server: who, when, what about. */
  envelope?: boolean | null,
  /** How it is built. */
  bodyStructure?: boolean | null,
  /** When it arrived at the server. */
  internalDate?: boolean | null,
  /** Its size. */
  size?: boolean | null,
  /** The number of its last change (CONDSTORE, RFC 7162). */
  modSeq?: boolean | null,
  /** The first words of its text (PREVIEW, RFC 8970). */
  preview?: boolean | null,
  /** When it came into this mailbox (SAVEDATE, RFC 8514). */
  saveDate?: boolean | null,
  /** Its identifier, the same in every mailbox (OBJECTID, RFC 8474). */
  emailId?: boolean | null,
  /** Its conversation's identifier (OBJECTID). */
  threadId?: boolean | null,
  /** Gmail's id of it (X-GM-EXT-1, as the next two). */
  gmailMessageId?: boolean | null,
  /** Gmail's id of its conversation. */
  gmailThreadId?: boolean | null,
  /** Gmail's labels on it. */
  gmailLabels?: boolean | null,
  /** Its annotations (ANNOTATE, RFC 5257). */
  annotations?: AnnotationItems | null,
};

/** Which annotations of messages to read (RFC 5257 section 4.3). */
export type AnnotationItems = {
  /** `/comment`, `/*` and the like. */
  entries: Array<string>,
  /** What of each: `value`, `value.priv`, `size.shared` and the like. */
  attributes: Array<string>,
};

/** How to read messages. */
export type FetchOptions = {
  /** Only those in a window of the set, in the order of their UIDs (PARTIAL, RFC 9394; otherwise worked out). */
  partial?: MessageWindow | null,
};

/** How to read a part of a message. */
export type BodyOptions = {
  /**
   * Without the part's transfer encoding (base64, quoted-printable): the server undoes it if it can (BINARY, RFC
   * 3516), else the client does. For parts such as `"1.2"` alone. If it is `false` or left out, the bytes come as
   * they travel. A charset is never decoded.
   */
  decoded?: boolean | null,
};

/** Places in a list, from the first to the last of them. */
export type MessageWindow = {
  /** The first place, from 1. */
  first: number,
  /** The last place, not before the first. */
  last: number,
  /** Count from the end of the list: 1 is its last message. */
  fromEnd?: boolean | null,
};

/** A message. What was not asked for, or not told, is `null`. */
export type FetchedMessage = {
  /** What names it as long as the mailbox keeps its `uidValidity`. */
  uid: number,
  /** Its sequence number, from 1. Changes whenever an earlier message goes. */
  seq: number | null,
  /** Its flags. */
  flags: Array<string> | null,
  /** Its header. */
  envelope: Envelope | null,
  /** How it is built: the root of the tree of its parts. */
  bodyStructure: BodyPart | null,
  /** When it arrived: milliseconds since 1970-01-01 UTC. */
  internalDate: number | null,
  /** Its size in bytes, as the server counts. */
  size: number | null,
  /** The number of its last change. */
  modSeq: number | null,
  /** The first words of its text. */
  preview: string | null,
  /** When it came into this mailbox: milliseconds since 1970-01-01 UTC. */
  saveDate: number | null,
  /** Its identifier. */
  emailId: string | null,
  /** Its conversation's identifier. */
  threadId: string | null,
  /** Gmail's id of it: decimal digits, more than a number holds. */
  gmailMessageId: string | null,
  /** Gmail's id of its conversation: decimal digits. */
  gmailThreadId: string | null,
  /** Gmail's labels on it. */
  gmailLabels: Array<string> | null,
  /** Its annotations: entries, each with its attributes. */
  annotations: Record<string, Record<string, string | null>> | null,
};

/** A message's header, as the server read it. */
export type Envelope = {
  /** The `Date:`, as the sender wrote it. */
  date: string | null,
  /** The decoded subject. */
  subject: string | null,
  /** Who wrote it. */
  from: Array<EnvelopeAddress>,
  /** Who sent it; the same as `from` if the message does not say. */
  sender: Array<EnvelopeAddress>,
  /** Where answers go; the same as `from` if the message does not say. */
  replyTo: Array<EnvelopeAddress>,
  /** To whom. */
  to: Array<EnvelopeAddress>,
  /** Who else got it. */
  cc: Array<EnvelopeAddress>,
  /** Who else got it, hidden from the others. */
  bcc: Array<EnvelopeAddress>,
  /** The message that this one answers. */
  inReplyTo: string | null,
  /** The message's own id, in its angle brackets. */
  messageId: string | null,
};

/** An address of an envelope. */
export type EnvelopeAddress = {
  /** The decoded display name; empty if there is none. */
  name: string,
  /** `local@domain`. */
  address: string,
};

/** A part of a message. */
export type BodyPart = {
  /** What `fetchBody` names it by: `"1.2"`. Empty for a multipart that is the whole message. */
  section: string,
  /** `type/subtype`, lower case. */
  mimeType: string,
  /**
   * The parameters of the type, such as `charset`, decoded (RFC 2231, RFC 2047); names in lower case, without the `*`
   * of RFC 2231.
   */
  parameters: Record<string, string>,
  /** The name of the file that it is, without path and control characters; `null` if none is given. */
  fileName: string | null,
  /** The `Content-ID`, in its angle brackets. */
  id: string | null,
  /** The decoded `Content-Description`. */
  description: string | null,
  /** How it travels: `base64`, `quoted-printable`, `7bit`; lower case. `fetchBody` with `decoded` undoes it. */
  encoding: string | null,
  /** Its size in bytes as it travels. */
  size: number,
  /** How it is meant to be shown. */
  disposition: Disposition | null,
  /** The parts of a multipart, or the body of an embedded message. */
  children: Array<BodyPart>,
};

/** How a part is meant to be shown (RFC 2183). */
export type Disposition = {
  /** `inline`, `attachment`; lower case. */
  kind: string,
  /** Its parameters, such as `filename`, decoded (RFC 2231, RFC 2047); names in lower case, without the `*` of RFC 2231. */
  parameters: Record<string, string>,
};

/** A message as a person reads it. */
export type ReadMessage = {
  /** What names it as long as the mailbox keeps its `uidValidity`. */
  uid: number,
  /** Its header, as the server read it; `null` if it could not. */
  envelope: Envelope | null,
  /** When it arrived: milliseconds since 1970-01-01 UTC. */
  internalDate: number | null,
  /** Its size in bytes, as the server counts. */
  size: number | null,
  /**
   * The subject as the message itself has it, if the server could not take the message apart; else empty, and
   * `envelope` has it.
   */
  subject: string,
  /** Its text, decoded, lines ended by `\n`; `null` if it has only HTML. */
  text: string | null,
  /** Its HTML, decoded and otherwise as it came: **sanitise it** before a page shows it. `null` if it has none. */
  html: string | null,
  /** The images that the HTML draws, with their bytes. */
  inlineImages: Array<InlineImage>,
  /** Every part that is not text on screen, those images too. */
  attachments: Array<Attachment>,
  /** What could not be shown as it was meant. */
  notices: Array<Notice>,
};

/** What `store` does with the flags it is given. */
export type StoreAction = "add" | "remove" | "replace";

/** How to change flags. */
export type StoreOptions = {
  /** The server may keep the outcome to itself. */
  silent?: boolean | null,
};

/** A message's flags, as they are now. */
export type MessageFlags = {
  /** Which message. */
  uid: number,
  /** All of its flags. */
  flags: Array<string>,
  /** The number of its last change (RFC 7162), if the server reports it. */
  modSeq: number | null,
};

/** What became of a change that gave way to those of others. */
export type ConditionalStore = {
  /** The flags of those that the server told of. */
  messages: Array<MessageFlags>,
  /** Those that were left alone, since they changed meanwhile, as a set such as `3:5,9`; `null` if there are none. */
  modified: string | null,
};

/** What messages must be like: all that is said must hold. `true` asks for those that are so, `false` for the others. */
export type SearchQuery = {
  /** It was read. */
  seen?: boolean | null,
  /** It is marked for attention. */
  flagged?: boolean | null,
  /** It was answered. */
  answered?: boolean | null,
  /** The next `expunge` removes it. */
  deleted?: boolean | null,
  /** It is not finished. */
  draft?: boolean | null,
  /** No other session has seen it yet (`IMAP4rev1` alone). */
  recent?: boolean | null,
  /** It has this keyword, such as `$Forwarded`. */
  keyword?: string | null,
  /** In `From:`. */
  from?: string | null,
  /** In `To:`. */
  to?: string | null,
  /** In `Cc:`. */
  cc?: string | null,
  /** In `Bcc:`. */
  bcc?: string | null,
  /** In `Subject:`. */
  subject?: string | null,
  /** In the body. */
  body?: string | null,
  /** In the header or the body. */
  text?: string | null,
  /** In fields of these names; an empty text asks only whether the field is there. */
  header?: Record<string, string> | null,
  /** It arrived on this day or later: `"2026-11-23"`, where the server is; of a `Date`, its day here. */
  since?: string | Date | null,
  /** It arrived on this day. */
  on?: string | Date | null,
  /** It arrived before this day. */
  before?: string | Date | null,
  /** Its `Date:` is of this day or later. */
  sentSince?: string | Date | null,
  /** Its `Date:` is of this day. */
  sentOn?: string | Date | null,
  /** Its `Date:` is before this day. */
  sentBefore?: string | Date | null,
  /** It came into this mailbox on this day or later (SAVEDATE, RFC 8514). */
  savedSince?: string | Date | null,
  /** It came into this mailbox on this day (SAVEDATE). */
  savedOn?: string | Date | null,
  /** It came into this mailbox before this day (SAVEDATE). */
  savedBefore?: string | Date | null,
  /** The mailbox knows when it came in (SAVEDATE). */
  saveDateSupported?: boolean | null,
  /** It arrived more than this many seconds ago (WITHIN, RFC 5032). */
  older?: number | null,
  /** It arrived at most this many seconds ago (WITHIN). */
  younger?: number | null,
  /** It has more bytes. */
  larger?: number | null,
  /** It has fewer bytes. */
  smaller?: number | null,
  /** It is one of these. */
  uid?: number | readonly number[] | string | null,
  /** It has a higher UID. */
  uidAfter?: number | null,
  /** It has a lower UID. */
  uidBefore?: number | null,
  /** It is one of these by sequence number, from 1. Sequence numbers change: prefer `uid`. */
  seq?: number | readonly number[] | string | null,
  /** It is one of those that the last search with `save` found (SEARCHRES, RFC 5182), or none of them. */
  saved?: boolean | null,
  /** It changed at this modification sequence or later (CONDSTORE, RFC 7162). */
  modSeq?: number | null,
  /** The same for one flag alone (CONDSTORE). */
  flagModSeq?: FlagModSeq | null,
  /** It has this identifier (OBJECTID, RFC 8474). */
  emailId?: string | null,
  /** It is in this conversation (OBJECTID). */
  threadId?: string | null,
  /** It has an annotation like this (ANNOTATE, RFC 5257). */
  annotation?: AnnotationQuery | null,
  /** It is like the search that is kept on the server under this name (FILTERS, RFC 5466). */
  filter?: string | null,
  /** As Gmail's own search field has it, such as `has:attachment` (X-GM-EXT-1, as the next three). */
  gmailRaw?: string | null,
  /** It has this id of Gmail's: decimal digits, more than a number holds. */
  gmailMessageId?: string | null,
  /** It is in this conversation of Gmail's: decimal digits. */
  gmailThreadId?: string | null,
  /** It has this label of Gmail's. */
  gmailLabel?: string | null,
  /** It is more or less like this, as the server sees it (SEARCH=FUZZY, RFC 6203); exactly, if it can't. */
  fuzzy?: SearchQuery | null,
  /** It is not like this. */
  not?: SearchQuery | null,
  /** It is like at least one of these. */
  or?: readonly SearchQuery[] | null,
  /** It is like all of these: for what can't be said twice in one query. */
  and?: readonly SearchQuery[] | null,
};

/** A change of one flag (RFC 7162 section 3.1.5). */
export type FlagModSeq = {
  /** Which flag, such as `\Seen`. */
  flag: string,
  /** When it changed, at the earliest. */
  modSeq: number,
};

/** Text in an annotation of a message (RFC 5257 section 4.8). */
export type AnnotationQuery = {
  /** Which annotations: `/comment`; `*` and `%` are wildcards. */
  entry: string,
  /** What of them: `value`, `value.priv`, `value.shared`. */
  attribute: string,
  /** The text. */
  text: string,
};

/** What to tell of the messages that were found. Nothing at all is the same as `all`. */
export type SearchReturns = {
  /** All of them. */
  all?: boolean | null,
  /** The lowest UID, or the first of a sort. */
  min?: boolean | null,
  /** The highest UID, or the last of a sort. */
  max?: boolean | null,
  /** How many there are. */
  count?: boolean | null,
  /** Those in a window of the list (RFC 9394). */
  partial?: MessageWindow | null,
  /** How well each matches (RFC 6203). Empty if the server can't. */
  relevancy?: boolean | null,
  /** Nothing: the server keeps it for `{ saved: true }` in the next query (RFC 5182), if it can. */
  save?: boolean | null,
  /** What changes in it later, as `searchUpdate` events, until `cancelUpdate` or the mailbox is closed (RFC 5267). */
  update?: boolean | null,
};

/** What was found: as much as was asked for, and otherwise `null`. */
export type SearchResult = {
  /** All UIDs: ascending after a search, in its order after a sort. */
  all: Array<number> | null,
  /** The lowest UID, or the first of a sort; `null` if nothing was found. */
  min: number | null,
  /** The highest UID, or the last of a sort; `null` if nothing was found. */
  max: number | null,
  /** How many there are. */
  count: number | null,
  /** The UIDs in the window. */
  partial: Array<number> | null,
  /** The highest modification sequence of what was found, after a search for one (RFC 7162). */
  modSeq: number | null,
  /** How well each matches, from 1 to 100, in the order of `all` or `partial`. */
  relevancy: Array<number>,
  /** Names this result in `searchUpdate` events; `null` if it is not kept up to date. */
  context: string | null,
};

/** What was found in one of several mailboxes. */
export type FoundInMailbox = {
  /** Which mailbox. */
  mailbox: string,
  /** Its UIDVALIDITY: UIDs may be compared only while this stays the same. */
  uidValidity: number | null,
  /** All UIDs, as a set such as `3:5,9`; `null` if they were not asked for, or there are none. */
  all: string | null,
  /** The lowest UID. */
  min: number | null,
  /** The highest UID. */
  max: number | null,
  /** How many there are. */
  count: number | null,
};

/** Which batches `uidBatches` is to tell. */
export type UidBatchOptions = {
  /** The first one, from 1, which has the newest messages; 1 if it is left out. */
  first?: number | null,
  /** The last one; the one with the oldest messages if it is left out. */
  last?: number | null,
};

/** How to store a message. */
export type AppendOptions = {
  /** The flags that it begins with, such as `\Seen` and `\Draft`. */
  flags?: Array<string> | null,
  /** When it was received: a `Date`, or milliseconds since 1970-01-01 UTC; now if it is left out. */
  received?: number | Date | null,
  /** What kind of bytes it is made of; `text` if it is left out. */
  form?: MessageForm | null,
};

/** What kind of bytes a message is made of. */
export type MessageForm = "text" | "binary" | "utf8";

/** Where stored messages are. */
export type AppendedMessages = {
  /** The UIDVALIDITY of that mailbox; `null` if the server did not report it. */
  uidValidity: number | null,
  /** The UIDs, as a set such as `7:9`; `null` if the server did not report it: search for the `Message-ID`. */
  uids: string | null,
};

/** Where messages went: the first UID of `from` became the first of `to`, and so on. */
export type CopiedMessages = {
  /** The UIDVALIDITY of the other mailbox. */
  uidValidity: number,
  /** What they were, as a set such as `3:5,9`. */
  from: string,
  /** What they are in the other mailbox. */
  to: string,
};

/** What is done already of a call that failed halfway. */
export type PartlyDone = {
  /** Of `append`, `appendAll` and `replace`: what is stored. */
  appended: AppendedMessages | null,
  /** Of `copy` and `move`: what is in the other mailbox; `null` if the server did not report it. */
  copied: CopiedMessages | null,
};

/** One thing that messages are compared by. If it is the same, the next one counts. */
export type SortCriterion = {
  /** What is compared. */
  by: SortBy,
  /** The largest, newest or last of the alphabet first. */
  descending?: boolean | null,
};

/** What messages are compared by (RFC 5256, RFC 5957). */
export type SortBy = "arrival" | "date" | "size" | "subject" | "from" | "to" | "cc" | "displayFrom" | "displayTo";

/** How `thread` joins messages. */
export type ThreadOptions = {
  /** What makes messages one conversation; `references` if it is left out. */
  by?: ThreadBy | null,
};

/** What makes messages one conversation (RFC 5256). */
export type ThreadBy = "references" | "refs" | "orderedSubject";

/** A message in its conversation. Each comes after the one that it answers; a conversation begins at depth 0. */
export type ThreadedMessage = {
  /** Which; `null` if the message is known only by those that answer it. */
  uid: number | null,
  /** How many messages stand above it. */
  depth: number,
};

/** What is known of a mailbox from before. */
export type ChangesSince = {
  /** Its `uidValidity` then. */
  uidValidity: number,
  /** Its `highestModSeq` then. */
  modSeq: number,
  /** The messages that are known; all that there may be if it is left out. */
  known?: number | readonly number[] | string | null,
};

/** What happened in a mailbox while it was not open. */
export type MailboxChanges = {
  /** The flags of those messages that are new or changed. */
  messages: Array<MessageFlags>,
  /** Those that are gone, as sets such as `3:5,9`. They may never have been there. */
  vanished: Array<string>,
};

/** A quota root: how much of what is used (RFC 9208). */
export type Quota = {
  /** The root's name; often empty. */
  root: string,
  /** Each thing that is limited there. */
  resources: Array<QuotaResource>,
};

/** One thing that is limited. */
export type QuotaResource = {
  /** `STORAGE` (in units of 1,024 bytes), `MESSAGE`, `MAILBOX` or another, in upper case. */
  name: string,
  /** Taken. */
  usage: number,
  /** The most that may be taken. */
  limit: number,
};

/** What somebody may do with a mailbox (RFC 4314). */
export type AclEntry = {
  /** A user, `anyone`, or a group from the server; with a `-` before it, the rights are taken away. */
  identifier: string,
  /**
   * A letter each: `l` see it, `r` read, `s` mark as read, `w` mark otherwise, `i` put in, `k` make mailboxes
   * below, `x` remove it, `t` mark as deleted, `e` expunge, `a` change rights, `p` post.
   */
  rights: string,
};

/** What somebody may be allowed to do with a mailbox (RFC 4314 section 3.4), a letter each. */
export type GrantableRights = {
  /** What they may do anyway. */
  required: string,
  /** What they may be given; the letters of one entry go together. */
  optional: Array<string>,
};

/** How much of a mailbox's METADATA to read. */
export type MetadataOptions = {
  /** Values of more bytes are left out. */
  maxSize?: number | null,
  /** How far below each entry to go. */
  depth?: MetadataDepth | null,
};

/** How far below an entry to go (RFC 5464). */
export type MetadataDepth = "entry" | "children" | "subtree";

/** How `idle` waits. */
export type IdleOptions = {
  /**
   * When to leave IDLE and enter it again, in milliseconds, so that a dead link shows; 300,000 (five minutes) if it
   * is left out, and 28 minutes at most.
   */
  renewAfter?: number | null,
};

/** How to begin with `notify`. */
export type NotifyOptions = {
  /** Tell the numbers of all these mailboxes to begin with. */
  status?: boolean | null,
};

/** What the server is to report unsolicited of a group of mailboxes (RFC 5465). */
export type NotifyWatch = {
  /** The mailboxes that this is about. */
  mailboxes: MailboxFilter,
  /** What. `messageExpunge` goes together with `messageNew`, and `flagChange` and `annotationChange` need both. */
  events: Array<WatchedEvent>,
};

/** One kind of event. */
export type WatchedEvent = "messageNew" | "messageExpunge" | "flagChange" | "annotationChange" | "mailboxName" | "subscriptionChange" | "mailboxMetadataChange" | "serverMetadataChange";

/** Something that happened. */
export type MailboxEvent = {
  "type": "exists",
  /** All of them. */
  count: number,
} | {
  "type": "expunge",
  /** Its sequence number. */
  seq: number,
} | {
  "type": "vanished",
  /** Their UIDs, as a set such as `3:5,9`. */
  uids: string,
} | {
  "type": "flags",
  /** Its sequence number. */
  seq: number,
  /** Its UID, if the server reports it. */
  uid: number | null,
  /** All of its flags. */
  flags: Array<string>,
} | {
  "type": "status",
  /** Which mailbox. */
  mailbox: string,
  /** Those of its numbers that the server reported. */
  status: MailboxStatus,
} | {
  "type": "mailbox",
  /** What it is now; `\\NonExistent` among its attributes if it is gone. */
  entry: ListEntry,
} | {
  "type": "metadata",
  /** Which mailbox. */
  mailbox: string,
  /** The entries' names. */
  entries: Array<string>,
} | {
  "type": "searchUpdate",
  /** The `context` of the result. */
  context: string,
  /** Messages that came in. */
  added: Array<ResultChange>,
  /** Messages that went out. */
  removed: Array<ResultChange>,
} | {
  "type": "notifyOverflow"
} | {
  "type": "missed"
};

/** Messages that came into the result of a search, or went out of it (RFC 5267 section 4.3). */
export type ResultChange = {
  /** The place in the result, from 1; 0 if there is no order. */
  place: number,
  /** Their UIDs, as a set such as `3:5,9`. */
  uids: string,
};

/** What went wrong. A code never changes its meaning; new ones may come. */
export type ImapErrorCode =
  /** The proxy itself could not be reached: no network, a wrong address, or the proxy is down. */
  | "proxyUnreachable"
  /** The proxy could not reach the mail server. */
  | "serverUnreachable"
  /** The mail server's certificate is not to be trusted. */
  | "certificateUntrusted"
  /** TLS to the mail server failed otherwise. */
  | "tlsFailed"
  /** The mail server offers no STARTTLS, refuses it, or something was injected before it. */
  | "starttlsMissing"
  /** The proxy or the server has too many connections of this user or address. */
  | "tooMany"
  /** The proxy knows no mail server of that name, or refuses this page's origin. */
  | "notAllowed"
  /** The connection was there and is gone. */
  | "connectionLost"
  /** The server ended the session with BYE. */
  | "serverEnded"
  /** The server broke the protocol; the connection was closed. */
  | "serverMisbehaved"
  /** The server was silent for too long. */
  | "timedOut"
  /** This client was closed, freed or logged out. */
  | "closed"
  /** The server refused the user name or the password. */
  | "wrongPassword"
  /** The server refused the OAuth token: get another one. `response` has its words. */
  | "tokenRefused"
  /** The server lets nobody in now, or not in this way; or in one that is not safe. */
  | "signInRefused"
  /** The server understood and would not (NO). */
  | "refused"
  /** The server did not understand (BAD). */
  | "bad"
  /** The server lacks what was asked for. */
  | "unsupported"
  /** The message is larger than the server takes, or there is no room for it. */
  | "tooLarge"
  /** Part of it is done, which `done` tells, and the rest is not: to ask for the same again would do that part twice. */
  | "partial"
  /** The server's answer could not be read. */
  | "unreadable"
  /** The message, the part or the mailbox is not there. */
  | "gone"
  /** An argument is wrong. Nothing was sent. */
  | "invalidArgument"
  /** It can't be asked in this state: sign in or select a mailbox first, or do it before; `message` says which. Nothing was sent. Also before `init()` of the package. */
  | "wrongState"
  /** More is waiting than the client holds. Nothing was sent. */
  | "busy";
