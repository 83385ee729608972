//! Has the browser parse a mail's HTML, a piece at a time, into a document in which nothing loads and nothing runs.

import { policy } from "../trusted";
import { all, close, lastElementChild, rootOf, write } from "./dom";
import { ELEMENTS_MAX, OPEN_MAX, TooMuch } from "./limits";
import type { Slices } from "./slices";

/** A document without a window. Throws `TooMuch` where it grows past all measure. */
export async function parse(html: string, slices: Slices): Promise<Document> {
  const source = html.replace(STYLE_TAG, UNREAD_STYLE);
  const parsed = inert();
  parsed.open();
  // Ours, so that a mail without one is not laid out by the rules of the nineties.
  write(parsed, raw.createHTML("<!doctype html>"));
  const elements = parsed.getElementsByTagName("*");
  for (let at = 0; at < source.length; at += CHUNK) {
    write(parsed, raw.createHTML(source.slice(at, at + CHUNK)));
    if (elements.length > 2 * ELEMENTS_MAX) throw new TooMuch("elements");
    if (depth(parsed) > 2 * OPEN_MAX) throw new TooMuch("depth");
    if (slices.late) await slices.pause();
  }
  close(parsed);
  return parsed;
}

/** The same with its sheets as they came, for who leaves out the copy. */
export function withSheets(parsed: Document): Document {
  for (const style of all(parsed, "style")) style.removeAttribute("type");
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

/**
 * Firefox reads style sheets also in a document that is never drawn, all at once, and a deep nest of brackets ends its
 * process. What it takes for another language than CSS it leaves alone; of two types the first counts.
 */
const STYLE_TAG = /<style(?=[\t\n\f\r />])/gi;
// Without quotes, since it may stand in an attribute's; with a space, since "/" may follow.
const UNREAD_STYLE = "<style type=text/x-unread ";

const CHUNK = 8 * 1024;
