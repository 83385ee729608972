//! A list of anything that may be long: some at once, more between frames, and what is beyond any reading by a button.

import { createEffect, createSignal, For, type JSX, on, onCleanup, Show } from "solid-js";
import { Button } from "./Button";
import { everyFrame } from "./frames";
import css from "./Sliced.module.css";

export type SlicedProps<T> = {
  readonly each: readonly T[];
  /** How many are drawn in one frame. */
  readonly slice: number;
  /** How many are drawn without being asked for; the button draws as many again. */
  readonly page: number;
  readonly children: (item: T) => JSX.Element;
  /** The button's words. */
  readonly more: (left: number) => string;
  /** What the button stands in. */
  readonly around?: (button: JSX.Element) => JSX.Element;
  /** Of the button, where its place has room of its own. */
  readonly class?: string;
};

export function Sliced<T>(props: SlicedProps<T>): JSX.Element {
  const [page, setPage] = createSignal(props.page);
  const [shown, setShown] = createSignal(props.slice);
  const wanted = () => Math.min(props.each.length, page());
  createEffect(
    on(wanted, (now) => {
      if (shown() >= now) return;
      const stop = everyFrame(() => setShown(Math.min(now, shown() + props.slice)) < now);
      onCleanup(stop);
    }),
  );
  const button = () => (
    <ShowMore class={props.class} onClick={() => setPage(page() + props.page)}>
      {props.more(props.each.length - shown())}
    </ShowMore>
  );
  return (
    <>
      <For each={props.each.slice(0, shown())}>{(item) => props.children(item)}</For>
      <Show when={props.each.length > page() && shown() >= page()}>
        {props.around ? props.around(button()) : button()}
      </Show>
    </>
  );
}

/** The button behind as much as is drawn without being asked for. */
export function ShowMore(props: {
  class?: string | undefined;
  onClick: () => void;
  children: JSX.Element;
}): JSX.Element {
  return (
    <Button class={`${css.showMore} ${props.class ?? ""}`} testId="show-more" onClick={props.onClick}>
      {props.children}
    </Button>
  );
}
