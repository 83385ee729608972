//! What is said beside the mail: what went wrong, what the server wants to be known, what arrived, what was done.

import type { Update } from "postern-client/types";
import { endsSession, type Reducer } from "./event";
import type { PageProblem } from "./problem";

export type Notices = {
  /** What went wrong and was not yet dismissed, oldest first. */
  readonly failures: readonly Failure[];
  /** What the server is troubled with, though nobody asked for it just now, and was not yet dismissed: no two alike. */
  readonly troubles: readonly Failure[];
  /** What the mail server wants its user to see and was not yet dismissed: its own words, no two alike. */
  readonly alerts: readonly string[];
  /** The newest arrival, to announce; a new object each time. */
  readonly news: Extract<Update, { type: "newMail" }> | null;
  /** The newest action, to announce; a new object each time. */
  readonly done: Done | null;
};

/** A problem that is shown until it is dismissed. */
export type Failure = { readonly id: number; readonly problem: PageProblem };

/** An action that was carried out, and on how many messages. */
export type Done = {
  readonly action: "markedRead" | "markedUnread" | "flagged" | "unflagged";
  readonly count: number;
};

export const NO_NOTICES: Notices = { failures: [], troubles: [], alerts: [], news: null, done: null };

export const notices: Reducer<Notices> = (slice, event) => {
  switch (event.type) {
    case "session": {
      if (!endsSession(event)) return slice;
      // Whoever signed out leaves nothing on the screen for who comes next. Who could not come in learns why.
      const isRefused = event.session.state === "signedOut" && event.session.problem !== null;
      return { ...NO_NOTICES, alerts: isRefused ? slice.alerts : [] };
    }
    case "actionFailed":
      return { ...slice, failures: withFailure(slice.failures, event.problem) };
    case "lost":
    case "notShown":
      return {
        ...slice,
        failures: withFailure(slice.failures, { code: event.type, detail: event.detail }),
      };
    case "trouble":
      return { ...slice, troubles: withTrouble(slice.troubles, event.problem) };
    case "alert":
      return { ...slice, alerts: [...slice.alerts, event.text] };
    case "newMail":
      return { ...slice, news: event };
    case "done":
      return { ...slice, done: event.done };
    case "failureForgotten":
      return { ...slice, failures: slice.failures.filter((one) => one.id !== event.id) };
    case "troubleForgotten":
      return { ...slice, troubles: slice.troubles.filter((one) => one.id !== event.id) };
    case "alertForgotten":
      return { ...slice, alerts: slice.alerts.filter((text) => text !== event.text) };
    default:
      return slice;
  }
};

function withFailure(failures: readonly Failure[], problem: PageProblem): readonly Failure[] {
  const id = (failures.at(-1)?.id ?? 0) + 1;
  return [...failures, { id, problem }].slice(-FAILURES_SHOWN);
}

/** The same trouble is shown once; dismissed, it may come again. */
function withTrouble(troubles: readonly Failure[], problem: PageProblem): readonly Failure[] {
  const { code, detail } = problem;
  if (troubles.some((one) => one.problem.code === code && one.problem.detail === detail)) return troubles;
  return withFailure(troubles, problem);
}

const FAILURES_SHOWN = 3;
