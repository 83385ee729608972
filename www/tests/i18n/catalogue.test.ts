//! Plurals and dates follow the page's language.

import { describe, expect, it } from "vitest";
import { words } from "../../src/i18n";
import { grammarOf, localeOf } from "../../src/i18n/locale";

describe("the locale", () => {
  it("is the reader's variety of the page's language", () => {
    expect(localeOf("en", ["de-CH", "en-GB", "en-US"])).toBe("en-GB");
    expect(localeOf("en", ["en"])).toBe("en");
  });

  it("is never that of another language", () => {
    expect(localeOf("en", ["ja", "fr-FR", "eng-x"])).toBe("en");
  });
});

describe("plurals", () => {
  it("are the language's own, whatever the browser speaks", () => {
    expect([0, 1, 2].map((n) => words.messages(n))).toEqual(["0 messages", "1 message", "2 messages"]);
    expect(words.unread(1_204)).toBe("1,204 unread");
  });

  it("have as many forms as a language has", () => {
    const { plural } = grammarOf("pl");
    const forms = { one: "# plik", few: "# pliki", many: "# plików", other: "# pliku" };
    expect([1, 2, 5, 22].map((n) => plural(n, forms))).toEqual(["1 plik", "2 pliki", "5 plików", "22 pliki"]);
  });

  it("fall back to the form for all others", () => {
    expect(grammarOf("ja").plural(1, { other: "#件" })).toBe("1件");
  });
});

it("people are listed in the page's language", () => {
  expect(words.toPeople(["Anna", "Ben"], 0)).toBe("to Anna and Ben");
  expect(words.toPeople(["Anna", "Ben", "Carla"], 1_200)).toMatch(/^to Anna, Ben, Carla,? and 1,200 more$/);
});

it("a problem has words even if its code is of another version", () => {
  expect(Object.values(words.PROBLEMS).every(({ what, todo }) => what !== "" && todo !== "")).toBe(true);
});
