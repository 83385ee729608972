//! Dates, sizes and names as words.

import { describe, expect, it } from "vitest";
import { initial, shortDate, size, words } from "../../src/i18n";

describe("dates", () => {
  const now = new Date(2026, 10, 23, 15, 0).getTime();
  const at = (...parts: [number, number, number, number]) => shortDate(new Date(...parts).getTime(), now);

  it("are a time today, a weekday this week, else a date", () => {
    expect(at(2026, 10, 23, 9)).toMatch(/\d:\d\d/);
    expect(at(2026, 10, 22, 23)).not.toMatch(/\d/);
    expect(at(2026, 10, 16, 12)).toMatch(/16/);
    expect(at(2024, 1, 3, 12)).toMatch(/2024/);
  });

  it("in the future are dates", () => {
    expect(at(2026, 11, 1, 12)).toMatch(/\d/);
  });

  it("that no calendar knows are left out", () => {
    expect(shortDate(Number.MAX_SAFE_INTEGER, now)).toBe("");
  });
});

it("sizes have a unit that fits", () => {
  expect(
    [size(0), size(999), size(18_402), size(3_402_991), size(25_000_000)].map((text) =>
      text.replace(/\s/g, " "),
    ),
  ).toEqual(["0 bytes", "999 bytes", "18 kB", "3.4 MB", "25 MB"]);
});

it("a mailbox that is longer than its list says so", () => {
  expect(words.newestOf(250_000, 2_000_000)).toBe("the newest 250,000 of 2,000,000 messages");
});

it("a name's first letter stands for it", () => {
  expect([initial("anna"), initial("“Zoë”"), initial("佐藤"), initial("…"), initial("")]).toEqual([
    "A",
    "Z",
    "佐",
    "?",
    "?",
  ]);
});
