//! Every action by what it asks for, without a page.

import type { Flags, Intent } from "postern-client/types";
import { describe, expect, it } from "vitest";
import type { Action, Context } from "../../src/actions/action";
import { flag, markRead, markReadOrUnread, markUnread } from "../../src/actions/mark";
import { goTrash, next, open, previous } from "../../src/actions/navigate";
import { close, select } from "../../src/actions/page";
import { ACTIONS } from "../../src/actions/table";
import type { ViewEvent } from "../../src/state/event";

const UNREAD: Flags = { seen: false, flagged: false, answered: false, forwarded: false, draft: false };

/** What is about some messages, and all that came of it, in order. */
function context(about: Partial<Context> = {}) {
  const sent: Intent[] = [];
  const done: (ViewEvent | string)[] = [];
  const note = (what: string) => () => void done.push(what);
  const cx: Context = {
    messages: [5],
    flags: [UNREAD],
    selected: 0,
    cursor: 3,
    rows: 10,
    send: (intent) => sent.push(intent),
    dispatch: (...events) => done.push(...events),
    go: {
      move: (by) => done.push(`move ${by}`),
      openRow: (at) => done.push(`open row ${at}`),
      openRole: (role) => done.push(`open ${role}`) > 0,
      closeMessage: note("close message"),
      closeFolders: () => false,
    },
    focus: { list: note("list"), message: note("message"), text: note("text"), help: note("help") },
    ...about,
  };
  return { cx, sent, done };
}

describe("marking", () => {
  it("asks for all messages at once, and says what was done", () => {
    const { cx, sent, done } = context({ messages: [5, 6] });
    markRead.run(cx);
    expect(sent).toEqual([{ type: "setFlags", messages: [5, 6], seen: true, flagged: null }]);
    expect(done).toEqual([{ type: "done", done: { action: "markedRead", count: 2 } }]);
  });

  it("offers what changes something", () => {
    const read = { ...UNREAD, seen: true };
    expect(markReadOrUnread(context({ flags: [read, UNREAD] }).cx)).toBe(markRead);
    expect(markReadOrUnread(context({ flags: [read, read] }).cx)).toBe(markUnread);
  });

  it("is greyed if there is no message", () => {
    for (const action of [markRead, markUnread, flag])
      expect(action.enabled?.(context({ messages: [] }).cx)).toBe(false);
  });
});

describe("flagging", () => {
  const flagged = { ...UNREAD, flagged: true };

  it("takes the flag away only if all have it", () => {
    const some = context({ messages: [5, 6], flags: [flagged, UNREAD] });
    expect(flag.pressed?.(some.cx)).toBe(false);
    flag.run(some.cx);
    expect(some.sent).toMatchObject([{ flagged: true }]);
    const all = context({ messages: [5, 6], flags: [flagged, flagged] });
    expect(flag.pressed?.(all.cx)).toBe(true);
    flag.run(all.cx);
    expect(all.sent).toMatchObject([{ flagged: false, seen: null }]);
    expect(all.done).toEqual([{ type: "done", done: { action: "unflagged", count: 2 } }]);
  });
});

describe("moving", () => {
  it("ends at both ends of the list", () => {
    expect([next, previous].map((one) => one.enabled?.(context({ cursor: 0 }).cx))).toEqual([true, false]);
    expect([next, previous].map((one) => one.enabled?.(context({ cursor: 9 }).cx))).toEqual([false, true]);
  });

  it("opens the keyboard's row, or the first where it has none, and puts the keyboard into the message", () => {
    const { cx, done } = context({ cursor: -1 });
    open.run(cx);
    expect(done).toEqual(["open row 0", "message"]);
  });

  it("to a mailbox puts the keyboard on its list, if there is such a mailbox", () => {
    const there = context();
    goTrash.run(there.cx);
    expect(there.done).toEqual(["open trash", "list"]);
    const none = context();
    goTrash.run({ ...none.cx, go: { ...none.cx.go, openRole: () => false } });
    expect(none.done).toEqual([]);
  });
});

describe("closing", () => {
  it("closes the nearest thing: the selection, then the folders, then the message", () => {
    const selected = context({ selected: 2 });
    close.run(selected.cx);
    expect(selected.done).toEqual([{ type: "selectionCleared" }]);
    const folders = context();
    close.run({ ...folders.cx, go: { ...folders.cx.go, closeFolders: () => true } });
    expect(folders.done).toEqual([]);
    const message = context();
    close.run(message.cx);
    expect(message.done).toEqual(["close message"]);
  });
});

it("selecting needs a row", () => {
  expect(select.enabled?.(context({ cursor: -1 }).cx)).toBe(false);
});

describe("the table", () => {
  const all: Action[] = ACTIONS.flatMap((group) => [...group.actions]);

  it("gives no key to two actions", () => {
    const keys = all.flatMap((action) => action.keys);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("begins no sequence with a key that does something by itself", () => {
    const keys = new Set(all.flatMap((action) => action.keys));
    const starts = [...keys].filter((one) => one.includes(" ")).map((one) => one.split(" ")[0] ?? "");
    expect(starts.filter((one) => keys.has(one))).toEqual([]);
  });

  it("has a word for each action", () => {
    for (const action of all) expect(action.help ?? action.label(context().cx)).not.toBe("");
  });
});
