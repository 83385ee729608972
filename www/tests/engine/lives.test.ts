//! What was asked of an engine that died, and how often it is started again.

import { expect, it } from "vitest";
import { Asked, Lives } from "../../src/engine/lives";

it("what is not answered is known by its kind, and numbers go on", () => {
  const asked = new Asked();
  const refresh = { type: "refresh" } as const;
  expect(asked.ask(refresh)).toEqual({ number: 1, intent: refresh });
  asked.ask({ type: "setFlags", messages: [1], seen: true, flagged: null });
  asked.ask({ type: "unlock", password: "secret" });
  asked.answered(1);
  expect(asked.abandon()).toEqual(["setFlags", "unlock"]);
  expect(asked.abandon()).toEqual([]);
  expect(asked.ask(refresh).number).toBe(4);
});

it("an engine may die three times in a minute", () => {
  const lives = new Lives();
  expect([0, 10_000, 20_000, 30_000].map((now) => lives.mayGoOn(now))).toEqual([true, true, true, false]);
  expect(lives.mayGoOn(90_001)).toBe(true);
});
