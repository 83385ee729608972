//! Takes pictures of the page as it is: `node screenshots.mjs` writes tests/results/*.png and docs/screenshot.png.

import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { open } from "./drivers.mjs";
import { filled, giveCredentials, openMessage, rows, signIn } from "./reader.mjs";
import { Postern, ROOT, Stack } from "./stack.mjs";
import { until } from "./wait.mjs";

const WIDE = { width: 1280, height: 800 };
const MIDDLE = { width: 900, height: 800 };
const NARROW = { width: 380, height: 780 };
// Of the seeded mailbox: what each shows that the others don't.
const MESSAGES = {
  message: { subject: "Re: Plans for the courtyard, two variants", framed: false },
  designed: { subject: "Field Notes 214: what hedges remember", framed: true },
  attached: { subject: "Your ticket Bristol to York", framed: false },
};
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
  for (const what of Object.keys(MESSAGES)) {
    await shown(page, what);
    await page.screenshot(path(what));
    if (size.width < 700) await page.click("button", "Back to the list");
  }
  await page.press("?");
  await page.sees("dialog", "Keyboard shortcuts");
  await page.screenshot(path("keys"));
  await page.press("Escape");

  if (size.width < 700) await page.click("button", "Folders");
  await page.screenshot(path("folders"));
  await page.click("button", "Drafts");
  await page.until("its rows", () => document.querySelector("[role=grid]")?.ariaBusy !== "true");
  await page.screenshot(path("other-folder"));
  await proxy.stop();
  await page.until("the bar", () => /Reconnecting|Trying again/.test(document.body.innerText));
  await page.screenshot(path("connection-lost"));
  await page.close();

  const fresh = await open("chromium", { scheme, size });
  const road = await stack.proxy("implicit TLS");
  await signIn(fresh, road.url, "nobody.wrote.yet@example.com", stack.password);
  await fresh.until("the empty inbox", () => document.body.innerText.includes("Your inbox is empty"));
  await fresh.screenshot(path("empty"));
  await fresh.close();
  await road.stop();

  const nowhere = await Postern.start("imaps://127.0.0.1:9");
  const other = await open("chromium", { scheme, size });
  await other.goto(nowhere.url);
  await giveCredentials(other, stack.user, stack.password);
  await other.until("words", () => document.querySelector("[role=alert]")?.innerText);
  await other.screenshot(path("server-unreachable"));
  await other.close();
  await nowhere.stop();
}

/** Opens one of the messages and waits until it is painted, with nothing under the mouse. */
async function shown(page, what) {
  const { subject, framed } = MESSAGES[what];
  await page.chromium.mouse.move(0, 0);
  if (framed) await filled(page, () => openMessage(page, subject));
  else await openMessage(page, subject);
  await page.until("a message", () => document.querySelector("article [role=status][aria-label]") === null);
  await page.chromium.mouse.move(0, 0);
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
  await shown(page, "designed");
  await page.screenshot(path);
  await page.close();
  await proxy.stop();
  // 256 colours are enough for it. Without the tool it stays as it is.
  await promisify(execFile)("pngquant", ["--force", "--output", path, path]).catch(() => {});
}
