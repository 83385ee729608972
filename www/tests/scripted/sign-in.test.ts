//! The sign-in page, by what its server answers: nothing is signed in anywhere before it is decided where.

import { afterAll, beforeAll, expect, it } from "vitest";
import { type Reply, Scripted, signIn } from "./browser";

let scripted: Scripted;

beforeAll(async () => {
  scripted = await Scripted.start();
});
afterAll(async () => await scripted?.stop());

const SERVERS = [
  { name: null, label: "Main", default: true },
  { name: "work", label: "Work", default: false },
];

function answering(discover: Reply, imap: unknown[] = SERVERS, patterns: string[] = []): void {
  scripted.answer = ({ path }) => {
    if (path === "/api/config") return { status: 200, json: { imap, patterns: { imap: patterns } } };
    if (path === "/api/discover") return discover;
    return null;
  };
}

it("asks nothing where the domain decides", async () => {
  answering({ status: 200, json: { imap: [SERVERS[1]] } });
  const page = await scripted.open();
  await signIn(page, "upstream@work.example");
  await expect.poll(async () => await page.innerText("body")).toContain("signed in at work");
  await page.close();
});

it("asks which server it is where the domain does not decide, and waits for the answer", async () => {
  answering({ status: 200, json: { imap: [] } });
  const page = await scripted.open();
  await signIn(page, "upstream@unknown.example");
  await page.locator("select[name=server]").selectOption("Work");
  expect(await page.getByLabel("Password", { exact: true }).inputValue()).toBe("secret");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect.poll(async () => await page.innerText("body")).toContain("signed in at work");
  await page.close();
});

it("takes a server's name where patterns alone are configured", async () => {
  answering({ status: 200, json: { imap: [] } }, [], ["*.example.com"]);
  const page = await scripted.open();
  await signIn(page, "upstream@unknown.example");
  await page.getByLabel("Server’s name").fill("mail.evil.example");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("This page may not use that mail server").waitFor();
  await page.getByLabel("Server’s name").fill("Mail.Example.com");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect.poll(async () => await page.innerText("body")).toContain("signed in at mail.example.com");
  await page.close();
});

it("forgets the choice once the address is another one", async () => {
  answering({ status: 200, json: { imap: [] } });
  const page = await scripted.open();
  await signIn(page, "upstream@unknown.example");
  await page.locator("select[name=server]").waitFor();
  await page.getByLabel("Email address").fill("upstream@work.example");
  expect(await page.locator("select[name=server]").count()).toBe(0);
  await page.close();
});

it("says that WebSockets do not come through where the page's server answers", async () => {
  scripted.answer = ({ path }) => (path === "/imap" ? { status: 426, text: "" } : null);
  const page = await scripted.open();
  await signIn(page, "blocked@work.example");
  await page.getByText("does not pass WebSockets on").waitFor();
  await page.close();
});
