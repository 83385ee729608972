//! The open mailbox: its name and counts, or what is selected of it, and its rows.

import type { MailboxRow } from "postern-client/types";
import { createMemo, type JSX, Show } from "solid-js";
import type { Context } from "../../actions/action";
import { flag, markReadOrUnread } from "../../actions/mark";
import { close, refresh } from "../../actions/page";
import { mailboxName, words } from "../../i18n";
import type { Folders } from "../../state/folders";
import { withId } from "../../state/folders";
import { ROWS_MAX } from "../../state/list";
import { IconButton } from "../../ui/Button";
import paneBar from "../../ui/PaneBar.module.css";
import text from "../../ui/Text.module.css";
import { ActionButton } from "../ActionButton";
import css from "./List.module.css";
import { Rows, type RowsProps } from "./Rows";

export type ListProps = Omit<RowsProps, "role"> & {
  readonly folders: () => Folders;
  /** What the buttons above the list are about: all that is selected. */
  readonly cx: Context;
  readonly class: string;
  readonly pane: (element: HTMLElement) => void;
  readonly onShowFolders: () => void;
};

export function List(props: ListProps): JSX.Element {
  const mailbox = createMemo(() => withId(props.folders(), props.list()?.mailbox));
  const selected = () => props.selection().ids.size;
  return (
    <section
      ref={(element) => props.pane(element)}
      class={`${css.list} ${props.class}`}
      aria-labelledby="list-title"
    >
      <header class={paneBar.paneBar}>
        <Show when={selected() === 0} fallback={<SelectionBar selected={selected()} cx={props.cx} />}>
          <IconButton
            class={css.narrowOnly}
            icon="menu"
            label={words.FOLDERS}
            onClick={() => props.onShowFolders()}
          />
          <div class={css.title}>
            <h2 id="list-title" dir="auto">
              {mailboxTitle(mailbox())}
            </h2>
            <span class={text.figures} data-testid="list-counts">
              {counts(mailbox())}
            </span>
          </div>
          <ActionButton action={refresh} cx={props.cx} />
        </Show>
      </header>
      <Rows {...props} role={mailbox()?.role ?? null} />
    </section>
  );
}

function mailboxTitle(row: MailboxRow | undefined): string {
  return row ? mailboxName(row) : words.MAIL;
}

function counts(row: MailboxRow | undefined): string {
  if (!row || row.total === null) return "";
  // There is no room for more than that; what is unread stands beside the folder.
  if (row.total > ROWS_MAX) return words.newestOf(ROWS_MAX, row.total);
  return row.unread ? words.messagesAndUnread(row.total, row.unread) : words.messages(row.total);
}

function SelectionBar(props: { selected: number; cx: Context }): JSX.Element {
  return (
    <div class={css.selection} role="toolbar" aria-label={words.SELECTED_MESSAGES}>
      <ActionButton action={close} cx={props.cx} />
      <span id="list-title" class={text.figures}>
        {words.selected(props.selected)}
      </span>
      <ActionButton action={markReadOrUnread(props.cx)} cx={props.cx} />
      <ActionButton action={flag} cx={props.cx} />
    </div>
  );
}
