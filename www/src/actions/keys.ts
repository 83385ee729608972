//! The keyboard: reads strokes, one after the other, as actions. The table says which keys do what.

import { words } from "../i18n";
import type { Action } from "./action";
import { ACTIONS } from "./table";

/** The part of a keyboard event that matters here. */
export type Stroke = Pick<KeyboardEvent, "key" | "shiftKey" | "ctrlKey" | "metaKey" | "altKey" | "timeStamp">;

export class KeyReader {
  #before = "";
  #beforeAt = Number.NEGATIVE_INFINITY;

  /** The action that this stroke completes, or none. */
  read(stroke: Stroke): Action | null {
    if (stroke.ctrlKey || stroke.metaKey || stroke.altKey) return null;
    const key = named(stroke);
    const late = stroke.timeStamp - this.#beforeAt > SEQUENCE_MS;
    const sequence = late ? key : `${this.#before} ${key}`;
    const action = BY_KEYS.get(sequence) ?? BY_KEYS.get(key) ?? null;
    this.#before = key;
    // A stroke that did something starts nothing.
    this.#beforeAt = action === null && STARTS.has(key) ? stroke.timeStamp : Number.NEGATIVE_INFINITY;
    return action;
  }
}

/** What stands on the keys that are pressed together: "Shift" and "U", "Esc", "↓". */
export function keyNames(together: string): string[] {
  return together.split("+").map((key) => words.KEY_NAMES[key] ?? key.toUpperCase());
}

/** Letters say whether Shift was held; signs such as `?` and `#` need Shift on some keyboards and not on others. */
function named({ key, shiftKey }: Stroke): string {
  if (key === " ") return "Space";
  const letter = key.length === 1 && key.toLowerCase() !== key.toUpperCase();
  if (!letter) return key;
  return shiftKey ? `Shift+${key.toLowerCase()}` : key.toLowerCase();
}

const BY_KEYS = new Map(
  ACTIONS.flatMap((group) => group.actions).flatMap((action) =>
    action.keys.map((keys) => [keys, action] as const),
  ),
);

const STARTS = new Set([...BY_KEYS.keys()].filter((keys) => keys.includes(" ")).map((keys) => keys[0] ?? ""));

const SEQUENCE_MS = 1_500;
