//! Effects of the page as a whole.

import { catchError, createEffect } from "solid-js";

/** What fails there is left undone; it takes nothing with it. */
export function careful(effect: () => void): void {
  catchError(() => createEffect(effect), console.error);
}
