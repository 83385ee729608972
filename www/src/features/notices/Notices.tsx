//! What is said beside the mail and stays until it is dismissed. It floats: nothing moves when it comes.

import { type Accessor, For, type JSX } from "solid-js";
import { words } from "../../i18n";
import type { ViewEvent } from "../../state/event";
import type { Notices as Slice } from "../../state/notices";
import { IconButton } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import css from "./Notices.module.css";
import { AlertText, ProblemText } from "./Told";

export type NoticesProps = {
  readonly notices: Accessor<Slice>;
  readonly dispatch: (event: ViewEvent) => void;
  /** The last one was dismissed by the keyboard: the focus must go elsewhere. */
  readonly onEmpty: () => void;
};

export function Notices(props: NoticesProps): JSX.Element {
  let box!: HTMLDivElement;
  /** The next notice takes the focus, else the one before, else what was there before any of them. */
  function dismiss(button: HTMLElement, event: ViewEvent): void {
    const hadFocus = document.activeElement === button;
    const buttons = [...box.querySelectorAll<HTMLElement>(":scope [data-testid=notice] > button")];
    const at = buttons.indexOf(button);
    const next = buttons[at + 1] ?? buttons[at - 1];
    props.dispatch(event);
    if (!hadFocus) return;
    if (next) next.focus();
    else props.onEmpty();
  }
  return (
    <div ref={box} class={css.notices}>
      {/* What nobody asked for just now waits until a screen reader has finished. */}
      <div class={css.part} role="status">
        <For each={props.notices().troubles}>
          {({ id, problem }) => (
            <Notice quiet onDismiss={(button) => dismiss(button, { type: "troubleForgotten", id })}>
              <ProblemText problem={problem} />
            </Notice>
          )}
        </For>
      </div>
      <div class={css.part} role="alert">
        <For each={props.notices().alerts}>
          {(text) => (
            <Notice onDismiss={(button) => dismiss(button, { type: "alertForgotten", text })}>
              <AlertText text={text} />
            </Notice>
          )}
        </For>
        <For each={props.notices().failures}>
          {({ id, problem }) => (
            <Notice onDismiss={(button) => dismiss(button, { type: "failureForgotten", id })}>
              <ProblemText problem={problem} />
            </Notice>
          )}
        </For>
      </div>
    </div>
  );
}

function Notice(props: {
  quiet?: boolean;
  children: JSX.Element;
  onDismiss: (button: HTMLElement) => void;
}): JSX.Element {
  return (
    <div class={css.notice} classList={{ [css.quiet]: props.quiet ?? false }} data-testid="notice">
      <Icon name={props.quiet ? "info" : "alert"} />
      {props.children}
      <IconButton
        icon="close"
        label={words.DISMISS}
        onClick={(event) => props.onDismiss(event.currentTarget as HTMLElement)}
      />
    </div>
  );
}
