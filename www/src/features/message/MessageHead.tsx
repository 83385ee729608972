//! What a message is about, and who wrote it.

import type { MessageView } from "postern-client/types";
import { createSignal, type JSX, Show } from "solid-js";
import { clip, words } from "../../i18n";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import bar from "./MessageBar.module.css";
import css from "./MessageHead.module.css";
import { Sender } from "./Sender";
import { warnAbout } from "./sender-warning";
import { TextBody } from "./TextBody";

export function MessageHead(props: { view: MessageView; children: JSX.Element }): JSX.Element {
  return (
    <header class={css.messageHead}>
      <Subject text={props.view.subject} />
      <Sender view={props.view}>{props.children}</Sender>
      <Show when={warnAbout(props.view)}>
        {(sentence) => (
          <div class={`${bar.messageBar} ${bar.warning}`} role="note">
            <Icon name="alert" />
            <span>{sentence()}</span>
          </div>
        )}
      </Show>
    </header>
  );
}

/** A subject of a megabyte is one that nobody wrote by hand; it can be read all the same. */
function Subject(props: { text: string }): JSX.Element {
  const [whole, setWhole] = createSignal(false);
  return (
    <>
      <h1 id="subject" class={css.subject} dir="auto">
        {clip(props.text, SUBJECT_MAX) || words.NO_SUBJECT}
      </h1>
      <Show when={props.text.length > SUBJECT_MAX}>
        <Show
          when={whole()}
          fallback={
            <Button kind="quiet" onClick={() => setWhole(true)}>
              {words.SHOW_WHOLE_SUBJECT}
            </Button>
          }
        >
          <section class={css.wholeSubject} aria-label={words.WHOLE_SUBJECT}>
            <TextBody text={props.text} />
          </section>
        </Show>
      </Show>
    </>
  );
}

/** As much of a subject as its place has room for. */
export const SUBJECT_MAX = 1_000;
