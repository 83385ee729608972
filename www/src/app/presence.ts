//! Whether the browser has a network, and when a connection is looked after without anybody asking.

import { type Accessor, createSignal, onCleanup } from "solid-js";
import type { Send } from "../engine/start";
import type { Store } from "./store";

/** For as long as its owner lives. Whether the browser says that it is offline. */
export function createPresence(store: Store, send: Send): Accessor<boolean> {
  const [offline, setOffline] = createSignal(!navigator.onLine);
  // Nobody asked: a password that was refused is not tried again, since servers lock accounts for that.
  const connectByItself = () => {
    if (store.current().account.session.state !== "locked") send({ type: "reconnect" });
  };
  const change = () => {
    setOffline(!navigator.onLine);
    if (navigator.onLine) connectByItself();
  };
  // A machine that slept wakes with dead connections that nobody reported: who comes back to the page finds out at once.
  // By the clock on the wall: the other one may stand still while the machine sleeps.
  let hiddenAt = Date.now();
  const back = () => {
    if (document.visibilityState === "hidden") hiddenAt = Date.now();
    else if (Date.now() - hiddenAt > AWAY_MS) connectByItself();
  };
  addEventListener("online", change);
  addEventListener("offline", change);
  document.addEventListener("visibilitychange", back);
  onCleanup(() => {
    removeEventListener("online", change);
    removeEventListener("offline", change);
    document.removeEventListener("visibilitychange", back);
  });
  return offline;
}

/** A glance at another tab is no absence. */
const AWAY_MS = 30_000;
