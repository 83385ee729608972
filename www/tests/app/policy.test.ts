//! What goes by rule and not by hand: when a message counts as read, and which rows the engine is told of.

import type { Flags, Intent, MessageView, Update } from "postern-client/types";
import { describe, expect, it } from "vitest";
import { markWhatIsShown } from "../../src/app/read-marker";
import { createShownRows } from "../../src/app/shown-rows";
import { apply, EMPTY } from "../../src/state/apply";
import type { List } from "../../src/state/list";

const UNREAD: Flags = { seen: false, flagged: false, answered: false, forwarded: false, draft: false };

describe("a message counts as read", () => {
  const here = { type: "message", message: { id: 5 } as MessageView } as const;
  const opened = { type: "messageOpened", message: 5 } as const;
  const marked = [{ type: "setFlags", messages: [5], seen: true, flagged: null }];

  it("once its text is on the screen, and not before", () => {
    expect(sent([opened], [])).toEqual([]);
    expect(sent([opened, here], [here])).toEqual(marked);
  });

  it("once: what comes later marks nothing anew", () => {
    const later: Update = { type: "flagsChanged", message: 5, flags: UNREAD };
    expect(sent([opened, here, later], [later])).toEqual([]);
  });

  it("not if it was read before", () => {
    const read: Update = { type: "flagsChanged", message: 5, flags: { ...UNREAD, seen: true } };
    expect(sent([opened, read, here], [here])).toEqual([]);
  });

  it("not if the reader has gone on meanwhile", () => {
    expect(sent([opened, { type: "messageOpened", message: 6 }, here], [here])).toEqual([]);
  });

  /** What is asked of the engine after this batch, in the state after all of these events. */
  function sent(events: Parameters<typeof apply>[1], batch: Update[]): Intent[] {
    const all: Intent[] = [];
    markWhatIsShown(batch, apply(EMPTY, events, 0), (intent) => void all.push(intent));
    return all;
  }
});

describe("the engine is told of the rows on screen", () => {
  const list: List = { mailbox: 1, generation: 7, state: "ready", length: 500, pages: new Map() };

  it("each time that they are others, and not again for the same", () => {
    const { shown, sent } = told();
    shown(list, 0, 12);
    shown(list, 0, 12);
    shown(list, 40, 12);
    expect(sent).toEqual([
      { type: "showRows", mailbox: 1, first: 0, count: 12 },
      { type: "showRows", mailbox: 1, first: 40, count: 12 },
    ]);
  });

  it("anew for another generation of the list", () => {
    const { shown, sent } = told();
    shown(list, 0, 12);
    shown({ ...list, generation: 8 }, 0, 12);
    expect(sent.length).toBe(2);
  });

  it("not while none is", () => {
    const { shown, sent } = told();
    shown(list, 500, 0);
    expect(sent).toEqual([]);
  });

  function told() {
    const sent: Intent[] = [];
    return { sent, shown: createShownRows((intent) => void sent.push(intent)) };
  }
});
