//! Judges a declaration by its tokens. What a browser would read back is never asked: it reads nothing back where a
//! `var()` stands, and shows the address behind it all the same.

import { type Token, Tokens } from "./tokens";
import { COLOURLESS, COLOURS, FUNCTIONS, PICTURED, PROPERTIES } from "./words";
import { write } from "./write";

/** What a style may draw on, and what was found in it. */
export type Drawing = {
  /** The custom property of ours that holds this picture of the mail's own; null where it has none. */
  picture(address: string): string | null;
  /** Custom properties so far that name more than one other: each doubles what the next one may come to. */
  doubling: number;
};

/** Declarations, cleaned. */
export type Declarations = {
  readonly text: string;
  readonly count: number;
  /** Sets a colour of its own. */
  readonly coloured: boolean;
  /** Sets or reads the direction of text. */
  readonly directed: boolean;
};

/** One `style` attribute. */
export function cleanStyle(text: string, drawing: Drawing): Declarations {
  const tokens = new Tokens(text);
  const all: Token[] = [];
  for (let token = tokens.next(); token.kind !== "end"; token = tokens.next()) all.push(token);
  return cleanDeclarations(all, drawing);
}

/** What stands between a rule's braces. */
export function cleanDeclarations(tokens: readonly Token[], drawing: Drawing): Declarations {
  const out: string[] = [];
  let coloured = false;
  let directed = false;
  for (let at = 0; at < tokens.length; ) {
    const end = endOfDeclaration(tokens, at);
    const found = out.length < DECLARATIONS_MAX ? declaration(tokens.slice(at, end), drawing) : null;
    if (found) {
      out.push(`${found.name}: ${found.value}`);
      coloured ||= found.coloured;
      directed ||= found.name === "direction" || found.name === "unicode-bidi";
    }
    at = end + 1;
  }
  return { text: out.join("; "), count: out.length, coloured, directed };
}

type Declaration = { readonly name: string; readonly value: string; readonly coloured: boolean };

function declaration(tokens: readonly Token[], drawing: Drawing): Declaration | null {
  let at = skipSpace(tokens, 0);
  const first = tokens[at];
  if (first?.kind !== "ident") return null;
  const custom = first.text.startsWith("--");
  const name = custom ? first.text : first.text.toLowerCase();
  at = skipSpace(tokens, at + 1);
  if (!isMark(tokens[at], ":")) return null;
  const { value, important } = withoutImportance(tokens.slice(at + 1));
  if (value.length === 0 || value.length > TOKENS_MAX) return null;
  // Names of ours hold pictures; nobody else sets them.
  if (custom ? name.startsWith(OURS) : !PROPERTIES.has(name)) return null;
  const judged = new Value(name, value, drawing).judge();
  if (judged === null || (custom && !harmlessCustom(value, drawing))) return null;
  const words = value.filter((token) => token.kind !== "space");
  const coloured =
    COLOURS.has(name) &&
    words.some((token) => token.kind !== "ident" || !COLOURLESS.has(token.text.toLowerCase()));
  return { name: custom ? write([first]) : name, value: judged + (important ? " !important" : ""), coloured };
}

/** One value, token by token. */
class Value {
  readonly #name: string;
  readonly #tokens: readonly Token[];
  readonly #drawing: Drawing;
  readonly #open: string[] = [];
  readonly #out: Token[] = [];
  #commas = 0;
  #layers = 1;

  constructor(name: string, tokens: readonly Token[], drawing: Drawing) {
    this.#name = name;
    this.#tokens = tokens;
    this.#drawing = drawing;
  }

  /** The value as it may stand; null where any of it may not. */
  judge(): string | null {
    for (let at = 0; at < this.#tokens.length; ) {
      const taken = this.#token(at);
      if (taken === 0) return null;
      at += taken;
    }
    // At the end of a style, a browser closes what is open.
    for (const open of this.#open.toReversed()) this.#out.push(mark(open === "[" ? "]" : ")"));
    if (LAYERED.test(this.#name) && this.#layers > LAYERS_MAX) return null;
    return this.#commas > (LISTS.get(this.#name) ?? COMMAS_MAX) ? null : write(this.#out);
  }

  /** How many tokens were read; 0 where this one can't stay. */
  #token(at: number): number {
    const token = this.#tokens[at];
    switch (token?.kind) {
      case "string":
        if (token.text.length > (TEXTS.has(this.#name) ? TEXT_MAX : STRING_MAX)) return 0;
        this.#out.push(token);
        return 1;
      case "ident":
      case "hash":
      case "space":
        this.#out.push(token);
        return 1;
      case "number":
        if (!this.#bounded(token)) return 0;
        this.#out.push(token);
        return 1;
      case "url":
        return this.#address(token.text) ? 1 : 0;
      case "function":
        if (token.text === "url") return this.#quotedAddress(at);
        if (!FUNCTIONS.has(token.text) || this.#open.length >= DEPTH_MAX) return 0;
        if (token.text === "var" && (this.#namesOurs(at) || TEXTS.has(this.#name))) return 0;
        this.#open.push(token.text);
        this.#out.push(token);
        return 1;
      case "mark":
        return this.#mark(token) ? 1 : 0;
      default:
        return 0;
    }
  }

  #mark(token: Token & { kind: "mark" }): boolean {
    if (token.text === "(" || token.text === "[") {
      if (this.#open.length >= DEPTH_MAX) return false;
      this.#open.push(token.text);
    } else if (token.text === ")" || token.text === "]") {
      const open = this.#open.pop();
      if (open === undefined || (open === "[") !== (token.text === "]")) return false;
    } else if (token.text === ",") {
      this.#commas += 1;
      if (this.#open.length === 0) this.#layers += 1;
    } else if (!VALUE_MARKS.has(token.text)) return false;
    this.#out.push(token);
    return true;
  }

  /** `url("…")`: a string, and nothing else until the bracket. */
  #quotedAddress(at: number): number {
    const from = skipSpace(this.#tokens, at + 1);
    const address = this.#tokens[from];
    const to = skipSpace(this.#tokens, from + 1);
    const end = this.#tokens[to];
    if (address?.kind !== "string" || (end && !isMark(end, ")"))) return 0;
    return this.#address(address.text) ? to + 1 - at : 0;
  }

  /** A picture of the mail's own is drawn; of any other, nothing is left but the rest of the value. */
  #address(address: string): boolean {
    if (!PICTURED.has(this.#name)) return false;
    const ours = this.#drawing.picture(address);
    if (ours === null) this.#out.push({ kind: "ident", text: "none" });
    else this.#out.push({ kind: "function", text: "var" }, { kind: "ident", text: ours }, mark(")"));
    return true;
  }

  #namesOurs(at: number): boolean {
    const name = this.#tokens[skipSpace(this.#tokens, at + 1)];
    return name?.kind !== "ident" || !name.text.startsWith("--") || name.text.startsWith(OURS);
  }

  #bounded(token: Token & { kind: "number" }): boolean {
    if (!UNIT.test(token.unit)) return false;
    const size = Math.abs(Number(token.text));
    if (this.#open.at(-1) === "repeat" && token.unit === "") return size <= REPEAT_MAX;
    if (COLUMNS.has(this.#name)) {
      if (token.unit === "") return size <= REPEAT_MAX;
      return size <= LENGTH_MAX && size >= (token.unit === "px" ? COLUMN_MIN : COLUMN_MIN / 10);
    }
    if (this.#name === "font" && token.unit === "") return size <= 1_000;
    if (FONTS.has(this.#name))
      return size <= (RELATIVE.test(token.unit) ? 30 : token.unit === "%" ? 3_000 : 1_000);
    if (SHADOWS.has(this.#name)) return size <= SHADOW_MAX;
    return token.unit === "" || size <= LENGTH_MAX;
  }
}

/** A custom property that names two others can double with each step: a few are a design, many are a bomb. */
function harmlessCustom(value: readonly Token[], drawing: Drawing): boolean {
  const named = value.filter((token) => token.kind === "function" && token.text === "var").length;
  if (named > 1) drawing.doubling += 1;
  return named <= 4 && (named <= 1 || drawing.doubling <= DOUBLING_MAX);
}

function withoutImportance(tokens: readonly Token[]): { value: readonly Token[]; important: boolean } {
  const words = tokens.map((_, at) => at).filter((at) => tokens[at]?.kind !== "space");
  const [last, before] = [words.at(-1) ?? -1, words.at(-2) ?? -1];
  const word = tokens[last];
  const important =
    word?.kind === "ident" && word.text.toLowerCase() === "important" && isMark(tokens[before], "!");
  const value = important ? tokens.slice(0, before) : tokens.slice(0, last + 1);
  return { value: value.slice(skipSpace(value, 0)), important };
}

/** Where the next semicolon outside of brackets is. What has braces is no declaration, and ends after them. */
function endOfDeclaration(tokens: readonly Token[], from: number): number {
  let depth = 0;
  for (let at = from; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token?.kind === "function") depth += 1;
    if (token?.kind !== "mark") continue;
    if (token.text === ";" && depth === 0) return at;
    if (OPENING.has(token.text)) depth += 1;
    if (CLOSING.has(token.text)) {
      depth = Math.max(0, depth - 1);
      if (token.text === "}" && depth === 0) return at;
    }
  }
  return tokens.length;
}

/** How often a box with these declarations lays out what is in it, beyond once. Columns try heights until one fits. */
export function flexibility(declarations: string): number {
  if (
    /(?:^|; )(?:columns|column-count|column-width): (?!(?:auto|1)(?: auto| 1)?(?: !|;|$))/i.test(declarations)
  )
    return 4;
  return /(?:^|; )display: [^;]*(?:flex|grid|box|var\()/i.test(declarations) ? 1 : 0;
}

/** Whether the box is as high as a part of what is around it: a table measures its cells anew for each of these. */
export function stretched(declarations: string): boolean {
  return /(?:^|; )(?:min-)?(?:height|block-size): (?:[\d.]+%|[^;]*(?:calc|var)\()/i.test(declarations);
}

/** Whether the box is a table or a cell, or may be. */
export function tabular(declarations: string): boolean {
  return /(?:^|; )display: (?:[^;]*table|var\()/i.test(declarations);
}

export function skipSpace(tokens: readonly Token[], from: number): number {
  let at = from;
  while (tokens[at]?.kind === "space") at += 1;
  return at;
}

export function isMark(token: Token | undefined, text: string): boolean {
  return token?.kind === "mark" && token.text === text;
}

function mark(text: string): Token {
  return { kind: "mark", text };
}

/** How the custom properties of ours begin that hold the mail's own pictures. */
export const OURS = "--postern-";

const OPENING: ReadonlySet<string> = new Set(["(", "[", "{"]);
const CLOSING: ReadonlySet<string> = new Set([")", "]", "}"]);
const VALUE_MARKS: ReadonlySet<string> = new Set(["/", "*", "+", "-", "%"]);

const FONTS: ReadonlySet<string> = new Set([
  "font",
  "font-size",
  "line-height",
  "letter-spacing",
  "word-spacing",
]);
const SHADOWS: ReadonlySet<string> = new Set(["box-shadow", "text-shadow", "-webkit-box-shadow"]);
const COLUMNS: ReadonlySet<string> = new Set(["column-count", "column-width", "columns"]);
// What may put text of its own into a mail, once for each element: how much, nobody knows where it comes by `var()`.
const TEXTS: ReadonlySet<string> = new Set([
  "content",
  "quotes",
  "list-style",
  "list-style-type",
  "text-overflow",
]);
// Drawn one over the other, for each element.
const LAYERED = /shadow$|^background/;
const LISTS: ReadonlyMap<string, number> = new Map([
  ["box-shadow", 40],
  ["text-shadow", 40],
]);

const UNIT = /^(?:[a-z]{0,5}|%)$/;
const RELATIVE = /^(?:r?em|r?ex|r?ch|ic|r?lh|v[a-z]{1,3}|[sld]v[a-z]{1,3}|)$/;

const DECLARATIONS_MAX = 200;
const TOKENS_MAX = 600;
const DEPTH_MAX = 16;
const COMMAS_MAX = 200;
const REPEAT_MAX = 24;
const LENGTH_MAX = 20_000;
const DOUBLING_MAX = 8;
/** Characters of one string, and of one that is drawn. */
const STRING_MAX = 1_000;
const TEXT_MAX = 200;
const LAYERS_MAX = 6;
/** Pixels of a shadow, in any direction. */
const SHADOW_MAX = 100;
/** The narrowest column, in pixels. */
const COLUMN_MIN = 40;
