//! A control with its name above it.

import type { JSX } from "solid-js";
import css from "./Field.module.css";

export function Field(props: { label: string; children: JSX.Element }): JSX.Element {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is what stands inside.
    <label class={css.field}>
      <span>{props.label}</span>
      {props.children}
    </label>
  );
}
