//! An action as a button: its picture, its name, its first key where the pointer rests, and whether it is on.

import type { JSX } from "solid-js";
import type { Action, Context } from "../actions/action";
import { keyNames } from "../actions/keys";
import { words } from "../i18n";
import { IconButton } from "../ui/Button";

export type ActionButtonProps = {
  readonly action: Action;
  readonly cx: Context;
  /** -1 where the keyboard has another way to it. */
  readonly tabIndex?: number;
};

export function ActionButton(props: ActionButtonProps): JSX.Element {
  const label = () => props.action.label(props.cx);
  const title = () => {
    const [keys] = props.action.keys;
    return keys === undefined ? label() : words.withKey(label(), keyNames(keys).join("+"));
  };
  return (
    <IconButton
      icon={props.action.icon ?? "info"}
      label={label()}
      title={title()}
      pressed={props.action.pressed?.(props.cx)}
      disabled={props.action.enabled?.(props.cx) === false}
      tabIndex={props.tabIndex}
      onClick={(event) => {
        // What it stands on, a row say, is not meant by it.
        event.stopPropagation();
        props.action.run(props.cx);
      }}
    />
  );
}
