//! What a person can do: each verb once, for buttons, keys, the help and rows.

import type { Flags, MailboxRole, MessageId } from "postern-client/types";
import type { Send } from "../engine/start";
import type { ViewEvent } from "../state/event";
import type { IconName } from "../ui/Icon";

/** What an action is about, and what it may use. */
export interface Context {
  /** The messages: the selected ones, or those of the place that its button stands in. */
  readonly messages: readonly MessageId[];
  /** Their flags, as far as they are known. */
  readonly flags: readonly Flags[];
  /** How many messages are selected. */
  readonly selected: number;
  /** The keyboard's row; -1 where there is none. */
  readonly cursor: number;
  /** How many rows the list has. */
  readonly rows: number;
  /** Asks something of the engine. */
  readonly send: Send;
  /** What the page itself does. */
  dispatch(...events: readonly ViewEvent[]): void;
  readonly go: Ways;
  readonly focus: Focus;
}

/** The ways through the mail, as far as actions take them. */
export interface Ways {
  /** Moves the keyboard's row, and what is read with it. */
  move(by: 1 | -1): void;
  openRow(at: number): void;
  /** False where no mailbox is for this. */
  openRole(role: MailboxRole): boolean;
  closeMessage(): void;
  /** Closes the folders that hide the list; false where they don't. */
  closeFolders(): boolean;
}

/** Where the keyboard can be put. */
export interface Focus {
  list(): void;
  message(): void;
  /** Inside of the message's text, to scroll it. */
  text(): void;
  help(): void;
}

export interface Action {
  /** What stands on its button, or beside its picture. */
  label(cx: Context): string;
  /** What stands beside its keys in the help; the label, where that says it. */
  readonly help?: string;
  readonly icon?: IconName;
  /** Each entry does it. A space parts keys that follow one another. */
  readonly keys: readonly string[];
  /** Whether it is on, where it is a switch. */
  pressed?(cx: Context): boolean;
  /** Whether there is anything to do; else its button is greyed and its key does nothing. */
  enabled?(cx: Context): boolean;
  run(cx: Context): void;
}
