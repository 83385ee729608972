//! Each failure that a person can meet has its own words, says what to do, and leaves the focus where it helps.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { after, before, describe, it } from "node:test";
import { BROWSERS, open } from "./drivers.mjs";
import { oneStack } from "./journey.mjs";
import { giveCredentials } from "./reader.mjs";
import { Postern, TRANSPORTS } from "./stack.mjs";

const stack = oneStack();

for (const browser of BROWSERS) {
  describe(`failures: ${browser}`, () => {
    let page;
    let proxy;
    before(async () => {
      page = await open(browser);
    });
    after(async () => await page?.close());

    for (const transport of TRANSPORTS) {
      it(`a wrong password, over ${transport}: try again in the same field`, async () => {
        const { server, authority } = await place(transport);
        await meets(server, authority, "a wrong one", /^Wrong address or password/);
        await page.until("the password selected", () => {
          const field = document.activeElement;
          return (
            field?.type === "password" && field.selectionEnd === field.value.length && field.value !== ""
          );
        });
        await page.type((await stack()).password);
        await page.press("Enter");
        await page.sees("grid", "Messages");
        await page.click("button", "Sign out");
      });

      it(`a certificate that nobody vouches for, over ${transport}`, async () => {
        const { server } = await place(transport);
        // The system's authorities don't know the one that signed it.
        await meets(
          server,
          undefined,
          "not even asked for",
          /couldn’t prove who it is.*password was not sent/s,
        );
        await focusedComplaint();
      });
    }

    it("a server that offers no STARTTLS", async () => {
      const heard = [];
      const bare = await listen((socket) => {
        socket.write("* OK [CAPABILITY IMAP4rev1] ready\r\n");
        socket.on("data", (bytes) => {
          heard.push(bytes.toString());
          const [tag] = bytes.toString().split(" ");
          socket.write(`* CAPABILITY IMAP4rev1\r\n${tag} OK done\r\n`);
        });
      });
      const password = "nobody may hear this";
      await meets(
        `imap://127.0.0.1:${bare.port}`,
        undefined,
        password,
        /no safe encryption.*password was not sent/s,
      );
      await focusedComplaint();
      assert.doesNotMatch(heard.join(""), /nobody may hear|LOGIN|AUTHENTICATE/);
      await bare.close();
    });

    it("a refusal that the server wants read, in the server's own words", async () => {
      const refusing = await listen((socket) => {
        socket.write("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] ready\r\n");
        socket.on("data", (bytes) => {
          const [tag] = bytes.toString().split(" ");
          socket.write(`${tag} NO [ALERT] Make an <b>app password</b> first\r\n`);
        });
      });
      await meets(
        `imap+plain://127.0.0.1:${refusing.port}`,
        undefined,
        "the usual one",
        /Your mail server says.*Make an <b>app password<\/b> first/s,
      );
      await focusedComplaint();
      await refusing.close();
    });

    it("a server that is down", async () => {
      const gone = await listen(() => {});
      await gone.close();
      await meets(`imaps://127.0.0.1:${gone.port}`, undefined, "not even asked for", /can’t be reached/);
      await focusedComplaint();
    });

    it("a proxy that is down", async () => {
      const { server, authority } = await place("implicit TLS");
      // Once it has answered, the page has all of itself.
      await meets(server, authority, "a wrong one", /^Wrong address or password/);
      await proxy.stop();
      await giveCredentials(page, "somebody", "not even asked for");
      await page.until("other words", complains, "page’s own server can’t be reached");
      await focusedComplaint();
    });

    async function place(transport) {
      const { authority } = await stack();
      return { server: (await stack()).server(transport), authority };
    }

    /** Tries to sign in there, and is told so. */
    async function meets(server, authority, password, words) {
      await proxy?.stop();
      proxy = await Postern.start(server, authority);
      await page.goto(proxy.url);
      await giveCredentials(page, `failing-${browser}`, password);
      await page.until(`the words ${words}`, complains, words.source);
    }

    async function focusedComplaint() {
      await page.until(
        "the focus on the words",
        () => document.activeElement?.getAttribute("role") === "alert",
      );
    }

    after(async () => await proxy?.stop());
  });
}

/** Whether an alert says this. */
function complains(words) {
  const alert = document.querySelector("[role=alert]");
  return alert !== null && new RegExp(words, "s").test(alert.innerText);
}

/** A server of our own on a free port. */
async function listen(greet) {
  const sockets = new Set();
  const server = createServer((socket) => {
    sockets.add(socket);
    // Whether the other side hangs up is not what is tested.
    socket.on("error", () => {});
    greet(socket);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: server.address().port,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
