//! Downloads are put together whole, from few blobs, and little of one is in the page's memory at any time.

import type { Intent, Update } from "postern-client/types";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Saver } from "../../src/app/saver";

const ONE = 1;
const PIECE = 48 * 1024;

let links: { href: string; download: string; click: () => void }[];
let saved: Blob[];
/** The parts that each blob was made of. */
let blobs: BlobPart[][];

beforeEach(() => {
  vi.useFakeTimers();
  [links, saved, blobs] = [[], [], []];
  const RealBlob = Blob;
  vi.stubGlobal(
    "Blob",
    class extends RealBlob {
      constructor(parts: BlobPart[] = [], options?: BlobPropertyBag) {
        super(parts, options);
        blobs.push(parts);
      }
    },
  );
  vi.stubGlobal("document", {
    createElement: () => {
      const link = { href: "", download: "", click: vi.fn() };
      links.push(link);
      return link;
    },
  });
  vi.spyOn(URL, "createObjectURL").mockImplementation((blob) => {
    saved.push(blob as Blob);
    return "blob:saved";
  });
  vi.spyOn(URL, "revokeObjectURL").mockImplementation(() => {});
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

function piece(index: number, length = PIECE): Update {
  return { type: "downloadChunk", download: ONE, bytes: new Uint8Array(length).fill(index) };
}

function saver(): { saver: Saver; sent: Intent[] } {
  const sent: Intent[] = [];
  const saver = new Saver(
    (intent) => sent.push(intent),
    () => {},
  );
  saver.start(ONE, "big.bin");
  return { saver, sent };
}

it("saves a file of many pieces whole, in order, under its name", async () => {
  const one = saver();
  for (let index = 0; index < 100; index += 1) one.saver.take([piece(index)]);
  one.saver.take([piece(100, 5), { type: "downloadDone", download: ONE }]);
  expect(links.map(({ download, href }) => [download, href])).toEqual([["big.bin", "blob:saved"]]);
  expect(links[0]?.click).toHaveBeenCalledOnce();
  const bytes = new Uint8Array((await saved[0]?.arrayBuffer()) ?? new ArrayBuffer(0));
  expect(bytes.length).toBe(100 * PIECE + 5);
  expect(bytes.every((byte, at) => byte === Math.floor(at / PIECE))).toBe(true);
  expect(saved[0]?.type).toBe("application/octet-stream");
});

it("saves an empty file", () => {
  const one = saver();
  one.saver.take([{ type: "downloadDone", download: ONE }]);
  expect(saved.map(({ size }) => size)).toEqual([0]);
});

it("never makes a blob of a blob but the last, and holds at most 2 MB in the page's memory", () => {
  const one = saver();
  let held = 0;
  for (let index = 0; index < 700; index += 1) {
    const before = blobs.length;
    one.saver.take([piece(index)]);
    held = blobs.length > before ? 0 : held + PIECE;
    expect(held).toBeLessThanOrEqual(2_000_000);
  }
  expect(blobs.flat().filter((part) => part instanceof Blob)).toEqual([]);
  // A browser asks the disk for a blob of some size only: many small ones would be as bad.
  expect(blobs.length).toBeLessThan(50);
  one.saver.take([{ type: "downloadDone", download: ONE }]);
  expect(saved[0]?.size).toBe(700 * PIECE);
});

it("tells the engine of each piece that it took, so that more is asked for", () => {
  const one = saver();
  one.saver.take([piece(1), piece(2, 7)]);
  expect(one.sent).toEqual([
    { type: "downloadTaken", download: ONE, bytes: PIECE },
    { type: "downloadTaken", download: ONE, bytes: 7 },
  ]);
});

it("saves nothing of a download that failed or was cancelled", () => {
  const one = saver();
  one.saver.take([piece(1)]);
  one.saver.forget(ONE);
  one.saver.take([piece(2), { type: "downloadDone", download: ONE }]);
  const problem = { code: "gone", detail: "" } as const;
  one.saver.start(ONE, "big.bin");
  one.saver.take([piece(1), { type: "downloadFailed", download: ONE, problem }]);
  one.saver.take([{ type: "downloadDone", download: ONE }]);
  expect(links).toEqual([]);
});
