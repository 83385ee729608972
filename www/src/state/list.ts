//! The open mailbox's rows, newest first, in pages of a hundred: a row that changes costs its page and not the mailbox,
//! and what was never fetched costs nothing.

import type { Flags, ListState, MailboxId, MessageId, MessageRow, Update } from "postern-client/types";
import { type Event, endsSession, type Reducer } from "./event";

export type List = {
  readonly mailbox: MailboxId;
  /** Null until the engine has answered; changes that name another one are dropped. */
  readonly generation: number | null;
  readonly state: ListState;
  /** How many rows there are, known or not. */
  readonly length: number;
  readonly pages: Pages;
};

/** By number: page 3 holds the rows from 300 on. A page of which nothing is known is not there. */
export type Pages = ReadonlyMap<number, Page>;

/** A row that is not known yet is undefined. */
export type Page = readonly (MessageRow | undefined)[];

export const list: Reducer<List | null> = (slice, event) => {
  if (endsSession(event)) return null;
  switch (event.type) {
    case "mailboxOpened":
      return { mailbox: event.mailbox, generation: null, state: "loading", length: 0, pages: NO_PAGES };
    case "list":
      return started(slice, event);
    case "splice":
      return isCurrent(slice, event) ? spliced(slice, event) : slice;
    case "rows":
      return isCurrent(slice, event) ? placed(slice, event) : slice;
    case "flagsChanged":
      return slice && flagged(slice, event.message, event.flags);
    default:
      return slice;
  }
};

/** The row at a position; undefined where it is not known. */
export function rowAt(list: List | null, at: number): MessageRow | undefined {
  return list?.pages.get(Math.floor(at / PAGE))?.[at % PAGE];
}

/** Where a message stands among the known rows, or -1. */
export function positionOf(list: List | null, message: MessageId): number {
  if (list === null) return -1;
  let found = POSITIONS.get(list.pages);
  if (found === undefined) {
    found = new Map();
    for (const [at, row] of known(list)) found.set(row.id, at);
    POSITIONS.set(list.pages, found);
  }
  return found.get(message) ?? -1;
}

/** Every known row with its position. */
export function* known(list: List | null): Generator<[at: number, row: MessageRow]> {
  for (const [number, page] of list?.pages ?? NO_PAGES) {
    for (const [index, row] of page.entries()) if (row) yield [number * PAGE + index, row];
  }
}

/** The one place where what comes too late is dropped. */
export function isCurrent(list: List | null, event: Extract<Event, { generation: number }>): list is List {
  if (event.type === "list") return list === null || list.mailbox === event.mailbox;
  return list !== null && list.generation === event.generation;
}

function started(slice: List | null, event: Of<"list">): List | null {
  if (!isCurrent(slice, event)) return slice;
  const { mailbox, generation, state, total } = event;
  if (slice?.generation === generation) return { ...slice, state };
  if (!(total >= 0)) throw new RangeError(`a list of ${total} rows`);
  return { mailbox, generation, state, length: Math.min(total, ROWS_MAX), pages: NO_PAGES };
}

function spliced(slice: List, { at, removed, inserted }: Of<"splice">): List {
  const gone = Math.min(removed, Math.max(0, slice.length - at));
  const by = Math.min(inserted, ROWS_MAX) - gone;
  const draft = new Draft(new Map());
  for (const [position, row] of known(slice)) {
    if (position < at) draft.put(position, row);
    else if (position >= at + gone) draft.put(position + by, row);
  }
  return { ...slice, length: slice.length + by, pages: draft.pages };
}

function placed(slice: List, { first, rows }: Of<"rows">): List {
  const draft = new Draft(new Map(slice.pages));
  rows.forEach((row, index) => {
    // A row beyond the end would be an engine's mistake; it must not make the list longer.
    if (first + index < slice.length) draft.put(first + index, row);
  });
  return { ...slice, pages: draft.pages };
}

function flagged(slice: List, message: MessageId, flags: Flags): List {
  const at = positionOf(slice, message);
  const row = rowAt(slice, at);
  if (!row) return slice;
  const draft = new Draft(new Map(slice.pages));
  draft.put(at, { ...row, flags });
  // Nothing moved: a thousand flags in one batch look through the rows once.
  const positions = POSITIONS.get(slice.pages);
  if (positions) POSITIONS.set(draft.pages, positions);
  return { ...slice, pages: draft.pages };
}

/** Pages that are being made: each one is copied before its first change. */
class Draft {
  readonly pages: Map<number, Page>;
  readonly #own = new Map<number, (MessageRow | undefined)[]>();

  constructor(pages: Map<number, Page>) {
    this.pages = pages;
  }

  put(at: number, row: MessageRow): void {
    const number = Math.floor(at / PAGE);
    let page = this.#own.get(number);
    if (page === undefined) {
      page = [...(this.pages.get(number) ?? new Array<undefined>(PAGE).fill(undefined))];
      this.#own.set(number, page);
      this.pages.set(number, page);
    }
    page[at % PAGE] = row;
  }
}

type Of<Type extends Update["type"]> = Extract<Update, { type: Type }>;

/** Where each message stands in these pages: found out once somebody asks. Pages never change, so neither does this. */
const POSITIONS = new WeakMap<Pages, Map<MessageId, number>>();

const NO_PAGES: Pages = new Map();

export const PAGE = 100;

// A server may claim 4,294,967,295 messages; browsers lay out some 17 million pixels of list (security.md S1).
export const ROWS_MAX = 250_000;
