/**
 * Which messages, by UID: one, several, or a set in IMAP's words, such as `"1:4,9"` or `"1:*"`. An empty array is no
 * message: what is asked of it is done at once, and nothing is sent.
 */
export type MessageSet = number | readonly number[] | string;

/** For everything that waits. Aborting a command rejects it with `signal.reason`; the connection lives on. */
export interface CallOptions {
  signal?: AbortSignal | null;
}

/**
 * A message for `append`, headers and body as they travel: lines end with CR LF. It is read as the server takes it. A
 * stream must say how many bytes it will give.
 */
export type MessageSource =
  | Blob
  | Uint8Array<ArrayBuffer>
  | string
  | { stream: ReadableStream<Uint8Array>; size: number };

/** A piece of a message that the server puts together: from here, or of a message that it has (an IMAP URL, RFC 5092). */
export type CatenatePart = { text: MessageSource } | { url: string };

/** One of several messages for `appendAll`. */
export type NewMessage = AppendOptions & { message: MessageSource | readonly CatenatePart[] };

/** An attachment, which is read when one of these methods is called, and without its transfer encoding. */
export interface MessageAttachment extends Attachment {
  /** Its bytes as they come. Rejects as `fetchBody` does. */
  stream(options?: CallOptions): ReadableStream<Uint8Array<ArrayBuffer>>;
  /** All of them. */
  bytes(options?: CallOptions): Promise<Uint8Array<ArrayBuffer>>;
  /** The same with its type. Don't open it in a page of your own: HTML and SVG run there. */
  blob(options?: CallOptions): Promise<Blob>;
}

/** What `readMessage` resolves with. */
export type MessageContent = Omit<ReadMessage, "attachments"> & { attachments: MessageAttachment[] };

/** Credentials. */
export type ImapCredentials = PasswordCredentials | TokenCredentials | AnonymousCredentials;

export interface PasswordCredentials {
  user: string;
  password: string;
  /** Whose mail to read, if that is somebody else. */
  actAs?: string | null;
  /** This mechanism alone, instead of the strongest that the server offers. */
  mechanism?: PasswordMechanism | null;
  /** How many iterations of SCRAM the server may ask for. */
  iterations?: ScramIterations | null;
}

export interface TokenCredentials {
  user: string;
  /** Gives an OAuth 2 access token; asked again, once, if the server refuses the first. */
  accessToken: () => string | Promise<string>;
  /** This mechanism alone, instead of OAUTHBEARER where the server offers it, and XOAUTH2 otherwise. */
  mechanism?: TokenMechanism | null;
}

export interface AnonymousCredentials {
  /** A mail address or another word for the server's log; may be empty. */
  anonymous: string;
}

declare global {
  /** For `using`: libraries before ESNext have no such symbol. */
  interface SymbolConstructor {
    readonly dispose: unique symbol;
  }
}

/** What `ImapClient` and `MailEngine` throw and reject with. */
export class ImapError extends Error {
  readonly name: "ImapError";
  /** What went wrong; stable. `message` says what to do next. */
  readonly code: ImapErrorCode;
  /** The words of the server or the proxy, if it had some. Text, never HTML. */
  readonly response?: string;
  /**
   * The server's response code, if it gave one: `ALREADYEXISTS`, `OVERQUOTA`, `NOPERM` and so on, in upper case and
   * without its arguments (RFC 9051 section 7.1, RFC 5530).
   */
  readonly responseCode?: string;
  /** What is done already, if the code is `partial`. */
  readonly done?: PartlyDone;
  constructor(
    code: ImapErrorCode,
    message: string,
    response?: string,
    done?: PartlyDone,
    responseCode?: string,
  );
}

/** Where the engine finds its proxy. */
export interface MailEngineOptions {
  /** The proxy's address: `wss:` (or `https:`), or relative to the page. */
  url: string;
}
