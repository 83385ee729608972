//! What the page knows, as a pure function of what it was told: `apply(state, events)` and nothing else changes it.
//!
//! A state is never edited. What an event did not touch stays the same object, so a view that holds it has
//! nothing to do. Rows can be 100,000: their array is copied at most once a batch.

import type {
  DownloadId,
  Flags,
  ListState,
  MailboxId,
  MailboxRow,
  MessageId,
  MessageRow,
  MessageView,
  Problem,
  ProblemCode,
  Session,
  Update,
} from "postern-client/types";

/** Everything the views draw. */
export type State = {
  readonly session: Session;
  /** When the next try is due, in milliseconds as `now` counts; none while one is under way or none is needed. */
  readonly retryAt: number | null;
  readonly mailboxes: readonly MailboxRow[];
  /** The open mailbox. */
  readonly list: List | null;
  /** The open message. */
  readonly message: Opened | null;
  readonly downloads: readonly Download[];
  /** What went wrong and was not yet put away, oldest first. */
  readonly failures: readonly Failure[];
  /** What the server is troubled with, though nobody asked for it just now, and was not yet put away: no two alike. */
  readonly troubles: readonly Failure[];
  /** What the mail server wants its user to see and was not yet put away: its own words, no two alike. */
  readonly alerts: readonly string[];
  /** The newest arrival, to announce; a new object each time. */
  readonly news: Extract<Update, { type: "newMail" }> | null;
};

/** The open mailbox's rows, newest first. */
export type List = {
  readonly mailbox: MailboxId;
  /** None until the engine has answered; changes that name another one are dropped. */
  readonly generation: number | null;
  readonly state: ListState;
  /** As long as the mailbox; a row that is not known yet is undefined. */
  readonly rows: readonly (MessageRow | undefined)[];
};

/** The message that is being read. */
export type Opened = {
  readonly id: MessageId;
  readonly flags: Flags | null;
  /** The list's row at the time it was opened: what to show until the message is here. */
  readonly row: MessageRow | null;
  readonly content:
    | { readonly state: "loading"; readonly received: number; readonly total: number }
    | { readonly state: "ready"; readonly view: MessageView }
    | { readonly state: "failed"; readonly problem: Problem };
};

/** An attachment on its way to the disk. */
export type Download = {
  readonly id: DownloadId;
  readonly message: MessageId;
  readonly part: string;
  readonly name: string;
  readonly size: number;
  readonly received: number;
  readonly state: "running" | "done" | "failed";
  readonly problem: PageProblem | null;
};

/** A problem that the engine told of, or one of the page's own. */
export type PageProblem = { readonly code: ProblemCode | OwnProblemCode; readonly detail: string };

/** What goes wrong in the page itself: the engine's words for the rest are `ProblemCode`. */
export type OwnProblemCode =
  /** The page's server answers, but no WebSocket comes through. */
  | "socketsBlocked"
  /** An update could not be shown. */
  | "notShown"
  /** Something asked or told was lost between the page and its worker. */
  | "lost"
  /** The browser would not take a file. */
  | "notSaved";

/** A problem that is shown until it is put away. */
export type Failure = { readonly id: number; readonly problem: PageProblem };

/** What the view itself did. The engine hears of it as an intent; the state shows it at once. */
export type ViewEvent =
  | { type: "mailboxOpened"; mailbox: MailboxId }
  | { type: "messageOpened"; message: MessageId }
  | { type: "messageClosed" }
  | { type: "downloadStarted"; download: Omit<Download, "received" | "state" | "problem"> }
  | { type: "downloadForgotten"; download: DownloadId }
  | { type: "downloadNotSaved"; download: DownloadId; detail: string }
  | { type: "lost"; detail: string }
  | { type: "failureForgotten"; id: number }
  | { type: "troubleForgotten"; id: number }
  | { type: "alertForgotten"; text: string };

/** All that changes a state. */
export type Event = Update | ViewEvent;

/** Before anything was said. */
export const EMPTY: State = {
  session: { state: "signedOut", problem: null },
  retryAt: null,
  mailboxes: [],
  list: null,
  message: null,
  downloads: [],
  failures: [],
  troubles: [],
  alerts: [],
  news: null,
};

/**
 * The state after these events, in order. `now` is milliseconds on any clock that the caller keeps to. An event that
 * can't be applied costs itself and nothing else; it is told as a failure.
 */
export function apply(state: State, events: readonly Event[], now: number): State {
  const rows = new RowsDraft();
  let next = state;
  for (const event of events) {
    try {
      next = step(next, event, now, rows);
    } catch (error) {
      const problem = { code: "notShown", detail: `${event?.type}: ${error}` } as const;
      next = { ...next, failures: withFailure(next.failures, problem) };
    }
  }
  return next;
}

function step(state: State, event: Event, now: number, draft: RowsDraft): State {
  switch (event.type) {
    case "session":
      return withSession(state, event.session, now);
    case "mailboxes":
      return { ...state, mailboxes: event.mailboxes };
    case "mailboxCounts":
      return { ...state, mailboxes: state.mailboxes.map((row) => withCounts(row, event)) };
    case "list":
      return { ...state, list: started(event, state.list) };
    case "splice":
      return withList(state, event.generation, (list) => spliced(list, event, draft));
    case "rows":
      return withRows(state, event, draft);
    case "flagsChanged":
      return withFlags(state, event.message, event.flags, draft);
    case "newMail":
      return { ...state, news: event };
    case "messageProgress":
      return withContent(state, event.message, (content) =>
        content.state === "loading"
          ? { state: "loading", received: event.received, total: event.total }
          : content,
      );
    case "message":
      return withContent(state, event.message.id, () => ({ state: "ready", view: event.message }));
    case "messageFailed":
      return withContent(state, event.message, () => ({ state: "failed", problem: event.problem }));
    case "downloadChunk":
      return withDownload(state, event.download, (one) => ({
        ...one,
        received: one.received + event.bytes.byteLength,
      }));
    case "downloadDone":
      return withDownload(state, event.download, (one) => ({ ...one, state: "done" }));
    case "downloadFailed":
      return withDownload(state, event.download, (one) => ({
        ...one,
        state: "failed",
        problem: event.problem,
      }));
    case "actionFailed":
      return { ...state, failures: withFailure(state.failures, event.problem) };
    case "trouble":
      return { ...state, troubles: withTrouble(state.troubles, event.problem) };
    case "alert":
      return { ...state, alerts: [...state.alerts, event.text] };
    case "mailboxOpened":
      return { ...state, list: opening(event.mailbox) };
    case "messageOpened":
      return { ...state, message: opened(state, event.message) };
    case "messageClosed":
      return { ...state, message: null };
    case "downloadStarted":
      return {
        ...state,
        downloads: [...state.downloads, { ...event.download, received: 0, state: "running", problem: null }],
      };
    case "downloadForgotten":
      return { ...state, downloads: state.downloads.filter((one) => one.id !== event.download) };
    case "downloadNotSaved":
      return withDownload(state, event.download, (one) => ({
        ...one,
        state: "failed",
        problem: { code: "notSaved", detail: event.detail },
      }));
    case "lost":
      return { ...state, failures: withFailure(state.failures, { code: "lost", detail: event.detail }) };
    case "failureForgotten":
      return { ...state, failures: state.failures.filter((one) => one.id !== event.id) };
    case "troubleForgotten":
      return { ...state, troubles: state.troubles.filter((one) => one.id !== event.id) };
    case "alertForgotten":
      return { ...state, alerts: state.alerts.filter((text) => text !== event.text) };
    default:
      // Of an engine that is newer than this page.
      return state;
  }
}

function withSession(state: State, session: Session, now: number): State {
  // Whoever signed out leaves nothing on the screen for who comes next. Who could not come in learns why.
  if (session.state === "signedOut")
    return { ...EMPTY, session, alerts: session.problem === null ? [] : state.alerts };
  if (session.state === "signingIn") return { ...EMPTY, session };
  const waits = session.state === "reconnecting" && session.retryIn > 0;
  return { ...state, session, retryAt: waits ? now + session.retryIn : null };
}

function withCounts(row: MailboxRow, counts: Extract<Update, { type: "mailboxCounts" }>): MailboxRow {
  return row.id === counts.mailbox ? { ...row, total: counts.total, unread: counts.unread } : row;
}

function opening(mailbox: MailboxId): List {
  return { mailbox, generation: null, state: "loading", rows: [] };
}

function started(event: Extract<Update, { type: "list" }>, before: List | null): List {
  const { mailbox, generation, state, total } = event;
  if (before?.generation === generation) return { ...before, state };
  return { mailbox, generation, state, rows: unknown(total) };
}

/** The one place where what comes too late is dropped. */
function withList(state: State, generation: number, change: (list: List) => List): State {
  if (state.list === null || state.list.generation !== generation) return state;
  return { ...state, list: change(state.list) };
}

function spliced(list: List, event: Extract<Update, { type: "splice" }>, draft: RowsDraft): List {
  const { at, removed, inserted } = event;
  const rows = list.rows.slice(0, at).concat(unknown(inserted), list.rows.slice(at + removed));
  return { ...list, rows: draft.adopt(rows) };
}

function withRows(state: State, event: Extract<Update, { type: "rows" }>, draft: RowsDraft): State {
  const next = withList(state, event.generation, (list) => {
    const rows = draft.of(list);
    event.rows.forEach((row, index) => {
      // A row beyond the end would be an engine's mistake; it must not make the list longer.
      if (event.first + index < rows.length) rows[event.first + index] = row;
    });
    return { ...list, rows: draft.adopt(rows) };
  });
  const open = next.message;
  const row = open && next !== state ? event.rows.find((one) => one.id === open.id) : undefined;
  return open && row ? { ...next, message: { ...open, flags: row.flags } } : next;
}

function withFlags(state: State, message: MessageId, flags: Flags, draft: RowsDraft): State {
  let { list, message: open } = state;
  if (list) {
    const at = draft.find(list, message);
    const rows = draft.of(list);
    const row = rows[at];
    if (row) {
      rows[at] = { ...row, flags };
      list = { ...list, rows };
    }
  }
  if (open?.id === message) open = { ...open, flags };
  return { ...state, list, message: open };
}

function opened(state: State, id: MessageId): Opened {
  const row = state.list?.rows.find((one) => one?.id === id) ?? null;
  return { id, row, flags: row?.flags ?? null, content: { state: "loading", received: 0, total: 0 } };
}

function withContent(
  state: State,
  id: MessageId,
  change: (content: Opened["content"]) => Opened["content"],
): State {
  // The user has gone on to another message meanwhile.
  if (state.message?.id !== id) return state;
  return { ...state, message: { ...state.message, content: change(state.message.content) } };
}

function withDownload(state: State, id: DownloadId, change: (download: Download) => Download): State {
  return { ...state, downloads: state.downloads.map((one) => (one.id === id ? change(one) : one)) };
}

function withFailure(failures: readonly Failure[], problem: PageProblem): readonly Failure[] {
  const id = (failures.at(-1)?.id ?? 0) + 1;
  return [...failures, { id, problem }].slice(-FAILURES_SHOWN);
}

/** The same trouble is told once; put away, it may come again. */
function withTrouble(troubles: readonly Failure[], problem: Problem): readonly Failure[] {
  const { code, detail } = problem;
  if (troubles.some((one) => one.problem.code === code && one.problem.detail === detail)) return troubles;
  return withFailure(troubles, problem);
}

function unknown(count: number): undefined[] {
  return new Array(Math.min(count, ROWS_MAX)).fill(undefined);
}

/** The rows of one batch: copied at the first change, edited in place after that. */
class RowsDraft {
  #rows: (MessageRow | undefined)[] | null = null;
  #positions: Map<MessageId, number> | null = null;

  /** The list's rows, free to be edited. */
  of(list: List): (MessageRow | undefined)[] {
    return this.#rows === list.rows ? this.#rows : this.adopt([...list.rows]);
  }

  /** Rows that belong to this batch, after they moved. */
  adopt(rows: (MessageRow | undefined)[]): (MessageRow | undefined)[] {
    this.#rows = rows;
    this.#positions = null;
    return rows;
  }

  /** Where the message stands, or -1. A thousand flags in one batch look through the rows once. */
  find(list: List, message: MessageId): number {
    if (this.#rows !== list.rows || this.#positions === null) {
      const rows = this.of(list);
      this.#positions = new Map(rows.flatMap((row, index) => (row ? [[row.id, index] as const] : [])));
    }
    return this.#positions.get(message) ?? -1;
  }
}

const FAILURES_SHOWN = 3;

// A server may claim 4,294,967,295 messages; browsers lay out some 17 million pixels of list (security.md S1).
export const ROWS_MAX = 250_000;
