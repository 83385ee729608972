//! HTML mail, made harmless. Nothing in a mail runs, loads or asks for anything unless the reader allowed it.
//!
//! Five layers, since no single one holds (security.md H1):
//! 1. DOMPurify with an allow-list of its own, and hooks for what it doesn't know is a request (styles, `background`);
//! 2. an iframe with `sandbox` and neither scripts nor our origin;
//! 3. a policy as the first child of its head;
//! 4. the page's own policy, which a `srcdoc` frame inherits;
//! 5. DNS prefetching off.
//! Everything is changed in DOMPurify's hooks, before it looks for the last time. Nothing edits what came out (H3):
//! it is serialised once, and put between two constants.
//!
//! **How high is the frame?** A frame of an opaque origin can't be measured. Measuring needs either our origin in
//! it (then a hole in layer 1 reads the mailbox) or the mail's HTML laid out in the page (then it loads and styles
//! as it likes). So the frame fills what the pane leaves and scrolls by itself, while the pane around it doesn't
//! scroll: one scroll bar, no jump when images arrive, and the sender stays in sight, outside of the mail's reach.

import DOMPurify, { type Config } from "dompurify";
import type { InlineImage } from "postern-client/types";
import { cleanDeclarations, cleanSheet } from "./mail-css";
import { LINK_SCHEMES } from "./text-body";
import { policy } from "./trusted";

/** What a mail's HTML came to. */
export type Frame = {
  /** For `srcdoc`. */
  readonly document: TrustedHTML;
  /** How many remote images were held back. */
  readonly blocked: number;
};

export type FrameOptions = {
  readonly inlineImages: readonly InlineImage[];
  readonly remoteImages: "blocked" | "allowed";
};

/** What the frame may do: open links in a tab of their own. No script, no origin, no forms, no navigation of us. */
export const SANDBOX = "allow-popups allow-popups-to-escape-sandbox";

/** Makes a document of a mail's HTML. */
export function mailFrame(html: string, options: FrameOptions): Frame {
  const work: Work = {
    images: dataUrls(options.inlineImages),
    remote: options.remoteImages,
    blocked: 0,
    coloured: false,
  };
  current = work;
  try {
    const root = DOMPurify.sanitize(html.slice(0, HTML_MAX), CONFIG) as unknown as HTMLElement;
    const head = root.querySelector("head")?.innerHTML ?? "";
    const body = root.querySelector("body")?.outerHTML ?? "";
    const text = opening(work) + head + MIDDLE + body + END;
    return { document: frames.createHTML(text), blocked: work.blocked };
  } finally {
    current = null;
  }
}

/** One run of the sanitiser. Its hooks are global, so there is one at a time. */
type Work = {
  readonly images: ReadonlyMap<string, string>;
  readonly remote: FrameOptions["remoteImages"];
  blocked: number;
  /** The mail brings colours of its own, so it is drawn on white: half of its colours would suit no dark page. */
  coloured: boolean;
};

let current: Work | null = null;

// Written out rather than taken from DOMPurify's default: what isn't here is gone (H2).
const CONFIG: Config = {
  WHOLE_DOCUMENT: true,
  RETURN_DOM: true,
  ALLOWED_TAGS: (
    "#text html head body style a abbr address article aside b bdi bdo big blockquote br caption center cite code col " +
    "colgroup dd del details dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd " +
    "li main mark nav ol p pre q rp rt ruby s samp section small span strike strong sub summary sup table tbody td " +
    "tfoot th thead time tr tt u ul var wbr"
  ).split(" "),
  ALLOWED_ATTR: (
    "abbr align alt bgcolor border cellpadding cellspacing class color cols colspan dir face height href hspace id " +
    "lang noshade nowrap reversed rowspan rules scope size span src start style summary text title type valign value " +
    "vspace width background"
  ).split(" "),
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  ALLOW_UNKNOWN_PROTOCOLS: false,
  // It looks at every attribute, so plain words and numbers pass too. cid: is ours to resolve, below.
  ALLOWED_URI_REGEXP: /^(?:(?:https?|mailto|cid):|data:image\/|[^a-z]|[a-z+.-]+(?:[^a-z+.:-]|$))/i,
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

DOMPurify.addHook("uponSanitizeElement", (node) => {
  if (node.nodeName === "STYLE") node.textContent = ownColours(cleanSheet(node.textContent ?? ""));
});

DOMPurify.addHook("uponSanitizeAttribute", (_node, attribute) => {
  const work = current;
  if (!work) return;
  const { attrName: name, attrValue: value } = attribute;
  if (name === "style") attribute.attrValue = ownColours(cleanDeclarations(value));
  else if (name === "bgcolor" || name === "color" || name === "text") work.coloured = true;
  else if (name === "src" || name === "background") keepImage(attribute, work);
  if (attribute.attrValue === "" && LEFT_EMPTY.has(name)) attribute.keepAttr = false;
});

DOMPurify.addHook("afterSanitizeAttributes", (node) => {
  if (node.nodeName === "A") guardLink(node);
  if (node.nodeName === "IMG") {
    node.setAttribute("referrerpolicy", "no-referrer");
    node.setAttribute("decoding", "async");
  }
});

/** An image's address: the mail's own are put in its place, remote ones wait for the reader's word (H6). */
function keepImage(attribute: { attrValue: string; keepAttr: boolean }, work: Work): void {
  const value = attribute.attrValue.trim();
  if (/^cid:/i.test(value)) {
    attribute.attrValue = work.images.get(contentId(value.slice(4))) ?? "";
  } else if (/^https?:/i.test(value)) {
    if (work.remote === "blocked") {
      work.blocked += 1;
      attribute.attrValue = "";
    } else {
      // Never in the clear: who listens would learn what is read.
      attribute.attrValue = value.replace(/^http:/i, "https:");
    }
  } else if (!SAFE_DATA.test(value)) {
    attribute.attrValue = "";
  }
}

/** A link leads out, tells nobody where from, and shows its real host (H10). */
function guardLink(link: Element): void {
  const url = URL.parse(link.getAttribute("href") ?? "");
  if (!url || !LINK_SCHEMES.has(url.protocol)) {
    link.removeAttribute("href");
    return;
  }
  link.setAttribute("target", "_blank");
  link.setAttribute("rel", "noopener noreferrer");
  link.setAttribute("title", url.protocol === "mailto:" ? url.pathname : url.host);
  const named = HOST.exec(link.textContent ?? "")?.[1];
  // The text names another host than the link leads to: the real one is written behind it, by a style of ours.
  if (named && url.protocol !== "mailto:" && !within(url.host, named)) {
    link.setAttribute("data-postern-host", url.host);
  }
}

/** Whether a host is the one that was named, or below it. */
function within(host: string, named: string): boolean {
  const domain = URL.parse(`https://${named}`)?.host.replace(/^www\./, "");
  return domain !== undefined && `.${host}`.endsWith(`.${domain}`);
}

function ownColours(css: string): string {
  if (current && COLOURS.test(css)) current.coloured = true;
  return css;
}

function dataUrls(images: readonly InlineImage[]): Map<string, string> {
  return new Map(images.map((image) => [contentId(image.contentId), dataUrl(image)]));
}

function dataUrl({ mimeType, bytes }: InlineImage): string {
  let binary = "";
  // In slices: a call takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 8192)
    binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
  const url = `data:${mimeType};base64,${btoa(binary)}`;
  return SAFE_DATA.test(url) ? url : "";
}

/** As it stands in a `cid:` address: percent-encoded (RFC 2392), while the header's is not. */
function contentId(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Everything in front of the mail's own head. Nothing of the mail is in it. */
function opening(work: Work): string {
  const images = work.remote === "allowed" ? "data: https:" : "data:";
  return (
    `<!doctype html><html class="${work.coloured ? "own" : "plain"}"><head>` +
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src ${images}; ` +
    `style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">` +
    `<meta charset="utf-8"><meta name="referrer" content="no-referrer">` +
    `<meta http-equiv="x-dns-prefetch-control" content="off">` +
    `<meta name="viewport" content="width=device-width"><style>${BASE_CSS}</style>`
  );
}

const MIDDLE = "</head>";
const END = "</html>";

// In a layer: an important rule in a layer beats the mail's own important rules, and its plain ones lose to them.
const BASE_CSS = `
@layer postern {
  html { color-scheme: light; color: #1c1f26; }
  html.plain { color-scheme: light dark; }
  @media (prefers-color-scheme: dark) { html.plain { color: #e4e6ea; } html.plain a { color: #8fb4ff; } }
  body { margin: 0; padding: 16px 24px 24px; font: 14px/1.55 system-ui, sans-serif; overflow-wrap: break-word; }
  img { max-width: 100%; }
  img[src] { height: auto; }
  img:not([src]) { display: inline-block; box-sizing: border-box; min-width: 16px; min-height: 16px; border-radius: 4px; background: #8a8f9a1f; font-size: 12px; color: #6b7079; overflow: hidden; }
  img:not([src])[width="1"], img:not([src])[height="1"], img:not([src])[width="0"], img:not([src])[height="0"] { display: none; }
  pre { white-space: pre-wrap; }
  blockquote { margin: 8px 0; padding-left: 12px; border-left: 2px solid #8a8f9a55; }
  table { max-width: 100%; }
  a[data-postern-host]::after {
    content: " [" attr(data-postern-host) "]" !important; display: inline !important; visibility: visible !important;
    color: #b3261e !important; background: #fff !important; font: 600 12px system-ui !important; opacity: 1 !important;
  }
  @media (max-width: 640px) {
    body { padding: 12px 16px 24px; }
    /* A table grows with what is in it, so 100% would not bound an image there. */
    img { max-width: calc(100vw - 80px) !important; }
    table[width], td[width], th[width] { width: auto !important; min-width: 0 !important; }
  }
}`;

// The text is made of constants and of what DOMPurify returned, in mailFrame alone.
const frames = policy("postern-frame", { createHTML: (html) => html });

// Worth nothing without a value; an empty `alt` says something.
const LEFT_EMPTY: ReadonlySet<string> = new Set(["style", "src", "background", "href"]);

const SAFE_DATA = /^data:image\/(?:png|jpe?g|gif|webp|avif|bmp|x-icon|vnd\.microsoft\.icon)[;,]/i;
const COLOURS = /(?:^|[\s;{])(?:background|background-color|color)\s*:/i;
const HOST = /^\s*(?:https?:\/\/)?((?:[\p{L}\p{N}-]+\.)+\p{L}{2,})(?:[/:?#]\S*)?\s*$/iu;

// As much HTML as is worth drawing; the engine cuts long texts before that.
const HTML_MAX = 4 * 1024 * 1024;
