//! Takes pictures of the page as it is: `node screenshots.mjs` writes tests/results/*.png and docs/screenshot.png.

import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { open } from "./drivers.mjs";
import { folders, giveCredentials, rows, signIn } from "./reader.mjs";
import { Postern, ROOT, Stack } from "./stack.mjs";
import { until } from "./wait.mjs";

const WIDE = { width: 1280, height: 800 };
const MIDDLE = { width: 900, height: 800 };
const NARROW = { width: 380, height: 780 };
const results = join(ROOT, "tests", "results");

const stack = await Stack.start();
try {
  await mkdir(results, { recursive: true });
  for (const scheme of /** @type {const} */ (["light", "dark"])) {
    for (const [name, size] of Object.entries({ wide: WIDE, middle: MIDDLE, narrow: NARROW })) {
      await take(scheme, size, (what) => join(results, `${what}-${name}-${scheme}.png`));
    }
  }
  await readmePicture();
} finally {
  await stack.stop();
}

/** All states of one appearance. */
async function take(scheme, size, path) {
  const page = await open("chromium", { scheme, size });
  const proxy = await stack.proxy("implicit TLS");
  await page.goto(proxy.url);
  await page.sees("textbox", "Password");
  await page.screenshot(path("sign-in"));
  await giveCredentials(page, stack.user, "wrong");
  await page.until("words", () => document.querySelector("[role=alert]")?.innerText);
  await page.screenshot(path("sign-in-wrong"));

  await signIn(page, proxy.url, stack.user, stack.password);
  await until("rows", async () => (await rows(page)).length > 5);
  await page.screenshot(path("list"));
  for (const [what, subject] of Object.entries(await subjects(page))) {
    await page.click("row", subject);
    await settled(page);
    await page.screenshot(path(what));
    if (size.width < 700) await page.click("button", "Back to the list");
  }
  await page.press("?");
  await page.sees("dialog", "Keyboard shortcuts");
  await page.screenshot(path("keys"));
  await page.press("Escape");

  if (size.width < 700) await page.click("button", "Folders");
  await page.screenshot(path("folders"));
  const empty = (await folders(page)).find((folder) => folder === "Junk" || folder === "Archive") ?? "Drafts";
  await page.click("button", empty);
  await page.until(
    "an empty folder or its rows",
    () => document.querySelector("[role=grid]")?.ariaBusy !== "true",
  );
  await page.screenshot(path("other-folder"));
  await proxy.stop();
  await page.until("the bar", () => /Reconnecting|Trying again/.test(document.body.innerText));
  await page.screenshot(path("connection-lost"));
  await page.close();

  const nowhere = await Postern.start("imaps://127.0.0.1:9");
  const other = await open("chromium", { scheme, size });
  await other.goto(nowhere.url);
  await giveCredentials(other, stack.user, stack.password);
  await other.until("words", () => document.querySelector("[role=alert]")?.innerText);
  await other.screenshot(path("server-unreachable"));
  await other.close();
  await nowhere.stop();
}

/** One row of each kind that shows something of its own. */
async function subjects(page) {
  const all = await rows(page);
  const found = { message: all[1], attached: all.find((row) => row.includes("has attachment")) };
  return Object.fromEntries(Object.entries(found).filter(([, row]) => row !== undefined));
}

/** Nothing is loading any more, and what came has been painted. */
async function settled(page) {
  await page.until("a message", () => document.querySelector("article [class*=skeleton]") === null);
  await page.read(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
}

/** The one that the README shows: small enough to be kept in the repository. */
async function readmePicture() {
  const path = join(ROOT, "docs", "screenshot.png");
  await mkdir(join(ROOT, "docs"), { recursive: true });
  const page = await open("chromium", { scheme: "light", size: WIDE });
  const proxy = await stack.proxy("implicit TLS");
  await signIn(page, proxy.url, stack.user, stack.password);
  await until("rows", async () => (await rows(page)).length > 5);
  await page.click("row", (await rows(page))[2]);
  await settled(page);
  await page.screenshot(path);
  await page.close();
  await proxy.stop();
  // 256 colours are enough for it. Without the tool it stays as it is.
  await promisify(execFile)("pngquant", ["--force", "--output", path, path]).catch(() => {});
}
