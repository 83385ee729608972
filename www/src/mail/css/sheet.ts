//! A mail's style sheets, read rule by rule and written again: plain rules, and those for a medium or for what the
//! browser supports. Imports, fonts, animations, layers and rules inside of rules are gone.

import { type Token, Tokens } from "./tokens";
import { cleanDeclarations, type Declarations, type Drawing, isMark } from "./values";
import { SELECTOR_FUNCTIONS } from "./words";
import { write } from "./write";

/** A sheet in pieces, so that it can be written for a light frame or a dark one. */
export type Piece =
  | {
      readonly kind: "open";
      readonly name: string;
      readonly prelude: readonly Token[];
      readonly dark: boolean;
    }
  | {
      readonly kind: "rule";
      readonly selectors: Selectors;
      readonly declarations: Declarations;
      readonly media: boolean;
    }
  | { readonly kind: "close" };

export type Selectors = {
  readonly text: string;
  /** What an element must have to be looked at: `.class`, `#id`, `tag`, or `*`. One for each selector of the list. */
  readonly keys: readonly string[];
  /** How often matching walks along an element's siblings. */
  readonly walks: number;
  /** How many characters it looks for within attributes. */
  readonly sought: number;
  /** Matches whatever the reader does: no `:hover` and the like, no part of an element. */
  readonly steady: boolean;
};

/** Reads a sheet, a rule at each step: whoever calls decides when to pause. */
export function* readSheet(text: string, drawing: Drawing): Generator<Piece | null, void> {
  const tokens = new Tokens(text);
  const media: boolean[] = [];
  for (;;) {
    const token = tokens.next();
    if (token.kind === "end") break;
    if (token.kind === "space" || token.kind === "bad") continue;
    if (isMark(token, "}")) {
      if (media.pop() !== undefined) yield CLOSE;
      continue;
    }
    if (token.kind === "at") {
      const opened = atRule(token.text, tokens, media);
      if (opened) {
        media.push(opened.name === "media" || (media.at(-1) ?? false));
        yield opened;
      }
      continue;
    }
    yield plainRule(token, tokens, media, drawing);
  }
  for (const _ of media) yield CLOSE;
}

/** Writes a sheet. Where the frame is not dark, what is meant for a dark one never applies. */
export function writePieces(pieces: readonly Piece[], frame: "light" | "as the reader's"): string {
  return pieces
    .map((piece) => {
      if (piece.kind === "close") return "}";
      if (piece.kind === "rule") return `${piece.selectors.text} { ${piece.declarations.text}; }`;
      const prelude = frame === "light" ? withoutScheme(piece.prelude) : piece.prelude;
      return `@${piece.name} ${write(prelude)} {`;
    })
    .join("\n");
}

function atRule(name: string, tokens: Tokens, open: readonly boolean[]): (Piece & { kind: "open" }) | null {
  const prelude = upToBlock(tokens, true);
  if (!prelude.block) return null;
  const known = name === "media" ? MEDIA_MARKS : name === "supports" ? SUPPORTS_MARKS : null;
  if (!known || open.length >= DEPTH_MAX || !condition(prelude.tokens, known)) {
    skipBlock(tokens);
    return null;
  }
  const dark = name === "media" && prelude.tokens.some((token) => isIdent(token, SCHEME));
  return { kind: "open", name, prelude: prelude.tokens, dark };
}

function plainRule(first: Token, tokens: Tokens, media: boolean[], drawing: Drawing): Piece | null {
  const prelude = upToBlock(tokens, false, first);
  if (!prelude.block) {
    // A brace that closes the rules around, before any of this one opened.
    if (prelude.closed && media.pop() !== undefined) return CLOSE;
    return null;
  }
  const selectors = readSelectors(prelude.tokens);
  if (!selectors) {
    skipBlock(tokens);
    return null;
  }
  const declarations = cleanDeclarations(block(tokens), drawing);
  if (declarations.count === 0) return null;
  return { kind: "rule", selectors, declarations, media: media.length > 0 };
}

type Prelude = { readonly tokens: Token[]; readonly block: boolean; readonly closed: boolean };

function upToBlock(tokens: Tokens, statement: boolean, first?: Token): Prelude {
  const out: Token[] = [];
  for (let token = first ?? tokens.next(); token.kind !== "end"; token = tokens.next()) {
    if (isMark(token, "{")) return { tokens: out, block: true, closed: false };
    if (statement && isMark(token, ";")) break;
    if (isMark(token, "}")) return { tokens: out, block: false, closed: true };
    out.push(token);
    // Too long for a person to have written: the rule is lost, and its end need not be found exactly.
    if (out.length > PRELUDE_MAX) tokens.skipTo("{");
  }
  return { tokens: out, block: false, closed: false };
}

function block(tokens: Tokens): Token[] {
  const out: Token[] = [];
  let depth = 0;
  for (let token = tokens.next(); token.kind !== "end"; token = tokens.next()) {
    if (isMark(token, "{")) depth += 1;
    if (isMark(token, "}")) {
      if (depth === 0) break;
      depth -= 1;
    }
    out.push(token);
    if (out.length > BLOCK_MAX) tokens.skipTo("}");
  }
  return out;
}

function skipBlock(tokens: Tokens): void {
  let depth = 1;
  let count = 0;
  for (let token = tokens.next(); token.kind !== "end"; token = tokens.next()) {
    if (isMark(token, "{")) depth += 1;
    if (isMark(token, "}")) depth -= 1;
    count += 1;
    if (depth === 0 || count > BLOCK_MAX) return;
  }
}

/** Whether a condition is made of words, numbers, brackets and these marks alone. */
function condition(tokens: readonly Token[], marks: ReadonlySet<string>): boolean {
  if (tokens.length > CONDITION_MAX || !balanced(tokens)) return false;
  return tokens.every(
    (token) =>
      token.kind === "ident" ||
      token.kind === "number" ||
      token.kind === "hash" ||
      token.kind === "space" ||
      (token.kind === "mark" && marks.has(token.text)) ||
      (token.kind === "function" && (token.text === "not" || token.text === "calc" || token.text === "and")),
  );
}

/** `(prefers-color-scheme: dark)` as what is never true, and `light` as what always is. */
function withoutScheme(prelude: readonly Token[]): Token[] {
  const out: Token[] = [];
  for (let at = 0; at < prelude.length; at += 1) {
    const token = prelude[at];
    if (!token) continue;
    if (!isIdent(token, SCHEME)) {
      out.push(token);
      continue;
    }
    let end = at + 1;
    while (prelude[end] && !isMark(prelude[end], ")")) end += 1;
    const dark = prelude.slice(at + 1, end).some((word) => isIdent(word, "dark"));
    out.push(
      { kind: "ident", text: "min-width" },
      { kind: "mark", text: ":" },
      { kind: "number", text: dark ? "9999999" : "0", unit: "px" },
    );
    at = end - 1;
  }
  return out;
}

/** What a browser's selector would match, as far as it says what the match costs; null where the rule can't stay. */
function readSelectors(tokens: readonly Token[]): Selectors | null {
  if (tokens.length > SELECTOR_TOKENS_MAX) return null;
  const keys: string[] = [];
  let steady = true;
  let depth = 0;
  let from = 0;
  if (!balanced(tokens)) return null;
  for (let at = 0; at <= tokens.length; at += 1) {
    const token = tokens[at];
    if (!token || (depth === 0 && isMark(token, ","))) {
      const one = rightmost(tokens.slice(from, at));
      if (one === null) return null;
      keys.push(one);
      from = at + 1;
      continue;
    }
    if (!inSelector(token, depth)) return null;
    if (token.kind === "function" || isMark(token, "(") || isMark(token, "[")) depth += 1;
    if (isMark(token, ")") || isMark(token, "]")) depth -= 1;
    if (depth > 4) return null;
    const pseudo = isMark(tokens[at - 1], ":") && token.kind === "ident";
    if (token.kind === "function" || (pseudo && !STEADY.has(token.text.toLowerCase()))) steady = false;
  }
  const text = write(tokens);
  if (text === "" || keys.length > SELECTORS_MAX) return null;
  // No browser remembers a place among those `of` a kind.
  const walks =
    tokens.filter((token, at) => isWalk(token, tokens[at + 1])).length +
    (text.match(/:nth-[\w-]+\([^()]* of /gi) ?? []).length;
  return { text, keys, steady, walks, sought: sought(tokens) };
}

/** `a ~ b`, not `[a~=b]`. */
function isWalk(token: Token, next: Token | undefined): boolean {
  return isMark(token, "~") && !isMark(next, "=");
}

/** Of `[a*=b]` and `[a~=b]`: what begins or ends with something is found at once. */
function sought(tokens: readonly Token[]): number {
  let sum = 0;
  for (const [at, token] of tokens.entries()) {
    const searches = (isMark(token, "*") || isMark(token, "~")) && isMark(tokens[at + 1], "=");
    const [first, second] = tokens.slice(at + 2, at + 4);
    const value = first?.kind === "space" ? second : first;
    if (searches && (value?.kind === "string" || value?.kind === "ident")) sum += value.text.length;
  }
  return sum;
}

/** Whether every bracket is closed by its own kind: one that isn't would take the rules after it along. */
function balanced(tokens: readonly Token[]): boolean {
  const open: string[] = [];
  for (const token of tokens) {
    if (token.kind === "function") open.push(")");
    else if (isMark(token, "(")) open.push(")");
    else if (isMark(token, "[")) open.push("]");
    else if ((isMark(token, ")") || isMark(token, "]")) && open.pop() !== textOf(token)) return false;
  }
  return open.length === 0;
}

function inSelector(token: Token, depth: number): boolean {
  switch (token.kind) {
    case "ident":
    case "hash":
    case "space":
      return true;
    case "string":
      return depth > 0;
    case "number":
      return depth > 0 && /^(?:|n|n-\d{1,4})$/.test(token.unit);
    case "function":
      return SELECTOR_FUNCTIONS.has(token.text);
    case "mark":
      return SELECTOR_MARKS.has(token.text);
    default:
      return false;
  }
}

/**
 * The part of the last compound by which browsers find the rule: an id, else a class, else a tag, else everything.
 * Null where too many compounds stand before it: each is another way up the tree.
 */
function rightmost(tokens: readonly Token[]): string | null {
  let best = "*";
  let compounds = 0;
  let depth = 0;
  let separated = true;
  for (const [at, token] of tokens.entries()) {
    const combinator = depth === 0 && (token.kind === "space" || COMBINATORS.has(textOf(token)));
    if (combinator) {
      separated = true;
      continue;
    }
    if (separated) {
      compounds += 1;
      best = "*";
      separated = false;
    }
    if (token.kind === "function" || isMark(token, "(") || isMark(token, "[")) depth += 1;
    else if (isMark(token, ")") || isMark(token, "]")) depth -= 1;
    else if (depth === 0) best = better(best, key(token, tokens[at - 1]));
  }
  return compounds > COMPOUNDS_MAX ? null : best;
}

function key(token: Token, before: Token | undefined): string {
  if (token.kind === "hash") return `#${token.text}`;
  if (token.kind !== "ident" || isMark(before, ":")) return "*";
  return isMark(before, ".") ? `.${token.text}` : token.text.toLowerCase();
}

function better(one: string, other: string): string {
  const rank = (text: string) => (text === "*" ? 0 : text[0] === "#" ? 3 : text[0] === "." ? 2 : 1);
  return rank(other) > rank(one) ? other : one;
}

function textOf(token: Token): string {
  return token.kind === "mark" ? token.text : "";
}

function isIdent(token: Token, text: string): boolean {
  return token.kind === "ident" && token.text.toLowerCase() === text;
}

const CLOSE: Piece = { kind: "close" };
const SCHEME = "prefers-color-scheme";

const MEDIA_MARKS: ReadonlySet<string> = new Set(["(", ")", ":", ",", "<", ">", "=", "/"]);
const SUPPORTS_MARKS: ReadonlySet<string> = new Set(["(", ")", ":", ",", "/", "-"]);
const SELECTOR_MARKS: ReadonlySet<string> = new Set([
  ...[".", ",", ":", ">", "+", "~", "*", "[", "]", "(", ")", "=", "^", "$", "|", "-"],
]);
const COMBINATORS: ReadonlySet<string> = new Set([">", "+", "~"]);
// Pseudo-classes that hold whatever the reader does.
const STEADY: ReadonlySet<string> = new Set([
  "root",
  "first-child",
  "last-child",
  "only-child",
  "link",
  "any-link",
]);

const DEPTH_MAX = 12;
const PRELUDE_MAX = 4_000;
const SELECTOR_TOKENS_MAX = 3_000;
const SELECTORS_MAX = 256;
const COMPOUNDS_MAX = 10;
const CONDITION_MAX = 120;
const BLOCK_MAX = 20_000;
