//! A message's HTML as a view draws it: made in the background, made anew when images are allowed, given up when the
//! reader goes on to another message.

import type { MessageView } from "postern-client/types";
import { type Accessor, createEffect, createMemo, createSignal, on, onCleanup } from "solid-js";
import { allowsImages } from "../image-choice";
import { type Frame, mailFrame } from "../mail-frame";

/** A mail's HTML as it is drawn now. */
export interface Designed {
  /** What goes into the frame; null where there is no HTML, and until it is made. */
  readonly frame: Accessor<(Frame & { readonly kind: "html" }) | null>;
  /** Its text, where it can't be drawn as it was designed, and why not. */
  readonly instead: Accessor<(Frame & { readonly kind: "text" }) | null>;
  /** It is still being made. */
  readonly working: Accessor<boolean>;
  /** Shows the images this once. */
  showImages(): void;
}

export function createDesigned(view: MessageView): Designed {
  const [once, setOnce] = createSignal(false);
  const [made, setMade] = createSignal<Frame | null>(null);
  const allowed = createMemo(() => once() || allowsImages(view.from[0]?.address ?? ""));
  createEffect(
    on(allowed, (images) => {
      const { html } = view.body;
      if (html === null) return;
      const abort = new AbortController();
      onCleanup(() => abort.abort());
      mailFrame(html, {
        inlineImages: view.inlineImages,
        remoteImages: images ? "allowed" : "blocked",
        signal: abort.signal,
      }).then(setMade, () => {
        // Not wanted any more; or nothing at all could be made of it.
        if (!abort.signal.aborted) setMade({ kind: "text", text: "", why: "failed" });
      });
    }),
  );
  const of = <Kind extends Frame["kind"]>(kind: Kind) => {
    const now = made();
    return now?.kind === kind ? (now as Frame & { kind: Kind }) : null;
  };
  return {
    frame: () => of("html"),
    instead: () => of("text"),
    working: () => view.body.html !== null && made() === null,
    showImages: () => void setOnce(true),
  };
}
