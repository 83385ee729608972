//! Mail that is made to stop the page: it answers all the while, and shows all of it to whoever asks.

import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Scripted } from "./browser";
import { HEAVY } from "./trouble";

let scripted: Scripted;

beforeAll(async () => {
  scripted = await Scripted.start();
}, 120_000);
afterAll(async () => await scripted?.stop());

describe("the page is not blocked by", () => {
  for (const scene of Object.keys(HEAVY)) {
    it(scene, async () => {
      const page = await scripted.signedIn(scene);
      const longest = await longestTask(page, async () => {
        await page.locator("#row-0").click();
        await page
          .locator("article [data-testid=sender], article [data-testid=broken-part]")
          .first()
          .waitFor();
        await quiet(page);
      });
      if (process.env.POSTERN_TIMES) console.log(`${scene}: ${Math.round(longest)} ms`);
      expect(await page.getByTestId("broken-part").count()).toBe(0);
      expect(longest).toBeLessThan(200);
      await page.close();
    }, 120_000);
  }
});

describe("the end of it is reached", () => {
  for (const scene of ["40000-links", "one-line", "500000-lines", "alternating-quotes"]) {
    it(scene, async () => {
      const page = await scripted.signedIn(scene);
      await page.locator("#row-0").click();
      await page.getByTestId("text-body").waitFor();
      const more = page.locator("[data-testid=text-body] + [data-testid=show-more]");
      await expect
        .poll(
          async () => {
            if (await more.isVisible()) await more.click();
            return await page.evaluate(() =>
              document.querySelector("[data-testid=text-body]")?.textContent?.slice(-12),
            );
          },
          { timeout: 100_000 },
        )
        .toBe("the very end");
      await page.close();
    }, 120_000);
  }
});

/** The longest time that the page's thread computed without taking an event, in milliseconds, while `act` runs. */
async function longestTask(page: Page, act: () => Promise<void>): Promise<number> {
  // By the thread's own time, not by the clock on the wall: what else runs on the machine doesn't count.
  await scripted.browser.startTracing(page, { categories: ["toplevel", "__metadata"] });
  await act();
  const trace = JSON.parse((await scripted.browser.stopTracing()).toString()) as {
    traceEvents: TraceEvent[];
  };
  const threads = new Set(
    trace.traceEvents
      .filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain")
      .map(({ pid, tid }) => `${pid}/${tid}`),
  );
  const tasks = trace.traceEvents.filter(({ pid, tid, tdur }) => tdur && threads.has(`${pid}/${tid}`));
  expect(tasks.length).toBeGreaterThan(0);
  return Math.max(...tasks.map(({ tdur }) => (tdur ?? 0) / 1_000));
}

type TraceEvent = { name: string; pid: number; tid: number; tdur?: number; args: { name?: string } };

/** Waits until nothing more is drawn by itself. */
async function quiet(page: Page): Promise<void> {
  await page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        let frames = 0;
        const changes = new MutationObserver(() => {
          frames = 0;
        });
        changes.observe(document.body, { childList: true, subtree: true, characterData: true });
        const frame = () => {
          frames += 1;
          if (frames > 20) resolve();
          else requestAnimationFrame(frame);
        };
        frame();
      }),
  );
}
