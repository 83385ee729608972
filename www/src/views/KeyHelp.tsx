//! All keys, as keys.ts has them.

import { For, type JSX, onMount } from "solid-js";
import { KEYS } from "../keys";
import { Icon } from "./Icon";
import "./controls.css";
import "./key-help.css";

export function KeyHelp(props: { onClose: () => void }): JSX.Element {
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
      class="key-help"
      aria-labelledby="key-help-title"
      onCancel={close}
      onClick={(event) => event.target === dialog && close(event)}
      onKeyDown={(event) => event.key === "?" && close(event)}
    >
      <header>
        <h2 id="key-help-title">Keyboard shortcuts</h2>
        <button type="button" class="icon-button" aria-label="Close" onClick={close}>
          <Icon name="close" />
        </button>
      </header>
      <div class="key-groups">
        <For each={KEYS}>
          {(group) => (
            <section>
              <h3>{group.title}</h3>
              <dl>
                <For each={group.bindings}>
                  {(binding) => (
                    <>
                      <dt>{binding.words}</dt>
                      <dd>
                        <For each={binding.keys}>
                          {(keys, index) => <Keys keys={keys} or={index() > 0} />}
                        </For>
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
      {props.or ? <span> or </span> : null}
      <For each={props.keys.split(" ")}>
        {(key, index) => (
          <>
            {index() > 0 ? <span> then </span> : null}
            <For each={key.split("+")}>{(one) => <kbd>{SPELLED[one] ?? one.toUpperCase()}</kbd>}</For>
          </>
        )}
      </For>
    </>
  );
}

const SPELLED: Record<string, string> = {
  ArrowDown: "↓",
  ArrowUp: "↑",
  Enter: "Enter",
  Escape: "Esc",
  Shift: "Shift",
  Space: "Space",
};
