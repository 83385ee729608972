//! Addresses of mailboxes and messages: `#inbox`, `#inbox/1203.k3x9a2`, `#f.1q8z0c`. They lead to the same place after a
//! reload, though the engine numbers everything anew at each sign-in.
//!
//! They are fragments, so that no web server sees them, and they tell nothing of the mail to whoever sees them: a folder
//! of the reader's own is a hash of its name, a message its place from the oldest on and a hash of its row.

import type { MailboxRow, MessageId, MessageRow } from "postern-client/types";
import { type Folders, withRole } from "../state/folders";
import { known, type List, positionOf, rowAt } from "../state/list";

/** What an address says. */
export type Address = {
  /** A role, or `f.` and a hash. */
  readonly mailbox: string;
  readonly message: MessageAddress | null;
};

export type MessageAddress = {
  /** Its place, counted from the oldest one, which is 1: what arrives later moves nothing there. */
  readonly fromOldest: number;
  readonly hash: string;
};

/** The address of a mailbox, or of a message that is listed in it. */
export function addressOf(mailbox: MailboxRow, list: List | null, message: MessageId | null): string {
  const place = `#${mailbox.role ?? `f.${hash(mailbox.path)}`}`;
  if (message === null || list?.mailbox !== mailbox.id) return place;
  const at = positionOf(list, message);
  const row = rowAt(list, at);
  return row ? `${place}/${list.length - at}.${hashOf(row)}` : place;
}

/** What an address says; null where it is none of ours. */
export function parseAddress(fragment: string): Address | null {
  const [, mailbox, fromOldest, hash] = ADDRESS.exec(fragment) ?? [];
  if (mailbox === undefined) return null;
  const message = fromOldest && hash ? { fromOldest: Number(fromOldest), hash } : null;
  return { mailbox, message };
}

/** The mailbox of this name. */
export function findMailbox(folders: Folders, name: string): MailboxRow | undefined {
  const found = folders.find(({ role, path }) => (role ?? `f.${hash(path)}`) === name);
  return found?.selectable ? found : undefined;
}

/** The mailbox that is opened where no address says another: the inbox, else the first that can be. */
export function firstMailbox(folders: Folders): MailboxRow | undefined {
  return withRole(folders, "inbox") ?? folders.find((row) => row.selectable);
}

/** Where a message of this address stands; -1 if its row is not known. The nearest one, where several are alike. */
export function findMessage(list: List, { fromOldest, hash }: MessageAddress): number {
  const wanted = list.length - fromOldest;
  let found = -1;
  for (const [at, row] of known(list)) {
    if (hashOf(row) === hash && (found < 0 || Math.abs(at - wanted) < Math.abs(found - wanted))) found = at;
  }
  return found;
}

function hashOf({ date, size, subject }: MessageRow): string {
  return hash(`${date} ${size} ${subject}`);
}

/** 53 bits of a text, as 32-bit halves that are mixed by odd constants: enough for a mailbox's rows to differ. */
function hash(text: string): string {
  let [high, low] = [0x9e3779b9, 0x85ebca6b];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    high = Math.imul(high ^ code, 0x01000193);
    low = Math.imul(low ^ code, 0x5bd1e995) ^ (low >>> 15);
  }
  return ((high >>> 0) * 0x200000 + ((low ^ (high >>> 13)) >>> 11)).toString(36);
}

const ADDRESS = /^#([a-z]+|f\.[a-z0-9]+)(?:\/(\d{1,10})\.([a-z0-9]+))?$/;
