//! Where the reader goes: what opens, what is asked of the engine for it, and what Back and the address bar know of it.

import type { MailboxId, MailboxRole, MessageId } from "postern-client/types";
import { createSignal, untrack } from "solid-js";
import type { Send } from "../engine/start";
import { isInside } from "../state/account";
import type { ViewEvent } from "../state/event";
import { withId, withRole } from "../state/folders";
import { type List, rowAt } from "../state/list";
import { NOWHERE, type Place } from "../state/place";
import { cursorAt } from "../state/selection";
import { type Address, addressOf, findMailbox, findMessage, firstMailbox, parseAddress } from "./address";
import { careful } from "./careful";
import { Walk } from "./history";
import type { Store } from "./store";

/** The ways through the mail. */
export interface Navigation {
  openMailbox(mailbox: MailboxId): void;
  /** The mailbox that is for this; false where there is none. */
  openRole(role: MailboxRole): boolean;
  openMessage(message: MessageId): void;
  /** The message at this place of the list, if it is known; the keyboard's row goes there. */
  openRow(at: number): void;
  /** Moves the keyboard's row, and what is read with it. */
  move(by: 1 | -1): void;
  /** From the message to the list. */
  closeMessage(): void;
  /** The folders, or the list again: on narrow screens one hides the other. */
  showFolders(shown: boolean): void;
  /** Forgets where the reader was: somebody signed out. */
  leave(): void;
  /** The session is gone, and nobody signed out: who signs in next is led to where the reader was. */
  comeBack(): void;
}

export function createNavigation(store: Store, send: Send): Navigation {
  const { current, get } = store;
  // What the address bar said when somebody came by it, until it is reached or the reader goes elsewhere.
  const [wanted, setWanted] = createSignal<Address | null>(parseAddress(location.hash));

  const walk = new Walk({
    addressOf({ mailbox, message }) {
      const row = withId(current().folders, mailbox);
      return row ? addressOf(row, current().list, message) : location.pathname + location.search;
    },
    arrive(place) {
      setWanted(null);
      arrive(place);
    },
    follow(address) {
      setWanted(parseAddress(address));
      arrive(NOWHERE);
    },
  });

  /** The state first: what the engine answers with finds it there. */
  function arrive(place: Place): void {
    const { list, message } = current();
    const opensMailbox = place.mailbox !== null && place.mailbox !== list?.mailbox;
    const opensMessage =
      place.message !== null &&
      (opensMailbox || place.message !== message?.id || message.content.state === "failed");
    const events: ViewEvent[] = [{ type: "arrived", place }];
    if (opensMailbox) events.push({ type: "mailboxOpened", mailbox: place.mailbox });
    if (place.message === null && message) events.push({ type: "messageClosed" });
    if (opensMessage) events.push({ type: "messageOpened", message: place.message });
    store.dispatch(events);
    if (opensMailbox) send({ type: "openMailbox", mailbox: place.mailbox });
    if (opensMessage) send({ type: "openMessage", message: place.message });
  }

  // Where nothing is open yet, what the address names is, or else the inbox.
  careful(() => {
    const folders = get("folders")();
    if (get("place")().mailbox !== null || !isInside(get("account")())) return;
    const address = wanted();
    const named = address && findMailbox(folders, address.mailbox);
    const row = named ?? firstMailbox(folders);
    if (!row) return;
    untrack(() => walk.replace({ mailbox: row.id, message: null, folders: false }));
    if (named) setWanted(address);
  });

  // The message that the address names. The keyboard's row goes to where it should be, so that the list asks for the rows
  // there; once they are known and it is not among them, it is gone.
  let asked: Address | null = null;
  careful(() => {
    const list = get("list")();
    const address = wanted();
    if (!address?.message || list?.state !== "ready" || list.mailbox !== get("place")().mailbox) return;
    const found = findMessage(list, address.message);
    const due = Math.max(0, Math.min(list.length - 1, list.length - address.message.fromOldest));
    untrack(() => {
      if (found >= 0) openRow(found);
      else if (isKnownAround(list, due)) setWanted(null);
      else if (asked !== address) {
        asked = address;
        store.dispatch([{ type: "pointed", at: due }]);
      }
    });
  });

  function openMessage(message: MessageId): void {
    const { place } = current();
    const next = { mailbox: place.mailbox, message, folders: false };
    // From message to message is one step: Back leads to the list, not through all that was read.
    if (place.message === null) walk.push(next);
    else walk.replace(next);
  }

  function openRow(at: number): void {
    const row = rowAt(current().list, at);
    if (!row) return;
    store.dispatch([{ type: "pointed", at }]);
    openMessage(row.id);
  }

  function openMailbox(mailbox: MailboxId): void {
    const next = { mailbox, message: null, folders: false };
    const { place } = current();
    // The one chosen from the folders' pane takes the place of it.
    if (place.mailbox === null || place.folders) walk.replace(next);
    else if (place.mailbox !== mailbox || place.message !== null) walk.push(next);
  }

  return {
    openMailbox,
    openRole(role) {
      const row = withRole(current().folders, role);
      if (row) openMailbox(row.id);
      return row !== undefined;
    },
    openMessage,
    openRow,
    move(by) {
      const { list, selection, message } = current();
      const length = list?.length ?? 0;
      if (length === 0) return;
      setWanted(null);
      const at = Math.max(0, Math.min(length - 1, cursorAt(selection, list) + by));
      store.dispatch([{ type: "pointed", at }]);
      if (message !== null) openRow(at);
    },
    closeMessage() {
      const { place } = current();
      if (place.message !== null) walk.back({ ...place, message: null });
    },
    showFolders(shown) {
      const { place } = current();
      if (shown === place.folders) return;
      if (shown) walk.push({ ...place, folders: true });
      else walk.back({ ...place, folders: false });
    },
    leave: () => walk.reset(),
    comeBack() {
      walk.beginAnew();
      setWanted(parseAddress(location.hash));
      arrive(NOWHERE);
    },
  };
}

/** Whether nothing is to come any more that might stand here: messages that went moved it by a few rows at most. */
function isKnownAround(list: List, at: number): boolean {
  for (let row = Math.max(0, at - NEAR); row <= Math.min(list.length - 1, at + NEAR); row += 1) {
    if (!rowAt(list, row)) return false;
  }
  return true;
}

const NEAR = 4;
