//! Plain text in pieces, keys as commands, dates and sizes as words, senders that pretend.

import { describe, expect, it } from "vitest";
import { KeyReader } from "../src/keys";
import { warnAbout } from "../src/sender";
import { blocks, host, pieces } from "../src/text-body";
import { initial, shortDate, size } from "../src/words";

/** Node's: the page's own types know none of it. */
declare const process: { cpuUsage(since?: CpuTime): CpuTime };
/** In microseconds. */
type CpuTime = { user: number; system: number };

describe("blocks", () => {
  it("fold quotes and tell the signature apart", () => {
    const kinds = blocks("Hi\n\n> one\n> two\n\nYes\n-- \nAnna\n> not a quote here").map(
      (block) => block.kind,
    );
    expect(kinds).toEqual(["text", "quote", "text", "signature"]);
  });

  it("keep what indents the first line", () => {
    expect(blocks("\n  1. oak\n\n")).toEqual([{ kind: "text", text: "  1. oak" }]);
  });
});

describe("links", () => {
  const cases: [string, string[]][] = [
    ["see https://a.example/x.", ["https://a.example/x"]],
    ["(https://a.example/x_(y))", ["https://a.example/x_(y)"]],
    ["www.a.example, and b@c.example!", ["https://www.a.example/", "mailto:b@c.example"]],
    ["javascript:alert(1) data:text/html,x file:///etc", []],
    ["<https://a.example/?q=1&r=2>", ["https://a.example/?q=1&r=2"]],
    ["https://", []],
  ];
  for (const [text, links] of cases) {
    it(`of ${text}`, () => {
      const found = pieces(text);
      expect(found.flatMap((piece) => piece.link ?? [])).toEqual(links);
      expect(found.map((piece) => piece.text).join("")).toBe(text);
    });
  }

  it("show the host that they lead to", () => {
    expect(host("https://аpple.example/")).toMatch(/^xn--/);
    expect(host("https://good.example@evil.example/")).toBe("evil.example");
  });

  it("are found in a megabyte without delay", () => {
    const text = `${"a".repeat(500_000)}${"a.".repeat(250_000)}@`;
    // Of the processor's time: the clock on the wall also counts what other programs take.
    const before = process.cpuUsage();
    pieces(text);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1_000).toBeLessThan(1_000);
  });
});

describe("keys", () => {
  it("are read alone, shifted and one after the other", () => {
    const reader = new KeyReader();
    expect(reader.read(stroke("j"))).toBe("next");
    expect(reader.read(stroke("I", { shiftKey: true }))).toBe("markRead");
    expect(reader.read(stroke("?", { shiftKey: true }))).toBe("help");
    expect(reader.read(stroke("g", { timeStamp: 100 }))).toBeNull();
    expect(reader.read(stroke("s", { timeStamp: 200 }))).toBe("goSent");
    expect(reader.read(stroke("s", { timeStamp: 300 }))).toBe("flag");
  });

  it("that come late are read alone", () => {
    const reader = new KeyReader();
    reader.read(stroke("g", { timeStamp: 0 }));
    expect(reader.read(stroke("s", { timeStamp: 5_000 }))).toBe("flag");
  });

  it("with a modifier belong to the browser", () => {
    expect(new KeyReader().read(stroke("s", { ctrlKey: true }))).toBeNull();
  });
});

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

it("a name's first letter stands for it", () => {
  expect([initial("anna"), initial("“Zoë”"), initial("佐藤"), initial("…"), initial("")]).toEqual([
    "A",
    "Z",
    "佐",
    "?",
    "?",
  ]);
});

describe("senders", () => {
  const from = (name: string, address: string) => warnAbout({ from: [{ name, address }], sender: [] });

  it("that name another address are told", () => {
    expect(from("security@bank.example", "x@evil.example")).toContain("x@evil.example");
    expect(from("Anna <anna@a.example>", "anna@a.example")).toBeNull();
  });

  it("of mixed alphabets are spelled out", () => {
    expect(from("Bank", "info@bаnk.example")).toContain("xn--");
    expect(from("Почта", "info@почта.example")).toBeNull();
  });
});

function stroke(key: string, more: Partial<KeyboardEvent> = {}) {
  return { key, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, timeStamp: 0, ...more };
}
