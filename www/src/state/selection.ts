//! Where the keyboard stands in the list, and what is selected. By message, so that both survive what comes and goes.

import type { Flags, MessageId } from "postern-client/types";
import { endsSession, type Reducer } from "./event";
import { type List, positionOf, rowAt } from "./list";
import type { State } from "./state";

export type Selection = {
  /** The keyboard's row: where it was put, and the message that stood there. At -1 until there is one. */
  readonly cursor: { readonly at: number; readonly message: MessageId | null };
  readonly ids: ReadonlySet<MessageId>;
  /** The row that a range begins at: the last one that was selected or unselected. */
  readonly anchor: number;
};

export const NOTHING_SELECTED: Selection = { cursor: { at: -1, message: null }, ids: new Set(), anchor: 0 };

export const selection: Reducer<Selection> = (slice, event, all) => {
  if (endsSession(event) || event.type === "mailboxOpened") return NOTHING_SELECTED;
  switch (event.type) {
    case "pointed":
      return { ...slice, cursor: cursor(all.list, event.at) };
    case "toggled":
      return toggled(slice, event, all.list);
    case "selectionCleared":
      return slice.ids.size === 0 ? slice : { ...slice, ids: NOTHING_SELECTED.ids };
    default:
      return slice;
  }
};

/** Where the keyboard's row is now; -1 where there is none. */
export function cursorAt({ cursor: { at, message } }: Selection, list: List | null): number {
  const last = (list?.length ?? 0) - 1;
  if (message === null || rowAt(list, at)?.id === message) return Math.min(at, last);
  const moved = positionOf(list, message);
  // Gone: the keyboard stays where it was, on what took its place.
  return moved >= 0 ? moved : Math.min(at, last);
}

/** What an action is about: the selected messages, else the open one, else the keyboard's row. */
export function targets(all: Pick<State, "list" | "message" | "selection">): readonly MessageId[] {
  if (all.selection.ids.size > 0) return [...all.selection.ids];
  const one = all.message?.id ?? rowAt(all.list, cursorAt(all.selection, all.list))?.id;
  return one === undefined ? [] : [one];
}

/** The flags of these messages, as far as they are known. */
export function flagsOf(all: Pick<State, "list" | "message">, messages: readonly MessageId[]): Flags[] {
  return messages.flatMap((id) => {
    const listed = rowAt(all.list, positionOf(all.list, id))?.flags;
    // Opened from another mailbox, or no longer listed.
    return listed ?? (all.message?.id === id ? all.message.flags : null) ?? [];
  });
}

function cursor(list: List | null, at: number): Selection["cursor"] {
  return { at, message: rowAt(list, at)?.id ?? null };
}

function toggled(
  slice: Selection,
  { at, range }: { at: number; range: boolean },
  list: List | null,
): Selection {
  const from = range ? Math.min(slice.anchor, at) : at;
  const to = range ? Math.max(slice.anchor, at) : at;
  const between: MessageId[] = [];
  for (let position = from; position <= to; position += 1) {
    const row = rowAt(list, position);
    if (row) between.push(row.id);
  }
  const ids = new Set(slice.ids);
  const isSelecting = range || !between.every((id) => ids.has(id));
  for (const id of between) isSelecting ? ids.add(id) : ids.delete(id);
  return { ids, anchor: at, cursor: cursor(list, at) };
}
