//! The open message: its head, its text, what is attached. Every word of it is a text node; HTML stays in its frame.

import type { Attachment, MessageRow, MessageView, Notice, Problem } from "postern-client/types";
import { createEffect, createMemo, createSignal, For, type JSX, on, onCleanup, Show } from "solid-js";
import type { Client } from "../client";
import type { ListModel } from "../list-model";
import { createDesigned } from "../mail/designed";
import type { Opened } from "../store";
import {
  BLANK_ROW,
  CLOSED,
  clip,
  KINDS,
  NO_MESSAGE,
  NO_SUBJECT,
  NO_TEXT,
  NOT_DRAWN,
  NOTICES,
  OTHER_NOTICE,
  size,
} from "../words";
import { Attachments } from "./Attachments";
import { HtmlBody } from "./Body";
import { Guarded } from "./Guarded";
import { Icon } from "./Icon";
import { MessageHead, SUBJECT_MAX } from "./MessageHead";
import { TextBody } from "./TextBody";
import { ProblemText } from "./Told";
import "./controls.css";
import "./message.css";

export type MessageProps = {
  readonly client: Client;
  readonly model: ListModel;
  /** For whoever must put the focus on the message. */
  readonly ref: (article: HTMLElement) => void;
};

export function MessagePane(props: MessageProps): JSX.Element {
  const message = () => props.client.state().message;
  const id = createMemo(() => message()?.id);
  let article: HTMLElement | undefined;
  // Each message is read from its beginning.
  createEffect(on(id, () => article?.scrollTo(0, 0)));
  return (
    <Show when={message()} fallback={<NoMessage />}>
      {(opened) => (
        <article
          class="message"
          aria-labelledby="subject"
          tabIndex={-1}
          ref={(element) => {
            article = element;
            props.ref(element);
          }}
        >
          <Guarded what="the buttons of this message" of={id()} place="inline">
            <Toolbar {...props} opened={opened()} />
          </Guarded>
          <Guarded what="this message" of={opened().content}>
            <Content client={props.client} opened={opened()} />
          </Guarded>
        </article>
      )}
    </Show>
  );
}

function NoMessage(): JSX.Element {
  return (
    <div class="message nothing">
      <Icon name="unread" />
      <strong>{NO_MESSAGE.what}</strong>
      <span>{NO_MESSAGE.todo}</span>
    </div>
  );
}

function Toolbar(props: MessageProps & { opened: Opened }): JSX.Element {
  const flags = () => props.opened.flags;
  const id = () => props.opened.id;
  const at = () => props.model.cursorAt();
  return (
    <div class="pane-bar" role="toolbar" aria-label="Message actions">
      <button
        type="button"
        class="icon-button"
        aria-label="Back to the list"
        title="Back to the list (U)"
        onClick={() => props.client.closeMessage()}
      >
        <Icon name="back" />
      </button>
      <button
        type="button"
        class="icon-button"
        aria-label={flags()?.seen === false ? "Mark as read" : "Mark as unread"}
        title={flags()?.seen === false ? "Mark as read (Shift+I)" : "Mark as unread (Shift+U)"}
        onClick={() => props.client.setSeen([id()], flags()?.seen === false)}
      >
        <Icon name={flags()?.seen === false ? "read" : "unread"} />
      </button>
      <button
        type="button"
        class="icon-button"
        aria-label="Flag"
        title="Flag (S)"
        aria-pressed={flags()?.flagged ?? false}
        onClick={() => props.client.setFlagged([id()], !flags()?.flagged)}
      >
        <Icon name="flagged" filled={flags()?.flagged ?? false} />
      </button>
      <span class="pane-bar-gap" />
      <button
        type="button"
        class="icon-button"
        aria-label="Previous message"
        title="Previous message (K)"
        disabled={at() <= 0}
        onClick={() => props.model.move(-1)}
      >
        <Icon name="up" />
      </button>
      <button
        type="button"
        class="icon-button"
        aria-label="Next message"
        title="Next message (J)"
        disabled={at() >= props.model.rows().length - 1}
        onClick={() => props.model.move(1)}
      >
        <Icon name="down" />
      </button>
    </div>
  );
}

function Content(props: { client: Client; opened: Opened }): JSX.Element {
  const content = () => props.opened.content;
  const view = createMemo(() => {
    const now = content();
    return now.state === "ready" ? now.view : null;
  });
  const problem = () => {
    const now = content();
    return now.state === "failed" ? now.problem : null;
  };
  return (
    <Show
      when={view()}
      keyed
      fallback={<Waiting opened={props.opened} problem={problem()} client={props.client} />}
    >
      {(whole) => <Whole client={props.client} view={whole} />}
    </Show>
  );
}

function Whole(props: { client: Client; view: MessageView }): JSX.Element {
  const { body } = props.view;
  const [plain, setPlain] = createSignal(false);
  const designed = createDesigned(props.view);
  const frame = () => (plain() ? null : designed.frame());
  const instead = () => (plain() ? null : designed.instead());
  const working = () => !plain() && designed.working();
  const both = () => body.html !== null && body.text !== null;
  const text = createMemo(() => body.text ?? designed.instead()?.text ?? "");
  // In plain text nothing is drawn, so everything is listed.
  const listed = createMemo(() => {
    const drawn = working() ? inTheMail(props.view) : (frame()?.drawn ?? NOTHING);
    return props.view.attachments.filter((file) => !file.hideIfDrawn || !drawn.has(file.part));
  });
  const download = (attachment: Attachment) => props.client.download(props.view.id, attachment);

  return (
    <div class="message-parts" classList={{ framed: frame() !== null || working() }}>
      <Guarded what="who wrote this message" place="inline">
        <MessageHead view={props.view}>
          <Show when={both()}>
            <button type="button" class="button quiet" onClick={() => setPlain(!plain())}>
              {plain() ? "Show as designed" : "Show as plain text"}
            </button>
          </Show>
        </MessageHead>
      </Guarded>
      <Guarded what="the notes on this message" place="inline">
        <MessageNotes notices={props.view.notices} instead={instead()?.why ?? null} />
      </Guarded>
      <Guarded what="the text of this message">
        <Show when={!working()}>
          <Show
            when={frame()}
            fallback={
              <Show when={text().trim() !== ""} fallback={<NoText notices={props.view.notices} />}>
                <TextBody text={text()} />
              </Show>
            }
          >
            {(now) => <HtmlBody view={props.view} frame={now()} onShowImages={designed.showImages} />}
          </Show>
        </Show>
      </Guarded>
      <Show when={listed().length > 0}>
        <Guarded what="the attachments">
          <Attachments
            message={props.view.id}
            attachments={listed()}
            downloads={props.client.state().downloads}
            onDownload={download}
            onCancel={(id) => props.client.cancelDownload(id)}
          />
        </Guarded>
      </Show>
    </div>
  );
}

/** Nothing to read. Where a note says why, no second sentence does. */
function NoText(props: { notices: readonly Notice[] }): JSX.Element {
  return (
    <Show when={!props.notices.some((notice) => CLOSED.has(notice))}>
      <p class="message-empty">{NO_TEXT}</p>
    </Show>
  );
}

/** Until the frame is made: what it may well draw is not listed, so that nothing comes and goes. */
function inTheMail(view: MessageView): ReadonlySet<string> {
  return new Set(view.inlineImages.map((image) => image.part));
}

/** What is to be known of the message as a whole: one box, a line each. */
function MessageNotes(props: {
  notices: readonly Notice[];
  instead: keyof typeof NOT_DRAWN | null;
}): JSX.Element {
  const lines = () => [
    ...(props.instead === null ? [] : [NOT_DRAWN[props.instead]]),
    ...props.notices.map((notice) => NOTICES[notice] ?? OTHER_NOTICE),
  ];
  const harmless = () => props.instead === null && props.notices.every((notice) => KINDS.has(notice));
  return (
    <Show when={lines().length > 0}>
      <div class="message-bar notes" role="note">
        <Icon name={harmless() ? "info" : "alert"} />
        <ul>
          <For each={lines()}>{(line) => <li>{line}</li>}</For>
        </ul>
      </div>
    </Show>
  );
}

/** What is known from the list already stands where it will stay. Progress is told after a second. */
function Waiting(props: { opened: Opened; problem: Problem | null; client: Client }): JSX.Element {
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
    const now = props.opened.content;
    return now.state === "loading" && now.total > 0 ? now : null;
  };
  return (
    <div class="message-parts">
      <header class="message-head">
        <h1 id="subject" class="subject" dir="auto">
          {props.opened.row ? title(props.opened.row) : "\u00a0"}
        </h1>
      </header>
      <Show
        when={props.problem}
        fallback={
          <div class="message-skeleton" role="status" aria-label="Loading the message">
            <Show when={late() && progress()}>
              {(now) => (
                <p class="message-progress figures">
                  <progress value={now().received} max={now().total} />
                  {size(now().received)} of {size(now().total)}
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
          <div class="message-problem" role="alert">
            <ProblemText problem={now()} />
            <button type="button" class="button" onClick={() => props.client.openMessage(props.opened.id)}>
              Try again
            </button>
          </div>
        )}
      </Show>
    </div>
  );
}

function title(row: MessageRow): string {
  return row.isBlank ? BLANK_ROW : clip(row.subject, SUBJECT_MAX) || NO_SUBJECT;
}

const NOTHING: ReadonlySet<string> = new Set();
const LATE_MS = 1_000;
