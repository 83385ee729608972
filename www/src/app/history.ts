//! The browser's history as a walk between places: Back does what Back should, on a phone too.

import { NOWHERE, type Place } from "../state/place";

type Entry = Place & { readonly life: number; readonly depth: number };

/** What the walk tells of: a place, however it was reached; or an address that somebody came by. */
export interface Walker {
  /** What the address bar shows for a place. */
  addressOf(place: Place): string;
  arrive(place: Place): void;
  /** By an entry of another life of this page, or one that was typed in. */
  follow(address: string): void;
}

/** Walks between places. */
export class Walk {
  readonly #walker: Walker;
  /** Entries of another life number mailboxes and messages as an engine did that is gone, or for somebody else. */
  #life = performance.timeOrigin;

  constructor(walker: Walker) {
    this.#walker = walker;
    addEventListener("popstate", ({ state }: PopStateEvent) => {
      if (this.#isEntry(state))
        walker.arrive({ mailbox: state.mailbox, message: state.message, folders: state.folders });
      else walker.follow(location.hash);
    });
  }

  /** From now on, what was walked so far is of use by its address alone. */
  beginAnew(): void {
    this.#life += 1;
  }

  /** Go on: Back leads here again. */
  push(place: Place): void {
    history.pushState(this.#entry(place, this.#depth() + 1), "", this.#walker.addressOf(place));
    this.#walker.arrive(place);
  }

  /** Go there in place of here. */
  replace(place: Place): void {
    history.replaceState(this.#entry(place, this.#depth()), "", this.#walker.addressOf(place));
    this.#walker.arrive(place);
  }

  /** Back, where there is somewhere of ours to go back to; else to `otherwise`. */
  back(otherwise: Place): void {
    if (this.#depth() > 0) history.back();
    else this.replace(otherwise);
  }

  /** Forget where the reader was. */
  reset(): void {
    this.beginAnew();
    history.replaceState(null, "", location.pathname + location.search);
    this.#walker.arrive(NOWHERE);
  }

  #entry(place: Place, at: number): Entry {
    return { ...place, life: this.#life, depth: at };
  }

  #depth(): number {
    const state: unknown = history.state;
    return this.#isEntry(state) ? state.depth : 0;
  }

  #isEntry(state: unknown): state is Entry {
    return typeof state === "object" && state !== null && "life" in state && state.life === this.#life;
  }
}
