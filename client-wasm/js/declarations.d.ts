/** Which messages, by UID: one, several, or a set in IMAP's words, such as `"1:4,9"` or `"1:*"`. */
export type MessageSet = number | readonly number[] | string;

/** For everything that waits. Aborting a command rejects it with `signal.reason`; the connection lives on. */
export interface CallOptions {
  signal?: AbortSignal | null;
}

/** What `ImapClient` and `MailEngine` throw and reject with. */
export class ImapError extends Error {
  readonly name: "ImapError";
  /** What went wrong; stable. `message` says what to do next. */
  readonly code: ImapErrorCode;
  /** The words of the server or the proxy, where it had some. Text, never HTML. */
  readonly response?: string;
  constructor(code: ImapErrorCode, message: string, response?: string);
}

/** Where the engine finds its proxy. */
export interface MailEngineOptions {
  /** The proxy's address: `wss:` (or `https:`), or relative to the page. */
  url: string;
}
