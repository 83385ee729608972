//! The keyboard: which keys do what. Data and a small reader; what a command does is the views' business.

/** What a key can ask for. */
export type Command =
  | "next"
  | "previous"
  | "open"
  | "back"
  | "read"
  | "select"
  | "flag"
  | "markRead"
  | "markUnread"
  | "refresh"
  | "goInbox"
  | "goSent"
  | "goDrafts"
  | "goTrash"
  | "help"
  | "close";

/** One line of the keyboard's map. */
export type Binding = {
  readonly command: Command;
  /** Each entry does it. A space parts keys that follow one another. */
  readonly keys: readonly string[];
  readonly words: string;
};

/** The whole map, in the groups that `?` shows. */
export const KEYS: readonly { readonly title: string; readonly bindings: readonly Binding[] }[] = [
  {
    title: "Move",
    bindings: [
      { command: "next", keys: ["j", "ArrowDown"], words: "Next message" },
      { command: "previous", keys: ["k", "ArrowUp"], words: "Previous message" },
      { command: "open", keys: ["Enter", "o"], words: "Open the message" },
      { command: "read", keys: ["Space"], words: "Into the message’s text" },
      { command: "back", keys: ["u"], words: "Back to the list" },
    ],
  },
  {
    title: "Act",
    bindings: [
      { command: "select", keys: ["x"], words: "Select" },
      { command: "flag", keys: ["s"], words: "Flag, or take the flag away" },
      { command: "markRead", keys: ["Shift+i"], words: "Mark as read" },
      { command: "markUnread", keys: ["Shift+u"], words: "Mark as unread" },
    ],
  },
  {
    title: "Go to",
    bindings: [
      { command: "goInbox", keys: ["g i"], words: "Inbox" },
      { command: "goSent", keys: ["g s"], words: "Sent" },
      { command: "goDrafts", keys: ["g d"], words: "Drafts" },
      { command: "goTrash", keys: ["g t"], words: "Trash" },
    ],
  },
  {
    title: "Anywhere",
    bindings: [
      { command: "refresh", keys: ["Shift+n"], words: "Look for new mail" },
      { command: "help", keys: ["?"], words: "Show these keys" },
      { command: "close", keys: ["Escape"], words: "Close the nearest thing" },
    ],
  },
];

/** The part of a keyboard event that matters here. */
export type Stroke = Pick<KeyboardEvent, "key" | "shiftKey" | "ctrlKey" | "metaKey" | "altKey" | "timeStamp">;

/** Reads strokes, one after the other, into commands. */
export class KeyReader {
  #before = "";
  #beforeAt = Number.NEGATIVE_INFINITY;

  /** The command that this stroke completes, or none. */
  read(stroke: Stroke): Command | null {
    if (stroke.ctrlKey || stroke.metaKey || stroke.altKey) return null;
    const key = named(stroke);
    const late = stroke.timeStamp - this.#beforeAt > SEQUENCE_MS;
    const sequence = late ? key : `${this.#before} ${key}`;
    const command = COMMANDS.get(sequence) ?? COMMANDS.get(key) ?? null;
    this.#before = key;
    // A stroke that did something starts nothing.
    this.#beforeAt = command === null && STARTS.has(key) ? stroke.timeStamp : Number.NEGATIVE_INFINITY;
    return command;
  }
}

/** Letters say whether Shift was held; signs such as `?` and `#` need Shift on some keyboards and not on others. */
function named({ key, shiftKey }: Stroke): string {
  if (key === " ") return "Space";
  const letter = key.length === 1 && key.toLowerCase() !== key.toUpperCase();
  if (!letter) return key;
  return shiftKey ? `Shift+${key.toLowerCase()}` : key.toLowerCase();
}

const COMMANDS = new Map(
  KEYS.flatMap((group) => group.bindings).flatMap((binding) =>
    binding.keys.map((keys) => [keys, binding.command] as const),
  ),
);

const STARTS = new Set(
  [...COMMANDS.keys()].filter((keys) => keys.includes(" ")).map((keys) => keys[0] ?? ""),
);

const SEQUENCE_MS = 1_500;
