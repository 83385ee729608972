//! The open mailbox's messages. Only the rows on screen exist; the rest is room to scroll through.

import type { MailboxId } from "postern-client/types";
import {
  createEffect,
  createMemo,
  createSignal,
  ErrorBoundary,
  For,
  type JSX,
  on,
  onCleanup,
  onMount,
  Show,
} from "solid-js";
import type { Client } from "../client";
import type { ListModel } from "../list-model";
import { ROWS_MAX } from "../store";
import { count, EMPTY_INBOX, EMPTY_MAILBOX, newestOf } from "../words";
import { mailboxName } from "./Folders";
import { Icon } from "./Icon";
import { BrokenRow, Row } from "./Row";
import "./controls.css";
import "./list.css";

export type ListProps = {
  readonly client: Client;
  readonly model: ListModel;
  /** For whoever must put the focus back on the list. */
  readonly ref: (grid: HTMLElement) => void;
};

export function List(props: ListProps): JSX.Element {
  const state = () => props.client.state();
  const mailbox = createMemo(() => {
    const id = state().list?.mailbox;
    return state().mailboxes.find((row) => row.id === id);
  });
  const title = () => {
    const row = mailbox();
    return row ? mailboxName(row) : "Mail";
  };
  const subtitle = () => {
    const row = mailbox();
    if (!row || row.total === null) return "";
    // There is no room for more than that; what is unread stands beside the folder.
    if (row.total > ROWS_MAX) return newestOf(ROWS_MAX, row.total);
    const all = count(row.total, "message", "messages");
    return row.unread ? `${all}, ${count(row.unread, "unread", "unread")}` : all;
  };

  return (
    <section class="list" aria-labelledby="list-title">
      <header class="pane-bar">
        <Show when={props.model.selected().size === 0} fallback={<SelectionBar model={props.model} />}>
          <button
            type="button"
            class="icon-button narrow-only"
            aria-label="Folders"
            onClick={() => props.client.showFolders(true)}
          >
            <Icon name="menu" />
          </button>
          <div class="list-title">
            <h2 id="list-title" dir="auto">
              {title()}
            </h2>
            <span class="figures">{subtitle()}</span>
          </div>
          <button
            type="button"
            class="icon-button"
            title="Look for new mail (Shift+N)"
            aria-label="Look for new mail"
            onClick={() => props.client.send({ type: "refresh" })}
          >
            <Icon name="refresh" />
          </button>
        </Show>
      </header>
      <Rows {...props} />
    </section>
  );
}

function SelectionBar(props: { model: ListModel }): JSX.Element {
  const model = () => props.model;
  return (
    <div class="selection" role="toolbar" aria-label="Selected messages">
      <button
        type="button"
        class="icon-button"
        aria-label="Select none"
        title="Select none (Esc)"
        onClick={model().clear}
      >
        <Icon name="close" />
      </button>
      <span id="list-title" class="figures">
        {count(model().selected().size, "selected", "selected")}
      </span>
      <button
        type="button"
        class="icon-button"
        aria-label={model().allSeen() ? "Mark as unread" : "Mark as read"}
        title={model().allSeen() ? "Mark as unread (Shift+U)" : "Mark as read (Shift+I)"}
        onClick={() => model().markSeen(!model().allSeen())}
      >
        <Icon name={model().allSeen() ? "unread" : "read"} />
      </button>
      <button
        type="button"
        class="icon-button"
        aria-label="Flag"
        title="Flag (S)"
        aria-pressed={model().allFlagged()}
        onClick={() => model().flag()}
      >
        <Icon name="flagged" filled={model().allFlagged()} />
      </button>
    </div>
  );
}

function Rows(props: ListProps): JSX.Element {
  let grid!: HTMLDivElement;
  const model = () => props.model;
  const list = createMemo(() => props.client.state().list);
  const rows = () => model().rows();
  const [top, setTop] = createSignal(0);
  const [height, setHeight] = createSignal(0);
  const [now, setNow] = createSignal(Date.now());

  const first = createMemo(() => Math.floor(top() / ROW));
  const shown = createMemo(() => Math.ceil(height() / ROW) + 1);
  const drawn = createMemo(() => {
    const from = Math.max(0, first() - AROUND);
    const to = Math.min(rows().length, first() + shown() + AROUND);
    return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
  });
  const active = () => (drawn().includes(model().cursorAt()) ? rowId(model().cursorAt()) : undefined);

  // The engine fetches first what is on screen.
  createEffect(() => {
    const now = list();
    if (!now || now.generation === null || now.rows.length === 0 || shown() <= 1) return;
    showRows(now.mailbox, now.generation, first(), Math.min(shown(), now.rows.length - first()));
  });
  const showRows = (mailbox: MailboxId, generation: number, from: number, many: number) => {
    const key = `${generation}:${from}:${many}`;
    if (key === asked || many <= 0) return;
    asked = key;
    props.client.send({ type: "showRows", mailbox, first: from, count: many });
  };
  let asked = "";
  const places = new Map<MailboxId, number>();
  let due: number | null = null;

  keepPlace();
  returnTo();

  onMount(() => {
    props.ref(grid);
    const sizes = new ResizeObserver(() => setHeight(grid.clientHeight));
    sizes.observe(grid);
    // "10:32" becomes "Mon" at midnight, without a reload.
    const clock = setInterval(() => setNow(Date.now()), 60_000);
    onCleanup(() => {
      sizes.disconnect();
      clearInterval(clock);
    });
  });

  createEffect(
    on(
      () => model().cursorAt(),
      (at) => at >= 0 && reveal(at),
      { defer: true },
    ),
  );

  function reveal(at: number): void {
    const over = at * ROW - grid.scrollTop;
    const under = (at + 1) * ROW - (grid.scrollTop + grid.clientHeight);
    if (over < 0) grid.scrollTop += over;
    else if (under > 0) grid.scrollTop += under;
  }

  /** What is read stays where it is while rows come and go above it. At the very top new mail shows at once. */
  function keepPlace(): void {
    createEffect(
      on(list, (after, before) => {
        if (!before || !after || before.generation !== after.generation || before.rows === after.rows) return;
        if (before.rows.length === after.rows.length || grid.scrollTop < ROW) return;
        const at = first();
        const anchor = before.rows[at];
        const moved = anchor ? after.rows.findIndex((row) => row?.id === anchor.id) : -1;
        if (moved >= 0 && moved !== at) grid.scrollTop += (moved - at) * ROW;
      }),
    );
  }

  /** Each mailbox is found again as it was left. */
  function returnTo(): void {
    const mailbox = createMemo(() => list()?.mailbox);
    createEffect(
      on(mailbox, (now) => {
        due = now === undefined ? null : (places.get(now) ?? 0);
      }),
    );
    createEffect(() => {
      const now = list();
      if (due === null || !now || (now.rows.length === 0 && now.state === "loading")) return;
      grid.scrollTop = due;
      setTop(grid.scrollTop);
      due = null;
    });
  }

  function scrolled(): void {
    setTop(grid.scrollTop);
    const now = list();
    // While the rows of another mailbox are on their way the browser scrolls to the top: that is not the reader's wish.
    if (now && due === null && now.rows.length > 0) places.set(now.mailbox, grid.scrollTop);
  }

  function openRow(at: number, event: MouseEvent): void {
    if (event.shiftKey) model().toggle(at, true);
    else if (event.ctrlKey || event.metaKey) model().toggle(at, false);
    else model().open(at);
  }

  return (
    <div
      ref={grid}
      class="rows"
      classList={{ selecting: model().selected().size > 0 }}
      role="grid"
      aria-label="Messages"
      aria-rowcount={list()?.generation === null ? -1 : rows().length}
      aria-multiselectable="true"
      aria-busy={list()?.state === "loading"}
      aria-activedescendant={active()}
      tabIndex={0}
      onScroll={scrolled}
      onFocus={() => model().cursorAt() < 0 && rows().length > 0 && model().point(first())}
    >
      <Show when={rows().length > 0} fallback={<NoRows client={props.client} />}>
        <div class="rows-room" role="rowgroup" style={{ "--rows": rows().length }}>
          <For each={drawn()}>
            {(at) => {
              const row = createMemo(() => rows()[at]);
              return (
                <ErrorBoundary
                  fallback={(_, retry) => <BrokenRow id={rowId(at)} index={at} row={row()} retry={retry} />}
                >
                  <Row
                    id={rowId(at)}
                    index={at}
                    row={row()}
                    now={now()}
                    cursor={model().cursorAt() === at}
                    open={row() !== undefined && row()?.id === props.client.state().message?.id}
                    selected={model()
                      .selected()
                      .has(row()?.id ?? -1)}
                    onOpen={(event) => openRow(at, event)}
                    onSelect={(event) => model().toggle(at, event.shiftKey)}
                    onFlag={() =>
                      flip(row()?.id, (id) => props.client.setFlagged([id], !row()?.flags.flagged))
                    }
                    onSeen={() => flip(row()?.id, (id) => props.client.setSeen([id], !row()?.flags.seen))}
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
function NoRows(props: { client: Client }): JSX.Element {
  const list = () => props.client.state().list;
  const role = () => props.client.state().mailboxes.find((row) => row.id === list()?.mailbox)?.role;
  const told = () => (role() === "inbox" ? EMPTY_INBOX : EMPTY_MAILBOX);
  return (
    <Show
      when={list()?.state === "ready"}
      fallback={
        <div class="rows-waiting" role="row">
          <span role="gridcell" class="unseen">
            Loading
          </span>
          <For each={[0, 1, 2, 3, 4, 5, 6, 7]}>
            {(at) => (
              <div class="row" style={{ "--at": at }} aria-hidden="true">
                <div class="row-skeleton">
                  <span />
                  <span />
                </div>
              </div>
            )}
          </For>
        </div>
      }
    >
      <div role="row">
        <div role="gridcell" class="nothing">
          <Icon name={role() ?? "folder"} />
          <strong>{told().what}</strong>
          <span>{told().todo}</span>
        </div>
      </div>
    </Show>
  );
}

function flip(id: number | undefined, act: (id: number) => void): void {
  if (id !== undefined) act(id);
}

function rowId(at: number): string {
  return `row-${at}`;
}

/** As `--row` in tokens.css. */
const ROW = 64;
/** Rows drawn beyond each edge, so that a quick scroll shows no gap. */
const AROUND = 8;
