//! axe finds nothing serious or critical in sign-in, folders, list and message: light and dark, wide and narrow.
//! And in Chromium nothing moves by itself from sign-in to a message that is read.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before, describe, it } from "node:test";
import { BROWSERS, open } from "./drivers.mjs";
import { oneStack } from "./journey.mjs";
import { message, messageWithFile } from "./mail.mjs";
import { giveCredentials, openMessage, seesInFrame, seesRow, signIn } from "./reader.mjs";

const oneOfUs = oneStack();
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

for (const browser of BROWSERS) {
  for (const scheme of /** @type {const} */ (["light", "dark"])) {
    for (const width of [1280, 900, 380]) {
      describe(`accessibility: ${browser}, ${scheme}, ${width} px`, () => {
        const user = `accessible-${browser}-${scheme}-${width}`;
        let stack;
        let proxy;
        let page;

        before(async () => {
          stack = await oneOfUs();
          proxy = await stack.proxy("implicit TLS");
          const other = await stack.otherClient(user);
          const html = '<p>Hello</p><img src="https://example.org/a.png">';
          await other.append("INBOX", message({ subject: "Designed", html }));
          const file = { subject: "Attached", name: "notes.txt", bytes: Buffer.from("x") };
          await other.append("INBOX", messageWithFile(file), "\\Flagged");
          await other.append(
            "INBOX",
            message({ subject: "Plain", text: "Hi.\n\n> quoted\n> text\n" }),
            "\\Seen",
          );
          await other.logout();
          page = await open(browser, { scheme, size: { width, height: 800 } });
        });

        after(async () => {
          await page?.close();
          await proxy?.stop();
        });

        it("sign-in", async () => {
          await page.goto(proxy.url);
          await page.sees("textbox", "Password");
          await isAccessible(page);
        });

        it("sign-in that failed", async () => {
          await giveCredentials(page, user, "wrong");
          await page.until("words", () => document.querySelector("[role=alert]")?.innerText);
          await isAccessible(page);
        });

        it("list", async () => {
          await signIn(page, proxy.url, user, stack.password);
          await seesRow(page, "Plain");
          await isAccessible(page);
        });

        it("message of text", async () => {
          await openMessage(page, "Plain");
          await page.until("its text", () => document.body.innerText.includes("Hi."));
          await isAccessible(page);
        });

        it("message with a file", async () => {
          await another("Attached");
          await page.sees("button", "Download notes.txt…");
          await isAccessible(page);
        });

        it("message of HTML, its images held back", async () => {
          await another("Designed");
          await seesInFrame(page, "Hello");
          await page.sees("button", "Show images");
          await isAccessible(page);
        });

        it("all keys", async () => {
          await page.press("?");
          await page.sees("dialog", "Keyboard shortcuts");
          await isAccessible(page);
          await page.press("Escape");
        });

        it("nothing wider than the screen", async () => {
          assert.ok(await page.read(() => document.documentElement.scrollWidth <= innerWidth));
        });

        if (browser === "chromium") {
          it("nothing moved by itself", async (test) => {
            const shifts = await page.read(() => window.layoutShifts);
            const sum = shifts.reduce((all, { value }) => all + value, 0);
            test.diagnostic(`layout shift ${sum.toFixed(4)}`);
            assert.ok(sum < 0.02, JSON.stringify(shifts, null, 1));
          });
        }

        async function another(subject) {
          if (width < 700) await page.click("button", "Back to the list");
          await openMessage(page, subject);
        }
      });
    }
  }
}

/** axe has nothing serious or critical to say. The mail inside its frame is not ours to judge. */
async function isAccessible(page) {
  await page.evaluate(`(() => { ${axe} })()`);
  // What still fades in has not its own colours yet.
  await page.read(async () => {
    const finite = document
      .getAnimations()
      .filter(({ effect }) => effect.getComputedTiming().endTime < Infinity);
    await Promise.allSettled(finite.map(({ finished }) => finished));
  });
  const found = await page.read(async () => {
    const { violations } = await window.axe.run(document, { iframes: false, resultTypes: ["violations"] });
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(
        ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html.slice(0, 200)).join(" | ")}`,
      );
  });
  assert.deepEqual(found, []);
}
