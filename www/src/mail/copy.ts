//! The first pass: what may stay of a mail is copied, piece by piece, into a document of ours. Nothing is taken over
//! that isn't named here, and every value that could ask for something is read and written anew.

import { cleanStyle, type Declarations, type Drawing, flexibility, OURS } from "./css/values";
import { write } from "./css/write";
import {
  all,
  bodyOf,
  firstChild,
  localName,
  namespaceURI,
  nextSibling,
  nodeType,
  parentNode,
  rootOf,
} from "./dom";
import { ATTRIBUTES, DROPPED, ELEMENTS } from "./elements";
import {
  ALPHABETS_MAX,
  ATTRIBUTE_MAX,
  ATTRIBUTES_MAX,
  DEPTH_MAX,
  ELEMENTS_MAX,
  FIELDS_MAX,
  FLEXIBLE_MAX,
  IMAGES_MAX,
  STYLE_MAX,
  TABLES_MAX,
  TEXT_MAX,
  TooMuch,
  WORD_MAX,
} from "./limits";
import { namedHost, place, target, within } from "./links";
import type { Pictures } from "./pictures";
import type { Slices } from "./slices";
import { changesOfAlphabet, chunks, withoutHeaps } from "./text";

/** What copying found out. */
export class Findings {
  /** Remote images that were held back. */
  blocked = 0;
  /** The mail brings colours of its own. */
  coloured = false;
  /** It says in which direction it is read, somewhere. */
  directed = false;
  /** It has letters that are read from right to left. */
  rightToLeft = false;
  /** Remote pictures behind something, which a style could show to some readers and not to others. */
  readonly backgrounds = new Set<string>();
  /** How many elements have this tag (`td`), class (`.name`), id (`#name`); `*` for all. */
  readonly counts = new Map<string, number>();
  /** How many characters the attributes have that were kept. */
  attributes = 0;
  /** The text of the mail's style sheets, in their order. */
  readonly sheets: string[] = [];
}

export type CopyOptions = {
  readonly pictures: Pictures;
  readonly drawing: Drawing;
  readonly remote: "blocked" | "allowed";
  readonly slices: Slices;
};

/** Copies what may stay of `from` into the empty document `to`. Throws `TooMuch`. */
export async function copyDocument(from: Document, to: Document, options: CopyOptions): Promise<Findings> {
  const copy = new Copy(from, to, options);
  await copy.run();
  return copy.findings;
}

class Copy {
  readonly findings = new Findings();
  readonly #from: Document;
  readonly #to: Document;
  readonly #options: CopyOptions;
  readonly #base: string | null;
  readonly #styles = new Map<string, Declarations>();
  /** Where the children of each open element of the source go. */
  readonly #places: Place[];
  #elements = 0;
  #images = 0;
  #fields = 0;
  #text = 0;
  #word = 0;
  #alphabets = 0;

  constructor(from: Document, to: Document, options: CopyOptions) {
    this.#from = from;
    this.#to = to;
    this.#options = options;
    this.#base = baseOf(from);
    this.#places = [{ element: to.body, depth: 1, tables: 0, flexible: 0, hidden: false }];
  }

  async run(): Promise<void> {
    for (const style of all<HTMLStyleElement>(this.#from, "style")) this.#sheet(style);
    const body = bodyOf(this.#from);
    if (body?.localName !== "body") return;
    this.#attributes(body, this.#to.body);
    const dir = rootOf(this.#from).getAttribute("dir");
    if (dir && !this.#to.body.hasAttribute("dir")) this.#to.body.setAttribute("dir", dir);
    if (dir) this.findings.directed = true;
    for (let node: Node | null = body.firstChild; node; ) {
      if (this.#options.slices.due) await this.#options.slices.pause();
      const long = nodeType(node) === Node.TEXT_NODE && (node.nodeValue ?? "").length > LONG;
      const into = long ? await this.#longText(node.nodeValue ?? "") : this.#node(node);
      const inside = into && firstChild(node);
      if (inside) {
        this.#places.push(into);
        node = inside;
        continue;
      }
      let at: Node = node;
      let next = nextSibling(at);
      for (let above = parentNode(at); next === null && above && above !== body; above = parentNode(at)) {
        at = above;
        next = nextSibling(at);
        this.#places.pop();
      }
      node = next;
    }
  }

  /** Copies one node. Where its children go, or null where they don't come along. */
  #node(node: Node): Place | null {
    const into = this.#places.at(-1);
    if (!into) return null;
    if (nodeType(node) === Node.TEXT_NODE) this.#textNode(node.nodeValue ?? "", into.element);
    if (nodeType(node) !== Node.ELEMENT_NODE) return null;
    const element = node as Element;
    const name = localName(element);
    if (namespaceURI(element) !== HTML || DROPPED.has(name)) return null;
    if (!KNOWN.has(name) || name === "body" || name === "html") return into;
    if (!INLINE.test(name)) this.#word = 0;
    this.#elements += 1;
    if (this.#elements > ELEMENTS_MAX) throw new TooMuch("elements");
    const made = this.#to.createElement(name);
    const hidden = this.#attributes(element, made) || into.hidden;
    if (name === "img") this.#image(element, made, hidden);
    if (name === "a" || name === "area") this.#link(element, made);
    into.element.append(made);
    return this.#inside(made, into, hidden);
  }

  #inside(made: HTMLElement, into: Place, hidden: boolean): Place {
    const tables = into.tables + (made.localName === "table" ? 1 : 0);
    const flexible = into.flexible + flexibility(made.getAttribute("style") ?? "");
    if (tables > TABLES_MAX) throw new TooMuch("tables");
    if (flexible > FLEXIBLE_MAX) throw new TooMuch("boxes");
    const element = into.depth < DEPTH_MAX ? made : into.element;
    return { element, depth: Math.min(DEPTH_MAX, into.depth + 1), tables, flexible, hidden };
  }

  async #longText(text: string): Promise<null> {
    for (const piece of chunks(text, LONG)) {
      if (this.#options.slices.late) await this.#options.slices.pause();
      const into = this.#places.at(-1);
      if (into) this.#textNode(piece, into.element);
    }
    return null;
  }

  #textNode(text: string, into: HTMLElement): void {
    this.#text += text.length;
    if (this.#text > TEXT_MAX) throw new TooMuch("text");
    this.#measureWords(text);
    this.#alphabets += changesOfAlphabet(text);
    if (this.#alphabets > ALPHABETS_MAX) throw new TooMuch("alphabets");
    this.findings.rightToLeft ||= RIGHT_TO_LEFT.test(text);
    const before = into.lastChild;
    // Comments cut a text into pieces, of which there may be thousands.
    if (before instanceof Text && before.length < LONG) before.appendData(withoutHeaps(text));
    else into.append(withoutHeaps(text));
  }

  /** A word may go on in the next piece of text. */
  #measureWords(text: string): void {
    let open = 0;
    for (const part of text.matchAll(WORDS)) {
      const length = part[0].length + (part.index === 0 ? this.#word : 0);
      if (length > WORD_MAX) throw new TooMuch("word");
      if (part.index + part[0].length === text.length) open = length;
    }
    this.#word = open;
  }

  #sheet(style: Element): void {
    if (style.namespaceURI !== HTML) return;
    const text = style.textContent ?? "";
    // One for another medium counts like a rule for it.
    const media =
      style
        .getAttribute("media")
        ?.replace(/[{}<>;\\]/g, "")
        .trim() ?? "";
    this.findings.sheets.push(media === "" ? text : `@media ${media} {${text}\n}`);
  }

  /** Copies attributes. Returns whether the element hides what is in it. */
  #attributes(from: Element, to: HTMLElement): boolean {
    const { findings } = this;
    findings.counts.set(to.localName, (findings.counts.get(to.localName) ?? 0) + 1);
    findings.counts.set("*", (findings.counts.get("*") ?? 0) + 1);
    let hidden = from.hasAttribute("hidden");
    if (from.attributes.length > ATTRIBUTES_MAX) return hidden;
    for (const { name, value } of from.attributes) {
      if (name === "style") hidden = this.#style(value, to) || hidden;
      else if (PLAIN.has(name) && value.length <= ATTRIBUTE_MAX) this.#plain(name, value, to);
    }
    this.#fields += span(to, "colspan") * span(to, "rowspan") - 1;
    if (this.#fields > FIELDS_MAX) throw new TooMuch("fields");
    const background = from.getAttribute("background");
    if (background !== null) this.#background(background, to);
    for (const { value } of to.attributes) findings.attributes += value.length;
    return hidden;
  }

  #plain(name: string, value: string, to: HTMLElement): void {
    const { findings } = this;
    const most = LARGEST.get(name);
    if (most !== undefined && !(Number.parseInt(value, 10) <= most)) return;
    // An image of that name would take the place of the document's own properties.
    if (name === "name" && !NAMED.has(to.localName)) return;
    if (name === "bgcolor" || name === "color" || name === "text") findings.coloured = true;
    if (name === "dir") findings.directed = true;
    if (name === "id") findings.counts.set(`#${value}`, (findings.counts.get(`#${value}`) ?? 0) + 1);
    if (name === "class") {
      for (const one of new Set(value.split(/\s+/))) {
        findings.counts.set(`.${one}`, (findings.counts.get(`.${one}`) ?? 0) + 1);
      }
    }
    // What is wider than a phone may have to give way there.
    if (name === "width" && /^\s*\d+(?:px)?\s*$/i.test(value) && Number.parseInt(value, 10) >= WIDE) {
      to.setAttribute("data-postern-wide", "");
    }
    to.setAttribute(name, value);
  }

  /** Returns whether it hides the element. */
  #style(value: string, to: HTMLElement): boolean {
    if (value.length > STYLE_MAX) return false;
    let clean = this.#styles.get(value);
    if (!clean) {
      clean = cleanStyle(value, this.#options.drawing);
      this.#styles.set(value, clean);
    }
    this.findings.coloured ||= clean.coloured;
    this.findings.directed ||= clean.directed;
    if (clean.text === "") return false;
    to.setAttribute("style", clean.text);
    const width = WIDTH_IN_STYLE.exec(clean.text)?.[1];
    if (width !== undefined && Number(width) >= WIDE) to.setAttribute("data-postern-wide", "");
    const hidden = HIDES.test(clean.text);
    for (const [name] of hidden ? [] : clean.text.matchAll(PICTURE_IN_STYLE))
      this.#options.pictures.seeProperty(name);
    return hidden;
  }

  /** A picture behind an element: as a style of its own, since the mail's may hide it from some readers and not others. */
  #background(value: string, to: HTMLElement): void {
    const { pictures, remote } = this.#options;
    const picture = pictures.find(value, this.#base);
    const name = picture && pictures.placeInStyle(picture);
    if (picture && name) {
      pictures.see(picture);
      addStyle(to, `background-image: var(${name})`);
      return;
    }
    const url = remoteImage(value, this.#base);
    if (!url) return;
    if (remote === "blocked") {
      this.findings.blocked += 1;
      return;
    }
    addStyle(to, `background-image: ${write([{ kind: "url", text: url }])} !important`);
    this.findings.backgrounds.add(url);
  }

  /** An image's address: the mail's own are put in its place, remote ones wait for the reader's word (H6). */
  #image(from: Element, to: HTMLElement, hidden: boolean): void {
    this.#images += 1;
    if (this.#images > IMAGES_MAX) throw new TooMuch("images");
    const source = from.getAttribute("src") ?? firstOfSet(from.getAttribute("srcset") ?? "");
    const { pictures, remote } = this.#options;
    const [width, height] = [declared(to, "width"), declared(to, "height")];
    const speck = hidden || (width !== null && height !== null && width <= SPECK && height <= SPECK);
    to.setAttribute("referrerpolicy", "no-referrer");
    to.setAttribute("decoding", "async");
    const picture = pictures.find(source, this.#base);
    const number = picture && pictures.place(picture, !speck);
    if (number !== null) {
      to.setAttribute("data-postern-picture", String(number));
      return;
    }
    const url = remoteImage(source, this.#base);
    if (!url) return;
    if (remote === "allowed") {
      to.setAttribute("src", url);
      return;
    }
    this.findings.blocked += 1;
    // A box stands for a picture that the reader may want to see, not for one that watches, nor for one that keeps a gap.
    const thin = [width, height].some((side) => side !== null && side <= SPECK);
    to.setAttribute("data-postern-held", speck ? "speck" : thin ? "gap" : "picture");
  }

  /** A link leads out, tells nobody where from, and shows its real host (H10); or it leads to a place in the mail. */
  #link(from: Element, to: HTMLElement): void {
    const href = from.getAttribute("href");
    const found = href === null || href.length > ATTRIBUTE_MAX ? null : target(href, this.#base);
    if (!found) return;
    if (found.kind === "inside") {
      // The frame's own address: a bare fragment would lead to the page's.
      to.setAttribute("href", `about:srcdoc#${found.fragment}`);
      return;
    }
    const { url } = found;
    to.setAttribute("href", url.href);
    to.setAttribute("target", "_blank");
    to.setAttribute("rel", "noopener noreferrer");
    to.setAttribute("title", place(url));
    const named = url.host === "" ? null : namedHost(from.textContent ?? "");
    // The text names another host than the link leads to: the real one is written behind it, by a style of ours.
    if (named && !within(url.host, named)) to.setAttribute("data-postern-host", url.host);
  }
}

/** Where children go, and what is around them there. */
type Place = {
  readonly element: HTMLElement;
  readonly depth: number;
  readonly tables: number;
  readonly flexible: number;
  readonly hidden: boolean;
};

/** What the mail says that its addresses are relative to. */
function baseOf(from: Document): string | null {
  const url = URL.parse(all(from, "base[href]")[0]?.getAttribute("href")?.trim() ?? "");
  return url && /^https?:$/.test(url.protocol) ? url.href : null;
}

/** A remote image's address, never in the clear: who listens would learn what is read. */
function remoteImage(address: string, base: string | null): string | null {
  const text = address.replace(/[\t\n\r]/g, "").trim();
  const url =
    URL.parse(/^[\\/]{2}/.test(text) ? `https:${text}` : text) ??
    (base === null || text === "" ? null : URL.parse(text, base));
  if (!url || !/^https?:$/.test(url.protocol) || url.href.length > ATTRIBUTE_MAX) return null;
  return url.href.replace(/^http:/, "https:");
}

function span(cell: HTMLElement, name: "colspan" | "rowspan"): number {
  return Math.max(1, Number.parseInt(cell.getAttribute(name) ?? "1", 10) || 1);
}

function firstOfSet(srcset: string): string {
  return /^[\s,]*(\S+)/.exec(srcset.slice(0, ATTRIBUTE_MAX))?.[1]?.replace(/,+$/, "") ?? "";
}

/** A side of an image as its attributes and its style have it, in pixels. */
function declared(image: HTMLElement, side: "width" | "height"): number | null {
  const style = new RegExp(`(?:^|; )(?:max-)?${side}: (\\d*\\.?\\d+)(?:px)?(?: !important)?(?:;|$)`).exec(
    image.getAttribute("style") ?? "",
  );
  const attribute = /^\s*(\d+)(?:px)?\s*$/i.exec(image.getAttribute(side) ?? "");
  const found = style?.[1] ?? attribute?.[1];
  return found === undefined ? null : Number(found);
}

function addStyle(element: HTMLElement, declaration: string): void {
  const style = element.getAttribute("style");
  element.setAttribute("style", style ? `${style}; ${declaration}` : declaration);
}

const KNOWN: ReadonlySet<string> = new Set(ELEMENTS.filter((name) => name !== "style" && name !== "head"));
// These three are written by what looks at them.
const PLAIN: ReadonlySet<string> = new Set(
  ATTRIBUTES.filter((name) => !["style", "src", "href"].includes(name)),
);
/** What a link within the mail, or an image, may lead to by name. */
const NAMED: ReadonlySet<string> = new Set(["a", "map"]);
const LARGEST: ReadonlyMap<string, number> = new Map([
  ["colspan", 100],
  ["rowspan", 1_000],
  ["span", 100],
  ["cols", 1_000],
  ["border", 200],
  ["cellpadding", 1_000],
  ["cellspacing", 1_000],
  ["hspace", 2_000],
  ["vspace", 2_000],
]);

const HTML = "http://www.w3.org/1999/xhtml";
const HIDES = /(?:^|; )(?:display: none|visibility: hidden|opacity: 0(?:\.0+)?)(?: !important)?(?:;|$)/i;
const WIDTH_IN_STYLE = /(?:^|; )(?:min-)?width: (\d*\.?\d+)px/;
const PICTURE_IN_STYLE = new RegExp(`${OURS}\\d+`, "g");
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
// What a browser may not break: neither white space, nor punctuation, nor scripts that are written without spaces.
const WORDS =
  /[^\s\p{P}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]+/gu;
/** In which a word goes on. */
const INLINE =
  /^(?:a|abbr|b|bdi|bdo|big|cite|code|del|em|font|i|ins|kbd|mark|s|samp|small|span|strike|strong|sub|sup|tt|u|var)$/;
/** Longer text is copied in pieces, in characters. */
const LONG = 8_192;
/** An image no larger than this on any side shows nothing. */
const SPECK = 3;
/** From here on, in pixels, a phone's screen may be too narrow. */
const WIDE = 320;
