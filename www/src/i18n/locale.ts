//! Whose rules numbers, dates and plurals follow: those of the catalogue's language, never the browser's by accident. A page
//! in English says "2 messages" in a Japanese browser too; whoever reads British English has British dates.

/** The reader's own variety of a language, where their browser names one; else the language itself. */
export function localeOf(language: string, wanted: readonly string[] = preferences()): string {
  return wanted.find((one) => one === language || one.startsWith(`${language}-`)) ?? language;
}

/** What sentences of one language need. */
export type Grammar = {
  /** Chooses the form for a number, and puts the number in the place of its `#`. A language has the forms it has. */
  plural(n: number, forms: { other: string } & Partial<Record<Intl.LDMLPluralRule, string>>): string;
  /** "1,204". */
  number(n: number): string;
  /** "Anna, Ben, and Carla". */
  list(names: readonly string[]): string;
};

export function grammarOf(language: string): Grammar {
  const locale = localeOf(language);
  const rules = new Intl.PluralRules(locale);
  const numbers = new Intl.NumberFormat(locale);
  const lists = new Intl.ListFormat(locale, { type: "conjunction" });
  return {
    plural: (n, forms) => (forms[rules.select(n)] ?? forms.other).replace("#", numbers.format(n)),
    number: (n) => numbers.format(n),
    list: (names) => lists.format(names),
  };
}

function preferences(): readonly string[] {
  return globalThis.navigator?.languages ?? [];
}
