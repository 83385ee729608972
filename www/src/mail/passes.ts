//! The second and the third pass: two sanitisers that know nothing of the first one, nor of each other.

import DOMPurify, { type Config } from "dompurify";
import { ATTRIBUTES, ELEMENTS, OUR_ATTRIBUTES } from "./elements";
import type { Slices } from "./slices";

/** DOMPurify, in place, over a few hundred elements at a time: all at once it would stop the page. */
export async function purify(root: HTMLElement, slices: Slices): Promise<void> {
  const groups: Group[] = [];
  await cut(root, groups, slices);
  // From the root down, with a mark at each place where something was cut out: so nothing is looked at twice.
  sanitize(root);
  for (const { mark, content } of groups.toReversed()) {
    if (slices.late) await slices.pause();
    sanitize(content);
    mark.replaceWith(...content.childNodes);
  }
}

/** The browser's own sanitiser, where it has one: the whole document, parsed once more. */
export function sanitizeNatively(html: string): Document | null {
  const native = (Document as unknown as { parseHTML?: ParseHTML }).parseHTML;
  if (!native) return null;
  return native.call(Document, html, { sanitizer: SANITIZER });
}

type ParseHTML = (html: string, options: { sanitizer: object }) => Document;

/** Neighbours that were cut out together, and where they belong. */
type Group = { readonly mark: Element; readonly content: HTMLElement };

/** Cuts a tree into groups of about GROUP elements, from the leaves up. */
async function cut(root: HTMLElement, groups: Group[], slices: Slices): Promise<void> {
  const sizes = new Map<Element, number>();
  const all = [...root.querySelectorAll("*")];
  for (const element of all.toReversed()) {
    if (slices.due) await slices.pause();
    const own = (sizes.get(element) ?? 0) + 1;
    const left = own > GROUP ? cutChildren(element, sizes, groups) : own;
    sizes.set(element, left);
    const parent = element.parentElement;
    if (parent) sizes.set(parent, (sizes.get(parent) ?? 0) + left);
  }
  cutChildren(root, sizes, groups);
}

/** Returns how many elements are left. */
function cutChildren(parent: Element, sizes: ReadonlyMap<Element, number>, groups: Group[]): number {
  let run: Element[] = [];
  let size = 0;
  let marks = 1;
  const end = () => {
    if (run[0] && size > 1) {
      const mark = parent.ownerDocument.createElement("wbr");
      const content = parent.ownerDocument.createElement("div");
      run[0].before(mark);
      content.append(...nodesBetween(run[0], run.at(-1)));
      groups.push({ mark, content });
    }
    marks += 1;
    run = [];
    size = 0;
  };
  for (const child of [...parent.children]) {
    const own = sizes.get(child) ?? 1;
    if (size > 0 && size + own > GROUP) end();
    run.push(child);
    size += own;
  }
  end();
  return marks;
}

/** The elements, and the text among them. */
function nodesBetween(first: Element, last: Element | undefined): ChildNode[] {
  const out: ChildNode[] = [];
  for (let at: ChildNode | null = first; at; at = at.nextSibling) {
    out.push(at);
    if (at === last) break;
  }
  return out;
}

function sanitize(root: HTMLElement): void {
  DOMPurify.sanitize(root, CONFIG);
}

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
    "script",
    "svg",
    "math",
    "template",
    "iframe",
    "object",
    "noscript",
    "title",
    "select",
    "textarea",
  ],
};

const SANITIZER = {
  elements: ELEMENTS,
  attributes: [...ATTRIBUTES, ...OUR_ATTRIBUTES],
  comments: false,
  dataAttributes: false,
};

const GROUP = 300;
