//! Which server it is, where the address decides none: one of a menu, or one whose name is typed in.

import { createEffect, For, type JSX, on, Show } from "solid-js";
import { clip, words } from "../../i18n";
import { Field } from "../../ui/Field";
import css from "./SignIn.module.css";
import type { Choice, SigningIn } from "./sign-in";

export function ServerChoice(props: { choice: Choice; signing: SigningIn }): JSX.Element {
  let newest: HTMLElement | undefined;
  const take = (element: HTMLElement) => {
    newest = element;
    queueMicrotask(() => element.focus());
  };
  // Asked anew: the same controls, another question.
  createEffect(
    on(
      () => props.choice,
      () => newest?.focus(),
      { defer: true },
    ),
  );
  const hint = () => clip(props.choice.patterns.join(", "), HINT_MAX);
  return (
    <div class={css.choice} role="group" aria-labelledby="sign-in-choice">
      <p id="sign-in-choice" role="status">
        {words.CHOOSE_SERVER[props.choice.why]}
      </p>
      <Show when={props.choice.servers.length > 0}>
        <Field label={words.SERVER}>
          <select
            ref={take}
            name="server"
            disabled={props.signing.busy()}
            onChange={(event) => props.signing.choose(event.target.selectedIndex)}
          >
            <For each={props.choice.servers}>{(one) => <option>{one.label}</option>}</For>
            <Show when={props.choice.patterns.length > 0}>
              <option>{words.OTHER_SERVER}</option>
            </Show>
          </select>
        </Field>
      </Show>
      <Show when={props.signing.chosen() >= props.choice.servers.length}>
        <Field label={words.SERVER_NAME}>
          <input
            ref={take}
            name="server-name"
            type="text"
            autocapitalize="none"
            autocomplete="off"
            spellcheck={false}
            required
            readOnly={props.signing.busy()}
            placeholder={hint()}
            onInput={(event) => props.signing.name(event.target.value)}
          />
        </Field>
      </Show>
    </div>
  );
}

/** As much as the field has room for. */
const HINT_MAX = 60;
