//! The server goes and comes back. The page says so, stays readable, reconnects by itself, and misses nothing.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { BROWSERS, open } from "./drivers.mjs";
import { Gate } from "./gate.mjs";
import { oneStack } from "./journey.mjs";
import { message } from "./mail.mjs";
import { openMessage, seesFolder, seesRow, signIn } from "./reader.mjs";
import { Postern, TRANSPORTS } from "./stack.mjs";
import { until } from "./wait.mjs";

const oneOfUs = oneStack();

for (const browser of BROWSERS) {
  for (const transport of TRANSPORTS) {
    describe(`reconnect: ${browser}, ${transport}`, () => {
      const user = `reconnect-${browser}-${transport.replace(" ", "")}`.toLowerCase();
      let stack;
      let gate;
      let proxy;
      let page;

      before(async () => {
        stack = await oneOfUs();
        const server = new URL(stack.server(transport));
        gate = await Gate.before(server.host);
        proxy = await Postern.start(`${server.protocol}//${gate.address}`, stack.authority);
        page = await open(browser);
        const other = await stack.otherClient(user);
        await other.append("INBOX", message({ subject: "Before the storm", text: "All is quiet." }));
        await other.logout();
        await signIn(page, proxy.url, user, stack.password);
        await openMessage(page, "Before the storm");
        await page.until("its text", () => document.body.innerText.includes("All is quiet."));
      });

      after(async () => {
        await page?.close();
        await proxy?.stop();
        await gate?.stop();
      });

      it("says that the server is gone, and keeps what is open", async () => {
        await stack.stopDovecot();
        gate.close();
        await page.until(
          "the bar",
          barSays,
          "(connection was lost|can’t be reached).*(Reconnecting|Trying again)",
        );
        assert.match(await page.read(() => document.body.innerText), /All is quiet\./);
      });

      it("comes back by itself once the server does, with what arrived in between", async () => {
        await stack.startDovecot();
        const other = await stack.otherClient(user);
        await other.append("INBOX", message({ subject: "After the storm" }));
        gate.open();
        await until("no bar", async () => !(await page.read(barSays, ".")));
        await seesRow(page, "After the storm", (row) => row.startsWith("Unread"));
        await seesFolder(page, "Inbox, 1 unread");
        await other.logout();
      });

      it("works as before: reads, marks, and hears of new mail", async () => {
        const other = await stack.otherClient(user);
        await openMessage(page, "After the storm");
        await until("\\Seen", async () => (await other.flags("INBOX", "After the storm")).includes("\\Seen"));
        await other.append("INBOX", message({ subject: "Calm again" }));
        await seesRow(page, "Calm again");
        await other.logout();
      });
    });
  }
}

/** Whether the connection's bar shows these words. */
function barSays(words) {
  const bars = [...document.querySelectorAll("[role=status]")].filter((bar) => bar.checkVisibility());
  return bars.some(
    (bar) => /reconnect|trying again/i.test(bar.innerText) && new RegExp(words, "s").test(bar.innerText),
  );
}
