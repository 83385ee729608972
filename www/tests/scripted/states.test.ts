//! What a server may do to whoever is signed in: ask for the password again, want patience, keep a message to itself.

import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Scripted } from "./browser";

let scripted: Scripted;

beforeAll(async () => {
  scripted = await Scripted.start();
});
afterAll(async () => await scripted?.stop());

describe("the password that is asked for again", () => {
  it("takes no focus, leaves the list readable and the way out open", async () => {
    const page = await scripted.signedIn("locked");
    const field = page.getByLabel("Password", { exact: true });
    await field.waitFor();
    expect(await focused(page)).toBe("grid");
    expect(await field.getAttribute("type")).toBe("password");
    expect(await field.getAttribute("autocomplete")).toBe("current-password");
    expect(await page.getByTestId("connection-bar").getByRole("status").innerText()).toMatch(/any more/);
    await page.locator("#row-1").click();
    await expect.poll(async () => await page.innerText("article")).toContain("Mara");
    await page.getByTestId("connection-bar").getByRole("button", { name: "Sign out" }).click();
    await page.getByLabel("Email address").waitFor();
    await page.close();
  });

  it("says so with the server's words where it is wrong again, and keeps the field", async () => {
    const page = await scripted.signedIn("locked");
    const field = page.getByLabel("Password", { exact: true });
    await field.fill("wrong");
    await field.press("Enter");
    const words = page.getByTestId("connection-bar").getByRole("status");
    await expect.poll(async () => await words.innerText()).toMatch(/either.*Authentication failed/s);
    expect(await focused(page)).toBe("INPUT");
    // What is typed next takes the place of it, and the focus goes back to the list.
    await page.keyboard.type("right");
    await page.keyboard.press("Enter");
    await field.waitFor({ state: "detached" });
    expect(await focused(page)).toBe("grid");
    await page.close();
  });

  it("is not tried again by itself when the network comes back", async () => {
    const page = await scripted.signedIn("locked");
    const field = page.getByLabel("Password", { exact: true });
    await field.waitFor();
    await page.evaluate(() => dispatchEvent(new Event("online")));
    // Behind whatever that asked of the engine.
    await page.locator("#row-1").click();
    await expect.poll(async () => await page.innerText("article")).toContain("Mara");
    expect(await page.innerText("body")).not.toContain("asked to reconnect");
    await page.close();
  });

  for (const width of [380, 700, 1100]) {
    it(`covers nothing and is not cut off at ${width} px`, async () => {
      const page = await scripted.signedIn("locked", { viewport: { width, height: 700 } });
      const bar = page.getByTestId("connection-bar");
      await page.getByLabel("Password", { exact: true }).waitFor();
      expect(await bar.evaluate((element) => element.scrollWidth <= element.clientWidth)).toBe(true);
      await page.getByRole("grid").evaluate((rows) => rows.scrollTo(0, rows.scrollHeight));
      // How far the last row reaches below the bar's upper edge, once the list has drawn it in its place.
      const covered = async () => {
        const last = await page.locator(`#row-${100_000 - 1}`).boundingBox();
        const top = (await bar.boundingBox())?.y ?? 0;
        return last === null ? Number.NaN : last.y + last.height - top;
      };
      await expect.poll(covered).toBeLessThanOrEqual(1);
      await page.close();
    });
  }
});

describe("a server's trouble", () => {
  it("is told once, quietly, and can be put away", async () => {
    const page = await scripted.signedIn("troubles");
    const quiet = page.locator("[role=status] [data-testid=notice]");
    await expect.poll(async () => await quiet.count()).toBe(2);
    expect(await page.locator("[role=alert] [data-testid=notice]").count()).toBe(0);
    expect(await quiet.nth(1).innerText()).toContain(
      "over the number of messages in “Projects/Harbour house”",
    );
    await quiet.first().getByRole("button", { name: "Dismiss" }).click();
    await expect.poll(async () => await quiet.count()).toBe(1);
    await page.close();
  });
});

describe("a notice that is dismissed by the keyboard", () => {
  it("hands the focus to the next one, and the last one to the list", async () => {
    const page = await scripted.signedIn("troubles");
    const notices = page.getByTestId("notice");
    await expect.poll(async () => await notices.count()).toBe(2);
    await notices.first().getByRole("button", { name: "Dismiss" }).focus();
    await page.keyboard.press("Enter");
    await expect.poll(async () => await notices.count()).toBe(1);
    expect(await focused(page)).toBe("BUTTON");
    await page.keyboard.press("Enter");
    await expect.poll(async () => await notices.count()).toBe(0);
    expect(await focused(page)).toBe("grid");
    await page.close();
  });
});

describe("a message that the server does not list", () => {
  it("says so in its place, to eye and ear, and is not unread", async () => {
    const page = await scripted.signedIn("blank");
    const row = page.locator("#row-0");
    await expect.poll(async () => await row.innerText()).toBe("The mail server won’t list this message");
    expect(await row.getAttribute("aria-label")).toBe("The mail server won’t list this message");
    expect(await row.getAttribute("class")).not.toContain("unread");
    await row.click();
    await page.locator("article [data-testid=sender]").waitFor();
    await page.close();
  });

  it("says why where it can't be opened either, and how to try again", async () => {
    const page = await scripted.signedIn("blank-refused");
    await page.locator("#row-0").click();
    await page.getByTestId("problem").waitFor();
    const text = await page.innerText("article");
    expect(text).toMatch(/won’t list this message.*sent nothing.*Try again/s);
    expect(text).not.toContain("(no subject)");
    await page.close();
  });
});

it("a mailbox longer than its list says so without a word cut off", async () => {
  const page = await scripted.signedIn("longest", { viewport: { width: 380, height: 700 } });
  const words = page.getByTestId("list-counts");
  expect(await words.innerText()).toMatch(/the newest 250,000 of 1,204,331 messages/);
  // Nor the folder's own name, nor is the bar any higher for it.
  for (const element of [words, page.locator("#list-title")])
    expect(await element.evaluate((one) => one.scrollWidth <= one.clientWidth)).toBe(true);
  expect((await page.locator("header:has(#list-title)").boundingBox())?.height).toBeLessThanOrEqual(57);
  await page.close();
});

it("a picture that waits is as low on a phone as it will be, and never too low for its words", async () => {
  const page = await scripted.signedIn("slices", { viewport: { width: 380, height: 700 } });
  await page.locator("#row-0").click();
  const pictures = page.frameLocator("article iframe").locator("img");
  await expect.poll(async () => await pictures.count()).toBe(4);
  const boxes = async () =>
    await pictures.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON()));
  const asLowAsTheyWillBe = async () =>
    (await boxes()).slice(0, 3).every(({ width, height }) => Math.abs(height - (width * 120) / 600) < 0.5);
  await expect.poll(asLowAsTheyWillBe).toBe(true);
  expect((await boxes())[3].height).toBeGreaterThan(50);
  await page.close();
});

/** What the keyboard is on: its role, or what element it is. */
async function focused(page: Page): Promise<string> {
  return await page.evaluate(() => {
    const element = document.activeElement;
    return element?.getAttribute("role") ?? element?.tagName ?? "";
  });
}
