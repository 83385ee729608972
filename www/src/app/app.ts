//! One of each, tied together: the engine, the state, the ways through it, the disk. What views draw are its slices; what
//! they ask for goes out by `send`, and nothing here waits: what comes of it shows in the state.

import { type Send, startEngine } from "../engine/start";
import { isInside } from "../state/account";
import type { ViewEvent } from "../state/event";
import { createDownloads, type Downloads } from "./downloads";
import { createNavigation, type Navigation } from "./navigation";
import { markWhatIsShown } from "./read-marker";
import { createStore, type Store } from "./store";

export interface App {
  readonly get: Store["get"];
  readonly current: Store["current"];
  readonly store: Store;
  /** Asks something of the engine. */
  readonly send: Send;
  /** What the page itself did. */
  dispatch(...events: readonly ViewEvent[]): void;
  readonly navigation: Navigation;
  readonly downloads: Downloads;
  signIn(who: SignInAs): void;
  signOut(): void;
}

/** Who signs in, and where. */
export type SignInAs = {
  /** The proxy's name for the mail server; none for its default. */
  readonly upstream: string | null;
  /** What the server calls the user. */
  readonly user: string;
  /** As it was written, to be shown. */
  readonly address: string;
  readonly password: string;
};

/** Starts the engine. Call it once, inside of what owns the page's effects. */
export function createApp(): App {
  const store = createStore(() => performance.now());
  const send = startEngine({
    onUpdates(updates) {
      const wasInside = isInside(store.current().account);
      store.dispatch(updates);
      // After the state: what goes wrong with a file on its way to the disk is no reason to show nothing.
      downloads.saver.take(updates);
      if (wasInside && store.current().account.session.state === "signedOut") navigation.leave();
      markWhatIsShown(updates, store.current(), send);
    },
    onLost: (detail) => store.dispatch([{ type: "lost", detail }]),
    onRestarted(detail) {
      store.dispatch([
        { type: "session", session: { state: "signedOut", problem: null } },
        { type: "engineRestarted", detail },
      ]);
      navigation.comeBack();
    },
    onBroken: (detail) => store.dispatch([{ type: "engineBroke", detail }]),
  });
  const downloads = createDownloads(store, send);
  const navigation = createNavigation(store, send);

  return {
    store,
    get: store.get,
    current: store.current,
    send,
    dispatch: (...events) => store.dispatch(events),
    navigation,
    downloads,
    signIn({ upstream, user, address, password }) {
      store.dispatch([{ type: "signInAsked", address }]);
      send({ type: "signIn", upstream, address: user, password });
    },
    signOut: () => send({ type: "signOut" }),
  };
}
