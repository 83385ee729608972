//! One line of the message list. Its height never depends on what is in it.

import type { MessageRow } from "postern-client/types";
import { createEffect, createMemo, type JSX, on, Show } from "solid-js";
import type { Context } from "../../actions/action";
import { flag, markReadOrUnread } from "../../actions/mark";
import { clip, fullDate, isoDate, shortDate, words } from "../../i18n";
import { Icon } from "../../ui/Icon";
import figures from "../../ui/Text.module.css";
import { ActionButton } from "../ActionButton";
import css from "./Row.module.css";

export type RowProps = {
  readonly id: string;
  /** Its position, from 0. */
  readonly index: number;
  /** Undefined while it is not known yet. */
  readonly row: MessageRow | undefined;
  /** For the date: the time that it is. */
  readonly now: number;
  /** Whether the keyboard is here, whether it is open, whether it is selected. */
  readonly cursor: boolean;
  readonly open: boolean;
  readonly selected: boolean;
  /** What its buttons are about. */
  readonly cx: Context;
  readonly onOpen: (event: MouseEvent) => void;
  readonly onSelect: (event: MouseEvent) => void;
};

export function Row(props: RowProps): JSX.Element {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the table of actions has them, for the page as a whole.
    <div
      id={props.id}
      class={css.row}
      classList={{
        [css.unread]: props.row?.flags.seen === false && !props.row.isBlank,
        [css.cursor]: props.cursor,
        [css.open]: props.open,
        [css.selected]: props.selected,
      }}
      style={{ "--at": props.index }}
      role="row"
      // The keyboard stays on the grid, which names this row as its active one.
      tabIndex={-1}
      aria-rowindex={props.index + 1}
      aria-selected={props.selected}
      aria-current={props.open ? "true" : undefined}
      aria-busy={props.row === undefined}
      aria-label={nameOf(props.row, props.now)}
      onClick={(event) => props.onOpen(event)}
    >
      <Show when={props.row} fallback={<Skeleton />}>
        {(row) => (
          <>
            <Gutter selected={props.selected} onSelect={props.onSelect} />
            <Show when={row().isBlank} fallback={<Known row={row()} now={props.now} cx={props.cx} />}>
              <Blank />
            </Show>
          </>
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
      class={`${css.row} ${css.broken}`}
      style={{ "--at": props.index }}
      role="row"
      tabIndex={-1}
      aria-rowindex={props.index + 1}
    >
      <div role="gridcell">{words.ROW_BROKEN}</div>
    </div>
  );
}

/** Where it is not even known how many rows there are. */
export function WaitingRow(props: { index: number }): JSX.Element {
  return (
    <div class={css.row} style={{ "--at": props.index }} aria-hidden="true">
      <div class={css.skeleton}>
        <span />
        <span />
      </div>
    </div>
  );
}

function Known(props: { row: MessageRow; now: number; cx: Context }): JSX.Element {
  const flags = () => props.row.flags;
  return (
    <>
      <div class={css.text} role="gridcell">
        <div class={css.line}>
          <Show when={flags().answered}>
            <Icon name="replied" />
          </Show>
          <Show when={flags().forwarded}>
            <Icon name="forwarded" />
          </Show>
          <span class={css.from}>
            <bdi>{clip(props.row.correspondent, TEXT_MAX) || words.NO_CORRESPONDENT}</bdi>
          </span>
          <Show when={props.row.hasAttachment}>
            <Icon name="clip" />
          </Show>
          <time
            class={`${css.date} ${figures.figures}`}
            datetime={isoDate(props.row.date)}
            title={fullDate(props.row.date)}
          >
            {shortDate(props.row.date, props.now)}
          </time>
        </div>
        <div class={css.line}>
          <span class={css.subject}>
            <bdi>{clip(props.row.subject, TEXT_MAX) || words.NO_SUBJECT}</bdi>
            <Show when={props.row.preview}>
              <bdi class={css.preview}>{`\u2002${clip(props.row.preview ?? "", TEXT_MAX)}`}</bdi>
            </Show>
          </span>
          <Show when={flags().flagged}>
            <span class={css.flag}>
              <Icon name="flagged" filled />
            </span>
          </Show>
        </div>
      </div>
      <div class={css.actions} role="gridcell">
        <ActionButton action={markReadOrUnread(props.cx)} cx={props.cx} tabIndex={-1} />
        <ActionButton action={flag} cx={props.cx} tabIndex={-1} />
      </div>
    </>
  );
}

/** The server would not tell of it: it can be opened and selected, and nothing more is known. */
function Blank(): JSX.Element {
  return (
    <div class={css.text} role="gridcell">
      <div class={`${css.line} ${css.blank}`}>
        <Icon name="info" />
        <span class={css.subject}>{words.BLANK_ROW}</span>
      </div>
    </div>
  );
}

function Gutter(props: { selected: boolean; onSelect: (event: MouseEvent) => void }): JSX.Element {
  return (
    <div class={css.gutter} role="gridcell">
      <span class={css.dot} />
      <button
        type="button"
        class={css.check}
        tabIndex={-1}
        role="checkbox"
        aria-checked={props.selected}
        aria-label={words.SELECT}
        onClick={(event) => {
          event.stopPropagation();
          props.onSelect(event);
        }}
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
    <div class={css.skeleton} role="gridcell">
      <span />
      <span />
    </div>
  );
}

/** What a screen reader says: what the eye sees first, first. */
function nameOf(row: MessageRow | undefined, now: number): string {
  if (!row) return words.LOADING;
  if (row.isBlank) return words.BLANK_ROW;
  const { seen, flagged, answered, forwarded } = row.flags;
  return [
    seen ? "" : words.SPOKEN.unread,
    flagged ? words.SPOKEN.flagged : "",
    answered ? words.SPOKEN.answered : "",
    forwarded ? words.SPOKEN.forwarded : "",
    clip(row.correspondent, TEXT_MAX) || words.NO_CORRESPONDENT,
    clip(row.subject, TEXT_MAX) || words.NO_SUBJECT,
    row.hasAttachment ? words.SPOKEN.hasAttachment : "",
    shortDate(row.date, now),
  ]
    .filter((part) => part !== "")
    .join(", ");
}

/** More than any screen shows on a line. */
const TEXT_MAX = 300;
