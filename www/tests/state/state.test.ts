//! The state as a function of what happened: the list, the message, and what the session does to both.

import type { Flags, MessageRow, MessageView, Update } from "postern-client/types";
import { describe, expect, it } from "vitest";
import { apply, EMPTY } from "../../src/state/apply";
import type { Event } from "../../src/state/event";
import { rowAt } from "../../src/state/list";
import type { State } from "../../src/state/state";

const UNREAD: Flags = { seen: false, flagged: false, answered: false, forwarded: false, draft: false };
const READ: Flags = { ...UNREAD, seen: true };

describe("the list", () => {
  it("starts with as many unknown rows as the mailbox has", () => {
    expect(ids(told(list(7, 3)))).toEqual([null, null, null]);
  });

  it("fills rows where they stand", () => {
    expect(ids(told(list(7, 4), rows(7, 1, 11, 12)))).toEqual([null, 11, 12, null]);
  });

  it("applies splices one after the other", () => {
    const state = told(
      list(7, 3),
      rows(7, 0, 10, 11, 12),
      splice(7, 0, 0, 2),
      splice(7, 3, 1, 0),
      rows(7, 0, 20, 21),
    );
    expect(ids(state)).toEqual([20, 21, 10, 12]);
  });

  it("drops what names an earlier generation", () => {
    const state = told(list(8, 2), rows(7, 0, 11), splice(7, 0, 2, 0));
    expect(ids(state)).toEqual([null, null]);
  });

  it("keeps its rows when only its state changes", () => {
    const state = told(list(7, 2, "loading"), rows(7, 0, 10, 11), list(7, 2, "ready"));
    expect(ids(state)).toEqual([10, 11]);
    expect(state.list?.state).toBe("ready");
  });

  it("ignores rows beyond its end", () => {
    expect(ids(told(list(7, 1), rows(7, 0, 10, 11)))).toEqual([10]);
  });

  it("forgets rows when another mailbox opens, before the engine answers", () => {
    const state = told(list(7, 2), rows(7, 0, 10), { type: "mailboxOpened", mailbox: 2 }, rows(7, 1, 11));
    expect(state.list).toMatchObject({ mailbox: 2, generation: null, state: "loading", length: 0 });
    expect(state.list?.pages.size).toBe(0);
  });

  it("does not believe in four billion messages", () => {
    expect(told(list(7, 4_294_967_295)).list?.length).toBeLessThan(1_000_000);
  });

  it("leaves the earlier state as it was", () => {
    const before = told(list(7, 2), rows(7, 0, 10, 11));
    apply(before, [splice(7, 0, 1, 0), flags(11, READ)], 0);
    expect(ids(before)).toEqual([10, 11]);
    expect(rowAt(before.list, 1)?.flags.seen).toBe(false);
  });
});

describe("flags", () => {
  it("change in the row and in the open message", () => {
    const state = told(list(7, 2), rows(7, 0, 10, 11), open(11), flags(11, READ));
    expect(rowAt(state.list, 1)?.flags).toEqual(READ);
    expect(state.message?.flags).toEqual(READ);
  });

  it("are found again after rows moved in the same batch", () => {
    const state = told(
      list(7, 2),
      rows(7, 0, 10, 11),
      flags(11, READ),
      splice(7, 0, 0, 1),
      rows(7, 0, 20),
      flags(11, UNREAD),
      flags(10, READ),
    );
    expect([0, 1, 2].map((at) => rowAt(state.list, at)?.flags.seen)).toEqual([false, true, false]);
  });

  it("of a message that is not listed change nothing", () => {
    const before = told(list(7, 1), rows(7, 0, 10));
    expect(ids(apply(before, [flags(99, READ)], 0))).toEqual([10]);
  });
});

describe("a message", () => {
  it("shows what the list knew until it is here", () => {
    const state = told(list(7, 1), rows(7, 0, 10), open(10));
    expect(state.message?.row?.subject).toBe("Subject 10");
    expect(state.message?.content).toEqual({ state: "loading", received: 0, total: 0 });
  });

  it("that comes too late is dropped", () => {
    const state = told(open(10), open(11), { type: "message", message: view(10) });
    expect(state.message?.content.state).toBe("loading");
  });

  it("that is here takes no progress any more", () => {
    const progress: Update = { type: "messageProgress", message: 10, received: 1, total: 2 };
    const state = told(open(10), progress, { type: "message", message: view(10) }, progress);
    expect(state.message?.content.state).toBe("ready");
  });
});

describe("the session", () => {
  it("tells when the next try is due", () => {
    const problem = { code: "connectionLost", detail: "" } as const;
    const session = { state: "reconnecting", problem, retryIn: 4_000 } as const;
    expect(apply(EMPTY, [{ type: "session", session }], 10_000).account.retryAt).toBe(14_000);
    const trying = { ...session, retryIn: 0 };
    expect(apply(EMPTY, [{ type: "session", session: trying }], 10_000).account.retryAt).toBeNull();
  });

  it("leaves nothing behind when it ends", () => {
    const session = { state: "signedOut", problem: null } as const;
    expect(told(list(7, 1), rows(7, 0, 10), open(10), { type: "session", session })).toEqual(EMPTY);
  });
});

describe("a download", () => {
  const started = { id: 1, message: 10, part: "2", name: "a.pdf", size: 5 };

  it("counts what came, and ends once", () => {
    const chunk: Update = { type: "downloadChunk", download: 1, bytes: new Uint8Array(3) };
    const running = told({ type: "downloadStarted", download: started }, chunk, chunk);
    expect(running.downloads[0]).toMatchObject({ received: 6, state: "running" });
    expect(apply(running, [{ type: "downloadDone", download: 1 }], 0).downloads[0]?.state).toBe("done");
  });
});

it("tells a server's trouble once, apart from failures, until it is put away and told anew", () => {
  const trouble = { type: "trouble", problem: { code: "notNow", detail: "later" } } as const;
  const state = told(trouble, trouble);
  expect(state.notices.failures).toEqual([]);
  expect(state.notices.troubles.map((one) => one.problem.detail)).toEqual(["later"]);
  const [id] = state.notices.troubles.map((one) => one.id);
  const away = apply(state, [{ type: "troubleForgotten", id: id ?? 0 }], 0);
  expect(away.notices.troubles).toEqual([]);
  expect(apply(away, [trouble], 0).notices.troubles.length).toBe(1);
});

it("shows the three newest failures, each with a number of its own", () => {
  const failed: Update = { type: "actionFailed", problem: { code: "refused", detail: "" } };
  const state = told(failed, failed, { type: "failureForgotten", id: 1 }, failed, failed, failed);
  expect(state.notices.failures.map((one) => one.id)).toEqual([3, 4, 5]);
});

describe("the server's alerts", () => {
  const alert: Update = { type: "alert", text: "The disk is almost full" };

  it("stay until they are put away", () => {
    expect(told(alert).notices.alerts).toEqual(["The disk is almost full"]);
    expect(told(alert, { type: "alertForgotten", text: alert.text }).notices.alerts).toEqual([]);
  });

  it("tell who could not come in why, and nobody who comes later", () => {
    const refused: Update = {
      type: "session",
      session: { state: "signedOut", problem: { code: "wrongPassword", detail: "" } },
    };
    expect(told(alert, refused).notices.alerts).toHaveLength(1);
    expect(told(alert, refused, { type: "session", session: { state: "signingIn" } }).notices.alerts).toEqual(
      [],
    );
    expect(
      told(alert, { type: "session", session: { state: "signedOut", problem: null } }).notices.alerts,
    ).toEqual([]);
  });
});

it("counts of one mailbox leave the others alone", () => {
  const box = { name: "", path: "", depth: 0, role: null, selectable: true, total: null, unread: null };
  const state = told(
    {
      type: "mailboxes",
      mailboxes: [
        { ...box, id: 1 },
        { ...box, id: 2 },
      ],
    },
    { type: "mailboxCounts", mailbox: 2, total: 9, unread: 4 },
  );
  expect(state.folders.map((row) => row.unread)).toEqual([null, 4]);
});

function told(...events: Event[]): State {
  return apply(EMPTY, events, 0);
}

function ids(state: State): (number | null)[] {
  return Array.from({ length: state.list?.length ?? 0 }, (_, at) => rowAt(state.list, at)?.id ?? null);
}

function list(generation: number, total: number, state: "loading" | "ready" = "ready"): Update {
  return { type: "list", mailbox: 1, generation, total, state };
}

function rows(generation: number, first: number, ...messages: number[]): Update {
  return { type: "rows", generation, first, rows: messages.map(row) };
}

function row(id: number): MessageRow {
  const subject = `Subject ${id}`;
  return {
    id,
    subject,
    correspondent: "Anna",
    date: 0,
    size: 1,
    hasAttachment: false,
    flags: UNREAD,
    preview: null,
    isBlank: false,
  };
}

function splice(generation: number, at: number, removed: number, inserted: number): Update {
  return { type: "splice", generation, at, removed, inserted };
}

function flags(message: number, now: Flags): Update {
  return { type: "flagsChanged", message, flags: now };
}

function open(message: number): Event {
  return { type: "messageOpened", message };
}

function view(id: number): MessageView {
  return {
    id,
    subject: "",
    from: [],
    sender: [],
    replyTo: [],
    to: [],
    cc: [],
    bcc: [],
    date: 0,
    body: { text: "", html: null },
    inlineImages: [],
    attachments: [],
    notices: [],
  };
}
