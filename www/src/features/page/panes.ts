//! The panes as places for the keyboard: where it is put, and where it goes by itself when one pane gives way to another.

import { type Accessor, on } from "solid-js";
import type { Focus } from "../../actions/action";
import { careful } from "../../app/careful";
import { takeKeysBack } from "../../app/shortcuts";

export interface Panes {
  readonly focus: Focus;
  /** Where reading goes on: the list, or on a narrow screen the message that hides it. */
  backToReading(): void;
  // What is in the page, each once it is there.
  folders(element: HTMLElement): void;
  list(element: HTMLElement): void;
  rows(element: HTMLElement): void;
  message(element: HTMLElement): void;
}

/** `shown` is what a narrow screen shows. */
export function createPanes(shown: Accessor<"folders" | "list" | "message">, help: () => void): Panes {
  const elements: { folders?: HTMLElement; list?: HTMLElement; rows?: HTMLElement; message?: HTMLElement } =
    {};
  const put = (element: HTMLElement | undefined) => element?.focus({ preventScroll: true });
  const focus: Focus = {
    list: () => put(elements.rows),
    message: () => put(elements.message),
    text: () => (elements.message?.querySelector("iframe") ?? elements.message)?.focus(),
    help,
  };
  // From a closed message the focus goes back to the list; on a narrow screen an opened one takes it.
  careful(
    on(shown, (now, before) => {
      if (now === "list") focus.list();
      else if (now === "message" && before === "list" && NARROW.matches) focus.message();
    }),
  );
  takeKeysBack(() => [elements.folders, elements.list], focus.list);
  return {
    focus,
    backToReading: () => (shown() === "message" && NARROW.matches ? focus.message() : focus.list()),
    folders(element) {
      elements.folders = element;
    },
    list(element) {
      elements.list = element;
    },
    rows(element) {
      elements.rows = element;
      if (shown() === "list") queueMicrotask(focus.list);
    },
    message(element) {
      elements.message = element;
    },
  };
}

const NARROW = matchMedia("(width < 700px)");
