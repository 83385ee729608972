//! Addresses lead to the same mailbox and message after a reload, and tell nothing of either.

import type { MailboxRole, MailboxRow, MessageRow } from "postern-client/types";
import { describe, expect, it } from "vitest";
import { addressOf, findMailbox, findMessage, parseAddress } from "../../src/app/address";
import { apply, EMPTY } from "../../src/state/apply";
import { type List, rowAt } from "../../src/state/list";

const INBOX = mailbox(1, "INBOX", "inbox");
const OWN = mailbox(2, "Clients/Ümit & sons", null);
const FOLDERS = [INBOX, OWN];

describe("an address of a mailbox", () => {
  it("is the word for what it is for", () => {
    expect(addressOf(INBOX, null, null)).toBe("#inbox");
  });

  it("is found again however the engine numbers it now", () => {
    for (const row of FOLDERS) {
      const name = parseAddress(addressOf(row, null, null))?.mailbox ?? "";
      const later = FOLDERS.map((one) => ({ ...one, id: one.id + 40 }));
      expect(findMailbox(later, name)?.path).toBe(row.path);
    }
  });

  it("tells nothing of a folder's name", () => {
    expect(addressOf(OWN, null, null)).toMatch(/^#f\.[a-z0-9]+$/);
  });

  it("leads nowhere if the mailbox is gone, or can't be opened", () => {
    const name = parseAddress(addressOf(OWN, null, null))?.mailbox ?? "";
    expect(findMailbox([INBOX], name)).toBeUndefined();
    expect(findMailbox([{ ...OWN, selectable: false }], name)).toBeUndefined();
  });
});

describe("an address of a message", () => {
  it("is found again after others arrived and the engine numbered all anew", () => {
    const address = addressAt(1, list(10, 11, 12));
    const found = parseAddress(address)?.message;
    expect(found && findMessage(list(80, 81, 10, 11, 12), found)).toBe(3);
  });

  it("is found again after older ones went", () => {
    const found = parseAddress(addressAt(0, list(10, 11, 12, 13, 14)))?.message;
    expect(found && findMessage(list(10, 11, 14), found)).toBe(0);
  });

  it("is not found in a mailbox that has it no longer", () => {
    const found = parseAddress(addressAt(1, list(10, 11, 12)))?.message;
    expect(found && findMessage(list(10, 12), found)).toBe(-1);
  });

  it("means the nearest one where several are alike", () => {
    const found = parseAddress(addressAt(3, list(10, 10, 10, 10)))?.message;
    expect(found?.fromOldest).toBe(1);
    expect(found && findMessage(list(10, 10, 10, 10, 10), found)).toBe(4);
  });

  it("of another mailbox than the listed one is the mailbox's", () => {
    expect(addressOf(OWN, list(10), 100)).toBe(addressOf(OWN, null, null));
  });

  it("tells nothing of its subject", () => {
    expect(addressAt(0, list(10))).toMatch(/^#inbox\/1\.[a-z0-9]+$/);
  });
});

it("what is no address is none", () => {
  for (const text of ["", "#", "#/inbox", "#inbox/", "#inbox/x.y", "#inbox/1.a/2", "#INBOX", "#row-1"]) {
    expect(parseAddress(text)).toBeNull();
  }
});

function mailbox(id: number, path: string, role: MailboxRole | null): MailboxRow {
  return { id, name: path, path, depth: 0, role, selectable: true, total: null, unread: null };
}

function addressAt(at: number, list: List): string {
  return addressOf(INBOX, list, rowAt(list, at)?.id ?? -1);
}

/** A list of these messages. What the engine calls them depends on how many there are, as on nothing that lasts. */
function list(...messages: number[]): List {
  const rows = messages.map((message, index) => row(100 * messages.length + index, message));
  const state = apply(
    EMPTY,
    [
      { type: "list", mailbox: 1, generation: 1, total: rows.length, state: "ready" },
      { type: "rows", generation: 1, first: 0, rows },
    ],
    0,
  );
  if (!state.list) throw new Error("no list");
  return state.list;
}

function row(id: number, message: number): MessageRow {
  const flags = { seen: false, flagged: false, answered: false, forwarded: false, draft: false };
  return {
    id,
    subject: `Subject ${message}`,
    correspondent: "Anna",
    date: message * 1_000,
    size: message,
    hasAttachment: false,
    flags,
    preview: null,
    isBlank: false,
  };
}
