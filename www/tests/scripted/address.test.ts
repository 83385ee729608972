//! Each mailbox and message has an address: Back and Forward lead through them, and a reload leads to where one was.

import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Scripted, signIn } from "./browser";

let scripted: Scripted;

beforeAll(async () => {
  scripted = await Scripted.start();
});
afterAll(async () => await scripted?.stop());

it("Back and Forward lead through mailboxes and messages, each with its address", async () => {
  const page = await scripted.signedIn("mail");
  await seesAddress(page, /#inbox$/);
  await page.locator("#row-1").click();
  await seesMessage(page, "Your receipt");
  await seesAddress(page, /#inbox\/99999\.\w+$/);
  await page.getByRole("button", { name: "Sent", exact: true }).click();
  await seesAddress(page, /#sent$/);
  await page.goBack();
  await seesMessage(page, "Your receipt");
  await page.goBack();
  await seesAddress(page, /#inbox$/);
  await page.goForward();
  await seesMessage(page, "Your receipt");
  expect(page.url()).not.toMatch(/mail@|example\.org|receipt/i);
  await page.close();
});

it("a reload leads to the same message after signing in, and Back from there to its list", async () => {
  const page = await scripted.signedIn("mail");
  await page.getByRole("grid").evaluate((rows) => rows.scrollTo(0, 64 * 50_000));
  await page.locator("#row-50002").click();
  await seesMessage(page, "Minutes of the rehearsal");
  const address = page.url();
  await page.reload();
  await signIn(page, "mail@example.org");
  await seesMessage(page, "Minutes of the rehearsal");
  expect(page.url()).toBe(address);
  await page.goBack();
  await seesAddress(page, /#inbox$/);
  expect(await page.locator("#row-50002").getAttribute("aria-label")).toContain("Minutes of the rehearsal");
  await page.close();
});

it("an engine that is started again leads back to the message, and Back from there to its list", async () => {
  const page = await scripted.signedIn("dies");
  await page.locator("#row-1").click();
  await seesMessage(page, "Your receipt");
  const address = page.url();
  await page.keyboard.press("Shift+N");
  await signIn(page, "mail@example.org");
  await seesMessage(page, "Your receipt");
  expect(page.url()).toBe(address);
  await page.goBack();
  await seesAddress(page, /#inbox$/);
  await page.close();
});

it("an address that leads nowhere any more leads to the mailbox, or to the inbox", async () => {
  const page = await scripted.open();
  await page.goto(`${scripted.url}/#drafts/7.nothing`);
  await signIn(page, "mail@example.org");
  await page.locator("#row-33[aria-busy=false]").waitFor();
  await seesAddress(page, /#drafts$/);
  await page.goto(`${scripted.url}/#f.nowhere`);
  await seesAddress(page, /#inbox$/);
  await page.close();
});

it("signing out leaves no address behind", async () => {
  const page = await scripted.signedIn("mail");
  await page.locator("#row-1").click();
  await seesMessage(page, "Your receipt");
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByLabel("Email address").waitFor();
  await seesAddress(page, /\/$/);
  await page.close();
});

async function seesMessage(page: Page, subject: string): Promise<void> {
  await page.getByRole("heading", { level: 1, name: subject }).waitFor();
}

async function seesAddress(page: Page, address: RegExp): Promise<void> {
  await expect.poll(() => page.url()).toMatch(address);
}
