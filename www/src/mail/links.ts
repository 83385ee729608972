//! Where a link in an HTML mail leads, if anywhere.

/** A link's address, ready to be followed. */
export type Target =
  | { readonly kind: "out"; readonly url: URL }
  /** To a place in the same mail. */
  | { readonly kind: "inside"; readonly fragment: string };

/** Reads an `href`; null where it leads nowhere that a reader could want. */
export function target(href: string, base: string | null): Target | null {
  // As a browser reads it: without line breaks and tabs, and without spaces at its ends.
  const text = href.replace(/[\t\n\r]/g, "").trim();
  if (text.startsWith("#")) return { kind: "inside", fragment: text.slice(1) };
  const url = URL.parse(withScheme(text)) ?? (base === null ? null : URL.parse(text, base));
  if (!url || !SCHEMES.has(url.protocol)) return null;
  if (base !== null && url.hash !== "" && sameButHash(url, base))
    return { kind: "inside", fragment: url.hash.slice(1) };
  return { kind: "out", url };
}

/** What the reader is told a link leads to. */
export function place(url: URL): string {
  return url.host || decoded(url.pathname);
}

/** The host that a link's text names, if it is written as one. */
export function namedHost(text: string): string | null {
  return text.length > 2_048 ? null : (HOST.exec(text.replace(INVISIBLE, ""))?.[1] ?? null);
}

/** Whether a host is the one that was named, or below it. */
export function within(host: string, named: string): boolean {
  const domain = URL.parse(`https://${named}`)?.host.replace(/^www\./, "");
  return domain !== undefined && `.${host}`.endsWith(`.${domain}`);
}

/** People leave the scheme out, and `//` takes that of the page, which a mail has not. */
function withScheme(text: string): string {
  if (/^[\\/]{2}[^\\/]/.test(text)) return `https:${text}`;
  return BARE.test(text) ? `https://${text}` : text;
}

function sameButHash(url: URL, base: string): boolean {
  return url.href.slice(0, -url.hash.length) === base.replace(/#.*/, "");
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** `tel:` and its like open an application, after the reader's word; nothing is asked for while the mail is shown. */
const SCHEMES: ReadonlySet<string> = new Set([
  ...["http:", "https:", "mailto:", "tel:", "sms:", "webcal:", "geo:", "xmpp:"],
]);

// `www.…`, or a name with a path behind it whose last label is no ending of a file.
const BARE =
  /^(?:www\.[^\s/]+\.[^\s]+|(?:[\p{L}\p{N}-]+\.)+(?!(?:html?|php|aspx?|jsp|gif|png|jpe?g)\/)\p{L}{2,}\/\S*)$/iu;
const HOST = /^\s*(?:https?:\/\/)?((?:[\p{L}\p{N}-]+\.)+\p{L}{2,})(?:[/:?#]\S*)?\s*$/iu;
const INVISIBLE = /\p{Cf}/gu;
