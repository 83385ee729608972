//! Puts attachments on the reader's disk, piece by piece. Never opens one: a `blob:` page would run as ours (H7).

import type { DownloadId, Update } from "postern-client/types";
import type { Send } from "./engine";

/** Collects the pieces of every running download. */
export class Saver {
  readonly #send: Send;
  readonly #running = new Map<DownloadId, { name: string; parts: Blob }>();

  constructor(send: Send) {
    this.#send = send;
  }

  /** Expect pieces of this one. */
  start(download: DownloadId, name: string): void {
    this.#running.set(download, { name, parts: new Blob([], OCTETS) });
  }

  /** Drop what came so far. */
  forget(download: DownloadId): void {
    this.#running.delete(download);
  }

  /** Look through a batch for pieces and ends. */
  take(updates: readonly Update[]): void {
    for (const update of updates) {
      if (update.type === "downloadChunk") this.#add(update.download, update.bytes);
      else if (update.type === "downloadDone") this.#save(update.download);
      else if (update.type === "downloadFailed") this.forget(update.download);
    }
  }

  #add(download: DownloadId, bytes: Uint8Array<ArrayBuffer>): void {
    const one = this.#running.get(download);
    if (!one) return;
    // The browser keeps blobs outside of the page's memory, on disk where they are large; a blob of blobs copies nothing.
    one.parts = new Blob([one.parts, bytes], OCTETS);
    this.#send({ type: "downloadTaken", download, bytes: bytes.byteLength });
  }

  #save(download: DownloadId): void {
    const one = this.#running.get(download);
    if (!one) return;
    this.forget(download);
    const url = URL.createObjectURL(one.parts);
    const link = document.createElement("a");
    link.href = url;
    link.download = one.name;
    link.click();
    // The browser has taken hold of the blob by then; before that, revoking would cut the download off.
    setTimeout(() => URL.revokeObjectURL(url), REVOKE_AFTER_MS);
  }
}

const OCTETS = { type: "application/octet-stream" } as const;
const REVOKE_AFTER_MS = 60_000;
