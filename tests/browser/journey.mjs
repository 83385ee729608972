//! One journey, made in every browser over every transport. Each has a user, a proxy and a tab of its own.

import { after, before, describe } from "node:test";
import { BROWSERS, open } from "./drivers.mjs";
import { Gate } from "./gate.mjs";
import { Postern, Stack, TRANSPORTS } from "./stack.mjs";

/**
 * @typedef {object} Journey
 * @property {string} browser @property {string} transport
 * @property {Stack} stack @property {Postern} proxy @property {Gate} gate between proxy and server @property {import("./drivers.mjs").Page} page
 * @property {string} user of nobody else
 * @property {import("./imap.mjs").OtherClient} other another mail program of this user
 */

/**
 * Declares the same tests for each. What they need is there once the first of them runs.
 * @param {string} name one word: the users are called after it
 * @param {(journey: Journey) => void} tests
 * @param {{ browsers?: string[], transports?: readonly string[] } & import("./drivers.mjs").Options} [options]
 */
export function journeys(name, tests, options = {}) {
  const stack = oneStack();
  for (const browser of options.browsers ?? BROWSERS) {
    if (!BROWSERS.includes(browser)) continue;
    for (const transport of options.transports ?? TRANSPORTS) {
      describe(`${name}: ${browser}, ${transport}`, () => {
        const journey = /** @type {Journey} */ ({ browser, transport });
        journey.user = `${name}-${browser}-${transport.replace(" ", "")}`.toLowerCase();
        before(async () => {
          journey.stack = await stack();
          journey.other = await journey.stack.otherClient(journey.user);
          const server = new URL(journey.stack.server(transport));
          journey.gate = await Gate.before(server.host);
          const behindGate = `${server.protocol}//${journey.gate.address}`;
          journey.proxy = await Postern.start(behindGate, journey.stack.authority);
          journey.page = await open(browser, options);
        });
        after(async () => {
          await journey.page?.close();
          await journey.proxy?.stop();
          await journey.gate?.stop();
        });
        tests(journey);
      });
    }
  }
}

/** The file's own stack: started for whoever asks first, stopped behind the last test. */
export function oneStack() {
  /** @type {Promise<Stack> | undefined} */
  let started;
  after(async () => await (await started)?.stop());
  return () => (started ??= Stack.start());
}
