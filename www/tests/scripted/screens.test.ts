//! Every screen in every state: axe has nothing to say, nothing is wider than the screen, no policy is broken, and a picture
//! is taken of each (`node_modules/.screens`).

import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Scripted, signIn } from "./browser";
import { type Act, SCREENS, type Screen } from "./screens";

const PICTURES = fileURLToPath(new URL("../../node_modules/.screens/", import.meta.url));
/** Both layouts and both schemes, each once. */
const LOOKS = [
  { name: "wide", size: { width: 1280, height: 800 }, colorScheme: "light" },
  { name: "narrow", size: { width: 380, height: 780 }, colorScheme: "dark" },
] as const;

let scripted: Scripted;
let axe: string;

beforeAll(async () => {
  scripted = await Scripted.start();
  axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  await mkdir(PICTURES, { recursive: true });
});
afterAll(async () => await scripted?.stop());

describe("a screen is accessible, fits, and breaks no policy", () => {
  for (const [name, screen] of Object.entries(SCREENS)) {
    it(name, async () => {
      scripted.answer = ({ path }) => {
        const json = screen.api?.[path];
        return json === undefined ? null : { status: 200, json };
      };
      const page = await scripted.open({ reducedMotion: "reduce" });
      const complaints: string[] = [];
      page.on("pageerror", (error) => screen.breaks || complaints.push(String(error)));
      page.on("console", (message) => {
        if (/Content Security Policy|TrustedHTML/.test(message.text())) complaints.push(message.text());
      });
      await reach(page, screen);
      await page.evaluate(axe);
      for (const { name: look, size, colorScheme } of LOOKS) {
        await page.setViewportSize(size);
        await page.emulateMedia({ colorScheme });
        await page.evaluate(
          () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
        );
        expect(await violations(page), look).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), look).toBe(
          true,
        );
        await page.screenshot({ path: `${PICTURES}${name.replace(/[^a-z]+/gi, "-")}-${look}.png` });
      }
      expect(complaints).toEqual([]);
      await page.context().setOffline(false);
      await page.close();
    });
  }
});

async function reach(page: Page, { user, acts, sees }: Screen): Promise<void> {
  if (user !== undefined) await signIn(page, `${user}@example.org`);
  for (const act of acts ?? []) await does(page, act);
  await page.locator(sees).first().waitFor();
}

async function does(page: Page, act: Act): Promise<void> {
  if ("click" in act) await page.locator(act.click).click();
  else if ("press" in act) await page.keyboard.press(act.press);
  else await page.context().setOffline(true);
}

/** What axe finds by WCAG 2 A and AA, in our own page: the mail inside its frame is not ours to judge. */
async function violations(page: Page): Promise<string[]> {
  return await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: Axe };
    const runOnly = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
    const found = await axe.run(document, { iframes: false, resultTypes: ["violations"], runOnly });
    return found.violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(" | ")}`,
    );
  });
}

type Axe = {
  run(of: Document, options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
};
