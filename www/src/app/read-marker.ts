//! When a message counts as read: once its text is on the screen.

import type { Update } from "postern-client/types";
import type { Send } from "../engine/start";
import type { State } from "../state/state";

/** After a batch was applied: marks the message that it brought, if that is the open one. */
export function markWhatIsShown(updates: readonly Update[], { message }: State, send: Send): void {
  if (message === null || message.flags?.seen) return;
  const isShown = updates.some((one) => one?.type === "message" && one.message?.id === message.id);
  if (isShown) send({ type: "setFlags", messages: [message.id], seen: true, flagged: null });
}
