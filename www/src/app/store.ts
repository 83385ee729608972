//! A signal for each slice of the state, set only where the slice is another object: a view that draws one slice is not
//! woken by the others.

import { type Accessor, batch, createSignal, type Setter } from "solid-js";
import { apply, EMPTY, SLICES } from "../state/apply";
import type { Event } from "../state/event";
import type { State } from "../state/state";

export interface Store {
  /** One slice, to be followed. */
  get<Slice extends keyof State>(slice: Slice): Accessor<State[Slice]>;
  /** All of it as it is now, followed by nobody. */
  current(): State;
  /** Applies these events in order; whoever follows a slice sees the end of them alone. */
  dispatch(events: readonly Event[]): void;
}

/** `now` is milliseconds on any clock that never goes back. */
export function createStore(now: () => number): Store {
  let state = EMPTY;
  const signals = { ...EMPTY } as unknown as Signals;
  for (const slice of SLICES) add(slice);

  function add<Slice extends keyof State>(slice: Slice): void {
    const [get, set] = createSignal<State[Slice]>(EMPTY[slice]);
    signals[slice] = { get, set } as Signals[Slice];
  }

  function update<Slice extends keyof State>(slice: Slice, value: State[Slice]): void {
    signals[slice].set(() => value);
  }

  return {
    get: (slice) => signals[slice].get,
    current: () => state,
    dispatch(events) {
      state = apply(state, events, now());
      batch(() => {
        for (const slice of SLICES) update(slice, state[slice]);
      });
    },
  };
}

type Signal<Value> = { readonly get: Accessor<Value>; readonly set: Setter<Value> };
type Signals = { [Slice in keyof State]: Signal<State[Slice]> };
