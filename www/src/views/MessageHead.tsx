//! Who wrote, to whom, when. The real address always stands beside the name (security.md H8).

import type { Address, MessageView } from "postern-client/types";
import { type JSX, Show } from "solid-js";
import { warnAbout } from "../sender";
import { fullDate, initial, isoDate, mediumDate, NO_CORRESPONDENT, NO_SUBJECT } from "../words";
import { Icon } from "./Icon";

export function MessageHead(props: { view: MessageView; children: JSX.Element }): JSX.Element {
  const from = () => props.view.from[0];
  const warning = () => warnAbout(props.view);
  return (
    <header class="message-head">
      <h1 id="subject" class="subject" dir="auto">
        {props.view.subject || NO_SUBJECT}
      </h1>
      <div class="sender">
        <span class="sender-mark" style={{ "--hue": hue(from()?.address ?? "") }} aria-hidden="true">
          {initial(from()?.name || from()?.address || "")}
        </span>
        <div class="sender-text">
          <p class="sender-line">
            <Show when={from()} fallback={<span class="sender-name">{NO_CORRESPONDENT}</span>}>
              {(one) => (
                <>
                  <Show when={one().name && one().name !== one().address}>
                    <bdi class="sender-name">{one().name}</bdi>
                  </Show>
                  <bdi class={one().name && one().name !== one().address ? "sender-address" : "sender-name"}>
                    {one().address}
                  </bdi>
                </>
              )}
            </Show>
          </p>
          <details class="recipients">
            <summary>
              <span>{summary(props.view)}</span>
              <Icon name="down" />
            </summary>
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

function People(props: { title: string; list: readonly Address[] }): JSX.Element {
  return (
    <Show when={props.list.length > 0}>
      <dt>{props.title}</dt>
      <dd dir="auto">
        {props.list.map((one) => (one.name ? `${one.name} <${one.address}>` : one.address)).join(", ")}
      </dd>
    </Show>
  );
}

/** "to Anna, Ben and 3 more". */
function summary(view: MessageView): string {
  const all = [...view.to, ...view.cc, ...view.bcc];
  if (all.length === 0) return "no recipients";
  const names = all.slice(0, NAMED).map((one) => one.name || one.address);
  const more = all.length - names.length;
  return `to ${lists.format(more > 0 ? [...names, `${more} more`] : names)}`;
}

/** One colour for one address, always the same. */
function hue(address: string): number {
  let sum = 0;
  for (const char of address.toLowerCase()) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 360;
  return sum;
}

const lists = new Intl.ListFormat(undefined, { type: "conjunction" });
const NAMED = 3;
