//! A message's plain text. What a screen or two hold is there at once, the rest comes between frames, and what is beyond
//! any reading waits for a button.

import { createEffect, createSignal, type JSX, on, onCleanup, Show } from "solid-js";
import { size, words } from "../../i18n";
import { TextDrawing } from "../../text-drawing";
import { everyFrame, Pace } from "../../ui/frames";
import { ShowMore } from "../../ui/Sliced";
import css from "./TextBody.module.css";

export function TextBody(props: { text: string }): JSX.Element {
  let root!: HTMLDivElement;
  const [left, setLeft] = createSignal(0);
  let stop = () => {};
  let more = () => {};

  createEffect(
    on(
      () => props.text,
      (text) => {
        stop();
        root.replaceChildren();
        const drawing = new TextDrawing(root, text);
        const pace = new Pace(LEAST, MOST);
        let page = PAGE;
        let spent = 0;
        const step = () => {
          const goesOn = pace.go((weight) => {
            spent += weight;
            const more = drawing.draw(weight);
            // Laid out at once, so that what that takes counts too: it is most of it.
            if (more) void root.offsetHeight;
            return more;
          });
          setLeft(goesOn && spent >= page ? Math.max(1, drawing.left) : 0);
          return goesOn && spent < page;
        };
        more = () => {
          // Whoever asks again wants much of it.
          page *= 2;
          spent = 0;
          setLeft(0);
          stop = everyFrame(step);
        };
        if (step()) stop = everyFrame(step);
      },
    ),
  );
  onCleanup(() => stop());

  return (
    <>
      <div ref={root} class={css.textBody} data-testid="text-body" />
      <Show when={left() > 0}>
        <ShowMore onClick={() => more()}>{words.showMoreText(size(left()))}</ShowMore>
      </Show>
    </>
  );
}

/** What is drawn in one go, at least and at most: a character weighs 1, a node 64 (text-drawing.ts). */
const LEAST = 4_096;
const MOST = 65_536;
/** What is drawn without being asked for. */
const PAGE = 512 * 1024;
