//! Counts what a mail's HTML would make a browser do, before one sees it.

import { ATTRIBUTES_MAX, OPEN_FORMATTING_MAX, OPEN_MAX, TAGS_MAX, TooMuch } from "./limits";
import type { Slices } from "./slices";
import { Tags } from "./tags";

/** Throws `TooMuch` for what would stop a browser's own parser. */
export async function scan(html: string, slices: Slices): Promise<void> {
  const tags = new Tags(html);
  const open = new Open();
  let count = 0;
  for (let tag = tags.next(); tag.name !== ""; tag = tags.next()) {
    if (slices.due) await slices.pause();
    if (tag.name === "!") continue;
    count += 1;
    if (count > TAGS_MAX) throw new TooMuch("tags");
    if (tag.attributes > 2 * ATTRIBUTES_MAX) throw new TooMuch("attributes");
    if (tag.closing) open.close(tag.name);
    else open.open(tag.name);
    if (!tag.closing && RAW.has(tag.name)) tags.skipRaw(tag.name);
  }
}

/** The elements that stand open, about as a browser counts them. */
class Open {
  readonly #names: string[] = [];
  readonly #formatting = new Map<string, number>();
  #formattingOpen = 0;

  open(name: string): void {
    if (VOID.has(name)) return;
    const implied = IMPLIED.get(name);
    if (implied) this.#closeUpTo(implied);
    this.#names.push(name);
    if (this.#names.length > OPEN_MAX) throw new TooMuch("depth");
    if (FORMATTING.has(name)) this.#count(name, 1);
  }

  close(name: string): void {
    if (FORMATTING.has(name)) this.#count(name, -1);
    const barrier = TABLE_PARTS.has(name) ? "table" : null;
    for (let at = this.#names.length - 1; at >= 0; at -= 1) {
      const one = this.#names[at] ?? "";
      if (one === name) {
        this.#names.length = at;
        return;
      }
      // A cell or a table keeps what is around it open.
      if (barrier ? one === barrier : SCOPES.has(one)) return;
    }
  }

  #closeUpTo(names: ReadonlySet<string>): void {
    while (names.has(this.#names.at(-1) ?? "")) this.#names.pop();
  }

  #count(name: string, change: number): void {
    const before = this.#formatting.get(name) ?? 0;
    const now = Math.max(0, before + change);
    this.#formatting.set(name, now);
    this.#formattingOpen += now - before;
    if (this.#formattingOpen > OPEN_FORMATTING_MAX) throw new TooMuch("formatting");
  }
}

const set = (words: string): ReadonlySet<string> => new Set(words.split(" "));

const VOID = set(
  "area base basefont bgsound br col embed frame hr image img input keygen link meta param source track wbr",
);
const RAW = set("style script title textarea xmp iframe noembed noframes");
const FORMATTING = set("a b big code em font i nobr s small strike strong tt u");
const TABLE_PARTS = set("table caption colgroup tbody thead tfoot tr td th");
const SCOPES = set("table td th caption marquee object applet template");
// Whose tag ends the one before, if that was left open.
const P = set("p");
const BLOCKS = "p div table ul ol dl h1 h2 h3 h4 h5 h6 blockquote pre center address section article".split(
  " ",
);
const CELLS = set("td th p");
const IMPLIED: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ...BLOCKS.map((name): [string, ReadonlySet<string>] => [name, P]),
  ["li", set("li p")],
  ["dt", set("dt dd p")],
  ["dd", set("dt dd p")],
  ["td", CELLS],
  ["th", CELLS],
  ["tr", set("td th tr p")],
  ["option", set("option")],
]);
