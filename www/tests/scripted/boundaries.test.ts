//! An exception in one part of the page stays there: the part says so, the others go on, and nobody is signed out.

import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Scripted } from "./browser";

let scripted: Scripted;

beforeAll(async () => {
  scripted = await Scripted.start();
}, 120_000);
afterAll(async () => await scripted?.stop());

const CASES: { scene: string; says: RegExp; heals: boolean }[] = [
  { scene: "broken-head", says: /while showing this message/, heals: true },
  { scene: "broken-notes", says: /while showing the notes on this message/, heals: true },
  { scene: "broken-text", says: /while showing the text of this message/, heals: true },
  { scene: "broken-html", says: /The design of this message/, heals: true },
  { scene: "broken-design", says: /The design of this message.*The text of it/s, heals: true },
  { scene: "broken-attachments", says: /while showing this message/, heals: true },
  { scene: "broken-attachment", says: /while showing this attachment.*fine\.pdf/s, heals: true },
  { scene: "broken-message", says: /while showing this message/, heals: true },
  { scene: "no-message", says: /Something couldn’t be shown/, heals: false },
  { scene: "broken-row", says: /can’t be shown in the list/, heals: false },
  { scene: "broken-folder", says: /while showing this folder/, heals: false },
  { scene: "broken-list", says: /Something couldn’t be shown/, heals: false },
  { scene: "broken-connection", says: /while showing how the connection is/, heals: false },
  { scene: "broken-failure", says: /while showing a notice/, heals: false },
  { scene: "broken-news", says: /while showing what is new/, heals: false },
  { scene: "broken-update", says: /Something couldn’t be shown/, heals: false },
  { scene: "broken-problem", says: /Something went wrong.*Try again/s, heals: false },
];

describe("a part that breaks", () => {
  for (const { scene, says, heals } of CASES) {
    it(`${scene} says so, and the rest goes on`, async () => {
      const page = await scripted.signedIn(scene);
      const errors: string[] = [];
      page.on("pageerror", (error) => errors.push(String(error)));
      await row(page, 1).click();
      await expect.poll(async () => await page.innerText("body")).toMatch(says);
      // Another message is read as ever.
      await row(page, 2).click();
      await expect.poll(async () => await page.innerText("article")).toMatch(/Your receipt from 21 November/);
      if (heals) expect(await page.getByTestId("broken-part").count()).toBe(0);
      expect(await page.getByLabel("Password").count()).toBe(0);
      expect(errors).toEqual([]);
      await page.close();
    });
  }

  it("is tried again by its button, and by itself once there is something new", async () => {
    const page = await scripted.signedIn("broken-folders");
    const folders = page.getByTestId("broken-part").filter({ hasText: "the folders" });
    await folders.getByRole("button", { name: "Try again" }).click();
    await expect.poll(async () => await folders.innerText()).toMatch(/while showing the folders/);
    // Whoever can't see the folders can still leave.
    expect(await folders.getByRole("button", { name: "Sign out" }).count()).toBe(1);
    await page.keyboard.press("Shift+N");
    await page.getByRole("navigation", { name: "Folders" }).waitFor();
    await expect.poll(async () => await page.getByTestId("broken-part").count()).toBe(0);
    await page.close();
  });
});

/** The row at this place of the list, once it is known. */
function row(page: Page, at: number) {
  return page.locator(`#row-${at - 1}`);
}
