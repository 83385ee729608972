//! Has the browser parse a mail's HTML, a piece at a time, into a document in which nothing loads and nothing runs.

import { policy } from "../trusted";
import { close, lastElementChild, rootOf, write } from "./dom";
import { ELEMENTS_MAX, OPEN_MAX, TooMuch } from "./limits";
import type { Slices } from "./slices";

/** A document without a window. Throws `TooMuch` where it grows past all measure. */
export async function parse(html: string, slices: Slices): Promise<Document> {
  const parsed = inert();
  parsed.open();
  // Ours, so that a mail without one is not laid out by the rules of the nineties.
  write(parsed, raw.createHTML("<!doctype html>"));
  const all = parsed.getElementsByTagName("*");
  for (let at = 0; at < html.length; at += CHUNK) {
    write(parsed, raw.createHTML(html.slice(at, at + CHUNK)));
    if (all.length > 2 * ELEMENTS_MAX) throw new TooMuch("elements");
    if (depth(parsed) > 2 * OPEN_MAX) throw new TooMuch("depth");
    if (slices.late) await slices.pause();
  }
  close(parsed);
  return parsed;
}

/** A document in which elements are made, and never drawn. */
export function inert(): Document {
  return document.implementation.createHTMLDocument("");
}

/** How deep the place is at which the parser goes on. */
function depth(parsed: Document): number {
  let count = 0;
  let at: Element | null = rootOf(parsed);
  while (at) {
    at = lastElementChild(at);
    if (at) count += 1;
  }
  return count;
}

// The text is a mail's, as it came: what is made of it never leaves the document without a window, save as a copy.
const raw = policy("postern-mail", { createHTML: (html) => html });

const CHUNK = 8 * 1024;
