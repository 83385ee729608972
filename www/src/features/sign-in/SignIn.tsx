//! Address and password. The server is found by the address; where that decides nothing, the reader chooses one.

import { type Accessor, createEffect, For, type JSX, onMount, Show } from "solid-js";
import type { SignInAs } from "../../app/app";
import { words } from "../../i18n";
import type { Account } from "../../state/account";
import type { Notices } from "../../state/notices";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Spinner } from "../../ui/Spinner";
import { AlertText, ProblemText } from "../notices/Told";
import { ServerChoice } from "./ServerChoice";
import css from "./SignIn.module.css";
import { createSigningIn } from "./sign-in";

export type SignInProps = {
  readonly account: Accessor<Account>;
  readonly notices: Accessor<Notices>;
  readonly onSignIn: (who: SignInAs) => void;
  readonly onSignOut: () => void;
};

export function SignIn(props: SignInProps): JSX.Element {
  let addressField!: HTMLInputElement;
  let passwordField!: HTMLInputElement;
  let complaint: HTMLDivElement | undefined;
  const signing = createSigningIn(props);
  const { busy, problem } = signing;
  const isWrong = () => problem()?.code === "wrongPassword";

  onMount(() => addressField.focus());
  createEffect(() => {
    if (!problem()) return;
    // A wrong password is typed again; anything else is read first.
    if (isWrong()) passwordField.select();
    else complaint?.focus();
  });

  function submit(event: SubmitEvent): void {
    event.preventDefault();
    signing.submit(addressField.value.trim(), passwordField.value);
  }

  return (
    <main class={css.signIn}>
      <form class={css.card} onSubmit={submit} aria-labelledby="sign-in-title">
        <Mark />
        <div class={css.title}>
          <h1 id="sign-in-title">{words.SIGN_IN_TITLE}</h1>
          <p>{words.SIGN_IN_WITH}</p>
        </div>
        {/* There from the start, so that a screen reader hears when it fills. */}
        <div
          role="alert"
          tabIndex={-1}
          ref={complaint}
          class={css.problem}
          classList={{ [css.shown]: problem() !== null }}
        >
          <Show when={problem()}>{(now) => <ProblemText problem={now()} />}</Show>
          <For each={problem() ? props.notices().alerts : []}>{(text) => <AlertText text={text} />}</For>
        </div>
        <Field label={words.ADDRESS}>
          <input
            ref={addressField}
            name="username"
            type="text"
            inputmode="email"
            autocomplete="username"
            autocapitalize="none"
            spellcheck={false}
            required
            readOnly={busy()}
            aria-invalid={isWrong()}
            onInput={signing.addressChanged}
          />
        </Field>
        <Field label={words.PASSWORD}>
          <input
            ref={passwordField}
            name="password"
            type="password"
            autocomplete="current-password"
            required
            readOnly={busy()}
            aria-invalid={isWrong()}
          />
        </Field>
        <Show when={signing.choice()}>
          {(choice) => <ServerChoice choice={choice()} signing={signing} />}
        </Show>
        <Button type="submit" kind="primary" class={css.button} waits={busy()}>
          <Show when={busy()} fallback={words.SIGN_IN}>
            <Spinner />
            {words.SIGNING_IN}
          </Show>
        </Button>
        <p class={css.note}>
          <Show when={busy()} fallback={words.PASSWORD_STAYS}>
            <Button kind="quiet" onClick={signing.cancel}>
              {words.CANCEL}
            </Button>
          </Show>
        </p>
      </form>
    </main>
  );
}

function Mark(): JSX.Element {
  return (
    <div class={css.mark}>
      <svg viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="8" />
        <path class={css.gate} d="M8 25V14a8 8 0 0 1 16 0v11z" />
        <path class={css.flap} d="m12 16.500 4 3 4-3" />
      </svg>
      <span>Postern</span>
    </div>
  );
}
