//! The line between two panes: drag it, or move it with the arrows.

import { createEffect, createSignal, type JSX } from "solid-js";
import css from "./Splitter.module.css";

export function Splitter(props: { label: string }): JSX.Element {
  const [width, setWidth] = createSignal(remembered());
  const [dragged, setDragged] = createSignal(false);

  createEffect(() => {
    const now = width();
    if (now === null) return;
    document.documentElement.style.setProperty("--list-width", `${now}px`);
    localStorage.setItem(KEY, String(now));
  });

  /** The first pane's edge under the pointer, on either side of a page that may run right to left. */
  function drag(event: PointerEvent & { currentTarget: HTMLElement }): void {
    const list = event.currentTarget.previousElementSibling?.getBoundingClientRect();
    if (!dragged() || !list) return;
    const leftward = getComputedStyle(event.currentTarget).direction === "rtl";
    setWidth(within(leftward ? list.right - event.clientX : event.clientX - list.left));
  }

  function step(event: KeyboardEvent): void {
    const by = { ArrowLeft: -STEP, ArrowRight: STEP, Home: -MAX, End: MAX }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    setWidth(within((width() ?? USUAL) + by));
  }

  return (
    <div
      class={css.splitter}
      classList={{ [css.dragged]: dragged() }}
      role="separator"
      aria-orientation="vertical"
      aria-label={props.label}
      aria-valuenow={width() ?? USUAL}
      aria-valuemin={MIN}
      aria-valuemax={MAX}
      tabIndex={0}
      onKeyDown={step}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        setDragged(true);
      }}
      onPointerMove={drag}
      onPointerUp={() => setDragged(false)}
      onPointerCancel={() => setDragged(false)}
      onDblClick={() => setWidth(USUAL)}
    />
  );
}

function within(width: number): number {
  return Math.round(Math.max(MIN, Math.min(MAX, width)));
}

function remembered(): number | null {
  const kept = Number(localStorage.getItem(KEY));
  return kept >= MIN && kept <= MAX ? kept : null;
}

const KEY = "postern.list-width";
const USUAL = 380;
const MIN = 280;
const MAX = 640;
const STEP = 16;
