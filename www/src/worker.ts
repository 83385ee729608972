//! The engine's home: loads the client, hands it intents, and posts what it says. Knows no mail itself.
//!
//! Everything that must be remembered (the password too, security.md K1) lives here and never in the page.

import init, { MailEngine } from "postern-client";
import type { Intent, Update } from "postern-client/types";
import type { FromWorker, ToWorker } from "./engine/port";

const scope = self as unknown as DedicatedWorkerGlobalScope;

// Intents that come while the client still loads wait here, in order.
const early: ToWorker[] = [];
let take = (asked: ToWorker): void => void early.push(asked);

scope.onmessage = ({ data }: MessageEvent<ToWorker>) => take(data);
scope.onerror = (event) => fail(typeof event === "string" ? event : event.message);
scope.onunhandledrejection = (event) => fail(String(event.reason));

start().catch((error: unknown) => fail(String(error)));

async function start(): Promise<void> {
  await init();
  const engine = new MailEngine({ url: base() });
  engine.onUpdates(tell);
  take = ({ number, intent }) => {
    ask(engine, intent);
    post({ type: "answered", number });
  };
  for (const asked of early.splice(0)) take(asked);
}

/** An intent that the engine can't read costs itself. Only a broken engine (a trap of its WebAssembly) ends the session. */
function ask(engine: MailEngine, intent: Intent): void {
  try {
    engine.send(intent);
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) throw error;
    post({ type: "lost", detail: `${intent.type}: ${error}` });
  }
}

/** One batch; where it can't be posted whole, what can be of it. */
function tell(updates: Update[]): void {
  try {
    post({ type: "updates", updates }, buffers(updates));
  } catch {
    for (const update of updates) tellAlone(update);
  }
}

function tellAlone(update: Update): void {
  try {
    // Copied, not moved: whatever was wrong with its bytes.
    post({ type: "updates", updates: [update] });
  } catch (error) {
    post({ type: "lost", detail: `${update?.type}: ${error}` });
  }
}

/** Where the proxy listens: where the page came from, which may be below a path. This worker is one folder further down. */
function base(): string {
  return new URL("..", scope.location.href).href;
}

/** The bytes inside the updates. They are moved to the page, not copied: the worker keeps nothing of a download. */
function buffers(updates: Update[]): Transferable[] {
  const found = new Set<ArrayBuffer>();
  for (const update of updates) {
    if (update.type === "downloadChunk") found.add(update.bytes.buffer);
    if (update.type === "message") {
      for (const image of update.message.inlineImages) found.add(image.bytes.buffer);
    }
  }
  return [...found];
}

function fail(detail: string): void {
  post({ type: "broken", detail });
}

function post(message: FromWorker, transfer: Transferable[] = []): void {
  scope.postMessage(message, transfer);
}
