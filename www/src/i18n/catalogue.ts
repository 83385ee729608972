//! What every language must have, and the words that are chosen by a code.

import { clip } from "./clip";
import * as words from "./en";
import type { Told } from "./told";

/** All words of one language. Whoever writes another can't miss one: it would not be a `Catalogue`. */
export type Catalogue = { readonly [Word in keyof typeof words]: Widened<(typeof words)[Word]> };

/** The same shape, with any text where English has its own. */
type Widened<T> = T extends string
  ? string
  : T extends (...given: infer Given) => infer Made
    ? (...given: Given) => Widened<Made>
    : T extends ReadonlySet<unknown>
      ? T
      : T extends object
        ? { readonly [Key in keyof T]: Widened<T[Key]> }
        : T;

/** The words for a problem. */
export function problemWords({ code, detail }: { code: string; detail: string }): Told {
  const reason = SERVER_SIDE.has(code) ? words.REASONS[detail.slice(0, 40).split(":")[0] ?? ""] : undefined;
  if (code === "setAside" && detail !== "")
    return { ...words.PROBLEMS.setAside, what: words.brokeOffOver(clip(detail, 200)) };
  return reason ?? words.PROBLEMS[code as keyof typeof words.PROBLEMS] ?? words.OTHER_PROBLEM;
}

/** "PDF document". What a person calls the type; the technical name where there is no better word. */
export function fileType(mimeType: string, name: string): string {
  const known = words.FILE_TYPES[mimeType];
  if (known) return known;
  const family = mimeType.slice(0, mimeType.indexOf("/"));
  if (Object.hasOwn(words.FILE_FAMILIES, family)) return words.FILE_FAMILIES[family] ?? words.FILE;
  const suffix = /\.([a-z0-9]{1,5})$/i.exec(name)?.[1];
  return suffix ? words.fileOf(suffix.toUpperCase()) : words.FILE;
}

/** Problems whose detail is the proxy's word. */
const SERVER_SIDE: ReadonlySet<string> = new Set(["notAllowed", "serverUnreachable", "certificateUntrusted"]);
