//! Plain text in pieces.

import { describe, expect, it } from "vitest";
import { blocks, chunks, hasOwnText } from "../src/text-body";

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

  it("are so many at most: the rest is one, and nothing of it is lost", () => {
    const text = "> a\nb\n".repeat(5_000).trimEnd();
    const all = [...blocks(text)];
    expect(all.length).toBe(1_001);
    expect(all.at(-1)?.kind).toBe("text");
    expect(all.map((one) => one.text).join("\n")).toBe(text);
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
