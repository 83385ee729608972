//! What is rare in mail, and shown as it should be: notes, directions, dates that are missing, names of files.

import { afterAll, beforeAll, expect, it } from "vitest";
import { Scripted } from "./browser";

let scripted: Scripted;

beforeAll(async () => {
  scripted = await Scripted.start();
});
afterAll(async () => await scripted?.stop());

/** The first message of this mailbox. */
async function opened(scene: string) {
  const page = await scripted.signedIn(scene);
  await page.locator("#row-0").click();
  await page.locator("article [data-testid=sender]").waitFor();
  return page;
}

it("several notes are one box", async () => {
  const page = await opened("notices");
  expect(await page.getByTestId("message-notes").count()).toBe(1);
  expect(await page.locator("[data-testid=message-notes] li").allInnerTexts()).toEqual([
    expect.stringContaining("is signed"),
    expect.stringContaining("is an invitation"),
    expect.stringContaining("winmail.dat"),
  ]);
  await page.close();
});

it("an encrypted message says so and nothing of missing text, and names its files in full", async () => {
  const page = await opened("encrypted");
  const text = await page.innerText("article");
  expect(text).toContain("encrypted (OpenPGP)");
  expect(text).not.toContain("has no text");
  for (const name of await page.getByTestId("attachment-name").all()) {
    expect(await name.evaluate((element) => element.scrollWidth <= element.clientWidth + 1)).toBe(true);
  }
  await page.close();
});

it("each line runs in the direction of its own first letter", async () => {
  const page = await opened("directions");
  const sides = await page.getByTestId("text-body").evaluate((body) => {
    const node = document.createTreeWalker(body, NodeFilter.SHOW_TEXT).nextNode() as globalThis.Text;
    const box = body.querySelector(".lines")?.getBoundingClientRect() ?? new DOMRect();
    return ["Hello", "שלום", "נתראה", "Best"].map((word) => {
      const at = node.data.indexOf(word);
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, node.data.indexOf("\n", at) < 0 ? node.length : node.data.indexOf("\n", at));
      const line = range.getBoundingClientRect();
      return Math.abs(line.left - box.left) < Math.abs(line.right - box.right) ? "left" : "right";
    });
  });
  expect(sides).toEqual(["left", "right", "right", "left"]);
  await page.close();
});

it("a message without a date has none, in the row and in its head", async () => {
  const page = await opened("no-date");
  expect(await page.locator("#row-0 time").innerText()).toBe("");
  expect(await page.getByTestId("message-date").innerText()).toBe("no date");
  expect(await page.innerText("body")).not.toMatch(/1970/);
  await page.close();
});
