//! The folders: special ones first, as the engine orders them, with what is unread. A rail of icons where there is less room.

import type { MailboxId, MailboxRow } from "postern-client/types";
import { type Accessor, For, type JSX, Show } from "solid-js";
import { clip, initial, mailboxName, NAME_MAX, number, words } from "../../i18n";
import type { Folders as Slice } from "../../state/folders";
import type { Place } from "../../state/place";
import { Guarded } from "../../ui/Guarded";
import { Icon } from "../../ui/Icon";
import text from "../../ui/Text.module.css";
import css from "./Folders.module.css";

export type FoldersProps = {
  readonly folders: Accessor<Slice>;
  readonly place: Accessor<Place>;
  /** Who is signed in. */
  readonly address: string;
  readonly class: string;
  readonly ref: (element: HTMLElement) => void;
  readonly onOpen: (mailbox: MailboxId) => void;
  readonly onHelp: () => void;
  readonly onSignOut: () => void;
};

export function Folders(props: FoldersProps): JSX.Element {
  // One line between the special folders and the user's own.
  const firstOwn = () => props.folders().findIndex((row) => row.role === null && row.depth === 0);
  return (
    <div ref={(element) => props.ref(element)} class={`${css.folders} ${props.class}`}>
      <header class={css.account}>
        <span class={css.accountMark} aria-hidden="true">
          {initial(props.address)}
        </span>
        <bdi class={css.accountAddress} title={props.address}>
          {props.address}
        </bdi>
      </header>
      <nav class={css.list} aria-label={words.FOLDERS} onKeyDown={moveFocus}>
        <ul>
          <For each={props.folders()}>
            {(row, index) => (
              <li classList={{ [css.firstOwn]: index() === firstOwn() && index() > 0 }}>
                <Guarded what="folder" place="inline">
                  <Folder
                    row={row}
                    current={row.id === props.place().mailbox}
                    onOpen={() => props.onOpen(row.id)}
                  />
                </Guarded>
              </li>
            )}
          </For>
        </ul>
      </nav>
      <div class={css.foot}>
        <button
          type="button"
          class={`${css.folder} ${css.keysButton}`}
          title={words.withKey(words.KEYBOARD_SHORTCUTS, "?")}
          onClick={() => props.onHelp()}
        >
          <Icon name="keyboard" />
          <span class={css.name}>{words.KEYBOARD_SHORTCUTS}</span>
        </button>
        <button type="button" class={css.folder} title={words.SIGN_OUT} onClick={() => props.onSignOut()}>
          <Icon name="leave" />
          <span class={css.name}>{words.SIGN_OUT}</span>
        </button>
      </div>
    </div>
  );
}

function Folder(props: { row: MailboxRow; current: boolean; onOpen: () => void }): JSX.Element {
  const name = () => mailboxName(props.row);
  const unread = () => props.row.unread ?? 0;
  const spoken = () => (unread() > 0 ? `${name()}, ${words.unread(unread())}` : name());

  return (
    <button
      type="button"
      class={css.folder}
      classList={{ [css.hasUnread]: unread() > 0, [css.own]: props.row.role === null }}
      style={{ "--depth": Math.min(props.row.depth, 5) }}
      aria-current={props.current ? "page" : undefined}
      aria-label={spoken()}
      title={clip(props.row.path, 4 * NAME_MAX)}
      disabled={!props.row.selectable}
      onClick={() => props.onOpen()}
    >
      <Icon name={props.row.role ?? "folder"} />
      <Show when={props.row.role === null}>
        <span class={css.initial} aria-hidden="true">
          {initial(props.row.name)}
        </span>
      </Show>
      <span class={css.name} dir="auto">
        {name()}
      </span>
      {/* Not seen: without it voice control would take the name and the number for one word. */}{" "}
      <Show when={unread() > 0}>
        <span class={`${css.count} ${text.figures}`}>{number(unread())}</span>
      </Show>
    </button>
  );
}

/** Up and down walk through the folders; Home and End jump. */
function moveFocus(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const all = [...event.currentTarget.querySelectorAll<HTMLButtonElement>("button:enabled")];
  const at = all.indexOf(document.activeElement as HTMLButtonElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
  const next = to === undefined ? undefined : all[to];
  if (!next) return;
  event.preventDefault();
  event.stopPropagation();
  next.focus();
}
