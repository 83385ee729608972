//! A mail's style sheets: read in slices, weighed, and written for the frame that they are for.

import type { Findings } from "./copy";
import { type Piece, readSheet, writePieces } from "./css/sheet";
import { type Drawing, flexibility, OURS } from "./css/values";
import { FLEXIBLE_MAX, MATCHES_MAX, SHEETS_MAX, TooMuch } from "./limits";
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
  for (const sheet of findings.sheets) {
    const text = sheet.slice(0, Math.max(0, SHEETS_MAX - characters));
    characters += text.length;
    for (const piece of readSheet(text, drawing)) {
      if (slices.late) await slices.pause();
      if (piece?.kind === "rule") {
        matches += weight(piece, findings.counts);
        if (matches > MATCHES_MAX) continue;
      }
      if (piece) pieces.push(piece);
    }
  }
  return { pieces, write: (frame) => writePieces(pieces, frame), ...traits(pieces) };
}

/** Throws `TooMuch` where rules make boxes in boxes in boxes of what lays out its content again and again. */
export async function measureNesting(
  pieces: readonly Piece[],
  body: HTMLElement,
  slices: Slices,
): Promise<void> {
  const flexible = new Map<string, number>();
  for (const piece of pieces) {
    if (piece.kind !== "rule") continue;
    const weight = flexibility(piece.declarations.text);
    for (const key of weight === 0 ? [] : piece.selectors.keys) {
      flexible.set(key, Math.max(weight, flexible.get(key) ?? 0));
    }
  }
  if (flexible.size === 0) return;
  const depths = new Map<Element, number>();
  for (const element of [body, ...body.querySelectorAll("*")]) {
    if (slices.due) await slices.pause();
    const around = element.parentElement ? (depths.get(element.parentElement) ?? 0) : 0;
    const keys = [
      "*",
      element.localName,
      `#${element.id}`,
      ...[...element.classList].map((name) => `.${name}`),
    ];
    const depth = around + Math.max(...keys.map((key) => flexible.get(key) ?? 0));
    if (depth > FLEXIBLE_MAX) throw new TooMuch("boxes");
    depths.set(element, depth);
  }
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
function weight(rule: Piece & { kind: "rule" }, counts: ReadonlyMap<string, number>): number {
  const elements = rule.selectors.keys.reduce((sum, key) => sum + (counts.get(key) ?? 0), 0);
  return elements * (1 + rule.declarations.count / 8);
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

const NARROW = /^(?:max-(?:device-)?width|width)$/i;
