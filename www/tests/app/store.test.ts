//! Who follows one slice is not woken by another.

import { createEffect, createRoot } from "solid-js";
import { expect, it } from "vitest";
import { createStore } from "../../src/app/store";
import { SLICES } from "../../src/state/apply";
import type { State } from "../../src/state/state";

it("an event wakes those alone whose slice it changed, and once a batch", () => {
  const store = createStore(() => 0);
  const woken: (keyof State)[] = [];
  const dispose = createRoot((dispose) => {
    for (const slice of SLICES) {
      createEffect(() => {
        store.get(slice)();
        woken.push(slice);
      });
    }
    return dispose;
  });
  expect(woken.splice(0).sort()).toEqual([...SLICES].sort());
  store.dispatch([
    { type: "alert", text: "one" },
    { type: "alert", text: "two" },
  ]);
  expect(woken.splice(0)).toEqual(["notices"]);
  store.dispatch([{ type: "messageClosed" }]);
  expect(woken).toEqual([]);
  expect(store.current().notices.alerts).toEqual(["one", "two"]);
  dispose();
});
