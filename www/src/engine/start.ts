//! The page's end of the engine: `send` an intent, hear updates. Nothing here waits for an answer.

import type { Intent, Update } from "postern-client/types";
import { policy } from "../trusted";
import workerUrl from "../worker?worker&url";
import { Asked, Lives } from "./lives";
import type { FromWorker } from "./port";

/** Asks something of the engine. What comes of it arrives as updates. */
export type Send = (intent: Intent) => void;

/** What the page does with what it hears. */
export interface Listener {
  /** One batch, in order. */
  onUpdates(updates: Update[]): void;
  /** Something that was asked or told was lost on the way; all else goes on. `detail` is for the curious. */
  onLost(detail: string): void;
  /** The engine died and another one is there, with nobody signed in. `detail` is for the curious. */
  onRestarted(detail: string): void;
  /** The engine is gone, and with it the session. `detail` is for the curious. */
  onBroken(detail: string): void;
}

// A worker's address runs as script: only our own one passes.
const workers = policy("postern-worker", {
  createScriptURL(url) {
    if (url !== workerUrl) throw new TypeError("not Postern's worker");
    return url;
  },
});

/**
 * Starts the worker that the engine lives in. One that worked and died (a trap of its WebAssembly, no memory) is started
 * again: whoever was signed in signs in anew, since the password lived in the worker alone.
 */
export function startEngine(listener: Listener): Send {
  const asked = new Asked();
  const lives = new Lives();
  let worker = start();
  return (intent) => worker.postMessage(asked.ask(intent));

  function start(): Worker {
    const url = workers.createScriptURL(workerUrl) as unknown as string;
    const worker = new Worker(url, { type: "module", name: "postern" });
    let works = false;
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      if (data.type === "updates") listener.onUpdates(data.updates);
      else if (data.type === "answered") {
        works = true;
        asked.answered(data.number);
      } else if (data.type === "lost") listener.onLost(data.detail);
      else died(worker, works, data.detail);
    };
    worker.onmessageerror = () => listener.onLost("a message of the worker’s could not be read");
    // The script itself did not load.
    worker.onerror = (event) => died(worker, works, event.message || "the worker did not start");
    return worker;
  }

  function died(dead: Worker, worked: boolean, detail: string): void {
    // One death may be told more than once.
    if (dead !== worker) return;
    dead.terminate();
    const undone = asked.abandon();
    if (worked && lives.mayGoOn(performance.now())) {
      worker = start();
      listener.onRestarted(undone.length > 0 ? `${detail} (not done: ${undone.join(", ")})` : detail);
    } else listener.onBroken(detail);
  }
}
