//! The message that is being read.

import type { Flags, MessageId, MessageRow, MessageView, Problem } from "postern-client/types";
import { endsSession, type Reducer } from "./event";
import { isCurrent, positionOf, rowAt } from "./list";

export type OpenMessage = {
  readonly id: MessageId;
  readonly flags: Flags | null;
  /** The list's row at the time it was opened: what to show until the message is here. */
  readonly row: MessageRow | null;
  readonly content: Content;
};

export type Content =
  | { readonly state: "loading"; readonly received: number; readonly total: number }
  | { readonly state: "ready"; readonly view: MessageView }
  | { readonly state: "failed"; readonly problem: Problem };

export const message: Reducer<OpenMessage | null> = (slice, event, all) => {
  if (endsSession(event)) return null;
  switch (event.type) {
    case "messageOpened": {
      const row = rowAt(all.list, positionOf(all.list, event.message)) ?? null;
      const content = { state: "loading", received: 0, total: 0 } as const;
      return { id: event.message, row, flags: row?.flags ?? null, content };
    }
    case "messageClosed":
      return null;
    case "rows": {
      const row = slice && isCurrent(all.list, event) && event.rows.find((one) => one.id === slice.id);
      return row ? { ...slice, flags: row.flags } : slice;
    }
    case "flagsChanged":
      return slice?.id === event.message ? { ...slice, flags: event.flags } : slice;
    case "messageProgress": {
      const { received, total } = event;
      return slice?.content.state === "loading"
        ? withContent(slice, event.message, { state: "loading", received, total })
        : slice;
    }
    case "message":
      return withContent(slice, event.message.id, { state: "ready", view: event.message });
    case "messageFailed":
      return withContent(slice, event.message, { state: "failed", problem: event.problem });
    default:
      return slice;
  }
};

function withContent(slice: OpenMessage | null, id: MessageId, content: Content): OpenMessage | null {
  // The reader has gone on to another message meanwhile.
  return slice?.id === id ? { ...slice, content } : slice;
}
