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
  let raw: readonly [number, number] | null = null;
  for (let tag = tags.next(); ; tag = tags.next()) {
    if (slices.due) await slices.pause();
    if (tag.textTo > tag.textFrom)
      out.push(decode(html.slice(tag.textFrom, tag.textTo)).replace(/\s+/g, " "));
    if (tag.name === "") break;
    if (tag.name === "br") out.push("\n");
    else if (CELLS.has(tag.name) && !tag.closing) out.push(" ");
    else if (BLOCKS.has(tag.name)) out.push("\n");
    if (!tag.closing && RAW.has(tag.name)) raw = tags.skipRaw(tag.name);
    if (raw && tag.name === "textarea") out.push(decode(html.slice(...raw)));
    raw = null;
  }
  return tidy(out.join(""));
}

/** At most one empty line in a row, no spaces at the ends of lines, no more marks over a letter than a language has. */
function tidy(text: string): string {
  const lines = text.split("\n").map((line) => line.trim());
  const kept = lines.filter((line, at) => line !== "" || (at > 0 && lines[at - 1] !== ""));
  return kept.join("\n").trim().replace(MARKS, "$1");
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
const MARKS = /(\p{M}{16})\p{M}+/gu;
