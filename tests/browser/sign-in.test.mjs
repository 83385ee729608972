//! Whose server gets the password: with two servers behind one page, the right one alone, and nobody chooses.

import assert from "node:assert/strict";
import { createServer } from "node:net";
import { after, before, describe, test } from "node:test";
import { BROWSERS, open } from "./drivers.mjs";
import { oneStack } from "./journey.mjs";
import { giveCredentials } from "./reader.mjs";
import { Postern } from "./stack.mjs";

const stack = oneStack();

for (const browser of BROWSERS) {
  describe(`sign-in: ${browser}`, () => {
    /** @type {import("./drivers.mjs").Page} */
    let page;
    /** Connections that came to the server that is not meant. */
    let strays = 0;
    let wrong;

    before(async () => {
      page = await open(browser);
      wrong = createServer((socket) => {
        strays += 1;
        socket.destroy();
      }).listen(0, "127.0.0.1");
      await new Promise((resolve) => wrong.once("listening", () => resolve(null)));
    });
    after(async () => {
      await page?.close();
      wrong?.close();
    });

    test("an address of a second server's domain reaches that server alone, and stands in no URL", async () => {
      const one = await stack();
      const { authority, user, password } = one;
      const domain = user.slice(user.lastIndexOf("@") + 1);
      const proxy = await Postern.configured(
        `
[[imap]]
url = "imaps://localhost:${wrong.address().port}"
label = "Main"
domains = ["elsewhere.example"]

[[imap]]
name = "work"
url = "${one.server("implicit TLS")}"
label = "Work"
domains = ["${domain}"]
`,
        authority,
      );
      try {
        await page.goto(proxy.url);
        await giveCredentials(page, user, password);
        await page.sees("grid", "Messages");
        assert.equal(strays, 0);
        const local = user.slice(0, user.lastIndexOf("@"));
        assert.deepEqual(
          page.requests.filter((url) => url.includes(local)),
          [],
        );
      } finally {
        await proxy.stop();
      }
    });

    test("an address that no domain decides is asked for its server before anything is sent", async () => {
      const one = await stack();
      const proxy = await Postern.configured(
        `
[[imap]]
url = "imaps://localhost:${wrong.address().port}"
label = "Main"
domains = ["elsewhere.example"]

[[imap]]
name = "work"
url = "${one.server("implicit TLS")}"
label = "Work"
domains = ["other.example"]
`,
        one.authority,
      );
      try {
        await page.goto(proxy.url);
        await giveCredentials(page, one.user, one.password);
        await page.until("the question", () => document.querySelector("select[name=server]") !== null);
        assert.equal(strays, 0);
        await page.read(() => {
          const menu = document.querySelector("select[name=server]");
          menu.selectedIndex = [...menu.options].findIndex((option) => option.text === "Work");
          menu.dispatchEvent(new Event("change", { bubbles: true }));
        });
        await page.click("button", "Sign in");
        await page.sees("grid", "Messages");
        assert.equal(strays, 0);
      } finally {
        await proxy.stop();
      }
    });
  });
}
