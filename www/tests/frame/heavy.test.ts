//! Mails that are made to stop the page: it stays at hand, and each is shown or said to be too much.

import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Framed } from "./browser";
import { HEAVY } from "./heavy";

let framed: Framed;
let page: Page;

beforeAll(async () => {
  framed = await Framed.start();
  page = framed.page;
});
afterAll(async () => await framed?.stop());

describe("the page stays at hand beside", () => {
  for (const name of Object.keys(HEAVY)) {
    it(name, async () => {
      const longest = await longestTask(async () => {
        const kind = await page.evaluate(
          async (one) => ((await window.heavy(one)).document === "" ? "text" : "html"),
          name,
        );
        expect(["html", "text"]).toContain(kind);
      });
      if (process.env.POSTERN_TIMES) console.log(`${name}: ${Math.round(longest)} ms`);
      expect(longest).toBeLessThan(200);
    }, 120_000);
  }

  it("a failure of any kind, which leaves the text", async () => {
    const { text } = await page.evaluate(async () => {
      const write = Document.prototype.write;
      Document.prototype.write = () => {
        throw new Error("broken");
      };
      const shown = await window.show("<style>p{}</style><p>Some &amp; text<br>more<script>no</script>");
      Document.prototype.write = write;
      return shown;
    });
    expect(text).toBe("Some & text\nmore");
  });
});

/**
 * The longest that the page's thread computed in one go, in milliseconds, by its own time: what else runs on the machine
 * doesn't count. Nor does what the frame's process does, which runs no script.
 */
async function longestTask(act: () => Promise<void>): Promise<number> {
  await framed.browser.startTracing(page, { categories: ["toplevel", "devtools.timeline"] });
  await act();
  const { traceEvents } = JSON.parse((await framed.browser.stopTracing()).toString()) as {
    traceEvents: TraceEvent[];
  };
  const thread = ({ pid, tid }: TraceEvent) => `${pid}/${tid}`;
  const scripted = new Set(traceEvents.filter(({ name }) => name === "FunctionCall").map(thread));
  const times = traceEvents
    .filter((event) => event.tdur && scripted.has(thread(event)))
    .map(({ tdur }) => tdur ?? 0);
  return Math.max(...times) / 1_000;
}

type TraceEvent = { name: string; pid: number; tid: number; tdur?: number };
