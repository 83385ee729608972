//! What is said to whoever is signed in when the server accepts the password no longer.

import { problemWords, words } from "../../i18n";

/** By whether a password was given since. */
export function lockedWords(code: string, again: boolean): string {
  if (code !== "wrongPassword") return `${problemWords({ code, detail: "" }).what}.`;
  return again ? words.LOCKED_AGAIN : words.LOCKED;
}
