//! Plain text mail in pieces that a view can draw as text nodes: paragraphs, quotes to fold, the signature.
//!
//! A mail may be a megabyte of anything. Every scan here is linear in its text, and the whole is never cut up at once:
//! blocks and chunks come one at a time, as they are drawn (text-drawing.ts).

/** A run of lines of one kind. */
export type Block = {
  readonly kind: "text" | "quote" | "signature";
  readonly text: string;
};

/**
 * Cuts a text where quoting begins and ends, and at the signature. Blocks of nothing but blank lines are left out. Past
 * BLOCKS_MAX the rest is one block of text, with its ">" as they are.
 */
export function* blocks(text: string): Generator<Block> {
  let kind: Block["kind"] | null = null;
  let from = 0;
  let count = 0;
  for (let at = 0; at <= text.length; ) {
    const end = lineEnd(text, at);
    const next: Block["kind"] = kind === "signature" ? kind : kindOf(text, at, end);
    if (next !== kind) {
      count += 1;
      if (count > BLOCKS_MAX) {
        if (kind !== null) yield* block(kind, text.slice(from, at));
        yield* block("text", text.slice(at));
        return;
      }
      if (kind !== null) yield* block(kind, text.slice(from, at));
      kind = next;
      from = at;
    }
    at = end + 1;
  }
  if (kind !== null) yield* block(kind, text.slice(from));
}

/** Whether anything of the text is the sender's own: a message that is nothing but a quote is shown, not folded away. */
export function hasOwnText(text: string): boolean {
  for (const { kind } of blocks(text)) if (kind === "text") return true;
  return false;
}

/**
 * Cuts a block's text into runs of whole lines that a browser lays out quickly: some 4,000 characters and 200 lines each.
 * A line that is longer than any that a person writes is cut too, at a space where it has one.
 */
export function* chunks(text: string): Generator<string> {
  let from = 0;
  while (from < text.length) {
    const end = chunkEnd(text, from);
    yield* tamed(text.slice(from, end));
    // What stands between two chunks is a line break of their own; where a long line was cut, nothing.
    from = text[end] === "\n" ? end + 1 : end;
  }
}

/** Letters under heaps of marks are laid out in time that grows with the square of the heap, so a heap is cut. */
function* tamed(chunk: string): Generator<string> {
  if (!HEAP.test(chunk)) {
    yield chunk;
    return;
  }
  for (let from = 0; from < chunk.length; ) {
    const limit = from + HEAP_MAX;
    const end = isLowSurrogate(chunk.charCodeAt(limit)) ? limit + 1 : limit;
    yield chunk.slice(from, end);
    from = end;
  }
}

function chunkEnd(text: string, from: number): number {
  let end = from;
  let spared = 0;
  for (let at = from, lines = 0; at < text.length; lines += 1) {
    const line = lineEnd(text, at);
    if (line - from > LINE_MAX) return at > from ? at - 1 : cut(text, from);
    const full = lines > 0 && (line - from > CHUNK || lines >= CHUNK_LINES);
    // An address in angle brackets may go on over some lines: it is not torn apart.
    if (full && (spared >= SPARED_MAX || !isOpen(text, from, at))) break;
    if (full) spared += 1;
    end = line;
    at = line + 1;
  }
  return end;
}

/** A long line ends at the last space before its limit, and never inside a character. */
function cut(text: string, from: number): number {
  const limit = from + LINE_MAX;
  const space = text.lastIndexOf(" ", limit);
  if (space > from + LINE_MAX / 2) return space + 1;
  return isLowSurrogate(text.charCodeAt(limit)) ? limit + 1 : limit;
}

/** Whether a `<` before this line still waits for its `>`. */
function isOpen(text: string, from: number, at: number): boolean {
  const near = text.slice(Math.max(from, at - BRACKETS_MAX), at);
  return near.lastIndexOf("<") > near.lastIndexOf(">");
}

function kindOf(text: string, at: number, end: number): Block["kind"] {
  if (text[at] === ">") return "quote";
  // "-- " and nothing more (RFC 3676 section 4.3).
  return end - at === 3 && text.startsWith("-- ", at) ? "signature" : "text";
}

function* block(kind: Block["kind"], text: string): Generator<Block> {
  const kept = trimmed(text);
  if (kept !== "") yield { kind, text: kept };
}

/** Without blank lines before and behind; what indents the first line stays. By hand: `\s+$` would be quadratic. */
function trimmed(text: string): string {
  const end = text.trimEnd().length;
  let from = 0;
  for (let at = 0; at < end; at += 1) {
    const char = text[at];
    if (char === "\n") from = at + 1;
    else if (char !== " " && char !== "\t") break;
  }
  return text.slice(from, end);
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}

/**
 * A browser looks at every closed fold of a page each time that it draws anything. The longest digests of mailing lists
 * that we know have some 300 blocks.
 */
const BLOCKS_MAX = 1_000;
const HEAP = /\p{M}{32}/u;
const HEAP_MAX = 256;
const CHUNK = 4_096;
const CHUNK_LINES = 200;
/** A longer line is cut: a browser lays out one line as a whole. */
const LINE_MAX = 8_192;
/** As far as an address in brackets may reach, and over how many lines. */
const BRACKETS_MAX = 4_096;
const SPARED_MAX = 8;
