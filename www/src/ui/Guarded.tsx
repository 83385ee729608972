//! Keeps an exception where it happened: one part of the page says that it broke, the others go on, and nobody is signed
//! out. Each feature of the page stands inside one of these.

import { createEffect, createMemo, ErrorBoundary, type JSX, on } from "solid-js";
import { words } from "../i18n";
import { Button } from "./Button";
import css from "./Guarded.module.css";
import { Reason } from "./Reason";

export type GuardedProps = {
  /** Which part of the page it is; the reader calls it "the list", "this message". */
  readonly what: keyof typeof words.PARTS;
  /** What it shows. Once that is another thing, it is tried again by itself. */
  readonly of?: unknown;
  /** Shown beside what is broken, for what can be done instead. */
  readonly instead?: JSX.Element;
  /** What its place looks like, taken by what is shown in its stead: a pane, a part of one, or nothing of its own. */
  readonly place?: "pane" | "inline" | "floating";
  /** Of the pane that is shown in its stead. */
  readonly class?: string;
  readonly children: JSX.Element;
};

export function Guarded(props: GuardedProps): JSX.Element {
  return (
    <ErrorBoundary fallback={(error, reset) => <BrokenPart {...props} error={error} retry={reset} />}>
      {props.children}
    </ErrorBoundary>
  );
}

function BrokenPart(props: GuardedProps & { error: unknown; retry: () => void }): JSX.Element {
  // A memo: all that is shown is new with every batch, this thing may not be.
  const of = createMemo(() => props.of);
  createEffect(on(of, () => props.retry(), { defer: true }));
  const told = () => words.partBroken(props.what);
  return (
    <div
      class={`${css.guarded} ${props.class ?? ""}`}
      classList={{ [css.inline]: props.place === "inline", [css.floating]: props.place === "floating" }}
      role="alert"
      data-testid="broken-part"
    >
      <strong>{told().what}</strong>
      <span>{told().todo}</span>
      <div class={css.buttons}>
        <Button onClick={() => props.retry()}>{words.TRY_AGAIN}</Button>
        {props.instead}
      </div>
      <Reason detail={String(props.error)} />
    </div>
  );
}
