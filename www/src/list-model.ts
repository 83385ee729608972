//! Where the keyboard stands in the message list, and what is selected. By message, so that both survive what comes and goes.

import type { MessageId, MessageRow } from "postern-client/types";
import { type Accessor, batch, createEffect, createMemo, createSignal, on } from "solid-js";
import type { Client } from "./client";
import { count } from "./words";

/** The list as the views move through it. */
export interface ListModel {
  readonly rows: Accessor<readonly (MessageRow | undefined)[]>;
  /** The position of the keyboard's row; -1 where there is none yet. */
  readonly cursorAt: Accessor<number>;
  readonly selected: Accessor<ReadonlySet<MessageId>>;
  /** What an action is about: the selected ones, else the open one, else the keyboard's row. */
  readonly targets: Accessor<readonly MessageId[]>;
  /** Whether all targets are read (flagged): the action then takes it away. */
  readonly allSeen: Accessor<boolean>;
  readonly allFlagged: Accessor<boolean>;
  /** Puts the keyboard on a row. */
  point(at: number): void;
  /** Moves the keyboard, and what is read with it. */
  move(by: 1 | -1): void;
  open(at: number): void;
  /** Selects or unselects one row; with `range`, all from the last one selected. */
  toggle(at: number, range: boolean): void;
  clear(): void;
  flag(): void;
  markSeen(seen: boolean): void;
  /** What was done last, in words, for a screen reader. */
  readonly said: Accessor<string>;
}

export function createListModel(client: Client): ListModel {
  const rows = createMemo(() => client.state().list?.rows ?? NONE);
  const [cursor, setCursor] = createSignal<{ at: number; id: MessageId | null }>(NOWHERE);
  const [selected, setSelected] = createSignal<ReadonlySet<MessageId>>(new Set());
  const opened = createMemo(() => client.state().message?.id ?? null);
  const [said, setSaid] = createSignal("", { equals: false });
  const say = (done: string) =>
    targets().length > 0 && setSaid(`${done}: ${count(targets().length, "message", "messages")}`);
  let anchor = 0;

  const cursorAt = createMemo(() => {
    const { at, id } = cursor();
    const all = rows();
    if (id === null || all[at]?.id === id) return Math.min(at, all.length - 1);
    const moved = all.findIndex((row) => row?.id === id);
    // Gone: the keyboard stays where it was, on what took its place.
    return moved >= 0 ? moved : Math.min(at, all.length - 1);
  });

  // A memo: the state is new with every batch, the mailbox is not.
  const mailbox = createMemo(() => client.state().list?.mailbox);
  createEffect(
    on(mailbox, () =>
      batch(() => {
        setCursor(NOWHERE);
        setSelected(new Set<MessageId>());
      }),
    ),
  );

  const targets = createMemo((): readonly MessageId[] => {
    if (selected().size > 0) return [...selected()];
    const one = opened() ?? rows()[cursorAt()]?.id;
    return one === undefined ? [] : [one];
  });
  const targetFlags = createMemo(() => {
    const wanted = new Set(targets());
    const found = rows().flatMap((row) => (row && wanted.has(row.id) ? [row.flags] : []));
    const message = client.state().message;
    // Opened from another mailbox, or no longer listed.
    if (found.length === 0 && message?.flags && wanted.has(message.id)) return [message.flags];
    return found;
  });
  const allSeen = () => targetFlags().length > 0 && targetFlags().every((flags) => flags.seen);
  const allFlagged = () => targetFlags().length > 0 && targetFlags().every((flags) => flags.flagged);

  const model: ListModel = {
    rows,
    cursorAt,
    selected,
    targets,
    allSeen,
    allFlagged,
    point(at) {
      setCursor({ at, id: rows()[at]?.id ?? null });
    },
    move(by) {
      const at = Math.max(0, Math.min(rows().length - 1, cursorAt() + by));
      if (rows().length === 0) return;
      model.point(at);
      if (opened() !== null) model.open(at);
    },
    open(at) {
      const row = rows()[at];
      if (!row) return;
      model.point(at);
      client.openMessage(row.id);
    },
    toggle(at, range) {
      const from = range ? Math.min(anchor, at) : at;
      const to = range ? Math.max(anchor, at) : at;
      const ids = rows()
        .slice(from, to + 1)
        .flatMap((row) => (row ? [row.id] : []));
      const next = new Set(selected());
      const take = range || !ids.every((id) => next.has(id));
      for (const id of ids) take ? next.add(id) : next.delete(id);
      anchor = at;
      setSelected(next);
      model.point(at);
    },
    clear: () => void setSelected(new Set<MessageId>()),
    flag() {
      const take = !allFlagged();
      say(take ? "Flagged" : "Flag taken away");
      client.setFlagged(targets(), take);
    },
    markSeen(seen) {
      say(seen ? "Marked as read" : "Marked as unread");
      client.setSeen(targets(), seen);
    },
    said,
  };
  return model;
}

const NONE: readonly undefined[] = [];
const NOWHERE = { at: -1, id: null };
