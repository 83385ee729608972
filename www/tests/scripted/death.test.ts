//! An engine that dies: the page starts another one, and whoever was signed in signs in again.

import { afterAll, beforeAll, expect, it } from "vitest";
import { Scripted, signIn } from "./browser";

let scripted: Scripted;

beforeAll(async () => {
  scripted = await Scripted.start();
});
afterAll(async () => await scripted?.stop());

it("a worker that dies is started again, three times in a minute", async () => {
  const page = await scripted.signedIn("dies");
  const again = page.getByText("Postern had to start again");
  for (let death = 1; death <= 3; death += 1) {
    await page.locator("#row-0").waitFor();
    await page.keyboard.press("Shift+N");
    await again.waitFor();
    await signIn(page, "dies@example.org");
    await again.waitFor({ state: "detached" });
  }
  await page.locator("#row-0").waitFor();
  await page.keyboard.press("Shift+N");
  await page.getByText("Postern stopped working in this tab").waitFor();
  expect(await page.getByRole("button", { name: "Reload" }).count()).toBe(1);
  await page.close();
});
