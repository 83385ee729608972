//! The second and the third pass: DOMPurify, and the browser's own sanitiser where it has one. Neither knows of the copy
//! before them, nor of the other.
//!
//! Both take time by the element, and can't be told to pause. So the tree is cut into groups of a few hundred elements,
//! with a mark in each one's place; each goes through both, and is put back.

import DOMPurify, { type Config } from "dompurify";
import type { Passes } from "../mail-frame";
import { ATTRIBUTES, ELEMENTS, MARK, OUR_ATTRIBUTES } from "./elements";
import type { Slices } from "./slices";

/** Returns a sanitised document. The one that came in is used up. */
export async function sanitize(document: Document, passes: Passes, slices: Slices): Promise<Document> {
  const groups: Group[] = [];
  await cut(document.body, groups, slices);
  // From the root down: so nothing is looked at twice.
  const root = sanitizeRoot(document, passes);
  const places = new Map<number, Element>();
  note(root.body, places);
  for (let number = groups.length - 1; number >= 0; number -= 1) {
    if (slices.late) await slices.pause();
    const group = groups[number];
    const place = places.get(number);
    if (!group || !place) continue;
    const content = sanitizeGroup(group, passes);
    note(content, places);
    place.replaceWith(...content.childNodes);
  }
  return root;
}

/** The whole document, less what was cut out of its body. */
function sanitizeRoot(document: Document, passes: Passes): Document {
  if (passes.purify) for (const root of [document.head, document.body]) DOMPurify.sanitize(root, CONFIG);
  const { parseHTML } = Document as unknown as { parseHTML?: ParseHTML };
  if (!passes.native || !parseHTML) return document;
  const text = `<!doctype html><html><head>${document.head.innerHTML}</head>${document.body.outerHTML}</html>`;
  return parseHTML.call(Document, text, { sanitizer: SANITIZER });
}

function sanitizeGroup(group: Group, passes: Passes): HTMLElement {
  if (passes.purify) DOMPurify.sanitize(group, CONFIG);
  const again = group.cloneNode(false) as HTMLElement & { setHTML?: SetHTML };
  if (!passes.native || !again.setHTML) return group;
  again.setHTML(group.innerHTML, { sanitizer: SANITIZER });
  return again;
}

type ParseHTML = (html: string, options: { sanitizer: object }) => Document;
type SetHTML = (html: string, options: { sanitizer: object }) => void;

/** Neighbours that were cut out together, in an element like the one they were in: parsers go by that. */
type Group = HTMLElement;

/** Cuts a tree into groups of about GROUP elements, from the leaves up. */
async function cut(root: HTMLElement, groups: Group[], slices: Slices): Promise<void> {
  const sizes = new Map<Element, number>();
  for (const element of [root, ...root.querySelectorAll("*")].reverse()) {
    if (slices.due) await slices.pause();
    const own = (sizes.get(element) ?? 0) + 1;
    const left = own > GROUP ? await cutChildren(element, sizes, groups, slices) : own;
    const parent = element.parentElement;
    if (parent) sizes.set(parent, (sizes.get(parent) ?? 0) + left);
  }
}

/** Returns how many elements are left. */
async function cutChildren(
  parent: Element,
  sizes: ReadonlyMap<Element, number>,
  groups: Group[],
  slices: Slices,
): Promise<number> {
  let run: Element[] = [];
  let size = 0;
  let left = 1;
  const end = () => {
    if (run[0] && size > 1) groups.push(cutOut(parent, run[0], run.at(-1) ?? run[0], groups.length));
    left += 1;
    run = [];
    size = 0;
  };
  for (const child of [...parent.children]) {
    const own = (sizes.get(child) ?? 0) + 1;
    if (size > 0 && size + own > GROUP) {
      end();
      if (slices.late) await slices.pause();
    }
    run.push(child);
    size += own;
  }
  end();
  return left;
}

/** Takes the nodes from `first` to `last` out, text among them too, and leaves a mark. */
function cutOut(parent: Element, first: Element, last: Element, number: number): Group {
  const document = parent.ownerDocument;
  const mark = document.createElement(MARKS.get(parent.localName) ?? "wbr");
  mark.setAttribute(MARK, String(number));
  first.before(mark);
  const group = document.createElement(parent.localName);
  for (let node: ChildNode | null = first; node; ) {
    const next: ChildNode | null = node === last ? null : node.nextSibling;
    group.append(node);
    node = next;
  }
  return group;
}

function note(root: HTMLElement, places: Map<number, Element>): void {
  for (const mark of root.querySelectorAll(`[${MARK}]`)) places.set(Number(mark.getAttribute(MARK)), mark);
}

// Written out rather than taken from DOMPurify's default: what isn't here is gone (H2).
const CONFIG: Config = {
  IN_PLACE: true,
  ALLOWED_TAGS: ["#text", ...ELEMENTS],
  ALLOWED_ATTR: [...ATTRIBUTES, ...OUR_ATTRIBUTES],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  ALLOW_UNKNOWN_PROTOCOLS: false,
  // It looks at every attribute, so plain words and numbers pass too.
  ALLOWED_URI_REGEXP:
    /^(?:(?:https?|mailto|tel|sms|webcal|geo|xmpp):|about:srcdoc#|data:image\/|[^a-z]|[a-z+.-]+(?:[^a-z+.:-]|$))/i,
  // No duty to keep the page's globals safe: the frame has no script that could be misled by an id.
  SANITIZE_DOM: false,
  FORBID_CONTENTS: [
    ...["script", "svg", "math", "template", "iframe"],
    ...["object", "noscript", "title", "select", "textarea"],
  ],
};

const SANITIZER = {
  elements: ELEMENTS,
  attributes: [...ATTRIBUTES, ...OUR_ATTRIBUTES],
  comments: false,
  dataAttributes: false,
};

// What may stand in an element that takes only some: a parser would move anything else elsewhere.
const MARKS: ReadonlyMap<string, string> = new Map([
  ["table", "tbody"],
  ["thead", "tr"],
  ["tbody", "tr"],
  ["tfoot", "tr"],
  ["tr", "td"],
  ["colgroup", "col"],
]);

const GROUP = 250;
