//! Each layer around HTML mail by itself: with any one of them taken away, nothing of a mail asks or runs. And mails
//! that are made to stop the page, which stays at hand.
//!
//! The frame's own page (`www/tests/frame`) stands in for the whole page: there, layers can be left out.

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { BROWSERS, open } from "./drivers.mjs";
import { Trap } from "./trap.mjs";
import { vectors } from "./vectors.mjs";

const WWW = fileURLToPath(new URL("../../www/", import.meta.url));

/** What is left out, and which ways are then open for reasons that aren't ours. */
const LAYERS = [
  { name: "with every layer", asked: {} },
  { name: "without the copy", asked: { passes: { copy: false, purify: true, native: true } } },
  { name: "without DOMPurify", asked: { passes: { copy: true, purify: false, native: true } } },
  { name: "without the browser's sanitiser", asked: { passes: { copy: true, purify: true, native: false } } },
  { name: "with the copy alone", asked: { passes: { copy: true, purify: false, native: false } } },
  { name: "with DOMPurify alone", asked: { passes: { copy: false, purify: true, native: false } } },
  {
    name: "with the browser's sanitiser alone",
    asked: { passes: { copy: false, purify: false, native: true } },
  },
  {
    name: "without any sanitiser",
    asked: { passes: { copy: false, purify: false, native: false } },
    raw: true,
  },
  { name: "without the sandbox", asked: { without: ["sandbox"] } },
  { name: "without the frame's policy", asked: { without: ["frame policy"] } },
  { name: "without the page's policy", asked: {}, open: true },
  {
    name: "without either policy, or the sandbox",
    asked: { without: ["sandbox", "frame policy"] },
    open: true,
  },
];

let folder;
let server;
let trap;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "postern-frame-"));
  await buildPage(folder);
  trap = await Trap.start();
  server = createServer(serve);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
});

after(async () => {
  server?.closeAllConnections();
  server?.close();
  await trap?.stop();
  await rm(folder, { recursive: true, force: true });
});

for (const browser of BROWSERS) {
  describe(`the frame's layers: ${browser}`, () => {
    let page;
    before(async () => {
      page = await open(browser);
    });
    after(async () => {
      await page?.close();
    });

    for (const layer of LAYERS) {
      it(`nothing asks or runs ${layer.name}`, async () => {
        await page.goto(address(layer.open));
        trap.forget();
        const caught = [];
        for (const [name, html] of Object.entries(vectors(leads()))) {
          await page.read(show, [html, layer.asked]);
          const paths = trap.requests.map(({ url }) => url);
          // No policy has a word for a connection on which nothing is asked: there, only sanitisers hold.
          if (!layer.raw && trap.connections > 0) caught.push(`${name}: ${paths}`);
          // Firefox preloads what a srcset names without asking the policy that a frame inherits or brings along.
          const known = browser === "firefox" ? PRELOADED : NOTHING;
          if (layer.raw) caught.push(...paths.filter((path) => !known.test(path)));
          trap.forget();
        }
        assert.deepEqual(caught, []);
        assert.equal(await page.read(() => window.ran === undefined), true);
      });
    }

    it("the witness sees well: with no layer at all, the same mails ask", async () => {
      await page.goto(address(true));
      const caught = new Set();
      for (const [name, html] of Object.entries(vectors(leads()))) {
        trap.forget();
        // Some lead the page away from itself.
        await page.read(bare, html).catch(() => page.goto(address(true)));
        if (trap.connections > 0) caught.add(name);
      }
      assert.ok(caught.size >= 40, `only ${caught.size}: ${[...caught].join(", ")}`);
    });

    it("no style asks for anything, even with images allowed", async () => {
      await page.goto(address(false));
      trap.forget();
      for (const style of await page.read(() => window.styles)) {
        await page.read(show, [style.replaceAll("URL", `${trap.securely}/style`), { images: "allowed" }]);
        assert.deepEqual(trap.requests, [], style);
        assert.equal(trap.connections, 0, style);
      }
    });

    it("mails that are made to stop the page don't, and each is shown or said to be too much", async (test) => {
      await page.goto(address(false));
      for (const name of await page.read(() => window.heavyNames)) {
        const { kind, own, told } = await least(page, name);
        test.diagnostic(`${name}: ${kind}, ${told}`);
        assert.ok(kind === "html" || kind === "text", name);
        assert.ok(own <= STALL_MS, `${name}: ${told}`);
      }
    });
  });
}

/**
 * Shows a mail, and says for how long the page was kept from its work by it: less what it is kept from it anyway, and as
 * long as it would be if no other program had the processor meanwhile. The least of a few times.
 */
async function least(page, name) {
  let best;
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const found = await page.read(heavy, name);
    if (!best || found.own < best.own) best = found;
    if (best.own <= STALL_MS / 2) break;
  }
  return best;
}

/** In the page: shows a mail, and waits until the browser has asked for what it means to. */
async function show([html, asked]) {
  await window.show(html, asked);
  const drawn = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  await drawn();
  await drawn();
}

async function bare(html) {
  await window.bare(html);
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 20)));
}

async function heavy(name) {
  const began = performance.now();
  const { document, stalled } = await window.heavy(name);
  const idle = await window.idle(performance.now() - began);
  const slowdown = window.slowdown();
  const own = (stalled - idle) / slowdown;
  const [all, others] = [stalled, idle].map(Math.round);
  const told = `${Math.round(own)} ms of ${all}, ${others} idle, ${slowdown.toFixed(1)} times slower`;
  return { kind: document === "" ? "text" : "html", own, told };
}

function leads() {
  return { u: trap.plainly, s: trap.securely, h: "leak.postern.test" };
}

function address(isOpen) {
  return `http://127.0.0.1:${server.address().port}/${isOpen ? "open/" : ""}index.html`;
}

async function buildPage(outDir) {
  const vite = createRequire(join(WWW, "package.json")).resolve("vite/package.json");
  const { build } = await import(pathToFileURL(join(dirname(vite), "dist/node/index.js")).href);
  const root = join(WWW, "tests/frame");
  await build({
    root,
    base: "./",
    configFile: false,
    logLevel: "error",
    build: { outDir, emptyOutDir: true },
  });
}

async function serve(request, response) {
  const isOpen = request.url.startsWith("/open/");
  const path = request.url.replace(/^\/open/, "");
  try {
    const text = await readFile(join(folder, path));
    response.setHeader("content-type", path.endsWith(".js") ? "text/javascript" : "text/html; charset=utf-8");
    if (!isOpen) response.setHeader("content-security-policy", POLICY);
    response.end(text);
  } catch {
    response.writeHead(404).end();
  }
}

/** As the proxy sends it with the page, and one more name for the tests' own page. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: https:; " +
  "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; " +
  "trusted-types dompurify postern-mail postern-text postern-frame postern-test";

const PRELOADED = /^\/(?:srcset|imagesrcset|picture|preload)/;
const NOTHING = /^$/;
const STALL_MS = 200;
