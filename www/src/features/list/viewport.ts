//! Which rows are on screen, and how the list keeps its place: while rows come and go above it, when another mailbox opens,
//! and when the keyboard's row would leave the screen.

import type { MailboxId } from "postern-client/types";
import { type Accessor, createEffect, createMemo, createSignal, on, onCleanup } from "solid-js";
import { type List, positionOf, rowAt } from "../../state/list";

export interface Viewport {
  /** The first row on screen, and how many fit. */
  readonly first: Accessor<number>;
  readonly shown: Accessor<number>;
  /** The positions that are drawn: those, and some around. */
  readonly drawn: Accessor<readonly number[]>;
  /** Begins: the element is in the page. */
  watch(): void;
  scrolled(): void;
}

/** Of an element that scrolls, once it is there. */
export function createViewport(
  element: () => HTMLElement,
  list: Accessor<List | null>,
  cursor: Accessor<number>,
): Viewport {
  const [top, setTop] = createSignal(0);
  const [height, setHeight] = createSignal(0);
  const length = () => list()?.length ?? 0;
  const first = createMemo(() => Math.floor(top() / ROW));
  const shown = createMemo(() => Math.ceil(height() / ROW) + 1);
  const drawn = createMemo(() => {
    const from = Math.max(0, first() - AROUND);
    const to = Math.min(length(), first() + shown() + AROUND);
    return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
  });

  keepPlace(element, list, first);
  const places = createPlaces(element, list, setTop);
  createEffect(on(cursor, (at) => at >= 0 && reveal(element(), at), { defer: true }));

  return {
    first,
    shown,
    drawn,
    watch() {
      const grid = element();
      const sizes = new ResizeObserver(() => setHeight(grid.clientHeight));
      sizes.observe(grid);
      onCleanup(() => sizes.disconnect());
    },
    scrolled() {
      // Once: read again after the rows are drawn, it would be laid out for nothing.
      const now = element().scrollTop;
      setTop(now);
      places.note(now);
    },
  };
}

function reveal(grid: HTMLElement, at: number): void {
  const top = grid.scrollTop;
  const over = at * ROW - top;
  const under = (at + 1) * ROW - (top + grid.clientHeight);
  if (over < 0) grid.scrollTop = top + over;
  else if (under > 0) grid.scrollTop = top + under;
}

/** What is read stays where it is while rows come and go above it. At the very top new mail shows at once. */
function keepPlace(grid: () => HTMLElement, list: Accessor<List | null>, first: Accessor<number>): void {
  createEffect(
    on(list, (after, before) => {
      if (!before || !after || before.generation !== after.generation) return;
      if (before.length === after.length || grid().scrollTop < ROW) return;
      const at = first();
      const anchor = rowAt(before, at);
      const moved = anchor ? positionOf(after, anchor.id) : -1;
      if (moved >= 0 && moved !== at) grid().scrollTop += (moved - at) * ROW;
    }),
  );
}

/** Each mailbox is found again as it was left. */
function createPlaces(grid: () => HTMLElement, list: Accessor<List | null>, arrive: (top: number) => void) {
  const left = new Map<MailboxId, number>();
  let due: number | null = null;
  const mailbox = createMemo(() => list()?.mailbox);
  createEffect(
    on(mailbox, (now) => {
      due = now === undefined ? null : (left.get(now) ?? 0);
    }),
  );
  createEffect(() => {
    const now = list();
    if (due === null || !now || (now.length === 0 && now.state === "loading")) return;
    grid().scrollTop = due;
    arrive(grid().scrollTop);
    due = null;
  });
  return {
    note(top: number): void {
      const now = list();
      // While the rows of another mailbox are on their way the browser scrolls to the top: that is not the reader's wish.
      if (now && due === null && now.length > 0) left.set(now.mailbox, top);
    },
  };
}

/** As `--row` in tokens.css. */
export const ROW = 64;
/** Rows drawn beyond each edge, so that a quick scroll shows no gap. */
const AROUND = 8;
