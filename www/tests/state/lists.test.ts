//! The list in pages: what changes, what stays the same object, and what never comes late.

import type { Flags, MessageRow, Update } from "postern-client/types";
import { describe, expect, it } from "vitest";
import { apply, EMPTY } from "../../src/state/apply";
import type { Event } from "../../src/state/event";
import { PAGE, positionOf, rowAt } from "../../src/state/list";
import { cursorAt, flagsOf, targets } from "../../src/state/selection";
import type { State } from "../../src/state/state";

const UNREAD: Flags = { seen: false, flagged: false, answered: false, forwarded: false, draft: false };
const READ: Flags = { ...UNREAD, seen: true };

describe("pages", () => {
  it("are there only for what was fetched", () => {
    const state = stateAfter(opened(100_000), rows(250, 1));
    expect([...(state.list?.pages.keys() ?? [])]).toEqual([2]);
  });

  it("of what did not change stay the same object", () => {
    const before = stateAfter(opened(1_000), rows(0, 10), rows(500, 10));
    const now = apply(before, [{ type: "flagsChanged", message: 500, flags: READ }], 0);
    expect(now.list?.pages.get(0)).toBe(before.list?.pages.get(0));
    expect(now.list?.pages.get(5)).not.toBe(before.list?.pages.get(5));
  });

  it("keep rows that cross from one to the next when others come above them", () => {
    const state = stateAfter(opened(300), rows(0, 2 * PAGE), splice(50, 0, 3));
    for (const at of [0, 49, 53, PAGE + 2, PAGE + 3, 2 * PAGE + 2]) {
      const expected = at < 50 ? at : at - 3;
      expect(rowAt(state.list, at)?.id).toBe(expected);
      expect(positionOf(state.list, expected)).toBe(at);
    }
    expect([50, 51, 52].map((at) => rowAt(state.list, at))).toEqual([undefined, undefined, undefined]);
    expect(state.list?.length).toBe(303);
  });

  it("keep rows that cross back when others go above them", () => {
    const state = stateAfter(opened(300), rows(0, 2 * PAGE), splice(10, 95, 0));
    expect(rowAt(state.list, 9)?.id).toBe(9);
    expect(rowAt(state.list, 10)?.id).toBe(105);
    expect(rowAt(state.list, PAGE + 4)?.id).toBe(199);
    expect(state.list?.length).toBe(205);
  });
});

describe("what nothing changed in", () => {
  it("is the same object: each slice, and the whole", () => {
    const before = stateAfter(opened(10), rows(0, 3), { type: "pointed", at: 1 });
    expect(apply(before, [rows(0, 3, 99)], 0)).toBe(before);
    const now = apply(before, [{ type: "mailboxCounts", mailbox: 1, total: 10, unread: 2 }], 0);
    expect(now.list).toBe(before.list);
    expect(now.selection).toBe(before.selection);
    expect(now.notices).toBe(before.notices);
  });
});

describe("a list that comes late", () => {
  it("is not taken for the mailbox that is open by then", () => {
    const state = stateAfter({ type: "mailboxOpened", mailbox: 2 }, opened(7));
    expect(state.list).toMatchObject({ mailbox: 2, generation: null, length: 0 });
  });
});

describe("the keyboard's row", () => {
  it("stays on its message when others come above it", () => {
    const state = stateAfter(opened(10), rows(0, 5), { type: "pointed", at: 2 }, splice(0, 0, 1));
    expect(cursorAt(state.selection, state.list)).toBe(3);
  });

  it("stays where it was when its message goes, on what took its place", () => {
    const state = stateAfter(opened(10), rows(0, 5), { type: "pointed", at: 2 }, splice(2, 1, 0));
    expect(cursorAt(state.selection, state.list)).toBe(2);
  });

  it("is the last one when all behind it went", () => {
    const state = stateAfter(opened(5), rows(0, 5), { type: "pointed", at: 4 }, splice(2, 3, 0));
    expect(cursorAt(state.selection, state.list)).toBe(1);
  });
});

describe("a selection", () => {
  it("goes from the last one on when it is a range, and is nothing once it is cleared", () => {
    const range = stateAfter(
      opened(10),
      rows(0, 6),
      { type: "toggled", at: 1, range: false },
      { type: "toggled", at: 3, range: true },
    );
    expect([...range.selection.ids]).toEqual([1, 2, 3]);
    expect(targets(range)).toEqual([1, 2, 3]);
    expect(apply(range, [{ type: "selectionCleared" }], 0).selection.ids.size).toBe(0);
  });

  it("takes back what was selected", () => {
    const twice = { type: "toggled", at: 1, range: false } as const;
    expect(stateAfter(opened(10), rows(0, 6), twice, twice).selection.ids.size).toBe(0);
  });

  it("ends with its mailbox", () => {
    const state = stateAfter(
      opened(10),
      rows(0, 6),
      { type: "toggled", at: 1, range: false },
      { type: "mailboxOpened", mailbox: 2 },
    );
    expect(state.selection.ids.size).toBe(0);
  });

  it("gives way to the open message, and that to the keyboard's row", () => {
    const pointed = stateAfter(opened(10), rows(0, 6), { type: "pointed", at: 4 });
    expect(targets(pointed)).toEqual([4]);
    const read = apply(pointed, [{ type: "messageOpened", message: 2 }], 0);
    expect(targets(read)).toEqual([2]);
    expect(targets(apply(read, [{ type: "toggled", at: 5, range: false }], 0))).toEqual([5]);
  });

  it("knows the flags of an open message that is listed no longer", () => {
    const state = stateAfter(opened(3), rows(0, 3), { type: "messageOpened", message: 2 }, splice(2, 1, 0));
    expect(flagsOf(state, [2])).toEqual([UNREAD]);
  });
});

function stateAfter(...events: Event[]): State {
  return apply(EMPTY, events, 0);
}

function opened(total: number): Update {
  return { type: "list", mailbox: 1, generation: 7, total, state: "ready" };
}

/** So many rows from here on; each message is called after its position. */
function rows(first: number, count: number, generation = 7): Update {
  const all = Array.from({ length: count }, (_, index) => row(first + index));
  return { type: "rows", generation, first, rows: all };
}

function splice(at: number, removed: number, inserted: number): Update {
  return { type: "splice", generation: 7, at, removed, inserted };
}

function row(id: number): MessageRow {
  return {
    id,
    subject: `Subject ${id}`,
    correspondent: "Anna",
    date: 0,
    size: 1,
    hasAttachment: false,
    flags: UNREAD,
    preview: null,
    isBlank: false,
  };
}
