//! A problem in words: what happened, what to do, and the server's own words one click away.

import { type JSX, Show } from "solid-js";
import type { PageProblem } from "../store";
import { clip, tell } from "../words";
import "./controls.css";

export function ProblemText(props: { problem: PageProblem }): JSX.Element {
  const told = () => tell(props.problem);
  return (
    <div class="told" data-testid="problem">
      <strong>{told().what}</strong>
      <span>{told().todo}</span>
      {/* What the first sentence says already is not said twice. */}
      <Reason detail={told().what.includes(props.problem.detail) ? "" : props.problem.detail} />
    </div>
  );
}

/** What the server wants its user to see: text, in quotes, so that nobody takes it for ours. */
export function AlertText(props: { text: string }): JSX.Element {
  return (
    <div class="told" data-testid="server-alert">
      <strong>Your mail server says</strong>
      <q dir="auto">{clip(props.text, DETAIL_MAX)}</q>
    </div>
  );
}

/** Words of the server or of the browser: text, folded. */
export function Reason(props: { detail: string }): JSX.Element {
  return (
    <Show when={props.detail}>
      <details class="reason">
        <summary>Technical details</summary>
        <code dir="auto">{clip(props.detail, DETAIL_MAX)}</code>
      </details>
    </Show>
  );
}

const DETAIL_MAX = 4_000;
