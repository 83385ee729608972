//! The open mailbox's rows. Only those on screen exist; the rest is room to scroll through.

import type { MailboxRole } from "postern-client/types";
import {
  type Accessor,
  createEffect,
  createMemo,
  createSignal,
  ErrorBoundary,
  For,
  type JSX,
  onCleanup,
  onMount,
  Show,
} from "solid-js";
import type { Context } from "../../actions/action";
import { words } from "../../i18n";
import type { ViewEvent } from "../../state/event";
import { type List, rowAt } from "../../state/list";
import type { OpenMessage } from "../../state/message";
import { cursorAt, type Selection } from "../../state/selection";
import { Nothing } from "../../ui/Nothing";
import text from "../../ui/Text.module.css";
import { BrokenRow, Row, WaitingRow } from "./Row";
import css from "./Rows.module.css";
import { createViewport } from "./viewport";

export type RowsProps = {
  readonly list: Accessor<List | null>;
  readonly selection: Accessor<Selection>;
  /** The open message. */
  readonly message: Accessor<OpenMessage | null>;
  /** What the open mailbox is for. */
  readonly role: MailboxRole | null;
  readonly dispatch: (event: ViewEvent) => void;
  /** These rows are on screen. */
  readonly onShown: (list: List, first: number, count: number) => void;
  readonly onOpen: (at: number) => void;
  /** What a row's own buttons are about. */
  readonly contextOf: (at: number) => Context;
  /** For whoever must put the focus on the list. */
  readonly ref: (grid: HTMLElement) => void;
};

export function Rows(props: RowsProps): JSX.Element {
  let grid!: HTMLDivElement;
  const list = () => props.list();
  const length = () => list()?.length ?? 0;
  const cursor = createMemo(() => cursorAt(props.selection(), list()));
  const open = createMemo(() => props.message()?.id);
  const [now, setNow] = createSignal(Date.now());
  const viewport = createViewport(() => grid, list, cursor);
  const { first, shown, drawn } = viewport;
  const active = () => (drawn().includes(cursor()) ? rowId(cursor()) : undefined);

  // The engine fetches first what is on screen.
  createEffect(() => {
    const now = list();
    if (!now || now.generation === null || now.length === 0 || shown() <= 1) return;
    props.onShown(now, first(), Math.min(shown(), now.length - first()));
  });

  onMount(() => {
    props.ref(grid);
    viewport.watch();
    // "10:32" becomes "Mon" at midnight, without a reload.
    const clock = setInterval(() => setNow(Date.now()), 60_000);
    onCleanup(() => clearInterval(clock));
  });

  function clicked(at: number, event: MouseEvent): void {
    const selects = event.shiftKey || event.ctrlKey || event.metaKey;
    if (selects) props.dispatch({ type: "toggled", at, range: event.shiftKey });
    else props.onOpen(at);
  }

  return (
    <div
      ref={grid}
      class={css.rows}
      role="grid"
      aria-label={words.MESSAGES}
      aria-rowcount={list()?.generation === null ? -1 : length()}
      aria-multiselectable="true"
      aria-busy={list()?.state === "loading"}
      aria-activedescendant={active()}
      data-selecting={props.selection().ids.size > 0 ? "" : undefined}
      tabIndex={0}
      onScroll={viewport.scrolled}
      onFocus={() => cursor() < 0 && length() > 0 && props.dispatch({ type: "pointed", at: first() })}
    >
      <Show when={length() > 0} fallback={<NoRows ready={list()?.state === "ready"} role={props.role} />}>
        <div class={css.room} role="rowgroup" style={{ "--rows": length() }}>
          <For each={drawn()}>
            {(at) => {
              const row = createMemo(() => rowAt(list(), at));
              return (
                <ErrorBoundary
                  fallback={(_, retry) => <BrokenRow id={rowId(at)} index={at} row={row()} retry={retry} />}
                >
                  <Row
                    id={rowId(at)}
                    index={at}
                    row={row()}
                    now={now()}
                    cursor={cursor() === at}
                    open={row() !== undefined && row()?.id === open()}
                    selected={props.selection().ids.has(row()?.id ?? -1)}
                    cx={props.contextOf(at)}
                    onOpen={(event) => clicked(at, event)}
                    onSelect={(event) => props.dispatch({ type: "toggled", at, range: event.shiftKey })}
                  />
                </ErrorBoundary>
              );
            }}
          </For>
        </div>
      </Show>
    </div>
  );
}

/** A mailbox without rows: still loading, or empty. */
function NoRows(props: { ready: boolean; role: MailboxRole | null }): JSX.Element {
  return (
    <Show
      when={props.ready}
      fallback={
        <div class={css.waiting} role="row">
          <span role="gridcell" class={text.unseen}>
            {words.LOADING}
          </span>
          <For each={[0, 1, 2, 3, 4, 5, 6, 7]}>{(at) => <WaitingRow index={at} />}</For>
        </div>
      }
    >
      <div role="row">
        <Nothing
          role="gridcell"
          icon={props.role ?? "folder"}
          told={props.role === "inbox" ? words.EMPTY_INBOX : words.EMPTY_MAILBOX}
        />
      </div>
    </Show>
  );
}

function rowId(at: number): string {
  return `row-${at}`;
}
