//! Ties the engine, the store, the history and the disk together, and gives the views what they may do.

import type { Attachment, MailboxId, MessageId } from "postern-client/types";
import { type Accessor, createSignal } from "solid-js";
import { Saver } from "./downloads";
import { type Send, startEngine } from "./engine";
import { NOWHERE, type Place, Walk } from "./history";
import { apply, EMPTY, type Event, type State } from "./store";

/** What the views see and may do. Nothing here waits: what comes of it shows in the state. */
export interface Client {
  readonly state: Accessor<State>;
  readonly place: Accessor<Place>;
  /** Who signed in, as they wrote it. */
  readonly address: Accessor<string>;
  /** Why the engine is gone, if it is. */
  readonly broken: Accessor<string | null>;
  readonly send: Send;
  openMailbox(mailbox: MailboxId): void;
  openMessage(message: MessageId): void;
  /** From the message to the list. */
  closeMessage(): void;
  /** The folders, or the list again: on narrow screens one hides the other. */
  showFolders(shown: boolean): void;
  setSeen(messages: readonly MessageId[], seen: boolean): void;
  setFlagged(messages: readonly MessageId[], flagged: boolean): void;
  download(message: MessageId, attachment: Attachment): void;
  cancelDownload(download: number): void;
  forgetFailure(id: number): void;
  forgetTrouble(id: number): void;
  forgetAlert(text: string): void;
  signIn(who: SignInAs): void;
  signOut(): void;
}

/** Who signs in, and where. */
export type SignInAs = {
  /** The proxy's name for the mail server; none for its default. */
  readonly upstream: string | null;
  /** What the server calls the user. */
  readonly user: string;
  /** As it was written, to be shown. */
  readonly address: string;
  readonly password: string;
};

/** Starts the engine. Call it once. */
export function createClient(): Client {
  const [state, setState] = createSignal(EMPTY);
  const [place, setPlace] = createSignal(NOWHERE);
  const [address, setAddress] = createSignal("");
  const [broken, setBroken] = createSignal<string | null>(null);
  const dispatch = (events: readonly Event[]) =>
    setState((before) => apply(before, events, performance.now()));

  const send = startEngine({
    onUpdates(updates) {
      const before = state().session.state;
      const after = dispatch(updates);
      // Behind the state: what goes wrong with a file on its way to the disk is no reason to show nothing.
      saver.take(updates);
      if (after.session.state === "signedOut" && before !== "signedOut") leave();
      const shown = updates.some((one) => one?.type === "message" && one.message?.id === after.message?.id);
      // It is on the screen now, so it has been read.
      if (shown && after.message && !after.message.flags?.seen) setSeen([after.message.id], true);
    },
    onLost: (detail) => dispatch([{ type: "lost", detail }]),
    onBroken: setBroken,
  });
  const saver = new Saver(send, (download, detail) => {
    send({ type: "cancelDownload", download });
    dispatch([{ type: "downloadNotSaved", download, detail }]);
  });

  const walk = new Walk((next) => {
    setPlace(next);
    const { list, message } = state();
    if (next.mailbox !== null && next.mailbox !== list?.mailbox) {
      dispatch([{ type: "mailboxOpened", mailbox: next.mailbox }]);
      send({ type: "openMailbox", mailbox: next.mailbox });
    }
    if (next.message === null) {
      if (message) dispatch([{ type: "messageClosed" }]);
    } else if (next.message !== message?.id || message.content.state === "failed") {
      dispatch([{ type: "messageOpened", message: next.message }]);
      send({ type: "openMessage", message: next.message });
    }
  });

  function leave(): void {
    walk.reset();
    setPlace(NOWHERE);
  }

  function setSeen(messages: readonly MessageId[], seen: boolean): void {
    if (messages.length > 0) send({ type: "setFlags", messages: [...messages], seen, flagged: null });
  }

  let downloads = 0;

  return {
    state,
    place,
    address,
    broken,
    send,
    setSeen,
    openMailbox(mailbox) {
      const next = { mailbox, message: null, folders: false };
      const here = place();
      // The first one, and the one chosen from the folders' pane, take the place of what led to them.
      if (here.mailbox === null || here.folders) walk.replace(next);
      else if (here.mailbox !== mailbox || here.message !== null) walk.push(next);
    },
    openMessage(message) {
      const next = { mailbox: place().mailbox, message, folders: false };
      // From message to message is one step: Back leads to the list, not through all that was read.
      if (place().message === null) walk.push(next);
      else walk.replace(next);
    },
    closeMessage() {
      if (place().message !== null) walk.back({ ...place(), message: null });
    },
    showFolders(shown) {
      if (shown === place().folders) return;
      if (shown) walk.push({ ...place(), folders: true });
      else walk.back({ ...place(), folders: false });
    },
    setFlagged(messages, flagged) {
      if (messages.length > 0) send({ type: "setFlags", messages: [...messages], seen: null, flagged });
    },
    download(message, { part, name, size }) {
      downloads += 1;
      const id = downloads;
      const earlier = state().downloads.filter((one) => one.message === message && one.part === part);
      dispatch([
        ...earlier.map((one) => ({ type: "downloadForgotten", download: one.id }) as const),
        { type: "downloadStarted", download: { id, message, part, name, size } },
      ]);
      saver.start(id, name);
      send({ type: "download", download: id, message, part });
    },
    cancelDownload(download) {
      saver.forget(download);
      send({ type: "cancelDownload", download });
      dispatch([{ type: "downloadForgotten", download }]);
    },
    forgetFailure(id) {
      dispatch([{ type: "failureForgotten", id }]);
    },
    forgetTrouble(id) {
      dispatch([{ type: "troubleForgotten", id }]);
    },
    forgetAlert(text) {
      dispatch([{ type: "alertForgotten", text }]);
    },
    signIn({ upstream, user, address, password }) {
      setAddress(address);
      send({ type: "signIn", upstream, address: user, password });
    },
    signOut() {
      send({ type: "signOut" });
      leave();
    },
  };
}
