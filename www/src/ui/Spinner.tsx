//! Something is under way. It decorates: words stand beside it.

import type { JSX } from "solid-js";
import css from "./Spinner.module.css";

export function Spinner(): JSX.Element {
  return <span class={css.spinner} aria-hidden="true" />;
}
