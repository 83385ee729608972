//! All that changes a state: what the engine emitted, and what the page itself did.

import type { DownloadId, MailboxId, MessageId, Update } from "postern-client/types";
import type { NewDownload } from "./downloads";
import type { Done } from "./notices";
import type { Place } from "./place";
import type { State } from "./state";

/** What the page itself did. The engine hears of it as an intent; the state shows it at once. */
export type ViewEvent =
  /** Somebody wants in, under this name. */
  | { type: "signInAsked"; address: string }
  /** The engine is gone. `detail` is for the curious. */
  | { type: "engineBroke"; detail: string }
  /** The engine died and was started again, with nobody signed in. */
  | { type: "engineRestarted"; detail: string }
  /** The reader came here, on whatever way. */
  | { type: "arrived"; place: Place }
  | { type: "mailboxOpened"; mailbox: MailboxId }
  | { type: "messageOpened"; message: MessageId }
  | { type: "messageClosed" }
  /** The keyboard's row is this one. */
  | { type: "pointed"; at: number }
  /** A row was selected, or no longer is; with `range`, all from the last one on. */
  | { type: "toggled"; at: number; range: boolean }
  | { type: "selectionCleared" }
  /** An action was carried out, to be announced. */
  | { type: "done"; done: Done }
  | { type: "downloadStarted"; download: NewDownload }
  | { type: "downloadForgotten"; download: DownloadId }
  | { type: "downloadNotSaved"; download: DownloadId; detail: string }
  /** Something was lost between the page and its worker. */
  | { type: "lost"; detail: string }
  /** An update could not be applied. */
  | { type: "notShown"; detail: string }
  | { type: "failureForgotten"; id: number }
  | { type: "troubleForgotten"; id: number }
  | { type: "alertForgotten"; text: string };

/** All that changes a state. */
export type Event = Update | ViewEvent;

/**
 * One slice after an event: the same object where nothing changed. `all` is the whole state before the event, and `now`
 * milliseconds on any clock that the caller keeps to.
 */
export type Reducer<Slice> = (slice: Slice, event: Event, all: State, now: number) => Slice;

/** Whether nothing of the session so far may stay: somebody signed out, or another session begins. */
export function endsSession(event: Event): boolean {
  return (
    event.type === "session" && (event.session.state === "signedOut" || event.session.state === "signingIn")
  );
}
