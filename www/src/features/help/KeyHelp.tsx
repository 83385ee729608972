//! All keys, as the table of actions has them.

import { For, type JSX, onMount } from "solid-js";
import type { Context } from "../../actions/action";
import { keyNames } from "../../actions/keys";
import { ACTIONS } from "../../actions/table";
import { words } from "../../i18n";
import { IconButton } from "../../ui/Button";
import css from "./KeyHelp.module.css";

export function KeyHelp(props: { cx: Context; onClose: () => void }): JSX.Element {
  let dialog!: HTMLDialogElement;
  // A modal dialog keeps the focus inside, closes by Escape, and gives the focus back.
  onMount(() => dialog.showModal());
  // The dialog's own `close` event comes a task later, and a key that is pressed until then would be lost.
  const close = (event: Event) => {
    event.preventDefault();
    dialog.close();
    props.onClose();
  };
  return (
    <dialog
      ref={dialog}
      class={css.keyHelp}
      aria-labelledby="key-help-title"
      onCancel={close}
      onClick={(event) => event.target === dialog && close(event)}
      onKeyDown={(event) => event.key === "?" && close(event)}
    >
      <header>
        <h2 id="key-help-title">{words.KEYBOARD_SHORTCUTS}</h2>
        <IconButton icon="close" label={words.CLOSE} onClick={close} />
      </header>
      <div class={css.groups}>
        <For each={ACTIONS}>
          {(group) => (
            <section>
              <h3>{group.title}</h3>
              <dl>
                <For each={group.actions}>
                  {(action) => (
                    <>
                      <dt>{action.help ?? action.label(props.cx)}</dt>
                      <dd>
                        <For each={action.keys}>{(keys, index) => <Keys keys={keys} or={index() > 0} />}</For>
                      </dd>
                    </>
                  )}
                </For>
              </dl>
            </section>
          )}
        </For>
      </div>
    </dialog>
  );
}

function Keys(props: { keys: string; or: boolean }): JSX.Element {
  return (
    <>
      {props.or ? <span>{words.KEYS_OR}</span> : null}
      <For each={props.keys.split(" ")}>
        {(together, index) => (
          <>
            {index() > 0 ? <span>{words.KEYS_THEN}</span> : null}
            <For each={keyNames(together)}>{(name) => <kbd>{name}</kbd>}</For>
          </>
        )}
      </For>
    </>
  );
}
