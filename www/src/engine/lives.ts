//! What becomes of an engine that dies: what nobody will answer any more, and whether it is started again. Knows no worker.

import type { Intent } from "postern-client/types";
import type { ToWorker } from "./port";

/** What this tab asked, by number, until it is answered. Keeps kinds alone: intents may hold a password. */
export class Asked {
  #last = 0;
  readonly #unanswered = new Map<number, Intent["type"]>();

  /** Numbers an intent. */
  ask(intent: Intent): ToWorker {
    this.#last += 1;
    this.#unanswered.set(this.#last, intent.type);
    return { number: this.#last, intent };
  }

  answered(number: number): void {
    this.#unanswered.delete(number);
  }

  /** The engine is gone: what it did not answer, oldest first. Numbers go on, so that none comes twice. */
  abandon(): Intent["type"][] {
    const kinds = [...this.#unanswered.values()];
    this.#unanswered.clear();
    return kinds;
  }
}

/** How often an engine may die. */
export class Lives {
  #deaths: number[] = [];

  /** It died at this time, in milliseconds. Gives whether it is started again. */
  mayGoOn(now: number): boolean {
    this.#deaths = this.#deaths.filter((death) => now - death < A_MINUTE);
    this.#deaths.push(now);
    return this.#deaths.length <= MOST_IN_A_MINUTE;
  }
}

const A_MINUTE = 60_000;
const MOST_IN_A_MINUTE = 3;
