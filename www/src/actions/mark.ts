//! Marks on messages: read or unread, flagged or not.

import { words } from "../i18n";
import type { Done } from "../state/notices";
import type { Action, Context } from "./action";

export const markRead: Action = {
  label: () => words.MARK_READ,
  icon: "read",
  keys: ["Shift+i"],
  enabled: (cx) => cx.messages.length > 0,
  run: (cx) => mark(cx, { seen: true, flagged: null }, "markedRead"),
};

export const markUnread: Action = {
  label: () => words.MARK_UNREAD,
  icon: "unread",
  keys: ["Shift+u"],
  enabled: (cx) => cx.messages.length > 0,
  run: (cx) => mark(cx, { seen: false, flagged: null }, "markedUnread"),
};

export const flag: Action = {
  label: () => words.FLAG,
  help: words.FLAG_OR_NOT,
  icon: "flagged",
  keys: ["s"],
  pressed: areFlagged,
  enabled: (cx) => cx.messages.length > 0,
  run(cx) {
    const flagged = !areFlagged(cx);
    mark(cx, { seen: null, flagged }, flagged ? "flagged" : "unflagged");
  },
};

/** The one of the two that changes something: what is all read can be marked as unread. */
export function markReadOrUnread(cx: Context): Action {
  return cx.flags.every((flags) => flags.seen) ? markUnread : markRead;
}

function areFlagged({ flags }: Context): boolean {
  return flags.length > 0 && flags.every(({ flagged }) => flagged);
}

function mark(
  cx: Context,
  change: { seen: boolean | null; flagged: boolean | null },
  action: Done["action"],
): void {
  cx.dispatch({ type: "done", done: { action, count: cx.messages.length } });
  cx.send({ type: "setFlags", messages: [...cx.messages], ...change });
}
