//! Addresses in plain text: where each begins and ends, in any script, and that no text takes long.

import { describe, expect, it } from "vitest";
import { host, pieces } from "../src/links";

/** Node's: the page's own types know none of it. */
declare const process: { cpuUsage(since?: CpuTime): CpuTime };
/** In microseconds. */
type CpuTime = { user: number; system: number };

/** The links of a text. Whatever is found, nothing of the text is lost. */
function links(text: string): string[] {
  const found = pieces(text);
  expect(found.map((piece) => piece.text).join("")).toBe(text);
  return found.flatMap((piece) => piece.link ?? []);
}

const A = "https://a.example/x";

describe("links end where the sentence goes on", () => {
  const cases: [string, string[]][] = [
    [`see ${A}.`, [A]],
    [`${A}, ${A}; ${A}: ${A}! ${A}? ${A}… ${A}...`, [A, A, A, A, A, A, A]],
    ["(https://a.example/x_(y))", ["https://a.example/x_(y)"]],
    ["https://a.example/x_(y)_(z).", ["https://a.example/x_(y)_(z)"]],
    [`[${A}] {${A}} (${A}). ((${A}))`, [A, A, A, A]],
    [`[the page](${A})and more`, [A]],
    ["https://a.example/?q[]=1&r[]=2", ["https://a.example/?q[]=1&r[]=2"]],
    [`"${A}" '${A}' ‘${A}’ “${A}” «${A}» ‹${A}› „${A}“`, [A, A, A, A, A, A, A]],
    [`*${A}* _${A}_ ~${A}~ \`${A}\` |${A}|`, [A, A, A, A, A]],
    ["https://a.example/it's", ["https://a.example/it's"]],
    [`<${A}>`, [A]],
    ["<https://a.example/?q=1&r=2>", ["https://a.example/?q=1&r=2"]],
    [`${A}\u200b ${A}\ufeff ${A}\u00ad`, [A, A, A]],
    [`${A}\u202egro.elpmaxe`, [A]],
    [`│${A}│ ${A}→`, [A, A]],
  ];
  for (const [text, expected] of cases) it(text, () => expect(links(text)).toEqual(expected));
});

describe("links beside other scripts", () => {
  const W = "https://web.example/a";
  const cases: [string, string[]][] = [
    ["请看https://web.example/a，谢谢。", [W]],
    ["（https://web.example/a）见下。", [W]],
    ["「https://web.example/a」をご覧ください", [W]],
    [
      "『https://web.example/a』《https://web.example/a》【https://web.example/a】〈https://web.example/a〉",
      [W, W, W, W],
    ],
    [
      "〔https://web.example/a〕［https://web.example/a］｛https://web.example/a｝＜https://web.example/a＞",
      [W, W, W, W],
    ],
    [
      "https://web.example/a。https://web.example/a、https://web.example/a；https://web.example/a：",
      [W, W, W, W],
    ],
    [
      "https://web.example/a！https://web.example/a？https://web.example/a…https://web.example/a～",
      [W, W, W, W],
    ],
    ["“https://web.example/a”。‘https://web.example/a’，https://web.example/a——", [W, W, W]],
    ["https://web.example/a\u3000次", [W]],
    ["https://web.example/a｡ https://web.example/a｣ https://web.example/a､", [W, W, W]],
    ["راجع https://web.example/a، ثم https://web.example/a؟", [W, W]],
    ["देखें https://web.example/a। फिर", [W]],
    ["https://web.exampleをご覧", ["https://web.example/"]],
    ["www.web.example见下", ["https://www.web.example/"]],
    ["请写信到info@web.example。谢谢", ["mailto:info@web.example"]],
    ["（info@web.example）", ["mailto:info@web.example"]],
    ["info@web.exampleまで", ["mailto:info@web.example"]],
    [
      "https://ja.web.example/wiki/日本・東京",
      ["https://ja.web.example/wiki/%E6%97%A5%E6%9C%AC%E3%83%BB%E6%9D%B1%E4%BA%AC"],
    ],
    ["https://例え.example/", ["https://xn--r8jz45g.example/"]],
    ["https://fr.web.example/L’Été", ["https://fr.web.example/L%E2%80%99%C3%89t%C3%A9"]],
  ];
  for (const [text, expected] of cases) it(text, () => expect(links(text)).toEqual(expected));
});

describe("links without a scheme, and mail addresses", () => {
  const cases: [string, string[]][] = [
    ["www.a.example, and b@c.example!", ["https://www.a.example/", "mailto:b@c.example"]],
    ["WWW.A.EXAMPLE HTTPS://A.EXAMPLE", ["https://www.a.example/", "https://a.example/"]],
    ["xwww.a.example xhttps://a.example", []],
    ["mailto:b@c.example?subject=Hi.", ["mailto:b@c.example?subject=Hi"]],
    ["Mail: <b@c.example>, b.c+d@c.example.", ["mailto:b@c.example", "mailto:b.c+d@c.example"]],
    ["Mail:b@c.example", ["mailto:b@c.example"]],
    ["o'brien@c.example 'b@c.example'", ["mailto:o'brien@c.example", "mailto:b@c.example"]],
    ["jörg@müller.example", ["mailto:jörg@müller.example"]],
    ["b@c b@ @c.example @ a@@b.example", ["mailto:b@c.example"].slice(1)],
    ["ftp://someone:password@c.example", []],
    ["https://someone@a.example/@b@c.example", ["https://someone@a.example/@b@c.example"]],
    ["javascript:alert(1) data:text/html,x file:///etc https:// www. mailto:", []],
  ];
  for (const [text, expected] of cases) it(text, () => expect(links(text)).toEqual(expected));
});

describe("links in angle brackets", () => {
  const cases: [string, string[]][] = [
    ["<URL:https://a.example/one/\ntwo>", ["https://a.example/one/two"]],
    ["<https://a.example/one/\n  two/\r\n three>", ["https://a.example/one/two/three"]],
    ["> <https://a.example/one/\n> two>", ["https://a.example/one/two"]],
    [">> <https://a.example/one/\n>> two>\n", ["https://a.example/one/two"]],
    ["<https://a.example/one\n\nNew <b> paragraph", ["https://a.example/one"]],
    ["<https://a.example/one and\ntwo>", ["https://a.example/one"]],
    ["<URL: https://a.example/>", ["https://a.example/"]],
    ["<mailto:b@c.example>", ["mailto:b@c.example"]],
  ];
  for (const [text, expected] of cases) {
    it(JSON.stringify(text), () => expect(links(text)).toEqual(expected));
  }
});

it("a link shows the host that it leads to", () => {
  expect(host("https://аpple.example/")).toMatch(/^xn--/);
  expect(host("https://good.example@evil.example/")).toBe("evil.example");
  expect(host("mailto:b@c.example")).toBeNull();
});

it("whatever is too long for an address is text", () => {
  expect(links(`https://a.example/${"x".repeat(16_000)}`)).toHaveLength(1);
  expect(links(`https://a.example/${"x".repeat(17_000)} www.a.example`)).toEqual(["https://www.a.example/"]);
});

describe("a text of ten times the length takes about ten times as long", () => {
  const units = [
    "a",
    "a.",
    "a@",
    "@",
    "@www.",
    "a@b.",
    "www.",
    "https://",
    "http://((",
    "https://a.example/) ",
    "https://a.example ",
    "<https://a",
    "<https://a\n",
    "> <https://a\n> ",
    "<",
    "<\n",
    ">",
    "//:a@b",
    "ftp://a:",
    "例@",
    "https://a。",
    "a'",
    ".",
    "\u0301",
    " ",
  ];
  for (const unit of units) {
    it(JSON.stringify(unit), () => {
      const time = (length: number) => {
        const text = unit.repeat(Math.ceil(length / unit.length));
        const before = process.cpuUsage();
        pieces(text);
        const { user, system } = process.cpuUsage(before);
        return (user + system) / 1_000;
      };
      time(10_000);
      // Of the processor's time, and the least of some tries: what else runs on the machine doesn't count.
      const least = (length: number) => Math.min(...[1, 2, 3, 4].map(() => time(length)));
      // Linear is 10 times as long, quadratic 100.
      expect(least(100_000)).toBeLessThan(50 * Math.max(2, least(10_000)));
    });
  }
});
