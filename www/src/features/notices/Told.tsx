//! A problem in words: what happened, what to do, and the server's own words one click away.

import type { JSX } from "solid-js";
import { clip, problemWords, words } from "../../i18n";
import type { PageProblem } from "../../state/problem";
import { DETAIL_MAX, Reason } from "../../ui/Reason";
import css from "./Told.module.css";

export function ProblemText(props: { problem: PageProblem }): JSX.Element {
  const told = () => problemWords(props.problem);
  return (
    <div class={css.told} data-testid="problem">
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
    <div class={css.told} data-testid="server-alert">
      <strong>{words.MAIL_SERVER_SAYS}</strong>
      <q dir="auto">{clip(props.text, DETAIL_MAX)}</q>
    </div>
  );
}
