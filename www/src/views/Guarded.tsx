//! Keeps an exception where it happened: one part of the page says that it broke, the others go on, and nobody is signed
//! out. Each feature of the page stands inside one of these.

import { createEffect, createMemo, ErrorBoundary, type JSX, on } from "solid-js";
import { partBroken } from "../words";
import { Reason } from "./Told";
import "./controls.css";
import "./guarded.css";

export type GuardedProps = {
  /** What the reader calls it: "the list", "this message". */
  readonly what: string;
  /** What it shows. Once that is another thing, it is tried again by itself. */
  readonly of?: unknown;
  /** Shown beside what is broken, for what can be done instead. */
  readonly instead?: JSX.Element;
  /** What its place looks like, taken by what is shown in its stead: a pane, a part of one, or nothing of its own. */
  readonly place?: "folders" | "list" | "inline" | "floating";
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
  const told = () => partBroken(props.what);
  return (
    <div class={`broken-part ${props.place ?? ""}`} role="alert" data-testid="broken-part">
      <strong>{told().what}</strong>
      <span>{told().todo}</span>
      <div class="broken-part-buttons">
        <button type="button" class="button" onClick={() => props.retry()}>
          Try again
        </button>
        {props.instead}
      </div>
      <Reason detail={String(props.error)} />
    </div>
  );
}
