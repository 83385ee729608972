//! The open message: its buttons, its head, its text, what is attached. Every word of it is a text node; HTML stays in its
//! frame.

import type { Attachment, MessageId, MessageView } from "postern-client/types";
import { type Accessor, createEffect, createMemo, createSignal, type JSX, on, Show } from "solid-js";
import type { Context } from "../../actions/action";
import { flag, markReadOrUnread } from "../../actions/mark";
import { back, next, previous } from "../../actions/navigate";
import { words } from "../../i18n";
import { createDesigned } from "../../mail/designed";
import type { Download } from "../../state/downloads";
import type { OpenMessage } from "../../state/message";
import { Button } from "../../ui/Button";
import { Guarded } from "../../ui/Guarded";
import { Nothing } from "../../ui/Nothing";
import paneBar from "../../ui/PaneBar.module.css";
import { ActionButton } from "../ActionButton";
import { Attachments } from "./Attachments";
import { distinctNames } from "./distinct-names";
import { HtmlBody } from "./HtmlBody";
import css from "./Message.module.css";
import { MessageHead } from "./MessageHead";
import { MessageNotes, saysWhyNoText } from "./MessageNotes";
import { TextBody } from "./TextBody";
import { Waiting } from "./Waiting";

export type MessageProps = {
  readonly message: Accessor<OpenMessage | null>;
  readonly downloads: Accessor<readonly Download[]>;
  /** What the buttons above the message are about: that message. */
  readonly cx: Context;
  readonly onRetry: (message: MessageId) => void;
  readonly onDownload: (message: MessageId, attachment: Attachment) => void;
  readonly onCancel: (download: number) => void;
  /** For whoever must put the focus on the message. */
  readonly ref: (article: HTMLElement) => void;
};

export function Message(props: MessageProps): JSX.Element {
  const id = createMemo(() => props.message()?.id);
  let article: HTMLElement | undefined;
  // Each message is read from its beginning.
  createEffect(on(id, () => article?.scrollTo(0, 0)));
  return (
    <Show
      when={props.message()}
      fallback={<Nothing class={`${css.message} ${css.empty}`} icon="unread" told={words.NO_MESSAGE} />}
    >
      {(opened) => (
        <article
          class={css.message}
          aria-labelledby="subject"
          tabIndex={-1}
          ref={(element) => {
            article = element;
            props.ref(element);
          }}
        >
          <Guarded what="toolbar" of={id()} place="inline">
            <Toolbar cx={props.cx} />
          </Guarded>
          <Guarded what="message" of={opened().content}>
            <Content {...props} opened={opened()} />
          </Guarded>
        </article>
      )}
    </Show>
  );
}

function Toolbar(props: { cx: Context }): JSX.Element {
  return (
    <div class={`${paneBar.paneBar} ${css.toolbar}`} role="toolbar" aria-label={words.MESSAGE_ACTIONS}>
      <ActionButton action={back} cx={props.cx} />
      <ActionButton action={markReadOrUnread(props.cx)} cx={props.cx} />
      <ActionButton action={flag} cx={props.cx} />
      <span class={css.gap} />
      <ActionButton action={previous} cx={props.cx} />
      <ActionButton action={next} cx={props.cx} />
    </div>
  );
}

function Content(props: MessageProps & { opened: OpenMessage }): JSX.Element {
  const view = createMemo(() => {
    const { content } = props.opened;
    return content.state === "ready" ? content.view : null;
  });
  return (
    <Show
      when={view()}
      keyed
      fallback={<Waiting opened={props.opened} onRetry={() => props.onRetry(props.opened.id)} />}
    >
      {(whole) => <Whole {...props} view={whole} />}
    </Show>
  );
}

function Whole(props: MessageProps & { view: MessageView }): JSX.Element {
  const { body } = props.view;
  const [plain, setPlain] = createSignal(false);
  const designed = createDesigned(props.view);
  const frame = () => (plain() ? null : designed.frame());
  const instead = () => (plain() ? null : designed.instead());
  const working = () => !plain() && designed.working();
  const both = () => body.html !== null && body.text !== null;
  const text = createMemo(() => body.text ?? designed.instead()?.text ?? "");
  // Of all files, drawn or not: a name stays what it is when another one is listed.
  const named = createMemo(() => distinctNames(props.view.attachments));
  // In plain text nothing is drawn, so everything is listed.
  const listed = createMemo(() => {
    const drawn = working() ? inTheMail(props.view) : (frame()?.drawn ?? NOTHING);
    return named().filter((file) => !file.hideIfDrawn || !drawn.has(file.part));
  });
  const isFramed = () => frame() !== null || working();

  return (
    <div class={css.parts} classList={{ [css.framed]: isFramed() }}>
      <Guarded what="sender" place="inline">
        <MessageHead view={props.view}>
          <Show when={both()}>
            <Button kind="quiet" onClick={() => setPlain(!plain())}>
              {plain() ? words.SHOW_DESIGNED : words.SHOW_PLAIN}
            </Button>
          </Show>
        </MessageHead>
      </Guarded>
      <Guarded what="notes" place="inline">
        <MessageNotes notices={props.view.notices} instead={instead()?.why ?? null} />
      </Guarded>
      <Guarded what="text">
        <Show when={!working()}>
          <Show
            when={frame()}
            fallback={
              // Where a note says why there is nothing to read, no second sentence does.
              <Show
                when={text().trim() !== ""}
                fallback={
                  <Show when={!saysWhyNoText(props.view.notices)}>
                    <p class={css.noText}>{words.NO_TEXT}</p>
                  </Show>
                }
              >
                <TextBody text={text()} />
              </Show>
            }
          >
            {(now) => <HtmlBody view={props.view} frame={now()} onShowImages={designed.showImages} />}
          </Show>
        </Show>
      </Guarded>
      <Show when={listed().length > 0}>
        <Guarded what="attachments">
          <Attachments
            message={props.view.id}
            attachments={listed()}
            downloads={props.downloads()}
            framed={isFramed()}
            onDownload={(attachment) => props.onDownload(props.view.id, attachment)}
            onCancel={props.onCancel}
          />
        </Guarded>
      </Show>
    </div>
  );
}

/** Until the frame is made: what it may well draw is not listed, so that nothing comes and goes. */
function inTheMail(view: MessageView): ReadonlySet<string> {
  return new Set(view.inlineImages.map((image) => image.part));
}

const NOTHING: ReadonlySet<string> = new Set();
