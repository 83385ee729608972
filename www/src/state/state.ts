//! What the page knows: one slice for each thing that views draw. Types alone; `apply.ts` is what changes them.
//!
//! A state is never edited. What an event did not touch stays the same object, so a view that holds it has nothing to do.

import type { Account } from "./account";
import type { Download } from "./downloads";
import type { Folders } from "./folders";
import type { List } from "./list";
import type { OpenMessage } from "./message";
import type { Notices } from "./notices";
import type { Place } from "./place";
import type { Selection } from "./selection";

/** Everything that views draw. */
export type State = {
  /** Who is signed in, and how it stands with the server. */
  readonly account: Account;
  readonly folders: Folders;
  /** The open mailbox; null until one is opened. */
  readonly list: List | null;
  /** The open message. */
  readonly message: OpenMessage | null;
  readonly selection: Selection;
  readonly downloads: readonly Download[];
  readonly notices: Notices;
  /** Where the reader is. */
  readonly place: Place;
};
