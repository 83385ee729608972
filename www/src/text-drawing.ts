//! Draws plain text mail as DOM nodes, a little at a time: whatever a mail is made of, no step takes long.
//!
//! By hand and not as a component: a text may come to 100,000 nodes, and none of them ever changes.

import { host, pieces } from "./links";
import { type Block, blocks, chunks, hasOwnText } from "./text-body";

/** A text on its way into an element. */
export class TextDrawing {
  readonly #root: HTMLElement;
  readonly #blocks: Iterator<Block>;
  readonly #foldQuotes: boolean;
  readonly #length: number;
  #drawn = 0;
  #paragraph: HTMLElement | null = null;
  #chunks: Iterator<string> | null = null;

  constructor(root: HTMLElement, text: string) {
    this.#root = root;
    this.#blocks = blocks(text);
    this.#foldQuotes = hasOwnText(text);
    this.#length = text.length;
  }

  /** How many characters are still to come, as near as can be told. */
  get left(): number {
    return Math.max(0, this.#length - this.#drawn);
  }

  /** Draws on until so much weight is spent: a character weighs 1, a node NODE_WEIGHT. False once all is there. */
  draw(weight: number): boolean {
    for (let spent = 0; spent < weight; ) {
      const step = this.#step();
      if (step === null) {
        this.#drawn = this.#length;
        return false;
      }
      spent += step;
    }
    return true;
  }

  /** One chunk, or the beginning of a block. What it weighed; null where nothing is left. */
  #step(): number | null {
    const chunk = this.#chunks?.next();
    if (chunk && !chunk.done && this.#paragraph) {
      this.#drawn += chunk.value.length + 1;
      return drawLines(this.#paragraph, chunk.value);
    }
    const block = this.#blocks.next();
    if (block.done) return null;
    this.#paragraph = this.#begin(block.value.kind);
    this.#chunks = chunks(block.value.text);
    return 4 * NODE_WEIGHT;
  }

  #begin(kind: Block["kind"]): HTMLElement {
    const paragraph = document.createElement("p");
    paragraph.className = kind;
    paragraph.dir = "auto";
    if (kind !== "quote" || !this.#foldQuotes) {
      this.#root.append(paragraph);
      return paragraph;
    }
    const fold = document.createElement("details");
    fold.className = "quote";
    const summary = document.createElement("summary");
    summary.textContent = "Quoted text";
    fold.append(summary, paragraph);
    this.#root.append(fold);
    return paragraph;
  }
}

/** Some lines of a paragraph. They are a box of their own, which the browser lays out once and not again with the next. */
function drawLines(paragraph: HTMLElement, text: string): number {
  const lines = document.createElement("span");
  lines.className = "lines";
  const all = pieces(text);
  for (const { text: shown, link } of all) lines.append(link === null ? shown : anchor(shown, link));
  // The last line break of a box is not seen, and here it stands for a blank line.
  if (text === "" || text.endsWith("\n")) lines.append("\n");
  paragraph.append(lines);
  return text.length + (all.length + 1) * NODE_WEIGHT;
}

function anchor(text: string, link: string): HTMLAnchorElement {
  const anchor = document.createElement("a");
  anchor.href = link;
  anchor.target = "_blank";
  anchor.rel = "noopener noreferrer";
  anchor.title = host(link) ?? text;
  anchor.textContent = text;
  return anchor;
}

/** What a node weighs beside a character. */
export const NODE_WEIGHT = 64;
