//! The main job: sign in, see folders and messages, open one, mark it, sign out.

import assert from "node:assert/strict";
import { before, it } from "node:test";
import { journeys } from "./journey.mjs";
import { message } from "./mail.mjs";
import { folders, openMessage, rows, seesFolder, seesInFrame, seesRow, signIn } from "./reader.mjs";
import { until } from "./wait.mjs";

journeys("read", (journey) => {
  before(async () => {
    const { other } = journey;
    await other.command('CREATE "Work"');
    await other.append("Work", message({ subject: "Minutes" }));
    await other.append("INBOX", message({ subject: "Read before", date: ago(3) }), "\\Seen");
    await other.append(
      "INBOX",
      message({ subject: "Grüße aus Köln", html: "<p>Viele <b>Grüße</b></p>", date: ago(2) }),
    );
    await other.append("INBOX", message({ subject: "Lunch", text: "On Friday, at noon.", date: ago(1) }));
  });

  it("shows special folders first, and what is unread in each", async () => {
    const { page, proxy, user, stack } = journey;
    await signIn(page, proxy.url, user, stack.password);
    await seesFolder(page, "Work, 1 unread");
    await seesFolder(page, "Inbox, 2 unread");
    const special = ["Inbox, 2 unread", "Drafts", "Sent", "Archive", "Junk", "Trash"];
    assert.deepEqual(await folders(page), [...special, "Work, 1 unread"]);
  });

  it("shows the inbox, newest first", async () => {
    const { page } = journey;
    await seesRow(page, "Read before");
    const subjects = (await rows(page)).map((row) => row.replace(/, [^,]*$/, ""));
    assert.deepEqual(subjects, [
      "Unread, Ada Lovelace, Lunch",
      "Unread, Ada Lovelace, Grüße aus Köln",
      "Ada Lovelace, Read before",
    ]);
  });

  it("opens a message and marks it as read, on the server too", async () => {
    const { page, other } = journey;
    await openMessage(page, "Lunch");
    await page.until("the text", () => document.body.innerText.includes("On Friday, at noon."));
    await page.until("the real address", () => document.body.innerText.includes("ada@example.org"));
    await seesRow(page, "Lunch", (row) => !row.startsWith("Unread"));
    await seesFolder(page, "Inbox, 1 unread");
    await until("\\Seen on the server", async () => (await other.flags("INBOX", "Lunch")).includes("\\Seen"));
  });

  it("shows HTML in its frame", async () => {
    const { page } = journey;
    await openMessage(page, "Grüße aus Köln");
    await seesInFrame(page, "Viele Grüße");
    await seesFolder(page, "Inbox");
  });

  it("marks it as unread again", async () => {
    const { page, other } = journey;
    await openMessage(page, "Lunch");
    await page.click("button", "Mark as unread", "article");
    await seesRow(page, "Lunch", (row) => row.startsWith("Unread"));
    await seesFolder(page, "Inbox, 1 unread");
    await until(
      "no \\Seen on the server",
      async () => !(await other.flags("INBOX", "Lunch")).includes("\\Seen"),
    );
  });

  it("flags it, and takes the flag away", async () => {
    const { page, other } = journey;
    const flagged = async () => (await other.flags("INBOX", "Lunch")).includes("\\Flagged");
    await page.click("button", "Flag", "article");
    await seesRow(page, "Lunch", (row) => row.includes("Flagged"));
    await until("\\Flagged on the server", flagged);
    await page.click("button", "Flag", "article");
    await seesRow(page, "Lunch", (row) => !row.includes("Flagged"));
    await until("no \\Flagged on the server", async () => !(await flagged()));
  });

  it("opens another folder", async () => {
    const { page } = journey;
    await page.click("button", "Work, 1 unread");
    await openMessage(page, "Minutes");
    await seesFolder(page, "Work");
  });

  it("signs out and leaves nothing on the screen", async () => {
    const { page } = journey;
    await page.click("button", "Sign out");
    await page.sees("textbox", "Email address");
    const left = await page.read(() => [document.body.innerText, document.title].join("\n"));
    assert.doesNotMatch(left, /Minutes|Lovelace|Lunch/);
  });

  it("broke no policy, and nothing of it broke", () => {
    assert.deepEqual(journey.page.complaints, []);
  });

  it("asked nobody but the proxy", () => {
    const { page, proxy } = journey;
    const host = new URL(proxy.url).host;
    const strangers = page.requests.filter(
      (url) => /^(https?|wss?):/.test(url) && new URL(url).host !== host,
    );
    assert.deepEqual(strangers, []);
    assert.notEqual(page.requests.length, 0);
  });
});

/** @param {number} hours */
function ago(hours) {
  return new Date(Date.now() - hours * 3_600_000);
}
