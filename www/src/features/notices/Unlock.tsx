//! Asks for the password again, and leaves the focus where it is: what was read stays on the screen meanwhile.

import { createEffect, type JSX, on, onCleanup } from "solid-js";
import { words } from "../../i18n";
import { Button } from "../../ui/Button";
import css from "./ConnectionBar.module.css";

export type UnlockProps = {
  /** Who is signed in. */
  readonly address: string;
  /** Whether a password is being tried. */
  readonly waits: boolean;
  readonly onTry: (password: string) => void;
  readonly onSignOut: () => void;
  /** The form goes away with the focus in it. */
  readonly onDone: () => void;
};

export function Unlock(props: UnlockProps): JSX.Element {
  let form!: HTMLFormElement;
  let field!: HTMLInputElement;
  function submit(event: SubmitEvent): void {
    event.preventDefault();
    if (field.value && !props.waits) props.onTry(field.value);
  }
  // Refused: what is typed next takes the place of what was typed.
  createEffect(
    on(
      () => props.waits,
      (waits) => !waits && document.activeElement === field && field.select(),
      { defer: true },
    ),
  );
  onCleanup(() => form.contains(document.activeElement) && props.onDone());
  return (
    <form ref={form} class={css.unlock} aria-label={words.SIGN_IN_AGAIN} onSubmit={submit}>
      {/* For password managers: they look for the name beside it. */}
      <input type="text" name="username" autocomplete="username" value={props.address} hidden readOnly />
      <label class={css.field}>
        {words.PASSWORD}
        <input ref={field} name="password" type="password" autocomplete="current-password" required />
      </label>
      {/* Not disabled while it waits: the focus would be lost. */}
      <Button type="submit" kind="primary" waits={props.waits}>
        {words.SIGN_IN_AGAIN}
      </Button>
      <Button kind="quiet" onClick={() => props.onSignOut()}>
        {words.SIGN_OUT}
      </Button>
    </form>
  );
}
