//! Buttons: with words, and with a picture that has words for whoever can't see it.

import type { JSX } from "solid-js";
import css from "./Button.module.css";
import { Icon, type IconName } from "./Icon";

export type ButtonProps = {
  /** The one that a place is about, or one that does not ask to be seen. */
  readonly kind?: "primary" | "quiet";
  readonly type?: "submit";
  readonly class?: string;
  readonly disabled?: boolean;
  /** There is nothing to press now, but the focus stays: a disabled button would lose it. */
  readonly waits?: boolean;
  readonly testId?: string;
  readonly onClick?: () => void;
  readonly children: JSX.Element;
};

export function Button(props: ButtonProps): JSX.Element {
  return (
    <button
      type={props.type ?? "button"}
      class={`${css.button} ${props.kind ? KINDS[props.kind] : ""} ${props.class ?? ""}`}
      disabled={props.disabled}
      aria-disabled={props.waits}
      data-testid={props.testId}
      onClick={() => props.onClick?.()}
    >
      {props.children}
    </button>
  );
}

const KINDS = { primary: css.primary, quiet: css.quiet };

export type IconButtonProps = {
  readonly icon: IconName;
  /** Its name. */
  readonly label: string;
  /** What the pointer shows; nothing where it is left out. */
  readonly title?: string | undefined;
  /** Whether it is on; left out where it is neither on nor off. */
  readonly pressed?: boolean | undefined;
  readonly disabled?: boolean | undefined;
  readonly tabIndex?: number | undefined;
  readonly class?: string | undefined;
  readonly onClick: (event: MouseEvent) => void;
};

export function IconButton(props: IconButtonProps): JSX.Element {
  return (
    <button
      type="button"
      class={`${css.icon} ${props.class ?? ""}`}
      tabIndex={props.tabIndex}
      title={props.title}
      aria-label={props.label}
      aria-pressed={props.pressed}
      disabled={props.disabled}
      onClick={(event) => props.onClick(event)}
    >
      <Icon name={props.icon} filled={props.pressed ?? false} />
    </button>
  );
}
