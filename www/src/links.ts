//! Finds the addresses in plain text that a reader may follow.
//!
//! Where an address ends is a matter of habit: a sentence's own punctuation stands behind it, in any script, and brackets
//! and quotation marks around it. Too long is as wrong as too short, since then another page opens.
//! One pass from left to right; every scan is bounded or goes on where the last one ended, so that a megabyte costs what
//! its length says.

/** A piece of a text: as it is shown, and where it leads if it is a link. */
export type Piece = { readonly text: string; readonly link: string | null };

/** Cuts a text into links and what stands between them. Joined again, the pieces are the text. */
export function pieces(text: string): Piece[] {
  const out: Piece[] = [];
  let from = 0;
  let line = 0;
  let nextLine = lineAfter(text, 0);
  const start = new RegExp(START);
  for (let match = start.exec(text); match; match = start.exec(text)) {
    for (; nextLine <= match.index; nextLine = lineAfter(text, nextLine)) line = nextLine;
    const found = candidate(text, match[0], { at: match.index, from, quoted: text[line] === ">" });
    if (found.link !== null) {
      if (found.from > from) out.push({ text: text.slice(from, found.from), link: null });
      out.push({ text: text.slice(found.from, found.to), link: found.link });
      from = found.to;
    }
    start.lastIndex = Math.max(found.to, match.index + 1);
  }
  if (from < text.length) out.push({ text: text.slice(from), link: null });
  return out;
}

function lineAfter(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? Number.POSITIVE_INFINITY : end + 1;
}

/** The host that a link really leads to, letters of other alphabets spelled out (`xn--…`); none for an address. */
export function host(link: string): string | null {
  return URL.parse(link)?.host || null;
}

/** Where an address in plain text may lead. */
const SCHEMES: ReadonlySet<string> = new Set(["http:", "https:", "mailto:"]);

/** What was looked at, and where it leads; without a link the search goes on behind it. */
type Found = { readonly from: number; readonly to: number; readonly link: string | null };

/** Where to look: from here, not before the end of the last link, and on a line that is quoted or not. */
type Spot = { readonly at: number; readonly from: number; readonly quoted: boolean };

function candidate(text: string, start: string, { at, from, quoted }: Spot): Found {
  if (start === "@") return mailAddress(text, at, from);
  if (start === "<") return inAngleBrackets(text, at, quoted);
  if (at > 0 && WORD.test(text[at - 1] ?? "")) return { from: at, to: at + start.length, link: null };
  return address(text, at);
}

/** `https://…`, `www.…` or `mailto:…`, up to what can't belong to it. */
function address(text: string, at: number): Found {
  const run = matchAt(RUN, text, at);
  // Whatever is longer is no address that a person was meant to follow, and a part of it would lead elsewhere.
  if (run.length > ADDRESS_MAX) return { from: at, to: at + run.length, link: null };
  const found = withoutTail(closed(withoutForeignTail(run), text[at - 1]), text[at - 1]);
  const link = target(found);
  return { from: at, to: at + (link === null ? run.length : found.length), link };
}

/** `<https://…>` and `<URL:https://…>`, where line breaks inside don't count (RFC 3986 appendix C). */
function inAngleBrackets(text: string, at: number, quoted: boolean): Found {
  const none = { from: at, to: at + 1, link: null };
  const from = at + matchAt(OPENING, text, at).length;
  if (from === at) return none;
  let joined = "";
  let lines = 0;
  for (let next = from; lines < BRACKET_LINES; lines += 1) {
    const part = matchAt(BRACKET_PART, text, next);
    joined += part.trim();
    next += part.length;
    if (text[next] === ">") {
      // On one line it is found like any other address.
      const whole = lines > 0 && joined.length <= ADDRESS_MAX && matchAt(RUN, joined, 0) === joined;
      const link = whole ? target(joined) : null;
      return link === null ? none : { from, to: next, link };
    }
    if (text[next] !== "\n") return none;
    next += 1 + (quoted ? matchAt(QUOTE_MARKS, text, next + 1).length : 0);
  }
  return none;
}

/** `someone@example.org`, from its `@` to both sides. */
function mailAddress(text: string, at: number, from: number): Found {
  const none = { from: at, to: at + 1, link: null };
  let first = at;
  while (first > from && at - first <= LOCAL_MAX && LOCAL.test(text[first - 1] ?? "")) first -= 1;
  while (first < at && !LOCAL_FIRST.test(text[first] ?? "")) first += 1;
  const domain = withoutForeignTail(matchAt(DOMAIN, text, at + 1));
  if (first === at || at - first > LOCAL_MAX || domain.length > DOMAIN_MAX || !domain.includes("."))
    return none;
  const to = at + 1 + domain.length;
  // Who signs in by an address of another scheme is no recipient: `ftp://someone:password@example.org`.
  const near = text.slice(Math.max(0, first - LOCAL_MAX), first);
  const slashes = near.lastIndexOf("//");
  if (slashes >= 0 && !/\s/.test(near.slice(slashes))) return none;
  return { from: first, to, link: `mailto:${text.slice(first, to)}` };
}

/** No domain's last label goes on in another script: `example.orgをご覧` ends before the を. */
function withoutForeignTail(found: string): string {
  const scheme = matchAt(SCHEME, found, 0).length;
  const path = found.slice(scheme).search(/[/?#]/);
  const name = path < 0 ? found : found.slice(0, scheme + path);
  const label = name.slice(name.lastIndexOf(".") + 1);
  const latin = matchAt(LATIN, label, 0).length;
  if (latin === 0 || !SPACELESS.test(label[latin] ?? "")) return found;
  return name.slice(0, name.length - label.length + latin);
}

/** An address right behind an opening bracket ends before the one that closes it. */
function closed(found: string, before: string | undefined): string {
  const close = PAIRS.get(before ?? "");
  if (!close || !before) return found;
  let depth = 0;
  for (let at = 0; at < found.length; at += 1) {
    if (found[at] === before) depth += 1;
    else if (found[at] === close) {
      if (depth === 0) return found.slice(0, at);
      depth -= 1;
    }
  }
  return found;
}

/** Full stops and brackets behind an address belong to the sentence; a bracket that it opened belongs to it. */
function withoutTail(found: string, before: string | undefined): string {
  const open = new Map([...PAIRS].map(([opening, closing]) => [closing, excess(found, opening, closing)]));
  let end = found.length;
  while (end > 0) {
    const last = found[end - 1] ?? "";
    const missing = open.get(last);
    // As many closing ones as it opened are its own.
    if (missing !== undefined && missing >= 0) break;
    if (missing === undefined && !TAIL.includes(last) && !(last === before && EMPHASIS.includes(last))) break;
    if (missing !== undefined) open.set(last, missing + 1);
    end -= 1;
  }
  return found.slice(0, end);
}

function excess(text: string, opening: string, closing: string): number {
  return text.split(opening).length - text.split(closing).length;
}

function target(found: string): string | null {
  const url = URL.parse(/^www\./i.test(found) ? `https://${found}` : found);
  if (!url || !SCHEMES.has(url.protocol)) return null;
  return url.protocol !== "mailto:" || url.pathname.includes("@") ? url.href : null;
}

function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? "";
}

// Punctuation of other scripts that addresses do contain: titles with dashes, apostrophes, middle dots, abbreviations.
const INNER = "\\u00a7\\u00b7\\u2010-\\u2013\\u2018\\u2019\\u2027\\u30fb\\u05be\\u05f3\\u05f4";
// What no address goes on over: spaces, controls, invisible characters (the joiners aside, which Indic and Arabic words
// need), quotation marks, other scripts' punctuation, full-width forms, arrows and frames.
const ENDS =
  `[\\s\\p{Z}\\p{Cc}<>"\`]|(?![\\u200c\\u200d])\\p{Cf}|(?![\\p{ASCII}${INNER}])\\p{P}|` +
  "[\\uff01-\\uff0f\\uff1a-\\uff20\\uff3b-\\uff40\\uff5b-\\uff65\\uffe0-\\uffee\\u2190-\\u21ff\\u226a\\u226b\\u2500-\\u25ff\\u2605\\u2606]";
const RUN = new RegExp(`(?:(?!${ENDS})[^])*`, "uy");

const START = /https?:\/\/|www\.|mailto:|@|</gi;
const SCHEME = /(?:https?:\/\/|mailto:)?/iy;
const OPENING = /<(?:URL:)?(?=https?:\/\/|www\.|mailto:)/iy;
const BRACKET_PART = /[^<>\n]*/y;
const QUOTE_MARKS = /[ \t]*(?:>[ \t]*)*/y;
const LATIN = /[\w-]*/y;

const WORD = /[A-Za-z0-9]/;
// Scripts that are written without spaces: a name before an `@` does not begin where the sentence did.
const SPACELESS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}ー々〆]/u;
const LOCAL = new RegExp(`(?!${SPACELESS.source})[\\p{L}\\p{M}\\p{N}._+'~-]`, "u");
const LOCAL_FIRST = /[\p{L}\p{N}_]/u;
const DOMAIN = /[\p{L}\p{N}][\p{L}\p{M}\p{N}-]*(?:\.[\p{L}\p{N}][\p{L}\p{M}\p{N}-]*)*/uy;

const PAIRS: ReadonlyMap<string, string> = new Map([
  ["(", ")"],
  ["[", "]"],
  ["{", "}"],
  ["‘", "’"],
]);
const TAIL = ".,;:!?'\\|…’・·‧";
// `*https://…*` and `_https://…_`.
const EMPHASIS = "*_~";

const ADDRESS_MAX = 16_384;
const LOCAL_MAX = 64;
const DOMAIN_MAX = 255;
/** An address over more lines than these is none. */
const BRACKET_LINES = 8;
