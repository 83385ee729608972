//! Address and password; the server too where the proxy knows several.

import { createEffect, createSignal, For, type JSX, onMount, Show } from "solid-js";
import type { Client } from "../client";
import { loadUpstreams, type Upstream } from "../upstreams";
import { AlertText, ProblemText } from "./Told";
import "./controls.css";
import "./sign-in.css";

export function SignIn(props: { client: Client }): JSX.Element {
  let addressField!: HTMLInputElement;
  let passwordField!: HTMLInputElement;
  let complaint: HTMLDivElement | undefined;
  const [upstreams, setUpstreams] = createSignal<readonly Upstream[]>([]);
  const [upstream, setUpstream] = createSignal<string | null>(null);

  const session = () => props.client.state().session;
  const busy = () => session().state === "signingIn";
  const problem = () => {
    const now = session();
    return now.state === "signedOut" ? now.problem : null;
  };

  onMount(async () => {
    addressField.focus();
    const all = await loadUpstreams();
    setUpstreams(all);
    setUpstream(all.find((one) => one.default)?.name ?? null);
  });

  createEffect(() => {
    const now = problem();
    if (!now) return;
    // A wrong password is typed again; anything else is read first.
    if (now.code === "wrongPassword") passwordField.select();
    else complaint?.focus();
  });

  function submit(event: SubmitEvent): void {
    event.preventDefault();
    if (!busy()) props.client.signIn(upstream(), addressField.value.trim(), passwordField.value);
  }

  return (
    <main class="sign-in">
      <form class="sign-in-card" onSubmit={submit} aria-labelledby="sign-in-title">
        <Mark />
        <div class="sign-in-title">
          <h1 id="sign-in-title">Sign in to your mail</h1>
          <p>With the address and password of your mail account.</p>
        </div>
        {/* There from the start, so that a screen reader hears when it fills. */}
        <div
          role="alert"
          tabIndex={-1}
          ref={complaint}
          class="sign-in-problem"
          classList={{ shown: problem() !== null }}
        >
          <Show when={problem()}>{(now) => <ProblemText problem={now()} />}</Show>
          <For each={problem() ? props.client.state().alerts : []}>{(text) => <AlertText text={text} />}</For>
        </div>
        <label class="field">
          <span>Email address</span>
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
            aria-invalid={problem()?.code === "wrongPassword"}
          />
        </label>
        <label class="field">
          <span>Password</span>
          <input
            ref={passwordField}
            name="password"
            type="password"
            autocomplete="current-password"
            required
            readOnly={busy()}
            aria-invalid={problem()?.code === "wrongPassword"}
          />
        </label>
        <Show when={upstreams().length > 1}>
          <label class="field">
            <span>Server</span>
            <select
              name="server"
              disabled={busy()}
              onChange={(event) => setUpstream(event.target.value || null)}
            >
              <For each={upstreams()}>
                {(one) => (
                  <option value={one.name ?? ""} selected={one.default}>
                    {one.label}
                  </option>
                )}
              </For>
            </select>
          </label>
        </Show>
        <button type="submit" class="button primary sign-in-button" aria-disabled={busy()}>
          <Show when={busy()} fallback="Sign in">
            <span class="spinner" aria-hidden="true" />
            Signing in…
          </Show>
        </button>
        <p class="sign-in-note">
          <Show
            when={busy()}
            fallback="Your password stays in this tab’s memory and is forgotten when you sign out or close it."
          >
            <button type="button" class="button quiet" onClick={() => props.client.signOut()}>
              Cancel
            </button>
          </Show>
        </p>
      </form>
    </main>
  );
}

function Mark(): JSX.Element {
  return (
    <div class="mark">
      <svg viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="8" />
        <path class="mark-gate" d="M8 25V14a8 8 0 0 1 16 0v11z" />
        <path class="mark-flap" d="m12 16.500 4 3 4-3" />
      </svg>
      <span>Postern</span>
    </div>
  );
}
