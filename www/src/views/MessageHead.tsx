//! Who wrote, to whom, when. The real address always stands beside the name (security.md H8).

import type { Address, MessageView } from "postern-client/types";
import { createSignal, type JSX, Show } from "solid-js";
import { warnAbout } from "../sender";
import {
  clip,
  fullDate,
  initial,
  isoDate,
  mediumDate,
  NO_CORRESPONDENT,
  NO_SUBJECT,
  number,
  SHOW_WHOLE_SUBJECT,
  showMore,
} from "../words";
import { Icon } from "./Icon";
import { Sliced } from "./Sliced";
import { TextBody } from "./TextBody";

export function MessageHead(props: { view: MessageView; children: JSX.Element }): JSX.Element {
  const from = () => props.view.from[0];
  const warning = () => warnAbout(props.view);
  const name = () => clip(from()?.name ?? "", NAME_MAX);
  const address = () => clip(from()?.address ?? "", NAME_MAX);
  const named = () => name() !== "" && name() !== address();
  const [open, setOpen] = createSignal(false);
  return (
    <header class="message-head">
      <Subject text={props.view.subject} />
      <div class="sender">
        <span class="sender-mark" style={{ "--hue": hue(from()?.address ?? "") }} aria-hidden="true">
          {initial(name() || address())}
        </span>
        <div class="sender-text">
          <p class="sender-line">
            <Show when={from()} fallback={<span class="sender-name">{NO_CORRESPONDENT}</span>}>
              <Show when={named()}>
                <bdi class="sender-name">{name()}</bdi>
              </Show>
              <bdi class={named() ? "sender-address" : "sender-name"}>{address()}</bdi>
            </Show>
          </p>
          <details class="recipients" onToggle={(event) => setOpen(event.currentTarget.open)}>
            <summary>
              <span>{summary(props.view)}</span>
              <Icon name="down" />
            </summary>
            {/* Made once it is opened: a message may have more recipients than anybody reads. */}
            <Show when={open()}>
              <dl>
                <People title="From" list={props.view.from} />
                <People title="Sent by" list={props.view.sender} />
                <People title="Reply to" list={props.view.replyTo} />
                <People title="To" list={props.view.to} />
                <People title="Cc" list={props.view.cc} />
                <People title="Bcc" list={props.view.bcc} />
                <dt>Date</dt>
                <dd>{fullDate(props.view.date)}</dd>
              </dl>
            </Show>
          </details>
        </div>
        <div class="sender-side">
          <time
            class="sender-date figures"
            datetime={isoDate(props.view.date)}
            title={fullDate(props.view.date)}
          >
            {mediumDate(props.view.date)}
          </time>
          {props.children}
        </div>
      </div>
      <Show when={warning()}>
        {(sentence) => (
          <div class="message-bar warning" role="note">
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
      <h1 id="subject" class="subject" dir="auto">
        {clip(props.text, SUBJECT_MAX) || NO_SUBJECT}
      </h1>
      <Show when={props.text.length > SUBJECT_MAX}>
        <Show
          when={whole()}
          fallback={
            <button type="button" class="button quiet" onClick={() => setWhole(true)}>
              {SHOW_WHOLE_SUBJECT}
            </button>
          }
        >
          <section class="whole-subject" aria-label="The whole subject">
            <TextBody text={props.text} />
          </section>
        </Show>
      </Show>
    </>
  );
}

function People(props: { title: string; list: readonly Address[] }): JSX.Element {
  const last = () => props.list.at(-1);
  return (
    <Show when={props.list.length > 0}>
      <dt>{props.title}</dt>
      <dd>
        <Sliced each={props.list} slice={100} page={600} more={showMore}>
          {(one) => (
            <>
              <bdi>{written(one)}</bdi>
              {one === last() ? "" : ", "}
            </>
          )}
        </Sliced>
      </dd>
    </Show>
  );
}

function written({ name, address }: Address): string {
  return name ? `${clip(name, NAME_MAX)} <${clip(address, NAME_MAX)}>` : clip(address, NAME_MAX);
}

/** "to Anna, Ben and 3 more". */
function summary({ to, cc, bcc }: MessageView): string {
  const count = to.length + cc.length + bcc.length;
  if (count === 0) return "no recipients";
  const first = [...to.slice(0, NAMED), ...cc.slice(0, NAMED), ...bcc.slice(0, NAMED)].slice(0, NAMED);
  const names = first.map((one) => clip(one.name || one.address, SHORT_NAME));
  const more = count - names.length;
  return `to ${lists.format(more > 0 ? [...names, `${number(more)} more`] : names)}`;
}

/** One colour for one address, always the same. */
function hue(address: string): number {
  let sum = 0;
  for (const char of address.toLowerCase()) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 360;
  return sum;
}

const lists = new Intl.ListFormat(undefined, { type: "conjunction" });
const NAMED = 3;
const NAME_MAX = 300;
const SHORT_NAME = 80;
/** As much of a subject as its place has room for. */
export const SUBJECT_MAX = 1_000;
