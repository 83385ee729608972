//! Words of the server or of the browser, one click away: text, folded.

import { type JSX, Show } from "solid-js";
import { clip, words } from "../i18n";
import css from "./Reason.module.css";

export function Reason(props: { detail: string }): JSX.Element {
  return (
    <Show when={props.detail}>
      <details class={css.reason}>
        <summary>{words.TECHNICAL_DETAILS}</summary>
        <code dir="auto">{clip(props.detail, DETAIL_MAX)}</code>
      </details>
    </Show>
  );
}

/** As much of it as anybody reads. */
export const DETAIL_MAX = 4_000;
