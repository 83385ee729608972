//! One line of the message list. Its height never depends on what is in it.

import type { MessageRow } from "postern-client/types";
import { createEffect, createMemo, type JSX, on, Show } from "solid-js";
import {
  BLANK_ROW,
  clip,
  fullDate,
  isoDate,
  NO_CORRESPONDENT,
  NO_SUBJECT,
  ROW_BROKEN,
  shortDate,
} from "../words";
import { Icon } from "./Icon";
import "./row.css";

export type RowProps = {
  readonly id: string;
  readonly index: number;
  /** Undefined while it is not known yet. */
  readonly row: MessageRow | undefined;
  readonly now: number;
  readonly cursor: boolean;
  readonly open: boolean;
  readonly selected: boolean;
  readonly onOpen: (event: MouseEvent) => void;
  readonly onSelect: (event: MouseEvent) => void;
  readonly onFlag: () => void;
  readonly onSeen: () => void;
};

export function Row(props: RowProps): JSX.Element {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys.ts has them, for the page as a whole.
    <div
      id={props.id}
      class="row"
      classList={{
        unread: props.row?.flags.seen === false && !props.row.isBlank,
        cursor: props.cursor,
        open: props.open,
        selected: props.selected,
      }}
      style={{ "--at": props.index }}
      role="row"
      // The keyboard stays on the grid, which names this row as its active one.
      tabIndex={-1}
      aria-rowindex={props.index + 1}
      aria-selected={props.selected}
      aria-current={props.open ? "true" : undefined}
      aria-busy={props.row === undefined}
      aria-label={props.row ? (props.row.isBlank ? BLANK_ROW : spoken(props.row, props.now)) : "Loading"}
      onClick={(event) => props.onOpen(event)}
    >
      <Show when={props.row} fallback={<Skeleton />}>
        {(row) => (
          <Show when={row().isBlank} fallback={<Known {...props} row={row()} />}>
            <Blank {...props} />
          </Show>
        )}
      </Show>
    </div>
  );
}

/** In the place of a row that can't be drawn; tried again once there is something new of it. */
export function BrokenRow(props: {
  id: string;
  index: number;
  row: MessageRow | undefined;
  retry: () => void;
}): JSX.Element {
  const row = createMemo(() => props.row);
  createEffect(on(row, () => props.retry(), { defer: true }));
  return (
    <div
      id={props.id}
      class="row row-broken"
      style={{ "--at": props.index }}
      role="row"
      tabIndex={-1}
      aria-rowindex={props.index + 1}
    >
      <div role="gridcell">{ROW_BROKEN}</div>
    </div>
  );
}

function Known(props: RowProps & { row: MessageRow }): JSX.Element {
  const flags = () => props.row.flags;
  return (
    <>
      <Gutter {...props} />
      <div class="row-text" role="gridcell">
        <div class="row-line">
          <Show when={flags().answered}>
            <Icon name="replied" />
          </Show>
          <Show when={flags().forwarded}>
            <Icon name="forwarded" />
          </Show>
          <span class="row-from">
            <bdi>{clip(props.row.correspondent, TEXT_MAX) || NO_CORRESPONDENT}</bdi>
          </span>
          <Show when={props.row.hasAttachment}>
            <Icon name="clip" />
          </Show>
          <time class="row-date figures" datetime={isoDate(props.row.date)} title={fullDate(props.row.date)}>
            {shortDate(props.row.date, props.now)}
          </time>
        </div>
        <div class="row-line">
          <span class="row-subject">
            <bdi>{clip(props.row.subject, TEXT_MAX) || NO_SUBJECT}</bdi>
            <Show when={props.row.preview}>
              <bdi class="row-preview">{`\u2002${clip(props.row.preview ?? "", TEXT_MAX)}`}</bdi>
            </Show>
          </span>
          <Show when={flags().flagged}>
            <span class="row-flag">
              <Icon name="flagged" filled />
            </span>
          </Show>
        </div>
      </div>
      <div class="row-actions" role="gridcell">
        <button
          type="button"
          class="icon-button"
          tabIndex={-1}
          title={flags().seen ? "Mark as unread (Shift+U)" : "Mark as read (Shift+I)"}
          aria-label={flags().seen ? "Mark as unread" : "Mark as read"}
          onClick={(event) => stop(event, props.onSeen)}
        >
          <Icon name={flags().seen ? "unread" : "read"} />
        </button>
        <button
          type="button"
          class="icon-button"
          tabIndex={-1}
          title="Flag (S)"
          aria-label="Flag"
          aria-pressed={flags().flagged}
          onClick={(event) => stop(event, props.onFlag)}
        >
          <Icon name="flagged" filled={flags().flagged} />
        </button>
      </div>
    </>
  );
}

/** The server would not tell of it: it can be opened and selected, and nothing more is known. */
function Blank(props: RowProps): JSX.Element {
  return (
    <>
      <Gutter {...props} />
      <div class="row-text" role="gridcell">
        <div class="row-line row-blank">
          <Icon name="info" />
          <span class="row-subject">{BLANK_ROW}</span>
        </div>
      </div>
    </>
  );
}

function Gutter(props: RowProps): JSX.Element {
  return (
    <div class="row-gutter" role="gridcell">
      <span class="row-dot" />
      <button
        type="button"
        class="row-check"
        tabIndex={-1}
        role="checkbox"
        aria-checked={props.selected}
        aria-label="Select"
        onClick={(event) => stop(event, () => props.onSelect(event))}
      >
        <Show when={props.selected}>
          <Icon name="check" />
        </Show>
      </button>
    </div>
  );
}

function Skeleton(): JSX.Element {
  return (
    <div class="row-skeleton" role="gridcell">
      <span />
      <span />
    </div>
  );
}

/** What a screen reader says: what the eye sees first, first. */
function spoken(row: MessageRow, now: number): string {
  const { seen, flagged, answered, forwarded } = row.flags;
  return [
    seen ? "" : "Unread",
    flagged ? "Flagged" : "",
    answered ? "Answered" : "",
    forwarded ? "Forwarded" : "",
    clip(row.correspondent, TEXT_MAX) || NO_CORRESPONDENT,
    clip(row.subject, TEXT_MAX) || NO_SUBJECT,
    row.hasAttachment ? "has attachment" : "",
    shortDate(row.date, now),
  ]
    .filter((part) => part !== "")
    .join(", ");
}

/** A button on a row does its own thing only: the row stays closed. */
function stop(event: MouseEvent, act: () => void): void {
  event.stopPropagation();
  act();
}

/** More than any screen shows on a line. */
const TEXT_MAX = 300;
