//! What of a frame's document is ours: its head, and how it looks where the mail says nothing.

export type Look = {
  readonly remoteImages: "blocked" | "allowed";
  /** Drawn on white, whatever the reader's scheme: half of a mail's colours would suit no dark page. */
  readonly coloured: boolean;
  /** The mail has rules of its own for narrow screens. */
  readonly responsive: boolean;
  /** The mail's body reaches the edges of the frame. */
  readonly flush: boolean;
  /** Each block is read in the direction of its first letter, since the mail doesn't say. */
  readonly autoDirection: boolean;
  /** Custom properties of ours: the mail's own pictures, for its styles. Base64 and constants. */
  readonly properties: string;
  /** Remote pictures behind something, as they may stand in `url()`. */
  readonly backgrounds: readonly string[];
};

/** Everything in front of the mail's own head. Of the mail it has pictures and addresses alone, both written anew. */
export function opening(look: Look): string {
  const images = look.remoteImages === "allowed" ? "data: https:" : "data:";
  const classes = [
    look.coloured ? "own" : "plain",
    look.responsive ? "responsive" : "fixed",
    ...(look.flush ? ["flush"] : []),
    ...(look.autoDirection ? ["auto-direction"] : []),
  ];
  return (
    `<!doctype html><html class="${classes.join(" ")}"><head>` +
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src ${images}; ` +
    `style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">` +
    `<meta charset="utf-8"><meta name="referrer" content="no-referrer">` +
    `<meta http-equiv="x-dns-prefetch-control" content="off">` +
    `<meta name="viewport" content="width=device-width"><style>${BASE_CSS}${own(look)}</style>`
  );
}

/** Between the mail's head and its body, and after that. */
export const MIDDLE = "</head>";
export const END = "</html>";

function own({ properties, backgrounds }: Look): string {
  const held = properties === "" ? "" : `\n@layer postern { :root { ${properties} } }`;
  if (backgrounds.length === 0) return held;
  // All of them load, at once and always, whatever the mail's styles hide until something is hovered or wide.
  const images = backgrounds.map((url) => `url("${url}")`).join(", ");
  return (
    `${held}\n@layer postern { html::before { content: "" !important; display: block !important; ` +
    `position: absolute !important; width: 0 !important; height: 0 !important; visibility: visible !important; ` +
    `background-image: ${images} !important; } html { display: block !important; } }`
  );
}

// In a layer: an important rule in a layer beats the mail's own important rules, and its plain ones lose to them.
const BASE_CSS = `
@layer postern {
  html { color-scheme: light; color: #1c1f26; }
  html.plain { color-scheme: light dark; }
  @media (prefers-color-scheme: dark) { html.plain { color: #e4e6ea; } html.plain a { color: #8fb4ff; } }
  body { margin: 0; padding: 16px 24px 24px; font: 14px/1.55 system-ui, sans-serif; overflow-wrap: break-word; }
  img { max-width: 100%; }
  img[src] { height: auto; }
  img[data-postern-held=picture] {
    display: inline-block; box-sizing: border-box; background: #8a8f9a1f; font-size: 12px;
    color: #6b7079; overflow: hidden;
  }
  img[data-postern-held=picture]:not([width]):is(:not([alt]), [alt=""]) { width: 16px; }
  img[data-postern-held=picture]:not([height]):is(:not([alt]), [alt=""]) { height: 16px; }
  img[data-postern-held=picture]:not([style]) { border-radius: 4px; }
  img[data-postern-held=gap] { visibility: hidden !important; }
  img[data-postern-held=speck] { display: none !important; }
  pre { white-space: pre-wrap; }
  blockquote { margin: 8px 0; padding-left: 12px; border-left: 2px solid #8a8f9a55; }
  table { max-width: 100%; }
  html.auto-direction :is(p, div, li, dd, dt, td, th, h1, h2, h3, h4, h5, h6, blockquote, pre, caption, figcaption) {
    unicode-bidi: plaintext; text-align: start;
  }
  a[data-postern-host]::after {
    all: initial !important; content: " [" attr(data-postern-host) "]" !important; display: inline !important;
    color: #b3261e !important; background: #fff !important; font: 600 12px system-ui !important;
  }
  @media (max-width: 640px) {
    body { padding: 12px 16px 24px; }
    /* A table grows with what is in it, so 100% would not bound an image there. */
    img { max-width: calc(100vw - 32px) !important; }
    html.flush img { max-width: 100vw !important; }
    /* As the picture itself will be: lower where it is narrower, but never too low for its words. */
    img[data-postern-held=picture][width][height] { height: auto; overflow: clip; }
    html.fixed [data-postern-wide] { width: auto !important; min-width: 0 !important; }
    html.fixed table[data-postern-wide] { width: 100% !important; }
  }
}`;
