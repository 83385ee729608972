//! The page's end of the engine: `send` an intent, hear updates. Nothing here waits for an answer.

import type { Intent, Update } from "postern-client/types";
import { policy } from "../trusted";
import workerUrl from "../worker?worker&url";
import type { FromWorker, ToWorker } from "./port";

/** Asks something of the engine. What comes of it arrives as updates. */
export type Send = (intent: Intent) => void;

/** What the page does with what it hears. */
export interface Listener {
  /** One batch, in order. */
  onUpdates(updates: Update[]): void;
  /** Something that was asked or told was lost on the way; all else goes on. `detail` is for the curious. */
  onLost(detail: string): void;
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

/** Starts the worker that the engine lives in. There is one for the page's whole life. */
export function startEngine(listener: Listener): Send {
  const url = workers.createScriptURL(workerUrl) as unknown as string;
  const worker = new Worker(url, { type: "module", name: "postern" });
  worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
    if (data.type === "updates") listener.onUpdates(data.updates);
    else if (data.type === "lost") listener.onLost(data.detail);
    else listener.onBroken(data.detail);
  };
  worker.onmessageerror = () => listener.onLost("a message of the worker’s could not be read");
  // The script itself did not load.
  worker.onerror = (event) => listener.onBroken(event.message || "the worker did not start");
  return (intent) => worker.postMessage(intent satisfies ToWorker);
}
