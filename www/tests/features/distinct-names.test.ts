//! Attached files are told apart by name.

import { expect, it } from "vitest";
import { distinctNames } from "../../src/features/message/distinct-names";

const CASES: [what: string, names: string[], distinct: string[]][] = [
  ["different names stay", ["a.txt", "b.txt"], ["a.txt", "b.txt"]],
  [
    "alike ones are numbered before what they end in",
    ["a.txt", "a.txt", "a.txt"],
    ["a.txt", "a (2).txt", "a (3).txt"],
  ],
  [
    "a number that another has is not given again",
    ["a.txt", "a.txt", "a (2).txt"],
    ["a.txt", "a (3).txt", "a (2).txt"],
  ],
  ["capitals make no difference", ["A.TXT", "a.txt"], ["A.TXT", "a (2).txt"]],
  ["letters that are put together make none", ["\u00e4", "a\u0308"], ["\u00e4", "a\u0308 (2)"]],
  ["a double ending stays together", ["a.tar.gz", "a.tar.gz"], ["a.tar.gz", "a (2).tar.gz"]],
  ["a name without an ending is numbered at its end", ["notes", "notes"], ["notes", "notes (2)"]],
  ["a name that is nothing but an ending too", [".env", ".env"], [".env", ".env (2)"]],
];

for (const [what, names, distinct] of CASES) {
  it(what, () => expect(distinctNames(names.map(file)).map(({ name }) => name)).toEqual(distinct));
}

it("a thousand files of one name take no time to speak of, and all stay", () => {
  const names = distinctNames(Array.from({ length: 1_000 }, () => file("image.png"))).map(({ name }) => name);
  expect(new Set(names).size).toBe(1_000);
});

function file(name: string) {
  return { part: name, name, mimeType: "text/plain", size: 1, hideIfDrawn: false };
}
