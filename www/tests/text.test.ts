//! Plain text in pieces, keys as commands, dates and sizes as words, senders that pretend.

import { describe, expect, it } from "vitest";
import { KeyReader } from "../src/keys";
import { warnAbout } from "../src/sender";
import { blocks, chunks, hasOwnText } from "../src/text-body";
import { initial, newestOf, shortDate, size } from "../src/words";

describe("blocks", () => {
  it("fold quotes and tell the signature apart", () => {
    const kinds = [...blocks("Hi\n\n> one\n> two\n\nYes\n-- \nAnna\n> not a quote here")].map(
      (block) => block.kind,
    );
    expect(kinds).toEqual(["text", "quote", "text", "signature"]);
  });

  it("keep what indents the first line", () => {
    expect([...blocks("\n  1. oak\n\n")]).toEqual([{ kind: "text", text: "  1. oak" }]);
  });

  it("tell a message that is nothing but a quote", () => {
    expect([hasOwnText("> all\n\n> of it"), hasOwnText("\n> it\n\nYes"), hasOwnText("-- \nAnna")]).toEqual([
      false,
      true,
      false,
    ]);
  });
});

describe("chunks", () => {
  const joined = (text: string) => {
    const all = [...chunks(text)];
    // Where a line was cut the next chunk goes on with it; else there was a line break.
    let at = 0;
    return all.reduce((whole, chunk) => {
      const gap = at > 0 && text[at] === "\n" ? "\n" : "";
      at += gap.length + chunk.length;
      return whole + gap + chunk;
    }, "");
  };
  const texts: [string, string][] = [
    ["a short text", "Hi\n\nthere"],
    ["500,000 lines", "a\n".repeat(500_000).trimEnd()],
    ["500,000 blank lines", `a${"\n".repeat(500_000)}b`],
    ["one line of a megabyte", "word ".repeat(200_000).trimEnd()],
    ["one word of a megabyte", "x".repeat(1_000_000)],
    ["pairs of surrogates", `x${"😀".repeat(100_000)}`],
    ["heaps of marks", `a${"\u0301".repeat(100_000)}`],
    ["angle brackets that never close", "< \n".repeat(200_000).trimEnd()],
  ];
  for (const [name, text] of texts) {
    it(`of ${name} lose nothing and are small`, () => {
      expect(joined(text)).toBe(text);
      const all = [...chunks(text)];
      expect(Math.max(...all.map((chunk) => chunk.length))).toBeLessThanOrEqual(8_194);
      expect(all.some((chunk) => /^[\udc00-\udfff]/.test(chunk))).toBe(false);
    });
  }

  it("don’t tear an address apart that goes on over two lines", () => {
    const text = `${"words\n".repeat(199)}<https://a.example/one/\ntwo>\n${"words\n".repeat(300)}`;
    expect([...chunks(text)].some((chunk) => chunk.includes("/one/\ntwo>"))).toBe(true);
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

it("a mailbox that is longer than its list says so", () => {
  expect(newestOf(250_000, 2_000_000)).toBe("the newest 250,000 of 2,000,000 messages");
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
