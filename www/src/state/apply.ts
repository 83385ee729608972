//! The whole state as a pure function of what happened: `apply(state, events, now)`, and nothing else changes it.

import { account, NO_ACCOUNT } from "./account";
import { downloads } from "./downloads";
import type { Event } from "./event";
import { folders } from "./folders";
import { list } from "./list";
import { message } from "./message";
import { NO_NOTICES, notices } from "./notices";
import { NOWHERE, place } from "./place";
import { NOTHING_SELECTED, selection } from "./selection";
import type { State } from "./state";

/** Before anything happened. */
export const EMPTY: State = {
  account: NO_ACCOUNT,
  folders: [],
  list: null,
  message: null,
  selection: NOTHING_SELECTED,
  downloads: [],
  notices: NO_NOTICES,
  place: NOWHERE,
};

/**
 * The state after these events, in order. `now` is milliseconds on any clock that the caller keeps to. An event that
 * can't be applied costs itself and nothing else; a notice says so.
 */
export function apply(state: State, events: readonly Event[], now: number): State {
  let next = state;
  for (const event of events) {
    try {
      next = step(next, event, now);
    } catch (error) {
      next = step(next, { type: "notShown", detail: `${event?.type}: ${error}` }, now);
    }
  }
  return next;
}

function step(state: State, event: Event, now: number): State {
  const next: State = {
    account: account(state.account, event, state, now),
    folders: folders(state.folders, event, state, now),
    list: list(state.list, event, state, now),
    message: message(state.message, event, state, now),
    selection: selection(state.selection, event, state, now),
    downloads: downloads(state.downloads, event, state, now),
    notices: notices(state.notices, event, state, now),
    place: place(state.place, event, state, now),
  };
  return SLICES.every((slice) => next[slice] === state[slice]) ? state : next;
}

/** The names of the slices. */
export const SLICES = Object.keys(EMPTY) as readonly (keyof State)[];
