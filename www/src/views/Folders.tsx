//! The folders: special ones first, as the engine orders them, with what is unread. A rail of icons where there is less room.

import type { MailboxRow } from "postern-client/types";
import { For, type JSX, Show } from "solid-js";
import type { Client } from "../client";
import { clip, count, initial, number, ROLES } from "../words";
import { Guarded } from "./Guarded";
import { Icon } from "./Icon";
import "./controls.css";
import "./folders.css";

export function Folders(props: { client: Client; onHelp: () => void }): JSX.Element {
  const rows = () => props.client.state().mailboxes;
  const open = () => props.client.place().mailbox;
  // One line between the special folders and the user's own.
  const firstOwn = () => rows().findIndex((row) => row.role === null && row.depth === 0);

  return (
    <div class="folders">
      <header class="account">
        <span class="account-mark" aria-hidden="true">
          {initial(props.client.address())}
        </span>
        <bdi class="account-address" title={props.client.address()}>
          {props.client.address()}
        </bdi>
      </header>
      <nav class="folder-list" aria-label="Folders" onKeyDown={moveFocus}>
        <ul>
          <For each={rows()}>
            {(row, index) => (
              <li classList={{ "first-own": index() === firstOwn() && index() > 0 }}>
                <Guarded what="this folder" place="inline">
                  <Folder
                    row={row}
                    current={row.id === open()}
                    onOpen={() => props.client.openMailbox(row.id)}
                  />
                </Guarded>
              </li>
            )}
          </For>
        </ul>
      </nav>
      <div class="folder-foot">
        <button
          type="button"
          class="folder keys-button"
          title="Keyboard shortcuts (?)"
          onClick={() => props.onHelp()}
        >
          <Icon name="keyboard" />
          <span class="folder-name">Keyboard shortcuts</span>
        </button>
        <button type="button" class="folder" title="Sign out" onClick={() => props.client.signOut()}>
          <Icon name="leave" />
          <span class="folder-name">Sign out</span>
        </button>
      </div>
    </div>
  );
}

function Folder(props: { row: MailboxRow; current: boolean; onOpen: () => void }): JSX.Element {
  const name = () => mailboxName(props.row);
  const unread = () => props.row.unread ?? 0;
  const spoken = () => (unread() > 0 ? `${name()}, ${count(unread(), "unread", "unread")}` : name());

  return (
    <button
      type="button"
      class="folder"
      classList={{ "has-unread": unread() > 0, own: props.row.role === null }}
      style={{ "--depth": Math.min(props.row.depth, 5) }}
      aria-current={props.current ? "page" : undefined}
      aria-label={spoken()}
      title={clip(props.row.path, 4 * NAME_MAX)}
      disabled={!props.row.selectable}
      onClick={() => props.onOpen()}
    >
      <Icon name={props.row.role ?? "folder"} />
      <Show when={props.row.role === null}>
        <span class="folder-initial" aria-hidden="true">
          {initial(props.row.name)}
        </span>
      </Show>
      <span class="folder-name" dir="auto">
        {name()}
      </span>
      {/* Not seen: without it voice control would take the name and the number for one word. */}{" "}
      <Show when={unread() > 0}>
        <span class="folder-count figures">{number(unread())}</span>
      </Show>
    </button>
  );
}

/** What a mailbox is called here: special ones have a word of ours, whatever the server calls them. */
export function mailboxName(row: MailboxRow): string {
  return (row.role && ROLES[row.role]) || clip(row.name, NAME_MAX);
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

/** More than any screen shows on a line. */
const NAME_MAX = 200;
