//! Everything without a mouse, and the focus is never lost.

import assert from "node:assert/strict";
import { before, it } from "node:test";
import { journeys } from "./journey.mjs";
import { message } from "./mail.mjs";
import { seesMessage, seesRow } from "./reader.mjs";
import { until } from "./wait.mjs";

journeys(
  "keyboard",
  (journey) => {
    before(async () => {
      const { page, proxy, other } = journey;
      for (const subject of ["First", "Second", "Third"]) await other.append("INBOX", message({ subject }));
      await page.goto(proxy.url);
    });

    it("signs in: the first field has the focus, Tab leads to the next, Enter sends", async () => {
      const { page, user, stack } = journey;
      await page.until("the focus in the first field", () => document.activeElement?.name === "username");
      await page.type(user);
      await page.press("Tab");
      await page.type(stack.password);
      await page.press("Enter");
      await page.sees("grid", "Messages");
      await seesRow(page, "Third");
      await page.until(
        "the focus in the list",
        () => document.activeElement?.getAttribute("role") === "grid",
      );
    });

    it("goes to sent and back to the inbox: g s, g i", async () => {
      const { page } = journey;
      await page.press("g", "s");
      await page.until("Sent", () => document.title.includes("Sent"));
      await seesFocus("g s");
      await page.press("g", "i");
      await seesFocus("g i");
      await seesRow(page, "Third");
    });

    it("walks the list and opens a message: j, k, Enter", async () => {
      const { page } = journey;
      await press("k");
      await seesActive("Third");
      await press("j");
      await seesActive("Second");
      await press("j");
      await seesActive("First");
      await press("k");
      await seesActive("Second");
      await press("Enter");
      await seesMessage(page, "Second");
      await seesRow(page, "Second", (row) => !row.startsWith("Unread"));
    });

    it("reads on: j opens the next, k the one before", async () => {
      const { page } = journey;
      await press("j");
      await seesMessage(page, "First");
      // Its heading comes from the list; it is read once its text is here.
      await seesRow(page, "First", (row) => !row.startsWith("Unread"));
      await press("k");
      await seesMessage(page, "Second");
    });

    it("flags and marks as unread: s, Shift+u, Shift+i", async () => {
      const { page, other } = journey;
      await press("s");
      await seesRow(page, "Second", (row) => row.startsWith("Flagged"));
      await until("\\Flagged", async () => (await other.flags("INBOX", "Second")).includes("\\Flagged"));
      await press("Shift+u");
      await seesRow(page, "Second", (row) => row.startsWith("Unread"));
      await press("Shift+i");
      await seesRow(page, "Second", (row) => row.startsWith("Flagged"));
      await until("\\Seen", async () => (await other.flags("INBOX", "Second")).includes("\\Seen"));
    });

    it("goes back to the list: u, and Escape does so too", async () => {
      const { page } = journey;
      await press("u");
      await page.misses("heading", "Second");
      await press("Enter");
      await seesMessage(page, "Second");
      await press("Escape");
      await page.misses("heading", "Second");
      await seesActive("Second");
    });

    it("shows all keys and puts them away: ?, Escape", async () => {
      const { page } = journey;
      await press("?");
      await page.sees("dialog", "Keyboard shortcuts");
      // The next key may come at once.
      await press("Escape", "j");
      await page.misses("dialog", "Keyboard shortcuts");
      await seesActive("First");
    });

    it("reaches every folder and the list by Tab", async () => {
      const { page } = journey;
      // The marks of before may still be on their way into the count.
      await page.sees("button", "Inbox, 1 unread");
      const reached = new Set();
      // Around once: behind the last control the browser's own begin, and then the first again.
      for (let name = await focused(page); !reached.has(name); name = await focused(page)) {
        reached.add(name);
        await page.press("Tab");
      }
      const wanted = ["Inbox, 1 unread", "Drafts", "Sent", "Archive", "Junk", "Trash", "Messages"];
      assert.deepEqual(
        wanted.filter((name) => !reached.has(name)),
        [],
      );
    });

    /** After each key the focus is somewhere. */
    async function press(...keys) {
      for (const key of keys) {
        await journey.page.press(key);
        await seesFocus(key);
      }
    }

    async function seesFocus(after) {
      await journey.page.until(
        `a focus after ${after}`,
        () => ![null, document.body].includes(document.activeElement),
      );
    }

    /** The list's active row, as a screen reader is told. */
    async function seesActive(subject) {
      await journey.page.until(
        `${subject} as the active row`,
        (wanted) => {
          const id = document.querySelector("[role=grid]")?.getAttribute("aria-activedescendant");
          return id && document.getElementById(id)?.ariaLabel?.includes(`, ${wanted}, `);
        },
        subject,
      );
    }
  },
  // Keys don't know how the proxy speaks to the server.
  { transports: ["implicit TLS"] },
);

/** The name of what has the focus. @returns {Promise<string>} */
async function focused(page) {
  return await page.read(() => {
    const { ariaLabel, innerText, tagName } = document.activeElement;
    return ariaLabel ?? (tagName === "BODY" ? "" : innerText);
  });
}
