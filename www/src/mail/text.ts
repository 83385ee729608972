//! The text of an HTML mail that is too much to draw: in one pass, without a browser's parser.

import { policy } from "../trusted";
import { inert } from "./parse";
import type { Slices } from "./slices";
import { Tags } from "./tags";

/** The text, a line for a block. Nothing of it is left out but what a mail hides in scripts, styles and its head. */
export async function textOf(html: string, slices: Slices): Promise<string> {
  const out: string[] = [];
  const tags = new Tags(html);
  const decode = decoder();
  for (let tag = tags.next(); ; tag = tags.next()) {
    if (slices.due) await slices.pause();
    for (const piece of chunks(html.slice(tag.textFrom, tag.textTo), LONG)) {
      if (slices.late) await slices.pause();
      out.push(withoutHeaps(decode(piece).replace(/\s+/g, " ")));
    }
    if (tag.name === "") break;
    if (tag.name === "br") out.push("\n");
    else if (CELLS.has(tag.name) && !tag.closing) out.push(" ");
    else if (BLOCKS.has(tag.name)) out.push("\n");
    if (!tag.closing && RAW.has(tag.name)) {
      const raw = tags.skipRaw(tag.name);
      if (tag.name === "textarea" || tag.name === "xmp") out.push(decode(html.slice(...raw)));
    }
  }
  return tidy(out.join("").split("\n"), slices);
}

/** How often a text changes between alphabets, about. */
export function changesOfAlphabet(text: string): number {
  let changes = 0;
  let last = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    // By Unicode's blocks of 128; Latin letters are one alphabet, and all from Chinese on.
    const alphabet = code < 0x250 ? 0 : code >= 0x2e80 ? 1 : code >> 7;
    if (alphabet !== last) changes += 1;
    last = alphabet;
  }
  return changes;
}

/** Cuts a text into pieces of about this many characters: between characters, and not within a reference to one. */
export function* chunks(text: string, length: number): Generator<string, void> {
  for (let at = 0; at < text.length; ) {
    let to = at + length;
    const reference = text.lastIndexOf("&", to);
    if (to < text.length && reference > Math.max(at, to - REFERENCE_MAX)) to = reference;
    const code = text.charCodeAt(to);
    if (code >= 0xdc00 && code < 0xe000) to += 1;
    yield text.slice(at, to);
    at = to;
  }
}

/** No more marks over a letter than a language has: the rest is there to stop whoever draws it. */
export function withoutHeaps(text: string): string {
  return text.replace(HEAPS, "$1");
}

/** At most one empty line in a row, and no spaces at the ends of lines. */
async function tidy(lines: readonly string[], slices: Slices): Promise<string> {
  const kept: string[] = [];
  for (const line of lines) {
    if (slices.due) await slices.pause();
    const text = line.trim();
    if (text !== "" || (kept.at(-1) ?? "") !== "") kept.push(text);
  }
  return kept.join("\n").trimEnd();
}

/** Resolves character references, of which HTML has two thousand: by a browser, in an element that holds text alone. */
function decoder(): (text: string) => string {
  const area = inert().createElement("textarea");
  return (text) => {
    if (!text.includes("&")) return text;
    area.innerHTML = entities.createHTML(`\n${text.replaceAll("<", "&lt;")}`) as unknown as string;
    return area.value;
  };
}

const entities = policy("postern-text", { createHTML: (html) => html });

const set = (words: string): ReadonlySet<string> => new Set(words.split(" "));

const BLOCKS = set(
  "address article aside blockquote body center dd details div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 " +
    "header hr html li main nav ol p pre section summary table tr ul",
);
const CELLS = set("td th");
const RAW = set("style script title textarea xmp iframe noembed noframes");
const HEAPS = /(\p{M}{16})\p{M}+/gu;
const LONG = 16_384;
/** The longest reference to a character, about. */
const REFERENCE_MAX = 40;
