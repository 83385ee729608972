//! A file of 25 MB comes through proxy and page whole, while the worker's memory stays small.

import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { before, it } from "node:test";
import { journeys } from "./journey.mjs";
import { message, messageWithFile } from "./mail.mjs";
import { openMessage, signIn } from "./reader.mjs";
import { WorkerMemory } from "./worker-memory.mjs";

const SIZE = 25 * 1024 * 1024;
/** As it travels, in base64. */
const HALF = SIZE / 2;

journeys("attachment", (journey) => {
  // Bytes that nothing can shorten or guess.
  const bytes = randomBytes(SIZE);
  let memory;

  before(async () => {
    const { page, proxy, user, stack, other } = journey;
    await other.append("INBOX", messageWithFile({ subject: "The big one", name: "big.bin", bytes }));
    await signIn(page, proxy.url, user, stack.password);
    await openMessage(page, "The big one");
    await page.sees("button", "Download big.bin…");
    if (page.chromium) memory = await WorkerMemory.of(page.chromium);
  });

  it("arrives whole, and the worker grows by at most 16 MB", async (test) => {
    const { page } = journey;
    // From before the first download: what an earlier one had taken would not count.
    const watch = await memory?.watch();
    const started = performance.now();
    await page.click("button", "Download big.bin…");
    const [path] = await page.eventually("the file", saved);
    const seconds = (performance.now() - started) / 1000;
    assert.equal(sha256(await readFile(path)), sha256(bytes));
    test.diagnostic(`${(bytes.length / 1e6).toFixed(1)} MB in ${seconds.toFixed(1)} s`);
    if (watch) {
      const { wasm, heap, samples } = await watch.end();
      test.diagnostic(`wasm +${mb(wasm)} MB, JavaScript +${mb(heap)} MB at most, ${samples} samples`);
      assert.ok(samples >= 10, `only ${samples} samples`);
      assert.ok(wasm + heap <= 16e6, `grew by ${mb(wasm)} + ${mb(heap)} MB`);
    }
  });

  it("stops half way, and the connection lives on", async () => {
    const { page, other, gate } = journey;
    const before = await page.files();
    // However fast it is, it can't be over before it is stopped.
    gate.holdAfter(HALF);
    await page.click("button", "Download big.bin…");
    await page.until("a part of it", () => document.querySelector("progress")?.value > 2_000_000);
    await page.click("button", "Cancel the download of big.bin");
    await page.misses("button", "Cancel the download of big.bin");
    gate.release();
    await other.append("INBOX", message({ subject: "Still here", text: "The line is free." }));
    await openMessage(page, "Still here");
    await page.until("its text", () => document.body.innerText.includes("The line is free."));
    await page.until("no bar", () => !/Reconnecting|Trying again/.test(document.body.innerText));
    assert.deepEqual(await page.files(), before);
    assert.deepEqual(page.complaints, []);
  });

  /** The files, once the first is whole. */
  async function saved() {
    const files = await journey.page.files();
    return files.length > 0 && (await stat(files[0])).size === SIZE ? files : null;
  }
});

function sha256(bytes) {
  return createHash("sha256").update(bytes).digest("hex");
}

function mb(bytes) {
  return (bytes / 1e6).toFixed(1);
}
