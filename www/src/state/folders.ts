//! The mailboxes, in the engine's order.

import type { MailboxId, MailboxRole, MailboxRow } from "postern-client/types";
import { endsSession, type Reducer } from "./event";

export type Folders = readonly MailboxRow[];

export const folders: Reducer<Folders> = (slice, event) => {
  if (endsSession(event)) return slice.length === 0 ? slice : [];
  switch (event.type) {
    case "mailboxes":
      return event.mailboxes;
    case "mailboxCounts": {
      const { mailbox, total, unread } = event;
      return slice.map((row) => (row.id === mailbox ? { ...row, total, unread } : row));
    }
    default:
      return slice;
  }
};

/** The mailbox that is for this, where there is one. */
export function withRole(folders: Folders, role: MailboxRole): MailboxRow | undefined {
  return folders.find((row) => row.role === role);
}

/** The mailbox of this number. */
export function withId(folders: Folders, id: MailboxId | null | undefined): MailboxRow | undefined {
  return folders.find((row) => row.id === id);
}
