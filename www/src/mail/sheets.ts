//! A mail's style sheets: read in slices, weighed, and written for the frame that they are for.

import type { Findings } from "./copy";
import { type Piece, readSheet, writePieces } from "./css/sheet";
import { type Drawing, flexibility, OURS, stretched, tabular } from "./css/values";
import { FLEXIBLE_MAX, FLOATS_MAX, GENERATED_MAX, MATCHES_MAX, SHEETS_MAX, TooMuch } from "./limits";
import type { Pictures } from "./pictures";
import type { Slices } from "./slices";

export type Sheets = {
  /** The sheets as they may stand. */
  write(frame: "light" | "as the reader's"): string;
  readonly coloured: boolean;
  readonly directed: boolean;
  /** The mail knows narrow screens by itself. */
  readonly responsive: boolean;
};

/** Reads them. Rules past what a browser can match in time are left out. */
export async function readSheets(
  findings: Findings,
  drawing: Drawing,
  slices: Slices,
): Promise<Sheets & { pieces: Piece[] }> {
  const pieces: Piece[] = [];
  let matches = 0;
  let characters = 0;
  let generated = 0;
  for (const sheet of findings.sheets) {
    const text = sheet.slice(0, Math.max(0, SHEETS_MAX - characters));
    characters += text.length;
    for (const piece of readSheet(text, drawing)) {
      if (slices.late) await slices.pause();
      if (piece?.kind === "rule") {
        matches += weight(piece, findings);
        if (matches > MATCHES_MAX) continue;
        generated += generatedText(piece, findings.counts);
        if (generated > GENERATED_MAX) continue;
      }
      if (piece) pieces.push(piece);
    }
  }
  return { pieces, write: (frame) => writePieces(pieces, frame), ...traits(pieces) };
}

/** Throws `TooMuch` where boxes in boxes in boxes lay out their content again and again, or too many float. */
export async function measureNesting(
  pieces: readonly Piece[],
  body: HTMLElement,
  slices: Slices,
): Promise<void> {
  const rules = boxRules(pieces);
  const depths = new Map<Element, number>();
  let floating = 0;
  for (const element of [body, ...body.querySelectorAll("*")]) {
    if (slices.due) await slices.pause();
    const around = element.parentElement ? (depths.get(element.parentElement) ?? 0) : 0;
    const depth = around + nesting(element, rules);
    if (depth > FLEXIBLE_MAX) throw new TooMuch("boxes");
    depths.set(element, depth);
    if (floats(element, rules)) floating += 1;
    if (floating > FLOATS_MAX) throw new TooMuch("floats");
  }
}

/** By what rules find their elements: which of these are flexible boxes and how much so, tables, or as high as a part. */
type BoxRules = {
  readonly flexible: ReadonlyMap<string, number>;
  readonly tabular: ReadonlySet<string>;
  readonly stretched: ReadonlySet<string>;
  readonly floating: ReadonlySet<string>;
};

function boxRules(pieces: readonly Piece[]): BoxRules {
  const flexible = new Map<string, number>();
  const tables = new Set<string>();
  const high = new Set<string>();
  const floating = new Set<string>();
  for (const piece of pieces) {
    if (piece.kind !== "rule") continue;
    const { text } = piece.declarations;
    const weight = flexibility(text);
    const [table, part] = [tabular(text), stretched(text)];
    for (const key of piece.selectors.keys) {
      if (weight > 0) flexible.set(key, Math.max(weight, flexible.get(key) ?? 0));
      if (table) tables.add(key);
      if (part) high.add(key);
      if (FLOATS.test(text)) floating.add(key);
    }
  }
  return { flexible, tabular: tables, stretched: high, floating };
}

/** How often an element lays out what is in it, beyond once. */
function nesting(element: Element, rules: BoxRules): number {
  const style = element.getAttribute("style") ?? "";
  const keys = keysOf(element);
  const flexible = Math.max(flexibility(style), ...keys.map((key) => rules.flexible.get(key) ?? 0));
  const table = CELLS.has(element.localName) || tabular(style) || keys.some((key) => rules.tabular.has(key));
  const part =
    table &&
    (stretched(style) ||
      element.getAttribute("height")?.includes("%") ||
      keys.some((key) => rules.stretched.has(key)));
  return Math.max(flexible, part ? 1 : 0);
}

/** Whether it stands aside of the text: where it fits, each such box asks of all those before it. */
function floats(element: Element, rules: BoxRules): boolean {
  const aside = ASIDE.has(element.localName) && /left|right/i.test(element.getAttribute("align") ?? "");
  const style = element.getAttribute("style") ?? "";
  return aside || FLOATS.test(style) || keysOf(element).some((key) => rules.floating.has(key));
}

/** By which rules find it. */
function keysOf(element: Element): string[] {
  const keys = ["*", element.localName];
  if (element.id) keys.push(`#${element.id}`);
  for (const name of element.classList) keys.push(`.${name}`);
  return keys;
}

/** Says of the pictures that rules show whether they are seen: the rule holds always, and for an element that is there. */
export function seePictures(pieces: readonly Piece[], body: HTMLElement, pictures: Pictures): void {
  let looked = 0;
  for (const piece of pieces) {
    if (piece.kind !== "rule" || piece.media || !piece.selectors.steady) continue;
    const names = piece.declarations.text.match(new RegExp(`${OURS}\\d+`, "g"));
    if (!names || looked > 100) continue;
    looked += 1;
    if (finds(body, piece.selectors.text)) for (const name of names) pictures.seeProperty(name);
  }
}

function finds(body: HTMLElement, selector: string): boolean {
  try {
    return body.ownerDocument.querySelector(selector) !== null;
  } catch {
    return false;
  }
}

/** How many elements a browser looks at for a rule, and how much it does for each. */
function weight(rule: Piece & { kind: "rule" }, { counts, attributes }: Findings): number {
  const { keys, walks, sought } = rule.selectors;
  const elements = keys.reduce((sum, key) => sum + (counts.get(key) ?? 0), 0);
  // All elements may be siblings.
  const walked = (walks * (counts.get("*") ?? 0)) / STEPS;
  // At worst a browser compares what it looks for with each place of each attribute.
  return elements * (1 + rule.declarations.count / 8 + walked) + (attributes * sought) / COMPARISONS;
}

/** Characters that a rule adds to the mail's text, about: its strings for each element, and more where counters nest. */
function generatedText(rule: Piece & { kind: "rule" }, counts: ReadonlyMap<string, number>): number {
  const { text } = rule.declarations;
  if (!GENERATES.test(text)) return 0;
  const strings = (text.match(/"[^"]*"/g) ?? []).reduce((sum, one) => sum + one.length, 0);
  const computed = COMPUTED * (text.match(/(?:open|close)-quote|counters?\(/gi) ?? []).length;
  const times = text.includes("counters(") ? COUNTERS_DEEP : 1;
  return (
    (computed + times * strings) * rule.selectors.keys.reduce((sum, key) => sum + (counts.get(key) ?? 0), 0)
  );
}

function traits(pieces: readonly Piece[]): Pick<Sheets, "coloured" | "directed" | "responsive"> {
  const open: boolean[] = [];
  let [coloured, directed, responsive] = [false, false, false];
  for (const piece of pieces) {
    if (piece.kind === "open") {
      open.push(piece.dark);
      responsive ||=
        piece.name === "media" &&
        piece.prelude.some((token) => token.kind === "ident" && NARROW.test(token.text));
    } else if (piece.kind === "close") open.pop();
    else {
      // What is only meant for the dark is no reason to draw the mail on white.
      coloured ||= piece.declarations.coloured && !open.includes(true);
      directed ||= piece.declarations.directed;
    }
  }
  return { coloured, directed, responsive };
}

/** Siblings that a browser passes in the time in which it looks at one element for a rule, about. */
const STEPS = 16;
/** Characters that it compares in that time, about. */
const COMPARISONS = 300;
const FLOATS = /(?:^|; )float: (?!none)/i;
const ASIDE: ReadonlySet<string> = new Set(["table", "img"]);
const CELLS: ReadonlySet<string> = new Set(["td", "th"]);
const GENERATES = /(?:^|; )(?:content|quotes|list-style|list-style-type|text-overflow): /;
/** What a quotation mark or a counter costs a browser, in characters of plain text, about. */
const COMPUTED = 20;
/** How many counters of one name may stand in each other, about. */
const COUNTERS_DEEP = 100;
const NARROW = /^(?:max-(?:device-)?width|width)$/i;
