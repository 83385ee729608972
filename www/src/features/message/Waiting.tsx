//! A message that is not here yet, or does not come. What the list knows already stands where it will stay.

import type { MessageRow } from "postern-client/types";
import { createEffect, createMemo, createSignal, For, type JSX, on, onCleanup, Show } from "solid-js";
import { clip, size, words } from "../../i18n";
import type { OpenMessage } from "../../state/message";
import { Button } from "../../ui/Button";
import figures from "../../ui/Text.module.css";
import { ProblemText } from "../notices/Told";
import message from "./Message.module.css";
import { SUBJECT_MAX } from "./MessageHead";
import head from "./MessageHead.module.css";
import css from "./Waiting.module.css";

export function Waiting(props: { opened: OpenMessage; onRetry: () => void }): JSX.Element {
  // How far it is, once a second has passed.
  const [late, setLate] = createSignal(false);
  const id = createMemo(() => props.opened.id);
  createEffect(
    on(id, () => {
      setLate(false);
      const timer = setTimeout(() => setLate(true), LATE_MS);
      onCleanup(() => clearTimeout(timer));
    }),
  );
  const progress = () => {
    const { content } = props.opened;
    return late() && content.state === "loading" && content.total > 0 ? content : null;
  };
  const problem = () => {
    const { content } = props.opened;
    return content.state === "failed" ? content.problem : null;
  };
  return (
    <div class={message.parts}>
      <header class={head.messageHead}>
        <h1 id="subject" class={head.subject} dir="auto">
          {props.opened.row ? title(props.opened.row) : "\u00a0"}
        </h1>
      </header>
      <Show
        when={problem()}
        fallback={
          <div class={css.skeleton} role="status" aria-label={words.LOADING_MESSAGE}>
            <Show when={progress()}>
              {(now) => (
                <p class={`${css.progress} ${figures.figures}`}>
                  <progress value={now().received} max={now().total} />
                  {words.partOf(size(now().received), size(now().total))}
                </p>
              )}
            </Show>
            <For each={[92, 78, 85, 60, 0, 88, 70, 35]}>
              {(width) => <span style={{ "--width": `${width}%` }} />}
            </For>
          </div>
        }
      >
        {(now) => (
          <div class={css.problem} role="alert">
            <ProblemText problem={now()} />
            <Button onClick={() => props.onRetry()}>{words.TRY_AGAIN}</Button>
          </div>
        )}
      </Show>
    </div>
  );
}

function title(row: MessageRow): string {
  return row.isBlank ? words.BLANK_ROW : clip(row.subject, SUBJECT_MAX) || words.NO_SUBJECT;
}

const LATE_MS = 1_000;
