//! What other mail programs do shows by itself: new mail, flags, removal. Nobody reloads, nobody clicks.

import assert from "node:assert/strict";
import { before, it } from "node:test";
import { journeys } from "./journey.mjs";
import { message } from "./mail.mjs";
import { hears, missesRow, openMessage, rows, seesFolder, seesRow, signIn } from "./reader.mjs";
import { until } from "./wait.mjs";

journeys("live", (journey) => {
  before(async () => {
    const { page, proxy, user, stack, other } = journey;
    await other.append("INBOX", message({ subject: "Old news" }), "\\Seen");
    await signIn(page, proxy.url, user, stack.password);
    await seesRow(page, "Old news");
    // A reload would forget this.
    await page.read(() => {
      window.loadedOnce = true;
    });
  });

  it("shows a new message, counts it and says so", async () => {
    const { page, other } = journey;
    await other.append("INBOX", message({ subject: "Fresh", from: "Grace Hopper <grace@example.org>" }));
    await seesRow(page, "Fresh", (row) => row.startsWith("Unread, Grace Hopper"));
    assert.match((await rows(page))[0], /Fresh/);
    await seesFolder(page, "Inbox, 1 unread");
    await hears(page, /New message from Grace Hopper: Fresh/);
    await page.until("the count in the title", () => document.title.startsWith("(1)"));
  });

  it("shows mail that arrives in another folder as unread there", async () => {
    const { page, other } = journey;
    await other.append("Archive", message({ subject: "Elsewhere" }));
    await page.click("button", "Look for new mail");
    await seesFolder(page, "Archive, 1 unread");
  });

  it("follows a flag that another program sets and takes", async () => {
    const { page, other } = journey;
    await other.store("INBOX", "Old news", "+FLAGS", "\\Flagged");
    await seesRow(page, "Old news", (row) => row.startsWith("Flagged"));
    await other.store("INBOX", "Old news", "-FLAGS", "\\Flagged");
    await seesRow(page, "Old news", (row) => !row.includes("Flagged"));
  });

  it("follows what another program reads", async () => {
    const { page, other } = journey;
    await other.store("INBOX", "Fresh", "+FLAGS", "\\Seen");
    await seesRow(page, "Fresh", (row) => !row.startsWith("Unread"));
    await seesFolder(page, "Inbox");
  });

  it("drops the row of a message that another program removes", async () => {
    const { page, other } = journey;
    await openMessage(page, "Fresh");
    await other.expunge("INBOX", "Old news");
    await missesRow(page, "Old news");
    await seesRow(page, "Fresh");
  });

  it("did all that without a reload", async () => {
    const { page } = journey;
    assert.equal(await page.read(() => window.loadedOnce), true);
    await until("one row", async () => (await rows(page)).length === 1);
    assert.deepEqual(page.complaints, []);
  });
});
