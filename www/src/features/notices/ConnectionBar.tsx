//! How the connection is, on a thin bar below. It floats: nothing moves when it comes.

import type { Problem, Session } from "postern-client/types";
import {
  type Accessor,
  createEffect,
  createMemo,
  createSignal,
  type JSX,
  Match,
  on,
  onCleanup,
  onMount,
  Show,
  Switch,
} from "solid-js";
import type { Send } from "../../engine/start";
import { clip, words } from "../../i18n";
import type { Account } from "../../state/account";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { Reason } from "../../ui/Reason";
import { Spinner } from "../../ui/Spinner";
import text from "../../ui/Text.module.css";
import css from "./ConnectionBar.module.css";
import { lockedWords } from "./locked-words";
import { Unlock } from "./Unlock";

export type ConnectionBarProps = {
  readonly account: Accessor<Account>;
  /** Whether the browser has no network. */
  readonly offline: Accessor<boolean>;
  readonly send: Send;
  readonly onSignOut: () => void;
  /** The password was accepted while the focus was on its field: it must go elsewhere. */
  readonly onUnlocked: () => void;
};

export function ConnectionBar(props: ConnectionBarProps): JSX.Element {
  let bar!: HTMLDivElement;
  const session = () => props.account().session;
  const lost = () => reconnecting(session());
  const isTrying = () => props.account().retryAt === null;

  // Stays while a password is tried: the field keeps the focus, and what is typed in it.
  const asking = createMemo<Problem | null>((before) => {
    const now = session();
    if (now.state === "locked") return now.problem;
    return now.state === "reconnecting" && isTrying() ? before : null;
  }, null);
  const isWaiting = createMemo(() => asking() !== null && lost() !== null);
  // Once it was refused, and not as soon as it was sent.
  const [refusedAgain, setRefusedAgain] = createSignal(false);
  let sent = false;
  createEffect(
    on(isWaiting, (waits) => {
      if (!waits) setRefusedAgain(sent && asking() !== null);
      if (asking() === null) sent = false;
    }),
  );
  const isShown = () => props.offline() || lost() !== null || asking() !== null;
  onMount(() => onCleanup(coverWith(bar)));

  return (
    <div
      ref={bar}
      class={css.connectionBar}
      classList={{ [css.shown]: isShown() }}
      data-testid="connection-bar"
    >
      {/* The words alone are announced, and not what is typed or pressed beside them. */}
      <div class={css.words} role="status">
        <Switch>
          <Match when={props.offline()}>
            <Icon name="offline" />
            <span>{words.OFFLINE}</span>
          </Match>
          <Match when={asking()}>
            {(problem) => <WhyLocked problem={problem()} again={refusedAgain()} waits={isWaiting()} />}
          </Match>
          <Match when={lost()}>
            {(now) => <WhyLost problem={now().problem} retryAt={props.account().retryAt} />}
          </Match>
        </Switch>
      </div>
      <Switch>
        <Match when={!props.offline() && asking()}>
          <Unlock
            address={props.account().address}
            waits={isWaiting()}
            onTry={(password) => {
              sent = true;
              props.send({ type: "unlock", password });
            }}
            onSignOut={() => props.onSignOut()}
            onDone={() => props.onUnlocked()}
          />
        </Match>
        <Match when={!props.offline() && lost()}>
          {(now) => (
            <>
              <Reason detail={now().problem.detail} />
              <Button disabled={isTrying()} onClick={() => props.send({ type: "reconnect" })}>
                {words.TRY_NOW}
              </Button>
            </>
          )}
        </Match>
      </Switch>
    </div>
  );
}

function reconnecting(session: Session): Extract<Session, { state: "reconnecting" }> | null {
  return session.state === "reconnecting" ? session : null;
}

/** The list's and the message's ends scroll clear of the bar. What it returns ends that. */
function coverWith(bar: HTMLElement): () => void {
  const root = document.documentElement.style;
  const sizes = new ResizeObserver(() => {
    if (bar.offsetHeight > 0) root.setProperty("--covered", `${bar.offsetHeight}px`);
    else root.removeProperty("--covered");
  });
  sizes.observe(bar, { box: "border-box" });
  return () => {
    sizes.disconnect();
    root.removeProperty("--covered");
  };
}

function WhyLost(props: { problem: Problem; retryAt: number | null }): JSX.Element {
  const [left, setLeft] = createSignal(0);
  createEffect(
    on(
      () => props.retryAt,
      (at) => {
        if (at === null) return;
        const tick = () => setLeft(Math.max(0, at - performance.now()));
        tick();
        const timer = setInterval(tick, 500);
        onCleanup(() => clearInterval(timer));
      },
    ),
  );
  const seconds = () => Math.max(1, Math.ceil(left() / 1000));
  return (
    <>
      <Show when={props.retryAt === null} fallback={<Icon name="offline" />}>
        <Spinner />
      </Show>
      <span>
        {words.PROBLEMS[props.problem.code].what}.{" "}
        {/* The seconds are for the eye: a screen reader hears what happened once, not each of them. */}
        <span class={text.figures} aria-hidden={props.retryAt !== null}>
          {props.retryAt === null ? words.RECONNECTING : words.retryIn(seconds())}
        </span>
      </span>
    </>
  );
}

function WhyLocked(props: { problem: Problem; again: boolean; waits: boolean }): JSX.Element {
  return (
    <Show
      when={!props.waits}
      fallback={
        <>
          <Spinner />
          <span>{words.SIGNING_IN_AGAIN}</span>
        </>
      }
    >
      <Icon name="alert" />
      <span>
        {lockedWords(props.problem.code, props.again)}{" "}
        <Show when={wordsOf(props.problem.detail)}>
          {(said) => (
            <span class={css.serverWords}>
              {words.SERVER_SAYS} <q dir="auto">{clip(said(), WORDS_MAX)}</q>
            </span>
          )}
        </Show>
      </span>
    </Show>
  );
}

/** Without the code for programs that may stand before them. */
function wordsOf(detail: string): string {
  return detail.replace(/^\[[^\]]*\]\s*/, "");
}

/** As much of the server's words as the bar has room for. */
const WORDS_MAX = 160;
