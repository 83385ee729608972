//! Attachments on their way to the disk.

import type { DownloadId, MessageId } from "postern-client/types";
import { endsSession, type Reducer } from "./event";
import type { PageProblem } from "./problem";

export type Download = {
  readonly id: DownloadId;
  readonly message: MessageId;
  readonly part: string;
  readonly name: string;
  /** Decoded, in bytes, as near as can be told. */
  readonly size: number;
  /** Bytes so far. */
  readonly received: number;
  readonly state: "running" | "done" | "failed";
  readonly problem: PageProblem | null;
};

/** One of which nothing has come yet. */
export type NewDownload = Omit<Download, "received" | "state" | "problem">;

export const downloads: Reducer<readonly Download[]> = (slice, event) => {
  if (endsSession(event)) return slice.length === 0 ? slice : [];
  switch (event.type) {
    case "downloadStarted":
      return [...slice, { ...event.download, received: 0, state: "running", problem: null }];
    case "downloadForgotten":
      return slice.filter((one) => one.id !== event.download);
    case "downloadChunk": {
      const { byteLength } = event.bytes;
      return changed(slice, event.download, (one) => ({ ...one, received: one.received + byteLength }));
    }
    case "downloadDone":
      return changed(slice, event.download, (one) => ({ ...one, state: "done" }));
    case "downloadFailed": {
      const { problem } = event;
      return changed(slice, event.download, (one) => ({ ...one, state: "failed", problem }));
    }
    case "downloadNotSaved": {
      const problem = { code: "notSaved", detail: event.detail } as const;
      return changed(slice, event.download, (one) => ({ ...one, state: "failed", problem }));
    }
    default:
      return slice;
  }
};

function changed(
  slice: readonly Download[],
  id: DownloadId,
  change: (download: Download) => Download,
): readonly Download[] {
  return slice.some((one) => one.id === id) ? slice.map((one) => (one.id === id ? change(one) : one)) : slice;
}
