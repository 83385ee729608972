//! Who wrote, to whom, when. The real address always stands beside the name (security.md H8).

import type { Address, MessageView } from "postern-client/types";
import { createSignal, type JSX, Show } from "solid-js";
import { clip, fullDate, initial, isoDate, mediumDate, words } from "../../i18n";
import { Icon } from "../../ui/Icon";
import { Sliced } from "../../ui/Sliced";
import figures from "../../ui/Text.module.css";
import css from "./Sender.module.css";

export function Sender(props: { view: MessageView; children: JSX.Element }): JSX.Element {
  const from = () => props.view.from[0];
  const name = () => clip(from()?.name ?? "", NAME_MAX);
  const address = () => clip(from()?.address ?? "", NAME_MAX);
  const named = () => name() !== "" && name() !== address();
  return (
    <div class={css.sender} data-testid="sender">
      <span class={css.mark} style={{ "--hue": hue(from()?.address ?? "") }} aria-hidden="true">
        {initial(name() || address())}
      </span>
      <div class={css.text}>
        <p class={css.line}>
          <Show when={from()} fallback={<span class={css.name}>{words.NO_CORRESPONDENT}</span>}>
            <Show when={named()}>
              <bdi class={css.name}>{name()}</bdi>
            </Show>
            <bdi class={named() ? css.address : css.name}>{address()}</bdi>
          </Show>
        </p>
        <Recipients view={props.view} />
      </div>
      <div class={css.side}>
        <time
          class={`${css.date} ${figures.figures}`}
          datetime={isoDate(props.view.date)}
          title={fullDate(props.view.date)}
          data-testid="message-date"
        >
          {mediumDate(props.view.date)}
        </time>
        {props.children}
      </div>
    </div>
  );
}

/** Folded: who else has it. */
function Recipients(props: { view: MessageView }): JSX.Element {
  const [open, setOpen] = createSignal(false);
  return (
    <details class={css.recipients} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <span>{summary(props.view)}</span>
        <Icon name="down" />
      </summary>
      {/* Made once it is opened: a message may have more recipients than anybody reads. */}
      <Show when={open()}>
        <dl>
          <People title={words.PEOPLE.from} list={props.view.from} />
          <People title={words.PEOPLE.sender} list={props.view.sender} />
          <People title={words.PEOPLE.replyTo} list={props.view.replyTo} />
          <People title={words.PEOPLE.to} list={props.view.to} />
          <People title={words.PEOPLE.cc} list={props.view.cc} />
          <People title={words.PEOPLE.bcc} list={props.view.bcc} />
          <dt>{words.PEOPLE.date}</dt>
          <dd>{fullDate(props.view.date)}</dd>
        </dl>
      </Show>
    </details>
  );
}

function People(props: { title: string; list: readonly Address[] }): JSX.Element {
  const last = () => props.list.at(-1);
  return (
    <Show when={props.list.length > 0}>
      <dt>{props.title}</dt>
      <dd>
        <Sliced class={css.more} each={props.list} slice={100} page={600} more={words.showMore}>
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

function summary({ to, cc, bcc }: MessageView): string {
  const count = to.length + cc.length + bcc.length;
  if (count === 0) return words.NO_RECIPIENTS;
  const first = [...to.slice(0, NAMED), ...cc.slice(0, NAMED), ...bcc.slice(0, NAMED)].slice(0, NAMED);
  const names = first.map((one) => clip(one.name || one.address, SHORT_NAME));
  return words.toPeople(names, count - names.length);
}

/** One colour for one address, always the same. */
function hue(address: string): number {
  let sum = 0;
  for (const char of address.toLowerCase()) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 360;
  return sum;
}

const NAMED = 3;
const NAME_MAX = 300;
const SHORT_NAME = 80;
