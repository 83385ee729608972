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
import { clip, locked, PASSWORD_AGAIN, PROBLEMS, retryIn, SIGN_IN_AGAIN } from "../words";
import { Icon } from "./Icon";
import { AlertText, ProblemText, Reason } from "./Told";
import "./controls.css";
import "./bars.css";

export function ConnectionBar(props: {
  client: Client;
  /** The password was taken while the focus was on its field: it must go elsewhere. */
  onUnlocked: () => void;
}): JSX.Element {
  let bar!: HTMLDivElement;
  const [offline, setOffline] = createSignal(!navigator.onLine);
  const [left, setLeft] = createSignal(0);
  const lost = () => {
    const { session } = props.client.state();
    return session.state === "reconnecting" ? session : null;
  };

  // Nobody asked: a password that was refused is not tried again, since servers lock accounts for that.
  const connectByItself = () => {
    if (props.client.state().session.state !== "locked") props.client.send({ type: "reconnect" });
  };
  const change = () => {
    setOffline(!navigator.onLine);
    if (navigator.onLine) connectByItself();
  };
  // A machine that slept wakes with dead connections that nobody told of: who comes back to the page finds out at once.
  // By the clock on the wall: the other one may stand still while the machine sleeps.
  let hiddenAt = Date.now();
  const back = () => {
    if (document.visibilityState === "hidden") hiddenAt = Date.now();
    else if (Date.now() - hiddenAt > AWAY_MS) connectByItself();
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

  // Stays while a password is tried: the field keeps the focus, and what is typed in it.
  const asking = createMemo<Problem | null>((before) => {
    const { session, retryAt } = props.client.state();
    if (session.state === "locked") return session.problem;
    return session.state === "reconnecting" && retryAt === null ? before : null;
  }, null);
  const [tried, setTried] = createSignal(false);
  createEffect(() => asking() === null && setTried(false));
  const isShown = () => offline() || lost() !== null || asking() !== null;

  // The list's and the message's ends scroll clear of the bar.
  onMount(() => {
    const root = document.documentElement.style;
    const sizes = new ResizeObserver(() => {
      if (bar.offsetHeight > 0) root.setProperty("--covered", `${bar.offsetHeight}px`);
      else root.removeProperty("--covered");
    });
    sizes.observe(bar, { box: "border-box" });
    onCleanup(() => {
      sizes.disconnect();
      root.removeProperty("--covered");
    });
  });

  const tryNow = () => props.client.send({ type: "reconnect" });

  return (
    <div ref={bar} class="connection-bar" classList={{ shown: isShown() }} data-testid="connection-bar">
      {/* The words alone are announced, and not what is typed or pressed beside them. */}
      <div class="connection-words" role="status">
        <Switch>
          <Match when={offline()}>
            <Icon name="offline" />
            <span>You are offline. What is open can be read; the rest comes back with the connection.</span>
          </Match>
          <Match when={asking()}>
            {(problem) => <WhyLocked problem={problem()} again={tried()} waits={lost() !== null} />}
          </Match>
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
              </>
            )}
          </Match>
        </Switch>
      </div>
      <Switch>
        <Match when={!offline() && asking()}>
          <Unlock
            client={props.client}
            waits={lost() !== null}
            onTry={() => setTried(true)}
            onDone={() => props.onUnlocked()}
          />
        </Match>
        <Match when={!offline() && lost()}>
          {(now) => (
            <>
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

function WhyLocked(props: { problem: Problem; again: boolean; waits: boolean }): JSX.Element {
  return (
    <Show
      when={!props.waits}
      fallback={
        <>
          <span class="spinner" aria-hidden="true" />
          <span>Signing in again…</span>
        </>
      }
    >
      <Icon name="alert" />
      <span>
        {locked(props.problem.code, props.again)}{" "}
        <Show when={wordsOf(props.problem.detail)}>
          {(words) => (
            <span class="server-words">
              The server says: <q dir="auto">{clip(words(), WORDS_MAX)}</q>
            </span>
          )}
        </Show>
      </span>
    </Show>
  );
}

/** Asks for the password again, and leaves the focus where it is: what was read stays on the screen meanwhile. */
function Unlock(props: {
  client: Client;
  /** Whether a password is being tried. */
  waits: boolean;
  onTry: () => void;
  /** The form goes away with the focus in it. */
  onDone: () => void;
}): JSX.Element {
  let form!: HTMLFormElement;
  let field!: HTMLInputElement;
  function submit(event: SubmitEvent): void {
    event.preventDefault();
    if (!field.value || props.waits) return;
    props.onTry();
    props.client.send({ type: "unlock", password: field.value });
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
    <form ref={form} class="unlock" aria-label={SIGN_IN_AGAIN} onSubmit={submit}>
      {/* For password managers: they look for the name beside it. */}
      <input
        type="text"
        name="username"
        autocomplete="username"
        value={props.client.address()}
        hidden
        readOnly
      />
      <label class="unlock-field">
        {PASSWORD_AGAIN}
        <input ref={field} name="password" type="password" autocomplete="current-password" required />
      </label>
      {/* Not disabled while it waits: the focus would be lost. */}
      <button type="submit" class="button primary" aria-disabled={props.waits}>
        {SIGN_IN_AGAIN}
      </button>
      <button type="button" class="button quiet" onClick={() => props.client.signOut()}>
        Sign out
      </button>
    </form>
  );
}

export function Notices(props: { client: Client }): JSX.Element {
  return (
    <div class="notices">
      {/* What nobody asked for just now waits until a screen reader has finished. */}
      <div class="notices-part" role="status">
        <For each={props.client.state().troubles}>
          {(trouble) => (
            <Notice quiet onDismiss={() => props.client.forgetTrouble(trouble.id)}>
              <ProblemText problem={trouble.problem} />
            </Notice>
          )}
        </For>
      </div>
      <div class="notices-part" role="alert">
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
    </div>
  );
}

function Notice(props: { quiet?: boolean; children: JSX.Element; onDismiss: () => void }): JSX.Element {
  return (
    <div class="notice" classList={{ quiet: props.quiet ?? false }}>
      <Icon name={props.quiet ? "info" : "alert"} />
      {props.children}
      <button type="button" class="icon-button" aria-label="Dismiss" onClick={() => props.onDismiss()}>
        <Icon name="close" />
      </button>
    </div>
  );
}

/** Without the code for programs that may stand before them. */
function wordsOf(detail: string): string {
  return detail.replace(/^\[[^\]]*\]\s*/, "");
}

/** As much of the server's words as the bar has room for. */
const WORDS_MAX = 160;
/** A glance at another tab is no absence. */
const AWAY_MS = 30_000;
