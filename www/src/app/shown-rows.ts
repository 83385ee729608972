//! Which rows the engine fetches first: those on screen, said once for each view of them.

import type { Send } from "../engine/start";
import type { List } from "../state/list";

/** Tells the engine of the rows on screen, each time that they are others. */
export function createShownRows(send: Send): (list: List, first: number, count: number) => void {
  let told = "";
  return ({ mailbox, generation }, first, count) => {
    const now = `${generation}:${first}:${count}`;
    if (now === told || count <= 0) return;
    told = now;
    send({ type: "showRows", mailbox, first, count });
  };
}
