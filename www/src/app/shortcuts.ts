//! The keyboard of the page as a whole, and how it is had back from a mail's frame.

import { onCleanup, onMount } from "solid-js";
import type { Action } from "../actions/action";
import { KeyReader } from "../actions/keys";

/** Reads the keyboard, except where it writes or where the focused thing has a use for the key itself. */
export function useKeys(run: (action: Action) => void, paused: () => boolean): void {
  const reader = new KeyReader();
  const onKey = (event: KeyboardEvent) => {
    const target = event.target instanceof Element ? event.target : document.body;
    if (event.defaultPrevented || paused() || target.closest("input, textarea, select")) return;
    const arrow = event.key.startsWith("Arrow");
    if (arrow && target !== document.body && !target.closest("[role=grid]")) return;
    // Space scrolls the text once the focus is there, as anywhere.
    const own =
      event.key === " " ? "button, a, summary, article" : event.key === "Enter" ? "button, a, summary" : null;
    if (own && target.closest(own) && !target.querySelector("iframe")) return;
    const action = reader.read(event);
    if (!action) return;
    event.preventDefault();
    run(action);
  };
  onMount(() => document.addEventListener("keydown", onKey));
  onCleanup(() => document.removeEventListener("keydown", onKey));
}

/** A mail's frame keeps every key for itself once it was clicked. The pointer back beside it takes them back. */
export function takeKeysBack(beside: () => readonly (HTMLElement | undefined)[], take: () => void): void {
  const onPointer = ({ target }: PointerEvent) => {
    const isBeside = target instanceof Node && beside().some((one) => one?.contains(target));
    if (isBeside && document.activeElement instanceof HTMLIFrameElement) take();
  };
  onMount(() => document.addEventListener("pointerover", onPointer));
  onCleanup(() => document.removeEventListener("pointerover", onPointer));
}
