//! Where the reader is: what Back leads away from, and what an address names.

import type { MailboxId, MessageId } from "postern-client/types";
import { endsSession, type Reducer } from "./event";

/** A place that Back can lead to. */
export type Place = {
  readonly mailbox: MailboxId | null;
  readonly message: MessageId | null;
  /** The folders are shown in place of the list; matters on narrow screens alone. */
  readonly folders: boolean;
};

export const NOWHERE: Place = { mailbox: null, message: null, folders: false };

export const place: Reducer<Place> = (slice, event) => {
  if (endsSession(event)) return NOWHERE;
  return event.type === "arrived" ? event.place : slice;
};

/** What a narrow screen shows of it. */
export function paneOf({ message, folders }: Place): "message" | "folders" | "list" {
  if (message !== null) return "message";
  return folders ? "folders" : "list";
}
