//! What a mailbox is called.

import type { MailboxRow } from "postern-client/types";
import { clip, words } from "../../i18n";

/** Special ones have a word of ours, whatever the server calls them. */
export function mailboxName(row: MailboxRow): string {
  return (row.role && words.ROLES[row.role]) || clip(row.name, NAME_MAX);
}

/** More than any screen shows on a line. */
export const NAME_MAX = 200;
