//! How anything is told: in two sentences.

/** What happened, and what to do about it. */
export type Told = { readonly what: string; readonly todo: string };
