//! Who is signed in, and how it stands between the engine and the server.

import type { Session } from "postern-client/types";
import type { Reducer } from "./event";

export type Account = {
  readonly session: Session;
  /** Who signed in, as they wrote it; empty where nobody did. */
  readonly address: string;
  /** When the next try is due, in milliseconds as `now` counts; null while one is under way or none is needed. */
  readonly retryAt: number | null;
  /** Why the engine is gone; null while it is there. */
  readonly broken: string | null;
  /** Why the engine was started again, so that who was signed in is not; null once somebody signs in. */
  readonly restarted: string | null;
};

export const NO_ACCOUNT: Account = {
  session: { state: "signedOut", problem: null },
  address: "",
  retryAt: null,
  broken: null,
  restarted: null,
};

export const account: Reducer<Account> = (slice, event, _all, now) => {
  switch (event.type) {
    case "session":
      return withSession(slice, event.session, now);
    case "signInAsked":
      return { ...slice, address: event.address };
    case "engineBroke":
      return { ...slice, broken: event.detail };
    case "engineRestarted":
      return { ...slice, restarted: event.detail };
    default:
      return slice;
  }
};

function withSession(slice: Account, session: Session, now: number): Account {
  const waits = session.state === "reconnecting" && session.retryIn > 0;
  const address = session.state === "signedOut" ? "" : slice.address;
  return { ...slice, session, address, retryAt: waits ? now + session.retryIn : null, restarted: null };
}

/** Whether mail is on the screen: signed in, whatever has become of the connection. */
export function isInside({ session }: Account): boolean {
  return session.state === "online" || session.state === "reconnecting" || session.state === "locked";
}
