//! An empty place: one line, and what to do.

import type { JSX } from "solid-js";
import { Icon, type IconName } from "./Icon";
import css from "./Nothing.module.css";

export type NothingProps = {
  readonly icon: IconName;
  readonly told: { readonly what: string; readonly todo: string };
  readonly role?: "gridcell";
  readonly class?: string;
};

export function Nothing(props: NothingProps): JSX.Element {
  return (
    <div role={props.role} class={`${css.nothing} ${props.class ?? ""}`}>
      <Icon name={props.icon} />
      <strong>{props.told.what}</strong>
      <span>{props.told.todo}</span>
    </div>
  );
}
