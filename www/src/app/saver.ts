//! Puts attachments on the reader's disk, piece by piece. Never opens one: a `blob:` page would run as ours (H7).

import type { DownloadId, Update } from "postern-client/types";
import type { Send } from "../engine/start";

/** One download under way. */
type Running = {
  readonly name: string;
  /** What the browser keeps already, in order: outside of the page's memory, on disk if it is large. */
  readonly kept: Blob[];
  /** What came after that. */
  pieces: Uint8Array<ArrayBuffer>[];
  /** Bytes in `pieces`. */
  gathered: number;
};

/** Collects the pieces of every running download. */
export class Saver {
  readonly #send: Send;
  readonly #onFailure: (download: DownloadId, detail: string) => void;
  readonly #running = new Map<DownloadId, Running>();

  /** `onFailure` hears of a file that the browser would not take. */
  constructor(send: Send, onFailure: (download: DownloadId, detail: string) => void) {
    this.#send = send;
    this.#onFailure = onFailure;
  }

  /** Expect pieces of this one. */
  start(download: DownloadId, name: string): void {
    this.#running.set(download, { name, kept: [], pieces: [], gathered: 0 });
  }

  /** Drop what came so far. */
  forget(download: DownloadId): void {
    this.#running.delete(download);
  }

  /** Look through a batch for pieces and ends. */
  take(updates: readonly Update[]): void {
    for (const update of updates) {
      if (update?.type === "downloadChunk" || update?.type === "downloadDone") this.#go(update);
      else if (update?.type === "downloadFailed") this.forget(update.download);
    }
  }

  #go(update: Extract<Update, { type: "downloadChunk" | "downloadDone" }>): void {
    try {
      if (update.type === "downloadChunk") this.#add(update.download, update.bytes);
      else this.#save(update.download);
    } catch (error) {
      // Most likely there is no room for it. The others go on.
      this.forget(update.download);
      this.#onFailure(update.download, String(error));
    }
  }

  #add(download: DownloadId, bytes: Uint8Array<ArrayBuffer>): void {
    const one = this.#running.get(download);
    if (!one) return;
    one.pieces.push(bytes);
    one.gathered += bytes.byteLength;
    // Not a blob of the blob before for each piece: a browser lists all parts of it anew every time, which took more
    // than half of the time of a file of 25 MB.
    if (one.gathered >= GATHER_BYTES) {
      one.kept.push(new Blob(one.pieces));
      one.pieces = [];
      one.gathered = 0;
    }
    this.#send({ type: "downloadTaken", download, bytes: bytes.byteLength });
  }

  #save(download: DownloadId): void {
    const one = this.#running.get(download);
    if (!one) return;
    this.forget(download);
    const url = URL.createObjectURL(new Blob([...one.kept, ...one.pieces], OCTETS));
    const link = document.createElement("a");
    link.href = url;
    link.download = one.name;
    link.click();
    // The browser has taken hold of the blob by then; before that, revoking would cut the download off.
    setTimeout(() => URL.revokeObjectURL(url), REVOKE_AFTER_MS);
  }
}

const OCTETS = { type: "application/octet-stream" } as const;
/** How much of a download the page itself holds. */
const GATHER_BYTES = 1024 * 1024;
const REVOKE_AFTER_MS = 60_000;
