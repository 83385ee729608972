//! HTML mail that wants to be noticed, or to run. Nothing leaves but to the proxy, and nothing of it runs.
//!
//! Three witnesses: the trap that every vector leads to, what the browser says that it asked for, and the
//! browser's own record of its network, in which no name of a trap may stand, not even as a question to DNS.

import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { BROWSERS, open } from "./drivers.mjs";
import { oneStack } from "./journey.mjs";
import { message } from "./mail.mjs";
import { filled, openMessage, seesInFrame, signIn } from "./reader.mjs";
import { Trap } from "./trap.mjs";
import { vectors } from "./vectors.mjs";
import { until } from "./wait.mjs";

const oneOfUs = oneStack();

for (const browser of BROWSERS) {
  describe(`hostile mail: ${browser}`, () => {
    const user = `hostile-${browser}`;
    let folder;
    let trap;
    let proxy;
    let page;
    let all;

    before(async () => {
      trap = await Trap.start();
      folder = await mkdtemp(join(tmpdir(), "postern-hostile-"));
      all = Object.entries(vectors(addresses(trap)));
      const stack = await oneOfUs();
      proxy = await stack.proxy("implicit TLS");
      const other = await stack.otherClient(user);
      // One mail each, so that none hides behind another's mistake.
      for (const [name, html] of all) {
        await other.append(
          "INBOX",
          message({ subject: `Vector: ${name}`, html: `${html}<p>The end.` }),
          "\\Seen",
        );
      }
      const pixel = `<p>Hello<img src="${trap.securely}/wanted"><p style="background:url(${trap.securely}/style)">.`;
      await other.append("INBOX", message({ subject: "Pictures", html: pixel }), "\\Seen");
      await other.logout();
      page = await open(browser, { log: join(folder, "network"), size: { width: 1280, height: 2400 } });
      await signIn(page, proxy.url, user, stack.password);
    });

    after(async () => {
      await page?.close();
      await proxy?.stop();
      await trap?.stop();
      await rm(folder, { recursive: true, force: true });
    });

    it(`knows at least 80 ways`, () => {
      assert.ok(all.length >= 80, `${all.length}`);
    });

    it("shows each of them, and nobody walks into the trap", async () => {
      trap.forget();
      const caught = [];
      for (const [name] of all.toReversed()) {
        await scrollTo(page, `Vector: ${name}`);
        await filled(page, () => openMessage(page, `Vector: ${name}`));
        if (trap.connections > 0) caught.push(`${name}: ${trap.requests.map(({ url }) => url)}`);
        trap.forget();
      }
      assert.deepEqual(caught, []);
    });

    it("ran nothing", async () => {
      assert.equal(await page.read(() => window.ran === undefined), true);
    });

    it("asked for nothing but the proxy's own", () => {
      const own = new URL(proxy.url).host;
      const strangers = page.requests.filter((url) => /^\w+:\/\//.test(url) && new URL(url).host !== own);
      assert.deepEqual(strangers, []);
    });

    it("loads the images, and only them, without saying where from, once the reader allows it", async () => {
      await scrollTo(page, "Pictures");
      await filled(page, () => openMessage(page, "Pictures"));
      await seesInFrame(page, "Hello");
      assert.equal(trap.connections, 0);
      await filled(page, () => page.click("button", "Show images"));
      await until("the image", () => trap.requests.length > 0);
      assert.deepEqual(
        trap.requests.map(({ url }) => url),
        ["/wanted"],
      );
      const [{ headers }] = trap.requests;
      assert.equal(headers.referer, undefined);
      assert.equal(headers.cookie, undefined);
      assert.ok(!JSON.stringify(headers).includes(new URL(proxy.url).host), JSON.stringify(headers));
    });

    it("never asked for a trap's name, by the browser's own record", async () => {
      await page.close();
      page = undefined;
      const record = await records(folder);
      assert.ok(record.includes(new URL(proxy.url).host), "the record is empty");
      assert.ok(!record.includes(TRAP_NAME), around(record, TRAP_NAME));
    });

    it("the witnesses see well: in a bare page the same mails walk into the trap", async () => {
      const unprotected = await mkdtemp(join(tmpdir(), "postern-bare-"));
      await walksIn(browser, trap, join(unprotected, "network"), 50);
      assert.ok((await records(unprotected)).includes(TRAP_NAME));
      await rm(unprotected, { recursive: true });
    });
  });
}

/** What a browser wrote of its network into this folder. Firefox writes a file for each process. */
async function records(folder) {
  const names = await readdir(folder);
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  return texts.join("\n");
}

/** Shows each vector in a page without any protection, until at least so many of them have been caught. */
async function walksIn(browser, trap, log, least) {
  // Each leads to a place of its own: whoever comes late is still known.
  const all = Object.keys(vectors(addresses(trap)));
  const server = createServer((request, response) => {
    const at = request.url.slice(1);
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.end(vectors(addresses(trap, `/at/${at}`))[all[at]] ?? "");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const page = await open(browser, { log });
  trap.forget();
  for (const at of all.keys()) {
    const visit = () => page.goto(`http://127.0.0.1:${server.address().port}/${at}`);
    // One that leaves by itself may take the next one's place.
    await visit()
      .catch(visit)
      .catch(() => {});
  }
  const caught = () => new Set(trap.requests.flatMap(({ url }) => /^\/at\/(\d+)\//.exec(url)?.[1] ?? []));
  await until(`${least} vectors in the trap`, () => caught().size >= least).catch((error) => {
    throw new Error(`${error.message}; ${[...caught()].map((at) => all[at])}`);
  });
  await page.close();
  server.closeAllConnections();
  server.close();
}

/** Where the vectors lead. @param {Trap} trap @param {string} [place] a path in it */
function addresses(trap, place = "") {
  return { u: trap.plainly + place, s: trap.securely + place, h: TRAP_NAME };
}

/** The row is drawn only where the list is scrolled to. */
async function scrollTo(page, subject) {
  const found = (wanted) => {
    const grid = document.querySelector("[role=grid]");
    const rows = [...grid.querySelectorAll("[role=row][aria-label]")];
    const row = rows.find((one) => one.ariaLabel.includes(`, ${wanted}, `));
    if (row) {
      row.scrollIntoView({ block: "nearest" });
      return true;
    }
    // A page further, and from the end back to the top.
    const end = grid.scrollTop + grid.clientHeight >= grid.scrollHeight - 1;
    if (rows.length > 0 && rows.every((one) => one.ariaBusy !== "true"))
      grid.scrollTop = end ? 0 : grid.scrollTop + 500;
    return false;
  };
  await page.until(`row "${subject}"`, found, subject);
}

function around(text, word) {
  const at = text.indexOf(word);
  return text.slice(Math.max(0, at - 500), at + 200);
}

const TRAP_NAME = "leak.postern.test";
