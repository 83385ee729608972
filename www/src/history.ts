//! Where the reader is, kept in the browser's history: Back does what Back should, on a phone too.
//!
//! The address stays `/`: mailboxes and messages are numbered anew at each sign-in, so a link to one would lie.

import type { MailboxId, MessageId } from "postern-client/types";

/** A place that Back can lead to. */
export type Place = {
  readonly mailbox: MailboxId | null;
  readonly message: MessageId | null;
  /** The folders are shown in place of the list; matters on narrow screens alone. */
  readonly folders: boolean;
};

type Entry = Place & { readonly life: number; readonly depth: number };

export const NOWHERE: Place = { mailbox: null, message: null, folders: false };

/** Walks between places. `arrive` is called for each one, however it was reached. */
export class Walk {
  readonly #arrive: (place: Place) => void;

  constructor(arrive: (place: Place) => void) {
    this.#arrive = arrive;
    addEventListener("popstate", ({ state }: PopStateEvent) => arrive(isEntry(state) ? state : NOWHERE));
  }

  /** Go on: Back leads here again. */
  push(place: Place): void {
    history.pushState(entry(place, depth() + 1), "");
    this.#arrive(place);
  }

  /** Go there in place of here. */
  replace(place: Place): void {
    history.replaceState(entry(place, depth()), "");
    this.#arrive(place);
  }

  /** Back, where there is somewhere of ours to go back to; else to `otherwise`. */
  back(otherwise: Place): void {
    if (depth() > 0) history.back();
    else this.replace(otherwise);
  }

  /** Forget where the reader was. */
  reset(): void {
    history.replaceState(null, "");
  }
}

function entry(place: Place, at: number): Entry {
  return { ...place, life: LIFE, depth: at };
}

function depth(): number {
  const state: unknown = history.state;
  return isEntry(state) ? state.depth : 0;
}

function isEntry(state: unknown): state is Entry {
  return typeof state === "object" && state !== null && "life" in state && state.life === LIFE;
}

// Entries of before a reload name messages of an engine that is gone.
const LIFE = performance.timeOrigin;
