//! Address and password. The server is found by the address; where that decides nothing, the reader chooses one.

import {
  createEffect,
  createMemo,
  createSignal,
  For,
  type JSX,
  on,
  onCleanup,
  onMount,
  Show,
} from "solid-js";
import type { Client } from "../client";
import { type Decision, decide, localPart, mayBeNamed, socketsAreBlocked } from "../discovery";
import type { PageProblem } from "../store";
import { CHOOSE_SERVER, OTHER_SERVER, serverNameHint } from "../words";
import { AlertText, ProblemText } from "./Told";
import "./controls.css";
import "./sign-in.css";

export function SignIn(props: { client: Client }): JSX.Element {
  let addressField!: HTMLInputElement;
  let passwordField!: HTMLInputElement;
  let complaint: HTMLDivElement | undefined;
  let chooser: HTMLElement | undefined;
  const [choice, setChoice] = createSignal<Choice | null>(null);
  // The place in the menu: past its end stands a server whose name is typed in.
  const [chosen, setChosen] = createSignal(0);
  const [named, setNamed] = createSignal("");
  const [asking, setAsking] = createSignal<AbortController | null>(null);
  const [own, setOwn] = createSignal<PageProblem | null>(null);
  let upstream: string | null = null;

  const session = () => props.client.state().session;
  const busy = () => asking() !== null || session().state === "signingIn";
  const refused = createMemo(() => {
    const now = session();
    return now.state === "signedOut" ? now.problem : null;
  });
  const problem = createMemo(() => (busy() ? null : (own() ?? refused())));

  onMount(() => addressField.focus());
  onCleanup(() => asking()?.abort());

  // Whether the page's server is away, or WebSockets alone don't come through, is a question that it can answer.
  createEffect(
    on(refused, (now) => {
      if (now?.code !== "proxyUnreachable") return;
      const tried = upstream;
      socketsAreBlocked(tried).then((blocked) => {
        if (blocked && refused() === now) setOwn({ code: "socketsBlocked", detail: now.detail });
      });
    }),
  );

  createEffect(() => {
    const now = problem();
    if (!now) return;
    // A wrong password is typed again; anything else is read first.
    if (now.code === "wrongPassword") passwordField.select();
    else complaint?.focus();
  });

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (busy()) return;
    const address = addressField.value.trim();
    setOwn(null);
    const open = choice();
    if (open) {
      const decision = taken(open, address);
      if (decision) connect(decision, address);
      return;
    }
    const controller = new AbortController();
    setAsking(controller);
    try {
      const decision = await decide(address, controller.signal);
      setAsking(null);
      if (decision.kind === "server") connect(decision, address);
      else if (decision.kind === "problem") setOwn(decision.problem);
      else {
        setChoice(decision);
        setChosen(0);
        chooser?.focus();
      }
    } catch {
      // Called off.
      setAsking(null);
    }
  }

  /** Who was chosen, and what to sign in with there. */
  function taken(open: Choice, address: string): Server | null {
    const one = open.servers[chosen()];
    if (one) {
      const user = one.user === "local" ? localPart(address) : address;
      return { kind: "server", upstream: one.name, user };
    }
    const name = named().trim().toLowerCase();
    if (mayBeNamed(name, open.patterns)) return { kind: "server", upstream: name, user: address };
    setOwn({ code: "notAllowed", detail: `${name}: ${open.patterns.join(", ")}` });
    return null;
  }

  function connect(decision: Server, address: string): void {
    upstream = decision.upstream;
    props.client.signIn({ ...decision, address, password: passwordField.value });
  }

  /** Another address may belong to another server. */
  function addressChanged(): void {
    setChoice(null);
    setOwn(null);
  }

  function cancel(): void {
    asking()?.abort();
    if (session().state === "signingIn") props.client.signOut();
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
            onInput={addressChanged}
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
        <Show when={choice()}>
          {(open) => (
            <div class="sign-in-choice" role="group" aria-labelledby="sign-in-choice">
              <p id="sign-in-choice" role="status">
                {CHOOSE_SERVER[open().why]}
              </p>
              <Show when={open().servers.length > 0}>
                <label class="field">
                  <span>Server</span>
                  <select
                    ref={(element) => {
                      chooser = element;
                      queueMicrotask(() => element.focus());
                    }}
                    name="server"
                    disabled={busy()}
                    onChange={(event) => setChosen(event.target.selectedIndex)}
                  >
                    <For each={open().servers}>{(one) => <option>{one.label}</option>}</For>
                    <Show when={open().patterns.length > 0}>
                      <option>{OTHER_SERVER}</option>
                    </Show>
                  </select>
                </label>
              </Show>
              <Show when={chosen() >= open().servers.length}>
                <label class="field">
                  <span>Server’s name</span>
                  <input
                    ref={(element) => {
                      chooser = element;
                      queueMicrotask(() => element.focus());
                    }}
                    name="server-name"
                    type="text"
                    autocapitalize="none"
                    autocomplete="off"
                    spellcheck={false}
                    required
                    readOnly={busy()}
                    placeholder={serverNameHint(open().patterns)}
                    onInput={(event) => setNamed(event.target.value)}
                  />
                </label>
              </Show>
            </div>
          )}
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
            <button type="button" class="button quiet" onClick={cancel}>
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

type Choice = Extract<Decision, { kind: "choose" }>;
type Server = Extract<Decision, { kind: "server" }>;
