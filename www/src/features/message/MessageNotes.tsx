//! What is to be known of a message as a whole: one box, a line each.

import type { Notice } from "postern-client/types";
import { For, type JSX, Show } from "solid-js";
import { words } from "../../i18n";
import { Icon } from "../../ui/Icon";
import css from "./MessageBar.module.css";

export function MessageNotes(props: {
  notices: readonly Notice[];
  /** Why it is not drawn as it was designed. */
  instead: keyof typeof words.NOT_DRAWN | null;
}): JSX.Element {
  const lines = () => [
    ...(props.instead === null ? [] : [words.NOT_DRAWN[props.instead]]),
    ...props.notices.map((notice) => words.NOTICES[notice] ?? words.OTHER_NOTICE),
  ];
  const harmless = () => props.instead === null && props.notices.every((notice) => KINDS.has(notice));
  return (
    <Show when={lines().length > 0}>
      <div class={`${css.messageBar} ${css.notes}`} role="note" data-testid="message-notes">
        <Icon name={harmless() ? "info" : "alert"} />
        <ul>
          <For each={lines()}>{(line) => <li>{line}</li>}</For>
        </ul>
      </div>
    </Show>
  );
}

/** Whether one of these notices says why a message shows no text. */
export function saysWhyNoText(notices: readonly Notice[]): boolean {
  return notices.some((notice) => CLOSED.has(notice));
}

const CLOSED: ReadonlySet<Notice> = new Set<Notice>(["opaquelySigned", "encryptedPgp", "encryptedSmime"]);

/** Notices that say what a message is, and nothing that went wrong. */
const KINDS: ReadonlySet<Notice> = new Set<Notice>([...CLOSED, "signed", "invitation", "tnef", "uuencoded"]);
