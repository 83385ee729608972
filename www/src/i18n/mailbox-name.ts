//! What a mailbox is called.

import type { MailboxRow } from "postern-client/types";
import { clip } from "./clip";
import { ROLES } from "./en";

/** Special ones have a word of ours, whatever the server calls them. */
export function mailboxName(row: MailboxRow): string {
  return (row.role && ROLES[row.role]) || clip(row.name, NAME_MAX);
}

/** More than any screen shows on a line. */
export const NAME_MAX = 200;
