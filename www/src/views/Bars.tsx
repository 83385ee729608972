//! The connection's thin bar and the problems of single actions. Both float: nothing moves when they come.

import type { Problem } from "postern-client/types";
import {
  createEffect,
  createMemo,
  createSignal,
  For,
  type JSX,
  Match,
  on,
  onCleanup,
  onMount,
  Show,
  Switch,
} from "solid-js";
import type { Client } from "../client";
import { PASSWORD_AGAIN, PROBLEMS, retryIn } from "../words";
import { Icon } from "./Icon";
import { AlertText, ProblemText, Reason } from "./Told";
import "./controls.css";
import "./bars.css";

export function ConnectionBar(props: { client: Client }): JSX.Element {
  const [offline, setOffline] = createSignal(!navigator.onLine);
  const [left, setLeft] = createSignal(0);
  const lost = () => {
    const { session } = props.client.state();
    return session.state === "reconnecting" ? session : null;
  };

  const change = () => {
    setOffline(!navigator.onLine);
    if (navigator.onLine) props.client.send({ type: "reconnect" });
  };
  // A machine that slept wakes with dead connections that nobody told of: who comes back to the page finds out at once.
  // By the clock on the wall: the other one may stand still while the machine sleeps.
  let hiddenAt = Date.now();
  const back = () => {
    if (document.visibilityState === "hidden") hiddenAt = Date.now();
    else if (Date.now() - hiddenAt > AWAY_MS) props.client.send({ type: "reconnect" });
  };
  onMount(() => {
    addEventListener("online", change);
    addEventListener("offline", change);
    document.addEventListener("visibilitychange", back);
  });
  onCleanup(() => {
    removeEventListener("online", change);
    removeEventListener("offline", change);
    document.removeEventListener("visibilitychange", back);
  });

  const due = createMemo(() => props.client.state().retryAt);
  createEffect(
    on(due, (at) => {
      if (at === null) return;
      const tick = () => setLeft(Math.max(0, at - performance.now()));
      tick();
      const timer = setInterval(tick, 500);
      onCleanup(() => clearInterval(timer));
    }),
  );

  // The list's and the message's ends scroll clear of the bar.
  createEffect(() => {
    const root = document.documentElement.style;
    if (offline() || lost() || locked()) root.setProperty("--covered", "var(--bar)");
    else root.removeProperty("--covered");
  });

  const tryNow = () => props.client.send({ type: "reconnect" });
  const locked = () => {
    const { session } = props.client.state();
    return session.state === "locked" ? session : null;
  };

  return (
    <div
      class="connection-bar"
      classList={{ shown: offline() || lost() !== null || locked() !== null }}
      role="status"
      data-testid="connection-bar"
    >
      <Switch>
        <Match when={offline()}>
          <Icon name="offline" />
          <span>You are offline. What is open can be read; the rest comes back with the connection.</span>
        </Match>
        <Match when={locked()}>{(now) => <Unlock client={props.client} problem={now().problem} />}</Match>
        <Match when={lost()}>
          {(now) => (
            <>
              <Show when={props.client.state().retryAt === null} fallback={<Icon name="offline" />}>
                <span class="spinner" aria-hidden="true" />
              </Show>
              <span>
                {PROBLEMS[now().problem.code].what}.{" "}
                {/* The seconds are for the eye: a screen reader hears what happened once, not each of them. */}
                <span class="figures" aria-hidden={props.client.state().retryAt !== null}>
                  {props.client.state().retryAt === null ? "Reconnecting…" : retryIn(left())}
                </span>
              </span>
              <Reason detail={now().problem.detail} />
              <button
                type="button"
                class="button"
                disabled={props.client.state().retryAt === null}
                onClick={tryNow}
              >
                Try now
              </button>
            </>
          )}
        </Match>
      </Switch>
    </div>
  );
}

/** Asks for the password again. What was read stays on the screen meanwhile. */
function Unlock(props: { client: Client; problem: Problem }): JSX.Element {
  let field!: HTMLInputElement;
  function submit(event: SubmitEvent): void {
    event.preventDefault();
    if (field.value) props.client.send({ type: "unlock", password: field.value });
  }
  return (
    <form class="unlock" onSubmit={submit}>
      <Icon name="alert" />
      <span>{PROBLEMS[props.problem.code].what}.</span>
      <Reason detail={props.problem.detail} />
      {/* For password managers: they look for the name beside it. */}
      <input
        type="text"
        name="username"
        autocomplete="username"
        value={props.client.address()}
        hidden
        readOnly
      />
      <input
        ref={field}
        name="password"
        type="password"
        autocomplete="current-password"
        aria-label={PASSWORD_AGAIN}
        placeholder={PASSWORD_AGAIN}
        required
      />
      <button type="submit" class="button">
        Sign in again
      </button>
    </form>
  );
}

export function Notices(props: { client: Client }): JSX.Element {
  return (
    <div class="notices" role="alert">
      <For each={props.client.state().alerts}>
        {(text) => (
          <Notice onDismiss={() => props.client.forgetAlert(text)}>
            <AlertText text={text} />
          </Notice>
        )}
      </For>
      <For each={props.client.state().failures}>
        {(failure) => (
          <Notice onDismiss={() => props.client.forgetFailure(failure.id)}>
            <ProblemText problem={failure.problem} />
          </Notice>
        )}
      </For>
    </div>
  );
}

function Notice(props: { children: JSX.Element; onDismiss: () => void }): JSX.Element {
  return (
    <div class="notice">
      <Icon name="alert" />
      {props.children}
      <button type="button" class="icon-button" aria-label="Dismiss" onClick={() => props.onDismiss()}>
        <Icon name="close" />
      </button>
    </div>
  );
}

/** A glance at another tab is no absence. */
const AWAY_MS = 30_000;
