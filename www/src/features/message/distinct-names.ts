//! Names for attached files of which no two are alike: a list, a screen reader and a folder of downloads tell them apart.

import type { Attachment } from "postern-client/types";

/** The same files; the second "notes.txt" is "notes (2).txt". */
export function distinctNames(files: readonly Attachment[]): readonly Attachment[] {
  const given = new Set(files.map(({ name }) => folded(name)));
  // How often each name came so far, and the last number that it was told apart by.
  const numbers = new Map<string, number>();
  return files.map((file) => {
    const key = folded(file.name);
    let number = numbers.get(key);
    if (number === undefined) {
      numbers.set(key, 1);
      return file;
    }
    let name: string;
    do {
      number += 1;
      name = numbered(file.name, number);
    } while (given.has(folded(name)));
    numbers.set(key, number);
    return { ...file, name };
  });
}

function numbered(name: string, number: number): string {
  const [, base = name, suffix = ""] = /^(.+?)((?:\.tar)?\.[^.]{1,10})$/s.exec(name) ?? [];
  return `${base} (${number})${suffix}`;
}

/** As most file systems compare names. One that is no text is the trouble of its own place in the list. */
function folded(name: string): string {
  return String(name).normalize("NFC").toLowerCase();
}
