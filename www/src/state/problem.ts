//! What can go wrong, as codes: the words for each are the catalogue's (i18n).

import type { ProblemCode } from "postern-client/types";

/** A problem that the engine reported, or one of the page's own. */
export type PageProblem = {
  readonly code: ProblemCode | OwnProblemCode;
  /** The words of the server or of the browser, for the curious; may be empty. */
  readonly detail: string;
};

/** What goes wrong in the page itself: the engine's codes for the rest are `ProblemCode`. */
export type OwnProblemCode =
  /** The page's server answers, but no WebSocket comes through. */
  | "socketsBlocked"
  /** An update could not be shown. */
  | "notShown"
  /** An intent or an update was lost between the page and its worker. */
  | "lost"
  /** The engine died and was started again. */
  | "restarted"
  /** The browser would not take a file. */
  | "notSaved";
